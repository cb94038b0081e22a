//! Which cases are known to hold, so that those that cannot have changed need not run again.
//!
//! A case is known by a hash over all that its result depends on: the program, the conditions of
//! every profile, the profile and its parents, the generic one, and the files of the case.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::case::Case;
use crate::model::id;
use crate::profile::set::{GENERIC, ProfileSet};

/// Most cases that are remembered.
const MOST: usize = 100_000;

/// Hashes of cases that held, by folder.
#[derive(Debug, Default)]
pub struct Done {
    path: Option<PathBuf>,
    hashes: BTreeMap<String, String>,
}

/// `$XDG_STATE_HOME/copydesk/cases.json`, else below `~/.local/state`.
fn state_file() -> Option<PathBuf> {
    let state = std::env::var_os("XDG_STATE_HOME").map(PathBuf::from).filter(|p| p.is_absolute());
    let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/state"));
    Some(state.or_else(home)?.join("copydesk/cases.json"))
}

impl Done {
    /// What is remembered. A file that cannot be read is as good as none: all cases run.
    pub fn load() -> Self {
        let path = state_file();
        let text = path.as_ref().and_then(|path| std::fs::read_to_string(path).ok());
        let hashes = text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        Self { path, hashes }
    }

    /// Whether a case held when it was as it is now.
    pub fn holds(&self, case: &Case, hash: &str) -> bool {
        self.hashes.get(&key(&case.folder)).is_some_and(|known| known == hash)
    }

    /// Remembers that a case holds, or that it does not.
    pub fn note(&mut self, case: &Case, hash: String, held: bool) {
        if held {
            self.hashes.insert(key(&case.folder), hash);
        } else {
            self.hashes.remove(&key(&case.folder));
        }
    }

    /// Writes it down, by rename. Cases that are gone are forgotten.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn save(mut self) -> std::io::Result<()> {
        let Some(path) = self.path.take() else { return Ok(()) };
        self.hashes.retain(|folder, _| Path::new(folder).is_dir());
        while self.hashes.len() > MOST {
            self.hashes.pop_first();
        }
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let draft = path.with_extension(format!("{}.draft", std::process::id()));
        std::fs::write(&draft, serde_json::to_string(&self.hashes)?)?;
        std::fs::rename(&draft, &path)
    }
}

fn key(folder: &Path) -> String {
    folder.canonicalize().unwrap_or_else(|_| folder.to_owned()).to_string_lossy().into_owned()
}

/// What all cases depend on.
pub fn common(set: &ProfileSet) -> String {
    let mut parts = env!("CARGO_PKG_VERSION").to_owned();
    // A program that was built anew may do otherwise whatever its version says.
    if let Ok(meta) = std::env::current_exe().and_then(std::fs::metadata) {
        parts += " ";
        parts.extend([meta.len().to_string(), format!("{:?}", meta.modified().ok())]);
    }
    for profile in set.profiles() {
        // Any of them may take a capture from another one.
        parts.extend(["\n", &profile.id, &format!(" {:?} ", profile.kind)]);
        parts.push_str(if set.may_choose(&profile.id) { "chosen" } else { "named" });
        for spec in &profile.matches {
            let mut spec = spec.clone();
            spec.span = 0..0;
            parts.extend([format!(" {spec:?}")]);
        }
    }
    parts
}

/// The hash of a case; none where its files cannot be read.
pub fn hash(case: &Case, set: &ProfileSet, common: &str) -> Option<String> {
    let mut parts = common.as_bytes().to_vec();
    for id in [case.profile.as_str(), GENERIC] {
        parts.extend(set.get(id).map_or("", |profile| &profile.hash).bytes());
    }
    let mut names: Vec<PathBuf> = std::fs::read_dir(&case.folder)
        .ok()?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<std::io::Result<_>>()
        .ok()?;
    names.sort();
    for path in names.iter().filter(|path| path.is_file()) {
        parts.extend(path.as_os_str().as_encoded_bytes());
        parts.extend(id::sha256(&std::fs::read(path).ok()?));
    }
    Some(id::hex(&id::sha256(&parts)))
}
