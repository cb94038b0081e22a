//! A forest: trees that add up to the score of a block.
//!
//! Takes `profiles/block-forest.json` or `profiles/line-forest.json`, which `tests/train/forest.py`
//! writes. Integers only: features, thresholds, and leaves in thousandths of a logit, so that a sum
//! is the same everywhere. A forest is checked as a whole when it is read, so that judging a block
//! cannot fail.

mod probability;
mod scorer;
mod tree;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use super::block::{self, Batch, COUNT, LANES, Row};
use super::vocabulary::Vocabulary;
pub(super) use probability::Probability;
pub(super) use scorer::Scorer;
use tree::{Tree, WrittenTree, add};

/// The forests that this program was built with.
const OF_PAGES: &str = include_str!("../../../../profiles/block-forest.json");
const OF_TEXTS: &str = include_str!("../../../../profiles/line-forest.json");

/// Trees over the features of a block, and the points of words that are some of these.
#[derive(Clone, Default)]
pub struct Forest {
    /// What every block begins with.
    bias: i16,
    trees: Vec<Tree>,
    /// The columns that trees ask, each once.
    columns: Vec<u8>,
    early: Option<Early>,
    /// The F1 that pages had out of fold, per mille, by the F1 that was expected of them: one entry
    /// for 0, one for 1000, the others between them at equal distances.
    confidence: Vec<u16>,
    /// From scores to probabilities.
    pub(super) probability: Probability,
    /// What words say.
    pub(super) vocabulary: Vocabulary,
}

impl std::fmt::Debug for Forest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Forest").field("trees", &self.trees.len()).finish_non_exhaustive()
    }
}

/// The forest as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    /// What it was trained on, by what, and how good it is.
    #[serde(rename = "card")]
    _card: serde_json::Value,
    bias: i16,
    features: Vec<String>,
    trees: Vec<WrittenTree>,
    #[serde(default)]
    early: Option<Early>,
    /// Hundredths of a logit.
    words: BTreeMap<String, i16>,
    confidence: Vec<u16>,
    probability: Probability,
}

/// From when on a block is sure enough not to ask the other trees. Most blocks are, and the other
/// trees are most of the work.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
struct Early {
    /// The trees that every block is asked.
    trees: usize,
    /// The score below which it is sure then, and the score above which it is.
    below: i16,
    above: i16,
    /// What the other trees would make of such a score, per mille of it.
    per_mille: u16,
}

/// A feature of a block and what it did to its score, in thousandths of a logit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Share {
    /// Column of the feature.
    pub(super) feature: u8,
    /// Above 0 for main content, below 0 for boilerplate.
    pub(super) points: i32,
}

/// Why a forest cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ForestError {
    /// Not JSON, or not a forest.
    #[error("the block forest is malformed: {0}")]
    Malformed(#[from] serde_json::Error),
    /// A feature that this program does not compute.
    #[error("the block forest asks for `{0}`, which is no feature")]
    Feature(String),
    /// A tree whose parts do not fit together.
    #[error("tree {0} of the block forest is not a tree")]
    Tree(usize),
    /// Probabilities do not rise from 0 to 1000.
    #[error("the block forest's probabilities do not rise from 0 to 1000")]
    Probability,
}

impl Forest {
    /// The built-in forest for blocks of pages. A malformed one would keep every block; a test
    /// forbids it.
    pub fn of_pages() -> &'static Self {
        static FOREST: OnceLock<Forest> = OnceLock::new();
        FOREST.get_or_init(|| Self::parse(OF_PAGES).unwrap_or_default())
    }

    /// The same for lines of texts.
    pub fn of_texts() -> &'static Self {
        static FOREST: OnceLock<Forest> = OnceLock::new();
        FOREST.get_or_init(|| Self::parse(OF_TEXTS).unwrap_or_default())
    }

    /// Whether there is nothing to judge by.
    pub(super) fn is_empty(&self) -> bool {
        self.trees.is_empty()
    }

    /// Reads and checks a forest, written as those in `profiles/` are.
    ///
    /// # Errors
    /// Where the text is not JSON, asks for features that there are not, or has trees that are not.
    pub fn parse(text: &str) -> Result<Self, ForestError> {
        Self::parse_for(text, &block::names().collect::<Vec<_>>())
    }

    /// The same for a forest that asks for other features: these, in the order of their columns.
    pub(super) fn parse_for(text: &str, known: &[&str]) -> Result<Self, ForestError> {
        let written: Written = serde_json::from_str(text)?;
        if !written.probability.is_sound() {
            return Err(ForestError::Probability);
        }
        let mut columns = Vec::with_capacity(written.features.len());
        for name in written.features {
            let column = known.iter().position(|known| *known == name);
            let column = column.and_then(|column| u8::try_from(column).ok());
            columns.push(column.ok_or(ForestError::Feature(name))?);
        }
        let checked = |(number, tree)| Tree::new(tree, &columns).ok_or(ForestError::Tree(number));
        Ok(Self {
            bias: written.bias,
            early: written.early,
            trees: written.trees.iter().enumerate().map(checked).collect::<Result<_, _>>()?,
            confidence: written.confidence,
            probability: written.probability,
            vocabulary: Vocabulary::new(written.words),
            columns,
        })
    }

    /// What each feature did to the score of a row, most first; features that did nothing are left
    /// out. A question's share is half of what the other answer to it would change.
    pub(super) fn shares(&self, row: &Row) -> Vec<Share> {
        let mut points = [0_i32; COUNT];
        for (column, change) in self.trees.iter().flat_map(|tree| tree.shares(row)) {
            if let Some(sum) = points.get_mut(usize::from(column)) {
                *sum += change;
            }
        }
        let mut shares: Vec<Share> = (0_u8..)
            .zip(points)
            .filter(|(_, points)| *points != 0)
            .map(|(feature, points)| Share { feature, points })
            .collect();
        shares.sort_by_key(|share| std::cmp::Reverse(share.points.abs()));
        shares
    }

    /// The F1 that pages have of which so much F1 is expected, both per mille.
    pub(super) fn confidence(&self, expected: u32) -> u32 {
        let of = |at: usize| self.confidence.get(at).copied().map(u32::from);
        let steps = u32::try_from(self.confidence.len().saturating_sub(1)).unwrap_or(0);
        let at = expected.min(1000) * steps;
        let (low, part) = ((at / 1000) as usize, at % 1000);
        match (of(low), of(low + 1)) {
            (Some(below), Some(above)) => (below * (1000 - part) + above * part) / 1000,
            (Some(only), None) => only,
            _ => expected,
        }
    }

    /// The scores of a batch, in thousandths of a logit; what is beyond 16 bits is cut off.
    pub(super) fn scores(&self, batch: &Batch) -> [i16; LANES] {
        add(&self.trees, batch, [self.bias; LANES])
    }
}

const _: () = assert!(COUNT <= u8::MAX as usize, "features have numbers of 8 bits");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_forests_are_sound() {
        for forest in [OF_PAGES, OF_TEXTS] {
            assert!(!Forest::parse(forest).unwrap().is_empty());
        }
    }

    #[test]
    fn leaves_are_found_by_answers() {
        let text = r#"{"card": {}, "bias": 10, "features": ["words", "long"], "trees": [
            {"feature": [0, 1], "threshold": [4, 0], "leaf": [-100, 200, -300, 400]},
            {"feature": [], "threshold": [], "leaf": [7]}],
            "words": {}, "confidence": [0, 600, 900], "probability": {"low": -1000, "step": 500, "per_mille": [0, 300, 700, 1000]}}"#;
        let forest = Forest::parse(text).unwrap();
        let column = |name: &str| block::names().position(|known| known == name).unwrap();
        let (words, long) = (column("words"), column("long"));
        let mut batch = Batch::default();
        for (lane, (w, l)) in [(4, 0), (5, 0), (4, 1), (i32::MAX, 1)].into_iter().enumerate() {
            batch.put(words, lane, w);
            batch.put(long, lane, l);
        }
        let scores = forest.scores(&batch);
        assert_eq!(scores[..4], [-100, 200, -300, 400].map(|leaf| 10 + leaf + 7));
        assert_eq!(scores[4..], [-83; LANES - 4]);
        let early =
            r#""early": {"trees": 1, "below": -50, "above": 350, "per_mille": 2000}, "words": {}"#;
        let early = Forest::parse(&text.replacen("\"words\": {}", early, 1)).unwrap();
        let mut scorer = Scorer::new(&early);
        for rows in [LANES, LANES, 4] {
            batch.rows = rows;
            scorer.push(&batch);
        }
        let found = scorer.scores();
        assert_eq!(found.len(), 2 * LANES + 4);
        for (at, score) in found.into_iter().enumerate() {
            let whole = scores[at % LANES];
            let first = whole - 7;
            let expected = if (-50..=350).contains(&first) { whole } else { 2 * first };
            assert_eq!(score, i32::from(expected), "{at}");
        }
        let shares: Vec<_> = { forest.shares(&batch.row(3)).into_iter() }
            .map(|it| (usize::from(it.feature), it.points))
            .collect();
        assert_eq!(shares, [(words, 350), (long, 100)]);
        for (expected, confidence) in [(0, 0), (250, 300), (500, 600), (900, 840), (2000, 900)] {
            assert_eq!(forest.confidence(expected), confidence);
        }
        for (from, to) in [
            ("\"words\"", "\"wards\""),
            ("[0, 1]", "[0, 2]"),
            ("[0, 1]", "[0, 1, 0]"),
            ("[4, 0]", "[4]"),
            ("[7]", "[7, 8]"),
            ("[0, 300", "[400, 300"),
        ] {
            assert!(Forest::parse(&text.replacen(from, to, 1)).is_err(), "{to}");
        }
    }
}
