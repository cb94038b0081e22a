//! The thread of the inbox: it turns hints and timers into scans, and scans into candidates.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::arrival::Arrival;
use super::known::Known;
use super::scan;
use super::tracker::{Candidate, Tracker};
use super::watch::{Cause, Mailbox, Watch};
use crate::fault::sabotaged;
use crate::model::job::CapturePath;

/// Shortest time between two scans of the same folder; otherwise ten times what the last one took,
/// so that scans cost a tenth of a core at most.
const BETWEEN_SCANS: Duration = Duration::from_millis(20);

/// Time between two looks at whether the inbox is still the same folder.
const TICK: Duration = Duration::from_secs(1);

/// Until somebody asks for the first scan.
const DAY: Duration = Duration::from_hours(24);

/// What the thread is told.
#[derive(Debug)]
pub enum Order {
    /// A capture has its result, or is gone.
    Done(CapturePath),
    /// A capture must be tried again later.
    PutBack(CapturePath),
    /// All that was handed over must be tried again.
    PutAllBack,
    /// Whether a file waits to be complete, for `why`.
    Waits(CapturePath, tokio::sync::oneshot::Sender<bool>),
    /// Other rules from now on.
    Rules(Box<Arrival>),
    /// Hand nothing over any more, and end.
    Stop,
}

/// What the thread tells.
#[derive(Debug)]
pub enum Told {
    /// A capture that seems complete.
    Ready(Candidate),
    /// A full scan has ended.
    Scanned(Report),
}

/// What a full scan found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Why it was made.
    pub cause: Cause,
    /// Files that have no result yet.
    pub waiting: usize,
    /// Files that have one.
    pub known: usize,
    /// Folders.
    pub folders: usize,
    /// Folders that are not watched.
    pub unwatched: usize,
    /// Names that are neither files nor folders.
    pub special: u64,
    /// Folders that cannot be read.
    pub unreadable: u64,
    /// Time it took.
    pub took: Duration,
}

impl Report {
    fn new(cause: Cause) -> Self {
        let took = Duration::ZERO;
        Self {
            cause,
            waiting: 0,
            known: 0,
            folders: 0,
            unwatched: 0,
            special: 0,
            unreadable: 0,
            took,
        }
    }
}

/// The thread, and the way to it.
#[derive(Debug)]
pub struct Inbox {
    mailbox: Arc<Mailbox<Order>>,
    /// Files without a result, as of now.
    open: Arc<AtomicUsize>,
    thread: JoinHandle<()>,
}

impl Inbox {
    /// Starts the thread, which scans nothing until it is asked to, so that what is known can be
    /// told before. `tell` is called on it; what it hands over is at most the window.
    ///
    /// # Errors
    /// No thread can be started.
    pub fn start(
        root: PathBuf,
        rules: Arrival,
        known: Arc<Known>,
        tell: impl Fn(Told) + Send + 'static,
    ) -> std::io::Result<Self> {
        let mailbox = Arc::new(Mailbox::default());
        let own = Arc::clone(&mailbox);
        let open = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&open);
        let thread = std::thread::Builder::new()
            .name("inbox".to_owned())
            .spawn(move || Thread::new(root, rules, known, own, counted, tell).run())?;
        Ok(Self { mailbox, open, thread })
    }

    /// Gives an order.
    pub fn order(&self, order: Order) {
        self.mailbox.order(order);
    }

    /// Files that were found and have no result yet.
    pub fn open(&self) -> usize {
        self.open.load(Ordering::Relaxed)
    }

    /// Asks for a full scan.
    pub fn rescan(&self, cause: Cause) {
        self.mailbox.rescan(cause);
    }

    /// Ends the thread.
    pub fn stop(self) {
        self.mailbox.order(Order::Stop);
        if self.thread.join().is_err() {
            tracing::error!("The thread of the inbox panicked.");
        }
    }
}

struct Thread<T> {
    root: PathBuf,
    /// The folder that stands in the inbox's place, and its device and inode.
    opened: Option<(OwnedFd, (u64, u64))>,
    rules: Arrival,
    known: Arc<Known>,
    mailbox: Arc<Mailbox<Order>>,
    watch: Watch,
    /// Folders, with device and inode, and whether they are watched.
    folders: BTreeMap<CapturePath, ((u64, u64), bool)>,
    tracker: Tracker,
    open: Arc<AtomicUsize>,
    /// Folders to scan, and when.
    marked: BTreeMap<CapturePath, Instant>,
    /// When a folder may be scanned again.
    rested: BTreeMap<CapturePath, Instant>,
    full: Option<(Instant, Cause)>,
    next_full: Instant,
    /// Whether a first scan was asked for.
    begun: bool,
    tell: T,
}

impl<T: Fn(Told)> Thread<T> {
    fn new(
        root: PathBuf,
        rules: Arrival,
        known: Arc<Known>,
        mailbox: Arc<Mailbox<Order>>,
        open: Arc<AtomicUsize>,
        tell: T,
    ) -> Self {
        let watch = Watch::new(&mailbox);
        let tracker = Tracker::new(rules.mode, rules.settle);
        Self {
            root,
            opened: None,
            rules,
            known,
            mailbox,
            watch,
            folders: BTreeMap::new(),
            tracker,
            open,
            marked: BTreeMap::new(),
            rested: BTreeMap::new(),
            full: None,
            next_full: Instant::now() + DAY,
            begun: false,
            tell,
        }
    }

    fn run(mut self) {
        loop {
            let now = Instant::now();
            let full = self.full.map(|(due, _)| due);
            // Without an inbox nothing can be handed over, however long it is due.
            let room = self.opened.is_some() && self.tracker.handed() < self.rules.window;
            let due = self.tracker.next_due().filter(|_| room);
            let times = [Some(now + TICK), full, due, self.marked.values().min().copied()];
            let mail = self.mailbox.wait(times.into_iter().flatten().min().unwrap_or(now));
            for order in mail.orders {
                match order {
                    Order::Done(path) => self.tracker.done(&path, Instant::now()),
                    Order::PutBack(path) => self.tracker.put_back(&path, Instant::now()),
                    Order::PutAllBack => self.tracker.put_all_back(Instant::now()),
                    // Whoever asked may have gone.
                    Order::Waits(path, reply) => {
                        reply.send(self.tracker.waits(&path)).unwrap_or_default();
                    }
                    Order::Rules(rules) => self.change_rules(*rules),
                    Order::Stop => return,
                }
            }
            let now = Instant::now();
            for folder in mail.folders {
                self.mark(&folder, now);
            }
            if let Some(cause) = mail.rescan {
                self.full = Some((self.full.map_or(now, |(due, _)| due.min(now)), cause));
            }
            self.look_at_root(now);
            if now >= self.next_full && self.full.is_none() {
                self.full = Some((now, Cause::Timer));
            }
            if self.tracker.overfull && self.tracker.waiting() < 1024 && self.full.is_none() {
                self.full = Some((now, Cause::Overfull));
            }
            if let Some((due, cause)) = self.full
                && due <= now
            {
                self.full_scan(cause);
            }
            self.scan_marked(now);
            self.hand_over();
            let open = self.tracker.waiting() + self.tracker.handed();
            self.open.store(open, Ordering::Relaxed);
        }
    }

    fn change_rules(&mut self, rules: Arrival) {
        if (rules.mode, rules.settle) != (self.rules.mode, self.rules.settle) {
            // What is handed over will be done with or put back; the rest is found anew.
            let handed =
                std::mem::replace(&mut self.tracker, Tracker::new(rules.mode, rules.settle));
            self.tracker.adopt(handed);
        }
        self.rules = rules;
        self.full = Some((Instant::now(), Cause::Asked));
    }

    fn mark(&mut self, folder: &Path, now: Instant) {
        let Ok(below) = folder.strip_prefix(&self.root) else { return };
        let folder = CapturePath(below.as_os_str().as_bytes().to_vec());
        if self.folders.contains_key(&folder) {
            let due = self.rested.get(&folder).copied().unwrap_or(now).max(now);
            self.marked.entry(folder).or_insert(due);
        }
    }

    /// Notices another folder in the inbox's place: its files are others, its watches are lost.
    fn look_at_root(&mut self, now: Instant) {
        let identity = |stat: rustix::fs::Stat| (stat.st_dev, stat.st_ino);
        let found = rustix::fs::stat(&self.root).ok().map(identity);
        if found == self.opened.as_ref().map(|(_, identity)| *identity) {
            return;
        }
        self.opened = scan::open_root(&self.root).ok().and_then(|opened| {
            let found = rustix::fs::fstat(&opened).ok().map(identity)?;
            Some((opened, found))
        });
        self.watch = Watch::new(&self.mailbox);
        self.folders.clear();
        self.marked.clear();
        // Also where it was gone for a while; the first scan of all is asked for from outside.
        if self.begun {
            self.full = Some((now, Cause::Replaced));
        }
    }

    fn full_scan(&mut self, cause: Cause) {
        let start = Instant::now();
        self.begun = true;
        self.known.begin_scan();
        self.tracker.overfull = false;
        self.marked.clear();
        let mut report = Report::new(cause);
        let mut met = BTreeSet::new();
        let whole = self.scan(vec![CapturePath(Vec::new())], Some(&mut met), &mut report);
        if whole {
            self.known.end_scan();
            let gone: Vec<CapturePath> =
                self.folders.keys().filter(|folder| !met.contains(*folder)).cloned().collect();
            for folder in gone {
                self.unwatch(&folder);
            }
        }
        let now = Instant::now();
        report.took = now - start;
        report.unwatched = self.folders.values().filter(|(_, watched)| !watched).count();
        self.full = None;
        let period =
            if report.unwatched > 0 { self.rules.degraded_rescan } else { self.rules.rescan };
        self.next_full = now + period.max(report.took * 10);
        report.waiting = self.tracker.waiting() + self.tracker.handed();
        (self.tell)(Told::Scanned(report));
    }

    fn scan_marked(&mut self, now: Instant) {
        let due: Vec<CapturePath> = self
            .marked
            .iter()
            .filter(|(_, due)| **due <= now)
            .map(|(folder, _)| folder.clone())
            .collect();
        for folder in due {
            self.marked.remove(&folder);
            let start = Instant::now();
            let mut report = Report::new(Cause::Asked);
            self.scan(vec![folder.clone()], None, &mut report);
            let end = Instant::now();
            self.rested.retain(|_, until| *until > end);
            self.rested.insert(folder, end + ((end - start) * 10).max(BETWEEN_SCANS));
        }
    }

    /// Scans folders, and those in them: only those that are new, or all, which are noted then.
    /// Whether every folder could be read.
    fn scan(
        &mut self,
        mut left: Vec<CapturePath>,
        mut all: Option<&mut BTreeSet<CapturePath>>,
        report: &mut Report,
    ) -> bool {
        let Some((root, identity)) = self.opened.take() else { return false };
        let mut whole = true;
        let late = sabotaged("watch_after_list");
        if let Some(top) = left.first().filter(|top| top.0.is_empty()) {
            self.keep_watched(top.clone(), identity);
        }
        while let Some(folder) = left.pop() {
            report.folders += 1;
            if let Some(met) = &mut all {
                met.insert(folder.clone());
            }
            let listing = match scan::list(&root, &folder, &self.rules, &self.known) {
                Ok(listing) => listing,
                Err(rustix::io::Errno::NOENT) => {
                    self.unwatch(&folder);
                    continue;
                }
                Err(_) => {
                    whole = false;
                    report.unreadable += 1;
                    continue;
                }
            };
            report.special += listing.special;
            let now = Instant::now();
            report.known += listing.known;
            for (path, stamp) in listing.files {
                self.tracker.observe(path, stamp, now);
            }
            let depth =
                folder.0.split(|byte| *byte == b'/').filter(|part| !part.is_empty()).count();
            for (path, identity) in listing.folders {
                if depth >= self.rules.max_depth {
                    report.unreadable += 1;
                    continue;
                }
                // Watched first, listed then: what comes in between gives a hint.
                let is_new = self.keep_watched(path.clone(), identity);
                if (is_new && !late) || all.is_some() {
                    left.push(path);
                }
            }
        }
        self.opened = Some((root, identity));
        whole
    }

    /// Watches a folder unless it is watched. Whether it is new.
    fn keep_watched(&mut self, folder: CapturePath, identity: (u64, u64)) -> bool {
        let known = self.folders.get(&folder).copied();
        if known == Some((identity, true)) {
            return false;
        }
        let full = self.root.join(OsStr::from_bytes(&folder.0));
        if known.is_some_and(|(_, watched)| watched) {
            self.watch.remove(&full);
        }
        let watched = self.watch.add(&full);
        self.folders.insert(folder, (identity, watched));
        known.is_none_or(|(before, _)| before != identity)
    }

    fn unwatch(&mut self, folder: &CapturePath) {
        if self.folders.remove(folder).is_some_and(|(_, watched)| watched) {
            self.watch.remove(&self.root.join(OsStr::from_bytes(&folder.0)));
        }
    }

    fn hand_over(&mut self) {
        let Some((root, _)) = &self.opened else { return };
        let now = Instant::now();
        while self.tracker.handed() < self.rules.window
            && let Some(path) = self.tracker.due(now)
        {
            match scan::look_at(root, &path) {
                None => self.tracker.forget(&path),
                Some(stamp) => {
                    if let Some(candidate) = self.tracker.hand_over(&path, stamp, now) {
                        (self.tell)(Told::Ready(candidate));
                    }
                }
            }
        }
    }
}
