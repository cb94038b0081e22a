//! Whether a capture is clean already, or unlike anything the card knows: then it is left alone.
//!
//! Takes the open lines with their probabilities, and the cut; gives the page's points at the
//! gate. Never changes what the cut keeps.

use super::card::{Card, sum};
use super::cut::Cut;
use super::line::Line;
use super::words::Chrome;

/// The features of the gate, in the order of [`values`].
pub(super) const GATE_FEATURES: [&str; 12] = [
    "keep_all_ratio",
    "mean_probability",
    "chrome_lines",
    "page_long_share",
    "page_lines",
    "unlikely_lines",
    "unlikely_share",
    "head_probability",
    "tail_probability",
    "first_probability",
    "edge_chrome",
    "legal_lines",
];

/// A value for each of [`GATE_FEATURES`].
pub(super) type Values = [i32; GATE_FEATURES.len()];

/// An open line and the probability that it is main content, per mille.
pub(super) type Judged<'a> = (&'a Line, u16);

/// A page's points.
pub(super) fn score(card: &Card, values: &Values) -> i32 {
    card.gate_bias + sum(&card.gate, values)
}

/// What the gate looks at. `lines` are the open lines, and there are `count` of them.
pub(super) fn values<'a>(
    lines: impl Iterator<Item = Judged<'a>>,
    count: usize,
    cut: &Cut,
) -> Values {
    let mut sums = Sums::default();
    for (position, judged) in lines.enumerate() {
        sums.add(judged, position, count);
    }
    let Cut { words, hits, .. } = *cut;
    let mean = |sum: u64, most: usize| floor(sum.into(), count.min(most) as u128);
    [
        keep_all_ratio(cut),
        floor(hits.into(), words.into()),
        small(sums.chrome),
        floor(1000 * u128::from(sums.long_words), words.into()),
        i32::try_from(count).unwrap_or(i32::MAX),
        small(sums.unlikely),
        floor(1000 * u128::from(sums.unlikely_words), words.into()),
        mean(sums.head, 10),
        mean(sums.tail, 10),
        mean(sums.first, 3),
        small(sums.edge),
        small(sums.legal),
    ]
}

/// The expected F1 of keeping everything over that of the cut, per mille.
fn keep_all_ratio(cut: &Cut) -> i32 {
    let Cut { kept_words, kept_hits, words, hits, .. } = *cut;
    let [kept_words, kept_hits, words, hits] = [kept_words, kept_hits, words, hits].map(u128::from);
    floor(1000 * hits * (1000 * kept_words + hits), kept_hits * (1000 * words + hits))
}

#[derive(Debug, Default)]
struct Sums {
    chrome: u32,
    legal: u32,
    edge: u32,
    unlikely: u32,
    unlikely_words: u64,
    long_words: u64,
    /// Probabilities of the first ten lines, the last ten, the first three.
    head: u64,
    tail: u64,
    first: u64,
}

impl Sums {
    fn add(&mut self, (line, probability): Judged<'_>, position: usize, count: usize) {
        let words = u64::from(line.words);
        let is_chrome = (1..=Chrome::Navigation as u8).contains(&line.chrome);
        let is_edge = position < 15 || position + 15 >= count;
        self.chrome += u32::from(is_chrome);
        self.legal += u32::from(line.chrome == Chrome::Legal as u8);
        self.edge += u32::from(is_chrome && is_edge);
        self.unlikely += u32::from(probability < 50);
        self.unlikely_words += if probability < 100 { words } else { 0 };
        self.long_words += if line.is_long { words } else { 0 };
        let probability = u64::from(probability);
        self.head += if position < 10 { probability } else { 0 };
        self.tail += if position + 10 >= count { probability } else { 0 };
        self.first += if position < 3 { probability } else { 0 };
    }
}

/// `floor(part / whole)`, with a whole of at least one.
fn floor(part: u128, whole: u128) -> i32 {
    i32::try_from(part / whole.max(1)).unwrap_or(i32::MAX)
}

fn small(count: u32) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
