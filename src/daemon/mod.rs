//! The service: one event loop between the inbox, the cleaning threads and the spool.
//!
//! [`service`] is the loop, [`state`] what it knows and decides, [`work`] what cleaning threads do,
//! `operate` what it answers to operators over [`control`], `captures` and `events` parts of the loop.
//! Must never: touch a file of the inbox or the spool itself, or block.

mod captures;
pub mod control;
pub mod counters;
mod events;
mod operate;
pub mod reload;
pub mod service;
pub mod state;
pub mod systemd;
pub mod work;
