//! Letters become tokens.

use crate::tool::ftr::cause::Cause;

/// A token and the place of its first letter, from 1.
pub(super) type Placed = (Token, usize);

/// The smallest parts of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// A name; one colon may stand in it, and it may end in `:*`.
    Name(String),
    /// A text in quotes.
    Literal(String),
    /// A whole number.
    Number(i64),
    /// Anything else: `//`, `!=`, `and`.
    Sign(&'static str),
}

/// Signs, longer ones first.
const SIGNS: [&str; 22] = [
    "//", "::", "!=", "<=", ">=", "..", "/", "(", ")", "[", "]", ".", "@", ",", "|", "+", "-", "=",
    "<", ">", "*", ":",
];

/// Names that are signs where something stands before them that they can join.
const WORDS: [&str; 4] = ["and", "or", "div", "mod"];

pub(super) fn lex(text: &str) -> Result<Vec<Placed>, Cause> {
    let mut tokens: Vec<Placed> = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let at = text.len() - rest.len() + 1;
        let token = if matches!(first, '"' | '\'') {
            let inside = rest.get(1..).unwrap_or_default();
            let what = "a text without its closing quote";
            let end = inside.find(first).ok_or(Cause::Syntax { at, what })?;
            let literal = inside.get(..end).unwrap_or_default().to_owned();
            rest = inside.get(end + 1..).unwrap_or_default();
            Token::Literal(literal)
        } else if first.is_ascii_digit() {
            let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            let (digits, behind) = rest.split_at(end);
            if behind.strip_prefix('.').is_some_and(|b| b.starts_with(|c: char| c.is_ascii_digit()))
            {
                return Err(Cause::Syntax { at, what: "a number that is not whole" });
            }
            rest = behind;
            let what = "a number that is too large";
            Token::Number(digits.parse().map_err(|_| Cause::Syntax { at, what })?)
        } else if is_name_start(first) {
            let (name, behind) = name(rest);
            rest = behind;
            match WORDS.into_iter().find(|word| *word == name && joins(&tokens)) {
                Some(word) => Token::Sign(word),
                None => Token::Name(name),
            }
        } else {
            let what = "a letter that means nothing here";
            let sign = SIGNS.into_iter().find(|sign| rest.starts_with(sign));
            let sign = sign.ok_or(Cause::Syntax { at, what })?;
            rest = rest.get(sign.len()..).unwrap_or_default();
            Token::Sign(if sign == "*" && joins(&tokens) { "times" } else { sign })
        };
        tokens.push((token, at));
        rest = rest.trim_start();
    }
    Ok(tokens)
}

/// Whether what stands before can be one side of something.
fn joins(tokens: &[Placed]) -> bool {
    match tokens.last() {
        None => false,
        Some((Token::Sign(sign), _)) => matches!(*sign, ")" | "]" | "." | ".." | "*"),
        Some(_) => true,
    }
}

fn is_name_start(letter: char) -> bool {
    letter.is_alphabetic() || letter == '_'
}

/// A name with its prefix: `dc:title`, `svg:*`, but not `child::p`.
fn name(text: &str) -> (String, &str) {
    let in_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    let end = text.find(|c: char| !in_name(c)).unwrap_or(text.len());
    let (first, behind) = text.split_at(end);
    let Some(local) = behind.strip_prefix(':').filter(|local| !local.starts_with(':')) else {
        return (first.to_owned(), behind);
    };
    let end = match local.chars().next() {
        Some('*') => 1,
        Some(letter) if is_name_start(letter) => {
            local.find(|c: char| !in_name(c)).unwrap_or(local.len())
        }
        _ => return (first.to_owned(), behind),
    };
    let (local, behind) = local.split_at(end);
    (format!("{first}:{local}"), behind)
}
