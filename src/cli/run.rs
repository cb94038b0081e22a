//! `copydesk run`: the service.

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;

use super::{BAD_PROFILE, BUSY, Failure, IO, log, profiles};
use crate::config::profiles::{ProfilesError, Sources};
use crate::config::{self, Config};
use crate::daemon::reload::Reread;
use crate::daemon::service::{self, ServiceError};
use crate::profile::fault::{Fault, Origin, SourceFile};
use crate::profile::set::ProfileSet;
use crate::spool::error::SpoolError;

/// Options that give a configuration.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct ConfigArgs {
    /// Configuration file
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Folder in which captures arrive
    #[arg(long, value_name = "DIR")]
    inbox: Option<PathBuf>,
    /// Folder in which results leave; it is made where there is none
    #[arg(long, value_name = "DIR")]
    spool: Option<PathBuf>,
    /// One key of the configuration (may be given several times), such as `arrival.settle_ms=500`
    #[arg(long = "set", value_name = "KEY=VALUE")]
    set: Vec<String>,
}

impl ConfigArgs {
    /// A file alone.
    pub(super) fn file(path: &std::path::Path) -> Self {
        Self { config: Some(path.to_owned()), inbox: None, spool: None, set: Vec::new() }
    }

    /// Whether anything is given.
    pub(super) fn is_given(&self) -> bool {
        self.config.is_some()
            || self.inbox.is_some()
            || self.spool.is_some()
            || !self.set.is_empty()
    }

    /// The spool, where it is all that is given.
    pub(super) fn only_spool(&self) -> Option<PathBuf> {
        let alone = self.config.is_none() && self.set.is_empty();
        self.spool.clone().filter(|_| alone)
    }

    /// The configuration: the file, then the flags. Faults go to standard error.
    pub(super) fn load(&self) -> Result<Config, Failure> {
        let mut files = Vec::new();
        let source =
            |path: String, text: String| Arc::new(SourceFile { path, text, origin: Origin::User });
        if let Some(path) = &self.config {
            let text = std::fs::read_to_string(path)
                .with_context(|| format!("configuration `{}`", path.display()))?;
            files.push(source(path.display().to_string(), text));
        }
        for (key, folder) in [("inbox", &self.inbox), ("spool", &self.spool)] {
            if let Some(folder) = folder {
                let folder = std::path::absolute(folder)?;
                let quoted = serde_json::to_string(&folder.to_string_lossy())?;
                files.push(source(format!("--{key}"), format!("{key} = {quoted}")));
            }
        }
        for set in &self.set {
            files.push(source("--set".to_owned(), as_toml(set)?));
        }
        if files.is_empty() {
            return Err(Failure::usage(
                "say where captures arrive and results leave: `--inbox DIR --spool DIR`, or \
                 `--config FILE`"
                    .to_owned(),
            ));
        }
        config::read(&files).map_err(|faults| {
            profiles::show(&faults, std::io::stderr().is_terminal(), &mut std::io::stderr())
                .unwrap_or_default();
            let first = faults.first().map(one_line).unwrap_or_default();
            let error = anyhow::anyhow!("{} errors in the configuration: {first}", faults.len());
            Failure { code: BAD_PROFILE, error }
        })
    }
}

/// `KEY=VALUE` as a line of TOML: a value that is none is a string.
fn as_toml(set: &str) -> Result<String, Failure> {
    let Some((key, value)) = set.split_once('=') else {
        return Err(Failure::usage(format!("`--set {set}`: write `--set KEY=VALUE`")));
    };
    let plain = value.trim();
    let looks_like_toml = plain.starts_with(['"', '\'', '['])
        || plain == "true"
        || plain == "false"
        || plain.parse::<f64>().is_ok();
    if looks_like_toml {
        return Ok(format!("{key} = {plain}"));
    }
    Ok(format!("{key} = {}", serde_json::to_string(plain)?))
}

/// Options of `run`.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct RunArgs {
    #[command(flatten)]
    config: ConfigArgs,
    #[command(flatten)]
    profiles: profiles::ProfileArgs,
}

impl RunArgs {
    /// The configuration, with the profiles of the flags behind its own.
    fn load(&self) -> Result<Config, Failure> {
        let mut config = self.config.load()?;
        let Sources { folders, without } = self.profiles.sources();
        for folder in folders {
            config.profiles.push(std::path::absolute(folder)?);
        }
        config.without_profiles.extend(without);
        Ok(config)
    }
}

/// Where the profiles of a configuration are.
pub(super) fn sources(config: &Config) -> Sources {
    Sources { folders: config.profiles.clone(), without: config.without_profiles.clone() }
}

/// A fault without its picture, for answers and logs.
fn one_line(fault: &Fault) -> String {
    let (line, column) = fault.place();
    format!("{}:{line}:{column}: {}", fault.file.path, fault.problem)
}

/// What a reload reads: the same files and flags once more.
fn reread(args: &RunArgs) -> Result<(Config, ProfileSet), String> {
    let config = args.load().map_err(|failure| format!("{:#}", failure.error))?;
    match sources(&config).load() {
        Ok(set) => Ok((config, set)),
        Err(ProfilesError::Faults(faults)) => {
            let errors = faults.iter().filter(|fault| !fault.problem.is_warning());
            Err(errors.map(one_line).collect::<Vec<_>>().join("; "))
        }
        Err(error) => Err(error.to_string()),
    }
}

pub(super) fn run(args: &RunArgs) -> Result<u8, Failure> {
    let config = args.load()?;
    log::start(&config)?;
    let failed = |error: ServiceError| {
        let code = match &error {
            ServiceError::Spool(SpoolError::Busy { .. }) => BUSY,
            _ => IO,
        };
        Failure { code, error: error.into() }
    };
    let prepared = service::prepare(&config).map_err(failed)?;
    let set = sources(&config).load().map_err(profiles::failure)?;
    let again = args.clone();
    let reread: Reread = Arc::new(move || reread(&again));
    prepared.run(config, set, reread).map_err(failed)?;
    Ok(0)
}
