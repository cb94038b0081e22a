//! The heading above a block, and what stands between it and the next.

use super::super::line::scaled;
use super::super::vocabulary::Likely;
use super::{Own, Writer};
use crate::model::document::{BlockKind, Document};

/// Features of a section.
pub(super) const COUNT: usize = 6;

/// Distance of what is not there.
const FAR: u32 = 999;

/// The sections of a page.
pub(super) struct Sections {
    /// For each block its section's number.
    of: Vec<u32>,
    list: Vec<Section>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Section {
    /// The block of its heading; none above the first one.
    heading: Option<u32>,
    level: u32,
    words: u32,
    long: u32,
    bytes: u32,
    link_bytes: u32,
    likely: Likely,
}

impl Sections {
    pub(super) fn new(document: &Document, own: &[Own]) -> Self {
        let mut list = vec![Section::default()];
        let mut of = Vec::with_capacity(own.len());
        for (index, (block, own)) in (0_u32..).zip(document.blocks.iter().zip(own)) {
            if let BlockKind::Heading(level) = block.kind {
                let level = u32::from(level);
                list.push(Section { heading: Some(index), level, ..Section::default() });
            } else if let Some(section) = list.last_mut() {
                section.words = section.words.saturating_add(own.words);
                section.long = section.long.saturating_add(own.long);
                section.bytes = section.bytes.saturating_add(own.bytes);
                section.link_bytes = section.link_bytes.saturating_add(own.link_bytes);
                section.likely.add(own.likely);
            }
            of.push(u32::try_from(list.len() - 1).unwrap_or(u32::MAX));
        }
        Self { of, list }
    }

    pub(super) fn write(&self, index: usize, put: &mut Writer<'_>) {
        let section = self.of.get(index).and_then(|at| self.list.get(*at as usize));
        let section = section.copied().unwrap_or_default();
        let number = u32::try_from(index).unwrap_or(u32::MAX);
        put.one(section.heading.map_or(FAR, |heading| (number - heading).min(FAR)));
        put.one(section.level);
        put.one(section.words);
        put.one(scaled(1000, section.long, section.words));
        put.one(scaled(1000, section.link_bytes, section.bytes));
        put.likely(section.likely);
    }
}
