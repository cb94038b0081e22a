//! The configuration of the service: one TOML file, units in the keys, every default printable.
//!
//! Takes file texts; gives a whole configuration, or every fault of it with a caret. Unknown keys
//! are faults.

pub mod profiles;
mod read;
#[cfg(test)]
mod tests;

pub use read::read;

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use crate::strip::generic::Favor;

/// How far results are safe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// Against a power cut: everything is synced.
    Power,
    /// Against a crash or a kill of the process: the system writes when it likes.
    Process,
}

/// What becomes of committed captures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retention {
    /// They stay.
    Keep,
    /// They move to the spool's `archive/`.
    Archive,
    /// They are deleted.
    Delete,
}

/// How producers say that a capture is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Completion {
    /// They stop writing.
    Settle,
    /// They rename it.
    Rename,
    /// They write a marker beside it.
    Marker,
}

/// Form of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// Text on a terminal, the journal under systemd, JSON otherwise.
    Auto,
    /// Text.
    Text,
    /// One JSON object a line.
    Json,
}

/// How much is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogLevel {
    /// What needs an operator.
    Error,
    /// And lost or odd captures.
    Warn,
    /// And the steps of the service's life.
    Info,
    /// And every capture.
    Debug,
}

/// The whole configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "`to_toml` says what each key means, and is printed on request")]
pub struct Config {
    pub inbox: PathBuf,
    pub spool: PathBuf,
    pub durability: Durability,
    pub retention: Retention,
    pub complete: Completion,
    pub settle: Duration,
    pub marker: String,
    pub ignore: Vec<String>,
    pub max_depth: usize,
    pub rescan: Duration,
    pub degraded_rescan: Duration,
    pub profiles: Vec<PathBuf>,
    pub without_profiles: Vec<String>,
    pub with: Vec<String>,
    /// Where no profile fits: what is worse, boilerplate that stays or content that goes.
    pub favor: Favor,
    pub max_capture_bytes: u64,
    pub jobs: usize,
    pub queue_captures: usize,
    pub queue_bytes: u64,
    pub ballast_bytes: u64,
    pub min_free_bytes: u64,
    pub forget_after: Duration,
    pub near_records: u64,
    pub near_age: Duration,
    pub quarantine_captures: u64,
    pub quarantine_keep_bytes: u64,
    pub quarantine_age: Duration,
    pub grace: Duration,
    pub log_level: LogLevel,
    pub log_format: LogFormat,
    pub metrics: String,
}

impl Default for Config {
    fn default() -> Self {
        let endings = [
            "~",
            ".part",
            ".partial",
            ".tmp",
            ".temp",
            ".crdownload",
            ".download",
            ".filepart",
            ".swp",
            ".lock",
        ];
        Self {
            inbox: PathBuf::new(),
            spool: PathBuf::new(),
            durability: Durability::Power,
            retention: Retention::Keep,
            complete: Completion::Settle,
            settle: Duration::from_secs(2),
            marker: ".done".to_owned(),
            ignore: endings.map(str::to_owned).to_vec(),
            max_depth: 16,
            rescan: Duration::from_mins(5),
            degraded_rescan: Duration::from_secs(10),
            profiles: Vec::new(),
            without_profiles: Vec::new(),
            with: Vec::new(),
            favor: Favor::Balance,
            max_capture_bytes: crate::decode::MAX_CAPTURE_BYTES,
            jobs: 0,
            queue_captures: 256,
            queue_bytes: 64 << 20,
            ballast_bytes: 8 << 20,
            min_free_bytes: 64 << 20,
            forget_after: Duration::from_hours(90 * 24),
            near_records: 100_000,
            near_age: Duration::from_hours(30 * 24),
            quarantine_captures: 100_000,
            quarantine_keep_bytes: 0,
            quarantine_age: Duration::ZERO,
            grace: Duration::from_secs(30),
            log_level: LogLevel::Info,
            log_format: LogFormat::Auto,
            metrics: String::new(),
        }
    }
}

impl Config {
    /// The configuration as a file that [`read`] reads: every key, with what it means.
    pub fn to_toml(&self) -> String {
        let mut out = String::new();
        let mut line = |text: String| {
            // Writing to a string cannot fail.
            writeln!(out, "{text}").unwrap_or_default();
        };
        // The escapes of JSON are escapes of TOML, too; a string cannot fail to serialise.
        let quoted = |text: &str| serde_json::to_string(text).unwrap_or_default();
        let path = |path: &PathBuf| quoted(&path.to_string_lossy());
        let list = |items: Vec<String>| {
            format!("[{}]", items.iter().map(|item| quoted(item)).collect::<Vec<_>>().join(", "))
        };
        line(
            "# Where captures arrive, and where results leave. Both folders; the spool is made."
                .into(),
        );
        line(format!("inbox = {}", path(&self.inbox)));
        line(format!("spool = {}", path(&self.spool)));
        line("# What results survive: \"power\" (a power cut) or \"process\" (a crash of the service).".into());
        line(format!("durability = {}", quoted(name(DURABILITY, self.durability))));
        line(
            "# Committed captures: \"keep\", \"archive\" (move to the spool) or \"delete\".".into(),
        );
        line(format!("retention = {}", quoted(name(RETENTION, self.retention))));
        line("\n[arrival]".into());
        line("# A capture is complete: \"settle\" (it stopped changing), \"rename\" (it has its name),".into());
        line("# \"marker\" (NAME + marker stands beside it, and is not older).".into());
        line(format!("complete = {}", quoted(name(COMPLETION, self.complete))));
        line(format!("settle_ms = {}", self.settle.as_millis()));
        line(format!("marker = {}", quoted(&self.marker)));
        line("# Names that are no captures, by ending; hidden files never are.".into());
        line(format!("ignore = {}", list(self.ignore.clone())));
        line("# Deepest folder below the inbox.".into());
        line(format!("max_depth = {}", self.max_depth));
        line(
            "# Time between full scans; the second one where not all folders can be watched."
                .into(),
        );
        line(format!("rescan_s = {}", self.rescan.as_secs()));
        line(format!("degraded_rescan_s = {}", self.degraded_rescan.as_secs()));
        line("\n[clean]".into());
        line("# Folders of further profiles; they are watched.".into());
        line(format!(
            "profiles = {}",
            list(self.profiles.iter().map(|path| path.to_string_lossy().into_owned()).collect())
        ));
        line("# Profiles that may not be chosen by themselves.".into());
        line(format!("without_profiles = {}", list(self.without_profiles.clone())));
        line("# More fields in the records: \"markdown\", \"html\", \"links\", \"images\".".into());
        line(format!("with = {}", list(self.with.clone())));
        line("# Where no profile fits: \"precision\" (less boilerplate), \"recall\" (less is lost), \"balance\".".into());
        line(format!("favor = {}", quoted(name(FAVOR, self.favor))));
        line(format!("max_capture_mib = {}", self.max_capture_bytes >> 20));
        line("# Captures that are cleaned at once; 0 is one for each core.".into());
        line(format!("jobs = {}", self.jobs));
        line("\n[queue]".into());
        line("# Captures in memory, by number and by size.".into());
        line(format!("captures = {}", self.queue_captures));
        line(format!("mib = {}", self.queue_bytes >> 20));
        line("\n[spool_space]".into());
        line(
            "# Space set aside so that the ledger can be written on a full disk; free space under"
                .into(),
        );
        line("# which the service pauses.".into());
        line(format!("ballast_kib = {}", self.ballast_bytes >> 10));
        line(format!("min_free_mib = {}", self.min_free_bytes >> 20));
        line("# Days after which a capture that has left the inbox is forgotten; it would be another".into());
        line("# one if it came again. 0 is never.".into());
        line(format!("forget_after_days = {}", self.forget_after.as_secs() / 86_400));
        line("\n[near_duplicates]".into());
        line("# Texts that are remembered, to find copies across captures; 0 finds none.".into());
        line(format!("max_records = {}", self.near_records));
        line(format!("max_age_days = {}", self.near_age.as_secs() / 86_400));
        line("\n[quarantine]".into());
        line("# A full quarantine pauses the service.".into());
        line(format!("max_captures = {}", self.quarantine_captures));
        line("# Largest capture that is copied into its entry; 0 copies none.".into());
        line(format!("keep_capture_kib = {}", self.quarantine_keep_bytes >> 10));
        line("# Days after which an entry is dropped; 0 is never.".into());
        line(format!("max_age_days = {}", self.quarantine_age.as_secs() / 86_400));
        line("\n[shutdown]".into());
        line("# Time to finish what is in flight.".into());
        line(format!("grace_s = {}", self.grace.as_secs()));
        line("\n[log]".into());
        line(
            "# \"error\", \"warn\", \"info\" or \"debug\"; \"auto\", \"text\" or \"json\".".into(),
        );
        line(format!("level = {}", quoted(name(LOG_LEVEL, self.log_level))));
        line(format!("format = {}", quoted(name(LOG_FORMAT, self.log_format))));
        line("\n[metrics]".into());
        line("# \"127.0.0.1:PORT\" or \"unix:PATH\" serves /metrics and /health; empty serves nothing.".into());
        line(format!("listen = {}", quoted(&self.metrics)));
        out
    }
}

/// Words of a closed set, as the file writes them.
type Words<T> = &'static [(&'static str, T)];

const FAVOR: Words<Favor> =
    &[("precision", Favor::Precision), ("balance", Favor::Balance), ("recall", Favor::Recall)];
const DURABILITY: Words<Durability> =
    &[("power", Durability::Power), ("process", Durability::Process)];
const RETENTION: Words<Retention> =
    &[("keep", Retention::Keep), ("archive", Retention::Archive), ("delete", Retention::Delete)];
const COMPLETION: Words<Completion> = &[
    ("settle", Completion::Settle),
    ("rename", Completion::Rename),
    ("marker", Completion::Marker),
];
const LOG_LEVEL: Words<LogLevel> = &[
    ("error", LogLevel::Error),
    ("warn", LogLevel::Warn),
    ("info", LogLevel::Info),
    ("debug", LogLevel::Debug),
];
const LOG_FORMAT: Words<LogFormat> =
    &[("auto", LogFormat::Auto), ("text", LogFormat::Text), ("json", LogFormat::Json)];

fn name<T: Copy + PartialEq>(words: Words<T>, value: T) -> &'static str {
    words.iter().find(|(_, known)| *known == value).map_or("", |(name, _)| name)
}
