//! `copydesk profile lint`: what is wrong with profile files.

use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;

use super::{BAD_PROFILE, Failure, profiles};
use crate::parse;
use crate::profile::set::{self, Lint};

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct LintArgs {
    /// Files or folders (default: all profiles)
    paths: Vec<PathBuf>,
    #[command(flatten)]
    profiles: profiles::ProfileArgs,
}

pub(super) fn run(args: &LintArgs) -> Result<u8, Failure> {
    let mut out = std::io::stdout().lock();
    let mut files = args.profiles.files()?;
    let mut wanted = Vec::new();
    for path in &args.paths {
        for file in profiles::read_folder(path)? {
            wanted.push(file.path.clone());
            files.retain(|known| known.path != file.path);
            files.push(file);
        }
    }
    let (_, mut faults) = set::load(files, &[], Lint::All, parse::text::parse);
    faults.retain(|fault| wanted.is_empty() || wanted.contains(&fault.file.path));
    profiles::show(&faults, std::io::stdout().is_terminal(), &mut out)?;
    let warnings = faults.iter().filter(|fault| fault.problem.is_warning()).count();
    let errors = faults.len() - warnings;
    writeln!(out, "{errors} errors, {warnings} warnings")?;
    Ok(if errors > 0 { BAD_PROFILE } else { u8::from(warnings > 0) })
}
