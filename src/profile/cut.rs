//! `cut`: the part of an element's text or attribute that is the value.
//!
//! Takes a text; gives what is left of it, or nothing where a mark is not there.

use std::borrow::Cow;

/// One step of a `cut`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cut {
    /// What stands behind the first of these words.
    After(String),
    /// What stands before the first of these words.
    Before(String),
    /// Letters by number, from 1; to the end without a second number.
    Chars(usize, Option<usize>),
    /// All of these words replaced.
    Replace(String, String),
}

/// Cuts a text, step by step.
pub fn cut<'t>(text: &'t str, steps: &[Cut]) -> Option<Cow<'t, str>> {
    if steps.is_empty() {
        return Some(Cow::Borrowed(text));
    }
    let mut text = text.to_owned();
    for step in steps {
        text = match step {
            Cut::After(mark) => {
                let (at, length) = find(&text, mark)?;
                text.get(at + length..)?.to_owned()
            }
            Cut::Before(mark) => {
                let (at, _) = find(&text, mark)?;
                text.get(..at)?.to_owned()
            }
            Cut::Chars(from, to) => {
                let length = to.map_or(usize::MAX, |to| (to + 1).saturating_sub(*from));
                text.chars().skip(from.saturating_sub(1)).take(length).collect()
            }
            Cut::Replace(what, with) => text.replace(what.as_str(), with),
        };
    }
    Some(Cow::Owned(text.trim().to_owned()))
}

/// Place and length of a mark, as it is written, else with its white space collapsed as that of
/// texts is, else without that at its ends, which no text has at its own.
fn find(text: &str, mark: &str) -> Option<(usize, usize)> {
    if let Some(at) = text.find(mark) {
        return Some((at, mark.len()));
    }
    let words: Vec<&str> = mark.split_whitespace().collect();
    let mut collapsed = words.join(" ");
    if mark.starts_with(char::is_whitespace) {
        collapsed.insert(0, ' ');
    }
    if mark.ends_with(char::is_whitespace) && !words.is_empty() {
        collapsed.push(' ');
    }
    let at = text.find(&collapsed).filter(|_| !collapsed.is_empty());
    if let Some(at) = at {
        return Some((at, collapsed.len()));
    }
    let solid = collapsed.trim();
    let starts = text.starts_with(solid) && collapsed.starts_with(' ');
    let ends = text.ends_with(solid) && collapsed.ends_with(' ');
    match (solid.is_empty(), starts, ends) {
        (false, true, _) => Some((0, solid.len())),
        (false, false, true) => Some((text.len() - solid.len(), solid.len())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_follow_one_another() {
        let after = |mark: &str| Cut::After(mark.to_owned());
        let before = |mark: &str| Cut::Before(mark.to_owned());
        let by = "By Mira Oduya | Harbour desk";
        assert_eq!(cut(by, &[after("By "), before(" |")]).as_deref(), Some("Mira Oduya"));
        assert_eq!(cut(by, &[after("Von ")]), None);
        assert_eq!(cut("a\u{a0}b", &[after("a ")]), None);
        assert_eq!(cut("By Mira", &[after("  By \t")]).as_deref(), Some("Mira"));
        assert_eq!(cut("2021.06.03", &[Cut::Chars(1, Some(4))]).as_deref(), Some("2021"));
        assert_eq!(cut("Posted 3 June", &[Cut::Chars(8, None)]).as_deref(), Some("3 June"));
        let dots = Cut::Replace("|".to_owned(), String::new());
        assert_eq!(cut("3 | June", &[dots]).as_deref(), Some("3  June"));
        assert_eq!(cut("ab", &[Cut::Chars(5, Some(2))]).as_deref(), Some(""));
    }
}
