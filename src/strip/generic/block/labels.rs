//! What the containers of a block are called, and what such names say: `sidebar`, `article-body`.

use super::super::vocabulary::{Likely, Vocabulary};
use super::Writer;
use crate::model::document::Document;

/// Features of what containers are called.
pub(super) const COUNT: usize = 6;

/// Containers around a block, from the innermost on, that are told apart from those further out.
const NEAR: usize = 3;

/// For each container of a page the points of its own names, and of those and all around it.
#[derive(Debug, Default)]
pub(super) struct Labels {
    own: Vec<Likely>,
    all: Vec<Likely>,
}

impl Labels {
    pub(super) fn new(document: &Document, vocabulary: &Vocabulary) -> Self {
        let Some(markup) = &document.markup else { return Self::default() };
        let points: Vec<Likely> = markup.labels.iter().map(|it| vocabulary.of_label(it)).collect();
        let of = |label: u32| points.get(label as usize).copied().unwrap_or_default();
        let own: Vec<Likely> = markup.containers.iter().map(|it| of(it.label)).collect();
        let mut all: Vec<Likely> = Vec::with_capacity(own.len());
        // Children stand behind their parents.
        for (container, own) in markup.containers.iter().zip(&own) {
            let mut sum = all.get(container.parent as usize).copied().unwrap_or_default();
            sum.add(*own);
            all.push(sum);
        }
        Self { own, all }
    }

    /// Writes the features of a container and those around it, innermost first.
    pub(super) fn write<const N: usize>(&self, chain: [u32; N], put: &mut Writer<'_>) {
        let of = |all: &[Likely], number: u32| all.get(number as usize).copied();
        let inner = chain.first().copied().unwrap_or_default();
        let all = of(&self.all, inner).unwrap_or_default();
        let mut near = Likely::default();
        let mut before = None;
        for number in chain.into_iter().take(NEAR) {
            // The page stands around itself.
            if before != Some(number) {
                near.add(of(&self.own, number).unwrap_or_default());
            }
            before = Some(number);
        }
        for likely in [all, near] {
            put.int(likely.sum);
            put.int(likely.least.into());
            put.int(likely.most.into());
        }
    }
}
