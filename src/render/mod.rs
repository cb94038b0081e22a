//! Records become bytes.
//!
//! Takes finished records; gives text in one of the formats. Never changes which words are kept.

pub mod jsonl;
pub mod markdown;
pub mod table;
pub mod txt;

use crate::model::record::Record;

/// An output format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One JSON object per record and line.
    Jsonl,
    /// Markdown with YAML front matter.
    Markdown,
    /// The texts alone.
    Txt,
}

impl Format {
    /// The ending of output files.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Jsonl => "jsonl",
            Self::Markdown => "md",
            Self::Txt => "txt",
        }
    }
}

/// More output than the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Extras {
    /// `markdown` in JSON records.
    pub markdown: bool,
    /// `html` in JSON records.
    pub html: bool,
    /// `links`.
    pub links: bool,
    /// `images`; text captures have none.
    pub images: bool,
}

/// Fills in what was asked for beside the text.
pub fn extend(records: &mut [Record], extras: Extras) {
    for record in records {
        if extras.markdown {
            record.markdown = Some(markdown::body(record));
        }
        if extras.html {
            record.html = Some(markdown::html(record));
        }
        if extras.links {
            record.links = links(&record.text);
        }
    }
}

/// Writes records one after another. They are as before when it is done.
pub fn render(records: &mut [Record], format: Format) -> String {
    match format {
        Format::Jsonl => jsonl::render(records),
        Format::Markdown => markdown::render(records),
        Format::Txt => txt::render(records),
    }
}

/// Web addresses that stand in a text, in order, once each.
fn links(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let word =
            word.trim_matches(|c: char| "()[]<>\"'“”‘’,;".contains(c)).trim_end_matches(['.', ':']);
        let is_link = word.starts_with("https://") || word.starts_with("http://");
        if is_link && url::Url::parse(word).is_ok() && !found.iter().any(|known| known == word) {
            found.push(word.to_owned());
        }
    }
    found
}
