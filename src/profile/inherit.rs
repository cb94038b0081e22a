//! A profile and its parents, merged: child beats parent, name by name.
//!
//! Takes the layers of all files; gives for one of them the [`Merged`] body with the layer that
//! each part comes from, or the faults in the chain.

use std::collections::BTreeMap;

use super::fault::{Fault, Problem, nearest};
use super::prepare::Prepare;
use super::schema::{At, Body, FindSpec, Layer, MarkupSpec, RuleKey, RuleSpec, Scope, SplitSpec};
use crate::model::date::DateOptions;
use crate::model::piece::Field;

/// Most profiles in a chain, the first included.
pub const MAX_DEPTH: usize = 5;

/// A part of a profile and the place in the chain that it comes from; 0 is the profile itself.
#[derive(Debug, Clone)]
pub struct From<T> {
    /// Place in the chain.
    pub depth: usize,
    /// The part.
    pub value: T,
}

/// A profile with all that it inherits.
#[derive(Debug, Clone, Default)]
pub struct Merged {
    /// How a text is split.
    pub split: Option<From<SplitSpec>>,
    /// How a page is split.
    pub markup: Option<From<MarkupSpec>>,
    /// How fields are found.
    pub finds: BTreeMap<(Scope, Field), Vec<From<FindSpec>>>,
    /// The rules that are in force.
    pub rules: BTreeMap<RuleKey, From<At<RuleSpec>>>,
    /// How ambiguous dates are read.
    pub dates: DateOptions,
    /// Most words that rules may remove, in thousandths.
    pub max_removed: Option<u32>,
}

/// The layers from a profile up to its last parent.
///
/// # Errors
/// The fault in the chain: an unknown parent, a circle, or too many files.
pub fn chain<'l>(
    start: &'l Layer,
    find: &dyn Fn(&str, &Layer) -> Option<&'l Layer>,
    known: &[&str],
) -> Result<Vec<&'l Layer>, Fault> {
    let mut chain = vec![start];
    let mut layer = start;
    while let Some(extends) = &layer.extends {
        let fault = |problem| Fault {
            problem,
            file: std::sync::Arc::clone(&layer.file),
            span: extends.span.clone(),
        };
        let Some(parent) = find(&extends.value, layer) else {
            return Err(fault(Problem::UnknownParent {
                parent: extends.value.clone(),
                nearest: nearest(&extends.value, known.iter().copied()),
            }));
        };
        if chain.iter().any(|seen| std::ptr::eq(*seen, parent)) {
            let ids = chain.iter().map(|layer| layer.id.as_str()).chain([parent.id.as_str()]);
            let chain = ids.collect::<Vec<_>>().join(" → ");
            return Err(fault(Problem::ExtendsCycle { chain }));
        }
        chain.push(parent);
        if chain.len() > MAX_DEPTH {
            return Err(fault(Problem::ExtendsTooDeep { depth: chain.len(), limit: MAX_DEPTH }));
        }
        layer = parent;
    }
    Ok(chain)
}

/// What a chain does to the markup of a page: that of the parents first.
pub fn prepare(chain: &[&Layer]) -> Prepare {
    let mut all = Prepare::default();
    for layer in chain.iter().rev() {
        all.replace.extend(layer.prepare.value.replace.iter().cloned());
        all.keep.extend(layer.prepare.value.keep.iter().cloned());
    }
    all
}

/// Merges a chain; a variant's body, if any, goes on top with depth 0.
pub fn merge(chain: &[&Layer], variant: Option<&Body>, faults: &mut Vec<Fault>) -> Merged {
    let mut merged = Merged::default();
    for (depth, layer) in chain.iter().enumerate().rev() {
        lay(&mut merged, depth, layer, &layer.body, faults);
    }
    if let (Some(body), Some(layer)) = (variant, chain.first()) {
        lay(&mut merged, 0, layer, body, faults);
    }
    merged
}

/// Lays one body over what is merged so far.
fn lay(merged: &mut Merged, depth: usize, layer: &Layer, body: &Body, faults: &mut Vec<Fault>) {
    if let Some(split) = &body.split {
        merged.split = split.clone().map(|value| From { depth, value });
    }
    if let Some(markup) = &body.markup {
        merged.markup = markup.clone().map(|value| From { depth, value });
    }
    for (key, finds) in &body.finds {
        let parent = merged.finds.remove(key).unwrap_or_default();
        let mut mine = Vec::new();
        for find in finds {
            match find {
                FindSpec::Inherit => mine.extend(parent.iter().cloned()),
                other => mine.push(From { depth, value: other.clone() }),
            }
        }
        merged.finds.insert(*key, mine);
    }
    for (key, rule) in &body.rules {
        match &rule.value {
            Some(spec) => {
                let value = At { value: spec.clone(), span: rule.span.clone() };
                merged.rules.insert(key.clone(), From { depth, value });
            }
            None if merged.rules.remove(key).is_some() => {}
            None => {
                let name = key.name.clone();
                let known = merged.rules.keys().filter(|known| known.kind == key.kind);
                let nearest = nearest(&name, known.map(|known| known.name.as_str()));
                faults.push(Fault {
                    problem: Problem::UnknownRule { name, nearest },
                    file: std::sync::Arc::clone(&layer.file),
                    span: rule.span.clone(),
                });
            }
        }
    }
    if let Some(dates) = body.dates {
        merged.dates = dates;
    }
    if let Some(most) = body.max_removed {
        merged.max_removed = Some(most);
    }
}
