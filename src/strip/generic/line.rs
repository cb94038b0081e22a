//! What can be said of a line on its own.
//!
//! Takes a block and the `scan` of its document; gives a [`Line`] of small numbers. Words and
//! capitals are read from the scan; only short lines are looked at byte by byte, for dates and words
//! of chrome. Never allocates.

use std::ops::Range;

use super::ending::{self, Ending};
use super::scan::Scan;
use super::words;
use crate::model::document::Block;

/// Most words of a line that is searched for dates and words of chrome.
const SHORT_WORDS: u32 = 12;

/// The depth from which lines count as equally deep.
const MAX_DEPTH: u8 = 12;

/// The features of one line that do not depend on other lines.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Line {
    /// Hash of some of the body, the same where bodies differ in ASCII case only.
    pub(super) hash: u32,
    /// Words; in writing without spaces, estimated from the characters.
    pub(super) words: u32,
    /// Ten times the characters per word.
    pub(super) word_length: u32,
    /// Words with a capital, per mille.
    pub(super) capitals: u32,
    /// Blank lines above: 0, 1, 2 for more.
    pub(super) blanks: u8,
    /// White space before the text, up to [`MAX_DEPTH`].
    pub(super) depth: u8,
    /// 0 none, 1 a mark, 2 a number.
    pub(super) bullet: u8,
    /// Bytes before the body.
    pub(super) bullet_bytes: u8,
    /// How it ends.
    pub(super) ending: Ending,
    /// A number of [`words::Chrome`], 0 for none.
    pub(super) chrome: u8,
    /// 0 where no other line has this body; 1, 2: the first of two, of more; 3, 4, 5: a later one
    /// of two, three, more. Filled in by `page`.
    pub(super) repetition: u8,
    /// Whether it is short and shows a date or a time.
    pub(super) is_dated: bool,
    /// Whether it reads like a paragraph.
    pub(super) is_long: bool,
}

impl Line {
    /// Reads a line.
    pub(super) fn read(text: &str, block: &Block, scan: &Scan<'_>) -> Self {
        let (bullet, body) = split_bullet(text);
        let bullet_bytes = text.len() - body.len();
        let range = block.range().start + bullet_bytes..block.range().end;
        let counts = scan.counts(range.clone());
        let words = counts.words();
        let ending = Ending::of(body);
        let is_short = words <= SHORT_WORDS;
        let tokens = counts.tokens.max(1);
        Self {
            hash: hash(body.as_bytes()),
            words,
            word_length: scaled(10, counts.characters, tokens),
            capitals: scaled(1000, counts.capitals, tokens),
            blanks: u8::try_from(block.blanks.min(2)).unwrap_or(2),
            depth: block.indent.min(MAX_DEPTH),
            bullet,
            bullet_bytes: u8::try_from(bullet_bytes).unwrap_or(u8::MAX),
            ending,
            chrome: if is_short { chrome(scan, range.clone()) } else { 0 },
            repetition: 0,
            is_dated: is_short && counts.has_digit && is_dated(scan, range),
            // A sentence of ten words, or 25 words however they end: measured on WCXB.
            is_long: words >= 25 || (words >= 10 && ending.is_sentence()),
        }
    }

    /// The line's body, of the text of its block.
    pub(super) fn body<'t>(&self, text: &'t str) -> &'t [u8] {
        text.as_bytes().get(usize::from(self.bullet_bytes)..).unwrap_or_default()
    }
}

/// A hash of the length of a body and of its first and last eight bytes, whatever their case.
#[inline]
fn hash(body: &[u8]) -> u32 {
    const SMALL: u64 = 0x2020_2020_2020_2020;
    let (first, last) = match (body.first_chunk::<8>(), body.last_chunk::<8>()) {
        (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
        _ => (body.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)), 0),
    };
    // The fractional parts of the golden ratio and of the square root of 3, as odd numbers of 64
    // bits (Knuth 6.4).
    let mixed = ((first | SMALL) ^ body.len() as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15)
        ^ (last | SMALL).wrapping_mul(0xBB67_AE85_84CA_A73B);
    u32::try_from((mixed ^ mixed >> 29) >> 32).unwrap_or(0)
}

/// Whether a line shows a date or a time. Few figures can be one: four digits in a row, or a mark
/// between a digit and two more.
fn is_dated(scan: &Scan<'_>, body: Range<usize>) -> bool {
    if let Some(unused) = 64_usize.checked_sub(body.len()) {
        let digits = scan.window(body.start).digits << unused >> unused;
        let year = digits & digits >> 1 & digits >> 2 & digits >> 3;
        let time = digits & digits >> 2 & digits >> 3;
        if year | time == 0 {
            return false;
        }
    }
    ending::is_dated(scan.bytes(body))
}

/// `floor(factor * part / whole)`, without overflow; 0 where there is no whole.
#[inline]
pub(super) fn scaled(factor: u32, part: u32, whole: u32) -> u32 {
    // Texts have no links, most lines are not long: what is nothing need not be divided.
    if part == 0 {
        return 0;
    }
    // Nearly always; dividing 32 bits takes half the time.
    if let Some(product) = part.checked_mul(factor) {
        return product.checked_div(whole).unwrap_or(0);
    }
    let factor = u64::from(factor);
    let value = (factor * u64::from(part)).checked_div(u64::from(whole)).unwrap_or(0);
    u32::try_from(value).unwrap_or(u32::MAX)
}

/// Takes a bullet or a list number off a line.
fn split_bullet(text: &str) -> (u8, &str) {
    let (bullet, length) = match text.as_bytes() {
        [b'-' | b'*', b' ', ..] => (1, 2),
        // `•`, `◦` and `▪`.
        [0xE2, 0x80, 0xA2, b' ', ..]
        | [0xE2, 0x97, 0xA6, b' ', ..]
        | [0xE2, 0x96, 0xAA, b' ', ..] => (1, 4),
        [b'0'..=b'9', b'.' | b')', b' ', ..] => (2, 3),
        [b'0'..=b'9', b'0'..=b'9', b'.' | b')', b' ', ..] => (2, 4),
        [b'0'..=b'9', b'0'..=b'9', b'0'..=b'9', b'.' | b')', b' ', ..] => (2, 5),
        _ => (0, 0),
    };
    (bullet, text.get(length..).unwrap_or(text))
}

/// The class of the words of chrome in a short line.
fn chrome(scan: &Scan<'_>, body: Range<usize>) -> u8 {
    let bytes = scan.bytes(body.clone());
    // One less than the class, so that "none" is the largest.
    let mut lowest = u8::MAX;
    let mut see = |packed| lowest = lowest.min(words::class(packed).wrapping_sub(1));
    let mut at = 0;
    while at < bytes.len() {
        let window = scan.window(body.start + at);
        // Bytes of this window, up to the end of the body.
        let size = (bytes.len() - at).min(64);
        let unused = 64 - size;
        let is_last = at + size == bytes.len();
        let mut left = !window.spaces << unused >> unused;
        let mut done = size;
        while left != 0 {
            let start = left.trailing_zeros();
            let length = (left >> start).trailing_ones();
            if start + length == 64 && !is_last {
                // It may go on behind the window.
                done = start as usize;
                break;
            }
            let piece = u64::MAX >> (64 - length) << start;
            left &= !piece;
            let letters = window.letters & piece;
            let from = at + start as usize;
            if letters == piece {
                let initial = bytes.get(from).copied().unwrap_or_default();
                if words::may_be(length, initial) {
                    see(words::packed_letters(bytes, from, length as usize));
                }
            } else if letters != 0 {
                let initial = at + letters.trailing_zeros() as usize;
                let initial = bytes.get(initial).copied().unwrap_or_default();
                if words::may_be(letters.count_ones(), initial) {
                    see(words::packed(bytes.get(from..from + length as usize).unwrap_or_default()));
                }
            }
        }
        if done == 0 {
            // A piece longer than a window.
            let rest = bytes.get(at..).unwrap_or_default();
            done = memchr::memchr(b' ', rest).unwrap_or(rest.len());
            see(words::packed(rest.get(..done).unwrap_or_default()));
        }
        at += done;
    }
    lowest.wrapping_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bullets_are_taken_off() {
        assert_eq!(split_bullet("• one"), (1, "one"));
        assert_eq!(split_bullet("- one"), (1, "one"));
        assert_eq!(split_bullet("12) one"), (2, "one"));
        assert_eq!(split_bullet("1999. a year"), (0, "1999. a year"));
        assert_eq!(split_bullet("1.5 litres"), (0, "1.5 litres"));
        assert_eq!(split_bullet("-"), (0, "-"));
    }

    #[test]
    fn the_smallest_class_of_chrome_wins() {
        let chrome = |text: &str| chrome(&Scan::of(text.as_bytes()), 0..text.len());
        assert_eq!(chrome("Share this, log in"), 2);
        assert_eq!(chrome("More © 2021 Privacy"), 1);
        assert_eq!(chrome("Old harbour"), 0);
        let wide = "x".repeat(60);
        for (word, class) in [("Privacy", 1), ("NEWSLETTER", 2), ("log-in", 2), ("re commended", 0)]
        {
            for text in [word.to_owned(), format!("{word} x"), format!("a {word}")] {
                assert_eq!(chrome(&text), class, "{text}");
                assert_eq!(chrome(&format!("{text} {wide}")), class, "{text}");
                assert_eq!(chrome(&format!("{wide} {text}")), class, "{text}");
            }
        }
        for before in 50..140 {
            let text = format!("{} {}", "x".repeat(before), "log in");
            assert_eq!(chrome(&text), 2, "{text}");
            assert_eq!(chrome(&format!("{}login", "-".repeat(before))), 2, "{before}");
            assert_eq!(chrome(&format!("{}login {text}", "1".repeat(before))), 2, "{before}");
        }
    }
}
