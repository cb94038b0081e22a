//! `copydesk profile import-ftr`: site configs of `FiveFilters` become profiles.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::ValueEnum;
use serde_json::json;

use super::{Failure, grade};
use crate::config::profiles::{IMPORTED, own_folder};
use crate::model::id;
use crate::tool::ftr::{self, Import, Summary};

/// Longest site config that is read; the longest of 1,373 has 27,000 bytes.
const MAX_FILE_BYTES: u64 = 1 << 20;

/// What an imported file begins with; behind it stands the sum of the rest.
const HEAD: &str = "# Written by `copydesk profile import-ftr`; a file of this name in your own \
                    folder of profiles wins over it. Sum: ";

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct ImportArgs {
    /// Folder of site configs: `example.com.txt`
    folder: PathBuf,
    /// Where the profiles go [default: `imported` in your own folder of profiles]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Captures to try the profiles on: prints how many hold the body that each of them names
    #[arg(long, value_name = "PATH", num_args = 1..)]
    grade: Vec<PathBuf>,
    /// Form of the summary in the last line
    #[arg(long, value_enum)]
    summary: Option<SummaryForm>,
}

/// Forms of the summary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SummaryForm {
    /// One JSON object
    Json,
}

/// What became of a file in the folder of the profiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Written {
    /// It is new, or was written anew.
    Now,
    /// It stood there already.
    Before,
    /// Somebody has changed it: it stays.
    Changed,
}

pub(super) fn run(args: &ImportArgs) -> Result<u8, Failure> {
    if !args.folder.is_dir() {
        return Err(Failure::usage(format!("`{}` is no folder", args.folder.display())));
    }
    let default = || own_folder().map(|own| own.join(IMPORTED));
    let Some(out) = args.out.clone().or_else(default) else {
        return Err(Failure::usage("there is no home folder: name one with `--out`".to_owned()));
    };
    std::fs::create_dir_all(&out).with_context(|| format!("`{}`", out.display()))?;
    let mut report = std::io::stdout().lock();
    let mut summary = Summary::default();
    let mut causes: BTreeMap<&'static str, usize> = BTreeMap::new();
    let mut files: BTreeMap<Written, usize> = BTreeMap::new();
    let mut taken = BTreeSet::new();
    for path in names(&args.folder)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Some(import) = read(&path, &name)? else {
            writeln!(report, "{name}: no site config; passed over")?;
            continue;
        };
        summary.add(&import);
        for (directive, cause) in import.untranslated() {
            writeln!(report, "{name}:{}: {}: {cause}", directive.line, directive.raw)?;
            *causes.entry(cause.kind()).or_default() += 1;
        }
        if !taken.insert(import.host.clone()) {
            writeln!(report, "{name}: another file is for the same host; not written")?;
            continue;
        }
        let written = write(&out, &import)?;
        if written == Written::Changed {
            let name = format!("{}.toml", import.id);
            writeln!(report, "{name}: was changed by hand; left as it is")?;
        }
        *files.entry(written).or_default() += 1;
    }
    conclude(&mut report, &summary, &causes)?;
    let count = |written| files.get(&written).copied().unwrap_or_default();
    writeln!(
        report,
        "{}: {} profiles written, {} stood there already, {} changed by hand",
        out.display(),
        count(Written::Now),
        count(Written::Before),
        count(Written::Changed),
    )?;
    if !args.grade.is_empty() {
        grade::print(&out, &args.grade, &mut report)?;
    }
    if args.summary == Some(SummaryForm::Json) {
        let json = json!({
            "files": summary.files,
            "complete": summary.complete,
            "core_complete": summary.core_complete,
            "directives": summary.directives,
            "rules": summary.rules,
            "comments": summary.comments,
            "untranslated": summary.untranslated,
        });
        writeln!(report, "{json}")?;
    }
    Ok(0)
}

/// The site configs of a folder, in bytewise order; those of `www.` hosts behind the others.
fn names(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    let entries = std::fs::read_dir(folder).with_context(|| format!("`{}`", folder.display()))?;
    for entry in entries {
        let path = entry.with_context(|| format!("`{}`", folder.display()))?.path();
        if path.is_file() && path.to_string_lossy().ends_with(".txt") {
            found.push(path);
        }
    }
    let is_www = |path: &PathBuf| {
        path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("www."))
    };
    found.sort_by_key(|path| (is_www(path), path.clone()));
    Ok(found)
}

/// Reads and translates a file. Letters that are no UTF-8 are replaced, as browsers do.
fn read(path: &Path, name: &str) -> Result<Option<Import>, Failure> {
    let size = path.metadata().with_context(|| format!("`{}`", path.display()))?.len();
    if size > MAX_FILE_BYTES {
        return Ok(None);
    }
    let bytes = std::fs::read(path).with_context(|| format!("`{}`", path.display()))?;
    Ok(ftr::import(name, &String::from_utf8_lossy(&bytes)))
}

/// Writes a profile by rename, unless somebody has changed the one that is there.
fn write(out: &Path, import: &Import) -> Result<Written, Failure> {
    let path = out.join(format!("{}.toml", import.id));
    let text = format!("{HEAD}{}\n{}", sum(&import.toml), import.toml);
    match std::fs::read_to_string(&path) {
        Ok(there) if there == text => return Ok(Written::Before),
        Ok(there) if !is_untouched(&there) => return Ok(Written::Changed),
        Ok(_) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        // What cannot be read is not ours to write over.
        Err(_) => return Ok(Written::Changed),
    }
    let draft = out.join(format!(".{}.tmp", import.id));
    std::fs::write(&draft, text).with_context(|| format!("`{}`", draft.display()))?;
    std::fs::rename(&draft, &path).with_context(|| format!("`{}`", path.display()))?;
    Ok(Written::Now)
}

/// Whether a file is as an import wrote it.
fn is_untouched(text: &str) -> bool {
    let rest = text.strip_prefix(HEAD).and_then(|rest| rest.split_once('\n'));
    rest.is_some_and(|(written, toml)| written == sum(toml))
}

/// First 16 hex digits of SHA-256.
fn sum(text: &str) -> String {
    id::hex(id::sha256(text.as_bytes()).get(..8).unwrap_or_default())
}

fn conclude(
    out: &mut impl Write,
    summary: &Summary,
    causes: &BTreeMap<&'static str, usize>,
) -> std::io::Result<()> {
    for (cause, count) in causes {
        writeln!(out, "{count:>6}  {cause}")?;
    }
    let Summary { files, complete, core_complete, directives, rules, comments, untranslated } =
        summary;
    writeln!(
        out,
        "{files} files, {complete} complete, {core_complete} with body, title, author and date \
         complete"
    )?;
    writeln!(
        out,
        "{directives} directives = {rules} rules + {comments} comments + {untranslated} \
         untranslated"
    )
}
