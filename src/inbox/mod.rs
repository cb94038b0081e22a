//! Where captures arrive: finding them, waiting until they are complete, reading them.
//!
//! Events are hints that schedule a scan of a folder; only scans find files. A folder is watched
//! before it is listed, so that nothing can arrive between the two. A capture is complete when it
//! has settled (or was renamed, or has its marker) and nobody has it open for writing; after
//! reading, it must still be what it was before.
//!
//! Must never: write into the inbox, follow a symbolic link, or decide what becomes of a capture.

pub mod arrival;
pub mod known;
pub mod lease;
pub mod scan;
pub mod take;
pub mod thread;
pub mod tracker;
pub mod watch;
