//! The features of a line among its neighbours, for all lines of a page.
//!
//! Takes a [`Page`]; gives one column of values after another, so that each is a short loop. What a
//! line's surroundings add up to moves along with it: a line costs the same in every capture.

use std::ops::Range;

use super::ending::NO_LINE;
use super::line::{Line, scaled};
use super::page::Page;
use super::words::Chrome;

/// A feature: its name, and what writes its value for each line of a page.
type Feature = (&'static str, fn(&Page, &mut Vec<i32>));

/// The features that differ from line to line, in the order of [`columns`].
const FEATURES: [Feature; 26] = [
    ("repetition", |page, out| each(page, out, |line| line.repetition.into())),
    ("blanks", blanks),
    ("text_zone", |page, out| distances(page, out, &page.text_zone)),
    ("capitals_near", |page, out| means::<4>(page, out, 1, |line| line.capitals)),
    ("ending", |page, out| each(page, out, |line| line.ending as i32)),
    ("words_share_before", |page, out| {
        let all = page.words.max(1);
        words_before(page, out, |before, _| scaled(1000, before, all));
    }),
    ("indent", |page, out| each(page, out, |line| line.depth.into())),
    ("words_before", |page, out| words_before(page, out, |before, _| before)),
    ("lines_share_before", |page, out| {
        let count = page.line_count();
        out.extend((0..count).map(|index| narrow(scaled(1000, index, count))));
    }),
    ("words_by_page", |page, out| {
        let share = bin(&SHARE_EDGES, page.long_share());
        each(page, out, |line| narrow(bin(&WORDS_EDGES, line.words) * 7 + share));
    }),
    ("since_legal", |page, out| since(page, out, Chrome::Legal)),
    ("run_capitals", |page, out| runs(page, out, |count, capitals| narrow(capitals / count))),
    ("since_related", |page, out| since(page, out, Chrome::Related)),
    ("long_zone", |page, out| distances(page, out, &page.long_zone)),
    ("chrome", |page, out| each(page, out, |line| line.chrome.into())),
    ("next_ending", |page, out| next(page, out, NO_LINE.into(), |line| line.ending as i32)),
    ("bullets_near", |page, out| means::<8>(page, out, 1000, |line| u32::from(line.bullet != 0))),
    ("repetition_near", |page, out| {
        means::<4>(page, out, 1000, |line| u32::from(line.repetition != 0));
    }),
    ("previous_chrome", |page, out| previous(page, out, |line| line.chrome.into())),
    ("next_chrome", |page, out| next(page, out, 0, |line| line.chrome.into())),
    ("core_zone", |page, out| distances(page, out, &page.core_zone)),
    ("run_lines", |page, out| runs(page, out, |count, _| narrow(count))),
    ("previous_words", |page, out| previous(page, out, |line| narrow(line.words))),
    ("words_after", |page, out| {
        words_before(page, out, |before, own| {
            page.words.saturating_sub(before.saturating_add(own))
        });
    }),
    ("dates_near", |page, out| means::<8>(page, out, 1000, |line| line.is_dated.into())),
    ("word_length", |page, out| each(page, out, |line| narrow(line.word_length))),
];

/// The names of the features that differ from line to line.
#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler, which checks each index")]
pub(super) const LINE_FEATURES: [&str; FEATURES.len()] = {
    let (mut names, mut rest, mut number) = ([""; FEATURES.len()], FEATURES.as_slice(), 0);
    while let [(name, _), behind @ ..] = rest {
        names[number] = name;
        (rest, number) = (behind, number + 1);
    }
    names
};

/// The features that all lines of a page share, in the order of [`page_values`].
pub(super) const PAGE_FEATURES: [&str; 4] =
    ["page_long_share", "page_outcries", "page_lines", "page_words"];

/// Edges of the two sides of `words_by_page`: words of the line, long share of the page.
const WORDS_EDGES: [u32; 5] = [2, 4, 7, 12, 25];
const SHARE_EDGES: [u32; 6] = [100, 250, 450, 650, 800, 900];

/// The distance from which things are out of sight, and the distance to what is not there.
const FAR: i32 = 999;

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

/// The values of each of [`LINE_FEATURES`] for all lines of a page.
pub(super) fn columns(page: &Page) -> [Vec<i32>; LINE_FEATURES.len()] {
    FEATURES.map(|(_, write)| {
        let mut values = Vec::with_capacity(page.lines.len());
        write(page, &mut values);
        values
    })
}

/// What a line says of itself.
#[inline]
fn each(page: &Page, out: &mut Vec<i32>, value: impl Fn(&Line) -> i32) {
    out.extend(page.lines.iter().map(value));
}

/// What the line above says of itself; 0 for the first line.
#[inline]
fn previous(page: &Page, out: &mut Vec<i32>, value: impl Fn(&Line) -> i32) {
    let above = page.lines.split_last().map_or(&[][..], |(_, above)| above);
    if !page.lines.is_empty() {
        out.push(0);
    }
    out.extend(above.iter().map(value));
}

/// What the line below says of itself; `none` for the last line.
#[inline]
fn next(page: &Page, out: &mut Vec<i32>, none: i32, value: impl Fn(&Line) -> i32) {
    if let Some((_, below)) = page.lines.split_first() {
        out.extend(below.iter().map(value));
        out.push(none);
    }
}

/// The blank lines above a line and below it.
fn blanks(page: &Page, out: &mut Vec<i32>) {
    let own = page.lines.iter().skip(1).map(|line| line.blanks);
    let below = own.chain([EDGE_BLANKS]);
    let mut above = EDGE_BLANKS;
    out.extend(below.take(page.lines.len()).map(|below| {
        let both = i32::from(above * 3 + below);
        above = below;
        both
    }));
}

/// A value of the words of all lines above and those of the line.
#[inline]
fn words_before(page: &Page, out: &mut Vec<i32>, value: impl Fn(u32, u32) -> u32) {
    let mut before = 0_u32;
    out.extend(page.lines.iter().map(|line| {
        let value = value(before, line.words);
        before = before.saturating_add(line.words);
        narrow(value)
    }));
}

/// Lines since the last short line with words of that kind, [`FAR`] where there is none.
fn since(page: &Page, out: &mut Vec<i32>, chrome: Chrome) {
    let mut since = FAR;
    out.extend(page.lines.iter().map(|line| {
        let is_head = line.words <= HEAD_WORDS && line.chrome == chrome as u8;
        since = if is_head { 0 } else { FAR.min(since + 1) };
        since
    }));
}

/// A value of the lines and the sum of capitals of the run that a line stands in: the same bullet,
/// no blank line between.
#[inline]
fn runs(page: &Page, out: &mut Vec<i32>, value: impl Fn(u32, u32) -> i32) {
    let mut rest = page.lines.as_slice();
    while let [first, behind @ ..] = rest {
        let more = behind.iter().take_while(|it| it.blanks == 0 && it.bullet == first.bullet);
        let (mut count, mut capitals) = (1_u32, first.capitals);
        for line in more {
            count += 1;
            capitals = capitals.saturating_add(line.capitals);
        }
        out.extend(std::iter::repeat_n(value(count, capitals), count as usize));
        rest = rest.get(count as usize..).unwrap_or_default();
    }
}

/// The mean of a measure, times a factor, over the lines up to `RADIUS` lines away.
#[inline]
fn means<const RADIUS: usize>(
    page: &Page,
    out: &mut Vec<i32>,
    factor: u32,
    measure: impl Fn(&Line) -> u32,
) {
    let lines = &page.lines;
    let (mut sum, mut count) = (0, 0);
    for line in lines.iter().take(RADIUS) {
        sum += measure(line);
        count += 1;
    }
    // What comes into sight below, and what goes out of sight above.
    let mut below = lines.iter().skip(RADIUS);
    let mut above = lines.iter();
    for index in 0..lines.len() {
        if let Some(line) = below.next() {
            sum += measure(line);
            count += 1;
        }
        if index > RADIUS
            && let Some(line) = above.next()
        {
            sum -= measure(line);
            count -= 1;
        }
        // Nearly all windows are whole. Dividing by a constant is a multiplication.
        let whole = 2 * u32::try_from(RADIUS).unwrap_or(0) + 1;
        let mean = if count == whole { factor * sum / whole } else { factor * sum / count };
        out.push(narrow(mean));
    }
}

/// Lines to a zone: negative before it, 0 inside, [`FAR`] where there is none.
fn distances(page: &Page, out: &mut Vec<i32>, zone: &Range<usize>) {
    let lines = page.lines.len();
    if zone.is_empty() {
        return out.extend(std::iter::repeat_n(FAR, lines));
    }
    out.extend((1..=near(zone.start)).rev().map(|distance| -distance));
    out.extend(std::iter::repeat_n(0, zone.len()));
    out.extend(1..=near(lines - zone.end));
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
