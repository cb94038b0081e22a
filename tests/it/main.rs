//! The program as its users meet it, and the rules of the house: one module per promise.

#![cfg(test)]

mod charset;
mod check;
mod cli;
mod determinism;
mod explain;
mod gold;
mod hostile;
mod markup;
mod overlay;
mod profiles;
mod program;
mod props;
mod readme;
mod stream;
mod tidy;
