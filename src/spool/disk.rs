//! The disk, for the protocol: descriptors of the folders, drafts, renames and syncs.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::os::fd::{AsFd as _, OwnedFd};
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, Mode, OFlags, RenameFlags};
use rustix::io::Errno;

use super::error::SpoolError;
use super::files::{Draft, Files, Place, Published};
use super::layout;
use crate::fault::sabotaged;
use crate::model::id;
use crate::model::job::Job;

/// Drafts up to which each is synced by itself; above, one `syncfs` is cheaper (4 drafts with two
/// syncs each took 17 ms, a group by `syncfs` 0.4 ms a draft).
const SYNC_SINGLY: usize = 4;

/// Name of the entry's description in quarantine.
pub const REASON: &str = "reason.json";

/// Name of the capture in a quarantine entry.
pub const CAPTURE: &str = "capture";

/// Read by the group, written by us.
const FILE_MODE: Mode = Mode::from_bits_retain(0o640);
const FOLDER_MODE: Mode = Mode::from_bits_retain(0o750);

/// The real disk.
#[derive(Debug)]
pub struct Disk {
    root: PathBuf,
    tmp: OwnedFd,
    new: OwnedFd,
    quarantine: OwnedFd,
    /// Whether to sync at all: `durability = "power"`.
    durable: bool,
    /// Staged and not yet synced; files and, for entries of the quarantine, their folder.
    unsynced: Vec<OwnedFd>,
    moved: [bool; 2],
}

impl Disk {
    /// The folders of a prepared spool.
    ///
    /// # Errors
    /// A failing disk.
    pub fn open(root: &Path, durable: bool) -> Result<Self, SpoolError> {
        let open = |name: &str| layout::open_folder(&root.join(name));
        Ok(Self {
            root: root.to_owned(),
            tmp: open("tmp")?,
            new: open("new")?,
            quarantine: open("quarantine")?,
            durable,
            unsynced: Vec::new(),
            moved: [false; 2],
        })
    }

    fn folder(&self, place: Place) -> &OwnedFd {
        match place {
            Place::New => &self.new,
            Place::Quarantine => &self.quarantine,
        }
    }

    fn path(&self, folder: &str, name: &str) -> PathBuf {
        self.root.join(folder).join(name)
    }

    /// Writes a new file and keeps it open until the next sync.
    fn write(&mut self, folder: &OwnedFd, name: &str, bytes: &[u8]) -> Result<(), SpoolError> {
        let flags =
            OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC | OFlags::NOFOLLOW;
        let path = self.path("tmp", name);
        let file = rustix::fs::openat(folder, name, flags, FILE_MODE)
            .map_err(SpoolError::io("make", &path))?;
        let mut file = File::from(file);
        file.write_all(bytes).map_err(SpoolError::std("write", &path))?;
        self.unsynced.push(file.into());
        Ok(())
    }
}

impl Disk {
    /// Names in `quarantine/`.
    ///
    /// # Errors
    /// A failing disk.
    pub fn entries(&self) -> Result<Vec<String>, SpoolError> {
        names(&self.root.join("quarantine"))
    }

    /// Deletes an entry of the quarantine.
    ///
    /// # Errors
    /// A failing or read-only disk.
    pub fn remove_entry(&self, name: &str) -> Result<(), SpoolError> {
        remove(&self.quarantine, &self.path("quarantine", name), name)
    }
}

fn names(folder: &Path) -> Result<Vec<String>, SpoolError> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(SpoolError::std("list", folder))? {
        let entry = entry.map_err(SpoolError::std("list", folder))?;
        names.push(entry.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// Deletes a file, or an entry of the quarantine.
fn remove(folder: &OwnedFd, path: &Path, name: &str) -> Result<(), SpoolError> {
    let failed = |error| SpoolError::io("delete", path)(error);
    match rustix::fs::unlinkat(folder, name, AtFlags::empty()) {
        Ok(()) | Err(Errno::NOENT) => Ok(()),
        Err(Errno::ISDIR) => {
            let entry = layout::open_folder(path)?;
            for inside in [REASON, CAPTURE] {
                match rustix::fs::unlinkat(entry.as_fd(), inside, AtFlags::empty()) {
                    Ok(()) | Err(Errno::NOENT) => {}
                    Err(error) => return Err(failed(error)),
                }
            }
            rustix::fs::unlinkat(folder, name, AtFlags::REMOVEDIR).map_err(failed)
        }
        Err(error) => Err(failed(error)),
    }
}

impl Files for Disk {
    fn stage(&mut self, draft: &Draft) -> Result<(), SpoolError> {
        let name = draft.place.draft(&draft.job);
        self.discard(&name)?;
        let tmp = self.tmp.try_clone().map_err(SpoolError::std("open", &self.root))?;
        match draft.place {
            Place::New => self.write(&tmp, &name, &draft.bytes),
            Place::Quarantine => {
                let path = self.path("tmp", &name);
                rustix::fs::mkdirat(&tmp, &name, FOLDER_MODE)
                    .map_err(SpoolError::io("make", &path))?;
                let entry = layout::open_folder(&path)?;
                self.write(&entry, REASON, &draft.bytes)?;
                if let Some(capture) = &draft.capture {
                    self.write(&entry, CAPTURE, capture)?;
                }
                self.unsynced.push(entry);
                Ok(())
            }
        }
    }

    fn sync_drafts(&mut self) -> Result<(), SpoolError> {
        let unsynced = std::mem::take(&mut self.unsynced);
        if !self.durable || sabotaged("no_file_fsync") {
            return Ok(());
        }
        let path = self.root.join("tmp");
        if unsynced.len() > SYNC_SINGLY {
            return rustix::fs::syncfs(&self.tmp).map_err(SpoolError::io("sync", &path));
        }
        for file in &unsynced {
            rustix::fs::fsync(file).map_err(SpoolError::io("sync a draft in", &path))?;
        }
        rustix::fs::fsync(&self.tmp).map_err(SpoolError::io("sync", &path))
    }

    fn publish(&mut self, job: &Job, place: Place) -> Result<Published, SpoolError> {
        let (draft, name) = (place.draft(job), place.name(job));
        let flags =
            if sabotaged("replace") { RenameFlags::empty() } else { RenameFlags::NOREPLACE };
        let to = self.folder(place);
        match rustix::fs::renameat_with(&self.tmp, &draft, to, &name, flags) {
            Ok(()) => {
                let slot = match place {
                    Place::New => &mut self.moved[0],
                    Place::Quarantine => &mut self.moved[1],
                };
                *slot = true;
                Ok(Published::Now)
            }
            Err(Errno::NOENT) => {
                // Either the draft has moved already, or the folder that it goes to is gone.
                match rustix::fs::statat(&self.tmp, &draft, AtFlags::SYMLINK_NOFOLLOW) {
                    Err(Errno::NOENT) => Ok(Published::Before),
                    _ => Err(SpoolError::io("publish into", self.path("new", &name))(Errno::NOENT)),
                }
            }
            Err(Errno::EXIST | Errno::NOTEMPTY) => Ok(Published::Occupied),
            Err(error) => Err(SpoolError::io("publish", self.path("tmp", &draft))(error)),
        }
    }

    fn sync_places(&mut self) -> Result<(), SpoolError> {
        let [new, quarantine] = std::mem::take(&mut self.moved);
        if !self.durable || sabotaged("no_dir_fsync") {
            return Ok(());
        }
        let folders =
            [(new, &self.new), (quarantine, &self.quarantine), (new || quarantine, &self.tmp)];
        for (moved, folder) in folders {
            if moved {
                rustix::fs::fsync(folder).map_err(SpoolError::io("sync", &self.root))?;
            }
        }
        Ok(())
    }

    fn digest(&mut self, job: &Job, place: Place) -> Result<Option<[u8; 32]>, SpoolError> {
        let name = match place {
            Place::New => place.name(job),
            Place::Quarantine => format!("{}/{REASON}", place.name(job)),
        };
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW;
        let file = match rustix::fs::openat(self.folder(place), &name, flags, Mode::empty()) {
            Ok(file) => file,
            // A consumer took it since.
            Err(Errno::NOENT) => return Ok(None),
            Err(error) => return Err(SpoolError::io("open", &name)(error)),
        };
        let mut bytes = Vec::new();
        // Our own result, or something of its size.
        File::from(file)
            .take(1 << 30)
            .read_to_end(&mut bytes)
            .map_err(SpoolError::std("read", &name))?;
        Ok(Some(id::sha256(&bytes)))
    }

    fn drafts(&mut self) -> Result<Vec<String>, SpoolError> {
        names(&self.root.join("tmp"))
    }

    fn discard(&mut self, draft: &str) -> Result<(), SpoolError> {
        remove(&self.tmp, &self.path("tmp", draft), draft)
    }
}
