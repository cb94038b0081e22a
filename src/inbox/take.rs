//! Reading a capture that seems complete, with its sidecar, and making sure that it was.

use std::io::Read as _;
use std::os::fd::AsFd;
use std::path::Path;
use std::time::Duration;

use rustix::fs::{FileType, OFlags};
use rustix::io::Errno;

use super::arrival::{Arrival, Mode};
use super::lease::{self, Probe};
use super::scan;
use super::tracker::Candidate;
use crate::decode::sidecar;
use crate::error::DecodeError;
use crate::fault::sabotaged;
use crate::model::capture::Hints;
use crate::model::id;
use crate::model::job::{CapturePath, JobId, Stamp};

/// Largest sidecar, in bytes.
const MAX_SIDECAR: u64 = 1 << 20;

/// Tries after which a capture that gives read errors is given up: with waits of up to a minute
/// between them, about 20 minutes.
const MAX_ERRORS: u32 = 30;

/// Tries after which a capture that may not be read is given up: about a day.
const MAX_DENIALS: u32 = 1440;

/// A capture as it was read.
#[derive(Debug)]
pub struct Read {
    /// What it is.
    pub job: JobId,
    /// Where it is.
    pub path: CapturePath,
    /// What the file system said before and after.
    pub stamp: Stamp,
    /// Its content; what it is refused for, where it was not read.
    pub content: Result<Content, Refusal>,
}

/// What was read.
#[derive(Debug)]
pub struct Content {
    /// The capture.
    pub bytes: Vec<u8>,
    /// What its sidecar says.
    pub hints: Result<Hints, DecodeError>,
}

/// Why a capture is not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It is larger than the limit.
    TooLarge(DecodeError),
    /// The system will not give it.
    Unreadable(String),
}

/// Why a capture cannot be read yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Later {
    /// It changes.
    Changing,
    /// Somebody has it open for writing.
    Writer,
    /// Whether somebody writes cannot be told; it must be left alone longer.
    Unproved,
    /// It may not be read.
    Denied,
    /// Reading failed.
    Failed,
}

/// What came of trying to read a capture.
#[derive(Debug)]
pub enum Taken {
    /// It was read, or is refused.
    Read(Box<Read>),
    /// It must be tried again.
    Later(Later),
    /// It is gone, or no file any more.
    Gone,
}

/// Tries to read a capture.
pub fn take(root: &Path, candidate: &Candidate, rules: &Arrival) -> Taken {
    let Ok(root) = scan::open_root(root) else { return Taken::Later(Later::Failed) };
    let Candidate { path, stamp, .. } = candidate;
    let refuse = |refusal| {
        let job = JobId::unread(path, stamp);
        Taken::Read(Box::new(Read {
            job,
            path: path.clone(),
            stamp: *stamp,
            content: Err(refusal),
        }))
    };
    let bytes = match read(&root, path, Some(*stamp), rules.max_bytes, candidate.unchanged, rules) {
        Ok(bytes) => bytes,
        Err(Failed::Gone) => return Taken::Gone,
        Err(Failed::TooLarge(bytes)) => {
            let error = DecodeError::TooLarge { bytes, limit: rules.max_bytes };
            return refuse(Refusal::TooLarge(error));
        }
        Err(Failed::Denied) if candidate.tries >= MAX_DENIALS => {
            return refuse(Refusal::Unreadable("permission denied for a day".to_owned()));
        }
        Err(Failed::Error(error)) if candidate.tries >= MAX_ERRORS => {
            return refuse(Refusal::Unreadable(error.to_string()));
        }
        Err(Failed::Denied) => return Taken::Later(Later::Denied),
        Err(Failed::Error(_)) => return Taken::Later(Later::Failed),
        Err(Failed::Later(later)) => return Taken::Later(later),
    };
    let hints = match hints(&root, path, candidate.unchanged, rules) {
        Ok(hints) => hints,
        Err(later) => return Taken::Later(later),
    };
    let job = JobId::of(path, &id::sha256(&bytes));
    let content = Ok(Content { bytes, hints });
    Taken::Read(Box::new(Read { job, path: path.clone(), stamp: *stamp, content }))
}

/// The sidecar's hints; none where there is no sidecar.
fn hints(
    root: impl AsFd,
    path: &CapturePath,
    unchanged: Duration,
    rules: &Arrival,
) -> Result<Result<Hints, DecodeError>, Later> {
    let names = match std::str::from_utf8(&path.0) {
        Ok(text) => sidecar::names(text).into_iter().map(String::into_bytes).collect(),
        Err(_) => vec![[path.0.as_slice(), b".meta.json"].concat()],
    };
    for name in names {
        match read(root.as_fd(), &CapturePath(name), None, MAX_SIDECAR, unchanged, rules) {
            Ok(bytes) => return Ok(sidecar::read(&bytes)),
            Err(Failed::Gone) => {}
            Err(Failed::TooLarge(bytes)) => {
                let message = format!("it has {bytes} bytes, {MAX_SIDECAR} is the limit");
                return Ok(Err(DecodeError::Sidecar { message }));
            }
            Err(Failed::Later(later)) => return Err(later),
            Err(Failed::Denied) => return Err(Later::Denied),
            Err(Failed::Error(_)) => return Err(Later::Failed),
        }
    }
    Ok(Ok(Hints::default()))
}

enum Failed {
    Gone,
    TooLarge(u64),
    Denied,
    Later(Later),
    Error(Errno),
}

/// Reads one file whole, if nobody writes to it and it does not change meanwhile.
fn read(
    root: impl AsFd,
    path: &CapturePath,
    expected: Option<Stamp>,
    limit: u64,
    unchanged: Duration,
    rules: &Arrival,
) -> Result<Vec<u8>, Failed> {
    // Without blocking: a FIFO would wait for a writer.
    let file = scan::open_below(root, &path.0, OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY);
    let file = file.map_err(|error| match error {
        // No sidecar has a name that is longer than names can be.
        Errno::NOENT
        | Errno::NOTDIR
        | Errno::LOOP
        | Errno::XDEV
        | Errno::NXIO
        | Errno::NAMETOOLONG => Failed::Gone,
        Errno::ACCESS | Errno::PERM => Failed::Denied,
        Errno::INTR => Failed::Later(Later::Changing),
        other => Failed::Error(other),
    })?;
    let stat = rustix::fs::fstat(&file).map_err(Failed::Error)?;
    if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
        return Err(Failed::Gone);
    }
    let before = scan::stamp(&stat);
    if expected.is_some_and(|expected| expected != before) {
        return Err(Failed::Later(Later::Changing));
    }
    if !sabotaged("no_lease") {
        match lease::probe(&file) {
            Probe::Writer => return Err(Failed::Later(Later::Writer)),
            // Twice the time without change stands in for the kernel's word.
            Probe::Unknown if rules.mode == Mode::Settle && unchanged < rules.settle * 2 => {
                return Err(Failed::Later(Later::Unproved));
            }
            Probe::Quiet | Probe::Unknown => {}
        }
    }
    if before.bytes > limit {
        return Err(Failed::TooLarge(before.bytes));
    }
    if sabotaged("no_post_fstat") {
        // As slow as a busy disk.
        std::thread::sleep(Duration::from_millis(10));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(before.bytes).unwrap_or(0));
    let file = std::fs::File::from(file);
    (&file).take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(|error| {
        Failed::Error(error.raw_os_error().map_or(Errno::IO, Errno::from_raw_os_error))
    })?;
    if sabotaged("no_post_fstat") {
        return Ok(bytes);
    }
    let stat = rustix::fs::fstat(&file).map_err(Failed::Error)?;
    if scan::stamp(&stat) != before || bytes.len() as u64 != before.bytes {
        return Err(Failed::Later(Later::Changing));
    }
    Ok(bytes)
}
