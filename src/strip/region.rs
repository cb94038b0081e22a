//! `strip.region`: from a line to a line, both included. No end found means nothing removed.

use super::{Scene, Span, Stripped};
use crate::profile::matcher::PatternId;
use crate::profile::program::Edge;

/// Regions among some blocks, and the block that begins one without an end.
pub(super) fn find(
    scene: Scene<'_>,
    stripped: &Stripped,
    (from, to, max_words): (Edge, Edge, u32),
    among: std::ops::Range<usize>,
) -> (Vec<Span>, Option<usize>) {
    let mut found = Vec::new();
    let mut endless = None;
    let mut at = among.start;
    while at < among.end {
        let Some((start, behind, first)) = side(scene, stripped, from, at, &among) else { break };
        // The end may be the line that is the beginning too, where one line says both.
        let Some((_, end, last)) = side(scene, stripped, to, behind.max(at), &among) else {
            // Each capture has a start: that alone is no sign of a region.
            endless = (!matches!(from, Edge::Start)).then_some(start);
            break;
        };
        // Longer than the rule allows: the line that ends it is another one, or not there.
        let words: usize = (start..end).map(|index| scene.document.words(index)).sum();
        let fits = words <= max_words as usize;
        if fits {
            let lines = [first, last].into_iter().flatten().collect();
            found.push(Span { start, end, lines });
        }
        if matches!(from, Edge::Start) {
            break;
        }
        at = if fits { end.max(start + 1) } else { start + 1 };
    }
    (found, endless)
}

type Side = (usize, usize, Option<(usize, PatternId)>);

/// The first place from `at` on where a side matches: its first block, the one behind, its line.
fn side(
    scene: Scene<'_>,
    stripped: &Stripped,
    edge: Edge,
    at: usize,
    among: &std::ops::Range<usize>,
) -> Option<Side> {
    match edge {
        Edge::Start => Some((among.start, among.start, None)),
        Edge::End => (at <= among.end).then_some((among.end, among.end, None)),
        Edge::Pattern(pattern) => (scene.matches.among(at..among.end, pattern).next())
            .map(|index| (index, index + 1, Some((index, pattern)))),
        Edge::Rule(rule) => stripped
            .hits_of(rule)
            .filter(|hit| hit.start >= at && hit.start < among.end)
            .map(|hit| (hit.start, hit.end, None))
            .min_by_key(|side| side.0),
    }
}
