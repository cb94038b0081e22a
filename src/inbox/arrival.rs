//! When a file is a capture, and when it is complete.

use std::time::Duration;

use crate::decode::sidecar;

/// How producers say that a capture is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// They stop writing.
    Settle,
    /// They rename it to a name that is not ignored.
    Rename,
    /// They write a marker beside it.
    Marker,
}

/// The rules of an inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// How producers say that a capture is complete.
    pub mode: Mode,
    /// Time without change after which a capture is complete, in `settle` mode.
    pub settle: Duration,
    /// What a marker's name has behind the capture's.
    pub marker: String,
    /// Endings of names that are no captures.
    pub ignored_endings: Vec<String>,
    /// Deepest folder that is looked into; the inbox itself is 0.
    pub max_depth: usize,
    /// Largest capture, in bytes.
    pub max_bytes: u64,
    /// Time between full scans.
    pub rescan: Duration,
    /// The same where some folder is not watched.
    pub degraded_rescan: Duration,
    /// Captures that may be handed over and not yet done with.
    pub window: usize,
}

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// A capture, if it is a file; a folder to look into, if it is one.
    Capture,
    /// The marker of the capture with that length of name.
    Marker(usize),
    /// Somebody's draft, a sidecar, or hidden.
    Ignored,
}

impl Arrival {
    /// What a name stands for.
    pub fn named(&self, name: &[u8]) -> Named {
        let marker = self.marker.as_bytes();
        if name.first() == Some(&b'.') || name.starts_with(b"_UNCONFIRMED") {
            return Named::Ignored;
        }
        if !marker.is_empty() && name.len() > marker.len() && name.ends_with(marker) {
            return match self.mode {
                Mode::Marker => Named::Marker(name.len() - marker.len()),
                Mode::Settle | Mode::Rename => Named::Ignored,
            };
        }
        let ignored = self.ignored_endings.iter().any(|ending| name.ends_with(ending.as_bytes()));
        if ignored || sidecar::is_sidecar(&String::from_utf8_lossy(name)) {
            return Named::Ignored;
        }
        Named::Capture
    }
}
