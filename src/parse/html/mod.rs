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

use scraper::{ElementRef, Html};

use crate::model::capture::Warning;
use crate::model::document::{Block, Document, Traits};
use crate::model::head::{Saved, Script};
use crate::profile::selector::Selectors;

/// A parsed page, before its profile is chosen.
pub struct Page {
    html: Html,
    scripts: Vec<Script>,
    saved: Option<Saved>,
    /// The text beyond the limits.
    rest: String,
    warnings: Vec<Warning>,
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
    Page { html: parsed.html, scripts: stripped.scripts, saved: stripped.saved, rest, warnings }
}

impl Page {
    /// Which selectors match some element.
    pub fn seen(&self, selectors: &Selectors) -> Vec<bool> {
        let mut seen = vec![false; selectors.len()];
        let costly = selectors.costly(&self.html);
        let mut found = Vec::new();
        for node in self.html.tree.nodes() {
            let Some(element) = ElementRef::wrap(node) else { continue };
            selectors.matching(element, &costly, &mut found);
            for number in &found {
                if let Some(slot) = seen.get_mut(*number as usize) {
                    *slot = true;
                }
            }
        }
        seen
    }

    /// The address that the page gives as its own.
    pub fn address(&self) -> Option<String> {
        let select = |css: &str, attribute: &str| {
            let selector = scraper::Selector::parse(css).ok()?;
            let value = self.html.select(&selector).next()?.value().attr(attribute)?.trim();
            value.contains("://").then(|| value.to_owned())
        };
        select("link[rel~='canonical' i]", "href")
            .or_else(|| select("meta[property='og:url' i]", "content"))
            .or_else(|| self.saved.as_ref().and_then(|saved| saved.url.clone()))
    }

    /// The page in blocks, with what the selectors match.
    pub fn document(&self, selectors: &Selectors) -> Document {
        let costly = selectors.costly(&self.html);
        let mut document = walk::walk(self.html.tree.root(), selectors, &costly);
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
