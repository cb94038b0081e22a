//! Where to cut: which scores of a page are kept.
//!
//! Takes the open lines' words by slot; gives the [`Cut`] with the highest expected F1. A page's
//! lines compete with each other, not with a fixed threshold. Integers only, one histogram.

use super::card::Probability;

/// The words of a page's open lines, by slot.
#[derive(Debug, Clone, Default)]
pub(super) struct Histogram {
    words: Vec<u64>,
    lines: usize,
}

/// The slots that are kept, with sums of words and of words times per mille.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Cut {
    /// The lowest slot that is kept.
    pub(super) lowest: usize,
    /// Words in the slots that are kept.
    pub(super) kept_words: u64,
    /// Expected words of main content in them, times 1000.
    pub(super) kept_hits: u64,
    /// Words of all open lines.
    pub(super) words: u64,
    /// Expected words of main content in them, times 1000.
    pub(super) hits: u64,
}

impl Histogram {
    /// An empty histogram.
    pub(super) fn new(probability: &Probability) -> Self {
        Self { words: vec![0; probability.slots()], lines: 0 }
    }

    /// Adds a line.
    pub(super) fn add(&mut self, slot: usize, words: u32) {
        self.lines += 1;
        if let Some(sum) = self.words.get_mut(slot) {
            *sum += u64::from(words);
        }
    }

    /// How many lines were added.
    pub(super) fn lines(&self) -> usize {
        self.lines
    }

    /// The cut with the highest expected F1; among equals the one that keeps least. Without any
    /// words nothing is kept.
    pub(super) fn cut(&self, probability: &Probability) -> Cut {
        let slots = || {
            self.words
                .iter()
                .enumerate()
                .map(|(slot, words)| (slot, *words, words * u64::from(probability.of_slot(slot))))
        };
        let (words, hits) =
            slots().fold((0, 0), |sums, (_, words, hits)| (sums.0 + words, sums.1 + hits));
        let mut best = Cut { lowest: self.words.len(), words, hits, ..Cut::default() };
        let mut best_share = (0_u64, 1_u64);
        let (mut kept_words, mut kept_hits) = (0, 0);
        for (lowest, words_here, hits_here) in slots().rev().filter(|(_, words, _)| *words > 0) {
            kept_words += words_here;
            kept_hits += hits_here;
            // Half of the expected F1 of keeping these slots: hits / (kept + expected).
            let share = (kept_hits, 1000 * kept_words + hits);
            if is_larger(share, best_share) {
                best_share = share;
                best = Cut { lowest, kept_words, kept_hits, ..best };
            }
        }
        best
    }
}

/// Whether one fraction is larger than another.
fn is_larger(one: (u64, u64), other: (u64, u64)) -> bool {
    u128::from(one.0) * u128::from(other.1) > u128::from(other.0) * u128::from(one.1)
}
