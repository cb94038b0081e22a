//! All trees at once: the score of a row without walking a tree.
//!
//! Each tree is a word with a bit per leaf, from left to right. A question that a row answers with
//! "larger" rules out the leaves to its left; of those that are left the first is the one that a
//! walk would reach. Questions stand by feature and threshold, so that each feature is read once
//! and what comes after the first "not larger" is never looked at (Lucchese and others, `QuickScorer`,
//! 2015).

use super::super::block::Row;
use super::WrittenTree;

/// Most leaves of a tree: bits of a word.
pub(super) const MAX_LEAVES: usize = 32;

/// The forest in the order of its features.
#[derive(Clone, Default)]
pub(super) struct Quick {
    features: Vec<Feature>,
    /// Thresholds of all features, rising within each.
    thresholds: Vec<i32>,
    /// What each rules out.
    out: Vec<Out>,
    /// Values of the leaves, [`MAX_LEAVES`] a tree.
    leaves: Vec<i16>,
    trees: usize,
}

/// A feature and its questions.
#[derive(Clone, Copy)]
struct Feature {
    column: u8,
    from: u32,
    to: u32,
}

/// The leaves of a tree that a question leaves possible.
#[derive(Clone, Copy)]
struct Out {
    tree: u16,
    left: u32,
}

impl Quick {
    /// Trees that were checked, their features as columns of a row.
    pub(super) fn new(trees: &[WrittenTree], columns: &[u8]) -> Self {
        let mut quick = Self { trees: trees.len(), ..Self::default() };
        let mut questions = Vec::new();
        for (number, tree) in (0_u16..).zip(trees) {
            let (order, below) = leaves(tree);
            let mut values = [0; MAX_LEAVES];
            for (slot, leaf) in values.iter_mut().zip(&order) {
                *slot = tree.leaf.get(*leaf).copied().unwrap_or(0);
            }
            quick.leaves.extend(values);
            let asked = tree.feature.iter().zip(&tree.threshold).zip(below);
            for ((feature, threshold), left) in asked {
                let column = columns.get(usize::from(*feature)).copied().unwrap_or(0);
                questions.push((column, *threshold, number, !left));
            }
        }
        questions.sort_unstable();
        for (column, threshold, tree, left) in questions {
            let at = u32::try_from(quick.thresholds.len()).unwrap_or(u32::MAX);
            match quick.features.last_mut() {
                Some(feature) if feature.column == column => feature.to = at + 1,
                _ => quick.features.push(Feature { column, from: at, to: at + 1 }),
            }
            quick.thresholds.push(threshold);
            quick.out.push(Out { tree, left });
        }
        quick
    }

    /// The score of a row; `masks` is room that is used again.
    pub(super) fn score(&self, row: &Row, masks: &mut Vec<u32>) -> i32 {
        masks.clear();
        masks.resize(self.trees, u32::MAX);
        for feature in &self.features {
            let value = row.get(usize::from(feature.column)).copied().unwrap_or(0);
            let range = feature.from as usize..feature.to as usize;
            let thresholds = self.thresholds.get(range.clone()).unwrap_or_default();
            let out = self.out.get(range).unwrap_or_default();
            for (threshold, out) in thresholds.iter().zip(out) {
                if value <= *threshold {
                    break;
                }
                if let Some(mask) = masks.get_mut(usize::from(out.tree)) {
                    *mask &= out.left;
                }
            }
        }
        let leaf = |(mask, leaves): (&u32, &[i16])| {
            leaves.get(mask.trailing_zeros() as usize).copied().map_or(0, i32::from)
        };
        masks.iter().zip(self.leaves.chunks_exact(MAX_LEAVES)).map(leaf).sum()
    }
}

/// The leaves of a tree from left to right, and for each question the bits of those below its left
/// side.
fn leaves(tree: &WrittenTree) -> (Vec<usize>, Vec<u32>) {
    let mut order = Vec::new();
    let mut below = vec![0_u32; tree.feature.len()];
    // A child, and the question to whose right it stands where it does.
    let mut open = vec![(if tree.feature.is_empty() { -1 } else { 0 }, None)];
    let mut starts = vec![0_usize; tree.feature.len()];
    while let Some((at, right_of)) = open.pop() {
        if let Some(question) = right_of {
            // All that stands to its left is in order now.
            let from: usize = starts.get(question).copied().unwrap_or(0);
            let bits = |count: usize| (1_u64 << count.min(MAX_LEAVES)) - 1;
            if let Some(slot) = below.get_mut(question) {
                *slot = u32::try_from(bits(order.len()) & !bits(from)).unwrap_or(u32::MAX);
            }
        }
        let Ok(node) = usize::try_from(at) else {
            order.push(usize::try_from(!at).unwrap_or(0));
            continue;
        };
        if let Some(slot) = starts.get_mut(node) {
            *slot = order.len();
        }
        open.push((tree.right.get(node).copied().unwrap_or(-1), Some(node)));
        open.push((tree.left.get(node).copied().unwrap_or(-1), None));
    }
    (order, below)
}
