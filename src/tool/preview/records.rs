//! The right side of a preview: the records, with where each field comes from.

use std::fmt::Write as _;

use serde_json::Value;

use super::facts::{Facts, Source};
use super::markup::escape;
use super::parts::CHUNK;
use crate::model::record::{Evidence, Record};

/// Keys of a record that say how it was made, or that stand elsewhere in the preview.
const LEFT_OUT: [&str; 15] = [
    "schema",
    "id",
    "parent_id",
    "index",
    "count",
    "type",
    "text",
    "capture",
    "profile",
    "cleaner",
    "evidence",
    "warnings",
    "markdown",
    "html",
    "duplicate_of",
];

/// All records as HTML.
pub(super) fn html(records: &[Record], facts: &Facts, source: &Source<'_>) -> String {
    let mut out = String::new();
    for (number, record) in records.iter().enumerate() {
        let Ok(Value::Object(keys)) = serde_json::to_value(record) else { continue };
        let kind = keys.get("type").and_then(Value::as_str).unwrap_or_default();
        let title = match record.index {
            0 => kind.to_owned(),
            index => format!("{kind} {index} of {}", record.count),
        };
        writeln!(
            out,
            "<article class=\"record\" aria-labelledby=\"r{number}\">\n\
             <h3 id=\"r{number}\">{}</h3>\n\
             <table class=\"fields\"><tbody>",
            escape(&title)
        )
        .unwrap_or_default();
        for (key, value) in &keys {
            let shown = plain(value);
            if !shown.is_empty() && !LEFT_OUT.contains(&key.as_str()) {
                let evidence = evidence(record, key, facts, source);
                let (key, shown) = (escape(key), escape(&shown));
                writeln!(
                    out,
                    "<tr><th scope=\"row\">{key}</th><td dir=\"auto\">{shown}{evidence}</td></tr>"
                )
                .unwrap_or_default();
            }
        }
        for warning in &record.warnings {
            let warning = escape(warning);
            writeln!(
                out,
                "<tr class=\"warning\"><th scope=\"row\">warning</th><td>{warning}</td></tr>"
            )
            .unwrap_or_default();
        }
        out.push_str("</tbody></table>\n<div class=\"body\" dir=\"auto\">\n");
        let paragraphs = record.text.split("\n\n").filter(|paragraph| !paragraph.is_empty());
        for (number, paragraph) in paragraphs.enumerate() {
            if number % CHUNK == 0 {
                out.push_str(if number > 0 { "</div>\n" } else { "" });
                out.push_str("<div class=\"chunk\">\n");
            }
            writeln!(out, "<p>{}</p>", escape(paragraph)).unwrap_or_default();
        }
        if !record.text.is_empty() {
            out.push_str("</div>\n");
        }
        if record.text.is_empty() {
            out.push_str("<p class=\"none\">no text of its own</p>\n");
        }
        out.push_str("</div>\n</article>\n");
    }
    out
}

/// A value for people; empty where there is none.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::Array(all) => {
            let all: Vec<String> = all.iter().map(plain).filter(|text| !text.is_empty()).collect();
            all.join(" · ")
        }
        Value::Object(keys) => {
            if let Some(name) = keys.get("name").and_then(Value::as_str) {
                return name.to_owned();
            }
            let all: Vec<String> = keys
                .iter()
                .map(|(key, value)| (key, plain(value)))
                .filter(|(_, text)| !text.is_empty())
                .map(|(key, text)| format!("{key} {text}"))
                .collect();
            all.join(" · ")
        }
    }
}

/// The fields of a profile that a key of the record is made from.
fn fields_of(key: &str) -> &[&'static str] {
    match key {
        "title" => &["title"],
        "description" => &["description"],
        "site" => &["site"],
        "section" => &["section"],
        "tags" => &["tags"],
        "authors" => &["author"],
        "posted_by" => &["posted_by", "starter"],
        "published_at" => &["published"],
        "modified_at" => &["modified"],
        "agencies" => &["agency"],
        "source" => &["source"],
        "source_url" => &["source_url"],
        "url" => &["permalink"],
        "rights" => &["rights"],
        "captions" => &["captions"],
        "attachments" => &["attachments"],
        "reactions" => &["reactions"],
        _ => &[],
    }
}

/// Which rule found a value, and on which line.
fn evidence(record: &Record, key: &str, facts: &Facts, source: &Source<'_>) -> String {
    let mut out = String::new();
    let all = record.evidence.as_ref();
    let found: Vec<&Evidence> = fields_of(key)
        .iter()
        .filter_map(|field| all.and_then(|all| all.get(field)))
        .flatten()
        .collect();
    for value in found {
        let written = source.written(&value.rule);
        let written = written.map(|(path, line)| format!(" {path}:{line}")).unwrap_or_default();
        out.push_str("<span class=\"evidence\"><code>");
        out.push_str(&escape(&value.rule));
        write!(out, "</code><span class=\"place\">{}</span>", escape(&written)).unwrap_or_default();
        if let Some(index) = facts.by_line.get(&value.line) {
            let line = value.line;
            write!(out, " <a href=\"#b{index}\" data-part=\"{index}\">line {line}</a>")
                .unwrap_or_default();
        }
        out.push_str("</span>");
    }
    out
}
