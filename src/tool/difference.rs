//! What differs between two results of a capture, record by record, field by field and line by
//! line, for people. Bounded: whatever differs, it is a page at most.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::Value;
use similar::{ChangeTag, TextDiff};

/// Most records, fields of a record, lines of a text and lines of the ledger that are shown.
const SHOWN: usize = 12;

/// Most characters of a value, around the place where it differs.
const SHOWN_CHARS: usize = 140;

/// Characters that are shown before that place.
const LEAD_CHARS: usize = 30;

/// Longest texts that are compared line by line, in lines: the comparison is quadratic at worst.
const MOST_LINES: usize = 5_000;

/// What came of a capture.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Views {
    /// Its records, one JSON object a line.
    pub records: String,
    /// Its ledger: number, fate and words of each line that is not in a text, with tabs between.
    pub removed: String,
}

/// What differs; nothing where nothing does.
pub fn difference(before: &Views, after: &Views) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    records(&before.records, &after.records, &mut out).unwrap_or_default();
    ledger(&before.removed, &after.removed, &mut out).unwrap_or_default();
    out
}

/// The rules that remove or find something in one of two results and not in the other.
pub fn rules(before: &Views, after: &Views) -> Vec<String> {
    let of = |views: &Views| -> BTreeSet<(String, String)> {
        let lines = views.removed.lines().filter_map(parts);
        lines.map(|(line, by, _)| (rule_of(by).to_owned(), line.to_owned())).collect()
    };
    let rules: BTreeSet<String> =
        of(before).symmetric_difference(&of(after)).map(|(rule, _)| rule.clone()).collect();
    rules.into_iter().collect()
}

fn records(before: &str, after: &str, out: &mut String) -> std::fmt::Result {
    if before == after {
        return Ok(());
    }
    let (before, after) = (read(before, out)?, read(after, out)?);
    let mut keys: Vec<&String> = before.keys().chain(after.keys()).collect();
    keys.sort();
    keys.dedup();
    let differing: Vec<&String> =
        keys.into_iter().filter(|key| before.get(*key) != after.get(*key)).collect();
    for key in differing.iter().take(SHOWN) {
        match (before.get(*key), after.get(*key)) {
            (Some(one), Some(other)) => {
                writeln!(out, "  {}", key.trim_start_matches('0'))?;
                record(one, other, out)?;
            }
            (Some(gone), None) => {
                writeln!(out, "  - {}: {}", key.trim_start_matches('0'), brief(gone))?;
            }
            (None, Some(new)) => {
                writeln!(out, "  + {}: {}", key.trim_start_matches('0'), brief(new))?;
            }
            (None, None) => {}
        }
    }
    more(differing.len(), "records", out)
}

/// Records by place and kind. What is no record is said at once.
fn read(text: &str, out: &mut String) -> Result<BTreeMap<String, Value>, std::fmt::Error> {
    let mut found = BTreeMap::new();
    for (number, line) in (1..).zip(text.lines()) {
        match serde_json::from_str::<Value>(line) {
            Ok(value) => {
                let index = value.get("index").and_then(Value::as_u64).unwrap_or(0);
                let kind = value.get("type").and_then(Value::as_str).unwrap_or("record");
                found.insert(format!("{index:08} {kind}"), value);
            }
            Err(error) => writeln!(out, "  line {number} is no JSON: {error}")?,
        }
    }
    Ok(found)
}

fn brief(record: &Value) -> String {
    let of = |key: &str| record.get(key).and_then(Value::as_str).unwrap_or_default();
    let words: Vec<&str> =
        [of("title"), of("text")].into_iter().filter(|t| !t.is_empty()).collect();
    around(&words.join(" · "), "").0
}

fn record(before: &Value, after: &Value, out: &mut String) -> std::fmt::Result {
    let mut differing = Vec::new();
    fields("", before, after, &mut differing);
    for (key, one, other) in differing.iter().take(SHOWN) {
        let none = Value::Null;
        let (one, other) = (one.unwrap_or(&none), other.unwrap_or(&none));
        writeln!(out, "    {key}")?;
        match (one.as_str(), other.as_str()) {
            (Some(one), Some(other)) if one.contains('\n') || other.contains('\n') => {
                lines(one, other, out)?;
            }
            _ => {
                let (one, other) = around(&one.to_string(), &other.to_string());
                writeln!(out, "      - {one}\n      + {other}")?;
            }
        }
    }
    more(differing.len(), "fields", out)
}

type Differing<'v> = Vec<(String, Option<&'v Value>, Option<&'v Value>)>;

/// The fields that differ; those of an object one by one.
fn fields<'v>(prefix: &str, before: &'v Value, after: &'v Value, to: &mut Differing<'v>) {
    let (Some(one), Some(other)) = (before.as_object(), after.as_object()) else { return };
    let new = other.keys().filter(|key| !one.contains_key(*key));
    for key in one.keys().chain(new) {
        let name = format!("{prefix}{key}");
        match (one.get(key), other.get(key)) {
            (one, other) if one == other => {}
            (Some(one), Some(other)) if one.is_object() && other.is_object() => {
                fields(&format!("{name}."), one, other, to);
            }
            (one, other) => to.push((name, one, other)),
        }
    }
}

fn lines(before: &str, after: &str, out: &mut String) -> std::fmt::Result {
    let count = before.lines().count().max(after.lines().count());
    if count > MOST_LINES {
        let (one, other) = around(before, after);
        return writeln!(out, "      - {one}\n      + {other}");
    }
    let diff = TextDiff::from_lines(before, after);
    let changes: Vec<_> =
        diff.iter_all_changes().filter(|change| change.tag() != ChangeTag::Equal).collect();
    let mut shown = 0;
    let mut at = 0;
    while let Some(change) = changes.get(at)
        && shown < SHOWN
    {
        let text = change.value().trim_end();
        let next = changes
            .get(at + 1)
            .filter(|next| (change.tag(), next.tag()) == (ChangeTag::Delete, ChangeTag::Insert));
        if let Some(next) = next {
            let (one, other) = around(text, next.value().trim_end());
            writeln!(out, "      - {one}\n      + {other}")?;
            at += 2;
        } else {
            // An empty line says nothing by itself.
            if !text.is_empty() || changes.len() == 1 {
                writeln!(out, "      {} {}", change.tag(), around(text, "").0)?;
            }
            at += 1;
        }
        shown += 1;
    }
    more(shown + changes.len() - at, "lines", out)
}

/// The parts of two texts around the place where they differ.
fn around(one: &str, other: &str) -> (String, String) {
    let same = one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count();
    let from = if other.is_empty() { 0 } else { same.saturating_sub(LEAD_CHARS) };
    let part = |text: &str| {
        let mut part = String::new();
        if from > 0 {
            part.push('…');
        }
        let shown = text.chars().skip(from).take(SHOWN_CHARS);
        part.extend(shown.map(|letter| if letter == '\n' { '⏎' } else { letter }));
        if text.chars().count() > from + SHOWN_CHARS {
            part.push('…');
        }
        part
    };
    (part(one), part(other))
}

/// Number, fate and words of a line of the ledger.
fn parts(line: &str) -> Option<(&str, &str, &str)> {
    let (number, rest) = line.split_once('\t')?;
    let (by, text) = rest.split_once('\t')?;
    Some((number, by, text))
}

/// The rule in `title <- xenforo/field.title`.
fn rule_of(by: &str) -> &str {
    by.rsplit(" <- ").next().unwrap_or(by)
}

fn ledger(before: &str, after: &str, out: &mut String) -> std::fmt::Result {
    if before == after {
        return Ok(());
    }
    let of = |text: &'_ str| -> BTreeMap<(u64, String), String> {
        let lines = text.lines().filter_map(parts);
        lines
            .map(|(line, by, words)| ((line.parse().unwrap_or(0), words.to_owned()), by.to_owned()))
            .collect()
    };
    let (before, after) = (of(before), of(after));
    let mut keys: Vec<&(u64, String)> = before.keys().chain(after.keys()).collect();
    keys.sort();
    keys.dedup();
    keys.retain(|key| before.get(*key) != after.get(*key));
    writeln!(out, "  lines of the capture")?;
    for key in keys.iter().take(SHOWN) {
        let words = around(&key.1, "").0;
        write!(out, "    {:>4} ", key.0)?;
        match (before.get(*key), after.get(*key)) {
            (Some(was), Some(is)) => writeln!(out, "{is}, was {was}: {words}")?,
            (Some(was), None) => writeln!(out, "is in the text now, was {was}: {words}")?,
            (None, Some(is)) => writeln!(out, "is taken now by {is}: {words}")?,
            (None, None) => writeln!(out)?,
        }
    }
    more(keys.len(), "lines", out)
}

fn more(count: usize, what: &str, out: &mut String) -> std::fmt::Result {
    match count.saturating_sub(SHOWN) {
        0 => Ok(()),
        more => writeln!(out, "    … {more} {what} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn views(records: &[Value], removed: &str) -> Views {
        let records =
            records.iter().map(|record| format!("{record}\n")).collect::<Vec<_>>().concat();
        Views { records, removed: removed.to_owned() }
    }

    #[test]
    fn each_field_and_line_that_differs_is_named() {
        let post = |index: u64, day: &str, text: &str| {
            serde_json::json!({"type": "post", "index": index, "published_at": day, "text": text,
                "quality": {"kept": 0.9}})
        };
        let long = format!("{} end.\n\nLast.", "word ".repeat(60));
        let before = views(
            &[post(1, "2021-06-03", &long), post(2, "2021-06-04", "Gone.")],
            "3\ttitle <- a/field.title\tThe title\n4\ta/strip.line.share\tShare\n",
        );
        let after = views(
            &[post(1, "2021-06-05", &long.replace("end", "finis")), post(3, "2021-06-04", "New.")],
            "3\ta/strip.line.head\tThe title\n5\ta/strip.line.top\tTop\n",
        );
        let text = difference(&before, &after);
        assert_eq!(
            text,
            "  1 post\n    published_at\n      - \"2021-06-03\"\n      + \"2021-06-05\"\n    text\n      \
             - …ord word word word word word  end.\n      + …ord word word word word word  finis.\n  \
             - 2 post: Gone.\n  + 3 post: New.\n  lines of the capture\n       3 a/strip.line.head, was title <- \
             a/field.title: The title\n       4 is in the text now, was a/strip.line.share: Share\n       \
             5 is taken now by a/strip.line.top: Top\n"
        );
        assert_eq!(
            rules(&before, &after),
            ["a/field.title", "a/strip.line.head", "a/strip.line.share", "a/strip.line.top"]
        );
        assert_eq!(difference(&before, &before), "");
    }

    #[test]
    fn it_is_a_page_at_most() {
        let lines = |count: usize, line: &dyn Fn(usize) -> String| -> String {
            (0..count).map(line).collect::<Vec<_>>().concat()
        };
        let many = |word: &str| -> Views {
            let text = lines(9_000, &|n| format!("{word} {n}\n"));
            let short = lines(900, &|n| format!("{word} {n}\n"));
            let record = |n: u64| serde_json::json!({"type": "post", "index": n, "text": text});
            let mut all = vec![serde_json::json!({"type": "post", "index": 0, "text": short})];
            all.extend((1..40).map(record));
            views(&all, &lines(900, &|n| format!("{n}\t{word}\tx\n")))
        };
        let text = difference(&many("a"), &many("b"));
        assert!(text.lines().count() < 100 && text.len() < 20_000, "{text}");
        assert!(text.contains("records more") && text.contains("lines more"), "{text}");
    }
}
