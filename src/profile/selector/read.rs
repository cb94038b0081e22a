//! Reads [`Chain`]s: selectors beyond CSS, as `profiles/README.md` describes them.
//!
//! Takes the text of one selector; gives its steps. What is plain CSS inside a step is left to
//! `scraper`.

use scraper::Selector;

use super::sign::{signs, split_top};
use super::steps::{Axis, By, Chain, How, List, Range, Step, Test};

/// Deepest nesting of lists: `:has(:not(:is(…)))`.
const MAX_NESTING: usize = 8;

/// Most steps of one selector, those of its lists included.
const MAX_STEPS: usize = 64;

/// What only chains know. `has`, `is` and `not` belong to both.
const NAMES: [&str; 19] = [
    "contains",
    "starts",
    "ends",
    "says",
    "named",
    "any-attribute",
    "nth",
    "nth-match",
    "parent",
    "ancestor",
    "ancestor-or-self",
    "child",
    "descendant",
    "descendant-or-self",
    "following",
    "following-sibling",
    "preceding",
    "preceding-sibling",
    "scope",
];

/// Whether a selector is more than `scraper` can do.
pub(super) fn is_needed(text: &str) -> bool {
    let (mut has, mut found) = (0, false);
    for rest in rests(text) {
        // `scraper` looks at all siblings above for each element, and remembers no answers.
        if rest.starts_with("::text") || rest.starts_with('~') {
            found = true;
        } else if let Some(name) = rest.strip_prefix(':') {
            let name = name_of(name);
            has += usize::from(name == "has");
            found |= NAMES.contains(&name) && name != "scope";
        }
    }
    found || has > 1 && nests_has(text)
}

/// Whether a `:has` stands inside another one, which `selectors` refuses.
fn nests_has(text: &str) -> bool {
    let mut open: Vec<u32> = Vec::new();
    for sign in signs(text).filter(|sign| sign.square == 0) {
        open.retain(|depth| *depth < sign.round);
        let before = text.get(..sign.at).unwrap_or_default();
        if sign.letter == '(' && before.ends_with(":has") {
            if !open.is_empty() {
                return true;
            }
            open.push(sign.round);
        }
    }
    false
}

/// The rest of a text at each sign that stands in no square brackets.
fn rests(text: &str) -> impl Iterator<Item = &str> {
    let outside = |sign: &super::sign::Sign| sign.square == 0 && !matches!(sign.letter, '[' | ']');
    signs(text).filter(outside).map(|sign| text.get(sign.at..).unwrap_or_default())
}

fn name_of(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

/// Reads the word of a selector that is `:named('…')` and nothing else.
pub(super) fn named_alone(text: &str) -> Option<Result<String, String>> {
    let inside = text.strip_prefix(":named(")?.strip_suffix(')')?;
    let (quote, rest) = (inside.trim().chars().next()?, inside.trim().get(1..)?);
    let closes = rest.find(quote) == Some(rest.len().checked_sub(1)?);
    (matches!(quote, '"' | '\'') && closes).then(|| word(inside))
}

/// What `:named` compares: without the signs at its ends, which stand between words.
fn word(argument: &str) -> Result<String, String> {
    let (word, _) = quoted(argument)?;
    let word = word.trim_matches(super::stands_between);
    if word.is_empty() { Err("`:named` needs a word".to_owned()) } else { Ok(word.to_owned()) }
}

/// Parses one selector, without commas at its top.
///
/// # Errors
/// What is wrong with it, in words.
pub(super) fn parse(text: &str, lists: &mut usize) -> Result<Chain, String> {
    let mut parser = Parser { lists, steps: 0, nesting: 0 };
    parser.chain(text, false)
}

struct Parser<'l> {
    lists: &'l mut usize,
    steps: usize,
    nesting: usize,
}

impl Parser<'_> {
    fn list(&mut self, text: &str, relative: bool) -> Result<List, String> {
        self.nesting += 1;
        if self.nesting > MAX_NESTING {
            return Err(format!("lists inside lists go deeper than {MAX_NESTING}"));
        }
        let mut chains = Vec::new();
        for part in split_top(text, |letter| letter == ',') {
            chains.push(self.chain(part.trim(), relative)?);
        }
        self.nesting -= 1;
        if chains.is_empty() {
            return Err("an empty list of selectors".to_owned());
        }
        *self.lists += 1;
        Ok(List { number: *self.lists, chains })
    }

    /// One selector; a relative one begins at the node that it is asked of.
    fn chain(&mut self, text: &str, relative: bool) -> Result<Chain, String> {
        let mut rest = text.trim();
        let mut steps = Vec::new();
        while !rest.is_empty() {
            let first = steps.is_empty();
            let (given, behind) = combinator(rest, first);
            let scoped = behind.strip_prefix(":scope").filter(|_| first && relative);
            let (by, behind) = match (given, scoped) {
                (Some(_), _) if first && !relative => {
                    return Err("a selector begins with what it matches".to_owned());
                }
                (None, Some(behind)) => (By::Scope, behind),
                (given, _) => (given.unwrap_or(By::Inside), behind),
            };
            rest = self.compound(behind, by, &mut steps)?;
        }
        if steps.is_empty() {
            return Err("an empty selector".to_owned());
        }
        self.steps += steps.len();
        if self.steps > MAX_STEPS {
            return Err(format!("more than {MAX_STEPS} steps"));
        }
        Ok(Chain { steps })
    }

    /// Reads up to the next combinator; gives what stands behind.
    fn compound<'t>(
        &mut self,
        text: &'t str,
        by: By,
        steps: &mut Vec<Step>,
    ) -> Result<&'t str, String> {
        let (mut by, mut texts, mut tests) = (by, false, Vec::new());
        let mut rest = text;
        // Plain CSS that was read and not yet parsed.
        let mut plain = "";
        let mut read = false;
        loop {
            let length = simple(rest);
            let (one, behind) = rest.split_at_checked(length).unwrap_or((rest, ""));
            let known = one.strip_prefix(':').map(name_of).filter(|name| {
                NAMES.contains(name) || matches!(*name, "has" | "is" | "not") || one == "::text"
            });
            if one.is_empty() || known.is_some() {
                tests.extend(css(plain)?);
                plain = "";
            }
            if one.is_empty() {
                break;
            }
            read = true;
            let Some(name) = known else {
                let names = one.starts_with(|c: char| c.is_alphabetic() || c == '*');
                if names && rest.len() < text.len() {
                    return Err(format!("the name of an element stands first: `{text}`"));
                }
                let from = text.len() - rest.len() - plain.len();
                plain = text.get(from..text.len() - behind.len()).unwrap_or_default();
                rest = behind;
                continue;
            };
            if one == "::text" {
                // Behind a compound it is what stands directly in it.
                if rest.len() < text.len() || matches!(by, By::Scope) {
                    let before = std::mem::replace(&mut by, By::Child);
                    steps.push(Step { by: before, texts, tests: std::mem::take(&mut tests) });
                }
                texts = true;
                rest = behind;
                continue;
            }
            let inside = one.get(name.len() + 1..).unwrap_or_default();
            let inside = inside.strip_prefix('(').and_then(|inside| inside.strip_suffix(')'));
            let inside = inside.ok_or_else(|| format!("`:{name}` needs something in brackets"))?;
            if let Some(next) = self.moves(name, inside)? {
                let before = std::mem::replace(&mut by, next);
                steps.push(Step { by: before, texts, tests: std::mem::take(&mut tests) });
            } else {
                tests.push(self.test(name, inside)?);
            }
            rest = behind;
        }
        if !read && !matches!(by, By::Scope) {
            return Err(format!("nothing to match at `{text}`"));
        }
        steps.push(Step { by, texts, tests });
        Ok(rest)
    }

    /// The simple selectors that lead on from what was matched.
    fn moves(&mut self, name: &str, inside: &str) -> Result<Option<By>, String> {
        let axis = match name {
            "nth-match" => return Range::parse(inside).map(|range| Some(By::Pick(range))),
            "parent" => Axis::Parent,
            "ancestor" => Axis::Ancestor,
            "ancestor-or-self" => Axis::AncestorOrSelf,
            "child" => Axis::Child,
            "descendant" => Axis::Descendant,
            "descendant-or-self" => Axis::DescendantOrSelf,
            "following" => Axis::Following,
            "following-sibling" => Axis::FollowingSibling,
            "preceding" => Axis::Preceding,
            "preceding-sibling" => Axis::PrecedingSibling,
            _ => return Ok(None),
        };
        let parts = split_top(inside, |letter| letter == ',');
        let last = parts.last().and_then(|last| Range::parse(last).ok());
        let (range, behind) = match last {
            Some(range) if parts.len() > 1 => (Some(range), parts.last().map_or(0, |l| l.len())),
            _ => (None, 0),
        };
        let list = inside.get(..inside.len() - behind).unwrap_or_default();
        let list = list.trim().trim_end_matches(',');
        Ok(Some(By::Axis(axis, self.list(list, false)?, range)))
    }

    fn test(&mut self, name: &str, inside: &str) -> Result<Test, String> {
        let how = match name {
            "contains" => How::Contains,
            "starts" => How::Starts,
            "ends" => How::Ends,
            "says" => How::Equals,
            "named" => return word(inside).map(Test::Named),
            "any-attribute" => return quoted(inside).map(|(text, _)| Test::AnyAttribute(text)),
            "nth" => return Range::parse(inside).map(Test::Nth),
            "has" => return self.list(inside, true).map(Test::Has),
            "is" => return self.list(inside, false).map(Test::Is),
            "not" => return self.list(inside, false).map(Test::Not),
            _ => return Err(format!("`:{name}` stands at the beginning of `:has(…)` only")),
        };
        let (words, any_case) = quoted(inside)?;
        let words = collapse(&words);
        let words = if how == How::Equals { words.trim().to_owned() } else { words };
        let words = if any_case { words.to_lowercase() } else { words };
        Ok(Test::Says { how, words, any_case })
    }
}

/// A combinator at the beginning, and what stands behind it.
fn combinator(text: &str, first: bool) -> (Option<By>, &str) {
    let trimmed = text.trim_start();
    let by = match trimmed.chars().next() {
        Some('>') => By::Child,
        Some('+') => By::Next,
        Some('~') => By::Later,
        _ if first => return (None, trimmed),
        _ => return (Some(By::Inside), trimmed),
    };
    (Some(by), trimmed.get(1..).unwrap_or_default().trim_start())
}

/// Length of the simple selector that a text begins with; 0 at a combinator.
fn simple(text: &str) -> usize {
    for sign in signs(text).filter(|sign| sign.is_top()) {
        let at = sign.at;
        match sign.letter {
            ')' | ']' => return at + 1,
            '.' | '#' | '[' if at > 0 => return at,
            // `::text` is one.
            ':' if at > 0 && text.get(..at) != Some(":") => return at,
            letter if letter.is_whitespace() || matches!(letter, '>' | '+' | '~') => return at,
            _ => {}
        }
    }
    text.len()
}

/// Parses a compound of plain CSS; `*` and nothing are no test.
fn css(plain: &str) -> Result<Option<Test>, String> {
    if plain.is_empty() || plain == "*" {
        return Ok(None);
    }
    let selector = Selector::parse(plain).map_err(|error| error.to_string())?;
    Ok(Some(Test::Plain(Box::new(selector))))
}

/// Words as texts have them: one space for all white space, at the ends too.
fn collapse(words: &str) -> String {
    let mut found = String::with_capacity(words.len());
    for letter in words.chars() {
        if !letter.is_whitespace() {
            found.push(letter);
        } else if !found.ends_with(' ') {
            found.push(' ');
        }
    }
    found
}

/// Reads `'words'` or `"words"`, escapes taken out, and whether ` i` stands behind.
fn quoted(text: &str) -> Result<(String, bool), String> {
    let text = text.trim();
    let error = || format!("`{text}` is no text in quotes");
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\'')).ok_or_else(error)?;
    let (mut found, mut escaped) = (String::new(), false);
    for (at, letter) in text.char_indices().skip(1) {
        if escaped {
            escaped = false;
        } else if letter == '\\' {
            escaped = true;
            continue;
        } else if letter == quote {
            return match text.get(at + 1..).map(str::trim) {
                Some("") => Ok((found, false)),
                Some("i") => Ok((found, true)),
                _ => Err(error()),
            };
        }
        found.push(letter);
    }
    Err(error())
}
