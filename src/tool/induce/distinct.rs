//! Which captures are different pages, and which of these are of one shape.

use std::collections::BTreeSet;

use super::sample::Sample;
use super::{key, write};

/// Share of the shorter kept text's word 5-shingles that another capture holds from which both are
/// one page, in thousandths. Measured on 48 hosts: without this step rules lost 27 % of the text.
const SAME_TEXT: usize = 500;

/// The same of all text, where hardly any is kept.
const SAME_PAGE: usize = 950;

/// The captures without those that show a page again, in a fixed order.
pub(super) fn distinct(mut ordered: Vec<&Sample>) -> Vec<&Sample> {
    ordered.sort_by_key(|sample| (&sample.capture.path, sample.capture.sha256));
    let mut found: Vec<&Sample> = Vec::new();
    for sample in ordered {
        if !found.iter().any(|other| are_one_page(sample, other)) {
            found.push(sample);
        }
    }
    found
}

/// Whether two captures show one page.
pub(super) fn are_one_page(one: &Sample, other: &Sample) -> bool {
    let url = &one.capture.hints.url;
    if one.capture.sha256 == other.capture.sha256
        || (url.is_some() && *url == other.capture.hints.url)
    {
        return true;
    }
    if one.kept.is_empty() || other.kept.is_empty() {
        return one.whole.containment(&other.whole) >= SAME_PAGE;
    }
    one.kept.containment(&other.kept) >= SAME_TEXT
}

/// Share of their names that two pages of one shape have in common, in thousandths.
const SAME_SHAPE: usize = 500;

/// The pages in groups of one shape, the largest first: those are alike whose elements have the
/// same names.
pub(super) fn shapes<'s>(samples: &[&'s Sample]) -> Vec<Vec<&'s Sample>> {
    let mut groups: Vec<(BTreeSet<String>, Vec<&Sample>)> = Vec::new();
    for sample in samples {
        let names: BTreeSet<String> = sample.elements.iter().flat_map(key::names).collect();
        let alike = groups.iter_mut().find(|(known, _)| {
            let both = known.intersection(&names).count();
            let either = known.len() + names.len() - both;
            both * 1000 >= either * SAME_SHAPE
        });
        match alike {
            Some((_, members)) => members.push(sample),
            None => groups.push((names, vec![sample])),
        }
    }
    let mut groups: Vec<Vec<&Sample>> = groups.into_iter().map(|(_, members)| members).collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.len()));
    groups
}

/// What a person should know of the shapes.
pub(super) fn note(samples: &[&Sample]) -> Option<String> {
    let groups = shapes(samples);
    if groups.len() < 2 {
        return None;
    }
    let shown: Vec<String> = groups
        .iter()
        .take(4)
        .filter_map(|group| {
            let first = group.first()?;
            Some(format!("{} like {}", group.len(), write::shown(&first.capture.path)))
        })
        .collect();
    Some(format!(
        "the pages are of {} shapes, {}: facts are learnt from the most frequent one",
        groups.len(),
        shown.join(", ")
    ))
}
