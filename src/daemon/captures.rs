//! What the loop does as captures come along: read, claimed, settled, lost.

use std::time::{Duration, Instant};

use super::service::Service;
use super::state::Phase;
use crate::inbox::scan;
use crate::inbox::take::{self, Taken};
use crate::inbox::thread as inbox;
use crate::inbox::tracker::Candidate;
use crate::model::job::CapturePath;
use crate::spool::book::Unfinished;
use crate::spool::ledger::claims::{Claim, Verdict};
use crate::spool::reason::Reason;
use crate::spool::turn::{Finished, Product, Settled};

impl Service {
    pub(super) fn taken(&mut self, path: &CapturePath, taken: Taken) {
        match taken {
            Taken::Read(read) => self.state.read(read),
            Taken::Later(why) => {
                tracing::debug!(capture = %path, ?why, "Capture is not complete yet.");
                self.counters.put_back += 1;
                self.state.drop_held(&path.0);
                self.inbox.order(inbox::Order::PutBack(path.clone()));
            }
            Taken::Gone => {
                self.state.drop_held(&path.0);
                self.inbox.order(inbox::Order::Done(path.clone()));
            }
        }
    }

    pub(super) fn taken_alone(&mut self, suspect: Unfinished, taken: Taken) {
        match taken {
            Taken::Read(read) if read.job == suspect.job.id => self.state.read(read),
            _ => {
                self.state.alone_lost();
                self.lost.push(suspect);
            }
        }
    }

    pub(super) fn settled(&mut self, one: &Settled) {
        match one.reason {
            None => self.counters.committed += 1,
            Some(reason) => *self.counters.quarantined.entry(reason).or_default() += 1,
        }
        self.counters.records += one.records as u64;
        self.counters.duplicates += one.duplicates;
        match one.reason {
            None => tracing::debug!(
                job = %one.job.id, capture = %one.path, records = one.records, "Capture is committed."
            ),
            Some(reason) => {
                tracing::warn!(job = %one.job.id, capture = %one.path, reason, "Capture is quarantined.");
            }
        }
        self.known.add([one.stamp.key(&one.path)]);
        self.let_go(&one.path);
    }

    pub(super) fn let_go(&mut self, path: &CapturePath) {
        self.state.drop_held(&path.0);
        self.inbox.order(inbox::Order::Done(path.clone()));
    }

    pub(super) fn judged(&mut self, claim: &Claim, verdict: Verdict) {
        let Some(read) = self.state.unclaim(&claim.job) else { return };
        match verdict {
            Verdict::Go(job) => {
                self.counters.accepted += 1;
                self.state.go(job, read);
            }
            Verdict::Done => {
                self.state.alone_ended();
                self.known.add([claim.stamp.key(&claim.path)]);
                self.let_go(&claim.path);
            }
            Verdict::Alone => {
                self.state.alone_ended();
                self.state.drop_held(&claim.path.0);
                self.inbox.order(inbox::Order::PutBack(claim.path.clone()));
            }
        }
    }

    /// What was in flight at an unclean stop and is gone since has no content any more; it may have
    /// moved, so the inbox is scanned first.
    pub(super) fn give_up_lost(&mut self, now: Instant) {
        let wait = self.config.settle * 4 + Duration::from_secs(2);
        let scanned = self.scanned_at.is_some_and(|at| now >= at + wait);
        let rests = self.state.phase == Phase::Running && self.state.is_idle();
        if scanned && rests && self.state.paused.is_none() {
            for suspect in self.lost.drain(..) {
                let result = Product::GivenUp {
                    reason: Reason::InputVanished,
                    detail: "in flight at an unclean stop, and gone or changed since".to_owned(),
                    capture: None,
                };
                let Unfinished { job, path, .. } = suspect;
                let stamp = crate::model::job::Stamp::default();
                self.state.finished(Finished { job, path, stamp, result });
            }
        }
    }
}

/// Reads a capture that was accepted before.
pub(super) fn take_again(
    root: &std::path::Path,
    path: &CapturePath,
    rules: &crate::inbox::arrival::Arrival,
) -> Taken {
    let stamp = scan::open_root(root).ok().and_then(|root| scan::look_at(root, path));
    let Some(stamp) = stamp else { return Taken::Gone };
    let unchanged = rules.settle * 2;
    take::take(root, &Candidate { path: path.clone(), stamp, unchanged, tries: 0 }, rules)
}
