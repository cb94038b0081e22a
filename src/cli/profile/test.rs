//! `copydesk profile test`: the cases of profiles, run or blessed.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::Context as _;

use super::cases::CaseArgs;
use super::{Failure, SOME_FAILED, profiles};
use crate::cli::run::ConfigArgs;
use crate::pipeline::Outcome;
use crate::profile::set::ProfileSet;
use crate::spool::ledger::yields::{self, Yield};
use crate::spool::query;
use crate::tool::case::{self, Blessed, Case};
use crate::tool::done::{self, Done};
use crate::tool::drift;

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct TestArgs {
    /// Profiles whose cases to run, or cases (default: all)
    ids: Vec<String>,
    /// Write what comes out as what is expected, and say what changed
    #[arg(long)]
    bless: bool,
    /// Only cases that did not hold at the last run, or of which the capture, what is expected, the
    /// profile, its parents or the program changed since
    #[arg(long, conflicts_with_all = ["bless", "spool", "config"])]
    changed: bool,
    #[command(flatten)]
    cases: CaseArgs,
    /// Spool of a service: warn where what it cleaned of late gives far less than the cases, or where
    /// a rule no longer acts
    #[arg(long, value_name = "DIR")]
    spool: Option<PathBuf>,
    /// Configuration of a service, for its spool
    #[arg(long, value_name = "FILE", conflicts_with = "spool")]
    config: Option<PathBuf>,
    #[command(flatten)]
    profiles: profiles::ProfileArgs,
}

impl TestArgs {
    /// What a service cleaned of late; nothing where none is named.
    fn recent(&self) -> Result<Vec<Yield>, Failure> {
        let spool = match (&self.spool, &self.config) {
            (Some(spool), _) => spool.clone(),
            (None, Some(config)) => ConfigArgs::file(config).load()?.spool,
            (None, None) => return Ok(Vec::new()),
        };
        let db = query::open_for_reading(&spool)
            .with_context(|| format!("there is no ledger in `{}`", spool.display()))?;
        yields::all(&db).map_err(|error| {
            let error = anyhow::Error::new(error);
            error
                .context("the ledger tells of no rules before a service of this version ran")
                .into()
        })
    }
}

#[derive(Default)]
struct Counts {
    passed: usize,
    failed: usize,
    blessed: usize,
    unchanged: usize,
}

pub(super) fn run(args: &TestArgs) -> Result<u8, Failure> {
    let mut out = std::io::stdout().lock();
    let set = args.profiles.load()?;
    let cases = args.cases.find(&args.profiles)?;
    for id in &args.ids {
        if !cases.iter().any(|case| case.profile == *id || case.name == *id) {
            return Err(Failure::usage(format!(
                "`{id}` is neither a profile with cases nor a case"
            )));
        }
    }
    let wanted = |case: &Case| args.ids.contains(&case.profile) || args.ids.contains(&case.name);
    let mut done = Done::load();
    let common = done::common(&set);
    let mut counts = Counts::default();
    // Its ledger is looked for before anything is run.
    let recent = args.recent()?;
    let mut promised = Vec::new();
    for case in cases.iter().filter(|case| args.ids.is_empty() || wanted(case)) {
        let hash = done::hash(case, &set, &common);
        if args.changed && hash.as_ref().is_some_and(|hash| done.holds(case, hash)) {
            counts.unchanged += 1;
            continue;
        }
        let held = if args.bless {
            bless(case, &set, &mut counts, &mut out)?
        } else {
            let outcome = case::clean(case, &set);
            promised.extend(outcome.as_ref().ok().map(drift::of));
            check(case, outcome, args, &mut counts, &mut out)?
        };
        // What was blessed is another case than the one that was hashed.
        if let Some(hash) = done::hash(case, &set, &common) {
            done.note(case, hash, held);
        }
    }
    // Without it the next run only takes longer.
    if let Err(error) = done.save() {
        writeln!(std::io::stderr(), "what was run cannot be remembered: {error}")?;
    }
    for warning in drift::warnings(&promised, &recent, &set) {
        writeln!(out, "warning: {warning}")?;
    }
    let Counts { passed, failed, blessed, unchanged } = counts;
    write!(out, "{passed} passed, {failed} failed")?;
    if args.bless {
        write!(out, ", {blessed} blessed")?;
    }
    if args.changed {
        write!(out, ", {unchanged} unchanged and not run")?;
    }
    writeln!(out)?;
    Ok(if failed > 0 { SOME_FAILED } else { 0 })
}

/// Runs one case; whether it held.
fn check(
    case: &Case,
    outcome: Result<Outcome, String>,
    args: &TestArgs,
    counts: &mut Counts,
    out: &mut impl std::io::Write,
) -> Result<bool, Failure> {
    let compared = outcome.and_then(|mut outcome| case::compare(case, &mut outcome));
    let Err(message) = compared else {
        counts.passed += 1;
        return Ok(true);
    };
    counts.failed += 1;
    writeln!(out, "FAILED {} {}", case.name, message.trim_end())?;
    if let Ok(path) = case::capture_path(case) {
        let options = args.profiles.options();
        writeln!(out, "  look at: copydesk profile explain {}{options}", path.display())?;
        writeln!(
            out,
            "  if it is what you meant: copydesk profile test --bless {}{options}",
            case.name
        )?;
    }
    writeln!(out)?;
    Ok(false)
}

/// Blesses one case; whether that could be done.
fn bless(
    case: &Case,
    set: &ProfileSet,
    counts: &mut Counts,
    out: &mut impl std::io::Write,
) -> Result<bool, Failure> {
    match case::bless(case, set) {
        Ok(Blessed::Same) => counts.passed += 1,
        Ok(Blessed::New) => {
            counts.blessed += 1;
            writeln!(out, "blessed {}, which is new", case.name)?;
        }
        Ok(Blessed::Changed(difference)) => {
            counts.blessed += 1;
            writeln!(out, "blessed {} (- before, + now)\n{difference}", case.name)?;
        }
        Err(message) => {
            counts.failed += 1;
            writeln!(out, "FAILED {} {message}\n", case.name)?;
            return Ok(false);
        }
    }
    Ok(true)
}
