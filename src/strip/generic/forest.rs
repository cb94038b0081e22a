//! The forest: trees that add up to the score of a page's block.
//!
//! Takes `profiles/block-forest.json`, which `tests/train/forest.py` writes. Integers only: features,
//! thresholds, and leaves in thousandths of a logit, so that a sum is the same everywhere. A forest
//! is checked as a whole when it is read, so that judging a block cannot fail.

use std::sync::OnceLock;

use serde::Deserialize;

use super::block::{self, COUNT, Row};
use super::card::Probability;

/// The forest that this program was built with.
const BUILT_IN: &str = include_str!("../../../profiles/block-forest.json");

/// Most steps from the root of a tree to a leaf: trees have at most so many nodes.
const MAX_NODES: usize = 1_024;

/// Trees over the features of a block.
#[derive(Debug, Clone, Default)]
pub(super) struct Forest {
    /// What every block begins with.
    bias: i32,
    nodes: Vec<Node>,
    leaves: Vec<i16>,
    /// The first node of each tree; trees of one leaf have none.
    roots: Vec<i32>,
    /// From scores to probabilities.
    pub(super) probability: Probability,
}

/// A question to a row: to the left where the feature is at most the threshold.
#[derive(Debug, Clone, Copy, Default)]
struct Node {
    feature: u16,
    threshold: i32,
    /// A node's number, or the complement of a leaf's.
    left: i32,
    right: i32,
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
}

/// Why a forest cannot be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum ForestError {
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
    pub(super) fn built_in() -> &'static Self {
        static FOREST: OnceLock<Forest> = OnceLock::new();
        FOREST.get_or_init(|| Self::parse(BUILT_IN).unwrap_or_default())
    }

    /// Whether there is nothing to judge by.
    pub(super) fn is_empty(&self) -> bool {
        self.roots.is_empty()
    }

    /// Reads and checks a forest.
    pub(super) fn parse(text: &str) -> Result<Self, ForestError> {
        let written: Written = serde_json::from_str(text)?;
        if !written.probability.is_sound() {
            return Err(ForestError::Probability);
        }
        let known: Vec<&str> = block::names().collect();
        let mut columns = Vec::with_capacity(written.features.len());
        for name in written.features {
            let column = known.iter().position(|known| *known == name);
            let column = column.and_then(|column| u16::try_from(column).ok());
            columns.push(column.ok_or(ForestError::Feature(name))?);
        }
        let mut forest =
            Self { bias: written.bias, probability: written.probability, ..Self::default() };
        for (number, tree) in written.trees.iter().enumerate() {
            forest.add(tree, &columns).ok_or(ForestError::Tree(number))?;
        }
        Ok(forest)
    }

    /// Adds a tree. Children stand behind their parents, so every walk ends.
    fn add(&mut self, tree: &WrittenTree, columns: &[u16]) -> Option<()> {
        let count = tree.feature.len();
        let fits = [tree.threshold.len(), tree.left.len(), tree.right.len()];
        if count > MAX_NODES || fits != [count; 3] || tree.leaf.len() != count + 1 {
            return None;
        }
        let first_node = i32::try_from(self.nodes.len()).ok()?;
        let first_leaf = i32::try_from(self.leaves.len()).ok()?;
        let child = |number: i32, parent: usize| -> Option<i32> {
            if number < 0 {
                let leaf = !number;
                (usize::try_from(leaf).ok()? <= count).then_some(!(leaf + first_leaf))
            } else {
                let node = usize::try_from(number).ok()?;
                (node > parent && node < count).then_some(number + first_node)
            }
        };
        for at in 0..count {
            let node = Node {
                feature: *columns.get(usize::from(*tree.feature.get(at)?))?,
                threshold: *tree.threshold.get(at)?,
                left: child(*tree.left.get(at)?, at)?,
                right: child(*tree.right.get(at)?, at)?,
            };
            self.nodes.push(node);
        }
        self.leaves.extend(&tree.leaf);
        self.roots.push(if count == 0 { !first_leaf } else { first_node });
        Some(())
    }

    /// The score of a row, in thousandths of a logit.
    pub(super) fn score(&self, row: &Row) -> i32 {
        let mut score = self.bias;
        for root in &self.roots {
            let mut at = *root;
            while let Ok(number) = usize::try_from(at) {
                let Some(node) = self.nodes.get(number) else { break };
                let value = row.get(usize::from(node.feature)).copied().unwrap_or(0);
                at = if value <= node.threshold { node.left } else { node.right };
            }
            let leaf = usize::try_from(!at).ok().and_then(|leaf| self.leaves.get(leaf));
            score += leaf.copied().map_or(0, i32::from);
        }
        score
    }
}

const _: () = assert!(COUNT <= u16::MAX as usize, "features have numbers of 16 bits");

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
             "leaf": [-100, 200, 300]},
            {"feature": [], "threshold": [], "left": [], "right": [], "leaf": [7]}],
            "probability": {"low": -1000, "step": 500, "per_mille": [0, 300, 700, 1000]}}"#;
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
