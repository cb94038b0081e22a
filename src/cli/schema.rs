//! `copydesk schema`: JSON Schema of what comes out, and of profiles.

use std::io::Write as _;

use super::Failure;
use crate::model::record::Record;
use crate::profile::keys;

/// Options of `schema`.
#[derive(Debug, clap::Args)]
pub(super) struct SchemaArgs {
    /// What to describe
    what: What,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum What {
    /// One line of output
    Record,
    /// A profile, for editors that complete and check TOML
    Profile,
}

pub(super) fn run(args: &SchemaArgs) -> Result<u8, Failure> {
    let schema = match args.what {
        What::Record => serde_json::to_value(schemars::schema_for!(Record))?,
        What::Profile => keys::schema::schema(),
    };
    writeln!(std::io::stdout(), "{}", serde_json::to_string_pretty(&schema)?)?;
    Ok(0)
}
