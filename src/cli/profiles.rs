//! Options that say which profiles a run uses, and how their faults are shown.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use super::{BAD_PROFILE, Failure};
use crate::config::profiles::{self, ProfilesError, Sources};
use crate::profile::fault::{Fault, SourceFile};
use crate::profile::set::ProfileSet;

/// Options of all verbs that use profiles.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct ProfileArgs {
    /// Folder of further profiles (may be given several times); they win over built-in ones
    #[arg(long = "profiles", value_name = "DIR")]
    folders: Vec<PathBuf>,
    /// Profile that may not be chosen by itself (may be given several times)
    #[arg(long = "without-profile", value_name = "ID")]
    without: Vec<String>,
}

impl ProfileArgs {
    /// The folders and names given.
    pub(super) fn sources(&self) -> Sources {
        Sources { folders: self.folders.clone(), without: self.without.clone() }
    }

    /// All files: built-in ones, those of the user's own folder, those of `--profiles`.
    pub(super) fn files(&self) -> Result<Vec<SourceFile>, Failure> {
        self.sources().files().map_err(failure)
    }

    /// The user's folders: the own one, where it is known, then those of `--profiles`.
    pub(super) fn user_folders(&self) -> Vec<PathBuf> {
        profiles::own_folder().into_iter().chain(self.folders.iter().cloned()).collect()
    }

    /// Where a new file of the user's belongs: the last of `--profiles`, else the own folder.
    pub(super) fn folder(&self) -> Result<PathBuf, Failure> {
        self.user_folders().pop().ok_or_else(|| {
            Failure::usage("say where: `--profiles DIR`; there is no home folder".to_owned())
        })
    }

    /// Profiles that may not be chosen by themselves.
    pub(super) fn without(&self) -> &[String] {
        &self.without
    }

    /// These options again, for a command that is proposed.
    pub(super) fn options(&self) -> String {
        let folders = self.folders.iter().map(|folder| format!(" --profiles {}", folder.display()));
        let without = self.without.iter().map(|id| format!(" --without-profile {id}"));
        folders.chain(without).collect()
    }

    /// The compiled set. Faults go to stderr; errors end the run.
    pub(super) fn load(&self) -> Result<ProfileSet, Failure> {
        self.sources().load().map_err(failure)
    }
}

/// Shows faults, if that is what is wrong, and says how the run ends.
pub(super) fn failure(error: ProfilesError) -> Failure {
    match &error {
        ProfilesError::NoFolder { folder } => {
            Failure::usage(format!("`--profiles {}` is no folder", folder.display()))
        }
        ProfilesError::NoSuchProfile { id } => Failure::usage(format!(
            "`--without-profile {id}`: there is no such profile; `copydesk profile list` shows them"
        )),
        ProfilesError::Unreadable { .. } => error.into(),
        ProfilesError::Faults(faults) => {
            // What cannot be printed is counted in the last line all the same.
            show(faults, std::io::stderr().is_terminal(), &mut std::io::stderr())
                .unwrap_or_default();
            let error = anyhow::anyhow!("{error}; nothing was cleaned");
            Failure { code: BAD_PROFILE, error }
        }
    }
}

/// All profiles of a folder and the folders in it, but for those of `fixtures`.
pub(super) fn read_folder(folder: &Path) -> Result<Vec<SourceFile>, Failure> {
    profiles::read_folder(folder).map_err(failure)
}

/// Shows faults one after another, in colour where what they are written to is a terminal.
pub(super) fn show(
    faults: &[Fault],
    colour: bool,
    out: &mut impl std::io::Write,
) -> std::io::Result<()> {
    for fault in faults {
        writeln!(out, "{}\n", fault.render(colour))?;
    }
    out.flush()
}
