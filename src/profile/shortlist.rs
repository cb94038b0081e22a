//! The patterns that are worth a closer look on a line, by how it begins and ends and its length.
//!
//! Takes the prefilters of a profile's patterns; gives rows of bits, one bit per pattern. Three
//! rows are laid over each other for a line, whatever the number of patterns, and few bits are left.

use super::prefilter::{ByteSet, Prefilter};

/// Lengths in bytes that have a row of their own; longer lines share the last one. Furniture is
/// shorter, and a pattern without a longest match has its bit in all of them.
const LENGTHS: usize = 256;

/// What list items begin with. So many lines do that the byte behind it counts as their first.
const BULLET: &[u8] = "• ".as_bytes();

/// Rows for the first two bytes of a line and for the last two: pairs share rows.
const PAIRS: usize = 512;

/// For each property of a line the patterns that it leaves.
#[derive(Debug, Default)]
pub(super) struct Shortlist {
    /// Words of 64 patterns in a row.
    stride: usize,
    first: Vec<u64>,
    behind_bullet: Vec<u64>,
    last: Vec<u64>,
    length: Vec<u64>,
}

impl Shortlist {
    /// A list for so many patterns, none of them on it.
    pub(super) fn new(patterns: usize) -> Self {
        let stride = patterns.div_ceil(64);
        let rows = |count: usize| vec![0; count * stride];
        Self {
            stride,
            first: rows(PAIRS),
            behind_bullet: rows(256),
            last: rows(PAIRS),
            length: rows(LENGTHS + 1),
        }
    }

    /// Puts pattern number `index` on the list.
    pub(super) fn add(&mut self, index: usize, prefilter: &Prefilter) {
        let behind_bullet = prefilter.behind(BULLET);
        for byte in 0..=255 {
            let place = usize::from(byte) * self.stride;
            set(&mut self.behind_bullet, place, index, behind_bullet.has(byte));
        }
        add_pairs(&mut self.first, self.stride, index, |outer| prefilter.behind(&[outer]));
        add_pairs(&mut self.last, self.stride, index, |outer| prefilter.before(outer));
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
        let (Some(first), Some(last)) = (ends(line.iter()), ends(line.iter().rev())) else {
            return;
        };
        let behind = line.strip_prefix(BULLET).and_then(|rest| rest.first());
        let first = behind.map_or_else(
            || self.row(&self.first, first),
            |byte| self.row(&self.behind_bullet, usize::from(*byte)),
        );
        let last = self.row(&self.last, last);
        let length = self.row(&self.length, line.len().min(LENGTHS));
        for (number, ((first, last), length)) in first.iter().zip(last).zip(length).enumerate() {
            let mut left = first & last & length;
            while left != 0 {
                look(number * 64 + left.trailing_zeros() as usize);
                left &= left - 1;
            }
        }
    }

    fn row<'a>(&self, rows: &'a [u64], number: usize) -> &'a [u64] {
        let start = number * self.stride;
        rows.get(start..start + self.stride).unwrap_or_default()
    }
}

/// The row of two bytes, the outer one first.
#[inline]
fn pair(outer: u8, inner: u8) -> usize {
    (usize::from(outer) * 2 + usize::from(inner) * 37) % PAIRS
}

/// The row of the outermost bytes of a line; those of a single byte are the same one twice.
#[inline]
fn ends<'a>(mut bytes: impl Iterator<Item = &'a u8>) -> Option<usize> {
    let outer = bytes.next()?;
    Some(pair(*outer, *bytes.next().unwrap_or(outer)))
}

/// Sets the bit of pattern `index` in the rows of all pairs that may stand at an edge; `inner` gives
/// the bytes that may stand beside an outer one.
fn add_pairs(rows: &mut [u64], stride: usize, index: usize, inner: impl Fn(u8) -> ByteSet) {
    if (0..=255).all(|outer| inner(outer) == ByteSet::ALL) {
        for row in 0..PAIRS {
            set(rows, row * stride, index, true);
        }
        return;
    }
    for outer in 0..=255 {
        let inner = inner(outer);
        if inner != ByteSet::default() {
            for byte in 0..=255 {
                set(rows, pair(outer, byte) * stride, index, inner.has(byte));
            }
        }
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
