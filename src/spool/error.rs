//! What can go wrong in the spool, and whether to wait, to give up, or to stop.

use std::path::{Path, PathBuf};

use crate::error::Disposition;

/// A failure of the spool.
#[derive(Debug, thiserror::Error)]
pub enum SpoolError {
    /// A file or folder.
    #[error("{doing} `{}`: {source}", path.display())]
    Io {
        /// What was tried.
        doing: &'static str,
        /// Where.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The ledger.
    #[error("ledger: {0}")]
    Ledger(#[from] rusqlite::Error),
    /// The ledger's pages are damaged.
    #[error(
        "ledger `{}` is damaged ({found}); move it and its `-wal` file aside, and the inbox is \
         cleaned anew", path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What the check said.
        found: String,
    },
    /// Another process holds the lock.
    #[error("another instance runs on `{}`; stop it first", path.display())]
    Busy {
        /// The spool.
        path: PathBuf,
    },
    /// Another format.
    #[error("spool `{}` has format `{found}`, this program reads `{expected}`", path.display())]
    Version {
        /// The spool.
        path: PathBuf,
        /// What its `VERSION` says.
        found: String,
        /// What it should say.
        expected: &'static str,
    },
    /// Folders of the spool that lie on different file systems cannot be renamed between.
    #[error("`{}` is on another file system than the spool; a spool is one file system", path.display())]
    OtherFileSystem {
        /// The folder.
        path: PathBuf,
    },
    /// Less space than the limit.
    #[error("{free} bytes are free on the spool, `spool.min_free_mib` asks for {wanted}")]
    LowSpace {
        /// Free bytes.
        free: u64,
        /// The limit, in bytes.
        wanted: u64,
    },
    /// The quarantine is full.
    #[error(
        "the quarantine holds {held} captures, the most that `quarantine.max_captures` allows; redrive or drop some"
    )]
    QuarantineFull {
        /// Captures in it.
        held: u64,
    },
}

/// Why the service waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pause {
    /// No bytes or inodes are left, or fewer than the limit.
    NoSpace,
    /// The quota is used up.
    Quota,
    /// The file system is read-only.
    ReadOnly,
    /// The quarantine is full.
    QuarantineFull,
    /// Another failure of the disk; three in a row end the service.
    Io,
}

impl Pause {
    /// The stable name, for status and metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoSpace => "no_space",
            Self::Quota => "quota",
            Self::ReadOnly => "read_only",
            Self::QuarantineFull => "quarantine_full",
            Self::Io => "io",
        }
    }
}

impl SpoolError {
    /// Names what was done and where.
    pub fn io(
        doing: &'static str,
        path: impl AsRef<Path>,
    ) -> impl FnOnce(rustix::io::Errno) -> Self {
        let path = path.as_ref().to_owned();
        move |error| Self::Io { doing, path, source: error.into() }
    }

    /// Names what was done and where.
    pub fn std(doing: &'static str, path: impl AsRef<Path>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.as_ref().to_owned();
        move |source| Self::Io { doing, path, source }
    }

    /// Why to wait after this; `None` where waiting is no help.
    pub fn pause(&self) -> Option<Pause> {
        match self {
            Self::Io { source, .. } => Some(match source.raw_os_error() {
                Some(code) if code == rustix::io::Errno::NOSPC.raw_os_error() => Pause::NoSpace,
                Some(code) if code == rustix::io::Errno::DQUOT.raw_os_error() => Pause::Quota,
                Some(code) if code == rustix::io::Errno::ROFS.raw_os_error() => Pause::ReadOnly,
                _ => Pause::Io,
            }),
            Self::Ledger(rusqlite::Error::SqliteFailure(error, _)) => match error.code {
                rusqlite::ErrorCode::DiskFull => Some(Pause::NoSpace),
                rusqlite::ErrorCode::ReadOnly => Some(Pause::ReadOnly),
                rusqlite::ErrorCode::SystemIoFailure | rusqlite::ErrorCode::CannotOpen => {
                    Some(Pause::Io)
                }
                _ => None,
            },
            Self::LowSpace { .. } => Some(Pause::NoSpace),
            Self::QuarantineFull { .. } => Some(Pause::QuarantineFull),
            Self::Ledger(_)
            | Self::Damaged { .. }
            | Self::Busy { .. }
            | Self::Version { .. }
            | Self::OtherFileSystem { .. } => None,
        }
    }

    /// A pause may pass; everything else ends the service.
    pub fn disposition(&self) -> Disposition {
        if self.pause().is_some() { Disposition::Retry } else { Disposition::Fatal }
    }
}
