//! What can be said of a line on its own.
//!
//! Takes the text of a block; gives a [`Line`] of small numbers. One pass over the bytes
//! (`scan`) counts words and capitals; only short lines get a second one, for dates and words of
//! chrome. Never allocates.

use super::ending::{self, Ending};
use super::scan::Counts;
use super::words;
use crate::model::document::Block;

/// Most words of a line that is searched for dates and words of chrome.
const SHORT_WORDS: u32 = 12;

/// The depth from which lines count as equally deep.
const MAX_DEPTH: u8 = 12;

/// The features of one line that do not depend on other lines.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Line {
    /// Hash of the body in ASCII lower case.
    pub(super) hash: u64,
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
    pub(super) fn read(text: &str, block: &Block) -> Self {
        let (bullet, body) = split_bullet(text);
        let bytes = body.as_bytes();
        let counts = Counts::of(bytes);
        let words = counts.words();
        let ending = Ending::of(body);
        let is_short = words <= SHORT_WORDS;
        let tokens = counts.tokens.max(1);
        Self {
            hash: counts.hash,
            words,
            word_length: scaled(10, counts.characters, tokens),
            capitals: scaled(1000, counts.capitals, tokens),
            blanks: u8::try_from(block.blanks.min(2)).unwrap_or(2),
            depth: block.indent.min(MAX_DEPTH),
            bullet,
            ending,
            chrome: if is_short { chrome(bytes, &counts) } else { 0 },
            repetition: 0,
            is_dated: is_short && counts.has_digit && ending::is_dated(bytes),
            // A sentence of ten words, or 25 words however they end: measured on WCXB.
            is_long: words >= 25 || (words >= 10 && ending.is_sentence()),
        }
    }
}

/// `floor(factor * part / whole)`, without overflow; 0 where there is no whole.
#[inline]
pub(super) fn scaled(factor: u32, part: u32, whole: u32) -> u32 {
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
fn chrome(body: &[u8], counts: &Counts) -> u8 {
    // One less than the class, so that "none" is the largest.
    let mut lowest = u8::MAX;
    let mut see = |packed| lowest = lowest.min(words::class(packed).wrapping_sub(1));
    if body.len() > 64 {
        body.split(|byte| *byte == b' ').for_each(|word| see(words::packed(word)));
    } else {
        let mut left = counts.pieces;
        while left != 0 {
            let start = left.trailing_zeros();
            let length = (left >> start).trailing_ones();
            let piece = u64::MAX >> (64 - length) << start;
            left &= !piece;
            let (start, length) = (start as usize, length as usize);
            if counts.letters & piece == piece {
                see(words::packed_letters(body, start, length));
            } else if counts.letters & piece != 0 {
                see(words::packed(body.get(start..start + length).unwrap_or_default()));
            }
        }
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
        let chrome = |text: &str| chrome(text.as_bytes(), &Counts::of(text.as_bytes()));
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
        let full = format!("{} log in", "x".repeat(57));
        assert_eq!((full.len(), chrome(&full)), (64, 2));
    }
}
