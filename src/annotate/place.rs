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

/// The blocks that a place covers, as ranges of neighbours. `lines` are the blocks of the piece
/// that count, in order. `last` covers nothing here: it moves while lines are taken.
pub(super) fn covers(at: Place, lines: &[usize], title: Option<usize>) -> Vec<Range<usize>> {
    let chosen: Vec<usize> = match at {
        Place::First => lines.first().copied().into_iter().collect(),
        Place::Last => Vec::new(),
        Place::AfterTitle => {
            let below = |index: &usize| title.is_some_and(|title| *index > title);
            lines.iter().copied().find(below).into_iter().collect()
        }
        Place::BeforeTitle => {
            let above = |index: &usize| title.is_some_and(|title| *index < title);
            lines.iter().copied().filter(above).collect()
        }
        Place::Lines(low, high) => lines
            .iter()
            .copied()
            .skip((low as usize).saturating_sub(1))
            .take((high as usize + 1).saturating_sub(low as usize))
            .collect(),
    };
    runs(&chosen)
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
