//! The command line: one file per verb.
//!
//! Owns `clap` and all output to the terminal. Exit codes: 0 all well, 1 some captures rejected or
//! failed, 2 usage, 69 unhealthy, 74 I/O, 75 another instance, 78 bad configuration or profile, 130
//! interrupted.

mod check;
mod clean;
mod inputs;
mod log;
mod operate;
mod profile;
mod profiles;
mod run;
mod schema;
mod stream;
mod watch;

use std::io::Write as _;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Some captures were rejected or failed.
const SOME_FAILED: u8 = 1;
/// The command's words are off.
const USAGE: u8 = 2;
/// The service does not run, or is not well.
const UNHEALTHY: u8 = 69;
/// Reading or writing failed.
const IO: u8 = 74;
/// Another instance runs.
const BUSY: u8 = 75;
/// A profile or the configuration has errors.
const BAD_PROFILE: u8 = 78;
/// Ended by Ctrl-C.
const INTERRUPTED: u8 = 130;

/// Raw captures in, clean copy out.
#[derive(Debug, Parser)]
#[command(version, about, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Clean captures: files, folders, or a stream of JSON lines
    Clean(clean::CleanArgs),
    /// Run the service: watch an inbox, commit to a spool
    Run(run::RunArgs),
    /// Say how a service is
    Status(operate::StatusArgs),
    /// Say where a capture is, and why
    Why(operate::WhyArgs),
    /// Let a service scan its inbox
    Rescan(operate::RescanArgs),
    /// Let a service read its configuration and profiles again
    Reload(operate::ReloadArgs),
    /// Look at captures that were given up, clean them again, or forget them
    #[command(subcommand)]
    Quarantine(operate::Verb),
    /// Check all profiles and show every fault at once
    Check(check::CheckArgs),
    /// Print a JSON Schema
    Schema(schema::SchemaArgs),
    /// Look at profiles and what they do
    #[command(subcommand)]
    Profile(profile::Verb),
}

/// A failure with the exit code that it ends in.
#[derive(Debug)]
struct Failure {
    code: u8,
    error: anyhow::Error,
}

impl Failure {
    fn usage(message: String) -> Self {
        Self { code: USAGE, error: anyhow::Error::msg(message) }
    }
}

/// Anything else that goes wrong is I/O.
impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self { code: IO, error: error.into() }
    }
}

/// Runs the command and gives its exit code.
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let code = if error.use_stderr() { USAGE } else { 0 };
            // Nothing is left to do where even this cannot be printed.
            error.print().unwrap_or_default();
            return ExitCode::from(code);
        }
    };
    let done = match cli.verb {
        Verb::Clean(args) => clean::run(&args),
        Verb::Run(args) => run::run(&args),
        Verb::Status(args) => operate::status(&args),
        Verb::Why(args) => operate::why(&args),
        Verb::Rescan(args) => operate::rescan(&args),
        Verb::Reload(args) => operate::reload(&args),
        Verb::Quarantine(verb) => operate::quarantine(&verb),
        Verb::Check(args) => check::run(&args),
        Verb::Schema(args) => schema::run(&args),
        Verb::Profile(verb) => profile::run(&verb),
    };
    match done {
        Ok(code) => ExitCode::from(code),
        // A reader that has seen enough, such as `head`, is no failure.
        Err(failure) if is_broken_pipe(&failure.error) => ExitCode::SUCCESS,
        Err(failure) => {
            writeln!(std::io::stderr(), "copydesk: {:#}", failure.error).unwrap_or_default();
            ExitCode::from(failure.code)
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<std::io::Error>()
            .is_some_and(|io| io.kind() == std::io::ErrorKind::BrokenPipe)
    })
}
