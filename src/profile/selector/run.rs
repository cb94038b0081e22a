//! Goes the steps of [`Chain`]s over a tree.
//!
//! Works on sets: each step leads from all nodes that the one before reached, each node once, in
//! the page's order. What a page can cost is counted, and ends at a limit.

use ego_tree::{NodeId, NodeRef};
use rustc_hash::{FxHashMap, FxHashSet};
use scraper::{ElementRef, Html, Node};

use super::stands_between;
use super::steps::{Axis, By, Chain, How, List, Range, Step, Test};

/// Most nodes that the chains of a page may look at, all trees together: on 1,497 real pages no
/// imported profile takes more than a hundredth of it.
const MAX_LOOKS: u64 = 20_000_000;

/// Bytes of text that are searched in the time of one look.
const BYTES_A_LOOK: usize = 64;

/// Looks that chains may still take.
#[derive(Debug, Clone, Copy)]
pub struct Looks(u64);

impl Default for Looks {
    fn default() -> Self {
        Self(MAX_LOOKS)
    }
}

impl Looks {
    /// Whether all were taken.
    pub fn are_spent(self) -> bool {
        self.0 == 0
    }
}

/// A tree in the page's order.
pub(super) struct Tree<'t> {
    html: &'t Html,
    /// Elements and texts.
    order: Vec<NodeId>,
    /// Place in `order`, and the first place behind all that is inside.
    places: FxHashMap<NodeId, (usize, usize)>,
    /// The text of the whole tree, white space collapsed.
    text: String,
    /// Of each place in `order`.
    spans: Vec<(usize, usize)>,
}

impl<'t> Tree<'t> {
    pub(super) fn new(html: &'t Html) -> Self {
        let mut tree = Self {
            html,
            order: Vec::new(),
            places: FxHashMap::default(),
            text: String::new(),
            spans: Vec::new(),
        };
        for edge in html.tree.root().traverse() {
            match edge {
                ego_tree::iter::Edge::Open(node) => tree.open(node),
                ego_tree::iter::Edge::Close(node) => {
                    let (end, text) = (tree.order.len(), tree.text.len());
                    if let Some((start, behind)) = tree.places.get_mut(&node.id()) {
                        *behind = end;
                        if let Some(span) = tree.spans.get_mut(*start) {
                            span.1 = text;
                        }
                    }
                }
            }
        }
        tree
    }

    fn open(&mut self, node: NodeRef<'_, Node>) {
        if !matches!(node.value(), Node::Element(_) | Node::Text(_)) {
            return;
        }
        self.places.insert(node.id(), (self.order.len(), self.order.len() + 1));
        self.order.push(node.id());
        self.spans.push((self.text.len(), self.text.len()));
        if let Node::Text(text) = node.value() {
            for letter in text.chars() {
                if !letter.is_whitespace() {
                    self.text.push(letter);
                } else if !self.text.ends_with(' ') {
                    self.text.push(' ');
                }
            }
        }
    }

    fn place(&self, node: NodeId) -> (usize, usize) {
        self.places.get(&node).copied().unwrap_or((0, 0))
    }

    fn text_of(&self, node: NodeId) -> &str {
        let (from, to) = self.spans.get(self.place(node).0).copied().unwrap_or((0, 0));
        self.text.get(from..to).unwrap_or_default().trim()
    }

    fn get(&self, node: NodeId) -> Option<NodeRef<'t, Node>> {
        self.html.tree.get(node)
    }

    fn slice(&self, from: usize, to: usize) -> &[NodeId] {
        self.order.get(from..to).unwrap_or_default()
    }

    pub(super) fn is_text(&self, node: NodeId) -> bool {
        self.get(node).is_some_and(|node| node.value().is_text())
    }

    fn sort(&self, nodes: &mut Vec<NodeId>) {
        nodes.sort_by_key(|node| self.place(*node).0);
        nodes.dedup();
    }
}

/// Where a node stands among its siblings that pass some tests, and how many these are.
type Ranks = FxHashMap<NodeId, usize>;

/// The chains of one tree while they run.
pub(super) struct Run<'t, 'l> {
    tree: &'t Tree<'t>,
    looks: &'l mut Looks,
    /// What the lists match that name elements around.
    sets: FxHashMap<usize, FxHashSet<NodeId>>,
    /// By parent and the address of the test.
    ranks: FxHashMap<(NodeId, *const Test), Ranks>,
}

impl<'t, 'l> Run<'t, 'l> {
    pub(super) fn new(tree: &'t Tree<'t>, looks: &'l mut Looks) -> Self {
        Self { tree, looks, sets: FxHashMap::default(), ranks: FxHashMap::default() }
    }

    fn take(&mut self, looks: usize) -> bool {
        self.looks.0 = self.looks.0.saturating_sub(looks as u64);
        self.looks.0 > 0
    }

    /// The nodes that a chain matches, in the page's order; from a node where it is relative.
    /// Nothing once the looks are spent.
    pub(super) fn chain(&mut self, chain: &Chain, scope: Option<NodeId>) -> Vec<NodeId> {
        let mut nodes: Vec<NodeId> = scope.into_iter().collect();
        let mut whole = scope.is_none();
        for step in &chain.steps {
            nodes = self.step(step, &nodes, whole);
            whole = false;
            if nodes.is_empty() || self.looks.are_spent() {
                return Vec::new();
            }
        }
        nodes
    }

    fn step(&mut self, step: &Step, from: &[NodeId], whole: bool) -> Vec<NodeId> {
        let mut reached = match &step.by {
            By::Scope => from.to_vec(),
            By::Inside if whole => self.tree.order.clone(),
            By::Inside => self.inside(from),
            By::Child => self.children(from),
            By::Next => self.siblings(from, false),
            By::Later => self.siblings(from, true),
            By::Pick(range) => {
                let count = from.len();
                let places = (1..).zip(from).filter(|(at, _)| range.holds(*at, count));
                places.map(|(_, node)| *node).collect()
            }
            By::Axis(axis, list, range) => self.axis(*axis, list, *range, from),
        };
        if !self.take(reached.len()) {
            return Vec::new();
        }
        if !matches!(step.by, By::Scope | By::Pick(_) | By::Axis(..)) {
            reached.retain(|node| self.tree.is_text(*node) == step.texts);
        }
        let mut kept = Vec::new();
        for node in reached {
            if self.passes(node, &step.tests) {
                kept.push(node);
            }
        }
        kept
    }

    fn inside(&self, from: &[NodeId]) -> Vec<NodeId> {
        let (mut found, mut behind) = (Vec::new(), 0);
        for node in from {
            let (start, end) = self.tree.place(*node);
            found.extend_from_slice(self.tree.slice(behind.max(start + 1), end));
            behind = behind.max(end);
        }
        found
    }

    fn children(&self, from: &[NodeId]) -> Vec<NodeId> {
        let parents = from.iter().filter_map(|node| self.tree.get(*node));
        let mut found: Vec<NodeId> = parents.flat_map(|node| kids(node).map(|n| n.id())).collect();
        self.tree.sort(&mut found);
        found
    }

    fn siblings(&mut self, from: &[NodeId], all: bool) -> Vec<NodeId> {
        let mut found = Vec::new();
        let mut seen = FxHashSet::default();
        for node in from.iter().filter_map(|node| self.tree.get(*node)) {
            // The first of a row reaches all that the others do.
            if all && !node.parent().is_some_and(|parent| seen.insert(parent.id())) {
                continue;
            }
            let later = node.next_siblings();
            let mut later =
                later.filter(|next| next.value().is_element() || all && next.value().is_text());
            if all {
                found.extend(later.map(|next| next.id()));
            } else {
                found.extend(later.next().map(|next| next.id()));
            }
        }
        self.tree.sort(&mut found);
        found
    }

    fn axis(
        &mut self,
        axis: Axis,
        list: &List,
        range: Option<Range>,
        from: &[NodeId],
    ) -> Vec<NodeId> {
        let mut found = Vec::new();
        let Some(range) = range else {
            let mut all: Vec<NodeId> = match axis {
                // These reach from one node all that they reach from the others.
                Axis::Following => {
                    let first = from.iter().map(|node| self.tree.place(*node).1).min();
                    self.tree.slice(first.unwrap_or(usize::MAX), self.tree.order.len()).to_vec()
                }
                Axis::Preceding => {
                    let last = from.iter().map(|node| self.tree.place(*node).0).max().unwrap_or(0);
                    let before = self.tree.slice(0, last).iter().copied();
                    before.filter(|node| self.tree.place(*node).1 <= last).collect()
                }
                Axis::Descendant => self.inside(from),
                Axis::FollowingSibling => self.siblings(from, true),
                _ => {
                    let mut all = Vec::new();
                    for node in from {
                        all.extend(self.along(axis, *node));
                        if !self.take(1) {
                            return Vec::new();
                        }
                    }
                    all
                }
            };
            self.tree.sort(&mut all);
            for node in all {
                if self.is_in(node, list) {
                    found.push(node);
                }
            }
            return found;
        };
        for start in from {
            let mut matching = Vec::new();
            let along = self.along(axis, *start);
            if !self.take(along.len()) {
                return Vec::new();
            }
            for node in along {
                if self.is_in(node, list) {
                    matching.push(node);
                    // Places from the start need no more than their end.
                    if range.is_behind(matching.len()) {
                        break;
                    }
                }
            }
            let count = matching.len();
            let places = (1..).zip(matching).filter(|(at, _)| range.holds(*at, count));
            found.extend(places.map(|(_, node)| node));
        }
        self.tree.sort(&mut found);
        found
    }

    /// What an axis reaches from a node, the nearest first.
    fn along(&self, axis: Axis, node: NodeId) -> Vec<NodeId> {
        let Some(start) = self.tree.get(node) else { return Vec::new() };
        let (enter, exit) = self.tree.place(node);
        let is_node =
            |node: &NodeRef<'_, Node>| node.value().is_element() || node.value().is_text();
        let ids = |nodes: &mut dyn Iterator<Item = NodeRef<'t, Node>>| {
            nodes.filter(is_node).map(|node| node.id()).collect::<Vec<_>>()
        };
        match axis {
            Axis::Parent => ids(&mut start.parent().into_iter()),
            Axis::Ancestor => ids(&mut start.ancestors()),
            Axis::AncestorOrSelf => ids(&mut std::iter::once(start).chain(start.ancestors())),
            Axis::Child => ids(&mut start.children()),
            Axis::Descendant => self.tree.slice(enter + 1, exit).to_vec(),
            Axis::DescendantOrSelf => self.tree.slice(enter, exit).to_vec(),
            Axis::Following => self.tree.slice(exit, self.tree.order.len()).to_vec(),
            Axis::FollowingSibling => ids(&mut start.next_siblings()),
            Axis::PrecedingSibling => ids(&mut start.prev_siblings()),
            Axis::Preceding => {
                let before = self.tree.slice(0, enter).iter().rev().copied();
                before.filter(|node| self.tree.place(*node).1 <= enter).collect()
            }
        }
    }

    fn passes(&mut self, node: NodeId, tests: &[Test]) -> bool {
        (0..tests.len()).all(|at| {
            let (before, rest) = tests.split_at(at);
            rest.first().is_some_and(|test| self.test(node, test, before))
        })
    }

    fn test(&mut self, node: NodeId, test: &Test, before: &[Test]) -> bool {
        if !self.take(1) {
            return false;
        }
        let element = self.tree.get(node).and_then(ElementRef::wrap);
        match test {
            Test::Plain(selector) => element.is_some_and(|element| selector.matches(&element)),
            Test::Says { how, words, any_case } => {
                let text = self.tree.text_of(node);
                if !self.take(text.len() / BYTES_A_LOOK) {
                    return false;
                }
                if *any_case {
                    says(&text.to_lowercase(), *how, words)
                } else {
                    says(text, *how, words)
                }
            }
            Test::Named(word) => element.is_some_and(|element| is_named(element, word)),
            Test::AnyAttribute(value) => {
                element.is_some_and(|e| e.value().attrs().any(|(_, own)| own == value))
            }
            Test::Nth(range) => self.is_nth(node, test, before, *range),
            Test::Has(list) => {
                list.chains.iter().any(|chain| !self.chain(chain, Some(node)).is_empty())
            }
            Test::Is(list) => self.is_in(node, list),
            Test::Not(list) => !self.is_in(node, list),
        }
    }

    /// Whether a list matches a node.
    fn is_in(&mut self, node: NodeId, list: &List) -> bool {
        if let [chain] = list.chains.as_slice()
            && let [step] = chain.steps.as_slice()
        {
            return self.is_alone(node, step);
        }
        let alone = |chain: &Chain| matches!(chain.steps.as_slice(), [step] if matches!(step.by, By::Inside));
        for chain in &list.chains {
            if let [step] = chain.steps.as_slice()
                && self.is_alone(node, step)
            {
                return true;
            }
        }
        if list.chains.iter().all(alone) {
            return false;
        }
        if !self.sets.contains_key(&list.number) {
            let mut all = FxHashSet::default();
            for chain in list.chains.iter().filter(|chain| !alone(chain)) {
                all.extend(self.chain(chain, None));
            }
            self.sets.insert(list.number, all);
        }
        self.sets.get(&list.number).is_some_and(|set| set.contains(&node))
    }

    fn is_alone(&mut self, node: NodeId, step: &Step) -> bool {
        self.tree.is_text(node) == step.texts && self.passes(node, &step.tests)
    }

    fn is_nth(&mut self, node: NodeId, test: &Test, before: &[Test], range: Range) -> bool {
        let Some(parent) = self.tree.get(node).and_then(|node| node.parent()) else {
            return range.holds(1, 1);
        };
        let key = (parent.id(), std::ptr::from_ref(test));
        if !self.ranks.contains_key(&key) {
            let mut ranks = Ranks::default();
            let texts = self.tree.is_text(node);
            for child in kids(parent).filter(|child| child.value().is_text() == texts) {
                if self.passes(child.id(), before) {
                    ranks.insert(child.id(), ranks.len() + 1);
                }
            }
            self.ranks.insert(key, ranks);
        }
        let ranks = self.ranks.get(&key);
        ranks.is_some_and(|r| r.get(&node).is_some_and(|at| range.holds(*at, r.len())))
    }
}

/// The elements and texts directly inside a node.
fn kids(node: NodeRef<'_, Node>) -> impl Iterator<Item = NodeRef<'_, Node>> {
    node.children().filter(|child| child.value().is_element() || child.value().is_text())
}

fn says(text: &str, how: How, words: &str) -> bool {
    match how {
        How::Contains => memchr::memmem::find(text.as_bytes(), words.as_bytes()).is_some(),
        How::Starts => text.starts_with(words),
        How::Ends => text.ends_with(words),
        How::Equals => text == words,
    }
}

/// Whether the id or a class of an element holds a word, or several with the signs between them,
/// as a whole: `ad` in `top-ad`, not in `header`.
fn is_named(element: ElementRef<'_>, word: &str) -> bool {
    let values = [element.value().id(), element.value().attr("class")];
    values.into_iter().flatten().any(|value| holds_word(value, word))
}

/// Whether a word stands in an id or in a list of classes between white space, `-`, `_` or the
/// ends.
pub(super) fn holds_word(value: &str, word: &str) -> bool {
    memchr::memmem::find_iter(value.as_bytes(), word.as_bytes()).any(|at| {
        let (before, rest) = value.split_at_checked(at).unwrap_or_default();
        let behind = rest.get(word.len()..).unwrap_or_default();
        before.chars().next_back().is_none_or(stands_between)
            && behind.chars().next().is_none_or(stands_between)
    })
}
