//! When the page was published, and when it was changed.
//!
//! It must never take the date of a comment, a teaser or an event for the page's, nor a change
//! for the publication. Takes the sources and the lines near the title, gives dates.

use super::linked::{Kind, text};
use super::plain::{folded, plain};
use super::{Dated, Line, Sources, Value, metas};
use crate::annotate::date::{self, FoundDate, Reading};
use crate::model::capture::Warning;
use crate::model::date::Precision;
use crate::model::head::Time;

/// Keys of publishers' `<meta>` elements for the publication.
const PUBLISHED: [&str; 30] = [
    "citation_publication_date",
    "citation_online_date",
    "citation_date",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:publishtime",
    "cxenseparse:recs:publishtime",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date.created",
    "dcterms.date",
    "dc.date",
    "og:published_time",
    "og:publish_date",
    "og:article:published_time",
    "datepublished",
    "date_published",
    "publish-date",
    "publish_date",
    "publishdate",
    "publication_date",
    "publication-date",
    "published_time",
    "published-date",
    "published",
    "pubdate",
    "article.published",
    "bt:pubdate",
    "date",
];

/// Keys of `<meta>` elements for the last change.
const MODIFIED: [&str; 12] = [
    "article:modified_time",
    "og:modified_time",
    "og:updated_time",
    "og:article:modified_time",
    "datemodified",
    "dcterms.modified",
    "dc.date.modified",
    "article.updated",
    "lastmod",
    "last-modified",
    "modified",
    "updated_time",
];

/// Most words of a line that are tried as a date at once: "Friday, 3 October 2025 at 9:30 am".
const MAX_WORDS: usize = 8;

/// Most lines near the title that are searched.
const MAX_LINES: usize = 40;

/// Decides on both dates.
pub(super) fn dates(
    sources: &Sources<'_>,
    near: &[&Line<'_>],
    kind: Option<Kind>,
    warnings: &mut Vec<Warning>,
) -> (Option<Dated>, Option<Dated>) {
    let ways: [&dyn Fn() -> Option<Dated>; 6] = [
        &|| linked(sources, &["datePublished", "dateCreated", "uploadDate"]),
        &|| from_metas(sources, &["article:published_time"]),
        &|| from_times(sources, true),
        &|| from_metas(sources, &PUBLISHED),
        &|| from_times(sources, false),
        &|| shown(sources, near, false),
    ];
    let mut published: Option<Dated> = None;
    for way in ways {
        if let Some(found) = way() {
            if let Some(known) = &published
                && day(&known.date) != day(&found.date)
                && known.date.precision >= Precision::Day
            {
                let detail = format!(
                    "{} {}, {} {}",
                    known.evidence.key, known.date.value, found.evidence.key, found.date.value
                );
                warnings.push(Warning::new("published_differs", detail));
                break;
            }
            published.get_or_insert(found);
        }
    }
    let written = kind.is_none_or(Kind::is_written) || kind == Some(Kind::Page);
    let published = published.or_else(|| in_url(sources).filter(|_| written));
    let modified = linked(sources, &["dateModified"])
        .or_else(|| from_metas(sources, &MODIFIED))
        .or_else(|| shown(sources, near, true));
    (published, modified)
}

fn day(date: &FoundDate) -> &str {
    date.value.get(..10).unwrap_or(&date.value)
}

/// Reads a value that is a date and nothing else.
fn dated(sources: &Sources<'_>, evidence: Value) -> Option<Dated> {
    let page = &sources.page;
    match date::read(metas::dates_own(&evidence.text), &page.dates, page.fetched_at) {
        Reading::Date(date) => Some(Dated { date, evidence }),
        Reading::Relative | Reading::Ambiguous | Reading::NotADate => None,
    }
}

/// The date of the page's JSON-LD.
fn linked(sources: &Sources<'_>, keys: &[&'static str]) -> Option<Dated> {
    let node = sources.main.filter(|node| node.kind.is_written())?;
    keys.iter().find_map(|key| {
        let text = text(node.object.get(*key)?)?;
        dated(sources, Value::new(text, "json-ld", format!("{}.{key}", node.name), node.line))
    })
}

/// The first of some keys that holds a date.
fn from_metas(sources: &Sources<'_>, keys: &[&str]) -> Option<Dated> {
    keys.iter().flat_map(|key| sources.metas.all(key)).find_map(|meta| {
        let value =
            Value::new(plain(&meta.content), metas::source(&meta.key), &meta.key, meta.line);
        dated(sources, value)
    })
}

/// The first element that holds the date: marked as the publication, or any `<time>` that stands
/// with the page's own text.
fn from_times(sources: &Sources<'_>, marked: bool) -> Option<Dated> {
    let fits = |time: &&Time| {
        let says = says_published(time);
        let changed = says_modified(time);
        !time.aside && !changed && (says == marked)
    };
    sources.page.head.times.iter().filter(fits).find_map(|time| {
        let source = if time.prop.is_some() { "microdata" } else { "time" };
        let key = time.prop.clone().unwrap_or_else(|| time.class.clone());
        let machine = time.datetime.as_ref().and_then(|text| {
            dated(sources, Value::new(text.as_str(), source, key.as_str(), time.line))
        });
        machine.or_else(|| find(sources, Value::new(time.text.as_str(), source, key, time.line)))
    })
}

fn says_published(time: &Time) -> bool {
    let prop = time.prop.as_deref().is_some_and(|prop| prop.eq_ignore_ascii_case("datePublished"));
    let class = time.class.to_lowercase();
    prop || class.contains("publish") || class.contains("entry-date") || class.contains("pubdate")
}

fn says_modified(time: &Time) -> bool {
    let prop = time.prop.as_deref().is_some_and(|prop| prop.eq_ignore_ascii_case("dateModified"));
    let class = time.class.to_lowercase();
    // `published updated` marks a date that is both.
    let changed = class.contains("updated") || class.contains("modified");
    prop || (changed && !class.contains("published"))
}

/// A date in a line near the title; whether the line says that it is one of a change.
fn shown(sources: &Sources<'_>, near: &[&Line<'_>], modified: bool) -> Option<Dated> {
    near.iter().take(MAX_LINES).find_map(|line| {
        if line.text.len() > 120 || says_change(&line.text) != modified {
            return None;
        }
        find(sources, Value::new(plain(&line.text), "text", "line", line.line))
    })
}

fn says_change(text: &str) -> bool {
    let text = folded(text);
    [
        "updated",
        "modified",
        "edited",
        "reviewed",
        "revised",
        "aktualisiert",
        "mis à jour",
        "actualizado",
    ]
    .iter()
    .any(|word| text.contains(word))
}

/// The first date in a short text, to the day at least.
fn find(sources: &Sources<'_>, value: Value) -> Option<Dated> {
    if !value.text.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let words: Vec<&str> = value.text.split(' ').collect();
    for start in 0..words.len().min(24) {
        for count in (1..=MAX_WORDS.min(words.len() - start)).rev() {
            let text = words.get(start..start + count).unwrap_or_default().join(" ");
            if !text.bytes().any(|byte| byte.is_ascii_digit()) {
                break;
            }
            let found = dated(sources, Value { text, ..value.clone() });
            if let Some(found) = found
                && found.date.precision >= Precision::Day
            {
                return Some(Dated { evidence: value, ..found });
            }
        }
    }
    None
}

/// The day in the address: `/2025/09/04/`, `/2025-09-04-`.
fn in_url(sources: &Sources<'_>) -> Option<Dated> {
    let url = sources.page.url.or_else(|| sources.metas.text(&["og:url"]))?;
    let path = url.split(['?', '#']).next()?;
    let parts: Vec<&str> = path.split(['/', '-', '_']).collect();
    parts.windows(3).find_map(|three| {
        let [year, month, day] = three else { return None };
        let figures = |text: &str, count: std::ops::RangeInclusive<usize>| {
            count.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
        };
        let sound = figures(year, 4..=4) && figures(month, 2..=2) && figures(day, 2..=2);
        let near = ["19", "20"].iter().any(|century| year.starts_with(century));
        if !sound || !near {
            return None;
        }
        dated(sources, Value::new(format!("{year}-{month}-{day}"), "url", "url", 0))
    })
}
