//! Looking into folders: the only way in which captures are found.

use std::ffi::OsStr;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, ResolveFlags, Stat};
use rustix::io::Errno;

use super::arrival::{Arrival, Mode as Completion, Named};
use super::known::Known;
use crate::model::job::{CapturePath, Stamp};

/// What a folder holds.
#[derive(Debug, Default)]
pub struct Listing {
    /// Files that may be captures and have no result, with their stamps.
    pub files: Vec<(CapturePath, Stamp)>,
    /// Folders, with device and inode.
    pub folders: Vec<(CapturePath, (u64, u64))>,
    /// Files that have their result.
    pub known: usize,
    /// Names that are neither.
    pub special: u64,
}

/// Opens something below the inbox, never through a symbolic link and never outside.
///
/// # Errors
/// What the system says.
pub fn open_below(root: impl AsFd, path: &[u8], flags: OFlags) -> Result<OwnedFd, Errno> {
    let below = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
    let flags = flags | OFlags::CLOEXEC;
    let path = if path.is_empty() { b".".as_slice() } else { path };
    match rustix::fs::openat2(root, path, flags, Mode::empty(), below) {
        // Without `openat2` (before Linux 5.6) there is no safe way.
        Err(Errno::AGAIN | Errno::INTR) => Err(Errno::INTR),
        other => other,
    }
}

/// Opens the inbox itself.
///
/// # Errors
/// What the system says.
pub fn open_root(root: &Path) -> Result<OwnedFd, Errno> {
    rustix::fs::open(root, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())
}

/// What the system says of a file as a stamp.
pub fn stamp(stat: &Stat) -> Stamp {
    let nanoseconds = |seconds: i64, more: u64| {
        seconds.saturating_mul(1_000_000_000).saturating_add(more.cast_signed())
    };
    Stamp {
        device: stat.st_dev,
        inode: stat.st_ino,
        bytes: stat.st_size.cast_unsigned(),
        modified_ns: nanoseconds(stat.st_mtime, stat.st_mtime_nsec),
        changed_ns: nanoseconds(stat.st_ctime, stat.st_ctime_nsec),
    }
}

/// Lists one folder. Whatever vanishes meanwhile is left out; what is known is only counted, so
/// that a large inbox takes no memory.
///
/// # Errors
/// The folder cannot be read.
pub fn list(
    root: impl AsFd,
    folder: &CapturePath,
    rules: &Arrival,
    known: &Known,
) -> Result<Listing, Errno> {
    let opened = open_below(root, &folder.0, OFlags::RDONLY | OFlags::DIRECTORY)?;
    let mut listing = Listing::default();
    let look = |name: &[u8]| {
        rustix::fs::statat(&opened, OsStr::from_bytes(name), AtFlags::SYMLINK_NOFOLLOW)
    };
    for entry in Dir::read_from(&opened)? {
        let entry = entry?;
        let name = entry.file_name().to_bytes();
        let (name, marker) = match rules.named(name) {
            Named::Ignored => continue,
            Named::Capture => (name, None),
            Named::Marker(length) => (name.get(..length).unwrap_or(name), Some(name)),
        };
        let Ok(stat) = look(name) else { continue };
        match FileType::from_raw_mode(stat.st_mode) {
            FileType::Directory if marker.is_none() => {
                listing.folders.push((join(folder, name), (stat.st_dev, stat.st_ino)));
            }
            FileType::RegularFile => {
                if rules.mode == Completion::Marker {
                    // The marker must be there, and not older than what it marks.
                    let Some(marker) = marker else { continue };
                    let Ok(of_marker) = look(marker) else { continue };
                    if stamp(&of_marker).modified_ns < stamp(&stat).modified_ns {
                        continue;
                    }
                }
                let (path, stamp) = (join(folder, name), stamp(&stat));
                if known.meet(stamp.key(&path)) {
                    listing.known += 1;
                } else {
                    listing.files.push((path, stamp));
                }
            }
            _ => listing.special += 1,
        }
    }
    listing.files.sort();
    listing.folders.sort();
    Ok(listing)
}

/// The stamp of one file; `None` where it is gone or no file.
pub fn look_at(root: impl AsFd, path: &CapturePath) -> Option<Stamp> {
    let name = path.name();
    let folder = path.0.get(..path.0.len().saturating_sub(name.len() + 1)).unwrap_or_default();
    let opened = open_below(root, folder, OFlags::PATH | OFlags::DIRECTORY).ok()?;
    let stat =
        rustix::fs::statat(opened, OsStr::from_bytes(name), AtFlags::SYMLINK_NOFOLLOW).ok()?;
    (FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile).then(|| stamp(&stat))
}

fn join(folder: &CapturePath, name: &[u8]) -> CapturePath {
    if folder.0.is_empty() {
        CapturePath(name.to_vec())
    } else {
        CapturePath([folder.0.as_slice(), name].join(&b'/'))
    }
}
