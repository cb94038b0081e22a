//! What html5ever need not see: scripts, styles, drawings, comments, and attributes that nobody
//! looks at, dropped by a scan for `<`.
//!
//! Two thirds of a page's bytes are such, and the tokenizer is what a page's time goes to. Scripts
//! that hold data are taken aside first. Tags beyond all measure are cut down here, since html5ever
//! compares each attribute of a tag with all others.

use std::ops::Range;

use memchr::{memchr, memchr2, memmem};

use super::tag::{attributes, is_wanted, slim, tag_end};
use crate::model::head::{
    MAX_ENTRIES, MAX_SCRIPT_BYTES, MAX_VALUE_BYTES, Saved, Script, ScriptKind,
};
use crate::profile::asked::Asked;

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

/// Whether line feeds count where the scan has come to.
#[derive(Debug, Default)]
struct Lines {
    /// Open elements in which they do.
    depth: u32,
}

impl Lines {
    /// Whether the line feeds before a `<` are white space like any other.
    fn are_wrapped(&mut self, tag: &[u8]) -> bool {
        let before = self.depth;
        match tag.get(1).map(|letter| letter | 0x20) {
            Some(b'p') if is_tag(tag, "pre") || is_tag(tag, "plaintext") => self.depth += 1,
            Some(b'l') if is_tag(tag, "listing") => self.depth += 1,
            // A slash.
            Some(0x2f) => {
                let end = tag.get(1..).unwrap_or_default();
                if is_tag(end, "pre") || is_tag(end, "listing") {
                    self.depth = self.depth.saturating_sub(1);
                }
            }
            _ => {}
        }
        before == 0
    }
}

/// Writes a text of a page, and what stands before it from `copied` on, with a space in place of
/// each stretch of white space that has a line feed in it: html5ever makes a token of every line
/// feed. Says up to where the page was written.
fn unwrap(page: &str, mut copied: usize, text: Range<usize>, markup: &mut String) -> usize {
    let bytes = page.as_bytes().get(..text.end).unwrap_or_default();
    let mut at = text.start;
    while let Some(found) = memchr2(b'\n', b'\r', bytes.get(at..).unwrap_or_default()) {
        let feed = at + found;
        let (before, behind) = bytes.split_at_checked(feed).unwrap_or_default();
        let before = before.get(at..).unwrap_or_default();
        let from = at + before.trim_ascii_end().len();
        let end = behind.iter().position(|byte| !byte.is_ascii_whitespace());
        let to = end.map_or(bytes.len(), |end| feed + end);
        markup.push_str(page.get(copied..from).unwrap_or_default());
        markup.push(' ');
        copied = to;
        at = to;
    }
    copied
}

/// What of a page is kept though it holds no text.
#[derive(Debug, Clone, Copy, Default)]
pub struct Keep<'k> {
    /// Names of elements.
    pub elements: &'k [String],
    /// The attributes that profiles ask for; all where it is not known.
    pub attributes: Option<&'k Asked>,
}

/// Drops what holds no text and nobody asks for.
pub(super) fn prestrip(page: &str, keep: Keep<'_>) -> Stripped {
    let bytes = page.as_bytes();
    let mut found =
        Stripped { markup: String::with_capacity(page.len() / 2 + 64), ..Stripped::default() };
    // Everything before `copied` stands in the markup, or is dropped.
    let (mut copied, mut at) = (0, 0);
    let mut endless = Endless::default();
    let mut idle = Vec::new();
    let mut lines = Lines::default();
    while let Some(next) = memchr(b'<', bytes.get(at..).unwrap_or_default()) {
        let start = at + next;
        let rest = page.get(start..).unwrap_or_default();
        if lines.are_wrapped(rest.as_bytes()) {
            copied = unwrap(page, copied, at..start, &mut found.markup);
        }
        let behind = match part(rest, keep, &mut endless, &mut idle) {
            Part::Text => {
                at = start + 1;
                continue;
            }
            Part::Keep(length) => {
                at = start + length;
                continue;
            }
            Part::Tag(length) => {
                for place in &idle {
                    let kept = page.get(copied..start + place.start).unwrap_or_default();
                    found.markup.push_str(kept);
                    copied = start + place.end;
                }
                at = start + length;
                continue;
            }
            Part::Long(length) => {
                found.markup.push_str(page.get(copied..start).unwrap_or_default());
                let tag = rest.get(..length).unwrap_or_default();
                shorten(tag, keep.attributes, &mut found);
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
                if is_kept(keep.elements, "script") && tag.len() <= LONG_TAG {
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
    /// Something that html5ever shall see, of that many bytes.
    Keep(usize),
    /// A tag that it shall see without its idle attributes.
    Tag(usize),
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

impl Endless {
    /// Where the `<noscript>` ends that some bytes stand in: a tag in it ends there too.
    fn end_of_noscript(&self, bytes: &[u8]) -> Option<usize> {
        match self.raw.first()? {
            NextEnd::Before { tag, .. } => bytes.len().checked_sub(*tag),
            NextEnd::Unknown | NextEnd::Nowhere => None,
        }
    }
}

/// Where the next end tag of an element stands, as far as was looked.
#[derive(Debug, Clone, Copy, Default)]
enum NextEnd {
    #[default]
    Unknown,
    Nowhere,
    /// So many bytes before the end of the page it begins, and there it ends.
    Before {
        tag: usize,
        behind: usize,
    },
}

/// Elements in which html5ever looks for nothing but their end. Without one they would swallow
/// the page, most of them unseen: then the tag alone is dropped. `noscript` is the first.
const RAW: [&str; 7] = ["noscript", "title", "textarea", "iframe", "noembed", "noframes", "xmp"];

fn is_kept(kept: &[String], name: &str) -> bool {
    kept.iter().any(|kept| kept == name)
}

/// What a text begins with; where that is a tag, the places of its idle attributes.
fn part<'t>(
    rest: &'t str,
    keep: Keep<'_>,
    endless: &mut Endless,
    idle: &mut Vec<Range<usize>>,
) -> Part<'t> {
    let bytes = rest.as_bytes();
    let kept = keep.elements;
    idle.clear();
    match bytes.get(1) {
        Some(b'!') if rest.starts_with("<!--") => comment(rest, endless),
        Some(letter) if letter.is_ascii_alphabetic() => {
            let slimmed = keep.attributes.and_then(|asked| slim(rest, asked, idle));
            let (length, closed) = slimmed.map_or_else(|| tag_end(bytes), |length| (length, true));
            if let Some(end) = endless.end_of_noscript(bytes).filter(|end| *end < length) {
                return Part::Keep(end);
            }
            let dropped = match letter | 0x20 {
                b's' => ["script", "style", "svg"].into_iter().find(|name| is_tag(bytes, name)),
                _ => None,
            };
            let tag = rest.get(..length).unwrap_or(rest);
            match dropped {
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
                None => match raw(bytes, length, endless) {
                    Some(NextEnd::Nowhere) => Part::Drop(length),
                    // What stands in it is no markup; but that in `<noscript>` is parsed too.
                    Some(NextEnd::Before { behind, .. })
                        if length <= LONG_TAG && !is_tag(bytes, "noscript") =>
                    {
                        Part::Keep(bytes.len() - behind)
                    }
                    _ if length > LONG_TAG || !closed => Part::Long(length),
                    _ => Part::Tag(length),
                },
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

/// Where a tag begins an element of [`RAW`], where that ends. What was found for one holds for all
/// that stand before it.
fn raw(bytes: &[u8], length: usize, endless: &mut Endless) -> Option<NextEnd> {
    if !matches!(bytes.get(1).map(|letter| letter | 0x20), Some(b't' | b'i' | b'n' | b'x')) {
        return None;
    }
    let which = RAW.iter().position(|name| is_tag(bytes, name))?;
    let (name, known) = (RAW.get(which)?, endless.raw.get_mut(which)?);
    let is_stale = match known {
        NextEnd::Unknown => true,
        NextEnd::Nowhere => false,
        NextEnd::Before { tag, .. } => bytes.len() < *tag + length,
    };
    if is_stale {
        let end = end_of(bytes, length, name);
        *known = end.map_or(NextEnd::Nowhere, |(tag, behind)| NextEnd::Before {
            tag: bytes.len() - tag,
            behind: bytes.len() - behind,
        });
    }
    Some(*known)
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
fn shorten(tag: &str, asked: Option<&Asked>, found: &mut Stripped) {
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
        if !is_wanted(name, asked) {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn stripped(page: &str) -> String {
        let asked = Asked::default();
        prestrip(page, Keep { elements: &[], attributes: Some(&asked) }).markup
    }

    #[test]
    fn white_space_is_one_space_where_lines_do_not_count() {
        assert_eq!(stripped("<ul>\n\t<li> a \r\n\n b\n</ul>  c"), "<ul> <li> a b </ul>  c");
        assert_eq!(stripped("a\n<"), "a <");
        let listing = "<pre>\n a\n<b>\n</b>\n</pre>";
        assert_eq!(
            stripped(&format!("\n{listing}\n{listing}\n<i>")),
            format!(" {listing} {listing} <i>")
        );
        assert_eq!(stripped("<pre>\n<pre>\n</pre>\n<p>"), "<pre>\n<pre>\n</pre>\n<p>");
    }

    #[test]
    fn what_stands_in_raw_text_is_no_markup() {
        for page in [
            "<textarea>\n<div data-a=1><!-- x --></textarea>",
            "<title>a <svg> b</title>",
            "<xmp>\n<p data-a=1></xmp>",
        ] {
            assert_eq!(stripped(page), page);
        }
        assert_eq!(stripped("<noscript><p data-a=1></noscript>"), "<noscript><p></noscript>");
        assert_eq!(stripped("<textarea><p data-a=1>"), "<p>");
    }
}
