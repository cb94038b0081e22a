//! All patterns of a profile at once: one pass over a line says which of them match.
//!
//! Takes pattern texts; gives a [`Matches`] table for a document. Rules read that table and never
//! run a regex themselves; groups are read only on lines that are known to match.

use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use regex::Regex;
use regex_automata::meta::{self, Cache};
use regex_automata::nfa::thompson::WhichCaptures;
use regex_automata::{Input, MatchKind, PatternSet};
use regex_syntax::hir::{Hir, HirKind};

use crate::model::document::Document;

/// Largest program that a profile's patterns may compile to, in bytes: ten times what the
/// largest built-in profile needs.
const MAX_PROGRAM_BYTES: usize = 32 << 20;

/// Memory for the lazily built automaton of one thread, in bytes. The default of 2 MiB was
/// flushed over and over by sets of a hundred Unicode patterns.
const CACHE_BYTES: usize = 4 << 20;

/// Longest line that a signature of a profile can be, in bytes: furniture is short, and most of
/// a capture's bytes lie in lines longer than this.
pub const MAX_SIGNATURE_BYTES: usize = 200;

/// Number of a pattern in its [`Patterns`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PatternId(u32);

/// Collects the patterns of a profile; the same text gets the same number.
#[derive(Debug, Default)]
pub struct PatternsBuilder {
    sources: Vec<String>,
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
        let caret = text.lines().find(|line| line.trim_start().starts_with('^'));
        let offset = caret.map_or(0, |line| line.len() - line.trim_start().len()).saturating_sub(4);
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
    /// Adds a pattern that [`inspect`] found sound.
    pub fn add(&mut self, pattern: &str) -> PatternId {
        if let Some(number) = self.numbers.get(pattern) {
            return *number;
        }
        let number = PatternId(u32::try_from(self.sources.len()).unwrap_or(u32::MAX));
        self.sources.push(pattern.to_owned());
        self.numbers.insert(pattern.to_owned(), number);
        number
    }

    /// Ends the collection.
    pub fn build(self) -> Patterns {
        let singles = self.sources.into_iter().map(|source| (source, OnceLock::new())).collect();
        Patterns { set: OnceLock::new(), caches: Mutex::default(), singles }
    }
}

/// The compiled patterns of a profile.
#[derive(Debug)]
pub struct Patterns {
    /// Compiled when first needed: a run uses few of the profiles.
    set: OnceLock<Option<meta::Regex>>,
    /// Lazily built automata that no thread uses just now. A cache that is thrown away after a
    /// capture takes with it what that capture paid for.
    caches: Mutex<Vec<Cache>>,
    /// For reading groups; compiled when first needed.
    singles: Vec<(String, OnceLock<Option<Regex>>)>,
}

/// Which patterns match which blocks.
#[derive(Debug, Clone, Default)]
pub struct Matches {
    bits: Vec<u64>,
    stride: usize,
}

impl Patterns {
    /// How many patterns there are.
    pub fn len(&self) -> usize {
        self.singles.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.singles.is_empty()
    }

    /// Compiles the patterns now.
    ///
    /// # Errors
    /// Where together they are too large.
    pub fn compile(&self) -> Result<(), PatternError> {
        let compiled = build_set(&self.singles);
        let error = compiled.as_ref().err().cloned();
        // Another thread may have been first; both compiled the same.
        self.set.get_or_init(|| compiled.ok());
        error.map_or(Ok(()), Err)
    }

    /// Matches every block of a document of at most `max_bytes` bytes.
    pub fn scan(&self, document: &Document, max_bytes: usize) -> Matches {
        let stride = self.len().div_ceil(64);
        let mut matches = Matches { bits: vec![0; stride * document.blocks.len()], stride };
        let set = self.set.get_or_init(|| build_set(&self.singles).ok());
        let Some(set) = set.as_ref().filter(|_| !self.is_empty()) else { return matches };
        let idle = self.caches.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut cache = idle.unwrap_or_else(|| set.create_cache());
        let mut found = PatternSet::new(set.pattern_len());
        for (index, row) in matches.bits.chunks_exact_mut(stride).enumerate() {
            let text = document.block_text(index);
            if text.len() > max_bytes {
                continue;
            }
            set.which_overlapping_matches_with(&mut cache, &Input::new(text), &mut found);
            if found.is_empty() {
                continue;
            }
            for pattern in found.iter() {
                if let Some(word) = row.get_mut(pattern.as_usize() / 64) {
                    *word |= 1 << (pattern.as_usize() % 64);
                }
            }
            found.clear();
        }
        self.caches.lock().unwrap_or_else(PoisonError::into_inner).push(cache);
        matches
    }

    /// The named groups of a pattern on a line, in the pattern's order. Empty where it does not
    /// match.
    pub fn groups<'t>(&self, pattern: PatternId, text: &'t str) -> Vec<(&str, &'t str)> {
        let Some(regex) = self.single(pattern) else { return Vec::new() };
        let Some(captures) = regex.captures(text) else { return Vec::new() };
        regex
            .capture_names()
            .flatten()
            .filter_map(|name| captures.name(name).map(|found| (name, found.as_str())))
            .collect()
    }

    /// What a pattern matches of a line.
    pub fn matched<'t>(&self, pattern: PatternId, text: &'t str) -> Option<&'t str> {
        self.single(pattern)?.find(text).map(|found| found.as_str())
    }

    fn single(&self, pattern: PatternId) -> Option<&Regex> {
        let (source, cell) = self.singles.get(pattern.0 as usize)?;
        cell.get_or_init(|| Regex::new(source).ok()).as_ref()
    }
}

fn build_set(singles: &[(String, OnceLock<Option<Regex>>)]) -> Result<meta::Regex, PatternError> {
    let config = meta::Config::new()
        .match_kind(MatchKind::All)
        .nfa_size_limit(Some(MAX_PROGRAM_BYTES))
        .hybrid_cache_capacity(CACHE_BYTES)
        // With groups the fallback engine's table is as large as states times groups: 1.2 GiB.
        .which_captures(WhichCaptures::None);
    let sources: Vec<&str> = singles.iter().map(|(source, _)| source.as_str()).collect();
    meta::Builder::new()
        .configure(config)
        .build_many(&sources)
        .map_err(|error| PatternError { message: error.to_string(), offset: 0 })
}

impl Matches {
    /// Whether a pattern matches block `index`.
    pub fn has(&self, index: usize, pattern: PatternId) -> bool {
        let place = index * self.stride + pattern.0 as usize / 64;
        self.bits.get(place).is_some_and(|word| word >> (pattern.0 % 64) & 1 == 1)
    }

    /// For each of `patterns` patterns, whether it matches any block.
    pub fn columns(&self, patterns: usize) -> Vec<bool> {
        let mut union = vec![0_u64; self.stride];
        for row in self.bits.chunks_exact(self.stride.max(1)) {
            for (sum, word) in union.iter_mut().zip(row) {
                *sum |= word;
            }
        }
        (0..patterns)
            .map(|index| union.get(index / 64).is_some_and(|word| word >> (index % 64) & 1 == 1))
            .collect()
    }

    /// Whether any pattern matches block `index`.
    pub fn any(&self, index: usize) -> bool {
        self.bits
            .get(index * self.stride..(index + 1) * self.stride)
            .is_some_and(|row| row.iter().any(|word| *word != 0))
    }
}
