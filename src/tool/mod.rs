//! What serves the people who write profiles: explanations and cases.

pub mod case;
pub mod explain;
pub mod ftr;
pub mod induce;
pub mod preview;
