//! Which profiles a run uses: built-in ones, the user's own folder, and folders that are named.

use std::path::{Path, PathBuf};

use crate::parse;
use crate::profile::fault::{Fault, Origin, SourceFile};
use crate::profile::set::{self, Lint, ProfileSet};

/// Where profiles come from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sources {
    /// Named folders; they must be there.
    pub folders: Vec<PathBuf>,
    /// Profiles that may not be chosen by themselves.
    pub without: Vec<String>,
}

/// Why there is no set of profiles.
#[derive(Debug, thiserror::Error)]
pub enum ProfilesError {
    /// A named folder is none.
    #[error("`{}` is no folder of profiles", folder.display())]
    NoFolder {
        /// What was named.
        folder: PathBuf,
    },
    /// A file cannot be read.
    #[error("profile `{}` cannot be read: {source}", path.display())]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A profile that is to be left out is none.
    #[error("there is no profile `{id}` to leave out; `copydesk profile list` shows them")]
    NoSuchProfile {
        /// What was named.
        id: String,
    },
    /// Files have errors.
    #[error("{} errors in profiles", .0.iter().filter(|fault| !fault.problem.is_warning()).count())]
    Faults(Vec<Fault>),
}

impl Sources {
    /// All files: built-in ones, those of the user's own folder, those of the named folders.
    ///
    /// # Errors
    /// A named folder that is none, or a file that cannot be read.
    pub fn files(&self) -> Result<Vec<SourceFile>, ProfilesError> {
        let mut files = set::built_in();
        if let Some(own) = own_folder().filter(|own| own.is_dir()) {
            files.extend(read_folder(&own)?);
        }
        for folder in &self.folders {
            if !folder.is_dir() {
                return Err(ProfilesError::NoFolder { folder: folder.clone() });
            }
            files.extend(read_folder(folder)?);
        }
        Ok(files)
    }

    /// The compiled set.
    ///
    /// # Errors
    /// As [`files`](Self::files), and files with errors.
    pub fn load(&self) -> Result<ProfileSet, ProfilesError> {
        let (set, faults) = set::load(self.files()?, &self.without, Lint::Own, parse::text::parse);
        let set = set.ok_or(ProfilesError::Faults(faults))?;
        match self.without.iter().find(|id| set.get(id).is_none()) {
            Some(id) => Err(ProfilesError::NoSuchProfile { id: id.clone() }),
            None => Ok(set),
        }
    }
}

/// The folder that imported profiles stand in, in a folder of profiles.
pub const IMPORTED: &str = "imported";

/// Whether a file stands in a folder called `imported`, which may be the named one itself.
fn is_imported(folder: &Path, path: &Path) -> bool {
    let below = path.strip_prefix(folder).unwrap_or(path).parent().unwrap_or(Path::new(""));
    folder.file_name().is_some_and(|name| name == IMPORTED)
        || below.components().any(|part| part.as_os_str() == IMPORTED)
}

/// `$XDG_CONFIG_HOME/copydesk/profiles`, else `~/.config/copydesk/profiles`.
pub fn own_folder() -> Option<PathBuf> {
    let config = std::env::var_os("XDG_CONFIG_HOME").map(PathBuf::from).filter(|p| p.is_absolute());
    let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".config"));
    Some(config.or_else(home)?.join("copydesk/profiles"))
}

/// All `*.toml` files of a folder and the folders in it, but for those of `fixtures`.
///
/// # Errors
/// A file or folder that cannot be read.
pub fn read_folder(folder: &Path) -> Result<Vec<SourceFile>, ProfilesError> {
    let mut files = Vec::new();
    let entries = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter();
    for entry in entries.filter_entry(|entry| entry.depth() == 0 || entry.file_name() != "fixtures")
    {
        let entry = entry.map_err(|error| {
            let path = error.path().unwrap_or(folder).to_owned();
            ProfilesError::Unreadable { path, source: error.into() }
        })?;
        let path = entry.path();
        if !entry.file_type().is_dir() && path.extension().is_some_and(|ending| ending == "toml") {
            let text = std::fs::read_to_string(path)
                .map_err(|source| ProfilesError::Unreadable { path: path.to_owned(), source })?;
            let origin = if is_imported(folder, path) { Origin::Imported } else { Origin::User };
            let path = path.to_string_lossy().into_owned();
            files.push(SourceFile { path, text, origin });
        }
    }
    Ok(files)
}
