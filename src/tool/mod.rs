//! What serves the people who write profiles: explanations and cases, profiles with all that they
//! inherit, what differs between two of them, and switching a rule off.

pub mod case;
pub mod compare;
pub mod difference;
pub mod disable;
pub mod done;
pub mod drift;
pub mod explain;
pub mod ftr;
pub mod induce;
pub mod preview;
pub mod resolve;
