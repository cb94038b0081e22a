//! Where the service's log goes: text on a terminal, the journal under systemd, JSON otherwise.

use std::io::IsTerminal as _;

use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::config::{Config, LogFormat, LogLevel};

/// Starts the log.
pub(super) fn start(config: &Config) -> anyhow::Result<()> {
    let level = match config.log_level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
    };
    let registry = tracing_subscriber::registry().with(level);
    let terminal = std::io::stderr().is_terminal();
    let layer = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    match config.log_format {
        LogFormat::Auto if is_journal() => {
            if let Ok(journal) = tracing_journald::layer() {
                return Ok(registry.with(journal).try_init()?);
            }
            registry.with(layer.without_time().with_ansi(false)).try_init()?;
        }
        LogFormat::Text => registry.with(layer.with_ansi(terminal)).try_init()?,
        LogFormat::Auto if terminal => registry.with(layer.with_ansi(true)).try_init()?,
        LogFormat::Auto | LogFormat::Json => {
            registry.with(layer.json().flatten_event(true)).try_init()?;
        }
    }
    Ok(())
}

/// Whether standard error is the journal: systemd names its device and inode.
fn is_journal() -> bool {
    let Ok(named) = std::env::var("JOURNAL_STREAM") else { return false };
    rustix::fs::fstat(std::io::stderr())
        .is_ok_and(|stat| named == format!("{}:{}", stat.st_dev, stat.st_ino))
}
