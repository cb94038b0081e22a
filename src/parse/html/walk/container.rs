//! The elements that hold blocks, and what they are called.

use std::collections::hash_map::Entry;
use std::hash::{Hash as _, Hasher as _};

use html5ever::{LocalName, local_name};
use rustc_hash::{FxHashMap, FxHasher};
use scraper::node::Element;

use super::Walker;
use crate::model::document::Container;
use crate::parse::html::element::{FNV_OFFSET, hash};
use crate::parse::html::table;

/// Most bytes of an attribute that say what an element is called; utility classes fill some 300.
const MAX_LABEL_BYTES: usize = 512;

/// The labels of a page.
#[derive(Debug)]
pub(super) struct Labels {
    numbers: FxHashMap<u64, u32>,
    pub(super) all: Vec<String>,
}

impl Default for Labels {
    /// The page is called nothing.
    fn default() -> Self {
        Self { numbers: FxHashMap::default(), all: vec![String::new()] }
    }
}

impl Labels {
    /// The number of what an element is called. The page as a whole is called what its site is: that
    /// counts for nothing.
    fn number(&mut self, element: &Element) -> u32 {
        let is_page = matches!(element.name.local, local_name!("html") | local_name!("body"));
        let names = || element.attrs.iter().filter(|(name, _)| !is_page && is_label(&name.local));
        let mut hasher = FxHasher::default();
        names().for_each(|(_, value)| value.hash(&mut hasher));
        match self.numbers.entry(hasher.finish()) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(slot) => {
                let mut label = String::new();
                for (_, value) in names() {
                    let end = value.floor_char_boundary(MAX_LABEL_BYTES);
                    label.extend([value.get(..end).unwrap_or_default(), " "]);
                }
                self.all.push(label);
                *slot.insert(u32::try_from(self.all.len() - 1).unwrap_or(u32::MAX))
            }
        }
    }
}

fn is_label(name: &LocalName) -> bool {
    matches!(
        *name,
        local_name!("class") | local_name!("id") | local_name!("role") | local_name!("itemprop")
    )
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
