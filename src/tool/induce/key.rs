//! What names an element from page to page: ids, classes and roles that a person gave it.

use std::collections::BTreeMap;

use super::element::Element;
use super::sample::Sample;

/// Longest name that is used.
const MAX_NAME: usize = 48;

/// Tags that say by themselves what they hold.
const TAGS: [&str; 8] = ["aside", "footer", "header", "nav", "form", "article", "main", "address"];

/// Roles that do.
const ROLES: [&str; 8] =
    ["banner", "complementary", "contentinfo", "dialog", "main", "navigation", "search", "article"];

/// Words in the names that people give to furniture.
const FURNITURE: [&str; 76] = [
    "ad",
    "ads",
    "advert",
    "advertisement",
    "aside",
    "banner",
    "bar",
    "basket",
    "bookmark",
    "bottom",
    "breadcrumb",
    "breadcrumbs",
    "cart",
    "comment",
    "comments",
    "consent",
    "contact",
    "cookie",
    "cookies",
    "copyright",
    "crumb",
    "crumbs",
    "disclaimer",
    "drawer",
    "dropdown",
    "feedback",
    "flyout",
    "follow",
    "foot",
    "footer",
    "footnav",
    "gdpr",
    "globalnav",
    "header",
    "help",
    "language",
    "languages",
    "legal",
    "links",
    "locale",
    "login",
    "logo",
    "masthead",
    "megamenu",
    "menu",
    "menus",
    "modal",
    "nav",
    "navbar",
    "navigation",
    "newsletter",
    "offcanvas",
    "overlay",
    "pager",
    "pagination",
    "paging",
    "popup",
    "privacy",
    "promo",
    "recommendations",
    "related",
    "search",
    "share",
    "sharing",
    "shipping",
    "sidebar",
    "sidenav",
    "signin",
    "signup",
    "skip",
    "social",
    "subscribe",
    "toolbar",
    "tools",
    "topbar",
    "widget",
];

/// Words in the names that people give to what holds an article.
const ARTICLE: [&str; 10] =
    ["article", "body", "content", "description", "entry", "main", "post", "story", "text", "wiki"];

/// Whether a selector says by itself that it names an article, or what holds it.
pub(super) fn names_article(key: &str) -> bool {
    let inner =
        ["[itemprop='articleBody']", "article", "main", "[role='main']", "[role='article']"];
    let words = || words(key).any(|word| ARTICLE.contains(&word.as_str()));
    inner.contains(&key) || (key.starts_with(['#', '.']) && words() && !names_furniture(key))
}

/// Whether a selector says by itself that it names furniture.
pub(super) fn names_furniture(key: &str) -> bool {
    if !key.starts_with(['#', '.']) {
        let others = ["article", "main", "header", "form", "[role='main']", "[role='article']"];
        return !others.contains(&key) && !key.starts_with("[itemprop");
    }
    words(key).any(|word| FURNITURE.binary_search(&word.as_str()).is_ok())
}

/// The words of a name: `mainNav`, `main-nav` and `main_nav` have the same.
pub(super) fn words(name: &str) -> impl Iterator<Item = String> {
    let mut words = vec![String::new()];
    let mut was_small = false;
    for letter in name.chars() {
        if !letter.is_ascii_alphabetic() || (was_small && letter.is_ascii_uppercase()) {
            words.push(String::new());
        }
        was_small = letter.is_ascii_lowercase();
        if let Some(last) = words.last_mut().filter(|_| letter.is_ascii_alphabetic()) {
            last.push(letter.to_ascii_lowercase());
        }
    }
    words.into_iter().filter(|word| !word.is_empty())
}

/// Whether a name is likely to stand on other pages and next year too: no number of a post
/// (`post-1234`), no hash that a program made of a style sheet (`css-1dbjc4n`, `bdVaJa`).
pub(super) fn is_stable(name: &str) -> bool {
    let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    let starts = name.trim_start_matches(['-', '_']).starts_with(|c: char| c.is_ascii_alphabetic())
        && !name.starts_with("--");
    if !plain || !starts || !(2..=MAX_NAME).contains(&name.len()) {
        return false;
    }
    name.split(['-', '_']).all(|part| {
        let figures = part.bytes().filter(u8::is_ascii_digit).count();
        let mixed = figures > 0 && figures < part.len();
        let capitals = part.bytes().skip(1).filter(u8::is_ascii_uppercase).count();
        // `h2`, `col3` and `10` are names, `1dbjc4n` and `ab12` are not.
        let counted = part.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        let ends_in_figures = counted + figures == part.len();
        figures <= 2
            && (!mixed || (ends_in_figures && part.len() <= 12))
            && !(capitals >= 2 && part.len() <= 7)
    })
}

/// The selectors that may name an element: its id, its classes, its role, its tag.
pub(super) fn names(element: &Element) -> Vec<String> {
    let mut names = Vec::new();
    if let Some(id) = element.id.as_deref().filter(|id| is_stable(id)) {
        names.push(format!("#{id}"));
    }
    for class in element.classes.iter().filter(|class| is_stable(class)) {
        names.push(format!(".{class}"));
    }
    if let Some(prop) = element.attribute("itemprop").filter(|prop| is_stable(prop)) {
        names.push(format!("[itemprop='{prop}']"));
    }
    if let Some(role) = element.attribute("role").filter(|role| ROLES.contains(role)) {
        names.push(format!("[role='{role}']"));
    }
    if TAGS.contains(&element.name.as_str()) {
        names.push(element.name.clone());
    }
    names
}

/// How much a selector says, the best first: semantic attribute, id, class, tag; then the shorter.
pub(super) fn rank(key: &str) -> (u8, usize) {
    let kind = match key.as_bytes().first() {
        Some(b'[') => 0,
        Some(b'#') => 1,
        Some(b'.') => 2,
        _ => 3,
    };
    (kind, key.len())
}

/// A word for a rule, made of its selector.
pub(super) fn rule_name(key: &str) -> String {
    let mut name = String::new();
    for letter in key.chars() {
        if letter.is_ascii_alphanumeric() {
            name.push(letter.to_ascii_lowercase());
        } else if !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
    }
    let name = name.trim_end_matches('-');
    if name.is_empty() { "part".to_owned() } else { name.to_owned() }
}

/// What a selector names.
#[derive(Debug, Clone, Default)]
pub(super) struct Found {
    /// The outermost elements, capture by capture.
    pub(super) places: Vec<Vec<usize>>,
    /// Whether it names one element in each capture that it names any in, of one tag and in one
    /// kind of element, as a part of the page has it and a matter of style has not.
    pub(super) is_one_part: bool,
    kind: Option<(String, String)>,
}

/// The selectors of all captures.
pub(super) struct Keys {
    pub(super) found: BTreeMap<String, Found>,
}

impl Keys {
    /// Of all captures; selectors that name elements in fewer than `least` of them are left out.
    pub(super) fn read(samples: &[&Sample], least: usize) -> Self {
        let mut found: BTreeMap<String, Found> = BTreeMap::new();
        for (number, sample) in samples.iter().enumerate() {
            for (place, element) in sample.elements.iter().enumerate() {
                let around = sample.elements.get(element.parent);
                for name in names(element) {
                    let all = found.entry(name).or_insert_with(|| Found {
                        places: vec![Vec::new(); samples.len()],
                        is_one_part: true,
                        kind: None,
                    });
                    let kind = (element.name.clone(), around.map_or("", sort_of).to_owned());
                    all.is_one_part &= all.kind.as_ref().is_none_or(|known| *known == kind);
                    all.kind = Some(kind);
                    let Some(own) = all.places.get_mut(number) else { continue };
                    all.is_one_part &= own.is_empty();
                    let inside = own.last().and_then(|last| sample.elements.get(*last));
                    if inside.is_none_or(|outer| place >= outer.end) {
                        own.push(place);
                    }
                }
            }
        }
        let seen = |found: &Found| found.places.iter().filter(|own| !own.is_empty()).count();
        found.retain(|_, all| seen(all) >= least);
        Self { found }
    }
}

/// What kind of element stands around another: its id, first class, or tag.
fn sort_of(element: &Element) -> &str {
    let class = element.classes.iter().find(|class| is_stable(class)).map(String::as_str);
    element.id.as_deref().filter(|id| is_stable(id)).or(class).unwrap_or(&element.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_people_are_stable_and_those_of_programs_are_not() {
        for name in ["site-footer", "mainNav", "h2", "col-2", "elComment", "_body", "topbar10"] {
            assert!(is_stable(name), "{name}");
        }
        for name in ["post-1234", "css-1dbjc4n", "bdVaJa", "sc-1x2y3z", "x", "md:flex", "9lives"] {
            assert!(!is_stable(name), "{name}");
        }
    }

    #[test]
    fn furniture_is_told_by_a_word_of_the_name() {
        assert!(FURNITURE.is_sorted());
        for key in [".mainNav", "#site_footer", ".cookie-box", "nav", "[role='contentinfo']"] {
            assert!(names_furniture(key), "{key}");
        }
        for key in [".navy", ".panel", "main", "article", "header", "#root"] {
            assert!(!names_furniture(key), "{key}");
        }
        assert!(names_article(".entry-content") && names_article("main"));
        assert!(!names_article(".content-footer") && !names_article(".wrap"));
    }

    #[test]
    fn rules_are_named_after_their_selectors() {
        assert_eq!(rule_name("[role='navigation']"), "role-navigation");
        assert_eq!(rule_name("#Site_Footer"), "site-footer");
    }
}
