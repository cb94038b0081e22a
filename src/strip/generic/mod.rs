//! The classifiers for captures that no other profile fits: one for lines, one for blocks of pages.
//!
//! Takes a document; gives a [`Verdict`] on every line, from 30 integer features whose points add
//! up to a score (`line`, `page`, `walk`, `card`), a cut that suits the page (`cut`) and a gate
//! that leaves clean captures alone (`gate`). Blocks of a page are judged by trees (`forest`) over
//! these features and those of `block` and `vocabulary`, with the same cut and no gate; what a page
//! says twice goes (`again`). Card and forest are data,
//! trained by `tests/train/`; the features are defined here and nowhere else. No floating point, no
//! randomness, and nothing but the document: the same capture gets the same verdict everywhere.

mod again;
mod block;
mod card;
mod cut;
mod ending;
mod forest;
mod gate;
mod line;
mod page;
mod reason;
mod scan;
mod vocabulary;
mod walk;
mod words;

use std::sync::Arc;

use super::{Scene, Stripped};
use crate::model::document::Document;
use crate::model::ledger::Ledger;
use crate::profile::program::Rule;
use card::Card;
pub use cut::Favor;
use cut::{Cut, Histogram};
pub use forest::{Forest, ForestError};
use page::Page;
pub use reason::{Opinion, REASONS, Reason, reasons};
use walk::{LINE_FEATURES, PAGE_FEATURES, Walk};

/// How captures without a profile are judged.
#[derive(Debug, Clone, Default)]
pub struct Judge {
    /// What is worse, boilerplate that stays or content that goes.
    pub favor: Favor,
    /// The forest for pages, where it is not the built-in one.
    pub forest: Option<Arc<Forest>>,
}

impl Judge {
    fn forest(&self) -> &Forest {
        self.forest.as_deref().unwrap_or_else(|| Forest::built_in())
    }
}

/// Words of main content below which a page is expected to hold hardly a paragraph.
const HARDLY_ANY: u64 = 50;

/// Expected F1 of what such a page would keep below which it keeps nothing, per mille: it is a
/// shell, a form, a list of links. Of the WCXB development pages below both none has a reference
/// with text.
const UNLIKELY: u32 = 300;

/// What the classifier thinks of a document's lines.
#[derive(Debug, Clone)]
pub struct Verdict {
    card: &'static Card,
    lines: Vec<Judgement>,
    cut: Cut,
    gate_score: i32,
    is_left_alone: bool,
}

/// The points of a line, and the slot of the card's probabilities that they fall into.
#[derive(Debug, Clone, Copy)]
struct Judgement {
    score: i32,
    slot: usize,
}

impl Verdict {
    /// Points of line `index`, in hundredths of a logit.
    pub fn score(&self, index: usize) -> i32 {
        self.lines.get(index).map_or(0, |line| line.score)
    }

    /// The probability that line `index` is main content, per mille.
    pub fn probability(&self, index: usize) -> u16 {
        self.card.probability.of_slot(self.slot(index))
    }

    /// Whether line `index` is kept.
    pub fn is_kept(&self, index: usize) -> bool {
        self.is_left_alone || self.slot(index) >= self.cut.lowest
    }

    /// Points of the capture at the gate: the more, the less a cut would do for it.
    pub fn gate_score(&self) -> i32 {
        self.gate_score
    }

    /// Whether the capture is left alone, with all of its lines kept.
    pub fn is_left_alone(&self) -> bool {
        self.is_left_alone
    }

    fn slot(&self, index: usize) -> usize {
        self.lines.get(index).map_or(0, |line| line.slot)
    }
}

/// Judges all lines of a document. Lines that are not open count as surroundings of the others
/// only: they have no say in where to cut, or whether to cut at all.
pub fn classify(document: &Document, is_open: &dyn Fn(usize) -> bool) -> Verdict {
    judge(&Page::read(document), &is_open, Favor::Balance)
}

/// Names of the features, in the order in which [`features`] gives them.
pub fn feature_names() -> impl Iterator<Item = &'static str> {
    LINE_FEATURES.into_iter().chain(PAGE_FEATURES)
}

/// Gives words and features of each line to `row`: what the card is trained on.
pub fn features(document: &Document, row: &mut dyn FnMut(u32, &[i32])) {
    let page = Page::read(document);
    let shared = walk::page_values(&page);
    for (line, values) in page.lines.iter().zip(Walk::new(&page)) {
        let all: Vec<i32> = values.into_iter().chain(shared).collect();
        row(line.words, &all);
    }
}

/// Names of the features of [`block_features`], in their order.
pub fn block_feature_names() -> impl Iterator<Item = &'static str> {
    block::names()
}

/// Gives the words and features of each block to `row`: what the forest is trained on. Of `forest`
/// only the points of words are asked.
pub fn block_features(document: &Document, forest: &Forest, row: &mut dyn FnMut(u32, &[i32])) {
    let page = Page::read(document);
    block::rows(document, &page, &forest.vocabulary, &mut |index, values| {
        row(page.lines.get(index).map_or(0, |line| line.words), values);
    });
}

/// The tokens of a block's text whose points a forest may hold.
pub fn tokens(text: &str) -> Vec<String> {
    vocabulary::spell(text)
}

/// Removes the lines that do not read like main content. `clean_above` is the share of words in
/// long lines, per mille, from which a capture counts as clean already; 1000 is never. Gives how
/// sure it is, per mille; nothing for a text.
pub(super) fn strip(
    scene: Scene<'_>,
    ledger: &mut Ledger,
    stripped: &Stripped,
    rule: &Rule,
    clean_above: u32,
) -> Option<u32> {
    let page = Page::read(scene.document);
    if scene.document.markup.is_some() {
        return strip_page(scene, &page, ledger, stripped, rule);
    }
    // What rules took counts too: a capture that they cleaned in part is no clean capture, and the
    // card, its cut and its gate know captures as they come.
    if clean_above < 1000 && page.long_share() >= clean_above {
        return None;
    }
    let verdict = judge(&page, &|_| true, scene.judge.favor);
    if verdict.is_left_alone() {
        return None;
    }
    for index in 0..page.lines.len() {
        if !verdict.is_kept(index) && !stripped.is_protected(index) {
            ledger.remove(index, &rule.id);
        }
    }
    None
}

/// The same for a page, by the forest.
fn strip_page(
    scene: Scene<'_>,
    page: &Page,
    ledger: &mut Ledger,
    stripped: &Stripped,
    rule: &Rule,
) -> Option<u32> {
    let forest = scene.judge.forest();
    if forest.is_empty() {
        return None;
    }
    let mut histogram = Histogram::new(&forest.probability);
    let (mut slots, mut room) = (Vec::with_capacity(page.lines.len()), Vec::new());
    block::rows(scene.document, page, &forest.vocabulary, &mut |index, row| {
        let slot = forest.probability.slot(forest.score(row, &mut room));
        if ledger.is_open(index) {
            histogram.add(slot, page.lines.get(index).map_or(0, |line| line.words));
        }
        slots.push(slot);
    });
    let cut = histogram.cut(&forest.probability, scene.judge.favor);
    let hardly_any = cut.hits < 1000 * HARDLY_ANY && cut.expected() < UNLIKELY;
    let nothing = hardly_any && scene.judge.favor != Favor::Recall;
    for (index, slot) in slots.into_iter().enumerate() {
        if (nothing || slot < cut.lowest) && !stripped.is_protected(index) {
            ledger.remove(index, &rule.id);
        }
    }
    let kept: Vec<usize> = (0..page.lines.len()).filter(|index| ledger.is_open(*index)).collect();
    let copies = again::copies(scene.document, &kept);
    if !copies.is_empty() {
        let again = Arc::from(format!("{}.again", rule.id));
        for index in copies.into_iter().filter(|index| !stripped.is_protected(*index)) {
            ledger.remove(index, &again);
        }
    }
    (!nothing).then(|| forest.confidence(cut.expected()))
}

fn judge(page: &Page, is_open: &impl Fn(usize) -> bool, favor: Favor) -> Verdict {
    let card = Card::built_in();
    let base = card.bias + card::sum(&card.page, &walk::page_values(page));
    let mut scores = vec![base; page.lines.len()];
    walk::columns(page, |feature, values| {
        if let Some(points) = card.line.get(feature) {
            points.add(values, &mut scores);
        }
    });
    let mut histogram = Histogram::new(&card.probability);
    let mut lines = Vec::with_capacity(page.lines.len());
    for (index, (line, score)) in page.lines.iter().zip(scores).enumerate() {
        let slot = card.probability.slot(score);
        if is_open(index) {
            histogram.add(slot, line.words);
        }
        lines.push(Judgement { score, slot });
    }
    let cut = histogram.cut(&card.probability, favor);
    let open = page.lines.iter().zip(&lines).enumerate().filter(|(index, _)| is_open(*index));
    let judged = open.map(|(_, (line, it))| (line, card.probability.of_slot(it.slot)));
    let gate_score = gate::score(card, &gate::values(judged, histogram.lines(), &cut));
    let is_left_alone = gate_score > card.leave_alone_above;
    Verdict { card, lines, cut, gate_score, is_left_alone }
}

#[cfg(test)]
mod tests;
