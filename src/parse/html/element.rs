//! What each element is to the text: a block, a line, a cell, part of a line, or nothing.

use html5ever::{LocalName, local_name};
use scraper::node::Element;

use crate::model::document::{Glue, place};

/// How an element takes part in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Display {
    /// Not at all, with all that is inside.
    None,
    /// On its own, with that much between it and what stands before and behind.
    Block(Glue),
    /// In the line.
    Inline,
    /// In the line, apart from its neighbours.
    InlineBlock,
    /// The end of a line.
    Break,
    /// A picture.
    Image,
}

/// How an element takes part in the text.
pub(super) fn display(name: &LocalName) -> Display {
    match *name {
        local_name!("script")
        | local_name!("style")
        | local_name!("head")
        | local_name!("title")
        | local_name!("meta")
        | local_name!("link")
        | local_name!("base")
        | local_name!("svg")
        | local_name!("iframe")
        | local_name!("object")
        | local_name!("embed")
        | local_name!("canvas")
        | local_name!("audio")
        | local_name!("video")
        | local_name!("map")
        | local_name!("input")
        | local_name!("noframes")
        | local_name!("frameset")
        | local_name!("datalist") => Display::None,
        local_name!("br") => Display::Break,
        local_name!("img") => Display::Image,
        local_name!("td") | local_name!("th") => Display::Block(Glue::Cell),
        local_name!("li")
        | local_name!("dt")
        | local_name!("dd")
        | local_name!("tr")
        | local_name!("option")
        | local_name!("caption")
        | local_name!("legend")
        | local_name!("summary") => Display::Block(Glue::Line),
        local_name!("p")
        | local_name!("div")
        | local_name!("ul")
        | local_name!("ol")
        | local_name!("dl")
        | local_name!("dir")
        | local_name!("menu")
        | local_name!("h1")
        | local_name!("h2")
        | local_name!("h3")
        | local_name!("h4")
        | local_name!("h5")
        | local_name!("h6")
        | local_name!("hgroup")
        | local_name!("hr")
        | local_name!("article")
        | local_name!("section")
        | local_name!("main")
        | local_name!("nav")
        | local_name!("aside")
        | local_name!("header")
        | local_name!("footer")
        | local_name!("address")
        | local_name!("blockquote")
        | local_name!("pre")
        | local_name!("listing")
        | local_name!("plaintext")
        | local_name!("xmp")
        | local_name!("figure")
        | local_name!("figcaption")
        | local_name!("center")
        | local_name!("details")
        | local_name!("dialog")
        | local_name!("fieldset")
        | local_name!("form")
        | local_name!("table")
        | local_name!("tbody")
        | local_name!("thead")
        | local_name!("tfoot")
        | local_name!("select")
        | local_name!("optgroup")
        | local_name!("textarea")
        | local_name!("html")
        | local_name!("body")
        | local_name!("template")
        | local_name!("search") => Display::Block(Glue::Paragraph),
        local_name!("button") | local_name!("label") | local_name!("noscript") => {
            Display::InlineBlock
        }
        // Elements that a page defines for itself.
        _ if name.contains('-') => Display::InlineBlock,
        _ => Display::Inline,
    }
}

/// The level of a heading.
pub(super) fn heading(name: &LocalName) -> Option<u8> {
    match *name {
        local_name!("h1") => Some(1),
        local_name!("h2") => Some(2),
        local_name!("h3") => Some(3),
        local_name!("h4") => Some(4),
        local_name!("h5") => Some(5),
        local_name!("h6") => Some(6),
        _ => None,
    }
}

/// The place that an element makes for what is inside it.
pub(super) fn place_of(element: &Element) -> u32 {
    let mut places = match element.name.local {
        local_name!("nav") => place::NAV,
        local_name!("header") => place::HEADER,
        local_name!("footer") => place::FOOTER,
        local_name!("aside") => place::ASIDE,
        local_name!("main") => place::MAIN,
        local_name!("article") => place::ARTICLE,
        local_name!("section") => place::SECTION,
        local_name!("dialog") => place::DIALOG,
        local_name!("form")
        | local_name!("select")
        | local_name!("textarea")
        | local_name!("fieldset") => place::FORM,
        local_name!("table") => place::TABLE,
        local_name!("td") | local_name!("th") => place::CELL,
        local_name!("ul") | local_name!("ol") | local_name!("menu") => place::LIST,
        local_name!("dt") => place::TERM,
        local_name!("blockquote") | local_name!("q") => place::QUOTE,
        local_name!("noscript") => place::NOSCRIPT,
        local_name!("template") => place::TEMPLATE,
        local_name!("button") => place::BUTTON,
        local_name!("figure") | local_name!("figcaption") => place::FIGURE,
        local_name!("time") => place::TIME,
        local_name!("b") | local_name!("strong") => place::STRONG,
        _ => 0,
    };
    for (name, value) in &element.attrs {
        match name.local {
            local_name!("hidden") => places |= place::HIDDEN,
            local_name!("aria-hidden") if value.eq_ignore_ascii_case("true") => {
                places |= place::HIDDEN;
            }
            local_name!("style") if is_hidden(value) => places |= place::HIDDEN,
            local_name!("role") => {
                places |= match &**value {
                    "navigation" | "menu" | "menubar" => place::NAV,
                    "main" => place::MAIN,
                    "banner" => place::HEADER,
                    "contentinfo" => place::FOOTER,
                    "complementary" => place::ASIDE,
                    "dialog" | "alertdialog" => place::DIALOG,
                    "button" => place::BUTTON,
                    "article" => place::ARTICLE,
                    _ => 0,
                };
            }
            _ => {}
        }
    }
    places
}

fn is_hidden(style: &str) -> bool {
    let mut parts = style.split(';').filter_map(|part| part.split_once(':'));
    parts.any(|(name, value)| {
        name.trim().eq_ignore_ascii_case("display")
            && value.trim_start().get(..4).is_some_and(|v| v.eq_ignore_ascii_case("none"))
    })
}

/// Offset and prime of the 32-bit FNV-1a hash.
pub(super) const FNV_OFFSET: u32 = 0x811c_9dc5;
const FNV_PRIME: u32 = 0x0100_0193;

/// FNV-1a over bytes, digits left out: `post-17` and `post-18` are of one kind.
pub(super) fn hash(start: u32, bytes: &[u8]) -> u32 {
    let letters = bytes.iter().filter(|byte| !byte.is_ascii_digit());
    letters.fold(start, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(FNV_PRIME))
}
