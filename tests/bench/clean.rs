//! Speed of the whole pipeline on flattened text, one core: bytes in, JSON Lines out.
//!
//! Beside it in the same run: UTF-8 validation, which nothing can be faster than, and the line
//! filter of C4 in Python (`c4.py`), which we must be twice as fast as. Corpora: all captures of
//! `fixtures/`, and the benchmark's flattened pages where they are unpacked to
//! `target/bench/data` (or `$BENCH_DATA`).

use std::hint::black_box;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use copydesk::decode;
use copydesk::model::capture::Hints;
use copydesk::parse;
use copydesk::pipeline::{self, Options};
use copydesk::profile::set::{self, Lint, ProfileSet};
use copydesk::render::{self, Format};
use criterion::{Criterion, Throughput};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How many times as fast as the filter of C4 the pipeline must be.
const TIMES_C4: f64 = 2.0;

/// Passes over a corpus for the table; the fastest counts, as in `c4.py`.
const PASSES: u32 = 10;

/// What takes longer for one pass is measured by the table alone, which ends after this time.
const PATIENCE: Duration = Duration::from_secs(2);

/// Captures of one kind.
struct Corpus {
    name: &'static str,
    files: Vec<PathBuf>,
    captures: Vec<Vec<u8>>,
}

impl Corpus {
    fn read(name: &'static str, mut files: Vec<PathBuf>) -> Self {
        files.sort();
        let read = |path: &PathBuf| std::fs::read(path).unwrap_or_default();
        let captures = files.iter().map(read).collect();
        Self { name, files, captures }
    }

    fn bytes(&self) -> u64 {
        self.captures.iter().map(|bytes| bytes.len() as u64).sum()
    }
}

fn files(folder: &Path, wanted: impl Fn(&str) -> bool) -> Vec<PathBuf> {
    let entries = walkdir::WalkDir::new(folder).into_iter().filter_map(Result::ok);
    let entries = entries.filter(|entry| entry.file_type().is_file());
    let paths = entries.map(walkdir::DirEntry::into_path);
    paths.filter(|path| path.file_name().is_some_and(|n| wanted(&n.to_string_lossy()))).collect()
}

fn corpora() -> Vec<Corpus> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let data = std::env::var_os("BENCH_DATA")
        .map_or_else(|| root.join("target/bench/data"), PathBuf::from)
        .join("text/full");
    let fixtures = files(&root.join("fixtures"), |name| name == "capture.txt");
    let mut corpora = vec![Corpus::read("fixtures", fixtures)];
    let pages = files(&data, |name| !name.starts_with('.'));
    if pages.is_empty() {
        say("skipped: no flattened pages in target/bench/data/text/full; `.ci/run` unpacks them");
    } else {
        corpora.push(Corpus::read("pages", pages));
    }
    corpora
}

fn say(line: &str) {
    // A closed terminal is no reason to stop measuring.
    writeln!(std::io::stdout(), "{line}").unwrap_or_default();
}

/// Decodes, cleans and renders one capture.
fn clean(bytes: &[u8], set: &ProfileSet, sign: bool) -> usize {
    let options = Options { sign, ..Options::default() };
    let limit = decode::MAX_CAPTURE_BYTES;
    match decode::decode("page.txt", bytes.to_vec(), Hints::default(), limit) {
        Ok(capture) => {
            let outcome = pipeline::clean(&capture, set, &options, &mut |_| {});
            black_box(&outcome.signatures);
            render::render(&outcome.records, Format::Jsonl).len()
        }
        // A page that says it is HTML is refused; that is part of the work.
        Err(_) => 0,
    }
}

type Job<'a> = (&'static str, Box<dyn Fn(&[u8]) -> usize + 'a>);

/// What is measured. `clean PATH` signs every record, the stream does not.
fn jobs(set: &ProfileSet) -> Vec<Job<'_>> {
    vec![
        ("utf8", Box::new(|bytes: &[u8]| std::str::from_utf8(bytes).map_or(0, str::len))),
        ("pipeline", Box::new(|bytes: &[u8]| clean(bytes, set, true))),
        ("pipeline, unsigned", Box::new(|bytes: &[u8]| clean(bytes, set, false))),
    ]
}

/// Time of one pass over a corpus.
fn pass(corpus: &Corpus, job: &dyn Fn(&[u8]) -> usize) -> Duration {
    let started = Instant::now();
    for bytes in &corpus.captures {
        black_box(job(black_box(bytes)));
    }
    started.elapsed()
}

/// MB/s of the fastest of some passes.
fn speed(corpus: &Corpus, job: &dyn Fn(&[u8]) -> usize) -> f64 {
    let started = Instant::now();
    let mut fastest = pass(corpus, job);
    for _ in 1..PASSES {
        if started.elapsed() < 5 * PATIENCE {
            fastest = fastest.min(pass(corpus, job));
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "a corpus is far below 2^52 bytes")]
    let bytes = corpus.bytes() as f64;
    bytes / fastest.as_secs_f64() / 1e6
}

/// MB/s of the filters in Python: `c4` of `c4.py`, and `text-c4` of the benchmark where it is.
fn filters(corpus: &Corpus) -> Result<serde_json::Map<String, serde_json::Value>, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut python = Command::new("python3");
    python.arg(root.join("tests/bench/c4.py")).arg("--list");
    let peers = root.join("../shared/bench/peers/python_peers.py");
    if peers.is_file() {
        python.arg("--peers").arg(peers);
    } else {
        say("skipped: text-c4 of the benchmark: there is no ../shared/bench");
    }
    python.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = python.spawn().map_err(|error| format!("python3: {error}"))?;
    let names: Vec<String> = corpus.files.iter().map(|path| path.display().to_string()).collect();
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(names.join("\n").as_bytes()).map_err(|error| error.to_string())?;
    }
    let output = child.wait_with_output().map_err(|error| error.to_string())?;
    serde_json::from_slice(&output.stdout).map_err(|error| format!("c4.py: {error}"))
}

/// The table: MB/s of each, and how many times as fast as the filter.
fn table(corpus: &Corpus, jobs: &[Job<'_>]) {
    say(&format!("\n{}: {} captures, {} bytes", corpus.name, corpus.files.len(), corpus.bytes()));
    let ours: Vec<(&str, f64)> =
        jobs.iter().map(|(name, job)| (*name, speed(corpus, job.as_ref()))).collect();
    for (name, speed) in &ours {
        say(&format!("  {name:<20} {speed:>9.1} MB/s"));
    }
    let filters = match filters(corpus) {
        Ok(filters) => filters,
        Err(error) => {
            return say(&format!("  SKIPPED: NO COMPARISON WITH THE FILTER OF C4: {error}"));
        }
    };
    // The benchmark's own filter decides where it is at hand.
    let measure = if filters.contains_key("text-c4") { "text-c4" } else { "c4" };
    for (name, speed) in &filters {
        let Some(speed) = speed.as_f64() else { continue };
        say(&format!("  {:<20} {speed:>9.1} MB/s", format!("{name} (Python)")));
        for (ours, our_speed) in ours.iter().filter(|(ours, _)| ours.starts_with("pipeline")) {
            let times = our_speed / speed;
            let short = name == measure && times < TIMES_C4;
            let verdict = if short { format!("  SHORT OF {TIMES_C4}") } else { String::new() };
            say(&format!("  {ours} is {times:.2} times as fast as {name}{verdict}"));
        }
    }
}

fn main() {
    let (set, faults) = set::load(set::built_in(), &[], Lint::Own, parse::text::parse);
    let Some(set) = set else {
        let shown: String = faults.iter().map(|fault| fault.render(false)).collect();
        return say(&shown);
    };
    // `cargo test --benches` and `cargo bench -- --test` run each job once.
    let tiny = std::env::args().any(|word| word == "--test")
        || !std::env::args().any(|word| word == "--bench");
    let mut criterion = Criterion::default()
        .without_plots()
        .sample_size(10)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3))
        .configure_from_args();
    let corpora = corpora();
    let jobs = jobs(&set);
    for corpus in &corpora {
        let mut group = criterion.benchmark_group(corpus.name);
        group.throughput(Throughput::Bytes(corpus.bytes()));
        for (name, job) in &jobs {
            // The first pass compiles patterns; a long second one is said, not waited for ten times.
            if !tiny && pass(corpus, job.as_ref()).min(pass(corpus, job.as_ref())) > PATIENCE {
                say(&format!(
                    "{}/{name} takes over {PATIENCE:?} a pass: see the table",
                    corpus.name
                ));
                continue;
            }
            group.bench_function(*name, |bencher| {
                bencher.iter(|| corpus.captures.iter().map(|bytes| job(bytes)).sum::<usize>());
            });
        }
        group.finish();
    }
    criterion.final_summary();
    if !tiny {
        for corpus in &corpora {
            table(corpus, &jobs);
        }
    }
}
