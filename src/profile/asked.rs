//! The attributes that profiles ask for: a page is parsed without the others.
//!
//! Takes the texts of profiles, before any is chosen or compiled. A name too many costs a little
//! time, a name too few a selector that never matches: so whatever could be one is taken.

use std::sync::LazyLock;

use regex::Regex;
use rustc_hash::FxHashSet;

/// What stands behind the bracket of a selector, or as the value of `attr`.
#[expect(clippy::expect_used, reason = "a constant; a test compiles it")]
static NAME: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?:\[\s*(?:[\w*]*\|)?|\battr["']?\s*=\s*["'])([\w:.\\-]+)"#)
        .expect("a pattern of our own")
});

/// The selector that asks for any attribute.
const ANY: &str = ":any-attribute";

/// Names of attributes, in small letters, or all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    names: FxHashSet<String>,
    all: bool,
}

impl Asked {
    /// What the profiles in a text may ask for.
    pub fn of(profiles: &str) -> Self {
        let names = NAME.captures_iter(profiles).filter_map(|found| found.get(1));
        let names = names.map(|name| name.as_str().replace('\\', "").to_lowercase()).collect();
        Self { names, all: profiles.contains(ANY) }
    }

    /// Whether an attribute is asked for, by its name in small letters.
    pub fn contains(&self, name: &str) -> bool {
        self.all || self.names.contains(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_behind_brackets_and_as_values() {
        let text = r#"
            posts = "li[data-Post]:has( [ xlink\\:href ^= 'a']), [*|data-z], [dir|=l]"
            page = [{ css = ".at", attr = "data-page" }, {css=".at",'attr' = 'srcset'}]
        "#;
        let asked = Asked::of(text);
        for name in ["data-post", "xlink:href", "data-z", "dir", "data-page", "srcset"] {
            assert!(asked.contains(name), "{name}: {asked:?}");
        }
        assert!(!asked.contains("posts") && !asked.contains("css"), "{asked:?}");
        assert!(Asked::of("css = \"p:any-attribute('x')\"").contains("onclick"));
    }
}
