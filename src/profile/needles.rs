//! Texts of which every match of a pattern holds at least one.
//!
//! Takes a pattern's syntax tree; gives a search for the rarest such texts: `Photo`, or `/ AFP` at
//! the end of a line, but not the space that stands between words everywhere.

use std::sync::OnceLock;

use memchr::memmem::Finder;
use regex_automata::util::prefilter::Prefilter as Search;
use regex_automata::{MatchKind, Span};
use regex_syntax::hir::literal::ExtractKind;
use regex_syntax::hir::{Class, Hir, HirKind, Look};

use super::edge_text::{self, EdgeText};

/// Most texts that are looked for at once; the longest list of the built-in profiles has 40.
const MAX_TEXTS: usize = 64;

/// Most characters of a class that are looked for one by one: `[-–/]`.
const MAX_CHARACTERS: usize = 4;

/// Texts of which one must stand in a line, and the search for them, made when first needed.
#[derive(Debug, Clone)]
pub(super) struct Needles {
    /// A text that stands in every line: quickly found, or quickly missed.
    single: Option<Finder<'static>>,
    texts: Texts,
    search: OnceLock<Option<Search>>,
}

/// Texts of which every match of a part of a pattern holds one.
#[derive(Debug, Clone, Default)]
struct Texts {
    /// In any place.
    anywhere: Vec<Vec<u8>>,
    /// At the end of the line.
    at_end: Vec<EdgeText>,
    /// How seldom the commonest of them stands in a line.
    rarity: usize,
}

impl Needles {
    /// The texts of a pattern, if they rule out anything.
    pub(super) fn of(hir: &Hir) -> Option<Self> {
        let at_end = hir.properties().look_set_suffix().contains(Look::End);
        let texts = texts(hir, at_end).filter(|texts| texts.rarity > 1)?;
        let single = if texts.is_single() { None } else { single(hir) };
        let single = single.map(|text| Finder::new(text).into_owned());
        Some(Self { single, texts, search: OnceLock::new() })
    }

    /// Whether one of them stands in a line.
    pub(super) fn is_in(&self, line: &[u8]) -> bool {
        if self.single.as_ref().is_some_and(|single| single.find(line).is_none()) {
            return false;
        }
        edge_text::is_any(&self.texts.at_end, edge_text::closing(line))
            || (!self.texts.anywhere.is_empty() && self.find(line, 0).is_some())
    }

    /// Whether all of them may stand in any place of a line, so that [`Needles::find`] finds them.
    pub(super) fn are_anywhere(&self) -> bool {
        self.texts.at_end.is_empty()
    }

    /// Where the first of those that may stand in any place begins, from byte `from` on.
    pub(super) fn find(&self, text: &[u8], from: usize) -> Option<usize> {
        let search = self.search.get_or_init(|| Search::new(MatchKind::All, &self.texts.anywhere));
        let rest = Span { start: from, end: text.len() };
        match search {
            Some(search) if from <= text.len() => search.find(text, rest).map(|span| span.start),
            // Too many texts for a search: any place will do.
            _ => (from < text.len()).then_some(from),
        }
    }
}

impl Texts {
    fn anywhere(texts: Vec<Vec<u8>>) -> Self {
        let rarity = rarity(texts.iter().map(|text| text.iter().copied().map(weight).sum()));
        Self { anywhere: texts, at_end: Vec::new(), rarity }
    }

    /// The texts that a part at the end of the line ends with, where they can be listed. They are
    /// worth twice as much as in any place.
    fn at_end(hir: &Hir) -> Option<Self> {
        let at_end = edge_text::of(hir, ExtractKind::Suffix);
        let weights = at_end.iter().map(|text| text.bytes().map(|byte| 2 * weight(byte)).sum());
        let rarity = rarity(weights);
        (!at_end.is_empty()).then_some(Self { anywhere: Vec::new(), at_end, rarity })
    }

    fn is_single(&self) -> bool {
        self.anywhere.len() + self.at_end.len() == 1
    }

    fn append(&mut self, mut other: Self) {
        self.anywhere.append(&mut other.anywhere);
        self.at_end.append(&mut other.at_end);
        self.rarity = self.rarity.min(other.rarity);
    }
}

/// The rarest texts of which every match holds one. `at_end` says that the match of this part ends
/// where the line does.
fn texts(hir: &Hir, at_end: bool) -> Option<Texts> {
    let inner = match hir.kind() {
        HirKind::Literal(literal) => Some(Texts::anywhere(vec![literal.0.to_vec()])),
        HirKind::Capture(capture) => texts(&capture.sub, at_end),
        HirKind::Repetition(repetition) if repetition.min > 0 => texts(&repetition.sub, false),
        HirKind::Concat(parts) => {
            let last = parts.iter().rposition(|part| !matches!(part.kind(), HirKind::Look(_)));
            let is_last = |number| at_end && Some(number) == last;
            let each = parts.iter().enumerate();
            let each = each.filter_map(|(number, part)| texts(part, is_last(number)));
            let pairs = parts.windows(2).filter_map(|pair| match pair {
                [text, choice] => with_choice(text, choice),
                _ => None,
            });
            each.chain(pairs).max_by_key(|texts| texts.rarity)
        }
        HirKind::Alternation(parts) => all_of(parts, at_end),
        HirKind::Class(Class::Unicode(class)) => {
            let most = u32::try_from(MAX_CHARACTERS).unwrap_or(0);
            let ranges = class.ranges();
            let is_small = ranges.len() <= MAX_CHARACTERS
                && ranges
                    .iter()
                    .all(|range| u32::from(range.end()) - u32::from(range.start()) < most);
            let characters = ranges.iter().flat_map(|range| range.start()..=range.end());
            let all: Vec<Vec<u8>> =
                characters.take(MAX_TEXTS).map(|one| one.to_string().into_bytes()).collect();
            (is_small && all.len() <= MAX_CHARACTERS).then(|| Texts::anywhere(all))
        }
        HirKind::Empty | HirKind::Look(_) | HirKind::Class(_) | HirKind::Repetition(_) => None,
    };
    let ending = if at_end { Texts::at_end(hir) } else { None };
    ending.into_iter().chain(inner).max_by_key(|texts| texts.rarity)
}

/// The rarest text outside all choices.
fn single(hir: &Hir) -> Option<&[u8]> {
    match hir.kind() {
        HirKind::Literal(literal) => Some(&literal.0),
        HirKind::Capture(capture) => single(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => single(&repetition.sub),
        HirKind::Concat(parts) => {
            let weigh = |text: &&[u8]| text.iter().copied().map(weight).sum::<usize>();
            parts.iter().filter_map(single).filter(|text| *text != b" ").max_by_key(weigh)
        }
        HirKind::Empty
        | HirKind::Look(_)
        | HirKind::Class(_)
        | HirKind::Repetition(_)
        | HirKind::Alternation(_) => None,
    }
}

/// A text with each of those of the choice behind it: `(AFP` and `(dpa`.
fn with_choice(text: &Hir, choice: &Hir) -> Option<Texts> {
    let (HirKind::Literal(_), HirKind::Capture(_) | HirKind::Alternation(_)) =
        (text.kind(), choice.kind())
    else {
        return None;
    };
    let both = Hir::concat(vec![text.clone(), choice.clone()]);
    let texts = edge_text::list(&both, ExtractKind::Prefix);
    (!texts.is_empty()).then(|| Texts::anywhere(texts))
}

/// Texts for every branch of a choice.
fn all_of(branches: &[Hir], at_end: bool) -> Option<Texts> {
    let mut all = Texts { rarity: usize::MAX, ..Texts::default() };
    for branch in branches {
        all.append(texts(branch, at_end)?);
    }
    all.anywhere.sort();
    all.anywhere.dedup();
    let cost = cost(all.anywhere.len() + all.at_end.len());
    all.rarity = all.rarity.saturating_sub(cost);
    (all.anywhere.len() <= MAX_TEXTS && all.at_end.len() <= 2 * MAX_TEXTS).then_some(all)
}

/// How seldom the commonest of some texts stands in a line, roughly, from their weights: more is
/// better. Many texts are worth a little less than few.
fn rarity(weights: impl ExactSizeIterator<Item = usize>) -> usize {
    let count = weights.len();
    weights.min().unwrap_or(0).saturating_sub(cost(count))
}

fn cost(texts: usize) -> usize {
    texts.checked_ilog2().unwrap_or(0) as usize / 2
}

/// Running text is small letters and spaces; capitals, figures and marks are what tells lines apart.
fn weight(byte: u8) -> usize {
    match byte {
        b' ' => 0,
        b'a' | b'd' | b'e' | b'h' | b'i' | b'l' | b'n' | b'o' | b'r' | b's' | b't' | b'u' => 1,
        b',' | b'.' | b'a'..=b'z' => 2,
        _ => 4,
    }
}
