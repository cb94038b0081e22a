//! The folders of a spool, its lock, and the space it needs.

use std::fs::File;
use std::io::Write as _;
use std::os::fd::{AsFd as _, OwnedFd};
use std::path::{Path, PathBuf};

use rustix::fs::{FallocateFlags, FlockOperation, Mode, OFlags};

use super::error::SpoolError;

/// What `VERSION` says.
const FORMAT: &str = "copydesk-spool/1";

/// The folders.
const FOLDERS: [&str; 5] = ["tmp", "new", "cur", "quarantine", "archive"];

/// Space that is given back when the disk is full, so that the ledger can still be written.
const BALLAST: &str = "ballast";

/// A spool whose lock this process holds.
#[derive(Debug)]
pub struct Layout {
    root: PathBuf,
    /// The lock is held as long as this is open.
    _lock: File,
}

impl Layout {
    /// Takes the lock of a spool, and makes the folder where there is none.
    ///
    /// # Errors
    /// Another instance, another format, or a failing disk.
    pub fn lock(root: &Path) -> Result<Self, SpoolError> {
        std::fs::create_dir_all(root).map_err(SpoolError::std("make the spool", root))?;
        let path = root.join("lock");
        let lock = std::fs::OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&path)
            .or_else(|error| {
                // A read-only disk that was a spool before can still be locked.
                if error.kind() == std::io::ErrorKind::ReadOnlyFilesystem {
                    File::open(&path)
                } else {
                    Err(error)
                }
            })
            .map_err(SpoolError::std("open the lock", &path))?;
        match rustix::fs::flock(&lock, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Self { root: root.to_owned(), _lock: lock }),
            Err(rustix::io::Errno::WOULDBLOCK) => Err(SpoolError::Busy { path: root.to_owned() }),
            Err(error) => Err(SpoolError::io("lock", &path)(error)),
        }
    }

    /// The spool.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Makes what is missing, and checks what is there. Safe to do again.
    ///
    /// # Errors
    /// Another format, folders on other file systems, or a full or failing disk.
    pub fn prepare(&self) -> Result<(), SpoolError> {
        let version = self.root.join("VERSION");
        match std::fs::read_to_string(&version) {
            // A stop between its creation and its first byte leaves it empty.
            Ok(found) if found.trim().is_empty() => self.write_version(&version)?,
            Ok(found) if found.trim() == FORMAT => {}
            Ok(found) => {
                return Err(SpoolError::Version {
                    path: self.root.clone(),
                    found: found.trim().to_owned(),
                    expected: FORMAT,
                });
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                self.write_version(&version)?;
            }
            Err(error) => return Err(SpoolError::std("read", &version)(error)),
        }
        let device = device(&self.root)?;
        for name in FOLDERS {
            let path = self.root.join(name);
            match std::fs::create_dir(&path) {
                Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
                    return Err(SpoolError::std("make", &path)(error));
                }
                _ => {}
            }
            if device != self::device(&path)? {
                return Err(SpoolError::OtherFileSystem { path });
            }
        }
        Ok(())
    }

    fn write_version(&self, path: &Path) -> Result<(), SpoolError> {
        let mut file = File::create(path).map_err(SpoolError::std("write", path))?;
        writeln!(file, "{FORMAT}").map_err(SpoolError::std("write", path))?;
        file.sync_all().map_err(SpoolError::std("sync", path))?;
        sync_folder(&self.root)
    }

    /// Sets space aside, if it is not yet.
    ///
    /// # Errors
    /// A full or read-only disk.
    pub fn load_ballast(&self, bytes: u64) -> Result<(), SpoolError> {
        let path = self.root.join(BALLAST);
        if bytes == 0 || std::fs::metadata(&path).is_ok_and(|meta| meta.len() >= bytes) {
            return Ok(());
        }
        let made = File::create(&path).map_err(SpoolError::std("make", &path)).and_then(|file| {
            rustix::fs::fallocate(&file, FallocateFlags::empty(), 0, bytes)
                .map_err(SpoolError::io("reserve space in", &path))
        });
        if made.is_err() {
            self.drop_ballast();
        }
        made
    }

    /// Gives the space that was set aside back.
    pub fn drop_ballast(&self) {
        // There may be none; the disk is full anyway, and what is written next will say so.
        std::fs::remove_file(self.root.join(BALLAST)).unwrap_or_default();
    }

    /// Bytes that are free for this user.
    ///
    /// # Errors
    /// A failing disk.
    pub fn free_bytes(&self) -> Result<u64, SpoolError> {
        let found = rustix::fs::statvfs(&self.root)
            .map_err(SpoolError::io("look at the space of", &self.root))?;
        Ok(found.f_bavail.saturating_mul(found.f_frsize))
    }
}

fn device(path: &Path) -> Result<u64, SpoolError> {
    rustix::fs::stat(path).map(|stat| stat.st_dev).map_err(SpoolError::io("look at", path))
}

/// Opens a folder for use as a starting point of paths.
///
/// # Errors
/// A failing disk.
pub fn open_folder(path: &Path) -> Result<OwnedFd, SpoolError> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC | OFlags::NOFOLLOW;
    rustix::fs::open(path, flags, Mode::empty()).map_err(SpoolError::io("open", path))
}

/// Makes the names in a folder durable.
///
/// # Errors
/// A failing disk.
pub fn sync_folder(path: &Path) -> Result<(), SpoolError> {
    let folder = open_folder(path)?;
    rustix::fs::fsync(folder.as_fd()).map_err(SpoolError::io("sync", path))
}
