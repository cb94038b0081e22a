//! The element that holds the article on every page: `[split.article]`.
//!
//! A body that is wrong loses the article, so it takes much to propose one: on every capture it is
//! one element, with all that the classifier would keep, and its name says what it is.

use super::chrome::Ground;
use super::key::{self, Keys};
use super::sample::Sample;
use super::{Proposal, share, write};

/// Share of the main content that the body must hold on each capture, and on all, per mille.
const EACH: usize = 980;
const ALL: usize = 990;

/// Words of main content below which a capture says nothing of where the article stands.
const LEAST_WORDS: usize = 60;

/// Share of a capture's words that must stand outside, or the body decides nothing, per mille.
const OUTSIDE: usize = 100;

/// Words, and how much the name says: less is better.
type Rank = (usize, (u8, usize));

/// The body, if there is one.
pub(super) fn find(samples: &[&Sample], keys: &Keys, ground: &Ground) -> Option<Proposal> {
    let mut best: Option<(Rank, &String, usize, usize)> = None;
    let all_words: usize = samples.iter().map(|sample| sample.words()).sum();
    for (key, found) in &keys.found {
        if !key::names_article(key) {
            continue;
        }
        let (mut words, mut main, mut all_main, mut holds) = (0, 0, 0, true);
        for (number, (sample, own)) in samples.iter().zip(&found.places).enumerate() {
            let [place] = own.as_slice() else {
                holds = false;
                break;
            };
            let Some(element) = sample.elements.get(*place) else { continue };
            let blocks = sample.blocks_of(element);
            let facts = sample.facts.get(blocks.clone()).unwrap_or_default();
            let inside = ground.main_words(sample, number, blocks);
            let every = ground.main_words(sample, number, 0..sample.facts.len());
            holds &= every >= LEAST_WORDS && share(inside, every) >= EACH;
            words += facts.iter().map(|fact| fact.words).sum::<usize>();
            main += inside;
            all_main += every;
        }
        if !holds || share(main, all_main) < ALL || share(words, all_words) > 1000 - OUTSIDE {
            continue;
        }
        let rank = (words, key::rank(key));
        if best.as_ref().is_none_or(|(known, ..)| rank < *known) {
            best = Some((rank, key, main, all_main));
        }
    }
    let ((words, _), key, main, all_main) = best?;
    Some(Proposal {
        table: "split.article",
        name: "body".to_owned(),
        value: write::quoted(key),
        note: format!(
            "{0}/{0} captures, one each: {1} of what reads like main content, {2} of all words",
            samples.len(),
            write::percent(main, all_main),
            write::percent(words, all_words),
        ),
    })
}
