//! The service: one event loop between the inbox, the cleaning threads and the spool.
//!
//! [`service`] is the loop, [`state`] what it knows and decides, [`work`] what cleaning threads do,
//! [`operate`] what it answers to operators over [`control`].
//! Must never: touch a file of the inbox or the spool itself, or block.

pub mod control;
pub mod counters;
pub mod operate;
pub mod reload;
pub mod service;
pub mod state;
pub mod systemd;
pub mod work;
