//! A piece: one article or post inside a capture, before it becomes a record.

use std::collections::BTreeMap;
use std::sync::Arc;

/// A fact that a profile can find. The name is the key in `[field]`, `[piece]`, `into` and of a
/// named group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "each variant is the record field of the same name")]
pub enum Field {
    Title,
    Description,
    Site,
    Section,
    Tags,
    Author,
    PostedBy,
    Starter,
    Page,
    Published,
    Modified,
    Agency,
    Source,
    SourceUrl,
    Permalink,
    Rights,
    Captions,
    Attachments,
    Reactions,
}

impl Field {
    /// All fields.
    pub const ALL: [Self; 19] = [
        Self::Title,
        Self::Description,
        Self::Site,
        Self::Section,
        Self::Tags,
        Self::Author,
        Self::PostedBy,
        Self::Starter,
        Self::Page,
        Self::Published,
        Self::Modified,
        Self::Agency,
        Self::Source,
        Self::SourceUrl,
        Self::Permalink,
        Self::Rights,
        Self::Captions,
        Self::Attachments,
        Self::Reactions,
    ];

    /// The name in profiles and in `explain`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Description => "description",
            Self::Site => "site",
            Self::Section => "section",
            Self::Tags => "tags",
            Self::Author => "author",
            Self::PostedBy => "posted_by",
            Self::Starter => "starter",
            Self::Page => "page",
            Self::Published => "published",
            Self::Modified => "modified",
            Self::Agency => "agency",
            Self::Source => "source",
            Self::SourceUrl => "source_url",
            Self::Permalink => "permalink",
            Self::Rights => "rights",
            Self::Captions => "captions",
            Self::Attachments => "attachments",
            Self::Reactions => "reactions",
        }
    }

    /// The field of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name() == name)
    }

    /// Whether several values of it add up; the first value wins for all others.
    pub fn adds_up(self) -> bool {
        matches!(self, Self::Tags | Self::Rights | Self::Captions | Self::Attachments)
    }
}

/// One value of a field, as the capture writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The words of the capture.
    pub text: String,
    /// The rule that found it.
    pub rule: Arc<str>,
    /// The capture's line, from 1; 0 where the value is a constant of the profile.
    pub line: u32,
    /// What it was found in.
    pub medium: Medium,
}

/// What a value was found in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Medium {
    /// Words that a reader sees.
    Text,
    /// An attribute of an element, such as `datetime`.
    Attribute,
    /// A `<meta>` element.
    Meta,
    /// JSON-LD.
    JsonLd,
    /// Microdata.
    Microdata,
    /// Other data of the page's scripts.
    Json,
    /// The address of the page.
    Address,
}

impl Medium {
    /// The name in records.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Attribute => "attribute",
            Self::Meta => "meta",
            Self::JsonLd => "json-ld",
            Self::Microdata => "microdata",
            Self::Json => "json",
            Self::Address => "url",
        }
    }
}

/// The values found for each field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    values: BTreeMap<Field, Vec<Found>>,
    /// Reactions by name in lower case.
    pub reactions: BTreeMap<String, u64>,
    /// Authors one by one, where the page names them so.
    pub authors: Vec<super::record::Author>,
}

impl Facts {
    /// Adds a value; a field that does not add up keeps its first one. Says whether it was taken.
    pub fn add(&mut self, field: Field, found: Found) -> bool {
        let values = self.values.entry(field).or_default();
        if !values.is_empty() && !field.adds_up() {
            return false;
        }
        values.push(found);
        true
    }

    /// The first value of a field.
    pub fn first(&self, field: Field) -> Option<&Found> {
        self.values.get(&field).and_then(|values| values.first())
    }

    /// All values of a field.
    pub fn all(&self, field: Field) -> &[Found] {
        self.values.get(&field).map_or(&[], Vec::as_slice)
    }

    /// Whether a field has a value.
    pub fn has(&self, field: Field) -> bool {
        self.first(field).is_some()
    }

    /// All fields that have values, in a fixed order.
    pub fn iter(&self) -> impl Iterator<Item = (Field, &[Found])> {
        self.values.iter().map(|(field, values)| (*field, values.as_slice()))
    }
}

/// What a piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PieceKind {
    /// An article.
    Article,
    /// A post of a thread.
    Post,
    /// Best effort: no article was found.
    Page,
}

/// One article or post inside a capture.
#[derive(Debug, Clone)]
pub struct Piece {
    /// What it is.
    pub kind: PieceKind,
    /// The document's blocks that it covers, removed ones included, in order.
    pub blocks: Vec<usize>,
    /// What is known of it.
    pub facts: Facts,
    /// The element of the page that holds it.
    pub extent: Option<Extent>,
}

/// The element of a page that holds a piece, by the numbers of the page's elements.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Extent {
    /// The element's number.
    pub enter: u32,
    /// The first number behind the elements inside it.
    pub exit: u32,
    /// The same of pieces inside it.
    pub inner: Vec<(u32, u32)>,
}

/// Whether a number lies in one of some ranges that stand in order and do not overlap.
fn holds(ranges: &[(u32, u32)], number: u32) -> bool {
    let behind = ranges.partition_point(|(from, _)| *from <= number);
    behind.checked_sub(1).and_then(|at| ranges.get(at)).is_some_and(|(_, to)| number < *to)
}

impl Extent {
    /// Whether an element belongs to the piece, and to no piece inside it.
    pub fn holds(&self, enter: u32) -> bool {
        (self.enter..self.exit).contains(&enter) && !holds(&self.inner, enter)
    }
}

impl Piece {
    /// A piece without facts.
    pub fn new(kind: PieceKind, blocks: Vec<usize>) -> Self {
        Self { kind, blocks, facts: Facts::default(), extent: None }
    }
}
