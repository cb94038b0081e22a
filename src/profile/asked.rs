//! The attributes that profiles ask for: a page is parsed without the others.
//!
//! Takes the texts of profiles, before any is chosen or compiled. A name too many costs a little
//! time, a name too few a selector that never matches: so whatever could be one is taken.

use rustc_hash::FxHashSet;

/// The selector that asks for any attribute.
const ANY: &str = ":any-attribute";

/// Names of attributes, in small letters, or all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    names: FxHashSet<String>,
    all: bool,
}

impl Asked {
    /// What the profiles in a text may ask for: names behind the bracket of a selector, and values
    /// of `attr`.
    pub fn of(profiles: &str) -> Self {
        let brackets = profiles.split('[').skip(1).map(behind_namespace);
        let values = profiles.split("attr").skip(1).filter_map(value);
        let names = brackets.chain(values).map(name).filter(|name| !name.is_empty());
        Self { names: names.collect(), all: profiles.contains(ANY) }
    }

    /// Whether an attribute is asked for, by its name in small letters.
    pub fn contains(&self, name: &str) -> bool {
        self.all || self.names.contains(name)
    }
}

/// What stands behind a bracket, `svg|` left out, but not the `|` of `[lang|=en]`.
fn behind_namespace(text: &str) -> &str {
    let text = text.trim_start();
    match text.split_once('|') {
        Some((space, rest))
            if !rest.starts_with('=') && space.chars().all(|c| c == '*' || is_of_name(c)) =>
        {
            rest
        }
        _ => text,
    }
}

/// What stands in quotes behind `attr`, which may stand in quotes too.
fn value(behind: &str) -> Option<&str> {
    let equals = behind.strip_prefix(['"', '\'']).unwrap_or(behind).trim_start();
    equals.strip_prefix('=')?.trim_start().strip_prefix(['"', '\''])
}

/// The name that a text begins with, in small letters and without escapes.
fn name(text: &str) -> String {
    let end = text.find(|letter| !is_of_name(letter)).unwrap_or(text.len());
    text.get(..end).unwrap_or_default().replace('\\', "").to_lowercase()
}

fn is_of_name(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | '-' | ':' | '.' | '\\')
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
