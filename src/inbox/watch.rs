//! Hints that a folder has changed. The one owner of `notify`.
//!
//! The callback marks folders in a bounded set and does nothing else: it never blocks, and reads no
//! path before it has looked whether the kernel lost events.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode};
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use crate::fault::sabotaged;

/// Most folders that are marked at once; above, everything is scanned.
const MOST_FOLDERS: usize = 1024;

/// Why everything is to be scanned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// The service starts.
    Start,
    /// Events were lost, or too many folders are marked.
    Overflow,
    /// Another folder stands in the inbox's place.
    Replaced,
    /// Somebody asked.
    Asked,
    /// It is time.
    Timer,
    /// More files were there than could wait.
    Overfull,
}

impl Cause {
    /// The stable name, for metrics and logs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Overflow => "overflow",
            Self::Replaced => "replaced",
            Self::Asked => "asked",
            Self::Timer => "timer",
            Self::Overfull => "overfull",
        }
    }
}

/// What is to be done: filled by the callback and by orders, emptied by the thread of the inbox.
#[derive(Debug)]
pub struct Mailbox<O> {
    inner: Mutex<Inner<O>>,
    changed: Condvar,
}

#[derive(Debug)]
struct Inner<O> {
    folders: BTreeSet<PathBuf>,
    rescan: Option<Cause>,
    orders: Vec<O>,
}

/// What was in the mailbox.
#[derive(Debug)]
pub struct Mail<O> {
    /// Folders with changes.
    pub folders: BTreeSet<PathBuf>,
    /// Whether to scan everything, and why.
    pub rescan: Option<Cause>,
    /// Orders, in turn.
    pub orders: Vec<O>,
}

impl<O> Default for Mailbox<O> {
    fn default() -> Self {
        let inner = Inner { folders: BTreeSet::new(), rescan: None, orders: Vec::new() };
        Self { inner: Mutex::new(inner), changed: Condvar::new() }
    }
}

impl<O> Mailbox<O> {
    fn lock(&self) -> MutexGuard<'_, Inner<O>> {
        // No step between lock and unlock can panic half-way.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Marks a folder.
    pub fn mark(&self, folder: &Path) {
        let mut inner = self.lock();
        if inner.folders.len() >= MOST_FOLDERS {
            inner.folders.clear();
            inner.rescan = Some(Cause::Overflow);
        } else if !inner.folders.contains(folder) {
            inner.folders.insert(folder.to_owned());
        }
        drop(inner);
        self.changed.notify_one();
    }

    /// Asks for a full scan.
    pub fn rescan(&self, cause: Cause) {
        self.lock().rescan = Some(cause);
        self.changed.notify_one();
    }

    /// Gives an order. Orders answer what was handed over, so that the window bounds them.
    pub fn order(&self, order: O) {
        self.lock().orders.push(order);
        self.changed.notify_one();
    }

    /// Waits for mail until a time at the latest.
    pub fn wait(&self, until: Instant) -> Mail<O> {
        let mut inner = self.lock();
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let empty =
                inner.folders.is_empty() && inner.rescan.is_none() && inner.orders.is_empty();
            if !empty || left == Duration::ZERO {
                return Mail {
                    folders: std::mem::take(&mut inner.folders),
                    rescan: inner.rescan.take(),
                    orders: std::mem::take(&mut inner.orders),
                };
            }
            inner = self
                .changed
                .wait_timeout(inner, left)
                .map_or_else(|poisoned| poisoned.into_inner().0, |(inner, _)| inner);
        }
    }
}

/// Watches folders, as far as the system lets it.
pub struct Watch {
    watcher: Option<RecommendedWatcher>,
}

impl Watch {
    /// Watches nothing yet. Where the system has no watch to give, it never will.
    pub fn new<O: Send + 'static>(mailbox: &Arc<Mailbox<O>>) -> Self {
        let mailbox = Arc::clone(mailbox);
        let watcher = notify::recommended_watcher(move |event| heed(&mailbox, event));
        if let Err(error) = &watcher {
            tracing::warn!(%error, "The inbox cannot be watched: it is scanned more often.");
        }
        Self { watcher: watcher.ok() }
    }

    /// Watches one folder, not those in it. Whether that worked.
    pub fn add(&mut self, folder: &Path) -> bool {
        self.watcher
            .as_mut()
            .is_some_and(|watcher| watcher.watch(folder, RecursiveMode::NonRecursive).is_ok())
    }

    /// Watches a folder no longer.
    pub fn remove(&mut self, folder: &Path) {
        if let Some(watcher) = &mut self.watcher {
            // The folder may be gone, and its watch with it.
            watcher.unwatch(folder).unwrap_or_default();
        }
    }
}

fn heed<O>(mailbox: &Mailbox<O>, event: notify::Result<notify::Event>) {
    if sabotaged("blocking_callback") {
        std::thread::sleep(Duration::from_millis(20));
    }
    let Ok(event) = event else { return mailbox.rescan(Cause::Overflow) };
    if event.need_rescan() {
        if !sabotaged("no_rescan") {
            mailbox.rescan(Cause::Overflow);
        }
        return;
    }
    match event.kind {
        // Reading, which is what we do ourselves.
        EventKind::Access(kind) if kind != AccessKind::Close(AccessMode::Write) => return,
        _ => {}
    }
    for path in &event.paths {
        if let Some(parent) = path.parent() {
            mailbox.mark(parent);
        }
    }
}
