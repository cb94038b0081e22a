//! What a cleaning thread does with one capture. A panic costs that capture only.

use std::sync::Arc;

use crate::config::{self, Config};
use crate::decode;
use crate::error::DecodeError;
use crate::fault::provoke;
use crate::inbox::take::{Content, Read, Refusal};
use crate::model::job::Job;
use crate::pipeline::{self, Options};
use crate::profile::set::ProfileSet;
use crate::render::{Extras, Format};
use crate::spool::reason::Reason;
use crate::spool::turn::{Finished, Product};
use crate::strip::generic::Judge;

/// What a capture is cleaned with: one value for the whole of its cleaning, whatever is reloaded.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// The profiles.
    pub set: Arc<ProfileSet>,
    /// How.
    pub options: Options,
    /// More fields.
    pub extras: Extras,
    /// Hash of all of these.
    pub run_key: String,
    /// Largest capture, in bytes.
    pub max_bytes: u64,
}

impl Snapshot {
    /// What a configuration and its profiles say.
    pub fn new(config: &Config, set: Arc<ProfileSet>) -> Self {
        let has = |word: &str| config.with.iter().any(|with| with == word);
        let extras = Extras {
            markdown: has("markdown"),
            html: has("html"),
            links: has("links"),
            images: has("images"),
        };
        let sign = config.near_records > 0;
        let options = Options {
            sign,
            judge: Judge { favor: config.favor, forest: None },
            ..Options::default()
        };
        let run_key = pipeline::run_key(&set, &options, extras, Format::Jsonl);
        Self { set, options, extras, run_key, max_bytes: config.max_capture_bytes }
    }
}

/// Cleans one capture that was read and claimed.
pub fn work(job: Job, read: Read, snapshot: &Snapshot) -> Finished {
    let Read { path, stamp, content, .. } = read;
    let result = match content {
        Ok(content) => {
            let name = path.shown();
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                clean(&name, content, snapshot)
            }))
            .unwrap_or_else(|panic| {
                let said = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
                let said = said.or_else(|| panic.downcast_ref::<String>().cloned());
                let detail = said.unwrap_or_default();
                Product::GivenUp { reason: Reason::Panic, detail, capture: None }
            })
        }
        Err(Refusal::TooLarge(error)) => rejected(&error, None),
        Err(Refusal::Unreadable(detail)) => {
            Product::GivenUp { reason: Reason::InputUnreadable, detail, capture: None }
        }
    };
    Finished { job, path, stamp, result }
}

fn clean(name: &str, content: Content, snapshot: &Snapshot) -> Product {
    let Content { bytes, hints } = content;
    let kept = bytes.clone();
    let decoded = hints.and_then(|hints| decode::decode(name, bytes, hints, snapshot.max_bytes));
    let capture = match decoded {
        Ok(capture) => capture,
        Err(error) => return rejected(&error, Some(kept)),
    };
    drop(kept);
    provoke(&capture.text);
    let outcome = pipeline::clean(&capture, &snapshot.set, &snapshot.options, &mut |_| {});
    let mut signatures = outcome.signatures;
    // Without signatures there is nothing to compare, and each record has an empty one.
    signatures.resize_with(outcome.records.len(), Default::default);
    Product::Cleaned {
        page: outcome.trace.document.markup.is_some(),
        rules: outcome.trace.acted(),
        records: outcome.records,
        signatures,
        run_key: snapshot.run_key.clone(),
        extras: snapshot.extras,
    }
}

fn rejected(error: &DecodeError, capture: Option<Vec<u8>>) -> Product {
    let reason = Reason::Rejected(error.reason());
    Product::GivenUp { reason, detail: error.to_string(), capture }
}

/// The rules of the inbox that a configuration gives.
pub fn arrival(config: &Config) -> crate::inbox::arrival::Arrival {
    use crate::inbox::arrival::{Arrival, Mode};
    Arrival {
        mode: match config.complete {
            config::Completion::Settle => Mode::Settle,
            config::Completion::Rename => Mode::Rename,
            config::Completion::Marker => Mode::Marker,
        },
        settle: config.settle,
        marker: config.marker.clone(),
        ignored_endings: config.ignore.clone(),
        max_depth: config.max_depth,
        max_bytes: config.max_capture_bytes,
        rescan: config.rescan,
        degraded_rescan: config.degraded_rescan,
        window: config.queue_captures,
    }
}

/// A time of the configuration; zero is never.
fn milliseconds(time: std::time::Duration) -> Option<i64> {
    i64::try_from(time.as_millis()).ok().filter(|time| *time > 0)
}

/// The rules of the spool that a configuration gives.
pub fn rules(config: &Config) -> crate::spool::turn::Rules {
    use crate::spool::near::Bounds;
    use crate::spool::retention::Retention;
    crate::spool::turn::Rules {
        inbox: config.inbox.clone(),
        durable: config.durability == config::Durability::Power,
        ballast_bytes: config.ballast_bytes,
        min_free_bytes: config.min_free_bytes,
        max_quarantined: config.quarantine_captures,
        keep_bytes: config.quarantine_keep_bytes,
        retention: match config.retention {
            config::Retention::Keep => Retention::Keep,
            config::Retention::Archive => Retention::Archive,
            config::Retention::Delete => Retention::Delete,
        },
        forget_after_ms: milliseconds(config.forget_after),
        quarantine_age_ms: milliseconds(config.quarantine_age),
        near: Bounds {
            max_records: config.near_records,
            max_age_ms: i64::try_from(config.near_age.as_millis()).unwrap_or(i64::MAX),
        },
    }
}
