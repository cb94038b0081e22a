//! `strip.block`: lines in a row, blank lines counted.

use super::{Scene, Span};
use crate::model::ledger::Ledger;
use crate::profile::block;
use crate::profile::program::Sequence;

/// Matches that begin among some blocks and do not overlap.
///
/// The search goes from anchor to anchor: only the lines from which one can be reached are tried,
/// so that the wide patterns of a block run on few lines.
pub(super) fn find(
    scene: Scene<'_>,
    ledger: &Ledger,
    sequence: &Sequence,
    among: std::ops::Range<usize>,
) -> Vec<Span> {
    let Some((anchor, above)) = sequence.anchor else { return Vec::new() };
    let mut found = Vec::new();
    let mut at = among.start;
    // The anchor of a match that begins among the blocks stands at most so far behind them.
    let last = (among.end + above).min(scene.document.blocks.len());
    for place in scene.matches.among(among.start..last, anchor) {
        at = at.max(place.saturating_sub(above));
        while at <= place && at < among.end {
            let hit = if ledger.is_open(at) {
                block::run(
                    &sequence.elements,
                    at,
                    scene.document,
                    &scene.rules.patterns,
                    scene.matches,
                )
            } else {
                None
            };
            match hit {
                Some(hit) => {
                    found.push(Span { start: at, end: hit.end, lines: hit.lines });
                    at = hit.end;
                }
                None => at += 1,
            }
        }
    }
    found
}
