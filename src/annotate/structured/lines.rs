//! The visible lines around the title: where a page prints who wrote it, and when.
//!
//! It must never look at the whole page: bylines and dates of other articles stand there. Takes
//! the page and its title, gives lines.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::plain::{folded, initial};
use super::{Line, Page, Value};
use crate::model::document::{Document, Glue, place};

/// Lines above the title that count.
const ABOVE: usize = 4;

/// Lines below the title that count.
const BELOW: usize = 10;

/// Most lines that are searched for the title.
const MAX_LINES: usize = 5_000;

/// Most places of the title that are looked at.
const MAX_PLACES: usize = 3;

/// Longest line that can be a byline or a dateline, in bytes.
const MAX_BYTES: usize = 300;

/// The visible lines of a document, outside menus and footers. Blocks that stand side by side are
/// one line.
pub fn of(document: &Document) -> Vec<Line<'_>> {
    let hidden = place::NAV | place::FOOTER | place::TEMPLATE;
    let mut lines: Vec<Line<'_>> = Vec::new();
    let mut joins = false;
    for (index, block) in document.blocks.iter().enumerate() {
        let places = document.markup.as_ref().and_then(|markup| markup.traits.get(index));
        if places.is_some_and(|traits| traits.places & hidden != 0) {
            joins = false;
            continue;
        }
        let text = document.block_text(index);
        match lines.last_mut() {
            Some(line) if joins && matches!(block.glue, Glue::Tight | Glue::Space) => {
                // Longer ones are no bylines.
                if line.text.len() <= MAX_BYTES {
                    let whole = line.text.to_mut();
                    if block.glue == Glue::Space {
                        whole.push(' ');
                    }
                    whole.push_str(text);
                }
            }
            _ => lines.push(Line { text: Cow::Borrowed(text), line: block.line }),
        }
        joins = true;
    }
    lines
}

/// The lines around each place of the title, those below it first; none where the title is not in
/// the text. The place of the heading itself comes first.
pub(super) fn near<'a>(page: &Page<'a>, title: Option<&Value>) -> Vec<Vec<&'a Line<'a>>> {
    let filled = |line: &&Line<'_>| !line.text.trim().is_empty();
    let lines: Vec<&Line<'_>> = page.lines.iter().take(MAX_LINES).filter(filled).collect();
    let places_of = |text: &str| -> Vec<usize> {
        let wanted = folded(text);
        if wanted.is_empty() {
            return Vec::new();
        }
        let first = wanted.chars().next();
        let is_it = |line: &Line<'_>| {
            line.text.len() <= 2 * text.len() + 8
                && initial(&line.text) == first
                && folded(&line.text) == wanted
        };
        let places = lines.iter().enumerate().filter(|(_, line)| is_it(line)).map(|(at, _)| at);
        places.take(MAX_PLACES).collect()
    };
    let (mut places, mut line) =
        title.map_or((Vec::new(), 0), |title| (places_of(&title.text), title.line));
    // A title that was written for search results stands nowhere, but the headline does.
    if let Some(heading) = page.head.headings.first().filter(|_| places.is_empty()) {
        (places, line) = (places_of(&heading.text), heading.line);
    }
    // A trail may name the title before the headline does, so without a heading the last counts.
    places.reverse();
    let is_heading =
        |at: &usize| line > 0 && lines.get(*at).is_some_and(|other| other.line == line);
    places.sort_by_key(|at| !is_heading(at));
    let mut taken = BTreeSet::new();
    let mut found = Vec::new();
    for at in places {
        let around = (at + 1..=at + BELOW).chain((at.saturating_sub(ABOVE)..at).rev());
        let around = around.filter(|near| taken.insert(*near)).filter_map(|near| lines.get(near));
        found.push(around.filter(|line| line.text.len() <= MAX_BYTES).copied().collect());
    }
    found
}
