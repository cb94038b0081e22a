//! The record: one JSON object per article or post, as downstream tools read it.
//!
//! The order of the fields here is the order of the keys in the output. Additive changes only.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::table::Table;

/// Version of the record format.
pub const SCHEMA: &str = "copydesk/1";

/// What a record describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RecordType {
    /// An article.
    Article,
    /// One post of a thread.
    Post,
    /// Title and facts of a thread or digest page as a whole; it has no text of its own.
    Thread,
    /// Best effort where no article was found.
    Page,
}

/// One article or post with its metadata.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Record {
    /// Always `copydesk/1`.
    pub schema: &'static str,
    /// 32 hex digits of SHA-256 over source key, raw bytes' SHA-256 and index.
    pub id: String,
    /// Id of the thread's or digest's own record.
    pub parent_id: Option<String>,
    /// Number of the article or post, from 1; the thread's or digest's own record is 0.
    pub index: u32,
    /// Articles or posts of the capture.
    pub count: u32,
    /// What the record describes.
    #[serde(rename = "type")]
    pub kind: RecordType,
    /// Address that the capture was fetched from; for a post its permalink.
    pub url: Option<String>,
    /// Address that the page names as its own.
    pub canonical_url: Option<String>,
    /// Host of the address.
    pub host: Option<String>,
    /// When the capture was fetched, ISO 8601; never the clock.
    pub fetched_at: Option<String>,
    /// Headline, or title of the thread.
    pub title: Option<String>,
    /// Standfirst or description.
    pub description: Option<String>,
    /// Name of the site.
    pub site: Option<String>,
    /// Section or forum.
    pub section: Option<String>,
    /// Keywords.
    pub tags: Vec<String>,
    /// Language that the text is in, BCP 47.
    pub language: Option<String>,
    /// How sure the detector is, 0 to 1.
    pub language_score: Option<f64>,
    /// Language that the page declares.
    pub language_declared: Option<String>,
    /// Who wrote it.
    pub authors: Vec<Author>,
    /// The forum member who posted it.
    pub posted_by: Option<String>,
    /// When it was published, ISO 8601 to the precision found.
    pub published_at: Option<String>,
    /// `year`, `month`, `day`, `minute` or `second`.
    pub published_precision: Option<&'static str>,
    /// What the date was found in: `text` (words that a reader sees), `relative` (counted from the
    /// moment of the fetch), `attribute` (of an element, such as `datetime`), `meta`, `json-ld`,
    /// `microdata`, `json` (other data of the page's scripts), `url`.
    pub published_source: Option<&'static str>,
    /// When it was changed, ISO 8601 to the precision found.
    pub modified_at: Option<String>,
    /// News agencies that it names as its sources.
    pub agencies: Vec<String>,
    /// Publisher of the original.
    pub source: Option<String>,
    /// Address of the original.
    pub source_url: Option<String>,
    /// Reactions by name in lower case.
    pub reactions: BTreeMap<String, u64>,
    /// Captions of pictures.
    pub captions: Vec<String>,
    /// Addresses of pictures, where asked for.
    pub images: Vec<String>,
    /// Names of attached files.
    pub attachments: Vec<String>,
    /// Addresses that the text links to, where asked for.
    pub links: Vec<String>,
    /// Copyright and fair-use notices.
    pub rights: Option<String>,
    /// Readers' comments, where asked for.
    pub comments: Vec<String>,
    /// The text: paragraphs joined by an empty line; tables in columns, cells apart by `|`.
    pub text: String,
    /// The tables of data in the text, in order.
    #[serde(skip)]
    pub tables: Vec<Table>,
    /// The text as Markdown, where asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub markdown: Option<String>,
    /// The text as HTML, where asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub html: Option<String>,
    /// Words of the text.
    pub word_count: u32,
    /// How the cleaning went.
    pub quality: Quality,
    /// What a reader of the record should know.
    pub warnings: Vec<String>,
    /// The record that this one repeats; its text stays.
    pub duplicate_of: Option<Match>,
    /// Records that share much with this one.
    pub related: Vec<Match>,
    /// The capture that it comes from.
    pub capture: CaptureInfo,
    /// The profile that cleaned it.
    pub profile: ProfileInfo,
    /// `copydesk/` and the version.
    pub cleaner: String,
    /// Keys of the sidecar that copydesk does not know.
    pub extra: BTreeMap<String, Value>,
    /// For each field the line and rule it comes from; with `--explain` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<BTreeMap<&'static str, Vec<Evidence>>>,
}

/// Who wrote a piece.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Author {
    /// Name as the capture writes it.
    pub name: String,
    /// Address of the author's page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// How the cleaning went.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct Quality {
    /// Words kept of the capture's words in this piece, 0 to 1.
    pub kept_ratio: f64,
    /// Share of the text's bytes that stand in links, 0 to 1; null for text captures.
    pub link_density: Option<f64>,
    /// How good the text is, 0 to 1: the word F1 that pages have on average of which the classifier
    /// is as sure. Null where rules decided, and for text captures.
    pub confidence: Option<f64>,
}

/// Another record that this one is like.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Match {
    /// The record's id.
    pub id: String,
    /// Path of its capture.
    pub capture: String,
    /// Its number in that capture.
    pub index: u32,
    /// Share of the shorter text's word 5-shingles that the other holds, 0 to 1.
    pub similarity: f64,
}

/// Where a record comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CaptureInfo {
    /// Path relative to the folder argument, a file argument's own name, or the stream's id.
    pub path: String,
    /// SHA-256 of the raw bytes.
    pub sha256: String,
    /// Length of the raw bytes.
    pub bytes: u64,
    /// `html` or `text`.
    pub kind: &'static str,
    /// Name of the charset.
    pub charset: &'static str,
    /// What decided on it.
    pub charset_source: &'static str,
    /// The wrapping that it came in; `plain` for a bare file.
    pub container: &'static str,
    /// Where in the container it begins.
    pub offset: u64,
}

/// The profile that cleaned a capture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ProfileInfo {
    /// Its id.
    pub id: String,
    /// The profiles that it extends, nearest first.
    pub chain: Vec<String>,
    /// Hash over its files, 16 hex digits.
    pub hash: String,
    /// Why it was chosen.
    pub chosen_by: &'static str,
    /// Hash over all profiles and options of the run, 16 hex digits; empty on the stream.
    pub run: String,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Evidence {
    /// The words of the capture.
    pub text: String,
    /// The rule that found them.
    pub rule: String,
    /// The capture's line, from 1; 0 for a constant of the profile.
    pub line: u32,
}
