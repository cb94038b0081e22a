//! The service under faults: kills, full disks, slow writers, storms of files, bad reloads.
//!
//! The oracle is conservation: each capture carries a token, and each token comes out once, whole,
//! in `new/` or in quarantine. `SLOW_TESTS=1` runs the whole campaign; without it a sample runs.
//! What needs root or a mount says aloud where it is skipped.

#![cfg(test)]

mod arrival;
mod disk;
mod kills;
mod model;
mod operate;
mod rig;
mod sabotage;
