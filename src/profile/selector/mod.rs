//! CSS selectors of a profile, bucketed: an element is compared only with selectors whose last
//! part names its id, one of its classes, its tag or one of its attributes.
//!
//! Selectors whose cost depends on how many siblings or descendants an element has (`:nth-child`,
//! `:has`) are run over the page as a whole, where their results are remembered from one element
//! to the next. So are those that do what CSS cannot: `read` makes steps of them, `run`
//! goes over the tree.

mod read;
mod run;
pub(super) mod sign;
mod steps;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use ego_tree::NodeId;
use html5ever::{LocalName, local_name};
use memchr::memmem;
use rustc_hash::FxHashMap;
use scraper::{ElementRef, Html, Selector};

pub use run::Looks;
use sign::split_top;
use steps::Chain;

/// Most steps from an element to one around it, over all selectors of a page: a hundred times as
/// many as on any of 1,497 real pages, where the most are 50,623.
const MAX_CLIMBS: u64 = 5_000_000;

/// Steps that selectors such as `.a .b` may still take from elements to those around them: each
/// costs the depth of the element, which a page can drive up at will. What comes behind the last
/// step is matched by no such selector.
#[derive(Debug, Clone, Copy)]
pub struct Climbs(u64);

impl Default for Climbs {
    fn default() -> Self {
        Self(MAX_CLIMBS)
    }
}

impl Climbs {
    fn take(&mut self, steps: u64) -> bool {
        self.0 = self.0.saturating_sub(steps);
        self.0 > 0
    }

    /// Whether all steps were taken.
    pub fn are_spent(self) -> bool {
        self.0 == 0
    }
}

/// What a selector is asked for, beside the blocks of what it matches.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Want {
    /// The text.
    Text,
    /// The value of an attribute.
    Attribute(String),
}

/// The selectors of one layout, while they are collected.
#[derive(Debug, Default)]
pub struct SelectorsBuilder {
    numbers: BTreeMap<(String, Want), u32>,
    list: Vec<(Vec<Part>, Want)>,
    /// Elements that are not dropped before the page is parsed, though others' are.
    kept: Vec<String>,
    /// Lists of the chains so far.
    lists: usize,
}

/// Selectors that can run over a page.
#[derive(Debug, Default)]
pub struct Selectors {
    wants: Vec<Want>,
    parts: Vec<(Part, u32)>,
    by_id: FxHashMap<String, Vec<u32>>,
    by_class: FxHashMap<String, Vec<u32>>,
    by_tag: FxHashMap<LocalName, Vec<u32>>,
    by_attribute: FxHashMap<LocalName, Vec<u32>>,
    any: Vec<u32>,
    costly: Vec<u32>,
    /// Those of `:named('…')`, by the first of its words.
    by_name: FxHashMap<String, Vec<u32>>,
    chains: Vec<(Chain, u32)>,
}

/// One of the alternatives between commas.
#[derive(Debug, Clone)]
struct Part {
    /// What `scraper` asks; none for names and chains.
    selector: Option<Selector>,
    chain: Option<Chain>,
    bucket: Bucket,
    /// Whether the bucket says all: `.signature`.
    exact: bool,
    /// Whether it names elements around the one it matches.
    climbs: bool,
    needle: Option<Needle>,
    costly: bool,
}

/// What an attribute holds where a selector matches: that of its bucket, or of its element.
#[derive(Debug, Clone)]
struct Needle {
    attribute: LocalName,
    /// Whether the value begins with it.
    starts: bool,
    value: memmem::Finder<'static>,
}

impl Needle {
    fn is_in(&self, text: &str) -> bool {
        if self.starts {
            text.as_bytes().starts_with(self.value.needle())
        } else {
            self.value.find(text.as_bytes()).is_some()
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Bucket {
    Id(String),
    Class(String),
    Tag(String),
    Attribute(String),
    Name(String),
    Any,
}

/// What the selectors match that are run over a page as a whole.
#[derive(Debug, Default)]
pub struct Costly {
    found: FxHashMap<NodeId, Vec<u32>>,
    /// Whether texts are among them.
    texts: bool,
}

impl Costly {
    /// The selectors that match a text.
    pub fn of_text(&self, text: NodeId) -> &[u32] {
        if !self.texts {
            return &[];
        }
        self.found.get(&text).map_or(&[][..], Vec::as_slice)
    }
}

impl SelectorsBuilder {
    /// For a page in which elements of these names, that are dropped otherwise, are kept.
    pub fn keeping(kept: &[String]) -> Self {
        Self { kept: kept.to_vec(), ..Self::default() }
    }

    /// The number of a selector.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn add(&mut self, css: &str, want: Want) -> Result<u32, String> {
        let key = (css.to_owned(), want);
        if let Some(number) = self.numbers.get(&key) {
            return Ok(*number);
        }
        let number = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        let parts = parts(css, &self.kept, &mut self.lists)?;
        self.list.push((parts, key.1.clone()));
        self.numbers.insert(key, number);
        Ok(number)
    }

    /// All selectors, bucketed.
    pub fn build(self) -> Selectors {
        let mut built = Selectors::default();
        for (number, (parts, want)) in (0..).zip(self.list) {
            built.wants.push(want);
            for part in parts {
                if let Some(chain) = part.chain {
                    built.chains.push((chain, number));
                    continue;
                }
                let place = u32::try_from(built.parts.len()).unwrap_or(u32::MAX);
                let bucket = match &part.bucket {
                    _ if part.costly => &mut built.costly,
                    Bucket::Id(id) => built.by_id.entry(id.clone()).or_default(),
                    Bucket::Class(class) => built.by_class.entry(class.clone()).or_default(),
                    Bucket::Tag(tag) => {
                        built.by_tag.entry(LocalName::from(tag.as_str())).or_default()
                    }
                    Bucket::Attribute(name) => {
                        built.by_attribute.entry(LocalName::from(name.as_str())).or_default()
                    }
                    Bucket::Name(word) => {
                        let first = word.split(stands_between).next().unwrap_or_default();
                        built.by_name.entry(first.to_owned()).or_default()
                    }
                    Bucket::Any => &mut built.any,
                };
                bucket.push(place);
                built.parts.push((part, number));
            }
        }
        built
    }
}

impl Selectors {
    /// How many selectors there are.
    pub fn len(&self) -> usize {
        self.wants.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.wants.is_empty()
    }

    /// What a selector is asked for.
    pub fn want(&self, number: u32) -> &Want {
        self.wants.get(number as usize).unwrap_or(&Want::Text)
    }

    /// Runs the selectors that are run over a page as a whole.
    pub fn costly(&self, html: &Html, looks: &mut Looks) -> Costly {
        let mut costly = Costly::default();
        for place in &self.costly {
            let Some((part, number)) = self.parts.get(*place as usize) else { continue };
            let Some(selector) = &part.selector else { continue };
            for element in html.select(selector) {
                costly.found.entry(element.id()).or_default().push(*number);
            }
        }
        if self.chains.is_empty() {
            return costly;
        }
        let tree = run::Tree::new(html);
        let mut run = run::Run::new(&tree, looks);
        for (chain, number) in &self.chains {
            for node in run.chain(chain, None) {
                costly.texts |= tree.is_text(node);
                costly.found.entry(node).or_default().push(*number);
            }
        }
        costly
    }

    /// The numbers of the selectors that match an element of that depth, each once, in order.
    pub fn matching(
        &self,
        (element, depth): (ElementRef<'_>, u16),
        costly: &Costly,
        climbs: &mut Climbs,
        found: &mut Vec<u32>,
    ) {
        found.clear();
        if self.is_empty() {
            return;
        }
        let value = element.value();
        if !self.by_name.is_empty() {
            self.named(element, found);
        }
        let mut test = |bucket: Option<&Vec<u32>>, text: Option<&str>, found: &mut Vec<u32>| {
            if let Some(bucket) = bucket {
                self.test(bucket, (element, depth), text, climbs, found);
            }
        };
        test(self.by_tag.get(&value.name.local), None, found);
        for (name, text) in &value.attrs {
            match name.local {
                local_name!("id") => test(self.by_id.get(&**text), None, found),
                local_name!("class") => {
                    for class in text.split_ascii_whitespace() {
                        test(self.by_class.get(class), None, found);
                    }
                }
                _ => {}
            }
            if !self.by_attribute.is_empty() {
                test(self.by_attribute.get(&name.local), Some(text), found);
            }
        }
        test(Some(&self.any), None, found);
        if let Some(numbers) = costly.found.get(&element.id()) {
            found.extend(numbers);
        }
        if found.len() > 1 {
            found.sort_unstable();
            found.dedup();
        }
    }

    /// Tests the selectors whose first word stands in the element's id or in one of its classes.
    fn named(&self, element: ElementRef<'_>, found: &mut Vec<u32>) {
        let values = [element.value().id(), element.value().attr("class")];
        for value in values.into_iter().flatten() {
            for first in value.split(stands_between) {
                for place in self.by_name.get(first).map_or(&[][..], Vec::as_slice) {
                    if let Some((Part { bucket: Bucket::Name(word), .. }, number)) =
                        self.parts.get(*place as usize)
                        && !found.contains(number)
                        && run::holds_word(value, word)
                    {
                        found.push(*number);
                    }
                }
            }
        }
    }

    fn test(
        &self,
        bucket: &[u32],
        (element, depth): (ElementRef<'_>, u16),
        text: Option<&str>,
        climbs: &mut Climbs,
        found: &mut Vec<u32>,
    ) {
        for place in bucket {
            let Some((part, number)) = self.parts.get(*place as usize) else { continue };
            let lacks = |needle: &Needle| {
                let own = || {
                    let mut all = element.value().attrs.iter();
                    all.find(|(name, _)| name.local == needle.attribute)
                };
                let text = text.or_else(|| own().map(|(_, value)| &**value)).unwrap_or_default();
                !needle.is_in(text)
            };
            if part.needle.as_ref().is_some_and(lacks) || found.contains(number) {
                continue;
            }
            let can = part.exact || !part.climbs || climbs.take(u64::from(depth) + 1);
            let matches = || part.selector.as_ref().is_some_and(|css| css.matches(&element));
            if can && (part.exact || matches()) {
                found.push(*number);
            }
        }
    }
}

/// The word of the first `:named('…')` of a selector that has too few letters to be peculiar.
pub fn short_name(css: &str) -> Option<&str> {
    let mut found = css.split(":named(").skip(1).filter_map(|rest| {
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        rest.get(1..)?.split(quote).next()
    });
    let letters = |word: &str| word.chars().filter(|c| c.is_alphanumeric()).count();
    found.find(|word| letters(word) < PECULIAR_LETTERS)
}

/// From this number of letters on a word is taken to be peculiar: `ad`, `top` and `bar` are not.
const PECULIAR_LETTERS: usize = 4;

/// Names of the elements that are dropped before a page is parsed.
pub const DROPPED: [&str; 3] = ["script", "style", "svg"];

/// What stands between the words of an id or a class.
fn stands_between(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '-' | '_')
}

/// Parses the alternatives of a selector.
fn parts(css: &str, kept: &[String], lists: &mut usize) -> Result<Vec<Part>, String> {
    let mut found = Vec::new();
    let all = split_top(css, |letter| letter == ',');
    if all.is_empty() {
        return Err("an empty selector".to_owned());
    }
    for text in all {
        let text = text.trim();
        // They are dropped before the page is parsed: such a selector would never match anything.
        let names = split_top(text, |c| c.is_whitespace() || matches!(c, '>' | '+' | '~'));
        let dropped = DROPPED.iter().filter(|name| !kept.iter().any(|kept| kept == *name));
        if let Some(name) =
            dropped.copied().find(|name| names.iter().any(|part| is_named(part, name)))
        {
            return Err(format!(
                "`{name}` elements are dropped before selectors are asked; `[prepare] keep` keeps them"
            ));
        }
        let special = Part {
            selector: None,
            chain: None,
            bucket: Bucket::Any,
            exact: false,
            climbs: false,
            needle: None,
            costly: false,
        };
        if let Some(word) = read::named_alone(text) {
            found.push(Part { bucket: Bucket::Name(word?), ..special });
            continue;
        }
        if read::is_needed(text) {
            found.push(Part { chain: Some(read::parse(text, lists)?), ..special });
            continue;
        }
        let selector = Selector::parse(text).map_err(|error| error.to_string())?;
        let costly = [":nth-", ":has(", ":only-", ":last-", ":first-of", ":empty"]
            .iter()
            .any(|costly| text.contains(costly));
        let compounds =
            split_top(text, |letter| letter.is_whitespace() || matches!(letter, '>' | '+'));
        let climbs = compounds.len() > 1;
        let last = compounds.last().map_or("", |last| last.trim());
        let (bucket, rest) = bucket(last);
        let exact = rest.is_empty() && last == text;
        let needle = match &bucket {
            Bucket::Attribute(_) | Bucket::Tag(_) => needle(&rest),
            Bucket::Id(_) | Bucket::Class(_) | Bucket::Name(_) | Bucket::Any => None,
        };
        let (selector, chain) = (Some(selector), None);
        found.push(Part { selector, chain, bucket, exact, climbs, needle, costly });
    }
    Ok(found)
}

/// Whether a compound selector names that element.
fn is_named(compound: &str, name: &str) -> bool {
    compound.trim().strip_prefix(name).is_some_and(|rest| {
        !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
    })
}

/// The most telling part of a compound selector, and what is left of it.
fn bucket(compound: &str) -> (Bucket, String) {
    if compound.contains('\\') {
        return (Bucket::Any, compound.to_owned());
    }
    let mut simple: Vec<&str> = Vec::new();
    let (mut from, mut depth) = (0, 0_u32);
    for (place, letter) in compound.char_indices() {
        if depth == 0 && place > from && matches!(letter, '.' | '#' | '[' | ':') {
            // The two colons of a pseudo-element are not parted.
            if !(letter == ':' && compound.get(from..place) == Some(":")) {
                simple.push(compound.get(from..place).unwrap_or_default());
                from = place;
            }
        }
        match letter {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    simple.push(compound.get(from..).unwrap_or_default());
    let rest = |used: &str| simple.iter().filter(|part| **part != used).copied().collect();
    let named = |sign: char| simple.iter().find(|part| part.starts_with(sign)).copied();
    if let Some(id) = named('#') {
        return (Bucket::Id(id.trim_start_matches('#').to_owned()), rest(id));
    }
    if let Some(class) = named('.') {
        return (Bucket::Class(class.trim_start_matches('.').to_owned()), rest(class));
    }
    let tag = simple.iter().find(|part| part.starts_with(|c: char| c.is_ascii_alphabetic()));
    if let Some(tag) = tag {
        return (Bucket::Tag(tag.to_ascii_lowercase()), rest(tag));
    }
    if let Some(attribute) = named('[') {
        let name: String = attribute
            .trim_start_matches('[')
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
            .collect();
        if !name.is_empty() {
            return (Bucket::Attribute(name.to_ascii_lowercase()), attribute.to_owned());
        }
    }
    (Bucket::Any, compound.to_owned())
}

/// What the value of an attribute must hold for the last `[name*='value']`, whatever the operator. Asked
/// before the selector is. Only for attributes whose values are compared letter by letter in HTML,
/// which those of `rel` and `type` are not.
fn needle(test: &str) -> Option<Needle> {
    let (compared, behind) = test.get(test.rfind('[')? + 1..)?.split_once('=')?;
    let name = compared.trim_end_matches(['~', '|', '^', '$', '*']);
    let sensitive = name.starts_with("data-")
        || matches!(name, "class" | "id" | "href" | "src" | "itemprop")
        || matches!(name, "name" | "content" | "property");
    let quote = behind.chars().next().filter(|first| matches!(first, '"' | '\''))?;
    let (value, rest) = behind.get(1..)?.split_once(quote)?;
    let is_plain = sensitive && rest == "]" && !value.is_empty() && !value.contains('\\');
    is_plain.then(|| Needle {
        attribute: LocalName::from(name),
        starts: !compared.ends_with(['~', '$', '*']),
        value: memmem::Finder::new(value).into_owned(),
    })
}
