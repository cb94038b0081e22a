//! A symmetric tree: all nodes of a level ask the same question, so that the answers are the number
//! of a leaf.
//!
//! A walk through such a tree has no branches; the blocks of a batch go at once, in the lanes of
//! vectors.

use serde::Deserialize;
use wide::i16x32;

use super::super::block::{Batch, LANES, Row};

/// Most questions of a tree.
const MAX_DEPTH: usize = 6;

/// Leaves of a tree with that many.
const LEAVES: usize = 1 << MAX_DEPTH;

/// A tree as it is written: the first question is the lowest bit of a leaf's number, set where the
/// value is larger than the threshold.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenTree {
    /// Numbers among the forest's features.
    feature: Vec<u16>,
    threshold: Vec<i16>,
    /// Thousandths of a logit, two to the power of the number of questions.
    leaf: Vec<i16>,
}

/// A tree that was checked.
#[derive(Debug, Clone)]
pub(super) struct Tree {
    /// The last one first. A tree that has fewer begins with some that no value answers, so that
    /// all trees are alike to the processor.
    questions: [Question; MAX_DEPTH],
    leaves: [i16; LEAVES],
}

/// Whether the value of a column is larger than a threshold.
#[derive(Debug, Clone, Copy)]
struct Question {
    column: u8,
    threshold: i16,
}

/// What is true of no value.
const NEVER: Question = Question { column: 0, threshold: i16::MAX };

impl Tree {
    /// Checks a tree whose features stand in these columns; `None` if its parts do not fit together.
    pub(super) fn new(written: &WrittenTree, columns: &[u8]) -> Option<Self> {
        let depth = written.feature.len();
        let fits = depth <= MAX_DEPTH && written.threshold.len() == depth;
        if !fits || written.leaf.len() != 1 << depth {
            return None;
        }
        let mut questions = [NEVER; MAX_DEPTH];
        let asked = written.feature.iter().zip(&written.threshold);
        for (slot, (feature, threshold)) in questions.iter_mut().rev().zip(asked) {
            let column = columns.get(usize::from(*feature)).copied()?;
            *slot = Question { column, threshold: *threshold };
        }
        let mut leaves = [0; LEAVES];
        // Questions that were added change nothing, whatever the answer.
        leaves.iter_mut().zip(written.leaf.iter().cycle()).for_each(|(slot, leaf)| *slot = *leaf);
        Some(Self { questions, leaves })
    }

    /// The leaves that the blocks of a batch come to.
    #[inline]
    fn leaves(&self, batch: &Batch) -> i16x32 {
        let mut leaf = i16x32::splat(0);
        for question in &self.questions {
            let values = i16x32::new(*batch.column(question.column));
            // All bits of a lane are set where the value is larger, which is -1.
            leaf = leaf + leaf - values.simd_gt(i16x32::splat(question.threshold));
        }
        let leaf: [i16; LANES] = leaf.to_array();
        // The compiler writes this out lane by lane; of a loop over sums it makes a loop.
        i16x32::new(leaf.map(|leaf| self.leaf(leaf)))
    }

    /// For each question of a row the feature, and half of what the other answer would change.
    pub(super) fn shares(&self, row: &Row) -> impl Iterator<Item = (u8, i32)> {
        let is_larger = |question: &Question| {
            row.get(usize::from(question.column)).is_some_and(|value| *value > question.threshold)
        };
        let add = |leaf: i16, question| leaf * 2 + i16::from(is_larger(question));
        let leaf = self.questions.iter().fold(0, add);
        let own = i32::from(self.leaf(leaf));
        (0..).zip(self.questions.iter().rev()).map(move |(bit, question): (u32, _)| {
            let other = i32::from(self.leaf(leaf ^ 1 << bit));
            (question.column, (own - other) / 2)
        })
    }

    #[inline]
    fn leaf(&self, number: i16) -> i16 {
        // Never beyond the last leaf; the compiler sees it too.
        let at = usize::from(number.cast_unsigned()) % LEAVES;
        self.leaves.get(at).copied().unwrap_or(0)
    }
}

/// Adds what some trees say of a batch; what is beyond 16 bits is cut off.
pub(super) fn add(trees: &[Tree], batch: &Batch, sums: [i16; LANES]) -> [i16; LANES] {
    let sum = |sums: i16x32, tree: &Tree| sums.saturating_add(tree.leaves(batch));
    trees.iter().fold(i16x32::new(sums), sum).to_array()
}
