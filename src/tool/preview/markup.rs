//! The markup of a capture, made harmless: the only way by which any of it reaches a preview.
//!
//! Owns `ammonia`. Takes blocks and their places; gives HTML that holds text and inline emphasis,
//! without attributes: no address, no handler, no style.

use std::collections::{HashMap, HashSet};

use crate::model::document::Document;
use crate::model::outline::{Element, Outline, Place};

/// Elements inside a block that a preview shows. Links are shown, and lead nowhere.
const INLINE: [&str; 22] = [
    "a", "abbr", "b", "cite", "code", "del", "dfn", "em", "i", "ins", "kbd", "mark", "q", "s",
    "samp", "small", "strong", "sub", "sup", "time", "u", "var",
];

/// Most elements around a run of text that are shown: real pages nest two or three.
const MAX_NESTING: usize = 8;

/// Makes markup harmless.
pub(super) struct Cleaner(ammonia::Builder<'static>);

impl Cleaner {
    pub(super) fn new() -> Self {
        let mut builder = ammonia::Builder::empty();
        builder
            .tags(HashSet::from(INLINE))
            .tag_attributes(HashMap::new())
            .generic_attributes(HashSet::new())
            .url_schemes(HashSet::new())
            .link_rel(None);
        Self(builder)
    }

    /// The text of a block as HTML.
    pub(super) fn block(&self, document: &Document, index: usize) -> String {
        let text = document.block_text(index);
        let outline = document.markup.as_ref().and_then(|markup| markup.outline.as_deref());
        let placed = outline.and_then(|own| own.places.get(index).map(|place| (own, place)));
        let (Some((outline, place)), Some(block)) = (placed, document.blocks.get(index)) else {
            return escape(text);
        };
        match markup(outline, place, document, block.end as usize) {
            Some(markup) => self.0.clean(&markup).to_string(),
            None => escape(text),
        }
    }
}

/// A block's text with the elements inside it, as the capture has them; nothing where there are
/// none.
fn markup(outline: &Outline, place: &Place, document: &Document, end: usize) -> Option<String> {
    let mut markup = String::new();
    let mut shown = false;
    for (number, (start, element)) in place.runs.iter().enumerate() {
        let next = place.runs.get(number + 1).map_or(end, |(start, _)| *start as usize);
        let text = document.text.get(*start as usize..next)?;
        let around: Vec<&Element> = outline
            .path(*element)
            .map(|(_, element)| element)
            .take_while(|element| is_inline(element) || element.name == "span")
            .filter(|element| is_inline(element))
            .take(MAX_NESTING)
            .collect();
        shown |= !around.is_empty();
        for element in around.iter().rev() {
            markup.extend(["<", &element.name]);
            for (name, value) in &element.attributes {
                if name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
                    markup.extend([" ", name, "=\"", &escape(value), "\""]);
                }
            }
            markup.push('>');
        }
        // A space before the next run stands between the two.
        let words = text.strip_suffix(' ').unwrap_or(text);
        markup.push_str(&escape(words));
        for element in &around {
            markup.extend(["</", &element.name, ">"]);
        }
        markup.push_str(text.get(words.len()..).unwrap_or_default());
    }
    shown.then_some(markup)
}

fn is_inline(element: &Element) -> bool {
    INLINE.contains(&element.name.as_str())
}

/// Text that stands for itself in HTML, in attributes too.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(letter),
        }
    }
    out
}
