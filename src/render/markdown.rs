//! Markdown with YAML front matter, and the text as HTML.

use std::fmt::Write as _;

use serde_json::json;

use crate::model::record::Record;
use crate::model::table::{Cell, Table};

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
            out.push_str(&body(record));
            out.push_str("\n\n");
        }
    }
    out
}

/// The text of a record as Markdown: bullets become list markers, marks are escaped, and tables are
/// tables.
pub fn body(record: &Record) -> String {
    let mut out = String::with_capacity(record.text.len() * 17 / 16);
    for part in parts(record) {
        match part {
            Part::Text(text) => body_of(text, &mut out),
            Part::Table(table) => table_of(table, &mut out),
        }
    }
    out
}

/// A part of a record's text.
enum Part<'r> {
    Text(&'r str),
    Table(&'r Table),
}

/// The parts of a record's text, in order. White space around tables is left out: a table is a
/// paragraph of its own.
fn parts(record: &Record) -> impl Iterator<Item = Part<'_>> {
    let mut done = 0;
    let mut tables = record.tables.iter();
    let mut waiting = None;
    let mut is_first = true;
    std::iter::from_fn(move || {
        if let Some(table) = waiting.take() {
            return Some(Part::Table(table));
        }
        if done > record.text.len() {
            return None;
        }
        let table = tables.next();
        let end = table.map_or(record.text.len(), |table| table.place.start);
        let text = record.text.get(done..end).unwrap_or_default();
        let text = if is_first { text } else { text.trim_start_matches('\n') };
        is_first = false;
        done = table.map_or(usize::MAX, |table| table.place.end);
        waiting = table;
        Some(Part::Text(if table.is_some() { text.trim_end_matches('\n') } else { text }))
    })
}

/// Keeps a table apart from what stands above it.
fn paragraph(out: &mut String) {
    if !out.is_empty() && !out.ends_with("\n\n") {
        out.push_str("\n\n");
    }
}

/// A table of GitHub's Markdown. It needs a row of heads: where there is none it is empty, and
/// cells that reach over others leave those empty.
fn table_of(table: &Table, out: &mut String) {
    let grid = table.grid();
    let columns = grid.first().map_or(0, Vec::len);
    paragraph(out);
    let mut line = |row: &[Option<&Cell>]| {
        for cell in row {
            let text = cell.map_or("", |cell| &cell.text);
            out.push_str("| ");
            out.push_str(&escape(text).replace('|', "\\|"));
            out.push(' ');
        }
        out.push_str("|\n");
    };
    let (head, rows) = match grid.split_first() {
        Some((first, rest)) if table.heads > 0 => (first.clone(), rest),
        _ => (vec![None; columns], grid.as_slice()),
    };
    line(&head);
    let rule = Cell { text: "---".to_owned(), ..Cell::default() };
    line(&vec![Some(&rule); columns]);
    for row in rows {
        line(row);
    }
    out.truncate(out.trim_end().len());
}

/// A text as Markdown.
fn body_of(text: &str, out: &mut String) {
    if text.is_empty() {
        return;
    }
    paragraph(out);
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
}

/// The text of a record as HTML: paragraphs, lists and tables, everything else escaped.
pub fn html(record: &Record) -> String {
    let mut out = String::with_capacity(record.text.len() * 9 / 8);
    for part in parts(record) {
        match part {
            Part::Text(text) => html_of(text, &mut out),
            Part::Table(table) => html_table(table, &mut out),
        }
    }
    out
}

fn html_table(table: &Table, out: &mut String) {
    out.push_str("<table>");
    for (number, row) in table.rows.iter().enumerate() {
        out.push_str("<tr>");
        for cell in row {
            let name = if cell.is_head || number < table.heads { "th" } else { "td" };
            write!(out, "<{name}").unwrap_or_default();
            for (key, value) in [("colspan", cell.columns), ("rowspan", cell.rows)] {
                if value > 1 {
                    write!(out, " {key}=\"{value}\"").unwrap_or_default();
                }
            }
            write!(out, ">{}</{name}>", entities(&cell.text)).unwrap_or_default();
        }
        out.push_str("</tr>");
    }
    out.push_str("</table>\n");
}

fn html_of(text: &str, out: &mut String) {
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
