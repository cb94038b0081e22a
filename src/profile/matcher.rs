//! The patterns of a profile, and which of them match which lines.
//!
//! Takes pattern texts; gives a [`Matches`] table for a document. Rules read that table and never
//! run a regex themselves; groups are read only on lines that are known to match.
//!
//! One automaton for all patterns of a profile was tried first: patterns such as `^\\S.{0,39}$`
//! multiply its states, it was flushed over and over, and the fallback engine took 22 ms a page.
//! Now each pattern has a prefilter, and wide patterns run only where a rule's anchor matched.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::OnceLock;

use regex::Regex;
use regex_syntax::hir::{Hir, HirKind};

use super::prefilter::{self, Prefilter};
use super::shortlist::Shortlist;
use crate::model::document::Document;

/// Longest line that a signature of a profile can be, in bytes: furniture is short, and most of
/// a capture's bytes lie in lines longer than this.
pub const MAX_SIGNATURE_BYTES: usize = 200;

/// Number of a pattern in its [`Patterns`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PatternId(u32);

/// Collects the patterns of a profile; the same text gets the same number.
#[derive(Debug, Default)]
pub struct PatternsBuilder {
    sources: Vec<(String, bool)>,
    numbers: BTreeMap<String, PatternId>,
}

/// What is wrong with a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternError {
    /// In words.
    pub message: String,
    /// Byte of the pattern at which it was noticed.
    pub offset: usize,
}

/// What is known of a pattern that is sound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternFacts {
    /// Names of its groups.
    pub groups: Vec<String>,
    /// Whether it begins with `^`.
    pub anchored_start: bool,
    /// Whether it ends with `$`.
    pub anchored_end: bool,
}

/// Checks one pattern.
///
/// # Errors
/// Where it is not a regular expression.
pub fn inspect(pattern: &str) -> Result<PatternFacts, PatternError> {
    let hir = regex_automata::util::syntax::parse(pattern).map_err(|error| {
        let text = error.to_string();
        let message = text.lines().last().unwrap_or_default().trim_start_matches("error: ");
        let offset = match &error {
            regex_syntax::Error::Parse(error) => error.span().start.offset,
            regex_syntax::Error::Translate(error) => error.span().start.offset,
            _ => 0,
        };
        PatternError { message: message.to_owned(), offset }
    })?;
    let looks = hir.properties();
    Ok(PatternFacts {
        groups: {
            let mut groups = Vec::new();
            named_groups(&hir, &mut groups);
            groups
        },
        anchored_start: looks.look_set_prefix().contains_anchor(),
        anchored_end: looks.look_set_suffix().contains_anchor(),
    })
}

/// Lines such as a post may open with: a pattern that matches one of them is no anchor of a block.
const ORDINARY: [&str; 9] = [
    "Anna",
    "river99",
    "Old Harbour Road",
    "12,324",
    "May 11, 2020",
    "Yes.",
    "x",
    "• a small brown dog",
    "In the evening the ferry came back with forty people and a small brown dog.",
];

/// Whether a pattern matches none of the lines that may stand anywhere: then it can be the anchor
/// of a block rule, and the search for the block begins at it.
pub fn is_peculiar(pattern: &str) -> bool {
    let Ok(hir) = regex_automata::util::syntax::parse(pattern) else { return false };
    let prefilter = Prefilter::of(&hir);
    let near: Vec<&str> =
        ORDINARY.into_iter().filter(|line| prefilter.admits(line.as_bytes())).collect();
    // Compiling is the dear part, and mostly not needed: a pattern that none of them passes is
    // peculiar, one that half of them pass is not.
    near.is_empty()
        || (near.len() * 2 < ORDINARY.len()
            && Regex::new(pattern).is_ok_and(|regex| !near.iter().any(|line| regex.is_match(line))))
}

fn named_groups(hir: &Hir, groups: &mut Vec<String>) {
    match hir.kind() {
        HirKind::Capture(capture) => {
            groups.extend(capture.name.as_ref().map(ToString::to_string));
            named_groups(&capture.sub, groups);
        }
        HirKind::Repetition(repetition) => named_groups(&repetition.sub, groups),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            for part in parts {
                named_groups(part, groups);
            }
        }
        HirKind::Empty | HirKind::Literal(_) | HirKind::Class(_) | HirKind::Look(_) => {}
    }
}

impl PatternId {
    /// Its place in the profile's list of patterns.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl PatternsBuilder {
    /// Adds a pattern that [`inspect`] found sound. An eager one is matched on every line, in one
    /// pass; others only on the lines that a rule asks for.
    pub fn add(&mut self, pattern: &str, eager: bool) -> PatternId {
        if let Some(number) = self.numbers.get(pattern) {
            if let Some((_, known)) = self.sources.get_mut(number.index()) {
                *known |= eager;
            }
            return *number;
        }
        let number = PatternId(u32::try_from(self.sources.len()).unwrap_or(u32::MAX));
        self.sources.push((pattern.to_owned(), eager));
        self.numbers.insert(pattern.to_owned(), number);
        number
    }

    /// Ends the collection.
    pub fn build(self) -> Patterns {
        let pattern = |(source, eager)| Pattern {
            source,
            prefilter: OnceLock::new(),
            eager,
            regex: OnceLock::new(),
        };
        Patterns { list: self.sources.into_iter().map(pattern).collect(), index: OnceLock::new() }
    }
}

/// The compiled patterns of a profile.
#[derive(Debug)]
pub struct Patterns {
    list: Vec<Pattern>,
    /// Made when first needed, like the patterns: a run uses few of the profiles.
    index: OnceLock<Index>,
}

/// Which of the eager patterns a line may match.
#[derive(Debug, Default)]
struct Index {
    /// Patterns that are nothing but lines.
    whole: Whole,
    /// All others, by their places in `listed`.
    shortlist: Shortlist,
    listed: Vec<PatternId>,
    /// Those that nearly every line would be on the list of.
    open: Vec<PatternId>,
}

impl Index {
    fn new(list: &[Pattern]) -> Self {
        let mut index = Self::default();
        for (number, pattern) in (0..).zip(list).filter(|(_, pattern)| pattern.eager) {
            let id = PatternId(number);
            let hir = regex_automata::util::syntax::parse(&pattern.source).ok();
            if let Some(lines) = hir.as_ref().and_then(prefilter::whole_lines) {
                index.whole.add(&lines, id);
            } else if pattern.prefilter().is_open() {
                index.open.push(id);
            } else {
                index.listed.push(id);
            }
        }
        for (place, id) in index.listed.iter().enumerate() {
            if let Some(pattern) = list.get(id.index()) {
                index.shortlist.add(place, pattern.prefilter());
            }
        }
        index
    }
}

/// Whole lines, and the patterns that match them: one look-up in place of a test per pattern.
#[derive(Debug)]
struct Whole {
    lines: HashMap<Vec<u8>, Vec<PatternId>, BuildHasherDefault<LineHasher>>,
    /// For each first byte the lengths of lines that begin with it, as bits; the highest bit stands
    /// for all longer ones. Most lines need no look-up.
    by_first: [u64; 256],
    /// The same for each last byte.
    by_last: [u64; 256],
}

impl Default for Whole {
    fn default() -> Self {
        Self { lines: HashMap::default(), by_first: [0; 256], by_last: [0; 256] }
    }
}

impl Whole {
    fn add(&mut self, lines: &[Vec<u8>], pattern: PatternId) {
        for line in lines {
            let edges = [(&mut self.by_first, line.first()), (&mut self.by_last, line.last())];
            for (lengths, byte) in edges {
                let byte = byte.copied().unwrap_or_default();
                if let Some(lengths) = lengths.get_mut(usize::from(byte)) {
                    *lengths |= 1 << line.len().min(63);
                }
            }
            self.lines.entry(line.clone()).or_default().push(pattern);
        }
    }

    #[inline]
    fn get(&self, line: &[u8]) -> &[PatternId] {
        let (Some(first), Some(last)) = (line.first(), line.last()) else { return &[] };
        let of = |lengths: &[u64; 256], byte: u8| lengths.get(usize::from(byte)).copied();
        let both = of(&self.by_first, *first).zip(of(&self.by_last, *last));
        let lengths = both.map_or(0, |(by_first, by_last)| by_first & by_last);
        if lengths >> line.len().min(63) & 1 == 0 {
            return &[];
        }
        self.lines.get(line).map_or(&[], Vec::as_slice)
    }
}

/// FNV-1a over words of eight bytes: lines are short, and the keys are a profile's own.
#[derive(Debug, Default)]
struct LineHasher(u64);

impl Hasher for LineHasher {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0_u8; 8];
            for (to, from) in word.iter_mut().zip(chunk) {
                *to = *from;
            }
            self.0 = (self.0.rotate_left(5) ^ u64::from_le_bytes(word))
                .wrapping_mul(0x517c_c1b7_2722_0a95);
        }
    }
}

#[derive(Debug)]
struct Pattern {
    source: String,
    /// Made when first needed, like the regex.
    prefilter: OnceLock<Prefilter>,
    /// Whether every line is matched beforehand; else only lines that a rule asks for.
    eager: bool,
    /// Compiled when first needed: a run uses few of the patterns.
    regex: OnceLock<Option<Regex>>,
}

impl Pattern {
    fn regex(&self) -> Option<&Regex> {
        self.regex.get_or_init(|| Regex::new(&self.source).ok()).as_ref()
    }

    fn prefilter(&self) -> &Prefilter {
        self.prefilter.get_or_init(|| {
            let hir = regex_automata::util::syntax::parse(&self.source);
            hir.map_or_else(|_| Prefilter::nothing(), |hir| Prefilter::of(&hir))
        })
    }

    /// Calls `look` with each block of a document that an open pattern may match: one search through
    /// all of the text in place of one in every line.
    fn each_line(&self, document: &Document, mut look: impl FnMut(usize, &str)) {
        let text = document.text.as_bytes();
        let mut from = 0;
        while let Some(place) = self.prefilter().find(text, from) {
            from = place + 1;
            let behind = document.blocks.partition_point(|block| block.start as usize <= place);
            let Some(number) = behind.checked_sub(1) else { continue };
            let end = document.blocks.get(number).map_or(0, |block| block.end as usize);
            if place < end {
                look(number, document.block_text(number));
                from = end;
            }
        }
    }

    fn matches(&self, line: &str) -> bool {
        self.prefilter().admits(line.as_bytes())
            && self.regex().is_some_and(|regex| regex.is_match(line))
    }
}

/// Which patterns match which blocks of a document.
#[derive(Debug, Clone)]
pub struct Matches<'a> {
    patterns: &'a Patterns,
    document: &'a Document,
    /// For each eager pattern the blocks that it matches, in order.
    blocks: Vec<Vec<u32>>,
}

impl Default for Patterns {
    fn default() -> Self {
        PatternsBuilder::default().build()
    }
}

impl Patterns {
    /// How many patterns there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Compiles every pattern now.
    ///
    /// # Errors
    /// The first that is too large.
    pub fn compile(&self) -> Result<(), PatternError> {
        for pattern in &self.list {
            if pattern.regex().is_none() {
                let message = format!("`{}` is too large", pattern.source);
                return Err(PatternError { message, offset: 0 });
            }
        }
        Ok(())
    }

    /// Matches the eager patterns on every block.
    pub fn scan<'a>(&'a self, document: &'a Document) -> Matches<'a> {
        let mut blocks = vec![Vec::new(); self.len()];
        self.each_match(document, usize::MAX, |block, pattern| {
            if let (Some(blocks), Ok(block)) = (blocks.get_mut(pattern), u32::try_from(block)) {
                blocks.push(block);
            }
        });
        Matches { patterns: self, document, blocks }
    }

    /// For each eager pattern, whether it matches any block of at most `max_bytes` bytes.
    pub fn seen(&self, document: &Document, max_bytes: usize) -> Vec<bool> {
        let mut seen = vec![false; self.len()];
        self.each_match(document, max_bytes, |_, pattern| {
            if let Some(seen) = seen.get_mut(pattern) {
                *seen = true;
            }
        });
        seen
    }

    /// Calls `found` with each block of at most `max_bytes` bytes and each eager pattern that
    /// matches it; the blocks of one pattern in order.
    fn each_match(
        &self,
        document: &Document,
        max_bytes: usize,
        mut found: impl FnMut(usize, usize),
    ) {
        let index = self.index.get_or_init(|| Index::new(&self.list));
        let text = document.text.as_bytes();
        for (number, block) in document.blocks.iter().enumerate() {
            let line = text.get(block.range()).unwrap_or_default();
            if line.len() > max_bytes {
                continue;
            }
            for id in index.whole.get(line) {
                found(number, id.index());
            }
            index.shortlist.of(line, |place| {
                let Some(id) = index.listed.get(place) else { return };
                let Some(pattern) = self.list.get(id.index()) else { return };
                if pattern.matches(document.block_text(number)) {
                    found(number, id.index());
                }
            });
        }
        for id in &index.open {
            let Some(pattern) = self.list.get(id.index()) else { continue };
            pattern.each_line(document, |number, line| {
                if line.len() <= max_bytes && pattern.matches(line) {
                    found(number, id.index());
                }
            });
        }
    }

    /// The named groups of a pattern on a line, in the pattern's order. Empty where it does not
    /// match.
    pub fn groups<'t>(&self, pattern: PatternId, text: &'t str) -> Vec<(&str, &'t str)> {
        let Some(regex) = self.regex(pattern) else { return Vec::new() };
        if regex.captures_len() == 1 {
            return Vec::new();
        }
        let Some(captures) = regex.captures(text) else { return Vec::new() };
        regex
            .capture_names()
            .flatten()
            .filter_map(|name| captures.name(name).map(|found| (name, found.as_str())))
            .collect()
    }

    /// What a pattern matches of a line.
    pub fn matched<'t>(&self, pattern: PatternId, text: &'t str) -> Option<&'t str> {
        self.regex(pattern)?.find(text).map(|found| found.as_str())
    }

    fn regex(&self, pattern: PatternId) -> Option<&Regex> {
        self.list.get(pattern.index())?.regex()
    }
}

impl Matches<'_> {
    /// Whether a pattern matches block `index`.
    pub fn has(&self, index: usize, pattern: PatternId) -> bool {
        let Some(known) = self.patterns.list.get(pattern.index()) else { return false };
        if !known.eager {
            return index < self.document.blocks.len()
                && known.matches(self.document.block_text(index));
        }
        let blocks = self.eager(pattern);
        u32::try_from(index).is_ok_and(|index| blocks.binary_search(&index).is_ok())
    }

    /// The blocks among some that a pattern matches, in order.
    pub fn among(
        &self,
        range: std::ops::Range<usize>,
        pattern: PatternId,
    ) -> impl Iterator<Item = usize> {
        let eager = self.patterns.list.get(pattern.index()).is_some_and(|known| known.eager);
        let blocks = if eager { self.eager(pattern) } else { &[] };
        let asked = if eager { 0..0 } else { range.clone() };
        let from = blocks.partition_point(|block| (*block as usize) < range.start);
        let blocks = blocks.get(from..).unwrap_or_default().iter().map(|block| *block as usize);
        let known = blocks.take_while(move |block| *block < range.end);
        known.chain(asked.filter(move |index| self.has(*index, pattern)))
    }

    fn eager(&self, pattern: PatternId) -> &[u32] {
        self.blocks.get(pattern.index()).map_or(&[], Vec::as_slice)
    }
}
