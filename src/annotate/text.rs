//! The text of a piece: its kept blocks, joined as they stood.
//!
//! Takes a document, its ledger and a piece; gives the text and where its tables are. It must not
//! decide what is kept.

use super::tables;
use crate::model::document::{BlockKind, Document, Glue};
use crate::model::ledger::{Fate, Ledger};
use crate::model::piece::Piece;
use crate::model::table::Table;

/// The text of a piece.
#[derive(Debug)]
pub(super) struct Kept {
    /// Kept blocks, an empty line between paragraphs, list items in a row.
    pub(super) text: String,
    /// The tables in it.
    pub(super) tables: Vec<Table>,
    /// Its words.
    pub(super) words: usize,
    /// Share of the piece's words that are kept, 0 to 1.
    pub(super) ratio: f64,
    /// Share of its letters that stand in links, 0 to 1; of a page only.
    pub(super) links: Option<f64>,
}

/// Joins the kept blocks of a piece.
pub(super) fn kept(document: &Document, ledger: &Ledger, piece: &Piece) -> Kept {
    let is_kept = |index: &usize| matches!(ledger.fate(*index), Fate::Kept(_));
    let blocks = || piece.blocks.iter().filter_map(|at| Some((*at, document.blocks.get(*at)?)));
    let mut tables: Vec<Table> = Vec::new();
    let mut coming = Vec::new();
    if document.markup.as_ref().is_some_and(|markup| !markup.parts.is_empty()) {
        let open: Vec<usize> = piece.blocks.iter().copied().filter(is_kept).collect();
        coming = tables::find(document, &open);
    }
    let mut coming = coming.into_iter().peekable();
    let bytes = blocks().filter(|(at, _)| is_kept(at)).map(|(_, b)| b.range().len() + 2).sum();
    let mut text = String::with_capacity(bytes);
    let (mut words, mut all) = (0_usize, 0_usize);
    let mut link_bytes = 0_usize;
    let traits = document.markup.as_ref().map(|markup| &markup.traits);
    let mut above_is_item = false;
    let mut apart = Glue::Tight;
    for (index, block) in blocks() {
        all += block.words as usize;
        // What was taken out between two parts of a line leaves them in one line.
        apart = apart.max(block.glue);
        if !is_kept(&index) {
            continue;
        }
        let is_item = block.kind == BlockKind::ListItem;
        if !text.is_empty() {
            text.push_str(match apart {
                Glue::Tight => "",
                Glue::Space => " ",
                Glue::Cell => " | ",
                Glue::Line => "\n",
                Glue::Paragraph if above_is_item && is_item && block.blanks == 0 => "\n",
                Glue::Paragraph => "\n\n",
            });
        }
        if block.kind == BlockKind::Preformatted {
            text.extend(std::iter::repeat_n(' ', block.indent as usize));
        }
        let from = text.len();
        text.push_str(document.block_text(index));
        if let Some(found) = coming.peek_mut() {
            if found.first == index {
                found.table.place.start = from;
            }
            if found.last == index {
                found.table.place.end = text.len();
                tables.extend(coming.next().map(|found| found.table));
            }
        }
        words += block.words as usize;
        link_bytes += traits.and_then(|all| all.get(index)).map_or(0, |t| t.link_bytes as usize);
        above_is_item = is_item;
        apart = Glue::Tight;
    }
    #[expect(clippy::cast_precision_loss, reason = "a share of at most 10,000")]
    let ratio = (words * 10_000).checked_div(all).unwrap_or(0) as f64 / 10_000.0;
    #[expect(clippy::cast_precision_loss, reason = "a share of at most 10,000")]
    let links = traits.is_some().then(|| {
        (link_bytes * 10_000).checked_div(text.len()).unwrap_or(0).min(10_000) as f64 / 10_000.0
    });
    Kept { text, tables, words, ratio, links }
}
