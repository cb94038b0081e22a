//! The patterns that are worth a closer look on a line, by how it begins and ends and its length.
//!
//! Takes the prefilters of a profile's patterns; gives rows of bits, one bit per pattern. Five rows
//! are laid over each other for a line, whatever the number of patterns, and few bits are left.

use super::prefilter::{ByteSet, Prefilter};

/// Lengths in bytes that have a row of their own; longer lines share the last one. Furniture is
/// shorter, and a pattern without a longest match has its bit in all of them.
const LENGTHS: usize = 256;

/// What list items begin with. So many lines do that the byte behind it counts as their first.
const BULLET: &[u8] = "• ".as_bytes();

/// For each property of a line the patterns that it leaves.
#[derive(Debug, Default)]
pub(super) struct Shortlist {
    banks: Vec<Box<Bank>>,
}

/// One row of 64 patterns for each value of each property.
#[derive(Debug)]
struct Bank {
    first: Row,
    first_two: PairRow,
    behind_bullet: Row,
    last: Row,
    last_two: PairRow,
    length: [u64; LENGTHS + 1],
}

/// For each byte the patterns that it leaves.
type Row = [u64; 256];

/// For each two bytes at an edge the patterns that they leave; pairs share rows.
type PairRow = [u64; 512];

/// The place of two bytes in a [`PairRow`], the outer one first.
#[inline]
fn pair(outer: u8, inner: u8) -> usize {
    (usize::from(outer) * 2 + usize::from(inner) * 37) % 512
}

impl Default for Bank {
    fn default() -> Self {
        let none = [0; 256];
        Self {
            first: none,
            first_two: [0; 512],
            behind_bullet: none,
            last: none,
            last_two: [0; 512],
            length: [0; LENGTHS + 1],
        }
    }
}

impl Shortlist {
    /// Puts pattern number `index` on the list.
    pub(super) fn add(&mut self, index: usize, prefilter: &Prefilter) {
        while self.banks.len() <= index / 64 {
            self.banks.push(Box::default());
        }
        let Some(bank) = self.banks.get_mut(index / 64) else { return };
        let bit = 1 << (index % 64);
        let behind_bullet = prefilter.behind(BULLET);
        for (row, bytes) in [
            (&mut bank.first, &prefilter.first),
            (&mut bank.behind_bullet, &behind_bullet),
            (&mut bank.last, &prefilter.last),
        ] {
            for (byte, patterns) in (0..=255).zip(row) {
                *patterns |= if bytes.has(byte) { bit } else { 0 };
            }
        }
        add_pairs(&mut bank.first_two, bit, |first| prefilter.behind(&[first]));
        add_pairs(&mut bank.last_two, bit, |last| prefilter.before(last));
        for (length, patterns) in bank.length.iter_mut().enumerate() {
            // The last row stands for all longer lines; of them only the shortest can be too long.
            let long_enough = length >= prefilter.min || length == LENGTHS;
            let fits = length / 4 <= prefilter.max_chars;
            *patterns |= if long_enough && fits { bit } else { 0 };
        }
    }

    /// Calls `look` with the number of each pattern that a line may match.
    #[inline]
    pub(super) fn of(&self, line: &[u8], mut look: impl FnMut(usize)) {
        let (first, second, last, before_last) = match *line {
            [first, second, .., before_last, last] => (first, second, last, before_last),
            [first, middle, last] => (first, middle, last, middle),
            [first, last] => (first, last, last, first),
            // A line of one byte counts as that byte twice.
            [byte] => (byte, byte, byte, byte),
            [] => return,
        };
        let behind_bullet = line.strip_prefix(BULLET).and_then(|rest| rest.first().copied());
        let length = line.len().min(LENGTHS);
        for (number, bank) in self.banks.iter().enumerate() {
            let at = |row: &Row, byte: u8| row.get(usize::from(byte)).copied().unwrap_or(0);
            let at_pair = |row: &PairRow, outer: u8, inner: u8| {
                row.get(pair(outer, inner)).copied().unwrap_or(0)
            };
            let begins = match behind_bullet {
                Some(behind) => at(&bank.behind_bullet, behind),
                None => at(&bank.first, first) & at_pair(&bank.first_two, first, second),
            };
            let ends = at(&bank.last, last) & at_pair(&bank.last_two, last, before_last);
            let mut left = begins & ends & bank.length.get(length).copied().unwrap_or(0);
            while left != 0 {
                look(number * 64 + left.trailing_zeros() as usize);
                left &= left - 1;
            }
        }
    }
}

/// Adds a pattern to the rows of all pairs that may stand at an edge; `inner` gives the bytes that
/// may stand beside an outer one.
fn add_pairs(row: &mut PairRow, bit: u64, inner: impl Fn(u8) -> ByteSet) {
    for outer in 0..=255 {
        let inner = inner(outer);
        for byte in (0..=255).filter(|byte| inner.has(*byte)) {
            if let Some(patterns) = row.get_mut(pair(outer, byte)) {
                *patterns |= bit;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shortlisted(pattern: &str, line: &str) -> bool {
        let hir = regex_automata::util::syntax::parse(pattern).unwrap();
        let mut list = Shortlist::default();
        list.add(129, &Prefilter::of(&hir));
        let mut found = Vec::new();
        list.of(line.as_bytes(), |index| found.push(index));
        assert!(found.is_empty() || found == [129], "{found:?}");
        !found.is_empty()
    }

    #[test]
    fn a_line_that_matches_is_on_the_list() {
        let long = "x".repeat(300);
        for (pattern, line) in [
            ("^(?:• )?(?:Quote|Reply).*$", "• Reply all"),
            ("^• ", "• Reply"),
            ("^•.Reply$", "• Reply"),
            ("^. Reply$", "• Reply"),
            ("eply$", "• Reply"),
            ("^• (?<name>\\p{L}+)$", "• Reply"),
            ("^•$", "•"),
            ("^x$", "x"),
            ("^[a-f]$", "d"),
            ("^(?:xy|z)$", "z"),
            ("^.*(?:xy|z)$", "az"),
            ("^x{300}$", &long),
            ("^\\PL{1,70}$", &"日本語の。".repeat(14).replace(|c: char| c.is_alphabetic(), "。")),
        ] {
            assert!(regex::Regex::new(pattern).unwrap().is_match(line), "{pattern}");
            assert!(shortlisted(pattern, line), "{pattern}");
        }
    }

    #[test]
    fn a_line_that_cannot_match_is_not() {
        for (pattern, line) in [
            ("^(?:• )?(?:Quote|Reply).*$", "• Save"),
            ("^Reply.*$", "• Reply"),
            ("^• (?:1|2).*$", "• Reply"),
            ("^.{2,60}$", &"x".repeat(300)),
            ("^.{20}", "short"),
        ] {
            assert!(!shortlisted(pattern, line), "{pattern}");
        }
    }
}
