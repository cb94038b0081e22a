//! A profile that can run: what the stages read.
//!
//! Made by `compile` and never changed; shared by all threads of a run.

use std::sync::{Arc, OnceLock};

use super::compile;
use super::cut::Cut;
use super::data::Data;
use super::fault::Origin;
use super::matcher::{PatternId, Patterns};
use super::prepare::Prepare;
use super::schema::{Layer, MatchSpec, Pick, Place, ProfileKind, RuleKey, Scope, StreamSpec};
use super::selector::Selectors;
use super::written::Written;
use crate::model::date::DateOptions;
use crate::model::piece::Field;

/// A profile that can run.
#[derive(Debug)]
pub struct Profile {
    /// Its id: the file's name without ending.
    pub id: String,
    /// Platform or site.
    pub kind: ProfileKind,
    /// Where its file came from.
    pub origin: Origin,
    /// Path of its file, for messages.
    pub path: String,
    /// One line on what it covers.
    pub summary: String,
    /// Whether it was written after fewer pages than it takes to trust it.
    pub draft: bool,
    /// Day of the last comparison with a live capture.
    pub checked: Option<String>,
    /// Ids of the profiles that it extends, nearest first.
    pub chain: Vec<String>,
    /// First 16 hex digits of SHA-256 over the chain's files.
    pub hash: String,
    /// What is done to the markup of a page before it is parsed.
    pub prepare: Prepare,
    /// Alternatives that choose it.
    pub matches: Vec<MatchSpec>,
    /// Its file and those of its parents, nearest first.
    pub(super) layers: Vec<Arc<Layer>>,
    /// Its layouts, once they are compiled: an imported profile waits until it is chosen.
    pub(super) layouts: OnceLock<Layouts>,
}

/// The layouts of a profile.
#[derive(Debug, Default)]
pub struct Layouts {
    /// Its rules for the usual layout.
    pub rules: Rules,
    /// Other layouts, the first whose conditions hold.
    pub variants: Vec<(String, MatchSpec, Rules)>,
}

impl Profile {
    /// Its rules for the usual layout.
    pub fn rules(&self) -> &Rules {
        &self.compiled().rules
    }

    /// Other layouts, the first whose conditions hold.
    pub fn variants(&self) -> &[(String, MatchSpec, Rules)] {
        &self.compiled().variants
    }

    /// Whether its rules are compiled already.
    pub fn is_compiled(&self) -> bool {
        self.layouts.get().is_some()
    }

    fn compiled(&self) -> &Layouts {
        self.layouts.get_or_init(|| compile::late(&self.layers))
    }
}

/// Rules, split and fields of one layout.
#[derive(Debug, Default)]
pub struct Rules {
    /// All patterns.
    pub patterns: Patterns,
    /// Rules in the order in which they apply.
    pub list: Vec<Rule>,
    /// All selectors.
    pub selectors: Selectors,
    /// How a text is split.
    pub split: Option<Split>,
    /// How a page is split.
    pub markup: Option<MarkupSplit>,
    /// How fields are found, in the order of fields.
    pub finds: Vec<Find>,
    /// How ambiguous dates are read.
    pub dates: DateOptions,
    /// Most words that rules may remove, in thousandths.
    pub max_removed: Option<u32>,
    /// Where rules, splits and ways are written; of several with one id the first.
    pub written: Vec<Written>,
}

/// One rule.
#[derive(Debug, Clone)]
pub struct Rule {
    /// `invision/strip.line.reaction`: the profile that defines it, and its key.
    pub id: Arc<str>,
    /// Table and name.
    pub key: RuleKey,
    /// What it matches.
    pub what: Match,
    /// The field that takes what it removes.
    pub into: Option<Field>,
    /// Where in a piece it applies.
    pub at: Option<Place>,
    /// Whether a rule for text holds for the blocks of a page too.
    pub html: bool,
    /// Texts that it must remove, and texts that it must not touch.
    pub sample: Vec<String>,
    /// Texts that it must not touch.
    pub keep: Vec<String>,
    /// File and place, for messages.
    pub depth: usize,
    /// Place of the rule's name in its file.
    pub span: std::ops::Range<usize>,
}

/// What a rule matches.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "fields are named as the keys of the profile")]
pub enum Match {
    /// Elements of a page.
    Select { css: u32, attr: bool, is: Option<PatternId> },
    /// One line, and the one below.
    Line { is: PatternId, not: Option<PatternId>, then: Option<PatternId> },
    /// Lines in a row.
    Block(Sequence),
    /// From a line to a line.
    Region { from: Edge, to: Edge, max_words: u32 },
    /// A line so often, of at most so many words.
    Repeat { times: u32, max_words: u32 },
    /// The generic classifier.
    Generic { clean_above: u32 },
}

/// The steps of a block rule.
#[derive(Debug, Clone)]
pub struct Sequence {
    /// The steps.
    pub elements: Vec<Element>,
    /// The pattern that the search begins at, and most lines of the match above its line.
    pub anchor: Option<(PatternId, usize)>,
}

/// One step of a block rule.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "fields are named as the keys of the profile")]
pub enum Element {
    /// Lines that match; `gap` blank lines may stand above each.
    Line {
        is: PatternId,
        not: Option<PatternId>,
        then: Option<PatternId>,
        times: (u32, u32),
        gap: (u32, u32),
    },
    /// A line that begins with what a group of the block holds.
    Repeats { group: String, times: (u32, u32), gap: (u32, u32) },
    /// Blank lines.
    Blank((u32, u32)),
}

/// One side of a region.
#[derive(Debug, Clone, Copy)]
pub enum Edge {
    /// The capture's first line.
    Start,
    /// The capture's last line.
    End,
    /// What the rule of that number matches.
    Rule(usize),
    /// A line.
    Pattern(PatternId),
}

/// How a capture is split.
#[derive(Debug, Clone)]
pub struct Split {
    /// `invision/split.thread`.
    pub id: Arc<str>,
    /// How.
    pub how: SplitHow,
}

/// How a page is split.
#[derive(Debug)]
pub struct MarkupSplit {
    /// `invision/split.thread`.
    pub id: Arc<str>,
    /// How.
    pub how: MarkupHow,
    /// Where the page's own data hold the posts.
    pub data: Option<Data>,
    /// The selector of posts alone: a page that shows some is the platform's.
    pub posts: Selectors,
}

/// The ways to split a page; numbers of selectors.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "fields are named as the keys of the profile")]
pub enum MarkupHow {
    /// Into posts.
    Thread { post: u32, body: u32, quote: Option<u32>, header: Option<u32> },
    /// Into the article and what is around it: the first body that holds some text.
    Article { body: Vec<u32> },
}

/// The ways to split.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "fields are named as the keys of the profile")]
pub enum SplitHow {
    /// Into posts: where rules begin one, or where lines in a row end one.
    Thread { head: Vec<usize>, start: Vec<usize>, end: Vec<PatternId> },
    /// At separator lines.
    Digest { head: Vec<usize>, separator: PatternId },
    /// At headlines.
    Stream { spec: StreamSpec, marks: Vec<usize> },
}

/// One way to find a field.
#[derive(Debug, Clone)]
pub struct Find {
    /// `wordpress/piece.author`.
    pub id: Arc<str>,
    /// The field.
    pub field: Field,
    /// Whose field.
    pub scope: Scope,
    /// How.
    pub how: FindHow,
}

/// The ways to find a field.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "fields are named as the keys of the profile")]
pub enum FindHow {
    /// A line that matches.
    Line { line: PatternId, not: Option<PatternId>, at: Option<Place>, drop: bool },
    /// An element of the page.
    Css { css: u32, attr: bool, cut: Vec<Cut>, is: Option<PatternId>, pick: Pick, drop: bool },
    /// A `<meta>` element of the page.
    Meta { key: String, cut: Vec<Cut>, is: Option<PatternId> },
    /// A fixed value.
    Const(String),
    /// A line that reads like a headline.
    Headline { at: Option<Place> },
    /// A line that is a date as a whole.
    Date { at: Option<Place>, drop: bool },
}
