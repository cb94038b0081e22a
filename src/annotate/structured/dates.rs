//! When the page was published, and when it was changed.
//!
//! It must never take the date of a comment, a teaser or an event for the page's, nor a change
//! for the publication. Takes the sources and the lines near the title, gives dates.

use std::collections::BTreeSet;
use std::ops::Range;

use super::linked::{Kind, text};
use super::person::{Form, names};
use super::plain::{plain, squeeze};
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

/// Most places of a line at which a date is looked for.
const MAX_STARTS: usize = 24;

/// Longest line that is searched, in bytes.
const MAX_LINE_BYTES: usize = 120;

/// Decides on both dates.
pub(super) fn dates(
    sources: &Sources<'_>,
    near: &[Vec<&Line<'_>>],
    warnings: &mut Vec<Warning>,
) -> (Option<Dated>, Option<Dated>) {
    let listed = matches!(sources.kind, Some(Kind::Product | Kind::Event | Kind::Listing));
    let written = sources.is_written();
    let ways: [&dyn Fn() -> Option<Dated>; 9] = [
        &|| linked(sources, &["datePublished", "dateCreated", "uploadDate"]),
        &|| from_metas(sources, &["article:published_time"]),
        &|| of_page(sources, "datePublished"),
        &|| from_times(sources, Mark::Published, false),
        &|| from_metas(sources, &PUBLISHED).or_else(|| other_metas(sources)),
        &|| shown(sources, near, false),
        &|| if listed { None } else { from_times(sources, Mark::None, false) },
        &|| if written { from_times(sources, Mark::Published, true) } else { None },
        &|| only_time(sources),
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
    let published = published.or_else(|| in_url(sources).filter(|_| !listed));
    let modified = linked(sources, &["dateModified"])
        .or_else(|| from_metas(sources, &MODIFIED))
        .or_else(|| from_times(sources, Mark::Modified, false))
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

/// The date of the page as a page.
fn of_page(sources: &Sources<'_>, key: &'static str) -> Option<Dated> {
    // Programs date every page; those of posts name an author as well.
    let node = sources.whole.filter(|node| node.object.contains_key("author"))?;
    let text = text(node.object.get(key)?)?;
    dated(sources, Value::new(text, "json-ld", format!("{}.{key}", node.name), node.line))
}

/// The first of some keys that holds a date.
fn from_metas(sources: &Sources<'_>, keys: &[&str]) -> Option<Dated> {
    keys.iter().flat_map(|key| sources.metas.all(key)).find_map(|meta| {
        let value =
            Value::new(plain(&meta.content), metas::source(&meta.key), &meta.key, meta.line);
        dated(sources, value)
    })
}

/// A date in an element whose key nobody listed: `page-published-date`.
fn other_metas(sources: &Sources<'_>) -> Option<Dated> {
    let says = |key: &str| {
        let of_page = !["modif", "update", "expire", "until"].iter().any(|word| key.contains(word));
        key.contains("publish") && (key.contains("date") || key.contains("time")) && of_page
    };
    sources.page.head.metas.iter().filter(|meta| says(&meta.key)).find_map(|meta| {
        let text = plain(&meta.content);
        dated(sources, Value::new(text, metas::source(&meta.key), &meta.key, meta.line))
    })
}

/// What an element says that its date is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// The publication.
    Published,
    /// The last change.
    Modified,
    /// Nothing.
    None,
}

fn mark(time: &Time) -> Mark {
    let prop = time.prop.as_deref().unwrap_or_default().to_lowercase();
    let class = time.class.to_lowercase();
    // WordPress marks every page of its own with `status-publish`.
    let says = |name: &str| {
        let words = ["publish", "entry-date", "pubdate", "post-date", "posted-on", "dateline"];
        name != "status-publish" && words.iter().any(|word| name.contains(word))
    };
    let published = prop == "datepublished" || class.split(' ').any(says);
    let change = prop == "datemodified" || class.contains("updated") || class.contains("modified");
    // `published updated` marks a date that is both.
    if published && prop != "datemodified" {
        Mark::Published
    } else if change || before_change(&time.text).is_empty() {
        Mark::Modified
    } else {
        Mark::None
    }
}

/// The first element that holds a date of that mark; elements in margins and lists of comments
/// only on request, and then inside the article.
fn from_times(sources: &Sources<'_>, wanted: Mark, aside: bool) -> Option<Dated> {
    let times = sources.page.head.times.iter();
    let listed = !sources.is_written();
    let mut fits = times.filter(|time| {
        (!time.aside || (aside && time.in_article))
            && mark(time) == wanted
            && !is_other(time, listed)
            && !(listed && is_repeated(time, &sources.page.head.times))
    });
    fits.find_map(|time| {
        let source = if time.prop.is_some() { "microdata" } else { "time" };
        let key = time.prop.clone().unwrap_or_else(|| time.class.clone());
        let machine = time.datetime.as_ref().and_then(|text| {
            dated(sources, Value::new(text.as_str(), source, key.as_str(), time.line))
        });
        let text = if wanted == Mark::Modified { &time.text } else { before_change(&time.text) };
        machine.or_else(|| find(sources, Value::new(text, source, key, time.line)))
    })
}

/// The date of the only element with a date, wherever it stands.
fn only_time(sources: &Sources<'_>) -> Option<Dated> {
    let mut found: Option<Dated> = None;
    for time in &sources.page.head.times {
        let text = time.datetime.as_deref().unwrap_or(&time.text);
        let source = if time.prop.is_some() { "microdata" } else { "time" };
        let Some(one) = find(sources, Value::new(text, source, &time.class, time.line)) else {
            continue;
        };
        let same = found.as_ref().is_none_or(|known| day(&known.date) == day(&one.date));
        if !same || mark(time) == Mark::Modified || is_other(time, !sources.is_written()) {
            return None;
        }
        found.get_or_insert(one);
    }
    found
}

/// Whether an element belongs to something else on the page: a review, a comment, an event, and in
/// overviews a card or a link.
fn is_other(time: &Time, listed: bool) -> bool {
    let class = time.class.to_lowercase();
    let all = ["review", "comment", "tease", "event", "reply"];
    let of_lists = ["card", "link", "relat", "stock", "hours"];
    all.iter().any(|word| class.contains(word))
        || (listed && of_lists.iter().any(|word| class.contains(word)))
}

/// Whether elements of the same class hold other dates too: those of a list of pages.
fn is_repeated(time: &Time, all: &[Time]) -> bool {
    let same = |other: &&Time| {
        other.class == time.class
            && other.prop == time.prop
            && (&other.text, &other.datetime) != (&time.text, &time.datetime)
    };
    all.iter().filter(same).take(2).count() > 1
}

/// A date in a line near the title; whether it is to be one of a change.
fn shown(sources: &Sources<'_>, near: &[Vec<&Line<'_>>], modified: bool) -> Option<Dated> {
    near.iter().find_map(|place| {
        let lines = place.iter().filter(|line| line.text.len() <= MAX_LINE_BYTES);
        let mut found = lines.filter_map(|line| {
            let before = before_change(&line.text);
            let text = if modified { line.text.get(before.len()..)? } else { before };
            find(sources, Value::new(squeeze(text), "text", "line", line.line))
        });
        let first = found.next()?;
        // Lines of a list of pages are dated one by one.
        let others: BTreeSet<String> = found.map(|other| day(&other.date).to_owned()).collect();
        let others = others.iter().filter(|other| *other != day(&first.date)).count();
        (sources.is_written() || others < 2).then_some(first)
    })
}

/// A text up to the word that speaks of a change: "3 May 2021 - Updated 4 June 2022".
fn before_change(text: &str) -> &str {
    const WORDS: [&str; 9] = [
        "updat",
        "modified",
        "edited",
        "reviewed",
        "revised",
        "checked",
        "aktualisiert",
        "mis à jour",
        "actualizado",
    ];
    // Lower case of ASCII keeps every place.
    let small = text.to_ascii_lowercase();
    let at = WORDS.iter().filter_map(|word| small.find(word)).min();
    let before = at.and_then(|at| text.get(..at)).unwrap_or(text);
    // "Last updated": the word before belongs to it.
    let end = before.trim_end();
    let shorter = end.strip_suffix("Last").or_else(|| end.strip_suffix("last")).unwrap_or(before);
    if at.is_some() && !shorter.bytes().any(|byte| byte.is_ascii_digit()) { "" } else { shorter }
}

/// The first date in a short text, to the day at least. What stands before it must lead to it:
/// a mark, a word for publishing, a name. A date in a sentence, or one of two, is none of the page.
fn find(sources: &Sources<'_>, value: Value) -> Option<Dated> {
    if !value.text.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let words: Vec<&str> = value.text.split(' ').collect();
    let (range, date) = date_in(sources, &words, 0)?;
    let before = words.get(..range.start).unwrap_or_default();
    if !leads_to_date(before)
        || date_in(sources, &words, range.end).is_some_and(|(_, other)| day(&other) != day(&date))
    {
        return None;
    }
    Some(Dated { date, evidence: value })
}

/// The first run of words from `from` on that is a date, to the day at least.
fn date_in(
    sources: &Sources<'_>,
    words: &[&str],
    from: usize,
) -> Option<(Range<usize>, FoundDate)> {
    for start in from..words.len().min(from + MAX_STARTS) {
        for end in (start + 1..=words.len().min(start + MAX_WORDS)).rev() {
            let text = words.get(start..end).unwrap_or_default().join(" ");
            if !text.bytes().any(|byte| byte.is_ascii_digit()) {
                break;
            }
            let read = date::read(&text, &sources.page.dates, sources.page.fetched_at);
            if let Reading::Date(date) = read
                && date.precision >= Precision::Day
            {
                return Some((start..end, date));
            }
        }
    }
    None
}

/// Whether words can stand before a date of publication: "Published on", "By Ada Berg |".
fn leads_to_date(before: &[&str]) -> bool {
    const CUES: [&str; 30] = [
        "updated",
        "update",
        "modified",
        "edited",
        "reviewed",
        "revised",
        "last",
        "checked",
        "published",
        "posted",
        "written",
        "created",
        "date",
        "dated",
        "on",
        "by",
        "publication",
        "release",
        "released",
        "added",
        "first",
        "veröffentlicht",
        "publié",
        "publicado",
        "pubblicato",
        "am",
        "le",
        "el",
        "il",
        "submitted",
    ];
    let Some(last) = before.last() else { return true };
    let is_mark = !last.chars().any(char::is_alphanumeric) || last.ends_with(['|', '·', '•']);
    let small = last.trim_matches(|letter: char| !letter.is_alphanumeric()).to_lowercase();
    let first = before.first().map(|word| word.trim_end_matches(':').to_lowercase());
    let opens = first.is_some_and(|first| CUES.contains(&first.as_str()));
    let named = || before.len() <= 6 && !names(&before.join(" "), Form::Shown).is_empty();
    opens
        || (before.len() <= 8 && (is_mark || CUES.contains(&small.as_str())))
        || (before.len() <= 4 && named())
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
