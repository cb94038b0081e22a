//! `copydesk profile list`: all profiles, a line each.

use std::io::Write as _;

use super::{Failure, profiles};
use crate::profile::fault::SourceFile;
use crate::profile::set;

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct ListArgs {
    #[command(flatten)]
    profiles: profiles::ProfileArgs,
}

pub(super) fn run(args: &ListArgs) -> Result<u8, Failure> {
    let mut out = std::io::stdout().lock();
    let files = args.profiles.files()?;
    let set = args.profiles.load()?;
    for profile in set.profiles() {
        let chain = profile.chain.iter().fold(String::new(), |text, id| text + " < " + id);
        let name = format!("{}{chain}", profile.id);
        let checked = profile.checked.as_deref().unwrap_or("-");
        let draft = if profile.draft { " (draft)" } else { "" };
        let origin = profile.origin.name();
        write!(out, "{name:<40} {origin:<9} {checked:<11} {}{draft}", profile.summary)?;
        let is_hidden =
            |file: &&SourceFile| set::id_of(&file.path) == profile.id && file.path != profile.path;
        let hidden: Vec<&str> =
            files.iter().filter(is_hidden).map(|file| file.path.as_str()).collect();
        if !hidden.is_empty() {
            write!(out, "  ({} hides {})", profile.path, hidden.join(", "))?;
        }
        writeln!(out)?;
    }
    Ok(0)
}
