//! `copydesk profile lint`: what is wrong with profile files.

use std::collections::BTreeSet;
use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value, json};

use super::cases::CaseArgs;
use super::{BAD_PROFILE, Failure, profiles};
use crate::parse;
use crate::profile::fault::{self, Fault, Origin, Problem, Severity, SourceFile};
use crate::profile::schema::Layer;
use crate::profile::set::{self, Lint, ProfileSet};
use crate::profile::stack::Stack;
use crate::tool::case::{self, Case};

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct LintArgs {
    /// Files or folders (default: all profiles)
    paths: Vec<PathBuf>,
    /// Form of the report
    #[arg(long, value_enum, default_value_t = LintFormat::Text)]
    format: LintFormat,
    /// Run the cases, and note rules that none of them uses
    #[arg(long = "cases")]
    run_cases: bool,
    #[command(flatten)]
    cases: CaseArgs,
    #[command(flatten)]
    profiles: profiles::ProfileArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum LintFormat {
    /// With the lines and carets, for people
    Text,
    /// One JSON document, for editors
    Json,
}

pub(super) fn run(args: &LintArgs) -> Result<u8, Failure> {
    let mut files = args.profiles.files()?;
    let mut wanted = Vec::new();
    for path in &args.paths {
        for file in profiles::read_folder(path)? {
            wanted.push(file.path.clone());
            files.retain(|known| known.path != file.path);
            files.push(file);
        }
    }
    let (set, mut faults) = set::load(files.clone(), &[], Lint::All, parse::text::parse);
    let is_wanted = |path: &String| wanted.is_empty() || wanted.contains(path);
    let stack = Stack::read(files, &mut Vec::new());
    let mut active = stack.active();
    active.retain(|layer| is_wanted(&layer.file.path));
    let cases = args.cases.find_beside(&args.profiles, &args.paths)?;
    faults.extend(active.iter().filter_map(|layer| no_case(layer, &cases)));
    if let (true, Some(set)) = (args.run_cases, &set) {
        faults.extend(unused(&active, &cases, set));
    }
    faults.retain(|fault| is_wanted(&fault.file.path));
    fault::sort(&mut faults);
    let count = |severity| faults.iter().filter(|it| it.problem.severity() == severity).count();
    let [errors, warnings, notes] = [Severity::Error, Severity::Warning, Severity::Note].map(count);
    let mut out = std::io::stdout().lock();
    match args.format {
        LintFormat::Text => {
            profiles::show(&faults, std::io::stdout().is_terminal(), &mut out)?;
            write!(out, "{errors} errors, {warnings} warnings")?;
            writeln!(
                out,
                "{}",
                if notes > 0 { format!(", {notes} notes") } else { String::new() }
            )?;
        }
        LintFormat::Json => {
            let list: Vec<Value> = faults.iter().map(shown).collect();
            let report =
                json!({"errors": errors, "warnings": warnings, "notes": notes, "faults": list});
            writeln!(out, "{report:#}")?;
        }
    }
    Ok(if errors > 0 { BAD_PROFILE } else { u8::from(warnings > 0) })
}

/// A fault for programs. Lines and columns count from 1, columns in characters; the end is behind
/// the last one.
fn shown(fault: &Fault) -> Value {
    let ((line, column), (end_line, end_column)) = (fault.place(), fault.end());
    json!({
        "file": fault.file.path,
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
        "code": fault.problem.code(),
        "severity": fault.problem.severity().name(),
        "message": fault.problem.to_string(),
        "help": fault.problem.help(),
    })
}

/// A user's profile that says something and has no case.
fn no_case(layer: &Layer, cases: &[Case]) -> Option<Fault> {
    let says = layer.body.split.is_some()
        || layer.body.markup.is_some()
        || !layer.body.finds.is_empty()
        || layer.body.rules.values().any(|rule| rule.value.is_some());
    let has = cases.iter().any(|case| case.profile == layer.id);
    if layer.file.origin != Origin::User || !says || has {
        return None;
    }
    let beside = Path::new(&layer.file.path).with_file_name("fixtures");
    let problem =
        Problem::NoCase { id: layer.id.clone(), folder: beside.to_string_lossy().into_owned() };
    let span = 0..layer.file.text.find('\n').unwrap_or(layer.file.text.len());
    Some(Fault { problem, file: Arc::clone(&layer.file), span })
}

/// Rules that acted in none of the cases of their profile, and of those that build on it.
fn unused(active: &[&Layer], cases: &[Case], set: &ProfileSet) -> Vec<Fault> {
    let ids: BTreeSet<&str> = active.iter().map(|layer| layer.id.as_str()).collect();
    let concerns = |case: &&Case| {
        let chain = set.get(&case.profile).map(|profile| profile.chain.as_slice());
        ids.contains(case.profile.as_str())
            || chain.unwrap_or_default().iter().any(|id| ids.contains(id.as_str()))
    };
    let mut used: BTreeSet<String> = BTreeSet::new();
    let mut run: BTreeSet<String> = BTreeSet::new();
    for case in cases.iter().filter(concerns) {
        // A case that cannot be run is for `profile test` to tell.
        let Ok(outcome) = case::clean(case, set) else { continue };
        run.insert(case.profile.clone());
        run.extend(set.get(&case.profile).into_iter().flat_map(|it| it.chain.iter().cloned()));
        used.extend(outcome.trace.hits.into_iter().filter(|(_, hits)| *hits > 0).map(|(id, _)| id));
    }
    let mut faults = Vec::new();
    // Where nothing was run nothing is known.
    for layer in active.iter().filter(|layer| run.contains(&layer.id)) {
        for (key, rule) in layer.body.rules.iter().filter(|(_, rule)| rule.value.is_some()) {
            if !used.contains(&format!("{}/{key}", layer.id)) {
                let problem = Problem::UnusedRule { rule: key.to_string() };
                let file: Arc<SourceFile> = Arc::clone(&layer.file);
                faults.push(Fault { problem, file, span: rule.span.clone() });
            }
        }
    }
    faults
}
