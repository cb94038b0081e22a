//! A profile file's text becomes a [`Layer`]; faults are collected, not stopped at.
//!
//! Knows nothing of other files: parents, rule names and patterns are checked by `inherit` and
//! `compile`.

mod prepare;
mod rules;
mod split;

use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::fault::{Fault, Problem, SourceFile, nearest};
use super::reader::{Faults, Table, wrong};
use super::schema::{
    At, Body, Layer, MatchSpec, ProfileKind, RuleKind, SCHEMA, Scope, Subdomains, VariantSpec,
};
use crate::model::date::{DateOptions, DateOrder};
use crate::model::piece::Field;
use prepare::prepare;
use rules::{finds, rules};
use split::split;

/// Reads one file. `None` where it is not TOML at all.
pub fn read(file: &Arc<SourceFile>, id: &str, list: &mut Vec<Fault>) -> Option<Layer> {
    let mut faults = Faults { file, list };
    let (root, errors) = DeTable::parse_recoverable(&file.text);
    if !errors.is_empty() {
        for error in errors {
            let message = error.message().to_owned();
            faults.add(error.span().unwrap_or(0..0), Problem::Syntax { message });
        }
        return None;
    }
    let mut top = Table::new(root.get_ref(), "the profile", 0..first_line(&file.text));
    match top.integer("schema", &mut faults) {
        Some(At { value: SCHEMA, .. }) => {}
        Some(At { value, span }) => faults.add(span, Problem::BadSchema { found: value }),
        None => top.missing("schema", &mut faults),
    }
    let kind = kind(&mut top, &mut faults);
    let summary = top.string("summary", &mut faults).map(|at| at.value).unwrap_or_default();
    let checked = day(&mut top, "checked", &mut faults);
    let draft = top.bool("draft", &mut faults).unwrap_or(false);
    let extends = top.string("extends", &mut faults);
    let matches = tables(top.take("match"), "match", &mut faults)
        .into_iter()
        .map(|(table, span)| {
            let mut table = Table::new(table, "[[match]]", span);
            let spec = conditions(&mut table, &mut faults);
            // A day alone chooses nothing.
            if !names_a_capture(&spec) && !table.explains(&CONDITIONS) {
                table.add(Problem::NoCondition { table: "[[match]]".to_owned() }, &mut faults);
            }
            table.finish(&mut faults);
            spec
        })
        .collect();
    let variants = tables(top.take("variant"), "variant", &mut faults)
        .into_iter()
        .map(|(table, span)| {
            let mut table = Table::new(table, "[[variant]]", span);
            let when = conditions(&mut table, &mut faults);
            let has_day = when.captured_before.is_some() || when.captured_after.is_some();
            let explained = table.explains(&CONDITIONS) || table.explains(&DAYS);
            if !has_day && !names_a_capture(&when) && !explained {
                table.add(Problem::NoCondition { table: "[[variant]]".to_owned() }, &mut faults);
            }
            let name = table.string("name", &mut faults).map(|at| at.value).unwrap_or_default();
            let body = body(&mut table, &mut faults);
            table.finish(&mut faults);
            VariantSpec { name, when, body }
        })
        .collect();
    let prepare = prepare(&mut top, &mut faults);
    let body = body(&mut top, &mut faults);
    top.finish(&mut faults);
    Some(Layer {
        file: Arc::clone(file),
        id: id.to_owned(),
        kind,
        summary,
        draft,
        checked,
        extends,
        matches,
        prepare,
        body,
        variants,
    })
}

fn first_line(text: &str) -> usize {
    text.find('\n').unwrap_or(text.len())
}

fn kind(top: &mut Table<'_, '_>, faults: &mut Faults<'_>) -> ProfileKind {
    match top.string("kind", faults) {
        Some(at) => match at.value.as_str() {
            "platform" => return ProfileKind::Platform,
            "site" => {}
            _ => {
                let expected = "\"platform\" or \"site\"";
                faults.add(at.span, Problem::BadValue { key: "kind".to_owned(), expected });
            }
        },
        None => top.missing("kind", faults),
    }
    ProfileKind::Site
}

/// A day: a TOML date or a string `YYYY-MM-DD`.
fn day(table: &mut Table<'_, '_>, key: &'static str, faults: &mut Faults<'_>) -> Option<String> {
    let value = table.take(key)?;
    let text = match value.get_ref() {
        DeValue::Datetime(date) => date.to_string(),
        DeValue::String(text) => text.clone().into_owned(),
        _ => return wrong(value, key, "a day such as 2026-11-21", faults),
    };
    if text.parse::<jiff::civil::Date>().is_err() {
        let expected = "a day such as 2026-11-21";
        faults.add(value.span(), Problem::BadValue { key: key.to_owned(), expected });
        return None;
    }
    Some(text)
}

pub(super) type Tables<'t, 'i> = Vec<(&'t DeTable<'i>, std::ops::Range<usize>)>;

/// An array of tables.
pub(super) fn tables<'t, 'i>(
    value: Option<&'t Spanned<DeValue<'i>>>,
    key: &str,
    faults: &mut Faults<'_>,
) -> Tables<'t, 'i> {
    let Some(value) = value else { return Vec::new() };
    let Some(items) = value.get_ref().as_array() else {
        wrong::<()>(value, key, "tables in double brackets", faults);
        return Vec::new();
    };
    let mut found = Vec::new();
    for item in items {
        match item.get_ref().as_table() {
            Some(table) => found.push((table, item.span())),
            None => {
                wrong::<()>(item, key, "a table", faults);
            }
        }
    }
    found
}

/// Keys that say more than a day, and those of days.
const CONDITIONS: [&str; 4] = ["hosts", "path", "selector", "text"];
const DAYS: [&str; 2] = ["captured_before", "captured_after"];

/// Whether a table says more than a day.
fn names_a_capture(spec: &MatchSpec) -> bool {
    spec.path.is_some()
        || !(spec.hosts.is_empty() && spec.selectors.is_empty() && spec.text.is_empty())
}

fn conditions(table: &mut Table<'_, '_>, faults: &mut Faults<'_>) -> MatchSpec {
    let selectors = table.strings("selector", faults);
    let text = table.strings("text", faults);
    let min = table.integer("min", faults);
    let min_value = min.as_ref().map_or(text.len(), |at| usize::try_from(at.value).unwrap_or(0));
    if let Some(at) = min
        && (min_value == 0 || min_value > text.len())
    {
        let expected = "a number from 1 to the number of `text` lines";
        faults.add(at.span, Problem::BadValue { key: "min".to_owned(), expected });
    }
    if !selectors.is_empty() && !text.is_empty() {
        let table_name = table.name().to_owned();
        let problem = Problem::Excludes { one: "selector", other: "text", table: table_name };
        table.add(problem, faults);
    }
    let hosts = table.strings("hosts", faults);
    let subdomains = subdomains(table, faults);
    if subdomains != Subdomains::No && hosts.is_empty() {
        table.missing("hosts", faults);
    }
    let host = |at: At<String>| at.value.to_lowercase().trim_start_matches("www.").to_owned();
    MatchSpec {
        span: table.span(),
        hosts: hosts.into_iter().map(host).collect(),
        path: table.string("path", faults).map(|at| at.value),
        subdomains,
        selectors,
        text,
        min: min_value,
        captured_before: day(table, "captured_before", faults),
        captured_after: day(table, "captured_after", faults),
    }
}

/// `true`, `false` or `"only"`.
fn subdomains(table: &mut Table<'_, '_>, faults: &mut Faults<'_>) -> Subdomains {
    let Some(value) = table.take("subdomains") else { return Subdomains::No };
    match value.get_ref() {
        DeValue::Boolean(true) => Subdomains::Also,
        DeValue::Boolean(false) => Subdomains::No,
        DeValue::String(text) if text == "only" => Subdomains::Only,
        _ => {
            let expected = "true, false or \"only\"";
            faults.add(value.span(), Problem::BadValue { key: "subdomains".to_owned(), expected });
            Subdomains::No
        }
    }
}

fn body(top: &mut Table<'_, '_>, faults: &mut Faults<'_>) -> Body {
    let mut body = Body::default();
    if let Some(value) = top.take("split") {
        (body.split, body.markup) = split(value, faults);
    }
    for (key, scope) in [("field", Scope::Capture), ("piece", Scope::Piece)] {
        let Some(value) = top.take(key) else { continue };
        let Some(table) = value.get_ref().as_table() else {
            wrong::<()>(value, key, "a table", faults);
            continue;
        };
        for (name, value) in Table::new(table, key, value.span()).take_all() {
            match Field::named(&name.value) {
                Some(field) => {
                    body.finds.insert((scope, field), finds(value, &name.value, faults));
                }
                None => faults.add(
                    name.span,
                    Problem::UnknownKey {
                        nearest: nearest(&name.value, Field::ALL.map(Field::name)),
                        key: name.value,
                        table: format!("[{key}]"),
                        known: Field::ALL.map(Field::name).to_vec(),
                    },
                ),
            }
        }
    }
    for (key, keep) in [("strip", false), ("keep", true)] {
        let Some(value) = top.take(key) else { continue };
        let Some(table) = value.get_ref().as_table() else {
            wrong::<()>(value, key, "a table", faults);
            continue;
        };
        let mut table = Table::new(table, format!("[{key}]"), value.span());
        for kind in RuleKind::ALL {
            if let Some(value) = table.take(kind.name()) {
                rules(value, keep, kind, &mut body, faults);
            }
        }
        table.finish(faults);
    }
    body.dates = dates(top, faults);
    if let Some(value) = top.take("guard") {
        if let Some(table) = value.get_ref().as_table() {
            let mut table = Table::new(table, "[guard]", value.span());
            body.max_removed = table.share("max_removed_words", faults);
            table.finish(faults);
        } else {
            wrong::<()>(value, "guard", "a table", faults);
        }
    }
    body
}

fn dates(top: &mut Table<'_, '_>, faults: &mut Faults<'_>) -> Option<DateOptions> {
    let value = top.take("dates")?;
    let Some(table) = value.get_ref().as_table() else {
        return wrong(value, "dates", "a table", faults);
    };
    let mut table = Table::new(table, "`dates`", value.span());
    let mut options = DateOptions::default();
    if let Some(order) = table.string("order", faults) {
        options.order = match order.value.as_str() {
            "mdy" => Some(DateOrder::Mdy),
            "dmy" => Some(DateOrder::Dmy),
            "ymd" => Some(DateOrder::Ymd),
            _ => {
                let expected = "\"mdy\", \"dmy\" or \"ymd\"";
                faults.add(order.span, Problem::BadValue { key: "order".to_owned(), expected });
                None
            }
        };
    }
    if let Some(zone) = table.string("zone", faults) {
        options.zone_minutes = zone_minutes(&zone.value);
        if options.zone_minutes.is_none() {
            let expected = "an offset such as \"+03:00\"";
            faults.add(zone.span, Problem::BadValue { key: "zone".to_owned(), expected });
        }
    }
    table.finish(faults);
    Some(options)
}

/// Minutes east of UTC of `+03:00`.
fn zone_minutes(text: &str) -> Option<i32> {
    let (sign, rest) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':')?;
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    ((0..=14).contains(&hours) && (0..60).contains(&minutes))
        .then_some(sign * (hours * 60 + minutes))
}
