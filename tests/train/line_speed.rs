//! Measures the line classifier: nanoseconds per line over captures, without reading and parsing.
//!
//! Takes files of flattened text, or with `-` a list of such files on standard input. Run by hand
//! after a change to `strip::generic`; the goal is under 250 ns at 60 bytes a line.

use std::io::{BufRead as _, Write as _};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use copydesk::parse::text::parse;
use copydesk::strip::generic;

/// Passes over all captures; the fastest counts.
const PASSES: usize = 25;

fn main() -> anyhow::Result<()> {
    let mut files: Vec<PathBuf> = std::env::args().skip(1).map(PathBuf::from).collect();
    if files.iter().any(|file| file.as_os_str() == "-") {
        files = std::io::stdin()
            .lock()
            .lines()
            .map(|line| Ok(line?.into()))
            .collect::<std::io::Result<_>>()?;
    }
    let mut documents = Vec::new();
    for file in files {
        documents.push(parse(&String::from_utf8_lossy(&std::fs::read(file)?)));
    }
    let lines: usize = documents.iter().map(|document| document.blocks.len()).sum();
    let bytes: usize = documents.iter().map(|document| document.text.len()).sum();
    let mut best = Duration::MAX;
    let mut kept = 0;
    for _ in 0..PASSES {
        let start = Instant::now();
        kept = 0;
        for document in &documents {
            let verdict = generic::classify(document, &|_| true);
            kept += (0..document.blocks.len()).filter(|index| verdict.is_kept(*index)).count();
        }
        best = best.min(start.elapsed());
    }
    let per_line = best.as_nanos() / u128::try_from(lines.max(1))?;
    writeln!(
        std::io::stdout(),
        "{} captures, {lines} lines of {} bytes, {kept} kept: {best:?}, {per_line} ns a line",
        documents.len(),
        bytes / lines.max(1)
    )?;
    Ok(())
}
