//! Captures become documents: blocks in reading order.
//!
//! Never fails and never drops a word: whatever came in stands in some block.

pub mod html;
mod plain;
pub mod text;
