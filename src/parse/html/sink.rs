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
use html5ever::tree_builder::TreeBuilderOpts;
use html5ever::{Attribute, ParseOpts, QualName, parse_document};
use scraper::{Html, HtmlTreeSink};

/// Deepest nesting, as in browsers; the deepest of 1,497 real pages is 57.
pub(super) const MAX_DEPTH: u16 = 512;

/// Most nodes of any page; the most on a real page were 34,450.
pub(super) const MAX_NODES: u32 = 1_000_000;

/// Nodes that a page may have beyond one per byte: where there are more, html5ever makes copies
/// of copies.
const SPARE_NODES: u32 = 20_000;

/// Steps that a page may take beyond [`STEPS_PER_BYTE`]. A step is one question of html5ever to
/// the tree.
const SPARE_STEPS: u64 = 2_000_000;

/// Most steps per byte; real pages take fewer than two.
const STEPS_PER_BYTE: u64 = 32;

/// Bytes fed between two looks at the counts. One chunk can hold some 800 openings.
const CHUNK: usize = 4_096;

/// A parsed page, as far as the limits allow.
pub(super) struct Parsed {
    pub(super) html: Html,
    /// The limit that was met, and the byte of the markup up to which the tree goes.
    pub(super) stopped: Option<(&'static str, usize)>,
}

/// Parses markup into a tree.
pub(super) fn parse(markup: &str) -> Parsed {
    let options = ParseOpts {
        tree_builder: TreeBuilderOpts {
            // What stands in `<noscript>` is parsed apart: an element that is not closed in it
            // would swallow the page behind.
            scripting_enabled: true,
            ..TreeBuilderOpts::default()
        },
        ..ParseOpts::default()
    };
    let mut parser = parse_document(CappedSink::default(), options);
    let mut fed = 0;
    let mut stopped = None;
    while fed < markup.len() {
        let chunk = chunk(markup, fed);
        parser.process(StrTendril::from_slice(chunk));
        fed += chunk.len();
        let sink = &parser.tokenizer.sink.sink;
        if let Some(limit) = sink.exceeded(fed)
            && fed < markup.len()
        {
            stopped = Some((limit, fed));
            break;
        }
    }
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
    depths: RefCell<Vec<u16>>,
    deepest: Cell<u16>,
    steps: Cell<u64>,
}

impl Default for CappedSink {
    fn default() -> Self {
        Self {
            inner: HtmlTreeSink::new(Html::new_document()),
            depths: RefCell::new(vec![0]),
            deepest: Cell::new(0),
            steps: Cell::new(0),
        }
    }
}

impl CappedSink {
    /// The limit that the page has gone over with that many bytes.
    fn exceeded(&self, bytes: usize) -> Option<&'static str> {
        let nodes = u32::try_from(self.depths.borrow().len()).unwrap_or(u32::MAX);
        let most = u32::try_from(bytes).unwrap_or(u32::MAX).saturating_add(SPARE_NODES);
        if self.deepest.get() > MAX_DEPTH {
            Some("html_too_deep")
        } else if nodes > most.min(MAX_NODES) {
            Some("html_too_many_nodes")
        } else if self.steps.get() > STEPS_PER_BYTE * bytes as u64 + SPARE_STEPS {
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

    fn create_comment(&self, text: StrTendril) -> Handle {
        self.handle(self.inner.create_comment(text))
    }

    fn create_pi(&self, target: StrTendril, data: StrTendril) -> Handle {
        self.handle(self.inner.create_pi(target, data))
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        self.step();
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
