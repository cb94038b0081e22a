//! Where in a pattern or a selector its fault lies, and what it is in plain words.
//!
//! Takes what the engines say; gives faults with the place in the file.

use std::ops::Range;
use std::sync::Arc;

use super::fault::{Fault, Problem};
use super::schema::{At, Layer};
use super::selector::{SelectorsBuilder, Want, sign};

/// A pattern that cannot be used, at the letter at which that was noticed.
pub(super) fn pattern(layer: &Layer, at: &At<String>, message: String, offset: usize) -> Fault {
    // The offset counts from behind the opening quote; an escape before it shifts it a little.
    let start = at.span.start + 1 + offset;
    let letter = layer.file.text.get(start..at.span.end).and_then(|rest| rest.chars().next());
    let span = letter.map_or(at.span.clone(), |letter| start..start + letter.len_utf8());
    Fault { problem: Problem::BadPattern { message }, file: Arc::clone(&layer.file), span }
}

/// A selector that cannot be used: the first of its alternatives that cannot be.
pub(super) fn selector(layer: &Layer, at: &At<String>, message: &str) -> Fault {
    let mut found = (0..at.value.len(), message.to_owned());
    for (range, part) in alternatives(&at.value) {
        if let Err(message) = SelectorsBuilder::default().add(part, Want::Text) {
            found = (range, message);
            break;
        }
    }
    let (range, message) = found;
    let message = in_words(&message);
    let span = place(layer, at, range);
    Fault { problem: Problem::BadSelector { message }, file: Arc::clone(&layer.file), span }
}

/// The place of a part of a text; all of the text where it stands in the file otherwise than it
/// reads, such as with escapes.
pub(super) fn place(layer: &Layer, at: &At<String>, part: Range<usize>) -> Range<usize> {
    let start = at.span.start + 1;
    let plain = layer.file.text.get(start..start + at.value.len()) == Some(at.value.as_str());
    if plain { start + part.start..start + part.end } else { at.span.clone() }
}

/// The alternatives of a selector, with their places: what stands between commas that are in no
/// brackets and no quotes.
pub(super) fn alternatives(css: &str) -> Vec<(Range<usize>, &str)> {
    let trimmed = |(from, part): (usize, &'_ str)| {
        let from = from + part.len() - part.trim_start().len();
        from..from + part.trim().len()
    };
    let parts = sign::parts(css, |letter| letter == ',');
    let ranges = parts.into_iter().map(trimmed);
    ranges.map(|range| (range.clone(), css.get(range).unwrap_or_default())).collect()
}

/// What the parser says: it has names such as `NoQualifiedNameInAttributeSelector`.
fn in_words(message: &str) -> String {
    let last = message.lines().last().unwrap_or_default().trim();
    let is_name = last.len() > 2 && last.bytes().all(|byte| byte.is_ascii_alphabetic());
    if !is_name {
        return last.to_owned();
    }
    let mut words = String::new();
    for letter in last.chars() {
        if letter.is_ascii_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.push(letter.to_ascii_lowercase());
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alternatives_have_their_places() {
        let css = "a[title='x, y'], :is(b, c) ,d";
        let found = alternatives(css);
        let texts: Vec<&str> = found.iter().map(|(_, text)| *text).collect();
        assert_eq!(texts, ["a[title='x, y']", ":is(b, c)", "d"]);
        assert!(found.iter().all(|(range, text)| css.get(range.clone()) == Some(*text)));
    }

    #[test]
    fn names_of_the_parser_become_words() {
        let said = "Unexpected error occurred.\nNoQualifiedNameInAttributeSelector";
        assert_eq!(in_words(said), "no qualified name in attribute selector");
        assert_eq!(in_words("Unexpected EOL"), "Unexpected EOL");
    }
}
