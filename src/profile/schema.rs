//! One profile file as it is written: its tables, with the place of every value.
//!
//! Plain data: `read` fills it, `inherit` merges it, `compile` makes it run.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::cut::Cut;
use super::fault::SourceFile;
use super::prepare::Prepare;
pub use super::reader::At;
pub(super) use super::reader::OPEN_END;
use crate::model::date::DateOptions;
use crate::model::piece::Field;

/// The version of the language that this program reads.
pub const SCHEMA: i64 = 1;

/// What a profile is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProfileKind {
    /// Software that many sites run.
    Platform,
    /// One site.
    Site,
}

/// One profile file.
#[derive(Debug, Clone)]
pub struct Layer {
    /// The file.
    pub file: Arc<SourceFile>,
    /// File name without its ending.
    pub id: String,
    /// Platform or site.
    pub kind: ProfileKind,
    /// One line on what it covers.
    pub summary: String,
    /// Whether it was written after fewer pages than it takes to trust it.
    pub draft: bool,
    /// Day of the last comparison with a live capture, `YYYY-MM-DD`.
    pub checked: Option<String>,
    /// The profile that it builds on.
    pub extends: Option<At<String>>,
    /// Alternatives, any of which chooses the profile.
    pub matches: Vec<MatchSpec>,
    /// What is done to the markup of a page before it is parsed.
    pub prepare: At<Prepare>,
    /// Its rules.
    pub body: Body,
    /// Other layouts of the same site.
    pub variants: Vec<VariantSpec>,
}

/// Conditions that must all hold.
#[derive(Debug, Clone, Default)]
pub struct MatchSpec {
    /// Place of the table.
    pub span: std::ops::Range<usize>,
    /// Hosts, any of which will do; `www.` is ignored.
    pub hosts: Vec<String>,
    /// Beginning of the address's path.
    pub path: Option<String>,
    /// Whether hosts below the named ones match.
    pub subdomains: Subdomains,
    /// Selectors, each of which must match something in the page.
    pub selectors: Vec<At<String>>,
    /// Lines that must be in the capture, where it is text.
    pub text: Vec<At<String>>,
    /// At least so many of them; all by default.
    pub min: usize,
    /// The capture must have been fetched before this day.
    pub captured_before: Option<String>,
    /// The capture must have been fetched on this day or later.
    pub captured_after: Option<String>,
}

/// Which hosts a named host stands for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Subdomains {
    /// Itself.
    #[default]
    No,
    /// Itself and those below it.
    Also,
    /// Those below it.
    Only,
}

/// Another layout of the same site.
#[derive(Debug, Clone)]
pub struct VariantSpec {
    /// Its name.
    pub name: String,
    /// When it holds.
    pub when: MatchSpec,
    /// What it adds or changes.
    pub body: Body,
}

/// The part of a profile that is inherited.
#[derive(Debug, Clone, Default)]
pub struct Body {
    /// How a capture is split; `Some(None)` switches an inherited split off.
    pub split: Option<Option<SplitSpec>>,
    /// How a page is split; `Some(None)` switches an inherited split off.
    pub markup: Option<Option<MarkupSpec>>,
    /// How fields are found, for the whole capture and for each piece.
    pub finds: BTreeMap<(Scope, Field), Vec<FindSpec>>,
    /// Rules by kind and name; `None` switches an inherited rule off.
    pub rules: BTreeMap<RuleKey, At<Option<RuleSpec>>>,
    /// How ambiguous dates are read.
    pub dates: Option<DateOptions>,
    /// Most words that rules may remove, in thousandths of all.
    pub max_removed: Option<u32>,
}

/// Whose field it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// The whole capture: `[field]`.
    Capture,
    /// Each article or post: `[piece]`.
    Piece,
}

/// Table and name of a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RuleKey {
    /// `keep.*` in place of `strip.*`.
    pub keep: bool,
    /// The rule's kind.
    pub kind: RuleKind,
    /// The rule's own name.
    pub name: String,
}

impl std::fmt::Display for RuleKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let verb = if self.keep { "keep" } else { "strip" };
        write!(formatter, "{verb}.{}.{}", self.kind.name(), self.name)
    }
}

/// The kinds of rules: a closed list, as the compiler shows to whoever adds one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RuleKind {
    /// Elements of a page.
    Select,
    /// Lines in a row.
    Block,
    /// One line.
    Line,
    /// From a line to a line.
    Region,
    /// The same line so often in one capture.
    Repeat,
    /// The generic classifier.
    Generic,
}

impl RuleKind {
    /// All kinds, in the order in which they are applied.
    pub const ALL: [Self; 6] =
        [Self::Select, Self::Block, Self::Line, Self::Region, Self::Repeat, Self::Generic];

    /// Name of its table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Select => "select",
            Self::Block => "block",
            Self::Line => "line",
            Self::Region => "region",
            Self::Repeat => "repeat",
            Self::Generic => "generic",
        }
    }
}

/// A rule.
#[derive(Debug, Clone)]
pub struct RuleSpec {
    /// What it matches.
    pub what: What,
    /// The field that takes what it removes.
    pub into: Option<Field>,
    /// Where in a piece it applies; anywhere in the capture without.
    pub at: Option<Place>,
    /// Whether a rule for text holds for the blocks of a page too.
    pub html: bool,
    /// Texts that it must remove.
    pub sample: Vec<At<String>>,
    /// Texts that it must not touch.
    pub keep: Vec<At<String>>,
}

/// What a rule matches.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "fields are named as the keys of the profile")]
pub enum What {
    /// Elements that a selector matches; with `is`, those whose text or attribute matches.
    Select { css: At<String>, attr: Option<String>, is: Option<At<String>> },
    /// One line; with `then`, the line below too.
    Line { is: At<String>, not: Option<At<String>>, then: Option<At<String>> },
    /// Lines in a row.
    Block(Vec<ElementSpec>),
    /// From a line to a line, both included.
    Region { from: EdgeSpec, to: EdgeSpec, max_words: u32 },
    /// The same line at least so often, of at most so many words.
    Repeat { times: u32, max_words: u32 },
    /// The generic classifier; it leaves a text alone if so many thousandths of the words stand in sentences already.
    Generic { clean_above: u32 },
}

/// One step of a block rule.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "fields are named as the keys of the profile")]
pub enum ElementSpec {
    /// Lines that match, each with its `then` line; `gap` blank lines may stand above each.
    Line {
        is: At<String>,
        not: Option<At<String>>,
        then: Option<At<String>>,
        times: (u32, u32),
        gap: (u32, u32),
    },
    /// A line that begins with what a group of the block holds.
    Repeats { group: At<String>, times: (u32, u32), gap: (u32, u32) },
    /// So many blank lines.
    Blank((u32, u32)),
}

/// One side of a region.
#[derive(Debug, Clone)]
pub enum EdgeSpec {
    /// The capture's first line.
    Start,
    /// The capture's last line.
    End,
    /// What another rule matches.
    Rule(At<String>),
    /// A line.
    Pattern(At<String>),
}

/// A place in a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Above the title.
    BeforeTitle,
    /// The line below the title.
    AfterTitle,
    /// The first line.
    First,
    /// The last line that is left.
    Last,
    /// Line numbers, from 1.
    Lines(u32, u32),
}

/// How a capture is split.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "fields are named as the keys of the profile")]
pub enum SplitSpec {
    /// Into posts.
    Thread { head: Vec<At<String>>, start: Vec<At<String>>, end: Vec<At<String>> },
    /// At separator lines.
    Digest { head: Vec<At<String>>, separator: At<String> },
    /// At headlines.
    Stream { spec: StreamSpec, marks: Vec<At<String>> },
}

/// How a page is split.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "fields are named as the keys of the profile")]
pub enum MarkupSpec {
    /// Into posts, each with its body.
    Thread {
        post: At<String>,
        body: At<String>,
        quote: Option<At<String>>,
        header: Option<At<String>>,
        data: Option<Box<DataSpec>>,
    },
    /// Into the article and what is around it: the first body that holds some text.
    Article { body: Vec<At<String>> },
}

/// Where the page's own data hold the posts: paths, described in `profiles/README.md`.
#[derive(Debug, Clone)]
pub struct DataSpec {
    /// To each post.
    pub posts: At<String>,
    /// To the title.
    pub title: Option<At<String>>,
    /// From a post to its text.
    pub body: At<String>,
    /// From a post to its number.
    pub number: Option<At<String>>,
    /// From a post to its fields.
    pub fields: Vec<(Field, Vec<At<String>>)>,
}

/// Which of the elements that a selector matches gives a field its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pick {
    /// The first.
    First,
    /// The last.
    Last,
    /// All, where values of the field add up.
    All,
}

/// What a headline of a stream looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreamSpec {
    /// Fewest and most words.
    pub words: (u32, u32),
    /// Share of capitalised words, in thousandths.
    pub capitalised: u32,
    /// A blank line must be above.
    pub after_blank: bool,
    /// A blank line must be below.
    pub before_blank: bool,
    /// It may end in a full stop, comma or colon.
    pub end_punctuation: bool,
    /// Split only where the capture shows that it is a stream.
    pub evidence: bool,
}

/// One way to find a field.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "fields are named as the keys of the profile")]
pub enum FindSpec {
    /// A line that matches.
    Line { line: At<String>, not: Option<At<String>>, at: Option<Place>, drop: bool },
    /// An element of the page: its text or an attribute, cut; with `is`, the part that matches.
    Css {
        css: At<String>,
        attr: Option<String>,
        cut: Vec<Cut>,
        is: Option<At<String>>,
        pick: Pick,
        drop: bool,
    },
    /// A `<meta>` element of the page.
    Meta { meta: At<String>, cut: Vec<Cut>, is: Option<At<String>> },
    /// A fixed value.
    Const(At<String>),
    /// The line that reads like a headline.
    Headline { at: Option<Place> },
    /// The line that is a date as a whole.
    Date { at: Option<Place>, drop: bool },
    /// The ways of the profile that this one extends.
    Inherit,
}
