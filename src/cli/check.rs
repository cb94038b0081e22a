//! `copydesk check`: every fault of the configuration and of every profile at once.

use std::io::{IsTerminal as _, Write as _};

use super::run::{self, ConfigArgs};
use super::{BAD_PROFILE, Failure, profiles};
use crate::config::Config;
use crate::parse;
use crate::profile::set::{self, Lint};

/// Options of `check`.
#[derive(Debug, clap::Args)]
pub(super) struct CheckArgs {
    #[command(flatten)]
    config: ConfigArgs,
    /// Print the whole configuration, defaults included, and check nothing else
    #[arg(long)]
    print_config: bool,
    #[command(flatten)]
    profiles: profiles::ProfileArgs,
}

pub(super) fn run(args: &CheckArgs) -> Result<u8, Failure> {
    let mut out = std::io::stdout().lock();
    let given = args.config.is_given().then(|| args.config.load()).transpose()?;
    if args.print_config {
        out.write_all(given.unwrap_or_else(Config::default).to_toml().as_bytes())?;
        return Ok(0);
    }
    let mut files = args.profiles.files()?;
    if let Some(config) = &given {
        // The built-in ones and the user's own are there already.
        for folder in &run::sources(config).folders {
            files.extend(profiles::read_folder(folder)?);
        }
    }
    let count = files.len();
    let (_, faults) = set::load(files, &[], Lint::All, parse::text::parse);
    profiles::show(&faults, std::io::stdout().is_terminal(), &mut out)?;
    let warnings = faults.iter().filter(|fault| fault.problem.is_warning()).count();
    let errors = faults.len() - warnings;
    writeln!(out, "{count} profiles, {errors} errors, {warnings} warnings")?;
    Ok(if errors > 0 { BAD_PROFILE } else { 0 })
}
