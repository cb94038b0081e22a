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

/// Points of words, in hundredths of a logit.
#[derive(Debug, Clone, Default)]
pub(super) struct Vocabulary {
    points: FxHashMap<u64, i16>,
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
        Self { points: known.collect() }
    }

    /// The points of a block: of its words, of the first two together, and of all together where
    /// there are few.
    pub(super) fn likely(&self, text: &str) -> Likely {
        let mut all = Likely::default();
        if self.points.is_empty() {
            return all;
        }
        tokens(text, &mut |hash| {
            if let Some(points) = self.points.get(&hash) {
                all.sum += i32::from(*points);
                all.known += 1;
                all.least = all.least.min(*points);
                all.most = all.most.max(*points);
            }
        });
        all
    }
}

impl Likely {
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
    let words = text.split(|letter| spelled(letter).is_none()).filter(|word| !word.is_empty());
    let lower = |word: &str| word.chars().filter_map(spelled).flatten().collect::<String>();
    let mut all: Vec<String> = words.take(MAX_WORDS + 1).map(lower).collect();
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

/// The hash of a token as [`spell`] spells it.
fn hash(token: &str) -> u64 {
    let word = |word: &str| word.chars().map(u32::from).fold(START, step);
    match token.chars().next() {
        Some(mark @ (LEAD | PHRASE)) => {
            token.get(1..).unwrap_or_default().split(' ').map(word).fold(start_of(mark), join)
        }
        _ => word(token),
    }
}

/// Gives the hashes of the tokens of a block to `take`, without making them.
fn tokens(text: &str, take: &mut dyn FnMut(u64)) {
    let mut words = Words { hashes: [0; MAX_WORDS], count: 0 };
    let is_short = if text.is_ascii() { words.read_ascii(text) } else { words.read(text) };
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
        let (mut hash, mut inside) = (START, false);
        for letter in text.chars().chain([' ']) {
            if let Some(letters) = spelled(letter) {
                if !std::mem::replace(&mut inside, true) {
                    hash = START;
                }
                hash = letters.map(u32::from).fold(hash, step);
            } else if std::mem::take(&mut inside) && self.add(hash).is_none() {
                return false;
            }
        }
        true
    }

    /// The same, for a text of nothing but ASCII.
    fn read_ascii(&mut self, text: &str) -> bool {
        let mut hash = START;
        for byte in text.bytes().chain([b' ']) {
            let letter = match byte {
                b'0'..=b'9' => b'0',
                byte if byte.is_ascii_alphabetic() => byte | 0x20,
                _ if hash == START => continue,
                _ => {
                    if self.add(std::mem::replace(&mut hash, START)).is_none() {
                        return false;
                    }
                    continue;
                }
            };
            hash = step(hash, letter.into());
        }
        true
    }
}

/// How a letter stands in a token; none for what is no part of one.
#[inline]
fn spelled(letter: char) -> Option<std::char::ToLowercase> {
    match letter {
        '0'..='9' => Some('0'.to_lowercase()),
        letter if letter.is_alphanumeric() => Some(letter.to_lowercase()),
        _ => None,
    }
}

/// Marks of the tokens that are several words: the first two, and all.
const LEAD: char = '^';
const PHRASE: char = '=';

const START: u64 = 0xcbf2_9ce4_8422_2325;

/// The hash of a word.
pub(super) fn hash_of(letters: impl IntoIterator<Item = char>) -> u64 {
    letters.into_iter().map(u32::from).fold(START, step)
}

/// FNV-1a over letters, and over hashes of words.
#[inline]
fn step(hash: u64, letter: u32) -> u64 {
    join(hash, letter.into())
}

#[inline]
fn join(hash: u64, word: u64) -> u64 {
    (hash ^ word).wrapping_mul(0x0100_0000_01b3)
}

#[inline]
fn start_of(mark: char) -> u64 {
    step(START, mark.into())
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
    fn points_of_a_block_add_up() {
        let table = [("log", -30), ("élan", 20), ("00", -5), ("^élan 00", 7)];
        let vocabulary = Vocabulary::new(table.map(|(word, points)| (word.to_owned(), points)));
        let likely = vocabulary.likely("ÉLAN: 12 logs, log 9");
        assert_eq!(likely, Likely { sum: -8, known: 4, least: -30, most: 20 });
        assert_eq!(likely.mean(), -2);
        assert_eq!(vocabulary.likely("").mean(), 0);
    }
}
