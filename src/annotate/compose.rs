//! Pieces with facts become records.

use std::collections::BTreeMap;

use crate::model::capture::{Capture, Warning};
use crate::model::date::DateOptions;
use crate::model::document::Document;
use crate::model::id;
use crate::model::ledger::Ledger;
use crate::model::piece::{Facts, Field, PieceKind};
use crate::model::record::{
    Author, CaptureInfo, Evidence, ProfileInfo, Quality, Record, RecordType, SCHEMA,
};
use crate::split::Pieces;

use super::date::{self, DateSource, FoundDate, Reading};
use super::language::{self, Language};
use super::names;
use super::structured::{Known, Value};
use super::text::{Kept, kept};

/// What records need beside pieces.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The capture.
    pub capture: &'a Capture,
    /// Its document.
    pub document: &'a Document,
    /// What became of its blocks.
    pub ledger: &'a Ledger,
    /// How ambiguous dates are read.
    pub dates: &'a DateOptions,
    /// The profile that cleaned it.
    pub profile: &'a ProfileInfo,
    /// What the page says about itself.
    pub known: Option<&'a Known>,
    /// How sure the classifier is, per mille.
    pub confidence: Option<u32>,
    /// Whether records carry their evidence.
    pub explain: bool,
}

/// Confidence below which a page is no article but a best effort, per mille: of the WCXB
/// development pages below it the kept text has a word F1 of 0.1 to 0.5.
const LOW_CONFIDENCE: u32 = 400;

/// What holds for all records of a capture.
struct Shared {
    /// The address that relative ones resolve against.
    base: Option<url::Url>,
    /// Address of the page: the hint's, or the one that a saving program wrote down.
    url: Option<String>,
    canonical: Option<String>,
    host: Option<String>,
    fetched_at: Option<String>,
    language: Option<Language>,
    declared: Option<String>,
}

impl Shared {
    fn new(context: Context<'_>) -> Self {
        let hints = &context.capture.hints;
        let known = context.known;
        let text = |value: &Option<Value>| value.as_ref().map(|value| value.text.clone());
        let saved = known.and_then(|known| text(&known.saved_url));
        let url = hints.url.clone().or(saved);
        let canonical = known.and_then(|known| text(&known.canonical));
        let parse = |url: &Option<String>| url.as_deref().and_then(|url| url::Url::parse(url).ok());
        let own = parse(&url).or_else(|| parse(&canonical));
        let head = context.document.markup.as_ref().map(|markup| &markup.head);
        let base = head.and_then(|head| head.base.as_deref());
        let base = match (base, &own) {
            (Some(base), Some(own)) => own.join(base).ok(),
            (Some(base), None) => url::Url::parse(base).ok(),
            (None, own) => own.clone(),
        };
        let shared = Self {
            canonical: None,
            host: own.as_ref().and_then(|own| own.host_str().map(str::to_owned)),
            fetched_at: hints.fetched_at.clone().or_else(|| {
                known.and_then(|k| k.saved_at.as_ref()).map(|saved| saved.date.value.clone())
            }),
            language: language::of(context.document, context.ledger),
            declared: known.and_then(|known| text(&known.language)),
            base,
            url,
        };
        Self { canonical: canonical.map(|address| shared.resolve(address)), ..shared }
    }

    /// An address of the page as one that stands alone, where that can be told.
    fn resolve(&self, address: String) -> String {
        match &self.base {
            Some(base) => base.join(&address).map_or(address, String::from),
            None => address,
        }
    }
}

/// Makes the records of a capture, the page's own first.
pub fn compose(context: Context<'_>, pieces: &Pieces, warnings: &[Warning]) -> Vec<Record> {
    let mut records = Vec::with_capacity(pieces.pieces.len() + 1);
    let count = u32::try_from(pieces.pieces.len()).unwrap_or(u32::MAX);
    let all_warnings = || {
        let warnings = context.capture.warnings.iter().chain(warnings).chain(&pieces.warnings);
        warnings.map(Warning::text).collect::<Vec<_>>()
    };
    let shared = Shared::new(context);
    let page = pieces.page.as_ref();
    let mut parent = None;
    if let Some(page) = page {
        let mut record = record(context, &shared, &page.facts, 0, count, RecordType::Thread);
        record.posted_by = page.facts.first(Field::Starter).map(|found| found.text.clone());
        record.warnings = all_warnings();
        parent = Some(record.id.clone());
        records.push(record);
    }
    for (number, piece) in (1_u32..).zip(&pieces.pieces) {
        let Kept { text, tables, words, ratio, links } =
            kept(context.document, context.ledger, piece);
        let single = pieces.pieces.len() == 1 && page.is_none();
        let (text, words, from_json) = match context.known.filter(|_| single) {
            Some(known) => with_own_body(known, text, words),
            None => (text, words, false),
        };
        let kind = match piece.kind {
            PieceKind::Article => RecordType::Article,
            PieceKind::Post => RecordType::Post,
            PieceKind::Page => RecordType::Page,
        };
        let doubted = context.confidence.is_some_and(|sure| sure < LOW_CONFIDENCE);
        let kind = if (text.is_empty() || doubted) && kind == RecordType::Article {
            RecordType::Page
        } else {
            kind
        };
        let mut record = record(context, &shared, &piece.facts, number, count, kind);
        record.parent_id.clone_from(&parent);
        if record.site.is_none() {
            record.site =
                page.and_then(|page| page.facts.first(Field::Site)).map(|f| f.text.clone());
        }
        if let Some(poster) = &record.posted_by
            && context.document.markup.is_some()
            && record.authors.is_empty()
            && record.title.is_none()
        {
            // Who posts what is no pasted article wrote it.
            record.authors.push(Author { name: poster.clone(), url: None });
        }
        record.word_count = u32::try_from(words).unwrap_or(u32::MAX);
        record.quality.kept_ratio = ratio;
        record.quality.link_density = links;
        record.quality.confidence = context.confidence.map(|sure| f64::from(sure) / 1000.0);
        if from_json {
            record.warnings.push("text_from_json".to_owned());
        }
        record.text = text;
        if !from_json {
            record.tables = tables;
        }
        if page.is_none() && number == 1 {
            record.warnings.extend(all_warnings());
        }
        if record.text.is_empty() && kind == RecordType::Page {
            record.warnings.push("no_content".to_owned());
        } else if doubted && page.is_none() {
            record.warnings.push("low_confidence".to_owned());
        }
        records.push(record);
    }
    records
}

/// A record with all facts but its text.
fn record(
    context: Context<'_>,
    shared: &Shared,
    facts: &Facts,
    index: u32,
    count: u32,
    kind: RecordType,
) -> Record {
    let capture = context.capture;
    let value = |field| facts.first(field).map(|found| found.text.clone());
    let all = |field| facts.all(field).iter().map(|found| found.text.clone()).collect::<Vec<_>>();
    let read = |field| {
        let text = &facts.first(field)?.text;
        match date::read(text, context.dates, capture.hints.fetched_at.as_deref()) {
            Reading::Date(found) => Some(found),
            Reading::Relative | Reading::Ambiguous | Reading::NotADate => None,
        }
    };
    let published = read(Field::Published);
    let source = |found: &FoundDate| match found.source {
        DateSource::Relative => "relative",
        DateSource::Text => facts.first(Field::Published).map_or("text", |f| f.medium.as_str()),
    };
    let rights = all(Field::Rights);
    Record {
        schema: SCHEMA,
        id: id::record_id(capture.source_key(), &capture.sha256, index),
        parent_id: None,
        index,
        count,
        kind,
        url: value(Field::Permalink)
            .map(|permalink| shared.resolve(permalink))
            .or_else(|| shared.url.clone()),
        canonical_url: shared.canonical.clone(),
        host: shared.host.clone(),
        fetched_at: shared.fetched_at.clone(),
        title: value(Field::Title),
        description: value(Field::Description),
        site: value(Field::Site),
        section: value(Field::Section),
        tags: all(Field::Tags),
        language: shared.language.map(|found| found.code.to_owned()),
        language_score: shared.language.map(|found| f64::from(found.score) / 1000.0),
        language_declared: shared.declared.clone(),
        authors: if facts.authors.is_empty() {
            value(Field::Author).map(|byline| names::authors(&byline)).unwrap_or_default()
        } else {
            facts.authors.clone()
        },
        posted_by: value(Field::PostedBy),
        published_precision: published.as_ref().map(|found| found.precision.as_str()),
        published_source: published.as_ref().map(source),
        published_at: published.map(|found| found.value),
        modified_at: read(Field::Modified).map(|found| found.value),
        agencies: value(Field::Agency).map(|list| names::agencies(&list)).unwrap_or_default(),
        source: value(Field::Source),
        source_url: value(Field::SourceUrl),
        reactions: facts.reactions.clone(),
        captions: all(Field::Captions),
        images: Vec::new(),
        attachments: all(Field::Attachments),
        links: Vec::new(),
        rights: (!rights.is_empty()).then(|| rights.join("\n")),
        comments: Vec::new(),
        text: String::new(),
        tables: Vec::new(),
        markdown: None,
        html: None,
        word_count: 0,
        quality: Quality { kept_ratio: 0.0, link_density: None, confidence: None },
        warnings: Vec::new(),
        duplicate_of: None,
        related: Vec::new(),
        capture: CaptureInfo {
            path: capture.path.clone(),
            sha256: id::hex(&capture.sha256),
            bytes: capture.bytes,
            kind: capture.kind.as_str(),
            charset: capture.charset,
            charset_source: capture.charset_source,
            container: "plain",
            offset: 0,
        },
        profile: context.profile.clone(),
        cleaner: concat!("copydesk/", env!("CARGO_PKG_VERSION")).to_owned(),
        extra: capture.hints.extra.clone(),
        evidence: context.explain.then(|| evidence(facts)),
    }
}

fn evidence(facts: &Facts) -> BTreeMap<&'static str, Vec<Evidence>> {
    facts
        .iter()
        .map(|(field, values)| {
            let values = values.iter().map(|found| Evidence {
                text: found.text.clone(),
                rule: found.rule.to_string(),
                line: found.line,
            });
            (field.name(), values.collect())
        })
        .collect()
}

/// Fewest words from which a text that the page holds as data is taken for a text that is shown.
const MIN_BODY_WORDS: usize = 20;

/// The text of a page, or the one that its own JSON holds where next to nothing of it is shown.
fn with_own_body(known: &Known, text: String, words: usize) -> (String, usize, bool) {
    let Some(body) = &known.body else { return (text, words, false) };
    let count = body.text.split_whitespace().count();
    // Other data than JSON-LD may be anything: it stands in only for a page that shows nothing.
    let shown = words * 4 > count || (body.source != "json-ld" && words >= MIN_BODY_WORDS);
    if count < MIN_BODY_WORDS || shown {
        return (text, words, false);
    }
    (body.text.clone(), count, true)
}
