//! One tag, read as html5ever's tokenizer reads it, before html5ever does.

use std::borrow::Cow;
use std::ops::Range;

use memchr::{memchr, memchr3};

use crate::profile::asked::Asked;

/// Elements that html5ever closes and opens again; it compares them with all their attributes.
const FORMATTING: [&str; 13] =
    ["b", "i", "u", "s", "em", "tt", "big", "code", "font", "nobr", "small", "strike", "strong"];

/// Whether html5ever or a stage looks at an attribute of that name, whatever the profiles are.
fn is_read(name: &str) -> bool {
    matches!(
        name,
        "class"
            | "href"
            | "id"
            | "style"
            | "title"
            | "alt"
            | "src"
            | "rel"
            | "role"
            | "type"
            | "name"
            | "content"
            | "property"
            | "itemprop"
            | "itemtype"
            | "datetime"
            | "hidden"
            | "aria-hidden"
            | "aria-label"
            | "colspan"
            | "rowspan"
            | "lang"
            | "xml:lang"
            | "charset"
            | "http-equiv"
            | "encoding"
            | "shadowrootmode"
            | "data-smilie"
            | "data-emoji"
    )
}

/// Whether anybody looks at an attribute; all are where nobody says what is asked for.
pub(super) fn is_wanted(name: &str, asked: Option<&Asked>) -> bool {
    let Some(asked) = asked else { return true };
    let name = if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    };
    is_read(&name) || asked.contains(&name)
}

/// Length of the tag that a text begins with, `>` included, and the places of its attributes that
/// nobody looks at. Nothing where the tag is not written as programs write them: names without
/// quotes in them, values whose quotes are closed.
pub(super) fn slim(text: &str, asked: &Asked, idle: &mut Vec<Range<usize>>) -> Option<usize> {
    idle.clear();
    let length = read(text, asked, idle);
    if length.is_none() {
        idle.clear();
    }
    length
}

fn read(text: &str, asked: &Asked, idle: &mut Vec<Range<usize>>) -> Option<usize> {
    let bytes = text.as_bytes();
    let byte = |at: usize| bytes.get(at).copied();
    let mut at = name_end(bytes, 1)?;
    let element = text.get(1..at)?;
    let is_formatting = FORMATTING.iter().any(|name| name.eq_ignore_ascii_case(element));
    loop {
        let before = at;
        at = behind(bytes, at, |byte| is(byte, SPACE) || byte == b'/');
        if byte(at)? == b'>' {
            return Some(at + 1);
        }
        let start = at;
        at = name_end(bytes, at)?;
        let name = text.get(start..at).filter(|name| !name.is_empty())?;
        let equals = behind(bytes, at, |byte| is(byte, SPACE));
        if byte(equals)? == b'=' {
            let value = behind(bytes, equals + 1, |byte| is(byte, SPACE));
            at = match byte(value)? {
                quote @ (b'"' | b'\'') => {
                    value + 2 + memchr(quote, bytes.get(value + 1..).unwrap_or_default())?
                }
                _ => value_end(bytes, value)?,
            };
        }
        if !is_formatting && !is_wanted(name, Some(asked)) {
            // The space before it goes too, unless it is what keeps its neighbours apart.
            let apart = is(byte(at)?, SPACE) || byte(at)? == b'>';
            idle.push(if apart { before..at } else { start..at });
        }
    }
}

/// What a byte can be in a tag, bit by bit: white space; the end of a name; a sign that no program
/// writes into a name.
const SPACE: u8 = 1;
const ENDS: u8 = 2;
const ODD: u8 = 4;

#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler, which checks each index")]
static SIGNS: [u8; 256] = const {
    let mut signs = [0; 256];
    let mut byte = 0_u8;
    loop {
        signs[byte as usize] = match byte {
            b' ' | b'\n' | b'\t' | b'\r' | 0x0c => SPACE | ENDS,
            b'/' | b'>' | b'=' => ENDS,
            b'"' | b'\'' | b'<' => ENDS | ODD,
            _ => 0,
        };
        if byte == u8::MAX {
            break;
        }
        byte += 1;
    }
    signs
};

#[inline]
fn is(byte: u8, sign: u8) -> bool {
    SIGNS.get(usize::from(byte)).is_some_and(|signs| signs & sign != 0)
}

/// The first byte from `at` on that is not skipped.
#[inline]
fn behind(bytes: &[u8], mut at: usize, skipped: impl Fn(u8) -> bool) -> usize {
    while bytes.get(at).is_some_and(|byte| skipped(*byte)) {
        at += 1;
    }
    at
}

/// Where a name ends; nothing where a quote or a tag stands in it.
#[inline]
fn name_end(bytes: &[u8], at: usize) -> Option<usize> {
    let end = behind(bytes, at, |byte| !is(byte, ENDS));
    bytes.get(end).is_some_and(|byte| !is(*byte, ODD)).then_some(end)
}

/// Where a value without quotes around it ends; nothing where one stands in it.
fn value_end(bytes: &[u8], at: usize) -> Option<usize> {
    let end = behind(bytes, at, |byte| byte == b'/' || (!is(byte, ENDS) && byte != b'`'));
    let is_plain = bytes.get(end).is_some_and(|byte| is(*byte, SPACE) || *byte == b'>');
    (is_plain && end > at).then_some(end)
}

/// Length of the tag that bytes begin with, `>` included, and whether all of its quotes are
/// closed. A quote opens a value only behind `=`.
pub(super) fn tag_end(bytes: &[u8]) -> (usize, bool) {
    let mut at = 1;
    while let Some(found) = memchr3(b'>', b'"', b'\'', bytes.get(at..).unwrap_or_default()) {
        let place = at + found;
        let Some(&byte) = bytes.get(place) else { break };
        if byte == b'>' {
            return (place + 1, true);
        }
        let before = bytes.get(..place).unwrap_or_default().trim_ascii_end().last();
        at = place + 1;
        if before == Some(&b'=') {
            let Some(end) = memchr(byte, bytes.get(at..).unwrap_or_default()) else {
                // The quote is never closed: then the tag ends where it would without it.
                let end = memchr(b'>', bytes.get(at..).unwrap_or_default());
                return (end.map_or(bytes.len(), |end| at + end + 1), false);
            };
            at += end + 1;
        }
    }
    (bytes.len(), true)
}

/// Names and values of a tag's attributes, as written.
pub(super) fn attributes(tag: &str) -> impl Iterator<Item = (&str, &str)> {
    let inside = tag.trim_end_matches('>').trim_end_matches('/');
    let start = inside.find(|c: char| c.is_ascii_whitespace()).unwrap_or(inside.len());
    let mut rest = inside.get(start..).unwrap_or_default();
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if rest.is_empty() {
            return None;
        }
        let end = rest
            .char_indices()
            .skip(1)
            .find(|(_, c)| c.is_ascii_whitespace() || *c == '=' || *c == '/')
            .map_or(rest.len(), |(place, _)| place);
        let (name, behind) = rest.split_at(end);
        let behind = behind.trim_ascii_start();
        let Some(value) = behind.strip_prefix('=') else {
            rest = behind;
            return Some((name, ""));
        };
        let value = value.trim_ascii_start();
        let (value, behind) = match value.bytes().next() {
            Some(quote @ (b'"' | b'\'')) => {
                let inner = value.get(1..).unwrap_or_default();
                let end = memchr(quote, inner.as_bytes()).unwrap_or(inner.len());
                (inner.get(..end).unwrap_or_default(), inner.get(end + 1..).unwrap_or_default())
            }
            _ => {
                value.split_at(value.find(|c: char| c.is_ascii_whitespace()).unwrap_or(value.len()))
            }
        };
        rest = behind;
        Some((name, value))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A tag without its idle attributes; `?` where it is not read.
    fn slimmed(tag: &str) -> String {
        let asked = Asked::of("[data-page]");
        let mut idle = Vec::new();
        let Some(length) = slim(tag, &asked, &mut idle) else { return "?".to_owned() };
        let mut left = tag.get(..length).unwrap().to_owned();
        idle.into_iter().rev().for_each(|place| left.replace_range(place, ""));
        left
    }

    #[test]
    fn attributes_that_nobody_looks_at_are_idle() {
        for (tag, left) in [
            ("<p>text", "<p>"),
            ("<div data-a=1 class=\"x > y\" data-b='2' id=z><p>", "<div class=\"x > y\" id=z>"),
            ("<a\n HREF = /a\tonclick = \"go('b')\" >", "<a\n HREF = /a >"),
            ("<br data-a=\"1\"/>", "<br />"),
            ("<a href=/x data-a=\"1\"/>", "<a href=/x />"),
            ("<a data-a=\"1\"href=/x data-b=/ data-page=2>", "<a href=/x data-page=2>"),
            ("<li DATA-PAGE=1 disabled>", "<li DATA-PAGE=1>"),
            ("<b data-a=1>", "<b data-a=1>"),
        ] {
            assert_eq!(slimmed(tag), left);
        }
    }

    #[test]
    fn what_no_program_writes_is_left_alone() {
        for tag in [
            "<a href=\"x>",
            "<a \"x\">",
            "<a data-a=x\"y>",
            "<a =b>",
            "<a data-a=>",
            "<a data-a=1",
            "<a<b data-a=1>",
        ] {
            assert_eq!(slimmed(tag), "?", "{tag}");
        }
    }
}
