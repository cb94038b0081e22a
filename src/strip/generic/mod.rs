//! The classifier for captures that no other profile fits.
//!
//! Takes a document; gives each block of it the chance that it is main content, by trees
//! (`forest`) over integer features (`line`, `page`, `walk` for its words and their surroundings,
//! `block` for where it stands, `vocabulary` for what its words are elsewhere), and keeps what a cut
//! that suits the capture leaves (`cut`), as far as a page's margins and code listings do not say
//! otherwise (`verdict`). There are two forests, one for blocks of pages and one for
//! lines of texts; a third finds the headline of a text (`headline`). What a page says twice goes
//! (`again`). Forests are data, trained by `tests/train/`; the features are defined here and nowhere else. No floating point, no
//! randomness, and nothing but the document: the same capture gets the same verdict everywhere.

mod again;
mod block;
mod cut;
mod ending;
mod forest;
mod headline;
mod label;
mod line;
mod page;
mod reason;
mod scan;
mod verdict;
mod vocabulary;
mod walk;
mod words;

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Scene, Stripped};
use crate::model::document::Document;
use crate::model::ledger::{Fate, Ledger};
use crate::profile::program::Rule;
pub use cut::Favor;
pub use forest::{Forest, ForestError};
use page::Page;
pub use reason::{Opinion, REASONS, Reason, reasons};
use verdict::judge;

/// How captures without a profile are judged.
#[derive(Debug, Clone, Default)]
pub struct Judge {
    /// What is worse, boilerplate that stays or content that goes.
    pub favor: Favor,
    /// The forest, where it is not the built-in one.
    pub forest: Option<Arc<Forest>>,
}

impl Judge {
    fn forest(&self, document: &Document) -> &Forest {
        let built_in =
            || if document.markup.is_some() { Forest::of_pages() } else { Forest::of_texts() };
        self.forest.as_deref().unwrap_or_else(built_in)
    }
}

/// Names of the features, in the order in which [`features`] gives them.
pub fn feature_names() -> impl Iterator<Item = &'static str> {
    block::names()
}

/// Gives the words and features of each block to `row`: what forests are trained on. Of `forest`
/// only the points of words are asked.
pub fn features(document: &Document, forest: &Forest, row: &mut dyn FnMut(u32, &[i16])) {
    let page = Page::read(document);
    let mut lines = page.lines.iter();
    block::batches(document, &page, &forest.vocabulary, &mut |batch| {
        for (lane, line) in (0..batch.rows).zip(&mut lines) {
            row(line.words, &batch.row(lane));
        }
    });
}

/// The tokens of a block's text whose points a forest may hold.
pub fn tokens(text: &str) -> Vec<String> {
    vocabulary::spell(text)
}

/// The tokens of what the containers around a block are called, each once, whose points a forest
/// may hold.
pub fn label_tokens(document: &Document, index: usize) -> Vec<String> {
    let Some(markup) = &document.markup else { return Vec::new() };
    let at = |number: u32| markup.containers.get(number as usize);
    let inner = markup.traits.get(index).and_then(|traits| at(traits.container));
    let chain =
        std::iter::successors(inner, |own| at(own.parent).filter(|outer| outer.depth < own.depth));
    let labels = chain.filter_map(|container| markup.labels.get(container.label as usize));
    let all: BTreeSet<String> = labels.flat_map(label::spell).collect();
    all.into_iter().collect()
}

/// Removes the blocks that do not read like main content. `clean_above` is the share of a text's
/// words in long lines, per mille, from which it counts as clean already; 1000 is never. Notes how
/// sure it is, where it judged, and the lines of a text.
pub(super) fn strip(
    scene: Scene<'_>,
    ledger: &mut Ledger,
    stripped: &mut Stripped,
    rule: &Rule,
    clean_above: u32,
) {
    let document = scene.document;
    let forest = scene.judge.forest(document);
    let page = Page::read(document);
    let is_page = document.markup.is_some();
    // What rules took counts too: a capture that they cleaned in part is no clean capture.
    let looks_clean = page.long_share() >= clean_above || has_no_menus(&page);
    let is_clean = !is_page && clean_above < 1000 && looks_clean;
    if is_clean || forest.is_empty() {
        stripped.lines = (!is_page).then(|| Lines::new(page, rule));
        return;
    }
    let verdict = judge(document, &page, forest, scene.judge.favor, &|index| ledger.is_open(index));
    let margins = Arc::from(format!("{}.margins", rule.id));
    for index in (0..page.lines.len()).filter(|index| !stripped.is_protected(*index)) {
        if verdict.is_in_margins(index) {
            ledger.remove(index, &margins);
        } else if !verdict.is_kept(index) {
            ledger.remove(index, &rule.id);
        }
    }
    strip_copies(document, ledger, stripped, rule);
    stripped.confidence = verdict.confidence;
    stripped.lines = (!is_page).then(|| Lines::new(page, rule));
}

/// The lines of a text that the classifier read, for its headline.
#[derive(Debug, Clone)]
pub(super) struct Lines {
    page: Page,
    /// What a headline is found by.
    pub(super) rule: Arc<str>,
}

impl Lines {
    fn new(page: Page, rule: &Rule) -> Self {
        Self { page, rule: format!("{}.headline", rule.id).into() }
    }

    /// The line that is the text's headline, kept or not, where there is one.
    pub(super) fn headline(&self, document: &Document, ledger: &Ledger) -> Option<usize> {
        headline::find(document, &self.page, &|index| is_kept(ledger, index))
    }
}

/// What is not removed.
fn is_kept(ledger: &Ledger, index: usize) -> bool {
    !matches!(ledger.fate(index), Fate::Removed(_))
}

/// Names of the features of lines that may be a headline, in the order of [`headline_features`].
pub fn headline_names() -> impl Iterator<Item = &'static str> {
    headline::NAMES.into_iter()
}

/// Gives the lines of a text that may be its headline and their features to `row`: what the forest
/// of headlines is trained on.
pub fn headline_features(document: &Document, ledger: &Ledger, row: &mut dyn FnMut(usize, &[i16])) {
    let page = Page::read(document);
    headline::batches(document, &page, &|index| is_kept(ledger, index), &mut |lines, batch| {
        for (lane, line) in lines.iter().enumerate() {
            row(*line, batch.row(lane).get(..headline::NAMES.len()).unwrap_or_default());
        }
    });
}

/// Whether a text is all sentences and headlines, without the short lines of menus: texts of which
/// somebody took the chrome, and streams of stories.
fn has_no_menus(page: &Page) -> bool {
    let short = page.lines.iter().filter(|line| line.words <= SHORT).count();
    page.long_share() >= MOSTLY_LONG && short * 1000 <= MOST_SHORT * page.lines.len()
}

/// Words of a short line.
const SHORT: u32 = 3;

/// Most short lines of a text without menus, per mille of its lines.
const MOST_SHORT: usize = 150;

/// Words of such a text that stand in long lines, per mille.
const MOSTLY_LONG: u32 = 700;

/// Removes what a capture says twice.
fn strip_copies(document: &Document, ledger: &mut Ledger, stripped: &Stripped, rule: &Rule) {
    let blocks = 0..document.blocks.len();
    let kept: Vec<usize> = blocks.filter(|index| ledger.is_open(*index)).collect();
    let copies = again::copies(document, &kept);
    if copies.is_empty() {
        return;
    }
    let again = Arc::from(format!("{}.again", rule.id));
    for index in copies.into_iter().filter(|index| !stripped.is_protected(*index)) {
        ledger.remove(index, &again);
    }
}

#[cfg(test)]
mod tests;
