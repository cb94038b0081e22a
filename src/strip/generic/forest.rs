//! The forest: trees that add up to the score of a page's block.
//!
//! Takes `profiles/block-forest.json`, which `tests/train/forest.py` writes. Integers only: features,
//! thresholds, and leaves in thousandths of a logit, so that a sum is the same everywhere. A forest
//! is checked as a whole when it is read, so that judging a block cannot fail.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use super::block::{self, COUNT, Row};
use super::card::Probability;
use super::vocabulary::Vocabulary;

/// The forest that this program was built with.
const BUILT_IN: &str = include_str!("../../../profiles/block-forest.json");

/// Most steps from the root of a tree to a leaf: trees have at most so many nodes.
const MAX_NODES: usize = 1_024;

/// Trees that are walked side by side, so that a step in one need not wait for a step in another.
const ABREAST: usize = 8;

/// Trees over the features of a block, and the points of words that are some of these.
#[derive(Clone, Default)]
pub struct Forest {
    /// What every block begins with.
    bias: i32,
    nodes: Vec<Node>,
    leaves: Vec<i16>,
    groups: Vec<Group>,
    /// For each node the mean of what its blocks got from its tree in training.
    means: Vec<i16>,
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
        let trees = self.groups.len() * ABREAST;
        f.debug_struct("Forest").field("trees", &trees).finish_non_exhaustive()
    }
}

/// A question to a row: to the left where the feature is at most the threshold.
#[derive(Debug, Clone, Copy, Default)]
struct Node {
    threshold: i32,
    /// A node's number in its tree, or the complement of a leaf's.
    left: i16,
    right: i16,
    feature: u8,
}

/// Some trees, and the longest way from a root of theirs to a leaf.
#[derive(Debug, Clone, Copy, Default)]
struct Group {
    trees: [Tree; ABREAST],
    depth: u16,
}

/// A tree's place among the nodes and leaves of all.
#[derive(Debug, Clone, Copy, Default)]
struct Tree {
    nodes: u32,
    leaves: u32,
    /// 0, or -1 for a tree that is one leaf.
    root: i16,
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
/// leaf's number.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenTree {
    feature: Vec<u16>,
    threshold: Vec<i32>,
    left: Vec<i32>,
    right: Vec<i32>,
    leaf: Vec<i16>,
    mean: Vec<i16>,
}

/// A feature of a block and what it did to its score, in thousandths of a logit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Share {
    /// Column of the feature.
    pub(super) feature: u16,
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
        self.groups.is_empty()
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
        let mut forest = Self {
            bias: written.bias,
            probability: written.probability,
            vocabulary: Vocabulary::new(written.words),
            confidence: written.confidence,
            ..Self::default()
        };
        // The last group is filled up with trees that say nothing.
        forest.leaves.push(0);
        forest.nodes.push(Node::default());
        forest.means.push(0);
        let nothing = Tree { nodes: 0, leaves: 0, root: -1 };
        for (number, trees) in written.trees.chunks(ABREAST).enumerate() {
            let mut group = Group { trees: [nothing; ABREAST], depth: 0 };
            for (at, (slot, tree)) in group.trees.iter_mut().zip(trees).enumerate() {
                let (tree, depth) =
                    forest.add(tree, &columns).ok_or(ForestError::Tree(number * ABREAST + at))?;
                *slot = tree;
                group.depth = group.depth.max(depth);
            }
            forest.groups.push(group);
        }
        Ok(forest)
    }

    /// Adds a tree. Children stand behind their parents, so every walk ends. Gives the longest walk
    /// too.
    fn add(&mut self, tree: &WrittenTree, columns: &[u8]) -> Option<(Tree, u16)> {
        let count = tree.feature.len();
        let fits = [tree.threshold.len(), tree.left.len(), tree.right.len(), tree.mean.len()];
        if count > MAX_NODES || fits != [count; 4] || tree.leaf.len() != count + 1 {
            return None;
        }
        let found = Tree {
            nodes: u32::try_from(self.nodes.len()).ok()?,
            leaves: u32::try_from(self.leaves.len()).ok()?,
            root: if count == 0 { -1 } else { 0 },
        };
        let mut depths = vec![1_u16; count];
        let mut deepest = u16::from(count > 0);
        for at in 0..count {
            let depth = *depths.get(at)?;
            deepest = deepest.max(depth);
            let mut child = |number: i32| -> Option<i16> {
                if number < 0 {
                    let is_leaf = usize::try_from(!number).is_ok_and(|leaf| leaf <= count);
                    return i16::try_from(number).ok().filter(|_| is_leaf);
                }
                let node = usize::try_from(number).ok().filter(|node| *node > at)?;
                *depths.get_mut(node)? = depth + 1;
                i16::try_from(node).ok()
            };
            let node = Node {
                feature: *columns.get(usize::from(*tree.feature.get(at)?))?,
                threshold: *tree.threshold.get(at)?,
                left: child(*tree.left.get(at)?)?,
                right: child(*tree.right.get(at)?)?,
            };
            self.nodes.push(node);
        }
        self.means.extend(&tree.mean);
        self.leaves.extend(&tree.leaf);
        Some((found, deepest))
    }

    /// What each feature did to the score of a row, most first; features that did nothing are left
    /// out. On the way from the root to a leaf each question moves the mean of the blocks that got
    /// so far; the moves of all questions to a feature add up to its share.
    pub(super) fn shares(&self, row: &Row) -> Vec<Share> {
        let mut points = [0_i32; COUNT];
        for tree in self.groups.iter().flat_map(|group| &group.trees) {
            let mut at = tree.root;
            while at >= 0 {
                let node = self.node(*tree, at);
                let before = self.mean(*tree, at);
                at = node.next(row);
                if let Some(sum) = points.get_mut(usize::from(node.feature)) {
                    *sum += self.mean(*tree, at) - before;
                }
            }
        }
        let mut shares: Vec<Share> = (0_u16..)
            .zip(points)
            .filter(|(_, points)| *points != 0)
            .map(|(feature, points)| Share { feature, points })
            .collect();
        shares.sort_by_key(|share| std::cmp::Reverse(share.points.abs()));
        shares
    }

    /// A node of a tree; any, for a leaf.
    #[inline]
    fn node(&self, tree: Tree, at: i16) -> Node {
        let at = tree.nodes as usize + usize::from(at.max(0).unsigned_abs());
        self.nodes.get(at).copied().unwrap_or_default()
    }

    /// What a leaf of a tree is worth.
    #[inline]
    fn leaf(&self, tree: Tree, at: i16) -> i32 {
        let at = tree.leaves as usize + usize::from((!at).unsigned_abs());
        self.leaves.get(at).copied().map_or(0, i32::from)
    }

    /// The mean of a node, or the value of a leaf.
    fn mean(&self, tree: Tree, at: i16) -> i32 {
        if at < 0 {
            return self.leaf(tree, at);
        }
        let at = tree.nodes as usize + usize::from(at.unsigned_abs());
        self.means.get(at).copied().map_or(0, i32::from)
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

    /// The score of a row, in thousandths of a logit.
    pub(super) fn score(&self, row: &Row) -> i32 {
        let mut score = self.bias;
        for group in &self.groups {
            let mut at = group.trees.map(|tree| tree.root);
            // All walks take as many steps as the longest; who has arrived stays.
            for _ in 0..group.depth {
                for (at, tree) in at.iter_mut().zip(&group.trees) {
                    let next = self.node(*tree, *at).next(row);
                    *at = if *at < 0 { *at } else { next };
                }
            }
            for (at, tree) in at.iter().zip(&group.trees) {
                score += self.leaf(*tree, *at);
            }
        }
        score
    }
}

impl Node {
    /// Where a row goes from here.
    #[inline]
    fn next(self, row: &Row) -> i16 {
        let value = row.get(usize::from(self.feature)).copied().unwrap_or(0);
        if value <= self.threshold { self.left } else { self.right }
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
            forest.score(&row)
        };
        assert_eq!(score(4, 1), 10 - 100 + 7);
        assert_eq!(score(5, 0), 10 + 200 + 7);
        assert_eq!(score(5, 1), 10 + 300 + 7);
        let (words, long) = (column("words"), column("long"));
        let mut row = [0; COUNT];
        (row[words], row[long]) = (5, 1);
        let shares: Vec<_> = forest.shares(&row).iter().map(|it| (it.feature, it.points)).collect();
        assert_eq!(shares, [(words as u16, 250 - 40), (long as u16, 300 - 250)]);
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
