//! Which line of a text is its headline.
//!
//! Takes a document, the [`Page`] of its lines and which of them are kept; gives a line, kept or not:
//! what stands above an article often looks like a menu to the forest that judges lines. The lines
//! around the first long one that is kept are candidates, judged by a forest of their own
//! (`profiles/headline-forest.json`, trained by `tests/train/headline.py`). It says nothing rather
//! than something doubtful.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::block::{Batch, LANES};
use super::forest::Forest;
use super::line::{Line, scaled};
use super::page::Page;
use super::vocabulary::{hash_of, hash_of_ascii, words_of};
use crate::model::document::Document;

/// The forest that this program was built with.
const FOREST: &str = include_str!("../../../profiles/headline-forest.json");

/// Lines above the first long line that is kept which may be its headline, and lines from it on.
const ABOVE: usize = 30;
const BELOW: usize = 6;

/// Words of a long line.
const LONG: u32 = 15;

/// Longest headline, in bytes.
const MAX_BYTES: usize = 250;

/// Kept lines whose words are looked at: what a text is about, it says at its beginning.
const BODY_LINES: usize = 60;

/// What the chance of a headline, times its share of the chances of all candidates, must be, per
/// mille: so nine of ten headlines of articles are right, on pages that the forest has not seen
/// (`tests/train/README.md`).
const LEAST: u64 = 150;

/// Names of the features, in the order of [`Candidates::put`].
pub(super) const NAMES: [&str; 26] = [
    "lines_before",
    "distance",
    "share_before",
    "words",
    "bytes",
    "digits",
    "shared",
    "shared_often",
    "shared_most",
    "telling",
    "is_kept",
    "has_colon",
    "of_first",
    "words_between",
    "kept_between",
    "long_between",
    "previous2_words",
    "previous1_words",
    "next1_words",
    "next2_words",
    "next3_words",
    "blanks_above",
    "blanks_below",
    "ending",
    "word_length",
    "text_zone",
];

/// What a text's lines may be asked.
struct Candidates<'a> {
    document: &'a Document,
    page: &'a Page,
    is_kept: &'a dyn Fn(usize) -> bool,
    /// The first long line that is kept.
    start: usize,
    /// In how many kept lines from there on a word of the candidates stands, and the last of them.
    body: FxHashMap<u64, (u32, u32)>,
    body_lines: u32,
    /// The words of the first line: programs that flatten pages put the page's title there.
    first: Vec<u64>,
}

/// The line that is a text's headline, where one is.
pub(super) fn find(
    document: &Document,
    page: &Page,
    is_kept: &dyn Fn(usize) -> bool,
) -> Option<usize> {
    static BUILT_IN: OnceLock<Forest> = OnceLock::new();
    let read = || Forest::parse_for(FOREST, &NAMES).unwrap_or_default();
    let forest = BUILT_IN.get_or_init(read);
    let mut found: Vec<(u64, usize)> = Vec::new();
    batches(document, page, is_kept, &mut |lines, batch| {
        let scores = forest.scores(batch).into_iter().zip(lines);
        found.extend(scores.map(|(score, line)| {
            (forest.probability.of_slot(forest.probability.slot(score.into())).into(), *line)
        }));
    });
    // Of equals the one next to the text.
    let (chance, line) = found.iter().copied().max_by_key(|(chance, _)| *chance)?;
    // A trail, a link and the heading that say the same are no rivals.
    let body = |line: usize| {
        let read = page.lines.get(line).map(|it| it.body(document.block_text(line)));
        read.unwrap_or_default().to_ascii_lowercase()
    };
    let mut rivals: BTreeMap<Vec<u8>, u64> = BTreeMap::new();
    for (chance, line) in found {
        let most = rivals.entry(body(line)).or_default();
        *most = chance.max(*most);
    }
    let all: u64 = rivals.values().sum();
    (chance > 0 && chance * chance >= LEAST * all).then_some(line)
}

/// Gives the candidates and their features to `take`, up to [`LANES`] at a time.
pub(super) fn batches(
    document: &Document,
    page: &Page,
    is_kept: &dyn Fn(usize) -> bool,
    take: &mut dyn FnMut(&[usize], &Batch),
) {
    let Some(all) = Candidates::new(document, page, is_kept) else { return };
    let lines: Vec<usize> = all.lines().collect();
    let mut batch = Batch::default();
    for lines in lines.chunks(LANES) {
        for (lane, line) in lines.iter().enumerate() {
            all.put(*line, lane, &mut batch);
        }
        batch.rows = lines.len();
        take(lines, &batch);
    }
}

impl<'a> Candidates<'a> {
    fn new(
        document: &'a Document,
        page: &'a Page,
        is_kept: &'a dyn Fn(usize) -> bool,
    ) -> Option<Self> {
        let kept = || (0..page.lines.len()).filter(|index| is_kept(*index));
        let is_long = |index: &usize| page.lines.get(*index).is_some_and(|it| it.words >= LONG);
        let start = kept().find(is_long).or_else(|| kept().next())?;
        let mut first = Vec::new();
        telling(document.block_text(0), &mut first);
        let body = FxHashMap::default();
        let mut all = Self { document, page, is_kept, start, body, body_lines: 0, first };
        // The words of the candidates alone are counted.
        let mut own = Vec::new();
        for index in all.lines() {
            telling(document.block_text(index), &mut own);
            all.body.extend(own.iter().map(|hash| (*hash, (0, 0))));
        }
        for index in kept().skip_while(|index| *index < start).take(BODY_LINES) {
            all.body_lines += 1;
            words(document.block_text(index), &mut |hash| {
                if let Some((lines, last)) = all.body.get_mut(&hash)
                    && *last != all.body_lines
                {
                    (*lines, *last) = (*lines + 1, all.body_lines);
                }
            });
        }
        Some(all)
    }

    /// The lines that may be the headline.
    fn lines(&self) -> impl Iterator<Item = usize> + use<'a> {
        let (document, page) = (self.document, self.page);
        let end = page.lines.len().min(self.start + BELOW);
        let has_words =
            move |index: usize| page.lines.get(index).is_some_and(|line: &Line| line.words > 0);
        let fits = move |index: &usize| {
            document.block_text(*index).len() <= MAX_BYTES && has_words(*index)
        };
        (self.start.saturating_sub(ABOVE)..end).filter(fits)
    }

    fn words_of(&self, index: usize) -> u32 {
        self.page.lines.get(index).map_or(0, |line| line.words)
    }

    /// Writes the features of a line.
    fn put(&self, index: usize, lane: usize, batch: &mut Batch) {
        let text = self.document.block_text(index);
        let line = self.page.lines.get(index).copied().unwrap_or_default();
        let near = |offset: isize| {
            let at = index.checked_add_signed(offset);
            at.and_then(|at| self.page.lines.get(at)).map_or(-1, |line| number(line.words))
        };
        let mut own = Vec::new();
        telling(text, &mut own);
        let count = u32::try_from(own.len()).unwrap_or(u32::MAX);
        let stands = own.iter().map(|hash| self.body.get(hash).map_or(0, |(lines, _)| *lines));
        let shared = stands.clone().map(|lines| lines.min(1)).sum();
        let often = stands.clone().map(|lines| lines.min(3)).sum();
        let most = stands.max().unwrap_or(0);
        let of_first = own.iter().filter(|hash| self.first.contains(hash)).count();
        let between: Range<usize> = index + 1..self.start;
        let sum = |measure: &dyn Fn(usize) -> u32| between.clone().map(measure).sum::<u32>();
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        let blanks = self.page.lines.get(index + 1).map_or(2, |below| below.blanks);
        let start = number(u32::try_from(self.start).unwrap_or(u32::MAX));
        let at = number(u32::try_from(index).unwrap_or(u32::MAX));
        let values: [i32; NAMES.len()] = [
            at,
            start - at,
            share(index, self.page.lines.len()),
            number(line.words),
            number(u32::try_from(text.len()).unwrap_or(u32::MAX)),
            share(digits, text.len()),
            number(scaled(1000, shared, count)),
            number(scaled(1000, often, count.saturating_mul(3))),
            number(scaled(1000, most, self.body_lines)),
            number(count),
            i32::from((self.is_kept)(index)),
            i32::from(text.trim_end_matches(':').contains(": ")),
            share(of_first, own.len()),
            number(sum(&|at| self.words_of(at))),
            number(sum(&|at| u32::from((self.is_kept)(at)))),
            number(sum(&|at| u32::from(self.words_of(at) >= 8))),
            near(-2),
            near(-1),
            near(1),
            near(2),
            near(3),
            line.blanks.into(),
            blanks.into(),
            line.ending as i32,
            number(line.word_length),
            distance(at, &self.page.text_zone),
        ];
        for (column, value) in values.into_iter().enumerate() {
            batch.put(column, lane, value);
        }
    }
}

fn number(value: u32) -> i32 {
    i32::try_from(value).unwrap_or(i32::MAX)
}

/// Lines to a zone: below 0 before it, 0 inside.
fn distance(at: i32, zone: &Range<usize>) -> i32 {
    let edge = |at| number(u32::try_from(at).unwrap_or(u32::MAX));
    (at - edge(zone.start)).min(0) + (at + 1 - edge(zone.end)).max(0)
}

/// Words of a line that are looked at: a capture may be one line of many megabytes.
const MOST_WORDS: usize = 2_000;

/// Letters of a word that says nothing of what a text is about: "the", "of".
const MUTE: usize = 3;

/// The words of a text that say what it is about, each once, as numbers. A letter of a script that
/// writes no spaces is a word.
fn telling(text: &str, into: &mut Vec<u64>) {
    into.clear();
    words(text, &mut |hash| into.push(hash));
    into.sort_unstable();
    into.dedup();
}

/// Gives the words of a text that say what it is about to `take`, as often as they stand there.
fn words(text: &str, take: &mut dyn FnMut(u64)) {
    for word in words_of(text).take(MOST_WORDS) {
        if word.is_ascii() {
            if word.len() > MUTE {
                take(hash_of_ascii(word.as_bytes()));
            }
        } else if word.chars().all(|letter| letter >= '\u{e00}') {
            word.chars().for_each(|letter| take(hash_of([letter])));
        } else {
            take(hash_of(word.chars().flat_map(char::to_lowercase)));
        }
    }
}

/// A part of a whole, per mille.
fn share(part: usize, whole: usize) -> i32 {
    let narrow = |value| u32::try_from(value).unwrap_or(u32::MAX);
    number(scaled(1000, narrow(part), narrow(whole)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headline(text: &str, kept: &[&str]) -> Option<String> {
        let document = crate::parse::text::parse(text);
        let page = Page::read(&document);
        let is_kept = |index: usize| kept.iter().any(|it| document.block_text(index).contains(it));
        find(&document, &page, &is_kept).map(|at| document.block_text(at).to_owned())
    }

    #[test]
    fn the_built_in_forest_is_sound() {
        assert!(!Forest::parse_for(FOREST, &NAMES).unwrap().is_empty());
    }

    #[test]
    fn a_headline_that_was_removed_is_found_and_a_menu_is_none() {
        let story = "The harbour council voted on Tuesday to keep the old ferry until spring.\n\n\
                     Members said that the new ferry would not be ready before the ice was gone.\n";
        let menu = "• Home\n• Fish prices\n• Sign in to your account\n\n";
        let text =
            format!("{menu}Council Keeps Old Ferry Until Spring\n\nBy Nadia Ferrant\n\n{story}");
        let found = headline(&text, &["The harbour", "Members"]);
        assert_eq!(found.as_deref(), Some("Council Keeps Old Ferry Until Spring"));
        assert_eq!(headline(&format!("{menu}{story}"), &["The harbour", "Members"]), None);
        assert_eq!(headline(&text, &[]), None);
        assert_eq!(headline("", &[]), None);
    }

    #[test]
    fn words_say_what_a_text_is_about() {
        let words = |text: &str| {
            let mut words = Vec::new();
            telling(text, &mut words);
            words
        };
        assert_eq!(words("The FERRY, the Élan"), words("élan ferry"));
        assert_eq!(words("渡船"), words("船渡 a of"));
        assert!(words(" the of: ").is_empty());
    }

    #[test]
    fn a_zone_has_a_distance() {
        let all: Vec<i32> = (0..6).map(|at| distance(at, &(2..4))).collect();
        assert_eq!(all, [-2, -1, 0, 0, 1, 2]);
    }
}
