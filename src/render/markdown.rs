//! Markdown with YAML front matter, and the text as HTML.

use std::fmt::Write as _;

use serde_json::json;

use crate::model::record::Record;

/// Characters that Markdown would read as markup anywhere in a line.
const ESCAPED: &str = "\\`*_[]<>";

/// Each record: front matter, title, text.
pub fn render(records: &[Record]) -> String {
    let mut out = String::new();
    for record in records {
        out.push_str("---\n");
        // JSON strings are YAML strings.
        let authors: Vec<&str> = record.authors.iter().map(|author| author.name.as_str()).collect();
        let fields = [
            ("id", json!(record.id)),
            ("type", json!(record.kind)),
            ("title", json!(record.title)),
            ("authors", json!(authors)),
            ("posted_by", json!(record.posted_by)),
            ("published_at", json!(record.published_at)),
            ("agencies", json!(record.agencies)),
            ("source", json!(record.source)),
            ("source_url", json!(record.source_url)),
            ("site", json!(record.site)),
            ("url", json!(record.url)),
            ("capture", json!(record.capture.path)),
            ("sha256", json!(record.capture.sha256)),
            ("run", json!(record.profile.run)),
            ("duplicate_of", json!(record.duplicate_of.as_ref().map(|found| &found.id))),
        ];
        for (name, value) in fields {
            if !value.is_null() && value != json!([]) {
                writeln!(out, "{name}: {value}").unwrap_or_default();
            }
        }
        out.push_str("---\n\n");
        if let Some(title) = &record.title {
            writeln!(out, "# {}\n", escape(title)).unwrap_or_default();
        }
        if !record.text.is_empty() {
            out.push_str(&body(&record.text));
            out.push_str("\n\n");
        }
    }
    out
}

/// A text as Markdown: bullets become list markers, marks are escaped.
pub fn body(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    for (number, line) in text.split('\n').enumerate() {
        if number > 0 {
            out.push('\n');
        }
        match item(line) {
            Some(rest) => {
                out.push_str("- ");
                out.push_str(&escape(rest));
            }
            None => out.push_str(&escape_start(line)),
        }
    }
    out
}

/// A text as HTML: paragraphs and lists, everything else escaped.
pub fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for paragraph in text.split("\n\n").filter(|paragraph| !paragraph.is_empty()) {
        let lines: Vec<&str> = paragraph.split('\n').collect();
        if lines.iter().all(|line| item(line).is_some()) {
            out.push_str("<ul>");
            for line in lines {
                write!(out, "<li>{}</li>", entities(item(line).unwrap_or(line)))
                    .unwrap_or_default();
            }
            out.push_str("</ul>\n");
        } else {
            writeln!(out, "<p>{}</p>", entities(paragraph).replace('\n', "<br>"))
                .unwrap_or_default();
        }
    }
    out
}

fn item(line: &str) -> Option<&str> {
    line.strip_prefix("• ").or_else(|| line.strip_prefix("◦ ")).or_else(|| line.strip_prefix("▪ "))
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if ESCAPED.contains(letter) {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

/// Escapes what would begin a heading, a quote, a list or a rule at the start of a line.
fn escape_start(line: &str) -> String {
    let escaped = escape(line);
    let begins = escaped.starts_with(['#', '+', '-', '=', '~']);
    let numbered = escaped.split_once(['.', ')']).is_some_and(|(number, _)| {
        !number.is_empty()
            && number.len() < 10
            && number.bytes().all(|digit| digit.is_ascii_digit())
    });
    if begins {
        format!("\\{escaped}")
    } else if numbered {
        // A numbered list stays one: the numbers are the text's own.
        escaped
    } else {
        escaped
    }
}

fn entities(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
