//! The one way from a capture to its records; service, one-shot command, stream, fixtures and
//! `explain` all go through [`clean`].
//!
//! Pure: no files, no clock, no environment. The same bytes, hints and profiles give the same
//! outcome on any thread.

mod look;

use look::Look;

use crate::annotate::date::order;
use crate::annotate::{self, compose};
use crate::dedupe::{self, Signature};
use crate::model::capture::{Capture, CaptureKind, Warning};
use crate::model::document::Document;
use crate::model::id;
use crate::model::ledger::{Fate, Ledger};
use crate::model::piece::Field;
use crate::model::record::{ProfileInfo, Record};
use crate::parse;
use crate::profile::identify::{self, Choice, Seen};
use crate::profile::matcher::Matches;
use crate::profile::prepare::Prepare;
use crate::profile::program::{Match, Rules};
use crate::profile::selector::Selectors;
use crate::profile::set::{GENERIC, ProfileSet};
use crate::render::{self, Extras, Format};
use crate::split::{self, Pieces};
use crate::strip::generic::Judge;
use crate::strip::{self, Scene, Stripped};

/// How a capture is to be cleaned.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The profile to use, in place of the one that fits.
    pub profile: Option<String>,
    /// Whether records carry their evidence.
    pub explain: bool,
    /// Whether to sign the texts for `dedupe`.
    pub sign: bool,
    /// How captures are judged that no profile fits.
    pub judge: Judge,
}

/// Changes with anything that can change an output of the same capture: 16 hex digits over the
/// profiles, the version of the program, the options and the form of the output.
pub fn run_key(set: &ProfileSet, options: &Options, extras: Extras, format: Format) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let parts = format!("{} {version} {options:?} {extras:?} {format:?}", set.hash());
    id::hex(id::sha256(parts.as_bytes()).get(..8).unwrap_or_default())
}

/// The stages, for timing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Bytes to text.
    Decode,
    /// Text to blocks.
    Parse,
    /// Choice of the profile.
    Identify,
    /// Verdicts.
    Strip,
    /// Pieces.
    Split,
    /// Facts and records.
    Annotate,
    /// Signatures.
    Dedupe,
    /// Output.
    Render,
}

impl Stage {
    /// The name in `--timing`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Decode => "decode",
            Self::Parse => "parse",
            Self::Identify => "identify",
            Self::Strip => "strip",
            Self::Split => "split",
            Self::Annotate => "annotate",
            Self::Dedupe => "dedupe",
            Self::Render => "render",
        }
    }
}

/// What became of a capture.
#[derive(Debug)]
pub struct Outcome {
    /// Its records: at least one.
    pub records: Vec<Record>,
    /// The signature of each record's text, where asked for.
    pub signatures: Vec<Signature>,
    /// How it came about, for `explain`.
    pub trace: Trace,
}

/// How an outcome came about.
#[derive(Debug)]
pub struct Trace {
    /// The blocks.
    pub document: Document,
    /// What became of each.
    pub ledger: Ledger,
    /// Which profiles matched.
    pub choice: Option<Choice>,
    /// The layout of the profile.
    pub variant: Option<String>,
    /// Edits of the markup before it was parsed: what was replaced, and how often; none for one
    /// that was left out.
    pub edits: Vec<(String, Option<usize>)>,
    /// How blocks were judged, where a classifier had a say.
    pub judge: Option<Judge>,
    /// Number of hits of each rule of the profile that can act on such a capture, in the rules'
    /// order.
    pub hits: Vec<(String, usize)>,
    /// Id of the profile whose rules had the last word: `generic-text` where the chosen one gave
    /// way to it.
    pub ruled_by: Option<String>,
    /// The number of the piece that holds each block, removed ones included, from 1; 0 outside all
    /// pieces. Only where records carry their evidence.
    pub pieces: Vec<u32>,
    /// Whether a `keep` rule protects each block. Only where records carry their evidence.
    pub protected: Vec<bool>,
}

impl Trace {
    /// The rules that acted.
    pub fn acted(&self) -> Vec<String> {
        let acted = self.hits.iter().filter(|(_, hits)| *hits > 0);
        acted.map(|(rule, _)| rule.clone()).collect()
    }
}

/// Cleans one capture. `done` is called at the end of each stage.
pub fn clean(
    capture: &Capture,
    set: &ProfileSet,
    options: &Options,
    done: &mut dyn FnMut(Stage),
) -> Outcome {
    run(capture, set, options, Look::Blocks, done)
}

/// Cleans one capture like [`clean`], and notes where in a page's markup each block stands.
pub fn clean_outlined(capture: &Capture, set: &ProfileSet, options: &Options) -> Outcome {
    run(capture, set, options, Look::Outline, &mut |_| {})
}

fn run(
    capture: &Capture,
    set: &ProfileSet,
    options: &Options,
    look: Look,
    done: &mut dyn FnMut(Stage),
) -> Outcome {
    let mut source = match capture.kind {
        CaptureKind::Text => Source::Text(parse::text::parse(&capture.text)),
        CaptureKind::Html => {
            Source::Page(Box::new(parse::html::parse_keeping(&capture.text, look.keep(set, &[]))))
        }
    };
    done(Stage::Parse);
    let choice = choose(&source, capture, set, options);
    done(Stage::Identify);
    let chosen = choice.as_ref().and_then(|choice| choice.chosen().map(|chosen| (choice, chosen)));
    let Some((found, chosen)) = chosen else {
        let document = source.document(&Selectors::default(), look);
        return without_profile(capture, document, options);
    };
    let mut warnings = found.warnings.clone();
    let prepare = &chosen.profile.prepare;
    let keep = look.keep(set, &prepare.keep);
    let edits = source.prepare(prepare, keep, capture, &mut warnings);
    let (variant, mut rules) = identify::layout(&chosen.profile, found, &capture.hints, set);
    let mut document = source.document(&rules.selectors, look);
    done(Stage::Parse);
    let mut divided = divide(&document, rules, &options.judge, done);
    if let (Source::Page(page), None) = (&mut source, &divided.pieces.page)
        && let Some(data) = rules.markup.as_ref().and_then(|split| split.data.as_ref())
        && let Some(thread) = data.thread(page.scripts())
    {
        // An empty shell whose posts stand in the page's own data.
        warnings.push(Warning::new("text_from_json", format!("{} posts", thread.posts.len())));
        page.tell(thread);
        drop(divided);
        document = look.document(page, &rules.selectors);
        done(Stage::Parse);
        divided = divide(&document, rules, &options.judge, done);
    }
    let generic = set.get(GENERIC).map(|profile| profile.rules());
    let generic = generic.filter(|generic| !std::ptr::eq(*generic, rules));
    let fallback = if generic.is_some() && removes_too_much(&document, &divided.ledger, rules) {
        // A profile that would empty the capture gives way to the generic one, visibly.
        Some("guard_tripped")
    } else {
        missing_pieces(&document, rules, &divided.pieces)
    };
    if let Some(code) = fallback {
        warnings.push(Warning::new(code, chosen.profile.id.clone()));
    }
    if let (Some(code), Some(generic)) = (fallback, generic) {
        rules = generic;
        if let Source::Page(page) = &mut source {
            drop(divided);
            if !prepare.is_empty() {
                // From the start: without the edits of the profile that gives way.
                **page = parse::html::parse_keeping(&capture.text, look.keep(set, &[]));
            }
            document = look.document(page, &generic.selectors);
            done(Stage::Parse);
            divided = divide(&document, generic, &options.judge, done);
        } else if code == "guard_tripped" {
            divided = divide(&document, generic, &options.judge, done);
        } else {
            // What the platform's rules took stays taken; the rest is judged like any capture.
            let matches = generic.patterns.scan(&document);
            let scene = Scene {
                document: &document,
                rules: generic,
                matches: &matches,
                judge: &options.judge,
            };
            let mut ledger = divided.ledger;
            let stripped = strip::strip(scene, &mut ledger);
            let mut pieces = split::split(scene, &mut ledger, &stripped);
            split::gather_all(&mut pieces, &divided.stripped);
            warnings.extend(divided.stripped.warnings);
            divided = Divided { matches, ledger, stripped, pieces };
        }
    }
    warnings.extend(document.markup.iter().flat_map(|markup| markup.warnings.clone()));
    let Divided { matches, mut ledger, mut stripped, mut pieces } = divided;
    let scene = Scene { document: &document, rules, matches: &matches, judge: &options.judge };
    let known = annotate::annotate(scene, &capture.hints, &mut ledger, &mut stripped, &mut pieces);
    warnings.append(&mut stripped.warnings);
    let profile = ProfileInfo {
        id: chosen.profile.id.clone(),
        chain: chosen.profile.chain.clone(),
        hash: chosen.profile.hash.clone(),
        chosen_by: chosen.by.as_str(),
        run: String::new(),
    };
    let posted = pieces.pieces.iter().filter(|piece| piece.extent.is_some());
    let posted = posted.filter_map(|piece| piece.facts.first(Field::Published));
    let dates = order::infer(&posted.map(|found| found.text.as_str()), rules.dates);
    let context = compose::Context {
        capture,
        document: &document,
        ledger: &ledger,
        dates: &dates,
        profile: &profile,
        known: known.as_ref(),
        confidence: stripped.confidence,
        explain: options.explain,
    };
    let mut records = compose::compose(context, &pieces, &warnings);
    done(Stage::Annotate);
    let signatures = sign(&records, options, done);
    render::table::lay_out(&mut records);
    done(Stage::Render);
    let hits = rules
        .list
        .iter()
        .enumerate()
        .filter(|(_, rule)| strip::can_act(&document, rule))
        .map(|(number, rule)| (rule.id.to_string(), stripped.hits_of(number).count()))
        .collect();
    let variant = variant.map(str::to_owned);
    let judges = rules.list.iter().any(|rule| matches!(rule.what, Match::Generic { .. }));
    let judge = judges.then(|| options.judge.clone());
    let ruled_by = match fallback {
        Some(_) if generic.is_some() => Some(GENERIC.to_owned()),
        _ => Some(chosen.profile.id.clone()),
    };
    let mut trace = Trace {
        document,
        ledger,
        choice,
        variant,
        edits,
        judge,
        hits,
        ruled_by,
        pieces: Vec::new(),
        protected: Vec::new(),
    };
    if options.explain {
        let all = 0..trace.document.blocks.len();
        trace.protected = all.map(|index| stripped.is_protected(index)).collect();
        trace.pieces = numbers(&trace.document, &pieces);
    }
    Outcome { records, signatures, trace }
}

/// The number of the piece that holds each block.
fn numbers(document: &Document, pieces: &Pieces) -> Vec<u32> {
    let mut numbers = vec![0; document.blocks.len()];
    for (number, piece) in (1..).zip(&pieces.pieces) {
        for index in &piece.blocks {
            if let Some(slot) = numbers.get_mut(*index) {
                *slot = number;
            }
        }
    }
    numbers
}

/// A document stripped and split by one set of rules.
struct Divided<'a> {
    matches: Matches<'a>,
    ledger: Ledger,
    stripped: Stripped,
    pieces: Pieces,
}

fn divide<'a>(
    document: &'a Document,
    rules: &'a Rules,
    judge: &'a Judge,
    done: &mut dyn FnMut(Stage),
) -> Divided<'a> {
    let matches = rules.patterns.scan(document);
    let scene = Scene { document, rules, matches: &matches, judge };
    let mut ledger = Ledger::new(document.blocks.len());
    let stripped = strip::strip(scene, &mut ledger);
    done(Stage::Strip);
    let pieces = split::split(scene, &mut ledger, &stripped);
    done(Stage::Split);
    Divided { matches, ledger, stripped, pieces }
}

/// What the profile promises and the capture does not hold: a warning's code.
fn missing_pieces(document: &Document, rules: &Rules, pieces: &Pieces) -> Option<&'static str> {
    use crate::profile::program::{MarkupHow, SplitHow};
    if document.markup.is_some() {
        let Some(markup) = &rules.markup else {
            // A profile for flattened captures says nothing about a page.
            let judges = rules.list.iter().any(|rule| matches!(rule.what, Match::Generic { .. }));
            return (!judges).then_some("no_html_side");
        };
        return match markup.how {
            MarkupHow::Thread { .. } => pieces.page.is_none().then_some("no_posts"),
            MarkupHow::Article { .. } => pieces.outside.is_empty().then_some("no_body"),
        };
    }
    match rules.split.as_ref()?.how {
        SplitHow::Thread { .. } | SplitHow::Digest { .. } => {
            pieces.page.is_none().then_some("no_posts")
        }
        SplitHow::Stream { .. } => None,
    }
}

/// A capture that is parsed as far as it can be without a profile.
enum Source {
    Text(Document),
    Page(Box<parse::html::Page>),
}

impl Source {
    /// The blocks; those of a text can be taken once.
    fn document(&mut self, selectors: &Selectors, look: Look) -> Document {
        match self {
            Self::Text(document) => std::mem::take(document),
            Self::Page(page) => look.document(page, selectors),
        }
    }

    /// Does to a page what its profile asks for before it is parsed: parses it again.
    fn prepare(
        &mut self,
        prepare: &Prepare,
        keep: parse::html::Keep<'_>,
        capture: &Capture,
        warnings: &mut Vec<Warning>,
    ) -> Vec<(String, Option<usize>)> {
        let Self::Page(page) = self else { return Vec::new() };
        if prepare.is_empty() {
            return Vec::new();
        }
        let prepared = prepare.apply(&capture.text);
        let finds = prepare.replace.iter().map(|(find, _)| find.clone());
        let edits: Vec<_> = finds.zip(prepared.made.iter().copied()).collect();
        // Where nothing was edited and nothing is kept, the page is what it was.
        if prepare.keep.is_empty() && prepared.text == capture.text {
            return edits;
        }
        let left_out = edits.iter().filter(|(_, made)| made.is_none()).count();
        if left_out > 0 {
            warnings.push(Warning::new("prepare_too_large", format!("{left_out} edits")));
        }
        **page = parse::html::parse_keeping(&prepared.text, keep);
        edits
    }
}

fn choose(
    source: &Source,
    capture: &Capture,
    set: &ProfileSet,
    options: &Options,
) -> Option<Choice> {
    let named = options.profile.as_deref();
    match source {
        Source::Text(document) => {
            identify::identify(Seen::Text(document), &capture.hints, named, set)
        }
        Source::Page(page) => {
            let fingerprints = page.seen(&set.signatures.selectors);
            let address = page.address();
            let shows = |selectors: &Selectors| page.seen(selectors).contains(&true);
            let seen = Seen::Page {
                fingerprints: &fingerprints,
                address: address.as_deref(),
                shows: &shows,
            };
            identify::identify(seen, &capture.hints, named, set)
        }
    }
}

fn removes_too_much(document: &Document, ledger: &Ledger, rules: &Rules) -> bool {
    let Some(most) = rules.max_removed else { return false };
    let (mut removed, mut all) = (0, 0);
    for (index, fate) in ledger.fates().iter().enumerate() {
        let count = document.words(index);
        all += count;
        if matches!(fate, Fate::Removed(_)) {
            removed += count;
        }
    }
    removed * 1000 > all * most as usize
}

fn sign(records: &[Record], options: &Options, done: &mut dyn FnMut(Stage)) -> Vec<Signature> {
    if !options.sign {
        return Vec::new();
    }
    let signatures = records.iter().map(|record| dedupe::sign(&record.text)).collect();
    done(Stage::Dedupe);
    signatures
}

/// A set without a generic profile keeps what it cannot judge.
fn without_profile(capture: &Capture, document: Document, options: &Options) -> Outcome {
    let mut ledger = Ledger::new(document.blocks.len());
    for index in 0..document.blocks.len() {
        ledger.keep(index, 1);
    }
    let pieces = Pieces { pieces: vec![split::whole(&document)], ..Pieces::default() };
    let profile = ProfileInfo {
        id: "none".to_owned(),
        chain: Vec::new(),
        hash: String::new(),
        chosen_by: "generic",
        run: String::new(),
    };
    let context = compose::Context {
        capture,
        document: &document,
        ledger: &ledger,
        dates: &crate::model::date::DateOptions::default(),
        profile: &profile,
        known: None,
        confidence: None,
        explain: options.explain,
    };
    let records = compose::compose(context, &pieces, &[Warning::new("no_profile", "")]);
    let signatures = sign(&records, options, &mut |_| {});
    let numbers = if options.explain { numbers(&document, &pieces) } else { Vec::new() };
    let trace = Trace {
        document,
        ledger,
        choice: None,
        variant: None,
        edits: Vec::new(),
        judge: None,
        hits: Vec::new(),
        ruled_by: None,
        pieces: numbers,
        protected: Vec::new(),
    };
    Outcome { records, signatures, trace }
}
