//! Places where tests end the program, and safeties that tests take away.
//!
//! Debug builds only: a release build answers `false` without looking. `COPYDESK_CRASH=point:3`
//! ends the process, as SIGKILL would, when `point` is passed for the third time;
//! `COPYDESK_SABOTAGE=name,name` takes safeties away, to see that the tests notice.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// Ends the process here if a test asked for it.
pub fn crash_point(name: &str) {
    static ASKED: OnceLock<Option<(String, u64)>> = OnceLock::new();
    static PASSED: AtomicU64 = AtomicU64::new(0);
    if !cfg!(debug_assertions) {
        return;
    }
    let asked = ASKED.get_or_init(|| {
        let text = std::env::var("COPYDESK_CRASH").ok()?;
        let (point, times) = text.split_once(':')?;
        Some((point.to_owned(), times.parse().ok()?))
    });
    if let Some((point, times)) = asked
        && (point == name || point == "any")
        && PASSED.fetch_add(1, Ordering::Relaxed) + 1 == *times
    {
        let this = rustix::process::getpid();
        // The process is gone before this returns.
        rustix::process::kill_process(this, rustix::process::Signal::KILL).unwrap_or_default();
        std::thread::park();
    }
}

/// Whether a test took this safety away.
pub fn sabotaged(name: &str) -> bool {
    static ASKED: OnceLock<String> = OnceLock::new();
    cfg!(debug_assertions)
        && ASKED
            .get_or_init(|| std::env::var("COPYDESK_SABOTAGE").unwrap_or_default())
            .split(',')
            .any(|asked| asked == name)
}

/// A word that a test's capture may hold: cleaning it ends the process, or panics.
///
/// # Panics
/// Where a test asked for it; never in a release build.
pub fn provoke(text: &str) {
    if cfg!(debug_assertions) && std::env::var_os("COPYDESK_PROVOKE").is_some() {
        if text.contains("PROVOKE-ABORT") {
            std::process::abort();
        }
        assert!(!text.contains("PROVOKE-PANIC"), "asked for");
    }
}
