//! Which profile cleans a capture: one total order, printed by `explain`.
//!
//! named > host and longest path > host > parent domain > text signature of a site > fingerprint
//! of a platform > generic. Among equals the longer path wins, then one whose posts the page shows,
//! then more conditions, then the id.

use std::collections::HashMap;
use std::sync::Arc;

use super::matcher::{MAX_SIGNATURE_BYTES, PatternId, Patterns, PatternsBuilder, inspect};
use super::program::{Profile, Rules};
use super::schema::{MatchSpec, ProfileKind, Subdomains};
use super::selector::{Selectors, SelectorsBuilder, Want};
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
    /// Length of the path, whether the page shows posts of it, number of conditions: more wins.
    pub weight: (usize, bool, usize),
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
    /// Which signature lines, or which fingerprints, the capture holds.
    seen: Vec<bool>,
    is_page: bool,
    /// The address of the capture.
    address: Option<url::Url>,
}

/// The signature lines and fingerprints of all profiles, matched in one pass.
#[derive(Debug)]
pub struct Signatures {
    patterns: Patterns,
    numbers: HashMap<String, PatternId>,
    /// The fingerprints of pages.
    pub selectors: Selectors,
    fingerprints: HashMap<String, u32>,
    /// Places of the profiles that ask for a host, by host.
    by_host: HashMap<String, Vec<usize>>,
    /// Places of the profiles that may be chosen without one.
    without_host: Vec<usize>,
}

/// What a capture shows of itself before its profile is known.
#[derive(Clone, Copy)]
pub enum Seen<'s> {
    /// A text, in lines.
    Text(&'s Document),
    /// A page: which fingerprints it has, and the address that it names itself.
    Page {
        /// One for each of [`Signatures::selectors`].
        fingerprints: &'s [bool],
        /// `<link rel="canonical">` or the like.
        address: Option<&'s str>,
        /// Whether it has an element that one of some selectors matches; asked only where several
        /// profiles are alike.
        shows: &'s dyn Fn(&Selectors) -> bool,
    },
}

impl Signatures {
    /// Collects the lines of the profiles' matches and variants.
    pub(super) fn new(profiles: &[Arc<Profile>]) -> Self {
        let mut builder = PatternsBuilder::default();
        let mut numbers = HashMap::new();
        let mut selectors = SelectorsBuilder::default();
        let mut fingerprints = HashMap::new();
        let mut by_host: HashMap<String, Vec<usize>> = HashMap::new();
        let mut without_host = Vec::new();
        for (place, profile) in profiles.iter().enumerate() {
            for spec in &profile.matches {
                if spec.hosts.is_empty() && without_host.last() != Some(&place) {
                    without_host.push(place);
                }
                for host in &spec.hosts {
                    by_host.entry(host.clone()).or_default().push(place);
                }
            }
            let layer = profile.layers.first();
            let variants = layer.into_iter().flat_map(|layer| &layer.variants).map(|v| &v.when);
            for spec in profile.matches.iter().chain(variants) {
                for css in &spec.selectors {
                    if let Ok(number) = selectors.add(&css.value, Want::Text) {
                        fingerprints.insert(css.value.clone(), number);
                    }
                }
                for text in &spec.text {
                    if inspect(&text.value).is_ok() {
                        numbers.insert(text.value.clone(), builder.add(&text.value, true));
                    }
                }
            }
        }
        Self {
            patterns: builder.build(),
            numbers,
            selectors: selectors.build(),
            fingerprints,
            by_host,
            without_host,
        }
    }

    /// The profiles that may match a capture of that address, by id: those that ask for its host
    /// or one above it, and those that ask for none.
    fn candidates<'p>(
        &self,
        address: Option<&url::Url>,
        profiles: &'p [Arc<Profile>],
    ) -> impl Iterator<Item = &'p Arc<Profile>> + use<'p> {
        let mut places = self.without_host.clone();
        let host = address.and_then(url::Url::host_str).map(str::to_lowercase);
        let mut rest = host.as_deref().map(|host| host.trim_start_matches("www."));
        while let Some(host) = rest {
            places.extend(self.by_host.get(host).into_iter().flatten());
            rest = host.split_once('.').map(|(_, above)| above);
        }
        places.sort_unstable();
        places.dedup();
        places.into_iter().filter_map(|place| profiles.get(place))
    }

    /// Which of the lines, or of the fingerprints, a capture holds; empty where it holds none.
    fn seen(&self, seen: Seen<'_>) -> Vec<bool> {
        let seen = match seen {
            Seen::Text(document) => self.patterns.seen(document, MAX_SIGNATURE_BYTES),
            Seen::Page { fingerprints, .. } => fingerprints.to_vec(),
        };
        if seen.contains(&true) { seen } else { Vec::new() }
    }

    /// Whether a page has all fingerprints of a table. A text has none.
    fn all_selectors(&self, spec: &MatchSpec, seen: &[bool], is_page: bool) -> bool {
        let has = |css: &str| {
            let number = self.fingerprints.get(css);
            number.is_some_and(|n| seen.get(*n as usize).copied().unwrap_or(false))
        };
        let may_have = is_page && !seen.is_empty();
        spec.selectors.is_empty() || (may_have && spec.selectors.iter().all(|css| has(&css.value)))
    }

    fn count(&self, spec: &MatchSpec, seen: &[bool]) -> usize {
        if seen.is_empty() {
            return 0;
        }
        let hit = |text: &str| {
            self.numbers.get(text).is_some_and(|id| seen.get(id.index()).copied().unwrap_or(false))
        };
        spec.text.iter().filter(|at| hit(&at.value)).count()
    }
}

/// Chooses the profile for a capture. `None` only where the set has no generic profile.
pub fn identify(
    capture: Seen<'_>,
    hints: &Hints,
    named: Option<&str>,
    set: &ProfileSet,
) -> Option<Choice> {
    let mut warnings = Vec::new();
    let seen = set.signatures.seen(capture);
    let (is_page, own) = match capture {
        Seen::Text(_) => (false, None),
        Seen::Page { address, .. } => (true, address),
    };
    let address = hints.url.as_deref().or(own).and_then(|url| url::Url::parse(url).ok());
    let mut candidates = Vec::new();
    if let Some(id) = named.or(hints.profile.as_deref()) {
        match set.get(id) {
            Some(profile) => candidates.push(Candidate {
                profile: Arc::clone(profile),
                by: ChosenBy::Named,
                weight: (0, false, 0),
                because: "asked for".to_owned(),
            }),
            None => warnings.push(Warning::new("unknown_profile", id)),
        }
    }
    for profile in set.signatures.candidates(address.as_ref(), set.profiles()) {
        if !set.may_choose(&profile.id) {
            continue;
        }
        let best = profile
            .matches
            .iter()
            .filter_map(|spec| weigh(spec, profile, address.as_ref(), hints, (&seen, is_page), set))
            .min_by_key(|candidate| (candidate.by, std::cmp::Reverse(candidate.weight)));
        candidates.extend(best);
    }
    if let Some(generic) = set.get(GENERIC) {
        candidates.push(Candidate {
            profile: Arc::clone(generic),
            by: ChosenBy::Generic,
            weight: (0, false, 0),
            because: "no other profile matches".to_owned(),
        });
    }
    sort(&mut candidates);
    if let Seen::Page { shows, .. } = capture {
        look_for_posts(&mut candidates, shows);
    }
    if let [first, second, ..] = candidates.as_slice()
        && (first.by, first.weight) == (second.by, second.weight)
    {
        let detail = format!("{} and {}", first.profile.id, second.profile.id);
        warnings.push(Warning::new("profile_tie", detail));
    }
    (!candidates.is_empty()).then_some(Choice { candidates, warnings, seen, is_page, address })
}

/// Puts candidates in order, the best one first.
fn sort(candidates: &mut [Candidate]) {
    candidates.sort_by(|one, other| {
        (one.by, std::cmp::Reverse(one.weight), &one.profile.id).cmp(&(
            other.by,
            std::cmp::Reverse(other.weight),
            &other.profile.id,
        ))
    });
}

/// Prefers, among the best that are alike but for their conditions, those whose posts the page
/// shows.
fn look_for_posts(candidates: &mut [Candidate], shows: &dyn Fn(&Selectors) -> bool) {
    let rank = |candidate: &Candidate| (candidate.by, candidate.weight.0);
    let Some(best) = candidates.first().map(rank) else { return };
    let alike = candidates.partition_point(|candidate| rank(candidate) == best);
    let Some(alike) = candidates.get_mut(..alike).filter(|alike| alike.len() > 1) else { return };
    for candidate in alike.iter_mut() {
        let split = candidate.profile.rules().markup.as_ref();
        if split.is_some_and(|split| !split.posts.is_empty() && shows(&split.posts)) {
            candidate.weight.1 = true;
            candidate.because.push_str(", posts");
        }
    }
    sort(alike);
}

/// Whether all conditions of one table hold, and how strong they are.
fn weigh(
    spec: &MatchSpec,
    profile: &Arc<Profile>,
    address: Option<&url::Url>,
    hints: &Hints,
    (seen, is_page): (&[bool], bool),
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
        let (host, is_own) = host(spec, address)?;
        by = if is_own { ChosenBy::Host } else { ChosenBy::ParentDomain };
        conditions += 1;
        because.push(format!("host `{host}`"));
    }
    if let Some(path) = &spec.path {
        if !begins_with(path, address) {
            return None;
        }
        if by == ChosenBy::Host {
            by = ChosenBy::HostPath;
        }
        path_length = path.len();
        conditions += 1;
        because.push(format!("path `{path}`"));
    }
    if !spec.selectors.is_empty() {
        if !set.signatures.all_selectors(spec, seen, is_page) {
            return None;
        }
        conditions += spec.selectors.len();
        let list: Vec<String> = spec.selectors.iter().map(|at| format!("`{}`", at.value)).collect();
        because.push(format!("selector {}", list.join(" and ")));
    }
    if !spec.text.is_empty() {
        if is_page {
            return None;
        }
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
        weight: (path_length, false, conditions),
        because: because.join(", "),
    })
}

/// The address's host, where the table names it, or one above it; and whether it is named itself.
fn host(spec: &MatchSpec, address: Option<&url::Url>) -> Option<(String, bool)> {
    let host = address?.host_str()?.to_lowercase();
    let host = host.trim_start_matches("www.").to_owned();
    if spec.subdomains != Subdomains::Only && spec.hosts.contains(&host) {
        return Some((host, true));
    }
    let is_below =
        spec.subdomains != Subdomains::No && spec.hosts.iter().any(|known| is_below(&host, known));
    is_below.then_some((host, false))
}

fn begins_with(path: &str, address: Option<&url::Url>) -> bool {
    address.is_some_and(|address| address.path().starts_with(path))
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
    for (name, when, rules) in profile.variants() {
        let address = choice.address.as_ref();
        let place = (when.hosts.is_empty() || host(when, address).is_some())
            && when.path.as_deref().is_none_or(|path| begins_with(path, address));
        let shape = if choice.is_page {
            when.text.is_empty() && set.signatures.all_selectors(when, &choice.seen, true)
        } else {
            when.selectors.is_empty() && set.signatures.count(when, &choice.seen) >= when.min
        };
        if place && shape && in_time(when, hints.fetched_at.as_deref()) {
            return (Some(name), rules);
        }
    }
    (None, profile.rules())
}
