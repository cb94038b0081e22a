//! All profiles of a run, compiled once and shared.
//!
//! Takes files; gives a set, or every fault of every file. A user's file hides a built-in one of
//! the same id, and may extend it.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::compile::{When, compile};
use super::fault::{self, Fault, Origin, Problem, SourceFile};
use super::identify::Signatures;
use super::program::Profile;
use super::schema::Layer;
use super::{inherit, lint, read as reading};
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
    let mut layers: Vec<Arc<Layer>> = Vec::new();
    for file in files {
        let file = Arc::new(file);
        all.push_str(&file.path);
        all.push('\0');
        all.push_str(&file.text);
        all.push('\0');
        if let Some(layer) = reading::read(&file, id_of(&file.path), &mut faults) {
            layers.push(Arc::new(layer));
        }
    }
    let shared: HashMap<*const Layer, Arc<Layer>> =
        layers.iter().map(|layer| (Arc::as_ptr(layer), Arc::clone(layer))).collect();
    let mut newest: BTreeMap<&str, Vec<&Layer>> = BTreeMap::new();
    for layer in &layers {
        newest.entry(&layer.id).or_default().push(layer);
    }
    for same in newest.values_mut() {
        same.sort_by_key(|layer| std::cmp::Reverse(layer.file.origin));
        for pair in same.windows(2) {
            if let [one, other] = pair
                && one.file.origin == other.file.origin
            {
                let problem =
                    Problem::DuplicateId { id: one.id.clone(), other: one.file.path.clone() };
                let span = 0..other.file.text.find('\n').unwrap_or(other.file.text.len());
                faults.push(Fault { problem, file: Arc::clone(&other.file), span });
            }
        }
    }
    let ids: Vec<&str> = newest.keys().copied().collect();
    let find = |id: &str, asking: &Layer| -> Option<&Layer> {
        let same = newest.get(id)?;
        // A file that extends its own id means the one that it hides.
        same.iter()
            .find(|layer| id != asking.id || layer.file.origin < asking.file.origin)
            .or_else(|| same.iter().find(|layer| std::ptr::eq(**layer, asking)))
            .copied()
    };
    let mut profiles = Vec::new();
    for same in newest.values() {
        let Some(layer) = same.first() else { continue };
        match inherit::chain(layer, &find, &ids) {
            Ok(chain) => {
                let chain: Vec<Arc<Layer>> = chain
                    .iter()
                    .filter_map(|layer| shared.get(&std::ptr::from_ref(*layer)))
                    .cloned()
                    .collect();
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
    let active: Vec<&Layer> = newest.values().filter_map(|same| same.first().copied()).collect();
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
    (Some(ProfileSet { profiles, without, signatures, hash }), faults)
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
