//! Leaves one page of a site out, learns a draft from the others, and applies it to that page.
//!
//! Standard input has a JSON object a line, `{"host", "pages": [{"id", "path", "url"}]}`; standard
//! output gives one for each page of a host with at least three different ones: the texts with and
//! without the draft, and each block with the rule of the draft that took it. The first argument is
//! a forest to judge by, where it is not the built-in one. `tests/bench/induce.py` asks and scores.

use std::sync::Arc;

use anyhow::Context as _;
use copydesk::decode;
use copydesk::model::capture::{Capture, CaptureKind, Hints};
use copydesk::model::ledger::Fate;
use copydesk::model::record::{Record, RecordType};
use copydesk::parse::text;
use copydesk::pipeline::{self, Options, Outcome};
use copydesk::profile::fault::{Origin, SourceFile};
use copydesk::profile::set::{self, Lint, ProfileSet};
use copydesk::strip::generic::{Forest, Judge};
use copydesk::tool::induce::{self, Sample};
use rayon::prelude::*;
use serde_json::{Value, json};

/// Fewest different pages of a host.
const LEAST: usize = 3;

fn main() -> anyhow::Result<()> {
    let judge = match std::env::args_os().nth(1) {
        None => Judge::default(),
        Some(file) => {
            let forest = Forest::parse(&std::fs::read_to_string(file)?)?;
            Judge { forest: Some(Arc::new(forest)), ..Judge::default() }
        }
    };
    // No profile of a site, as in the bench: a site is what is to be learnt.
    let files: Vec<SourceFile> =
        set::built_in().into_iter().filter(|file| !file.path.contains("/site/")).collect();
    let set = load(files.clone())?;
    let input = std::io::read_to_string(std::io::stdin())?;
    let hosts: Vec<&str> = input.lines().collect();
    let answers: anyhow::Result<Vec<String>> =
        hosts.par_iter().map(|line| host(line, &files, &set, &judge)).collect();
    let answers = answers?.concat();
    std::io::Write::write_all(&mut std::io::stdout().lock(), answers.as_bytes())?;
    Ok(())
}

fn load(files: Vec<SourceFile>) -> anyhow::Result<ProfileSet> {
    let (set, faults) = set::load(files, &[], Lint::Own, text::parse);
    let faults: Vec<String> = faults.iter().map(|fault| fault.render(false)).collect();
    set.with_context(|| faults.join("\n"))
}

fn host(
    line: &str,
    files: &[SourceFile],
    set: &ProfileSet,
    judge: &Judge,
) -> anyhow::Result<String> {
    let line: Value = serde_json::from_str(line)?;
    let name = line.get("host").and_then(Value::as_str).context("no host")?;
    let mut samples = Vec::new();
    for page in line.get("pages").and_then(Value::as_array).context("no pages")? {
        samples.push(induce::prepare(capture(page)?, set, judge));
    }
    let pages: Vec<Sample> = {
        let different: Vec<String> =
            induce::different(&samples).iter().map(|it| it.capture.path.clone()).collect();
        samples.into_iter().filter(|it| different.contains(&it.capture.path)).collect()
    };
    let mut out = String::new();
    if pages.len() < LEAST {
        return Ok(out);
    }
    for left_out in 0..pages.len() {
        let mut others: Vec<&Sample> = pages.iter().collect();
        let page = others.remove(left_out);
        let learnt = induce::learn(name, &others, set, LEAST - 1)?;
        // Those that it builds on suffice: it is chosen by its host.
        let mut with = files.to_vec();
        with.retain(|file| learnt.chain.iter().any(|own| own == set::id_of(&file.path)));
        let path = format!("{}.toml", learnt.id);
        with.push(SourceFile { path, text: learnt.toml.clone(), origin: Origin::User });
        let with = load(with)?;
        let options = Options { judge: judge.clone(), ..Options::default() };
        let before = pipeline::clean(&page.capture, set, &options, &mut |_| {});
        let after = pipeline::clean(&page.capture, &with, &options, &mut |_| {});
        let answer = json!({
            "host": name,
            "id": page.capture.path,
            "learnt_from": others.len(),
            "platform": before.records.first().map(|record| record.profile.id.clone()),
            "draft": learnt.toml,
            "before": text_of(&before.records),
            "after": text_of(&after.records),
            "warnings": after.records.first().map(|record| record.warnings.clone()),
            "blocks": blocks(&after, &learnt.id),
        });
        out.push_str(&answer.to_string());
        out.push('\n');
    }
    Ok(out)
}

fn capture(page: &Value) -> anyhow::Result<Capture> {
    let path = page.get("path").and_then(Value::as_str).context("no path")?;
    let id = page.get("id").and_then(Value::as_str).context("no id")?;
    let text = String::from_utf8_lossy(&std::fs::read(path)?).into_owned();
    let is_text = std::path::Path::new(path).extension().is_some_and(|ending| ending == "txt");
    let kind = if is_text { CaptureKind::Text } else { CaptureKind::Html };
    let hints = Hints {
        url: page.get("url").and_then(Value::as_str).map(str::to_owned),
        ..Hints::default()
    };
    Ok(decode::from_text(id, text, kind, hints, decode::MAX_CAPTURE_BYTES)?)
}

fn text_of(records: &[Record]) -> String {
    let records = records.iter().filter(|record| record.kind != RecordType::Thread);
    let texts: Vec<&str> = records.map(|record| record.text.as_str()).collect();
    texts.join("\n\n")
}

/// Each block's text, and the rule of the draft that took it.
fn blocks(outcome: &Outcome, id: &str) -> Vec<Value> {
    let trace = &outcome.trace;
    let own = format!("{id}/");
    trace
        .ledger
        .fates()
        .iter()
        .enumerate()
        .map(|(index, fate)| {
            let by = match fate {
                Fate::Removed(rule) | Fate::Field(_, rule) => rule.strip_prefix(&own),
                Fate::Kept(_) | Fate::Open => None,
            };
            json!([trace.document.block_text(index), by])
        })
        .collect()
}
