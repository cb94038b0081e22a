//! `copydesk profile diff`: a profile against the one that it hides or extends.

use std::io::Write as _;

use super::{Failure, profiles, stack};
use crate::tool::compare;

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct DiffArgs {
    /// The profile's id
    id: String,
    #[command(flatten)]
    profiles: profiles::ProfileArgs,
}

pub(super) fn run(args: &DiffArgs) -> Result<u8, Failure> {
    let stack = stack::read(args.profiles.files()?, &args.id)?;
    let own = stack::chain(&stack, &args.id)?;
    // What it hides comes first: that is what acted before the file was written.
    let hidden = stack.same(&args.id).get(1).copied();
    let base = match hidden.or_else(|| own.get(1).copied()) {
        Some(layer) => {
            stack.chain(layer).map_err(|fault| stack::bad(&[fault], "its parents cannot be found"))
        }
        None => Err(Failure::usage(format!(
            "`{}` hides no profile and extends none: there is nothing to compare it with",
            args.id
        ))),
    }?;
    std::io::stdout().lock().write_all(compare::text(&own, &base).as_bytes())?;
    Ok(0)
}
