//! Properties of the whole pipeline on arbitrary input: nothing panics, and nothing is lost.
//!
//! Seeds are fixed; `SLOW_TESTS=1` runs sixteen times as many cases.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use copydesk::decode;
use copydesk::model::capture::{Capture, Hints};
use copydesk::model::ledger::Fate;
use copydesk::model::piece::Field;
use copydesk::parse;
use copydesk::pipeline::{self, Options, Outcome};
use copydesk::profile::set::{self, Lint, ProfileSet};
use copydesk::tool::{case, explain};
use proptest::prelude::*;
use proptest::test_runner::{FileFailurePersistence, RngSeed};
use unicode_normalization::UnicodeNormalization as _;

use super::program::root;

/// The built-in profiles, compiled once.
pub(crate) fn profiles() -> &'static ProfileSet {
    static SET: OnceLock<ProfileSet> = OnceLock::new();
    SET.get_or_init(|| set::load(set::built_in(), &[], Lint::Own, parse::text::parse).0.unwrap())
}

/// A fixed seed, and no file of failures: a failing case is copied into a test of its own.
pub(crate) fn config(seed: u64) -> ProptestConfig {
    let slow = std::env::var_os("SLOW_TESTS").is_some_and(|value| value == "1");
    ProptestConfig {
        cases: if slow { 4_096 } else { 256 },
        rng_seed: RngSeed::Fixed(seed),
        failure_persistence: Some(Box::new(FileFailurePersistence::Off)),
        ..ProptestConfig::default()
    }
}

fn clean(capture: &Capture, profile: Option<&str>) -> Outcome {
    let options = Options {
        profile: profile.map(str::to_owned),
        explain: true,
        sign: true,
        ..Options::default()
    };
    pipeline::clean(capture, profiles(), &options, &mut |_| {})
}

fn capture(bytes: Vec<u8>) -> Option<Capture> {
    decode::decode("page.txt", bytes, Hints::default(), decode::MAX_CAPTURE_BYTES).ok()
}

/// White space as patterns see it, marks of width zero at a line's ends among it.
fn is_space(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '\u{200b}' | '\u{feff}' | '\u{2060}')
}

/// The lines of a capture that are not blank, with their numbers.
fn lines(text: &str) -> Vec<(u64, &str)> {
    let feed = if text.contains('\n') { '\n' } else { '\r' };
    let lines =
        (1..).zip(text.split(feed)).map(|(number, line)| (number, line.trim_matches(is_space)));
    lines.filter(|(_, line)| !line.is_empty()).collect()
}

/// Ids that a removal can name: rules, fields and splits of all profiles.
fn rule_ids() -> &'static BTreeSet<String> {
    static IDS: OnceLock<BTreeSet<String>> = OnceLock::new();
    IDS.get_or_init(|| {
        let mut ids = BTreeSet::from(["generic-text/split".to_owned()]);
        for profile in profiles().profiles() {
            let layouts = profile.variants().iter().map(|(_, _, rules)| rules);
            for rules in std::iter::once(profile.rules()).chain(layouts) {
                ids.extend(rules.list.iter().map(|rule| rule.id.to_string()));
                ids.extend(rules.finds.iter().map(|find| find.id.to_string()));
                ids.extend(rules.split.iter().map(|split| split.id.to_string()));
            }
        }
        ids
    })
}

/// Whether a rule of some profile has this id, or an id that this one says more about:
/// `x/split.thread.outside`.
fn is_rule(id: &str) -> bool {
    let mut rest = Some(id);
    std::iter::from_fn(|| {
        let known = rest?;
        rest = known.rsplit_once('.').map(|(above, _)| above);
        Some(known)
    })
    .any(|known| rule_ids().contains(known))
}

/// Conservation (DESIGN §2.3): every line that is not blank has exactly one fate; what is kept
/// stands in the record of its piece, once and in order; what is not names a rule.
fn conserved(capture: &Capture, outcome: &Outcome) -> Result<(), String> {
    let trace = &outcome.trace;
    let wanted = lines(&capture.text);
    let numbers: Vec<u64> = wanted.iter().map(|(number, _)| *number).collect();
    let fates = explain::lines(trace);
    let found: Vec<u64> = fates.iter().filter_map(|line| line["line"].as_u64()).collect();
    if found != numbers {
        return Err(format!("lines {numbers:?}, but fates of {found:?}"));
    }
    let blocks = &trace.document.blocks;
    let seen: Vec<&str> =
        (0..blocks.len()).flat_map(|index| trace.document.block_text(index).split(' ')).collect();
    let normal: Vec<String> = wanted.iter().map(|(_, line)| line.nfc().collect()).collect();
    let words: Vec<&str> = normal.iter().flat_map(|line| line.split_whitespace()).collect();
    if seen != words {
        return Err(format!("words {words:?}, but blocks of {seen:?}"));
    }
    if trace.ledger.fates().len() != blocks.len() {
        return Err("a fate for each block".to_owned());
    }
    let mut kept: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
    for (index, fate) in trace.ledger.fates().iter().enumerate() {
        let text = trace.document.block_text(index);
        match fate {
            Fate::Open => return Err(format!("open: {text:?}")),
            Fate::Kept(piece) => kept.entry(*piece).or_default().push(text),
            Fate::Field(field, rule) if Field::named(field).is_none() || !is_rule(rule) => {
                return Err(format!("{text:?} is in field {field} by {rule}"));
            }
            Fate::Removed(rule) if !is_rule(rule) => {
                return Err(format!("{text:?} is removed by {rule}"));
            }
            Fate::Field(..) | Fate::Removed(_) => {}
        }
    }
    for record in &outcome.records {
        let lines: Vec<&str> = record.text.split('\n').filter(|line| !line.is_empty()).collect();
        let blocks = kept.remove(&record.index).unwrap_or_default();
        if lines != blocks {
            return Err(format!("record {} has {lines:?}, kept is {blocks:?}", record.index));
        }
    }
    if kept.is_empty() { Ok(()) } else { Err(format!("kept in no record: {kept:?}")) }
}

/// Ids of the built-in profiles, and the choice by the capture itself.
fn any_profile() -> impl Strategy<Value = Option<&'static str>> {
    let ids = profiles().profiles().iter().map(|profile| Some(profile.id.as_str()));
    prop::sample::select([None, None].into_iter().chain(ids).collect::<Vec<_>>())
}

/// What rules remove: the samples of all of them, whole and line by line.
fn furniture() -> impl Strategy<Value = String> {
    let mut samples = BTreeSet::new();
    for profile in profiles().profiles() {
        for sample in profile.rules().list.iter().flat_map(|rule| &rule.sample) {
            samples.insert(sample.clone());
            samples.extend(sample.split('\n').map(str::to_owned));
        }
    }
    prop::sample::select(samples.into_iter().collect::<Vec<_>>())
}

/// One or more lines of a capture.
fn soup_line() -> impl Strategy<Value = String> {
    const WORDS: [&str; 24] = [
        "the",
        "ferry",
        "left",
        "Ostrand",
        "at",
        "noon",
        "with",
        "forty",
        "crates",
        "of",
        "pears",
        "and",
        "a",
        "band,",
        "said",
        "Mira",
        "Oduya",
        "on",
        "Monday.",
        "naïve",
        "«мельница»",
        "река",
        "\u{2014}",
        "U.S.",
    ];
    const NAMES: [&str; 8] = [
        "Wave",
        "river99",
        "Mira Oduya",
        "By Jan de Wit",
        "AFP",
        "Li Bo, Harbour Press",
        "Member",
        "Ada Staff",
    ];
    const DATES: [&str; 10] = [
        "May 11, 2020",
        "27/9/2020",
        "2020-09-27T09:18",
        "Joined Nov 17, 2017",
        "3 hours ago",
        "Posted yesterday at 4:10 PM",
        "٢٧ سبتمبر ٢٠٢٠",
        "27 сентября 2020 г.",
        "Sep 31, 2020",
        "12,324",
    ];
    const ODD: [&str; 17] = [
        "***",
        "•",
        "• ",
        "– dashes –",
        "1. one",
        "> quoted",
        "https://news.example/a?b=c",
        "READ ALSO: Ferry Strike Enters Second Week",
        "Minister Opens New Lock At Old Harbour",
        "e\u{301}t\u{e9}",
        "a\u{205f}b",
        "a \u{3000} b\u{a0}\u{a0}c",
        "\u{200b}\u{feff}zero",
        "\u{0}\u{1}",
        "x\ry",
        "\u{202e}left",
        "\u{1f468}\u{200d}\u{1f469}",
    ];
    let blank = prop::sample::select(vec!["", "", "", "\n", "\u{a0}", "  ", "\t", "\u{200b}"]);
    let prose = prop::collection::vec(prop::sample::select(WORDS.to_vec()), 1..60);
    prop_oneof![
        4 => blank.prop_map(str::to_owned),
        4 => furniture(),
        4 => prose.prop_map(|words| words.join(" ")),
        1 => prop::sample::select(NAMES.to_vec()).prop_map(str::to_owned),
        1 => prop::sample::select(DATES.to_vec()).prop_map(str::to_owned),
        1 => prop::sample::select(ODD.to_vec()).prop_map(str::to_owned),
        1 => ".{0,60}",
    ]
}

fn soup() -> impl Strategy<Value = String> {
    let feed = prop::sample::select(vec!["\n", "\n", "\n", "\r\n", "\n\n", "\r"]);
    (prop::collection::vec(soup_line(), 0..80), feed).prop_map(|(lines, feed)| lines.join(feed))
}

proptest! {
    #![proptest_config(config(0xC0DE))]

    #[test]
    fn arbitrary_bytes_are_rejected_or_conserved(
        bytes in prop::collection::vec(any::<u8>(), 0..3_000),
        profile in any_profile(),
    ) {
        if let Some(capture) = capture(bytes) {
            prop_assert_eq!(conserved(&capture, &clean(&capture, profile)), Ok(()));
        }
    }

    #[test]
    fn printable_bytes_are_conserved(
        bytes in prop::collection::vec(prop_oneof![8 => b' '..=b'~', 2 => 0x80..=0xffu8, 1 => Just(b'\n')], 0..3_000),
        profile in any_profile(),
    ) {
        if let Some(capture) = capture(bytes) {
            prop_assert_eq!(conserved(&capture, &clean(&capture, profile)), Ok(()));
        }
    }

    #[test]
    fn line_soup_is_conserved(text in soup(), profile in any_profile()) {
        if let Some(capture) = capture(text.into_bytes()) {
            prop_assert_eq!(conserved(&capture, &clean(&capture, profile)), Ok(()));
        }
    }

    #[test]
    fn samples_of_one_profile_are_conserved(
        seed in prop::collection::vec((any::<prop::sample::Index>(), any::<bool>(), soup_line()), 1..40),
        which in any::<prop::sample::Index>(),
    ) {
        let profile = which.get(profiles().profiles());
        let samples: Vec<&String> = profile.rules().list.iter().flat_map(|rule| &rule.sample).collect();
        prop_assume!(!samples.is_empty());
        let mut text = String::new();
        for (index, gap, line) in &seed {
            text.push_str(index.get::<&String>(&samples));
            text.push_str(if *gap { "\n\n" } else { "\n" });
            text.push_str(line);
            text.push('\n');
        }
        if let Some(capture) = capture(text.into_bytes()) {
            let outcome = clean(&capture, Some(&profile.id));
            prop_assert_eq!(conserved(&capture, &outcome), Ok(()));
            prop_assert_eq!(&clean(&capture, Some(&profile.id)).records, &outcome.records);
        }
    }
}

/// Every case's capture, with its profile.
fn cases() -> Vec<(case::Case, Capture)> {
    let read = |case: case::Case| {
        let bytes = std::fs::read(case.folder.join("capture.txt")).ok()?;
        Some((case, capture(bytes)?))
    };
    case::find(&root().join("fixtures")).unwrap().into_iter().filter_map(read).collect()
}

#[test]
fn fixtures_are_conserved_under_every_profile() {
    for (case, capture) in cases() {
        for profile in profiles().profiles() {
            let outcome = clean(&capture, Some(&profile.id));
            assert_eq!(conserved(&capture, &outcome), Ok(()), "{} by {}", case.name, profile.id);
        }
    }
}

/// What went into a field is in a record: a line that a rule moved is evidence of something.
#[test]
fn what_fixtures_move_into_fields_is_in_a_record() {
    let mut lost = Vec::new();
    for (case, capture) in cases() {
        let outcome = clean(&capture, Some(&case.profile));
        let trace = &outcome.trace;
        for (index, fate) in trace.ledger.fates().iter().enumerate() {
            let Fate::Field(field, rule) = fate else { continue };
            let (line, text) =
                (trace.document.blocks[index].line, trace.document.block_text(index));
            let held = outcome.records.iter().any(|record| {
                let mut evidence = record.evidence.iter().flatten().flat_map(|(_, found)| found);
                let found = evidence.any(|e| e.line == line || e.text.contains(text));
                found || (*field == "reactions" && !record.reactions.is_empty())
            });
            if !held {
                lost.push(format!("{}:{line} {field} by {rule}: {text}", case.name));
            }
        }
    }
    assert!(lost.is_empty(), "{} lines\n{}", lost.len(), lost.join("\n"));
}

/// Where a platform's rules find no post, the generic ones go on; what the platform's rules moved
/// into fields stays there.
#[test]
fn a_thread_without_posts_loses_no_field() {
    let text = format!("View attachment 15039\n\n{}", super::program::ARTICLE);
    let outcome = clean(&capture(text.into_bytes()).unwrap(), Some("xenforo"));
    assert_eq!(outcome.records[0].attachments, ["View attachment 15039"]);
}

/// Most words, in thousandths, that rules may take from texts that are clean already.
const MOST_RETAKEN: usize = 10;

#[test]
fn cleaned_text_is_left_alone() {
    let (mut taken, mut all, mut shown) = (0, 0, Vec::new());
    for (case, capture) in cases() {
        for record in clean(&capture, Some(&case.profile)).records {
            all += record.text.split_whitespace().count();
            let Some(again) = self::capture(record.text.into_bytes()) else { continue };
            let outcome = clean(&again, Some(&case.profile));
            for (index, fate) in outcome.trace.ledger.fates().iter().enumerate() {
                if let Fate::Removed(rule) = fate {
                    let text = outcome.trace.document.block_text(index);
                    taken += text.split(' ').count();
                    shown.push(format!("{} {}: {rule}: {text}", case.name, record.index));
                }
            }
        }
    }
    assert!(all > 1_000, "{all} words in all fixtures");
    assert!(
        taken * 1_000 <= all * MOST_RETAKEN,
        "{taken} of {all} words of clean text are removed\n{}",
        shown.join("\n")
    );
}
