//! The program as its users meet it, and the rules of the house: one module per promise.

#![cfg(test)]

mod browser;
mod charset;
mod check;
mod cli;
mod determinism;
mod explain;
mod ftr;
mod gold;
mod hostile;
mod induce;
mod markup;
mod preview;
mod preview_browser;
mod profiles;
mod program;
mod props;
mod readme;
mod stream;
mod tidy;
