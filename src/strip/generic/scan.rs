//! One pass over the bytes of a line, sixteen at a time.
//!
//! Takes a body; gives [`Counts`] and a hash. The classes of up to 64 bytes become masks with one
//! bit per byte, on which words are counted by carries, so that no branch depends on a single byte.

use crate::model::sixteen::{self, Sixteen};

/// What one pass over the bytes of a body finds.
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
    /// Hash of the body in ASCII lower case, the same on all machines.
    pub(super) hash: u64,
    /// Bit `n` is set where byte `n` of the first 64 is no space.
    pub(super) pieces: u64,
    /// Bit `n` is set where byte `n` of the first 64 is an ASCII letter.
    pub(super) letters: u64,
}

impl Counts {
    /// Reads a body.
    pub(super) fn of(body: &[u8]) -> Self {
        let mut counts =
            Self { characters: number(body.len()), hash: body.len() as u64, ..Self::default() };
        let mut words = Words::default();
        let mut has_thai = false;
        let mut rest = body;
        while !rest.is_empty() {
            let (block, behind) = rest.split_at_checked(64).unwrap_or((rest, &[]));
            let masks = Masks::of(block, &mut counts.hash);
            if rest.len() == body.len() {
                (counts.pieces, counts.letters) = (!masks.spaces, masks.letters);
            }
            let starts = words.push(&masks);
            counts.capitals += (starts & masks.capitals).count_ones();
            counts.has_digit |= masks.has_digit;
            counts.characters -= masks.continuations;
            counts.ideographs += masks.ideographs;
            has_thai |= masks.may_be_thai;
            if starts & masks.beyond_ascii != 0 {
                counts.capitals += other_capitals(rest, starts & masks.beyond_ascii);
            }
            rest = behind;
        }
        counts.tokens = words.count;
        if has_thai {
            let pairs = body.windows(2).filter(|pair| matches!(pair, [0xE0, 0xB8..=0xBB]));
            counts.thai = number(pairs.count());
        }
        counts
    }

    /// Words: two ideographs and four Thai letters count as one more each, about the mean length
    /// of a word in these languages.
    pub(super) fn words(&self) -> u32 {
        self.tokens.saturating_add(self.ideographs / 2 + self.thai / 4)
    }
}

/// Capitals beyond ASCII among the starts of words: `À` to `Þ`, `Ѐ` to `Я`.
fn other_capitals(body: &[u8], mut starts: u64) -> u32 {
    let mut capitals = 0;
    while starts != 0 {
        let at = starts.trailing_zeros() as usize;
        capitals += u32::from(matches!(
            body.get(at..at + 2),
            Some([0xC3, 0x80..0x9F] | [0xD0, 0x80..0xB0])
        ));
        starts &= starts - 1;
    }
    capitals
}

/// Bit `n` is set where byte `n` of a block is of the class.
#[derive(Debug, Clone, Copy, Default)]
struct Masks {
    spaces: u64,
    letters: u64,
    words: u64,
    capitals: u64,
    beyond_ascii: u64,
    has_digit: bool,
    /// How many bytes are not the first of a character.
    continuations: u32,
    /// How many lead to Kana and Han.
    ideographs: u32,
    /// Whether there is a byte that leads to Thai, among others.
    may_be_thai: bool,
}

impl Masks {
    /// Classifies a block of up to 64 bytes. What is missing counts as spaces.
    #[inline]
    fn of(block: &[u8], hash: &mut u64) -> Self {
        let mut masks = Self::default();
        sixteen::each(block, b' ', |done, bytes| masks.add(bytes, done, hash));
        if let Some(missing) = u64::MAX.checked_shl(number(block.len())) {
            masks.spaces |= missing;
        }
        masks
    }

    #[inline]
    fn add(&mut self, bytes: Sixteen, shift: u32, hash: &mut u64) {
        let digits = bytes.within(b'0', b'9');
        self.spaces |= bytes.is(b' ') << shift;
        let letters = bytes.is_letter();
        self.letters |= letters << shift;
        self.words |= (letters | digits) << shift;
        self.capitals |= bytes.within(b'A', b'Z') << shift;
        self.has_digit |= digits != 0;
        let wide = bytes.is_wide();
        if wide != 0 {
            self.beyond_ascii |= wide << shift;
            self.add_beyond_ascii(bytes, shift);
        }
        *hash = mix(*hash, bytes.to_small());
    }

    fn add_beyond_ascii(&mut self, bytes: Sixteen, shift: u32) {
        self.words |= (bytes.reaches(0xC3) & !bytes.is(0xE2)) << shift;
        self.continuations += (bytes.is_wide() & !bytes.reaches(0xC0)).count_ones();
        self.ideographs += (bytes.reaches(0xE3) & !bytes.reaches(0xEA)).count_ones();
        self.may_be_thai |= bytes.is(0xE0) != 0;
    }
}

#[inline]
fn mix(hash: u64, bytes: u128) -> u64 {
    // The fractional parts of the golden ratio and of the square root of 3, as odd numbers of 64
    // bits (Knuth 6.4), so that bytes of zero do not cancel out what came before.
    let [low, high] = [bytes, bytes >> 64].map(|half| half & u128::from(u64::MAX));
    let product = (low ^ u128::from(hash ^ 0x9E37_79B9_7F4A_7C15))
        .wrapping_mul(high ^ u128::from(0xBB67_AE85_84CA_A73B_u64 ^ hash.rotate_left(32)));
    halves(product)
}

/// The exclusive or of the two halves of a product.
#[inline]
fn halves(product: u128) -> u64 {
    let [low, high] = [product, product >> 64].map(|half| half & u128::from(u64::MAX));
    u64::try_from(low ^ high).unwrap_or(0)
}

/// Counts the pieces between spaces that hold a word byte, block by block.
#[derive(Debug, Clone, Copy, Default)]
struct Words {
    count: u32,
    /// 1 where the block before ended within a piece.
    in_piece: u64,
    /// Whether it ended before any word byte of that piece.
    is_pending: bool,
}

impl Words {
    /// Takes a block; gives the bits at which pieces begin.
    #[inline]
    fn push(&mut self, masks: &Masks) -> u64 {
        let pieces = !masks.spaces;
        let starts = pieces & !(pieces << 1 | self.in_piece);
        let others = pieces & !masks.words;
        // A carry that begins with a piece runs through its bytes that are no word bytes, and
        // comes to rest on the first word byte, or on the space behind the piece.
        let (sum, first) = others.overflowing_add(starts & others);
        let (sum, second) = sum.overflowing_add(u64::from(self.is_pending));
        let rested = sum & !others;
        self.count += ((starts | rested) & masks.words).count_ones();
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
            let counts = Counts::of(body.as_bytes());
            assert_eq!((counts.tokens, counts.capitals), (tokens, capitals), "{body}");
            assert_eq!(counts.words(), words, "{body}");
            assert_eq!(counts.characters as usize, body.chars().count(), "{body}");
        }
        assert!(Counts::of(b"at 9").has_digit);
        assert!(!Counts::of("at ten ¹ –".as_bytes()).has_digit);
    }

    #[test]
    fn blocks_meet_without_a_seam() {
        let text = "(1) “Élan” – the – OLD … --harbour's-- & ÇA,... @[`{ ~ Жук. ......x ";
        let text = text.repeat(4);
        for start in (0..70).filter(|start| text.is_char_boundary(*start)) {
            for end in (start..text.len()).filter(|end| text.is_char_boundary(*end)) {
                let body = text.get(start..end).unwrap();
                let counts = Counts::of(body.as_bytes());
                assert_eq!((counts.tokens, counts.capitals), slowly(body), "{body}");
            }
        }
    }

    #[test]
    fn case_does_not_change_the_hash() {
        let hash = |body: &str| Counts::of(body.as_bytes()).hash;
        assert_eq!(hash("Old HARBOUR @[`{ Office"), hash("oLD harbour @[`{ oFFICE"));
        assert_ne!(hash("old harbour @ office"), hash("old harbour ` office"));
        assert_ne!(hash("ÀB"), hash("àb"));
        assert_ne!(hash("a"), hash("a "));
    }
}
