//! The card: how many points each value of each feature is worth.
//!
//! Takes `profiles/line-card.json`, which `tests/train/train.py` writes; gives tables from a value
//! to its points. A card is checked as a whole when it is read, so that judging a line cannot fail.

use std::sync::OnceLock;

use serde::Deserialize;

use super::gate::GATE_FEATURES;
use super::walk::{LINE_FEATURES, PAGE_FEATURES};

/// The card that this program was built with.
const BUILT_IN: &str = include_str!("../../../profiles/line-card.json");

/// Longest table from values to points. The longest of today ends at 15 000 words of a page.
const MAX_VALUES: i32 = 100_000;

/// Points, probabilities and the gate. Points are hundredths of a logit.
#[derive(Debug, Clone, Default)]
pub(super) struct Card {
    /// What every line begins with.
    pub(super) bias: i32,
    /// In the order of [`LINE_FEATURES`].
    pub(super) line: Vec<Points>,
    /// In the order of [`PAGE_FEATURES`].
    pub(super) page: Vec<Points>,
    /// From scores to probabilities.
    pub(super) probability: Probability,
    /// What every page begins with at the gate.
    pub(super) gate_bias: i32,
    /// A page with more points than this is left alone.
    pub(super) leave_alone_above: i32,
    /// In the order of [`GATE_FEATURES`].
    pub(super) gate: Vec<Points>,
}

/// The points of one feature, by value.
#[derive(Debug, Clone, Default)]
pub(super) struct Points {
    /// The value of the first entry, which stands for all below it too.
    lowest: i32,
    /// One entry per value; the last one stands for all above it too.
    by_value: Vec<i16>,
}

/// The probability that a line is main content, by score.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Probability {
    /// The score at which the second slot would begin if the first had the width of the others.
    low: i32,
    /// Width of a slot.
    step: i32,
    /// One entry per slot, from the lowest scores to the highest.
    per_mille: Vec<u16>,
}

/// The card as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    bias: i32,
    features: Vec<WrittenPoints>,
    probability: Probability,
    gate: WrittenGate,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenGate {
    bias: i32,
    leave_alone_above: i32,
    features: Vec<WrittenPoints>,
}

/// A value has the points of the bin whose number is the number of edges that it reaches.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenPoints {
    name: String,
    edges: Vec<i32>,
    points: Vec<i16>,
}

/// Why a card cannot be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum CardError {
    /// Not JSON, or not a card.
    #[error("the line card is malformed: {0}")]
    Malformed(#[from] serde_json::Error),
    /// The features are others than those of this program.
    #[error("the line card's features are not `{expected}`")]
    Features {
        /// Names of the features there have to be.
        expected: String,
    },
    /// Edges do not rise, or there are more or fewer points than bins.
    #[error("the line card's edges and points of `{feature}` do not fit together")]
    Bins {
        /// Name of the feature.
        feature: String,
    },
    /// No slots, slots without width, or probabilities that fall or exceed 1000.
    #[error("the line card's probabilities do not rise from 0 to 1000")]
    Probability,
}

impl Card {
    /// The built-in card. A malformed one would leave every capture alone; a test forbids it.
    pub(super) fn built_in() -> &'static Self {
        static CARD: OnceLock<Card> = OnceLock::new();
        CARD.get_or_init(|| {
            Self::parse(BUILT_IN)
                .unwrap_or_else(|_| Self { leave_alone_above: i32::MIN, ..Self::default() })
        })
    }

    /// Reads and checks a card.
    pub(super) fn parse(text: &str) -> Result<Self, CardError> {
        let written: Written = serde_json::from_str(text)?;
        let probability = written.probability;
        if !probability.is_sound() {
            return Err(CardError::Probability);
        }
        let names: Vec<&str> = LINE_FEATURES.into_iter().chain(PAGE_FEATURES).collect();
        let mut line = order(written.features, &names)?;
        let page = line.split_off(LINE_FEATURES.len());
        Ok(Self {
            bias: written.bias,
            line,
            page,
            probability,
            gate_bias: written.gate.bias,
            leave_alone_above: written.gate.leave_alone_above,
            gate: order(written.gate.features, &GATE_FEATURES)?,
        })
    }
}

/// Puts tables in the order of `names`; each has to be there once, and no other.
fn order(written: Vec<WrittenPoints>, names: &[&str]) -> Result<Vec<Points>, CardError> {
    let mut tables: Vec<Option<Points>> = vec![None; names.len()];
    let unfit = || CardError::Features { expected: names.join(" ") };
    for one in written {
        let at = names.iter().position(|name| *name == one.name);
        let slot = at.and_then(|at| tables.get_mut(at)).ok_or_else(unfit)?;
        if slot.replace(Points::new(&one)?).is_some() {
            return Err(unfit());
        }
    }
    tables.into_iter().collect::<Option<_>>().ok_or_else(unfit)
}

impl Points {
    fn new(written: &WrittenPoints) -> Result<Self, CardError> {
        let WrittenPoints { name, edges, points } = written;
        let unfit = || CardError::Bins { feature: name.clone() };
        let (Some(first), Some(last)) = (edges.first(), edges.last()) else { return Err(unfit()) };
        let fits = edges.is_sorted_by(|one, other| one < other) && points.len() == edges.len() + 1;
        let values = i64::from(*last) - i64::from(*first);
        if !fits || values >= i64::from(MAX_VALUES) || *first == i32::MIN {
            return Err(unfit());
        }
        let lowest = first - 1;
        let bin = |value: i32| edges.partition_point(|edge| *edge <= value);
        let by_value: Option<_> =
            (lowest..=*last).map(|value| points.get(bin(value)).copied()).collect();
        Ok(Self { lowest, by_value: by_value.ok_or_else(unfit)? })
    }

    /// Adds the points of each value to the score at its place.
    pub(super) fn add(&self, values: &[i32], scores: &mut [i32]) {
        let (lowest, table) = (self.lowest, self.by_value.as_slice());
        let (Some(first), Some(last)) = (table.first(), table.last()) else { return };
        for (score, value) in scores.iter_mut().zip(values) {
            // A value below the lowest becomes an index behind all.
            let index = value.wrapping_sub(lowest).cast_unsigned() as usize;
            let points = match table.get(index) {
                Some(points) => points,
                None if *value < lowest => first,
                None => last,
            };
            *score += i32::from(*points);
        }
    }

    /// The points of a value.
    #[inline]
    pub(super) fn of(&self, value: i32) -> i32 {
        // Exact: a difference of two i32 that is not negative fits in a u32.
        let index = value.max(self.lowest).wrapping_sub(self.lowest).cast_unsigned() as usize;
        let last = self.by_value.len().wrapping_sub(1);
        self.by_value.get(index.min(last)).copied().unwrap_or(0).into()
    }
}

/// The sum of the points of some values.
#[inline]
pub(super) fn sum(tables: &[Points], values: &[i32]) -> i32 {
    tables.iter().zip(values).map(|(points, value)| points.of(*value)).sum()
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
    pub(super) fn slots(&self) -> usize {
        self.per_mille.len()
    }

    /// The slot of a score.
    pub(super) fn slot(&self, score: i32) -> usize {
        let slot = score.saturating_sub(self.low).div_euclid(self.step.max(1));
        usize::try_from(slot).unwrap_or(0).min(self.slots().saturating_sub(1))
    }

    /// The probability of a slot, per mille.
    pub(super) fn of_slot(&self, slot: usize) -> u16 {
        self.per_mille.get(slot).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_card_is_sound() {
        let card = Card::parse(BUILT_IN).unwrap();
        assert_eq!(card.line.len(), LINE_FEATURES.len());
        assert_eq!(card.page.len(), PAGE_FEATURES.len());
        assert_eq!(card.gate.len(), GATE_FEATURES.len());
        assert_ne!(Card::built_in().leave_alone_above, i32::MIN);
    }

    #[test]
    fn a_spoiled_card_is_refused() {
        for (from, to, fault) in [
            ("\"bias\"", "\"bios\"", "unknown field `bios`"),
            ("\"repetition\"", "\"repetitions\"", "features are not `repetition blanks"),
            ("\"indent\"", "\"blanks\"", "features are not"),
            ("\"per_mille\": [", "\"per_mille\": [1001, ", "do not rise"),
            ("\"step\": 10", "\"step\": 0", "do not rise"),
            ("\"points\": [", "\"points\": [0, ", "of `repetition` do not fit"),
            ("\"edges\": [1, 2", "\"edges\": [2, 2", "of `repetition` do not fit"),
        ] {
            let spoiled = BUILT_IN.replacen(from, to, 1);
            assert_ne!(spoiled, BUILT_IN, "{from}");
            let found = Card::parse(&spoiled).unwrap_err().to_string();
            assert!(found.contains(fault), "{found}");
        }
    }

    #[test]
    fn values_find_their_bin() {
        let written = WrittenPoints {
            name: "words".to_owned(),
            edges: vec![-2, 0, 5],
            points: vec![1, 2, 3, 4],
        };
        let points = Points::new(&written).unwrap();
        for (value, expected) in
            [(i32::MIN, 1), (-3, 1), (-2, 2), (-1, 2), (0, 3), (4, 3), (5, 4), (i32::MAX, 4)]
        {
            assert_eq!(points.of(value), expected, "{value}");
        }
    }
}
