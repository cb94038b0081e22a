//! A configuration file's text becomes values; faults are collected, not stopped at.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use toml::de::DeTable;

use super::{COMPLETION, Config, DURABILITY, FAVOR, LOG_FORMAT, LOG_LEVEL, RETENTION, Words};
use crate::profile::fault::{Fault, Problem, SourceFile};
use crate::profile::reader::{Faults, Table, wrong};

/// Words of `clean.with`.
const WITH: [&str; 4] = ["markdown", "html", "links", "images"];

/// Reads files one over the other: later ones win. Each `--set KEY=VALUE` is a file of its own.
///
/// # Errors
/// Every fault of every file.
pub fn read(files: &[Arc<SourceFile>]) -> Result<Config, Vec<Fault>> {
    let mut config = Config::default();
    let mut list = Vec::new();
    for file in files {
        let mut faults = Faults { file, list: &mut list };
        let (root, errors) = DeTable::parse_recoverable(&file.text);
        if errors.is_empty() {
            let end = file.text.find('\n').unwrap_or(file.text.len());
            let mut top = Table::new(root.get_ref(), "the configuration", 0..end);
            apply(&mut config, &mut top, &mut faults);
            top.finish(&mut faults);
        }
        for error in errors {
            let message = error.message().to_owned();
            faults.add(error.span().unwrap_or(0..0), Problem::Syntax { message });
        }
    }
    if let Some(file) = files.last().filter(|_| list.is_empty()) {
        let mut faults = Faults { file, list: &mut list };
        for (key, path) in [("inbox", &config.inbox), ("spool", &config.spool)] {
            if path.as_os_str().is_empty() {
                let table = "the configuration".to_owned();
                faults.add(0..0, Problem::MissingKey { table, key });
            }
        }
        if !config.spool.as_os_str().is_empty()
            && (config.spool.starts_with(&config.inbox) || config.inbox.starts_with(&config.spool))
        {
            let expected = "a folder outside the inbox, and not around it";
            faults.add(0..0, Problem::BadValue { key: "spool".to_owned(), expected });
        }
    }
    if list.is_empty() { Ok(config) } else { Err(list) }
}

/// The tables and what reads each.
type Section = fn(&mut Config, &mut Table<'_, '_>, &mut Faults<'_>);

const SECTIONS: [(&str, Section); 8] = [
    ("arrival", arrival),
    ("clean", clean),
    ("queue", queue),
    ("spool_space", space),
    ("near_duplicates", near),
    ("quarantine", quarantine),
    ("shutdown", shutdown),
    ("log", log),
];

fn apply(config: &mut Config, top: &mut Table<'_, '_>, faults: &mut Faults<'_>) {
    path(top, "inbox", &mut config.inbox, faults);
    path(top, "spool", &mut config.spool, faults);
    word(top, "durability", DURABILITY, &mut config.durability, faults);
    word(top, "retention", RETENTION, &mut config.retention, faults);
    for (name, section) in SECTIONS.into_iter().chain([("metrics", metrics as Section)]) {
        let Some(value) = top.take(name) else { continue };
        let Some(table) = value.get_ref().as_table() else {
            wrong::<()>(value, name, "a table", faults);
            continue;
        };
        let mut table = Table::new(table, format!("[{name}]"), value.span());
        section(config, &mut table, faults);
        table.finish(faults);
    }
}

fn arrival(config: &mut Config, table: &mut Table<'_, '_>, faults: &mut Faults<'_>) {
    word(table, "complete", COMPLETION, &mut config.complete, faults);
    time(table, "settle_ms", Duration::from_millis, 1..=3_600_000, &mut config.settle, faults);
    text(table, "marker", &mut config.marker, faults);
    strings(table, "ignore", &mut config.ignore, faults);
    if let Some(number) = number(table, "max_depth", 0..=64, faults) {
        config.max_depth = usize::try_from(number).unwrap_or(64);
    }
    time(table, "rescan_s", Duration::from_secs, 1..=86_400, &mut config.rescan, faults);
    time(
        table,
        "degraded_rescan_s",
        Duration::from_secs,
        1..=86_400,
        &mut config.degraded_rescan,
        faults,
    );
}

fn clean(config: &mut Config, table: &mut Table<'_, '_>, faults: &mut Faults<'_>) {
    let mut folders = Vec::new();
    strings(table, "profiles", &mut folders, faults);
    if !folders.is_empty() {
        config.profiles = folders.into_iter().map(PathBuf::from).collect();
    }
    strings(table, "without_profiles", &mut config.without_profiles, faults);
    for at in table.strings("with", faults) {
        if WITH.contains(&at.value.as_str()) {
            config.with.push(at.value);
        } else {
            let expected = "\"markdown\", \"html\", \"links\" or \"images\"";
            faults.add(at.span, Problem::BadValue { key: "with".to_owned(), expected });
        }
    }
    word(table, "favor", FAVOR, &mut config.favor, faults);
    bytes(table, "max_capture_mib", 20, 1..=1024, &mut config.max_capture_bytes, faults);
    if let Some(number) = number(table, "jobs", 0..=1024, faults) {
        config.jobs = usize::try_from(number).unwrap_or(0);
    }
}

fn queue(config: &mut Config, table: &mut Table<'_, '_>, faults: &mut Faults<'_>) {
    if let Some(number) = number(table, "captures", 1..=4096, faults) {
        config.queue_captures = usize::try_from(number).unwrap_or(256);
    }
    bytes(table, "mib", 20, 1..=65_536, &mut config.queue_bytes, faults);
}

fn space(config: &mut Config, table: &mut Table<'_, '_>, faults: &mut Faults<'_>) {
    bytes(table, "ballast_kib", 10, 0..=1 << 30, &mut config.ballast_bytes, faults);
    bytes(table, "min_free_mib", 20, 0..=1 << 30, &mut config.min_free_bytes, faults);
    time(table, "forget_after_days", days, 0..=36_500, &mut config.forget_after, faults);
}

fn near(config: &mut Config, table: &mut Table<'_, '_>, faults: &mut Faults<'_>) {
    if let Some(number) = number(table, "max_records", 0..=10_000_000, faults) {
        config.near_records = number;
    }
    time(table, "max_age_days", days, 1..=36_500, &mut config.near_age, faults);
}

fn quarantine(config: &mut Config, table: &mut Table<'_, '_>, faults: &mut Faults<'_>) {
    if let Some(number) = number(table, "max_captures", 1..=10_000_000, faults) {
        config.quarantine_captures = number;
    }
    bytes(table, "keep_capture_kib", 10, 0..=1 << 20, &mut config.quarantine_keep_bytes, faults);
    time(table, "max_age_days", days, 0..=36_500, &mut config.quarantine_age, faults);
}

fn shutdown(config: &mut Config, table: &mut Table<'_, '_>, faults: &mut Faults<'_>) {
    time(table, "grace_s", Duration::from_secs, 0..=3600, &mut config.grace, faults);
}

fn log(config: &mut Config, table: &mut Table<'_, '_>, faults: &mut Faults<'_>) {
    word(table, "level", LOG_LEVEL, &mut config.log_level, faults);
    word(table, "format", LOG_FORMAT, &mut config.log_format, faults);
}

fn metrics(config: &mut Config, table: &mut Table<'_, '_>, faults: &mut Faults<'_>) {
    let Some(at) = table.string("listen", faults) else { return };
    let loopback =
        at.value.parse::<std::net::SocketAddr>().is_ok_and(|address| address.ip().is_loopback());
    if at.value.is_empty() || at.value.starts_with("unix:") || loopback {
        config.metrics = at.value;
    } else {
        let expected = "a loopback address with a port, \"unix:PATH\", or \"\"";
        faults.add(at.span, Problem::BadValue { key: "listen".to_owned(), expected });
    }
}

fn path(table: &mut Table<'_, '_>, key: &'static str, to: &mut PathBuf, faults: &mut Faults<'_>) {
    if let Some(at) = table.string(key, faults) {
        if at.value.is_empty() {
            let expected = "a folder";
            faults.add(at.span, Problem::BadValue { key: key.to_owned(), expected });
        }
        *to = PathBuf::from(at.value);
    }
}

fn text(table: &mut Table<'_, '_>, key: &'static str, to: &mut String, faults: &mut Faults<'_>) {
    if let Some(at) = table.string(key, faults) {
        *to = at.value;
    }
}

fn strings(
    table: &mut Table<'_, '_>,
    key: &'static str,
    to: &mut Vec<String>,
    faults: &mut Faults<'_>,
) {
    if table.has(key) {
        *to = table.strings(key, faults).into_iter().map(|at| at.value).collect();
    }
}

fn word<T: Copy>(
    table: &mut Table<'_, '_>,
    key: &'static str,
    words: Words<T>,
    to: &mut T,
    faults: &mut Faults<'_>,
) {
    let Some(at) = table.string(key, faults) else { return };
    if let Some((_, value)) = words.iter().find(|(name, _)| *name == at.value) {
        *to = *value;
    } else {
        let expected = "one of the words that `copydesk check --print-config` names";
        faults.add(at.span, Problem::BadValue { key: key.to_owned(), expected });
    }
}

fn number(
    table: &mut Table<'_, '_>,
    key: &'static str,
    range: std::ops::RangeInclusive<u64>,
    faults: &mut Faults<'_>,
) -> Option<u64> {
    let at = table.integer(key, faults)?;
    let found = u64::try_from(at.value).ok().filter(|number| range.contains(number));
    if found.is_none() {
        let expected = "a number within its range";
        faults.add(at.span, Problem::BadValue { key: key.to_owned(), expected });
    }
    found
}

/// A time in some unit; its key says which.
fn time(
    table: &mut Table<'_, '_>,
    key: &'static str,
    unit: fn(u64) -> Duration,
    range: std::ops::RangeInclusive<u64>,
    to: &mut Duration,
    faults: &mut Faults<'_>,
) {
    if let Some(number) = number(table, key, range, faults) {
        *to = unit(number);
    }
}

fn days(number: u64) -> Duration {
    Duration::from_hours(number * 24)
}

fn bytes(
    table: &mut Table<'_, '_>,
    key: &'static str,
    shift: u32,
    range: std::ops::RangeInclusive<u64>,
    to: &mut u64,
    faults: &mut Faults<'_>,
) {
    if let Some(number) = number(table, key, range, faults) {
        *to = number << shift;
    }
}
