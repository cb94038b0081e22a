//! Cuts a text into the numbers, known words and marks of a date expression.
//!
//! Responsible for saying "no" early: the first word or sign that cannot stand in a date ends the work. It
//! must never look at what the tokens mean together. Takes a text, gives its [`Token`]s.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

use std::iter::Peekable;
use std::str::Chars;

use crate::annotate::date::names::{Word, fold, is_invisible, meaning};

/// No date expression that was met has more: `Wednesday, September 30th, 2020 at 10:11:12 PM (GMT+03:00)`
/// has 22.
const MAX_TOKENS: usize = 32;

/// Longest folded word that is looked up, in bytes; `понедельник` has 22.
const MAX_WORD_BYTES: usize = 32;

/// One token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// What it is.
    pub(super) kind: Kind,
    /// No white space stands before it.
    pub(super) glued: bool,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Digits; `width` is their number, so `05` differs from `5`.
    Number {
        /// The value.
        value: u32,
        /// Number of digits.
        width: u8,
    },
    /// A known word.
    Word(Word),
    /// A punctuation mark; dashes are one mark, but a hyphen keeps apart from a dash.
    Mark(char),
}

/// Tokens of a text; `None` when it holds anything that cannot stand in a date.
pub(super) fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut chars = text.chars().peekable();
    let mut glued = false;
    while let Some(&c) = chars.peek() {
        if c.is_whitespace() {
            glued = false;
            chars.next();
            continue;
        }
        if is_invisible(c) {
            chars.next();
            continue;
        }
        let kind = if digit(c).is_some() {
            number(&mut chars)?
        } else if c.is_alphabetic() || c == '°' {
            let after_number =
                glued && matches!(tokens.last(), Some(Token { kind: Kind::Number { .. }, .. }));
            word(&mut chars, after_number)?
        } else {
            chars.next();
            Kind::Mark(mark(c)?)
        };
        if tokens.len() == MAX_TOKENS {
            return None;
        }
        tokens.push(Token { kind, glued });
        glued = true;
    }
    Some(tokens)
}

/// Value of a digit: ASCII, Arabic-Indic, Persian or full-width.
pub(super) fn digit(c: char) -> Option<u32> {
    let zero = match c {
        '0'..='9' => '0',
        '٠'..='٩' => '٠',
        '۰'..='۹' => '۰',
        '０'..='９' => '０',
        _ => return None,
    };
    Some(u32::from(c) - u32::from(zero))
}

/// Reads digits; nine fit into the value, and only a fraction of a second is longer than four.
fn number(chars: &mut Peekable<Chars<'_>>) -> Option<Kind> {
    let (mut value, mut width) = (0, 0);
    while let Some(next) = chars.peek().copied().and_then(digit) {
        width += 1;
        if width > 9 {
            return None;
        }
        value = value * 10 + next;
        chars.next();
    }
    Some(Kind::Number { value, width })
}

/// Reads letters up to the end of the word and looks the word up.
fn word(chars: &mut Peekable<Chars<'_>>, after_number: bool) -> Option<Kind> {
    let mut buffer = [0_u8; MAX_WORD_BYTES];
    let mut length = 0;
    while let Some(&c) = chars.peek() {
        let inside = c.is_alphabetic() || c == '°' || fold(c).is_none();
        let apostrophe = matches!(c, '\'' | '’') && length > 0;
        if !inside && !apostrophe {
            break;
        }
        chars.next();
        // `年5月11日月曜日`: a marker after a number is a word of its own, whatever follows.
        if after_number && length == 0 && is_part_marker(c) {
            let mut utf8 = [0; 4];
            return meaning(c.encode_utf8(&mut utf8)).map(Kind::Word);
        }
        if apostrophe {
            continue;
        }
        if c.is_ascii() {
            *buffer.get_mut(length)? = c.to_ascii_lowercase().try_into().ok()?;
            length += 1;
            continue;
        }
        for folded in c.to_lowercase().filter_map(fold) {
            let end = length + folded.len_utf8();
            folded.encode_utf8(buffer.get_mut(length..end)?);
            length = end;
        }
    }
    let word = std::str::from_utf8(buffer.get(..length)?).ok()?;
    if matches!(word, "a" | "p") && take_m(chars) {
        return Some(Kind::Word(Word::Afternoon(word == "p")));
    }
    meaning(word).map(Kind::Word)
}

fn is_part_marker(c: char) -> bool {
    matches!(c, '時' | '时' | '点' | '시' | '分' | '분')
        || matches!(c, '年' | '月' | '日' | '년' | '월' | '일' | '号' | '號')
}

/// Takes the rest of `a.m.` or `p. m.` when it follows, and says whether it did.
fn take_m(chars: &mut Peekable<Chars<'_>>) -> bool {
    let mut ahead = chars.clone();
    let mut next = ahead.next();
    if next == Some('.') {
        next = ahead.next();
    }
    if next.is_some_and(char::is_whitespace) {
        next = ahead.next();
    }
    if !matches!(next, Some('m' | 'M')) || ahead.peek().is_some_and(|c| c.is_alphanumeric()) {
        return false;
    }
    *chars = ahead;
    true
}

/// The mark that a sign counts as; `None` for a sign that does not stand in dates.
fn mark(c: char) -> Option<char> {
    Some(match c {
        ',' | '،' | '、' | ';' | '؛' | '|' | '¦' | '·' | '•' | '∙' | '●' | '*' | '\'' | '’'
        | '"' | '“' | '”' | '–' | '—' | '―' | '~' | '@' | '«' | '»' | '‹' | '›' => {
            ','
        }
        '(' | ')' | '[' | ']' | '（' | '）' | '{' | '}' => '(',
        '.' => '.',
        '/' => '/',
        ':' | '：' => ':',
        '-' | '‐' | '‑' => '-',
        '−' => '−',
        '+' => '+',
        _ => return None,
    })
}
