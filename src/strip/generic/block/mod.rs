//! The features of a block among its page: text shape, places, containers, groups, neighbours.
//!
//! Takes a document and the [`Page`] of its lines; gives one row of integers per block, in the
//! order of [`NAMES`]. Pages and texts have the same features: a text's containers are its runs of
//! lines without a blank one between, and what only markup can say is 0 there. Linear in blocks
//! and containers.

mod batch;
mod labels;
mod section;
mod title;
mod tree;

use super::line::scaled;
use super::page::Page;
use super::vocabulary::{Likely, Vocabulary};
use super::walk::{self, LINE_FEATURES, PAGE_FEATURES};
use crate::model::document::{BlockKind, Document, Glue, Traits, place};
pub(super) use batch::{Batch, LANES};
use tree::{Sums, Tree};

/// Names of the features that are added to those of `walk`.
pub(super) const ADDED: &[&str] = &[
    "words",
    "capitals",
    "long",
    "dated",
    "link_share",
    "likely",
    "likely_sum",
    "likely_least",
    "likely_most",
    "kind",
    "glue",
    "depth",
    "quotes",
    "in_nav",
    "in_header",
    "in_footer",
    "in_aside",
    "in_main",
    "in_article",
    "in_form",
    "in_table",
    "in_list",
    "in_quote",
    "in_hidden",
    "in_noscript",
    "in_button",
    "in_figure",
    "in_time",
    "in_strong",
    "in_section",
    "in_dialog",
    "in_cell",
    "is_p",
    "is_div",
    "c0_words",
    "c0_long",
    "c0_links",
    "c0_blocks",
    "c0_likely",
    "c1_words",
    "c1_long",
    "c1_links",
    "c1_blocks",
    "c1_likely",
    "c2_words",
    "c2_long",
    "c2_links",
    "c2_blocks",
    "c2_likely",
    "c3_words",
    "c3_long",
    "c3_links",
    "c3_blocks",
    "c3_likely",
    "big_words",
    "big_long",
    "big_links",
    "big_blocks",
    "big_likely",
    "big_start",
    "heart_in",
    "heart_up",
    "heart_down",
    "top_in",
    "top_up",
    "top_down",
    "path_blocks",
    "path_words",
    "path_long",
    "path_links",
    "path_mean",
    "path_likely",
    "path_start",
    "outer_blocks",
    "outer_long",
    "outer_links",
    "outer_words",
    "outer_likely",
    "twins0",
    "twins1",
    "twins2",
    "twins_most",
    "labels_sum",
    "labels_least",
    "labels_most",
    "labels3_sum",
    "labels3_least",
    "labels3_most",
    "title_share",
    "since_title",
    "title_words",
    "since_heading",
    "heading_level",
    "section_words",
    "section_long",
    "section_links",
    "section_likely",
    "previous2_words",
    "previous2_links",
    "previous1_words",
    "previous1_links",
    "next1_words",
    "next1_links",
    "next2_words",
    "next2_links",
    "previous1_long",
    "next1_long",
    "previous1_likely",
    "next1_likely",
    "near3_long",
    "near3_links",
    "near3_likely",
    "near8_long",
    "near8_links",
    "near8_likely",
    "near20_long",
    "near20_links",
    "near20_likely",
    "page_links",
    "page_list",
    "page_table",
    "page_headings",
    "page_p",
    "page_article",
    "page_main",
    "page_form",
    "page_likely",
];

/// Number of features.
pub(super) const COUNT: usize = LINE_FEATURES.len() + PAGE_FEATURES.len() + ADDED.len();

/// A row of features, with values beyond 16 bits cut off.
pub(super) type Row = [i16; COUNT];

/// All names, in the order of a [`Row`].
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    LINE_FEATURES.into_iter().chain(PAGE_FEATURES).chain(ADDED.iter().copied())
}

/// What a block adds to the sums of what is around it.
#[derive(Debug, Clone, Copy, Default)]
struct Own {
    words: u32,
    /// Words, where it is long.
    long: u32,
    bytes: u32,
    link_bytes: u32,
    likely: Likely,
    /// Of `likely`.
    mean: i32,
}

/// Gives the features of all blocks to `take`, from the first to the last, [`LANES`] at a time: a
/// row is larger than most blocks.
pub(super) fn batches(
    document: &Document,
    page: &Page,
    vocabulary: &Vocabulary,
    take: &mut dyn FnMut(&Batch),
) {
    let traits = |index: usize| -> Traits {
        let markup = document.markup.as_ref();
        markup.and_then(|markup| markup.traits.get(index)).copied().unwrap_or_default()
    };
    let own: Vec<Own> = page
        .lines
        .iter()
        .zip(&document.blocks)
        .enumerate()
        .map(|(index, (line, block))| {
            let likely = vocabulary.likely(document.block_text(index), line.words);
            Own {
                words: line.words,
                long: if line.is_long { line.words } else { 0 },
                bytes: block.end - block.start,
                link_bytes: traits(index).link_bytes,
                likely,
                mean: likely.mean(),
            }
        })
        .collect();
    let is_page = document.markup.is_some();
    let tree = Tree::new(document, page, &own, vocabulary);
    let titles = is_page.then(|| title::Titles::new(document));
    let sections = is_page.then(|| section::Sections::new(document, &own));
    let shared = Shared::new(document, page, &own, &traits);
    let columns = walk::columns(page);
    let mut batch = Batch::default();
    let mut put = Writer { batch: &mut batch, lane: 0, at: LINE_FEATURES.len() };
    put.shared(&walk::page_values(page));
    put.at = COUNT - SHARED;
    put.shared(&shared.page);
    for index in 0..page.lines.len() {
        let lane = index % LANES;
        if lane == 0 {
            for (at, column) in columns.iter().enumerate() {
                batch.put_all(at, column.get(index..).unwrap_or_default());
            }
        }
        let at = LINE_FEATURES.len() + PAGE_FEATURES.len();
        let mut put = Writer { batch: &mut batch, lane, at };
        let (Some(line), Some(block)) = (page.lines.get(index), document.blocks.get(index)) else {
            continue;
        };
        let here = own.get(index).copied().unwrap_or_default();
        let traits = traits(index);
        put.one(line.words);
        put.one(line.capitals);
        put.flag(line.is_long);
        put.flag(line.is_dated);
        put.one(scaled(1000, here.link_bytes, here.bytes));
        put.int(here.mean);
        put.int(here.likely.sum);
        put.int(here.likely.least.into());
        put.int(here.likely.most.into());
        put.one(kind(block.kind));
        put.one(glue(block.glue));
        put.one(u32::from(traits.depth));
        put.one(u32::from(traits.quotes));
        if is_page {
            for bit in PLACES {
                put.flag(traits.places & bit != 0);
            }
        } else {
            put.nothing(PLACES.len());
        }
        tree.write(index, &mut put);
        match (&titles, &sections) {
            (Some(titles), Some(sections)) => {
                titles.write(index, &mut put);
                sections.write(index, &mut put);
            }
            _ => put.nothing(title::COUNT + section::COUNT),
        }
        neighbours(&own, index, &mut put);
        shared.write(index, &mut put);
        debug_assert_eq!(put.at, COUNT - SHARED, "as many values as names");
        batch.rows = lane + 1;
        if batch.rows == LANES {
            take(&batch);
            batch.rows = 0;
        }
    }
    if batch.rows > 0 {
        take(&batch);
    }
}

/// The places of `in_…`, in their order.
const PLACES: [u32; 19] = [
    place::NAV,
    place::HEADER,
    place::FOOTER,
    place::ASIDE,
    place::MAIN,
    place::ARTICLE,
    place::FORM,
    place::TABLE,
    place::LIST,
    place::QUOTE,
    place::HIDDEN | place::TEMPLATE,
    place::NOSCRIPT,
    place::BUTTON,
    place::FIGURE,
    place::TIME,
    place::STRONG,
    place::SECTION,
    place::DIALOG,
    place::CELL | place::TERM,
];

fn kind(kind: BlockKind) -> u32 {
    match kind {
        BlockKind::Paragraph => 0,
        BlockKind::ListItem => 1,
        BlockKind::Preformatted => 2,
        BlockKind::Heading(level) => 2 + u32::from(level),
    }
}

fn glue(glue: Glue) -> u32 {
    match glue {
        Glue::Tight => 0,
        Glue::Space => 1,
        Glue::Cell => 2,
        Glue::Line => 3,
        Glue::Paragraph => 4,
    }
}

/// Fills a row of a batch from left to right.
struct Writer<'b> {
    batch: &'b mut Batch,
    lane: usize,
    at: usize,
}

impl Writer<'_> {
    fn int(&mut self, value: i32) {
        self.batch.put(self.at, self.lane, value);
        self.at += 1;
    }

    /// What the block before has.
    fn same(&mut self, count: usize) {
        for column in self.at..self.at + count {
            self.batch.repeat(column, self.lane);
        }
        self.at += count;
    }

    /// What a text cannot say.
    fn nothing(&mut self, count: usize) {
        self.at += count;
    }

    fn one(&mut self, value: u32) {
        self.int(i32::try_from(value).unwrap_or(i32::MAX));
    }

    fn flag(&mut self, value: bool) {
        self.int(i32::from(value));
    }

    /// Values that all blocks of a page have.
    fn shared(&mut self, values: &[i32]) {
        for value in values {
            self.batch.fill(self.at, *value);
            self.at += 1;
        }
    }

    fn likely(&mut self, likely: Likely) {
        self.int(likely.mean());
    }

    /// Share of the page's words, share of long words, share of links, blocks, mean points of
    /// words.
    fn sums(&mut self, sums: &Sums, page: &Sums) {
        self.one(scaled(1000, sums.words, page.words));
        self.one(scaled(1000, sums.long, sums.words));
        self.one(scaled(1000, sums.link_bytes, sums.bytes));
        self.one(sums.blocks);
        self.likely(sums.likely);
    }
}

fn neighbours(own: &[Own], index: usize, put: &mut Writer<'_>) {
    let at = |offset: isize| {
        index.checked_add_signed(offset).and_then(|at| own.get(at)).copied().unwrap_or_default()
    };
    for offset in [-2, -1, 1, 2] {
        let near = at(offset);
        put.one(near.words);
        put.one(scaled(1000, near.link_bytes, near.bytes));
    }
    put.flag(at(-1).long > 0);
    put.flag(at(1).long > 0);
    put.int(at(-1).mean);
    put.int(at(1).mean);
}

/// Features at the end of [`ADDED`] that all blocks of a page share.
const SHARED: usize = 9;

/// Sums from the page's start, for windows, and what all blocks of a page share.
struct Shared {
    /// Sums of all blocks before each.
    before: Vec<([u32; 4], Likely)>,
    page: [i32; SHARED],
}

impl Shared {
    fn new(
        document: &Document,
        page: &Page,
        own: &[Own],
        traits: &dyn Fn(usize) -> Traits,
    ) -> Self {
        let mut before = Vec::with_capacity(own.len() + 1);
        let (mut sum, mut likely) = ([0_u32; 4], Likely::default());
        before.push((sum, likely));
        let (mut list, mut table, mut headings, mut paragraphs) = (0_u32, 0_u32, 0_u32, 0_u32);
        let (mut article, mut main, mut form) = (0_u32, 0_u32, 0_u32);
        for (index, (block, own)) in document.blocks.iter().zip(own).enumerate() {
            for (slot, value) in
                sum.iter_mut().zip([own.words, own.long, own.bytes, own.link_bytes])
            {
                *slot = slot.saturating_add(value);
            }
            likely.add(own.likely);
            before.push((sum, likely));
            let places = traits(index).places;
            match block.kind {
                BlockKind::ListItem => list = list.saturating_add(own.words),
                BlockKind::Heading(_) => headings += 1,
                BlockKind::Paragraph | BlockKind::Preformatted => {
                    paragraphs = paragraphs.saturating_add(own.words);
                }
            }
            let words = |bit: u32| if places & bit == 0 { 0 } else { own.words };
            table = table.saturating_add(words(place::TABLE));
            article = article.saturating_add(words(place::ARTICLE));
            main = main.saturating_add(words(place::MAIN));
            form = form.saturating_add(words(place::FORM));
        }
        let share = |part| scaled(1000, part, page.words.max(1));
        let [_, _, bytes, links] = sum;
        let values = [
            scaled(1000, links, bytes),
            share(list),
            share(table),
            headings,
            share(paragraphs),
            share(article),
            share(main),
            share(form),
        ];
        let mut page = [likely.mean(); SHARED];
        for (slot, value) in page.iter_mut().zip(values) {
            *slot = i32::try_from(value).unwrap_or(i32::MAX);
        }
        Self { before, page }
    }

    fn write(&self, index: usize, put: &mut Writer<'_>) {
        for reach in [3, 8, 20] {
            let from = self.before.get(index.saturating_sub(reach));
            let to = self.before.get((index + reach + 1).min(self.before.len().saturating_sub(1)));
            let (from, to) = (from.copied().unwrap_or_default(), to.copied().unwrap_or_default());
            let ((from, less), (to, likely)) = (from, to);
            let [words, long, bytes, links] =
                std::array::from_fn(|at| to.get(at).unwrap_or(&0) - from.get(at).unwrap_or(&0));
            put.one(scaled(1000, long, words));
            put.one(scaled(1000, links, bytes));
            put.likely(likely.since(less));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fit_rows() {
        assert_eq!(names().count(), COUNT);
        let document = crate::parse::text::parse("One line.\n\nAnother, longer line of text.\n");
        let mut count = 0;
        batches(&document, &Page::read(&document), &Vocabulary::default(), &mut |batch| {
            count += batch.rows;
        });
        assert_eq!(count, 2);
    }
}
