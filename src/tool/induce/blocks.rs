//! Lines that stand at fixed distances in texts, again and again: `strip.block`, and where they
//! name a member, the posts of a thread.
//!
//! The search begins at a line that stands several times in the captures, such as `Joined`, and
//! goes up and down while every place agrees: the same line, a date, a figure, or a short text.

use std::collections::{BTreeMap, BTreeSet};

use super::chrome::{self, Ground};
use super::sample::Sample;
use super::{Proposal, pattern, share, write};
use crate::annotate::date::{self, Reading};
use crate::model::date::DateOptions;

/// Lines above and below the first one that are looked at.
const REACH: usize = 8;

/// How often the line must stand in half of the captures.
const TIMES: usize = 2;

/// Words of main content that a post has, and the share of the places that must head one, and of
/// all main content that these must hold, per mille.
const LEAST_WORDS: usize = 5;
const HEADING: usize = 800;

/// Letters that it must have.
const LETTERS: usize = 4;

/// Longest name of a member, in characters, and in words.
const MOST_NAME: usize = 40;
const MOST_NAME_WORDS: usize = 4;

/// Most blank lines between two lines.
const MOST_BLANK: u16 = 4;

/// A place: capture and line.
type Place = (usize, usize);

/// What all places have at one distance.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Line(String),
    Date,
    Figure,
    Name,
}

/// A step, its distance, and the blank lines above it.
#[derive(Debug, Clone)]
struct Found {
    step: Step,
    at: isize,
    blanks: (u16, u16),
}

/// The rule for the lines that head each post, and `[split.thread.text]`.
pub(super) fn posts(samples: &[&Sample], ground: &mut Ground) -> Option<Vec<Proposal>> {
    let mut lines: BTreeMap<&str, Vec<Place>> = BTreeMap::new();
    for (number, sample) in samples.iter().enumerate() {
        for (at, fact) in sample.facts.iter().enumerate() {
            let letters = fact.mask.chars().filter(|letter| letter.is_alphabetic()).count();
            if letters >= LETTERS && fact.words <= MOST_NAME_WORDS {
                lines.entry(&fact.mask).or_default().push((number, at));
            }
        }
    }
    let is_frequent = |places: &Vec<Place>| {
        let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
        for (number, _) in places {
            *counts.entry(*number).or_default() += 1;
        }
        counts.values().filter(|count| **count >= TIMES).count() >= chrome::half(samples.len())
    };
    let mut best: Option<(usize, Vec<Found>, Vec<Place>)> = None;
    for places in lines.into_values().filter(is_frequent) {
        let steps = steps(samples, &places);
        let has_name = steps.first().is_some_and(|first| first.step == Step::Name);
        // A member has a day of joining, a number of posts: a list of links has not.
        let counts = steps.iter().any(|it| matches!(it.step, Step::Date | Step::Figure));
        let has_name = has_name && counts && head_posts(samples, &steps, &places);
        if has_name
            && steps.len() >= 3
            && best.as_ref().is_none_or(|(most, ..)| steps.len() > *most)
        {
            best = Some((steps.len(), steps, places));
        }
    }
    let (_, steps, places) = best?;
    for (number, at) in &places {
        for found in &steps {
            ground.take(*number, at.checked_add_signed(found.at)?);
        }
    }
    let rule = rule(samples, &steps, &places)?;
    let captures: BTreeSet<usize> = places.iter().map(|(number, _)| *number).collect();
    let note = format!(
        "{} posts on {} of {} captures; the first line names who posted",
        places.len(),
        captures.len(),
        samples.len()
    );
    Some(vec![
        Proposal {
            table: "split.thread.text",
            name: "start".to_owned(),
            value: "[\"post-head\"]".to_owned(),
            note: String::new(),
        },
        Proposal { table: "strip.block", name: "post-head".to_owned(), value: rule, note },
    ])
}

/// The steps around some places, from the first line to the last.
fn steps(samples: &[&Sample], places: &[Place]) -> Vec<Found> {
    let mut found: Vec<Found> = step(samples, places, 0).into_iter().collect();
    for at in 1..=REACH.cast_signed() {
        match step(samples, places, at) {
            // A short text with others around it: at the end it could be the member's own.
            Some(next) => found.push(next),
            None => break,
        }
    }
    while found.last().is_some_and(|last| last.step == Step::Name) {
        found.pop();
    }
    let mut above: Vec<Found> = Vec::new();
    for at in 1..=REACH.cast_signed() {
        match step(samples, places, -at) {
            Some(next) => above.push(next),
            None => break,
        }
    }
    // The head begins with a name that stands apart from what is above it.
    let is_head = |it: &Found| it.step == Step::Name && it.blanks.0 > 0;
    let end = above.iter().rposition(is_head).map_or(0, |at| at + 1);
    above.truncate(end);
    above.reverse();
    above.extend(found);
    above
}

/// Whether nearly all of these lines head a text, and the texts are nearly all that the captures
/// hold of main content.
fn head_posts(samples: &[&Sample], steps: &[Found], places: &[Place]) -> bool {
    let end = steps.last().map_or(0, |last| last.at);
    let main = |number: usize, lines: std::ops::Range<usize>| -> usize {
        let facts = samples.get(number).and_then(|sample| sample.facts.get(lines));
        facts.unwrap_or_default().iter().filter(|it| it.is_main()).map(|it| it.words).sum()
    };
    let (mut heading, mut inside, mut all) = (0, 0, 0);
    for (index, (number, at)) in places.iter().enumerate() {
        let next = places.get(index + 1).filter(|(other, _)| other == number);
        let until = next.map_or(usize::MAX, |(_, next)| *next);
        let until = until.min(samples.get(*number).map_or(0, |sample| sample.facts.len()));
        let from = at.saturating_add_signed(end).saturating_add(1);
        let words = if from < until { main(*number, from..until) } else { 0 };
        heading += usize::from(words >= LEAST_WORDS);
        inside += words;
        if index == 0 || places.get(index - 1).is_some_and(|(before, _)| before != number) {
            all += samples.get(*number).map_or(0, |sample| sample.main_words());
        }
    }
    share(heading, places.len()) >= HEADING && share(inside, all) >= HEADING
}

/// What all places have at one distance, if they agree.
fn step(samples: &[&Sample], places: &[Place], at: isize) -> Option<Found> {
    let mut masks: BTreeSet<&str> = BTreeSet::new();
    let (mut dates, mut figures, mut names) = (0, 0, 0);
    let mut blanks = (u16::MAX, 0);
    for (number, place) in places {
        let sample = samples.get(*number)?;
        let line = place.checked_add_signed(at)?;
        let fact = sample.facts.get(line)?;
        let text = sample.document.block_text(line);
        let above = sample.document.blanks_before(line);
        blanks = (blanks.0.min(above), blanks.1.max(above));
        masks.insert(&fact.mask);
        figures += usize::from(is_figure(text));
        dates += usize::from(day(text).is_some());
        names += usize::from(is_name(text));
    }
    if blanks.1 > MOST_BLANK && at != 0 {
        return None;
    }
    let step = if figures == places.len() {
        Step::Figure
    } else if dates == places.len() {
        Step::Date
    } else if masks.len() == 1 {
        Step::Line(pattern::of_line(
            samples
                .get(places.first()?.0)?
                .document
                .block_text(places.first()?.1.checked_add_signed(at)?),
        ))
    } else if names == places.len() {
        Step::Name
    } else {
        return None;
    };
    Some(Found { step, at, blanks })
}

fn is_figure(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_digit())
        && text
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | ' ' | '#' | 'K' | 'M'))
}

fn is_name(text: &str) -> bool {
    text.chars().count() <= MOST_NAME
        && text.split(' ').count() <= MOST_NAME_WORDS
        && !text.ends_with(['.', '!', '?', '…', ':', ',', ';'])
}

/// The moment that a line is, to be compared.
fn day(text: &str) -> Option<String> {
    match date::read(text, &DateOptions::default(), None) {
        Reading::Date(found) => Some(found.value),
        _ => None,
    }
}

/// Whether the dates at a distance are those of posts: they never go back in a capture, and go on
/// in some. The day on which a member joined does not do so.
fn are_in_order(samples: &[&Sample], places: &[Place], at: isize) -> bool {
    let mut last: Option<(usize, String)> = None;
    let mut goes_on = false;
    for (number, place) in places {
        let line = place.checked_add_signed(at).unwrap_or_default();
        let text = samples.get(*number).map_or("", |sample| sample.document.block_text(line));
        let Some(day) = day(text) else { return false };
        if let Some((before, known)) = &last
            && before == number
        {
            if *known > day {
                return false;
            }
            goes_on |= *known < day;
        }
        last = Some((*number, day));
    }
    goes_on
}

fn rule(samples: &[&Sample], steps: &[Found], places: &[Place]) -> Option<String> {
    let mut elements = Vec::new();
    let mut published = false;
    for (number, found) in steps.iter().enumerate() {
        let is = match &found.step {
            Step::Line(is) => is.clone(),
            Step::Figure => r"^[\d.,# KM]+$".to_owned(),
            Step::Date if !published && are_in_order(samples, places, found.at) => {
                published = true;
                r"^(?<published>\S.{3,59})$".to_owned()
            }
            Step::Date => r"^\S.{3,59}$".to_owned(),
            Step::Name if number == 0 => r"^(?<posted_by>\S.{0,39})$".to_owned(),
            Step::Name => r"^\S.{0,39}$".to_owned(),
        };
        let (least, most) = found.blanks;
        let gap = match number {
            0 => String::new(),
            _ if most == 0 => String::new(),
            _ => format!(", gap = \"{least}..{most}\""),
        };
        elements.push(format!("  {{ is = {}{gap} }},\n", write::quoted(&is)));
    }
    let (number, first) = places.first()?;
    let sample = samples.get(*number)?;
    let mut text = String::new();
    for found in steps {
        let line = first.checked_add_signed(found.at)?;
        if !text.is_empty() {
            text.push('\n');
            text.extend((0..sample.document.blanks_before(line)).map(|_| '\n'));
        }
        text.push_str(sample.document.block_text(line));
    }
    // Inline tables hold no line feed, arrays do.
    let lines = elements.concat();
    Some(format!("{{ lines = [\n{lines}], sample = [{}] }}", write::quoted(&text)))
}
