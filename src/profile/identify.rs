//! Which profile cleans a capture: one total order, printed by `explain`.
//!
//! named > host and longest path > host > parent domain > text signature of a site > fingerprint
//! of a platform > generic. Among equals the one with more conditions wins, then the id.

use std::collections::HashMap;
use std::sync::Arc;

use super::matcher::{MAX_SIGNATURE_BYTES, PatternId, Patterns, PatternsBuilder, inspect};
use super::program::{Profile, Rules};
use super::schema::{MatchSpec, ProfileKind};
use super::set::{GENERIC, ProfileSet};
use crate::model::capture::{Hints, Warning};
use crate::model::document::Document;

/// Why a profile was chosen; a smaller one beats a greater one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChosenBy {
    /// `--profile` or the sidecar names it.
    Named,
    /// Host and path of the address.
    HostPath,
    /// Host of the address.
    Host,
    /// A host above the address's.
    ParentDomain,
    /// Lines that a site's captures hold.
    TextSignature,
    /// Lines that a platform's captures hold.
    Fingerprint,
    /// Nothing else matched.
    Generic,
}

impl ChosenBy {
    /// The name in records.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Named => "named",
            Self::HostPath => "host_path",
            Self::Host => "host",
            Self::ParentDomain => "parent_domain",
            Self::TextSignature => "text_signature",
            Self::Fingerprint => "fingerprint",
            Self::Generic => "generic",
        }
    }
}

/// A profile that matches, and why.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The profile.
    pub profile: Arc<Profile>,
    /// The rank.
    pub by: ChosenBy,
    /// Length of the path and number of conditions: more wins.
    pub weight: (usize, usize),
    /// What matched, in words.
    pub because: String,
}

/// The profile for a capture.
#[derive(Debug, Clone)]
pub struct Choice {
    /// All that match, the chosen one first.
    pub candidates: Vec<Candidate>,
    /// A tie, or a profile that was asked for and is not there.
    pub warnings: Vec<Warning>,
    /// Which signature lines the capture holds.
    seen: Vec<bool>,
}

/// The signature lines of all profiles, matched in one pass.
#[derive(Debug)]
pub struct Signatures {
    patterns: Patterns,
    numbers: HashMap<String, PatternId>,
}

impl Signatures {
    /// Collects the lines of the profiles' matches and variants.
    pub(super) fn new(profiles: &[Arc<Profile>]) -> Self {
        let mut builder = PatternsBuilder::default();
        let mut numbers = HashMap::new();
        for profile in profiles {
            let variants = profile.variants.iter().map(|(_, when, _)| when);
            for spec in profile.matches.iter().chain(variants) {
                for text in &spec.text {
                    if inspect(&text.value).is_ok() {
                        numbers.insert(text.value.clone(), builder.add(&text.value, true));
                    }
                }
            }
        }
        Self { patterns: builder.build(), numbers }
    }

    /// Which of the lines a document holds.
    fn seen(&self, document: &Document) -> Vec<bool> {
        self.patterns.seen(document, MAX_SIGNATURE_BYTES)
    }

    fn count(&self, spec: &MatchSpec, seen: &[bool]) -> usize {
        let hit = |text: &str| {
            self.numbers.get(text).is_some_and(|id| seen.get(id.index()).copied().unwrap_or(false))
        };
        spec.text.iter().filter(|at| hit(&at.value)).count()
    }
}

/// Chooses the profile for a capture. `None` only where the set has no generic profile.
pub fn identify(
    document: &Document,
    hints: &Hints,
    named: Option<&str>,
    set: &ProfileSet,
) -> Option<Choice> {
    let mut warnings = Vec::new();
    let seen = set.signatures.seen(document);
    let address = hints.url.as_deref().and_then(|url| url::Url::parse(url).ok());
    let mut candidates = Vec::new();
    if let Some(id) = named.or(hints.profile.as_deref()) {
        match set.get(id) {
            Some(profile) => candidates.push(Candidate {
                profile: Arc::clone(profile),
                by: ChosenBy::Named,
                weight: (0, 0),
                because: "asked for".to_owned(),
            }),
            None => warnings.push(Warning::new("unknown_profile", id)),
        }
    }
    for profile in set.profiles() {
        if !set.may_choose(&profile.id) {
            continue;
        }
        let best = profile
            .matches
            .iter()
            .filter_map(|spec| weigh(spec, profile, address.as_ref(), hints, &seen, set))
            .min_by_key(|candidate| (candidate.by, std::cmp::Reverse(candidate.weight)));
        candidates.extend(best);
    }
    if let Some(generic) = set.get(GENERIC) {
        candidates.push(Candidate {
            profile: Arc::clone(generic),
            by: ChosenBy::Generic,
            weight: (0, 0),
            because: "no other profile matches".to_owned(),
        });
    }
    candidates.sort_by(|one, other| {
        (one.by, std::cmp::Reverse(one.weight), &one.profile.id).cmp(&(
            other.by,
            std::cmp::Reverse(other.weight),
            &other.profile.id,
        ))
    });
    if let [first, second, ..] = candidates.as_slice()
        && (first.by, first.weight) == (second.by, second.weight)
    {
        let detail = format!("{} and {}", first.profile.id, second.profile.id);
        warnings.push(Warning::new("profile_tie", detail));
    }
    (!candidates.is_empty()).then_some(Choice { candidates, warnings, seen })
}

/// Whether all conditions of one table hold, and how strong they are.
fn weigh(
    spec: &MatchSpec,
    profile: &Arc<Profile>,
    address: Option<&url::Url>,
    hints: &Hints,
    seen: &[bool],
    set: &ProfileSet,
) -> Option<Candidate> {
    let mut because = Vec::new();
    let mut by = match profile.kind {
        ProfileKind::Site => ChosenBy::TextSignature,
        ProfileKind::Platform => ChosenBy::Fingerprint,
    };
    let mut path_length = 0;
    let mut conditions = 0;
    if !spec.hosts.is_empty() {
        let host = address?.host_str()?.to_lowercase();
        let host = host.trim_start_matches("www.");
        by = if spec.hosts.iter().any(|known| known == host) {
            ChosenBy::Host
        } else if spec.subdomains && spec.hosts.iter().any(|known| is_below(host, known)) {
            ChosenBy::ParentDomain
        } else {
            return None;
        };
        conditions += 1;
        because.push(format!("host `{host}`"));
    }
    if let Some(path) = &spec.path {
        if !address?.path().starts_with(path.as_str()) {
            return None;
        }
        if by == ChosenBy::Host {
            by = ChosenBy::HostPath;
        }
        path_length = path.len();
        conditions += 1;
        because.push(format!("path `{path}`"));
    }
    if !spec.text.is_empty() {
        let count = set.signatures.count(spec, seen);
        if count < spec.min {
            return None;
        }
        conditions += count;
        because.push(format!("{count} of {} signature lines", spec.text.len()));
    }
    if !in_time(spec, hints.fetched_at.as_deref()) || because.is_empty() {
        return None;
    }
    Some(Candidate {
        profile: Arc::clone(profile),
        by,
        weight: (path_length, conditions),
        because: because.join(", "),
    })
}

fn is_below(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))
}

/// Whether the capture's day lies in the table's time; without a day no limit holds.
fn in_time(spec: &MatchSpec, fetched_at: Option<&str>) -> bool {
    let day = fetched_at.and_then(|at| at.get(..10));
    let before =
        spec.captured_before.as_deref().is_none_or(|limit| day.is_some_and(|day| day < limit));
    let after =
        spec.captured_after.as_deref().is_none_or(|limit| day.is_some_and(|day| day >= limit));
    before && after
}

impl Choice {
    /// The chosen profile.
    pub fn chosen(&self) -> Option<&Candidate> {
        self.candidates.first()
    }
}

/// The layout of a profile that a capture has: the first variant whose conditions hold, else the
/// usual one. Gives the variant's name too.
pub fn layout<'p>(
    profile: &'p Profile,
    choice: &Choice,
    hints: &Hints,
    set: &ProfileSet,
) -> (Option<&'p str>, &'p Rules) {
    for (name, when, rules) in &profile.variants {
        let limited = !when.text.is_empty()
            || when.captured_before.is_some()
            || when.captured_after.is_some();
        let text = set.signatures.count(when, &choice.seen) >= when.min;
        if limited && text && in_time(when, hints.fetched_at.as_deref()) {
            return (Some(name), rules);
        }
    }
    (None, &profile.rules)
}
