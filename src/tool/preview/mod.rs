//! `copydesk profile preview`: one page that shows a capture, what became of each of its blocks and
//! why, the records beside it, and the profile lines that would change it.
//!
//! Takes an outcome of `pipeline::clean_outlined` with its evidence; gives HTML that needs nothing
//! from anywhere else and runs no script but its own. Whatever markup of the capture reaches it goes
//! through `markup`; all else of it is text.

mod data;
mod facts;
mod markup;
mod parts;
mod proposal;
mod records;
mod selector;

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use self::facts::{Facts, Kind, Source};
use self::markup::escape;
use crate::model::capture::Capture;
use crate::model::id;
use crate::pipeline::Outcome;
use crate::profile::set::ProfileSet;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The page for a capture. The same capture and profiles give the same bytes.
pub fn page(capture: &Capture, outcome: &Outcome, set: &ProfileSet) -> String {
    let trace = &outcome.trace;
    let source = Source::new(trace, set);
    let facts = facts::collect(outcome, set, &source);
    let name = escape(&capture.path);
    let (style, script) = (hash(STYLE), hash(SCRIPT));
    let what = capture.kind.as_str();
    let look = if trace.document.markup.is_some() { "page" } else { "lines" };
    let parts = parts::html(&trace.document, &facts);
    let records = records::html(&outcome.records, &facts, &source);
    let (profile, counts) = (profile(outcome, &facts), counts(&facts));
    let rules = rules(&facts);
    let data = data::json(&trace.document, &facts);
    format!(
        include_str!("page.html"),
        style_hash = style,
        script_hash = script,
        name = name,
        what = what,
        look = look,
        style = STYLE,
        script = SCRIPT,
        profile = profile,
        counts = counts,
        rules = rules,
        parts = parts,
        records = records,
        data = data,
    )
}

/// The hash by which a page's policy lets its own style or script through.
fn hash(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(id::sha256(text.as_bytes())))
}

/// Which profile cleaned the capture, and why.
fn profile(outcome: &Outcome, facts: &Facts) -> String {
    let trace = &outcome.trace;
    let chosen = trace.choice.as_ref().and_then(|choice| choice.chosen());
    let Some(chosen) = chosen else { return "no profile".to_owned() };
    let profile = &chosen.profile;
    let chain = profile.chain.iter().fold(String::new(), |text, id| text + " < " + id);
    let mut words = format!(
        "<b>{}</b>{} <span class=\"because\">({}: {})</span>",
        escape(&profile.id),
        escape(&chain),
        chosen.by.as_str(),
        escape(&chosen.because)
    );
    if let Some(variant) = &trace.variant {
        write!(words, ", variant <b>{}</b>", escape(variant)).unwrap_or_default();
    }
    if facts.base != profile.id {
        write!(words, ", gave way to <b>{}</b>", escape(&facts.base)).unwrap_or_default();
    }
    words
}

fn counts(facts: &Facts) -> String {
    format!(
        "{} blocks: {} kept, {} removed, {} moved into fields",
        facts.parts.len(),
        facts.count(Kind::Kept),
        facts.count(Kind::Removed),
        facts.count(Kind::Field)
    )
}

/// The rules that acted, as rows: the legend of the page's colours.
fn rules(facts: &Facts) -> String {
    let mut out = String::new();
    for (number, rule) in facts.rules.iter().enumerate() {
        let first = facts.parts.get(rule.first).map(|part| part.kind);
        let colour = match first {
            Some(Kind::Field) => "field".to_owned(),
            Some(Kind::Removed | Kind::Kept) | None => format!("c{}", number % parts::COLOURS),
        };
        let written = rule.written.as_ref();
        let place = written.map(|(path, line)| format!("{path}:{line}")).unwrap_or_default();
        writeln!(
            out,
            "<tr><td><button type=\"button\" class=\"rule {colour}\" data-rule=\"{number}\" \
             data-first=\"{}\">{}</button><span class=\"place\">{}</span></td><td>{}</td>\
             <td>{}</td></tr>",
            rule.first,
            escape(&rule.id),
            escape(&place),
            rule.blocks,
            rule.words
        )
        .unwrap_or_default();
    }
    out
}
