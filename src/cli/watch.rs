//! `copydesk clean --watch-profiles`: cleans a capture again whenever profiles change, and shows
//! what differs.
//!
//! Writes nothing but to standard error: outputs stay as the run left them.

use std::io::{IsTerminal as _, Write as _};
use std::path::Path;
use std::time::Duration;

use super::clean::CleanArgs;
use super::inputs::{self, Input};
use super::{Failure, INTERRUPTED, profiles};
use crate::daemon::reload;
use crate::decode;
use crate::parse;
use crate::pipeline;
use crate::profile::fault::SourceFile;
use crate::profile::set::{self, Lint, ProfileSet};
use crate::tool::case;
use crate::tool::difference::{self, Views};

/// Time without change after which changed profiles are read: editors write more than once.
const QUIET: Duration = Duration::from_millis(300);

/// The capture that is watched: the one of that name or path, else the last one.
pub(super) fn choose<'i>(inputs: &'i [Input], named: &str) -> Result<&'i Input, Failure> {
    let is = |input: &&Input| input.name == named || input.path == Path::new(named);
    let found = if named.is_empty() { inputs.last() } else { inputs.iter().find(is) };
    found.ok_or_else(|| match named {
        "" => Failure::usage("`--watch-profiles`: there is no capture to clean".to_owned()),
        _ => Failure::usage(format!(
            "`--watch-profiles={named}`: it is none of the captures that were cleaned"
        )),
    })
}

/// Watches the user's folders of profiles until the program is interrupted.
pub(super) fn run(args: &CleanArgs, input: &Input, set: &ProfileSet) -> Result<u8, Failure> {
    let mut folders = args.profiles.user_folders();
    folders.retain(|folder| folder.is_dir());
    if folders.is_empty() {
        return Err(Failure::usage(
            "`--watch-profiles`: there is no folder of profiles; name one with `--profiles`"
                .to_owned(),
        ));
    }
    let mut err = std::io::stderr();
    let mut views = clean(args, input, set)?;
    // Not those that were loaded: what changed since is seen at the first look.
    let mut seen: Vec<SourceFile> = Vec::new();
    let mut is_first = true;
    let shown: Vec<String> = folders.iter().map(|folder| folder.display().to_string()).collect();
    writeln!(err, "watching {} for `{}`; Ctrl-C ends it", shown.join(", "), input.name)?;
    reload::until_interrupted(folders, QUIET, || {
        let files = match args.profiles.files() {
            Ok(files) => files,
            // A file that is just being replaced; its rename is the next change.
            Err(failure) => {
                return writeln!(err, "{:#}; the last good profiles stay", failure.error);
            }
        };
        if files == seen {
            return Ok(());
        }
        seen.clone_from(&files);
        let without = args.profiles.without();
        let (set, faults) = set::load(files, without, Lint::Own, parse::text::parse);
        profiles::show(&faults, err.is_terminal(), &mut err)?;
        let Some(set) = set else {
            return writeln!(err, "the profiles have errors; the last good ones stay");
        };
        match clean(args, input, &set) {
            Ok(found) if found == views && is_first => {}
            Ok(found) if found == views => writeln!(err, "`{}`: no difference", input.name)?,
            Ok(found) => {
                let text = difference::difference(&views, &found);
                writeln!(err, "`{}` (- before, + now)\n{}", input.name, text.trim_end())?;
                views = found;
            }
            Err(failure) => writeln!(err, "{:#}", failure.error)?,
        }
        is_first = false;
        Ok(())
    })?;
    Ok(INTERRUPTED)
}

fn clean(args: &CleanArgs, input: &Input, set: &ProfileSet) -> Result<Views, Failure> {
    let bytes = std::fs::read(&input.path)?;
    let capture = inputs::hints(&input.path)
        .and_then(|hints| decode::decode(&input.name, bytes, hints, args.limit()))
        .map_err(|error| Failure { code: super::SOME_FAILED, error: error.into() })?;
    let one = || {
        let mut outcome = pipeline::clean(&capture, set, &args.options(), &mut |_| {});
        case::views(&mut outcome)
    };
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(one)).map_err(|_| Failure {
        code: super::SOME_FAILED,
        error: anyhow::anyhow!("panic: this is a bug, please report it"),
    })
}
