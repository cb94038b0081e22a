//! The encoding label inside an HTML page.
//!
//! Responsible for the prescan of the HTML Standard ("prescan a byte stream to determine its encoding",
//! 13.2.3.2), with the encoding of an XML declaration where no `<meta>` names one. It must never look past
//! [`HEAD_BYTES`]. Takes bytes, gives the label and its encoding.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, X_USER_DEFINED};

/// Bytes that are looked at, as the HTML Standard has it.
const HEAD_BYTES: usize = 1_024;

/// The label that a page gives itself, with its encoding.
pub(super) fn prescan(bytes: &[u8]) -> Option<(String, &'static Encoding)> {
    let mut head = Cursor { rest: bytes.get(..HEAD_BYTES).unwrap_or(bytes) };
    let fallback = xml_declaration(head.rest);
    while !head.rest.is_empty() {
        if head.take("<!--") {
            // The two dashes may be those of the opening: `<!-->`.
            head.skip_comment();
        } else if head.starts_meta() {
            if let Some(found) = meta(&mut head) {
                return Some(found);
            }
        } else if head.starts_tag() {
            head.skip_while(|byte| !is_space(byte) && byte != b'>');
            while head.attribute().is_some() {}
        } else if head.starts_with("<!") || head.starts_with("</") || head.starts_with("<?") {
            head.skip_while(|byte| byte != b'>');
        }
        head.skip(1);
    }
    fallback
}

/// Reads the attributes of a `<meta>`; `None` when they name no known encoding.
fn meta(head: &mut Cursor<'_>) -> Option<(String, &'static Encoding)> {
    let mut got_pragma = false;
    // Whether the label counts only beside `http-equiv`; none while no label was met.
    let mut need_pragma = None;
    let mut label = None;
    let mut names: Vec<Vec<u8>> = Vec::new();
    while let Some((name, value)) = head.attribute() {
        if names.contains(&name) {
            continue;
        }
        match name.as_slice() {
            b"http-equiv" => got_pragma |= value == b"content-type",
            b"content" if label.is_none() => {
                if let Some(found) = charset_in_content(&value) {
                    label = Some(found);
                    need_pragma = Some(true);
                }
            }
            b"charset" => {
                label = Some(value);
                need_pragma = Some(false);
            }
            _ => {}
        }
        names.push(name);
    }
    if need_pragma? && !got_pragma {
        return None;
    }
    let label = label?;
    let encoding = in_ascii(Encoding::for_label_no_replacement(&label)?);
    Some((String::from_utf8_lossy(&label).into_owned(), encoding))
}

/// An encoding named in bytes that were read as ASCII is not UTF-16, whatever it says.
fn in_ascii(encoding: &'static Encoding) -> &'static Encoding {
    if encoding == UTF_16LE || encoding == UTF_16BE {
        UTF_8
    } else if encoding == X_USER_DEFINED {
        WINDOWS_1252
    } else {
        encoding
    }
}

/// "Extracting a character encoding from a meta element": `text/html; charset=utf-8`.
fn charset_in_content(value: &[u8]) -> Option<Vec<u8>> {
    let mut content = Cursor { rest: value };
    loop {
        while !content.starts_with("charset") {
            if content.rest.is_empty() {
                return None;
            }
            content.skip(1);
        }
        content.skip("charset".len());
        content.skip_while(is_space);
        if content.take("=") {
            break;
        }
    }
    content.skip_while(is_space);
    let label = if let (quote @ (b'"' | b'\''), quoted) = content.rest.split_first()? {
        let end = quoted.iter().position(|byte| byte == quote)?;
        quoted.get(..end)?
    } else {
        content.rest.split(|&byte| is_space(byte) || byte == b';').next()?
    };
    Some(label.to_vec())
}

/// `<?xml version="1.0" encoding="windows-1251"?>` at the very beginning.
fn xml_declaration(bytes: &[u8]) -> Option<(String, &'static Encoding)> {
    let declaration = bytes.strip_prefix(b"<?xml")?;
    let end = declaration.iter().position(|&byte| byte == b'>')?;
    let mut cursor = Cursor { rest: declaration.get(..end)? };
    while !cursor.starts_with("encoding") {
        if cursor.rest.is_empty() {
            return None;
        }
        cursor.skip(1);
    }
    cursor.skip("encoding".len());
    cursor.skip_while(is_space);
    if !cursor.take("=") {
        return None;
    }
    cursor.skip_while(is_space);
    let (quote, quoted) = cursor.rest.split_first()?;
    let end = quoted.iter().position(|byte| byte == quote)?;
    let label = quoted.get(..end).filter(|_| matches!(quote, b'"' | b'\''))?;
    let encoding = in_ascii(Encoding::for_label_no_replacement(label)?);
    Some((String::from_utf8_lossy(label).into_owned(), encoding))
}

/// The bytes not yet looked at.
struct Cursor<'b> {
    rest: &'b [u8],
}

impl Cursor<'_> {
    fn skip(&mut self, count: usize) {
        self.rest = self.rest.get(count..).unwrap_or_default();
    }

    fn skip_while(&mut self, fits: impl Fn(u8) -> bool) {
        let end = self.rest.iter().position(|&byte| !fits(byte)).unwrap_or(self.rest.len());
        self.skip(end);
    }

    /// `text` is in lower case; case of the bytes does not count.
    fn starts_with(&self, text: &str) -> bool {
        self.rest.get(..text.len()).is_some_and(|head| head.eq_ignore_ascii_case(text.as_bytes()))
    }

    fn take(&mut self, text: &str) -> bool {
        let found = self.starts_with(text);
        if found {
            self.skip(text.len());
        }
        found
    }

    /// After `<!--`: up to the `>` of the first `-->`, whose dashes may be those of the opening.
    fn skip_comment(&mut self) {
        if self.starts_with(">") || self.starts_with("->") {
            self.skip_while(|byte| byte != b'>');
            return;
        }
        while !self.rest.is_empty() && !self.starts_with("-->") {
            self.skip(1);
        }
        self.skip("--".len());
    }

    /// Takes `<meta` when a space or slash follows.
    fn starts_meta(&mut self) -> bool {
        let ends = self.rest.get("<meta".len()).is_some_and(|&byte| is_space(byte) || byte == b'/');
        ends && self.take("<meta")
    }

    fn starts_tag(&self) -> bool {
        match self.rest {
            [b'<', b'/', letter, ..] | [b'<', letter, ..] => letter.is_ascii_alphabetic(),
            _ => false,
        }
    }

    /// "Get an attribute": name and value in lower case; `None` at the end of the tag.
    fn attribute(&mut self) -> Option<(Vec<u8>, Vec<u8>)> {
        self.skip_while(|byte| is_space(byte) || byte == b'/');
        let first = *self.rest.first().filter(|&&byte| byte != b'>')?;
        let mut name = vec![first.to_ascii_lowercase()];
        self.skip(1);
        while let Some(&byte) = self.rest.first() {
            if byte == b'=' || byte == b'/' || byte == b'>' || is_space(byte) {
                break;
            }
            name.push(byte.to_ascii_lowercase());
            self.skip(1);
        }
        self.skip_while(is_space);
        if !self.take("=") {
            return Some((name, Vec::new()));
        }
        self.skip_while(is_space);
        Some((name, self.value()))
    }

    fn value(&mut self) -> Vec<u8> {
        let (end, skipped) = match self.rest.split_first() {
            Some((quote @ (b'"' | b'\''), quoted)) => {
                self.rest = quoted;
                let end = quoted.iter().position(|byte| byte == quote);
                // A value that never ends reaches to the end of the bytes.
                (end.unwrap_or(quoted.len()), 1)
            }
            Some(_) => {
                let end = self.rest.iter().position(|&byte| is_space(byte) || byte == b'>');
                (end.unwrap_or(self.rest.len()), 0)
            }
            None => (0, 0),
        };
        let value = self.rest.get(..end).unwrap_or_default().to_ascii_lowercase();
        self.skip(end + skipped);
        value
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | 0x0c | b'\r' | b' ')
}
