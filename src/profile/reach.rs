//! Rules that reach too far, and rules that never act: what can be known of them without a capture.
//!
//! Takes a layer as it is written, and its compiled rules; adds faults.

use std::ops::Range;
use std::sync::Arc;

use super::blame;
use super::fault::{Fault, Problem};
use super::lint;
use super::program::{Profile, Rules};
use super::schema::{At, Body, EdgeSpec, FindSpec, Layer, MarkupSpec, RuleKey, RuleSpec, What};

/// Selectors that take all of a page.
const ALL: [&str; 8] =
    ["*", "html", "body", ":root", "html body", "html > body", "body *", "body > *"];

/// Fewer letters than these are part of many other names: `ad` takes `header` and `shadow` with it.
/// In a public collection of 2,040 files of site rules 83 parts have at most four.
const SHORT_LETTERS: usize = 4;

/// Checks the rules of a layer, which is the first of the profile's chain.
pub fn check(profile: &Profile, layer: &Layer, faults: &mut Vec<Fault>) {
    let mut fault = |problem, span: Range<usize>| {
        faults.push(Fault { problem, file: Arc::clone(&layer.file), span });
    };
    for body in std::iter::once(&layer.body).chain(layer.variants.iter().map(|it| &it.body)) {
        for (key, rule) in &body.rules {
            let Some(spec) = &rule.value else { continue };
            if let Some(what) = removes_all(key, spec) {
                fault(Problem::RemovesAll { what }, rule.span.clone());
            }
            if let What::Line { is, not: Some(not), .. } = &spec.what
                && is.value == not.value
            {
                let why = "`is` and `not` are the same".to_owned();
                fault(Problem::Dead { what: format!("rule `{key}`"), why }, not.span.clone());
            }
        }
        for ((_, field), ways) in body.finds.iter().filter(|((_, field), _)| !field.adds_up()) {
            let behind = ways.iter().skip_while(|way| !matches!(way, FindSpec::Const(_))).skip(1);
            for span in behind.filter_map(place) {
                let what = format!("this way of `{}`", field.name());
                fault(Problem::Dead { what, why: "a `const` above always yields".into() }, span);
            }
        }
        for at in selectors(body) {
            for (part, letters) in short_substrings(&at.value) {
                let text = at.value.get(part.clone()).unwrap_or_default().to_owned();
                let span = blame::place(layer, at, part);
                fault(Problem::ShortSubstring { text, letters }, span);
            }
        }
    }
    shadowed(profile.rules(), &mut fault);
    for (_, _, rules) in profile.variants() {
        shadowed(rules, &mut fault);
    }
    for (number, variant) in layer.variants.iter().enumerate() {
        let own = lint::conditions(&variant.when);
        let above = layer.variants.iter().take(number);
        if let Some(other) = above.into_iter().find(|it| lint::conditions(&it.when) == own) {
            let why = format!("`{}` above has the same conditions", other.name);
            let what = format!("variant `{}`", variant.name);
            fault(Problem::Dead { what, why }, variant.when.span.clone());
        }
    }
}

/// What of a rule takes everything, in words.
fn removes_all(key: &RuleKey, spec: &RuleSpec) -> Option<String> {
    // What is kept hurts nobody.
    if key.keep {
        return None;
    }
    match &spec.what {
        What::Select { css, is: None, .. } => {
            let mut parts = blame::alternatives(&css.value).into_iter().map(|(_, text)| text);
            parts.find(|part| ALL.contains(part)).map(|text| format!("selector `{text}`"))
        }
        What::Region { from: EdgeSpec::Start, to: EdgeSpec::End, max_words: u32::MAX } => {
            Some("a region from `start` to `end`".to_owned())
        }
        What::Repeat { times: 1, max_words } if *max_words > 12 => {
            Some("`times = 1`, with so many words,".to_owned())
        }
        What::Select { .. }
        | What::Line { .. }
        | What::Block(_)
        | What::Region { .. }
        | What::Repeat { .. }
        | What::Generic { .. } => None,
    }
}

/// Parts of a selector that look for a few letters anywhere in a class or an id,
/// `[class*="ad"]`, with the number of letters.
fn short_substrings(css: &str) -> Vec<(Range<usize>, usize)> {
    let mut found = Vec::new();
    for (open, _) in css.match_indices('[') {
        let rest = css.get(open..).unwrap_or_default();
        let part = rest.split_inclusive(']').next().unwrap_or(rest);
        let Some((name, value)) = part.split_once("*=") else { continue };
        let name = name.trim_start_matches('[').trim();
        let value = value.trim_end_matches(']').trim().trim_end_matches(" i");
        let value = value.trim_matches(['"', '\'']);
        let letters = value.chars().filter(|letter| letter.is_alphanumeric()).count();
        // A hyphen at an end makes a part of a name whole: `bbp-`.
        let ends = ['-', '_', ' '];
        let is_whole = value.starts_with(ends) || value.ends_with(ends);
        if matches!(name, "class" | "id") && letters < SHORT_LETTERS && !is_whole {
            found.push((open..open + part.len(), letters));
        }
    }
    found
}

/// Rules behind one that takes the same: a block's fate never changes, so they find nothing open.
fn shadowed(rules: &Rules, fault: &mut impl FnMut(Problem, Range<usize>)) {
    for (number, rule) in rules.list.iter().enumerate().filter(|(_, rule)| rule.depth == 0) {
        // The same patterns and selectors have the same numbers.
        let what = format!("{:?}", rule.what);
        let above = rules.list.iter().take(number);
        let same = above.into_iter().find(|other| {
            other.key.kind == rule.key.kind
                && (other.key.keep || !rule.key.keep)
                && other.at.is_none()
                && other.html >= rule.html
                && format!("{:?}", other.what) == what
        });
        if let Some(other) = same {
            let does = if other.key.keep { "keeps" } else { "takes" };
            let why = format!("`{}` {does} the same before it", other.id);
            let what = format!("rule `{}`", rule.key);
            fault(Problem::Dead { what, why }, rule.span.clone());
        }
    }
}

/// All selectors of a body, as they are written.
fn selectors(body: &Body) -> Vec<&At<String>> {
    let mut found = Vec::new();
    for rule in body.rules.values() {
        if let Some(RuleSpec { what: What::Select { css, .. }, .. }) = &rule.value {
            found.push(css);
        }
    }
    for way in body.finds.values().flatten() {
        if let FindSpec::Css { css, .. } = way {
            found.push(css);
        }
    }
    match &body.markup {
        Some(Some(MarkupSpec::Thread { post, body, quote, header, .. })) => {
            found.extend([post, body]);
            found.extend(quote.iter().chain(header));
        }
        Some(Some(MarkupSpec::Article { body })) => found.extend(body),
        Some(None) | None => {}
    }
    found
}

/// Where a way stands, as far as that is known.
fn place(way: &FindSpec) -> Option<Range<usize>> {
    match way {
        FindSpec::Line { line: at, .. }
        | FindSpec::Css { css: at, .. }
        | FindSpec::Meta { meta: at, .. }
        | FindSpec::Const(at) => Some(at.span.clone()),
        FindSpec::Headline { .. } | FindSpec::Date { .. } | FindSpec::Inherit => None,
    }
}
