//! One profile file as it is written: its tables, with the place of every value.
//!
//! Takes a file's text; gives a [`Layer`] and the faults found on the way. Knows nothing of other
//! files: parents, rule names and patterns are checked by `inherit` and `compile`.

use std::collections::BTreeMap;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::fault::{Fault, Problem, SourceFile, nearest};
pub use super::reader::At;
pub(super) use super::reader::OPEN_END;
use super::reader::{Faults, Table, parse_range, string, wrong};
use crate::model::date::{DateOptions, DateOrder};
use crate::model::piece::Field;

/// The version of the language that this program reads.
pub const SCHEMA: i64 = 1;

/// What a profile is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProfileKind {
    /// Software that many sites run.
    Platform,
    /// One site.
    Site,
}

/// One profile file.
#[derive(Debug, Clone)]
pub struct Layer {
    /// The file.
    pub file: Arc<SourceFile>,
    /// File name without its ending.
    pub id: String,
    /// Platform or site.
    pub kind: ProfileKind,
    /// One line on what it covers.
    pub summary: String,
    /// Day of the last comparison with a live capture, `YYYY-MM-DD`.
    pub checked: Option<String>,
    /// The profile that it builds on.
    pub extends: Option<At<String>>,
    /// Alternatives, any of which chooses the profile.
    pub matches: Vec<MatchSpec>,
    /// Its rules.
    pub body: Body,
    /// Other layouts of the same site.
    pub variants: Vec<VariantSpec>,
}

/// Conditions that must all hold.
#[derive(Debug, Clone, Default)]
pub struct MatchSpec {
    /// Place of the table.
    pub span: std::ops::Range<usize>,
    /// Hosts, any of which will do; `www.` is ignored.
    pub hosts: Vec<String>,
    /// Beginning of the address's path.
    pub path: Option<String>,
    /// Whether hosts below the named ones match too.
    pub subdomains: bool,
    /// Lines that must be in the capture.
    pub text: Vec<At<String>>,
    /// At least so many of them; all by default.
    pub min: usize,
    /// The capture must have been fetched before this day.
    pub captured_before: Option<String>,
    /// The capture must have been fetched on this day or later.
    pub captured_after: Option<String>,
}

/// Another layout of the same site.
#[derive(Debug, Clone)]
pub struct VariantSpec {
    /// Its name.
    pub name: String,
    /// When it holds.
    pub when: MatchSpec,
    /// What it adds or changes.
    pub body: Body,
}

/// The part of a profile that is inherited.
#[derive(Debug, Clone, Default)]
pub struct Body {
    /// How a capture is split; `Some(None)` switches an inherited split off.
    pub split: Option<Option<SplitSpec>>,
    /// How fields are found, for the whole capture and for each piece.
    pub finds: BTreeMap<(Scope, Field), Vec<FindSpec>>,
    /// Rules by kind and name; `None` switches an inherited rule off.
    pub rules: BTreeMap<RuleKey, At<Option<RuleSpec>>>,
    /// How ambiguous dates are read.
    pub dates: Option<DateOptions>,
    /// Most words that rules may remove, in thousandths of all.
    pub max_removed: Option<u32>,
}

/// Whose field it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// The whole capture: `[field]`.
    Capture,
    /// Each article or post: `[piece]`.
    Piece,
}

/// Table and name of a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RuleKey {
    /// `keep.*` in place of `strip.*`.
    pub keep: bool,
    /// The rule's kind.
    pub kind: RuleKind,
    /// The rule's own name.
    pub name: String,
}

impl std::fmt::Display for RuleKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let verb = if self.keep { "keep" } else { "strip" };
        write!(formatter, "{verb}.{}.{}", self.kind.name(), self.name)
    }
}

/// The kinds of rules: a closed list, as the compiler shows to whoever adds one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RuleKind {
    /// Lines in a row.
    Block,
    /// One line.
    Line,
    /// From a line to a line.
    Region,
    /// The same line so often in one capture.
    Repeat,
    /// The generic line classifier.
    Generic,
}

impl RuleKind {
    /// All kinds, in the order in which they are applied.
    pub const ALL: [Self; 5] =
        [Self::Block, Self::Line, Self::Region, Self::Repeat, Self::Generic];

    /// Name of its table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Block => "block",
            Self::Line => "line",
            Self::Region => "region",
            Self::Repeat => "repeat",
            Self::Generic => "generic",
        }
    }
}

/// A rule.
#[derive(Debug, Clone)]
pub struct RuleSpec {
    /// What it matches.
    pub what: What,
    /// The field that takes what it removes.
    pub into: Option<Field>,
    /// Where in a piece it applies; anywhere in the capture without.
    pub at: Option<Place>,
    /// Texts that it must remove.
    pub sample: Vec<At<String>>,
    /// Texts that it must not touch.
    pub keep: Vec<At<String>>,
}

/// What a rule matches.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "fields are named as the keys of the profile")]
pub enum What {
    /// One line; with `then`, the line below too.
    Line { is: At<String>, not: Option<At<String>>, then: Option<At<String>> },
    /// Lines in a row.
    Block(Vec<ElementSpec>),
    /// From a line to a line, both included.
    Region { from: EdgeSpec, to: EdgeSpec, max_words: u32 },
    /// The same line at least so often, of at most so many words.
    Repeat { times: u32, max_words: u32 },
    /// The line classifier, unless so many thousandths of the words stand in sentences already.
    Generic { clean_above: u32 },
}

/// One step of a block rule.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "fields are named as the keys of the profile")]
pub enum ElementSpec {
    /// Lines that match, each with its `then` line; `gap` blank lines may stand above each.
    Line {
        is: At<String>,
        not: Option<At<String>>,
        then: Option<At<String>>,
        times: (u32, u32),
        gap: (u32, u32),
    },
    /// A line that begins with what a group of the block holds.
    Repeats { group: At<String>, times: (u32, u32), gap: (u32, u32) },
    /// So many blank lines.
    Blank((u32, u32)),
}

/// One side of a region.
#[derive(Debug, Clone)]
pub enum EdgeSpec {
    /// The capture's first line.
    Start,
    /// The capture's last line.
    End,
    /// What another rule matches.
    Rule(At<String>),
    /// A line.
    Pattern(At<String>),
}

/// A place in a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Above the title.
    BeforeTitle,
    /// The line below the title.
    AfterTitle,
    /// The first line.
    First,
    /// The last line that is left.
    Last,
    /// Line numbers, from 1.
    Lines(u32, u32),
}

/// How a capture is split.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "fields are named as the keys of the profile")]
pub enum SplitSpec {
    /// Into posts.
    Thread { head: Vec<At<String>>, start: Vec<At<String>>, end: Vec<At<String>> },
    /// At separator lines.
    Digest { head: Vec<At<String>>, separator: At<String> },
    /// At headlines.
    Stream(StreamSpec),
}

/// What a headline of a stream looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreamSpec {
    /// Fewest and most words.
    pub words: (u32, u32),
    /// Share of capitalised words, in thousandths.
    pub capitalised: u32,
    /// A blank line must be above.
    pub after_blank: bool,
    /// A blank line must be below.
    pub before_blank: bool,
    /// It may end in a full stop, comma or colon.
    pub end_punctuation: bool,
    /// Split only where the capture shows that it is a stream.
    pub evidence: bool,
}

/// One way to find a field.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "fields are named as the keys of the profile")]
pub enum FindSpec {
    /// A line that matches.
    Line { line: At<String>, not: Option<At<String>>, at: Option<Place>, drop: bool },
    /// A fixed value.
    Const(At<String>),
    /// The line that reads like a headline.
    Headline { at: Option<Place> },
    /// The line that is a date as a whole.
    Date { at: Option<Place>, drop: bool },
    /// The ways of the profile that this one extends.
    Inherit,
}

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
    let extends = top.string("extends", &mut faults);
    let matches = tables(top.take("match"), "match", &mut faults)
        .into_iter()
        .map(|(table, span)| {
            let mut table = Table::new(table, "[[match]]", span);
            let spec = conditions(&mut table, &mut faults);
            table.finish(&mut faults);
            spec
        })
        .collect();
    let variants = tables(top.take("variant"), "variant", &mut faults)
        .into_iter()
        .map(|(table, span)| {
            let mut table = Table::new(table, "[[variant]]", span);
            let when = conditions(&mut table, &mut faults);
            let name = table.string("name", &mut faults).map(|at| at.value).unwrap_or_default();
            let body = body(&mut table, &mut faults);
            table.finish(&mut faults);
            VariantSpec { name, when, body }
        })
        .collect();
    let body = body(&mut top, &mut faults);
    top.finish(&mut faults);
    Some(Layer {
        file: Arc::clone(file),
        id: id.to_owned(),
        kind,
        summary,
        checked,
        extends,
        matches,
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

type Tables<'t, 'i> = Vec<(&'t DeTable<'i>, std::ops::Range<usize>)>;

/// An array of tables.
fn tables<'t, 'i>(
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
    for item in items.iter() {
        match item.get_ref().as_table() {
            Some(table) => found.push((table, item.span())),
            None => {
                wrong::<()>(item, key, "a table", faults);
            }
        }
    }
    found
}

fn conditions(table: &mut Table<'_, '_>, faults: &mut Faults<'_>) -> MatchSpec {
    let text = table.strings("text", faults);
    let min = table.integer("min", faults);
    let min_value = min.as_ref().map_or(text.len(), |at| usize::try_from(at.value).unwrap_or(0));
    if let Some(at) = min
        && (min_value == 0 || min_value > text.len())
    {
        let expected = "a number from 1 to the number of `text` lines";
        faults.add(at.span, Problem::BadValue { key: "min".to_owned(), expected });
    }
    let host = |at: At<String>| at.value.to_lowercase().trim_start_matches("www.").to_owned();
    MatchSpec {
        span: table.span(),
        hosts: table.strings("hosts", faults).into_iter().map(host).collect(),
        path: table.string("path", faults).map(|at| at.value),
        subdomains: table.bool("subdomains", faults).unwrap_or(false),
        text,
        min: min_value,
        captured_before: day(table, "captured_before", faults),
        captured_after: day(table, "captured_after", faults),
    }
}

fn body(top: &mut Table<'_, '_>, faults: &mut Faults<'_>) -> Body {
    let mut body = Body::default();
    if let Some(value) = top.take("split") {
        body.split = split(value, faults);
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
    ((0..=14).contains(&hours) && (0..60).contains(&minutes)).then_some(sign * (hours * 60 + minutes))
}

fn split(value: &Spanned<DeValue<'_>>, faults: &mut Faults<'_>) -> Option<Option<SplitSpec>> {
    if value.get_ref().as_bool() == Some(false) {
        return Some(None);
    }
    let Some(table) = value.get_ref().as_table() else {
        return wrong(value, "split", "a table or false", faults);
    };
    let mut outer = Table::new(table, "[split]", value.span());
    let mut found = None;
    if let Some((mut table, _)) = sub_table(&mut outer, "thread", "[split.thread]", faults) {
        if let Some((mut text, span)) = sub_table(&mut table, "text", "[split.thread.text]", faults) {
            let head = text.strings("head", faults);
            let start = text.strings("start", faults);
            let end = text.strings("end", faults);
            if start.is_empty() && end.is_empty() {
                let problem =
                    Problem::MissingKey { table: "[split.thread.text]".to_owned(), key: "start" };
                faults.add(span, problem);
            }
            text.finish(faults);
            found = Some(SplitSpec::Thread { head, start, end });
        }
        table.finish(faults);
    }
    if let Some((mut table, span)) = sub_table(&mut outer, "digest", "[split.digest]", faults) {
        let head = table.strings("head", faults);
        match table.string("separator", faults) {
            Some(separator) => found = Some(SplitSpec::Digest { head, separator }),
            None => {
                let problem =
                    Problem::MissingKey { table: "[split.digest]".to_owned(), key: "separator" };
                faults.add(span, problem);
            }
        }
        table.finish(faults);
    }
    if let Some((mut table, _)) = sub_table(&mut outer, "stream", "[split.stream]", faults) {
        found = Some(SplitSpec::Stream(StreamSpec {
            words: table.range("words", faults).unwrap_or((4, 16)),
            capitalised: table.share("capitalised", faults).unwrap_or(700),
            after_blank: table.bool("after_blank", faults).unwrap_or(true),
            before_blank: table.bool("before_blank", faults).unwrap_or(true),
            end_punctuation: table.bool("end_punctuation", faults).unwrap_or(false),
            evidence: table.bool("evidence", faults).unwrap_or(false),
        }));
        table.finish(faults);
    }
    outer.finish(faults);
    found.map(Some)
}

/// The table under a key of another table.
fn sub_table<'t, 'i>(
    outer: &mut Table<'t, 'i>,
    key: &'static str,
    name: &'static str,
    faults: &mut Faults<'_>,
) -> Option<(Table<'t, 'i>, std::ops::Range<usize>)> {
    let value = outer.take(key)?;
    match value.get_ref().as_table() {
        Some(table) => Some((Table::new(table, name, value.span()), value.span())),
        None => wrong(value, key, "a table", faults),
    }
}

fn finds(value: &Spanned<DeValue<'_>>, key: &str, faults: &mut Faults<'_>) -> Vec<FindSpec> {
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
        let not = table.string("not", faults);
        let constant = table.string("const", faults);
        let headline = table.bool("headline", faults).unwrap_or(false);
        let date = table.bool("date", faults).unwrap_or(false);
        let inherit = table.bool("inherit", faults).unwrap_or(false);
        let at = place(&mut table, faults);
        let drop = table.bool("drop", faults).unwrap_or(false);
        match (line, constant) {
            (Some(line), None) => found.push(FindSpec::Line { line, not, at, drop }),
            (None, Some(constant)) => found.push(FindSpec::Const(constant)),
            (None, None) if headline => found.push(FindSpec::Headline { at }),
            (None, None) if date => found.push(FindSpec::Date { at, drop }),
            (None, None) if inherit => found.push(FindSpec::Inherit),
            _ => table.missing("line", faults),
        }
        table.finish(faults);
    }
    found
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
    let expected = "\"first\", \"last\", \"after-title\", \"before-title\" or a range such as \"2..6\"";
    faults.add(at.span, Problem::BadValue { key: "at".to_owned(), expected });
    None
}

fn rules(
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
            DeValue::String(_) if kind == RuleKind::Line => {
                string(value, &key.name, faults).map(|is| {
                    Some(RuleSpec {
                        what: What::Line { is, not: None, then: None },
                        into: None,
                        at: None,
                        sample: Vec::new(),
                        keep: Vec::new(),
                    })
                })
            }
            DeValue::Table(table) => {
                let mut table = Table::new(table, format!("`{key}`"), value.span());
                let spec = rule(&mut table, kind, faults).map(Some);
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

fn rule(table: &mut Table<'_, '_>, kind: RuleKind, faults: &mut Faults<'_>) -> Option<RuleSpec> {
    let into = table.string("into", faults).and_then(|at| {
        let field = Field::named(&at.value);
        if field.is_none() {
            let near = nearest(&at.value, Field::ALL.map(Field::name));
            faults.add(at.span, Problem::UnknownGroup { group: at.value, nearest: near });
        }
        field
    });
    let at = place(table, faults);
    let sample = table.strings("sample", faults);
    let keep = table.strings("keep", faults);
    let what = match kind {
        RuleKind::Line => {
            let is = table.string("is", faults);
            let not = table.string("not", faults);
            let then = table.string("then", faults);
            match is {
                Some(is) => What::Line { is, not, then },
                None => {
                    table.missing("is", faults);
                    return None;
                }
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
    Some(RuleSpec { what, into, at, sample, keep })
}

fn count(table: &mut Table<'_, '_>, key: &'static str, default: u32, faults: &mut Faults<'_>) -> u32 {
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

/// Whether a text can only be the name of a rule: small letters, digits and hyphens.
pub fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

fn elements(table: &mut Table<'_, '_>, faults: &mut Faults<'_>) -> Option<Vec<ElementSpec>> {
    let Some(value) = table.take("lines") else {
        table.missing("lines", faults);
        return None;
    };
    let items = tables(Some(value), "lines", faults);
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
            },
            (None, None, Some(group)) => found.push(ElementSpec::Repeats { group, times, gap }),
            (None, Some(blank), None) => found.push(ElementSpec::Blank(blank)),
            _ => item.missing("is", faults),
        }
        item.finish(faults);
    }
    (!found.is_empty()).then_some(found)
}
