//! Profiles: files of rules for a site or a platform. The only place that knows their TOML.
//!
//! Takes file texts; gives compiled, immutable [`set::ProfileSet`]s, or every fault of every file.

pub mod asked;
mod blame;
pub mod block;
pub mod compile;
pub mod cut;
pub mod data;
mod edge_text;
pub mod fault;
pub mod identify;
pub mod inherit;
pub mod keys;
pub mod lint;
pub mod matcher;
mod needles;
pub mod prefilter;
pub mod prepare;
pub mod program;
pub mod reach;
pub mod read;
pub(crate) mod reader;
pub mod schema;
pub mod selector;
pub mod set;
mod shortlist;
pub mod source;
pub mod stack;
pub mod written;
