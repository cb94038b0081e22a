//! The nouns that travel through the pipeline; no behaviour beyond their own invariants.
//!
//! Takes nothing and gives nothing: every stage imports these types, and no stage imports another.

pub mod capture;
pub mod date;
pub mod document;
pub mod head;
pub mod id;
pub mod job;
pub mod ledger;
pub mod outline;
pub mod piece;
pub mod record;
pub(crate) mod sixteen;
pub mod table;
