#![doc = include_str!("ARCHITECTURE.md")]

pub mod annotate;
pub mod config;
pub mod daemon;
pub mod decode;
pub mod dedupe;
pub mod error;
pub mod fault;
pub mod inbox;
pub mod model;
pub mod parse;
pub mod pipeline;
pub mod profile;
pub mod render;
pub mod split;
pub mod spool;
pub mod strip;
pub mod tool;

pub mod cli;
