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
mod walk;

use ego_tree::NodeId;
use html5ever::local_name;
use rustc_hash::FxHashMap;
use scraper::{ElementRef, Html};

use crate::model::capture::Warning;
use crate::model::document::{Block, Document, Traits};
use crate::model::head::{Saved, Script};
use crate::profile::selector::Selectors;

/// Most `<noscript>` elements of a page that are read.
const MAX_NOSCRIPTS: usize = 1_000;

/// A parsed page, before its profile is chosen.
pub struct Page {
    trees: Trees,
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
}

impl Trees {
    /// Tree 0 is the page's own.
    fn get(&self, number: usize) -> Option<&Html> {
        match number.checked_sub(1) {
            None => Some(&self.page),
            Some(inner) => self.noscripts.get(inner),
        }
    }

    fn all(&self) -> impl Iterator<Item = &Html> {
        std::iter::once(&self.page).chain(&self.noscripts)
    }

    /// The tree of a `<noscript>` element of the page.
    fn of_noscript(&self, tree: usize, element: NodeId) -> Option<usize> {
        self.by_element.get(&element).copied().filter(|_| tree == 0)
    }
}

/// Parses a page.
pub fn parse(text: &str) -> Page {
    let stripped = prestrip::prestrip(text);
    let parsed = sink::parse(&stripped.markup);
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
    let mut trees =
        Trees { page: parsed.html, noscripts: Vec::new(), by_element: FxHashMap::default() };
    for element in trees.page.tree.nodes().filter_map(ElementRef::wrap) {
        if element.value().name.local != local_name!("noscript")
            || trees.noscripts.len() >= MAX_NOSCRIPTS
        {
            continue;
        }
        let inside: String = element.text().collect();
        if !has_text(&inside) {
            continue;
        }
        let inside = wrapped(element, &inside);
        let parsed = sink::parse(&inside);
        if let Some((limit, at)) = parsed.stopped {
            rest.push_str(&flat::text(inside.get(at..).unwrap_or_default()));
            warnings.push(Warning::new(limit, "in <noscript>"));
        }
        trees.noscripts.push(parsed.html);
        trees.by_element.insert(element.id(), trees.noscripts.len());
    }
    Page { trees, scripts: stripped.scripts, saved: stripped.saved, rest, warnings }
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
    markup.extend([">", inside]);
    markup
}

/// Whether markup has a word outside its tags: most `<noscript>` elements hold a picture.
fn has_text(markup: &str) -> bool {
    let mut rest = markup;
    while let Some(start) = memchr::memchr(b'<', rest.as_bytes()) {
        if rest.get(..start).is_some_and(|text| text.contains(char::is_alphanumeric)) {
            return true;
        }
        let Some(end) = memchr::memchr(b'>', rest.as_bytes().get(start..).unwrap_or_default())
        else {
            return false;
        };
        rest = rest.get(start + end + 1..).unwrap_or_default();
    }
    rest.contains(char::is_alphanumeric)
}

impl Page {
    /// Which selectors match some element.
    pub fn seen(&self, selectors: &Selectors) -> Vec<bool> {
        let mut seen = vec![false; selectors.len()];
        let mut found = Vec::new();
        for html in self.trees.all() {
            let costly = selectors.costly(html);
            for element in html.tree.nodes().filter_map(ElementRef::wrap) {
                selectors.matching(element, &costly, &mut found);
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
        let select = |css: &str, attribute: &str| {
            let selector = scraper::Selector::parse(css).ok()?;
            let value = self.trees.page.select(&selector).next()?.value().attr(attribute)?.trim();
            value.contains("://").then(|| value.to_owned())
        };
        select("link[rel~='canonical' i]", "href")
            .or_else(|| select("meta[property='og:url' i]", "content"))
            .or_else(|| self.saved.as_ref().and_then(|saved| saved.url.clone()))
    }

    /// The page in blocks, with what the selectors match.
    pub fn document(&self, selectors: &Selectors) -> Document {
        let costly: Vec<_> = self.trees.all().map(|html| selectors.costly(html)).collect();
        let mut document = walk::walk(&self.trees, selectors, &costly);
        append(&mut document, &self.rest);
        if let Some(markup) = &mut document.markup {
            markup.head.scripts.clone_from(&self.scripts);
            markup.head.saved.clone_from(&self.saved);
            markup.warnings.clone_from(&self.warnings);
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
        }
    }
}
