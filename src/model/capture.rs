//! A capture: one file that arrived, decoded to text, with what came beside it.

use std::collections::BTreeMap;

use serde_json::Value;

/// What a capture turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaptureKind {
    /// A web page as markup.
    Html,
    /// Text that a scraper already flattened.
    Text,
}

impl CaptureKind {
    /// The kind as records write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Text => "text",
        }
    }
}

/// What came with a capture from outside: a sidecar, the stream's line, or the command line.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Hints {
    /// The address that the capture was fetched from.
    pub url: Option<String>,
    /// When it was fetched, ISO 8601. Relative dates resolve against it; the clock is never read.
    pub fetched_at: Option<String>,
    /// Charset label of the HTTP header or the sidecar.
    pub charset: Option<String>,
    /// Profile id that the sidecar asks for.
    pub profile: Option<String>,
    /// What the source says it is: `text/html`, `html`, `text/plain`, `text`.
    pub kind: Option<CaptureKind>,
    /// Keys that copydesk does not know; they pass through to the record's `extra`.
    pub extra: BTreeMap<String, Value>,
}

/// One decoded capture.
#[derive(Debug, Clone)]
pub struct Capture {
    /// Path relative to the folder argument, a file argument's own name, or the stream's id.
    pub path: String,
    /// The decoded text, without a byte order mark.
    pub text: String,
    /// SHA-256 over the raw bytes.
    pub sha256: [u8; 32],
    /// Length of the raw bytes.
    pub bytes: u64,
    /// HTML or text.
    pub kind: CaptureKind,
    /// Name of the charset, as the WHATWG encoding standard writes it.
    pub charset: &'static str,
    /// Which step of the order in `decode::charset` decided on it.
    pub charset_source: &'static str,
    /// What came beside the capture.
    pub hints: Hints,
    /// What decoding noticed.
    pub warnings: Vec<Warning>,
}

impl Capture {
    /// The key that record ids are made from: the URL, else the path.
    pub fn source_key(&self) -> &str {
        self.hints.url.as_deref().unwrap_or(&self.path)
    }
}

/// Something that a reader of a record should know; never fatal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// A stable name in snake case, to branch on.
    pub code: &'static str,
    /// What it is about, for the reader; empty where the code says all.
    pub detail: String,
}

impl Warning {
    /// A warning with a detail.
    pub fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }

    /// The warning as one string, as records hold it.
    pub fn text(&self) -> String {
        if self.detail.is_empty() {
            self.code.to_owned()
        } else {
            format!("{}: {}", self.code, self.detail)
        }
    }
}
