//! Why a forest thinks what it thinks: for `explain`, never for a verdict.

use super::Judge;
use super::block::{self, COUNT};
use super::page::Page;
use crate::model::document::Document;

/// How many features [`reasons`] names for a block.
pub const REASONS: usize = 3;

/// A feature of a block and the points that it is worth there, in hundredths of a logit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reason {
    /// Name of the feature, as in the forest's file.
    pub feature: &'static str,
    /// Its value there.
    pub value: i32,
    /// Points: above 0 for main content, below 0 for boilerplate.
    pub points: i32,
}

/// What a forest thinks of a block, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Opinion {
    /// The chance that the block is main content, per mille.
    pub chance: u16,
    /// The features with the most points for or against it, most first; fewer where fewer have any.
    pub reasons: [Option<Reason>; REASONS],
}

/// An opinion on each block of a document.
pub fn reasons(document: &Document, by: &Judge) -> Vec<Opinion> {
    let page = Page::read(document);
    let forest = by.forest(document);
    let names: [&str; COUNT] = std::array::from_fn(|at| block::names().nth(at).unwrap_or_default());
    let mut opinions = Vec::with_capacity(document.blocks.len());
    let mut slots = super::verdict::slots(document, &page, forest).into_iter();
    block::batches(document, &page, &forest.vocabulary, &mut |batch| {
        for (lane, slot) in (0..batch.rows).zip(&mut slots) {
            let chance = forest.probability.of_slot(slot);
            let row = batch.row(lane);
            let mut shares = forest.shares(&row).into_iter().map(|share| {
                let at = usize::from(share.feature);
                let value = row.get(at).copied().unwrap_or(0).into();
                let feature = names.get(at).copied().unwrap_or_default();
                Reason { feature, value, points: share.points / 10 }
            });
            opinions.push(Opinion { chance, reasons: std::array::from_fn(|_| shares.next()) });
        }
    });
    opinions
}
