//! `copydesk schema`: JSON Schema of what comes out.

use std::io::Write as _;

use super::Failure;
use crate::model::record::Record;

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
}

pub(super) fn run(args: &SchemaArgs) -> Result<u8, Failure> {
    let schema = match args.what {
        What::Record => schemars::schema_for!(Record),
    };
    writeln!(std::io::stdout(), "{}", serde_json::to_string_pretty(&schema)?)?;
    Ok(0)
}
