//! Which blocks are kept.
//!
//! Takes a document, its [`Page`] and a forest; gives a [`Verdict`]. The forest judges each block for
//! itself, and the cut all of them together; what is left to say here is what neither can see: that
//! a page's menus and footers hold no main content where there is some elsewhere, and that a
//! code listing among main content belongs to it as a whole.

use super::block;
use super::cut::{Cut, Favor, Histogram};
use super::forest::{Forest, Scorer};
use super::page::Page;
use crate::model::document::{BlockKind, Document, place};

/// Words of main content below which a page is expected to hold nothing, if moreover none of its
/// blocks is likely to be main content: it is a shell, a form, a list of links.
const HARDLY_ANY: u64 = 30;

/// The chance that some block of a page must have then, per mille: a third. Both were chosen on the
/// WCXB development pages (`tests/train/README.md`).
const UNLIKELY: u16 = 333;

/// The mean chance from which a code listing beside main content belongs to it, per mille, and the
/// most that it may hold of the words that are kept without it, per mille. Chosen on the same pages.
const LISTING: u64 = 200;
const MOST_LISTING: u64 = 500;

/// How many times as much of the expected main content as the rest of a page its margins may seem to
/// hold: legal notices read like sentences, and a shop has few others.
const MOST_MARGINS: u64 = 10;

/// What a forest thinks of a document's blocks.
pub(super) struct Verdict {
    pub(super) kept: Vec<bool>,
    /// What would be kept if it stood elsewhere.
    in_margins: Vec<bool>,
    /// How sure it is, per mille; nothing where it keeps nothing.
    pub(super) confidence: Option<u32>,
}

impl Verdict {
    /// Whether a block is kept.
    pub(super) fn is_kept(&self, index: usize) -> bool {
        self.kept.get(index).is_some_and(|kept| *kept)
    }

    /// Whether a block is not kept because it stands in a menu or a footer.
    pub(super) fn is_in_margins(&self, index: usize) -> bool {
        self.in_margins.get(index).is_some_and(|is_in| *is_in)
    }
}

/// Judges all blocks of a document. Those that are not open count as surroundings of the others
/// only: they have no say in where to cut.
pub(super) fn judge(
    document: &Document,
    page: &Page,
    forest: &Forest,
    favor: Favor,
    is_open: &dyn Fn(usize) -> bool,
) -> Verdict {
    let slots = slots(document, page, forest);
    let probability = &forest.probability;
    let cut_of = |counts: &dyn Fn(usize) -> bool| {
        let mut histogram = Histogram::new(probability);
        let all = slots.iter().zip(&page.lines).enumerate();
        for (_, (slot, line)) in all.filter(|(index, _)| is_open(*index) && counts(*index)) {
            histogram.add(*slot, line.words);
        }
        histogram.cut(probability, favor)
    };
    let (is_page, whole) = (document.markup.is_some(), cut_of(&|_| true));
    // Where hardly any main content stands elsewhere, the margins are none: nobody closed the
    // element, or the page is a menu.
    let inner = (is_page && favor != Favor::Recall)
        .then(|| cut_of(&|index| !is_margin(document, index)))
        .filter(|inner| inner.hits >= 1000 * HARDLY_ANY && inner.hits * MOST_MARGINS >= whole.hits);
    let is_outside = |index: usize| inner.is_some() && is_margin(document, index);
    let cut = inner.unwrap_or(whole);
    if is_page && favor != Favor::Recall && holds_hardly_any(&cut, &slots, forest) {
        return Verdict { kept: Vec::new(), in_margins: Vec::new(), confidence: None };
    }
    let all = || slots.iter().enumerate();
    let above = |(index, slot): (usize, &usize)| is_open(index) && *slot >= cut.lowest;
    let mut kept: Vec<bool> = all().map(|it| above(it) && !is_outside(it.0)).collect();
    let in_margins = all().map(|it| above(it) && is_outside(it.0)).collect();
    if is_page {
        let chance = |index: usize| slots.get(index).map_or(0, |slot| probability.of_slot(*slot));
        keep_listings(document, page, &chance, &mut kept);
    }
    Verdict { kept, in_margins, confidence: Some(forest.confidence(cut.expected())) }
}

/// For each block of a document the slot of the probabilities that its score falls into.
pub(super) fn slots(document: &Document, page: &Page, forest: &Forest) -> Vec<usize> {
    let mut scorer = Scorer::new(forest);
    block::batches(document, page, &forest.vocabulary, &mut |batch| scorer.push(batch));
    scorer.scores().into_iter().map(|score| forest.probability.slot(score)).collect()
}

fn holds_hardly_any(cut: &Cut, slots: &[usize], forest: &Forest) -> bool {
    let chances = slots.iter().map(|slot| forest.probability.of_slot(*slot));
    cut.hits < 1000 * HARDLY_ANY && chances.max().unwrap_or(0) < UNLIKELY
}

/// Whether a block stands in a menu or a footer of its page.
fn is_margin(document: &Document, index: usize) -> bool {
    let traits = document.markup.as_ref().and_then(|markup| markup.traits.get(index));
    traits.is_some_and(|traits| traits.places & (place::NAV | place::FOOTER) != 0)
}

/// Keeps code listings as wholes: a line of code reads like no sentence, and one that is missing
/// makes the others worthless. A listing between two blocks that are kept is kept; so is one that is
/// kept in part, or has one such neighbour, if it is likely and not most of what there is.
fn keep_listings(
    document: &Document,
    page: &Page,
    chance: &dyn Fn(usize) -> u16,
    kept: &mut [bool],
) {
    let words = |index: usize| page.lines.get(index).map_or(0, |line| u64::from(line.words));
    let is_code = |index: usize| {
        let block = document.blocks.get(index);
        block.is_some_and(|block| block.kind == BlockKind::Preformatted)
            && !is_margin(document, index)
    };
    let is_kept = |kept: &[bool], index: Option<usize>| {
        index.and_then(|index| kept.get(index)).is_some_and(|kept| *kept)
    };
    let all: u64 = (0..kept.len()).filter(|at| is_kept(kept, Some(*at))).map(words).sum();
    let mut start = 0;
    while start < kept.len() {
        let end = (start..kept.len()).find(|index| !is_code(*index)).unwrap_or(kept.len());
        let listing = start..end;
        start = end + 1;
        if listing.is_empty() {
            continue;
        }
        let above = is_kept(kept, listing.start.checked_sub(1));
        let below = is_kept(kept, Some(end));
        let inside = listing.clone().any(|index| is_kept(kept, Some(index)));
        let (own, hits) = listing.clone().fold((0, 0), |(own, hits), index| {
            (own + words(index), hits + words(index) * u64::from(chance(index)))
        });
        let is_likely = hits >= LISTING * own && own * 1000 <= MOST_LISTING * all;
        if (above && below) || ((above || below || inside) && is_likely) {
            kept.get_mut(listing).unwrap_or_default().fill(true);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::html;
    use crate::profile::selector::Selectors;

    /// A forest to which every block of more than eight words is main content.
    const FOREST: &str = r#"{"card": {}, "bias": 0, "features": ["words"], "trees": [
        {"feature": [0], "threshold": [8], "leaf": [-3000, 3000]}], "words": {}, "confidence": [0, 1000],
        "probability": {"low": -4000, "step": 4000, "per_mille": [50, 950]}}"#;

    const LINE: &str = "<p>The council voted on Tuesday to keep the old ferry until the spring.";

    /// What is kept of a page, and what is not because of where it stands.
    fn verdict(markup: &str, favor: Favor) -> [String; 2] {
        let document = html::parse(markup).document(&Selectors::default());
        let (page, forest) = (Page::read(&document), Forest::parse(FOREST).unwrap());
        let verdict = judge(&document, &page, &forest, favor, &|_| true);
        let texts = |wanted: &dyn Fn(usize) -> bool| {
            let blocks = (0..document.blocks.len()).filter(|index| wanted(*index));
            blocks.map(|index| document.block_text(index)).collect::<Vec<_>>().join(" ")
        };
        [texts(&|at| verdict.is_kept(at)), texts(&|at| verdict.is_in_margins(at))]
    }

    #[test]
    fn margins_hold_no_main_content_where_there_is_some_elsewhere() {
        let about = "Two sisters began these pages in a shed behind the market.";
        let page = format!("<main>{}</main><footer><p>{about}</footer>", LINE.repeat(3));
        let [kept, margins] = verdict(&page, Favor::Balance);
        assert!(kept.contains("ferry") && !kept.contains("sisters"), "{kept}");
        assert_eq!(margins, about);
        let [kept, margins] = verdict(&page, Favor::Recall);
        assert!(kept.contains("sisters") && margins.is_empty(), "{kept}");
    }

    #[test]
    fn a_page_in_a_menu_that_nobody_closed_is_kept() {
        let above = "Harbour news, every day but Sunday, from the pier and beyond";
        let page = format!("<p>{above}<nav><a href=/>Home</a>{}", LINE.repeat(9));
        let [kept, margins] = verdict(&page, Favor::Balance);
        assert!(kept.contains("ferry") && margins.is_empty(), "{kept}");
    }

    fn listings(markup: &str, kept: &[&str], chance: u16) -> String {
        let document = html::parse(markup).document(&Selectors::default());
        let mut kept: Vec<bool> = (0..document.blocks.len())
            .map(|index| kept.contains(&document.block_text(index)))
            .collect();
        keep_listings(&document, &Page::read(&document), &|_| chance, &mut kept);
        let kept = (0..kept.len()).filter(|index| kept[*index]);
        kept.map(|index| document.block_text(index)).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn listings_are_kept_as_wholes() {
        let page = "<p>Call the ferry from the pier, and wait for it:<pre>let ferry = call();\nferry.wait();</pre><p>It comes.<p>Menu";
        let (above, below) = ("Call the ferry from the pier, and wait for it:", "It comes.");
        let whole = "Call the ferry from the pier, and wait for it:|let ferry = call();|ferry.wait();|It comes.";
        assert_eq!(listings(page, &[above, below], 0), whole);
        assert_eq!(listings(page, &[above], 0), above);
        assert_eq!(listings(page, &[above], 300), whole.trim_end_matches("|It comes."));
        assert_eq!(listings(page, &["It comes."], 300), "It comes.");
        assert_eq!(listings(page, &[], 900), "");
    }
}
