//! What posts say again of other posts of the page: the words stay where they were written, and
//! whoever quotes them keeps the line that names the author. A page shows what is a quote; in a text
//! it is what stood in an earlier post, line by line, at the head of a post, below a colon ("Mira
//! said:") or at the end, as signatures do.

use std::collections::HashSet;
use std::sync::Arc;

use memchr::memmem;

use crate::model::document::place;
use crate::model::ledger::Ledger;
use crate::model::piece::Piece;
use crate::strip::Scene;

/// Shortest part of a paragraph that is looked for inside the paragraphs of others, in bytes.
const MIN_PART: usize = 24;

/// Fewest words in a row that a text's post says again of an earlier one; fewer may well be said
/// twice ("Thanks for the answer").
const MIN_WORDS: usize = 8;

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

/// Removes the lines of a text's posts that stand in an earlier post, [`MIN_WORDS`] or more in a
/// row, where quotes and signatures stand: two articles about one thing share sentences in their
/// midst. A post that says nothing else is left alone.
pub(super) fn unrepeat(scene: Scene<'_>, ledger: &mut Ledger, split: &str, posts: &[Piece]) {
    let rule: Arc<str> = format!("{split}.quoted").into();
    let mut earlier: HashSet<&str> = HashSet::new();
    for post in posts {
        let open = |index: &usize| ledger.is_open(*index);
        let lines: Vec<usize> = post.blocks.iter().copied().filter(open).collect();
        let is_known = |index: &usize| earlier.contains(scene.document.block_text(*index));
        let (mut again, mut behind) = (Vec::new(), 0);
        let mut above = None;
        for run in lines.chunk_by(|one, other| is_known(one) == is_known(other)) {
            behind += run.len();
            let words: usize = run.iter().map(|index| scene.document.words(*index)).sum();
            let is_named = |above: usize| scene.document.block_text(above).ends_with(':');
            let is_quote = above.is_none_or(is_named) || behind == lines.len();
            if run.first().is_some_and(is_known) && words >= MIN_WORDS && is_quote {
                again.extend_from_slice(run);
            }
            above = run.last().copied();
        }
        if again.len() < lines.len() {
            for index in again {
                ledger.remove(index, &rule);
            }
        }
        earlier.extend(lines.iter().map(|index| scene.document.block_text(*index)));
    }
}
