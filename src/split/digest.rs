//! A digest into its items: at separator lines.

use std::sync::Arc;

use super::{Pieces, is_prose};
use crate::model::ledger::Ledger;
use crate::model::piece::{Piece, PieceKind};
use crate::profile::matcher::PatternId;
use crate::strip::{Scene, Stripped};

/// Fewest words of an item without a sentence: less is a heading that lost its text.
const MIN_ITEM_WORDS: usize = 12;

/// Splits a digest. No item found gives no pieces.
pub(super) fn split(
    scene: Scene<'_>,
    ledger: &mut Ledger,
    stripped: &Stripped,
    id: &Arc<str>,
    head: &[usize],
    separator: PatternId,
) -> Pieces {
    let last = scene.document.blocks.len();
    let head_end = super::head_end(stripped, head);
    let mut outside: Vec<usize> = (0..head_end).collect();
    let mut pieces = Vec::new();
    let mut from = head_end;
    for at in head_end..=last {
        let cuts = at == last || scene.matches.has(at, separator);
        if !cuts {
            continue;
        }
        let item: Vec<usize> = (from..at).collect();
        let open = || item.iter().filter(|index| ledger.is_open(**index));
        let text = |index: &usize| scene.document.block_text(*index);
        let count: usize = open().map(|index| scene.document.words(*index)).sum();
        if count >= MIN_ITEM_WORDS || open().any(|index| is_prose(text(index))) {
            pieces.push(Piece::new(PieceKind::Article, item));
        } else {
            outside.extend(item);
        }
        if at < last {
            ledger.remove(at, id);
            outside.push(at);
        }
        from = at + 1;
    }
    if pieces.is_empty() {
        return Pieces::default();
    }
    outside.sort_unstable();
    Pieces { page: Some(Piece::new(PieceKind::Page, outside)), pieces, ..Pieces::default() }
}
