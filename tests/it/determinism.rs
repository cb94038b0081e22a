//! The same captures give the same bytes, on any number of threads and in any order of arguments.

use std::collections::BTreeMap;

use super::program::{Sandbox, root};

/// Copies the capture of every case to `<profile>/<profile>--<case>.txt`, and each once more under
/// another name, so that there are duplicates.
fn captures(sandbox: &Sandbox) -> Vec<String> {
    let mut folders = Vec::new();
    for case in copydesk::tool::case::find(&root().join("fixtures")).unwrap() {
        let Ok(bytes) = std::fs::read(case.folder.join("capture.txt")) else { continue };
        let flat = case.name.replace('/', "--");
        sandbox.write(&format!("in/{}/{flat}.txt", case.profile), &bytes);
        sandbox.write(&format!("in/again/{flat}.txt"), &bytes);
        if let Ok(hints) = std::fs::read(case.folder.join("capture.meta.json")) {
            sandbox.write(&format!("in/{}/{flat}.meta.json", case.profile), hints);
        }
        folders.push(format!("in/{}", case.profile));
    }
    folders.dedup();
    assert!(folders.len() >= 4, "{folders:?}");
    folders
}

fn outputs(sandbox: &Sandbox, out: &str) -> BTreeMap<String, String> {
    let read = |name: String| {
        let text = sandbox.read(&format!("{out}/{name}"));
        (name, text)
    };
    sandbox.files(out).into_iter().map(read).collect()
}

#[test]
fn threads_and_order_of_arguments_change_no_byte() {
    let sandbox = Sandbox::new();
    let folders = captures(&sandbox);
    let forward: Vec<&str> = folders.iter().map(String::as_str).collect();
    let backward: Vec<&str> = forward.iter().rev().copied().collect();
    let run = |out: &str, arguments: &[&str], more: &[&str]| {
        let words = [&["clean"], arguments, &["--out", out], more].concat();
        sandbox.run(&words).exits(0);
        outputs(&sandbox, out)
    };
    let one = run("one", &forward, &["--jobs", "1"]);
    assert!(one.len() >= folders.len());
    assert_eq!(one, run("two", &forward, &["--jobs", "2"]));
    assert_eq!(one, run("many", &backward, &["--jobs", "7"]));
    for format in ["md", "txt"] {
        let more = ["--format", format, "--jobs", "1"];
        let one = run(&format!("one-{format}"), &forward, &more);
        let more = ["--format", format, "--jobs", "2"];
        assert_eq!(one, run(&format!("two-{format}"), &backward, &more));
    }
}

#[test]
fn duplicates_are_the_same_too() {
    let sandbox = Sandbox::new();
    captures(&sandbox);
    let run = |more: &[&str]| sandbox.run(&[&["clean", "in"], more].concat()).exits(0);
    let one = run(&["--jobs", "1"]);
    let two = run(&["--jobs", "2"]);
    assert_eq!(one.out, two.out);
    assert_eq!(one.err, two.err);
    let records = one.records();
    let marked = records.iter().filter(|record| record["duplicate_of"].is_object()).count();
    assert!(marked >= 4, "{marked} of {}", records.len());
    for record in records.iter().filter(|record| record["duplicate_of"].is_object()) {
        let original = &record["duplicate_of"]["capture"];
        let own = &record["capture"]["path"];
        assert!(original.as_str() <= own.as_str(), "{original} is no original of {own}");
    }
}

#[test]
fn the_stream_gives_the_same_records_as_the_command() {
    let sandbox = Sandbox::new();
    captures(&sandbox);
    let captures = sandbox.files("in").into_iter().filter(|name| !name.ends_with(".meta.json"));
    for name in captures.take(12) {
        let text = sandbox.read(&format!("in/{name}"));
        let short = name.rsplit('/').next().unwrap();
        let line = super::program::line(&serde_json::json!({"id": short, "text": text}));
        let streamed = &super::program::stream(&sandbox, &[], line.as_bytes())[0]["records"];
        let path = format!("in/{name}");
        let cleaned = sandbox.run(&["clean", &path]).exits(0).records();
        for (one, other) in streamed.as_array().unwrap().iter().zip(&cleaned) {
            for key in ["id", "type", "title", "text", "posted_by", "published_at", "authors"] {
                assert_eq!(one[key], other[key], "{key} of {name}");
            }
        }
        assert_eq!(streamed.as_array().unwrap().len(), cleaned.len());
    }
}
