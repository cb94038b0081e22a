//! The program as its users meet it, and the rules of the house: one module per promise.

#![cfg(test)]

mod cases;
mod charset;
mod check;
mod cli;
mod determinism;
mod explain;
mod gold;
mod hostile;
mod lint;
mod markup;
mod mutants;
mod overlay;
mod profiles;
mod program;
mod props;
mod readme;
mod reference;
mod stream;
mod tidy;
mod watch;
