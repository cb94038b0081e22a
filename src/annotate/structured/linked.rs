//! The objects of a page's JSON-LD: which one is about the page itself.
//!
//! Walks arrays, `@graph`, `mainEntity`, `mainEntityOfPage` and lists, to a limited depth, and
//! resolves references by `@id`. It must never take one of many listed articles for the page.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::plain::{folded, plain, shared};
use crate::model::head::MAX_VALUE_BYTES;

/// Deepest nesting that is walked; graphs of real pages end at 8.
const MAX_DEPTH: usize = 24;

/// Most objects of a page that are looked at.
const MAX_OBJECTS: usize = 20_000;

/// Share of the headline's words, in thousandths, that a title must hold to confirm it.
const CONFIRMED: usize = 600;

/// An object of JSON-LD.
pub(super) type Object = Map<String, Value>;

/// What a page, or an object in it, says that it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// An article, a blog post, a report.
    Article,
    /// A thread of a forum, or a post in a social network.
    Posting,
    /// A question with answers.
    Question,
    /// A recipe, a guide in steps, a review.
    Work,
    /// Something to buy.
    Product,
    /// A film, a programme, a recording.
    Media,
    /// Something that takes place.
    Event,
    /// A page that lists others.
    Listing,
    /// Any page.
    Page,
}

impl Kind {
    /// The kind of a type of schema.org, without its address; `None` for what no page is.
    pub(super) fn of(name: &str) -> Option<Self> {
        let name = name.rsplit(['/', '#', ':']).next().unwrap_or(name).to_ascii_lowercase();
        Some(match name.as_str() {
            "blogposting" | "liveblogposting" | "report" => Self::Article,
            "discussionforumposting" | "socialmediaposting" => Self::Posting,
            "question" => Self::Question,
            "recipe" | "howto" | "review" | "criticreview" | "claimreview" | "creativework" => {
                Self::Work
            }
            "product"
            | "productgroup"
            | "individualproduct"
            | "productmodel"
            | "vehicle"
            | "softwareapplication"
            | "mobileapplication"
            | "webapplication"
            | "videogame"
            | "book"
            | "course" => Self::Product,
            "videoobject" | "audioobject" | "podcastepisode" | "movie" | "tvepisode" => Self::Media,
            "event" => Self::Event,
            "collectionpage" | "searchresultspage" | "itemlist" | "blog" => Self::Listing,
            _ if name.ends_with("article") => Self::Article,
            _ if name.ends_with("event") => Self::Event,
            _ if name.ends_with("page") => Self::Page,
            _ => return None,
        })
    }

    /// The name in a report.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Article => "article",
            Self::Posting => "posting",
            Self::Question => "question",
            Self::Work => "work",
            Self::Product => "product",
            Self::Media => "media",
            Self::Event => "event",
            Self::Listing => "listing",
            Self::Page => "page",
        }
    }

    /// Whether somebody wrote it on some day, as a whole.
    pub fn is_written(self) -> bool {
        matches!(self, Self::Article | Self::Posting | Self::Question | Self::Work)
    }
}

/// An object that may be about the page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node<'a> {
    /// Its properties.
    pub(super) object: &'a Object,
    /// What it is.
    pub(super) kind: Kind,
    /// Its type, as written.
    pub(super) name: &'a str,
    /// The script's line.
    pub(super) line: u32,
    /// Whether it is an entry of a list.
    listed: bool,
}

/// All objects of a page's JSON-LD that may be about it.
#[derive(Debug, Default)]
pub(super) struct Graph<'a> {
    nodes: Vec<Node<'a>>,
    ids: BTreeMap<&'a str, &'a Object>,
    site: Option<&'a Object>,
}

/// What is known of the page from elsewhere, to tell its object from others.
pub(super) struct Clues<'a> {
    /// Addresses of the page, without scheme and slash at the end.
    pub(super) urls: Vec<String>,
    /// Its titles.
    pub(super) titles: Vec<&'a str>,
}

impl<'a> Graph<'a> {
    /// Collects the objects of the scripts, each with the line of its script.
    pub(super) fn new(scripts: &'a [(u32, Vec<Value>)]) -> Self {
        let mut graph = Self::default();
        let mut budget = MAX_OBJECTS;
        for (line, values) in scripts {
            for value in values {
                graph.walk(value, *line, false, MAX_DEPTH);
                graph.index(value, MAX_DEPTH, &mut budget);
            }
        }
        graph
    }

    fn walk(&mut self, value: &'a Value, line: u32, listed: bool, depth: usize) {
        if depth == 0 || self.nodes.len() >= MAX_OBJECTS {
            return;
        }
        match value {
            Value::Array(values) => {
                for value in values {
                    self.walk(value, line, listed, depth - 1);
                }
            }
            Value::Object(object) => {
                let typed = types(object).filter_map(|name| Some((name, Kind::of(name)?)));
                // An article that is a page as well is an article.
                let typed = typed.min_by_key(|(_, kind)| *kind);
                if let Some((name, kind)) = typed {
                    self.nodes.push(Node { object, kind, name, line, listed });
                }
                // The questions of a list of questions are no threads.
                let many = typed.is_some_and(|(name, _)| name.ends_with("FAQPage"));
                for key in ["@graph", "mainEntity", "mainEntityOfPage"] {
                    if let Some(value) = object.get(key) {
                        self.walk(value, line, listed || many, depth - 1);
                    }
                }
                for key in ["itemListElement", "item", "hasPart", "blogPost"] {
                    if let Some(value) = object.get(key) {
                        self.walk(value, line, true, depth - 1);
                    }
                }
            }
            _ => {}
        }
    }

    fn index(&mut self, value: &'a Value, depth: usize, budget: &mut usize) {
        if depth == 0 || *budget == 0 {
            return;
        }
        match value {
            Value::Array(values) => {
                for value in values {
                    self.index(value, depth - 1, budget);
                }
            }
            Value::Object(object) => {
                *budget -= 1;
                if self.site.is_none() && types(object).any(|name| name == "WebSite") {
                    self.site = object.get("name").map(|_| object);
                }
                if let Some(id) = object.get("@id").and_then(Value::as_str) {
                    let known = self.ids.entry(id).or_insert(object);
                    if object.len() > known.len() {
                        *known = object;
                    }
                }
                for value in object.values() {
                    self.index(value, depth - 1, budget);
                }
            }
            _ => {}
        }
    }

    /// The fullest object of the same `@id`, or the object itself.
    pub(super) fn resolved(&self, object: &'a Object) -> &'a Object {
        match object.get("@id").and_then(Value::as_str).and_then(|id| self.ids.get(id)) {
            Some(known) if known.len() > object.len() => known,
            _ => object,
        }
    }

    /// The object that the page is about, and whether there are others that could be it as well.
    ///
    /// Written works come first. Of several the one that names the page's address wins, then the
    /// one whose headline a title confirms. Of several that are all alike none is the page.
    pub(super) fn main(&self, clues: &Clues<'_>) -> Option<Node<'a>> {
        let tiers: [&[Kind]; 3] = [
            &[Kind::Article, Kind::Posting, Kind::Question],
            &[Kind::Work],
            &[Kind::Product, Kind::Media, Kind::Event],
        ];
        for tier in tiers {
            let all: Vec<&Node<'_>> =
                self.nodes.iter().filter(|node| tier.contains(&node.kind)).collect();
            if let Some(node) = all.iter().find(|node| names_page(node.object, &clues.urls)) {
                return Some(**node);
            }
            let confirmed = |node: &Node<'_>| {
                headline(node.object).is_some_and(|headline| {
                    clues.titles.iter().any(|title| shared(&headline, title) >= CONFIRMED)
                })
            };
            let free: Vec<&Node<'_>> = all.into_iter().filter(|node| !node.listed).collect();
            if let Some(node) = free.iter().find(|node| confirmed(node)) {
                return Some(**node);
            }
            let mut different: Vec<String> =
                free.iter().filter_map(|node| headline(node.object)).map(|h| folded(&h)).collect();
            different.sort_unstable();
            different.dedup();
            if let (Some(node), 0..=1) = (free.first(), different.len()) {
                return Some(**node);
            }
        }
        None
    }

    /// The first object that describes the page as a page, or as a list.
    pub(super) fn page(&self) -> Option<Node<'a>> {
        let is_page = |node: &&Node<'_>| matches!(node.kind, Kind::Page | Kind::Listing);
        self.nodes.iter().filter(|node| !node.listed).find(is_page).copied()
    }

    /// The name of the page's site.
    pub(super) fn site(&self) -> Option<super::Value> {
        let site = self.site?;
        let (key, text) = property(site, &["name"])?;
        Some(super::Value::new(text, "json-ld", format!("WebSite.{key}"), 0))
    }
}

/// The types of an object.
pub(super) fn types(object: &Object) -> impl Iterator<Item = &str> {
    let types = object.get("@type");
    let many = types.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    types.and_then(Value::as_str).into_iter().chain(many.iter().filter_map(Value::as_str))
}

/// A text of an object: a string, or the first of an array, or `@value`.
pub(super) fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text,
        Value::Array(values) => values.iter().find_map(Value::as_str)?,
        Value::Object(object) => object.get("@value").and_then(Value::as_str)?,
        _ => return None,
    };
    let text = text.get(..text.floor_char_boundary(MAX_VALUE_BYTES)).unwrap_or_default();
    Some(plain(text)).filter(|text| !text.is_empty())
}

/// The first of some properties that holds a text, and its name.
pub(super) fn property(object: &Object, keys: &[&'static str]) -> Option<(&'static str, String)> {
    keys.iter().find_map(|key| Some((*key, text(object.get(*key)?)?)))
}

fn headline(object: &Object) -> Option<String> {
    property(object, &["headline", "name", "title"]).map(|(_, text)| text)
}

/// Whether an object gives one of the addresses as its own.
fn names_page(object: &Object, urls: &[String]) -> bool {
    let mut own: Vec<&str> = Vec::new();
    for key in ["url", "@id", "mainEntityOfPage"] {
        match object.get(key) {
            Some(Value::String(url)) => own.push(url),
            Some(Value::Object(page)) => {
                own.extend(page.get("@id").and_then(Value::as_str));
                own.extend(page.get("url").and_then(Value::as_str));
            }
            _ => {}
        }
    }
    own.iter().any(|url| {
        let own = bare(url);
        // An address without a path says no more than the site.
        own.contains('/') && urls.contains(&own)
    })
}

/// An address without scheme, `www.`, fragment and slash at the end, in lower case.
pub(super) fn bare(url: &str) -> String {
    let url = url.trim();
    let url = url.split_once("://").map_or(url, |(_, rest)| rest);
    let url = url.strip_prefix("www.").unwrap_or(url);
    let end = url.find('#').unwrap_or(url.len());
    url.get(..end).unwrap_or(url).trim_end_matches('/').to_ascii_lowercase()
}
