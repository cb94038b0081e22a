//! Pages that were made to hurt end in records, say which limit they met, and lose no word.
//!
//! A limit has a page just under it and one just over. Sizes are those of `SLOW_TESTS=1`; without,
//! they are small enough for a build without optimisation. What each page costs is printed by the
//! example `hostile`.

#[path = "../hostile/cases.rs"]
mod cases;

use std::collections::BTreeSet;
use std::sync::mpsc;
use std::time::Duration;

use cases::{CASES, Case, WORD};
use copydesk::decode;
use copydesk::model::capture::Hints;
use copydesk::model::ledger::Fate;
use copydesk::pipeline::{self, Options, Outcome};

use super::props::profiles;

/// The stack that a case gets, in bytes: what threads have by default.
const STACK: usize = 2 << 20;

/// Far more than any case needs: a case that takes longer does not end.
const WATCHDOG: Duration = Duration::from_mins(2);

/// Cleans a page on a thread of its own.
fn clean(case: &'static Case, markup: String) -> Outcome {
    let (sender, receiver) = mpsc::channel();
    let work = move || {
        let limit = decode::MAX_CAPTURE_BYTES;
        let capture =
            decode::decode("page.html", markup.into_bytes(), Hints::default(), limit).unwrap();
        let profile = case.profile.map(str::to_owned);
        let options = Options { profile, ..Options::default() };
        let outcome = pipeline::clean(&capture, profiles(), &options, &mut |_| {});
        sender.send(outcome).unwrap();
    };
    std::thread::Builder::new().stack_size(STACK).spawn(work).unwrap();
    receiver.recv_timeout(WATCHDOG).unwrap_or_else(|error| panic!("{}: {error}", case.name))
}

/// What is wrong with how a case ended.
fn faults(case: &'static Case, slow: bool) -> Vec<String> {
    let size = if slow { case.full } else { case.small };
    let limits = case.limits[usize::from(!slow)];
    let markup = (case.build)(size);
    let (bytes, wanted) = (markup.len(), markup.matches(WORD).count());
    let outcome = clean(case, markup);
    let document = &outcome.trace.document;
    let mut faults = Vec::new();
    let found = document.text.matches(WORD).count();
    if found != wanted {
        faults.push(format!("{found} of {wanted} words are in blocks"));
    }
    if outcome.records.is_empty() {
        faults.push("no record".to_owned());
    }
    let fates = outcome.trace.ledger.fates();
    if fates.len() != document.blocks.len() || fates.contains(&Fate::Open) {
        faults.push("a block has no fate".to_owned());
    }
    let warnings = outcome.records.iter().flat_map(|record| &record.warnings);
    let met: BTreeSet<&str> = warnings
        .filter_map(|warning| warning.split(':').next())
        .filter(|code| code.starts_with("html_") || *code == "selectors_too_costly")
        .collect();
    if met != limits.iter().copied().collect() {
        faults.push(format!("meets {met:?} and not {limits:?}"));
    }
    // No limit lets a page become more than this; most of it is one block for a few bytes.
    let held = document.text.len() + document.blocks.len();
    if held > 2 * bytes + 100_000 {
        faults.push(format!("{bytes} bytes became {held}"));
    }
    faults.into_iter().map(|fault| format!("{} {size}: {fault}", case.name)).collect()
}

#[test]
fn hostile_pages_end_in_records_and_lose_no_word() {
    let slow = std::env::var_os("SLOW_TESTS").is_some_and(|value| value == "1");
    let found: Vec<String> = CASES.iter().flat_map(|case| faults(case, slow)).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn cases_have_names_of_their_own() {
    let names: BTreeSet<&str> = CASES.iter().map(|case| case.name).collect();
    assert_eq!(names.len(), CASES.len());
}
