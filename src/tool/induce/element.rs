//! The elements of a page, with what names them and where their text stands.

use std::ops::Range;

use crate::model::document::Document;
use crate::model::outline::{self, NONE, Outline};

/// One element of a page. Elements stand in the page's order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Element {
    /// Place of the element around it; its own for the outermost ones.
    pub(super) parent: usize,
    /// The first place behind the elements inside it.
    pub(super) end: usize,
    /// Name of its tag, in lower case.
    pub(super) name: String,
    /// Its `id`, where it has one.
    pub(super) id: Option<String>,
    /// Its classes, as written.
    pub(super) classes: Vec<String>,
    /// Its attributes, but for long ones.
    pub(super) attributes: Vec<(String, String)>,
    /// Where its text stands in the document's buffer; empty where it has none.
    pub(super) text: Range<usize>,
}

impl Element {
    /// The value of an attribute.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(own, _)| *own == name).map(|(_, value)| value.as_str())
    }
}

/// The elements of a page that was read with its outline; none of a text.
pub(super) fn elements(document: &Document) -> Vec<Element> {
    let outline = document.markup.as_ref().and_then(|markup| markup.outline.as_deref());
    let Some(outline) = outline else { return Vec::new() };
    let mut elements: Vec<Element> = (0_usize..).zip(&outline.elements).map(named).collect();
    for (from, to, element) in runs(document, outline) {
        if let Some(element) = elements.get_mut(element) {
            widen(&mut element.text, from..to);
        }
    }
    // Children stand behind their parents.
    for at in (0..elements.len()).rev() {
        let Some((parent, text)) = elements.get(at).map(|it| (it.parent, it.text.clone())) else {
            continue;
        };
        if let Some(around) = elements.get_mut(parent) {
            widen(&mut around.text, text);
        }
    }
    elements
}

fn named((place, known): (usize, &outline::Element)) -> Element {
    Element {
        parent: if known.parent == NONE { place } else { known.parent as usize },
        end: known.end as usize,
        name: known.name.clone(),
        id: known.attribute("id").map(str::to_owned),
        classes: known
            .attribute("class")
            .map(|classes| classes.split_whitespace().map(str::to_owned).collect())
            .unwrap_or_default(),
        attributes: known.attributes.clone(),
        text: 0..0,
    }
}

/// Parts of the text, each with the innermost element around it.
fn runs(document: &Document, outline: &Outline) -> Vec<(usize, usize, usize)> {
    let mut runs = Vec::new();
    for (block, place) in document.blocks.iter().zip(&outline.places) {
        let range = block.range();
        if place.runs.is_empty() {
            runs.push((range.start, range.end, place.element as usize));
        }
        let ends = place.runs.iter().skip(1).map(|(from, _)| *from as usize).chain([range.end]);
        for ((from, element), to) in place.runs.iter().zip(ends) {
            runs.push((*from as usize, to, *element as usize));
        }
    }
    runs
}

fn widen(text: &mut Range<usize>, by: Range<usize>) {
    if text.start == text.end {
        *text = by;
    } else if by.start < by.end {
        *text = text.start.min(by.start)..text.end.max(by.end);
    }
}
