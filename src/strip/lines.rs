//! `strip.block`: lines in a row, blank lines counted.

use super::{Scene, Span};
use crate::model::ledger::Ledger;
use crate::profile::block;
use crate::profile::compile::Element;

/// Matches that begin among some blocks and do not overlap.
pub(super) fn find(
    scene: Scene<'_>,
    ledger: &Ledger,
    elements: &[Element],
    among: std::ops::Range<usize>,
) -> Vec<Span> {
    let mut found = Vec::new();
    let mut at = among.start;
    while at < among.end {
        let next = match block::run(elements, at, scene.document, &scene.rules.patterns, scene.matches) {
            Some(hit) if ledger.is_open(at) => {
                found.push(Span { start: at, end: hit.end, lines: hit.lines });
                hit.end
            }
            _ => at + 1,
        };
        at = next;
    }
    found
}
