//! `copydesk profile new`: the draft of a profile, learnt from captures of a site.
//!
//! The draft lies beside the folder of profiles, where nothing uses it, until a person moves it
//! there. Nothing that exists is overwritten.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde_json::json;

use super::explain::read;
use super::{Failure, inputs, profiles};
use crate::config::profiles::own_folder;
use crate::model::capture::Capture;
use crate::parse;
use crate::pipeline::{self, Options};
use crate::profile::fault::{Origin, SourceFile};
use crate::profile::set::{self, Lint, ProfileSet};
use crate::strip::generic::Judge;
use crate::tool::induce::{self, Learnt, Sample};

/// Cases that are written: a person reads what comes out of each.
const CASES: usize = 3;

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct NewArgs {
    /// Host of the site, as `gazette.example`
    host: String,
    /// Captures of different pages of the site, files or folders; 3 at least, 20 are looked at
    #[arg(long, value_name = "CAPTURES", num_args = 1.., required = true)]
    from: Vec<PathBuf>,
    /// Folder for the draft (default: copydesk/drafts below the user's configuration)
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    profiles: profiles::ProfileArgs,
}

pub(super) fn run(args: &NewArgs) -> Result<u8, Failure> {
    let host = host(&args.host)?;
    let id = induce::id_of_host(&host);
    let folder = match &args.out {
        Some(folder) => folder.clone(),
        None => own_folder().map(|own| own.with_file_name("drafts")).ok_or_else(|| {
            Failure::usage("neither XDG_CONFIG_HOME nor HOME is set: give `--out DIR`".to_owned())
        })?,
    };
    let (file, cases) = (folder.join(format!("{id}.toml")), folder.join("fixtures").join(&id));
    for path in [&file, &cases] {
        if fs::symlink_metadata(path).is_ok() {
            return Err(Failure::usage(format!(
                "`{}` is there already: move it away, or give another folder with `--out`",
                path.display()
            )));
        }
    }
    let set = args.profiles.load()?;
    let found = captures(&args.from, &set)?;
    let samples: Vec<&Sample> = found.samples.iter().collect();
    let learnt = induce::learn(&host, &samples, &set, induce::LEAST)
        .map_err(|refusal| Failure::usage(refusal.to_string() + &found.passed_over()))?;
    let files = args.profiles.files()?;
    let written = write_cases(&cases, &learnt, &found, files)?;
    write_new(&file, learnt.toml.as_bytes())?;
    say(&learnt, &found, (&folder, &file, written))?;
    Ok(0)
}

/// The host in a word of the command line, which may be a whole address.
fn host(word: &str) -> Result<String, Failure> {
    let word = word.trim().to_ascii_lowercase();
    let rest = word.split_once("://").map_or(word.as_str(), |(_, rest)| rest);
    let host = rest.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let host = host.strip_prefix("www.").unwrap_or(host).trim_end_matches('.');
    let plain = host.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-');
    if host.is_empty() || !plain {
        return Err(Failure::usage(format!(
            "`{word}` is no host: give it as `gazette.example`, an international one as `xn--…`"
        )));
    }
    Ok(host.to_owned())
}

/// What was read.
struct Found {
    samples: Vec<Sample>,
    /// Where each sample comes from.
    paths: Vec<PathBuf>,
    /// Captures that show a page again, and of which.
    again: Vec<(String, String)>,
    /// Captures that cannot be read, with the reason.
    unreadable: Vec<String>,
    /// How many were not looked at.
    left: usize,
}

impl Found {
    fn passed_over(&self) -> String {
        let again = self
            .again
            .iter()
            .map(|(name, known)| format!("\n  `{name}` shows the page of `{known}` again"));
        let unreadable = self.unreadable.iter().map(|reason| format!("\n  {reason}"));
        let left = (self.left > 0).then(|| format!("\n  {} more were not looked at", self.left));
        again.chain(unreadable).chain(left).collect()
    }
}

fn captures(from: &[PathBuf], set: &ProfileSet) -> Result<Found, Failure> {
    let (inputs, _) = inputs::collect(from)?;
    let mut found = Found {
        samples: Vec::new(),
        paths: Vec::new(),
        again: Vec::new(),
        unreadable: Vec::new(),
        left: 0,
    };
    for input in inputs {
        if found.samples.len() >= induce::MOST {
            found.left += 1;
            continue;
        }
        let capture = match read(&input.path) {
            Ok(capture) => Capture { path: input.name.clone(), ..capture },
            Err(failure) => {
                found.unreadable.push(format!("`{}`: {:#}", input.name, failure.error));
                continue;
            }
        };
        let sample = induce::prepare(capture, set, &Judge::default());
        if let Some(known) = induce::known(&found.samples, &sample) {
            found.again.push((input.name, known.capture.path.clone()));
        } else {
            found.samples.push(sample);
            found.paths.push(input.path);
        }
    }
    Ok(found)
}

/// Writes the first captures as cases, unblessed. Gives how many.
fn write_cases(
    folder: &Path,
    learnt: &Learnt,
    found: &Found,
    mut files: Vec<SourceFile>,
) -> Result<usize, Failure> {
    let path = format!("{}.toml", learnt.id);
    files.retain(|file| set::id_of(&file.path) != learnt.id || file.origin == Origin::BuiltIn);
    files.push(SourceFile { path, text: learnt.toml.clone(), origin: Origin::User });
    let (set, faults) = set::load(files, &[], Lint::Own, parse::text::parse);
    let set = set.ok_or_else(|| {
        let faults: Vec<String> = faults
            .iter()
            .filter(|fault| !fault.problem.is_warning())
            .map(|fault| fault.render(false))
            .collect();
        let error = anyhow::anyhow!(
            "the draft does not go together with the other profiles:\n{}",
            faults.join("\n")
        );
        Failure { code: super::BAD_PROFILE, error }
    })?;
    let mut names: Vec<String> = Vec::new();
    for (sample, path) in found.samples.iter().zip(&found.paths).take(CASES) {
        let name = case_name(&sample.capture.path, &names);
        let case = folder.join(&name);
        fs::create_dir_all(&case).with_context(|| case.display().to_string())?;
        let ending = if sample.is_page() { "html" } else { "txt" };
        let bytes = fs::read(path).with_context(|| path.display().to_string())?;
        write_new(&case.join(format!("capture.{ending}")), &bytes)?;
        if let Some(sidecar) = sidecar(&sample.capture, learnt, &set) {
            write_new(&case.join("capture.meta.json"), format!("{sidecar:#}\n").as_bytes())?;
        }
        names.push(name);
    }
    Ok(names.len())
}

/// What a case needs beside its capture: the address where it is known, and where the draft would
/// not be chosen its name.
fn sidecar(capture: &Capture, learnt: &Learnt, set: &ProfileSet) -> Option<serde_json::Value> {
    let hints = &capture.hints;
    let known =
        [("url", &hints.url), ("fetched_at", &hints.fetched_at), ("charset", &hints.charset)];
    let mut keys: serde_json::Map<String, serde_json::Value> = known
        .into_iter()
        .filter_map(|(key, value)| Some((key.to_owned(), json!(value.as_ref()?))))
        .collect();
    let mut bare = capture.clone();
    bare.hints.profile = None;
    let outcome = pipeline::clean(&bare, set, &Options::default(), &mut |_| {});
    if outcome.records.first().is_none_or(|record| record.profile.id != learnt.id) {
        keys.insert("profile".to_owned(), json!(learnt.id));
    }
    (!keys.is_empty()).then_some(serde_json::Value::Object(keys))
}

/// A name for a case that is not taken: small letters, figures and hyphens.
fn case_name(path: &str, taken: &[String]) -> String {
    let stem = Path::new(path).file_stem().unwrap_or_default().to_string_lossy().to_lowercase();
    let mut name = String::from("page");
    for part in stem.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty()) {
        if name.len() + part.len() < 48 {
            name.push('-');
            name.push_str(part);
        }
    }
    let mut unique = name.clone();
    let mut number = 2;
    while taken.contains(&unique) {
        unique = format!("{name}-{number}");
        number += 1;
    }
    unique
}

/// Writes a file that is not there yet, and the folders above it.
fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let write = || {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut file = fs::OpenOptions::new().write(true).create_new(true).open(path)?;
        file.write_all(bytes)
    };
    Ok(write().with_context(|| format!("`{}` cannot be written", path.display()))?)
}

fn say(
    learnt: &Learnt,
    found: &Found,
    (folder, file, cases): (&Path, &Path, usize),
) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    let (id, shown, fixtures) = (&learnt.id, folder.display(), folder.join("fixtures"));
    writeln!(out, "learnt from {} captures{}", learnt.learnt_from.len(), found.passed_over())?;
    for note in &learnt.notes {
        writeln!(out, "  {note}")?;
    }
    writeln!(out, "wrote {}: {} rules and facts", file.display(), learnt.rules)?;
    writeln!(out, "wrote {cases} cases in {}", fixtures.join(id).display())?;
    let own = own_folder();
    let real = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let in_use = own.as_ref().is_some_and(|own| real(folder).starts_with(real(own)));
    if in_use {
        writeln!(out, "\nThe draft lies in a folder of profiles: it is used from now on. Next:")?;
    } else {
        writeln!(out, "\nNothing uses the draft yet. Next:")?;
    }
    let more = if in_use { String::new() } else { format!(" --profiles {shown}") };
    writeln!(out, "  read it; take out what is not furniture:  {}", file.display())?;
    writeln!(out, "  see what it does:   copydesk profile explain CAPTURE --profile {id}{more}")?;
    writeln!(
        out,
        "  write its cases:    copydesk profile test {id} --bless{more} --fixtures {}",
        fixtures.display()
    )?;
    writeln!(out, "                      then read expected.jsonl and removed.txt of each")?;
    if let (false, Some(own)) = (in_use, own) {
        let (file, own) = (file.display(), own.display());
        writeln!(out, "  use it:             mkdir -p {own}/fixtures")?;
        writeln!(out, "                      mv -n {file} {own}/")?;
        writeln!(
            out,
            "                      mv -n {} {own}/fixtures/",
            fixtures.join(id).display()
        )?;
    }
    Ok(())
}
