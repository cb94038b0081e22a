//! Reads rules and the ways to find fields.

use toml::Spanned;
use toml::de::DeValue;

use super::tables;
use crate::model::piece::Field;
use crate::profile::cut::Cut;
use crate::profile::fault::{Problem, nearest};
use crate::profile::reader::{Faults, Table, parse_range, string, wrong};
use crate::profile::schema::{
    At, Body, EdgeSpec, ElementSpec, FindSpec, Pick, Place, RuleKey, RuleKind, RuleSpec, What,
};

pub(super) fn finds(
    value: &Spanned<DeValue<'_>>,
    key: &str,
    faults: &mut Faults<'_>,
) -> Vec<FindSpec> {
    let one = std::slice::from_ref(value);
    let items: Vec<&Spanned<DeValue<'_>>> = match value.get_ref() {
        DeValue::Array(items) => items.iter().collect(),
        _ => one.iter().collect(),
    };
    let mut found = Vec::new();
    for item in items {
        let Some(table) = item.get_ref().as_table() else {
            wrong::<()>(item, key, "tables such as { line = '^By (?<author>.+)$' }", faults);
            continue;
        };
        let mut table = Table::new(table, format!("`{key}`"), item.span());
        let line = table.string("line", faults);
        let css = table.string("css", faults);
        let meta = table.string("meta", faults);
        let attr = table.string("attr", faults).map(|at| at.value);
        let cut = cut(&mut table, faults);
        let is = table.string("is", faults);
        let pick = pick(&mut table, faults);
        let not = table.string("not", faults);
        let constant = table.string("const", faults);
        let headline = table.bool("headline", faults).unwrap_or(false);
        let date = table.bool("date", faults).unwrap_or(false);
        let inherit = table.bool("inherit", faults).unwrap_or(false);
        let at = place(&mut table, faults);
        let drop = table.bool("drop", faults).unwrap_or(false);
        match (line, constant) {
            (None, None) if css.is_some() => {
                found.extend(css.map(|css| FindSpec::Css { css, attr, cut, is, pick, drop }));
            }
            (None, None) if meta.is_some() => {
                found.extend(meta.map(|meta| FindSpec::Meta { meta, cut, is }));
            }
            (Some(line), None) => found.push(FindSpec::Line { line, not, at, drop }),
            (None, Some(constant)) => found.push(FindSpec::Const(constant)),
            (None, None) if headline => found.push(FindSpec::Headline { at }),
            (None, None) if date => found.push(FindSpec::Date { at, drop }),
            (None, None) if inherit => found.push(FindSpec::Inherit),
            (Some(_), Some(_)) => {
                let (one, other, table_name) = ("line", "const", table.name().to_owned());
                table.add(Problem::Excludes { one, other, table: table_name }, faults);
            }
            _ if table.explains(&WAYS) => {}
            _ => table.missing("line", faults),
        }
        table.finish(faults);
    }
    found
}

/// `cut = { after = "By " }`, or several in an array.
fn cut(table: &mut Table<'_, '_>, faults: &mut Faults<'_>) -> Vec<Cut> {
    let Some(value) = table.take("cut") else { return Vec::new() };
    let one = std::slice::from_ref(value);
    let items: Vec<&Spanned<DeValue<'_>>> = match value.get_ref() {
        DeValue::Array(items) => items.iter().collect(),
        _ => one.iter().collect(),
    };
    let mut found = Vec::new();
    for item in items {
        let Some(table) = item.get_ref().as_table() else {
            wrong::<()>(item, "cut", "tables such as { after = \"By \" }", faults);
            continue;
        };
        let mut table = Table::new(table, "`cut`", item.span());
        let mut word = |key| table.string(key, faults).map(|at| at.value);
        let (after, before, what) = (word("after"), word("before"), word("replace"));
        let with = word("with");
        let chars = table.string("chars", faults);
        match (after, before, what, chars) {
            (Some(mark), None, None, None) => found.push(Cut::After(mark)),
            (None, Some(mark), None, None) => found.push(Cut::Before(mark)),
            (None, None, Some(what), None) => {
                found.push(Cut::Replace(what, with.unwrap_or_default()));
            }
            (None, None, None, Some(at)) => {
                if let Some((from, to)) = letters(&at.value) {
                    found.push(Cut::Chars(from, to));
                } else {
                    let expected = "letters such as \"1..10\" or \"8..\"";
                    faults.add(at.span, Problem::BadValue { key: "chars".to_owned(), expected });
                }
            }
            _ => table.missing("after", faults),
        }
        table.finish(faults);
    }
    found
}

/// Reads `1..10` or `8..`.
fn letters(text: &str) -> Option<(usize, Option<usize>)> {
    let (from, to) = text.split_once("..")?;
    let from = from.parse().ok().filter(|from| *from > 0)?;
    let to = if to.is_empty() { None } else { Some(to.parse().ok().filter(|to| *to >= from)?) };
    Some((from, to))
}
/// The keys of which a way has one.
const WAYS: [&str; 7] = ["line", "css", "meta", "const", "headline", "date", "inherit"];

fn pick(table: &mut Table<'_, '_>, faults: &mut Faults<'_>) -> Pick {
    let Some(at) = table.string("pick", faults) else { return Pick::First };
    match at.value.as_str() {
        "first" => Pick::First,
        "last" => Pick::Last,
        "all" => Pick::All,
        _ => {
            let expected = "\"first\", \"last\" or \"all\"";
            faults.add(at.span, Problem::BadValue { key: "pick".to_owned(), expected });
            Pick::First
        }
    }
}

fn place(table: &mut Table<'_, '_>, faults: &mut Faults<'_>) -> Option<Place> {
    let at = table.string("at", faults)?;
    match at.value.as_str() {
        "before-title" => return Some(Place::BeforeTitle),
        "after-title" => return Some(Place::AfterTitle),
        "first" => return Some(Place::First),
        "last" => return Some(Place::Last),
        _ => {}
    }
    if let Some((low, high)) = parse_range(&at.value) {
        return Some(Place::Lines(low, high));
    }
    let expected =
        "\"first\", \"last\", \"after-title\", \"before-title\" or a range such as \"2..6\"";
    faults.add(at.span, Problem::BadValue { key: "at".to_owned(), expected });
    None
}

pub(super) fn rules(
    value: &Spanned<DeValue<'_>>,
    keep: bool,
    kind: RuleKind,
    body: &mut Body,
    faults: &mut Faults<'_>,
) {
    let Some(table) = value.get_ref().as_table() else {
        wrong::<()>(value, kind.name(), "a table of rules", faults);
        return;
    };
    for (name, value) in Table::new(table, kind.name(), value.span()).take_all() {
        let key = RuleKey { keep, kind, name: name.value };
        let spec = match value.get_ref() {
            DeValue::Boolean(false) => Some(None),
            DeValue::String(_) if matches!(kind, RuleKind::Line | RuleKind::Select) => {
                string(value, &key.name, faults).map(|text| {
                    let what = match kind {
                        RuleKind::Select => What::Select { css: text, attr: None, is: None },
                        _ => What::Line { is: text, not: None, then: None },
                    };
                    Some(RuleSpec {
                        what,
                        into: None,
                        at: None,
                        html: false,
                        sample: Vec::new(),
                        keep: Vec::new(),
                    })
                })
            }
            DeValue::Table(table) => {
                let mut table = Table::new(table, format!("`{key}`"), value.span());
                let spec = rule(&mut table, kind, keep, faults).map(Some);
                table.finish(faults);
                spec
            }
            _ => wrong(value, &key.name, "a table, a string or false", faults),
        };
        if let Some(spec) = spec {
            body.rules.insert(key, At { value: spec, span: name.span });
        }
    }
}

fn rule(
    table: &mut Table<'_, '_>,
    kind: RuleKind,
    is_keep: bool,
    faults: &mut Faults<'_>,
) -> Option<RuleSpec> {
    // What is kept goes nowhere, and is kept wherever it stands: there these keys are unknown.
    let into = if is_keep { None } else { table.string("into", faults) };
    let into = into.and_then(|at| {
        let field = Field::named(&at.value);
        if field.is_none() {
            let near = nearest(&at.value, Field::ALL.map(Field::name));
            faults.add(at.span, Problem::UnknownGroup { group: at.value, nearest: near });
        }
        field
    });
    let at = if is_keep { None } else { place(table, faults) };
    let html = kind != RuleKind::Select && table.bool("html", faults).unwrap_or(false);
    let sample = table.strings("sample", faults);
    let keep = table.strings("keep", faults);
    let what = match kind {
        RuleKind::Select => {
            let css = table.string("css", faults);
            let attr = table.string("attr", faults).map(|at| at.value);
            let is = table.string("is", faults);
            if let Some(css) = css {
                What::Select { css, attr, is }
            } else {
                table.missing("css", faults);
                return None;
            }
        }
        RuleKind::Line => {
            let is = table.string("is", faults);
            let not = table.string("not", faults);
            let then = table.string("then", faults);
            if let Some(is) = is {
                What::Line { is, not, then }
            } else {
                table.missing("is", faults);
                return None;
            }
        }
        RuleKind::Block => What::Block(elements(table, faults)?),
        RuleKind::Region => {
            let (from, to) = (edge(table, "from", faults), edge(table, "to", faults));
            let max_words = count(table, "max_words", u32::MAX, faults);
            What::Region { from: from?, to: to?, max_words }
        }
        RuleKind::Repeat => What::Repeat {
            times: count(table, "times", 3, faults),
            max_words: count(table, "max_words", 12, faults),
        },
        RuleKind::Generic => {
            What::Generic { clean_above: table.share("clean_above", faults).unwrap_or(1000) }
        }
    };
    Some(RuleSpec { what, into, at, html, sample, keep })
}

fn count(
    table: &mut Table<'_, '_>,
    key: &'static str,
    default: u32,
    faults: &mut Faults<'_>,
) -> u32 {
    match table.integer(key, faults) {
        Some(at) => u32::try_from(at.value).ok().filter(|count| *count > 0).unwrap_or_else(|| {
            let expected = "a number above 0";
            faults.add(at.span, Problem::BadValue { key: key.to_owned(), expected });
            default
        }),
        None => default,
    }
}

fn edge(table: &mut Table<'_, '_>, key: &'static str, faults: &mut Faults<'_>) -> Option<EdgeSpec> {
    let Some(at) = table.string(key, faults) else {
        table.missing(key, faults);
        return None;
    };
    Some(match at.value.as_str() {
        "start" => EdgeSpec::Start,
        "end" => EdgeSpec::End,
        name if is_name(name) => EdgeSpec::Rule(at),
        _ => EdgeSpec::Pattern(at),
    })
}

fn elements(table: &mut Table<'_, '_>, faults: &mut Faults<'_>) -> Option<Vec<ElementSpec>> {
    let Some(value) = table.take("lines") else {
        table.missing("lines", faults);
        return None;
    };
    let items = tables(Some(value), "lines", faults);
    if items.is_empty() && value.get_ref().as_array().is_some_and(|lines| lines.is_empty()) {
        let expected = "at least one line";
        faults.add(value.span(), Problem::BadValue { key: "lines".to_owned(), expected });
    }
    let mut found = Vec::new();
    for (item, span) in items {
        let mut item = Table::new(item, "`lines`", span);
        let blank = item.range("blank", faults);
        let is = item.string("is", faults);
        let then = item.string("then", faults);
        let not = item.string("not", faults);
        let repeats = item.string("repeats", faults);
        let times = item.range("times", faults).unwrap_or((1, 1));
        let gap = item.range("gap", faults).unwrap_or((0, 0));
        match (is, blank, repeats) {
            (Some(is), None, None) => {
                found.push(ElementSpec::Line { is, not, then, times, gap });
            }
            (None, None, Some(group)) => found.push(ElementSpec::Repeats { group, times, gap }),
            (None, Some(blank), None) => found.push(ElementSpec::Blank(blank)),
            (Some(_), Some(_), _) => exclude(&item, ("is", "blank"), faults),
            (Some(_), _, Some(_)) => exclude(&item, ("is", "repeats"), faults),
            (None, Some(_), Some(_)) => exclude(&item, ("blank", "repeats"), faults),
            (None, None, None) if item.explains(&["is", "blank", "repeats"]) => {}
            (None, None, None) => item.missing("is", faults),
        }
        item.finish(faults);
    }
    (!found.is_empty()).then_some(found)
}

fn exclude(
    table: &Table<'_, '_>,
    (one, other): (&'static str, &'static str),
    faults: &mut Faults<'_>,
) {
    let problem = Problem::Excludes { one, other, table: table.name().to_owned() };
    table.add(problem, faults);
}

/// Whether a text can only be the name of a rule: small letters, digits and hyphens.
fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}
