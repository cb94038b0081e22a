//! Which captures a run cleans: files and folders, in the order of their relative paths.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::Failure;
use crate::decode::sidecar;
use crate::error::DecodeError;
use crate::model::capture::Hints;

/// Endings of captures in a folder; a file that is named is read whatever its ending.
const ENDINGS: [&str; 4] = ["html", "htm", "xhtml", "txt"];

/// One capture to clean.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Input {
    /// Path relative to the folder argument; a file argument's own name.
    pub(super) name: String,
    /// Where to read it.
    pub(super) path: PathBuf,
}

/// The captures below the arguments, and how many other files were passed over.
pub(super) fn collect(arguments: &[PathBuf]) -> Result<(Vec<Input>, u64), Failure> {
    let mut inputs = Vec::new();
    let mut skipped = 0;
    for argument in arguments {
        let meta = std::fs::metadata(argument)
            .with_context(|| format!("`{}` cannot be read", argument.display()))?;
        if !meta.is_dir() {
            let name = argument.file_name().unwrap_or(argument.as_os_str());
            let name = name.to_string_lossy().into_owned();
            inputs.push(Input { name, path: argument.clone() });
            continue;
        }
        for entry in walkdir::WalkDir::new(argument) {
            let entry = entry?;
            if entry.file_type().is_dir() {
                continue;
            }
            if entry.file_type().is_file() && is_capture(entry.path()) {
                let relative = entry.path().strip_prefix(argument).unwrap_or(entry.path());
                let name = relative.to_string_lossy().into_owned();
                inputs.push(Input { name, path: entry.into_path() });
            } else if !sidecar::is_sidecar(&entry.file_name().to_string_lossy()) {
                skipped += 1;
            }
        }
    }
    inputs.sort();
    inputs.dedup();
    Ok((inputs, skipped))
}

fn is_capture(path: &Path) -> bool {
    // In a folder of a case only the capture is one: the rest is what is expected of it.
    let in_case = path.with_file_name("expected.jsonl").is_file();
    if in_case && path.file_stem().is_none_or(|stem| stem != "capture") {
        return false;
    }
    path.extension()
        .map(|ending| ending.to_string_lossy().to_ascii_lowercase())
        .is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}

/// Two captures that would be written to the same output.
pub(super) fn collision(inputs: &[Input]) -> Option<(&Input, &Input)> {
    inputs.windows(2).find_map(|pair| match pair {
        [one, other] if one.name == other.name => Some((one, other)),
        _ => None,
    })
}

/// Reads the sidecar of a capture, if it has one.
pub(super) fn hints(path: &Path) -> Result<Hints, DecodeError> {
    for name in sidecar::names(&path.to_string_lossy()) {
        if let Ok(bytes) = std::fs::read(&name) {
            return sidecar::read(&bytes);
        }
    }
    Ok(Hints::default())
}
