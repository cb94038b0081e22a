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

/// Rows of a property that is a byte.
const BYTES: usize = 256;

/// For each property of a line the patterns that it leaves.
#[derive(Debug, Default)]
pub(super) struct Shortlist {
    /// Words of 64 patterns in a row.
    stride: usize,
    first: Vec<u64>,
    second: Vec<u64>,
    behind_bullet: Vec<u64>,
    last: Vec<u64>,
    before_last: Vec<u64>,
    length: Vec<u64>,
}

impl Shortlist {
    /// A list for so many patterns, none of them on it.
    pub(super) fn new(patterns: usize) -> Self {
        let stride = patterns.div_ceil(64);
        let rows = |count: usize| vec![0; count * stride];
        Self {
            stride,
            first: rows(BYTES),
            second: rows(BYTES),
            behind_bullet: rows(BYTES),
            last: rows(BYTES),
            before_last: rows(BYTES),
            length: rows(LENGTHS + 1),
        }
    }

    /// Puts pattern number `index` on the list.
    pub(super) fn add(&mut self, index: usize, prefilter: &Prefilter) {
        let inner = |beside: &dyn Fn(u8) -> ByteSet| {
            (0..=255).fold(ByteSet::default(), |mut sum, outer| {
                sum.union(&beside(outer));
                sum
            })
        };
        let second = inner(&|first| prefilter.behind(&[first]));
        let before_last = inner(&|last| prefilter.before(last));
        let behind_bullet = prefilter.behind(BULLET);
        for (rows, bytes) in [
            (&mut self.first, &prefilter.first),
            (&mut self.second, &second),
            (&mut self.behind_bullet, &behind_bullet),
            (&mut self.last, &prefilter.last),
            (&mut self.before_last, &before_last),
        ] {
            for byte in 0..=255 {
                set(rows, usize::from(byte) * self.stride, index, bytes.has(byte));
            }
        }
        for length in 0..=LENGTHS {
            // The last row stands for all longer lines; of them only the shortest can be too long.
            let long_enough = length >= prefilter.min || length == LENGTHS;
            let fits = length / 4 <= prefilter.max_chars;
            set(&mut self.length, length * self.stride, index, long_enough && fits);
        }
    }

    /// Calls `look` with the number of each pattern that a line may match.
    #[inline]
    pub(super) fn of(&self, line: &[u8], mut look: impl FnMut(usize)) {
        let (first, second, last, before_last) = match line {
            [first, second, .., before_last, last] => (first, second, last, before_last),
            [first, middle, last] => (first, middle, last, middle),
            [first, last] => (first, last, last, first),
            // A line of one byte counts as that byte twice.
            [byte] => (byte, byte, byte, byte),
            [] => return,
        };
        let byte = |rows, byte: &u8| self.row(rows, usize::from(*byte));
        let (first, second) = match line.strip_prefix(BULLET) {
            Some([behind, ..]) => {
                let row = byte(&self.behind_bullet, behind);
                (row, row)
            }
            _ => (byte(&self.first, first), byte(&self.second, second)),
        };
        let (last, before_last) = (byte(&self.last, last), byte(&self.before_last, before_last));
        let length = self.row(&self.length, line.len().min(LENGTHS));
        let rows = first.iter().zip(second).zip(last).zip(before_last).zip(length);
        for (number, ((((first, second), last), before_last), length)) in rows.enumerate() {
            let mut left = first & second & last & before_last & length;
            while left != 0 {
                look(number * 64 + left.trailing_zeros() as usize);
                left &= left - 1;
            }
        }
    }

    #[inline]
    fn row<'a>(&self, rows: &'a [u64], number: usize) -> &'a [u64] {
        let start = number * self.stride;
        rows.get(start..start + self.stride).unwrap_or_default()
    }
}

/// Sets the bit of pattern `index` in the row that begins at `place`, where it is wanted.
fn set(rows: &mut [u64], place: usize, index: usize, wanted: bool) {
    if let Some(word) = rows.get_mut(place + index / 64)
        && wanted
    {
        *word |= 1 << (index % 64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shortlisted(pattern: &str, line: &str) -> bool {
        let hir = regex_automata::util::syntax::parse(pattern).unwrap();
        let mut list = Shortlist::new(130);
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
