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
        let hash = |word: String| word.chars().fold(START, step);
        Self { points: points.into_iter().map(|(word, points)| (hash(word), points)).collect() }
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
            let lead = format!("^{}", all.get(..2).unwrap_or(&all).join(" "));
            let phrase = (count <= MAX_PHRASE).then(|| format!("={}", all.join(" ")));
            all.push(lead);
            all.extend(phrase);
        }
    }
    all
}

/// Gives the hashes of the tokens of a block to `take`, without making them.
fn tokens(text: &str, take: &mut dyn FnMut(u64)) {
    let mut words = [0_u64; MAX_WORDS];
    let mut count = 0;
    let (mut word, mut inside) = (START, false);
    let (mut lead, mut phrase) = (step(START, '^'), step(START, '='));
    for letter in text.chars().chain([' ']) {
        let Some(letters) = spelled(letter) else {
            if std::mem::take(&mut inside) {
                let Some(slot) = words.get_mut(count) else { return };
                *slot = word;
                count += 1;
            }
            continue;
        };
        if !std::mem::replace(&mut inside, true) {
            word = START;
            if count > 0 {
                phrase = step(phrase, ' ');
            }
            if count == 1 {
                lead = step(lead, ' ');
            }
        }
        for letter in letters {
            word = step(word, letter);
            if count < MAX_PHRASE {
                phrase = step(phrase, letter);
            }
            if count < 2 {
                lead = step(lead, letter);
            }
        }
    }
    words.iter().take(count).for_each(|word| take(*word));
    if count > 0 {
        take(lead);
    }
    if (1..=MAX_PHRASE).contains(&count) {
        take(phrase);
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

const START: u64 = 0xcbf2_9ce4_8422_2325;

/// FNV-1a over letters.
#[inline]
fn step(hash: u64, letter: char) -> u64 {
    (hash ^ u64::from(u32::from(letter))).wrapping_mul(0x0100_0000_01b3)
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
        for text in ["Élan, 12.50 «log-IN» ", "More", "1 2 3 4 5 6", " … ", "", &long, &full] {
            let spelled = spell(text).into_iter().map(|token| token.chars().fold(START, step));
            assert_eq!(hashes(text), spelled.collect::<Vec<_>>(), "{text}");
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
