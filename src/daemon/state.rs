//! What the loop knows, and what it decides to do next: no files, no clock, no threads.
//!
//! Captures go `ready` → reading → `read` → claimed → cleaning → `finished` → settled. Reading and
//! cleaning take a thread; claiming and settling are turns of the writer, one at a time, so that
//! whatever comes in meanwhile goes with the next one: the group of a group commit makes itself.

use std::collections::{BTreeMap, VecDeque};

use crate::inbox::take::Read;
use crate::inbox::tracker::Candidate;
use crate::model::job::{Job, JobId};
use crate::spool::book::Unfinished;
use crate::spool::error::Pause;
use crate::spool::ledger::claims::Claim;
use crate::spool::turn::Finished;

/// Most captures in one turn.
const GROUP: usize = 64;

/// Where the service stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phase {
    /// The spool is not open yet.
    Starting,
    /// Captures that were in flight at an unclean stop run one at a time, before anything else.
    Alone(VecDeque<Unfinished>),
    /// All is as it should be.
    Running,
    /// What is in flight is finished; nothing new begins.
    Draining,
    /// The writer ends.
    Closing,
}

impl Phase {
    /// The stable name, for status and metrics.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::Alone(_) => "recovering",
            Self::Running => "running",
            Self::Draining => "draining",
            Self::Closing => "closing",
        }
    }
}

/// What to do next.
#[derive(Debug)]
pub enum Next {
    /// Read a candidate on a thread.
    Read(Candidate),
    /// Read a capture that must run alone.
    ReadAlone(Unfinished),
    /// Clean a claimed capture on a thread.
    Clean(Job, Box<Read>),
    /// Order a turn of the writer.
    Turn(Vec<Finished>, Vec<Claim>),
    /// Order the writer to end.
    Close,
}

/// What the loop knows.
#[derive(Debug)]
pub struct State {
    /// Where the service stands.
    pub phase: Phase,
    /// Why it waits, if it does.
    pub paused: Option<Pause>,
    /// Changes with each pause: what was begun before it is thrown away when it comes back.
    pub epoch: u64,
    threads: usize,
    max_bytes: u64,
    ready: VecDeque<Candidate>,
    read: VecDeque<Box<Read>>,
    claimed: BTreeMap<JobId, Box<Read>>,
    to_clean: VecDeque<(Job, Box<Read>)>,
    finished: VecDeque<Finished>,
    /// Threads at work, of any epoch.
    busy: usize,
    /// Captures in memory, and their bytes.
    held: BTreeMap<Vec<u8>, u64>,
    turning: bool,
    /// Whether one capture is claimed or cleaned alone.
    alone: bool,
    /// Whether the next one to run alone is read already, or being read.
    ahead: bool,
}

impl State {
    /// Nothing is known yet.
    pub fn new(threads: usize, max_bytes: u64) -> Self {
        Self {
            phase: Phase::Starting,
            paused: None,
            epoch: 0,
            threads: threads.max(1),
            max_bytes,
            ready: VecDeque::new(),
            read: VecDeque::new(),
            claimed: BTreeMap::new(),
            to_clean: VecDeque::new(),
            finished: VecDeque::new(),
            busy: 0,
            held: BTreeMap::new(),
            turning: false,
            alone: false,
            ahead: false,
        }
    }

    /// A capture seems complete.
    pub fn ready(&mut self, candidate: Candidate) {
        self.ready.push_back(candidate);
    }

    /// A thread has ended, whatever it brings.
    pub fn thread_ended(&mut self) {
        self.busy = self.busy.saturating_sub(1);
    }

    /// A capture was read.
    pub fn read(&mut self, read: Box<Read>) {
        self.read.push_back(read);
    }

    /// A capture is no longer held: it was put back, is gone or is settled.
    pub fn drop_held(&mut self, path: &[u8]) {
        self.held.remove(path);
    }

    /// The capture that was claimed alone is not cleaned.
    pub fn alone_ended(&mut self) {
        self.alone = false;
    }

    /// The capture that was read to run alone is not where it was.
    pub fn alone_lost(&mut self) {
        self.ahead = false;
    }

    /// The capture of a claim that the writer let go ahead, or not.
    pub fn unclaim(&mut self, job: &JobId) -> Option<Box<Read>> {
        self.claimed.remove(job)
    }

    /// A claimed capture is to be cleaned.
    pub fn go(&mut self, job: Job, read: Box<Read>) {
        self.to_clean.push_back((job, read));
    }

    /// A capture was cleaned or given up.
    pub fn finished(&mut self, finished: Finished) {
        // The writer publishes it before it writes the next one down.
        self.alone = false;
        self.finished.push_back(finished);
    }

    /// The writer's turn is over.
    pub fn turned(&mut self) {
        self.turning = false;
    }

    /// The spool is open: what was in flight at an unclean stop goes first.
    pub fn opened(&mut self, suspects: Vec<Unfinished>) {
        self.paused = None;
        self.turning = false;
        self.alone = false;
        self.ahead = false;
        if !matches!(self.phase, Phase::Draining | Phase::Closing) {
            self.phase =
                if suspects.is_empty() { Phase::Running } else { Phase::Alone(suspects.into()) };
        }
    }

    /// Nothing can be written: all that was begun is thrown away, and done again later.
    pub fn pause(&mut self, pause: Pause) {
        self.paused = Some(pause);
        self.epoch += 1;
        self.turning = false;
        self.alone = false;
        self.ahead = false;
        self.ready.clear();
        self.read.clear();
        self.claimed.clear();
        self.to_clean.clear();
        self.finished.clear();
        self.held.clear();
    }

    /// Nothing new begins from now on. What was not claimed yet was never begun.
    pub fn drain(&mut self) {
        if self.phase != Phase::Closing {
            self.phase = Phase::Draining;
        }
        self.ready.clear();
        self.read.clear();
    }

    /// Captures in memory, for status.
    pub fn held(&self) -> (usize, u64) {
        (self.held.len(), self.held.values().sum())
    }

    /// Captures that wait for a thread.
    pub fn queued(&self) -> usize {
        self.ready.len()
    }

    /// Whether nothing is on its way.
    pub fn is_idle(&self) -> bool {
        self.ready.is_empty() && self.held.is_empty() && self.busy == 0 && !self.turning
    }

    /// What to do next, until there is nothing.
    pub fn decide(&mut self) -> Option<Next> {
        if self.phase == Phase::Closing || self.phase == Phase::Starting {
            return None;
        }
        if self.paused.is_some() {
            // Nothing is in flight in a pause.
            return (self.phase == Phase::Draining).then(|| self.close());
        }
        if let Some((job, read)) = self.to_clean.pop_front_if(|_| self.busy < self.threads) {
            self.busy += 1;
            return Some(Next::Clean(job, read));
        }
        if let Some(turn) = self.turn() {
            return Some(turn);
        }
        if self.phase == Phase::Draining {
            return self.is_drained().then(|| self.close());
        }
        if let Phase::Alone(left) = &mut self.phase {
            if self.ahead {
                return None;
            }
            let Some(suspect) = left.pop_front() else {
                if self.alone {
                    return None;
                }
                self.phase = Phase::Running;
                return self.decide();
            };
            self.ahead = true;
            self.busy += 1;
            return Some(Next::ReadAlone(suspect));
        }
        let bytes: u64 = self.held.values().sum();
        let first = self.ready.front()?;
        let fits = self.held.is_empty() || bytes + first.stamp.bytes <= self.max_bytes;
        if self.busy < self.threads && fits {
            let candidate = self.ready.pop_front()?;
            self.held.insert(candidate.path.0.clone(), candidate.stamp.bytes);
            self.busy += 1;
            return Some(Next::Read(candidate));
        }
        None
    }

    fn is_drained(&self) -> bool {
        self.claimed.is_empty()
            && self.to_clean.is_empty()
            && self.finished.is_empty()
            && self.busy == 0
            && !self.turning
    }

    /// Ends the writer.
    pub fn close(&mut self) -> Next {
        self.phase = Phase::Closing;
        Next::Close
    }

    fn turn(&mut self) -> Option<Next> {
        let alone = matches!(self.phase, Phase::Alone(_));
        let most = match alone {
            true if self.alone => 0,
            true => 1,
            false => GROUP,
        };
        let count = self.read.len().min(most);
        if self.turning || (self.finished.is_empty() && count == 0) {
            return None;
        }
        self.turning = true;
        if alone && count > 0 {
            (self.alone, self.ahead) = (true, false);
        }
        let most = self.finished.len().min(GROUP);
        let finished = self.finished.drain(..most).collect();
        let mut claims = Vec::with_capacity(count);
        for read in self.read.drain(..count) {
            claims.push(Claim {
                job: read.job.clone(),
                path: read.path.clone(),
                stamp: read.stamp,
                alone,
                bytes: read.stamp.bytes,
            });
            self.claimed.insert(read.job.clone(), read);
        }
        Some(Next::Turn(finished, claims))
    }
}
