//! The elements that hold blocks, and what they are called.

use std::collections::hash_map::Entry;
use std::hash::{Hash as _, Hasher as _};

use html5ever::local_name;
use rustc_hash::{FxHashMap, FxHasher};
use scraper::node::Element;

use super::Walker;
use crate::model::document::{Container, Label};
use crate::parse::html::element::{FNV_OFFSET, hash};
use crate::parse::html::table;

/// Most bytes of an attribute that say what an element is called; utility classes fill some 300.
const MAX_LABEL_BYTES: usize = 512;

/// The labels of a page.
#[derive(Debug)]
pub(super) struct Labels {
    numbers: FxHashMap<u64, u32>,
    pub(super) all: Vec<Label>,
}

impl Default for Labels {
    /// The page is called nothing.
    fn default() -> Self {
        Self { numbers: FxHashMap::default(), all: vec![Label::default()] }
    }
}

impl Labels {
    /// The number of what an element is called. The page as a whole is called what its site is: that
    /// counts for nothing.
    fn number(&mut self, element: &Element) -> u32 {
        if matches!(element.name.local, local_name!("html") | local_name!("body")) {
            return 0;
        }
        let mut hasher = FxHasher::default();
        for (kind, value) in names(element) {
            (kind, value).hash(&mut hasher);
        }
        match self.numbers.entry(hasher.finish()) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(slot) => {
                let mut label = Label::default();
                for (kind, value) in names(element) {
                    let part = match kind {
                        Kind::Name => &mut label.names,
                        Kind::Role => &mut label.role,
                        Kind::Property => &mut label.property,
                        Kind::Spoken => &mut label.spoken,
                    };
                    let end = value.floor_char_boundary(MAX_LABEL_BYTES);
                    part.extend([value.get(..end).unwrap_or_default(), " "]);
                }
                self.all.push(label);
                *slot.insert(u32::try_from(self.all.len() - 1).unwrap_or(u32::MAX))
            }
        }
    }
}

/// What part of a label an attribute is.
#[derive(Debug, Clone, Copy, Hash)]
enum Kind {
    Name,
    Role,
    Property,
    Spoken,
}

/// The attributes of an element that say what it is called.
fn names(element: &Element) -> impl Iterator<Item = (Kind, &str)> {
    element.attrs.iter().filter_map(|(name, value)| {
        let kind = match name.local {
            local_name!("class") | local_name!("id") => Kind::Name,
            local_name!("role") => Kind::Role,
            local_name!("itemprop") => Kind::Property,
            local_name!("aria-label") => Kind::Spoken,
            _ => return None,
        };
        Some((kind, &**value))
    })
}

impl Walker<'_> {
    /// Enters an element that holds blocks in the list of containers.
    pub(super) fn container(&mut self, element: &Element, parent: u32) -> u32 {
        let around = self.markup.containers.get(parent as usize).copied().unwrap_or_default();
        let name = hash(FNV_OFFSET, element.name.local.as_bytes());
        let class = element.attrs.iter().find(|(name, _)| name.local == local_name!("class"));
        let class = class.map_or(&[][..], |(_, value)| value.as_bytes());
        let number = u32::try_from(self.markup.containers.len()).unwrap_or(u32::MAX);
        self.markup.parts.extend(table::part_of(element, number));
        self.markup.containers.push(Container {
            parent,
            end: number.saturating_add(1),
            depth: around.depth.saturating_add(1),
            name,
            path: hash(around.path ^ name, class),
            label: self.labels.number(element),
        });
        number
    }
}
