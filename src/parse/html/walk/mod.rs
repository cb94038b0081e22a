//! One walk over the tree: blocks, what selectors matched, and what the page says about itself.
//!
//! Iterative, so that no nesting can overflow a stack. Words are never joined or split: an inline
//! element breaks no word, and elements that stand side by side without a space, such as the cells
//! of a card, are kept apart.

mod container;
mod outline;
mod words;

use ego_tree::{NodeId, NodeRef};
use html5ever::local_name;
use scraper::{ElementRef, Node};

use super::element::{Display, FNV_OFFSET, display, heading, place_of};
use super::head::Notes;
use super::{Body, Trees};
use crate::model::capture::Warning;
use crate::model::document::{
    BlockKind, Container, Document, Glue, Markup, Spot, Told, ToldPost, Traits, place,
};
use crate::profile::selector::{Climbs, Costly, Selectors, Want};
use container::Labels;

/// Most bytes of such a text that a selector is told; the data of a page's longest script are
/// longer only where they hold more than its article.
const MAX_SAID_BYTES: usize = 1 << 20;

/// Reads a tree, and those of its `<noscript>` elements, into a document.
pub(super) fn walk(
    trees: &Trees,
    selectors: &Selectors,
    costly: &[Costly],
    outlined: bool,
) -> Document {
    let mut walker = Walker::new(trees, selectors, costly);
    walker.markup.outline = outlined.then(Box::default);
    walker.markup.containers.push(Container { end: 1, path: FNV_OFFSET, ..Container::default() });
    walker.tree(0, State::default());
    walker.posts();
    walker.finish()
}

/// What holds for all that is inside an element.
#[derive(Debug, Clone, Copy, Default)]
struct State {
    places: u32,
    depth: u16,
    quotes: u8,
    /// Number of the innermost container.
    container: u32,
    /// Of the innermost element that gives blocks a kind.
    kind: Option<BlockKind>,
    in_link: bool,
    /// Number of the innermost element.
    element: u32,
}

/// An open element.
struct Frame<'t> {
    node: NodeRef<'t, Node>,
    /// What held outside.
    outer: State,
    display: Display,
    /// Number of the element in the page's order.
    number: u32,
    /// Where the spots of this element stand in the walker's list.
    spots: std::ops::Range<usize>,
    /// Whether a selector asks for a block of its own.
    apart: bool,
    /// What of it is noted: where the text begins, and what for.
    noted: Option<usize>,
    /// Whether it is styled: then text in the next element beside it is another word.
    styled: bool,
}

impl<'t> Frame<'t> {
    fn new(node: NodeRef<'t, Node>) -> Self {
        Self {
            node,
            outer: State::default(),
            display: Display::Inline,
            number: 0,
            spots: 0..0,
            apart: false,
            noted: None,
            styled: false,
        }
    }
}

struct Walker<'s> {
    trees: &'s Trees,
    selectors: &'s Selectors,
    costly: &'s [Costly],
    /// The tree at hand.
    tree: usize,
    document: Document,
    markup: Markup,
    notes: Notes,
    /// Where the text of the block at hand begins.
    start: usize,
    /// What will stand above the next block.
    glue: Glue,
    /// Whether white space stands before the next word.
    space: bool,
    /// The block at hand.
    traits: Traits,
    kind: BlockKind,
    indent: u8,
    /// Number of the next element.
    number: u32,
    /// Length of the text where a styled inline element was closed last.
    closed_at: usize,
    matched: Vec<u32>,
    climbs: Climbs,
    labels: Labels,
}

impl<'s> Walker<'s> {
    fn new(trees: &'s Trees, selectors: &'s Selectors, costly: &'s [Costly]) -> Self {
        Self {
            trees,
            selectors,
            costly,
            tree: 0,
            document: Document::default(),
            markup: Markup::default(),
            notes: Notes::default(),
            start: 0,
            glue: Glue::Paragraph,
            space: false,
            traits: Traits::default(),
            kind: BlockKind::Paragraph,
            indent: 0,
            number: 0,
            closed_at: usize::MAX,
            matched: Vec::new(),
            climbs: Climbs::default(),
            labels: Labels::default(),
        }
    }

    /// Reads the posts that stand in the page's data.
    fn posts(&mut self) {
        let trees = self.trees;
        let mut told = Told::default();
        let mut tree = trees.first_post();
        for post in &trees.posts {
            self.separate(Glue::Paragraph);
            let (enter, first) = (self.number, self.document.blocks.len());
            self.number = self.number.saturating_add(1);
            self.outline_post(enter);
            let state = State { element: enter, ..State::default() };
            match &post.body {
                Body::Tree(_) => {
                    self.tree(tree, state);
                    tree += 1;
                }
                Body::Lines(text) => {
                    for line in text.lines() {
                        self.text(line, state);
                        self.separate(Glue::Line);
                    }
                }
            }
            self.separate(Glue::Paragraph);
            self.outline_end(enter);
            told.posts.push(ToldPost {
                facts: post.facts.clone(),
                element: (enter, self.number),
                blocks: first..self.document.blocks.len(),
            });
        }
        self.markup.told = (!told.posts.is_empty()).then_some(told);
    }

    /// Reads one tree, from wherever the walk stands.
    fn tree(&mut self, number: usize, mut state: State) {
        let trees = self.trees;
        let Some(tree) = trees.get(number) else { return };
        let outer = std::mem::replace(&mut self.tree, number);
        let mut frames: Vec<Frame<'_>> = Vec::with_capacity(64);
        let mut next = tree.tree.root().first_child();
        loop {
            if let Some(node) = next {
                let inside = self.enter(node, &mut frames, &mut state);
                next = if inside { node.first_child() } else { node.next_sibling() };
            } else {
                let Some(frame) = frames.pop() else { break };
                next = frame.node.next_sibling();
                let inside = std::mem::replace(&mut state, frame.outer);
                self.close(frame, inside);
            }
        }
        self.tree = outer;
    }

    /// Takes a node. Says whether to go inside.
    fn enter<'t>(
        &mut self,
        node: NodeRef<'t, Node>,
        frames: &mut Vec<Frame<'t>>,
        state: &mut State,
    ) -> bool {
        match node.value() {
            Node::Text(text) => {
                self.text_node(node.id(), text, *state);
                false
            }
            Node::Element(_) => {
                ElementRef::wrap(node).is_some_and(|element| self.open(element, frames, state))
            }
            // The contents of a template stand in a fragment of their own.
            Node::Fragment => {
                frames.push(Frame { outer: *state, ..Frame::new(node) });
                true
            }
            _ => false,
        }
    }

    /// Takes a text, which a selector may ask for as it does for elements.
    fn text_node(&mut self, node: NodeId, text: &str, state: State) {
        let costly = self.costly.get(self.tree);
        let matched = costly.map_or(&[][..], |costly| costly.of_text(node));
        if matched.is_empty() {
            return self.text(text, state);
        }
        self.separate(Glue::Tight);
        let start = self.document.blocks.len();
        self.text(text, state);
        self.separate(Glue::Tight);
        let (enter, exit) = (self.number, self.number.saturating_add(1));
        self.number = exit;
        self.outline_text(state);
        for selector in matched {
            let blocks = start..self.document.blocks.len();
            self.markup.spots.push(Spot { selector: *selector, enter, exit, blocks, value: None });
        }
    }

    /// Notes what selectors match of an element that is no part of the text.
    fn unseen(&mut self, element: ElementRef<'_>, state: State) {
        let depth = state.depth.saturating_add(1);
        let mut matched = std::mem::take(&mut self.matched);
        if let Some(costly) = self.costly.get(self.tree) {
            self.selectors.matching((element, depth), costly, &mut self.climbs, &mut matched);
        }
        let enter = self.number;
        let exit = enter.saturating_add(1);
        self.number = exit;
        self.outline_element(element, state);
        let here = self.document.blocks.len();
        for selector in &matched {
            let value = match self.selectors.want(*selector) {
                Want::Text => Some(said(element)),
                Want::Attribute(name) => element.attr(name).map(|text| text.trim().to_owned()),
            };
            let selector = *selector;
            self.markup.spots.push(Spot { selector, enter, exit, blocks: here..here, value });
        }
        self.matched = matched;
    }

    /// Opens an element. Says whether to go inside.
    fn open<'t>(
        &mut self,
        element: ElementRef<'t>,
        frames: &mut Vec<Frame<'t>>,
        state: &mut State,
    ) -> bool {
        let value = element.value();
        let name = &value.name.local;
        let number = self.number;
        self.number = self.number.saturating_add(1);
        self.outline_element(element, *state);
        let mut matched = std::mem::take(&mut self.matched);
        if let Some(costly) = self.costly.get(self.tree) {
            let at = (element, state.depth);
            self.selectors.matching(at, costly, &mut self.climbs, &mut matched);
        }
        let display = display(name);
        let apart = !matched.is_empty();
        match display {
            Display::Block(glue) => self.separate(glue),
            Display::Break => self.line_break(),
            Display::InlineBlock => self.space(),
            Display::Image => self.image(value, *state),
            Display::None | Display::Inline => {}
        }
        if apart {
            self.separate(Glue::Tight);
        }
        let first_spot = self.markup.spots.len();
        for selector in &matched {
            let value = match self.selectors.want(*selector) {
                Want::Text => (display == Display::None).then(|| said(element)),
                Want::Attribute(name) => value.attr(name).map(|text| text.trim().to_owned()),
            };
            let blocks = self.document.blocks.len()..self.document.blocks.len();
            let exit = number.saturating_add(1);
            self.markup.spots.push(Spot {
                selector: *selector,
                enter: number,
                exit,
                blocks,
                value,
            });
        }
        self.matched = matched;
        if display == Display::None {
            if *name == local_name!("head") {
                // What the head holds is noted, not read.
                self.notes.head(element);
                if !self.selectors.is_empty() {
                    for child in element.descendants().skip(1).filter_map(ElementRef::wrap) {
                        self.unseen(child, State { element: number, ..*state });
                    }
                }
            } else {
                self.notes.outside_text(element);
            }
            return false;
        }
        if matches!(display, Display::Break | Display::Image) {
            return false;
        }
        if *name == local_name!("noscript") {
            if let Some(inner) = self.trees.of_noscript(self.tree, element.id()) {
                let places = state.places | place::NOSCRIPT;
                self.separate(Glue::Paragraph);
                self.tree(inner, State { places, ..*state });
                self.separate(Glue::Paragraph);
            }
            return false;
        }
        let styled = matches!(*name, local_name!("a") | local_name!("span"))
            && value.attrs.iter().any(|(name, _)| name.local == local_name!("class"));
        if styled && self.closed_at == self.document.text.len() {
            self.space();
        }
        let line = u32::try_from(self.document.blocks.len() + 1).unwrap_or(u32::MAX);
        let noted =
            self.notes.open(element, state.places, line).then_some(self.document.text.len());
        let is_link = *name == local_name!("a")
            && value.attrs.iter().any(|(n, _)| n.local == local_name!("href"));
        frames.push(Frame {
            node: *element,
            outer: *state,
            display,
            number,
            spots: first_spot..self.markup.spots.len(),
            apart,
            noted,
            styled,
        });
        let places = place_of(value);
        state.places |= places;
        state.depth = state.depth.saturating_add(1);
        state.quotes = state.quotes.saturating_add(u8::from(places & place::QUOTE != 0));
        state.in_link |= is_link;
        state.element = number;
        if matches!(display, Display::Block(_)) {
            state.container = self.container(value, state.container);
        }
        if let Some(level) = heading(name) {
            state.kind = Some(BlockKind::Heading(level));
        } else {
            match *name {
                local_name!("li") | local_name!("dd") | local_name!("dt") => {
                    state.kind = Some(BlockKind::ListItem);
                }
                local_name!("pre")
                | local_name!("listing")
                | local_name!("xmp")
                | local_name!("plaintext") => state.kind = Some(BlockKind::Preformatted),
                local_name!("table") | local_name!("blockquote") => state.kind = None,
                _ => {}
            }
        }
        true
    }

    fn close(&mut self, frame: Frame<'_>, state: State) {
        if matches!(frame.display, Display::Block(_)) {
            let end = u32::try_from(self.markup.containers.len()).unwrap_or(u32::MAX);
            if let Some(container) = self.markup.containers.get_mut(state.container as usize) {
                container.end = end;
            }
        }
        if frame.apart {
            self.separate(Glue::Tight);
        }
        match frame.display {
            Display::Block(glue) => self.separate(glue),
            Display::InlineBlock => self.space(),
            _ => {}
        }
        for spot in self.markup.spots.get_mut(frame.spots).unwrap_or_default() {
            spot.exit = self.number.max(frame.number.saturating_add(1));
            spot.blocks.end = self.document.blocks.len();
        }
        if let Some(from) = frame.noted {
            let text = self.document.text.get(from..).unwrap_or_default();
            self.notes.close(text);
        }
        if frame.styled {
            self.closed_at = self.document.text.len();
        }
        // The contents of a template are no element.
        if frame.node.value().is_element() {
            self.outline_end(frame.number);
        }
    }

    fn finish(mut self) -> Document {
        self.separate(Glue::Paragraph);
        let all = u32::try_from(self.markup.containers.len()).unwrap_or(u32::MAX);
        if let Some(page) = self.markup.containers.first_mut() {
            page.end = all;
        }
        self.markup.spots.sort_by_key(|spot| (spot.selector, spot.enter));
        self.markup.head = self.notes.finish();
        self.markup.labels = self.labels.all;
        if self.climbs.are_spent() {
            self.markup.warnings.push(Warning::new("selectors_too_costly", ""));
        }
        self.document.markup = Some(Box::new(self.markup));
        self.document
    }
}

/// The text in an element that is no part of the page's text, such as a title or a script.
fn said(element: ElementRef<'_>) -> String {
    let mut text = String::new();
    for part in element.text() {
        text.push_str(part.get(..part.floor_char_boundary(MAX_SAID_BYTES)).unwrap_or_default());
        if text.len() >= MAX_SAID_BYTES {
            break;
        }
    }
    text.trim().to_owned()
}
