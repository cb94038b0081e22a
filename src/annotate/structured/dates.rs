//! When the page was published, and when it was changed.
//!
//! It must never take the date of a comment, a teaser or an event for the page's, nor a change
//! for the publication. Takes the sources and the lines near the title, gives dates.

use super::dateline::{apart, before_change, day, find, shown};
use super::linked::{Kind, text};
use super::plain::plain;
use super::{Dated, Line, Sources, Value, metas};
use crate::annotate::date::{self, Reading};
use crate::model::capture::Warning;
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

/// Decides on both dates.
pub(super) fn dates(
    sources: &Sources<'_>,
    near: &[Vec<&Line<'_>>],
    warnings: &mut Vec<Warning>,
) -> (Option<Dated>, Option<Dated>) {
    let listed = matches!(sources.kind, Some(Kind::Product | Kind::Event | Kind::Listing));
    let written = sources.is_written();
    let ways: [&dyn Fn() -> Option<Dated>; 5] = [
        &|| linked(sources, &["datePublished", "dateCreated", "uploadDate"]),
        &|| from_metas(sources, &["article:published_time"]),
        &|| of_page(sources, "datePublished"),
        &|| from_times(sources, Mark::Published, false),
        &|| from_metas(sources, &PUBLISHED).or_else(|| other_metas(sources)),
    ];
    let told = ways.iter().find_map(|way| way());
    let thread = sources.page.is_thread;
    let printed = if thread { None } else { shown(sources, near, false) };
    let modified = linked(sources, &["dateModified"])
        .or_else(|| from_metas(sources, &MODIFIED))
        .or_else(|| if thread { None } else { from_times(sources, Mark::Modified, false) })
        .or_else(|| if thread { None } else { shown(sources, near, true) });
    let published = match (told, printed) {
        (Some(told), Some(printed)) => {
            Some(weighed(sources, told, printed, modified.as_ref(), warnings))
        }
        (told, printed) => told.or(printed),
    };
    let published = published
        .filter(|found| !(sources.is_front && !written && found.evidence.source == "text"))
        .or_else(|| {
            if listed || sources.is_front { None } else { from_times(sources, Mark::None, false) }
        })
        .or_else(|| if written { from_times(sources, Mark::Published, true) } else { None })
        .or_else(|| only_time(sources).filter(|_| written))
        .or_else(|| in_url(sources).filter(|_| !listed));
    (published, modified)
}

/// Chooses between the date of the page's data and the one that it prints.
///
/// Where both name one day the data is more exact. Where they differ, the printed day is the one
/// that the reader is to believe (right on 54 of 76 pages of the benchmark, the data on 20), unless
/// the data says that something changed on that day. The lines of a thread are dated post by post.
fn weighed(
    sources: &Sources<'_>,
    told: Dated,
    printed: Dated,
    modified: Option<&Dated>,
    warnings: &mut Vec<Warning>,
) -> Dated {
    if told.date.value.starts_with(day(&printed.date)) {
        return told;
    }
    if printed.date.value.starts_with(&told.date.value) {
        return printed;
    }
    // One day apart is the zone of the site.
    if apart(&told.date, &printed.date) > 1 {
        let detail = format!(
            "{} {}, {} {}",
            told.evidence.key, told.date.value, printed.evidence.key, printed.date.value
        );
        warnings.push(Warning::new("published_differs", detail));
    }
    let thread = matches!(sources.kind, Some(Kind::Posting | Kind::Question));
    let changed = modified.is_some_and(|modified| {
        modified.evidence.source != "text" && day(&modified.date) == day(&printed.date)
    });
    if thread || changed { told } else { printed }
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
    let published =
        matches!(prop.as_str(), "datepublished" | "datecreated") || class.split(' ').any(says);
    let change = prop == "datemodified" || class.contains("updated") || class.contains("modified");
    // `published updated` marks a date that is both.
    if published && prop != "datemodified" {
        Mark::Published
    } else if change || (!time.text.is_empty() && before_change(&time.text).is_empty()) {
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
            && (sources.page.is_thread || !is_other(time, listed))
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
