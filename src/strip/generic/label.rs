//! What the words that containers are called by say: `sidebar`, `articleBody`.
//!
//! They stand in the table of a forest's file beside the words of blocks, with marks of their own.

use super::vocabulary::{Likely, NAMES, Vocabulary, hash_of_ascii, join, start_of};
use crate::model::document::Label;

/// Most words of what a container is called that are looked at, and the longest: what is longer was
/// made up by a machine.
const MAX_NAMES: usize = 40;
const MAX_NAME_BYTES: usize = 24;

impl Vocabulary {
    /// The points of the words that a container is called by.
    pub(super) fn of_label(&self, label: &Label) -> Likely {
        let mut all = Likely::default();
        let (mut seen, mut count) = ([0; MAX_NAMES], 0);
        names(label, &mut |mark, name| {
            let hash = join(start_of(mark), hash_of_ascii(name.as_bytes()));
            let Some(points) = self.points(hash) else { return };
            let (before, behind) = seen.split_at_mut_checked(count).unwrap_or_default();
            if let Some(slot) = behind.first_mut().filter(|_| !before.contains(&hash)) {
                *slot = hash;
                count += 1;
                all.push(*points);
            }
        });
        all
    }
}

/// The tokens of what a container is called, as a table spells them: a mark and a word in lower
/// case.
pub(super) fn spell(label: &Label) -> Vec<String> {
    let mut all = Vec::new();
    names(label, &mut |mark, name| all.push(format!("{mark}{}", name.to_ascii_lowercase())));
    all
}

/// Gives the words of a label with their marks to `take`.
fn names(label: &Label, take: &mut dyn FnMut(char, &str)) {
    let Label { names, role, property, spoken } = label;
    for (mark, text) in NAMES.into_iter().zip([names, role, property, spoken]) {
        names_of(text, &mut |name| take(mark, name));
    }
}

/// Gives the words of a list of classes to `take`: letters in a row, `postBody` two, single letters
/// none.
fn names_of(text: &str, take: &mut dyn FnMut(&str)) {
    let (mut start, mut count, mut before) = (0, 0, 0_u8);
    // A byte that is no letter ends the last word.
    for (at, byte) in text.bytes().chain([0]).enumerate() {
        let turns = byte.is_ascii_uppercase() && before.is_ascii_lowercase();
        if turns || !byte.is_ascii_alphabetic() {
            if (2..=MAX_NAME_BYTES).contains(&(at - start)) {
                take(text.get(start..at).unwrap_or_default());
                count += 1;
                if count == MAX_NAMES {
                    return;
                }
            }
            start = if turns { at } else { at + 1 };
        }
        before = byte;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_words_too() {
        let named = |names: &str| Label { names: names.to_owned(), ..Label::default() };
        let spelled = |names: &str| spell(&named(names));
        assert_eq!(
            spelled("main-nav postBody_2 x c-Card__title  HTML5 "),
            [".main", ".nav", ".post", ".body", ".card", ".title", ".html"]
        );
        assert!(spelled(&"a".repeat(MAX_NAME_BYTES + 1)).is_empty());
        assert_eq!(spelled(&"ab ".repeat(MAX_NAMES + 1)).len(), MAX_NAMES);
        let label = Label {
            role: "banner".to_owned(),
            property: "articleBody".to_owned(),
            spoken: "Main menu".to_owned(),
            ..named("nav")
        };
        assert_eq!(spell(&label), [".nav", "@banner", "$article", "$body", "~main", "~menu"]);
        let table = [(".nav", -50), ("$body", 20), ("main", 7), (".main", 30)];
        let vocabulary = Vocabulary::new(table.map(|(word, points)| (word.to_owned(), points)));
        let likely = vocabulary.of_label(&label);
        assert_eq!(likely, Likely { sum: -30, known: 2, least: -50, most: 20 });
        let likely = vocabulary.of_label(&named("Main-Nav nav 9 NAV postBody"));
        assert_eq!(likely, Likely { sum: -20, known: 2, least: -50, most: 30 });
        let likely = vocabulary.of_label(&named(&"nav ".repeat(MAX_NAMES + 9)));
        assert_eq!((likely.sum, likely.known), (-50, 1));
    }
}
