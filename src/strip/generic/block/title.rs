//! How much of a page's title a block says, and where the title stands.

use rustc_hash::FxHashSet;

use super::Writer;
use crate::model::document::{BlockKind, Document};

/// Features of a title.
pub(super) const COUNT: usize = 3;

/// Most words of a block that are compared with the title.
const MAX_WORDS: usize = 40;

/// Distance of what is not there.
const FAR: i32 = 999;

/// The words of a page's title, and the heading that is most like it.
pub(super) struct Titles {
    words: FxHashSet<u64>,
    /// The block of the heading.
    at: Option<usize>,
    shares: Vec<u32>,
}

impl Titles {
    pub(super) fn new(document: &Document) -> Self {
        let head = document.markup.as_ref().map(|markup| &markup.head);
        let titles = head.and_then(|head| head.title.as_deref()).into_iter();
        let metas = head.map_or(&[][..], |head| &head.metas).iter();
        let og = metas.filter(|meta| meta.key == "og:title").map(|meta| meta.content.as_str());
        let words: FxHashSet<u64> = titles.chain(og).flat_map(hashes).collect();
        let mut shares = Vec::with_capacity(document.blocks.len());
        let mut best = (0, None);
        for (index, block) in document.blocks.iter().enumerate() {
            let share = if words.is_empty() || block.words as usize > MAX_WORDS {
                0
            } else {
                share(document.block_text(index), &words)
            };
            shares.push(share);
            let rank = match block.kind {
                BlockKind::Heading(1) => share + 100,
                BlockKind::Heading(2) => share + 50,
                BlockKind::Heading(_) => share,
                _ => 0,
            };
            if rank > best.0 && rank >= 300 {
                best = (rank, Some(index));
            }
        }
        Self { words, at: best.1, shares }
    }

    pub(super) fn write(&self, index: usize, put: &mut Writer<'_>) {
        put.one(self.shares.get(index).copied().unwrap_or(0));
        put.int(self.at.map_or(FAR, |at| {
            let clip = |distance: usize| i32::try_from(distance.min(300)).unwrap_or(300);
            if index >= at { clip(index - at) } else { -clip(at - index) }
        }));
        put.one(u32::try_from(self.words.len()).unwrap_or(u32::MAX));
    }
}

/// Share of a text's words that stand in a set, in thousandths.
fn share(text: &str, words: &FxHashSet<u64>) -> u32 {
    let (mut all, mut found) = (0_u32, 0_u32);
    for hash in hashes(text) {
        all += 1;
        found += u32::from(words.contains(&hash));
    }
    (found * 1000).checked_div(all).unwrap_or(0)
}

/// Hashes of the words of a text, letters and digits in lower case.
fn hashes(text: &str) -> impl Iterator<Item = u64> {
    text.split(' ').filter_map(|word| {
        let (mut hash, mut any) = (0xcbf2_9ce4_8422_2325_u64, false);
        let mut add = |letter: u32| {
            hash = (hash ^ u64::from(letter)).wrapping_mul(0x0100_0000_01b3);
            any = true;
        };
        if word.is_ascii() {
            let letters = word.bytes().filter(u8::is_ascii_alphanumeric);
            letters.for_each(|letter| add(u32::from(letter.to_ascii_lowercase())));
        } else {
            let letters = word.chars().filter(|letter| letter.is_alphanumeric());
            letters.flat_map(char::to_lowercase).for_each(|letter| add(u32::from(letter)));
        }
        any.then_some(hash)
    })
}
