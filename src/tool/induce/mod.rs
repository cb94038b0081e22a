//! Learns the draft of a profile from captures of one site.
//!
//! Takes captures; gives a TOML file whose every rule carries its evidence. It proposes, a person
//! decides: nothing here is applied. Pure and deterministic: the same captures give the same bytes,
//! in whatever order they come.

mod blocks;
mod body;
mod chrome;
mod distinct;
mod element;
mod facts;
mod key;
mod lines;
mod matches;
mod pattern;
mod platform;
mod posts;
mod sample;
mod write;

use crate::annotate::date::{self, Reading};
use crate::model::capture::Capture;
use crate::model::date::DateOptions;
use crate::parse;
use crate::profile::fault::{Origin, SourceFile};
use crate::profile::set::{self, GENERIC, Lint, ProfileSet};
use crate::strip::generic::Judge;
pub use sample::Sample;

/// Fewest different captures that a person's draft is learnt from.
pub const LEAST: usize = 3;

/// The profile of furniture that any site may have, for those that judge nothing else.
const FURNITURE: &str = "web";

/// Most captures that are looked at.
pub const MOST: usize = 20;

/// Why there is no draft.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Too few captures of different pages.
    #[error(
        "{distinct} different captures of one kind, pages or texts, are too few to tell furniture \
         from content: need {} more", least - distinct
    )]
    TooFew {
        /// Different ones among the more frequent kind.
        distinct: usize,
        /// How many it takes.
        least: usize,
    },
}

/// One line of a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Proposal {
    /// Its table, as `strip.select`.
    table: &'static str,
    /// Its key.
    name: String,
    /// Its value, as TOML.
    value: String,
    /// What speaks for it.
    note: String,
}

/// A draft while it is put together.
#[derive(Debug, Clone, Default)]
struct Draft {
    /// The profiles that it builds on or gives way to.
    chain: Vec<String>,
    /// Comments at the top.
    about: Vec<String>,
    /// Keys at the top and `[[match]]`, as TOML.
    head: String,
    proposals: Vec<Proposal>,
}

/// A draft of a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Learnt {
    /// Id of the profile: the host with hyphens for dots.
    pub id: String,
    /// The profiles that it builds on or gives way to.
    pub chain: Vec<String>,
    /// The file.
    pub toml: String,
    /// How many rules and facts it has.
    pub rules: usize,
    /// Paths of the captures that it was learnt from, in their order.
    pub learnt_from: Vec<String>,
    /// What a person should know beside it.
    pub notes: Vec<String>,
}

/// How much of something, per mille.
fn share(part: usize, whole: usize) -> usize {
    (part * 1000).checked_div(whole).unwrap_or(0)
}

/// Id of the profile for a host: `www.gazette.example` gives `gazette-example`.
pub fn id_of_host(host: &str) -> String {
    let host = host.to_ascii_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    host.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' }).collect()
}

/// Learns a draft for `host` from at least `least` different captures.
///
/// # Errors
/// Where there are fewer.
pub fn learn(
    host: &str,
    samples: &[&Sample],
    set: &ProfileSet,
    least: usize,
) -> Result<Learnt, Refusal> {
    let distinct = distinct::distinct(samples.to_vec());
    let pages: Vec<&Sample> = distinct.iter().copied().filter(|it| it.is_page()).collect();
    let texts: Vec<&Sample> = distinct.iter().copied().filter(|it| !it.is_page()).collect();
    let largest = pages.len().max(texts.len());
    if largest < least {
        return Err(Refusal::TooFew { distinct: largest, least });
    }
    let id = id_of_host(host);
    let host = host.strip_prefix("www.").unwrap_or(host);
    let mut draft = Draft::default();
    let (tables, mut notes) = matches::find(host, &distinct);
    let platform = platform::of(&distinct);
    let has_posts = platform.as_ref().is_some_and(|(platform, _)| platform.has_posts);
    let posts = if has_posts || pages.len() < least { None } else { posts::find(&pages) };
    let mut flat = chrome::Ground::read(&texts);
    let heads =
        if has_posts || texts.len() < least { None } else { blocks::posts(&texts, &mut flat) };
    let extends = match &platform {
        Some((platform, _)) => platform.id.clone(),
        // What stands in a post's body is the member's: no classifier has a say in it.
        None if posts.is_some() || heads.is_some() => FURNITURE.to_owned(),
        None => GENERIC.to_owned(),
    };
    draft.about.push(format!("A draft for {host}, learnt from {} captures.", distinct.len()));
    if let Some((platform, count)) = &platform {
        draft.about.extend(platform::evidence(platform, *count, &distinct));
        notes.extend(platform::note(platform, &distinct));
    }
    for parent in [extends.as_str(), GENERIC] {
        draft.chain.push(parent.to_owned());
        draft.chain.extend(set.get(parent).into_iter().flat_map(|it| it.chain.clone()));
    }
    draft.head = head(host, &extends, &distinct) + &tables;
    notes.extend(distinct::note(&pages));
    for (kind, few) in [("pages", pages.len()), ("texts", texts.len())] {
        if (1..least).contains(&few) {
            notes
                .push(format!("{few} {kind} are too few to learn from: need {} more", least - few));
        }
    }
    if !has_posts {
        if pages.len() >= least {
            draft.proposals.extend(of_pages(&pages, posts));
        }
        if texts.len() >= least {
            draft.proposals.extend(heads.into_iter().flatten());
            draft.proposals.extend(lines::regions(&texts, &mut flat));
            draft.proposals.extend(lines::find(&texts, &mut flat, false));
        }
    }
    let (chain, rules) = (draft.chain.clone(), draft.proposals.len());
    let toml = sound(&id, draft);
    let learnt_from = distinct.iter().map(|sample| sample.capture.path.clone()).collect();
    Ok(Learnt { id, chain, toml, rules, learnt_from, notes })
}

/// What is learnt from pages.
fn of_pages(pages: &[&Sample], posts: Option<posts::Posts>) -> Vec<Proposal> {
    let keys = key::Keys::read(pages, chrome::half(pages.len()));
    let mut ground = chrome::Ground::read(pages);
    if let Some(posts) = posts {
        // What stands outside the posts is no part of them: no rule is needed.
        let within = keys.found.get(&posts.post);
        let spare = chrome::Spare { facts: &posts.parts, within };
        let mut proposals = posts.proposals;
        proposals.extend(chrome::find(pages, &keys, &spare, &mut ground));
        return proposals;
    }
    let alike = distinct::shapes(pages).into_iter().next().unwrap_or_default();
    let (mut proposals, places) = facts::find(&alike);
    proposals.extend(body::find(pages, &keys, &ground));
    let spare = chrome::Spare { facts: &places, within: None };
    proposals.extend(chrome::find(pages, &keys, &spare, &mut ground));
    proposals.extend(lines::find(pages, &mut ground, true));
    proposals
}

/// The keys at the top.
fn head(host: &str, extends: &str, samples: &[&Sample]) -> String {
    let days = samples.iter().filter_map(|sample| {
        let day = sample.capture.hints.fetched_at.as_deref()?.get(..10)?;
        let read = date::read(day, &DateOptions::default(), None);
        matches!(read, Reading::Date(found) if found.value == day).then_some(day)
    });
    let checked = days.max().map(|day| format!("checked = {day}\n"));
    format!(
        "schema  = 1\nkind    = \"site\"\nsummary = {}\n{}draft   = true\nextends = {}\n\n",
        write::quoted(&format!("{host}, a draft")),
        checked.unwrap_or_default(),
        write::quoted(extends),
    )
}

/// The draft without what lint calls an error.
fn sound(id: &str, mut draft: Draft) -> String {
    // Only what the draft builds on is compiled with it.
    let chain: Vec<&str> = draft.chain.iter().map(String::as_str).collect();
    let mut parents = set::built_in();
    parents.retain(|file| chain.contains(&set::id_of(&file.path)));
    loop {
        let (toml, places) = write::render(&draft);
        let path = format!("{id}.toml");
        let mut files = parents.clone();
        files.push(SourceFile { path: path.clone(), text: toml.clone(), origin: Origin::User });
        let (_, faults) = set::load(files, &[], Lint::Own, parse::text::parse);
        let bad: Vec<usize> = faults
            .iter()
            .filter(|fault| fault.file.path == path && !fault.problem.is_warning())
            .filter_map(|fault| places.iter().position(|place| place.contains(&fault.span.start)))
            .collect();
        if bad.is_empty() {
            return toml;
        }
        let mut number = 0;
        draft.proposals.retain(|_| {
            number += 1;
            !bad.contains(&(number - 1))
        });
    }
}

/// Reads, judges and cleans a capture.
pub fn prepare(capture: Capture, set: &ProfileSet, judge: &Judge) -> Sample {
    Sample::new(capture, set, judge)
}

/// The capture among some that shows the same page.
pub fn known<'s>(samples: &'s [Sample], sample: &Sample) -> Option<&'s Sample> {
    samples.iter().find(|known| distinct::are_one_page(known, sample))
}

/// The captures without those that show a page again, in the order of their paths.
pub fn different(samples: &[Sample]) -> Vec<&Sample> {
    distinct::distinct(samples.iter().collect())
}
