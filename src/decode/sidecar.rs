//! Sidecars: `page.html.meta.json` or `page.meta.json` beside a capture, and the stream's lines.

use serde_json::{Map, Value};

use crate::error::DecodeError;
use crate::model::capture::{CaptureKind, Hints};

/// Names of a capture's sidecar, the better one first.
pub fn names(capture: &str) -> Vec<String> {
    let mut names = vec![format!("{capture}.meta.json")];
    if let Some((stem, ending)) = capture.rsplit_once('.')
        && !ending.contains('/')
    {
        names.push(format!("{stem}.meta.json"));
    }
    names
}

/// Whether a file is somebody's sidecar.
pub fn is_sidecar(name: &str) -> bool {
    name.ends_with(".meta.json")
}

/// Reads a sidecar.
///
/// # Errors
/// Where it is not a JSON object.
pub fn read(bytes: &[u8]) -> Result<Hints, DecodeError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let keys: Map<String, Value> = serde_json::from_slice(bytes)
        .map_err(|error| DecodeError::Sidecar { message: error.to_string() })?;
    Ok(hints(keys))
}

/// Takes the keys that copydesk knows; the others, and known ones of another type, pass through.
pub fn hints(keys: Map<String, Value>) -> Hints {
    let mut hints = Hints::default();
    for (key, value) in keys {
        let slot = match key.as_str() {
            "url" => &mut hints.url,
            "fetched_at" => &mut hints.fetched_at,
            "charset" => &mut hints.charset,
            "profile" => &mut hints.profile,
            "content_type" => {
                if let Some(header) = value.as_str() {
                    content_type(header, &mut hints);
                }
                hints.extra.insert(key, value);
                continue;
            }
            _ => {
                hints.extra.insert(key, value);
                continue;
            }
        };
        match value {
            Value::String(text) => *slot = Some(text),
            Value::Null => {}
            other => {
                hints.extra.insert(key, other);
            }
        }
    }
    hints
}

/// `text/html; charset=windows-1256`.
fn content_type(header: &str, hints: &mut Hints) {
    let mut parts = header.split(';').map(str::trim);
    hints.kind = match parts.next().unwrap_or_default().to_ascii_lowercase().as_str() {
        "text/html" | "application/xhtml+xml" => Some(CaptureKind::Html),
        "text/plain" => Some(CaptureKind::Text),
        _ => hints.kind,
    };
    for part in parts {
        if let Some((name, value)) = part.split_once('=')
            && name.trim().eq_ignore_ascii_case("charset")
            && hints.charset.is_none()
        {
            hints.charset = Some(value.trim().trim_matches('"').to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_with_its_ending_goes_first() {
        assert_eq!(names("a/page.html"), ["a/page.html.meta.json", "a/page.meta.json"]);
        assert_eq!(names("a.b/page"), ["a.b/page.meta.json"]);
    }

    #[test]
    fn unknown_keys_pass_through() {
        let hints = read(
            br#"{"url":"https://a.example/x","content_type":"text/plain; charset=KOI8-R","depth":3,"fetched_at":7}"#,
        )
        .unwrap();
        assert_eq!(hints.url.as_deref(), Some("https://a.example/x"));
        assert_eq!(hints.charset.as_deref(), Some("KOI8-R"));
        assert_eq!(hints.kind, Some(CaptureKind::Text));
        assert_eq!(hints.extra.get("depth"), Some(&Value::from(3)));
        assert_eq!(hints.extra.get("fetched_at"), Some(&Value::from(7)));
        assert!(read(b"[1]").is_err());
    }
}
