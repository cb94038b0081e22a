//! All profiles of a run, compiled once and shared.
//!
//! Takes files; gives a set, or every fault of every file. A user's file hides a built-in one of
//! the same id, and may extend it.

use std::sync::Arc;

use super::asked::Asked;
use super::compile::{When, compile};
use super::fault::{self, Fault, Origin, SourceFile};
use super::identify::Signatures;
use super::lint;
use super::program::Profile;
use super::stack::Stack;
use crate::model::id;

/// Id of the profile for captures that match nothing.
pub const GENERIC: &str = "generic-text";

/// The files under `profiles/`, by path, as they were when the program was built.
const BUILT_IN: &[(&str, &str)] = &include!(concat!(env!("OUT_DIR"), "/profiles.rs"));

/// Compiled profiles.
#[derive(Debug)]
pub struct ProfileSet {
    profiles: Vec<Arc<Profile>>,
    /// Profiles that may not be chosen.
    without: Vec<String>,
    /// What chooses a profile.
    pub signatures: Signatures,
    /// The attributes that the profiles ask for.
    pub asked: Asked,
    /// First 16 hex digits of SHA-256 over all files.
    hash: String,
}

/// Which files are checked beyond what loading needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lint {
    /// All, built-in ones too.
    All,
    /// The user's own: built-in ones were checked before they were built in.
    Own,
}

/// The files that are compiled in.
pub fn built_in() -> Vec<SourceFile> {
    BUILT_IN
        .iter()
        .map(|(path, text)| SourceFile {
            path: format!("built-in:{}", path.trim_start_matches("profiles/")),
            text: (*text).to_owned(),
            origin: Origin::BuiltIn,
        })
        .collect()
}

/// The id of the profile in a file: its name without folder and ending.
pub fn id_of(path: &str) -> &str {
    let name = path.rsplit(['/', '\\', ':']).next().unwrap_or(path);
    name.strip_suffix(".toml").unwrap_or(name)
}

/// Reads, compiles and checks files. Gives the set, unless a file has an error, and all faults,
/// warnings included, in the order of files and places.
pub fn load(
    files: Vec<SourceFile>,
    without: &[String],
    lint: Lint,
    read: lint::ReadText,
) -> (Option<ProfileSet>, Vec<Fault>) {
    let mut faults = Vec::new();
    let mut all = String::new();
    for file in &files {
        all.extend([file.path.as_str(), "\0", file.text.as_str(), "\0"]);
    }
    let asked = Asked::of(&all);
    let stack = Stack::read(files, &mut faults);
    let mut profiles = Vec::new();
    let active = stack.active();
    for layer in &active {
        match stack.chain(layer) {
            Ok(chain) => {
                let chain = stack.shared(&chain);
                // Imported profiles are many, and each run needs few: `check` compiles all of them.
                let is_imported = layer.file.origin == Origin::Imported;
                let when = if is_imported && lint == Lint::Own { When::Late } else { When::Now };
                if let Some(mut profile) = compile(&chain, when, &mut faults) {
                    let wanted = lint == Lint::All || layer.file.origin != Origin::BuiltIn;
                    if wanted && when == When::Now {
                        lint::check(&profile, &chain, read, &mut faults);
                    }
                    if is_imported {
                        profile.layouts.take();
                    }
                    profiles.push(Arc::new(profile));
                }
            }
            Err(fault) => faults.push(fault),
        }
    }
    lint::ties(&active, &mut faults);
    fault::sort(&mut faults);
    for id in without {
        all.extend(["without ", id, "\0"]);
    }
    let hash = id::hex(id::sha256(all.as_bytes()).get(..8).unwrap_or_default());
    if faults.iter().any(|fault| !fault.problem.is_warning()) {
        return (None, faults);
    }
    let signatures = Signatures::new(&profiles);
    let without = without.to_vec();
    (Some(ProfileSet { profiles, without, signatures, asked, hash }), faults)
}

impl ProfileSet {
    /// The profiles, by id.
    pub fn profiles(&self) -> &[Arc<Profile>] {
        &self.profiles
    }

    /// The profile of that id, also where it may not be chosen by itself.
    pub fn get(&self, id: &str) -> Option<&Arc<Profile>> {
        let place = self.profiles.binary_search_by(|profile| profile.id.as_str().cmp(id)).ok()?;
        self.profiles.get(place)
    }

    /// Whether a profile may be chosen.
    pub fn may_choose(&self, id: &str) -> bool {
        !self.without.iter().any(|without| without == id)
    }

    /// First 16 hex digits of SHA-256 over all files: changes with any rule.
    pub fn hash(&self) -> &str {
        &self.hash
    }
}
