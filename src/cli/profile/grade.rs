//! `import-ftr --grade`: on how many captures the body of an imported profile is still there.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::{Failure, explain, inputs, profiles};
use crate::config::profiles::{Sources, own_folder};
use crate::pipeline::{self, Options};

/// Warnings of a capture whose profile gave way to the generic one.
const MISSES: [&str; 4] = ["no_body", "no_posts", "no_html_side", "guard_tripped"];

/// Cleans captures and prints a line for each profile of the folder that was chosen.
pub(super) fn print(
    folder: &Path,
    captures: &[PathBuf],
    out: &mut impl Write,
) -> Result<(), Failure> {
    let is_own = own_folder().is_some_and(|own| folder.starts_with(own));
    let folders = if is_own { Vec::new() } else { vec![folder.to_owned()] };
    let set = Sources { folders, without: Vec::new() }.load().map_err(profiles::failure)?;
    let mut grades: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut others = 0;
    for input in inputs::collect(captures)?.0 {
        // A capture that cannot be read grades nobody.
        let Ok(capture) = explain::read(&input.path) else {
            others += 1;
            continue;
        };
        let outcome = pipeline::clean(&capture, &set, &Options::default(), &mut |_| {});
        let Some(record) = outcome.records.first() else { continue };
        let profile = set.get(&record.profile.id);
        if !profile.is_some_and(|profile| Path::new(&profile.path).starts_with(folder)) {
            others += 1;
            continue;
        }
        let is_miss = |warning: &String| MISSES.iter().any(|code| warning.starts_with(code));
        let missed = record.warnings.iter().any(is_miss);
        let grade = grades.entry(record.profile.id.clone()).or_default();
        if missed { grade.1 += 1 } else { grade.0 += 1 }
    }
    writeln!(out, "{:>6} {:>6}  profile", "hit", "missed")?;
    for (id, (hit, missed)) in &grades {
        writeln!(out, "{hit:>6} {missed:>6}  {id}")?;
    }
    let total = |of: fn(&(usize, usize)) -> usize| grades.values().map(of).sum::<usize>();
    writeln!(
        out,
        "{:>6} {:>6}  all; {others} captures went to other profiles",
        total(|grade| grade.0),
        total(|grade| grade.1)
    )?;
    Ok(())
}
