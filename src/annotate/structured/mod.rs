//! What a page says about itself, weighed: title, authors, dates and more, each with its evidence.
//!
//! Takes what `parse::html` collected ([`Head`]) and the page's visible lines; gives [`Known`]. It
//! must never guess: what no source says is `None`, a date that can be read in two ways is none,
//! and the listed articles of an overview are not its own.
//!
//! # Order of trust
//!
//! The first source that says something sound wins. A source is in the list at the place that
//! its agreement with readers' judgement on real pages gave it.
//!
//! | field | order |
//! |---|---|
//! | title | `h1` that another source confirms · JSON-LD `headline` · `og:title` · `<title>` · `twitter:title`, `dc.title`, `citation_title` · an `h1` that stands alone · JSON-LD `name` |
//! | authors | JSON-LD `author` · microdata · `<meta>` of publishers (`citation_author`, `parsely-author`, `sailthru.author`, `dc.creator`) · byline elements · `meta author` · `rel=author` · `article:author` · `twitter:data1` · byline text near the title; names of the site itself come last |
//! | published | JSON-LD of a written work · `article:published_time` · microdata · `<meta>` of publishers · `<time>` near the title · text near the title · the day in the address · JSON-LD of the page |
//! | modified | JSON-LD · `article:modified_time`, `og:updated_time` · microdata · `<meta>` · text near the title |
//! | description | JSON-LD · `og:description` · `meta description` · `twitter:description`, `dc.description` |
//! | site | `og:site_name` · JSON-LD `WebSite`, `publisher` · `application-name` and the like |
//! | section | JSON-LD `articleSection` · `article:section` · `parsely-section` and the like |
//! | tags | `article:tag` · JSON-LD `keywords` · `news_keywords`, `parsely-tags`, `sailthru.tags` · `keywords` |
//! | canonical | `<link rel=canonical>` · `og:url` · JSON-LD `url` |
//! | language | `<html lang>` · JSON-LD `inLanguage` · `content-language` · `og:locale` |
//! | url, moment of saving | the comment of the program that saved the page |
//!
//! The site's name is taken off a title only where another source confirms it.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod dates;
mod json;
mod lines;
mod linked;
mod metas;
mod people;
mod person;
mod plain;
mod title;

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use serde_json::Value as Json;

use crate::annotate::date::FoundDate;
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
    /// The text of the page as its own JSON-LD holds it: `articleBody`, or `text` of a posting.
    pub body: Option<Value>,
    /// Where sources disagree, and what could not be read.
    pub warnings: Vec<Warning>,
}

/// Reads what a page says about itself.
pub fn read(page: Page<'_>) -> Known {
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
        main: graph.main(&clues),
        whole: graph.page(),
        graph: &graph,
        metas: &tags,
    };
    sources.kind = metas::kind(&sources);
    known.kind = sources.kind;
    known.site = metas::site(&sources);
    known.title = title::title(&sources, known.site.as_ref());
    known.canonical = canonical.or_else(|| metas::own_url(&sources));
    known.description = metas::description(&sources);
    known.section = metas::section(&sources);
    known.tags = metas::tags(&sources);
    known.language = metas::language(&sources);
    known.body = metas::body(&sources);
    let near = lines::near(&page, known.title.as_ref());
    let (published, modified) = dates::dates(&sources, &near, &mut known.warnings);
    known.published = published;
    known.modified = modified;
    known.authors = people::authors(&sources, &near, &known);
    (known.saved_url, known.saved_at) = metas::saved(&page);
    known
}

/// All that the fields are decided from.
struct Sources<'a> {
    page: Page<'a>,
    /// What the page says that it is.
    kind: Option<Kind>,
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
        self.kind.is_some_and(Kind::is_written)
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
