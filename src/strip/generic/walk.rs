//! The features of a line among its neighbours, from the first line to the last.
//!
//! Takes a [`Page`]; gives [`Values`] line by line. What a line's surroundings add up to moves
//! along with it, so that a line costs the same in every capture.

use std::ops::Range;

use super::ending::NO_LINE;
use super::line::{Line, scaled};
use super::page::Page;
use super::words::Chrome;

/// The features that differ from line to line, in the order of [`Values`].
pub(super) const LINE_FEATURES: [&str; 26] = [
    "repetition",
    "blanks",
    "text_zone",
    "capitals_near",
    "ending",
    "words_share_before",
    "indent",
    "words_before",
    "lines_share_before",
    "words_by_page",
    "since_legal",
    "run_capitals",
    "since_related",
    "long_zone",
    "chrome",
    "next_ending",
    "bullets_near",
    "repetition_near",
    "previous_chrome",
    "next_chrome",
    "core_zone",
    "run_lines",
    "previous_words",
    "words_after",
    "dates_near",
    "word_length",
];

/// The features that all lines of a page share, in the order of [`page_values`].
pub(super) const PAGE_FEATURES: [&str; 4] =
    ["page_long_share", "page_outcries", "page_lines", "page_words"];

/// A value for each of [`LINE_FEATURES`].
pub(super) type Values = [i32; LINE_FEATURES.len()];

/// Edges of the two sides of `words_by_page`: words of the line, long share of the page.
const WORDS_EDGES: [u32; 5] = [2, 4, 7, 12, 25];
const SHARE_EDGES: [u32; 6] = [100, 250, 450, 650, 800, 900];

/// The distance from which things are out of sight, and the distance to what is not there.
const FAR: usize = 999;

/// Most words of a line that can be the head of a legal notice or of a list of related pages.
const HEAD_WORDS: u32 = 6;

/// Blank lines above the first line and below the last: more than any.
const EDGE_BLANKS: u8 = 2;

/// The values of [`PAGE_FEATURES`].
pub(super) fn page_values(page: &Page) -> [i32; PAGE_FEATURES.len()] {
    let lines = page.line_count();
    [
        narrow(page.long_share()),
        narrow(scaled(1000, page.outcries, lines)),
        narrow(lines),
        narrow(page.words),
    ]
}

/// Goes through a page's lines and gives the values of each.
#[derive(Debug, Clone)]
pub(super) struct Walk<'a> {
    page: &'a Page,
    index: usize,
    share_bin: u32,
    words_before: u32,
    near: Window,
    around: Window,
    run: Range<usize>,
    run_capitals: u32,
    legal: Option<usize>,
    related: Option<usize>,
}

impl<'a> Walk<'a> {
    /// Stands before the first line.
    pub(super) fn new(page: &'a Page) -> Self {
        Self {
            page,
            index: 0,
            share_bin: bin(&SHARE_EDGES, page.long_share()),
            words_before: 0,
            near: Window::default(),
            around: Window::default(),
            run: 0..0,
            run_capitals: 0,
            legal: None,
            related: None,
        }
    }

    /// Takes up the run of lines that begins here: the same bullet, no blank line between.
    fn begin_run(&mut self, line: &Line) {
        let behind = self.page.lines.iter().skip(self.index + 1);
        let more = behind.take_while(|next| next.blanks == 0 && next.bullet == line.bullet);
        let (mut count, mut capitals) = (1_u32, line.capitals);
        for next in more {
            count += 1;
            capitals = capitals.saturating_add(next.capitals);
        }
        self.run = self.index..self.index + count as usize;
        self.run_capitals = capitals / count;
    }

    fn note_heads(&mut self, line: &Line) {
        if line.words <= HEAD_WORDS {
            if line.chrome == Chrome::Legal as u8 {
                self.legal = Some(self.index);
            } else if line.chrome == Chrome::Related as u8 {
                self.related = Some(self.index);
            }
        }
    }

    fn since(&self, head: Option<usize>) -> i32 {
        near(head.map_or(FAR, |head| (self.index - head).min(FAR)))
    }
}

impl Iterator for Walk<'_> {
    type Item = Values;

    #[inline]
    fn next(&mut self) -> Option<Values> {
        let (page, index) = (self.page, self.index);
        let line = page.line(index)?;
        let previous = index.checked_sub(1).and_then(|previous| page.line(previous));
        let next = page.line(index + 1);
        if index >= self.run.end {
            self.begin_run(line);
        }
        self.note_heads(line);
        self.near.move_to(&page.lines, index, 4, |it| (it.capitals, it.repetition != 0));
        self.around.move_to(&page.lines, index, 8, |it| (u32::from(it.bullet != 0), it.is_dated));
        let above = if index == 0 { EDGE_BLANKS } else { line.blanks };
        let below = next.map_or(EDGE_BLANKS, |next| next.blanks);
        let position = u32::try_from(index).unwrap_or(u32::MAX);
        let words_after = page.words.saturating_sub(self.words_before.saturating_add(line.words));
        let values = [
            line.repetition.into(),
            i32::from(above * 3 + below),
            distance(&page.text_zone, index),
            self.near.mean(self.near.first_sum),
            line.ending as i32,
            narrow(scaled(1000, self.words_before, page.words.max(1))),
            line.depth.into(),
            narrow(self.words_before),
            narrow(scaled(1000, position, page.line_count())),
            narrow(bin(&WORDS_EDGES, line.words) * 7 + self.share_bin),
            self.since(self.legal),
            narrow(self.run_capitals),
            self.since(self.related),
            distance(&page.long_zone, index),
            line.chrome.into(),
            next.map_or(i32::from(NO_LINE), |next| next.ending as i32),
            self.around.mean(1000 * self.around.first_sum),
            self.near.mean(1000 * self.near.second_sum),
            previous.map_or(0, |previous| previous.chrome.into()),
            next.map_or(0, |next| next.chrome.into()),
            distance(&page.core_zone, index),
            near(self.run.len()),
            previous.map_or(0, |previous| narrow(previous.words)),
            narrow(words_after),
            self.around.mean(1000 * self.around.second_sum),
            narrow(line.word_length),
        ];
        self.words_before = self.words_before.saturating_add(line.words);
        self.index += 1;
        Some(values)
    }
}

/// Two sums over the lines around a line, which move along with it.
#[derive(Debug, Clone, Default)]
struct Window {
    range: Range<usize>,
    first_sum: u32,
    second_sum: u32,
}

impl Window {
    /// Moves on to the lines up to `radius` lines from `index`.
    fn move_to(
        &mut self,
        lines: &[Line],
        index: usize,
        radius: usize,
        measure: impl Fn(&Line) -> (u32, bool),
    ) {
        while self.range.end <= index + radius {
            let Some(line) = lines.get(self.range.end) else { break };
            let (first, second) = measure(line);
            self.first_sum += first;
            self.second_sum += u32::from(second);
            self.range.end += 1;
        }
        while self.range.start + radius < index {
            let Some(line) = lines.get(self.range.start) else { break };
            let (first, second) = measure(line);
            self.first_sum -= first;
            self.second_sum -= u32::from(second);
            self.range.start += 1;
        }
    }

    /// The mean of a sum over its lines.
    #[inline]
    fn mean(&self, sum: u32) -> i32 {
        // Nearly all windows are whole: four or eight lines to both sides. Dividing by a constant
        // is a multiplication.
        narrow(match self.range.len() {
            9 => sum / 9,
            17 => sum / 17,
            count => sum / u32::try_from(count).unwrap_or(u32::MAX).max(1),
        })
    }
}

/// Lines from `index` to a zone: negative before it, 0 inside, [`FAR`] where there is none.
fn distance(zone: &Range<usize>, index: usize) -> i32 {
    if zone.is_empty() {
        near(FAR)
    } else if index < zone.start {
        -near(zone.start - index)
    } else if index >= zone.end {
        near(index + 1 - zone.end)
    } else {
        0
    }
}

/// Number of edges that a value reaches.
fn bin(edges: &[u32], value: u32) -> u32 {
    edges.iter().map(|edge| u32::from(value >= *edge)).sum()
}

fn near(lines: usize) -> i32 {
    i32::try_from(lines).unwrap_or(i32::MAX)
}

fn narrow(value: u32) -> i32 {
    i32::try_from(value).unwrap_or(i32::MAX)
}
