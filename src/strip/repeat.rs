//! `strip.repeat`: the same short line so often in one capture.

use std::collections::HashMap;

use super::{Scene, Span};
use crate::model::document;
use crate::model::ledger::Ledger;

/// Lines among some blocks that stand at least `times` times in the capture.
pub(super) fn find(
    scene: Scene<'_>,
    ledger: &Ledger,
    times: u32,
    max_words: u32,
    among: std::ops::Range<usize>,
) -> Vec<Span> {
    let short = |index: usize| {
        let text = scene.document.block_text(index);
        (document::words(text) <= max_words as usize).then_some(text)
    };
    let mut counts: HashMap<&str, u32> = HashMap::new();
    for text in (0..scene.document.blocks.len()).filter_map(short) {
        *counts.entry(text).or_default() += 1;
    }
    among
        .filter(|index| ledger.is_open(*index))
        .filter(|index| {
            short(*index).is_some_and(|text| counts.get(text).is_some_and(|count| *count >= times))
        })
        .map(|index| Span { start: index, end: index + 1, lines: Vec::new() })
        .collect()
}
