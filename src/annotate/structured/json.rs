//! JSON as pages write it: read strictly where that works, mended where it is safe.
//!
//! What is mended changes no value that a strict reader would have seen: control characters in
//! strings, escapes that JSON does not know, commas before a closing bracket or at the end,
//! brackets and strings that the end of the script leaves open, quotes inside a string that
//! cannot end it, semicolons and comments of other languages around the data. What still cannot
//! be read is left out. It must never fail, and never recurse. Takes a script's text, gives the
//! values in it.

use serde_json::Value;

/// Deepest nesting that is mended; serde refuses more than 128.
const MAX_DEPTH: usize = 96;

/// Most values of one script.
const MAX_VALUES: usize = 64;

/// What a script holds.
#[derive(Debug, Default)]
pub(super) struct Parsed {
    /// The values, in order.
    pub(super) values: Vec<Value>,
    /// Whether it had to be mended.
    pub(super) mended: bool,
    /// Whether something in it could not be read.
    pub(super) broken: bool,
}

/// Reads the JSON of a script.
pub(super) fn parse(text: &str) -> Parsed {
    let text = unwrapped(text);
    if text.is_empty() {
        return Parsed::default();
    }
    if let Ok(value) = serde_json::from_str(text) {
        return Parsed { values: vec![value], mended: false, broken: false };
    }
    let mut parsed = Parsed { mended: true, ..Parsed::default() };
    for part in mended(text) {
        match serde_json::from_str(&part) {
            Ok(value) => parsed.values.push(value),
            Err(_) => parsed.broken = true,
        }
    }
    parsed.broken |= parsed.values.is_empty();
    parsed
}

/// A script without comment marks, `CDATA` and semicolons around the data.
fn unwrapped(text: &str) -> &str {
    const BEFORE: [&str; 7] =
        ["<!--", "//<![CDATA[", "/*<![CDATA[*/", "<![CDATA[", "// ", "//", ";"];
    const AFTER: [&str; 7] = ["-->", "//]]>", "/*]]>*/", "]]>", "//", ";", ","];
    let mut text = text.trim_matches(is_space);
    loop {
        let before = text.len();
        for mark in BEFORE {
            text = text.strip_prefix(mark).unwrap_or(text).trim_start_matches(is_space);
        }
        for mark in AFTER {
            text = text.strip_suffix(mark).unwrap_or(text).trim_end_matches(is_space);
        }
        if text.len() == before {
            return text;
        }
    }
}

fn is_space(letter: char) -> bool {
    letter.is_whitespace() || letter == '\u{feff}' || letter == '\0'
}

/// The objects and arrays of a text, each one mended.
fn mended(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut out = String::new();
    // The closing brackets that are still to come, innermost last.
    let mut open: Vec<char> = Vec::new();
    // The last letter that is no white space: looking back for it would not be linear.
    let mut last = ' ';
    let mut at = 0;
    while let Some(letter) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let next = at + letter.len_utf8();
        match letter {
            '{' | '[' => {
                if open.len() == MAX_DEPTH {
                    return found;
                }
                open.push(if letter == '{' { '}' } else { ']' });
                out.push(letter);
            }
            '}' | ']' => {
                // A bracket that closes nothing is a slip; one too few is closed by the outer one.
                if !open.contains(&letter) {
                    at = next;
                    continue;
                }
                while let Some(expected) = open.pop() {
                    drop_comma(&mut out);
                    out.push(expected);
                    if expected == letter {
                        break;
                    }
                }
                if open.is_empty() {
                    found.push(std::mem::take(&mut out));
                    if found.len() == MAX_VALUES {
                        return found;
                    }
                }
            }
            '"' if !open.is_empty() => {
                at = string(text, next, &mut out);
                last = '"';
                continue;
            }
            // A comma too many: after another one, or after an opening bracket.
            ',' if matches!(last, ',' | '{' | '[' | ':') => {}
            _ if open.is_empty() => {}
            ';' => {}
            _ if letter.is_control() || letter == '\u{feff}' => out.push(' '),
            _ => out.push(letter),
        }
        if !is_space(letter) {
            last = letter;
        }
        at = next;
    }
    if !open.is_empty() {
        while let Some(expected) = open.pop() {
            drop_comma(&mut out);
            out.push(expected);
        }
        found.push(out);
    }
    found
}

/// Drops a comma, or a key without a value, at the end.
fn drop_comma(out: &mut String) {
    let kept = out.trim_end().trim_end_matches(',').len();
    out.truncate(kept);
    if out.ends_with(':') {
        out.push_str("null");
    }
}

/// Copies a string from behind its opening quote; gives the place behind the closing one.
fn string(text: &str, start: usize, out: &mut String) -> usize {
    out.push('"');
    let mut at = start;
    while let Some(letter) = text.get(at..).and_then(|rest| rest.chars().next()) {
        at += letter.len_utf8();
        match letter {
            '"' => {
                if ends_string(text.get(at..).unwrap_or_default()) {
                    out.push('"');
                    return at;
                }
                out.push_str("\\\"");
            }
            '\\' => match text.get(at..).and_then(|rest| rest.chars().next()) {
                Some('u') if is_unicode_escape(text.get(at + 1..at + 5)) => out.push('\\'),
                Some(next @ ('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't')) => {
                    out.push('\\');
                    out.push(next);
                    at += 1;
                }
                // `\'` and the like: the letter itself.
                _ => {}
            },
            '\n' | '\r' | '\t' => out.push(' '),
            _ if letter.is_control() => {}
            _ => out.push(letter),
        }
    }
    out.push('"');
    at
}

fn is_unicode_escape(digits: Option<&str>) -> bool {
    digits.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Whether what follows a quote can follow the end of a string: a colon, a closing bracket, or a
/// comma with another value behind it.
fn ends_string(rest: &str) -> bool {
    let rest = rest.trim_start_matches(is_space);
    let Some(first) = rest.chars().next() else { return true };
    match first {
        ':' | '}' | ']' | ';' => true,
        ',' => {
            let behind = rest.trim_start_matches(|letter| letter == ',' || is_space(letter));
            behind.is_empty()
                || behind.starts_with(['"', '{', '[', '}', ']', '-'])
                || behind.starts_with(|letter: char| letter.is_ascii_digit())
                || ["true", "false", "null"].iter().any(|word| behind.starts_with(word))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<String> = parse(text).values.iter().map(Value::to_string).collect();
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn sound_json_is_not_touched() {
        let parsed = parse(r#" {"a": "b, \"c\", d"} "#);
        assert!(!parsed.mended && !parsed.broken);
        check(r#"{"a": "b, \"c\", d"}"#, &[r#"{"a":"b, \"c\", d"}"#]);
        check("", &[]);
    }

    #[test]
    fn wrappers_are_taken_off() {
        for text in [
            "//<![CDATA[\n{\"a\":1}\n//]]>",
            "<!-- {\"a\":1} -->",
            "/*<![CDATA[*/ {\"a\":1}; /*]]>*/",
            "{\"a\":1};",
            "\u{feff}{\"a\":1},",
        ] {
            check(text, &[r#"{"a":1}"#]);
        }
    }

    #[test]
    fn faults_are_mended() {
        check("{\"a\":\"two\nlines\tand \u{1}more\"}", &[r#"{"a":"two lines and more"}"#]);
        check(r#"{"a":[1,2,],"b":{"c":3,},}"#, &[r#"{"a":[1,2],"b":{"c":3}}"#]);
        check(r#"{"a":1,,"b":2}"#, &[r#"{"a":1,"b":2}"#]);
        check(r#"{"a":{"b":[1,2"#, &[r#"{"a":{"b":[1,2]}}"#]);
        check(r#"{"a":{"b":"open"#, &[r#"{"a":{"b":"open"}}"#]);
        check(r#"{"a":{"b":"#, &[r#"{"a":{"b":null}}"#]);
        check(r#"{"a":"it\'s"}"#, &[r#"{"a":"it's"}"#]);
        check(r#"{"a":"she said "no" to it"}"#, &[r#"{"a":"she said \"no\" to it"}"#]);
        check(r#"{"a":[{"b":1]}"#, &[r#"{"a":[{"b":1}]}"#]);
    }

    #[test]
    fn several_values_in_a_row_are_all_read() {
        check(r#"{"a":1}{"b":2}"#, &[r#"{"a":1}"#, r#"{"b":2}"#]);
        check(r#"{"a":1}, {"b":2};"#, &[r#"{"a":1}"#, r#"{"b":2}"#]);
        check(r#"{"a":1}} {"b":2}"#, &[r#"{"a":1}"#, r#"{"b":2}"#]);
    }

    #[test]
    fn what_cannot_be_read_is_left_out() {
        for text in
            ["not json", "{\"a\" 1}", "{a: 1}", "{{{{", "]]]]", "\"", "{\"", "{\"\\", "\\u12"]
        {
            let parsed = parse(text);
            let empty = |value: &Value| value.is_object() || value.is_array();
            assert!(parsed.broken || parsed.values.iter().all(empty), "{text}: {parsed:?}");
        }
        assert!(parse(&"[".repeat(100_000)).values.is_empty());
        assert!(parse(&"{\"a\":".repeat(100_000)).values.is_empty());
        assert!(parse(r#"{broken}{"b":2}"#).broken);
        check(r#"{broken}{"b":2}"#, &[r#"{"b":2}"#]);
    }
}
