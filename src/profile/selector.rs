//! CSS selectors of a profile, bucketed: an element is compared only with selectors whose last
//! part names its id, one of its classes, its tag or one of its attributes.
//!
//! Selectors whose cost depends on how many siblings or descendants an element has (`:nth-child`,
//! `:has`) are run over the page as a whole, where their results are remembered from one element
//! to the next.

use std::collections::BTreeMap;

use ego_tree::NodeId;
use html5ever::{LocalName, local_name};
use rustc_hash::FxHashMap;
use scraper::{ElementRef, Html, Selector};

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
}

/// One of the alternatives between commas.
#[derive(Debug, Clone)]
struct Part {
    selector: Selector,
    bucket: Bucket,
    /// Whether the bucket says all: `.signature`.
    exact: bool,
    /// Whether it names elements around the one it matches.
    climbs: bool,
    /// What the attribute of its bucket holds where it matches.
    needle: Option<String>,
    costly: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Bucket {
    Id(String),
    Class(String),
    Tag(String),
    Attribute(String),
    Any,
}

/// Elements that costly selectors match.
pub type Costly = FxHashMap<NodeId, Vec<u32>>;

impl SelectorsBuilder {
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
        self.list.push((parts(css)?, key.1.clone()));
        self.numbers.insert(key, number);
        Ok(number)
    }

    /// All selectors, bucketed.
    pub fn build(self) -> Selectors {
        let mut built = Selectors::default();
        for (number, (parts, want)) in (0..).zip(self.list) {
            built.wants.push(want);
            for part in parts {
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
    pub fn costly(&self, html: &Html) -> Costly {
        let mut found = Costly::default();
        for place in &self.costly {
            let Some((part, number)) = self.parts.get(*place as usize) else { continue };
            for element in html.select(&part.selector) {
                found.entry(element.id()).or_default().push(*number);
            }
        }
        found
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
        let mut test = |bucket: Option<&Vec<u32>>, text: &str, found: &mut Vec<u32>| {
            if let Some(bucket) = bucket {
                self.test(bucket, (element, depth), text, climbs, found);
            }
        };
        test(self.by_tag.get(&value.name.local), "", found);
        for (name, text) in &value.attrs {
            match name.local {
                local_name!("id") => test(self.by_id.get(&**text), "", found),
                local_name!("class") => {
                    for class in text.split_ascii_whitespace() {
                        test(self.by_class.get(class), "", found);
                    }
                }
                _ => {}
            }
            if !self.by_attribute.is_empty() {
                test(self.by_attribute.get(&name.local), text, found);
            }
        }
        test(Some(&self.any), "", found);
        if let Some(numbers) = costly.get(&element.id()) {
            found.extend(numbers);
        }
        if found.len() > 1 {
            found.sort_unstable();
            found.dedup();
        }
    }

    fn test(
        &self,
        bucket: &[u32],
        (element, depth): (ElementRef<'_>, u16),
        text: &str,
        climbs: &mut Climbs,
        found: &mut Vec<u32>,
    ) {
        for place in bucket {
            let Some((part, number)) = self.parts.get(*place as usize) else { continue };
            let lacks = |needle: &String| !text.contains(needle.as_str());
            if found.contains(number) || part.needle.as_ref().is_some_and(lacks) {
                continue;
            }
            let can = part.exact || !part.climbs || climbs.take(u64::from(depth) + 1);
            if can && (part.exact || part.selector.matches(&element)) {
                found.push(*number);
            }
        }
    }
}

/// Parses the alternatives of a selector.
fn parts(css: &str) -> Result<Vec<Part>, String> {
    let mut found = Vec::new();
    for text in split_top(css, |letter| letter == ',') {
        let text = text.trim();
        let selector = Selector::parse(text).map_err(|error| error.to_string())?;
        // `a ~ b` looks at all siblings above for each element: nothing remembers the answers.
        if split_top(text, |letter| letter == '~').len() > 1 {
            return Err("`~` is not supported; name the parent, or use `+`".to_owned());
        }
        // They are dropped before the page is parsed: such a selector would never match anything.
        let dropped = ["script", "style", "svg"];
        let names = split_top(text, |c| c.is_whitespace() || matches!(c, '>' | '+'));
        if let Some(name) =
            dropped.iter().find(|name| names.iter().any(|part| is_named(part, name)))
        {
            return Err(format!("`{name}` elements are dropped before selectors are asked"));
        }
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
            Bucket::Attribute(name) => needle(name, &rest),
            Bucket::Id(_) | Bucket::Class(_) | Bucket::Tag(_) | Bucket::Any => None,
        };
        found.push(Part { selector, bucket, exact, climbs, needle, costly });
    }
    Ok(found)
}

/// Whether a compound selector names that element.
fn is_named(compound: &str, name: &str) -> bool {
    compound.trim().strip_prefix(name).is_some_and(|rest| {
        !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
    })
}

/// Splits outside brackets and quotes.
fn split_top(text: &str, at: fn(char) -> bool) -> Vec<&str> {
    let (mut found, mut depth, mut quote, mut from) = (Vec::new(), 0_u32, None, 0);
    let mut escaped = false;
    for (place, letter) in text.char_indices() {
        if escaped {
            escaped = false;
        } else if letter == '\\' {
            escaped = true;
        } else if let Some(open) = quote {
            if letter == open {
                quote = None;
            }
        } else if letter == '"' || letter == '\'' {
            quote = Some(letter);
        } else if letter == '(' || letter == '[' {
            depth += 1;
        } else if letter == ')' || letter == ']' {
            depth = depth.saturating_sub(1);
        } else if depth == 0 && at(letter) {
            found.push(text.get(from..place).unwrap_or_default());
            from = place + letter.len_utf8();
        }
    }
    found.push(text.get(from..).unwrap_or_default());
    found.retain(|part| !part.trim().is_empty());
    found
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

/// What the value of an attribute must hold for `[name*='value']`, whatever the operator. Asked
/// of every element that has the attribute, before the selector is. Only for attributes whose
/// values are compared letter by letter in HTML, which `rel` and `type` are not.
fn needle(name: &str, compound: &str) -> Option<String> {
    let sensitive = matches!(name, "class" | "id" | "href" | "src") || name.starts_with("data-");
    let (_, behind) = compound.split_once('=').filter(|_| sensitive)?;
    let quote = behind.chars().next().filter(|first| matches!(first, '"' | '\''))?;
    let (value, rest) = behind.get(1..)?.split_once(quote)?;
    (rest == "]" && !value.is_empty() && !value.contains('\\')).then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_part_chooses_the_bucket() {
        let of = |css: &str| bucket(css).0;
        assert_eq!(of("div.post#p1"), Bucket::Id("p1".to_owned()));
        assert_eq!(of("li.b-post"), Bucket::Class("b-post".to_owned()));
        assert_eq!(of("time[datetime]"), Bucket::Tag("time".to_owned()));
        assert_eq!(of("[data-role='a.b']"), Bucket::Attribute("data-role".to_owned()));
        assert_eq!(of(":not(.x)"), Bucket::Any);
    }

    #[test]
    fn an_attribute_must_hold_its_needle() {
        let of = |css: &str| parts(css).unwrap().into_iter().next().unwrap().needle;
        assert_eq!(of("[class*='bbp-']").as_deref(), Some("bbp-"));
        assert_eq!(of("div > [data-x^=\"a b\"]").as_deref(), Some("a b"));
        assert_eq!(of("[class*='a'][id='b']").as_deref(), Some("a"));
        for css in ["[class*='a' i]", "[class]", "[rel='me']", "p[id='a']"] {
            assert_eq!(of(css), None, "{css}");
        }
    }

    #[test]
    fn each_element_gets_its_selectors() {
        let mut builder = SelectorsBuilder::default();
        let css = ["p.a, #x", "div > p", "[title*='b, c']", "p:nth-child(2)", "i"];
        for css in css {
            builder.add(css, Want::Text).unwrap();
        }
        let selectors = builder.build();
        let html =
            Html::parse_fragment("<div><p class=a>1</p><p id=x title='a b, c'>2</p></div><p>3</p>");
        let costly = selectors.costly(&html);
        let mut found = Vec::new();
        let mut all = Vec::new();
        for element in html.select(&Selector::parse("p").unwrap()) {
            selectors.matching((element, 3), &costly, &mut Climbs::default(), &mut found);
            all.push(found.clone());
        }
        assert_eq!(all, [vec![0, 1], vec![0, 1, 2, 3], vec![3]]);
        assert!(SelectorsBuilder::default().add("p[", Want::Text).is_err());
        for css in ["h2 ~ p", "script[src]", "div > svg.icon", "p, style"] {
            assert!(SelectorsBuilder::default().add(css, Want::Text).is_err(), "{css}");
        }
        assert!(SelectorsBuilder::default().add("svg-icon, .script", Want::Text).is_ok());
    }
}
