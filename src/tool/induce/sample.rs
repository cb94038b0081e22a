//! A capture as those see it who learn from it: its blocks with what is known of each, its
//! elements, and what the program makes of it today.

use super::element::{self, Element};
use crate::dedupe::{self, Signature};
use crate::model::capture::{Capture, CaptureKind};
use crate::model::document::Document;
use crate::model::record::Record;
use crate::parse;
use crate::pipeline::{self, Options};
use crate::profile::identify::ChosenBy;
use crate::profile::program::{MarkupHow, SplitHow};
use crate::profile::selector::Selectors;
use crate::profile::set::{GENERIC, ProfileSet};
use crate::strip::generic::{self, Judge};

/// Chance from which a block counts as main content, per mille: the classifier would rather keep it.
pub(super) const MAIN: u16 = 500;

/// Share of bytes in links above which a block is furniture by its shape, per mille (research:
/// "link density above 0.6").
const LINKED: u32 = 600;

/// What is known of a block.
#[derive(Debug, Clone, Default)]
pub(super) struct Fact {
    pub(super) words: usize,
    /// Its text in small letters, with figures masked and without a bullet.
    pub(super) mask: String,
    /// Whether most of it is links.
    pub(super) is_linked: bool,
    /// Chance that it is main content, per mille.
    pub(super) chance: u16,
}

impl Fact {
    pub(super) fn is_main(&self) -> bool {
        self.chance >= MAIN
    }
}

/// The platform whose fingerprint a capture has.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Platform {
    pub(super) id: String,
    /// Whether it splits such captures into posts.
    pub(super) has_posts: bool,
}

/// One capture, prepared.
#[derive(Debug)]
pub struct Sample {
    /// The capture.
    pub capture: Capture,
    pub(super) document: Document,
    pub(super) elements: Vec<Element>,
    pub(super) facts: Vec<Fact>,
    /// What comes out of it today.
    pub(super) records: Vec<Record>,
    pub(super) platform: Option<Platform>,
    /// Of the text that is kept today.
    pub(super) kept: Signature,
    /// Of all of its text.
    pub(super) whole: Signature,
}

impl Sample {
    pub(super) fn new(capture: Capture, set: &ProfileSet, judge: &Judge) -> Self {
        let document = match capture.kind {
            CaptureKind::Text => parse::text::parse(&capture.text),
            CaptureKind::Html => parse::html::parse(&capture.text).outlined(&Selectors::default()),
        };
        let elements = element::elements(&document);
        let opinions = generic::reasons(&document, judge);
        let traits = document.markup.as_ref().map(|markup| markup.traits.as_slice());
        let facts = (0..document.blocks.len())
            .map(|index| {
                let text = document.block_text(index);
                let linked = traits.and_then(|all| all.get(index)).map_or(0, |it| it.link_bytes);
                Fact {
                    words: document.words(index),
                    mask: mask(text),
                    is_linked: linked * 1000 > LINKED * u32::try_from(text.len()).unwrap_or(1),
                    chance: opinions.get(index).map_or(0, |opinion| opinion.chance),
                }
            })
            .collect();
        let mut options = Options { explain: true, judge: judge.clone(), ..Options::default() };
        // What the capture's sidecar asks for is what the draft will be.
        let mut bare = capture.clone();
        bare.hints.profile = None;
        let outcome = pipeline::clean(&bare, set, &options, &mut |_| {});
        let fingerprint = outcome.trace.choice.as_ref().and_then(|choice| {
            choice.candidates.iter().find(|candidate| candidate.by == ChosenBy::Fingerprint)
        });
        let is_page = capture.kind == CaptureKind::Html;
        let platform = fingerprint.filter(|it| it.profile.id != GENERIC).map(|candidate| {
            let rules = candidate.profile.rules();
            let has_posts = if is_page {
                rules.markup.as_ref().is_some_and(|it| matches!(it.how, MarkupHow::Thread { .. }))
            } else {
                rules.split.as_ref().is_some_and(|it| matches!(it.how, SplitHow::Thread { .. }))
            };
            Platform { id: candidate.profile.id.clone(), has_posts }
        });
        // A site's own profile says nothing of what a draft would find without it.
        let without = platform.as_ref().map_or(GENERIC, |platform| &platform.id).to_owned();
        let chosen = outcome.records.first().map(|record| record.profile.id.clone());
        let records = if chosen.as_ref() == Some(&without) || set.get(&without).is_none() {
            outcome.records
        } else {
            options.profile = Some(without);
            pipeline::clean(&bare, set, &options, &mut |_| {}).records
        };
        let texts: Vec<&str> = records.iter().map(|record| record.text.as_str()).collect();
        let kept = dedupe::sign(&texts.join("\n"));
        let whole = dedupe::sign(&document.text);
        Self { capture, document, elements, facts, records, platform, kept, whole }
    }

    /// Whether it is a page, and no text.
    pub fn is_page(&self) -> bool {
        self.capture.kind == CaptureKind::Html
    }

    /// Words of all blocks.
    pub(super) fn words(&self) -> usize {
        self.facts.iter().map(|fact| fact.words).sum()
    }

    /// Words of the blocks that are main content, as the classifier sees it.
    pub(super) fn main_words(&self) -> usize {
        self.facts.iter().filter(|fact| fact.is_main()).map(|fact| fact.words).sum()
    }

    /// The text of an element as one line.
    pub(super) fn text_of(&self, element: &Element) -> String {
        let text = self.document.text.get(element.text.clone()).unwrap_or_default();
        let mut line = String::new();
        for part in text.split_whitespace() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(part);
        }
        line
    }

    /// The blocks that stand in an element as a whole.
    pub(super) fn blocks_of(&self, element: &Element) -> std::ops::Range<usize> {
        let blocks = &self.document.blocks;
        let from = blocks.partition_point(|block| (block.start as usize) < element.text.start);
        let to = blocks.partition_point(|block| (block.end as usize) <= element.text.end);
        from..to.max(from)
    }
}

/// Letters that a text must have for its figures to be masked: `$74.95` and `$8.50` are two prices.
const LETTERS: usize = 4;

/// A text in small letters, with each run of figures as `#` and without a bullet.
pub(super) fn mask(text: &str) -> String {
    let text = text.strip_prefix("• ").unwrap_or(text);
    if text.chars().filter(|letter| letter.is_alphabetic()).count() < LETTERS {
        return text.to_lowercase();
    }
    let mut masked = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_numeric() {
            if !masked.ends_with('#') {
                masked.push('#');
            }
        } else {
            masked.extend(letter.to_lowercase());
        }
    }
    masked
}
