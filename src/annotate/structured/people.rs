//! Who wrote the page.
//!
//! It must never take a commenter or the author of a teaser for the page's, and names the site
//! itself only where nobody else is named. Takes the sources and the lines near the title, gives
//! authors in the page's order.

use serde_json::Value as Json;

use super::linked::Kind;
use super::linked::Object;
use super::person::{self, Form, names};
use super::plain::{folded, plain};
use super::{Author, Known, Line, Sources, Value, metas};
use crate::model::head::{Byline, BylineHow};

/// Deepest nesting of an author's value: an array in an array of references.
const MAX_DEPTH: usize = 4;

/// Most authors of a page; each new one is compared with all others.
const MAX_AUTHORS: usize = 100;

/// How many bylines before and behind one may stand inside it.
const NEIGHBOURS: usize = 8;

/// Keys of publishers' `<meta>` elements that hold a name.
const PUBLISHERS: [&str; 14] = [
    "citation_author",
    "citation_authors",
    "parsely-author",
    "sailthru.author",
    "cxenseparse:author",
    "dc.creator",
    "dcterms.creator",
    "dc.contributor.author",
    "bt:author",
    "article:author_name",
    "og:author",
    "byl",
    "creator",
    "authors",
];

/// Decides on the authors.
pub(super) fn authors(sources: &Sources<'_>, near: &[&Line<'_>], known: &Known) -> Vec<Author> {
    let (kind, site) = (known.kind, known.site.as_ref());
    // "By" also opens menus and filters; where somebody wrote there is a date, or the page says so.
    let dated =
        known.published.is_some() || known.modified.is_some() || kind.is_some_and(Kind::is_written);
    let ways: [&dyn Fn() -> Vec<Author>; 8] = [
        &|| linked(sources),
        &|| from_metas(sources, &PUBLISHERS),
        &|| bylines(sources, BylineHow::Itemprop, kind),
        &|| bylines(sources, BylineHow::Class, kind),
        &|| from_metas(sources, &["author"]),
        &|| bylines(sources, BylineHow::Rel, kind),
        &|| from_metas(sources, &["article:author"]).into_iter().chain(labelled(sources)).collect(),
        &|| if dated { shown(near, kind) } else { Vec::new() },
    ];
    let mut house = Vec::new();
    for way in ways {
        let (own, people): (Vec<Author>, Vec<Author>) =
            way().into_iter().partition(|author| is_house(author, sources, site));
        if !people.is_empty() {
            return people;
        }
        if house.is_empty() {
            house = own;
        }
    }
    house
}

/// Whether an author is the site itself.
fn is_house(author: &Author, sources: &Sources<'_>, site: Option<&Value>) -> bool {
    let name = folded(&author.name);
    let run: String = name.split(' ').collect();
    let host = sources.page.url.map(super::linked::bare).unwrap_or_default();
    let host: String = host.split('/').next().unwrap_or_default().split(['.', '-']).collect();
    site.is_some_and(|site| folded(&site.text) == name) || (run.len() > 3 && host.contains(&run))
}

/// The author of the page's JSON-LD.
fn linked(sources: &Sources<'_>) -> Vec<Author> {
    let Some(node) = sources.main.filter(|node| node.kind.is_written()) else { return Vec::new() };
    let mut found = Vec::new();
    for key in ["author", "creator"] {
        if let Some(value) = node.object.get(key) {
            let evidence = Value::new("", "json-ld", format!("{}.{key}", node.name), node.line);
            person_of(sources, value, &evidence, MAX_DEPTH, &mut found);
        }
        if !found.is_empty() {
            break;
        }
    }
    found
}

fn person_of(
    sources: &Sources<'_>,
    value: &Json,
    evidence: &Value,
    depth: usize,
    found: &mut Vec<Author>,
) {
    if depth == 0 {
        return;
    }
    match value {
        Json::String(text) => add(found, text, None, Form::Data, evidence),
        Json::Array(values) => {
            for value in values {
                person_of(sources, value, evidence, depth - 1, found);
            }
        }
        Json::Object(object) => {
            let known = sources.graph.resolved(object);
            let url = address(known).or_else(|| address(object));
            match known.get("name").or_else(|| object.get("name")) {
                Some(Json::String(name)) => add(found, name, url, Form::Data, evidence),
                Some(Json::Array(names)) => {
                    for name in names.iter().filter_map(Json::as_str) {
                        add(found, name, None, Form::Data, evidence);
                    }
                }
                _ => {}
            }
        }
        _ => {}
    }
}

fn address(object: &Object) -> Option<&str> {
    let url = object.get("url").or_else(|| object.get("@id")).and_then(Json::as_str)?;
    (url.starts_with("http") || url.starts_with('/')).then_some(url)
}

/// Adds the names of a text, each once.
fn add(found: &mut Vec<Author>, text: &str, url: Option<&str>, form: Form, evidence: &Value) {
    if found.len() >= MAX_AUTHORS {
        return;
    }
    let all = names(text, form);
    let url = url.filter(|_| all.len() == 1);
    for name in all {
        if !found.iter().any(|author| folded(&author.name) == folded(&name)) {
            let evidence = Value { text: plain(text), ..evidence.clone() };
            found.push(Author { name, url: url.map(str::to_owned), evidence });
        }
    }
}

/// The names in the first of some keys that holds one.
fn from_metas(sources: &Sources<'_>, keys: &[&str]) -> Vec<Author> {
    let mut found = Vec::new();
    for key in keys {
        for meta in sources.metas.all(key) {
            let evidence = Value::new("", metas::source(&meta.key), &meta.key, meta.line);
            add(&mut found, &meta.content, None, Form::Data, &evidence);
        }
        if !found.is_empty() {
            break;
        }
    }
    found
}

/// A name behind a label of a Twitter card: "Written by".
fn labelled(sources: &Sources<'_>) -> Vec<Author> {
    let mut found = Vec::new();
    for (label, data) in [("twitter:label1", "twitter:data1"), ("twitter:label2", "twitter:data2")]
    {
        let says = sources.metas.text(&[label]).is_some_and(|label| {
            ["written by", "author", "by", "verfasst von", "écrit par", "escrito por"]
                .contains(&folded(label).as_str())
        });
        if let Some(meta) = sources.metas.all(data).first().filter(|_| says) {
            let evidence = Value::new("", "twitter", data, meta.line);
            add(&mut found, &meta.content, None, Form::Data, &evidence);
        }
    }
    found
}

/// The names in elements that are marked as bylines.
///
/// Elements stand in each other: the innermost one that still says the same holds the name
/// alone. All names come from the first byline of the page and those right beside it.
fn bylines(sources: &Sources<'_>, how: BylineHow, kind: Option<Kind>) -> Vec<Author> {
    let all: Vec<&Byline> =
        sources.page.head.bylines.iter().filter(|byline| byline.how == how).collect();
    let mut found = Vec::new();
    let listed = !kind.is_some_and(Kind::is_written);
    if matches!(kind, Some(Kind::Product | Kind::Event | Kind::Listing)) {
        return found;
    }
    for (at, byline) in all.iter().enumerate() {
        if byline.aside || !is_byline(byline) || (listed && is_repeated(byline, &all)) {
            continue;
        }
        // The parser may give inner elements before or behind the outer one.
        let beside = all.get(at.saturating_sub(NEIGHBOURS)..all.len().min(at + NEIGHBOURS));
        let inner = beside.unwrap_or_default().iter().filter(|inner| {
            inner.text.len() < byline.text.len()
                && byline.text.contains(inner.text.as_str())
                && is_name_class(&inner.class)
        });
        let source = if how == BylineHow::Itemprop { "microdata" } else { "byline" };
        let key =
            if how == BylineHow::Rel { "rel=author".to_owned() } else { byline.class.clone() };
        let evidence = Value::new("", source, key, byline.line);
        let smallest = inner.min_by_key(|inner| inner.text.len());
        let (text, href) = match smallest {
            Some(inner) => (&inner.text, inner.href.as_deref()),
            None => (&byline.text, byline.href.as_deref()),
        };
        add(&mut found, text, href, Form::Shown, &evidence);
        if !found.is_empty() {
            break;
        }
    }
    found
}

/// Whether elements of the same class name others too: the authors of a list of pages, of reviews.
fn is_repeated(byline: &Byline, all: &[&Byline]) -> bool {
    let same = |other: &&&Byline| other.class == byline.class && other.text != byline.text;
    all.iter().filter(same).take(2).count() > 1
}

/// Whether an element holds a name, by its class.
fn is_name_class(class: &str) -> bool {
    let class = class.to_lowercase();
    class.contains("name") || class.split(' ').any(|word| word == "author" || word == "fn")
}

/// Whether an element that is marked as a byline can be one: not a picture, a biography, a list.
fn is_byline(byline: &Byline) -> bool {
    let class = byline.class.to_lowercase();
    let other = [
        "bio",
        "desc",
        "avatar",
        "image",
        "img",
        "photo",
        "social",
        "list",
        "about",
        "follow",
        "related",
        "comment",
        "review",
        "testimonial",
        "quote",
        "authori",
    ];
    byline.text.len() <= 160 && !other.iter().any(|word| class.contains(word))
}

/// The names in a line near the title: "By Ada Berg", or "By" and the name below it.
fn shown(near: &[&Line<'_>], kind: Option<Kind>) -> Vec<Author> {
    let mut found = Vec::new();
    if matches!(kind, Some(Kind::Product | Kind::Event | Kind::Listing)) {
        return found;
    }
    for (at, line) in near.iter().enumerate() {
        let text = plain(&line.text);
        let evidence = Value::new("", "text", "line", line.line);
        let alone = ["by", "written by", "author", "posted by", "words by"]
            .contains(&folded(&text).as_str());
        if alone {
            if let Some(next) = near.get(at + 1) {
                add(&mut found, &next.text, None, Form::Shown, &evidence);
            }
        } else if let Some(rest) = person::cued(&text) {
            add(&mut found, rest, None, Form::Shown, &evidence);
        } else if let Some((_, rest)) = text.split_once(" by ")
            && rest.starts_with(char::is_uppercase)
            && text.len() < 120
        {
            add(&mut found, rest, None, Form::Shown, &evidence);
        }
        if !found.is_empty() {
            break;
        }
    }
    found
}
