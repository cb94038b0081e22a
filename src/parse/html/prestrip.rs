//! What html5ever need not see: scripts, styles, drawings and comments, dropped by a scan for `<`.
//!
//! Half of a page's bytes are such, and the tokenizer is what a page's time goes to. Scripts that
//! hold data are taken aside first. Tags beyond all measure are cut down here, since html5ever
//! compares each attribute of a tag with all others.

use memchr::{memchr, memchr3, memmem};

use crate::model::head::{
    MAX_ENTRIES, MAX_SCRIPT_BYTES, MAX_VALUE_BYTES, Saved, Script, ScriptKind,
};

/// From this length on a tag's attributes are looked at one by one. Real tags without data in
/// them stay below. A shorter tag can hold some 340 attributes, which html5ever compares in 30 µs.
const LONG_TAG: usize = 1_024;

/// Most attributes of a tag that is looked at; the most on a real page was 136.
const MAX_ATTRIBUTES: usize = 256;

/// A page without the parts that hold no text.
#[derive(Debug, Default)]
pub(super) struct Stripped {
    /// The markup that is left.
    pub(super) markup: String,
    /// Scripts and attributes that hold data.
    pub(super) scripts: Vec<Script>,
    /// The comment of a program that saved the page.
    pub(super) saved: Option<Saved>,
    /// Attributes that were cut off.
    pub(super) attributes_cut: usize,
    script_bytes: usize,
}

/// Drops what holds no text, but for elements of the names in `kept`.
pub(super) fn prestrip(page: &str, kept: &[String]) -> Stripped {
    let bytes = page.as_bytes();
    let mut found =
        Stripped { markup: String::with_capacity(page.len() / 2 + 64), ..Stripped::default() };
    // Everything before `copied` stands in the markup, or is dropped.
    let (mut copied, mut at) = (0, 0);
    let mut endless = Endless::default();
    while let Some(next) = memchr(b'<', bytes.get(at..).unwrap_or_default()) {
        let start = at + next;
        let rest = page.get(start..).unwrap_or_default();
        let behind = match part(rest, kept, &mut endless) {
            Part::Text => {
                at = start + 1;
                continue;
            }
            Part::Keep(length) => {
                at = start + length;
                continue;
            }
            Part::Long(length) => {
                found.markup.push_str(page.get(copied..start).unwrap_or_default());
                let tag = rest.get(..length).unwrap_or_default();
                shorten(tag, &mut found);
                start + length
            }
            Part::Drop(length) => {
                found.markup.push_str(page.get(copied..start).unwrap_or_default());
                // What stood left and right of it stays apart only where it was apart before.
                start + length
            }
            Part::Comment { inside, length } => {
                found.markup.push_str(page.get(copied..start).unwrap_or_default());
                if found.saved.is_none() {
                    found.saved = saved(inside);
                }
                start + length
            }
            Part::Script { tag, inside, length } => {
                found.markup.push_str(page.get(copied..start).unwrap_or_default());
                if let Some(kind) = script_kind(tag) {
                    found.script(kind, inside);
                }
                if is_kept(kept, "script") && tag.len() <= LONG_TAG {
                    found.markup.push_str(rest.get(..length).unwrap_or_default());
                }
                start + length
            }
        };
        (copied, at) = (behind, behind);
    }
    found.markup.push_str(page.get(copied..).unwrap_or_default());
    found
}

impl Stripped {
    fn script(&mut self, kind: ScriptKind, text: &str) {
        let text = text.trim();
        if text.is_empty()
            || self.scripts.len() >= MAX_ENTRIES
            || self.script_bytes + text.len() > MAX_SCRIPT_BYTES
        {
            return;
        }
        self.script_bytes += text.len();
        self.scripts.push(Script { kind, text: text.to_owned(), line: 0 });
    }
}

/// What begins at a `<`.
enum Part<'t> {
    /// A lone `<`.
    Text,
    /// A tag, or something that html5ever shall see, of that many bytes.
    Keep(usize),
    /// A tag that is cut down.
    Long(usize),
    /// Nothing that holds text.
    Drop(usize),
    Comment {
        inside: &'t str,
        length: usize,
    },
    Script {
        tag: &'t str,
        inside: &'t str,
        length: usize,
    },
}

/// What has no end from here on: it is searched for once, or a page of openings would be scanned
/// once for each of them.
#[derive(Default)]
struct Endless {
    comment: bool,
    svg: bool,
    style: bool,
    /// One for each of [`RAW`].
    raw: [NextEnd; RAW.len()],
}

/// Where the next end tag of an element stands, as far as was looked.
#[derive(Debug, Clone, Copy, Default)]
enum NextEnd {
    #[default]
    Unknown,
    Nowhere,
    /// So many bytes before the end of the page.
    Before(usize),
}

/// Elements in which html5ever looks for nothing but their end. Without one they would swallow
/// the page, most of them unseen: then the tag alone is dropped.
const RAW: [&str; 6] = ["title", "textarea", "iframe", "noembed", "noframes", "noscript"];

fn is_kept(kept: &[String], name: &str) -> bool {
    kept.iter().any(|kept| kept == name)
}

fn part<'t>(rest: &'t str, kept: &[String], endless: &mut Endless) -> Part<'t> {
    let bytes = rest.as_bytes();
    match bytes.get(1) {
        Some(b'!') if rest.starts_with("<!--") => comment(rest, endless),
        Some(letter) if letter.is_ascii_alphabetic() => {
            let (length, closed) = tag_end(bytes);
            let raw = match letter | 0x20 {
                b's' => ["script", "style", "svg"].into_iter().find(|name| is_tag(bytes, name)),
                _ => None,
            };
            let tag = rest.get(..length).unwrap_or(rest);
            match raw {
                Some("svg") if is_kept(kept, "svg") && length <= LONG_TAG => Part::Keep(length),
                Some("svg") if tag.ends_with("/>") => Part::Drop(length),
                // A drawing that never ends is no reason to lose the page.
                Some(name @ ("svg" | "style")) => {
                    let none = if name == "svg" { &mut endless.svg } else { &mut endless.style };
                    let end = if *none { None } else { end_of(bytes, length, name) };
                    *none |= end.is_none();
                    match end {
                        Some((_, behind)) if name == "style" && is_kept(kept, name) => {
                            Part::Keep(behind)
                        }
                        Some((_, behind)) => Part::Drop(behind),
                        None => Part::Drop(length),
                    }
                }
                Some(_) => {
                    let (inside, behind) =
                        end_of(bytes, length, "script").unwrap_or((bytes.len(), bytes.len()));
                    let inside = rest.get(length..inside).unwrap_or_default();
                    Part::Script { tag, inside, length: behind }
                }
                None if raw_without_end(bytes, length, endless) => Part::Drop(length),
                None if length > LONG_TAG || !closed => Part::Long(length),
                None => Part::Keep(length),
            }
        }
        Some(b'/' | b'!' | b'?') => Part::Keep(2),
        _ => Part::Text,
    }
}

/// Whether a tag has that name.
fn is_tag(tag: &[u8], name: &str) -> bool {
    let behind = 1 + name.len();
    tag.get(1..behind).is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()))
        && tag.get(behind).is_none_or(|next| next.is_ascii_whitespace() || b"/>".contains(next))
}

/// Whether a tag begins an element of [`RAW`] that has no end. What was found for one holds for
/// all that stand before it.
fn raw_without_end(bytes: &[u8], length: usize, endless: &mut Endless) -> bool {
    if !matches!(bytes.get(1).map(|letter| letter | 0x20), Some(b't' | b'i' | b'n')) {
        return false;
    }
    let Some(which) = RAW.iter().position(|name| is_tag(bytes, name)) else { return false };
    let (Some(name), Some(known)) = (RAW.get(which), endless.raw.get_mut(which)) else {
        return false;
    };
    match *known {
        NextEnd::Nowhere => return true,
        NextEnd::Before(end) if bytes.len() >= end + length => return false,
        NextEnd::Before(_) | NextEnd::Unknown => {}
    }
    let end = end_of(bytes, length, name).map(|(place, _)| bytes.len() - place);
    *known = end.map_or(NextEnd::Nowhere, NextEnd::Before);
    end.is_none()
}

/// Length of the tag that bytes begin with, `>` included, and whether all of its quotes are
/// closed. A quote opens a value only behind `=`.
fn tag_end(bytes: &[u8]) -> (usize, bool) {
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

/// Where `</name` begins, and the first byte behind its `>`.
fn end_of(bytes: &[u8], from: usize, name: &str) -> Option<(usize, usize)> {
    let mut at = from;
    while let Some(found) = memmem::find(bytes.get(at..)?, b"</") {
        let place = at + found;
        let rest = bytes.get(place + 1..)?;
        if is_tag(rest, name) {
            let end = memchr(b'>', rest).map_or(bytes.len(), |end| place + 1 + end + 1);
            return Some((place, end));
        }
        at = place + 2;
    }
    None
}

fn comment<'t>(rest: &'t str, endless: &mut Endless) -> Part<'t> {
    let inside = rest.get(4..).unwrap_or_default();
    // `<!-->` and `<!--->` are comments without anything in them.
    for short in [">", "->"] {
        if inside.starts_with(short) {
            return Part::Drop(4 + short.len());
        }
    }
    let end = if endless.comment { None } else { memmem::find(inside.as_bytes(), b"-->") };
    endless.comment |= end.is_none();
    match end {
        Some(end) => {
            Part::Comment { inside: inside.get(..end).unwrap_or_default(), length: 4 + end + 3 }
        }
        // A comment that never ends is no reason to lose the page.
        None => Part::Drop(4),
    }
}

fn script_kind(tag: &str) -> Option<ScriptKind> {
    let mut kind = None;
    for (name, value) in attributes(tag) {
        if name.eq_ignore_ascii_case("id") && value == "__NEXT_DATA__" {
            return Some(ScriptKind::NextData);
        }
        if name.eq_ignore_ascii_case("type") {
            let value = value.split(';').next().unwrap_or_default().trim();
            if value.eq_ignore_ascii_case("application/ld+json") {
                kind = Some(ScriptKind::JsonLd);
            } else if value.eq_ignore_ascii_case("application/json") {
                kind = Some(ScriptKind::Json);
            }
        }
    }
    kind
}

/// Writes a long tag with the attributes that a page can have use for: not too many, not too
/// long. Data in attributes is taken aside.
fn shorten(tag: &str, found: &mut Stripped) {
    let name_end = tag
        .bytes()
        .position(|byte| byte.is_ascii_whitespace() || byte == b'>')
        .unwrap_or(tag.len());
    found.markup.push_str(tag.get(..name_end).unwrap_or_default());
    let mut kept = 0;
    for (name, value) in attributes(tag) {
        if name == "data-preloaded" {
            found.script(ScriptKind::Preloaded, &decoded(value));
            continue;
        }
        let quote = if value.contains('"') { '\'' } else { '"' };
        // Data in attributes is no text of the page: pictures as base64, state of scripts.
        if value.len() > MAX_VALUE_BYTES || value.contains(quote) {
            continue;
        }
        if kept >= MAX_ATTRIBUTES {
            found.attributes_cut += 1;
            continue;
        }
        kept += 1;
        found.markup.push(' ');
        found.markup.push_str(name);
        found.markup.push('=');
        found.markup.push(quote);
        found.markup.push_str(value);
        found.markup.push(quote);
    }
    found.markup.push('>');
}

/// A value without the references that programs write into it.
fn decoded(value: &str) -> String {
    const WRITTEN: [(&str, &str); 7] = [
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&amp;", "&"),
    ];
    WRITTEN.iter().fold(value.to_owned(), |text, (written, letter)| text.replace(written, letter))
}

/// Names and values of a tag's attributes, as written.
fn attributes(tag: &str) -> impl Iterator<Item = (&str, &str)> {
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

/// What a saving program says: lines of `SingleFile`, "Mirrored from … by `HTTrack` …, date", and
/// "saved from url=(0022)https://…" of old browsers.
fn saved(comment: &str) -> Option<Saved> {
    let value = |key: &str| {
        comment
            .lines()
            .find_map(|line| line.trim().strip_prefix(key))
            .map(|value| value.trim().to_owned())
            .filter(|value| !value.is_empty() && value.len() <= MAX_VALUE_BYTES)
    };
    if comment.contains("Page saved with SingleFile") {
        return Some(Saved { by: "SingleFile", url: value("url:"), at: value("saved date:") });
    }
    let trimmed = comment.trim();
    if let Some(rest) = trimmed.strip_prefix("Mirrored from ") {
        let (url, rest) = rest.split_once(" by HTTrack ")?;
        let at = rest.split_once(", ").map(|(_, at)| at.trim().to_owned());
        let url = if url.contains("://") { url.to_owned() } else { format!("http://{url}") };
        return Some(Saved { by: "HTTrack", url: Some(url), at });
    }
    let rest = trimmed.strip_prefix("saved from url=")?;
    let url = rest.split_once(')').map_or(rest, |(_, url)| url).trim();
    (url.len() <= MAX_VALUE_BYTES).then(|| Saved {
        by: "saved from",
        url: Some(url.to_owned()),
        at: None,
    })
}
