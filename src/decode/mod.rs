//! Bytes become captures. The last place that may reject one.
//!
//! Takes bytes and what came beside them; gives a [`Capture`], or why there is none.

pub mod charset;
pub mod sidecar;
pub mod sniff;

use crate::error::DecodeError;
use crate::model::capture::{Capture, CaptureKind, Hints, Warning};
use crate::model::id;
use sniff::{Kind, NotText};

/// Largest capture that is read by default, in bytes: ten times the largest page of the benchmark.
pub const MAX_CAPTURE_BYTES: u64 = 64 << 20;

/// Decodes one capture.
///
/// # Errors
/// Where it is over the limit, or neither a page nor text; the disposition is quarantine.
pub fn decode(
    path: &str,
    bytes: Vec<u8>,
    hints: Hints,
    limit: u64,
) -> Result<Capture, DecodeError> {
    let length = bytes.len() as u64;
    if length > limit {
        return Err(DecodeError::TooLarge { bytes: length, limit });
    }
    let ending = path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map(|(_, e)| e);
    let head = bytes.get(..bytes.len().min(4096)).unwrap_or_default();
    let sniffed = sniff::sniff(head, ending).map_err(|error| match error {
        NotText::Binary { signature } => DecodeError::NotText { signature },
        NotText::ControlBytes => DecodeError::NotText { signature: "control bytes" },
    })?;
    let kind = hints.kind.unwrap_or(match sniffed {
        Kind::Html => CaptureKind::Html,
        Kind::Text => CaptureKind::Text,
    });
    let sha256 = id::sha256(&bytes);
    let decoded = charset::decode(bytes, hints.charset.as_deref(), kind == CaptureKind::Html);
    let mut warnings = Vec::new();
    if let Some(label) = decoded.wrong_declaration {
        warnings.push(Warning::new("wrong_charset", label));
    }
    if decoded.replaced > 0 {
        warnings.push(Warning::new("undecodable_bytes", decoded.replaced.to_string()));
    }
    Ok(Capture {
        path: path.to_owned(),
        text: decoded.text,
        sha256,
        bytes: length,
        kind,
        charset: decoded.charset,
        charset_source: decoded.source.as_str(),
        hints,
        warnings,
    })
}

/// A capture that arrives as text already, as on the stream.
///
/// # Errors
/// Where it is over the limit.
pub fn from_text(
    path: &str,
    text: String,
    kind: CaptureKind,
    hints: Hints,
    limit: u64,
) -> Result<Capture, DecodeError> {
    let length = text.len() as u64;
    if length > limit {
        return Err(DecodeError::TooLarge { bytes: length, limit });
    }
    Ok(Capture {
        path: path.to_owned(),
        sha256: id::sha256(text.as_bytes()),
        bytes: length,
        text,
        kind,
        charset: "UTF-8",
        charset_source: "declared",
        hints,
        warnings: Vec::new(),
    })
}
