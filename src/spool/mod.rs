//! Where results leave: durable, whole, under one name, once.
//!
//! # The protocol
//!
//! ```text
//! 1  begin     ledger: the jobs are `working`            durable before a byte is parsed
//!    …         cleaning, on other threads
//! 2  stage     write tmp/<draft>, fsync files and tmp/
//! 3  intend    ledger: the jobs are `intent`, with the draft's hash
//! 4  publish   renameat2(tmp/<draft> → new/ or quarantine/, NOREPLACE), fsync the folders
//! 5  conclude  ledger: the jobs are `committed` or `quarantined`
//! ```
//!
//! Each step is durable before the next begins, for up to 64 jobs at once. [`protocol`] holds the
//! steps and, in one function, what to do after a stop at any point of them:
//!
//! | found | means | do |
//! |---|---|---|
//! | `intent`, draft in `tmp/` | stopped before 4 | 4, 5 |
//! | `intent`, no draft | stopped after 4; the file may be with a consumer already | 5 |
//! | draft without `intent` | stopped before 3 | delete the draft |
//! | `working` | stopped before 3 | run again, alone; charge it if it was alone already |
//!
//! A result is never rewritten: an existing name with the same content is the result; with other
//! content it is a `commit_conflict`. The same function runs after a pause (a full disk), without
//! charges. [`files`] and [`book`] say what the protocol asks of the disk and of the ledger.
//!
//! Must never: look into the inbox (that is `inbox`), or decide what a record says.

pub mod book;
pub mod disk;
pub mod error;
pub mod files;
pub mod layout;
pub mod ledger;
pub mod near;
pub mod protocol;
pub mod query;
pub mod reason;
pub mod retention;
#[cfg(test)]
mod tests;
pub mod tidy;
pub mod turn;
pub mod writer;
