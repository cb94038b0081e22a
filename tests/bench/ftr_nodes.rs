//! What imported rules select on a page: for `tests/bench/ftr.py`.
//!
//! Reads lines `{"config": PATH, "page": PATH}` from stdin; answers each with the lines of the
//! config and the texts of the elements that each of its selectors matches.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a tool of the bench: it ends at the first fault"
)]

use std::io::{BufRead as _, Write as _};
use std::path::Path;

use copydesk::parse;
use copydesk::profile::cut::cut;
use copydesk::profile::selector::{SelectorsBuilder, Want};
use copydesk::tool::ftr;
use serde_json::{Value, json};

fn main() {
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let ask: Value = serde_json::from_str(&line.unwrap()).unwrap();
        let path = |key: &str| Path::new(ask[key].as_str().unwrap()).to_owned();
        let config = std::fs::read(path("config")).unwrap();
        let name = path("config").file_name().unwrap().to_str().unwrap().to_owned();
        let import = ftr::import(&name, &String::from_utf8_lossy(&config)).unwrap();
        let page = std::fs::read(path("page")).unwrap();
        let page = import.prepare.apply(&String::from_utf8_lossy(&page)).text;
        let mut builder = SelectorsBuilder::keeping(&import.prepare.keep);
        let mut numbers = Vec::new();
        for one in &import.selections {
            let want = one.attr.clone().map_or(Want::Text, Want::Attribute);
            numbers.push(builder.add(&one.css, want).unwrap());
        }
        let parsed = parse::html::parse_keeping(
            &page,
            parse::html::Keep { elements: &import.prepare.keep, attributes: None },
        );
        let document = parsed.document(&builder.build());
        let mut found = Vec::new();
        for (one, number) in import.selections.iter().zip(numbers) {
            let mut texts = Vec::new();
            let mut value = None;
            for spot in document.spots(number) {
                let text = match (&spot.value, &one.attr) {
                    (Some(value), _) => value.clone(),
                    (None, Some(_)) => continue,
                    (None, None) => document.line_of(spot.blocks.clone()),
                };
                if value.is_none() {
                    let part = cut(&text, &one.cut).map(std::borrow::Cow::into_owned);
                    value = part.filter(|part| !part.is_empty());
                }
                texts.push(text);
            }
            let css = &one.css;
            found.push(json!({"line": one.line, "css": css, "texts": texts, "value": value}));
        }
        let lost: Vec<u32> = import.untranslated().map(|(directive, _)| directive.line).collect();
        let edits = &import.prepare.replace;
        writeln!(out, "{}", json!({"rules": found, "lost": lost, "edits": edits})).unwrap();
        out.flush().unwrap();
    }
}
