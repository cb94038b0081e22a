//! What a page says about itself, given to the piece that it speaks of.
//!
//! A profile's own rules for elements were asked before; what they found stays.

use std::sync::Arc;

use super::structured::{self, Known, Line, Value};
use crate::model::capture::Hints;
use crate::model::document::BlockKind;
use crate::model::head::Head;
use crate::model::ledger::Ledger;
use crate::model::piece::{Field, Found, Medium, Piece};
use crate::model::record::Author;
use crate::strip::Scene;

/// How many blocks of a page's text are looked at for its title.
const TITLE_REACH: usize = 12;

/// Weighs what a page says about itself. `None` for a text.
pub(super) fn read(scene: Scene<'_>, hints: &Hints, is_thread: bool) -> Option<Known> {
    let markup = scene.document.markup.as_ref()?;
    let lines: Vec<Line<'_>> = structured::lines_of(scene.document);
    Some(structured::read(structured::Page {
        head: &markup.head,
        lines: &lines,
        url: hints.url.as_deref(),
        fetched_at: hints.fetched_at.as_deref(),
        dates: scene.rules.dates,
        title: None,
        is_thread,
    }))
}

/// What a text says about itself: who and when, near its headline.
pub(super) fn of_text(scene: Scene<'_>, hints: &Hints, piece: &Piece) -> Known {
    let title = piece.facts.first(Field::Title).map(|title| Value {
        text: title.text.clone(),
        source: "text",
        key: "headline".to_owned(),
        line: title.line,
    });
    let lines = if title.is_some() { structured::lines_of(scene.document) } else { Vec::new() };
    structured::read(structured::Page {
        head: &Head::default(),
        lines: &lines,
        url: hints.url.as_deref(),
        fetched_at: hints.fetched_at.as_deref(),
        dates: scene.rules.dates,
        title: title.as_ref(),
        is_thread: false,
    })
}

/// Takes a line of a text as the title of its article.
pub(super) fn take_headline(
    scene: Scene<'_>,
    ledger: &mut Ledger,
    piece: &mut Piece,
    (index, rule): (usize, Arc<str>),
) {
    let text = scene.document.block_text(index);
    let text = text.strip_prefix("• ").unwrap_or(text).to_owned();
    let line = scene.document.blocks.get(index).map_or(0, |block| block.line);
    ledger.into_field(index, Field::Title.name(), &rule);
    piece.facts.add(Field::Title, Found { text, rule, line, medium: Medium::Text });
}

/// Adds what is known of a page to the facts of its article, or of the page as a whole.
pub(super) fn add(piece: &mut Piece, known: &Known, is_thread: bool) {
    let mut put = |field, value: &Option<Value>| {
        if let Some(value) = value {
            piece.facts.add(field, found(value, value.text.clone()));
        }
    };
    put(Field::Title, &known.title);
    put(Field::Description, &known.description);
    put(Field::Site, &known.site);
    put(Field::Section, &known.section);
    for dated in [(Field::Published, &known.published), (Field::Modified, &known.modified)] {
        if let (field, Some(dated)) = dated {
            piece.facts.add(field, found(&dated.evidence, dated.date.value.clone()));
        }
    }
    if !piece.facts.has(Field::Tags) {
        for tag in &known.tags {
            piece.facts.add(Field::Tags, found(tag, tag.text.clone()));
        }
    }
    // Who is named as the author of a thread's page wrote its first post.
    if is_thread || piece.facts.has(Field::Author) {
        return;
    }
    let names: Vec<&str> = known.authors.iter().map(|author| author.name.as_str()).collect();
    if let Some(first) = known.authors.first() {
        piece.facts.add(Field::Author, found(&first.evidence, names.join(", ")));
        piece.facts.authors = known
            .authors
            .iter()
            .map(|author| Author { name: author.name.clone(), url: author.url.clone() })
            .collect();
    }
}

fn found(value: &Value, text: String) -> Found {
    let rule: Arc<str> = format!("{} {}", value.source, value.key).into();
    Found { text, rule, line: value.line, medium: medium(value.source) }
}

/// What a source of the page's own data is.
fn medium(source: &str) -> Medium {
    match source {
        "json-ld" => Medium::JsonLd,
        "og" | "twitter" | "dc" | "meta" => Medium::Meta,
        "microdata" => Medium::Microdata,
        "time" => Medium::Attribute,
        "json" => Medium::Json,
        "url" => Medium::Address,
        _ => Medium::Text,
    }
}

/// Moves the title out of the text of an article, so that it is not there twice.
pub(super) fn take_title(scene: Scene<'_>, ledger: &mut Ledger, piece: &Piece) {
    let Some(title) = piece.facts.first(Field::Title) else { return };
    let same = |text: &str| fold(text) == fold(&title.text);
    let open = piece.blocks.iter().copied().filter(|index| ledger.is_open(*index));
    let at = open.take(TITLE_REACH).find(|index| {
        let heading = scene.document.blocks.get(*index).is_some_and(|block| {
            matches!(block.kind, BlockKind::Heading(1..=3) | BlockKind::Paragraph)
        });
        heading && same(scene.document.block_text(*index))
    });
    if let Some(at) = at {
        ledger.into_field(at, Field::Title.name(), &title.rule);
    }
}

/// Letters and digits in lower case.
fn fold(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
