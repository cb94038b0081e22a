//! Verdicts: which blocks are boilerplate, and which rule says so.
//!
//! Takes a document, rules and their matches; fills the ledger and gives the hits, whose groups
//! become facts later. Removes nothing from the document and never looks at a piece's text twice.

pub mod generic;
mod line;
mod lines;
mod region;
mod repeat;
mod select;

use std::sync::Arc;

use crate::model::capture::Warning;
use crate::model::document::Document;
use crate::model::ledger::Ledger;
use crate::model::piece::{Facts, Field, Found, Medium, Piece};
use crate::profile::matcher::{Matches, PatternId};
use crate::profile::program::{Match, Rule, Rules};
use crate::profile::schema::RuleKind;

/// One place at which a rule matched.
#[derive(Debug, Clone)]
pub struct Hit {
    /// Number of the rule in its list.
    pub rule: usize,
    /// The first block of the match.
    pub start: usize,
    /// The first block behind it.
    pub end: usize,
    /// What its named groups found.
    pub facts: Facts,
    /// The element of the page, by its number and the first number behind what is inside it.
    pub element: Option<(u32, u32)>,
}

/// What stripping left behind, beside the ledger.
#[derive(Debug, Clone, Default)]
pub struct Stripped {
    /// All matches, in the order of rules, then blocks.
    pub hits: Vec<Hit>,
    /// What a reader should know.
    pub warnings: Vec<Warning>,
    /// How sure the classifier is of what it kept: the F1 that such pages have on average,
    /// per mille.
    pub confidence: Option<u32>,
    /// The lines of a text, where the classifier read them.
    lines: Option<generic::Lines>,
    /// Blocks that a `keep` rule protects.
    protected: Vec<bool>,
}

/// A document with the rules that apply to it.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    /// The document.
    pub document: &'a Document,
    /// The rules.
    pub rules: &'a Rules,
    /// Which patterns match which blocks.
    pub matches: &'a Matches<'a>,
    /// How what no rule decides is judged.
    pub judge: &'a generic::Judge,
}

impl Stripped {
    /// Whether a `keep` rule protects block `index`.
    pub fn is_protected(&self, index: usize) -> bool {
        self.protected.get(index).copied().unwrap_or(false)
    }

    /// The line of a text that is its headline, kept or not, and what it is found by, where the
    /// classifier read the text and finds one.
    pub fn headline(&self, document: &Document, ledger: &Ledger) -> Option<(usize, Arc<str>)> {
        let lines = self.lines.as_ref()?;
        lines.headline(document, ledger).map(|index| (index, Arc::clone(&lines.rule)))
    }

    /// Whether the classifier read the lines of a text.
    pub fn read_lines(&self) -> bool {
        self.lines.is_some()
    }

    /// Hits of a rule, in block order.
    pub fn hits_of(&self, rule: usize) -> impl Iterator<Item = &Hit> {
        self.hits.iter().filter(move |hit| hit.rule == rule)
    }
}

/// Applies all rules that hold for the whole capture.
pub fn strip(scene: Scene<'_>, ledger: &mut Ledger) -> Stripped {
    let mut stripped =
        Stripped { protected: vec![false; scene.document.blocks.len()], ..Stripped::default() };
    for (number, rule) in scene.rules.list.iter().enumerate() {
        if rule.at.is_some() || rule.key.kind == RuleKind::Generic || !applies(scene.document, rule)
        {
            continue;
        }
        let all = 0..scene.document.blocks.len();
        if rule.key.keep {
            for hit in find(scene, ledger, &mut stripped, number, rule, all) {
                for index in hit.start..hit.end {
                    if let Some(slot) = stripped.protected.get_mut(index) {
                        *slot = true;
                    }
                }
            }
            continue;
        }
        let hits = find(scene, ledger, &mut stripped, number, rule, all);
        apply(scene, ledger, &mut stripped, rule, hits);
    }
    for rule in &scene.rules.list {
        if let Match::Generic { clean_above } = rule.what {
            generic::strip(scene, ledger, &mut stripped, rule, clean_above);
        }
    }
    stripped
}

/// Whether a rule can take something from the capture.
pub fn can_act(document: &Document, rule: &Rule) -> bool {
    let placed = rule.at.is_some() && rule.key.kind != RuleKind::Select;
    placed || rule.key.kind == RuleKind::Generic || applies(document, rule)
}

/// Whether a rule is meant for what the capture is: rules for elements for pages, rules for lines
/// for text, unless they say that they hold for pages too.
fn applies(document: &Document, rule: &Rule) -> bool {
    match (rule.key.kind, document.markup.is_some()) {
        (RuleKind::Select, is_page) => is_page,
        (_, is_page) => !is_page || rule.html,
    }
}

/// Applies the rules that hold at a place of a piece (`at = …`), but for `last`.
pub fn strip_placed(
    scene: Scene<'_>,
    ledger: &mut Ledger,
    stripped: &mut Stripped,
    piece: &mut Piece,
    covers: &dyn Fn(&Rule) -> Vec<std::ops::Range<usize>>,
) {
    for (number, rule) in scene.rules.list.iter().enumerate() {
        if rule.at.is_none() || rule.key.keep {
            continue;
        }
        for range in covers(rule) {
            // A match has to begin at the place; it may reach beyond.
            let hits: Vec<Hit> = find(scene, ledger, stripped, number, rule, range.clone())
                .into_iter()
                .filter(|hit| hit.end > hit.start && range.contains(&hit.start))
                .filter(|hit| piece.blocks.binary_search(&(hit.end - 1)).is_ok())
                .collect();
            for hit in &hits {
                gather(piece, hit);
            }
            apply(scene, ledger, stripped, rule, hits);
        }
    }
}

/// Adds a hit's facts to a piece.
pub fn gather(piece: &mut Piece, hit: &Hit) {
    for (field, values) in hit.facts.iter() {
        for value in values {
            piece.facts.add(field, value.clone());
        }
    }
    for (name, count) in &hit.facts.reactions {
        *piece.facts.reactions.entry(name.clone()).or_default() += count;
    }
}

/// All matches of one rule among some blocks.
fn find(
    scene: Scene<'_>,
    ledger: &Ledger,
    stripped: &mut Stripped,
    number: usize,
    rule: &Rule,
    among: std::ops::Range<usize>,
) -> Vec<Hit> {
    let spans = match &rule.what {
        Match::Line { is, not, then } => line::find(scene, ledger, (*is, *not, *then), among),
        Match::Block(sequence) => lines::find(scene, ledger, sequence, among),
        Match::Region { from, to, max_words } => {
            let (found, endless) = region::find(scene, stripped, (*from, *to, *max_words), among);
            if rule.at.is_none()
                && let Some(block) = endless.and_then(|index| scene.document.blocks.get(index))
            {
                let detail = format!("{}, line {}", rule.id, block.line);
                stripped.warnings.push(Warning::new("region_without_end", detail));
            }
            found
        }
        Match::Repeat { times, max_words } => {
            repeat::find(scene, ledger, *times, *max_words, among)
        }
        Match::Select { css, attr, is } => {
            return select::find(scene, number, rule, (*css, *attr, *is));
        }
        Match::Generic { .. } => Vec::new(),
    };
    spans.into_iter().map(|span| hit(scene, number, rule, &span)).collect()
}

/// Blocks that a rule covers, with the pattern that matched each of them.
struct Span {
    start: usize,
    end: usize,
    lines: Vec<(usize, PatternId)>,
}

/// Reads the groups of a match.
fn hit(scene: Scene<'_>, number: usize, rule: &Rule, span: &Span) -> Hit {
    let mut facts = Facts::default();
    for (index, pattern) in &span.lines {
        let text = scene.document.block_text(*index);
        let line = scene.document.blocks.get(*index).map_or(0, |block| block.line);
        let groups = scene.rules.patterns.groups(*pattern, text);
        react(&groups, &mut facts);
        for (name, value) in groups {
            if let Some(field) = field_of_group(name) {
                let found = Found {
                    text: value.to_owned(),
                    rule: Arc::clone(&rule.id),
                    line,
                    medium: Medium::Text,
                };
                facts.add(field, found);
            }
        }
    }
    if let Some(into) = rule.into
        && !facts.has(into)
        && (into != Field::Reactions || facts.reactions.is_empty())
    {
        let texts: Vec<&str> =
            (span.start..span.end).map(|index| scene.document.block_text(index)).collect();
        let line = scene.document.blocks.get(span.start).map_or(0, |block| block.line);
        let found = Found {
            text: texts.join("\n"),
            rule: Arc::clone(&rule.id),
            line,
            medium: Medium::Text,
        };
        facts.add(into, found);
    }
    Hit { rule: number, start: span.start, end: span.end, facts, element: None }
}

/// The field that a group's name stands for.
pub fn field_of_group(name: &str) -> Option<Field> {
    match name {
        "date" => Some(Field::Published),
        "name" | "count" | "people" => None,
        other => Field::named(other),
    }
}

/// Reads `name` and `count`, or `people` (`A, B and 3 others`), as a reaction.
fn react(groups: &[(&str, &str)], facts: &mut Facts) {
    let get = |wanted: &str| groups.iter().find(|(name, _)| *name == wanted).map(|(_, text)| *text);
    if let (Some(name), Some(count)) = (get("name"), get("count")) {
        let digits: String = count.chars().filter(char::is_ascii_digit).collect();
        if let Ok(count) = digits.parse::<u64>() {
            *facts.reactions.entry(name.to_lowercase()).or_default() += count;
        }
    }
    if let Some(people) = get("people") {
        let count = people
            .split(", ")
            .flat_map(|part| part.split(" and "))
            .map(|part| {
                let number = part.split(' ').next().and_then(|word| word.parse::<u64>().ok());
                number.filter(|_| part.contains(' ')).unwrap_or(1)
            })
            .sum::<u64>();
        *facts.reactions.entry("reactions".to_owned()).or_default() += count;
    }
}

/// Enters hits in the ledger.
fn apply(
    scene: Scene<'_>,
    ledger: &mut Ledger,
    stripped: &mut Stripped,
    rule: &Rule,
    hits: Vec<Hit>,
) {
    for hit in hits {
        let mut field_at = std::collections::BTreeMap::new();
        for (field, values) in hit.facts.iter() {
            for value in values {
                field_at.entry(value.line).or_insert(field);
            }
        }
        for index in hit.start..hit.end {
            if stripped.is_protected(index) {
                continue;
            }
            let line = scene.document.blocks.get(index).map_or(0, |block| block.line);
            match rule.into.or_else(|| field_at.get(&line).copied()) {
                Some(field) => ledger.into_field(index, field.name(), &rule.id),
                None => ledger.remove(index, &rule.id),
            };
        }
        stripped.hits.push(hit);
    }
}
