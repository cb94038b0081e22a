//! `copydesk profile explain`: why a capture came out as it did.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::program::{Sandbox, root};

/// The capture of one case of each profile that has cases.
fn captures() -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = Vec::new();
    let cases = copydesk::tool::case::find(&root().join("fixtures")).unwrap();
    for (number, case) in cases.iter().enumerate() {
        let first = number == 0 || cases[number - 1].profile != case.profile;
        let capture = case.folder.join("capture.txt");
        if first && capture.is_file() {
            found.push(capture);
        }
    }
    assert!(found.len() >= 4, "{found:?}");
    found
}

fn explain(sandbox: &Sandbox, capture: &Path, more: &[&str]) -> String {
    let capture = capture.to_str().unwrap();
    sandbox.run(&[&["profile", "explain", capture], more].concat()).exits(0).out
}

#[test]
fn every_line_that_is_not_blank_has_one_fate() {
    let sandbox = Sandbox::new();
    for capture in captures() {
        let value: Value = serde_json::from_str(&explain(&sandbox, &capture, &["--json"])).unwrap();
        let text = std::fs::read_to_string(&capture).unwrap();
        let blank = |line: &str| line.chars().all(char::is_whitespace);
        let expected: Vec<u64> = (1..)
            .zip(text.split('\n'))
            .filter(|(_, line)| !blank(line))
            .map(|(number, _)| number)
            .collect();
        let lines = value["lines"].as_array().unwrap();
        let found: Vec<u64> = lines.iter().map(|line| line["line"].as_u64().unwrap()).collect();
        assert_eq!(found, expected, "{}", capture.display());
        let pieces =
            value["records"].as_array().unwrap().iter().filter(|r| r["index"] != 0).count();
        for line in lines {
            let by = line["by"].as_str().unwrap_or_else(|| panic!("{line}"));
            match line["fate"].as_str().unwrap() {
                "kept" => {
                    let piece: usize = by.strip_prefix("piece ").unwrap().parse().unwrap();
                    assert!((1..=pieces).contains(&piece), "{line}");
                }
                "field" => {
                    assert!(copydesk::model::piece::Field::named(by).is_some(), "{line}");
                    assert!(line["rule"].as_str().unwrap().contains('/'), "{line}");
                }
                "removed" => assert!(by.contains('/'), "{line} names a rule"),
                other => panic!("{other}"),
            }
        }
    }
}

#[test]
fn it_names_the_profile_the_evidence_and_unused_rules_last() {
    let sandbox = Sandbox::new();
    let capture = root().join("fixtures/xenforo/bare-panels/capture.txt");
    let text = explain(&sandbox, &capture, &[]);
    let first = text.lines().next().unwrap();
    assert!(first.starts_with("profile  xenforo < "), "{first}");
    assert!(text.contains("\nthread 0 of ") && text.contains("\npost 1 of "), "{text}");
    assert!(text.lines().any(|line| line.trim_start().starts_with("posted_by")), "{text}");
    let (_, rules) = text.split_once("\nrules\n").unwrap();
    let (used, unused) = rules.split_once("unused\n").unwrap();
    let counted =
        used.lines().find(|line| line.contains("xenforo/strip.block.user-panel")).unwrap();
    assert!(counted.contains(" lines ") && counted.contains(" words "), "{counted}");
    assert!(unused.lines().any(|line| line.trim() == "xenforo/strip.block.card"), "{unused}");
    for rule in unused.lines() {
        let again = used.lines().any(|line| line.split_whitespace().next() == Some(rule.trim()));
        assert!(!again, "{rule} is used and unused");
    }
}

#[test]
fn it_names_the_features_that_decided() {
    let sandbox = Sandbox::new();
    for case in
        ["wordpress/html-classic-jetpack/capture.html", "generic-text/blog-page/capture.txt"]
    {
        let capture = root().join("fixtures").join(case);
        let text = explain(&sandbox, &capture, &["--profile", "generic-text"]);
        let (_, judged) = text.split_once("\njudged: ").unwrap();
        let mut lines = judged.lines().skip(1);
        let mut seen = 0;
        while let (Some(block), Some(reasons)) = (lines.next(), lines.next()) {
            assert!(block.contains(" % "), "{block}");
            assert!(reasons.contains(['+', '-']), "{block}\n{reasons}");
            seen += 1;
        }
        let value: Value = serde_json::from_str(&explain(
            &sandbox,
            &capture,
            &["--json", "--profile", "generic-text"],
        ))
        .unwrap();
        let lines = value["lines"].as_array().unwrap();
        assert!(lines.len() >= seen && seen > 10, "{case}");
        for line in lines {
            assert!((0.0..=1.0).contains(&line["chance"].as_f64().unwrap()), "{line}");
            assert!(line["because"][0]["feature"].is_string(), "{line}");
        }
    }
    let thread = root().join("fixtures/xenforo/bare-panels/capture.txt");
    assert!(!explain(&sandbox, &thread, &[]).contains("judged: "), "rules alone decided");
}

#[test]
fn another_profile_can_be_tried() {
    let sandbox = Sandbox::new();
    let capture = root().join("fixtures/xenforo/bare-panels/capture.txt");
    let text = explain(&sandbox, &capture, &["--profile", "wordpress"]);
    assert!(text.starts_with("profile  wordpress"), "{text}");
    assert!(text.lines().any(|line| line.starts_with("also     xenforo")), "{text}");
}

#[test]
fn what_is_no_capture_is_1() {
    let sandbox = Sandbox::new();
    sandbox.write("a.txt", b"%PDF-1.7\n%\xe2\xe3");
    sandbox.run(&["profile", "explain", "a.txt"]).exits(1);
    sandbox.run(&["profile", "explain", "b.txt"]).exits(74);
}
