//! Whether what a service cleaned of late gives what the cases of its profiles promise: a layout
//! that changed shows in less text, or in rules that no longer act.
//!
//! Takes what the cases gave and what a ledger remembers; gives one line for each suspicion.

use std::collections::BTreeMap;

use crate::pipeline::Outcome;
use crate::profile::set::ProfileSet;
use crate::spool::ledger::yields::{MOST, Yield};
use crate::spool::turn::yielded;

/// Captures of a profile below which nothing is said.
const FEWEST: usize = 20;

/// A median of less than this part of the cases' median is far less. Cases are trimmed to a few
/// kilobytes, so captures give more than they do.
const PART: u64 = 3;

/// What a cleaned capture gave.
pub fn of(outcome: &Outcome) -> Yield {
    yielded(&outcome.records, outcome.trace.document.markup.is_some(), outcome.trace.acted())
}

/// What is suspicious, by profile.
pub fn warnings(cases: &[Yield], recent: &[Yield], set: &ProfileSet) -> Vec<String> {
    let by = |list: &'_ [Yield]| {
        let mut by: BTreeMap<(String, bool), Vec<Yield>> = BTreeMap::new();
        for found in list {
            by.entry((found.profile.clone(), found.page)).or_default().push(found.clone());
        }
        by
    };
    let (cases, recent) = (by(cases), by(recent));
    let mut said = Vec::new();
    for ((profile, page), promised) in &cases {
        let Some(found) = recent.get(&(profile.clone(), *page)) else { continue };
        let what = if *page { "pages" } else { "texts" };
        let count = found.len();
        if count >= FEWEST {
            for (name, of) in [("pieces", pieces as fn(&Yield) -> u64), ("words", words)] {
                let (expected, got) = (median(promised, of), median(found, of));
                if got * PART < expected {
                    said.push(format!(
                        "profile `{profile}`: the last {count} {what} gave {got} {name} each, its \
                         cases give {expected} (medians): has the layout changed?"
                    ));
                }
            }
        }
        // Rules of an earlier version of the profile say nothing about this one.
        let hash = set.get(profile).map(|profile| profile.hash.as_str());
        let same: Vec<&Yield> = found.iter().filter(|it| Some(it.hash.as_str()) == hash).collect();
        if same.len() < MOST as usize {
            continue;
        }
        let mut alive: Vec<&String> = promised.iter().flat_map(|it| &it.rules).collect();
        alive.sort();
        alive.dedup();
        for rule in alive {
            if !same.iter().any(|it| it.rules.contains(rule)) {
                said.push(format!(
                    "`{rule}` acts in a case and in none of the last {} {what} of `{profile}`: has \
                     the layout changed?",
                    same.len()
                ));
            }
        }
    }
    said
}

fn pieces(found: &Yield) -> u64 {
    found.pieces
}

fn words(found: &Yield) -> u64 {
    found.words
}

fn median(list: &[Yield], of: fn(&Yield) -> u64) -> u64 {
    let mut values: Vec<u64> = list.iter().map(of).collect();
    values.sort_unstable();
    values.get(values.len() / 2).copied().unwrap_or(0)
}
