//! One turn of the writer: finished captures are published, claimed ones written down.

use std::path::PathBuf;

use super::book::Book;
use super::disk::Disk;
use super::error::SpoolError;
use super::files::{Draft, Place};
use super::layout::Layout;
use super::ledger::Ledger;
use super::ledger::claims::{Claim, Verdict};
use super::ledger::yields::Yield;
use super::near::Bounds;
use super::protocol::{self, Delivery, Recovered, Stop};
use super::reason::{self, Reason};
use super::retention::{self, Retention};
use crate::dedupe::{self, Signature};
use crate::fault::sabotaged;
use crate::model::job::{CapturePath, Job, Stamp};
use crate::model::record::Record;
use crate::render::{self, Extras, Format};

/// How the spool is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// The inbox, for retention.
    pub inbox: PathBuf,
    /// Whether results survive a power cut, or a crash of the process only.
    pub durable: bool,
    /// Space set aside, in bytes.
    pub ballast_bytes: u64,
    /// Free bytes under which the service pauses.
    pub min_free_bytes: u64,
    /// Most captures in quarantine.
    pub max_quarantined: u64,
    /// Largest capture that is copied into its quarantine entry, in bytes; 0 copies none.
    pub keep_bytes: u64,
    /// What becomes of captures that are committed.
    pub retention: Retention,
    /// How much the near-duplicate index remembers.
    pub near: Bounds,
    /// Time after which a job is forgotten once its capture has left the inbox, in milliseconds.
    pub forget_after_ms: Option<i64>,
    /// Longest time in quarantine, in milliseconds.
    pub quarantine_age_ms: Option<i64>,
}

/// A capture that was cleaned, or given up.
#[derive(Debug)]
pub struct Finished {
    /// The job.
    pub job: Job,
    /// Where it was.
    pub path: CapturePath,
    /// What the file system said of it.
    pub stamp: Stamp,
    /// What came of it.
    pub result: Product,
}

/// What came of a capture.
#[derive(Debug)]
pub enum Product {
    /// Records.
    Cleaned {
        /// At least one.
        records: Vec<Record>,
        /// One for each.
        signatures: Vec<Signature>,
        /// Hash of profiles and options, for the records.
        run_key: String,
        /// What they carry beside the text.
        extras: Extras,
        /// Whether it was a page, not a text.
        page: bool,
        /// The rules that acted.
        rules: Vec<String>,
    },
    /// Nothing, and why.
    GivenUp {
        /// The stable reason.
        reason: Reason,
        /// For the reader.
        detail: String,
        /// Its bytes, where they were read.
        capture: Option<Vec<u8>>,
    },
}

/// What became of a finished capture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// The job.
    pub job: Job,
    /// Where it was.
    pub path: CapturePath,
    /// What the file system said of it.
    pub stamp: Stamp,
    /// The reason, in quarantine.
    pub reason: Option<&'static str>,
    /// Records in its result.
    pub records: usize,
    /// Records that repeat one of an earlier capture.
    pub duplicates: u64,
}

/// What became of the finished, and what to do with the claimed.
pub type Turned = (Vec<Settled>, Vec<(Claim, Verdict)>);

/// The spool while it is in order.
#[derive(Debug)]
pub struct Open {
    pub(super) disk: Disk,
    /// The ledger.
    pub ledger: Ledger,
    quarantined: u64,
}

impl Open {
    /// Opens a spool and recovers it.
    ///
    /// # Errors
    /// A full or failing disk, or a damaged ledger.
    pub fn recover(
        layout: &Layout,
        rules: &Rules,
        stop: Stop,
        now: i64,
    ) -> Result<(Self, Recovered), SpoolError> {
        layout.prepare()?;
        layout.load_ballast(rules.ballast_bytes)?;
        check_space(layout, rules)?;
        let disk = Disk::open(layout.root(), rules.durable)?;
        let mut ledger = Ledger::open(layout.root(), rules.durable)?;
        ledger.set_now(now);
        let mut open = Self { disk, ledger, quarantined: 0 };
        let found = protocol::recover(&mut open.disk, &mut open.ledger, stop)?;
        open.quarantined =
            open.ledger.number("SELECT COUNT(*) FROM job WHERE state = 'quarantined'")?;
        let mut given_up = Vec::new();
        for suspect in &found.exhausted {
            let detail = format!("{} unclean stops while it was alone", suspect.charges);
            given_up.push((suspect.job.clone(), Reason::PoisonCrash, detail));
        }
        open.give_up(given_up, rules)?;
        open.give_up_conflicts(rules)?;
        open.sweep_quarantine()?;
        retention::dispose(&mut open.ledger, layout.root(), &rules.inbox)?;
        Ok((open, found))
    }

    /// Publishes finished captures, then writes claimed ones down.
    ///
    /// # Errors
    /// A full or failing disk; drop this value then, and recover.
    pub fn turn(
        &mut self,
        layout: &Layout,
        rules: &Rules,
        finished: Vec<Finished>,
        claims: Vec<Claim>,
    ) -> Result<Turned, SpoolError> {
        check_space(layout, rules)?;
        let count = finished.len();
        self.ledger.set_lazy(!claims.is_empty());
        let mut settled = self.publish(finished, rules)?;
        self.ledger.set_lazy(false);
        if settled.len() < count {
            settled.extend(self.give_up_conflicts(rules)?);
        }
        let inbox = rules.inbox.clone();
        let is_gone = |path: &CapturePath, stamp: &Stamp| retention::is_gone(&inbox, path, stamp);
        let mut verdicts = Vec::with_capacity(claims.len());
        for claim in claims {
            let verdict = self.ledger.claim(&claim, &is_gone)?;
            if verdict == Verdict::Done && rules.retention != Retention::Keep {
                self.ledger.dispose_again(&claim.job, rules.retention)?;
            }
            verdicts.push((claim, verdict));
        }
        if !sabotaged("attempts_after") {
            self.ledger.close_transaction()?;
        }
        if rules.retention != Retention::Keep {
            retention::dispose(&mut self.ledger, layout.root(), &rules.inbox)?;
        }
        Ok((settled, verdicts))
    }

    /// Quarantines jobs that are at rest.
    fn give_up(
        &mut self,
        jobs: Vec<(Job, Reason, String)>,
        rules: &Rules,
    ) -> Result<Vec<Settled>, SpoolError> {
        let mut finished = Vec::new();
        for (job, reason, detail) in jobs {
            let path = self.ledger.path_of(&job.id)?.unwrap_or(CapturePath(Vec::new()));
            let stamp = self.ledger.stamp_of(&path)?.unwrap_or_default();
            let result = Product::GivenUp { reason, detail, capture: None };
            finished.push(Finished { job, path, stamp, result });
        }
        self.publish(finished, rules)
    }

    fn give_up_conflicts(&mut self, rules: &Rules) -> Result<Vec<Settled>, SpoolError> {
        let jobs = Book::conflicts(&mut self.ledger)?;
        let give_up = |job| (job, Reason::CommitConflict, String::new());
        self.give_up(jobs.into_iter().map(give_up).collect(), rules)
    }

    /// Counts captures that left the quarantine.
    pub(super) fn forget_quarantined(&mut self, count: u64) {
        self.quarantined = self.quarantined.saturating_sub(count);
    }

    fn publish(
        &mut self,
        finished: Vec<Finished>,
        rules: &Rules,
    ) -> Result<Vec<Settled>, SpoolError> {
        let mut deliveries = Vec::with_capacity(finished.len());
        let mut settled = Vec::with_capacity(finished.len());
        for finished in finished {
            if let Some((delivery, one)) = self.draft(finished, rules)? {
                deliveries.push(delivery);
                settled.push(one);
            }
        }
        let concluded = protocol::deliver(&mut self.disk, &mut self.ledger, &deliveries)?;
        settled.retain(|one| concluded.iter().any(|intent| intent.job == one.job));
        self.quarantined += settled.iter().filter(|one| one.reason.is_some()).count() as u64;
        Ok(settled)
    }

    /// Renders one result; what it says of duplicates is part of the transaction of its intent.
    fn draft(
        &mut self,
        finished: Finished,
        rules: &Rules,
    ) -> Result<Option<(Delivery, Settled)>, SpoolError> {
        let Finished { job, path, stamp, result } = finished;
        let mut settled = Settled {
            job: job.clone(),
            path: path.clone(),
            stamp,
            reason: None,
            records: 0,
            duplicates: 0,
        };
        let (place, bytes, capture, is_open) = match result {
            Product::Cleaned { mut records, signatures, run_key, extras, page, rules: acted } => {
                let ledger = &mut self.ledger;
                let profile = records.first().map(|record| record.profile.id.clone());
                let retention = rules.retention.as_str();
                let is_open =
                    ledger.describe(&job.id, profile.as_deref(), records.len(), None, retention)?;
                settled.duplicates =
                    dedupe::mark(&mut records, signatures, &run_key, |record, signature| {
                        ledger.observe(record, &signature, rules.near)
                    })?;
                settled.records = records.len();
                if is_open {
                    ledger.note_yield(&yielded(&records, page, acted))?;
                }
                render::extend(&mut records, extras);
                let bytes = render::render(&mut records, Format::Jsonl).into_bytes();
                (Place::New, bytes, None, is_open)
            }
            Product::GivenUp { reason, detail, capture } => {
                if self.quarantined >= rules.max_quarantined {
                    return Err(SpoolError::QuarantineFull { held: self.quarantined });
                }
                settled.reason = Some(reason.as_str());
                let is_open = self.ledger.describe(&job.id, None, 0, Some(&detail), None)?;
                let bytes = reason::entry(&job, &path, reason, &detail, self.ledger.now);
                let capture = capture.filter(|bytes| bytes.len() as u64 <= rules.keep_bytes);
                (Place::Quarantine, bytes, capture, is_open)
            }
        };
        let draft = Draft { job, place, bytes, capture };
        let delivery = Delivery { draft, reason: settled.reason.map(str::to_owned) };
        Ok(is_open.then_some((delivery, settled)))
    }
}

/// What a capture gave, for those who look whether its profile still fits.
pub fn yielded(records: &[Record], page: bool, rules: Vec<String>) -> Yield {
    let pieces = records.iter().filter(|record| record.index > 0);
    let profile = records.first().map(|record| &record.profile);
    Yield {
        profile: profile.map(|it| it.id.clone()).unwrap_or_default(),
        page,
        hash: profile.map(|it| it.hash.clone()).unwrap_or_default(),
        pieces: pieces.clone().count() as u64,
        words: pieces.map(|record| u64::from(record.word_count)).sum(),
        rules,
    }
}

fn check_space(layout: &Layout, rules: &Rules) -> Result<(), SpoolError> {
    let free = layout.free_bytes()?;
    if free < rules.min_free_bytes {
        return Err(SpoolError::LowSpace { free, wanted: rules.min_free_bytes });
    }
    Ok(())
}

/// Gives back space and, if the ledger can be written then, frees the jobs in flight from blame:
/// the pause is not their fault, even if the service is killed in it.
pub fn excuse(layout: &Layout, rules: &Rules) {
    layout.drop_ballast();
    if let Ok(mut ledger) = Ledger::open(layout.root(), rules.durable) {
        // On a read-only disk this cannot be written down; the next recovery may charge one.
        ledger.release().unwrap_or_default();
    }
}
