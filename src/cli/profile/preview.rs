//! `copydesk profile preview`: a page that shows a capture and what became of it.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::{Failure, explain, profiles};
use crate::pipeline::{self, Options};
use crate::tool::preview;

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct PreviewArgs {
    /// The capture
    capture: PathBuf,
    /// Where to write the page; `-` is stdout [default: <CAPTURE's name>.preview.html here]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Open the page in the system's browser
    #[arg(long)]
    open: bool,
    /// Profile to use
    #[arg(long, value_name = "ID")]
    profile: Option<String>,
    #[command(flatten)]
    profiles: profiles::ProfileArgs,
}

pub(super) fn run(args: &PreviewArgs) -> Result<u8, Failure> {
    let to_stdout = args.output.as_deref() == Some(Path::new("-"));
    if to_stdout && args.open {
        return Err(Failure::usage("`--open` needs a file: leave out `-o -`".to_owned()));
    }
    let set = args.profiles.load()?;
    if let Some(id) = &args.profile
        && set.get(id).is_none()
    {
        return Err(Failure::usage(format!("there is no profile `{id}`")));
    }
    let capture = explain::read(&args.capture)?;
    let options = Options { profile: args.profile.clone(), explain: true, ..Options::default() };
    let outcome = pipeline::clean_outlined(&capture, &set, &options);
    let page = preview::page(&capture, &outcome, &set);
    let mut out = std::io::stdout().lock();
    if to_stdout {
        out.write_all(page.as_bytes())?;
        return Ok(0);
    }
    let path = args.output.clone().unwrap_or_else(|| default_path(&args.capture));
    write(&path, &page).with_context(|| format!("`{}` cannot be written", path.display()))?;
    writeln!(out, "{}", path.display())?;
    if args.open {
        opener::open_browser(&path).with_context(|| {
            format!("no browser could be started; open `{}` by hand", path.display())
        })?;
    }
    Ok(0)
}

/// `page.html.preview.html` in the folder that the command runs in: captures stay among themselves.
fn default_path(capture: &Path) -> PathBuf {
    let name = capture.file_name().unwrap_or_default().to_string_lossy();
    PathBuf::from(format!("{name}.preview.html"))
}

/// Writes beside the place and renames, so that nobody sees half a page.
fn write(path: &Path, page: &str) -> std::io::Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let draft = path.with_file_name(format!(".{name}.{}.draft", std::process::id()));
    let written = std::fs::write(&draft, page).and_then(|()| std::fs::rename(&draft, path));
    if written.is_err() {
        // The draft may not exist; the first error is the one that matters.
        std::fs::remove_file(&draft).unwrap_or_default();
    }
    written
}
