//! Why a capture is in quarantine: stable names, and the `reason.json` of an entry.

use serde::Serialize;

use crate::model::job::{CapturePath, Job};

/// A stable reason. Names of `decode` (`too_large`, `not_text`, `bad_sidecar`) are passed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// `decode` rejected it.
    Rejected(&'static str),
    /// Cleaning panicked.
    Panic,
    /// It was alone in flight at three unclean stops.
    PoisonCrash,
    /// Another file stands under the name of its result.
    CommitConflict,
    /// It was there when it was accepted, and is gone or changed since.
    InputVanished,
    /// It cannot be read.
    InputUnreadable,
}

impl Reason {
    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rejected(name) => name,
            Self::Panic => "panic",
            Self::PoisonCrash => "poison_crash",
            Self::CommitConflict => "commit_conflict",
            Self::InputVanished => "input_vanished",
            Self::InputUnreadable => "input_unreadable",
        }
    }

    /// `permanent`: the same bytes will fail the same way; `exhausted`: tries were used up.
    fn class(self) -> &'static str {
        match self {
            Self::Rejected(_) | Self::Panic | Self::CommitConflict => "permanent",
            Self::PoisonCrash | Self::InputVanished | Self::InputUnreadable => "exhausted",
        }
    }

    /// What an operator can do.
    fn next(self) -> &'static str {
        match self {
            Self::Rejected("too_large") => "raise `clean.max_capture_mib`, then redrive it",
            Self::Rejected("bad_sidecar") => "mend the sidecar, then redrive it",
            Self::Rejected(_) => "it is no page and no text; drop it",
            Self::Panic => "this is a bug: report it with the capture, redrive it after an update",
            Self::PoisonCrash => {
                "the service stopped three times while it cleaned this capture and nothing else; \
                 redrive it after an update"
            }
            Self::CommitConflict => {
                "a file that copydesk did not write stands under this name in `new/`; move it \
                 away, then redrive"
            }
            Self::InputVanished => "put it into the inbox again",
            Self::InputUnreadable => "let the service's user read it, then redrive it",
        }
    }
}

/// What `reason.json` holds.
#[derive(Debug, Serialize)]
struct Entry<'e> {
    schema: &'static str,
    job: &'e str,
    revision: u32,
    path: String,
    reason: &'static str,
    class: &'static str,
    detail: &'e str,
    next: &'static str,
    quarantined_at_unix_ms: i64,
    cleaner: &'static str,
}

/// The bytes of `reason.json`.
pub fn entry(job: &Job, path: &CapturePath, reason: Reason, detail: &str, now: i64) -> Vec<u8> {
    let entry = Entry {
        schema: "copydesk-quarantine/1",
        job: job.id.as_str(),
        revision: job.revision,
        path: path.shown(),
        reason: reason.as_str(),
        class: reason.class(),
        detail,
        next: reason.next(),
        quarantined_at_unix_ms: now,
        cleaner: concat!("copydesk/", env!("CARGO_PKG_VERSION")),
    };
    // Strings and numbers: it cannot fail.
    let mut bytes = serde_json::to_vec_pretty(&entry).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}
