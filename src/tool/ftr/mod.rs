//! Site configs of `FiveFilters` become profiles.
//!
//! Takes the text of one `*.txt`; gives a profile's TOML and what became of each directive. Files
//! are the business of `cli`. No `XPath` runs here or anywhere: paths are translated to selectors.

pub mod account;
pub mod cause;
pub mod config;
mod profile;
mod selector;
mod value;
mod write;
pub mod xpath;

pub use account::{Import, Summary};
pub use profile::import;
