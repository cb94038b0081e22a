//! Who wrote the page.
//!
//! It must never take a commenter or the author of a teaser for the page's, and names the site
//! itself only where nobody else is named. Takes the sources and the lines near the title, gives
//! authors in the page's order.

use serde_json::Value as Json;

use super::bylines::{beside_date, bylines, in_margins, shown};
use super::linked::{Kind, Object};
use super::person::{Form, names};
use super::plain::{folded, plain};
use super::{Author, Known, Line, Sources, Value, metas};
use crate::model::capture::Warning;
use crate::model::head::BylineHow;

/// Deepest nesting of an author's value: an array in an array of references.
const MAX_DEPTH: usize = 4;

/// Most authors of a page; each new one is compared with all others.
const MAX_AUTHORS: usize = 100;

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
pub(super) fn authors(
    sources: &Sources<'_>,
    near: &[Vec<&Line<'_>>],
    known: &Known,
    warnings: &mut Vec<Warning>,
) -> Vec<Author> {
    let (kind, site) = (known.kind, known.site.as_ref());
    // "By" also opens menus and filters; where somebody wrote there is a date, or the page says so.
    let is_text = sources.page.title.is_some();
    let dated =
        known.published.is_some() || known.modified.is_some() || kind.is_some_and(Kind::is_written);
    let ways: [&dyn Fn() -> Vec<Author>; 10] = [
        &|| linked(sources),
        &|| from_metas(sources, &PUBLISHERS),
        &|| bylines(sources, BylineHow::Itemprop, kind),
        &|| from_metas(sources, &["author"]),
        &|| bylines(sources, BylineHow::Class, kind),
        &|| bylines(sources, BylineHow::Rel, kind),
        &|| from_metas(sources, &["article:author"]).into_iter().chain(labelled(sources)).collect(),
        &|| if dated || is_text { shown(near, kind) } else { Vec::new() },
        &|| if is_text { beside_date(sources, near) } else { Vec::new() },
        &|| if dated { in_margins(sources) } else { Vec::new() },
    ];
    let mut house = Vec::new();
    for way in ways {
        let (own, people): (Vec<Author>, Vec<Author>) =
            way().into_iter().partition(|author| is_house(author, sources, site));
        if !people.is_empty() {
            if !sources.page.is_thread {
                warn(&people, &bylines(sources, BylineHow::Class, kind), warnings);
            }
            return people;
        }
        if house.is_empty() {
            house = own;
        }
    }
    house
}

/// Warns where the page prints another name than its data holds.
fn warn(people: &[Author], printed: &[Author], warnings: &mut Vec<Warning>) {
    let names = |authors: &[Author]| {
        let names: Vec<&str> = authors.iter().map(|author| author.name.as_str()).collect();
        names.join(", ")
    };
    let data = people.first().is_some_and(|author| author.evidence.source != "byline");
    // "Ada" and "Ada Berg", "A. Berg" and "Ada Berg" are one person.
    let all = folded(&names(printed));
    let same = people.iter().any(|author| {
        folded(&author.name).split(' ').any(|word| word.len() > 1 && all.contains(word))
    });
    if data && !printed.is_empty() && !same {
        let detail = format!("{}, printed {}", names(people), names(printed));
        warnings.push(Warning::new("authors_differ", detail));
    }
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
pub(super) fn add(
    found: &mut Vec<Author>,
    text: &str,
    url: Option<&str>,
    form: Form,
    evidence: &Value,
) {
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
            let flipped = is_inverted(key).then(|| first_name_first(&meta.content)).flatten();
            let text = flipped.as_deref().unwrap_or(&meta.content);
            add(&mut found, text, None, Form::Data, &evidence);
        }
        if !found.is_empty() {
            break;
        }
    }
    found
}

/// Whether a key holds names as libraries write them, the family name first.
fn is_inverted(key: &str) -> bool {
    key.starts_with("citation_") || key.starts_with("dc.") || key.starts_with("dcterms.")
}

/// `Berg, Ada` as `Ada Berg`.
fn first_name_first(text: &str) -> Option<String> {
    let (family, given) = text.split_once(',')?;
    let (family, given) = (family.trim(), given.trim());
    let short = |part: &str| !part.is_empty() && part.split(' ').count() <= 3;
    (short(family) && short(given) && !given.contains([',', ';']))
        .then(|| format!("{given} {family}"))
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
