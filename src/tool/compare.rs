//! A profile against the one that it hides or extends, part by part.
//!
//! Takes two chains; gives text for people.

use std::fmt::Write as _;

use super::resolve::{self, Part};
use crate::profile::schema::Layer;
use crate::profile::source;

/// Most lines of a part's text that are shown.
const SHOWN_LINES: usize = 12;

/// What a comparison found.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    added: usize,
    changed: usize,
    off: usize,
    same: usize,
}

/// How the first profile differs from the second one.
pub fn text(own: &[&Layer], base: &[&Layer]) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    write_all(own, base, &mut out).unwrap_or_default();
    out
}

fn write_all(own: &[&Layer], base: &[&Layer], out: &mut String) -> std::fmt::Result {
    let (Some(mine), Some(theirs)) = (own.first(), base.first()) else { return Ok(()) };
    writeln!(out, "- {} ({})", theirs.file.path, theirs.file.origin.name())?;
    let extends = own.iter().any(|layer| std::ptr::eq(*layer, *theirs));
    let how = if extends { "extends it" } else { "stands in its place" };
    writeln!(out, "+ {} ({}), {how}", mine.file.path, mine.file.origin.name())?;
    let before = resolve::resolve(base);
    let after = resolve::resolve(own);
    let mut counts = Counts::default();
    let find = |list: &[Part], part: &Part| {
        let same = |other: &&Part| other.off.is_none() && other.key() == part.key();
        list.iter().find(same).cloned()
    };
    for part in after.iter().filter(|part| part.off.is_none()) {
        if part.table.is_empty() && part.name == "extends" {
            continue;
        }
        let place = resolve::line(own, part.place);
        match find(&before, part) {
            Some(old) if source::same(&old.text, &part.text) => counts.same += 1,
            Some(old) => {
                counts.changed += 1;
                let was = resolve::line(base, old.place);
                writeln!(out, "\n~ {}  {place}, was {was}", part.key())?;
                lines(out, '-', &old.text)?;
                lines(out, '+', &part.text)?;
            }
            None => {
                counts.added += 1;
                writeln!(out, "\n+ {}  {place}", part.key())?;
                lines(out, '+', &part.text)?;
            }
        }
    }
    for old in before.iter().filter(|part| part.off.is_none()) {
        if find(&after, old).is_some() {
            continue;
        }
        // What holds for its own file alone and is not repeated is gone.
        let off = after.iter().find(|part| part.off.is_some() && part.key() == old.key());
        let by = off.and_then(|part| part.off).map(|place| resolve::line(own, place));
        let by = by.map_or_else(|| "not in it".to_owned(), |by| format!("off by {by}"));
        counts.off += 1;
        writeln!(out, "\n- {}  {by}, was {}", old.key(), resolve::line(base, old.place))?;
        lines(out, '-', &old.text)?;
    }
    let Counts { added, changed, off, same } = counts;
    writeln!(out, "\n{added} added, {changed} changed, {off} gone or off, {same} the same")
}

fn lines(out: &mut String, sign: char, text: &str) -> std::fmt::Result {
    for line in text.lines().take(SHOWN_LINES) {
        writeln!(out, "  {sign} {line}")?;
    }
    match text.lines().count().saturating_sub(SHOWN_LINES) {
        0 => Ok(()),
        more => writeln!(out, "  {sign} … {more} lines more"),
    }
}
