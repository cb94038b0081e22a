//! The layers of all files, for verbs that look at how profiles are written.

use std::io::IsTerminal as _;

use super::{BAD_PROFILE, Failure, profiles};
use crate::profile::fault::{self, Fault, SourceFile};
use crate::profile::schema::Layer;
use crate::profile::stack::Stack;

/// Reads all files. A file that is no profile at all is shown, and ends the run if it is the one.
pub(super) fn read(files: Vec<SourceFile>, id: &str) -> Result<Stack, Failure> {
    let mut faults = Vec::new();
    let stack = Stack::read(files, &mut faults);
    let broken = |fault: &Fault| crate::profile::set::id_of(&fault.file.path) == id;
    faults.retain(broken);
    if stack.same(id).is_empty() && !faults.is_empty() {
        return Err(bad(&faults, "it cannot be read"));
    }
    Ok(stack)
}

/// A profile and its parents.
pub(super) fn chain<'s>(stack: &'s Stack, id: &str) -> Result<Vec<&'s Layer>, Failure> {
    let same = stack.same(id);
    let Some(layer) = same.first() else { return Err(unknown(id, stack.ids())) };
    stack.chain(layer).map_err(|fault| bad(&[fault], "its parents cannot be found"))
}

/// An id that no profile has.
pub(super) fn unknown<'a>(id: &str, known: impl Iterator<Item = &'a str>) -> Failure {
    let near = fault::nearest(id, known);
    let near = near.map_or_else(
        || "`copydesk profile list` shows them".to_owned(),
        |near| format!("did you mean `{near}`?"),
    );
    Failure::usage(format!("there is no profile `{id}`; {near}"))
}

/// Shows faults and says how the run ends.
pub(super) fn bad(faults: &[Fault], what: &str) -> Failure {
    let mut err = std::io::stderr();
    // What cannot be printed is told by the last line all the same.
    profiles::show(faults, err.is_terminal(), &mut err).unwrap_or_default();
    Failure { code: BAD_PROFILE, error: anyhow::anyhow!("{what}") }
}
