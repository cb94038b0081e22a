//! The platform that captures are of: what a draft extends.

use std::collections::BTreeMap;

use super::sample::{Platform, Sample};
use super::{chrome, write};
use crate::model::record::RecordType;

/// The platform of most captures, and how many are of it.
pub(super) fn of(samples: &[&Sample]) -> Option<(Platform, usize)> {
    let mut counts: BTreeMap<&Platform, usize> = BTreeMap::new();
    for platform in samples.iter().filter_map(|sample| sample.platform.as_ref()) {
        *counts.entry(platform).or_default() += 1;
    }
    let (platform, count) = counts.into_iter().max_by_key(|(_, count)| *count)?;
    (count >= chrome::most(samples.len())).then(|| (platform.clone(), count))
}

/// What speaks for it, as comments.
pub(super) fn evidence(platform: &Platform, count: usize, samples: &[&Sample]) -> Vec<String> {
    let mut lines = vec![format!(
        "{count}/{} captures have the fingerprint of `{}`.",
        samples.len(),
        platform.id
    )];
    if !platform.has_posts {
        return lines;
    }
    let (mut showing, mut posts, mut authors, mut dates) = (0, 0, 0, 0);
    for sample in samples {
        let own = sample.records.iter().filter(|record| record.kind == RecordType::Post);
        let before = posts;
        for post in own {
            posts += 1;
            authors += usize::from(post.posted_by.is_some());
            dates += usize::from(post.published_at.is_some());
        }
        showing += usize::from(posts > before);
    }
    lines.push(format!(
        "{showing}/{} show posts: {posts}, of which {authors} have an author and {dates} a date.",
        samples.len()
    ));
    lines
}

/// What a person should know of it.
pub(super) fn note(platform: &Platform, samples: &[&Sample]) -> Option<String> {
    let without = samples
        .iter()
        .filter(|sample| !sample.records.iter().any(|record| record.kind == RecordType::Post));
    let without: Vec<String> = without.map(|sample| write::shown(&sample.capture.path)).collect();
    (platform.has_posts && !without.is_empty())
        .then(|| format!("`{}` finds no post in {}", platform.id, without.join(", ")))
}
