//! Which profiles a run uses: built-in ones, the user's own folder, and `--profiles`.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::{BAD_PROFILE, Failure};
use crate::parse;
use crate::profile::fault::{Fault, Origin, SourceFile};
use crate::profile::set::{self, Lint, ProfileSet};

/// Options of all verbs that use profiles.
#[derive(Debug, clap::Args)]
pub(super) struct ProfileArgs {
    /// Folder of further profiles (may be given several times); they win over built-in ones
    #[arg(long = "profiles", value_name = "DIR")]
    folders: Vec<PathBuf>,
    /// Profile that may not be chosen by itself (may be given several times)
    #[arg(long = "without-profile", value_name = "ID")]
    without: Vec<String>,
}

impl ProfileArgs {
    /// All files: built-in ones, those of the user's own folder, those of `--profiles`.
    pub(super) fn files(&self) -> Result<Vec<SourceFile>, Failure> {
        let mut files = set::built_in();
        let mut folders: Vec<(PathBuf, bool)> =
            own_folder().into_iter().map(|p| (p, false)).collect();
        folders.extend(self.folders.iter().map(|folder| (folder.clone(), true)));
        for (folder, required) in folders {
            if !folder.is_dir() {
                if required {
                    return Err(Failure::usage(format!(
                        "`--profiles {}` is no folder",
                        folder.display()
                    )));
                }
                continue;
            }
            files.extend(read_folder(&folder)?);
        }
        Ok(files)
    }

    /// The compiled set. Faults go to stderr; errors end the run.
    pub(super) fn load(&self) -> Result<ProfileSet, Failure> {
        let (set, faults) = set::load(self.files()?, &self.without, Lint::Own, parse::text::parse);
        if let Some(set) = set {
            for id in &self.without {
                if set.get(id).is_none() {
                    return Err(Failure::usage(format!(
                        "`--without-profile {id}`: there is no such profile; \
                         `copydesk profile list` shows them"
                    )));
                }
            }
            Ok(set)
        } else {
            show(&faults, std::io::stderr().is_terminal(), &mut std::io::stderr())?;
            let count = faults.iter().filter(|fault| !fault.problem.is_warning()).count();
            Err(Failure {
                code: BAD_PROFILE,
                error: anyhow::anyhow!("{count} errors in profiles; nothing was cleaned"),
            })
        }
    }
}

/// `$XDG_CONFIG_HOME/copydesk/profiles`, else `~/.config/copydesk/profiles`.
fn own_folder() -> Option<PathBuf> {
    let config = std::env::var_os("XDG_CONFIG_HOME").map(PathBuf::from).filter(|p| p.is_absolute());
    let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".config"));
    Some(config.or_else(home)?.join("copydesk/profiles"))
}

/// All `*.toml` files of a folder and the folders in it, but for those of `fixtures`.
pub(super) fn read_folder(folder: &Path) -> Result<Vec<SourceFile>, Failure> {
    let mut files = Vec::new();
    let entries = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter();
    for entry in entries.filter_entry(|entry| entry.depth() == 0 || entry.file_name() != "fixtures")
    {
        let entry = entry?;
        let path = entry.path();
        if !entry.file_type().is_dir() && path.extension().is_some_and(|ending| ending == "toml") {
            let text = std::fs::read_to_string(path)
                .with_context(|| format!("profile `{}`", path.display()))?;
            let path = path.to_string_lossy().into_owned();
            files.push(SourceFile { path, text, origin: Origin::User });
        }
    }
    Ok(files)
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
