//! `copydesk clean --stdin jsonl --stdout`: one capture a line in, one answer a line out.
//!
//! Answers come in order and are flushed one by one. A bad line is answered, never fatal.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::time::Instant;

use base64::Engine as _;
use serde::Serialize;
use serde_json::{Map, Value};

use super::Failure;
use super::clean::CleanArgs;
use crate::decode::{self, sidecar};
use crate::error::DecodeError;
use crate::model::capture::{Capture, CaptureKind};
use crate::model::record::Record;
use crate::pipeline::{self, Stage};
use crate::profile::set::ProfileSet;
use crate::render;

/// Room for what was written and not yet read: most pages fit, and Linux grants it to everybody
/// (`/proc/sys/fs/pipe-max-size`).
const PIPE_BYTES: usize = 1 << 20;

/// The answer to one line.
#[derive(Serialize)]
struct Answer {
    id: Value,
    status: &'static str,
    reason: Option<String>,
    records: Vec<Record>,
    #[serde(skip_serializing_if = "Option::is_none")]
    micros: Option<BTreeMap<&'static str, u64>>,
}

pub(super) fn run(args: &CleanArgs, set: &ProfileSet) -> Result<u8, Failure> {
    let stdin = std::io::stdin();
    widen(&stdin);
    let mut input = BufReader::with_capacity(PIPE_BYTES, stdin.lock());
    let mut output = std::io::BufWriter::new(std::io::stdout().lock());
    // JSON may escape each byte in six; a line beyond that holds no capture within the limit.
    let longest = args.limit().saturating_mul(6).saturating_add(1 << 20);
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = input.by_ref().take(longest).read_until(b'\n', &mut line)?;
        if read == 0 {
            break;
        }
        if read as u64 == longest && line.last() != Some(&b'\n') {
            skip_line(&mut input)?;
            line.clear();
        }
        if line.iter().all(u8::is_ascii_whitespace) && read < 3 {
            continue;
        }
        let answer = answer(&line, args, set);
        serde_json::to_writer(&mut output, &answer)?;
        output.write_all(b"\n")?;
        output.flush()?;
    }
    Ok(0)
}

/// Makes room for a whole page in the pipe to this program, where there is one: otherwise whoever
/// writes and we wait for each other several times a page. Where it is not granted, things work.
fn widen(stdin: &std::io::Stdin) {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::pipe::fcntl_setpipe_size(stdin, PIPE_BYTES) {
        tracing::debug!(%error, "the pipe keeps its size");
    }
    #[cfg(not(target_os = "linux"))]
    let _ = stdin;
}

/// Reads on to the end of a line that is too long to hold.
fn skip_line(input: &mut impl std::io::BufRead) -> std::io::Result<()> {
    loop {
        let held = input.fill_buf()?;
        let (length, ended) = match memchr::memchr(b'\n', held) {
            Some(end) => (end + 1, true),
            None => (held.len(), held.is_empty()),
        };
        input.consume(length);
        if ended {
            return Ok(());
        }
    }
}

fn answer(line: &[u8], args: &CleanArgs, set: &ProfileSet) -> Answer {
    let reject = |id: Value, reason: String| Answer {
        id,
        status: "rejected",
        reason: Some(reason),
        records: Vec::new(),
        micros: None,
    };
    let keys: Map<String, Value> = match serde_json::from_slice(line) {
        Ok(keys) => keys,
        Err(error) => return reject(Value::Null, format!("bad_line: {error}")),
    };
    let id = keys.get("id").cloned().unwrap_or(Value::Null);
    let started = Instant::now();
    let capture = match capture(keys, &id, args) {
        Ok(capture) => capture,
        Err(reason) => return reject(id, reason),
    };
    let mut micros: BTreeMap<&'static str, u64> = BTreeMap::new();
    let mut last = started;
    let mut done = |stage: Stage| {
        let now = Instant::now();
        let spent = u64::try_from(now.duration_since(last).as_micros()).unwrap_or(u64::MAX);
        *micros.entry(stage.as_str()).or_default() += spent;
        last = now;
    };
    done(Stage::Decode);
    let cleaned = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let mut records = pipeline::clean(&capture, set, &args.options(), &mut done).records;
        render::extend(&mut records, args.extras());
        records
    }));
    match cleaned {
        Ok(records) => Answer {
            id,
            status: "ok",
            reason: None,
            records,
            micros: args.timing.then_some(micros),
        },
        Err(_) => Answer {
            id,
            status: "failed",
            reason: Some("panic".to_owned()),
            records: Vec::new(),
            micros: None,
        },
    }
}

/// The capture in a line: `html`, `text` or `body_base64`, and hints.
fn capture(mut keys: Map<String, Value>, id: &Value, args: &CleanArgs) -> Result<Capture, String> {
    keys.remove("id");
    let path = match id {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    let mut take = |key: &str| match keys.remove(key) {
        Some(Value::String(text)) => Ok(Some(text)),
        Some(Value::Null) | None => Ok(None),
        Some(_) => Err(format!("bad_line: `{key}` is no string")),
    };
    let (html, text, body) = (take("html")?, take("text")?, take("body_base64")?);
    let hints = sidecar::hints(keys);
    let say = |error: DecodeError| format!("{}: {error}", error.reason());
    match (html, text, body) {
        (Some(html), None, None) => {
            decode::from_text(&path, html, CaptureKind::Html, hints, args.limit()).map_err(say)
        }
        (None, Some(text), None) => {
            decode::from_text(&path, text, CaptureKind::Text, hints, args.limit()).map_err(say)
        }
        (None, None, Some(body)) => {
            let bytes = base64::engine::general_purpose::STANDARD
                .decode(body.as_bytes())
                .map_err(|error| format!("bad_line: `body_base64`: {error}"))?;
            decode::decode(&path, bytes, hints, args.limit()).map_err(say)
        }
        _ => Err("bad_line: one of `html`, `text` and `body_base64` is needed".to_owned()),
    }
}
