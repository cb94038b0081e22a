//! What each hostile page costs: time and memory of the whole pipeline, a process for each.
//!
//! `cargo run --release --example hostile [NAME…]` prints the table. A case that takes more than
//! [`SLOW_PER_10_MB`] or [`MOST_MEMORY`] is marked.

#[path = "../hostile/cases.rs"]
#[allow(dead_code, reason = "the sizes of debug builds are the test's")]
mod cases;

use std::io::{Read as _, Write as _};
use std::process::{Command, Stdio};

use anyhow::Context as _;
use cases::{CASES, Case};
use copydesk::decode;
use copydesk::model::capture::Hints;
use copydesk::parse;
use copydesk::pipeline::{self, Options};
use copydesk::profile::set::{self, Lint};
use copydesk::render::{self, Format};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Milliseconds that ten megabytes may take; smaller pages may take as long.
const SLOW_PER_10_MB: f64 = 500.0;

/// Memory that a page may take, in times its size, beyond [`SPARE_MEMORY`].
const MOST_MEMORY: f64 = 40.0;

/// Megabytes that any page may take: the limits on nodes let a small page take as much.
const SPARE_MEMORY: f64 = 48.0;

/// The stack of the thread that cleans, in bytes: what threads have by default.
const STACK: usize = 2 << 20;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [child, name, length] = arguments.as_slice()
        && child == "--child"
    {
        let case = CASES.iter().find(|case| case.name == name).context("no such case")?;
        return measure(case, length.parse()?);
    }
    let mut out = std::io::stdout();
    writeln!(
        out,
        "{:<18} {:>9} {:>9} {:>9} {:>8}  {:>7}  warnings",
        "case", "MB in", "ms", "MB peak", "x input", "records"
    )?;
    for case in CASES {
        if !arguments.is_empty() && !arguments.iter().any(|name| case.name == name) {
            continue;
        }
        let page = (case.build)(case.full);
        let mut child = Command::new(std::env::current_exe()?)
            .args(["--child", case.name, &page.len().to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::inherit())
            .spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            // A child that has crashed says so by its status.
            stdin.write_all(page.as_bytes()).unwrap_or_default();
        }
        let status = child.wait()?;
        if !status.success() {
            writeln!(out, "{:<18} FAILED {status}", case.name)?;
        }
    }
    Ok(())
}

/// Cleans the page on standard input, and prints its line of the table.
fn measure(case: &'static Case, length: usize) -> anyhow::Result<()> {
    let (set, _) = set::load(set::built_in(), &[], Lint::Own, parse::text::parse);
    let set = set.context("the built-in profiles have faults")?;
    let mut page = Vec::with_capacity(length + 1);
    std::io::stdin().read_to_end(&mut page)?;
    let before = memory("VmRSS:");
    let work = move || {
        let started = processor_time();
        let limit = decode::MAX_CAPTURE_BYTES;
        let capture = decode::decode("page.html", page, Hints::default(), limit)?;
        let profile = case.profile.map(str::to_owned);
        let options = Options { profile, ..Options::default() };
        let mut outcome = pipeline::clean(&capture, &set, &options, &mut |_| {});
        let rendered = render::render(&mut outcome.records, Format::Jsonl).len();
        let milliseconds = processor_time() - started;
        let mut warnings: Vec<String> =
            outcome.records.iter().flat_map(|record| record.warnings.clone()).collect();
        warnings.truncate(4);
        anyhow::Ok((milliseconds, outcome.records.len(), warnings, rendered))
    };
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(work)?;
    let done = thread.join().map_err(|_| anyhow::anyhow!("{} panicked", case.name))?;
    let (milliseconds, records, warnings, _) = done?;
    let peak = memory("VmHWM:") - before;
    #[expect(clippy::cast_precision_loss, reason = "a page is far below 2^52 bytes")]
    let megabytes = length as f64 / 1e6;
    let slow = milliseconds > SLOW_PER_10_MB * (megabytes / 10.0).max(1.0);
    let large = peak > MOST_MEMORY * megabytes + SPARE_MEMORY;
    writeln!(
        std::io::stdout(),
        "{:<18} {megabytes:>9.2} {milliseconds:>9.1} {peak:>9.1} {:>8.1}  {records:>7}  {}{}{}",
        case.name,
        peak / megabytes,
        if slow { "SLOW " } else { "" },
        if large { "LARGE " } else { "" },
        warnings.join(" | ").chars().take(100).collect::<String>(),
    )?;
    Ok(())
}

/// Milliseconds that this thread has run; 0 where the system does not say.
fn processor_time() -> f64 {
    let status = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = status.split(' ').next().and_then(|word| word.parse::<f64>().ok());
    nanoseconds.unwrap_or_default() / 1e6
}

/// A line of the process's status, in megabytes; 0 where the system has none.
fn memory(key: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(key));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
    kilobytes.unwrap_or_default() / 1_000.0
}
