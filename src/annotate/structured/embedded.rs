//! The text that a page keeps in the data of its scripts, for pages that show nothing without them:
//! `__NEXT_DATA__`, `data-preloaded`, and other scripts of JSON.
//!
//! Takes strings under names that programs give to texts; those of the name with the most words
//! are the text, in the order of the data. What is shorter than a paragraph says nothing.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::Value;
use super::plain::plain;
use crate::model::head::{Head, ScriptKind};

/// Names of texts, as Discourse, Flarum, Reddit and the makers of articles give them.
const NAMES: [&str; 9] = [
    "cooked",
    "contentHtml",
    "bodyHtml",
    "articleBody",
    "selftext",
    "body",
    "content",
    "html",
    "text",
];

/// Fewest words of a text.
const MIN_WORDS: usize = 20;

/// Most values of a page's data that are looked at.
const MAX_VALUES: usize = 500_000;

/// The text of the page's own data.
pub(super) fn text(head: &Head) -> Option<Value> {
    let scripts = head.scripts.iter().filter(|script| script.kind != ScriptKind::JsonLd);
    let mut found = Found::default();
    for script in scripts {
        if let Ok(data) = serde_json::from_str::<Json>(&script.text) {
            found.walk(&data, script.kind == ScriptKind::Preloaded);
        }
    }
    let words = |texts: &Vec<String>| texts.iter().map(|text| text.split(' ').count()).sum();
    // Of equals the first in the order of `NAMES`.
    let best = found.texts.iter().max_by_key(|(place, texts)| {
        let words: usize = words(texts);
        (words, std::cmp::Reverse(**place))
    })?;
    let name = NAMES.get(*best.0)?;
    Some(Value::new(best.1.join("\n\n"), "json", *name, 0))
}

#[derive(Default)]
struct Found {
    /// By place of the name in [`NAMES`].
    texts: BTreeMap<usize, Vec<String>>,
    seen: BTreeSet<String>,
    looked_at: usize,
}

impl Found {
    /// Looks at all values below one. Where `nested`, strings may hold JSON themselves.
    fn walk(&mut self, data: &Json, nested: bool) {
        let mut open: Vec<&Json> = vec![data];
        while let Some(value) = open.pop() {
            self.looked_at += 1;
            if self.looked_at > MAX_VALUES {
                return;
            }
            match value {
                Json::Object(entries) => {
                    for (name, value) in entries {
                        if let Json::String(text) = value {
                            self.string(name, text, nested);
                        }
                    }
                    // The last one in is the first one out.
                    open.extend(entries.values().rev().filter(|value| !value.is_string()));
                }
                Json::Array(items) => open.extend(items.iter().rev()),
                _ => {}
            }
        }
    }

    fn string(&mut self, name: &str, text: &str, nested: bool) {
        if nested
            && text.starts_with(['{', '['])
            && let Ok(inner) = serde_json::from_str::<Json>(text)
        {
            return self.walk(&inner, false);
        }
        let Some(place) = NAMES.iter().position(|known| *known == name) else { return };
        let text = paragraphs(text);
        if text.split_whitespace().count() >= MIN_WORDS && self.seen.insert(text.clone()) {
            self.texts.entry(place).or_default().push(text);
        }
    }
}

/// The paragraphs of a text that may be markup.
fn paragraphs(text: &str) -> String {
    let ended = text.replace("</p>", "\n").replace("<br", "\n<br").replace("</li>", "\n");
    let lines = ended.lines().map(plain).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::head::Script;

    fn of(kind: ScriptKind, data: &Json) -> Option<Value> {
        let script = Script { kind, text: data.to_string(), line: 0 };
        text(&Head { scripts: vec![script], ..Head::default() })
    }

    #[test]
    fn posts_in_strings_of_json_are_read_in_order() {
        let words =
            |start: &str| format!("<p>{start} {}</p><p>End.</p>", "of the old ferry ".repeat(6));
        let topic = serde_json::json!({"post_stream": {"posts": [
            {"cooked": words("First"), "username": "ada"},
            {"cooked": words("Second")},
            {"cooked": "<p>Short.</p>"},
        ]}});
        let data =
            serde_json::json!({"topic_7": topic.to_string(), "site": "{\"text\": \"Menu\"}"});
        let found = of(ScriptKind::Preloaded, &data).unwrap();
        assert!(found.text.starts_with("First of the old"), "{}", found.text);
        assert!(found.text.contains("End.\n\nSecond of the old"), "{}", found.text);
        assert_eq!((found.source, found.key.as_str()), ("json", "cooked"));
    }

    #[test]
    fn the_longest_text_is_taken_and_short_ones_are_none() {
        let body = "a long word ".repeat(10);
        let data = serde_json::json!({"props": {"text": "Log in", "page": [{"body": body}]}});
        assert_eq!(of(ScriptKind::NextData, &data).unwrap().text, body.trim());
        let data = serde_json::json!({"props": {"text": "Log in", "title": body}});
        assert_eq!(of(ScriptKind::NextData, &data), None);
    }
}
