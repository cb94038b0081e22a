//! Which files have their result: a cache, so that a scan costs no look into the ledger.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Keys of path and stamp of captures that are done with. A file that is not in here is read, and
/// the ledger says then that it is done.
///
/// Bounded by what is in the inbox: a full scan drops the keys that it did not meet.
#[derive(Debug, Default)]
pub struct Known {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    keys: HashMap<u128, u32>,
    scan: u32,
}

impl Known {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        // A cache has no half-done state.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds keys.
    pub fn add(&self, keys: impl IntoIterator<Item = u128>) {
        let mut inner = self.lock();
        let scan = inner.scan;
        inner.keys.extend(keys.into_iter().map(|key| (key, scan)));
    }

    /// Removes keys: their captures are to be read again.
    pub fn remove(&self, keys: &[u128]) {
        let mut inner = self.lock();
        for key in keys {
            inner.keys.remove(key);
        }
    }

    /// Whether a key is known; a scan has met it then.
    pub fn meet(&self, key: u128) -> bool {
        let mut inner = self.lock();
        let scan = inner.scan;
        match inner.keys.get_mut(&key) {
            Some(met) => {
                *met = scan;
                true
            }
            None => false,
        }
    }

    /// A full scan begins.
    pub fn begin_scan(&self) {
        let mut inner = self.lock();
        inner.scan = inner.scan.wrapping_add(1);
    }

    /// A full scan has met all that is there.
    pub fn end_scan(&self) {
        let mut inner = self.lock();
        let scan = inner.scan;
        inner.keys.retain(|_, met| *met == scan);
        if inner.keys.capacity() > 4 * inner.keys.len() + 1024 {
            inner.keys.shrink_to_fit();
        }
    }

    /// Number of keys.
    pub fn len(&self) -> usize {
        self.lock().keys.len()
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
