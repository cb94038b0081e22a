//! The five captures that the project began with, scored line by line by `../shared/gold/score.py`.
//!
//! They are not part of the repository: without `../shared` or Python this says so and passes.

use std::path::PathBuf;
use std::process::Command;

use super::program::{Sandbox, answer, root, say};

/// The profiles of the sites that the captures come from.
const SITES: [&str; 4] = ["channelstv", "world-defense", "ccun", "dinarvets"];

/// The folder beside the repository, or why there is nothing to score.
fn shared() -> Result<PathBuf, &'static str> {
    let shared = root().join("../shared");
    if !shared.join("gold/score.py").is_file() || !shared.join("seeds").is_dir() {
        return Err("there is no ../shared/gold and ../shared/seeds");
    }
    match Command::new("python3").arg("--version").output() {
        Ok(output) if output.status.success() => Ok(shared),
        _ => Err("there is no python3"),
    }
}

/// Cleans the captures and scores those whose names begin so.
#[track_caller]
fn score(options: &[&str], runs: &[(&[&str], &[&str])]) {
    let shared = match shared() {
        Ok(shared) => shared,
        Err(reason) => return say(&format!("skipped: gold: {reason}")),
    };
    let sandbox = Sandbox::new();
    let seeds = shared.join("seeds");
    let words = [&["clean", seeds.to_str().unwrap(), "--out", "out"], options].concat();
    sandbox.run(&words).exits(0);
    for (floors, stems) in runs {
        let mut command = Command::new("python3");
        command.arg(shared.join("gold/score.py")).arg("--verbose").args(*floors);
        for name in sandbox.files("out") {
            if stems.iter().any(|stem| name.starts_with(stem)) {
                command.arg(sandbox.path("out").join(name));
            }
        }
        let scored = answer(command, b"");
        assert_eq!(scored.code, 0, "{floors:?}\n{}{}", scored.out, scored.err);
    }
}

#[test]
fn with_all_profiles() {
    let floors = [
        "--min-f1",
        "0.995",
        "--min-seg",
        "1",
        "--max-leak",
        "0",
        "--min-fields",
        "0.97",
        "--min-set-fields",
        "0.92",
        "--min-dups",
        "2",
    ];
    score(&[], &[(&floors, &["000", "001", "002", "003", "004"])]);
}

#[test]
fn without_the_profiles_of_the_sites() {
    let off: Vec<&str> = SITES.iter().flat_map(|id| ["--without-profile", id]).collect();
    let threads = ["--max-leak", "3", "--min-seg", "0.9"];
    let streams = ["--min-f1", "0.985", "--min-seg", "0.85"];
    score(&off, &[(&threads, &["002", "004"]), (&streams, &["000", "001"])]);
}
