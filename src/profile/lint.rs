//! Checks that need a compiled profile: samples, anchors, ties.
//!
//! Takes a profile and its chain; adds faults. `profile lint`, `check` and every load run it.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::ops::Range;
use std::sync::Arc;

use super::block;
use super::fault::{Fault, Problem};
use super::matcher::{Matches, PatternId, inspect};
use super::program::{Edge, Match, Profile, Rules};
use super::reach;
use super::schema::{At, EdgeSpec, Layer, RuleSpec, Subdomains, What};
use super::selector;
use crate::model::document::Document;

/// A line that no rule may match unless it says something about it.
const SENTENCE: &str =
    "In the evening the ferry came back with forty people and a small brown dog.";

/// Reads a sample as captures are read. Passed in, for `profile` stands below `parse`.
pub type ReadText = fn(&str) -> Document;

/// Checks one profile. Rules that are inherited were checked with the profile that defines them.
pub fn check(profile: &Profile, chain: &[Arc<Layer>], read: ReadText, faults: &mut Vec<Fault>) {
    let Some(layer) = chain.first() else { return };
    let chosen_by_none = layer.matches.is_empty() && profile.id != super::set::GENERIC;
    let extended_only = layer.kind == super::schema::ProfileKind::Platform;
    if chosen_by_none && !extended_only {
        let span = 0..layer.file.text.find('\n').unwrap_or(layer.file.text.len());
        faults.push(Fault { problem: Problem::NoMatch, file: Arc::clone(&layer.file), span });
    }
    patterns(layer, faults);
    reach::check(profile, layer, faults);
    samples(profile.rules(), layer, read, faults);
    for (_, _, rules) in profile.variants() {
        samples(rules, layer, read, faults);
    }
}

/// Patterns as they are written in this file.
fn patterns(layer: &Layer, faults: &mut Vec<Fault>) {
    let bodies = std::iter::once(&layer.body).chain(layer.variants.iter().map(|v| &v.body));
    for body in bodies {
        for rule in body.rules.values() {
            let Some(spec) = &rule.value else { continue };
            if let What::Select { css, .. } = &spec.what
                && let Some(word) = selector::short_name(&css.value)
            {
                let problem = Problem::ShortName { word: word.to_owned() };
                let (file, span) = (Arc::clone(&layer.file), css.span.clone());
                faults.push(Fault { problem, file, span });
            }
            for at in whole_line_patterns(spec) {
                let Ok(facts) = inspect(&at.value) else { continue };
                let matches_all =
                    regex::Regex::new(&at.value).is_ok_and(|regex| regex.is_match(SENTENCE));
                let problem = if matches_all {
                    Problem::MatchesAll
                } else if !facts.anchored_start && !facts.anchored_end {
                    Problem::Unanchored
                } else {
                    continue;
                };
                let (file, span) = (Arc::clone(&layer.file), at.span.clone());
                faults.push(Fault { problem, file, span });
            }
        }
    }
}

/// The patterns that alone decide on a line.
fn whole_line_patterns(spec: &RuleSpec) -> Vec<&At<String>> {
    match &spec.what {
        What::Line { is, .. } => vec![is],
        What::Region { from, to, .. } => [from, to]
            .into_iter()
            .filter_map(|edge| match edge {
                EdgeSpec::Pattern(at) => Some(at),
                EdgeSpec::Start | EdgeSpec::End | EdgeSpec::Rule(_) => None,
            })
            .collect(),
        // The lines of a block may be wide: its anchor decides.
        What::Select { .. } | What::Block(_) | What::Repeat { .. } | What::Generic { .. } => {
            Vec::new()
        }
    }
}

fn samples(rules: &Rules, layer: &Layer, read: ReadText, faults: &mut Vec<Fault>) {
    for (number, rule) in rules.list.iter().enumerate() {
        if rule.depth != 0 {
            continue;
        }
        let mut fault = |problem: Problem, span: Range<usize>| {
            faults.push(Fault { problem, file: Arc::clone(&layer.file), span });
        };
        let name = || rule.key.to_string();
        if let Match::Block(sequence) = &rule.what
            && sequence.anchor.is_none()
        {
            fault(Problem::NoAnchor { rule: name() }, rule.span.clone());
        }
        if !rule.key.kind.wants_sample() {
            continue;
        }
        if rule.sample.is_empty() {
            fault(Problem::NoSample { rule: name() }, rule.span.clone());
        }
        let matches = |text: &String| {
            let document = read(text);
            let matches = rules.patterns.scan(&document);
            touches(rules, number, &document, &matches)
        };
        if rule.sample.iter().any(|sample| !matches(sample)) {
            fault(Problem::SampleMissed { rule: name() }, rule.span.clone());
        }
        if rule.keep.iter().any(matches) {
            fault(Problem::KeepMatched { rule: name() }, rule.span.clone());
        }
    }
}

/// Whether a rule would act on a document.
fn touches(rules: &Rules, number: usize, document: &Document, matches: &Matches<'_>) -> bool {
    let any = |pattern: PatternId| (0..document.blocks.len()).any(|at| matches.has(at, pattern));
    match rules.list.get(number).map(|rule| &rule.what) {
        Some(Match::Line { is, not, then: None }) => (0..document.blocks.len())
            .any(|at| matches.has(at, *is) && !not.is_some_and(|not| matches.has(at, not))),
        Some(Match::Line { is, then: Some(then), .. }) => any(*is) && any(*then),
        Some(Match::Block(sequence)) => (0..document.blocks.len()).any(|start| {
            block::run(&sequence.elements, start, document, &rules.patterns, matches).is_some()
        }),
        Some(Match::Region { from, to, .. }) => {
            let edge = |edge: &Edge| match edge {
                Edge::Start | Edge::End => None,
                Edge::Pattern(pattern) => Some(any(*pattern)),
                Edge::Rule(other) => Some(touches(rules, *other, document, matches)),
            };
            // One sample may show either side: the lines between need not be written out.
            let sides: Vec<bool> = [edge(from), edge(to)].into_iter().flatten().collect();
            sides.is_empty() || sides.contains(&true)
        }
        Some(Match::Select { .. } | Match::Repeat { .. } | Match::Generic { .. }) | None => true,
    }
}

/// Profiles of one origin that match the same: which one is chosen would hang on their names.
pub fn ties(layers: &[&Layer], faults: &mut Vec<Fault>) {
    let mut seen: HashMap<String, Vec<&Layer>> = HashMap::new();
    for layer in layers {
        for spec in &layer.matches {
            for condition in conditions(spec) {
                let same = seen.entry(condition.clone()).or_default();
                let other = same.iter().find(|other| {
                    other.file.origin == layer.file.origin
                        && other.kind == layer.kind
                        && other.id != layer.id
                });
                if let Some(other) = other {
                    let other = other.file.path.clone();
                    let file = Arc::clone(&layer.file);
                    let problem = Problem::Tie { other, condition: condition.clone() };
                    faults.push(Fault { problem, file, span: spec.span.clone() });
                }
                same.push(layer);
            }
        }
    }
}

/// What a table matches, in a form that is equal for tables that match the same.
pub(super) fn conditions(spec: &super::schema::MatchSpec) -> Vec<String> {
    let mut texts: Vec<&str> = spec.text.iter().map(|at| at.value.as_str()).collect();
    texts.sort_unstable();
    let mut rest = String::new();
    if let Some(path) = &spec.path {
        write!(rest, ", path `{path}`").unwrap_or_default();
    }
    let mut selectors: Vec<&str> = spec.selectors.iter().map(|at| at.value.as_str()).collect();
    selectors.sort_unstable();
    if !selectors.is_empty() {
        write!(rest, ", selector `{}`", selectors.join("` and `")).unwrap_or_default();
    }
    if !texts.is_empty() {
        write!(rest, ", {} of the lines {}", spec.min, texts.join(" ")).unwrap_or_default();
    }
    for limit in [&spec.captured_before, &spec.captured_after].into_iter().flatten() {
        write!(rest, ", day {limit}").unwrap_or_default();
    }
    if spec.hosts.is_empty() {
        return vec![rest.trim_start_matches(", ").to_owned()];
    }
    let below = if spec.subdomains == Subdomains::Only { "below " } else { "" };
    spec.hosts.iter().map(|host| format!("host {below}`{host}`{rest}")).collect()
}
