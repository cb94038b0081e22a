//! Dates in the words of a page: in a line near the title, or in an element with more in it.
//!
//! It must never take a date out of a sentence, or one of two. Takes short texts, gives dates.

use std::collections::BTreeSet;
use std::ops::Range;

use super::person::{Form, names};
use super::plain::squeeze;
use super::{Dated, Line, Sources, Value};
use crate::annotate::date::{self, FoundDate, Reading};
use crate::model::date::Precision;

/// Most words of a line that are tried as a date at once: "Friday, 3 October 2025 at 9:30 am".
const MAX_WORDS: usize = 8;

/// Most places of a line at which a date is looked for.
const MAX_STARTS: usize = 24;

/// Longest line that is searched, in bytes.
const MAX_LINE_BYTES: usize = 120;

/// A date in a line near the title; whether it is to be one of a change.
pub(super) fn shown(
    sources: &Sources<'_>,
    near: &[Vec<&Line<'_>>],
    modified: bool,
) -> Option<Dated> {
    near.iter().find_map(|place| {
        let lines = place.iter().filter(|line| may_be_dated(&line.text));
        let mut found = lines.filter_map(|line| {
            let before = before_change(&line.text);
            let text = if modified { line.text.get(before.len()..)? } else { before };
            find(sources, Value::new(squeeze(text), "text", "line", line.line))
        });
        let first = found.next()?;
        // Lines of a list of pages are dated one by one.
        let others: BTreeSet<String> = found.map(|other| day(&other.date).to_owned()).collect();
        let others = others.iter().filter(|other| *other != day(&first.date)).count();
        (sources.is_written() || others < 2).then_some(first)
    })
}

/// Most lines have no figure, and looking for a date is dear.
fn may_be_dated(text: &str) -> bool {
    text.len() <= MAX_LINE_BYTES && has_digit(text)
}

fn has_digit(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit())
}

/// A text up to the word that speaks of a change: "3 May 2021 - Updated 4 June 2022".
pub(super) fn before_change(text: &str) -> &str {
    const WORDS: [&str; 9] = [
        "updat",
        "modified",
        "edited",
        "reviewed",
        "revised",
        "checked",
        "aktualisiert",
        "mis à jour",
        "actualizado",
    ];
    // Lower case of ASCII keeps every place.
    let small = text.to_ascii_lowercase();
    let at = WORDS.iter().filter_map(|word| small.find(word)).min();
    let before = at.and_then(|at| text.get(..at)).unwrap_or(text);
    // "Last updated": the word before belongs to it.
    let end = before.trim_end();
    let shorter = end.strip_suffix("Last").or_else(|| end.strip_suffix("last")).unwrap_or(before);
    if at.is_some() && !shorter.bytes().any(|byte| byte.is_ascii_digit()) { "" } else { shorter }
}

/// The first date in a short text, to the day at least. What stands before it must lead to it:
/// a mark, a word for publishing, a name. A date in a sentence, or one of two, is none of the page.
pub(super) fn find(sources: &Sources<'_>, value: Value) -> Option<Dated> {
    if !has_digit(&value.text) {
        return None;
    }
    let words: Vec<&str> = value.text.split(' ').collect();
    let (range, date) = date_in(sources, &words, 0)?;
    let before = words.get(..range.start).unwrap_or_default();
    if !leads_to_date(before)
        || date_in(sources, &words, range.end).is_some_and(|(_, other)| day(&other) != day(&date))
    {
        return None;
    }
    Some(Dated { date, evidence: value })
}

/// Whether a line is a date and hardly more: "Published on Dec 17, 2025", "Updated July 9, 2025".
pub(super) fn is_date(sources: &Sources<'_>, text: &str) -> bool {
    if !may_be_dated(text) {
        return false;
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    date_in(sources, &words, 0).is_some_and(|(range, _)| {
        range.start <= 3 && leads_to_date(words.get(..range.start).unwrap_or_default())
    })
}

/// What stands before the date that a line ends with, or that only a few marks follow.
pub(super) fn before_date<'t>(sources: &Sources<'_>, text: &'t str) -> Option<&'t str> {
    if !may_be_dated(text) {
        return None;
    }
    let words: Vec<&str> = text.split(' ').collect();
    let (range, _) = date_in(sources, &words, 0)?;
    let before: usize = words.get(..range.start)?.iter().map(|word| word.len() + 1).sum();
    let before = text.get(..before)?;
    Some(before.trim_matches(|letter: char| !letter.is_alphanumeric() && letter != '.'))
}

/// The first run of words from `from` on that is a date, to the day at least.
fn date_in(
    sources: &Sources<'_>,
    words: &[&str],
    from: usize,
) -> Option<(Range<usize>, FoundDate)> {
    for start in from..words.len().min(from + MAX_STARTS) {
        for end in (start + 1..=words.len().min(start + MAX_WORDS)).rev() {
            let tried = words.get(start..end).unwrap_or_default();
            if !tried.iter().any(|word| has_digit(word)) {
                break;
            }
            let text = tried.join(" ");
            let read = date::read(&text, &sources.page.dates, sources.page.fetched_at);
            if let Reading::Date(date) = read
                && date.precision >= Precision::Day
            {
                return Some((start..end, date));
            }
        }
    }
    None
}

/// Whether words can stand before a date of publication: "Published on", "By Ada Berg |".
fn leads_to_date(before: &[&str]) -> bool {
    const CUES: [&str; 29] = [
        "updated",
        "update",
        "modified",
        "edited",
        "reviewed",
        "revised",
        "last",
        "checked",
        "published",
        "posted",
        "written",
        "created",
        "date",
        "dated",
        "on",
        "by",
        "publication",
        "release",
        "released",
        "added",
        "veröffentlicht",
        "publié",
        "publicado",
        "pubblicato",
        "am",
        "le",
        "el",
        "il",
        "submitted",
    ];
    let Some(last) = before.last() else { return true };
    let is_mark = !last.chars().any(char::is_alphanumeric) || last.ends_with(['|', '·', '•']);
    let small = last.trim_matches(|letter: char| !letter.is_alphanumeric()).to_lowercase();
    let first = before.first().map(|word| word.trim_end_matches(':').to_lowercase());
    // "Joined:", "Expires:": a label of something else.
    if last.ends_with(':') && !CUES.contains(&small.as_str()) {
        return false;
    }
    let opens = first.is_some_and(|first| CUES.contains(&first.as_str()));
    // "Ada Berg, 4 May 2025": every word of a name begins with a capital.
    let capital = |word: &&str| word.starts_with(char::is_uppercase) || *word == "and";
    let named = || before.iter().all(capital) && !names(&before.join(" "), Form::Shown).is_empty();
    opens
        || (before.len() <= 8 && (is_mark || CUES.contains(&small.as_str())))
        || (before.len() <= 4 && named())
}

/// How many days lie between two dates.
pub(super) fn apart(one: &FoundDate, other: &FoundDate) -> u32 {
    let number = |date: &FoundDate| {
        let mut parts = day(date).split('-').map(|part| part.parse::<i32>().unwrap_or(1));
        let (mut year, mut month) = (parts.next().unwrap_or(1), parts.next().unwrap_or(1));
        // Years begin in March here, so that the odd day is the last one.
        if month < 3 {
            (year, month) = (year - 1, month + 12);
        }
        year * 365 + year / 4 - year / 100
            + year / 400
            + (153 * (month - 3) + 2) / 5
            + parts.next().unwrap_or(1)
    };
    number(one).abs_diff(number(other))
}

/// The day of a date, or what it has of one.
pub(super) fn day(date: &FoundDate) -> &str {
    date.value.get(..10).unwrap_or(&date.value)
}
