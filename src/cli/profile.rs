//! `copydesk profile …`: list, show, lint, test and explain.

use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Subcommand;

use super::{BAD_PROFILE, Failure, SOME_FAILED, inputs, profiles};
use crate::decode;
use crate::parse;
use crate::pipeline::{self, Options};
use crate::profile::fault::Origin;
use crate::profile::set::{self, Lint};
use crate::tool::{case, explain};

/// The verbs below `profile`.
#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// List all profiles
    List {
        #[command(flatten)]
        profiles: profiles::ProfileArgs,
    },
    /// Print a profile's file
    Show {
        /// The profile's id
        id: String,
        #[command(flatten)]
        profiles: profiles::ProfileArgs,
    },
    /// Check profile files; 0 clean, 1 warnings, 78 errors
    Lint {
        /// Files or folders (default: all profiles)
        paths: Vec<PathBuf>,
        #[command(flatten)]
        profiles: profiles::ProfileArgs,
    },
    /// Run the cases of profiles
    Test {
        /// Profiles whose cases to run (default: all)
        ids: Vec<String>,
        /// Write what comes out as what is expected
        #[arg(long)]
        bless: bool,
        /// Folder of the cases
        #[arg(long, default_value = "fixtures")]
        fixtures: PathBuf,
        #[command(flatten)]
        profiles: profiles::ProfileArgs,
    },
    /// Say why a capture comes out as it does
    Explain {
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
    },
}

pub(super) fn run(verb: &Verb) -> Result<u8, Failure> {
    let mut out = std::io::stdout().lock();
    match verb {
        Verb::List { profiles } => {
            let set = profiles.load()?;
            for profile in set.profiles() {
                let origin = match profile.origin {
                    Origin::BuiltIn => "built-in",
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
        Verb::Show { id, profiles } => {
            let files = profiles.files()?;
            let found = files
                .iter()
                .filter(|file| set::id_of(&file.path) == id)
                .max_by_key(|file| file.origin);
            match found {
                Some(file) => {
                    writeln!(out, "# {}", file.path)?;
                    out.write_all(file.text.as_bytes())?;
                    Ok(0)
                }
                None => Err(Failure::usage(format!("there is no profile `{id}`"))),
            }
        }
        Verb::Lint { paths, profiles } => lint(paths, profiles, &mut out),
        Verb::Test { ids, bless, fixtures, profiles } => {
            let set = profiles.load()?;
            let cases = case::find(fixtures).with_context(|| fixtures.display().to_string())?;
            for id in ids {
                if !cases.iter().any(|case| case.profile == *id || case.name == *id) {
                    return Err(Failure::usage(format!(
                        "`{id}` is neither a profile with cases nor a case"
                    )));
                }
            }
            let (mut failed, mut run) = (0, 0);
            for case in cases.iter().filter(|case| {
                ids.is_empty() || ids.contains(&case.profile) || ids.contains(&case.name)
            }) {
                run += 1;
                let result = if *bless { case::bless(case, &set) } else { case::check(case, &set) };
                if let Err(message) = result {
                    failed += 1;
                    writeln!(out, "FAILED {}\n{message}", case.name)?;
                }
            }
            writeln!(out, "{} passed, {failed} failed", run - failed)?;
            Ok(if failed > 0 { SOME_FAILED } else { 0 })
        }
        Verb::Explain { capture, json, profile, profiles } => {
            let set = profiles.load()?;
            if let Some(id) = profile
                && set.get(id).is_none()
            {
                return Err(Failure::usage(format!("there is no profile `{id}`")));
            }
            let name = capture.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let bytes = std::fs::read(capture)
                .with_context(|| format!("`{}` cannot be read", capture.display()))?;
            let read = inputs::hints(capture)
                .and_then(|hints| decode::decode(&name, bytes, hints, decode::MAX_CAPTURE_BYTES));
            let capture = match read {
                Ok(capture) => capture,
                Err(error) => {
                    return Err(Failure { code: SOME_FAILED, error: anyhow::Error::new(error) });
                }
            };
            let options = Options { profile: profile.clone(), explain: true, ..Options::default() };
            let outcome = pipeline::clean(&capture, &set, &options, &mut |_| {});
            let text = if *json { explain::json(&outcome) } else { explain::text(&outcome) };
            out.write_all(text.as_bytes())?;
            Ok(0)
        }
    }
}

fn lint(
    paths: &[PathBuf],
    profiles: &profiles::ProfileArgs,
    out: &mut impl std::io::Write,
) -> Result<u8, Failure> {
    let mut files = profiles.files()?;
    let mut wanted = Vec::new();
    for path in paths {
        for file in profiles::read_folder(path)? {
            wanted.push(file.path.clone());
            files.retain(|known| known.path != file.path);
            files.push(file);
        }
    }
    let (_, mut faults) = set::load(files, &[], Lint::All, parse::text::parse);
    faults.retain(|fault| wanted.is_empty() || wanted.contains(&fault.file.path));
    profiles::show(&faults, std::io::stdout().is_terminal(), out)?;
    let warnings = faults.iter().filter(|fault| fault.problem.is_warning()).count();
    let errors = faults.len() - warnings;
    writeln!(out, "{errors} errors, {warnings} warnings")?;
    Ok(if errors > 0 { BAD_PROFILE } else { u8::from(warnings > 0) })
}
