//! Cases: a folder with a capture, what is expected of it, and what was removed.
//!
//! `fixtures/<profile>/<case>/{capture.txt|html, capture.meta.json?, expected.jsonl, removed.txt}`.
//! `removed.txt` is the ledger, so that a diff shows what was thrown away.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::difference::{self, Views};
use crate::decode::{self, sidecar};
use crate::model::ledger::Fate;
use crate::pipeline::{self, Options, Outcome};
use crate::profile::set::ProfileSet;
use crate::render;

/// One case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Case {
    /// `<profile>/<case>`.
    pub name: String,
    /// The profile that must be chosen.
    pub profile: String,
    /// The folder.
    pub folder: PathBuf,
}

/// All cases below a folder, by name.
///
/// # Errors
/// Where the folder cannot be read.
pub fn find(fixtures: &Path) -> std::io::Result<Vec<Case>> {
    let mut cases = Vec::new();
    for profile in std::fs::read_dir(fixtures)? {
        let profile = profile?;
        if !profile.file_type()?.is_dir() {
            continue;
        }
        for folder in std::fs::read_dir(profile.path())? {
            let folder = folder?;
            if folder.file_type()?.is_dir() {
                let id = profile.file_name().to_string_lossy().into_owned();
                let name = format!("{id}/{}", folder.file_name().to_string_lossy());
                cases.push(Case { name, profile: id, folder: folder.path() });
            }
        }
    }
    cases.sort();
    Ok(cases)
}

/// The capture of a case.
///
/// # Errors
/// Where there is none.
pub fn capture_path(case: &Case) -> Result<PathBuf, String> {
    ["capture.txt", "capture.html"]
        .map(|name| case.folder.join(name))
        .into_iter()
        .find(|path| path.is_file())
        .ok_or_else(|| "there is no capture.txt or capture.html".to_owned())
}

/// Cleans a case's capture.
///
/// # Errors
/// Where it cannot be read, or another profile is chosen.
pub fn clean(case: &Case, set: &ProfileSet) -> Result<Outcome, String> {
    let path = capture_path(case)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let bytes = std::fs::read(&path).map_err(|error| error.to_string())?;
    let mut hints = Ok(crate::model::capture::Hints::default());
    for name in sidecar::names(&path.to_string_lossy()) {
        if let Ok(bytes) = std::fs::read(name) {
            hints = sidecar::read(&bytes);
        }
    }
    let hints = hints.map_err(|error| error.to_string())?;
    let capture = decode::decode(&name, bytes, hints, decode::MAX_CAPTURE_BYTES)
        .map_err(|error| error.to_string())?;
    let options = Options { explain: true, ..Options::default() };
    let outcome = pipeline::clean(&capture, set, &options, &mut |_| {});
    if let Some(record) = outcome.records.first()
        && record.profile.id != case.profile
    {
        return Err(format!(
            "profile `{}` was chosen, not `{}`; explain shows what each of them matched",
            record.profile.id, case.profile
        ));
    }
    Ok(outcome)
}

/// What a result is compared by.
pub fn views(outcome: &mut Outcome) -> Views {
    for record in &mut outcome.records {
        // The hash changes with every edit of a profile and says nothing about the case.
        "-".clone_into(&mut record.profile.hash);
    }
    let records = render::jsonl::render(&mut outcome.records);
    Views { records, removed: removed(outcome) }
}

/// The ledger as text: one line for each block that is not kept.
fn removed(outcome: &Outcome) -> String {
    let trace = &outcome.trace;
    let mut out = String::new();
    for (index, (block, fate)) in trace.document.blocks.iter().zip(trace.ledger.fates()).enumerate()
    {
        let by = match fate {
            Fate::Kept(_) => continue,
            Fate::Field(field, rule) => format!("{field} <- {rule}"),
            Fate::Removed(rule) => rule.to_string(),
            Fate::Open => "open".to_owned(),
        };
        // Writing to a string cannot fail.
        writeln!(out, "{}\t{by}\t{}", block.line, trace.document.block_text(index))
            .unwrap_or_default();
    }
    out
}

/// The files of what is expected.
const EXPECTED: [&str; 2] = ["expected.jsonl", "removed.txt"];

/// What is expected; `None` where nothing is written yet.
fn expected(case: &Case) -> Option<Views> {
    let [records, removed] =
        EXPECTED.map(|name| std::fs::read_to_string(case.folder.join(name)).ok());
    Some(Views { records: records?, removed: removed? })
}

/// Runs a case and compares.
///
/// # Errors
/// What differs, and what to look at.
pub fn check(case: &Case, set: &ProfileSet) -> Result<(), String> {
    compare(case, &mut clean(case, set)?)
}

/// Compares what came of a case's capture with what is expected.
///
/// # Errors
/// What differs.
pub fn compare(case: &Case, outcome: &mut Outcome) -> Result<(), String> {
    let found = views(outcome);
    let Some(wanted) = expected(case) else {
        return Err(format!("{} are not both there: bless writes them", EXPECTED.join(" and ")));
    };
    if wanted == found {
        return Ok(());
    }
    let mut message = format!("(- expected, + found)\n{}", difference::difference(&wanted, &found));
    let rules = difference::rules(&wanted, &found);
    if !rules.is_empty() {
        message.extend(["  rules that act otherwise: ", &rules.join(", "), "\n"]);
    }
    Err(message)
}

/// What blessing changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Blessed {
    /// Nothing.
    Same,
    /// Nothing was expected before.
    New,
    /// This.
    Changed(String),
}

/// Runs a case and writes what comes out as what is expected.
///
/// # Errors
/// Where the case cannot be run or written.
pub fn bless(case: &Case, set: &ProfileSet) -> Result<Blessed, String> {
    let found = views(&mut clean(case, set)?);
    let before = expected(case);
    if before.as_ref() == Some(&found) {
        return Ok(Blessed::Same);
    }
    for (name, text) in EXPECTED.iter().zip([&found.records, &found.removed]) {
        std::fs::write(case.folder.join(name), text).map_err(|error| error.to_string())?;
    }
    Ok(before
        .map_or(Blessed::New, |before| Blessed::Changed(difference::difference(&before, &found))))
}
