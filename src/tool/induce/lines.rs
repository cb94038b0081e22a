//! Lines of texts that stand on half of the captures: `strip.line`.

use std::collections::{BTreeMap, BTreeSet};

use super::chrome::{self, Ground};
use super::sample::{self, Sample};
use super::{Proposal, pattern, write};

/// Words from which a repeated line is furniture unless the classifier would keep it. Measured on
/// 48 hosts: 0.974 of the words of such lines are boilerplate, 0.939 of those of lines of any length.
const LONG: usize = 5;

/// Chance of main content, per mille, above which a shorter one is left alone.
const SHORT_CHANCE: u16 = 300;

/// How often a line may stand in one capture: what stands there more often is a part of the things
/// that the page lists, such as their price or maker.
const MOST_TIMES: usize = 2;

/// Longest line that a rule spells out, in bytes.
const MOST_BYTES: usize = 300;

/// Most lines of one rule, and most rules.
const MOST_LINES: usize = 12;
const MOST_RULES: usize = 12;

/// A line that is the same on several captures but for its figures.
#[derive(Debug, Clone, Default)]
struct Same<'s> {
    /// As it stands first.
    line: &'s str,
    /// Captures that have it.
    captures: usize,
    /// How often it stands in one capture at most.
    times: usize,
    /// Words of all its occurrences that no rule takes yet.
    words: usize,
    /// Whether one of them reads like main content.
    is_main: bool,
    /// The highest chance that one of them is main content.
    chance: u16,
    /// Where it stands first: capture and block.
    first: (usize, usize),
}

/// Rules for lines that no other rule takes yet; `html` where the captures are pages.
pub(super) fn find(samples: &[&Sample], ground: &mut Ground, html: bool) -> Vec<Proposal> {
    let mut lines: BTreeMap<&str, Same<'_>> = BTreeMap::new();
    // A list of the latest pages is furniture; the titles in it are other ones tomorrow.
    let records = samples.iter().filter_map(|sample| sample.records.first());
    let titles: BTreeSet<String> =
        records.filter_map(|record| record.title.as_deref()).map(sample::mask).collect();
    for (number, sample) in samples.iter().enumerate() {
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        for (block, fact) in sample.facts.iter().enumerate() {
            if !ground.is_repeated(number, block) || titles.contains(&fact.mask) {
                continue;
            }
            let line = sample.document.block_text(block);
            // Captures of one author share the line that names them.
            let mut authors = sample.records.iter().flat_map(|record| &record.authors);
            if authors.any(|author| line.contains(&author.name)) {
                continue;
            }
            let same = lines.entry(fact.mask.as_str()).or_insert_with(|| Same {
                line,
                first: (number, block),
                ..Same::default()
            });
            let times = seen.entry(&fact.mask).or_default();
            *times += 1;
            same.captures += usize::from(*times == 1);
            same.times = same.times.max(*times);
            same.words += if ground.is_taken(number, block) { 0 } else { fact.words };
            same.is_main |= ground.is_main(number, block);
            same.chance = same.chance.max(fact.chance);
        }
    }
    let is_furniture = |same: &Same<'_>| {
        let words = same.line.split(' ').count();
        let reads = if words >= LONG { same.is_main } else { same.chance >= SHORT_CHANCE };
        let letters = same.line.chars().filter(|letter| letter.is_alphabetic()).count();
        let long_enough = if html { words >= LONG } else { letters >= 2 };
        same.words > 0
            && same.times <= MOST_TIMES
            && !reads
            && long_enough
            && same.line.len() <= MOST_BYTES
    };
    let mut chosen: Vec<(&str, Same<'_>)> =
        lines.into_iter().filter(|(_, same)| is_furniture(same)).collect();
    // The heaviest ones stay, in the order in which they stand in a capture.
    chosen.sort_by_key(|(mask, same)| (std::cmp::Reverse(same.words), *mask));
    chosen.truncate(MOST_LINES * MOST_RULES);
    chosen.sort_by_key(|(_, same)| same.first);
    let all_words: usize = samples.iter().map(|sample| sample.words()).sum();
    let masks: BTreeSet<&str> = chosen.iter().map(|(mask, _)| *mask).collect();
    for (number, sample) in samples.iter().enumerate() {
        for (block, fact) in sample.facts.iter().enumerate() {
            if masks.contains(fact.mask.as_str()) {
                ground.take(number, block);
            }
        }
    }
    let groups = chosen.chunks(MOST_LINES).enumerate();
    groups
        .map(|(number, group)| {
            let lines: Vec<&Same<'_>> = group.iter().map(|(_, same)| same).collect();
            rule(number + 1, &lines, (samples.len(), all_words), html)
        })
        .collect()
}

fn rule(
    number: usize,
    lines: &[&Same<'_>],
    (captures, all): (usize, usize),
    html: bool,
) -> Proposal {
    let words = lines.iter().map(|same| same.words).sum();
    let seen = lines.iter().map(|same| same.captures);
    let (least, most) = (seen.clone().min().unwrap_or(0), seen.max().unwrap_or(0));
    let bodies: BTreeSet<String> = lines
        .iter()
        .map(|same| pattern::masked(same.line.strip_prefix("• ").unwrap_or(same.line)))
        .collect();
    let bullet =
        if lines.iter().any(|same| same.line.starts_with("• ")) { "(?:• )?" } else { "" };
    let bodies: Vec<String> = bodies.into_iter().collect();
    let is = match bodies.as_slice() {
        [body] => format!("^{bullet}{body}$"),
        bodies => format!("^{bullet}(?:{})$", bodies.join("|")),
    };
    let samples: Vec<String> = lines.iter().take(2).map(|same| write::quoted(same.line)).collect();
    let html = if html { ", html = true" } else { "" };
    let seen = if least == most { most.to_string() } else { format!("{least} to {most}") };
    Proposal {
        table: "strip.line",
        name: format!("repeated-{number}"),
        value: format!(
            "{{ is = {}{html}, sample = [{}] }}",
            write::quoted(&is),
            samples.join(", ")
        ),
        note: format!(
            "{seen} of {captures} captures, {} lines, {} of all words, e.g. {}",
            lines.len(),
            write::percent(words, all),
            write::example(lines.first().map_or("", |same| same.line)),
        ),
    }
}

/// Regions at the head and at the tail of texts: `strip.region`.
///
/// The edge is a line that nearly all captures have, each once, with nothing beyond it that the
/// classifier would keep and no line that is the title.
pub(super) fn regions(samples: &[&Sample], ground: &mut Ground) -> Vec<Proposal> {
    let all_words: usize = samples.iter().map(|sample| sample.words()).sum();
    let mut proposals = Vec::new();
    for side in [Side::Head, Side::Tail] {
        let Some(places) = edge(samples, ground, side) else { continue };
        let (mut taken, mut longest, mut line) = (0, 0, "");
        for (number, (sample, place)) in samples.iter().zip(&places).enumerate() {
            let Some(place) = place else { continue };
            line = if line.is_empty() { sample.document.block_text(*place) } else { line };
            let range = side.range(*place, sample.facts.len());
            let words = words_in(sample, range.clone());
            taken += words;
            longest = longest.max(words);
            range.for_each(|block| ground.take(number, block));
        }
        let seen = places.iter().flatten().count();
        if taken < LEAST_REGION * seen {
            continue;
        }
        let (name, edges) = match side {
            Side::Head => {
                ("head", ["\"start\"".to_owned(), write::quoted(&pattern::of_line(line))])
            }
            Side::Tail => ("tail", [write::quoted(&pattern::of_line(line)), "\"end\"".to_owned()]),
        };
        let [from, to] = edges;
        proposals.push(Proposal {
            table: "strip.region",
            name: name.to_owned(),
            value: format!(
                "{{ from = {from}, to = {to}, max_words = {}, sample = [{}] }}",
                longest * 2,
                write::quoted(line),
            ),
            note: format!(
                "{seen}/{} captures, {} of all words, up to {longest} in one, at {}",
                samples.len(),
                write::percent(taken, all_words),
                write::example(line),
            ),
        });
    }
    proposals
}

/// Fewest words that a region takes of a capture, on average.
const LEAST_REGION: usize = 10;

/// Words of main content that a region may take, per mille of its own.
const MAIN_WORDS: usize = 10;

/// Lines at the end of a head that are looked at for a headline, and its fewest words.
const HEAD_LINES: usize = 5;
const HEADLINE_WORDS: usize = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Head,
    Tail,
}

impl Side {
    /// The lines of the region with its edge at a place.
    fn range(self, place: usize, blocks: usize) -> std::ops::Range<usize> {
        match self {
            Self::Head => 0..(place + 1).min(blocks),
            Self::Tail => place..blocks,
        }
    }
}

fn words_in(sample: &Sample, range: std::ops::Range<usize>) -> usize {
    sample.facts.get(range).unwrap_or_default().iter().map(|fact| fact.words).sum()
}

/// Where the line stands in each capture whose region takes most.
fn edge(samples: &[&Sample], ground: &Ground, side: Side) -> Option<Vec<Option<usize>>> {
    let mut places: BTreeMap<&str, Vec<Vec<usize>>> = BTreeMap::new();
    for (number, sample) in samples.iter().enumerate() {
        for (block, fact) in sample.facts.iter().enumerate() {
            let line = sample.document.block_text(block);
            if line.len() <= MOST_BYTES && line.chars().filter(|c| c.is_alphabetic()).count() >= 4 {
                let all =
                    places.entry(&fact.mask).or_insert_with(|| vec![Vec::new(); samples.len()]);
                if let Some(own) = all.get_mut(number) {
                    own.push(block);
                }
            }
        }
    }
    let mut best: Option<(usize, Vec<Option<usize>>)> = None;
    for all in places.values() {
        let seen = all.iter().filter(|own| !own.is_empty()).count();
        if seen < chrome::most(samples.len()) || all.iter().any(|own| own.len() > 1) {
            continue;
        }
        let places: Vec<Option<usize>> = all.iter().map(|own| own.first().copied()).collect();
        let Some(words) = region_words(samples, ground, &places, side) else { continue };
        if best.as_ref().is_none_or(|(most, ..)| words > *most) {
            best = Some((words, places));
        }
    }
    best.map(|(_, places)| places)
}

/// Words of a region in all captures; nothing where it takes what must stay.
fn region_words(
    samples: &[&Sample],
    ground: &Ground,
    places: &[Option<usize>],
    side: Side,
) -> Option<usize> {
    let mut sum = 0;
    for (number, (sample, place)) in samples.iter().zip(places).enumerate() {
        let Some(place) = place else { continue };
        let range = side.range(*place, sample.facts.len());
        let facts = sample.facts.get(range.clone()).unwrap_or_default();
        let words: usize = facts.iter().map(|fact| fact.words).sum();
        let main = ground.main_words(sample, number, range.clone());
        let title = sample.records.first().and_then(|record| record.title.as_deref());
        let holds_title = title
            .is_some_and(|title| range.clone().any(|at| sample.document.block_text(at) == title));
        // Right above the text a line of this capture alone is its headline, or part of its head.
        let near = range.start.max(range.end.saturating_sub(HEAD_LINES))..range.end;
        let is_own = |at: usize| {
            let words = sample.facts.get(at).map_or(0, |fact| fact.words);
            words >= HEADLINE_WORDS && !ground.is_repeated(number, at)
        };
        let holds_head = side == Side::Head && near.into_iter().any(is_own);
        if main * 1000 > words * MAIN_WORDS || holds_title || holds_head {
            return None;
        }
        sum += words;
    }
    Some(sum)
}
