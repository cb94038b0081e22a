//! Markup becomes a tree within limits: html5ever, fed in chunks through a sink that counts.
//!
//! html5ever has no limits of its own, and takes time and memory quadratic in nesting: ten
//! kilobytes of `<b id=1><p>` become 321,205 nodes. So depth, nodes and steps are counted, and
//! between two chunks the counts are compared with the limits. Counted, not timed: the same page
//! is cut at the same byte on every machine.

use std::borrow::Cow;
use std::cell::{Cell, Ref, RefCell};

use ego_tree::NodeId;
use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::tokenizer::TokenizerOpts;
use html5ever::tree_builder::TreeBuilderOpts;
use html5ever::{Attribute, ParseOpts, QualName, parse_document};
use scraper::{Html, HtmlTreeSink};

/// Deepest nesting, as in browsers; the deepest of 1,497 real pages is 55.
pub(super) const MAX_DEPTH: u16 = 512;

/// Most nodes of any page, those of its `<noscript>` elements among them: twenty times as many as
/// on any of the 1,497 real pages, where the most are 10,090. With its block, a node takes about
/// 350 bytes.
pub(super) const MAX_NODES: u32 = 200_000;

/// Nodes that a page may have beyond one per byte: where there are more, html5ever makes copies
/// of copies. No real page has more nodes than bytes.
const SPARE_NODES: u32 = 20_000;

/// Steps that a page may take beyond [`STEPS_PER_BYTE`]. A step is one question of html5ever to
/// the tree. No real page takes more than 267,527.
const SPARE_STEPS: u64 = 500_000;

/// Most steps per byte; real pages take 0.75 at most.
const STEPS_PER_BYTE: u64 = 8;

/// Bytes fed between two looks at the counts. One chunk can hold some 800 openings.
const CHUNK: usize = 4_096;

/// What the trees of one page have taken so far.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Spent {
    bytes: usize,
    nodes: u32,
    steps: u64,
    deepest: u16,
}

/// A parsed page, as far as the limits allow.
pub(super) struct Parsed {
    pub(super) html: Html,
    /// The limit that was met, and the byte of the markup up to which the tree goes.
    pub(super) stopped: Option<(&'static str, usize)>,
}

/// Parses markup into a tree. All trees of a page share one budget.
pub(super) fn parse(markup: &str, spent: &mut Spent) -> Parsed {
    let options = ParseOpts {
        tree_builder: TreeBuilderOpts {
            // What stands in `<noscript>` is parsed apart: an element that is not closed in it
            // would swallow the page behind.
            scripting_enabled: true,
            ..TreeBuilderOpts::default()
        },
        // Decoding took the mark off the start; html5ever would take one off every chunk.
        tokenizer: TokenizerOpts { discard_bom: false, ..TokenizerOpts::default() },
    };
    let sink = CappedSink { before: *spent, ..CappedSink::default() };
    let mut parser = parse_document(sink, options);
    let mut fed = 0;
    let mut stopped = None;
    while fed < markup.len() {
        if let Some(limit) = parser.tokenizer.sink.sink.exceeded(fed) {
            stopped = Some((limit, fed));
            break;
        }
        let chunk = chunk(markup, fed);
        parser.process(StrTendril::from_slice(chunk));
        fed += chunk.len();
    }
    let sink = &parser.tokenizer.sink.sink;
    *spent = Spent {
        bytes: spent.bytes + fed,
        nodes: sink.nodes(),
        steps: spent.steps + sink.steps.get(),
        deepest: spent.deepest.max(sink.deepest.get()),
    };
    Parsed { html: parser.finish(), stopped }
}

/// The next bytes to feed: up to the last tag's end in reach, so that what is cut off begins with
/// a whole tag or with text.
fn chunk(markup: &str, from: usize) -> &str {
    let rest = markup.get(from..).unwrap_or_default();
    if rest.len() <= CHUNK {
        return rest;
    }
    let reach = rest.as_bytes().get(..CHUNK).unwrap_or_default();
    let mut end = memchr::memrchr(b'>', reach).map_or(CHUNK, |place| place + 1);
    while !rest.is_char_boundary(end) {
        end += 1;
    }
    rest.get(..end).unwrap_or(rest)
}

/// A node, and the number under which its depth is kept.
#[derive(Clone, Copy)]
pub(super) struct Handle {
    id: NodeId,
    number: u32,
}

/// scraper's sink, with counts.
struct CappedSink {
    inner: HtmlTreeSink,
    /// What earlier trees of the page took.
    before: Spent,
    /// Stands for all comments: none is kept.
    comment: Handle,
    depths: RefCell<Vec<u16>>,
    deepest: Cell<u16>,
    steps: Cell<u64>,
}

impl Default for CappedSink {
    fn default() -> Self {
        let inner = HtmlTreeSink::new(Html::new_document());
        let comment = Handle { id: inner.create_comment(StrTendril::new()), number: 1 };
        Self {
            inner,
            before: Spent::default(),
            comment,
            depths: RefCell::new(vec![0, 0]),
            deepest: Cell::new(0),
            steps: Cell::new(0),
        }
    }
}

impl CappedSink {
    /// Nodes of the page so far.
    fn nodes(&self) -> u32 {
        let own = u32::try_from(self.depths.borrow().len()).unwrap_or(u32::MAX);
        self.before.nodes.saturating_add(own)
    }

    /// The limit that the page has gone over with that many bytes of this tree.
    fn exceeded(&self, bytes: usize) -> Option<&'static str> {
        let bytes = bytes + self.before.bytes;
        let nodes = self.nodes();
        let most = u32::try_from(bytes).unwrap_or(u32::MAX).saturating_add(SPARE_NODES);
        if self.deepest.get() > MAX_DEPTH {
            Some("html_too_deep")
        } else if nodes > most.min(MAX_NODES) {
            Some("html_too_many_nodes")
        } else if self.before.steps + self.steps.get() > STEPS_PER_BYTE * bytes as u64 + SPARE_STEPS
        {
            Some("html_too_costly")
        } else {
            None
        }
    }

    fn step(&self) {
        self.steps.set(self.steps.get() + 1);
    }

    fn handle(&self, id: NodeId) -> Handle {
        let mut depths = self.depths.borrow_mut();
        let number = u32::try_from(depths.len()).unwrap_or(u32::MAX);
        depths.push(0);
        Handle { id, number }
    }

    fn depth(&self, node: Handle) -> u16 {
        self.depths.borrow().get(node.number as usize).copied().unwrap_or(0)
    }

    fn is_comment(&self, child: &NodeOrText<Handle>) -> bool {
        matches!(child, NodeOrText::AppendNode(node) if node.id == self.comment.id)
    }

    fn put(&self, child: &NodeOrText<Handle>, depth: u16) {
        if let NodeOrText::AppendNode(node) = child {
            if let Some(slot) = self.depths.borrow_mut().get_mut(node.number as usize) {
                *slot = depth;
            }
            self.deepest.set(self.deepest.get().max(depth));
        }
    }
}

fn inner(child: NodeOrText<Handle>) -> NodeOrText<NodeId> {
    match child {
        NodeOrText::AppendNode(node) => NodeOrText::AppendNode(node.id),
        NodeOrText::AppendText(text) => NodeOrText::AppendText(text),
    }
}

impl TreeSink for CappedSink {
    type Handle = Handle;
    type Output = Html;
    type ElemName<'a> = Ref<'a, QualName>;

    fn finish(self) -> Html {
        self.inner.finish()
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Handle {
        Handle { id: self.inner.get_document(), number: 0 }
    }

    fn elem_name<'a>(&'a self, target: &'a Handle) -> Self::ElemName<'a> {
        self.step();
        self.inner.elem_name(&target.id)
    }

    fn create_element(&self, name: QualName, attrs: Vec<Attribute>, flags: ElementFlags) -> Handle {
        self.handle(self.inner.create_element(name, attrs, flags))
    }

    fn create_comment(&self, _: StrTendril) -> Handle {
        self.comment
    }

    fn create_pi(&self, target: StrTendril, data: StrTendril) -> Handle {
        self.handle(self.inner.create_pi(target, data))
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        self.step();
        if self.is_comment(&child) {
            return;
        }
        self.put(&child, self.depth(*parent).saturating_add(1));
        self.inner.append(&parent.id, inner(child));
    }

    fn append_based_on_parent_node(
        &self,
        element: &Handle,
        prev_element: &Handle,
        child: NodeOrText<Handle>,
    ) {
        self.step();
        if self.is_comment(&child) {
            return;
        }
        self.put(&child, self.depth(*element).max(self.depth(*prev_element).saturating_add(1)));
        self.inner.append_based_on_parent_node(&element.id, &prev_element.id, inner(child));
    }

    fn append_doctype_to_document(&self, name: StrTendril, public: StrTendril, system: StrTendril) {
        self.inner.append_doctype_to_document(name, public, system);
    }

    fn get_template_contents(&self, target: &Handle) -> Handle {
        // The contents are as deep as the element: nothing asks for more.
        Handle { id: self.inner.get_template_contents(&target.id), number: target.number }
    }

    fn same_node(&self, one: &Handle, other: &Handle) -> bool {
        self.step();
        one.id == other.id
    }

    fn set_quirks_mode(&self, mode: QuirksMode) {
        self.inner.set_quirks_mode(mode);
    }

    fn append_before_sibling(&self, sibling: &Handle, new_node: NodeOrText<Handle>) {
        self.step();
        if self.is_comment(&new_node) {
            return;
        }
        self.put(&new_node, self.depth(*sibling));
        self.inner.append_before_sibling(&sibling.id, inner(new_node));
    }

    fn add_attrs_if_missing(&self, target: &Handle, attrs: Vec<Attribute>) {
        self.inner.add_attrs_if_missing(&target.id, attrs);
    }

    fn remove_from_parent(&self, target: &Handle) {
        self.step();
        self.inner.remove_from_parent(&target.id);
    }

    fn reparent_children(&self, node: &Handle, new_parent: &Handle) {
        self.step();
        self.inner.reparent_children(&node.id, &new_parent.id);
    }

    fn mark_script_already_started(&self, node: &Handle) {
        self.inner.mark_script_already_started(&node.id);
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;
    use crate::parse::html::prestrip;

    /// What the limits were set by: with `BENCH_DATA`, what real pages take at most.
    #[test]
    fn real_pages_meet_no_limit() {
        let Some(data) = std::env::var_os("BENCH_DATA") else { return };
        let mut most = Spent::default();
        let (mut per_byte, mut above_bytes, mut above_steps) = (0, 0, 0);
        let mut count = 0;
        for entry in walkdir::WalkDir::new(std::path::Path::new(&data).join("html")) {
            let Ok(bytes) = std::fs::read(entry.unwrap().path()) else { continue };
            let stripped =
                prestrip::prestrip(&String::from_utf8_lossy(&bytes), prestrip::Keep::default());
            let mut spent = Spent::default();
            let parsed = parse(&stripped.markup, &mut spent);
            assert_eq!(parsed.stopped, None);
            count += 1;
            most.nodes = most.nodes.max(spent.nodes);
            most.deepest = most.deepest.max(spent.deepest);
            most.steps = most.steps.max(spent.steps);
            let length = stripped.markup.len() as u64;
            if length > 10_000 {
                per_byte = per_byte.max(spent.steps * 1_000 / length);
            }
            above_bytes = above_bytes.max(u64::from(spent.nodes).saturating_sub(length));
            above_steps = above_steps.max(spent.steps.saturating_sub(length * STEPS_PER_BYTE));
        }
        let line = format!(
            "{count} pages: {most:?}, {per_byte} steps in 1,000 bytes, {above_bytes} nodes beyond \
             the bytes, {above_steps} steps beyond {STEPS_PER_BYTE} a byte\n"
        );
        std::io::stderr().write_all(line.as_bytes()).unwrap();
    }
}
