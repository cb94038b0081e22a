//! Where the cases of profiles stand: those of the user's folders, and `fixtures`.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::{Failure, profiles::ProfileArgs};
use crate::tool::case::{self, Case};

/// Options of verbs that run cases.
#[derive(Debug, clap::Args)]
pub(super) struct CaseArgs {
    /// Folder of further cases, beside the `fixtures` of the user's folders (default: `fixtures`,
    /// where it is there)
    #[arg(long)]
    fixtures: Option<PathBuf>,
}

impl CaseArgs {
    /// All cases, by folder and name.
    pub(super) fn find(&self, profiles: &ProfileArgs) -> Result<Vec<Case>, Failure> {
        self.find_beside(profiles, &[])
    }

    /// All cases, and those beside files of profiles that are named.
    pub(super) fn find_beside(
        &self,
        profiles: &ProfileArgs,
        paths: &[PathBuf],
    ) -> Result<Vec<Case>, Failure> {
        let mut folders: Vec<PathBuf> = vec![];
        match &self.fixtures {
            Some(folder) => folders.push(folder.clone()),
            None => folders.extend(Some(PathBuf::from("fixtures")).filter(|it| it.is_dir())),
        }
        let beside = paths.iter().map(|path| match path.parent() {
            Some(folder) if !path.is_dir() => folder.to_owned(),
            _ => path.clone(),
        });
        for folder in profiles.user_folders().into_iter().chain(beside) {
            for folder in below(&folder) {
                if !folders.iter().any(|known| same(known, &folder)) {
                    folders.push(folder);
                }
            }
        }
        let mut cases = Vec::new();
        for folder in folders {
            let found = case::find(&folder);
            cases.extend(found.with_context(|| folder.display().to_string())?);
        }
        Ok(cases)
    }
}

/// Folders below one, at any depth, that are called `fixtures`.
fn below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut entries = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter();
    // What cannot be read holds no profiles either: that is told when they are loaded.
    while let Some(entry) = entries.next() {
        let Ok(entry) = entry else { continue };
        if entry.depth() > 0 && entry.file_type().is_dir() && entry.file_name() == "fixtures" {
            entries.skip_current_dir();
            found.push(entry.into_path());
        }
    }
    found
}

fn same(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| path.canonicalize().ok();
    one == other || (real(one).is_some() && real(one) == real(other))
}
