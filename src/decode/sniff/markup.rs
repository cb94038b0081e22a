//! Tells HTML from text.
//!
//! Responsible for the opening tag and for the density of tags. It must never take text that speaks about
//! tags for a page. Takes bytes in which ASCII is ASCII, gives a yes or no.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

/// What a page begins with and prose does not.
const STRONG: &[&str] = &[
    "<!doctype html",
    "<html",
    "<head",
    "<body",
    "<script",
    "<iframe",
    "<style",
    "<title",
    "<meta",
    "<link",
    "<base",
];

/// Tags that count. Fragments are made of them; `<` before other letters is arithmetic, mail or code.
const TAGS: &[&str] = &[
    "a",
    "abbr",
    "article",
    "aside",
    "b",
    "blockquote",
    "body",
    "br",
    "button",
    "center",
    "code",
    "dd",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "font",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "i",
    "iframe",
    "img",
    "input",
    "label",
    "li",
    "link",
    "main",
    "meta",
    "nav",
    "noscript",
    "ol",
    "option",
    "p",
    "picture",
    "pre",
    "script",
    "section",
    "select",
    "small",
    "source",
    "span",
    "strong",
    "style",
    "sub",
    "sup",
    "svg",
    "table",
    "tbody",
    "td",
    "template",
    "th",
    "thead",
    "time",
    "title",
    "tr",
    "u",
    "ul",
    "video",
];

/// Tags and what they cost, in the bytes that were looked at.
#[derive(Default)]
struct Tags {
    /// Opening and closing tags.
    count: usize,
    /// Closing tags.
    closing: usize,
    /// Bytes in tags.
    bytes: usize,
}

/// Whether bytes are HTML. The extension decides in doubt only.
pub(super) fn is_html(head: &[u8], name_hint: Option<&str>) -> bool {
    let (opening, had_comment) = skip_prologue(head);
    if had_comment || STRONG.iter().any(|tag| begins(opening, tag)) {
        return true;
    }
    let tags = count(head);
    let hinted = name_hint.is_some_and(|hint| {
        ["html", "htm", "xhtml", "shtml"].iter().any(|known| hint.eq_ignore_ascii_case(known))
    });
    // A flattened text saved as `.html` has no tag at all.
    if hinted && tags.count >= 1 {
        return true;
    }
    let share = |part: usize| tags.bytes * part >= head.len();
    if tag_at(opening).is_some() {
        // `<p>One.</p>` is a fragment; "<p> is the tag of paragraphs." is prose.
        (tags.closing >= 1 && share(20)) || (tags.count >= 2 && share(10))
    } else {
        // Prose about HTML has a tag in every other sentence, a fragment has several in each.
        tags.count >= 6 && tags.closing >= 2 && share(8)
    }
}

/// Skips white space, comments and an XML declaration, and says whether there was a comment.
fn skip_prologue(head: &[u8]) -> (&[u8], bool) {
    let mut rest = head.trim_ascii_start();
    let mut had_comment = false;
    loop {
        let end: &[u8] = if rest.starts_with(b"<!--") {
            had_comment = true;
            b"-->"
        } else if begins(rest, "<?xml") {
            b"?>"
        } else {
            return (rest, had_comment);
        };
        let after = memchr::memmem::find(rest, end).map_or(rest.len(), |at| at + end.len());
        rest = rest.get(after..).unwrap_or_default().trim_ascii_start();
    }
}

/// Whether bytes begin with a tag (in lower case), in any case, whose name ends there.
fn begins(bytes: &[u8], tag: &str) -> bool {
    let Some((head, rest)) = bytes.split_at_checked(tag.len()) else {
        return false;
    };
    head.eq_ignore_ascii_case(tag.as_bytes())
        && !rest.first().is_some_and(u8::is_ascii_alphanumeric)
}

fn count(head: &[u8]) -> Tags {
    let mut tags = Tags::default();
    for at in memchr::memchr_iter(b'<', head) {
        let Some((length, closing)) = tag_at(head.get(at..).unwrap_or_default()) else {
            continue;
        };
        tags.count += 1;
        tags.closing += usize::from(closing);
        tags.bytes += length;
    }
    tags
}

/// Length of the tag that bytes begin with, and whether it closes; `None` when there is none, or one of an
/// unknown name, or one that does not end.
fn tag_at(bytes: &[u8]) -> Option<(usize, bool)> {
    let inside = bytes.strip_prefix(b"<")?;
    let (closing, inside) = match inside.strip_prefix(b"/") {
        Some(inside) => (true, inside),
        None => (false, inside),
    };
    let name_end = inside.iter().position(|byte| !byte.is_ascii_alphanumeric())?;
    let name = inside.get(..name_end)?;
    TAGS.iter().find(|tag| name.eq_ignore_ascii_case(tag.as_bytes()))?;
    // No tag with attributes is longer, but for images and styles inline.
    let end = memchr::memchr2(b'>', b'<', inside.get(name_end..)?)? + name_end;
    (inside.get(end) == Some(&b'>')).then_some((end + 2 + usize::from(closing), closing))
}
