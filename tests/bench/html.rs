//! Speed of the whole way of a page, one thread, beside a bare parse of the same page.
//!
//! The parse is `scraper::Html::parse_document` and the drop of its tree, in the same run. The
//! table at the end splits our time by stage, and gives the ratio, which must stay within
//! [`MOST`] for pages of a platform. Corpora: the pages of `fixtures/`, and the benchmark's pages
//! where they are unpacked to `target/bench/data` (or `$BENCH_DATA`).

use std::collections::BTreeMap;
use std::hint::black_box;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use copydesk::decode;
use copydesk::model::capture::{Capture, Hints};
use copydesk::parse;
use copydesk::pipeline::{self, Options, Stage};
use copydesk::profile::set::{self, Lint, ProfileSet};
use copydesk::render::{self, Format};
use criterion::{Criterion, Throughput};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How many times a bare parse the whole way may take, for pages of a platform.
const MOST: f64 = 1.25;

/// Passes over a corpus for the table; the fastest of each page counts.
const PASSES: usize = 7;

/// Stages in the order of the way.
const STAGES: [Stage; 7] = [
    Stage::Decode,
    Stage::Parse,
    Stage::Identify,
    Stage::Strip,
    Stage::Split,
    Stage::Annotate,
    Stage::Render,
];

/// A page, and whether the line classifier judges it.
struct Page {
    bytes: Vec<u8>,
    is_generic: bool,
}

/// Pages of one kind.
struct Corpus {
    name: &'static str,
    pages: Vec<Page>,
}

impl Corpus {
    fn read(name: &'static str, folder: &Path, set: &ProfileSet) -> Self {
        let entries = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter();
        let paths = entries.filter_map(Result::ok).map(walkdir::DirEntry::into_path);
        let is_page = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "html");
        let mut pages = Vec::new();
        for path in paths.filter(is_page) {
            let Ok(bytes) = std::fs::read(path) else { continue };
            let Some(capture) = decoded(&bytes) else { continue };
            let outcome = pipeline::clean(&capture, set, &Options::default(), &mut |_| {});
            let first = outcome.records.first();
            // `news` and its kin say only what to leave out; what is left the classifier judges.
            let is_generic = first.is_none_or(|record| {
                record.profile.chosen_by == "generic"
                    || record.parent_id.is_none() && record.index > 0
            });
            pages.push(Page { bytes, is_generic });
        }
        Self { name, pages }
    }

    fn bytes(&self) -> u64 {
        self.pages.iter().map(|page| page.bytes.len() as u64).sum()
    }
}

fn say(line: &str) {
    // A closed terminal is no reason to stop measuring.
    writeln!(std::io::stdout(), "{line}").unwrap_or_default();
}

fn decoded(bytes: &[u8]) -> Option<Capture> {
    let limit = decode::MAX_CAPTURE_BYTES;
    decode::decode("page.html", bytes.to_vec(), Hints::default(), limit).ok()
}

/// A bare parse of a page.
fn bare(bytes: &[u8]) -> Duration {
    let text = String::from_utf8_lossy(bytes);
    let started = Instant::now();
    drop(black_box(scraper::Html::parse_document(&text)));
    started.elapsed()
}

/// The whole way of a page, by stage.
fn whole(bytes: &[u8], set: &ProfileSet) -> [Duration; STAGES.len()] {
    let mut spent = [Duration::ZERO; STAGES.len()];
    let mut last = Instant::now();
    let mut done = |stage: Stage| {
        let now = Instant::now();
        let slot = STAGES.iter().position(|known| *known == stage);
        if let Some(slot) = slot.and_then(|at| spent.get_mut(at)) {
            *slot += now - last;
        }
        last = now;
    };
    let Some(capture) = decoded(bytes) else { return spent };
    done(Stage::Decode);
    let mut outcome = pipeline::clean(&capture, set, &Options::default(), &mut done);
    black_box(render::render(&mut outcome.records, Format::Jsonl).len());
    drop(outcome);
    drop(capture);
    done(Stage::Render);
    spent
}

/// The fastest of some passes over each page: a bare parse, and ours by stage.
fn fastest(corpus: &Corpus, set: &ProfileSet) -> Vec<(Duration, [Duration; STAGES.len()])> {
    let mut best: Vec<_> =
        corpus.pages.iter().map(|_| (Duration::MAX, [Duration::MAX; STAGES.len()])).collect();
    for _ in 0..PASSES {
        for (page, (parse, ours)) in corpus.pages.iter().zip(&mut best) {
            *parse = bare(&page.bytes).min(*parse);
            let again = whole(&page.bytes, set);
            for (best, again) in ours.iter_mut().zip(again) {
                *best = again.min(*best);
            }
        }
    }
    best
}

/// The table: milliseconds a page of each stage, and in shares of a bare parse.
fn table(corpus: &Corpus, set: &ProfileSet) {
    let best = fastest(corpus, set);
    say(&format!("\n{}: {} pages, {} bytes", corpus.name, corpus.pages.len(), corpus.bytes()));
    let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, page) in corpus.pages.iter().enumerate() {
        groups.entry("all pages").or_default().push(at);
        let group = if page.is_generic { "line classifier" } else { "platform" };
        groups.entry(group).or_default().push(at);
    }
    for (name, members) in groups {
        let rows = || members.iter().filter_map(|at| best.get(*at));
        let parse: f64 = rows().map(|(parse, _)| parse.as_secs_f64()).sum();
        let mut all = 0.0;
        let mut stages = String::new();
        for (at, stage) in STAGES.iter().enumerate() {
            let own: f64 =
                rows().filter_map(|(_, own)| own.get(at)).map(Duration::as_secs_f64).sum();
            all += own;
            stages.extend(["  ", stage.as_str(), &format!(" {:.3}", own / parse)]);
        }
        let ratio = all / parse;
        // Fixtures are cut down to their text: they have no scripts that need not be parsed.
        let judged = name == "platform" && corpus.name == "pages";
        let verdict = if judged && ratio > MOST { "  OVER THE BUDGET" } else { "" };
        #[expect(clippy::cast_precision_loss, reason = "few pages")]
        let count = members.len().max(1) as f64;
        let (parse, all) = (parse * 1e3 / count, all * 1e3 / count);
        say(&format!(
            "  {name:<16} {:>5}  parse {parse:.3} ms  ours {all:.3} ms  ratio {ratio:.3}{verdict}\n   {stages}",
            members.len()
        ));
    }
}

fn main() {
    let (set, faults) = set::load(set::built_in(), &[], Lint::Own, parse::text::parse);
    let Some(set) = set else {
        let shown: String = faults.iter().map(|fault| fault.render(false)).collect();
        return say(&shown);
    };
    let tiny = std::env::args().any(|word| word == "--test")
        || !std::env::args().any(|word| word == "--bench");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let data = std::env::var_os("BENCH_DATA")
        .map_or_else(|| root.join("target/bench/data"), PathBuf::from)
        .join("html");
    let mut corpora = vec![Corpus::read("fixtures", &root.join("fixtures"), &set)];
    if tiny || !data.is_dir() {
        say("skipped: the benchmark's pages, in target/bench/data/html; `.ci/run` unpacks them");
    } else {
        corpora.push(Corpus::read("pages", &data, &set));
    }
    let mut criterion = Criterion::default()
        .without_plots()
        .sample_size(10)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3))
        .configure_from_args();
    if let Some(fixtures) = corpora.first() {
        let mut group = criterion.benchmark_group("html");
        group.throughput(Throughput::Bytes(fixtures.bytes()));
        group.bench_function("parse", |bencher| {
            bencher.iter(|| fixtures.pages.iter().map(|page| bare(&page.bytes)).sum::<Duration>());
        });
        group.bench_function("pipeline", |bencher| {
            bencher.iter(|| {
                let spent = fixtures.pages.iter().map(|page| whole(&page.bytes, &set));
                spent.flatten().sum::<Duration>()
            });
        });
        group.finish();
    }
    criterion.final_summary();
    if !tiny {
        for corpus in &corpora {
            table(corpus, &set);
        }
    }
}
