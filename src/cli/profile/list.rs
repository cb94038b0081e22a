//! `copydesk profile list`: all profiles, a line each.

use std::io::Write as _;

use super::{Failure, profiles};
use crate::profile::fault::Origin;

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct ListArgs {
    #[command(flatten)]
    profiles: profiles::ProfileArgs,
}

pub(super) fn run(args: &ListArgs) -> Result<u8, Failure> {
    let mut out = std::io::stdout().lock();
    let set = args.profiles.load()?;
    for profile in set.profiles() {
        let origin = match profile.origin {
            Origin::BuiltIn => "built-in",
            Origin::Imported => "imported",
            Origin::User => "user",
        };
        let chain = profile.chain.iter().fold(String::new(), |text, id| text + " < " + id);
        let name = format!("{}{chain}", profile.id);
        let checked = profile.checked.as_deref().unwrap_or("-");
        let draft = if profile.draft { " (draft)" } else { "" };
        writeln!(out, "{name:<40} {origin:<9} {checked:<11} {}{draft}", profile.summary)?;
    }
    Ok(0)
}
