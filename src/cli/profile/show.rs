//! `copydesk profile show`: a profile's file.

use std::io::Write as _;

use super::{Failure, profiles};
use crate::profile::set;

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct ShowArgs {
    /// The profile's id
    id: String,
    #[command(flatten)]
    profiles: profiles::ProfileArgs,
}

pub(super) fn run(args: &ShowArgs) -> Result<u8, Failure> {
    let mut out = std::io::stdout().lock();
    let files = args.profiles.files()?;
    let found = files
        .iter()
        .filter(|file| set::id_of(&file.path) == args.id)
        .max_by_key(|file| file.origin);
    match found {
        Some(file) => {
            writeln!(out, "# {}", file.path)?;
            out.write_all(file.text.as_bytes())?;
            Ok(0)
        }
        None => Err(Failure::usage(format!("there is no profile `{}`", args.id))),
    }
}
