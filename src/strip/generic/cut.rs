//! Where to cut: which scores of a page are kept.
//!
//! Takes the open lines' words by slot; gives the [`Cut`] with the highest expected F1. A page's
//! lines compete with each other, not with a fixed threshold. Integers only, one histogram.

use super::forest::Probability;

/// What is worse: boilerplate that is kept, or main content that is lost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Favor {
    /// Boilerplate that is kept: recall weighs half as much as precision (F 0.5).
    Precision,
    /// Neither (F 1).
    #[default]
    Balance,
    /// Content that is lost: recall weighs twice as much as precision (F 2).
    Recall,
}

impl Favor {
    /// Four times the square of beta of the F-measure that is made as large as can be.
    fn weight(self) -> u64 {
        match self {
            Self::Precision => 1,
            Self::Balance => 4,
            Self::Recall => 16,
        }
    }
}

/// The words of a page's open lines, by slot.
#[derive(Debug, Clone, Default)]
pub(super) struct Histogram {
    words: Vec<u64>,
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
        Self { words: vec![0; probability.slots()] }
    }

    /// Adds a line.
    pub(super) fn add(&mut self, slot: usize, words: u32) {
        if let Some(sum) = self.words.get_mut(slot) {
            *sum += u64::from(words);
        }
    }

    /// The cut with the highest expected F-measure; among equals the one that keeps least. Without
    /// any words nothing is kept.
    pub(super) fn cut(&self, probability: &Probability, favor: Favor) -> Cut {
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
            // For F1 an eighth of what is expected of keeping these slots: hits / (kept + expected).
            let share = (kept_hits, 4 * 1000 * kept_words + favor.weight() * hits);
            if is_larger(share, best_share) {
                best_share = share;
                best = Cut { lowest, kept_words, kept_hits, ..best };
            }
        }
        best
    }
}

impl Cut {
    /// The expected F1 of what is kept, per mille.
    pub(super) fn expected(&self) -> u32 {
        let whole = 1000 * self.kept_words + self.hits;
        let share = (2000 * u128::from(self.kept_hits)).checked_div(u128::from(whole));
        share.and_then(|share| u32::try_from(share).ok()).unwrap_or(0)
    }
}

/// Whether one fraction is larger than another.
fn is_larger(one: (u64, u64), other: (u64, u64)) -> bool {
    u128::from(one.0) * u128::from(other.1) > u128::from(other.0) * u128::from(one.1)
}
