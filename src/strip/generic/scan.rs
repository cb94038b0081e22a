//! One pass over the bytes of a text, sixteen at a time.
//!
//! Takes the text of all lines; gives a [`Scan`], from which the [`Counts`] of any line are read.
//! The classes of 64 bytes become masks with one bit per byte, on which words are counted by
//! carries, so that no branch depends on a single byte.

use std::ops::Range;

use crate::model::sixteen::{self, Sixteen};

/// What stands in a body.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counts {
    /// Pieces between spaces that hold a word byte: a letter, a digit, or anything else beyond
    /// ASCII but Latin-1 symbols and the marks that E2 leads to.
    pub(super) tokens: u32,
    /// Tokens that begin with a capital.
    pub(super) capitals: u32,
    /// Characters.
    pub(super) characters: u32,
    /// Kana and Han.
    pub(super) ideographs: u32,
    /// Thai and Lao.
    pub(super) thai: u32,
    /// Whether there is an ASCII digit.
    pub(super) has_digit: bool,
}

impl Counts {
    /// Words: two ideographs and four Thai letters count as one more each, about the mean length
    /// of a word in these languages.
    pub(super) fn words(&self) -> u32 {
        self.tokens.saturating_add(self.ideographs / 2 + self.thai / 4)
    }
}

/// What stands where in a text whose lines end in line feeds.
#[derive(Debug, Clone)]
pub(super) struct Scan<'a> {
    text: &'a [u8],
    /// One for each 64 bytes, and one behind them.
    chunks: Vec<Masks>,
}

impl<'a> Scan<'a> {
    /// Reads a text.
    pub(super) fn of(text: &'a [u8]) -> Self {
        let mut words = Words::default();
        let mut chunks = Vec::with_capacity(text.len() / 64 + 2);
        let (blocks, rest) = text.as_chunks::<64>();
        // What is missing counts as spaces.
        let mut last = [b' '; 64];
        last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        for (block, start) in blocks.iter().chain([&last]).zip((0..).step_by(64)) {
            let mut masks = Masks::of(block);
            let starts = words.push(&mut masks);
            masks.capitals &= starts;
            if starts & masks.beyond_ascii != 0 {
                let rest = text.get(start..).unwrap_or_default();
                masks.capitals |= other_capitals(rest, starts & masks.beyond_ascii);
            }
            chunks.push(masks);
        }
        chunks.push(Masks { spaces: u64::MAX, ..Masks::default() });
        Self { text, chunks }
    }

    /// The bytes of a body.
    pub(super) fn bytes(&self, body: Range<usize>) -> &'a [u8] {
        self.text.get(body).unwrap_or_default()
    }

    /// Counts what stands in a body: a line, or what is behind a space of one.
    #[inline]
    pub(super) fn counts(&self, body: Range<usize>) -> Counts {
        let mut counts = Counts { characters: number(body.len()), ..Counts::default() };
        let Some(last) = body.end.checked_sub(1).filter(|last| *last >= body.start) else {
            return counts;
        };
        let chunks = self.chunks.get(body.start / 64..=last / 64).unwrap_or_default();
        let mut edge = u64::MAX << (body.start % 64);
        let (mut digits, mut far, mut beyond_ascii) = (0, 0, 0);
        for (number, chunk) in chunks.iter().enumerate() {
            if number + 1 == chunks.len() {
                edge &= u64::MAX >> (63 - last % 64);
            }
            counts.tokens += (chunk.tokens & edge).count_ones();
            counts.capitals += (chunk.capitals & edge).count_ones();
            digits |= chunk.digits & edge;
            far |= chunk.far & edge;
            beyond_ascii |= chunk.beyond_ascii & edge;
            if beyond_ascii != 0 {
                counts.characters -= (chunk.continuations & edge).count_ones();
            }
            edge = u64::MAX;
        }
        counts.has_digit = digits != 0;
        if far != 0 {
            let bytes = self.bytes(body);
            let ideographs = bytes.iter().filter(|byte| (0xE3..0xEA).contains(*byte));
            counts.ideographs = number(ideographs.count());
            let thai = bytes.windows(2).filter(|pair| matches!(pair, [0xE0, 0xB8..=0xBB]));
            counts.thai = number(thai.count());
        }
        counts
    }

    /// The classes of the 64 bytes from byte `at` on.
    #[inline]
    pub(super) fn window(&self, at: usize) -> Window {
        let (chunk, shift) = (at / 64, at % 64);
        let [low, high] = [chunk, chunk + 1].map(|chunk| self.chunks.get(chunk));
        let (Some(low), high) = (low, high.or(low)) else { return Window::default() };
        let high = high.unwrap_or(low);
        // Shifted twice, because a shift by 64 is none.
        let both = |low: u64, high: u64| low >> shift | high << 1 << (63 - shift);
        Window {
            spaces: both(low.spaces, high.spaces),
            letters: both(low.letters, high.letters),
            digits: both(low.digits, high.digits),
        }
    }
}

/// Classes of 64 bytes anywhere in a text: bit `n` is set where byte `n` is of the class.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Window {
    /// Spaces and line feeds.
    pub(super) spaces: u64,
    /// ASCII letters.
    pub(super) letters: u64,
    /// ASCII digits.
    pub(super) digits: u64,
}

/// Capitals beyond ASCII among the starts of words: `À` to `Þ`, `Ѐ` to `Я`.
fn other_capitals(text: &[u8], mut starts: u64) -> u64 {
    let mut capitals = 0;
    while starts != 0 {
        let at = starts.trailing_zeros();
        let start = at as usize;
        if let Some([0xC3, 0x80..0x9F] | [0xD0, 0x80..0xB0]) = text.get(start..start + 2) {
            capitals |= 1 << at;
        }
        starts &= starts - 1;
    }
    capitals
}

/// Bit `n` is set where byte `n` of 64 is of the class.
#[derive(Debug, Clone, Copy, Default)]
struct Masks {
    /// Spaces and line feeds.
    spaces: u64,
    letters: u64,
    digits: u64,
    /// The first word byte of each piece that has one; before they are counted, all word bytes.
    tokens: u64,
    /// Capitals that begin a piece.
    capitals: u64,
    beyond_ascii: u64,
    /// Bytes that are not the first of a character.
    continuations: u64,
    /// Bytes that lead to Kana, Han, Thai and Lao, among others.
    far: u64,
}

impl Masks {
    /// Classifies 64 bytes.
    #[inline]
    fn of(block: &[u8; 64]) -> Self {
        let letters = sixteen::of_four(block, Sixteen::is_letter);
        let digits = sixteen::of_four(block, |bytes| bytes.within(b'0', b'9'));
        let mut masks = Self {
            spaces: sixteen::of_four(block, |bytes| bytes.is_either(b' ', b'\n')),
            letters,
            digits,
            tokens: letters | digits,
            capitals: sixteen::of_four(block, |bytes| bytes.within(b'A', b'Z')),
            beyond_ascii: sixteen::of_four(block, Sixteen::is_wide),
            continuations: 0,
            far: 0,
        };
        if masks.beyond_ascii != 0 {
            masks.tokens |= sixteen::of_four(block, |bytes| bytes.reaches(0xC3) & !bytes.is(0xE2));
            masks.continuations =
                masks.beyond_ascii & !sixteen::of_four(block, |bytes| bytes.reaches(0xC0));
            let ideographs = |bytes: Sixteen| bytes.reaches(0xE3) & !bytes.reaches(0xEA);
            masks.far = sixteen::of_four(block, |bytes| ideographs(bytes) | bytes.is(0xE0));
        }
        masks
    }
}

/// Finds the pieces between spaces that hold a word byte, block by block.
#[derive(Debug, Clone, Copy, Default)]
struct Words {
    /// 1 where the block before ended within a piece.
    in_piece: u64,
    /// Whether it ended before any word byte of that piece.
    is_pending: bool,
}

impl Words {
    /// Takes a block, and leaves of its word bytes the first one of each piece; gives the bits at
    /// which pieces begin.
    #[inline]
    fn push(&mut self, masks: &mut Masks) -> u64 {
        let pieces = !masks.spaces;
        let starts = pieces & !(pieces << 1 | self.in_piece);
        let others = pieces & !masks.tokens;
        // A carry that begins with a piece runs through its bytes that are no word bytes, and
        // comes to rest on the first word byte, or on the space behind the piece.
        let (sum, first) = others.overflowing_add(starts & others);
        let (sum, second) = sum.overflowing_add(u64::from(self.is_pending));
        let rested = sum & !others;
        masks.tokens &= starts | rested;
        self.is_pending = first || second;
        self.in_piece = pieces >> 63;
        starts
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(body: &str) -> Counts {
        Scan::of(body.as_bytes()).counts(0..body.len())
    }

    /// The definition, byte by byte.
    fn slowly(body: &str) -> (u32, u32) {
        let is_word = |byte: u8| byte.is_ascii_alphanumeric() || (byte >= 0xC3 && byte != 0xE2);
        let tokens: Vec<&str> =
            body.split(' ').filter(|token| token.bytes().any(is_word)).collect();
        let begins = |token: &&&str| {
            matches!(
                token.as_bytes(),
                [b'A'..=b'Z', ..] | [0xC3, 0..0x9F, ..] | [0xD0, 0..0xB0, ..]
            )
        };
        (number(tokens.len()), number(tokens.iter().filter(begins).count()))
    }

    #[test]
    fn words_are_counted_in_every_script() {
        for (body, tokens, capitals, words) in [
            ("The Ferry left – at 9", 5, 2, 5),
            ("Élan Жук жук ß æ &", 5, 2, 5),
            ("渡し船は出た", 1, 0, 4),
            ("เรือออกแล้ว", 1, 0, 3),
            ("– • ©", 0, 0, 0),
        ] {
            let counts = counts(body);
            assert_eq!((counts.tokens, counts.capitals), (tokens, capitals), "{body}");
            assert_eq!(counts.words(), words, "{body}");
            assert_eq!(counts.characters as usize, body.chars().count(), "{body}");
        }
        assert!(counts("at 9").has_digit);
        assert!(!counts("at ten ¹ –").has_digit);
    }

    #[test]
    fn blocks_meet_without_a_seam() {
        let text = "(1) “Élan” – the – OLD … --harbour's-- & ÇA,... @[`{ ~ Жук. ......x ";
        let text = text.repeat(4);
        for start in (0..70).filter(|start| text.is_char_boundary(*start)) {
            for end in (start..text.len()).filter(|end| text.is_char_boundary(*end)) {
                let body = text.get(start..end).unwrap();
                let counts = counts(body);
                assert_eq!((counts.tokens, counts.capitals), slowly(body), "{body}");
                let lines = format!("One more 1 {body}\n{body}\nOne more");
                let scan = Scan::of(lines.as_bytes());
                for at in [11, 12 + body.len()] {
                    let found = scan.counts(at..at + body.len());
                    let all = (found.tokens, found.capitals, found.characters, found.has_digit);
                    let expected =
                        (counts.tokens, counts.capitals, counts.characters, counts.has_digit);
                    assert_eq!(all, expected, "{lines}");
                }
            }
        }
    }
}
