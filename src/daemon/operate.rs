//! What the loop answers to operators: status, why, rescan, reload, quarantine.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::oneshot;

use super::control::{Reply, Request, What};
use super::counters::Gauges;
use super::events::{Event, Signal};
use super::reload;
use super::service::Service;
use super::work::{self, Snapshot};
use crate::config::Config;
use crate::inbox::thread::Order as InboxOrder;
use crate::inbox::watch::Cause;
use crate::model::job::CapturePath;
use crate::profile::set::ProfileSet;
use crate::spool::query::{Filter, Question};
use crate::spool::writer::Order;

/// Longest time that an answer waits for the writer, which may be syncing.
const PATIENCE: Duration = Duration::from_secs(30);

impl Service {
    pub(super) fn asked(&mut self, request: Request, reply: Reply) {
        match request {
            Request::Status {} => {
                let mut status = self.status();
                self.ask_writer(Question::Counts, reply, move |counts| {
                    if let Value::Object(status) = &mut status {
                        status.insert("jobs".to_owned(), counts);
                    }
                    status
                });
            }
            Request::Metrics {} => answer(reply, self.counters.text(&self.gauges()).into()),
            Request::Why { key } => self.why(&key, reply),
            Request::Rescan {} => {
                self.inbox.rescan(Cause::Asked);
                answer(reply, json!({ "ok": true }));
            }
            Request::Reload { wait: true } => self.reload(Some(reply)),
            Request::Reload { wait: false } => {
                self.reload(None);
                answer(reply, json!({ "ok": true }));
            }
            Request::Quarantine { what, job, reason } => {
                let filter = Filter { job, reason };
                let question = match what {
                    What::List => Question::Quarantined(filter),
                    What::Redrive => Question::Redrive(filter),
                    What::Drop => Question::Drop(filter),
                };
                self.ask_writer(question, reply, |value| value);
            }
        }
    }

    /// Asks the writer; what it says of captures to read again is told to the inbox.
    fn ask_writer(
        &mut self,
        question: Question,
        reply: Reply,
        finish: impl FnOnce(Value) -> Value + Send + 'static,
    ) {
        let (known, sender) = (Arc::clone(&self.known), self.sender.clone());
        let told = Box::new(move |found: crate::spool::query::Answer| {
            if !found.again.is_empty() {
                known.remove(&found.again);
                sender.blocking_send(Event::Signal(Signal::Rescan)).unwrap_or_default();
            }
            answer(reply, finish(found.value));
        });
        // The reply is dropped with an order that is refused, and that says enough.
        drop(self.writer.order(Order::Ask(question, told)));
    }

    fn why(&mut self, key: &str, reply: Reply) {
        let below = std::path::Path::new(key).strip_prefix(&self.config.inbox).ok();
        let key = below.map_or(key.to_owned(), |below| below.to_string_lossy().into_owned());
        let (waits, waits_answer) = oneshot::channel();
        self.inbox.order(InboxOrder::Waits(CapturePath(key.clone().into_bytes()), waits));
        let (jobs, jobs_answer) = oneshot::channel();
        self.ask_writer(Question::Why(key.clone()), jobs, |value| value);
        tokio::spawn(async move {
            let both = async { (waits_answer.await, jobs_answer.await) };
            let value = match tokio::time::timeout(PATIENCE, both).await {
                Ok((waits, jobs)) => json!({
                    "key": key,
                    "waits_in_inbox": waits.unwrap_or(false),
                    "jobs": jobs.unwrap_or(Value::Null),
                }),
                Err(_) => json!({ "error": "the service is busy; ask again" }),
            };
            answer(reply, value);
        });
    }

    fn gauges(&self) -> Gauges {
        let (held, held_bytes) = self.state.held();
        let report = self.report.as_ref();
        Gauges {
            held,
            held_bytes,
            queued: self.state.queued(),
            waiting: self.inbox.open(),
            unwatched: report.map_or(0, |report| report.unwatched),
            paused: self.state.paused.is_some(),
            scan_micros: report.map_or(0, |report| report.took.as_micros()),
            special: report.map_or(0, |report| report.special),
        }
    }

    fn status(&self) -> Value {
        let gauges = self.gauges();
        let paused = self.state.paused.map(crate::spool::error::Pause::as_str);
        let healthy = paused.is_none() && self.reload_failed.is_none();
        let durable = self.config.durability == crate::config::Durability::Power;
        json!({
            "healthy": healthy,
            "phase": self.state.phase.as_str(),
            "scanned": self.report.is_some(),
            "paused": paused,
            "uptime_s": self.started.elapsed().as_secs(),
            "inbox": self.config.inbox.to_string_lossy(),
            "spool": self.config.spool.to_string_lossy(),
            "durability": if durable { "power" } else { "process" },
            "profiles_hash": self.snapshot.set.hash(),
            "reload_failed": self.reload_failed,
            "committed": self.counters.committed,
            "quarantined": self.counters.quarantined.values().sum::<u64>(),
            "records": self.counters.records,
            "in_memory": gauges.held,
            "queued": gauges.queued,
            "waiting_in_inbox": gauges.waiting,
            "unwatched_folders": gauges.unwatched,
            "special_names": gauges.special,
        })
    }

    /// Reads configuration and profiles again on a thread; the old ones hold until it is done.
    pub(super) fn reload(&mut self, reply: Option<Reply>) {
        if let Some(waiting) = &mut self.reloading {
            // What changed since it began may not be in it.
            self.reload_again = true;
            waiting.extend(reply);
            return;
        }
        self.reloading = Some(reply.into_iter().collect());
        self.systemd.reloading();
        let reread = Arc::clone(&self.reread);
        self.spawn(move || Event::Reread(Box::new(reread())));
    }

    pub(super) fn reread(&mut self, result: Result<(Config, ProfileSet), String>) {
        let result =
            result.and_then(|(config, set)| match reload::needs_restart(&self.config, &config) {
                Some(key) => Err(format!("`{key}` changed: that needs a restart")),
                None => Ok((config, set)),
            });
        let value = match result {
            Ok((config, set)) => {
                self.swap(config, set);
                self.counters.reloads.0 += 1;
                self.reload_failed = None;
                tracing::info!(profiles = self.snapshot.set.hash(), "Reloaded.");
                json!({ "ok": true, "profiles_hash": self.snapshot.set.hash() })
            }
            Err(error) => {
                self.counters.reloads.1 += 1;
                tracing::error!(%error, "Not reloaded: the old configuration and profiles stay.");
                self.reload_failed = Some(error.clone());
                json!({ "ok": false, "error": error })
            }
        };
        self.systemd.reloaded();
        let waiting = self.reloading.take().unwrap_or_default();
        if std::mem::take(&mut self.reload_again) {
            self.reload(None);
            if let Some(list) = &mut self.reloading {
                list.extend(waiting);
            }
            return;
        }
        for reply in waiting {
            answer(reply, value.clone());
        }
    }

    /// From here on captures are cleaned with the new set; those on their way keep theirs.
    fn swap(&mut self, config: Config, set: ProfileSet) {
        self.snapshot = Arc::new(Snapshot::new(&config, Arc::new(set)));
        self.order(Order::Rules(Box::new(work::rules(&config))));
        let arrival = work::arrival(&config);
        if arrival != *self.arrival {
            self.inbox.order(InboxOrder::Rules(Box::new(arrival.clone())));
            self.arrival = Arc::new(arrival);
        }
        self.config = Arc::new(config);
    }
}

fn answer(reply: Reply, value: Value) {
    // Whoever asked may have gone.
    reply.send(value).unwrap_or_default();
}
