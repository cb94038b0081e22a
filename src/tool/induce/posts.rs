//! Posts of a forum that no platform profile knows: `[split.thread]` and `[piece]`.
//!
//! A post is one of several siblings with the same name that hold most of the page's text, each
//! with a moment and the name of a member.

use std::collections::BTreeMap;

use super::element::Element;
use super::sample::Sample;
use super::{Proposal, chrome, key, share, write};
use crate::annotate::date::{self, Reading};
use crate::model::date::DateOptions;

/// Share of the page's main content that the posts must hold, per mille.
const MAIN: usize = 800;

/// Share of the posts that must have a body, a date, an author, per mille.
const POSTS: usize = 950;

/// Fewest posts that some capture must show.
const LEAST: usize = 3;

/// Share of a post's main content that its body must hold, per mille.
const BODY: usize = 900;

/// Longest name of a member, in characters.
const MOST_NAME: usize = 40;

/// Words in the names of elements that name a member.
const MEMBER: [&str; 9] =
    ["author", "by", "member", "name", "nick", "poster", "user", "username", "writer"];

/// A post: the capture and the place of its element.
type Post = (usize, usize);

/// What is learnt of a forum.
pub(super) struct Posts {
    /// `[split.thread]` and `[piece]`.
    pub(super) proposals: Vec<Proposal>,
    /// The selector of the posts.
    pub(super) post: String,
    /// Those of body, author and date.
    pub(super) parts: Vec<String>,
}

/// `[split.thread]` and `[piece]`, if the pages are threads.
pub(super) fn find(samples: &[&Sample]) -> Option<Posts> {
    let (post, posts) = containers(samples)?;
    let inside = Inside::read(samples, &posts);
    let body = inside.best(|name, found| {
        inside.is_single(name).then(|| body(samples, &posts, found)).flatten()
    })?;
    let author =
        inside.best(|name, found| author(samples, &posts, (name, found), &inside, &body))?;
    let published = inside.best(|_, found| moment(samples, &posts, found))?;
    let captures = samples.len();
    let count = |name: &str| inside.firsts.get(name).map_or(0, |all| all.iter().flatten().count());
    let number = posts.len();
    let note = |what: &str, name: &str| format!("{} of {number} posts have {what}", count(name));
    let proposal = |table, name: &str, value: String, note: String| Proposal {
        table,
        name: name.to_owned(),
        value,
        note,
    };
    let has_datetime =
        inside.elements(samples, &published).any(|it| it.attribute("datetime").is_some());
    let attr = if has_datetime { ", attr = \"datetime\"" } else { "" };
    let css = |name: &str| write::quoted(name);
    let proposals = vec![
        proposal(
            "split.thread",
            "post",
            css(&post),
            format!("{number} posts on {captures} captures"),
        ),
        proposal("split.thread", "body", css(&body), note("a body", &body)),
        proposal(
            "piece",
            "posted_by",
            format!("[{{ css = {} }}]", css(&author)),
            note("an author", &author),
        ),
        proposal(
            "piece",
            "published",
            format!("[{{ css = {}{attr} }}, {{ inherit = true }}]", css(&published)),
            note("a moment", &published),
        ),
    ];
    Some(Posts { proposals, post, parts: vec![body, author, published] })
}

/// How much text is left out, how many there are, and how much the name says: less is better.
type Rank = (usize, usize, (u8, usize));

/// The selector of the posts, and these.
fn containers(samples: &[&Sample]) -> Option<(String, Vec<Post>)> {
    let mut found: BTreeMap<String, Vec<Post>> = BTreeMap::new();
    for (number, sample) in samples.iter().enumerate() {
        for (place, element) in sample.elements.iter().enumerate() {
            for name in key::names(element) {
                found.entry(name).or_default().push((number, place));
            }
        }
    }
    let mut best: Option<(Rank, String, Vec<Post>)> = None;
    for (name, posts) in found {
        let Some(words) = hold_the_text(samples, &posts) else { continue };
        // The widest holds author and date too; of two that are as wide the better name.
        let rank = (usize::MAX - words, posts.len(), key::rank(&name));
        if best.as_ref().is_none_or(|(known, ..)| rank < *known) {
            best = Some((rank, name, posts));
        }
    }
    best.map(|(_, name, posts)| (name, posts))
}

/// Words of the elements, where these are siblings, dated, and hold the text of all captures.
fn hold_the_text(samples: &[&Sample], posts: &[Post]) -> Option<usize> {
    let (mut words, mut largest, mut with) = (0, 0, 0);
    for (number, sample) in samples.iter().enumerate() {
        let own: Vec<&Element> = posts
            .iter()
            .filter(|(capture, _)| *capture == number)
            .filter_map(|(_, place)| sample.elements.get(*place))
            .collect();
        let Some(first) = own.first() else { continue };
        if own.iter().any(|it| it.parent != first.parent || it.name != first.name) {
            return None;
        }
        let facts: Vec<_> = own
            .iter()
            .flat_map(|it| sample.facts.get(sample.blocks_of(it)).unwrap_or_default())
            .collect();
        let main: usize = facts.iter().filter(|it| it.is_main()).map(|it| it.words).sum();
        if share(main, sample.main_words()) < MAIN {
            return None;
        }
        with += usize::from(own.len() >= 2);
        largest = largest.max(own.len());
        words += facts.iter().map(|it| it.words).sum::<usize>();
    }
    let dated = posts.iter().filter(|post| has_moment(samples, **post)).count();
    let enough = with >= chrome::half(samples.len()) && largest >= LEAST;
    (enough && share(dated, posts.len()) >= POSTS).then_some(words)
}

/// Whether some element of a post is a moment.
fn has_moment(samples: &[&Sample], (number, place): Post) -> bool {
    let Some(sample) = samples.get(number) else { return false };
    let Some(post) = sample.elements.get(place) else { return false };
    let inside = sample.elements.get(place + 1..post.end).unwrap_or_default();
    inside.iter().any(|element| is_moment(sample, element))
}

fn is_moment(sample: &Sample, element: &Element) -> bool {
    let reads = |text: &str| {
        matches!(
            date::read(text, &DateOptions::default(), None),
            Reading::Date(_) | Reading::Relative | Reading::Ambiguous
        )
    };
    match element.attribute("datetime") {
        Some(value) => reads(value),
        None => element.text.len() <= 60 && reads(&sample.text_of(element)),
    }
}

/// The elements inside posts, by selector: the first of each post, and whether there is one alone.
struct Inside {
    firsts: BTreeMap<String, Vec<Option<usize>>>,
    several: BTreeMap<String, usize>,
    posts: Vec<Post>,
}

impl Inside {
    fn read(samples: &[&Sample], posts: &[Post]) -> Self {
        let mut firsts: BTreeMap<String, Vec<Option<usize>>> = BTreeMap::new();
        let mut several: BTreeMap<String, usize> = BTreeMap::new();
        for (index, (number, place)) in posts.iter().enumerate() {
            let Some(sample) = samples.get(*number) else { continue };
            let end = sample.elements.get(*place).map_or(0, |post| post.end);
            for inner in *place + 1..end {
                let Some(element) = sample.elements.get(inner) else { continue };
                let mut names = key::names(element);
                if element.name == "time" {
                    names.push("time".to_owned());
                }
                for name in names {
                    let all = firsts.entry(name.clone()).or_insert_with(|| vec![None; posts.len()]);
                    match all.get_mut(index) {
                        Some(slot @ None) => *slot = Some(inner),
                        _ => *several.entry(name).or_default() += 1,
                    }
                }
            }
        }
        Self { firsts, several, posts: posts.to_vec() }
    }

    /// The selector with the lowest rank.
    fn best<R: Ord>(&self, rank: impl Fn(&str, &[Option<usize>]) -> Option<R>) -> Option<String> {
        let ranked = self
            .firsts
            .iter()
            .filter_map(|(name, found)| Some(((rank(name, found)?, key::rank(name), name), name)));
        ranked.min_by(|one, other| one.0.cmp(&other.0)).map(|(_, name)| name.clone())
    }

    fn elements<'s>(
        &'s self,
        samples: &'s [&Sample],
        name: &str,
    ) -> impl Iterator<Item = &'s Element> {
        let found = self.firsts.get(name).map(Vec::as_slice).unwrap_or_default();
        self.posts
            .iter()
            .zip(found)
            .filter_map(|((number, _), place)| samples.get(*number)?.elements.get((*place)?))
    }

    fn is_single(&self, name: &str) -> bool {
        self.several.get(name).copied().unwrap_or(0) == 0
    }
}

/// The smallest element that holds nearly all text of each post: its rank is its words.
fn body(samples: &[&Sample], posts: &[Post], found: &[Option<usize>]) -> Option<usize> {
    if share(found.iter().flatten().count(), posts.len()) < POSTS {
        return None;
    }
    let (mut inside, mut all, mut words) = (0, 0, 0);
    for ((number, place), inner) in posts.iter().zip(found) {
        let sample = samples.get(*number)?;
        let main = |element: &Element| -> (usize, usize) {
            let facts = sample.facts.get(sample.blocks_of(element)).unwrap_or_default();
            let main = facts.iter().filter(|it| it.is_main()).map(|it| it.words).sum();
            (main, facts.iter().map(|it| it.words).sum())
        };
        all += sample.elements.get(*place).map_or(0, |post| main(post).0);
        let own = inner.and_then(|inner| sample.elements.get(inner)).map_or((0, 0), main);
        inside += own.0;
        words += own.1;
    }
    (share(inside, all) >= BODY).then_some(words)
}

/// A short text outside the body, in an element whose name says that it names a member.
fn author(
    samples: &[&Sample],
    posts: &[Post],
    (name, found): (&str, &[Option<usize>]),
    inside: &Inside,
    body: &str,
) -> Option<usize> {
    let says = key::words(name).any(|word| MEMBER.contains(&word.as_str()));
    if !says || share(found.iter().flatten().count(), posts.len()) < POSTS {
        return None;
    }
    let bodies = inside.firsts.get(body)?;
    let mut length = 0;
    for (((number, _), place), body) in posts.iter().zip(found).zip(bodies) {
        let sample = samples.get(*number)?;
        let Some(place) = place else { continue };
        let element = sample.elements.get(*place)?;
        let text = sample.text_of(element);
        let in_body = body.is_some_and(|body| {
            sample.elements.get(body).is_some_and(|it| (body..it.end).contains(place))
        });
        let letters = text.chars().count();
        if in_body || letters == 0 || letters > MOST_NAME || is_moment(sample, element) {
            return None;
        }
        length += letters;
    }
    Some(length)
}

/// The element that is a moment in each post.
fn moment(samples: &[&Sample], posts: &[Post], found: &[Option<usize>]) -> Option<(bool, usize)> {
    let mut length = 0;
    let mut attribute = true;
    let mut count = 0;
    for ((number, _), place) in posts.iter().zip(found) {
        let sample = samples.get(*number)?;
        let Some(element) = place.and_then(|place| sample.elements.get(place)) else { continue };
        if !is_moment(sample, element) {
            return None;
        }
        count += 1;
        attribute &= element.attribute("datetime").is_some();
        length += element.text.len();
    }
    (share(count, posts.len()) >= POSTS).then_some((!attribute, length))
}
