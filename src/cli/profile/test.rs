//! `copydesk profile test`: the cases of profiles, run or blessed.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::Context as _;

use super::{Failure, SOME_FAILED, profiles};
use crate::tool::case;

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct TestArgs {
    /// Profiles whose cases to run (default: all)
    ids: Vec<String>,
    /// Write what comes out as what is expected
    #[arg(long)]
    bless: bool,
    /// Folder of the cases
    #[arg(long, default_value = "fixtures")]
    fixtures: PathBuf,
    #[command(flatten)]
    profiles: profiles::ProfileArgs,
}

pub(super) fn run(args: &TestArgs) -> Result<u8, Failure> {
    let mut out = std::io::stdout().lock();
    let set = args.profiles.load()?;
    let cases = case::find(&args.fixtures).with_context(|| args.fixtures.display().to_string())?;
    for id in &args.ids {
        if !cases.iter().any(|case| case.profile == *id || case.name == *id) {
            return Err(Failure::usage(format!(
                "`{id}` is neither a profile with cases nor a case"
            )));
        }
    }
    let wanted =
        |case: &case::Case| args.ids.contains(&case.profile) || args.ids.contains(&case.name);
    let (mut failed, mut run) = (0, 0);
    for case in cases.iter().filter(|case| args.ids.is_empty() || wanted(case)) {
        run += 1;
        let result = if args.bless { case::bless(case, &set) } else { case::check(case, &set) };
        if let Err(message) = result {
            failed += 1;
            writeln!(out, "FAILED {}\n{message}", case.name)?;
        }
    }
    writeln!(out, "{} passed, {failed} failed", run - failed)?;
    Ok(if failed > 0 { SOME_FAILED } else { 0 })
}
