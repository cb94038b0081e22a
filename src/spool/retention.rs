//! What becomes of a capture once its result is committed: nothing, by default.
//!
//! The only code that ever changes the inbox, and only where the configuration asks for it. A
//! capture is moved or deleted only while it is still the file that was cleaned. Captures in
//! quarantine are never touched.

use std::path::Path;

use rusqlite::{OptionalExtension as _, params};
use rustix::fs::{AtFlags, RenameFlags};
use rustix::io::Errno;

use super::error::SpoolError;
use super::ledger::Ledger;
use crate::decode::sidecar;
use crate::model::job::{CapturePath, JobId, Stamp};

/// What to do with committed captures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retention {
    /// Leave them.
    Keep,
    /// Move them to the spool's `archive/`, under the name of their job.
    Archive,
    /// Delete them.
    Delete,
}

impl Retention {
    /// The word in the ledger; none where there is nothing to do.
    pub fn as_str(self) -> Option<&'static str> {
        match self {
            Self::Keep => None,
            Self::Archive => Some("archive"),
            Self::Delete => Some("delete"),
        }
    }
}

/// Captures that are moved or deleted between two looks at other work.
const AT_ONCE: u32 = 256;

/// Moves and deletes what is due. A capture that cannot be moved is left for the next time.
///
/// # Errors
/// A ledger that cannot be written. What goes wrong in the inbox is logged.
pub fn dispose(ledger: &mut Ledger, spool: &Path, inbox: &Path) -> Result<(), SpoolError> {
    let due = ledger.due()?;
    if due.is_empty() {
        return Ok(());
    }
    ledger.open_transaction()?;
    for (job, path, stamp, what) in due {
        match dispose_one(&job, &path, stamp, &what, spool, inbox) {
            Ok(()) => ledger.disposed(&job)?,
            Err(error) => {
                tracing::warn!(%job, capture = %path, %error, "Committed capture was not moved.");
            }
        }
    }
    ledger.close_transaction()
}

fn dispose_one(
    job: &JobId,
    path: &CapturePath,
    stamp: Option<Stamp>,
    what: &str,
    spool: &Path,
    inbox: &Path,
) -> Result<(), SpoolError> {
    let Some(stamp) = stamp else { return Ok(()) };
    if is_gone(inbox, path, &stamp) {
        // Moved or deleted already, or another content since.
        return Ok(());
    }
    let shown = path.shown();
    let mut files = vec![(path.0.clone(), job.as_str().to_owned())];
    if let Ok(text) = std::str::from_utf8(&path.0) {
        for name in sidecar::names(text) {
            files.push((name.into_bytes(), format!("{job}.meta.json")));
        }
    }
    let from = super::layout::open_folder(inbox)?;
    let archive = super::layout::open_folder(&spool.join("archive"))?;
    // The sidecars first: a capture without its sidecar would be another one after a crash.
    for (name, kept) in files.iter().rev() {
        let done = if what == "archive" {
            match rustix::fs::renameat_with(&from, name, &archive, kept, RenameFlags::empty()) {
                Err(Errno::XDEV) => copy_over(&from, name, &archive, kept),
                other => other,
            }
        } else {
            rustix::fs::unlinkat(&from, name, AtFlags::empty())
        };
        match done {
            Ok(()) | Err(Errno::NOENT) => {}
            Err(error) => return Err(SpoolError::io("move or delete", &shown)(error)),
        }
    }
    Ok(())
}

/// Copies to another file system, makes the copy durable, and deletes the original.
fn copy_over(
    from: &std::os::fd::OwnedFd,
    name: &[u8],
    to: &std::os::fd::OwnedFd,
    kept: &str,
) -> Result<(), Errno> {
    use rustix::fs::{Mode, OFlags};
    let io =
        |error: std::io::Error| error.raw_os_error().map_or(Errno::IO, Errno::from_raw_os_error);
    let read = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW;
    let write =
        OFlags::WRONLY | OFlags::CREATE | OFlags::TRUNC | OFlags::CLOEXEC | OFlags::NOFOLLOW;
    let mut source = std::fs::File::from(rustix::fs::openat(from, name, read, Mode::empty())?);
    let draft = format!(".{kept}");
    let copy = rustix::fs::openat(to, &draft, write, Mode::from_bits_retain(0o640))?;
    let mut copy = std::fs::File::from(copy);
    std::io::copy(&mut source, &mut copy).map_err(io)?;
    copy.sync_all().map_err(io)?;
    rustix::fs::renameat(to, &draft, to, kept)?;
    rustix::fs::fsync(to)?;
    rustix::fs::unlinkat(from, name, AtFlags::empty())
}

/// Whether a path of the inbox no longer holds the file that was seen there. A rename changes the
/// time of the inode, so that does not count.
pub fn is_gone(inbox: &Path, path: &CapturePath, seen: &Stamp) -> bool {
    use std::os::unix::ffi::OsStrExt as _;
    let full = inbox.join(std::ffi::OsStr::from_bytes(&path.0));
    match rustix::fs::lstat(&full) {
        Ok(stat) => {
            stat.st_dev != seen.device
                || stat.st_ino != seen.inode
                || stat.st_size.cast_unsigned() != seen.bytes
                || stamp_ns(stat.st_mtime, stat.st_mtime_nsec) != seen.modified_ns
        }
        Err(Errno::NOENT | Errno::NOTDIR) => true,
        Err(_) => false,
    }
}

fn stamp_ns(seconds: i64, nanoseconds: u64) -> i64 {
    seconds.saturating_mul(1_000_000_000).saturating_add(nanoseconds.cast_signed())
}

type Due = (JobId, CapturePath, Option<Stamp>, String);

impl Ledger {
    fn due(&mut self) -> Result<Vec<Due>, SpoolError> {
        let mut query = self.db.prepare_cached(
            "SELECT id, path, retention FROM job
             WHERE retention IS NOT NULL AND state = 'committed' LIMIT ?1",
        )?;
        let rows = query.query_map([AT_ONCE], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(1)?, row.get::<_, String>(2)?))
        })?;
        let rows: Vec<_> = rows.collect::<rusqlite::Result<_>>()?;
        drop(query);
        let mut due = Vec::with_capacity(rows.len());
        for (id, path, what) in rows {
            let Some(job) = JobId::parse(&id) else { continue };
            let path = CapturePath(path);
            let stamp = self.stamp_of(&path)?;
            due.push((job, path, stamp, what));
        }
        Ok(due)
    }

    fn disposed(&mut self, job: &JobId) -> Result<(), SpoolError> {
        self.db
            .prepare_cached("UPDATE job SET retention = NULL WHERE id = ?1")?
            .execute([job.as_str()])?;
        Ok(())
    }

    /// A committed capture came again, the same bytes at the same path: it is done with, too.
    pub(super) fn dispose_again(
        &mut self,
        job: &JobId,
        retention: Retention,
    ) -> Result<(), SpoolError> {
        self.db
            .prepare_cached("UPDATE job SET retention = ?2 WHERE id = ?1 AND state = 'committed'")?
            .execute(params![job.as_str(), retention.as_str()])?;
        Ok(())
    }

    /// The path of a job.
    ///
    /// # Errors
    /// A failing disk.
    pub fn path_of(&self, job: &JobId) -> Result<Option<CapturePath>, SpoolError> {
        let path: Option<Vec<u8>> = self
            .db
            .prepare_cached("SELECT path FROM job WHERE id = ?1")?
            .query_row([job.as_str()], |row| row.get(0))
            .optional()?;
        Ok(path.map(CapturePath))
    }

    /// What was seen at a path last.
    ///
    /// # Errors
    /// A failing disk.
    pub fn stamp_of(&self, path: &CapturePath) -> Result<Option<Stamp>, SpoolError> {
        let found = self
            .db
            .prepare_cached(
                "SELECT device, inode, bytes, modified_ns, changed_ns FROM seen WHERE path = ?1",
            )?
            .query_row([&path.0], |row| {
                let number = |at: usize| row.get::<_, i64>(at).map(i64::cast_unsigned);
                Ok(Stamp {
                    device: number(0)?,
                    inode: number(1)?,
                    bytes: number(2)?,
                    modified_ns: row.get(3)?,
                    changed_ns: row.get(4)?,
                })
            })
            .optional()?;
        Ok(found)
    }
}
