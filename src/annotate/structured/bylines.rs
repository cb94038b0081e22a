//! Names in what a reader sees: elements that are marked as bylines, and lines near the title.
//!
//! It must never take the names of a list, a review or a comment. Takes the sources, gives authors.

use super::dateline;
use super::linked::Kind;
use super::people::add;
use super::person::{self, Form};
use super::plain::{folded, squeeze};
use super::{Author, Line, Sources, Value};
use crate::model::head::{Byline, BylineHow};

/// How many bylines before and behind one may stand inside it.
const NEIGHBOURS: usize = 8;

/// Longest line that can be "Written by" and nothing else, marks included.
const MAX_CUE_BYTES: usize = 40;

/// The names in elements that are marked as bylines.
///
/// Elements stand in each other: the innermost one that still says the same holds the name
/// alone. All names come from the first byline of the page and those right beside it.
pub(super) fn bylines(sources: &Sources<'_>, how: BylineHow, kind: Option<Kind>) -> Vec<Author> {
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
        let named =
            (how == BylineHow::Itemprop).then(|| person_in(sources, &byline.text)).flatten();
        match (named, smallest) {
            (Some(name), _) => add(&mut found, name, byline.href.as_deref(), Form::Data, &evidence),
            (None, Some(inner)) => {
                add(&mut found, &inner.text, inner.href.as_deref(), Form::Shown, &evidence);
            }
            (None, None) => {
                add(&mut found, &byline.text, byline.href.as_deref(), Form::Shown, &evidence);
            }
        }
        if !found.is_empty() {
            break;
        }
    }
    found
}

/// The `name` of a person in microdata that stands in a text.
fn person_in<'a>(sources: &Sources<'a>, text: &str) -> Option<&'a str> {
    let items = sources.page.head.items.iter();
    let mut people = items.filter(|item| item.prop == "name" && item.of == "Person");
    people.find(|item| text.contains(item.value.as_str())).map(|item| item.value.as_str())
}

/// Names in margins, where the whole page has no more than one.
pub(super) fn in_margins(sources: &Sources<'_>) -> Vec<Author> {
    let mut found = Vec::new();
    for byline in
        sources.page.head.bylines.iter().filter(|byline| byline.aside && is_byline(byline))
    {
        let key = if byline.how == BylineHow::Rel { "rel=author" } else { byline.class.as_str() };
        let evidence = Value::new("", "byline", key, byline.line);
        add(&mut found, &byline.text, byline.href.as_deref(), Form::Shown, &evidence);
    }
    if found.len() > 1 { Vec::new() } else { found }
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
        "role",
        "position",
        "job",
        "tag",
        "bookmark",
        "modal",
    ];
    byline.text.len() <= 160 && !other.iter().any(|word| class.contains(word))
}

/// The name that stands alone in the line above or below a date, or before one in its line, near the
/// headline of a text: pages print "Ada Berg", "Dec 17, 2025" without a word between.
pub(super) fn beside_date(sources: &Sources<'_>, near: &[Vec<&Line<'_>>]) -> Vec<Author> {
    let mut found = Vec::new();
    for place in near {
        let dated: Vec<bool> =
            place.iter().map(|line| dateline::is_date(sources, &line.text)).collect();
        let is_dated = |at: Option<usize>| at.and_then(|at| dated.get(at)).is_some_and(|it| *it);
        for (at, line) in place.iter().enumerate() {
            let text = squeeze(&line.text);
            let dated = is_dated(Some(at + 1)) || is_dated(at.checked_sub(1));
            let name =
                if dated { Some(text.as_str()) } else { dateline::before_date(sources, &text) };
            if let Some(name) = name.filter(|name| person::is_name(name)) {
                let evidence = Value::new("", "text", "line", line.line);
                add(&mut found, name, None, Form::Shown, &evidence);
            }
            if !found.is_empty() {
                return found;
            }
        }
    }
    found
}

/// The names in a line near the title: "By Ada Berg", or "By" and the name below it.
pub(super) fn shown(near: &[Vec<&Line<'_>>], kind: Option<Kind>) -> Vec<Author> {
    let mut found = Vec::new();
    if matches!(kind, Some(Kind::Product | Kind::Event | Kind::Listing)) {
        return found;
    }
    let lines: Vec<&Line<'_>> = near.iter().flatten().copied().collect();
    for (at, line) in lines.iter().enumerate() {
        let text = squeeze(&line.text);
        let evidence = Value::new("", "text", "line", line.line);
        let alone = text.len() <= MAX_CUE_BYTES
            && ["by", "written by", "author", "posted by", "words by"]
                .contains(&folded(&text).as_str());
        if alone {
            if let Some(next) = lines.get(at + 1) {
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
