//! What can be said of a whole capture, before its lines are judged.
//!
//! Takes a document; gives a [`Page`] with one [`Line`] per block. Linear in the number of lines:
//! spans and sums are taken while the lines are read.

use std::ops::Range;

use super::ending::Ending;
use super::line::{Line, scaled};
use super::scan::Scan;
use crate::model::document::Document;

/// The lines of a capture and what they add up to.
#[derive(Debug, Clone, Default)]
pub(super) struct Page {
    /// One per block.
    pub(super) lines: Vec<Line>,
    /// Words of all lines.
    pub(super) words: u32,
    /// Words of the long ones.
    pub(super) long_words: u32,
    /// Lines that end in `?` or `!`.
    pub(super) outcries: u32,
    /// From the first long line to the last.
    pub(super) long_zone: Range<usize>,
    /// Where long lines are dense.
    pub(super) text_zone: Range<usize>,
    /// Where they are very dense.
    pub(super) core_zone: Range<usize>,
}

impl Page {
    /// Reads all lines of a document.
    pub(super) fn read(document: &Document) -> Self {
        let mut page = Self::default();
        page.lines.reserve_exact(document.blocks.len());
        let scan = Scan::of(document.text.as_bytes());
        let (mut text_zone, mut core_zone) = (Densest::default(), Densest::default());
        for (index, block) in document.blocks.iter().enumerate() {
            let line = Line::read(document.block_text(index), block, &scan);
            page.words = page.words.saturating_add(line.words);
            page.outcries += u32::from(line.ending == Ending::Outcry);
            let words = i64::from(line.words);
            if line.is_long {
                page.long_words = page.long_words.saturating_add(line.words);
                if page.long_zone.is_empty() {
                    page.long_zone.start = index;
                }
                page.long_zone.end = index + 1;
                text_zone.push(index, words);
                core_zone.push(index, words);
            } else {
                // What a short line costs a zone, measured on WCXB: the first bridges a heading
                // or a short paragraph, the second hardly that.
                text_zone.push(index, -(3 + words / 4));
                core_zone.push(index, -(12 + words));
            }
            page.lines.push(line);
        }
        page.text_zone = text_zone.best;
        page.core_zone = core_zone.best;
        number_repetitions(&mut page.lines, &|index| document.block_text(index));
        page
    }

    /// The share of words in long lines, per mille.
    pub(super) fn long_share(&self) -> u32 {
        scaled(1000, self.long_words, self.words.max(1))
    }

    /// The number of lines.
    pub(super) fn line_count(&self) -> u32 {
        u32::try_from(self.lines.len()).unwrap_or(u32::MAX)
    }
}

/// The range with the largest sum, the first among equals (Kadane's algorithm).
#[derive(Debug, Clone, Default)]
struct Densest {
    best: Range<usize>,
    best_sum: i64,
    start: usize,
    sum: i64,
}

impl Densest {
    fn push(&mut self, index: usize, value: i64) {
        if self.sum <= 0 {
            self.sum = 0;
            self.start = index;
        }
        self.sum += value;
        if self.sum > self.best_sum {
            self.best_sum = self.sum;
            self.best = self.start..index + 1;
        }
    }
}

/// Marks the lines whose body stands in the capture more than once; `text` gives that of a line.
fn number_repetitions<'t>(lines: &mut [Line], text: &impl Fn(usize) -> &'t str) {
    let firsts = first_copies(lines, text);
    let mut copies = vec![0_u32; lines.len()];
    for first in &firsts {
        if let Some(count) = copies.get_mut(*first as usize) {
            *count += 1;
        }
    }
    for (index, (line, first)) in lines.iter_mut().zip(firsts).enumerate() {
        let first = first as usize;
        line.repetition = match copies.get(first) {
            None | Some(0 | 1) => 0,
            Some(count) if first == index => {
                if *count == 2 {
                    1
                } else {
                    2
                }
            }
            Some(2) => 3,
            Some(3) => 4,
            Some(_) => 5,
        };
    }
}

/// For each line the first line with the same body, whatever its ASCII case. An open hash table of
/// line numbers: the lines hold the hashes, and nothing iterates over the table.
fn first_copies<'t>(lines: &[Line], text: &impl Fn(usize) -> &'t str) -> Vec<u32> {
    const EMPTY: u32 = u32::MAX;
    let slots = (lines.len() * 2).next_power_of_two().max(2);
    let mask = slots - 1;
    let mut table = vec![EMPTY; slots];
    let mut firsts = Vec::with_capacity(lines.len());
    for (number, line) in (0_u32..).zip(lines) {
        let is_copy = |first: u32| {
            lines.get(first as usize).filter(|it| it.hash == line.hash).is_some_and(|it| {
                let (body, first) = (text(number as usize), text(first as usize));
                line.body(body).eq_ignore_ascii_case(it.body(first))
            })
        };
        let mut at = line.hash as usize & mask;
        let first = loop {
            match table.get_mut(at) {
                Some(slot) if *slot == EMPTY => {
                    *slot = number;
                    break number;
                }
                Some(slot) if is_copy(*slot) => break *slot,
                // At most half of the slots are taken, so the search ends.
                _ => at = (at + 1) & mask,
            }
        };
        firsts.push(first);
    }
    firsts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repetitions_are_numbered() {
        let texts = ["a", "b", "A", "c", "b", "b", "d", "d", "d", "d"];
        // All in one slot, so that only the texts tell them apart.
        let mut lines = vec![Line::default(); texts.len()];
        number_repetitions(&mut lines, &|index| texts[index]);
        let found: Vec<u8> = lines.iter().map(|line| line.repetition).collect();
        assert_eq!(found, [1, 2, 3, 0, 4, 4, 2, 5, 5, 5]);
        number_repetitions(&mut [], &|_| "");
    }

    #[test]
    fn the_first_densest_range_wins() {
        let densest = |values: &[i64]| {
            let mut densest = Densest::default();
            for (index, value) in values.iter().enumerate() {
                densest.push(index, *value);
            }
            densest.best
        };
        assert_eq!(densest(&[-3, 5, -1, 4, -9, 8]), 1..4);
        assert_eq!(densest(&[-3, -1]), 0..0);
        assert_eq!(densest(&[]), 0..0);
    }
}
