//! The left side of a preview: the blocks of the capture, in order.

use std::fmt::Write as _;

use super::facts::{Facts, Kind, Part};
use super::markup::{Cleaner, escape};
use crate::model::document::{Block, BlockKind, Document, Traits, place};

/// How many colours the page has for rules.
pub(super) const COLOURS: usize = 8;

/// Blocks that the browser lays out together, or passes over while they are out of sight.
pub(super) const CHUNK: usize = 40;

/// All blocks as HTML.
pub(super) fn html(document: &Document, facts: &Facts) -> String {
    let cleaner = Cleaner::new();
    let mut out = String::with_capacity(document.text.len() * 3);
    let mut before: Option<&Part> = None;
    for (index, (block, part)) in document.blocks.iter().zip(&facts.parts).enumerate() {
        if index % CHUNK == 0 {
            out.push_str(if index > 0 { "</div>\n" } else { "" });
            out.push_str("<div class=\"chunk\" role=\"presentation\">\n");
        }
        let traits = document.markup.as_ref().and_then(|markup| markup.traits.get(index));
        let (kind, level) = kind(block, traits.copied());
        let same = before.is_some_and(|before| {
            (before.kind, before.rule, before.field, before.piece)
                == (part.kind, part.rule, part.field, part.piece)
        });
        let mut classes = format!("part {} k-{kind}", part.kind.name());
        if let Some(rule) = part.rule {
            write!(classes, " c{}", rule % COLOURS).unwrap_or_default();
        }
        if same {
            classes.push_str(" same");
        } else if block.blanks > 0 && index > 0 {
            classes.push_str(" apart");
        }
        let select = if index == 0 { "0" } else { "-1" };
        let text = cleaner.block(document, index);
        let line = if block.lines > 1 {
            format!("{}–{}", block.line, block.line + block.lines - 1)
        } else {
            block.line.to_string()
        };
        writeln!(
            out,
            "<div class=\"{classes}\" id=\"b{index}\" role=\"option\" aria-selected=\"false\" \
             tabindex=\"{select}\" data-line=\"{line}\" data-kind=\"{level}\">\
             <span class=\"text\" dir=\"auto\">{text}</span>{}</div>",
            label(part, facts)
        )
        .unwrap_or_default();
        before = Some(part);
    }
    if !document.blocks.is_empty() {
        out.push_str("</div>\n");
    }
    out
}

/// What a block is, as a class, and in a few letters.
fn kind(block: &Block, traits: Option<Traits>) -> (&'static str, &'static str) {
    let places = traits.map_or(0, |traits| traits.places);
    match block.kind {
        BlockKind::Heading(1) => ("h1", "h1"),
        BlockKind::Heading(2) => ("h2", "h2"),
        BlockKind::Heading(3) => ("h3", "h3"),
        BlockKind::Heading(4) => ("h4", "h4"),
        BlockKind::Heading(5) => ("h5", "h5"),
        BlockKind::Heading(_) => ("h6", "h6"),
        BlockKind::Preformatted => ("pre", "pre"),
        BlockKind::ListItem => ("item", "item"),
        BlockKind::Paragraph if places & place::CELL != 0 => ("cell", "cell"),
        BlockKind::Paragraph if places & place::QUOTE != 0 => ("quote", "quote"),
        BlockKind::Paragraph if places & place::BUTTON != 0 => ("button", "button"),
        BlockKind::Paragraph if places & place::FIGURE != 0 => ("figure", "figure"),
        BlockKind::Paragraph => ("text", ""),
    }
}

/// What became of a block, in a few words: the first of several alike shows it to the eye.
fn label(part: &Part, facts: &Facts) -> String {
    let words = match part.kind {
        Kind::Kept if part.piece > 0 => format!("kept {}", part.piece),
        Kind::Kept => "kept".to_owned(),
        Kind::Field => format!("→ {}", part.field.unwrap_or_default()),
        Kind::Removed => {
            let id = part.rule.and_then(|rule| facts.rules.get(rule)).map_or("", |own| &own.id);
            let own = id.split_once('/').map_or(id, |(_, own)| own);
            own.strip_prefix("strip.").unwrap_or(own).to_owned()
        }
    };
    let sign = if part.kind == Kind::Removed { "− " } else { "" };
    format!("<span class=\"fate\">{sign}{}</span>", escape(&words))
}
