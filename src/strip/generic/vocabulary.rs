//! What each word says about the block that it stands in.
//!
//! Takes the table of a forest's file; gives for a block the sum of its words' points. A word of
//! site chrome ("newsletter", "filter") has points below 0, one that sites use in their texts
//! ("although") above. Words that few sites use are not in the table: it holds no text.

use rustc_hash::FxHashMap;

/// Most words of a block that is looked at. In running text the same words say nothing, and what a
/// paragraph is shows in other ways.
const MAX_WORDS: usize = 25;

/// Most words of a block that is a token as a whole.
const MAX_PHRASE: usize = 5;

/// Bits of a hash that say whether a word may be in the table: most are not.
const SIEVE_BITS: u32 = 17;

/// Points of words, in hundredths of a logit.
#[derive(Debug, Clone, Default)]
pub(super) struct Vocabulary {
    points: FxHashMap<u64, i16>,
    /// One bit for each value of the highest [`SIEVE_BITS`] of a hash.
    sieve: Vec<u64>,
}

/// What the words of some blocks add up to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Likely {
    /// Points of all known words.
    pub(super) sum: i32,
    /// Number of known words.
    pub(super) known: u32,
    /// The fewest points of one, 0 where none is below.
    pub(super) least: i16,
    /// The most points of one, 0 where none is above.
    pub(super) most: i16,
}

impl Vocabulary {
    /// A table of words, as [`spell`] spells them.
    pub(super) fn new(points: impl IntoIterator<Item = (String, i16)>) -> Self {
        let known = points.into_iter().map(|(token, points)| (hash(&token), points));
        let points: FxHashMap<u64, i16> = known.collect();
        let mut sieve = vec![0; 1 << (SIEVE_BITS - 6)];
        for (word, bit) in points.keys().map(|hash| place(*hash)) {
            if let Some(word) = sieve.get_mut(word) {
                *word |= bit;
            }
        }
        Self { points, sieve }
    }

    pub(super) fn points(&self, hash: u64) -> Option<&i16> {
        let (word, bit) = place(hash);
        let may_be = self.sieve.get(word).is_some_and(|word| word & bit != 0);
        may_be.then(|| self.points.get(&hash)).flatten()
    }

    /// The points of a block of so many words, as `scan` counts them: of its words, of the first
    /// two together, and of all together where there are few.
    pub(super) fn likely(&self, text: &str, words: u32) -> Likely {
        let mut all = Likely::default();
        // What stands between spaces is a word or several, so these are too many.
        let is_long = words as usize > MAX_WORDS && text.is_ascii();
        if self.points.is_empty() || is_long {
            return all;
        }
        tokens(text, &mut |hash| {
            if let Some(points) = self.points(hash) {
                all.push(*points);
            }
        });
        all
    }
}

impl Likely {
    /// Adds a known word.
    pub(super) fn push(&mut self, points: i16) {
        self.sum += i32::from(points);
        self.known += 1;
        self.least = self.least.min(points);
        self.most = self.most.max(points);
    }

    /// Mean points of a known word.
    pub(super) fn mean(self) -> i32 {
        i32::try_from(self.known).ok().and_then(|known| self.sum.checked_div(known)).unwrap_or(0)
    }

    /// What was added since.
    pub(super) fn since(self, before: Self) -> Self {
        Self {
            sum: self.sum.saturating_sub(before.sum),
            known: self.known.saturating_sub(before.known),
            ..self
        }
    }

    /// Adds other blocks.
    pub(super) fn add(&mut self, other: Self) {
        self.sum = self.sum.saturating_add(other.sum);
        self.known = self.known.saturating_add(other.known);
        self.least = self.least.min(other.least);
        self.most = self.most.max(other.most);
    }
}

/// The tokens of a block as a table spells them: words in lower case, every digit a `0`; `^` and the
/// first two; `=` and all, where there are few. None for a long block.
pub(super) fn spell(text: &str) -> Vec<String> {
    let lower = |word: &str| word.chars().filter_map(spelled).flatten().collect::<String>();
    let mut all: Vec<String> = words_of(text).take(MAX_WORDS + 1).map(lower).collect();
    match all.len() {
        0 => {}
        count if count > MAX_WORDS => all.clear(),
        count => {
            let lead = format!("{LEAD}{}", all.get(..2).unwrap_or(&all).join(" "));
            let phrase = (count <= MAX_PHRASE).then(|| format!("{PHRASE}{}", all.join(" ")));
            all.push(lead);
            all.extend(phrase);
        }
    }
    all
}

/// The word of the sieve, and the bit in it.
#[inline]
fn place(hash: u64) -> (usize, u64) {
    let top = hash >> (64 - SIEVE_BITS);
    (usize::try_from(top >> 6).unwrap_or(0), 1 << (top & 63))
}

/// The hash of a token as [`spell`] spells it.
fn hash(token: &str) -> u64 {
    let word = |word: &str| hash_of(word.chars());
    match token.chars().next() {
        Some(mark) if mark == LEAD || mark == PHRASE || NAMES.contains(&mark) => {
            token.get(1..).unwrap_or_default().split(' ').map(word).fold(start_of(mark), join)
        }
        _ => word(token),
    }
}

/// Gives the hashes of the tokens of a block to `take`, without making them.
fn tokens(text: &str, take: &mut dyn FnMut(u64)) {
    let mut words = Words { hashes: [0; MAX_WORDS], count: 0 };
    let is_short = words.read(text);
    let words = words.hashes.get(..words.count).unwrap_or_default();
    if !is_short || words.is_empty() {
        return;
    }
    for word in words {
        take(*word);
    }
    take(words.iter().take(2).copied().fold(start_of(LEAD), join));
    if words.len() <= MAX_PHRASE {
        take(words.iter().copied().fold(start_of(PHRASE), join));
    }
}

/// The hashes of a block's first words.
struct Words {
    hashes: [u64; MAX_WORDS],
    count: usize,
}

impl Words {
    /// Adds a word; `None` if there are too many.
    fn add(&mut self, hash: u64) -> Option<()> {
        *self.hashes.get_mut(self.count)? = hash;
        self.count += 1;
        Some(())
    }

    /// Reads the words of a text; whether there are few enough.
    fn read(&mut self, text: &str) -> bool {
        let (mut word, mut at) = (Word::default(), 0);
        let bytes = text.as_bytes();
        while let Some(byte) = bytes.get(at) {
            let is_inside = if let Some(letter) = SPELLED.get(usize::from(*byte)) {
                at += 1;
                word.push(*letter);
                *letter != 0
            } else {
                let letter = text.get(at..).and_then(|rest| rest.chars().next()).unwrap_or(' ');
                at += letter.len_utf8();
                let letters = spelled(letter);
                let is_inside = letters.is_some();
                letters.into_iter().flatten().for_each(|letter| word.push_letter(letter));
                is_inside
            };
            if !is_inside && word.take().is_some_and(|hash| self.add(hash).is_none()) {
                return false;
            }
        }
        word.take().is_none_or(|hash| self.add(hash).is_some())
    }
}

/// For each byte of ASCII how it stands in a token; 0 for what is no part of one.
#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler, which checks each index")]
static SPELLED: [u8; 128] = const {
    let mut spelled = [0; 128];
    let mut byte = 0_u8;
    while byte < 128 {
        if byte.is_ascii_digit() {
            spelled[byte as usize] = b'0';
        } else if byte.is_ascii_alphabetic() {
            spelled[byte as usize] = byte | 0x20;
        }
        byte += 1;
    }
    spelled
};

/// How a letter stands in a token; none for what is no part of one.
#[inline]
fn spelled(letter: char) -> Option<std::char::ToLowercase> {
    match letter {
        '0'..='9' => Some('0'.to_lowercase()),
        letter if is_letter(letter) => Some(letter.to_lowercase()),
        _ => None,
    }
}

/// The words of a text: letters and figures in a row.
pub(super) fn words_of(text: &str) -> impl Iterator<Item = &str> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let (mut start, mut is_inside) = (at, false);
        while let Some((is_letter, size)) = letter_at(text, at) {
            if is_letter && !is_inside {
                (start, is_inside) = (at, true);
            } else if is_inside && !is_letter {
                break;
            }
            at += size;
        }
        if is_inside { text.get(start..at) } else { None }
    })
}

/// Whether a letter or a figure stands at a byte, and how many bytes the character there has.
#[inline]
fn letter_at(text: &str, at: usize) -> Option<(bool, usize)> {
    let byte = *text.as_bytes().get(at)?;
    if let Some(letter) = SPELLED.get(usize::from(byte)) {
        return Some((*letter != 0, 1));
    }
    let letter = text.get(at..)?.chars().next()?;
    Some((is_letter(letter), letter.len_utf8()))
}

/// Whether a character is a letter or a figure, as Unicode has it.
#[inline]
fn is_letter(letter: char) -> bool {
    match letter {
        '\0'..='\u{7f}' => letter.is_ascii_alphanumeric(),
        // Quotes, dashes, bullets: nearly all that is neither ASCII nor a letter.
        '\u{2000}'..='\u{2070}' => letter == '\u{2070}',
        _ => letter.is_alphanumeric(),
    }
}

/// Marks of the tokens that are several words: the first two, and all.
const LEAD: char = '^';
const PHRASE: char = '=';

/// Marks of the words that containers are called by: classes and ids, roles, properties, and what
/// is spoken.
pub(super) const NAMES: [char; 4] = ['.', '@', '$', '~'];

/// A word that is being read: eight bytes of it are hashed at once.
#[derive(Debug, Clone, Copy)]
struct Word {
    hash: u64,
    /// The last bytes, fewer than eight.
    bytes: u64,
}

impl Default for Word {
    fn default() -> Self {
        Self { hash: START, bytes: 0 }
    }
}

impl Word {
    /// Adds a byte; 0 is none.
    #[inline]
    fn push(&mut self, byte: u8) {
        if byte == 0 {
            return;
        }
        self.bytes = self.bytes << 8 | u64::from(byte);
        if self.bytes >> 56 != 0 {
            self.hash = join(self.hash, self.bytes);
            self.bytes = 0;
        }
    }

    fn push_letter(&mut self, letter: char) {
        letter.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| self.push(byte));
    }

    /// The hash of the word, where there was one, and begins another.
    #[inline]
    fn take(&mut self) -> Option<u64> {
        let word = std::mem::take(self);
        (word.bytes != 0 || word.hash != START).then(|| word.hash())
    }

    #[inline]
    fn hash(self) -> u64 {
        join(self.hash, self.bytes)
    }
}

/// The hash of a word.
pub(super) fn hash_of(letters: impl IntoIterator<Item = char>) -> u64 {
    let mut word = Word::default();
    letters.into_iter().for_each(|letter| word.push_letter(letter));
    word.hash()
}

/// The same in lower case, for a word of nothing but letters and figures of ASCII.
#[inline]
pub(super) fn hash_of_ascii(word: &[u8]) -> u64 {
    // Figures have the bit that makes letters small.
    const SMALL: u64 = 0x2020_2020_2020_2020;
    let (eights, rest) = word.as_chunks::<8>();
    let eight = |hash, eight: &[u8; 8]| join(hash, u64::from_be_bytes(*eight) | SMALL);
    let rest = rest.iter().fold(0, |sum, byte| sum << 8 | u64::from(byte | 0x20));
    join(eights.iter().fold(START, eight), rest)
}

/// The fractional part of pi, as an odd number.
const START: u64 = 0x243f_6a88_85a3_08d3;

/// Adds eight bytes, or the hash of a word, to a hash. The factor is the fractional part of the
/// golden ratio (Knuth 6.4).
#[inline]
pub(super) fn join(hash: u64, word: u64) -> u64 {
    let mixed = (hash ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed ^ mixed >> 32
}

#[inline]
pub(super) fn start_of(mark: char) -> u64 {
    join(START, u64::from(mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hashes(text: &str) -> Vec<u64> {
        let mut found = Vec::new();
        tokens(text, &mut |hash| found.push(hash));
        found
    }

    #[test]
    fn tokens_are_spelled() {
        assert_eq!(
            spell("Élan, 12.50 «log-IN» "),
            ["élan", "00", "00", "log", "in", "^élan 00", "=élan 00 00 log in"]
        );
        assert_eq!(spell("More"), ["more", "^more", "=more"]);
        assert_eq!(spell("One two three four five, six").len(), 7);
        assert_eq!(spell(&"a ".repeat(MAX_WORDS)).len(), MAX_WORDS + 1);
        assert!(spell(&"a ".repeat(MAX_WORDS + 1)).is_empty());
        assert!(spell(" … ").is_empty());
        for text in ["", " ", "a", "Élan–b c", "«9»", "…渡船 x"] {
            let split = text.split(|letter: char| !letter.is_alphanumeric());
            let split: Vec<&str> = split.filter(|word| !word.is_empty()).collect();
            assert_eq!(words_of(text).collect::<Vec<_>>(), split, "{text}");
        }
    }

    #[test]
    fn hashes_are_those_of_the_spelling() {
        let long = "a ".repeat(MAX_WORDS + 1);
        let full = "b ".repeat(MAX_WORDS);
        for text in
            ["Élan, 12.50 «log-IN» ", "(More, 12.50", "1 2 3 4 5 6", " … ", "", &long, &full]
        {
            let spelled: Vec<u64> = spell(text).iter().map(|token| hash(token)).collect();
            assert_eq!(hashes(text), spelled, "{text}");
        }
    }

    #[test]
    fn letters_and_words_are_those_of_unicode() {
        for letter in '\0'..='\u{3000}' {
            assert_eq!(is_letter(letter), letter.is_alphanumeric(), "{letter}");
        }
        for word in ["", "A", "Ferry99", "ABCDEFGH", "Harbourmaster0", "sixteenlettersab"] {
            let small = word.to_lowercase();
            assert_eq!(hash_of_ascii(word.as_bytes()), hash_of(small.chars()), "{word}");
        }
    }

    #[test]
    fn points_of_a_block_add_up() {
        let table = [("log", -30), ("élan", 20), ("00", -5), ("^élan 00", 7)];
        let vocabulary = Vocabulary::new(table.map(|(word, points)| (word.to_owned(), points)));
        let likely = vocabulary.likely("ÉLAN: 12 logs, log 9", 5);
        assert_eq!(likely, Likely { sum: -8, known: 4, least: -30, most: 20 });
        assert_eq!(likely.mean(), -2);
        assert_eq!(vocabulary.likely("", 0).mean(), 0);
    }
}
