//! What a preview tells of each block: its fate, the rule, where that is written, and what would
//! change it.

use std::collections::BTreeMap;

use super::proposal::{self, Proposals};
use crate::model::ledger::Fate;
use crate::model::outline::NONE;
use crate::pipeline::{Outcome, Trace};
use crate::profile::program::{Profile, Rules, SplitHow};
use crate::profile::set::{GENERIC, ProfileSet};
use crate::strip::generic::Opinion;
use crate::tool::explain;

/// What became of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Kept,
    Removed,
    Field,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Removed => "removed",
            Self::Field => "field",
        }
    }
}

/// Why no rule would change what becomes of a block; the words are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stays {
    /// It stands outside all pieces.
    Outside,
    /// It cuts pieces, or is said twice.
    Split,
    /// A way to find a field took it.
    Way,
    /// A `keep` rule protects it.
    Protected,
}

impl Stays {
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Outside => {
                "It stands outside every article and post: no keep rule brings it back. \
                 Widen `body` (or `post`) of the split."
            }
            Self::Split => "The split itself takes it. Change [split.…] of the profile.",
            Self::Way => {
                "A way to find a field takes it. Change or empty that way in [field] or [piece]."
            }
            Self::Protected => "A keep rule protects it. Switch that rule off first.",
        }
    }
}

/// A rule that acted, or a field that was filled.
#[derive(Debug, Clone)]
pub(super) struct Acted {
    pub(super) id: String,
    /// File and line.
    pub(super) written: Option<(String, usize)>,
    pub(super) blocks: usize,
    pub(super) words: usize,
    /// The first block that it took.
    pub(super) first: usize,
}

/// One block.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) kind: Kind,
    /// Number of the rule in [`Facts::rules`].
    pub(super) rule: Option<usize>,
    /// The field that took it.
    pub(super) field: Option<&'static str>,
    /// The piece that keeps it, from 1.
    pub(super) piece: u32,
    /// Why no rule would change its fate.
    pub(super) stays: Option<Stays>,
    /// What a classifier thinks of it.
    pub(super) opinion: Option<Opinion>,
}

/// All facts of a preview.
pub(super) struct Facts {
    pub(super) parts: Vec<Part>,
    /// By blocks, most first.
    pub(super) rules: Vec<Acted>,
    pub(super) proposals: Proposals,
    /// Id of the profile that a pasted rule has to extend.
    pub(super) base: String,
    /// For each line of the capture that begins a block: the block.
    pub(super) by_line: BTreeMap<u32, usize>,
}

impl Facts {
    pub(super) fn count(&self, kind: Kind) -> usize {
        self.parts.iter().filter(|part| part.kind == kind).count()
    }
}

/// Where profiles are looked up.
pub(super) struct Source<'s> {
    rules: Vec<&'s Rules>,
    is_page: bool,
}

impl<'s> Source<'s> {
    pub(super) fn new(trace: &'s Trace, set: &'s ProfileSet) -> Self {
        let chosen = trace.choice.as_ref().and_then(|choice| choice.chosen());
        let chosen = chosen.map(|candidate| layout(&candidate.profile, trace));
        let generic = set.get(GENERIC).map(|profile| profile.rules());
        let rules = chosen.into_iter().chain(generic).collect();
        Self { rules, is_page: trace.document.markup.is_some() }
    }

    /// File and line of a rule.
    pub(super) fn written(&self, id: &str) -> Option<(String, usize)> {
        let found = self.rules.iter().find_map(|rules| rules.written(id, self.is_page))?;
        Some((found.file.path.clone(), found.line()))
    }

    /// Whether a split looks for what a rule takes, and takes it anyway.
    fn is_mark(&self, id: &str) -> bool {
        let marks = |rules: &&Rules| match rules.split.as_ref().map(|split| &split.how) {
            Some(SplitHow::Stream { marks, .. }) => {
                marks.iter().any(|at| rules.list.get(*at).is_some_and(|rule| *rule.id == *id))
            }
            Some(SplitHow::Thread { .. } | SplitHow::Digest { .. }) | None => false,
        };
        !self.is_page && self.rules.first().is_some_and(marks)
    }
}

/// The rules of the layout that was in force.
fn layout<'p>(profile: &'p Profile, trace: &Trace) -> &'p Rules {
    let variant = trace.variant.as_deref();
    let own = profile.variants().iter().find(|(name, ..)| Some(name.as_str()) == variant);
    own.map_or(profile.rules(), |(.., rules)| rules)
}

/// Collects the facts.
pub(super) fn collect(outcome: &Outcome, set: &ProfileSet, source: &Source<'_>) -> Facts {
    let trace = &outcome.trace;
    let mut opinions = explain::opinions(trace).into_iter();
    let mut rules: Vec<Acted> = Vec::new();
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    let mut parts = Vec::new();
    for (index, fate) in trace.ledger.fates().iter().enumerate() {
        let (kind, field, rule) = match fate {
            Fate::Kept(_) | Fate::Open => (Kind::Kept, None, None),
            Fate::Field(field, rule) => (Kind::Field, Some(*field), Some(rule)),
            Fate::Removed(rule) => (Kind::Removed, None, Some(rule)),
        };
        let rule = rule.map(|id| {
            *numbers.entry(id).or_insert_with(|| {
                let written = source.written(id);
                let id = id.to_string();
                rules.push(Acted { id, written, blocks: 0, words: 0, first: index });
                rules.len() - 1
            })
        });
        if let Some(acted) = rule.and_then(|rule| rules.get_mut(rule)) {
            acted.blocks += 1;
            acted.words += trace.document.words(index);
        }
        let id = rule.and_then(|rule| rules.get(rule)).map(|acted| acted.id.as_str());
        let piece = trace.pieces.get(index).copied().unwrap_or(0);
        let stays = if id.is_some_and(|id| source.is_mark(id)) {
            Some(Stays::Split)
        } else {
            stays(kind, id, piece, trace.protected.get(index) == Some(&true))
        };
        let opinion = opinions.next();
        parts.push(Part { kind, rule, field, piece, stays, opinion });
    }
    // Rules by how much they took: the colours that are easiest to tell apart go to the first.
    let mut order: Vec<usize> = (0..rules.len()).collect();
    order.sort_by_key(|at| {
        rules.get(*at).map(|own| (std::cmp::Reverse(own.blocks), own.id.clone()))
    });
    let mut places = vec![0; rules.len()];
    for (place, at) in order.iter().enumerate() {
        if let Some(slot) = places.get_mut(*at) {
            *slot = place;
        }
    }
    for part in &mut parts {
        part.rule = part.rule.and_then(|rule| places.get(rule).copied());
    }
    let rules = order.iter().filter_map(|at| rules.get(*at).cloned()).collect();
    let base = trace.ruled_by.clone().unwrap_or_else(|| GENERIC.to_owned());
    let own = set.get(&base).map(|profile| layout(profile, trace));
    let kept: Vec<bool> = parts.iter().map(|part| part.kind == Kind::Kept).collect();
    let mut proposals = proposal::propose(&trace.document, own, &kept);
    for (part, best) in parts.iter().zip(&mut proposals.best) {
        if part.stays.is_some() {
            *best = NONE;
        }
    }
    let lines = trace.document.blocks.iter().enumerate();
    let by_line = lines.map(|(index, block)| (block.line, index)).collect();
    Facts { parts, rules, proposals, base, by_line }
}

/// Why no rule would change the fate of a block.
fn stays(kind: Kind, rule: Option<&str>, piece: u32, is_protected: bool) -> Option<Stays> {
    let (_, own) = rule.and_then(|id| id.split_once('/')).unwrap_or_default();
    match kind {
        Kind::Kept => is_protected.then_some(Stays::Protected),
        Kind::Removed | Kind::Field if own.starts_with("strip.") => {
            (piece == 0).then_some(Stays::Outside)
        }
        Kind::Removed if own.ends_with(".outside") => Some(Stays::Outside),
        Kind::Removed if own.starts_with("split.") => Some(Stays::Split),
        Kind::Removed | Kind::Field => Some(Stays::Way),
    }
}
