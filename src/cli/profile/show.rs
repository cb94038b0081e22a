//! `copydesk profile show`: a profile's file, or all that holds in it.

use std::io::Write as _;

use super::{Failure, profiles, stack};
use crate::profile::set;
use crate::tool::resolve;

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct ShowArgs {
    /// The profile's id
    id: String,
    /// With all that it inherits, each part with the file and line that it stands at
    #[arg(long)]
    resolved: bool,
    #[command(flatten)]
    profiles: profiles::ProfileArgs,
}

pub(super) fn run(args: &ShowArgs) -> Result<u8, Failure> {
    let mut out = std::io::stdout().lock();
    let files = args.profiles.files()?;
    if args.resolved {
        let stack = stack::read(files, &args.id)?;
        let chain = stack::chain(&stack, &args.id)?;
        out.write_all(resolve::show(&chain, &resolve::resolve(&chain)).as_bytes())?;
        return Ok(0);
    }
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
        None => Err(stack::unknown(&args.id, files.iter().map(|file| set::id_of(&file.path)))),
    }
}
