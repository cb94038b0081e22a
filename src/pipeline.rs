//! The one way from a capture to its records; service, one-shot command, stream, fixtures and
//! `explain` all go through [`clean`].
//!
//! Pure: no files, no clock, no environment. The same bytes, hints and profiles give the same
//! outcome on any thread.

use crate::annotate::{self, compose};
use crate::dedupe::{self, Signature};
use crate::model::capture::{Capture, Warning};
use crate::model::document::Document;
use crate::model::ledger::{Fate, Ledger};
use crate::model::record::{ProfileInfo, Record};
use crate::parse;
use crate::profile::identify::{self, Choice};
use crate::profile::matcher::Matches;
use crate::profile::program::Rules;
use crate::profile::set::{GENERIC, ProfileSet};
use crate::split::{self, Pieces};
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
    /// Number of hits of each rule of the profile, in the rules' order.
    pub hits: Vec<(String, usize)>,
}

/// Cleans one capture. `done` is called at the end of each stage.
pub fn clean(
    capture: &Capture,
    set: &ProfileSet,
    options: &Options,
    done: &mut dyn FnMut(Stage),
) -> Outcome {
    let document = parse::text::parse(&capture.text);
    done(Stage::Parse);
    let named = options.profile.as_deref();
    let choice = identify::identify(&document, &capture.hints, named, set);
    done(Stage::Identify);
    let chosen = choice.as_ref().and_then(|choice| choice.chosen().map(|chosen| (choice, chosen)));
    let Some((found, chosen)) = chosen else {
        return without_profile(capture, document, options);
    };
    let (variant, rules) = identify::layout(&chosen.profile, found, &capture.hints, set);
    let generic = set.get(GENERIC).map(|profile| &profile.rules);
    let mut warnings = found.warnings.clone();
    let mut rules = rules;
    let mut divided = divide(&document, rules, done);
    if let Some(generic) = generic
        && !std::ptr::eq(rules, generic)
        && removes_too_much(&document, &divided.ledger, rules)
    {
        // A profile that would empty the capture gives way to the generic one, visibly.
        warnings.push(Warning::new("guard_tripped", chosen.profile.id.clone()));
        rules = generic;
        divided = divide(&document, rules, done);
    }
    let Divided { mut matches, mut ledger, mut stripped, mut pieces } = divided;
    if pieces.page.is_none() && rules.split.is_some() && wants_posts(rules) {
        warnings.push(Warning::new("no_posts", chosen.profile.id.clone()));
        if let Some(generic) = generic {
            // What the platform's rules took stays taken; the rest is judged like any capture.
            matches = generic.patterns.scan(&document);
            let scene = Scene { document: &document, rules: generic, matches: &matches };
            let platform = std::mem::replace(&mut stripped, strip::strip(scene, &mut ledger));
            pieces = split::split(scene, &mut ledger, &stripped);
            split::gather_all(&mut pieces, &platform);
            warnings.extend(platform.warnings);
            rules = generic;
        }
    }
    let scene = Scene { document: &document, rules, matches: &matches };
    annotate::annotate(scene, &capture.hints, &mut ledger, &mut stripped, &mut pieces);
    warnings.append(&mut stripped.warnings);
    let profile = ProfileInfo {
        id: chosen.profile.id.clone(),
        chain: chosen.profile.chain.clone(),
        hash: chosen.profile.hash.clone(),
        chosen_by: chosen.by.as_str(),
        run: String::new(),
    };
    let context = compose::Context {
        capture,
        document: &document,
        ledger: &ledger,
        dates: &rules.dates,
        profile: &profile,
        explain: options.explain,
    };
    let records = compose::compose(context, &pieces, &warnings);
    done(Stage::Annotate);
    let signatures = sign(&records, options, done);
    let hits = rules
        .list
        .iter()
        .enumerate()
        .map(|(number, rule)| (rule.id.to_string(), stripped.hits_of(number).count()))
        .collect();
    let variant = variant.map(str::to_owned);
    Outcome { records, signatures, trace: Trace { document, ledger, choice, variant, hits } }
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
    done: &mut dyn FnMut(Stage),
) -> Divided<'a> {
    let matches = rules.patterns.scan(document);
    let scene = Scene { document, rules, matches: &matches };
    let mut ledger = Ledger::new(document.blocks.len());
    let stripped = strip::strip(scene, &mut ledger);
    done(Stage::Strip);
    let pieces = split::split(scene, &mut ledger, &stripped);
    done(Stage::Split);
    Divided { matches, ledger, stripped, pieces }
}

fn wants_posts(rules: &Rules) -> bool {
    use crate::profile::program::SplitHow;
    rules.split.as_ref().is_some_and(|split| match split.how {
        SplitHow::Thread { .. } | SplitHow::Digest { .. } => true,
        SplitHow::Stream { .. } => false,
    })
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
        explain: options.explain,
    };
    let records = compose::compose(context, &pieces, &[Warning::new("no_profile", "")]);
    let signatures = sign(&records, options, &mut |_| {});
    let trace = Trace { document, ledger, choice: None, variant: None, hits: Vec::new() };
    Outcome { records, signatures, trace }
}
