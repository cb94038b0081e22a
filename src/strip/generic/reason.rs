//! Why the classifiers think what they think: for `explain`, never for a verdict.

use super::block::{self, COUNT, Row};
use super::card::Card;
use super::page::Page;
use super::walk::{self, LINE_FEATURES, PAGE_FEATURES, Walk};
use super::{Favor, Judge, judge};
use crate::model::document::Document;

/// How many features [`reasons`] names for a block.
pub const REASONS: usize = 3;

/// A feature of a block and the points that it is worth there, in hundredths of a logit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reason {
    /// Name of the feature, as in `profiles/line-card.json` or `profiles/block-forest.json`.
    pub feature: &'static str,
    /// Its value there.
    pub value: i32,
    /// Points: above 0 for main content, below 0 for boilerplate.
    pub points: i32,
}

/// What a classifier thinks of a block, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Opinion {
    /// The chance that the block is main content, per mille.
    pub chance: u16,
    /// The features with the most points for or against it, most first; fewer where fewer have any.
    pub reasons: [Option<Reason>; REASONS],
}

/// An opinion on each block: of the forest on those of a page, of the card on the lines of a text.
pub fn reasons(document: &Document, by: &Judge) -> Vec<Opinion> {
    let page = Page::read(document);
    if document.markup.is_none() {
        return of_lines(&page);
    }
    let forest = by.forest();
    let names: [&str; COUNT] = std::array::from_fn(|at| block::names().nth(at).unwrap_or_default());
    let (mut opinions, mut room) = (Vec::with_capacity(document.blocks.len()), Vec::new());
    block::rows(document, &page, &forest.vocabulary, &mut |_, row: &Row| {
        let chance =
            forest.probability.of_slot(forest.probability.slot(forest.score(row, &mut room)));
        let mut shares = forest.shares(row).into_iter().map(|share| {
            let at = usize::from(share.feature);
            let value = row.get(at).copied().unwrap_or(0);
            let feature = names.get(at).copied().unwrap_or_default();
            Reason { feature, value, points: share.points / 10 }
        });
        opinions.push(Opinion { chance, reasons: std::array::from_fn(|_| shares.next()) });
    });
    opinions
}

fn of_lines(page: &Page) -> Vec<Opinion> {
    let card = Card::built_in();
    let verdict = judge(page, &|_| true, Favor::Balance);
    let shared = walk::page_values(page);
    let opinion = |(index, values): (usize, walk::Values)| {
        let names = LINE_FEATURES.into_iter().chain(PAGE_FEATURES);
        let tables = card.line.iter().chain(&card.page);
        let mut all: Vec<Reason> = names
            .zip(tables.zip(values.into_iter().chain(shared)))
            .map(|(feature, (points, value))| Reason { feature, value, points: points.of(value) })
            .collect();
        all.sort_by_key(|reason| std::cmp::Reverse(reason.points.abs()));
        let reasons = std::array::from_fn(|at| all.get(at).copied());
        Opinion { chance: verdict.probability(index), reasons }
    };
    Walk::new(page).enumerate().map(opinion).collect()
}
