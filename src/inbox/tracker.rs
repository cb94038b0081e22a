//! Files on their way to being complete: pure, with time as a parameter.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use super::arrival::Mode;
use crate::model::job::{CapturePath, Stamp};

/// Most files that wait at once, about 300 bytes each; others are found by the next scan.
const MOST: usize = 16_384;

/// Longest time between two tries of a file that cannot be taken.
const LONGEST_WAIT: Duration = Duration::from_mins(1);

/// Shortest time between two tries.
const SHORTEST_WAIT: Duration = Duration::from_millis(200);

/// Files that wait, and files that were handed over.
#[derive(Debug)]
pub struct Tracker {
    mode: Mode,
    settle: Duration,
    files: BTreeMap<CapturePath, File>,
    due: BTreeSet<(Instant, CapturePath)>,
    handed: usize,
    /// Whether a file was turned away.
    pub overfull: bool,
}

#[derive(Debug)]
struct File {
    stamp: Stamp,
    /// When the stamp was seen first.
    since: Instant,
    state: State,
    tries: u32,
    /// What a scan saw while the file was handed over, if that was something else.
    newer: Option<Stamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Waits { due: Instant },
    Handed,
}

/// A file that may be complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Where it is.
    pub path: CapturePath,
    /// What the file system said, twice.
    pub stamp: Stamp,
    /// Time since the stamp was seen first.
    pub unchanged: Duration,
    /// Tries before this one.
    pub tries: u32,
}

impl Tracker {
    /// Nothing waits.
    pub fn new(mode: Mode, settle: Duration) -> Self {
        let (files, due) = (BTreeMap::new(), BTreeSet::new());
        Self { mode, settle, files, due, handed: 0, overfull: false }
    }

    fn wait(&self) -> Duration {
        match self.mode {
            Mode::Settle => self.settle,
            Mode::Rename | Mode::Marker => Duration::ZERO,
        }
    }

    /// A scan saw a file that has no result.
    pub fn observe(&mut self, path: CapturePath, stamp: Stamp, now: Instant) {
        let due = now + self.wait();
        let is_full = self.files.len() >= MOST;
        match self.files.get_mut(&path) {
            Some(file) if file.state == State::Handed => {
                file.newer = (file.stamp != stamp).then_some(stamp);
            }
            Some(file) if file.stamp == stamp => {}
            Some(file) => {
                if let State::Waits { due } = file.state {
                    self.due.remove(&(due, path.clone()));
                }
                *file =
                    File { stamp, since: now, state: State::Waits { due }, tries: 0, newer: None };
                self.due.insert((due, path));
            }
            None if is_full => self.overfull = true,
            None => {
                let file =
                    File { stamp, since: now, state: State::Waits { due }, tries: 0, newer: None };
                self.files.insert(path.clone(), file);
                self.due.insert((due, path));
            }
        }
    }

    /// When the next file is due.
    pub fn next_due(&self) -> Option<Instant> {
        self.due.first().map(|(due, _)| *due)
    }

    /// The file that is due first; the caller looks at it and says so with
    /// [`hand_over`](Self::hand_over), [`observe`](Self::observe) or [`forget`](Self::forget).
    pub fn due(&self, now: Instant) -> Option<CapturePath> {
        self.due.first().filter(|(due, _)| *due <= now).map(|(_, path)| path.clone())
    }

    /// A file that is due still has a stamp: if it is the same one, the file is handed over.
    pub fn hand_over(
        &mut self,
        path: &CapturePath,
        stamp: Stamp,
        now: Instant,
    ) -> Option<Candidate> {
        let file = self.files.get_mut(path)?;
        let State::Waits { due } = file.state else { return None };
        if file.stamp != stamp {
            self.observe(path.clone(), stamp, now);
            return None;
        }
        file.state = State::Handed;
        self.due.remove(&(due, path.clone()));
        self.handed += 1;
        let unchanged = now.saturating_duration_since(file.since);
        Some(Candidate { path: path.clone(), stamp, unchanged, tries: file.tries })
    }

    /// A file that was handed over is done with. If it has changed since, it is another capture.
    pub fn done(&mut self, path: &CapturePath, now: Instant) {
        let newer = self.files.get(path).and_then(|file| file.newer);
        self.forget(path);
        if let Some(stamp) = newer {
            self.observe(path.clone(), stamp, now);
        }
    }

    /// A file is gone.
    pub fn forget(&mut self, path: &CapturePath) {
        if let Some(file) = self.files.remove(path) {
            match file.state {
                State::Waits { due } => {
                    self.due.remove(&(due, path.clone()));
                }
                State::Handed => self.handed -= 1,
            }
        }
    }

    /// A file that was handed over could not be taken: it waits again, longer each time.
    pub fn put_back(&mut self, path: &CapturePath, now: Instant) {
        if let Some(file) = self.files.get_mut(path)
            && file.state == State::Handed
        {
            file.tries += 1;
            let wait = SHORTEST_WAIT * (1 << file.tries.min(10));
            let due = now + wait.max(self.settle.min(LONGEST_WAIT)).min(LONGEST_WAIT);
            file.state = State::Waits { due };
            if let Some(newer) = file.newer.take() {
                (file.stamp, file.since) = (newer, now);
            }
            self.handed -= 1;
            self.due.insert((due, path.clone()));
        }
    }

    /// Whatever was handed over comes back: a pause threw it away.
    pub fn put_all_back(&mut self, now: Instant) {
        let mut due = Vec::new();
        for (path, file) in &mut self.files {
            if file.state == State::Handed {
                file.state = State::Waits { due: now };
                due.push((now, path.clone()));
            }
        }
        self.due.extend(due);
        self.handed = 0;
    }

    /// Takes over what another tracker has handed over.
    pub fn adopt(&mut self, other: Self) {
        for (path, file) in other.files {
            if file.state == State::Handed {
                self.handed += 1;
                self.files.insert(path, file);
            }
        }
    }

    /// Files that were handed over and are not done with.
    pub fn handed(&self) -> usize {
        self.handed
    }

    /// Files that wait.
    pub fn waiting(&self) -> usize {
        self.files.len() - self.handed
    }

    /// Whether a file waits, for `why`.
    pub fn waits(&self, path: &CapturePath) -> bool {
        self.files.contains_key(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTLE: Duration = Duration::from_secs(2);

    fn path(name: &str) -> CapturePath {
        CapturePath(name.as_bytes().to_vec())
    }

    fn stamp(bytes: u64) -> Stamp {
        Stamp { bytes, ..Stamp::default() }
    }

    #[test]
    fn a_file_that_grows_waits_from_its_last_change() {
        let mut tracker = Tracker::new(Mode::Settle, SETTLE);
        let start = Instant::now();
        tracker.observe(path("a"), stamp(1), start);
        tracker.observe(path("a"), stamp(2), start + SETTLE / 2);
        assert_eq!(tracker.due(start + SETTLE), None);
        let due = start + SETTLE / 2 + SETTLE;
        assert_eq!(tracker.due(due), Some(path("a")));
        assert_eq!(tracker.hand_over(&path("a"), stamp(3), due), None, "grown since the scan");
        assert_eq!(tracker.due(due), None);
        assert!(tracker.hand_over(&path("a"), stamp(3), due + SETTLE).is_some());
        assert_eq!((tracker.handed(), tracker.waiting()), (1, 0));
    }

    #[test]
    fn a_file_is_handed_over_once_until_it_is_put_back() {
        let mut tracker = Tracker::new(Mode::Rename, SETTLE);
        let now = Instant::now();
        tracker.observe(path("a"), stamp(1), now);
        assert!(tracker.hand_over(&path("a"), stamp(1), now).is_some());
        tracker.observe(path("a"), stamp(2), now);
        assert_eq!(tracker.due(now + LONGEST_WAIT), None);
        tracker.put_back(&path("a"), now);
        assert_eq!(tracker.due(now), None);
        assert_eq!(tracker.due(now + LONGEST_WAIT), Some(path("a")));
        tracker.forget(&path("a"));
        assert_eq!((tracker.handed(), tracker.waiting(), tracker.next_due()), (0, 0, None));
    }

    #[test]
    fn what_changes_while_it_is_handed_over_comes_again() {
        let mut tracker = Tracker::new(Mode::Settle, SETTLE);
        let now = Instant::now();
        tracker.observe(path("a"), stamp(1), now);
        assert!(tracker.hand_over(&path("a"), stamp(1), now + SETTLE).is_some());
        tracker.observe(path("a"), stamp(2), now + SETTLE);
        tracker.done(&path("a"), now + SETTLE);
        assert_eq!(tracker.due(now + SETTLE * 2), Some(path("a")));
        let again = tracker.hand_over(&path("a"), stamp(2), now + SETTLE * 2);
        assert_eq!(again.map(|candidate| candidate.stamp), Some(stamp(2)));
        tracker.done(&path("a"), now + SETTLE * 2);
        assert_eq!((tracker.handed(), tracker.waiting()), (0, 0));
    }

    #[test]
    fn more_files_than_it_holds_ask_for_another_scan() {
        let mut tracker = Tracker::new(Mode::Rename, SETTLE);
        let now = Instant::now();
        for number in 0..=MOST {
            tracker.observe(path(&number.to_string()), stamp(1), now);
        }
        assert!(tracker.overfull);
        assert_eq!(tracker.waiting(), MOST);
    }
}
