//! The program as its users meet it, and the rules of the house: one module per promise.

#![cfg(test)]

mod browser;
mod cases;
mod charset;
mod check;
mod cli;
mod determinism;
mod explain;
mod ftr;
mod gold;
mod hostile;
mod induce;
mod lint;
mod markup;
mod mutants;
mod overlay;
mod preview;
mod preview_browser;
mod profiles;
mod program;
mod props;
mod readme;
mod reference;
mod stream;
mod tidy;
mod watch;
