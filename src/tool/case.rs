//! Cases: a folder with a capture, what is expected of it, and what was removed.
//!
//! `fixtures/<profile>/<case>/{capture.txt|html, capture.meta.json?, expected.jsonl, removed.txt}`.
//! `removed.txt` is the ledger, so that a diff shows what was thrown away.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

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

/// What a case must give: `expected.jsonl` and `removed.txt`.
struct Views {
    expected: String,
    removed: String,
}

/// Cleans a case's capture.
fn run(case: &Case, set: &ProfileSet) -> Result<Views, String> {
    let path = ["capture.txt", "capture.html"]
        .map(|name| case.folder.join(name))
        .into_iter()
        .find(|path| path.is_file())
        .ok_or("there is no capture.txt or capture.html")?;
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
    let mut outcome = pipeline::clean(&capture, set, &options, &mut |_| {});
    if let Some(record) = outcome.records.first()
        && record.profile.id != case.profile
    {
        return Err(format!("profile `{}` was chosen, not `{}`", record.profile.id, case.profile));
    }
    for record in &mut outcome.records {
        // The hash changes with every edit of a profile and says nothing about the case.
        "-".clone_into(&mut record.profile.hash);
    }
    let expected = render::jsonl::render(&mut outcome.records);
    Ok(Views { expected, removed: removed(&outcome) })
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

/// Runs a case and compares.
///
/// # Errors
/// What differs, and what to look at.
pub fn check(case: &Case, set: &ProfileSet) -> Result<(), String> {
    let views = run(case, set)?;
    let mut message = String::new();
    for (name, found) in [("expected.jsonl", &views.expected), ("removed.txt", &views.removed)] {
        let path = case.folder.join(name);
        let wanted = std::fs::read_to_string(&path)
            .map_err(|_| format!("{name} is missing: `cargo bless` writes it"))?;
        if wanted != *found {
            diff(name, &wanted, found, &mut message).unwrap_or_default();
        }
    }
    if message.is_empty() {
        return Ok(());
    }
    message.push_str("  If this is what you meant, `cargo bless` writes it.\n");
    Err(message)
}

/// Most differing lines that a message shows of a file.
const SHOWN: usize = 12;

fn diff(name: &str, wanted: &str, found: &str, out: &mut String) -> std::fmt::Result {
    writeln!(out, "  {name} differs (- expected, + found):")?;
    let (wanted, found): (Vec<&str>, Vec<&str>) =
        (wanted.lines().collect(), found.lines().collect());
    let lost = wanted.iter().filter(|line| !found.contains(line)).map(|line| ('-', line));
    let new = found.iter().filter(|line| !wanted.contains(line)).map(|line| ('+', line));
    for (sign, line) in lost.chain(new).take(SHOWN) {
        match (serde_json::from_str::<serde_json::Value>(line), sign) {
            (Ok(record), _) if record.is_object() => {
                let brief = ["type", "index", "title", "posted_by", "published_at", "text"]
                    .map(|key| record.get(key).map(ToString::to_string).unwrap_or_default())
                    .join(" ");
                writeln!(out, "  {sign} {}", brief.chars().take(300).collect::<String>())?;
            }
            _ => writeln!(out, "  {sign} {line}")?,
        }
    }
    Ok(())
}

/// Runs a case and writes what comes out as what is expected.
///
/// # Errors
/// Where the case cannot be run or written.
pub fn bless(case: &Case, set: &ProfileSet) -> Result<(), String> {
    let views = run(case, set)?;
    for (name, text) in [("expected.jsonl", &views.expected), ("removed.txt", &views.removed)] {
        std::fs::write(case.folder.join(name), text).map_err(|error| error.to_string())?;
    }
    Ok(())
}
