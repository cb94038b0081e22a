//! Quotes that say again what another post of the page says: the words stay where they were
//! written, and whoever quotes them keeps the line that names the author.

use std::collections::HashSet;
use std::sync::Arc;

use memchr::memmem;

use crate::model::document::place;
use crate::model::ledger::Ledger;
use crate::model::piece::Piece;
use crate::strip::Scene;

/// Shortest part of a paragraph that is looked for inside the paragraphs of others, in bytes.
const MIN_PART: usize = 24;

/// Most bytes that are searched for parts of paragraphs, over all quotes of a page.
const MAX_SEARCHED: usize = 256 << 20;

/// Removes the blocks of quotes that stand in some post of the page.
pub(super) fn undouble(
    scene: Scene<'_>,
    ledger: &mut Ledger,
    split: &str,
    quote: Option<u32>,
    posts: &[Piece],
) {
    let mut quoted = vec![false; scene.document.blocks.len()];
    if let Some(quote) = quote {
        for spot in scene.document.spots(quote) {
            quoted.get_mut(spot.blocks.clone()).unwrap_or_default().fill(true);
        }
    } else if let Some(markup) = &scene.document.markup {
        for (slot, traits) in quoted.iter_mut().zip(&markup.traits) {
            *slot = traits.places & place::QUOTE != 0;
        }
    }
    let is_quoted = |index: &usize| quoted.get(*index).copied().unwrap_or(false);
    if !posts.iter().flat_map(|post| &post.blocks).any(is_quoted) {
        return;
    }
    let mut own = String::new();
    let mut whole: HashSet<&str> = HashSet::new();
    for index in posts.iter().flat_map(|post| &post.blocks) {
        if ledger.is_open(*index) && !is_quoted(index) {
            let text = scene.document.block_text(*index);
            whole.insert(text);
            own.push_str(text);
            own.push('\n');
        }
    }
    let rule: Arc<str> = format!("{split}.quoted").into();
    let mut searched = 0_usize;
    for index in posts.iter().flat_map(|post| &post.blocks).filter(|index| is_quoted(index)) {
        let text = scene.document.block_text(*index);
        let part = text.trim_end_matches(['.', '…', ' ']);
        let mut again = whole.contains(text);
        if !again && part.len() >= MIN_PART && searched < MAX_SEARCHED {
            searched = searched.saturating_add(own.len());
            again = memmem::find(own.as_bytes(), part.as_bytes()).is_some();
        }
        if again {
            ledger.remove(*index, &rule);
        }
    }
}
