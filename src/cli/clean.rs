//! `copydesk clean`: captures in, records out.

use std::convert::Infallible;
use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rayon::prelude::*;
use serde::Serialize;

use super::inputs::{self, Input};
use super::{Failure, SOME_FAILED, profiles, stream, watch};
use crate::decode;
use crate::dedupe::{self, Index, Signature};
use crate::model::record::Record;
use crate::pipeline::{self, Options};
use crate::profile::set::ProfileSet;
use crate::render::{self, Extras, Format};
use crate::strip::generic::{Favor, Judge};

/// Captures that are cleaned before their records are put in order: bounds memory.
const WINDOW: usize = 64;

/// Options of `clean`.
#[derive(Debug, clap::Args)]
pub(super) struct CleanArgs {
    /// Captures, or folders of captures (.html .htm .xhtml .txt)
    #[arg(required_unless_present = "stdin", value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Folder for the output: `a/b.txt` becomes `DIR/a/b.txt.jsonl`
    #[arg(long, value_name = "DIR", conflicts_with = "stdout")]
    out: Option<PathBuf>,
    /// Write all records to standard output (the default)
    #[arg(long)]
    stdout: bool,
    /// Read captures from standard input, one JSON object a line, and answer each with one line
    #[arg(long, value_name = "FORMAT", conflicts_with_all = ["paths", "out"])]
    pub(super) stdin: Option<StreamFormat>,
    /// Form of the output
    #[arg(long, value_enum, default_value_t = FormatArg::Jsonl)]
    format: FormatArg,
    /// More fields in the records
    #[arg(long, value_enum, value_delimiter = ',', value_name = "FIELD")]
    with: Vec<With>,
    /// Profile to use for every capture
    #[arg(long, value_name = "ID")]
    profile: Option<String>,
    #[command(flatten)]
    pub(super) profiles: profiles::ProfileArgs,
    /// Where no profile fits: what is worse, boilerplate that stays or content that goes
    #[arg(long, value_enum, default_value_t = FavorArg::Balance, value_name = "WHAT")]
    favor: FavorArg,
    /// Threads (default: one per core)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,
    /// Write outputs anew that are there already
    #[arg(long)]
    force: bool,
    /// No progress bar
    #[arg(long)]
    no_progress: bool,
    /// Add to each record the line and rule that each field comes from
    #[arg(long)]
    explain: bool,
    /// Form of the summary, the last line on standard error
    #[arg(long, value_enum, default_value_t = SummaryFormat::Text, value_name = "FORM")]
    summary: SummaryFormat,
    /// With `--stdin`: add the microseconds of each stage
    #[arg(long, requires = "stdin", conflicts_with_all = ["paths", "out"])]
    pub(super) timing: bool,
    /// After the run: clean the last capture, or the one that is named, again whenever a profile
    /// changes, and show what differs
    #[arg(long, value_name = "CAPTURE", num_args = 0..=1, require_equals = true, default_missing_value = "", conflicts_with = "stdin")]
    watch_profiles: Option<String>,
    /// Largest capture that is read, in MiB
    #[arg(long, default_value_t = 64, value_name = "N")]
    max_capture_mib: u64,
}

/// Form of a stream.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub(super) enum StreamFormat {
    Jsonl,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum FormatArg {
    Jsonl,
    Md,
    Txt,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum FavorArg {
    /// Boilerplate that stays is worse
    Precision,
    /// Neither is
    Balance,
    /// Content that goes is worse
    Recall,
}

impl From<FavorArg> for Favor {
    fn from(favor: FavorArg) -> Self {
        match favor {
            FavorArg::Precision => Self::Precision,
            FavorArg::Balance => Self::Balance,
            FavorArg::Recall => Self::Recall,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum With {
    Markdown,
    Html,
    Links,
    Images,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum SummaryFormat {
    Text,
    Json,
}

/// Counts of a run.
#[derive(Debug, Default, Serialize)]
struct Summary {
    captures: u64,
    ok: u64,
    rejected: u64,
    failed: u64,
    /// Outputs that were there already.
    unchanged: u64,
    /// Files of a folder that are no captures.
    skipped: u64,
    records: u64,
    duplicates: u64,
}

/// What became of one input.
enum Cleaned {
    Ok { records: Vec<Record>, signatures: Vec<Signature> },
    Rejected(String),
    Failed(String),
}

impl CleanArgs {
    pub(super) fn options(&self) -> Options {
        Options {
            profile: self.profile.clone(),
            explain: self.explain,
            sign: self.stdin.is_none(),
            judge: Judge { favor: self.favor.into(), forest: None },
        }
    }

    pub(super) fn extras(&self) -> Extras {
        let has = |wanted| self.with.contains(&wanted);
        Extras {
            markdown: has(With::Markdown),
            html: has(With::Html),
            links: has(With::Links),
            images: has(With::Images),
        }
    }

    pub(super) fn limit(&self) -> u64 {
        self.max_capture_mib.saturating_mul(1 << 20)
    }

    fn format(&self) -> Format {
        match self.format {
            FormatArg::Jsonl => Format::Jsonl,
            FormatArg::Md => Format::Markdown,
            FormatArg::Txt => Format::Txt,
        }
    }

    /// Changes with anything that can change an output of the same capture.
    fn run_key(&self, set: &ProfileSet) -> String {
        pipeline::run_key(set, &self.options(), self.extras(), self.format())
    }
}

pub(super) fn run(args: &CleanArgs) -> Result<u8, Failure> {
    let set = args.profiles.load()?;
    if let Some(id) = &args.profile
        && set.get(id).is_none()
    {
        return Err(Failure::usage(format!(
            "`--profile {id}`: there is no such profile; `copydesk profile list` shows them"
        )));
    }
    if let Some(StreamFormat::Jsonl) = args.stdin {
        return stream::run(args, &set);
    }
    let (inputs, skipped) = inputs::collect(&args.paths)?;
    if let (Some(_), Some((one, other))) = (&args.out, inputs::collision(&inputs)) {
        return Err(Failure::usage(format!(
            "`{}` and `{}` would both be written to `{}`; clean them into two folders",
            one.path.display(),
            other.path.display(),
            one.name
        )));
    }
    let watched = args.watch_profiles.as_deref();
    let watched = watched.map(|named| watch::choose(&inputs, named)).transpose()?;
    let jobs = args.jobs.map_or(0, usize::from);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs).build()?;
    let bar = progress(args, inputs.len() as u64)?;
    let mut summary = Summary { skipped, ..Summary::default() };
    let mut index = Index::default();
    let run_key = args.run_key(&set);
    for window in inputs.chunks(WINDOW) {
        let cleaned: Vec<Cleaned> =
            pool.install(|| window.par_iter().map(|input| clean(input, args, &set)).collect());
        for (input, cleaned) in window.iter().zip(cleaned) {
            summary.captures += 1;
            finish(input, cleaned, args, &run_key, &mut index, &mut summary, &bar)?;
            bar.inc(1);
        }
    }
    bar.finish_and_clear();
    report(args, &summary)?;
    if let Some(input) = watched {
        return watch::run(args, input, &set);
    }
    Ok(if summary.rejected + summary.failed > 0 { SOME_FAILED } else { 0 })
}

fn progress(args: &CleanArgs, length: u64) -> Result<ProgressBar, Failure> {
    let target = if args.no_progress || !std::io::stderr().is_terminal() {
        ProgressDrawTarget::hidden()
    } else {
        ProgressDrawTarget::stderr()
    };
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} captures  {eta} left")?;
    Ok(ProgressBar::with_draw_target(Some(length), target).with_style(style))
}

/// Reads and cleans one capture; a panic costs that capture only.
fn clean(input: &Input, args: &CleanArgs, set: &ProfileSet) -> Cleaned {
    let one = || {
        let reject =
            |reason: &str, message: String| Cleaned::Rejected(format!("{reason}: {message}"));
        let length = std::fs::metadata(&input.path).map(|meta| meta.len());
        let bytes = match length {
            // Do not read what is refused anyway.
            Ok(length) if length > args.limit() => Ok(Vec::new()),
            _ => std::fs::read(&input.path),
        };
        let bytes = match bytes {
            Ok(bytes) => bytes,
            Err(error) => return Cleaned::Failed(format!("unreadable: {error}")),
        };
        if let Ok(bytes) = length
            && bytes > args.limit()
        {
            let error = crate::error::DecodeError::TooLarge { bytes, limit: args.limit() };
            return reject(error.reason(), error.to_string());
        }
        let capture = inputs::hints(&input.path)
            .and_then(|hints| decode::decode(&input.name, bytes, hints, args.limit()));
        match capture {
            Err(error) => reject(error.reason(), error.to_string()),
            Ok(capture) => {
                let outcome = pipeline::clean(&capture, set, &args.options(), &mut |_| {});
                Cleaned::Ok { records: outcome.records, signatures: outcome.signatures }
            }
        }
    };
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(one))
        .unwrap_or_else(|_| Cleaned::Failed("panic: this is a bug, please report it".to_owned()))
}

/// Marks duplicates, renders, and writes one capture's output.
fn finish(
    input: &Input,
    cleaned: Cleaned,
    args: &CleanArgs,
    run_key: &str,
    index: &mut Index,
    summary: &mut Summary,
    bar: &ProgressBar,
) -> Result<(), Failure> {
    let (mut records, signatures) = match cleaned {
        Cleaned::Ok { records, signatures } => (records, signatures),
        Cleaned::Rejected(reason) => {
            summary.rejected += 1;
            bar.suspend(|| {
                writeln!(std::io::stderr(), "rejected `{}`: {reason}", input.path.display())
            })?;
            return Ok(());
        }
        Cleaned::Failed(reason) => {
            summary.failed += 1;
            bar.suspend(|| {
                writeln!(std::io::stderr(), "failed `{}`: {reason}", input.path.display())
            })?;
            return Ok(());
        }
    };
    summary.ok += 1;
    let observe =
        |record: &Record, signature| Ok::<_, Infallible>(index.observe(record, signature));
    let Ok(duplicates) = dedupe::mark(&mut records, signatures, run_key, observe);
    summary.duplicates += duplicates;
    summary.records += records.len() as u64;
    render::extend(&mut records, args.extras());
    let text = render::render(&mut records, args.format());
    let Some(out) = &args.out else {
        std::io::stdout().lock().write_all(text.as_bytes())?;
        return Ok(());
    };
    let path = out.join(format!("{}.{}", input.name, args.format().ending()));
    if !args.force && is_done(&path, &text, records.first()) {
        summary.unchanged += 1;
        return Ok(());
    }
    write(&path, &text).with_context(|| format!("`{}` cannot be written", path.display()))?;
    Ok(())
}

/// Whether an output is there that was made from the same capture by the same rules.
fn is_done(path: &Path, text: &str, record: Option<&Record>) -> bool {
    let Ok(found) = std::fs::read_to_string(path) else { return false };
    if found == text {
        return true;
    }
    // The head of an output names both hashes, but for plain text.
    let head = found.lines().take(20).collect::<Vec<_>>().join("\n");
    record.is_some_and(|record| {
        head.contains(&record.capture.sha256) && head.contains(&record.profile.run)
    })
}

/// Writes beside the place and renames, so that nobody sees half a file.
pub(super) fn write(path: &Path, text: &str) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let draft = folder.join(format!(".{name}.{}.draft", std::process::id()));
    let written = std::fs::write(&draft, text).and_then(|()| std::fs::rename(&draft, path));
    if written.is_err() {
        // The draft may not exist; the first error is the one that matters.
        std::fs::remove_file(&draft).unwrap_or_default();
    }
    written
}

fn report(args: &CleanArgs, summary: &Summary) -> Result<(), Failure> {
    let mut err = std::io::stderr().lock();
    match args.summary {
        SummaryFormat::Json => writeln!(err, "{}", serde_json::to_string(summary)?)?,
        SummaryFormat::Text => {
            let Summary { captures, ok, rejected, failed, unchanged, skipped, records, duplicates } =
                summary;
            writeln!(
                err,
                "{captures} captures: {ok} ok ({unchanged} unchanged), {rejected} rejected, \
                 {failed} failed; {records} records, {duplicates} duplicates; \
                 {skipped} other files skipped"
            )?;
        }
    }
    Ok(())
}
