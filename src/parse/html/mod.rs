//! A page → [`Document`]: one parse, one walk.
//!
//! Takes decoded markup; gives blocks in reading order, the elements that the profile's selectors
//! matched, and what the page says about itself. Never fails: what lies beyond a limit is read
//! without structure, with a warning that names the limit.

mod element;
mod flat;
mod head;
mod prestrip;
mod sink;
mod table;
mod tag;
mod walk;

use ego_tree::NodeId;
use ego_tree::iter::Edge;
use html5ever::local_name;
use rustc_hash::FxHashMap;
use scraper::{ElementRef, Html};

pub use prestrip::Keep;

use crate::model::capture::Warning;
use crate::model::document::{Block, Document, Traits};
use crate::model::head::{Saved, Script};
use crate::model::outline::{self, Place};
use crate::model::piece::Field;
use crate::profile::data::Thread;
use crate::profile::selector::{Climbs, Looks, Selectors};

/// Most `<noscript>` elements of a page that are read.
const MAX_NOSCRIPTS: usize = 1_000;

/// A parsed page, before its profile is chosen.
pub struct Page {
    trees: Trees,
    /// What the trees have taken of the page's limits.
    spent: sink::Spent,
    /// Title of the thread that stands in the page's data, and the line of its script.
    told: Option<(Option<String>, u32)>,
    scripts: Vec<Script>,
    saved: Option<Saved>,
    /// The text beyond the limits.
    rest: String,
    warnings: Vec<Warning>,
}

/// The tree of a page, and those of its `<noscript>` elements.
struct Trees {
    page: Html,
    noscripts: Vec<Html>,
    by_element: FxHashMap<NodeId, usize>,
    /// The posts that stand in the page's data.
    posts: Vec<Post>,
}

/// A post that stands in the page's data.
struct Post {
    body: Body,
    facts: Vec<(Field, String)>,
}

/// The text of a post.
enum Body {
    Tree(Html),
    /// What lies beyond the limits of the page's trees.
    Lines(String),
}

impl Trees {
    /// Tree 0 is the page's own.
    fn get(&self, number: usize) -> Option<&Html> {
        self.all().nth(number)
    }

    /// The page's own, those of `<noscript>`, those of posts.
    fn all(&self) -> impl Iterator<Item = &Html> {
        let posts = self.posts.iter().filter_map(|post| match &post.body {
            Body::Tree(tree) => Some(tree),
            Body::Lines(_) => None,
        });
        std::iter::once(&self.page).chain(&self.noscripts).chain(posts)
    }

    /// Number of the first tree of a post.
    fn first_post(&self) -> usize {
        1 + self.noscripts.len()
    }

    /// The tree of a `<noscript>` element of the page.
    fn of_noscript(&self, tree: usize, element: NodeId) -> Option<usize> {
        self.by_element.get(&element).copied().filter(|_| tree == 0)
    }
}

/// Parses a page.
pub fn parse(text: &str) -> Page {
    parse_keeping(text, Keep::default())
}

/// Parses a page and keeps elements of some names, that are dropped otherwise: selectors find
/// them, but their insides are no text. Of attributes it keeps those that stages look at and those
/// that are asked for.
pub fn parse_keeping(text: &str, keep: Keep<'_>) -> Page {
    let stripped = prestrip::prestrip(text, keep);
    let mut spent = sink::Spent::default();
    let parsed = sink::parse(&stripped.markup, &mut spent);
    let mut warnings = Vec::new();
    let mut rest = String::new();
    if let Some((limit, at)) = parsed.stopped {
        rest = flat::text(stripped.markup.get(at..).unwrap_or_default());
        let detail = format!("read without structure from byte {at} of {}", stripped.markup.len());
        warnings.push(Warning::new(limit, detail));
    }
    if stripped.attributes_cut > 0 {
        warnings.push(Warning::new("html_attributes_cut", stripped.attributes_cut.to_string()));
    }
    let mut trees = Trees {
        page: parsed.html,
        noscripts: Vec::new(),
        by_element: FxHashMap::default(),
        posts: Vec::new(),
    };
    let mut flat: Vec<(&str, usize)> = Vec::new();
    for element in trees.page.tree.nodes().filter_map(ElementRef::wrap) {
        if element.value().name.local != local_name!("noscript") {
            continue;
        }
        let inside: String = element.text().collect();
        if !has_text(&inside) {
            continue;
        }
        if trees.noscripts.len() >= MAX_NOSCRIPTS {
            rest.push_str(&flat::text(&inside));
            rest.push('\n');
            count(&mut flat, "html_too_many_noscripts");
            continue;
        }
        let inside = wrapped(element, &inside);
        let parsed = sink::parse(&inside, &mut spent);
        if let Some((limit, at)) = parsed.stopped {
            rest.push_str(&flat::text(inside.get(at..).unwrap_or_default()));
            rest.push('\n');
            count(&mut flat, limit);
        }
        trees.noscripts.push(parsed.html);
        trees.by_element.insert(element.id(), trees.noscripts.len());
    }
    for (limit, times) in flat {
        warnings.push(Warning::new(limit, format!("in {times} <noscript>")));
    }
    Page {
        trees,
        spent,
        told: None,
        scripts: stripped.scripts,
        saved: stripped.saved,
        rest,
        warnings,
    }
}

fn count<'l>(counts: &mut Vec<(&'l str, usize)>, limit: &'l str) {
    match counts.iter_mut().find(|(known, _)| *known == limit) {
        Some((_, times)) => *times += 1,
        None => counts.push((limit, 1)),
    }
}

/// The markup inside an element in a `<div>` that has its id and its classes, so that selectors
/// can name them.
fn wrapped(element: ElementRef<'_>, inside: &str) -> String {
    let mut markup = String::with_capacity(inside.len() + 64);
    markup.push_str("<div");
    for (name, value) in element.value().attrs() {
        if matches!(name, "id" | "class") && !value.contains('"') {
            markup.extend([" ", name, "=\"", value, "\""]);
        }
    }
    markup.push('>');
    // An element of the same name inside it is none where scripts do not run.
    let mut rest = inside;
    while let Some(at) = memchr::memmem::find(rest.as_bytes(), b"<") {
        let (before, tag) = rest.split_at(at);
        markup.push_str(before);
        let opens = tag.get(..9).is_some_and(|name| name.eq_ignore_ascii_case("<noscript"));
        let length = if opens { tag::tag_end(tag.as_bytes()).0 } else { 1 };
        if !opens {
            markup.push('<');
        }
        rest = tag.get(length..).unwrap_or_default();
    }
    markup.push_str(rest);
    markup
}

/// Whether markup has a word outside its tags: most `<noscript>` elements hold a picture.
fn has_text(markup: &str) -> bool {
    let mut rest = markup;
    while let Some(start) = memchr::memchr(b'<', rest.as_bytes()) {
        if rest.get(..start).is_some_and(|text| text.contains(char::is_alphanumeric)) {
            return true;
        }
        let (length, _) = tag::tag_end(rest.as_bytes().get(start..).unwrap_or_default());
        rest = rest.get(start + length..).unwrap_or_default();
    }
    rest.contains(char::is_alphanumeric)
}

impl Page {
    /// Which selectors match some element.
    pub fn seen(&self, selectors: &Selectors) -> Vec<bool> {
        let mut seen = vec![false; selectors.len()];
        let mut found = Vec::new();
        let (mut climbs, mut looks) = (Climbs::default(), Looks::default());
        for html in self.trees.all() {
            let costly = selectors.costly(html, &mut looks);
            let mut depth = 0_u16;
            for edge in html.tree.root().traverse() {
                let Edge::Open(node) = edge else {
                    depth = depth.saturating_sub(1);
                    continue;
                };
                depth = depth.saturating_add(1);
                let Some(element) = ElementRef::wrap(node) else { continue };
                selectors.matching((element, depth), &costly, &mut climbs, &mut found);
                for number in &found {
                    if let Some(slot) = seen.get_mut(*number as usize) {
                        *slot = true;
                    }
                }
            }
        }
        seen
    }

    /// The address that the page gives as its own.
    pub fn address(&self) -> Option<String> {
        let has_word = |value: Option<&str>, word: &str| {
            value.is_some_and(|value| {
                value.split_ascii_whitespace().any(|own| own.eq_ignore_ascii_case(word))
            })
        };
        let (mut link, mut meta) = (None, None);
        for element in self.trees.page.tree.nodes().filter_map(|node| node.value().as_element()) {
            match element.name.local {
                local_name!("link")
                    if link.is_none() && has_word(element.attr("rel"), "canonical") =>
                {
                    link = Some(element.attr("href"));
                }
                local_name!("meta")
                    if meta.is_none()
                        && element
                            .attr("property")
                            .is_some_and(|own| own.eq_ignore_ascii_case("og:url")) =>
                {
                    meta = Some(element.attr("content"));
                }
                _ => {}
            }
        }
        let address = |value: Option<Option<&str>>| {
            let value = value??.trim();
            value.contains("://").then(|| value.to_owned())
        };
        address(link)
            .or_else(|| address(meta))
            .or_else(|| self.saved.as_ref().and_then(|saved| saved.url.clone()))
    }

    /// Scripts of the page that hold data.
    pub fn scripts(&self) -> &[Script] {
        &self.scripts
    }

    /// Reads the posts of a thread that stands in the page's data: from now on
    /// [`Page::document`] has them, behind all that the page shows. They share its limits.
    pub fn tell(&mut self, thread: Thread) {
        let mut flat: Vec<(&str, usize)> = Vec::new();
        for post in thread.posts {
            let markup = prestrip::prestrip(&post.body, Keep::default()).markup;
            let parsed = sink::parse(&markup, &mut self.spent);
            let body = match parsed.stopped {
                None => Body::Tree(parsed.html),
                Some((limit, _)) => {
                    count(&mut flat, limit);
                    Body::Lines(flat::text(&markup))
                }
            };
            self.trees.posts.push(Post { body, facts: post.facts });
        }
        for (limit, times) in flat {
            self.warnings.push(Warning::new(limit, format!("in {times} posts")));
        }
        self.told = Some((thread.title, thread.line));
    }

    /// The page in blocks, with what the selectors match.
    pub fn document(&self, selectors: &Selectors) -> Document {
        self.read(selectors, false)
    }

    /// The same, with where in the markup each block stands.
    pub fn outlined(&self, selectors: &Selectors) -> Document {
        self.read(selectors, true)
    }

    fn read(&self, selectors: &Selectors, outlined: bool) -> Document {
        let mut looks = Looks::default();
        let trees = self.trees.all();
        let costly: Vec<_> = trees.map(|html| selectors.costly(html, &mut looks)).collect();
        let mut document = walk::walk(&self.trees, selectors, &costly, outlined);
        if let Some(markup) = document.markup.as_mut().filter(|_| looks.are_spent()) {
            markup.warnings.push(Warning::new("selectors_too_costly", ""));
        }
        if let (Some(markup), Some((title, line))) = (&mut document.markup, &self.told)
            && let Some(told) = &mut markup.told
        {
            told.title.clone_from(title);
            told.line = *line;
        }
        append(&mut document, &self.rest);
        if let Some(markup) = &mut document.markup {
            markup.head.scripts.clone_from(&self.scripts);
            markup.head.saved.clone_from(&self.saved);
            markup.warnings.extend(self.warnings.iter().cloned());
        }
        document
    }
}

/// Adds what was read without structure.
fn append(document: &mut Document, rest: &str) {
    if rest.is_empty() {
        return;
    }
    let more = super::text::parse(rest);
    let shift = u32::try_from(document.text.len()).unwrap_or(u32::MAX);
    let lines = u32::try_from(document.blocks.len()).unwrap_or(u32::MAX);
    document.text.push_str(&more.text);
    for (number, block) in (1..).zip(&more.blocks) {
        document.blocks.push(Block {
            start: block.start.saturating_add(shift),
            end: block.end.saturating_add(shift),
            line: lines.saturating_add(number),
            ..*block
        });
        if let Some(markup) = &mut document.markup {
            markup.traits.push(Traits::default());
            if let Some(outline) = &mut markup.outline {
                outline.places.push(Place { element: outline::NONE, runs: Vec::new() });
            }
        }
    }
}
