//! `copydesk profile disable`: switches a rule off in the user's own file of a profile.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::{Failure, profiles, stack};
use crate::cli::clean;
use crate::parse;
use crate::profile::fault::{Fault, Origin, SourceFile};
use crate::profile::set::{self, Lint};
use crate::tool::disable::{self, DisableError, Plan};

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct DisableArgs {
    /// The profile's id
    id: String,
    /// The rule, such as `strip.line.share`; its name will do where it is the only one of that name
    rule: String,
    #[command(flatten)]
    profiles: profiles::ProfileArgs,
}

pub(super) fn run(args: &DisableArgs) -> Result<u8, Failure> {
    let mut out = std::io::stdout().lock();
    let files = args.profiles.files()?;
    let stack = stack::read(files.clone(), &args.id)?;
    let plan = disable::plan(&stack, &args.id, &args.rule).map_err(|error| match error {
        DisableError::Chain { fault, .. } => stack::bad(&[*fault], "its parents cannot be found"),
        DisableError::Unwritable { .. } => error.into(),
        other => Failure::usage(other.to_string()),
    })?;
    let (rule, place, path, text) = match plan {
        Plan::Off { rule, place } => {
            writeln!(out, "`{rule}` is off already, by {place}")?;
            return Ok(0);
        }
        Plan::Write { rule, place, path, text } => (rule, place, path, text),
    };
    let path = match path {
        Some(path) => PathBuf::from(path),
        None => args.profiles.folder()?.join(format!("{}.toml", args.id)),
    };
    check(files, &path, &text)?;
    // Where the file is a link, what it leads to is replaced.
    let real = path.canonicalize().unwrap_or_else(|_| path.clone());
    clean::write(&real, &text)
        .with_context(|| format!("`{}` cannot be written", path.display()))?;
    writeln!(out, "{}: `{rule} = false`, for the rule of {place}", path.display())?;
    Ok(0)
}

/// Refuses a change that would leave a profile with errors that it has not now, such as a split
/// that names the rule.
fn check(mut files: Vec<SourceFile>, path: &Path, text: &str) -> Result<(), Failure> {
    let errors = |files: Vec<SourceFile>| {
        let (_, mut faults) = set::load(files, &[], Lint::Own, parse::text::parse);
        faults.retain(|fault| !fault.problem.is_warning());
        faults
    };
    let before = errors(files.clone());
    let path = path.to_string_lossy().into_owned();
    files.retain(|file| file.path != path);
    files.push(SourceFile { path, text: text.to_owned(), origin: Origin::User });
    let mut after = errors(files);
    after.retain(|fault: &Fault| !before.iter().any(|known| known.problem == fault.problem));
    if after.is_empty() {
        return Ok(());
    }
    Err(stack::bad(&after, "nothing was written: without the rule the profile has errors"))
}
