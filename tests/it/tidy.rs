//! The rules of the house that a machine can hold: who may import whom, who owns which crate, how
//! long a file may be, and that no site is named in Rust (DESIGN §3, STYLE.md).

use std::collections::BTreeSet;
use std::sync::Arc;

use copydesk::model::piece::Field;
use copydesk::profile::read;
use copydesk::profile::schema::{FindSpec, Layer, ProfileKind};
use copydesk::profile::set;

use super::program::root;

/// The modules, top to bottom: a module may use those of rows below its own.
const ORDER: [&[&str]; 8] = [
    &["cli"],
    &["daemon", "tool"],
    &["inbox", "spool"],
    &["config"],
    &["pipeline"],
    &["decode", "parse", "strip", "split", "annotate", "dedupe", "render"],
    &["profile"],
    &["model", "error", "fault"],
];

/// Stages do not import each other but for these: pieces and fields are found in what `strip`
/// saw (`Scene`, `Stripped`, hits and their groups), and fields in the pieces of `split`.
const BETWEEN_STAGES: [(&str, &str); 3] =
    [("split", "strip"), ("annotate", "strip"), ("annotate", "split")];

/// Crates that only their owners touch; `main` is `src/main.rs`.
const OWNERS: [(&str, &[&str]); 37] = [
    ("ammonia", &["tool::preview::markup"]),
    ("annotate_snippets", &["profile::fault"]),
    ("anyhow", &["cli", "main"]),
    ("base64", &["cli::stream", "tool::preview"]),
    ("chardetng", &["decode::charset"]),
    ("clap", &["cli"]),
    ("ego_tree", &["parse::html", "profile::selector"]),
    ("encoding_rs", &["decode::charset", "decode::sniff::tests"]),
    ("html2text", &["render::table"]),
    ("html5ever", &["parse::html", "profile::selector"]),
    ("indicatif", &["cli"]),
    ("jiff", &["annotate::date", "profile::read"]),
    ("libc", &["inbox::lease"]),
    ("mimalloc", &["main"]),
    ("notify", &["inbox::watch"]),
    ("opener", &["cli::profile::preview"]),
    ("rayon", &["cli"]),
    ("regex", &["profile::matcher", "profile::lint"]),
    ("regex_automata", &["profile::matcher", "profile::needles"]),
    (
        "regex_syntax",
        &["profile::edge_text", "profile::matcher", "profile::needles", "profile::prefilter"],
    ),
    ("rusqlite", &["spool"]),
    ("rustix", &["inbox", "spool", "fault", "cli::log", "cli::stream"]),
    ("schemars", &["model::record", "cli::schema"]),
    ("scraper", &["parse::html", "profile::selector"]),
    ("sd_notify", &["daemon::systemd"]),
    ("sha2", &["model::id"]),
    ("similar", &["tool::difference"]),
    ("strsim", &["profile::fault"]),
    ("tokio", &["daemon", "inbox"]),
    ("toml", &["config::read", "profile::reader", "profile::read", "profile::source"]),
    ("toml_edit", &["tool::disable"]),
    ("tracing_journald", &["cli::log"]),
    ("tracing_subscriber", &["cli::log"]),
    ("unicode_normalization", &["parse::text"]),
    ("walkdir", &["cli", "config::profiles"]),
    ("whatlang", &["annotate::language"]),
    ("wide", &["model::sixteen", "strip::generic::forest::tree"]),
];

/// Longest file, in lines; tests are not counted.
const MOST_LINES: usize = 500;

/// One source file.
struct Source {
    /// `src/profile/set.rs`.
    path: String,
    /// `profile::set`.
    module: String,
    text: String,
}

impl Source {
    /// `profile`.
    fn top(&self) -> &str {
        self.module.split("::").next().unwrap()
    }

    /// Its lines with their numbers, without comments and without the tests at its end.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let tests = self.module.ends_with("::tests");
        (1..)
            .zip(self.text.lines())
            .take_while(move |(_, line)| tests || *line != "#[cfg(test)]")
            .map(|(number, line)| (number, line.split("//").next().unwrap_or_default()))
    }
}

fn sources() -> Vec<Source> {
    let top = root().join("src");
    let mut found = Vec::new();
    for entry in walkdir::WalkDir::new(&top).sort_by_file_name() {
        let path = entry.unwrap().into_path();
        // Tests may read files and stand above what they test.
        let is_source = path.extension().is_some_and(|ending| ending == "rs");
        if !is_source || path.ends_with("tests.rs") {
            continue;
        }
        let name = path.strip_prefix(&top).unwrap().to_str().unwrap();
        let stem = name.trim_end_matches(".rs");
        let module = stem.strip_suffix("/mod").unwrap_or(stem).replace('/', "::");
        let text = std::fs::read_to_string(&path).unwrap();
        found.push(Source { path: format!("src/{name}"), module, text });
    }
    assert!(found.len() > 40, "{} source files", found.len());
    found
}

fn row(module: &str) -> Option<usize> {
    ORDER.iter().position(|row| row.contains(&module))
}

/// What stands behind each `prefix` in a line, up to the end of the word.
fn words_after<'t>(line: &'t str, prefix: &str) -> Vec<&'t str> {
    let in_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let parts: Vec<&str> = line.split(prefix).collect();
    parts
        .windows(2)
        .filter(|pair| !pair[0].ends_with(|letter| in_word(letter) || letter == ':'))
        .map(|pair| pair[1].split(|letter| !in_word(letter)).next().unwrap())
        .collect()
}

#[test]
fn modules_import_downwards_only() {
    let mut faults = Vec::new();
    let mut used: BTreeSet<&(&str, &str)> = BTreeSet::new();
    for source in sources() {
        let top = source.top();
        if ["main", "lib", "build"].contains(&top) {
            continue;
        }
        let Some(own) = row(top) else {
            faults.push(format!("{}: `{top}` has no place in the order", source.path));
            continue;
        };
        // In `src/x.rs` and `src/x/mod.rs` the parent is the crate.
        let prefixes: &[&str] =
            if source.module == top { &["crate::", "super::"] } else { &["crate::"] };
        for (number, line) in source.code() {
            for prefix in prefixes {
                for other in words_after(line, prefix) {
                    let Some(theirs) = row(other) else {
                        if *prefix == "crate::" {
                            faults.push(format!("{}:{number}: {}", source.path, line.trim()));
                        }
                        continue;
                    };
                    let between = BETWEEN_STAGES.iter().find(|edge| **edge == (top, other));
                    used.extend(between);
                    if other != top && theirs <= own && between.is_none() {
                        faults.push(format!("{}:{number}: {top} uses {other}", source.path));
                    }
                }
            }
        }
    }
    assert!(faults.is_empty(), "imports against the order:\n{}", faults.join("\n"));
    for edge in &BETWEEN_STAGES {
        assert!(used.contains(edge), "{edge:?} is allowed and not used: take it out");
    }
}

#[test]
fn heavy_crates_stay_with_their_owners() {
    let mut faults = Vec::new();
    for source in sources().iter().filter(|source| source.path != "src/build.rs") {
        for (number, line) in source.code() {
            for (name, owners) in OWNERS {
                let path = format!("{name}::");
                let uses = !words_after(line, &path).is_empty()
                    || line.trim().strip_prefix("use ").is_some_and(|rest| {
                        rest.trim_end_matches(';').split(" as ").next() == Some(name)
                    });
                let owned = owners.iter().any(|owner| {
                    source
                        .module
                        .strip_prefix(owner)
                        .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
                });
                if uses && !owned {
                    faults.push(format!("{}:{number}: {name} belongs to {owners:?}", source.path));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn pure_modules_touch_no_file_clock_or_environment() {
    const IMPURE: [&str; 7] = [
        "std::fs",
        "std::env::",
        "std::net",
        "std::process",
        "SystemTime",
        "Instant::now",
        "std::io::stdin",
    ];
    let pure = [
        "model", "profile", "decode", "parse", "strip", "split", "annotate", "dedupe", "render",
        "pipeline", "error",
    ];
    for source in sources().iter().filter(|source| pure.contains(&source.top())) {
        for (number, line) in source.code() {
            for name in IMPURE {
                assert!(!line.contains(name), "{}:{number}: {}", source.path, line.trim());
            }
        }
    }
}

#[test]
fn files_are_short() {
    let mut long = Vec::new();
    for source in sources() {
        let is_test = source.module.ends_with("tests");
        let lines = source.text.lines().take_while(|line| *line != "#[cfg(test)]").count();
        if lines > MOST_LINES && !is_test {
            long.push(format!("{} has {lines} lines", source.path));
        }
    }
    assert!(long.is_empty(), "over {MOST_LINES} lines:\n{}", long.join("\n"));
}

#[test]
fn modules_say_what_they_are_for() {
    for source in sources().iter().filter(|source| source.path != "src/lib.rs") {
        let is_test = source.module.ends_with("tests");
        let first = source.text.lines().next().unwrap_or_default();
        assert!(is_test || first.starts_with("//! "), "{} opens with {first:?}", source.path);
    }
}

#[test]
fn every_lint_exception_has_a_reason_and_nothing_is_ignored() {
    for source in sources() {
        for (number, line) in source.code() {
            let bad = ["todo!(", "unimplemented!(", "#[ignore", "dbg!("];
            assert!(!bad.iter().any(|bad| line.contains(bad)), "{}:{number}: {line}", source.path);
        }
    }
}

/// The profiles of a folder, as they are written.
fn profiles(folder: &str) -> Vec<Layer> {
    let mut faults = Vec::new();
    let prefix = format!("built-in:{folder}/");
    let files = set::built_in().into_iter().filter(|file| file.path.starts_with(&prefix));
    let layers: Vec<Layer> = files
        .filter_map(|file| {
            let id = set::id_of(&file.path).to_owned();
            read::read(&Arc::new(file), &id, &mut faults)
        })
        .collect();
    assert!(layers.len() >= 4 && faults.is_empty(), "{folder}: {} profiles", layers.len());
    layers
}

#[test]
fn no_site_is_named_in_rust() {
    let mut names = BTreeSet::new();
    for site in profiles("site") {
        names.extend(site.matches.iter().flat_map(|table| &table.hosts).cloned());
        for find in site.body.finds.iter().filter(|((_, field), _)| *field == Field::Site) {
            let constants = find.1.iter().filter_map(|find| match find {
                FindSpec::Const(at) => Some(at.value.to_lowercase()),
                _ => None,
            });
            names.extend(constants);
        }
        names.insert(site.id);
    }
    assert!(names.len() >= 12, "{names:?}");
    let mut faults = Vec::new();
    for source in sources() {
        for (number, line) in (1..).zip(source.text.lines()) {
            let small = line.to_lowercase();
            for name in names.iter().filter(|name| small.contains(name.as_str())) {
                faults.push(format!("{}:{number} names {name}: {}", source.path, line.trim()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn profiles_say_what_they_cover_and_sites_when_they_were_checked() {
    for (kind, folder) in [(ProfileKind::Platform, "platform"), (ProfileKind::Site, "site")] {
        for profile in profiles(folder) {
            let (id, summary) = (&profile.id, &profile.summary);
            assert_eq!(profile.kind, kind, "{folder}/{id}");
            assert!(summary.len() >= 10 && !summary.ends_with('.'), "{folder}/{id}: {summary:?}");
            let checked = profile.checked.is_some() || kind == ProfileKind::Platform;
            assert!(checked, "{folder}/{id} has no `checked` day");
        }
    }
}

#[test]
fn every_case_is_whole_and_named_after_what_it_shows() {
    let ids: BTreeSet<String> =
        ["platform", "site"].into_iter().flat_map(profiles).map(|profile| profile.id).collect();
    for case in copydesk::tool::case::find(&root().join("fixtures")).unwrap() {
        assert!(ids.contains(&case.profile), "fixtures/{}: no such profile", case.name);
        for name in ["expected.jsonl", "removed.txt"] {
            assert!(case.folder.join(name).is_file(), "fixtures/{}/{name}", case.name);
        }
        let (_, own) = case.name.split_once('/').unwrap();
        let plain = own.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        assert!(plain && own.len() > 5, "fixtures/{}", case.name);
    }
}
