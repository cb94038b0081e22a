//! `copydesk check`: every fault of every profile at once.

use std::io::{IsTerminal as _, Write as _};

use super::{BAD_PROFILE, Failure, profiles};
use crate::parse;
use crate::profile::set::{self, Lint};

/// Options of `check`.
#[derive(Debug, clap::Args)]
pub(super) struct CheckArgs {
    #[command(flatten)]
    profiles: profiles::ProfileArgs,
}

pub(super) fn run(args: &CheckArgs) -> Result<u8, Failure> {
    let files = args.profiles.files()?;
    let count = files.len();
    let (_, faults) = set::load(files, &[], Lint::All, parse::text::parse);
    let mut out = std::io::stdout().lock();
    profiles::show(&faults, std::io::stdout().is_terminal(), &mut out)?;
    let warnings = faults.iter().filter(|fault| fault.problem.is_warning()).count();
    let errors = faults.len() - warnings;
    writeln!(out, "{count} profiles, {errors} errors, {warnings} warnings")?;
    Ok(if errors > 0 { BAD_PROFILE } else { 0 })
}
