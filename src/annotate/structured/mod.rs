//! What a page says about itself, weighed: title, authors, dates and more, each with its evidence.
//!
//! Takes what `parse::html` collected ([`Head`]) and the page's visible lines; gives [`Known`]. It
//! must never guess: what no source says is `None`, a date that can be read in two ways is none,
//! and the listed articles of an overview are not its own.
//!
//! # Order of trust
//!
//! The first source that says something sound wins. The order is the one that agreed best with
//! readers' judgement on the 1,497 pages of the benchmark's development set.
//!
//! | field | order |
//! |---|---|
//! | title | an `h1` of whose words half stand in another title · JSON-LD `headline` · `og:title` · `<title>` · `twitter:title`, `citation_title`, `dc.title` and the like · the first other `h1` · JSON-LD `name` |
//! | authors | JSON-LD `author` · `<meta>` of publishers (`citation_author`, `parsely-author`, `sailthru.author`, `dc.creator` …) · microdata · `<meta name=author>` · byline elements · `rel=author` · `article:author`, a Twitter card's "Written by" · "By …" near the title · the only name in the margins; the site's own name only where there is no other |
//! | published | JSON-LD of a written work · `article:published_time` · JSON-LD of a page that names an author · elements marked as the publication · `<meta>` of publishers; against these a date printed near the title: where it names another day it wins, unless the data calls that day a change · other `<time>` elements · the day in the address |
//! | modified | JSON-LD · `article:modified_time`, `og:updated_time` and the like · elements marked as a change · "Updated …" near the title |
//! | description | JSON-LD · `og:description` · `description` · `twitter:description`, `dc.description` · JSON-LD of the page |
//! | site | `og:site_name` · JSON-LD `publisher` · JSON-LD `WebSite` · `application-name` and the like |
//! | section | JSON-LD `articleSection` · `article:section` · `parsely-section` and the like |
//! | tags | `article:tag` · JSON-LD `keywords` · `news_keywords`, `parsely-tags`, `sailthru.tags` · `keywords` |
//! | canonical | `<link rel=canonical>` · `og:url` · JSON-LD `url` |
//! | language | `<html lang>` · JSON-LD `inLanguage` · `content-language` and the like · `og:locale` |
//! | saved address and moment | the comment of the program that saved the page |
//!
//! What a title says of the site is cut off only where another source confirms that it is the
//! site's name: `og:site_name`, JSON-LD, the host, or a second title that goes without it.
//!
//! # Which JSON-LD object is the page
//!
//! Written works (articles, postings, questions) come before recipes and reviews, those before
//! products, recordings and events. Of several the one that names the page's address wins, then
//! the one whose headline a title confirms; of several different ones that are all alike none is
//! the page. Entries of lists and the questions of an FAQ are the page only by their address or
//! headline.
//!
//! # Warnings
//!
//! `json_ld_mended` and `json_ld_unreadable` name the line of the script, `published_differs` two
//! dates more than a day apart, `authors_differ` the names of the data and of the printed byline.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod bylines;
mod cues;
mod dateline;
mod dates;
mod embedded;
mod json;
mod lines;
mod linked;
mod metas;
mod people;
mod person;
pub(super) mod plain;
mod title;

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use serde_json::Value as Json;

use crate::annotate::date::{self, FoundDate};
use crate::model::capture::Warning;
use crate::model::date::DateOptions;
use crate::model::head::{Head, ScriptKind};

pub use lines::of as lines_of;
pub use linked::Kind;

/// A page to be read.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    /// What the parser collected.
    pub head: &'a Head,
    /// The page's visible lines, in reading order: bylines and datelines are looked for near the
    /// title.
    pub lines: &'a [Line<'a>],
    /// The address that the page was fetched from, where it is known.
    pub url: Option<&'a str>,
    /// When it was fetched, ISO 8601; relative dates resolve against it.
    pub fetched_at: Option<&'a str>,
    /// How the site writes its dates.
    pub dates: DateOptions,
    /// The headline, where something else than the page's data told it: that of a text.
    pub title: Option<&'a Value>,
    /// Whether the page is a thread: then many lines and elements name their own date and author,
    /// and the first ones are the thread's.
    pub is_thread: bool,
}

/// A visible line of a page.
#[derive(Debug, Clone)]
pub struct Line<'a> {
    /// Its words.
    pub text: Cow<'a, str>,
    /// The line of the capture, from 1.
    pub line: u32,
}

/// A value and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// The words of the page, with references decoded and tags taken out.
    pub text: String,
    /// The kind of source: `json-ld`, `og`, `twitter`, `dc`, `microdata`, `meta`, `time`, `h1`,
    /// `title`, `byline`, `text`, `link`, `html-lang`, `url`, `saved`.
    pub source: &'static str,
    /// What said it: `NewsArticle.headline`, `og:title`.
    pub key: String,
    /// The line of the capture; 0 where it is not known.
    pub line: u32,
}

impl Value {
    fn new(
        text: impl Into<String>,
        source: &'static str,
        key: impl Into<String>,
        line: u32,
    ) -> Self {
        Self { text: text.into(), source, key: key.into(), line }
    }
}

/// Somebody who wrote the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// The name, without "By" and without a profession.
    pub name: String,
    /// The address of the author's page, as written.
    pub url: Option<String>,
    /// What says so.
    pub evidence: Value,
}

/// A date that was read, and the words that it was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dated {
    /// The date.
    pub date: FoundDate,
    /// What says so.
    pub evidence: Value,
}

/// What is known of a page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// What the page says that it is.
    pub kind: Option<Kind>,
    /// Headline.
    pub title: Option<Value>,
    /// Who wrote it, in the page's order.
    pub authors: Vec<Author>,
    /// When it was published.
    pub published: Option<Dated>,
    /// When it was changed.
    pub modified: Option<Dated>,
    /// Standfirst or description.
    pub description: Option<Value>,
    /// Name of the site.
    pub site: Option<Value>,
    /// Section.
    pub section: Option<Value>,
    /// Keywords, each once.
    pub tags: Vec<Value>,
    /// The address that the page names as its own.
    pub canonical: Option<Value>,
    /// Language that it declares.
    pub language: Option<Value>,
    /// The address that a saving program wrote down.
    pub saved_url: Option<Value>,
    /// The moment that a saving program wrote down, as ISO 8601 where it can be read.
    pub saved_at: Option<Dated>,
    /// The text of the page as its own JSON-LD holds it (`articleBody`, or `text` of a posting), or
    /// else the data of its scripts.
    pub body: Option<Value>,
    /// Where sources disagree, and what could not be read.
    pub warnings: Vec<Warning>,
}

/// Reads what a page says about itself.
pub fn read(page: Page<'_>) -> Known {
    let shown = page.head.times.iter().map(|time| time.text.as_str());
    let page = Page { dates: date::order::infer(&shown, page.dates), ..page };
    let mut known = Known::default();
    let scripts = scripts(page.head, &mut known.warnings);
    let graph = linked::Graph::new(&scripts);
    let tags = metas::Metas::new(page.head);
    let canonical = metas::canonical(page.head, &tags);
    let mut titles: Vec<&str> =
        page.head.headings.iter().take(8).map(|h| h.text.as_str()).collect();
    titles.extend(page.head.title.as_deref());
    titles.extend(tags.text(&["og:title"]));
    let urls = page.url.into_iter().chain(canonical.as_ref().map(|value| value.text.as_str()));
    let clues = linked::Clues { urls: urls.map(linked::bare).collect(), titles };
    let mut sources = Sources {
        page,
        kind: None,
        is_front: metas::is_front(&page, canonical.as_ref()),
        main: graph.main(&clues),
        whole: graph.page(),
        graph: &graph,
        metas: &tags,
    };
    sources.kind = metas::kind(&sources);
    known.kind = sources.kind;
    known.site = metas::site(&sources);
    known.title = page.title.cloned().or_else(|| title::title(&sources, known.site.as_ref()));
    known.canonical = canonical.or_else(|| metas::own_url(&sources));
    known.description = metas::description(&sources);
    known.section = metas::section(&sources);
    known.tags = metas::tags(&sources);
    known.language = metas::language(&sources);
    known.body = metas::body(&sources).or_else(|| embedded::text(page.head));
    let near = lines::near(&page, known.title.as_ref());
    let (published, modified) = dates::dates(&sources, &near, &mut known.warnings);
    known.published = published;
    known.modified = modified;
    let mut warnings = Vec::new();
    known.authors = people::authors(&sources, &near, &known, &mut warnings);
    known.warnings.append(&mut warnings);
    (known.saved_url, known.saved_at) = metas::saved(&page);
    known
}

/// All that the fields are decided from.
struct Sources<'a> {
    page: Page<'a>,
    /// What the page says that it is.
    kind: Option<Kind>,
    /// Whether it is the site's front page.
    is_front: bool,
    /// The object of JSON-LD that is about what the page holds.
    main: Option<linked::Node<'a>>,
    /// The object of JSON-LD that is about the page as a page.
    whole: Option<linked::Node<'a>>,
    graph: &'a linked::Graph<'a>,
    metas: &'a metas::Metas<'a>,
}

impl<'a> Sources<'a> {
    /// Whether the page says that it was written, as a whole.
    fn is_written(&self) -> bool {
        self.page.is_thread || self.kind.is_some_and(Kind::is_written)
    }

    /// A property of the main object.
    fn main_text(&self, keys: &[&'static str]) -> Option<Value> {
        self.main.and_then(|node| node_text(node, keys))
    }

    /// A property of the page's object.
    fn whole_text(&self, keys: &[&'static str]) -> Option<Value> {
        self.whole.and_then(|node| node_text(node, keys))
    }

    /// The objects that speak for the page: what it holds, then the page.
    fn nodes(&self) -> impl Iterator<Item = linked::Node<'a>> {
        self.main.into_iter().chain(self.whole)
    }
}

fn node_text(node: linked::Node<'_>, keys: &[&'static str]) -> Option<Value> {
    let (key, text) = linked::property(node.object, keys)?;
    Some(Value::new(text, "json-ld", format!("{}.{key}", node.name), node.line))
}

/// The values of the page's JSON-LD scripts, each with its line.
fn scripts(head: &Head, warnings: &mut Vec<Warning>) -> Vec<(u32, Vec<Json>)> {
    let mut found = Vec::new();
    for script in head.scripts.iter().filter(|script| script.kind == ScriptKind::JsonLd) {
        let parsed = json::parse(&script.text);
        if parsed.broken {
            warnings.push(Warning::new("json_ld_unreadable", format!("line {}", script.line)));
        } else if parsed.mended {
            warnings.push(Warning::new("json_ld_mended", format!("line {}", script.line)));
        }
        found.push((script.line, parsed.values));
    }
    found
}
