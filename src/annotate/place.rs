//! Places in a piece: what `at = "…"` means for the lines at hand.

use std::ops::Range;

use crate::model::piece::{Field, Piece};
use crate::profile::schema::Place;
use crate::strip::Scene;

/// The block that holds a piece's title, where the title is a line of the piece.
pub(super) fn title_line(scene: Scene<'_>, piece: &Piece) -> Option<usize> {
    let line = piece.facts.first(Field::Title)?.line;
    let index = scene.document.blocks.binary_search_by_key(&line, |block| block.line).ok()?;
    piece.blocks.binary_search(&index).is_ok().then_some(index)
}

/// The lines that a place covers, out of the lines of a piece that count, in order. `last` covers
/// nothing here: it moves while lines are taken.
pub(super) fn covered(at: Option<Place>, lines: &[usize], title: Option<usize>) -> &[usize] {
    let above_title = || lines.partition_point(|line| title.is_some_and(|title| *line < title));
    let below_title = || lines.partition_point(|line| title.is_some_and(|title| *line <= title));
    let range = match at {
        None => 0..lines.len(),
        Some(Place::First) => 0..lines.len().min(1),
        Some(Place::AfterTitle) if title.is_some() => {
            below_title()..lines.len().min(below_title() + 1)
        }
        Some(Place::BeforeTitle) if title.is_some() => 0..above_title(),
        Some(Place::Last | Place::AfterTitle | Place::BeforeTitle) => 0..0,
        Some(Place::Lines(low, high)) => {
            (low as usize).saturating_sub(1).min(lines.len())..lines.len().min(high as usize)
        }
    };
    lines.get(range).unwrap_or_default()
}

/// Ordered blocks as ranges of neighbours.
pub(super) fn runs(blocks: &[usize]) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for &index in blocks {
        match found.last_mut() {
            Some(run) if run.end == index => run.end += 1,
            _ => found.push(index..index + 1),
        }
    }
    found
}
