//! From scores to the chance that a block is main content.

use serde::Deserialize;

/// Chances by score, in slots of equal width.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Probability {
    /// The score at which the second slot would begin if the first had the width of the others.
    low: i32,
    /// Width of a slot.
    step: i32,
    /// One entry per slot, from the lowest scores to the highest.
    per_mille: Vec<u16>,
}

impl Probability {
    /// Whether there are slots of some width, and probabilities rise from 0 to 1000.
    pub(super) fn is_sound(&self) -> bool {
        self.step > 0
            && !self.per_mille.is_empty()
            && self.per_mille.is_sorted()
            && self.per_mille.iter().all(|share| *share <= 1000)
    }

    /// How many slots there are.
    pub(in super::super) fn slots(&self) -> usize {
        self.per_mille.len()
    }

    /// The slot of a score.
    pub(in super::super) fn slot(&self, score: i32) -> usize {
        let slot = score.saturating_sub(self.low).div_euclid(self.step.max(1));
        usize::try_from(slot).unwrap_or(0).min(self.slots().saturating_sub(1))
    }

    /// The probability of a slot, per mille.
    pub(in super::super) fn of_slot(&self, slot: usize) -> u16 {
        self.per_mille.get(slot).copied().unwrap_or(0)
    }
}
