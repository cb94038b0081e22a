//! Blocks that a page holds twice: for narrow and for wide screens, in a summary and below.
//!
//! Takes the blocks that are to be kept; gives those that say again what others said before. Single
//! short blocks may well stand twice ("Returns", a list's "yes"); runs of them, and paragraphs,
//! are copies. Code and cells of tables repeat themselves for good reasons.

use rustc_hash::FxHashMap;

use crate::model::document::{BlockKind, Document, place};

/// Fewest blocks in a row that are a copy of others in a row.
const RUN_BLOCKS: usize = 2;

/// Fewest words of such a run.
const RUN_WORDS: usize = 8;

/// Fewest words of a block that is a copy by itself.
const BLOCK_WORDS: usize = 25;

/// Those of `kept`, in their order, that are copies of earlier ones.
pub(super) fn copies(document: &Document, kept: &[usize]) -> Vec<usize> {
    let mut first: FxHashMap<&str, usize> = FxHashMap::default();
    let mut copies = Vec::new();
    // Blocks in a row whose firsts stand in a row, and the place behind the last of these.
    let mut run: Vec<usize> = Vec::new();
    let mut next = None;
    for (number, block) in kept.iter().enumerate() {
        let known = *first.entry(document.block_text(*block)).or_insert(number);
        let is_copy = known < number;
        if !is_copy || next != Some(known) {
            close(document, &mut run, &mut copies);
        }
        if is_copy {
            run.push(*block);
        }
        next = is_copy.then_some(known + 1);
    }
    close(document, &mut run, &mut copies);
    copies
}

fn close(document: &Document, run: &mut Vec<usize>, copies: &mut Vec<usize>) {
    let words: usize = run.iter().map(|block| document.words(*block)).sum();
    let is_run = run.len() >= RUN_BLOCKS && words >= RUN_WORDS;
    copies.extend(run.drain(..).filter(|block| {
        (is_run || document.words(*block) >= BLOCK_WORDS) && !repeats_itself(document, *block)
    }));
}

/// Whether what is said twice there need not be a copy.
fn repeats_itself(document: &Document, block: usize) -> bool {
    let kind = document.blocks.get(block).map(|block| block.kind);
    let traits = document.markup.as_ref().and_then(|markup| markup.traits.get(block));
    kind == Some(BlockKind::Preformatted)
        || traits.is_some_and(|traits| traits.places & (place::CELL | place::TERM) != 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::html;
    use crate::profile::selector::Selectors;

    #[test]
    fn runs_and_paragraphs_are_copies() {
        let long = "word ".repeat(BLOCK_WORDS);
        let page = format!(
            "<p>Wash by hand, dry flat<p>Made of new wool<p>Returns<p>{long}<p>Other text\
             <p>Returns<p>Wash by hand, dry flat<p>Made of new wool<p>End<p>Made of new wool\
             <p>{long}<pre>a = 1 b = 2 c = 3\nd</pre><pre>a = 1 b = 2 c = 3\nd</pre>"
        );
        let document = html::parse(&page).document(&Selectors::default());
        let all: Vec<usize> = (0..document.blocks.len()).collect();
        let found = copies(&document, &all);
        let texts: Vec<&str> = found.iter().map(|at| document.block_text(*at)).collect();
        assert_eq!(texts, ["Wash by hand, dry flat", "Made of new wool", long.trim()]);
        assert!(found.iter().all(|at| *at > 4));
        assert!(copies(&document, &[]).is_empty());
        assert!(copies(&document, &[0, 1, 2]).is_empty());
    }
}
