//! The visible lines around the title: where a page prints who wrote it, and when.
//!
//! It must never look at the whole page: bylines and dates of other articles stand there. Takes
//! the page and its title, gives lines.

use super::plain::folded;
use super::{Line, Page, Value};

/// Lines above the title that count.
const ABOVE: usize = 4;

/// Lines below the title that count.
const BELOW: usize = 10;

/// Most lines that are searched for the title.
const MAX_LINES: usize = 5_000;

/// Longest line that can be a byline or a dateline, in bytes.
const MAX_BYTES: usize = 300;

/// The lines around the title, those below it first; none where the title is not in the text.
pub(super) fn near<'a>(page: &Page<'a>, title: Option<&Value>) -> Vec<Line<'a>> {
    let Some(title) = title else { return Vec::new() };
    let wanted = folded(&title.text);
    if wanted.is_empty() {
        return Vec::new();
    }
    let lines: Vec<&Line<'_>> =
        page.lines.iter().take(MAX_LINES).filter(|line| !line.text.trim().is_empty()).collect();
    let mut found: Vec<Line<'_>> = Vec::new();
    // A menu or a trail may name the title before the headline does: the last place that stands
    // among the first few is the headline, and what is near any of them is near the title.
    let is_title = |line: &&Line<'_>| {
        line.text.len() <= 2 * title.text.len() + 8 && folded(line.text) == wanted
    };
    let places: Vec<usize> =
        (0..lines.len()).filter(|at| lines.get(*at).is_some_and(is_title)).take(3).collect();
    for at in places.iter().rev() {
        let below = lines.iter().skip(at + 1).take(BELOW);
        let above = lines.iter().skip(at.saturating_sub(ABOVE)).take(ABOVE.min(*at)).rev();
        for line in below.chain(above).filter(|line| line.text.len() <= MAX_BYTES) {
            if !found.iter().any(|known| std::ptr::eq(known.text, line.text)) {
                found.push(**line);
            }
        }
    }
    found
}
