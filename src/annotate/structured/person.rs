//! Names out of bylines: "By" and "Written by" taken off, dates and professions cut, several
//! people taken apart.
//!
//! It must never make a name of a link, an account's number, or a word for nobody in particular
//! ("admin"). Takes the words of one byline, gives the names in it, in order.

use super::cues::{CUES, FOLLOWING, MARKS, NOBODY, NOT_OF_PEOPLE, PARTICLES, ROLES, is_of_date};
use super::plain::{folded, plain};

/// Longest name, in characters: "The Research Council for Coastal and Inland Waters".
const MAX_CHARS: usize = 70;

/// Most names of one byline.
const MAX_NAMES: usize = 12;

/// How a text says a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A value that is a name and nothing else.
    Data,
    /// A line that a reader sees, with more in it than the name.
    Shown,
}

/// The names in a byline.
pub(super) fn names(text: &str, form: Form) -> Vec<String> {
    let text = plain(text);
    if text.is_empty() || text.contains("://") || text.starts_with("www.") || text.starts_with('{')
    {
        return Vec::new();
    }
    let text = without_cue(&text);
    let text = match form {
        Form::Data => data_part(text),
        Form::Shown => shown_part(text),
    };
    let mut found: Vec<String> = Vec::new();
    for part in parts(text) {
        if let Some(name) = name(part, form)
            && !found.contains(&name)
            && found.len() < MAX_NAMES
        {
            found.push(name);
        }
    }
    found
}

/// Whether a text opens with "By" or the like, and what follows it.
pub(super) fn cued(text: &str) -> Option<&str> {
    let text = text.trim_matches(is_edge);
    let rest = without_cue(text);
    (rest.len() < text.len() && !rest.is_empty()).then_some(rest)
}

/// A text without the words that announce a name.
fn without_cue(text: &str) -> &str {
    let mut text = text.trim_matches(is_edge);
    for _ in 0..3 {
        let before = text.len();
        for cue in CUES {
            let Some(start) = text.get(..cue.len()) else { continue };
            if !start.chars().flat_map(char::to_lowercase).eq(cue.chars()) {
                continue;
            }
            let rest = text.get(cue.len()..).unwrap_or_default();
            // "ByAda Berg": the space was an element's edge.
            let glued = ["by", "posted by", "written by"].contains(&cue)
                && start.starts_with(char::is_uppercase)
                && rest.starts_with(char::is_uppercase);
            if rest.is_empty() || rest.starts_with([' ', ':', '\u{a0}', '-', '–']) || glued {
                text = rest.trim_matches(is_edge);
                break;
            }
        }
        if text.len() == before {
            break;
        }
    }
    text
}

fn is_edge(letter: char) -> bool {
    letter.is_whitespace()
        || matches!(
            letter,
            ':' | ','
                | ';'
                | '-'
                | '–'
                | '—'
                | '|'
                | '·'
                | '•'
                | '*'
                | '/'
                | '&'
                | '~'
                | '⋅'
                | '●'
                | '»'
                | '›'
                | '■'
                | '○'
        )
}

/// A value without the house behind the name: "Ada Berg - Example Times".
fn data_part(text: &str) -> &str {
    let cut = [" - ", " – ", " | "].iter().find_map(|mark| text.split_once(mark));
    cut.map(|(name, _)| name).filter(|name| is_full_name(name)).unwrap_or(text)
}

/// The part of a shown byline that holds names: up to a mark, a figure, a profession, or a word
/// that no name has; a date may stand before it.
fn shown_part(text: &str) -> &str {
    let text = once(before_glued(without_date(text)));
    let ends = MARKS.iter().filter_map(|mark| text.find(mark));
    // An initial is no end of a sentence: "J. R. Berg", "Dr. Berg".
    let ends = ends.filter(|at| {
        let (before, behind) = text.split_at_checked(*at).unwrap_or((text, ""));
        !is_initial(before, behind)
    });
    let text = ends.min().and_then(|end| text.get(..end)).unwrap_or(text);
    let count = text.split(' ').count();
    let mut at = 0;
    for (number, word) in text.split(' ').enumerate() {
        let bare = word.trim_matches(|letter: char| !letter.is_alphanumeric());
        let small = bare.to_lowercase();
        let lower = bare.starts_with(char::is_lowercase);
        let joins = ["and", "und", "et"].contains(&small.as_str());
        let ends = bare.starts_with(|first: char| first.is_ascii_digit())
            || ROLES.contains(&small.as_str())
            || is_of_date(&small)
            || (lower && !joins && !PARTICLES.contains(&small.as_str()));
        if number > 0 && ends {
            let name = text.get(..at).unwrap_or_default().trim_matches(is_edge);
            // "Our Editors", "The Example Staff": the house has no other name.
            let desk = ["editors", "staff", "team", "editor"].contains(&small.as_str());
            let of_house = number == 1 || name.starts_with("The ") || name.starts_with("Our ");
            if desk && of_house && number + 1 == count {
                return text;
            }
            // A sentence goes on in small letters, a byline in few words: "Ada Berg in travel".
            let follows = FOLLOWING.contains(&small.as_str()) && number + 1 < count;
            let handle = number == 1 && name.starts_with(char::is_lowercase);
            let sentence = lower && (!follows || handle) && !ROLES.contains(&small.as_str());
            return if sentence { "" } else { name };
        }
        at += word.len() + 1;
    }
    text
}

/// A byline up to a word for a date whose space was an element's edge: `Ada BergPublished Dec 17`.
fn before_glued(text: &str) -> &str {
    const GLUED: [&str; 4] = ["Published", "Updated", "Posted", "Modified"];
    let after_letter =
        |at: &usize| text.get(..*at).is_some_and(|before| before.ends_with(char::is_lowercase));
    let end = GLUED.iter().filter_map(|word| text.find(word)).filter(after_letter).min();
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

/// The first half of a text that says the same twice: the text of a picture, and the name below it.
fn once(text: &str) -> &str {
    let half = text.len() / 2;
    match (text.get(..half), text.get(half..)) {
        (Some(one), Some(two)) if two.strip_prefix(' ') == Some(one) && one.contains(' ') => one,
        _ => text,
    }
}

/// A byline without the date at its beginning: "Dec 17, 2025 · Ada Berg".
fn without_date(text: &str) -> &str {
    let mut rest = text;
    while let Some(word) = rest.split(' ').next() {
        let bare = word.trim_matches(|letter: char| !letter.is_alphanumeric()).to_lowercase();
        let figure = bare.starts_with(|first: char| first.is_ascii_digit());
        let mark = bare.is_empty() && !word.is_empty();
        if !(figure || is_of_date(&bare) || mark) {
            break;
        }
        match rest.split_once(' ') {
            Some((_, behind)) => rest = behind,
            None => return "",
        }
    }
    // Figures may be a name: "2 Guys", but not a month or a day.
    if rest.len() == text.len() { text } else { without_cue(rest) }
}

fn is_initial(before: &str, at: &str) -> bool {
    let word = before.rsplit(' ').next().unwrap_or_default();
    at.starts_with(". ") && word.chars().count() <= 3 && word.starts_with(char::is_uppercase)
}

/// Takes several people apart where each part is a name of two words or more; else the text is
/// one name: "Bread and Roses", "Berg, Ada".
fn parts(text: &str) -> Vec<&str> {
    let all: Vec<&str> = text
        .split([',', ';', '&'])
        .flat_map(|part| part.split(" and "))
        .flat_map(|part| part.split(" und "))
        .map(|part| part.trim().trim_start_matches("and ").trim_matches(is_edge))
        .filter(|part| !part.is_empty())
        .collect();
    if all.len() < 2 {
        return vec![text];
    }
    if all.iter().all(|part| is_full_name(part) && !is_extra(part)) {
        return all;
    }
    // "Ada Berg, MD", "Ada Berg, Travel Editor", "Ada Berg, Luis Prado, The Example".
    let end = all.iter().position(|part| is_extra(part)).unwrap_or(0);
    match all.get(..end) {
        Some(people) if end > 0 && people.iter().all(|part| is_full_name(part)) => people.to_vec(),
        _ => vec![text],
    }
}

/// Whether a part of a byline is a degree, a profession or a paper.
fn is_extra(part: &str) -> bool {
    let mut words = part.split(' ').map(str::to_lowercase);
    let letters = part.chars().filter(|letter| letter.is_alphabetic());
    let degree = part.chars().count() <= 8
        && letters.filter(|l| l.is_uppercase()).count() >= 2
        && !part.contains(' ');
    degree
        || words
            .clone()
            .next()
            .is_some_and(|first| first == "the" || ROLES.contains(&first.as_str()))
        || words.any(|word| {
            ["editor", "writer", "reporter", "correspondent", "contributor"]
                .contains(&word.as_str())
        })
}

/// Two to five words that begin with a capital or a letter of a script without capitals.
fn is_full_name(text: &str) -> bool {
    let mut strong = 0;
    for word in text.split(' ') {
        let bare = word.trim_matches(|letter: char| !letter.is_alphanumeric());
        match bare.chars().next() {
            Some(first) if first.is_uppercase() => strong += 1,
            Some(first) if first.is_alphabetic() && !first.is_lowercase() => strong += 1,
            Some(_) if PARTICLES.contains(&bare.to_lowercase().as_str()) => {}
            Some(_) => return false,
            None => {}
        }
    }
    (2..=5).contains(&strong)
}

/// Whether a line is the name of a person and nothing else: two or three words with a capital, no
/// figure, no word of a profession, of a date, of a house.
pub(super) fn is_name(text: &str) -> bool {
    let words: Vec<&str> = text.split(' ').collect();
    let plain = |word: &&str| {
        let letters = word.trim_end_matches('.');
        let small = letters.to_lowercase();
        letters.chars().all(|letter| letter.is_alphabetic() || matches!(letter, '-' | '\'' | '’'))
            && !is_of_date(&small)
            && !ROLES.contains(&small.as_str())
            && !NOT_OF_PEOPLE.contains(&small.as_str())
            && (letters.len() == 1 || !letters.chars().all(char::is_uppercase))
    };
    (2..=4).contains(&words.len())
        && words.iter().all(plain)
        && is_full_name(text)
        && name(text, Form::Shown).is_some()
}

/// One name, checked.
fn name(text: &str, form: Form) -> Option<String> {
    let text = text.trim_matches(is_edge).trim_start_matches('@').trim_end_matches(['.', '(', '[']);
    let text = text.trim_matches(is_edge);
    let count = text.split(' ').count();
    let letters = text.chars().filter(|letter| letter.is_alphabetic()).count();
    let most = if form == Form::Data { 9 } else { 5 };
    let sound = letters > 1
        && text.chars().count() <= MAX_CHARS
        && count <= most
        // The last five stand between the steps of a path through the site.
        && !text.contains(['@', '{', '<', '?', '!', '"', '\\', '=', '»', '›', '>', '→', '|'])
        && !NOBODY.contains(&folded(text).as_str())
        // An address without its scheme.
        && !(count == 1 && text.contains('/'))
        // A variable that a template left: `page.extra.author`.
        && !(count == 1 && text.matches('.').count() > 1 && !text.contains(". "));
    let shown = form == Form::Data || {
        let first = text.split(' ').next().unwrap_or_default().to_lowercase();
        let capital = text.chars().next().is_some_and(|first| !first.is_lowercase());
        (capital || count == 1) && !is_of_date(&first)
    };
    (sound && shown).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bylines_become_names() {
        for (text, expected) in [
            ("By Ada Berg", "Ada Berg"),
            ("ByAda Berg", "Ada Berg"),
            ("Written by: Ada Berg", "Ada Berg"),
            ("Guide by Ada Berg Former Deputy Tech Editor", "Ada Berg"),
            ("Ada Berg December 17, 2025", "Ada Berg"),
            ("Ada 3/4/2025 0 0 Shares", "Ada"),
            ("by ada_b 18th Dec 2025 3 min read", "ada_b"),
            ("Ada Berg in travel", "Ada Berg"),
            ("By Ada Berg and Luis de Prado", "Ada Berg|Luis de Prado"),
            ("By Ada Berg, Luis Prado & Mira Oduya", "Ada Berg|Luis Prado|Mira Oduya"),
            ("Ada Berg, MD", "Ada Berg"),
            ("Ada Berg, Senior Travel Editor", "Ada Berg"),
            ("Ada Berg | Example Times", "Ada Berg"),
            ("J. R. Berg", "J. R. Berg"),
            ("Dr. Ada Berg · 5 min read", "Dr. Ada Berg"),
            ("The Example Team", "The Example Team"),
            ("Von Ada Berg", "Ada Berg"),
            ("Ada BergPublished Dec 17", "Ada Berg"),
            ("Ada Berg Ada Berg", "Ada Berg"),
            ("admin", ""),
            ("https://example.org/ada", ""),
            ("ada@example.org", ""),
            ("by", ""),
            ("", ""),
        ] {
            assert_eq!(names(text, Form::Shown).join("|"), expected, "{text:?}");
        }
    }

    #[test]
    fn data_is_a_name_as_a_whole() {
        for (text, expected) in [
            ("Bread and Roses", "Bread and Roses"),
            ("Berg, Ada", "Berg, Ada"),
            ("Ada Berg,Luis Prado", "Ada Berg|Luis Prado"),
            ("user30", "user30"),
            (
                "Ministry of Works, Housing and Transport",
                "Ministry of Works, Housing and Transport",
            ),
            ("Byron Oduya", "Byron Oduya"),
            ("Home » Services", ""),
            ("Author Unknown Press", "Unknown Press"),
            ("undefined", ""),
            ("12345", ""),
        ] {
            assert_eq!(names(text, Form::Data).join("|"), expected, "{text:?}");
        }
    }
}
