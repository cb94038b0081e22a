//! Profile lines, ready to paste, that would change what becomes of a block.
//!
//! A proposal is one rule as it is written in a table of a profile; the same line stands below
//! `[strip.…]` to take the block out and below `[keep.…]` to leave it in.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::selector::{self, Rank};
use crate::model::document::Document;
use crate::model::outline::NONE;
use crate::profile::program::Rules;

/// Longest line whose whole text becomes a pattern, in bytes; of longer ones it is the beginning.
const MAX_WHOLE_BYTES: usize = 100;

/// About how many bytes of a longer line become its pattern.
const BEGINNING_BYTES: usize = 60;

/// Words of a line that name its rule.
const NAME_WORDS: usize = 3;

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Proposal {
    /// `select` or `line`.
    pub(super) table: &'static str,
    /// `share = ".share"`.
    pub(super) toml: String,
    /// The selector or the pattern.
    pub(super) what: String,
    /// Blocks of the capture that it takes.
    pub(super) blocks: u32,
    /// Of these, blocks that are kept now.
    pub(super) kept: u32,
}

/// The proposals of a capture.
#[derive(Debug, Default)]
pub(super) struct Proposals {
    pub(super) list: Vec<Proposal>,
    /// For each element of a page its proposal; [`NONE`] where it has none.
    pub(super) by_element: Vec<u32>,
    /// For each block the proposal that knows it by its words.
    pub(super) by_block: Vec<u32>,
    /// For each block the proposal that fits best: to take it out where it is kept, else to keep it.
    pub(super) best: Vec<u32>,
}

/// Makes proposals for all blocks. `kept` says of each whether it is kept now.
pub(super) fn propose(document: &Document, rules: Option<&Rules>, kept: &[bool]) -> Proposals {
    let mut names = Names::new(rules);
    let mut found = Proposals::default();
    let outline = document.markup.as_ref().and_then(|markup| markup.outline.as_deref());
    let selectors = outline.map(|outline| selector::find(outline, kept)).unwrap_or_default();
    for own in &selectors.list {
        let name = names.take(&own.stem);
        found.list.push(Proposal {
            table: "select",
            toml: format!("{name} = \"{}\"", own.css),
            what: own.css.clone(),
            blocks: own.blocks,
            kept: own.kept,
        });
    }
    lines(document, kept, &mut names, &mut found);
    let all_kept = kept.iter().filter(|kept| **kept).count();
    for (index, is_kept) in kept.iter().enumerate() {
        let by_words = found.by_block.get(index).copied().unwrap_or(NONE);
        // What else would change; then how stable it is; then how near the block it is.
        let path = outline.into_iter().flat_map(|outline| {
            let place = outline.places.get(index).map_or(NONE, |place| place.element);
            outline.path(place)
        });
        let best = path
            .filter(|(_, element)| !matches!(element.name.as_str(), "html" | "body"))
            .filter_map(|(number, _)| selectors.of.get(number as usize).copied())
            .filter_map(|at| selectors.list.get(at as usize).map(|own| (at, own)))
            .enumerate()
            .filter(|(_, (_, own))| !*is_kept || (own.kept as usize) < all_kept)
            .min_by_key(|(near, (_, own))| {
                let others = if *is_kept { own.kept } else { own.blocks - own.kept };
                let is_path = matches!(own.rank, Rank::Path(_));
                (others, is_path, own.rank, *near)
            });
        found.best.push(best.map_or(by_words, |(_, (at, _))| at));
    }
    found.by_element = selectors.of;
    found
}

/// Proposals that know blocks by their words.
fn lines(document: &Document, kept: &[bool], names: &mut Names, found: &mut Proposals) {
    let is_page = document.markup.is_some();
    let html = if is_page { "html = true, " } else { "" };
    let mut known: BTreeMap<(String, bool), u32> = BTreeMap::new();
    let masked: Vec<String> =
        (0..document.blocks.len()).map(|index| pattern(document.block_text(index))).collect();
    for (index, whole) in masked.iter().enumerate() {
        let text = document.block_text(index);
        let is_whole = text.len() <= MAX_WHOLE_BYTES;
        let (sample, is) = if is_whole {
            (text, whole.clone())
        } else {
            (beginning(text), pattern(beginning(text)))
        };
        let key = (is, is_whole);
        let place = if let Some(place) = known.get(&key) {
            *place
        } else {
            let place = u32::try_from(found.list.len()).unwrap_or(NONE);
            let end = if is_whole { "$" } else { "" };
            let what = format!("^{}{end}", key.0);
            let words: Vec<&str> = text.split(' ').take(NAME_WORDS).collect();
            let name = names.take(&words.join("-"));
            found.list.push(Proposal {
                table: "line",
                toml: format!("{name} = {{ is = '{what}', {html}sample = [{}] }}", quoted(sample)),
                what,
                blocks: 0,
                kept: 0,
            });
            known.insert(key, place);
            place
        };
        found.by_block.push(place);
    }
    // A pattern of a beginning takes every line that begins so: those stand side by side here.
    let mut order: Vec<(&str, bool)> =
        masked.iter().zip(kept).map(|(text, kept)| (text.as_str(), *kept)).collect();
    order.sort_unstable();
    for ((is, is_whole), place) in &known {
        let from = order.partition_point(|(text, _)| *text < is.as_str());
        let same = order.iter().skip(from).take_while(|(text, _)| {
            if *is_whole { text == is } else { text.starts_with(is.as_str()) }
        });
        let Some(proposal) = found.list.get_mut(*place as usize) else { continue };
        for (_, kept) in same {
            proposal.blocks += 1;
            proposal.kept += u32::from(*kept);
        }
    }
}

/// A pattern for a text, without its ends: figures stand for any figures.
fn pattern(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut in_figures = false;
    for letter in text.chars() {
        let is_figure = letter.is_ascii_digit();
        match letter {
            _ if is_figure && in_figures => {}
            _ if is_figure => out.push_str(r"\d+"),
            '\\' | '.' | '+' | '*' | '?' | '(' | ')' | '|' | '[' | ']' | '{' | '}' | '^' | '$' => {
                out.extend(['\\', letter]);
            }
            // What cannot stand in a literal string of TOML.
            '\'' => out.push_str(r"\x27"),
            _ if letter.is_control() => {
                write!(out, "\\x{{{:x}}}", u32::from(letter)).unwrap_or_default();
            }
            _ => out.push(letter),
        }
        in_figures = is_figure;
    }
    out
}

/// The beginning of a long text, up to the end of a word.
fn beginning(text: &str) -> &str {
    let mut end = BEGINNING_BYTES;
    while !text.is_char_boundary(end) && end > 0 {
        end -= 1;
    }
    let start = text.get(..end).unwrap_or(text);
    match start.rsplit_once(' ') {
        Some((words, _)) if !words.is_empty() => words,
        _ => start,
    }
}

/// A basic string of TOML.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            _ if letter.is_control() => {
                write!(out, "\\u{:04X}", u32::from(letter)).unwrap_or_default();
            }
            _ => out.push(letter),
        }
    }
    out.push('"');
    out
}

/// Names that are not taken: a rule of the same name would replace the one that is there.
struct Names {
    taken: BTreeSet<String>,
    /// The last number behind each name.
    numbers: BTreeMap<String, u32>,
}

impl Names {
    fn new(rules: Option<&Rules>) -> Self {
        let list = rules.map_or(&[][..], |rules| rules.list.as_slice());
        let taken = list.iter().map(|rule| rule.key.name.clone()).collect();
        Self { taken, numbers: BTreeMap::new() }
    }

    /// A name of small letters, digits and hyphens like `stem`.
    fn take(&mut self, stem: &str) -> String {
        let mut name = String::new();
        for letter in stem.chars().take(40) {
            match letter {
                'a'..='z' | '0'..='9' => name.push(letter),
                'A'..='Z' => name.push(letter.to_ascii_lowercase()),
                _ if !name.is_empty() && !name.ends_with('-') => name.push('-'),
                _ => {}
            }
        }
        let name = name.trim_end_matches('-');
        let name = if name.is_empty() { "line" } else { name };
        let number = self.numbers.entry(name.to_owned()).or_default();
        loop {
            *number += 1;
            let own = if *number == 1 { name.to_owned() } else { format!("{name}-{number}") };
            if self.taken.insert(own.clone()) {
                return own;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_any_figures_and_signs_are_themselves() {
        assert_eq!(pattern("Page 12 of 340 (next)"), r"Page \d+ of \d+ \(next\)");
        assert_eq!(pattern("it's 5.5$"), r"it\x27s \d+\.\d+\$");
        assert_eq!(pattern("a\u{1}b"), r"a\x{1}b");
    }

    #[test]
    fn long_lines_are_known_by_how_they_begin() {
        let text = "word ".repeat(40);
        let start = beginning(text.trim_end());
        assert!(start.len() <= BEGINNING_BYTES && start.ends_with("word"), "{start}");
        assert_eq!(beginning(&"ä".repeat(80)).len(), BEGINNING_BYTES);
    }

    #[test]
    fn names_are_taken_once() {
        let mut names = Names::new(None);
        assert_eq!(names.take("Share this!"), "share-this");
        assert_eq!(names.take("share-this"), "share-this-2");
        assert_eq!(names.take("→ 7"), "7");
        assert_eq!(names.take("…"), "line");
    }
}
