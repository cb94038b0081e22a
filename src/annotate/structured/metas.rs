//! Fields that stand in the head as they are: description, site, section, tags, addresses, kind.
//!
//! It must never weigh what a reader sees; `title`, `people` and `dates` do. Takes the sources,
//! gives values with their evidence.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::linked::{self, Kind};
use super::plain::{folded, plain};
use super::{Dated, Page, Sources, Value};
use crate::annotate::date::{self, Reading};
use crate::model::date::DateOptions;
use crate::model::head::{Head, Meta};

/// Most tags of a page; more are a list of search words.
const MAX_TAGS: usize = 40;

/// Longest tag, in characters.
const MAX_TAG: usize = 60;

/// The `<meta>` elements of a page by their keys.
#[derive(Debug)]
pub(super) struct Metas<'a> {
    by_key: BTreeMap<&'a str, Vec<&'a Meta>>,
}

impl<'a> Metas<'a> {
    /// Sorts the elements of a head.
    pub(super) fn new(head: &'a Head) -> Self {
        let mut by_key: BTreeMap<&str, Vec<&Meta>> = BTreeMap::new();
        for meta in &head.metas {
            by_key.entry(meta.key.as_str()).or_default().push(meta);
        }
        Self { by_key }
    }

    /// The elements of a key, in the page's order.
    pub(super) fn all(&self, key: &str) -> &[&'a Meta] {
        self.by_key.get(key).map_or(&[], Vec::as_slice)
    }

    /// The content of the first of some keys that is there.
    pub(super) fn text(&self, keys: &[&str]) -> Option<&'a str> {
        keys.iter().find_map(|key| self.all(key).first()).map(|meta| meta.content.as_str())
    }

    /// The first of some keys that is there and holds words.
    pub(super) fn value(&self, keys: &[&str]) -> Option<Value> {
        keys.iter().flat_map(|key| self.all(key)).find_map(|meta| {
            let text = plain(&meta.content);
            (!text.is_empty()).then(|| Value::new(text, source(&meta.key), &meta.key, meta.line))
        })
    }
}

/// The kind of source that a key of `<meta>` belongs to.
pub(super) fn source(key: &str) -> &'static str {
    match key.split([':', '.']).next() {
        Some("og" | "article") => "og",
        Some("twitter") => "twitter",
        Some("dc" | "dcterms") => "dc",
        _ => "meta",
    }
}

/// What the page says that it is.
pub(super) fn kind(sources: &Sources<'_>) -> Option<Kind> {
    if let Some(main) = sources.main {
        return Some(main.kind);
    }
    let item = sources.page.head.items.iter().find_map(|item| {
        Kind::of(&item.of).filter(|kind| *kind != Kind::Page && *kind != Kind::Work)
    });
    if item.is_some() {
        return item;
    }
    let declared = sources.metas.text(&["og:type"]).map(str::to_ascii_lowercase);
    match declared.as_deref() {
        Some("article" | "blog") => Some(Kind::Article),
        Some("product" | "og:product") => Some(Kind::Product),
        Some(name) if name.starts_with("video.") => Some(Kind::Media),
        _ => sources.whole.map(|node| node.kind),
    }
}

/// Name of the site.
pub(super) fn site(sources: &Sources<'_>) -> Option<Value> {
    let named = |value: Value| (!value.text.contains("://")).then_some(value);
    sources
        .metas
        .value(&["og:site_name", "og:site", "twitter:app:name:iphone"])
        .and_then(named)
        .or_else(|| {
            let publisher = sources.nodes().find_map(|node| {
                let object = node.object.get("publisher")?.as_object()?;
                let text = linked::text(sources.graph.resolved(object).get("name")?)?;
                Some(Value::new(text, "json-ld", format!("{}.publisher", node.name), node.line))
            });
            publisher.and_then(named)
        })
        .or_else(|| sources.graph.site().and_then(named))
        .or_else(|| {
            let keys = [
                "application-name",
                "apple-mobile-web-app-title",
                "dc.publisher",
                "citation_journal_title",
            ];
            sources.metas.value(&keys).and_then(named)
        })
}

/// Standfirst or description.
pub(super) fn description(sources: &Sources<'_>) -> Option<Value> {
    let keys = [
        "og:description",
        "description",
        "twitter:description",
        "dc.description",
        "dcterms.description",
        "dcterms.abstract",
        "citation_abstract",
    ];
    sources
        .main_text(&["description", "abstract"])
        .or_else(|| sources.metas.value(&keys))
        .or_else(|| sources.whole_text(&["description"]))
}

/// Section.
pub(super) fn section(sources: &Sources<'_>) -> Option<Value> {
    let keys = [
        "article:section",
        "og:article:section",
        "parsely-section",
        "sailthru.section",
        "articlesection",
        "section",
        "dc.subject",
    ];
    sources.main_text(&["articleSection"]).or_else(|| sources.metas.value(&keys))
}

/// Keywords, from the first source that has some.
pub(super) fn tags(sources: &Sources<'_>) -> Vec<Value> {
    let mut found = Vec::new();
    for key in ["article:tag", "og:article:tag"] {
        for meta in sources.metas.all(key) {
            split_tags(&mut found, &meta.content, source(key), key, meta.line);
        }
    }
    if found.is_empty()
        && let Some(node) = sources.main
        && let Some(keywords) = node.object.get("keywords")
    {
        let key = format!("{}.keywords", node.name);
        let many = match keywords {
            Json::Array(values) => values.as_slice(),
            one => std::slice::from_ref(one),
        };
        for text in many.iter().filter_map(Json::as_str) {
            split_tags(&mut found, text, "json-ld", &key, node.line);
        }
    }
    for key in ["news_keywords", "parsely-tags", "sailthru.tags", "citation_keywords", "keywords"] {
        if found.is_empty() {
            for meta in sources.metas.all(key) {
                split_tags(&mut found, &meta.content, source(key), key, meta.line);
            }
        }
    }
    let mut seen = BTreeSet::new();
    found.retain(|tag| seen.insert(folded(&tag.text)));
    found.truncate(MAX_TAGS);
    found
}

fn split_tags(found: &mut Vec<Value>, text: &str, source: &'static str, key: &str, line: u32) {
    let text = plain(text);
    let mark = if text.contains(';') { ';' } else { ',' };
    for tag in text.split(mark).map(str::trim) {
        if !tag.is_empty() && tag.chars().count() <= MAX_TAG && found.len() < 2 * MAX_TAGS {
            found.push(Value::new(tag, source, key, line));
        }
    }
}

/// The address that the page names as its own.
pub(super) fn canonical(head: &Head, metas: &Metas<'_>) -> Option<Value> {
    let link = head.links.iter().find(|link| link.rel == "canonical" && is_address(&link.href));
    link.map(|link| Value::new(link.href.trim(), "link", "canonical", 0))
        .or_else(|| metas.value(&["og:url", "twitter:url"]).filter(|value| is_address(&value.text)))
}

/// Whether the address has no path.
pub(super) fn is_front(page: &Page<'_>, canonical: Option<&Value>) -> bool {
    let url = page.url.or_else(|| canonical.map(|value| value.text.as_str()));
    let url = url.filter(|url| url.contains("://")).and_then(|url| url::Url::parse(url).ok());
    url.is_some_and(|url| {
        url.path().len() <= 1 && url.query().is_none_or(|query| !query.contains('='))
    })
}

/// The address in the page's JSON-LD.
pub(super) fn own_url(sources: &Sources<'_>) -> Option<Value> {
    let main = sources.main_text(&["url"]).filter(|value| is_address(&value.text));
    main.or_else(|| sources.whole_text(&["url"]).filter(|value| is_address(&value.text)))
}

fn is_address(text: &str) -> bool {
    let text = text.trim();
    text.len() > 1
        && !text.contains(' ')
        && !text.starts_with(['#', '{', '<'])
        && text.contains(['/', '.'])
}

/// Language that the page declares.
pub(super) fn language(sources: &Sources<'_>) -> Option<Value> {
    let tag = |value: Value| {
        let text = value.text.trim().replace('_', "-");
        let sound = text.split('-').next().is_some_and(|first| {
            (2..=3).contains(&first.len()) && first.bytes().all(|byte| byte.is_ascii_alphabetic())
        });
        let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        (sound && plain && text.len() <= 35).then_some(Value { text, ..value })
    };
    let root = sources.page.head.language.as_deref();
    root.and_then(|text| tag(Value::new(text, "html-lang", "lang", 0)))
        .or_else(|| sources.main_text(&["inLanguage"]).and_then(tag))
        .or_else(|| sources.whole_text(&["inLanguage"]).and_then(tag))
        .or_else(|| {
            let keys = ["content-language", "language", "dc.language", "dcterms.language"];
            sources.metas.value(&keys).and_then(tag)
        })
        .or_else(|| sources.metas.value(&["og:locale"]).and_then(tag))
}

/// The text of the page as its own JSON-LD holds it.
pub(super) fn body(sources: &Sources<'_>) -> Option<Value> {
    let keys: &[&'static str] = match sources.main?.kind {
        Kind::Posting | Kind::Question => &["articleBody", "text"],
        _ => &["articleBody"],
    };
    // Paragraphs count here, so the text is not collapsed.
    let node = sources.main?;
    keys.iter().find_map(|key| {
        let text = node.object.get(*key)?.as_str()?.trim();
        let key = format!("{}.{key}", node.name);
        (!text.is_empty()).then(|| Value::new(text, "json-ld", key, node.line))
    })
}

/// What the program that saved the page wrote down.
pub(super) fn saved(page: &Page<'_>) -> (Option<Value>, Option<Dated>) {
    let Some(saved) = &page.head.saved else { return (None, None) };
    let url = saved.url.as_deref().map(|url| Value::new(url, "saved", saved.by, 0));
    let at = saved.at.as_deref().and_then(|text| {
        match date::read(dates_own(text), &DateOptions::default(), None) {
            Reading::Date(date) => {
                Some(Dated { date, evidence: Value::new(text, "saved", saved.by, 0) })
            }
            Reading::Relative | Reading::Ambiguous | Reading::NotADate => None,
        }
    });
    (url, at)
}

/// A date as programs print it, without the zone's name in words at its end.
pub(super) fn dates_own(text: &str) -> &str {
    let text = text.trim();
    match text.split_once(" (") {
        Some((date, zone)) if zone.ends_with(')') && date.contains(':') => date,
        _ => text,
    }
}
