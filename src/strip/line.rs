//! `strip.line`: one line, with `then` the line below too.

use super::{Scene, Span};
use crate::model::ledger::Ledger;
use crate::profile::matcher::PatternId;

/// Lines among some blocks that match and are still open.
pub(super) fn find(
    scene: Scene<'_>,
    ledger: &Ledger,
    (is, not, then): (PatternId, Option<PatternId>, Option<PatternId>),
    among: std::ops::Range<usize>,
) -> Vec<Span> {
    let mut found = Vec::new();
    for index in scene.matches.among(among, is) {
        let refused = || not.is_some_and(|not| scene.matches.has(index, not));
        if !ledger.is_open(index) || refused() {
            continue;
        }
        match then {
            None => found.push(Span { start: index, end: index + 1, lines: vec![(index, is)] }),
            Some(then)
                if scene.document.blanks_before(index + 1) == 0
                    && scene.matches.has(index + 1, then) =>
            {
                found.push(Span {
                    start: index,
                    end: index + 2,
                    lines: vec![(index, is), (index + 1, then)],
                });
            }
            Some(_) => {}
        }
    }
    found
}
