//! The forest: trees that add up to the score of a page's block.
//!
//! Takes `profiles/block-forest.json`, which `tests/train/forest.py` writes. Integers only: features,
//! thresholds, and leaves in thousandths of a logit, so that a sum is the same everywhere. A forest
//! is checked as a whole when it is read, so that judging a block cannot fail.

mod quick;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use super::block::{self, COUNT, Row};
use super::card::Probability;
use super::vocabulary::Vocabulary;
use quick::{MAX_LEAVES, Quick};

/// The forest that this program was built with.
const BUILT_IN: &str = include_str!("../../../../profiles/block-forest.json");

/// Trees over the features of a block, and the points of words that are some of these.
#[derive(Clone, Default)]
pub struct Forest {
    /// What every block begins with.
    bias: i32,
    /// For scores.
    quick: Quick,
    /// For reasons.
    trees: Vec<WrittenTree>,
    /// The column of each feature that trees ask for.
    columns: Vec<u8>,
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
    bias: i32,
    features: Vec<String>,
    trees: Vec<WrittenTree>,
    /// Hundredths of a logit.
    words: BTreeMap<String, i16>,
    confidence: Vec<u16>,
    probability: Probability,
}

/// Numbers of features and children are those of the tree; a child below 0 is the complement of a
/// leaf's number. To the left goes a row whose feature is at most the threshold.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenTree {
    feature: Vec<u16>,
    threshold: Vec<i32>,
    left: Vec<i32>,
    right: Vec<i32>,
    leaf: Vec<i16>,
    /// For each question the mean of what its blocks got from the tree in training.
    mean: Vec<i16>,
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
    /// The built-in forest. A malformed one would keep every block; a test forbids it.
    pub fn built_in() -> &'static Self {
        static FOREST: OnceLock<Forest> = OnceLock::new();
        FOREST.get_or_init(|| Self::parse(BUILT_IN).unwrap_or_default())
    }

    /// Whether there is nothing to judge by.
    pub(super) fn is_empty(&self) -> bool {
        self.trees.is_empty()
    }

    /// Reads and checks a forest, written as `profiles/block-forest.json` is.
    ///
    /// # Errors
    /// Where the text is not JSON, asks for features that there are not, or has trees that are not.
    pub fn parse(text: &str) -> Result<Self, ForestError> {
        let written: Written = serde_json::from_str(text)?;
        if !written.probability.is_sound() {
            return Err(ForestError::Probability);
        }
        let known: Vec<&str> = block::names().collect();
        let mut columns = Vec::with_capacity(written.features.len());
        for name in written.features {
            let column = known.iter().position(|known| *known == name);
            let column = column.and_then(|column| u8::try_from(column).ok());
            columns.push(column.ok_or(ForestError::Feature(name))?);
        }
        for (number, tree) in written.trees.iter().enumerate() {
            if !tree.is_sound(columns.len()) {
                return Err(ForestError::Tree(number));
            }
        }
        Ok(Self {
            bias: written.bias,
            quick: Quick::new(&written.trees, &columns),
            trees: written.trees,
            columns,
            confidence: written.confidence,
            probability: written.probability,
            vocabulary: Vocabulary::new(written.words),
        })
    }

    /// What each feature did to the score of a row, most first; features that did nothing are left
    /// out. On the way from the root to a leaf each question moves the mean of the blocks that got
    /// so far; the moves of all questions to a feature add up to its share.
    pub(super) fn shares(&self, row: &Row) -> Vec<Share> {
        let mut points = [0_i32; COUNT];
        for tree in &self.trees {
            let mut at = tree.root();
            while let Ok(node) = usize::try_from(at) {
                let feature = tree.feature.get(node).map_or(0, |feature| usize::from(*feature));
                let column = self.columns.get(feature).map_or(0, |column| usize::from(*column));
                let value = row.get(column).copied().unwrap_or(0);
                let before = tree.mean(at);
                at = tree.next(node, value);
                if let Some(sum) = points.get_mut(column) {
                    *sum += tree.mean(at) - before;
                }
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

    /// The score of a row, in thousandths of a logit; `room` is used again from row to row.
    pub(super) fn score(&self, row: &Row, room: &mut Vec<u32>) -> i32 {
        self.bias + self.quick.score(row, room)
    }
}

impl WrittenTree {
    /// Whether its parts fit together: children stand behind their parents, so every walk ends.
    fn is_sound(&self, features: usize) -> bool {
        let count = self.feature.len();
        let is_child = |at: usize, child: i32| match usize::try_from(child) {
            Ok(node) => node > at && node < count,
            Err(_) => usize::try_from(!child).is_ok_and(|leaf| leaf <= count),
        };
        let children = self.left.iter().zip(&self.right).enumerate();
        [self.threshold.len(), self.left.len(), self.right.len(), self.mean.len()] == [count; 4]
            && self.leaf.len() == count + 1
            && count < MAX_LEAVES
            && self.feature.iter().all(|feature| usize::from(*feature) < features)
            && { children }.all(|(at, (left, right))| is_child(at, *left) && is_child(at, *right))
    }

    fn root(&self) -> i32 {
        if self.feature.is_empty() { -1 } else { 0 }
    }

    /// Where a value goes from a question.
    fn next(&self, node: usize, value: i32) -> i32 {
        let stays = self.threshold.get(node).is_some_and(|threshold| value <= *threshold);
        let child = if stays { self.left.get(node) } else { self.right.get(node) };
        child.copied().unwrap_or(-1)
    }

    /// The mean of a question, or the value of a leaf.
    fn mean(&self, at: i32) -> i32 {
        let known = match usize::try_from(at) {
            Ok(node) => self.mean.get(node),
            Err(_) => usize::try_from(!at).ok().and_then(|leaf| self.leaf.get(leaf)),
        };
        known.copied().map_or(0, i32::from)
    }
}

const _: () = assert!(COUNT <= u8::MAX as usize, "features have numbers of 8 bits");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_forest_is_sound() {
        let forest = Forest::parse(BUILT_IN).unwrap();
        assert!(!forest.is_empty());
    }

    /// The leaf of a tree that a row comes to.
    fn walk(forest: &Forest, tree: &WrittenTree, row: &Row) -> i32 {
        let mut at = tree.root();
        while let Ok(node) = usize::try_from(at) {
            let column = forest.columns[usize::from(tree.feature[node])];
            at = tree.next(node, row[usize::from(column)]);
        }
        tree.mean(at)
    }

    #[test]
    fn walks_and_masks_agree() {
        let forest = Forest::built_in();
        let mut room = Vec::new();
        let mut seed = 1_u32;
        for _ in 0..500 {
            let row: Row = std::array::from_fn(|_| {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                // Small values more often than large ones.
                i32::try_from(seed >> 8).unwrap() >> (seed % 24)
            });
            let walk = |tree| walk(forest, tree, &row);
            let all: i32 = forest.trees.iter().map(walk).sum();
            assert_eq!(forest.score(&row, &mut room), forest.bias + all);
        }
    }

    #[test]
    fn a_forest_is_walked_to_its_leaves() {
        let text = r#"{"card": {}, "bias": 10, "features": ["words", "long"], "trees": [
            {"feature": [0, 1], "threshold": [4, 0], "left": [-1, -2], "right": [1, -3],
             "leaf": [-100, 200, 300], "mean": [40, 250]},
            {"feature": [], "threshold": [], "left": [], "right": [], "leaf": [7], "mean": []}],
            "words": {}, "confidence": [0, 600, 900], "probability": {"low": -1000, "step": 500, "per_mille": [0, 300, 700, 1000]}}"#;
        let forest = Forest::parse(text).unwrap();
        let column = |name: &str| block::names().position(|known| known == name).unwrap();
        let score = |words: i32, long: i32| {
            let mut row = [0; COUNT];
            row[column("words")] = words;
            row[column("long")] = long;
            let walked: i32 = forest.trees.iter().map(|tree| walk(&forest, tree, &row)).sum();
            let score = forest.score(&row, &mut Vec::new());
            assert_eq!(score, 10 + walked);
            score
        };
        assert_eq!(score(4, 1), 10 - 100 + 7);
        assert_eq!(score(5, 0), 10 + 200 + 7);
        assert_eq!(score(5, 1), 10 + 300 + 7);
        let (words, long) = (column("words"), column("long"));
        let mut row = [0; COUNT];
        (row[words], row[long]) = (5, 1);
        let shares: Vec<_> =
            forest.shares(&row).iter().map(|it| (usize::from(it.feature), it.points)).collect();
        assert_eq!(shares, [(words, 250 - 40), (long, 300 - 250)]);
        for (expected, confidence) in [(0, 0), (250, 300), (500, 600), (900, 840), (2000, 900)] {
            assert_eq!(forest.confidence(expected), confidence);
        }
        for (from, to) in [
            ("\"words\"", "\"wards\""),
            ("[1, -3]", "[0, -3]"),
            ("[1, -3]", "[1, -4]"),
            ("[4, 0]", "[4]"),
            ("[0, 300", "[400, 300"),
        ] {
            assert!(Forest::parse(&text.replacen(from, to, 1)).is_err(), "{to}");
        }
    }
}
