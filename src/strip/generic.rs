//! The line classifier for captures that no other profile fits.

use super::{Scene, Stripped};
use crate::model::ledger::Ledger;
use crate::profile::program::Rule;

/// Removes the lines that do not read like main content.
pub(super) fn strip(
    _scene: Scene<'_>,
    _ledger: &mut Ledger,
    _stripped: &Stripped,
    _rule: &Rule,
    _clean_above: u32,
) {
}
