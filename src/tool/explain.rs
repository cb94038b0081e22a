//! Why a capture came out as it did: the choice of profile, each field, each rule, each line.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::model::ledger::Fate;
use crate::pipeline::{Outcome, Trace};
use crate::strip::generic::{self, Opinion};

/// Words of a removed line that the text form shows.
const SHOWN_WORDS: usize = 10;

/// For people.
pub fn text(outcome: &Outcome) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    write_text(outcome, &mut out).unwrap_or_default();
    out
}

fn write_text(outcome: &Outcome, out: &mut String) -> std::fmt::Result {
    let trace = &outcome.trace;
    if let Some(choice) = &trace.choice {
        for (number, candidate) in choice.candidates.iter().enumerate() {
            let profile = &candidate.profile;
            let label = if number == 0 { "profile" } else { "also" };
            let chain = profile.chain.iter().fold(String::new(), |text, id| text + " < " + id);
            let (by, because) = (candidate.by.as_str(), &candidate.because);
            writeln!(out, "{label:<9}{}{chain}  ({by}: {because})  {}", profile.id, profile.path)?;
        }
    }
    if let Some(variant) = &trace.variant {
        writeln!(out, "variant  {variant}")?;
    }
    for (find, made) in &trace.edits {
        let made = made.map_or("left out".to_owned(), |times| format!("{times} times"));
        writeln!(out, "prepare  `{}` replaced: {made}", shorten(find))?;
    }
    for record in &outcome.records {
        writeln!(
            out,
            "\n{} {} of {}  {} words",
            json!(record.kind).as_str().unwrap_or_default(),
            record.index,
            record.count,
            record.word_count
        )?;
        for (field, values) in record.evidence.iter().flatten() {
            for value in values {
                let place =
                    if value.line == 0 { String::new() } else { format!("line {}", value.line) };
                writeln!(
                    out,
                    "  {field:<12} {:<50} {place:<9} {}",
                    shorten(&value.text),
                    value.rule
                )?;
            }
        }
        for (name, count) in &record.reactions {
            writeln!(out, "  reaction     {name} {count}")?;
        }
        for warning in &record.warnings {
            writeln!(out, "  warning      {warning}")?;
        }
    }
    writeln!(out, "\nrules")?;
    let mut acted: Vec<(String, usize, usize, String)> = Vec::new();
    for (index, fate) in trace.ledger.fates().iter().enumerate() {
        let (Fate::Removed(rule) | Fate::Field(_, rule)) = fate else { continue };
        let block = trace.document.block_text(index);
        let count = block.split(' ').count();
        match acted.iter_mut().find(|(id, ..)| **id == **rule) {
            Some((_, lines, words, _)) => {
                *lines += 1;
                *words += count;
            }
            None => acted.push((rule.to_string(), 1, count, shorten(block))),
        }
    }
    acted.sort_by(|one, other| (other.1, &one.0).cmp(&(one.1, &other.0)));
    for (rule, lines, words, first) in &acted {
        writeln!(out, "  {rule:<44} {lines:>4} lines {words:>5} words  {first}")?;
    }
    writeln!(out, "unused")?;
    for (rule, hits) in &trace.hits {
        if *hits == 0 && !acted.iter().any(|(id, ..)| id == rule) {
            writeln!(out, "  {rule}")?;
        }
    }
    let opinions = opinions(trace);
    if !opinions.is_empty() {
        writeln!(out, "judged: chance of main content, and what decided it")?;
    }
    for (index, (opinion, fate)) in opinions.iter().zip(trace.ledger.fates()).enumerate() {
        let fate = match fate {
            Fate::Kept(_) => "kept",
            Fate::Removed(_) => "removed",
            Fate::Field(..) => "field",
            Fate::Open => "open",
        };
        let text = shorten(trace.document.block_text(index));
        let reasons: Vec<String> = opinion
            .reasons
            .iter()
            .flatten()
            .map(|it| format!("{} {} {:+}", it.feature, it.value, it.points))
            .collect();
        writeln!(out, "  {fate:<8} {:>3} %  {text}", opinion.chance / 10)?;
        writeln!(out, "                  {}", reasons.join(" · "))?;
    }
    Ok(())
}

/// What a classifier thinks of each block; nothing where none was asked.
pub(super) fn opinions(trace: &Trace) -> Vec<Opinion> {
    let judge = trace.judge.as_ref();
    judge.map(|judge| generic::reasons(&trace.document, judge)).unwrap_or_default()
}

fn shorten(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().take(SHOWN_WORDS).collect();
    let short = words.join(" ");
    let mut short: String = short.chars().take(60).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// For programs: every line that is not blank, once, with its fate.
pub fn json(outcome: &Outcome) -> String {
    let trace = &outcome.trace;
    let candidates: Vec<Value> = trace
        .choice
        .iter()
        .flat_map(|choice| &choice.candidates)
        .map(|candidate| {
            json!({
                "id": candidate.profile.id,
                "chain": candidate.profile.chain,
                "path": candidate.profile.path,
                "chosen_by": candidate.by.as_str(),
                "because": candidate.because,
            })
        })
        .collect();
    let rules: Vec<Value> =
        trace.hits.iter().map(|(rule, hits)| json!({"rule": rule, "hits": hits})).collect();
    let value = json!({
        "candidates": candidates,
        "variant": trace.variant,
        "edits": trace.edits,
        "records": outcome.records,
        "rules": rules,
        "lines": lines(trace),
    });
    format!("{value:#}\n")
}

/// The fate of each line.
pub fn lines(trace: &Trace) -> Vec<Value> {
    let mut lines = Vec::new();
    let opinions = opinions(trace);
    let fates = trace.document.blocks.iter().zip(trace.ledger.fates());
    for (index, (block, fate)) in fates.enumerate() {
        for number in block.line..block.line + block.lines {
            let mut line = match fate {
                Fate::Kept(piece) => {
                    json!({"line": number, "fate": "kept", "by": format!("piece {piece}")})
                }
                Fate::Field(field, rule) => {
                    json!({"line": number, "fate": "field", "by": field, "rule": **rule})
                }
                Fate::Removed(rule) => json!({"line": number, "fate": "removed", "by": **rule}),
                Fate::Open => json!({"line": number, "fate": "open", "by": null}),
            };
            if let (Some(line), Some(opinion)) = (line.as_object_mut(), opinions.get(index)) {
                let reasons = opinion.reasons.iter().flatten();
                let reasons = reasons.map(
                    |it| json!({"feature": it.feature, "value": it.value, "points": it.points}),
                );
                line.insert("chance".to_owned(), json!(f64::from(opinion.chance) / 1000.0));
                line.insert("because".to_owned(), reasons.collect());
            }
            lines.push(line);
        }
    }
    lines
}
