//! How fast a browser opens previews: `cargo run --release --example preview-speed -- CAPTURE…`.
//!
//! Prints for each capture its size, that of its preview, the time to make it, and from the
//! browser's own clock the times from the start of the navigation to the first paint, to the end of
//! the page's script (from then on it answers keys) and to the end of loading: the median of
//! [`RUNS`] runs. With `--shots DIR` it takes pictures too.

#[path = "../it/browser.rs"]
#[allow(
    dead_code,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "shared with the tests: a browser that does not answer ends the run"
)]
mod browser;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use browser::Browser;
use copydesk::decode;
use copydesk::model::capture::Hints;
use copydesk::parse;
use copydesk::pipeline::{self, Options};
use copydesk::profile::set::{self, Lint, ProfileSet};
use copydesk::tool::preview;

/// How often each page is opened.
const RUNS: usize = 5;

fn main() -> anyhow::Result<()> {
    let mut captures: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let mut shots = None;
    if captures.first().is_some_and(|first| first == Path::new("--shots")) {
        shots = captures.get(1).cloned();
        captures.drain(..2);
    }
    let program = browser::installed().context("Chromium is not installed")?;
    let (set, _) = set::load(set::built_in(), &[], Lint::Own, parse::text::parse);
    let set = set.context("built-in profiles have faults")?;
    let folder = tempfile::tempdir()?;
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "{:<28} {:>9} {:>7} {:>9} {:>8} {:>8} {:>8} {:>8}",
        "capture", "bytes", "blocks", "preview", "make ms", "paint ms", "ready ms", "load ms"
    )?;
    for capture in &captures {
        let name = capture.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let path = folder.path().join(format!("{name}.preview.html"));
        let (made, bytes, blocks) = make(capture, &path, &set)?;
        let size = std::fs::metadata(&path)?.len();
        let mut times: Vec<[f64; 3]> = Vec::new();
        for run in 0..RUNS {
            let mut browser = Browser::start(&program);
            browser.open(&path);
            // A paint is noted a little after it was made.
            std::thread::sleep(Duration::from_millis(200));
            let seen = browser.evaluate(
                "(() => { const n = performance.getEntriesByType('navigation')[0]; \
                 const p = performance.getEntriesByName('first-contentful-paint')[0]; \
                 return [p ? p.startTime : -1, n.domInteractive, n.loadEventEnd]; })()",
            );
            let at = |index: usize| seen.get(index).and_then(serde_json::Value::as_f64);
            times.push([0, 1, 2].map(|index| at(index).unwrap_or(-1.0)));
            if let (0, Some(folder)) = (run, &shots) {
                for (is_dark, word) in [(false, "light"), (true, "dark")] {
                    browser.dark(is_dark);
                    browser.screenshot(&folder.join(format!("{name}.{word}.png")));
                }
            }
        }
        let median = |column: usize| {
            let mut all: Vec<f64> =
                times.iter().filter_map(|row| row.get(column)).copied().collect();
            all.sort_by(f64::total_cmp);
            all.get(all.len() / 2).copied().unwrap_or(-1.0)
        };
        writeln!(
            out,
            "{name:<28} {bytes:>9} {blocks:>7} {size:>9} {:>8} {:>8.0} {:>8.0} {:>8.0}",
            made.as_millis(),
            median(0),
            median(1),
            median(2)
        )?;
        out.flush()?;
    }
    Ok(())
}

/// Writes the preview of a capture. Gives the time that took, and the capture's bytes and blocks.
fn make(capture: &Path, path: &Path, set: &ProfileSet) -> anyhow::Result<(Duration, u64, usize)> {
    let bytes = std::fs::read(capture).with_context(|| capture.display().to_string())?;
    let name = capture.file_name().unwrap_or_default().to_string_lossy();
    let begun = Instant::now();
    let capture = decode::decode(&name, bytes, Hints::default(), decode::MAX_CAPTURE_BYTES)?;
    let options = Options { explain: true, ..Options::default() };
    let outcome = pipeline::clean_outlined(&capture, set, &options);
    let page = preview::page(&capture, &outcome, set);
    let made = begun.elapsed();
    std::fs::write(path, page)?;
    Ok((made, capture.bytes, outcome.trace.document.blocks.len()))
}
