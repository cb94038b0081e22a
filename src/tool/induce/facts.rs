//! Places of title, author and date: what a page's own data say, found again in its text.
//!
//! Proposed are the `<meta>` that holds the value, and behind it the element that does, for pages
//! that lack the data.

use std::collections::{BTreeMap, BTreeSet};

use super::element::Element;
use super::sample::Sample;
use super::{Proposal, chrome, key, pattern, write};
use crate::annotate::date::{self, Reading};
use crate::model::date::DateOptions;

/// Longest text of an element that may be a fact, in bytes.
const MOST_BYTES: usize = 300;

/// Where values come from that were not read off the text: the words before the blank in
/// `evidence`.
const SOURCES: [&str; 5] = ["og", "meta", "json-ld", "microdata", "json"];

/// The same of titles: the heading is where the page's own data were found again already.
const HEADINGS: [&str; 2] = ["h1", "title"];

/// A fact that is looked for.
struct Wanted {
    name: &'static str,
    /// Words that may stand before the value in its element.
    before: &'static [&'static str],
    is_date: bool,
}

const WANTED: [Wanted; 3] = [
    Wanted { name: "title", before: &[], is_date: false },
    Wanted {
        name: "author",
        before: &["By", "by", "BY", "Posted by", "Written by"],
        is_date: false,
    },
    Wanted { name: "published", before: &[], is_date: true },
];

/// `[field]` of pages, and the selectors of the elements that hold them.
pub(super) fn find(samples: &[&Sample]) -> (Vec<Proposal>, Vec<String>) {
    let mut proposals = Vec::new();
    let mut selectors = Vec::new();
    for wanted in &WANTED {
        let values: Vec<Option<(String, String)>> =
            samples.iter().map(|sample| value(sample, wanted)).collect();
        let known = values.iter().flatten().count();
        if known < chrome::most(samples.len()) {
            continue;
        }
        let Some(Place { selector, way, note }) = place(samples, &values, wanted) else { continue };
        selectors.push(selector);
        let sources: BTreeSet<&str> =
            values.iter().flatten().map(|(_, source)| source.as_str()).collect();
        let sources: Vec<&str> = sources.into_iter().collect();
        let mut ways = Vec::new();
        if let Some(key) = meta(samples, &values, wanted) {
            ways.push(format!("{{ meta = {} }}", write::quoted(&key)));
        }
        ways.push(way);
        proposals.push(Proposal {
            table: "field",
            name: wanted.name.to_owned(),
            value: format!("[{}]", ways.join(", ")),
            note: format!("{note} says the same as {}", sources.join(" and ")),
        });
    }
    (proposals, selectors)
}

/// What the page's own data say, and which of these.
fn value(sample: &Sample, wanted: &Wanted) -> Option<(String, String)> {
    let record = sample.records.first()?;
    let field = match wanted.name {
        "author" => "authors",
        "published" => "published_at",
        name => name,
    };
    let evidence = record.evidence.as_ref()?;
    let found = evidence.get(field).or_else(|| evidence.get(wanted.name))?.first()?;
    let (source, what) = found.rule.split_once(' ')?;
    let heads = wanted.name == "title" && HEADINGS.contains(&source);
    if !SOURCES.contains(&source) && !heads {
        return None;
    }
    let value = match wanted.name {
        "title" => record.title.clone()?,
        "author" => match record.authors.as_slice() {
            [author] => author.name.clone(),
            _ => return None,
        },
        _ => record.published_at.as_deref()?.get(..10)?.to_owned(),
    };
    Some((value, what.to_owned()))
}

/// Whether a text says the value; then what stands before it.
fn says<'w>(text: &str, value: &str, wanted: &'w Wanted) -> Option<&'w str> {
    if wanted.is_date {
        return (day(text).as_deref() == Some(value)).then_some("");
    }
    let same = |text: &str| text.trim().to_lowercase() == value.trim().to_lowercase();
    if same(text) {
        return Some("");
    }
    let behind = |word: &&&str| {
        text.strip_prefix(**word).is_some_and(|rest| same(rest.trim_start_matches([':', ' '])))
    };
    wanted.before.iter().find(behind).copied()
}

/// The day that a text names as a whole.
fn day(text: &str) -> Option<String> {
    match date::read(text, &DateOptions::default(), None) {
        Reading::Date(found) => found.value.get(..10).map(str::to_owned),
        _ => None,
    }
}

/// The selectors of an element that may be a fact.
fn selectors(element: &Element) -> Vec<String> {
    let mut names = key::names(element);
    names.retain(|name| name.starts_with(['.', '#', '[']));
    match element.name.as_str() {
        "h1" => {
            let classes: Vec<String> =
                names.iter().filter(|it| it.starts_with('.')).map(|it| format!("h1{it}")).collect();
            names.extend(classes);
            names.push("h1".to_owned());
        }
        "time" if element.attribute("datetime").is_some() => names.push("time".to_owned()),
        _ => {}
    }
    names
}

/// What an element gives: its text, or for dates also its attribute.
fn given(sample: &Sample, element: &Element, attr: bool) -> Option<String> {
    if attr {
        return element.attribute("datetime").map(str::to_owned);
    }
    (element.text.len() <= MOST_BYTES).then(|| sample.text_of(element)).filter(|it| !it.is_empty())
}

/// Whether its text is asked where an attribute could be, kind and length of its name: less is
/// better.
type Rank = (bool, u8, usize);

/// A way to an element.
struct Place {
    selector: String,
    /// As TOML.
    way: String,
    note: String,
}

/// The way to the element that says the value, and what speaks for it.
fn place(
    samples: &[&Sample],
    values: &[Option<(String, String)>],
    wanted: &Wanted,
) -> Option<Place> {
    // The first element of each selector is what a way without `pick` takes.
    let mut firsts: BTreeMap<(String, bool), Vec<Option<String>>> = BTreeMap::new();
    for (number, sample) in samples.iter().enumerate() {
        for element in &sample.elements {
            let attrs: &[bool] = if wanted.is_date { &[true, false] } else { &[false] };
            for attr in attrs {
                let Some(text) = given(sample, element, *attr) else { continue };
                for name in selectors(element) {
                    let all =
                        firsts.entry((name, *attr)).or_insert_with(|| vec![None; samples.len()]);
                    if let Some(slot @ None) = all.get_mut(number) {
                        *slot = Some(text.clone());
                    }
                }
            }
        }
    }
    let known = values.iter().flatten().count();
    let mut best: Option<(Rank, Place)> = None;
    for ((name, attr), texts) in &firsts {
        let (mut right, mut wrong) = (0, 0);
        let mut words: BTreeSet<&str> = BTreeSet::new();
        for (text, value) in texts.iter().zip(values) {
            let (Some(text), Some((value, _))) = (text, value) else { continue };
            match says(text, value, wanted) {
                Some(word) => {
                    right += 1;
                    words.insert(word);
                }
                None => wrong += 1,
            }
        }
        if right < chrome::most(known) || wrong > 0 {
            continue;
        }
        let (kind, length) = key::rank(name);
        let rank = (!*attr && wanted.is_date, kind, length);
        if best.as_ref().is_some_and(|(known, _)| *known <= rank) {
            continue;
        }
        words.remove("");
        let mut way = format!("{{ css = {}", write::quoted(name));
        if *attr {
            way.push_str(", attr = \"datetime\"");
        }
        if !words.is_empty() {
            let words: Vec<String> = words.iter().map(|word| pattern::escaped(word)).collect();
            let words = match words.as_slice() {
                [word] => word.clone(),
                words => format!("(?:{})", words.join("|")),
            };
            let is = format!("^(?:{words}:? )?(?<{}>.+)$", wanted.name);
            way.extend([", is = ", &write::quoted(&is)]);
        }
        way.push_str(" }");
        let note = format!("{right}/{} captures: {}", samples.len(), write::shown(name));
        best = Some((rank, Place { selector: name.clone(), way, note }));
    }
    best.map(|(_, way)| way)
}

/// The `<meta>` that holds the value.
fn meta(
    samples: &[&Sample],
    values: &[Option<(String, String)>],
    wanted: &Wanted,
) -> Option<String> {
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (sample, value) in samples.iter().zip(values) {
        let Some((value, _)) = value else { continue };
        let metas = sample.document.markup.iter().flat_map(|markup| &markup.head.metas);
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        for meta in metas.filter(|meta| meta.key.contains([':', '.']) || meta.key == wanted.name) {
            if seen.insert(&meta.key) {
                let right = says(&meta.content, value, wanted) == Some("");
                let (ok, bad) = counts.entry(&meta.key).or_default();
                *(if right { ok } else { bad }) += 1;
            }
        }
    }
    let known = values.iter().flatten().count();
    let mut right: Vec<(usize, &str)> = counts
        .into_iter()
        .filter(|(_, (ok, bad))| *bad == 0 && *ok >= chrome::most(known))
        .map(|(key, (ok, _))| (ok, key))
        .collect();
    // Of several the one that is named like the field, then the shortest.
    right.sort_by_key(|(ok, key)| {
        (std::cmp::Reverse(*ok), !key.starts_with("og:") && !key.starts_with("article:"), key.len())
    });
    right.first().map(|(_, key)| (*key).to_owned())
}
