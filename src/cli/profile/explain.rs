//! `copydesk profile explain`: why a capture comes out as it does.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::{Failure, SOME_FAILED, inputs, profiles};
use crate::decode;
use crate::model::capture::Capture;
use crate::pipeline::{self, Options};
use crate::tool::explain;

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct ExplainArgs {
    /// The capture
    capture: PathBuf,
    /// As JSON, with the fate of every line
    #[arg(long)]
    json: bool,
    /// Profile to use
    #[arg(long, value_name = "ID")]
    profile: Option<String>,
    #[command(flatten)]
    profiles: profiles::ProfileArgs,
}

pub(super) fn run(args: &ExplainArgs) -> Result<u8, Failure> {
    let set = args.profiles.load()?;
    if let Some(id) = &args.profile
        && set.get(id).is_none()
    {
        return Err(Failure::usage(format!("there is no profile `{id}`")));
    }
    let capture = read(&args.capture)?;
    let options = Options { profile: args.profile.clone(), explain: true, ..Options::default() };
    let outcome = pipeline::clean(&capture, &set, &options, &mut |_| {});
    let text = if args.json { explain::json(&outcome) } else { explain::text(&outcome) };
    std::io::stdout().lock().write_all(text.as_bytes())?;
    Ok(0)
}

/// Reads one capture and its sidecar.
pub(super) fn read(path: &Path) -> Result<Capture, Failure> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let bytes =
        std::fs::read(path).with_context(|| format!("`{}` cannot be read", path.display()))?;
    inputs::hints(path)
        .and_then(|hints| decode::decode(&name, bytes, hints, decode::MAX_CAPTURE_BYTES))
        .map_err(|error| Failure { code: SOME_FAILED, error: anyhow::Error::new(error) })
}
