//! Speed of the whole pipeline on flattened text, one core: bytes in, JSON Lines out.
//!
//! Beside it in the same run: UTF-8 validation, which nothing can be faster than, and the line
//! filter of C4 in Python (`c4.py`), which we must be twice as fast as. Both sides take turns, pass
//! by pass, and of both the fastest pass over each capture counts. Corpora: all captures of
//! `fixtures/`, and the benchmark's flattened pages where they are unpacked to
//! `target/bench/data` (or `$BENCH_DATA`).

use std::collections::BTreeMap;
use std::hint::black_box;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
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

/// Passes over a corpus for the table, on each side.
const PASSES: u32 = 12;

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
            let mut outcome = pipeline::clean(&capture, set, &options, &mut |_| {});
            black_box(&outcome.signatures);
            render::render(&mut outcome.records, Format::Jsonl).len()
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

/// The fastest pass over each capture so far, in microseconds.
type Fastest = Vec<f64>;

/// Takes over what was faster in one more pass.
fn note(fastest: &mut Fastest, spent: impl Iterator<Item = f64>) {
    if fastest.is_empty() {
        fastest.extend(spent);
    } else {
        fastest.iter_mut().zip(spent).for_each(|(best, time)| *best = best.min(time));
    }
}

/// MB/s.
fn speed(corpus: &Corpus, fastest: &Fastest) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a corpus is far below 2^52 bytes")]
    let bytes = corpus.bytes() as f64;
    bytes / fastest.iter().sum::<f64>()
}

/// The filters in Python, waiting for the next pass: `c4` of `c4.py`, and `text-c4` of the
/// benchmark where it is.
struct Filters {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Filters {
    fn start(corpus: &Corpus) -> Result<Self, String> {
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
        let pipes = child.stdin.take().zip(child.stdout.take());
        let (mut input, output) = pipes.ok_or("python3: no pipes")?;
        for path in &corpus.files {
            writeln!(input, "{}", path.display()).map_err(|error| error.to_string())?;
        }
        writeln!(input).map_err(|error| error.to_string())?;
        Ok(Self { child, input, output: BufReader::new(output) })
    }

    /// One pass: the microseconds of each filter for each capture.
    fn pass(&mut self) -> Result<BTreeMap<String, Vec<f64>>, String> {
        let mut answer = String::new();
        writeln!(self.input, "pass").map_err(|error| error.to_string())?;
        self.output.read_line(&mut answer).map_err(|error| error.to_string())?;
        serde_json::from_str(&answer).map_err(|error| format!("c4.py: {error}"))
    }

    fn stop(mut self) {
        drop(self.input);
        // A child that has crashed was noticed by its last answer.
        self.child.wait().map(drop).unwrap_or_default();
    }
}

/// The table: MB/s of each, and how many times as fast as the filter.
fn table(corpus: &Corpus, jobs: &[Job<'_>]) {
    say(&format!("\n{}: {} captures, {} bytes", corpus.name, corpus.files.len(), corpus.bytes()));
    let mut filters = Filters::start(corpus);
    let mut ours = vec![Fastest::new(); jobs.len()];
    let mut theirs: BTreeMap<String, Fastest> = BTreeMap::new();
    let started = Instant::now();
    for number in 0..PASSES {
        if number > 0 && started.elapsed() > 10 * PATIENCE {
            break;
        }
        for (fastest, (_, job)) in ours.iter_mut().zip(jobs) {
            let spent = corpus.captures.iter().map(|bytes| {
                let started = Instant::now();
                black_box(job(black_box(bytes)));
                started.elapsed().as_secs_f64() * 1e6
            });
            note(fastest, spent);
        }
        match filters.as_mut().map_err(|error| error.clone()).and_then(Filters::pass) {
            Ok(pass) => {
                for (name, spent) in pass {
                    note(theirs.entry(name).or_default(), spent.into_iter());
                }
            }
            Err(error) => filters = Err(error),
        }
    }
    let ours = jobs.iter().zip(&ours).map(|((name, _), fastest)| (*name, speed(corpus, fastest)));
    let ours: Vec<(&str, f64)> = ours.collect();
    for (name, speed) in &ours {
        say(&format!("  {name:<20} {speed:>9.1} MB/s"));
    }
    match filters {
        Ok(filters) => filters.stop(),
        Err(error) => {
            return say(&format!("  SKIPPED: NO COMPARISON WITH THE FILTER OF C4: {error}"));
        }
    }
    // The benchmark's own filter decides where it is at hand.
    let measure = if theirs.contains_key("text-c4") { "text-c4" } else { "c4" };
    for (name, fastest) in &theirs {
        let speed = speed(corpus, fastest);
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
