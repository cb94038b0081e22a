//! Elements that are furniture on page after page: `strip.select`.
//!
//! An element is furniture where its text stands on half of the captures, or where it is mostly
//! links; a selector is proposed where nearly all that it names is, and none of it is main content
//! in the eyes of the classifier.

use std::collections::BTreeSet;

use super::key::{self, Found, Keys};
use super::sample::{self, Fact, Sample};
use super::{Proposal, share, write};

/// Share of a selector's words that must be furniture, per mille.
const FURNITURE: usize = 900;

/// Words of main content that a selector may take, per mille of its own words.
const MAIN_WORDS: usize = 20;

/// Words of main content that a selector may take, per mille of all of these.
const ALL_MAIN: usize = 2;

/// Fewest words that a rule has to take beyond those before it, for each capture that has them.
const GAIN: usize = 3;

/// Most rules.
const MOST: usize = 24;

/// Which blocks of each capture are furniture, and which of these rules take already.
pub(super) struct Ground {
    /// By capture and block: whether the text stands on half of the captures.
    pub(super) repeated: Vec<Vec<bool>>,
    /// By capture and block: whether it reads like main content, after what it shares with others.
    main: Vec<Vec<bool>>,
    /// By capture and block: whether a rule takes it.
    pub(super) taken: Vec<Vec<bool>>,
}

/// Chance from which a block that half of the captures share is main content all the same, and one
/// that most of them share, per mille: an article says little that others say too. Set on one
/// invented site; `tests/bench/induce.py` says what they do to real ones.
const SHARED: u16 = 700;
const COMMON: u16 = 900;

/// Fewest captures for the latter.
const MANY: usize = 4;

impl Ground {
    /// Which blocks say on half of the captures, and on two at least, the same.
    pub(super) fn read(samples: &[&Sample]) -> Self {
        let mut counts: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
        for sample in samples {
            let own: BTreeSet<&str> = sample.facts.iter().map(|fact| fact.mask.as_str()).collect();
            for mask in own {
                *counts.entry(mask).or_default() += 1;
            }
        }
        let half = half(samples.len());
        let sure = |fact: &Fact| match counts.get(fact.mask.as_str()).copied().unwrap_or(0) {
            count if count >= most(samples.len()) && samples.len() >= MANY => COMMON,
            count if count >= half => SHARED,
            _ => sample::MAIN,
        };
        let reads = |fact: &Fact| fact.chance >= sure(fact);
        let main = samples.iter().map(|sample| sample.facts.iter().map(reads).collect()).collect();
        let repeated = samples
            .iter()
            .map(|sample| {
                // Other pages link to this one by its title.
                let title = sample.records.first().and_then(|record| record.title.as_deref());
                let title = title.map(sample::mask).unwrap_or_default();
                let is_repeated = |fact: &Fact| {
                    fact.mask != title && counts.get(fact.mask.as_str()).is_some_and(|n| *n >= half)
                };
                sample.facts.iter().map(is_repeated).collect()
            })
            .collect();
        let taken = samples.iter().map(|sample| vec![false; sample.facts.len()]).collect();
        Self { repeated, main, taken }
    }

    pub(super) fn is_repeated(&self, sample: usize, block: usize) -> bool {
        self.repeated.get(sample).and_then(|own| own.get(block)).copied().unwrap_or(false)
    }

    /// Whether it reads like main content.
    pub(super) fn is_main(&self, sample: usize, block: usize) -> bool {
        self.main.get(sample).and_then(|own| own.get(block)).copied().unwrap_or(false)
    }

    /// Words of main content in some blocks of a capture.
    pub(super) fn main_words(
        &self,
        sample: &Sample,
        number: usize,
        blocks: std::ops::Range<usize>,
    ) -> usize {
        let main = |at: usize| self.is_main(number, at);
        let words = |at: usize| sample.facts.get(at).map_or(0, |fact| fact.words);
        blocks.filter(|at| main(*at)).map(words).sum()
    }

    /// Words of main content in all captures.
    fn all_main_words(&self, samples: &[&Sample]) -> usize {
        let of = |(number, sample): (usize, &&Sample)| {
            self.main_words(sample, number, 0..sample.facts.len())
        };
        samples.iter().enumerate().map(of).sum()
    }

    pub(super) fn is_taken(&self, sample: usize, block: usize) -> bool {
        self.taken.get(sample).and_then(|own| own.get(block)).copied().unwrap_or(false)
    }

    pub(super) fn take(&mut self, sample: usize, block: usize) {
        if let Some(slot) = self.taken.get_mut(sample).and_then(|own| own.get_mut(block)) {
            *slot = true;
        }
    }
}

/// Half of the captures, and two at least.
pub(super) fn half(count: usize) -> usize {
    count.div_ceil(2).max(2)
}

/// Most of the captures: four in five.
pub(super) fn most(count: usize) -> usize {
    (count * 4).div_ceil(5).max(2)
}

/// What a selector names in the captures, in words.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    captures: usize,
    words: usize,
    repeated: usize,
    furniture: usize,
    main: usize,
    /// Captures in which nearly all of it is furniture.
    furnished: usize,
}

/// What no rule may take.
pub(super) struct Spare<'k> {
    /// Selectors of elements that hold facts: neither these, nor what is inside or around them.
    pub(super) facts: &'k [String],
    /// Where the rules must stay: the posts.
    pub(super) within: Option<&'k Found>,
}

/// Selectors of furniture, the one that takes most first.
pub(super) fn find(
    samples: &[&Sample],
    keys: &Keys,
    spare: &Spare<'_>,
    ground: &mut Ground,
) -> Vec<Proposal> {
    let facts: Vec<&Found> = spare.facts.iter().filter_map(|key| keys.found.get(key)).collect();
    let all_main = ground.all_main_words(samples);
    let all_words: usize = samples.iter().map(|sample| sample.words()).sum();
    let mut candidates: Vec<(&String, &[Vec<usize>], Sums)> = keys
        .found
        .iter()
        .map(|(key, found)| (key, found, sums(samples, &found.places, ground)))
        .filter(|(key, found, sums)| is_furniture((key, found), sums, samples.len(), all_main))
        .filter(|(_, found, _)| !facts.iter().any(|fact| overlap(samples, found, fact)))
        .filter(|(_, found, _)| spare.within.is_none_or(|posts| are_inside(samples, found, posts)))
        .map(|(key, found, sums)| (key, found.places.as_slice(), sums))
        .collect();
    let mut proposals: Vec<Proposal> = Vec::new();
    while proposals.len() < MOST {
        let best = candidates
            .iter()
            .map(|(key, found, sums)| (gain(samples, found, ground), *key, *found, *sums))
            .filter(|(gain, _, _, sums)| *gain >= GAIN * sums.captures)
            .max_by_key(|(gain, key, _, _)| (*gain, std::cmp::Reverse((key::rank(key), *key))));
        let Some((_, best, found, sums)) = best else { break };
        let mut example = String::new();
        for (number, (sample, own)) in samples.iter().zip(found).enumerate() {
            for element in own.iter().filter_map(|place| sample.elements.get(*place)) {
                if example.is_empty() {
                    example = sample.text_of(element);
                }
                for block in sample.blocks_of(element) {
                    ground.take(number, block);
                }
            }
        }
        let why = if share(sums.repeated, sums.words) >= FURNITURE { "repeated" } else { "links" };
        proposals.push(Proposal {
            table: "strip.select",
            name: key::rule_name(best),
            value: write::quoted(best),
            note: format!(
                "{}/{} captures, {} of all words, {why}, e.g. {}",
                sums.captures,
                samples.len(),
                write::percent(sums.words, all_words),
                write::example(&example),
            ),
        });
        let best = best.clone();
        candidates.retain(|(key, _, _)| **key != best);
    }
    proposals
}

/// Whether all elements of one selector stand inside those of another.
fn are_inside(samples: &[&Sample], inner: &Found, outer: &Found) -> bool {
    samples.iter().zip(inner.places.iter().zip(&outer.places)).all(|(sample, (inner, outer))| {
        inner.iter().all(|place| {
            let around = |own: &usize| sample.elements.get(*own).map_or(0, |it| it.end);
            outer.iter().any(|own| own < place && *place < around(own))
        })
    })
}

/// Whether some element of one selector stands inside one of another, or is the same.
fn overlap(samples: &[&Sample], one: &Found, other: &Found) -> bool {
    samples.iter().zip(one.places.iter().zip(&other.places)).any(|(sample, (one, other))| {
        let range = |place: &usize| *place..sample.elements.get(*place).map_or(0, |it| it.end);
        one.iter().any(|place| {
            other.iter().any(|own| range(own).contains(place) || range(place).contains(own))
        })
    })
}

fn sums(samples: &[&Sample], found: &[Vec<usize>], ground: &Ground) -> Sums {
    let mut all = Sums::default();
    for (number, (sample, own)) in samples.iter().zip(found).enumerate() {
        let mut one = Sums::default();
        for element in own.iter().filter_map(|place| sample.elements.get(*place)) {
            for block in sample.blocks_of(element) {
                let Some(fact) = sample.facts.get(block) else { continue };
                one.words += fact.words;
                let repeated = ground.is_repeated(number, block);
                one.repeated += if repeated { fact.words } else { 0 };
                one.furniture += if repeated || fact.is_linked { fact.words } else { 0 };
                one.main += if ground.is_main(number, block) { fact.words } else { 0 };
            }
        }
        if one.words > 0 {
            all.captures += 1;
            all.furnished += usize::from(share(one.furniture, one.words) >= FURNITURE);
        }
        all.words += one.words;
        all.repeated += one.repeated;
        all.furniture += one.furniture;
        all.main += one.main;
    }
    all
}

fn is_furniture(
    (key, found): (&str, &Found),
    sums: &Sums,
    captures: usize,
    all_main: usize,
) -> bool {
    let names_furniture = key::names_furniture(key);
    let by_text = (names_furniture || key.starts_with('#') || found.is_one_part)
        && share(sums.repeated, sums.words) >= FURNITURE
        && sums.captures >= half(captures);
    let by_links = names_furniture
        && share(sums.furniture, sums.words) >= FURNITURE
        && sums.captures >= most(captures)
        && sums.furnished >= most(sums.captures);
    (by_text || by_links)
        && sums.main * 1000 <= sums.words * MAIN_WORDS
        && sums.main * 1000 <= all_main * ALL_MAIN
}

/// Words that a selector takes beyond those before it.
fn gain(samples: &[&Sample], found: &[Vec<usize>], ground: &Ground) -> usize {
    let mut gain = 0;
    for (number, (sample, own)) in samples.iter().zip(found).enumerate() {
        for element in own.iter().filter_map(|place| sample.elements.get(*place)) {
            for block in sample.blocks_of(element) {
                if !ground.is_taken(number, block) {
                    gain += sample.facts.get(block).map_or(0, |fact| fact.words);
                }
            }
        }
    }
    gain
}
