//! Reads a site config: one directive a line.
//!
//! `key: value`, or `key(argument): value`. Lines that begin with `#` and empty ones are none.

/// Longest line that is read; the longest of 1,373 files has 1,190 bytes.
const MAX_LINE_BYTES: usize = 8_192;

/// Most directives of a file; the most of 1,373 files are 138.
pub const MAX_DIRECTIVES: usize = 5_000;

/// One line of a site config.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directive {
    /// Line of the file, from 1.
    pub line: u32,
    /// What stands before the colon, without its argument: `replace_string`. Empty where there is
    /// no colon.
    pub key: String,
    /// What stands in brackets behind the key.
    pub argument: Option<String>,
    /// What stands behind the colon.
    pub value: String,
    /// The line, without control characters and white space at its ends.
    pub raw: String,
}

/// The directives of a file, in its order.
pub fn read(text: &str) -> Vec<Directive> {
    let text = text.trim_start_matches('\u{feff}');
    let lines = (1..).zip(text.lines());
    lines
        .map(|(line, text)| (line, text.trim()))
        .filter(|(_, text)| !text.is_empty() && !text.starts_with('#'))
        .take(MAX_DIRECTIVES)
        .map(|(line, text)| directive(line, text))
        .collect()
}

fn directive(line: u32, text: &str) -> Directive {
    let text = text.get(..text.floor_char_boundary(MAX_LINE_BYTES)).unwrap_or(text);
    let raw = text.replace(char::is_control, " ");
    let (head, value) = split(text);
    let value = value.unwrap_or_default().trim().to_owned();
    let (key, argument) = match head.split_once('(') {
        Some((key, rest)) if is_key(key) => {
            (key.to_owned(), Some(rest.strip_suffix(')').unwrap_or(rest).to_owned()))
        }
        _ => (head.trim().to_owned(), None),
    };
    Directive { line, key, argument, value, raw }
}

/// Parts a line at its colon; the colons of an argument in brackets are its own.
fn split(text: &str) -> (&str, Option<&str>) {
    let head = text.split('(').next().unwrap_or_default();
    if is_key(head) && head.len() < text.len() {
        // The brackets end where a colon follows: there may be others inside.
        if let Some(end) = text.find("):").or_else(|| text.find(") :")) {
            let (head, rest) = text.split_at(end + 1);
            return (head, rest.trim_start().strip_prefix(':'));
        }
    }
    match text.split_once(':') {
        Some((key, value)) => (key.trim(), Some(value)),
        None => ("", None),
    }
}

fn is_key(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
