//! The scores of all blocks of a capture, each by as many trees as it takes to be sure.
//!
//! Takes batches; gives one score per block, in their order. All blocks are asked the first trees.
//! Those that are not sure then wait until there are enough of them for a batch of their own.

use super::super::block::{Batch, LANES};
use super::tree::add;
use super::{Early, Forest};

/// Scores blocks.
pub(in super::super) struct Scorer<'f> {
    forest: &'f Forest,
    /// In thousandths of a logit, one per block so far; those that wait have the score of the first
    /// trees.
    scores: Vec<i32>,
    waiting: Batch,
    /// Which blocks wait, and their scores by the first trees.
    which: [usize; LANES],
    sums: [i16; LANES],
}

impl<'f> Scorer<'f> {
    pub(in super::super) fn new(forest: &'f Forest) -> Self {
        let waiting = Batch::default();
        Self { forest, scores: Vec::new(), waiting, which: [0; LANES], sums: [0; LANES] }
    }

    /// Takes the next blocks.
    pub(in super::super) fn push(&mut self, batch: &Batch) {
        let Some(early) = self.forest.early else {
            let scores = self.forest.scores(batch);
            return self.scores.extend(scores.into_iter().take(batch.rows).map(i32::from));
        };
        let trees = self.forest.trees.get(..early.trees).unwrap_or(&self.forest.trees);
        let sums = add(trees, batch, [self.forest.bias; LANES]);
        for (lane, sum) in sums.into_iter().take(batch.rows).enumerate() {
            if early.is_sure(sum) {
                self.scores.push(i32::from(sum) * i32::from(early.per_mille) / 1000);
            } else {
                self.wait(batch, lane, sum);
            }
        }
    }

    fn wait(&mut self, batch: &Batch, lane: usize, sum: i16) {
        let own = self.waiting.rows;
        if let (Some(which), Some(slot)) = (self.which.get_mut(own), self.sums.get_mut(own)) {
            (*which, *slot) = (self.scores.len(), sum);
        }
        self.scores.push(sum.into());
        self.waiting.copy(own, (batch, lane), &self.forest.columns);
        self.waiting.rows += 1;
        if self.waiting.rows == LANES {
            self.ask_the_others();
        }
    }

    /// Asks the other trees about the blocks that wait.
    fn ask_the_others(&mut self) {
        let asked = self.forest.early.map_or(0, |early| early.trees);
        let trees = self.forest.trees.get(asked..).unwrap_or_default();
        let sums = add(trees, &self.waiting, self.sums);
        for (which, sum) in self.which.iter().zip(sums).take(self.waiting.rows) {
            if let Some(slot) = self.scores.get_mut(*which) {
                *slot = sum.into();
            }
        }
        self.waiting.rows = 0;
    }

    /// The scores of all blocks, in thousandths of a logit.
    pub(in super::super) fn scores(mut self) -> Vec<i32> {
        if self.waiting.rows > 0 {
            self.ask_the_others();
        }
        self.scores
    }
}

impl Early {
    fn is_sure(self, sum: i16) -> bool {
        !(self.below..=self.above).contains(&sum)
    }
}
