//! The layers of all files, by id: which hides which, and which extends which.
//!
//! Takes files; gives layers and their chains. Compiles nothing, so that profiles with faults in
//! their patterns can be looked at too.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::fault::{Fault, Problem, SourceFile};
use super::schema::Layer;
use super::{inherit, read as reading, set};

/// All layers that could be read.
#[derive(Debug, Default)]
pub struct Stack {
    layers: Vec<Arc<Layer>>,
    /// Places in `layers`, of each id the one in force first.
    by_id: BTreeMap<String, Vec<usize>>,
}

impl Stack {
    /// Reads files; what is wrong with one alone, or with two of one id, is added to `faults`.
    pub fn read(files: Vec<SourceFile>, faults: &mut Vec<Fault>) -> Self {
        let mut stack = Self::default();
        for file in files {
            let file = Arc::new(file);
            if let Some(layer) = reading::read(&file, set::id_of(&file.path), faults) {
                stack.by_id.entry(layer.id.clone()).or_default().push(stack.layers.len());
                stack.layers.push(Arc::new(layer));
            }
        }
        let layers = &stack.layers;
        for same in stack.by_id.values_mut() {
            let origin = |place: &usize| layers.get(*place).map(|layer| layer.file.origin);
            same.sort_by_key(|place| std::cmp::Reverse(origin(place)));
            for pair in same.windows(2) {
                if let [Some(one), Some(other)] = [pair.first(), pair.last()]
                    .map(|place| place.and_then(|place| layers.get(*place)))
                    && one.file.origin == other.file.origin
                {
                    let problem =
                        Problem::DuplicateId { id: one.id.clone(), other: one.file.path.clone() };
                    let span = 0..other.file.text.find('\n').unwrap_or(other.file.text.len());
                    faults.push(Fault { problem, file: Arc::clone(&other.file), span });
                }
            }
        }
        stack
    }

    /// All ids, in order.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.by_id.keys().map(String::as_str)
    }

    /// The layers of an id: the one in force, then those that it hides.
    pub fn same(&self, id: &str) -> Vec<&Layer> {
        let places = self.by_id.get(id).into_iter().flatten();
        places.filter_map(|place| self.layers.get(*place)).map(Arc::as_ref).collect()
    }

    /// The same layers, shared.
    pub fn shared(&self, chain: &[&Layer]) -> Vec<Arc<Layer>> {
        let shared = |layer: &&Layer| {
            let mut places = self.by_id.get(&layer.id).into_iter().flatten();
            places.find_map(|place| {
                self.layers.get(*place).filter(|own| std::ptr::eq(own.as_ref(), *layer)).cloned()
            })
        };
        chain.iter().filter_map(shared).collect()
    }

    /// The layers in force, by id.
    pub fn active(&self) -> Vec<&Layer> {
        let first = self.by_id.values().filter_map(|same| same.first());
        first.filter_map(|place| self.layers.get(*place)).map(Arc::as_ref).collect()
    }

    /// A layer and its parents, nearest first.
    ///
    /// # Errors
    /// The fault in the chain: an unknown parent, a circle, or too many files.
    pub fn chain<'s>(&'s self, layer: &'s Layer) -> Result<Vec<&'s Layer>, Fault> {
        let find = |id: &str, asking: &Layer| -> Option<&'s Layer> {
            let same = self.same(id);
            // A file that extends its own id means the one that it hides.
            same.iter()
                .find(|layer| id != asking.id || layer.file.origin < asking.file.origin)
                .or_else(|| same.iter().find(|layer| std::ptr::eq(**layer, asking)))
                .copied()
        };
        inherit::chain(layer, &find, &self.ids().collect::<Vec<_>>())
    }
}
