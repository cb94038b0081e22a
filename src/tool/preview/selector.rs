//! Selectors that a profile could use: for each element of a page that holds blocks the one that is
//! most likely to hold on the next page of the site too.
//!
//! Takes the outline of a page; gives selectors with the blocks that they match. Knows no page: what
//! is stable is told by form alone.

use std::collections::HashMap;

use crate::model::outline::{Element, NONE, Outline};

/// Steps of a path such as `.story > div > p`.
const MAX_STEPS: u8 = 5;

/// Most elements that are looked at for paths, over all of a page: beyond, elements without an id,
/// attribute or class of their own get no selector.
const MAX_LOOKED_AT: usize = 5_000_000;

/// Longest id, class or value that is used, in bytes.
const MAX_NAME_BYTES: usize = 48;

/// Attributes that say what an element is for.
const TELLING: [&str; 7] =
    ["role", "itemprop", "data-role", "data-testid", "data-test", "data-component", "data-type"];

/// Roles of widgets: a page has many of each.
const WIDGETS: [&str; 16] = [
    "button",
    "link",
    "img",
    "presentation",
    "none",
    "list",
    "listitem",
    "menuitem",
    "tab",
    "tabpanel",
    "heading",
    "row",
    "cell",
    "group",
    "option",
    "text",
];

/// Tags that say what an element is for.
const TELLING_TAGS: [&str; 12] = [
    "nav",
    "header",
    "footer",
    "aside",
    "main",
    "article",
    "address",
    "figure",
    "figcaption",
    "form",
    "time",
    "body",
];

/// Classes that say how an element is at the moment, or how it is laid out.
const PASSING: [&str; 22] = [
    "active",
    "current",
    "selected",
    "open",
    "closed",
    "hidden",
    "visible",
    "show",
    "hide",
    "even",
    "odd",
    "first",
    "last",
    "left",
    "right",
    "clearfix",
    "clear",
    "row",
    "col",
    "container",
    "wrapper",
    "inner",
];

/// How a selector names its element, the most stable way first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Rank {
    Id,
    Attribute,
    Class,
    /// What an id with a number begins with.
    IdPrefix,
    Tag,
    /// A class with figures in it, or of the moment.
    PassingClass,
    /// So many steps from an element with a better one.
    Path(u8),
}

/// A selector.
#[derive(Debug, Clone)]
pub(super) struct Selector {
    pub(super) css: String,
    pub(super) rank: Rank,
    /// What it would be called in a profile.
    pub(super) stem: String,
    /// Blocks of the page inside what it matches.
    pub(super) blocks: u32,
    /// Of these, blocks that are kept now.
    pub(super) kept: u32,
    elements: Vec<u32>,
}

/// The selectors of a page.
#[derive(Debug, Default)]
pub(super) struct Selectors {
    pub(super) list: Vec<Selector>,
    /// For each element the number of its selector; [`NONE`] where it has none or holds no block.
    pub(super) of: Vec<u32>,
}

/// Finds the selectors of a page. `kept` says of each block whether it is kept.
pub(super) fn find(outline: &Outline, kept: &[bool]) -> Selectors {
    let holders = holders(outline);
    let mut own: HashMap<(Rank, String), Vec<u32>> = HashMap::new();
    for number in &holders {
        let Some(element) = outline.elements.get(*number as usize) else { continue };
        for candidate in candidates(element) {
            own.entry(candidate).or_default().push(*number);
        }
    }
    let mut found = Selectors { list: Vec::new(), of: vec![NONE; outline.elements.len()] };
    let mut known: HashMap<String, u32> = HashMap::new();
    let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
    for number in &holders {
        children.entry(outline.parent(*number)).or_default().push(*number);
    }
    let mut looked_at = 0;
    for number in &holders {
        let Some(element) = outline.elements.get(*number as usize) else { continue };
        // The best rank; of several classes the one that fewest elements have.
        let best = candidates(element).into_iter().min_by_key(|candidate| {
            let count = own.get(candidate).map_or(0, Vec::len);
            (candidate.0, count, candidate.1.clone())
        });
        let path = || path(&found, element);
        let Some((rank, css)) = best.or_else(path) else { continue };
        let place = if let Some(place) = known.get(&css) {
            *place
        } else {
            let elements = match rank {
                Rank::Path(_) => reached(outline, &found, &children, element),
                _ => own.get(&(rank, css.clone())).cloned().unwrap_or_default(),
            };
            looked_at += elements.len();
            if looked_at > MAX_LOOKED_AT {
                break;
            }
            let place = u32::try_from(found.list.len()).unwrap_or(NONE);
            known.insert(css.clone(), place);
            let stem = stem(&css);
            found.list.push(Selector { css, rank, stem, blocks: 0, kept: 0, elements });
            place
        };
        if let Some(slot) = found.of.get_mut(*number as usize) {
            *slot = place;
        }
    }
    count(outline, kept, &mut found.list);
    found
}

/// Elements that hold blocks, in the order of the page.
fn holders(outline: &Outline) -> Vec<u32> {
    let mut holds = vec![false; outline.elements.len()];
    for place in &outline.places {
        for (number, _) in outline.path(place.element) {
            match holds.get_mut(number as usize) {
                Some(slot) if !*slot => *slot = true,
                _ => break,
            }
        }
    }
    (0..).zip(holds).filter(|(_, holds)| *holds).map(|(number, _)| number).collect()
}

/// The selector of an element's parent.
fn around<'f>(found: &'f Selectors, element: &Element) -> Option<&'f Selector> {
    found.list.get(*found.of.get(element.parent as usize)? as usize)
}

/// A path to an element from the selector of the element around it.
fn path(found: &Selectors, element: &Element) -> Option<(Rank, String)> {
    if element.is_top || !is_name(&element.name) {
        return None;
    }
    let around = around(found, element)?;
    let steps = if let Rank::Path(steps) = around.rank { steps + 1 } else { 1 };
    (steps <= MAX_STEPS).then(|| (Rank::Path(steps), format!("{} > {}", around.css, element.name)))
}

/// The elements that the path to an element matches.
fn reached(
    outline: &Outline,
    found: &Selectors,
    children: &HashMap<u32, Vec<u32>>,
    element: &Element,
) -> Vec<u32> {
    let same = |number: &u32| {
        let child = outline.elements.get(*number as usize);
        child.is_some_and(|child| child.name == element.name && !child.is_top)
    };
    let parents = around(found, element).map_or(&[][..], |around| around.elements.as_slice());
    let all = parents.iter().filter_map(|parent| children.get(parent)).flatten().copied();
    let mut elements: Vec<u32> = all.filter(same).collect();
    elements.sort_unstable();
    elements
}

/// What can name an element by itself.
fn candidates(element: &Element) -> Vec<(Rank, String)> {
    let mut found = Vec::new();
    if let Some(id) = element.attribute("id").map(str::trim) {
        let prefix = id.trim_end_matches(|letter: char| letter.is_ascii_digit());
        if is_word(id) && is_stable(id) {
            found.push((Rank::Id, format!("#{id}")));
        } else if prefix.len() >= 3
            && prefix.len() < id.len()
            && is_word(prefix)
            && is_stable(prefix)
        {
            found.push((Rank::IdPrefix, format!("[id^='{prefix}']")));
        }
    }
    for name in TELLING {
        let value = element.attribute(name).map(str::trim).unwrap_or_default();
        if is_word(value) && is_stable(value) && !WIDGETS.contains(&value) {
            found.push((Rank::Attribute, format!("[{name}='{value}']")));
        }
    }
    for class in element.attribute("class").unwrap_or_default().split_ascii_whitespace() {
        let state =
            PASSING.contains(&class) || class.starts_with("is-") || class.starts_with("has-");
        match is_word(class) {
            true if is_stable(class) && !state => found.push((Rank::Class, format!(".{class}"))),
            true if !is_random(class) => found.push((Rank::PassingClass, format!(".{class}"))),
            _ => {}
        }
    }
    if TELLING_TAGS.contains(&element.name.as_str()) {
        found.push((Rank::Tag, element.name.clone()));
    }
    found
}

/// Whether a word can stand in a selector without escapes.
fn is_word(text: &str) -> bool {
    text.len() <= MAX_NAME_BYTES
        && text.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

fn is_name(tag: &str) -> bool {
    is_word(tag) && tag.bytes().all(|byte| byte != b'_')
}

/// Whether a word was given by a person: neither a number nor a hash is in it.
fn is_stable(word: &str) -> bool {
    !word.bytes().any(|byte| byte.is_ascii_digit()) && !is_random(word)
}

/// Whether the last part of a word reads like a hash: `sc-bdVaJa`, `title__aXbKq`.
fn is_random(word: &str) -> bool {
    let last = word.rsplit(['-', '_']).next().unwrap_or_default();
    let pairs = last.as_bytes().windows(2);
    let climbs = pairs
        .filter(|pair| matches!(pair, [a, b] if a.is_ascii_lowercase() && b.is_ascii_uppercase()));
    let figures = last.bytes().filter(u8::is_ascii_digit).count();
    let letters = last.bytes().filter(u8::is_ascii_alphabetic).count();
    let vowels = last.bytes().filter(|byte| b"aeiouyAEIOUY".contains(byte)).count();
    (last.len() >= 5 && last.len() <= 8 && climbs.count() >= 2 && vowels * 3 <= letters)
        || (last.len() >= 5 && figures >= 2 && letters >= 2 && figures + letters == last.len())
}

/// What a rule with that selector would be called: its last word.
fn stem(css: &str) -> String {
    let words =
        css.split(|letter: char| !(letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_')));
    let last = words.rev().find(|word| !word.is_empty()).unwrap_or("part");
    if css.contains(" > ") {
        let anchor = css.split(" > ").next().unwrap_or_default();
        return format!("{}-{last}", stem(anchor));
    }
    last.to_owned()
}

/// Counts the blocks inside what each selector matches.
fn count(outline: &Outline, kept: &[bool], list: &mut [Selector]) {
    let mut order: Vec<(u32, bool)> = outline
        .places
        .iter()
        .zip(kept)
        .filter(|(place, _)| place.element != NONE)
        .map(|(place, kept)| (place.element, *kept))
        .collect();
    order.sort_unstable();
    let mut sums = vec![0_u32];
    for (_, kept) in &order {
        sums.push(sums.last().copied().unwrap_or_default() + u32::from(*kept));
    }
    for selector in list {
        let mut behind = 0;
        for element in &selector.elements {
            let span = outline.span(*element);
            // What lies inside another match says nothing new.
            if span.start < behind {
                continue;
            }
            behind = span.end;
            let from = order.partition_point(|(element, _)| *element < span.start);
            let to = order.partition_point(|(element, _)| *element < span.end);
            selector.blocks += u32::try_from(to - from).unwrap_or(u32::MAX);
            let sum = |at: usize| sums.get(at).copied().unwrap_or_default();
            selector.kept += sum(to) - sum(from);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::document::Document;
    use crate::parse::html;
    use crate::profile::selector;

    fn outlined(markup: &str) -> Document {
        html::parse(markup).outlined(&selector::Selectors::default())
    }

    /// The selector of each block's own element.
    fn of(markup: &str) -> Vec<String> {
        let document = outlined(markup);
        let outline = document.markup.as_ref().unwrap().outline.as_deref().unwrap();
        let found = find(outline, &vec![true; document.blocks.len()]);
        let css = |element: u32| {
            let at = found.of[element as usize];
            found.list.get(at as usize).map_or("-".to_owned(), |own| own.css.clone())
        };
        outline.places.iter().map(|place| css(place.element)).collect()
    }

    #[test]
    fn the_most_stable_way_wins() {
        assert_eq!(of("<p id=lead class=x>a</p>"), ["#lead"]);
        assert_eq!(of("<p data-role=note class=x>a</p>"), ["[data-role='note']"]);
        assert_eq!(of("<p role=button class='even share'>a</p>"), [".share"]);
        assert_eq!(of("<p id=post-17>a</p>"), ["[id^='post-']"]);
        assert_eq!(of("<p class='css-x7f9a sc-bdVaJa'>a</p>"), ["body > p"]);
        assert_eq!(of("<p class=col-6>a</p>"), [".col-6"]);
        assert_eq!(of("<nav>a</nav>"), ["nav"]);
        assert_eq!(of("<div class=story><ul><li>a<li>b</ul></div>"), [".story > ul > li"; 2]);
        assert_eq!(of("<p id='a\"]b' class='md:flex'>a</p>"), ["body > p"]);
    }

    #[test]
    fn blocks_are_counted_once() {
        let document = outlined(
            "<div class=box><p>a</p><div class=box><p>b</p></div></div><div class=box>c</div><p>d",
        );
        let outline = document.markup.as_ref().unwrap().outline.as_deref().unwrap();
        let found = find(outline, &[true, false, true, true]);
        let own = found.list.iter().find(|own| own.css == ".box").unwrap();
        assert_eq!((own.blocks, own.kept), (3, 2));
        let path = found.list.iter().find(|own| own.css == ".box > p").unwrap();
        assert_eq!((path.blocks, path.kept), (2, 1));
    }
}
