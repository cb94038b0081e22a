//! `copydesk status`, `why`, `rescan`, `reload` and `quarantine`: questions to a service.
//!
//! What only looks works without a running service, too, from the ledger.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Subcommand;
use serde_json::{Value, json};

use super::run::ConfigArgs;
use super::{Failure, SOME_FAILED, UNHEALTHY};
use crate::daemon::control::{self, Request, What};
use crate::spool::disk::REASON;
use crate::spool::query::{self, Filter, Question};

/// Which spool is meant: `--spool DIR`, or `--config FILE`.
#[derive(Debug, clap::Args)]
pub(super) struct SpoolArgs {
    #[command(flatten)]
    config: ConfigArgs,
}

impl SpoolArgs {
    fn spool(&self) -> Result<PathBuf, Failure> {
        match self.config.only_spool() {
            Some(spool) => Ok(spool),
            None => Ok(self.config.load()?.spool),
        }
    }

    fn ask(&self, request: &Request) -> Result<(PathBuf, Option<Value>), Failure> {
        let spool = self.spool()?;
        let answer = control::ask(&spool, request)
            .with_context(|| format!("the service of `{}` does not answer", spool.display()))?;
        Ok((spool, answer))
    }

    /// Asks a service that must run.
    fn demand(&self, request: &Request) -> Result<Value, Failure> {
        let (spool, answer) = self.ask(request)?;
        let value = answer.ok_or_else(|| Failure {
            code: UNHEALTHY,
            error: anyhow::anyhow!("no service runs on `{}`; start it first", spool.display()),
        })?;
        match value.get("error").and_then(Value::as_str) {
            Some(error) => Err(Failure { code: SOME_FAILED, error: anyhow::anyhow!("{error}") }),
            None => Ok(value),
        }
    }

    /// Asks a service, or the ledger where none runs.
    fn look(&self, request: &Request, question: &Question) -> Result<Value, Failure> {
        let (spool, answer) = self.ask(request)?;
        match answer {
            Some(value) => Ok(value),
            None => read_ledger(&spool, question),
        }
    }
}

fn read_ledger(spool: &Path, question: &Question) -> Result<Value, Failure> {
    let db = query::open_for_reading(spool)
        .with_context(|| format!("there is no ledger in `{}`", spool.display()))?;
    Ok(query::look(&db, question)?)
}

/// Options of `status`.
#[derive(Debug, clap::Args)]
pub(super) struct StatusArgs {
    #[command(flatten)]
    spool: SpoolArgs,
    /// One JSON object
    #[arg(long)]
    json: bool,
}

/// Options of `why`.
#[derive(Debug, clap::Args)]
pub(super) struct WhyArgs {
    /// Path of a capture, absolute or relative to the inbox; or a job; or a file of `new/`
    capture: String,
    #[command(flatten)]
    spool: SpoolArgs,
}

/// Options of `rescan`.
#[derive(Debug, clap::Args)]
pub(super) struct RescanArgs {
    #[command(flatten)]
    spool: SpoolArgs,
}

/// Options of `reload`.
#[derive(Debug, clap::Args)]
pub(super) struct ReloadArgs {
    /// Wait until it is done, and say what was wrong
    #[arg(long)]
    wait: bool,
    #[command(flatten)]
    spool: SpoolArgs,
}

/// Which captures of the quarantine are meant.
#[derive(Debug, clap::Args)]
pub(super) struct ChoiceArgs {
    /// One job
    job: Option<String>,
    /// All of one reason
    #[arg(long, value_name = "REASON")]
    reason: Option<String>,
    #[command(flatten)]
    spool: SpoolArgs,
}

/// The verbs below `quarantine`.
#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// List captures in quarantine, one JSON object a line
    List(ChoiceArgs),
    /// Print the `reason.json` of one
    Show {
        /// The job
        job: String,
        #[command(flatten)]
        spool: SpoolArgs,
    },
    /// Clean captures of the quarantine once more; each result is a new revision
    Redrive {
        #[command(flatten)]
        choice: ChoiceArgs,
        /// All captures of the quarantine
        #[arg(long)]
        all: bool,
    },
    /// Forget captures of the quarantine; their files in the inbox stay
    Drop {
        #[command(flatten)]
        choice: ChoiceArgs,
        /// All captures of the quarantine
        #[arg(long)]
        all: bool,
    },
}

pub(super) fn status(args: &StatusArgs) -> Result<u8, Failure> {
    let (spool, answer) = args.spool.ask(&Request::Status {})?;
    let mut out = std::io::stdout().lock();
    let value = match answer {
        Some(value) => value,
        None => json!({
            "healthy": false,
            "phase": "not running",
            "spool": spool.to_string_lossy(),
            "jobs": read_ledger(&spool, &Question::Counts)?,
        }),
    };
    if args.json {
        writeln!(out, "{value}")?;
    } else {
        for (key, value) in value.as_object().into_iter().flatten() {
            let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            writeln!(out, "{:<18} {shown}", key.replace('_', " "))?;
        }
    }
    let healthy = value.get("healthy").and_then(Value::as_bool).unwrap_or(false);
    Ok(if healthy { 0 } else { UNHEALTHY })
}

pub(super) fn why(args: &WhyArgs) -> Result<u8, Failure> {
    let key = args.capture.clone();
    let request = Request::Why { key: key.clone() };
    let (spool, answer) = args.spool.ask(&request)?;
    let value = match answer {
        Some(value) => value,
        None => json!({ "key": key, "jobs": read_ledger(&spool, &Question::Why(key.clone()))? }),
    };
    writeln!(std::io::stdout(), "{}", serde_json::to_string_pretty(&value)?)?;
    let jobs = value.get("jobs").and_then(Value::as_array).map_or(0, Vec::len);
    let waits = value.get("waits_in_inbox").and_then(Value::as_bool).unwrap_or(false);
    Ok(if jobs > 0 || waits { 0 } else { SOME_FAILED })
}

pub(super) fn rescan(args: &RescanArgs) -> Result<u8, Failure> {
    args.spool.demand(&Request::Rescan {})?;
    Ok(0)
}

pub(super) fn reload(args: &ReloadArgs) -> Result<u8, Failure> {
    match args.spool.demand(&Request::Reload { wait: args.wait }) {
        Err(failure) if failure.code == SOME_FAILED => {
            Err(Failure { code: super::BAD_PROFILE, ..failure })
        }
        Err(failure) => Err(failure),
        Ok(_) => Ok(0),
    }
}

pub(super) fn quarantine(verb: &Verb) -> Result<u8, Failure> {
    let mut out = std::io::stdout().lock();
    let (what, choice, all) = match verb {
        Verb::Show { job, spool } => {
            let stem = job.rsplit('/').next().unwrap_or(job);
            let folder = spool.spool()?.join("quarantine");
            // A job that was cleaned again stands there as its last revision.
            let again = format!("{stem}-r");
            let names = std::fs::read_dir(&folder)?.flatten().map(|entry| entry.file_name());
            let found = names
                .map(|name| name.to_string_lossy().into_owned())
                .find(|name| name == stem || name.starts_with(&again));
            let path = folder.join(found.as_deref().unwrap_or(stem)).join(REASON);
            let text = std::fs::read_to_string(&path)
                .with_context(|| format!("`{}` cannot be read", path.display()))?;
            out.write_all(text.as_bytes())?;
            return Ok(0);
        }
        Verb::List(choice) => (What::List, choice, &true),
        Verb::Redrive { choice, all } => (What::Redrive, choice, all),
        Verb::Drop { choice, all } => (What::Drop, choice, all),
    };
    if !all && choice.job.is_none() && choice.reason.is_none() {
        return Err(Failure::usage("say which: a job, `--reason REASON`, or `--all`".to_owned()));
    }
    let (job, reason) = (choice.job.clone(), choice.reason.clone());
    let request = Request::Quarantine { what, job: job.clone(), reason: reason.clone() };
    let value = match what {
        What::List => {
            let question = Question::Quarantined(Filter { job, reason });
            choice.spool.look(&request, &question)?
        }
        What::Redrive | What::Drop => choice.spool.demand(&request)?,
    };
    for entry in value.as_array().into_iter().flatten() {
        writeln!(out, "{entry}")?;
    }
    Ok(0)
}
