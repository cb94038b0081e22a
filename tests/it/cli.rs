//! `copydesk clean` on files and folders: exit codes, names, order, what is done already.

use serde_json::{Value, json};

use super::program::{ARTICLE, Sandbox, root};

/// The start of a PNG file.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01";

/// An article with a first paragraph of its own, so that no two are duplicates.
fn article(number: u32) -> String {
    let words: Vec<String> = (0..60).map(|at| format!("w{number}x{at}")).collect();
    let mut text = String::new();
    for sentence in words.chunks(15) {
        text.push_str("The clerk wrote down ");
        text.push_str(&sentence.join(" "));
        text.push_str(" and went home.\n\n");
    }
    text
}

fn paths(records: &[Value]) -> Vec<&str> {
    records.iter().map(|record| record["capture"]["path"].as_str().unwrap()).collect()
}

#[test]
fn no_fault_is_0() {
    let sandbox = Sandbox::new();
    sandbox.write("in/a.txt", ARTICLE);
    sandbox.run(&["clean", "in", "--out", "out"]).exits(0);
    sandbox.run(&["--version"]).exits(0);
    sandbox.run(&["--help"]).exits(0);
    sandbox.run(&["clean", "--help"]).exits(0);
    let schema = sandbox.run(&["schema", "record"]).exits(0);
    let schema: Value = serde_json::from_str(&schema.out).unwrap();
    assert!(schema["properties"]["published_at"].is_object(), "{schema}");
}

#[test]
fn an_empty_folder_is_0_and_says_so() {
    let sandbox = Sandbox::new();
    std::fs::create_dir(sandbox.path("in")).unwrap();
    let answer = sandbox.run(&["clean", "in", "--summary", "json"]).exits(0);
    assert_eq!(answer.out, "");
    assert_eq!(answer.summary()["captures"], 0);
}

#[test]
fn wrong_words_are_2() {
    let sandbox = Sandbox::new();
    sandbox.write("in/a.txt", ARTICLE);
    for words in [
        &[][..],
        &["clean"],
        &["scrub", "in"],
        &["clean", "in", "--no-such-flag"],
        &["clean", "in", "--format", "docx"],
        &["clean", "in", "--with", "sound"],
        &["clean", "in", "--jobs", "0"],
        &["clean", "in", "--out", "out", "--stdout"],
        &["clean", "in", "--timing"],
        &["clean", "in", "--stdin", "jsonl"],
        &["clean", "in", "--profiles", "no-such-folder"],
    ] {
        let answer = sandbox.run(words).exits(2);
        assert_ne!(answer.err, "", "{words:?} says what is wrong");
        assert_eq!(answer.out, "", "{words:?} writes no record");
    }
}

#[test]
fn what_cannot_be_read_or_written_is_74() {
    let sandbox = Sandbox::new();
    sandbox.write("in/a.txt", ARTICLE);
    sandbox.write("file", "in the way");
    let answer = sandbox.run(&["clean", "in/b.txt"]).exits(74);
    assert!(answer.err.contains("in/b.txt"), "{}", answer.err);
    let answer = sandbox.run(&["clean", "in", "--out", "file"]).exits(74);
    assert!(answer.err.contains("file"), "{}", answer.err);
}

#[test]
fn a_bad_profile_is_78_and_nothing_is_cleaned() {
    let sandbox = Sandbox::new();
    sandbox.write("in/a.txt", ARTICLE);
    sandbox.write("mine/odd.toml", "schema = 1\nkind = \"site\"\nsumary = \"x\"\n");
    let answer = sandbox.run(&["clean", "in", "--out", "out", "--profiles", "mine"]).exits(78);
    assert!(answer.err.contains("did you mean `summary`?"), "{}", answer.err);
    assert!(!sandbox.path("out").exists());
    let words = ["clean", "--stdin", "jsonl", "--stdout", "--profiles", "mine"];
    assert_eq!(sandbox.run_with(&words, b"{}\n").exits(78).out, "");
    sandbox.run(&["check", "--profiles", "mine"]).exits(78);
    sandbox.run(&["profile", "lint", "mine"]).exits(78);
}

#[test]
fn a_folder_is_walked_for_captures() {
    let sandbox = Sandbox::new();
    for (number, name) in ["a.txt", "b/c.TXT", "b/d.e/f.txt"].into_iter().enumerate() {
        sandbox.write(&format!("in/{name}"), article(number.try_into().unwrap()));
    }
    sandbox.write("in/b/notes.md", "no capture");
    sandbox.write("in/b/picture.png", PNG);
    sandbox.write("in/a.txt.meta.json", "{}");
    let answer = sandbox.run(&["clean", "in", "--out", "out", "--summary", "json"]).exits(0);
    let expected = ["a.txt.jsonl", "b/c.TXT.jsonl", "b/d.e/f.txt.jsonl"];
    assert_eq!(sandbox.files("out"), expected);
    let summary = answer.summary();
    assert_eq!((&summary["captures"], &summary["ok"]), (&json!(3), &json!(3)), "{summary}");
    assert_eq!(summary["skipped"], 2, "a sidecar is no file that was passed over: {summary}");
    assert_eq!(sandbox.records("out/b/d.e/f.txt.jsonl")[0]["capture"]["path"], "b/d.e/f.txt");
}

#[test]
fn a_file_goes_by_its_own_name_whatever_its_ending() {
    let sandbox = Sandbox::new();
    sandbox.write("deep/down/notes.md", ARTICLE);
    sandbox.run(&["clean", "deep/down/notes.md", "--out", "out"]).exits(0);
    assert_eq!(sandbox.files("out"), ["notes.md.jsonl"]);
    assert_eq!(sandbox.records("out/notes.md.jsonl")[0]["capture"]["path"], "notes.md");
}

#[test]
fn run_order_is_bytewise_whatever_the_order_of_arguments() {
    let sandbox = Sandbox::new();
    for (number, name) in
        ["one/B.txt", "one/a.txt", "two/a/b.txt", "two/a-b.txt", "two/\u{e4}.txt", "z.txt"]
            .into_iter()
            .enumerate()
    {
        sandbox.write(name, article(number.try_into().unwrap()));
    }
    let expected = ["B.txt", "a-b.txt", "a.txt", "a/b.txt", "z.txt", "\u{e4}.txt"];
    let one = sandbox.run(&["clean", "one", "two", "z.txt"]).exits(0);
    let other = sandbox.run(&["clean", "z.txt", "two", "one", "--jobs", "1"]).exits(0);
    assert_eq!(paths(&one.records()), expected);
    assert_eq!(one.out, other.out);
}

#[test]
fn the_first_in_run_order_is_the_original() {
    let sandbox = Sandbox::new();
    sandbox.write("z/a.txt", ARTICLE);
    sandbox.write("y/b.txt", ARTICLE);
    let answer = sandbox.run(&["clean", "y", "z", "--summary", "json"]).exits(0);
    let records = answer.records();
    assert_eq!(paths(&records), ["a.txt", "b.txt"]);
    assert_eq!(records[0]["duplicate_of"], Value::Null);
    let found = &records[1]["duplicate_of"];
    assert_eq!(found["capture"], "a.txt");
    assert_eq!((&found["index"], &found["id"]), (&json!(1), &records[0]["id"]));
    assert_eq!(found["similarity"], 1.0);
    assert_eq!(records[1]["text"], records[0]["text"], "a duplicate keeps its text");
    assert_eq!(answer.summary()["duplicates"], 1);
}

#[test]
fn outputs_that_are_done_are_skipped_unless_forced() {
    let sandbox = Sandbox::new();
    sandbox.write("in/a.txt", article(1));
    sandbox.write("in/b.txt", article(2));
    let words = ["clean", "in", "--out", "out", "--summary", "json"];
    let run = |more: &[&str]| sandbox.run(&[&words[..], more].concat()).exits(0).summary();
    assert_eq!(run(&[])["unchanged"], 0);
    let written = sandbox.read("out/a.txt.jsonl");
    // What a reader appended stays: the file is done.
    sandbox.write("out/a.txt.jsonl", format!("{written}\n"));
    assert_eq!(run(&[])["unchanged"], 2);
    assert_eq!(sandbox.read("out/a.txt.jsonl"), format!("{written}\n"));
    assert_eq!(run(&["--force"])["unchanged"], 0);
    assert_eq!(sandbox.read("out/a.txt.jsonl"), written);
    // Another capture under the same name is not done.
    sandbox.write("in/a.txt", article(3));
    assert_eq!(run(&[])["unchanged"], 1);
    assert_ne!(sandbox.read("out/a.txt.jsonl"), written);
    assert_eq!(sandbox.files("out"), ["a.txt.jsonl", "b.txt.jsonl"], "no draft is left");
}

#[test]
fn outputs_of_other_profiles_or_options_are_not_done() {
    let sandbox = Sandbox::new();
    sandbox.write("in/a.txt", ARTICLE);
    sandbox.write(
        "mine/ostrand.toml",
        "schema = 1\nkind = \"site\"\nsummary = \"Ostrand\"\n[[match]]\nhosts = [\"ostrand.example\"]\n",
    );
    let words = ["clean", "in", "--out", "out", "--summary", "json"];
    for more in [
        &["--explain"][..],
        &["--with", "markdown"],
        &["--profiles", "mine"],
        &["--profile", "xenforo"],
        &["--without-profile", "xenforo"],
    ] {
        sandbox.run(&[&words[..], &["--force"]].concat()).exits(0);
        let summary = sandbox.run(&[&words[..], more].concat()).exits(0).summary();
        assert_eq!(summary["unchanged"], 0, "{more:?}");
        let again = sandbox.run(&[&words[..], more].concat()).exits(0).summary();
        assert_eq!(again["unchanged"], 1, "{more:?}");
    }
}

#[test]
fn two_captures_of_one_name_are_2() {
    let sandbox = Sandbox::new();
    sandbox.write("one/a.txt", article(1));
    sandbox.write("two/a.txt", article(2));
    let answer = sandbox.run(&["clean", "one", "two", "--out", "out"]).exits(2);
    assert!(answer.err.contains("one/a.txt") && answer.err.contains("two/a.txt"), "{}", answer.err);
    assert!(!sandbox.path("out").exists());
    // On standard output nothing is overwritten.
    assert_eq!(sandbox.run(&["clean", "one", "two"]).exits(0).records().len(), 2);
}

#[test]
fn the_same_argument_twice_is_cleaned_once() {
    let sandbox = Sandbox::new();
    sandbox.write("in/a.txt", ARTICLE);
    let answer = sandbox.run(&["clean", "in", "in", "--summary", "json"]).exits(0);
    assert_eq!(answer.summary()["captures"], 1);
}

#[test]
fn sidecars_say_what_a_capture_does_not() {
    let sandbox = Sandbox::new();
    let hints = r#"{"url": "https://news.example/a", "fetched_at": "2026-11-20T09:00:00Z", "crawl": {"depth": 3}, "tag": "x"}"#;
    sandbox.write("in/page.txt", article(1));
    sandbox.write("in/page.txt.meta.json", hints);
    sandbox.write("in/other.txt", article(2));
    sandbox.write("in/other.meta.json", r#"{"url": "https://news.example/b"}"#);
    // Where both are there, the whole name wins.
    sandbox.write("in/both.txt", article(3));
    sandbox.write("in/both.txt.meta.json", r#"{"url": "https://news.example/c"}"#);
    sandbox.write("in/both.meta.json", r#"{"url": "https://news.example/no"}"#);
    sandbox.run(&["clean", "in", "--out", "out"]).exits(0);
    let page = &sandbox.records("out/page.txt.jsonl")[0];
    assert_eq!(page["url"], "https://news.example/a");
    assert_eq!(page["host"], "news.example");
    assert_eq!(page["fetched_at"], "2026-11-20T09:00:00Z");
    assert_eq!(page["extra"], json!({"crawl": {"depth": 3}, "tag": "x"}));
    assert_eq!(sandbox.records("out/other.txt.jsonl")[0]["url"], "https://news.example/b");
    assert_eq!(sandbox.records("out/both.txt.jsonl")[0]["url"], "https://news.example/c");
    assert_eq!(sandbox.files("out").len(), 3, "sidecars are no captures");
}

#[test]
fn a_sidecar_may_name_the_profile() {
    let sandbox = Sandbox::new();
    sandbox.write("a.txt", article(1));
    sandbox.write("a.meta.json", r#"{"profile": "wordpress"}"#);
    sandbox.write("b.txt", article(2));
    sandbox.write("b.meta.json", r#"{"profile": "no-such-profile"}"#);
    let records = sandbox.run(&["clean", "a.txt", "b.txt"]).exits(0).records();
    assert_eq!(records[0]["profile"]["id"], "wordpress");
    assert_eq!(records[0]["profile"]["chosen_by"], "named");
    assert_eq!(records[1]["profile"]["chosen_by"], "generic");
    let warnings = records[1]["warnings"].as_array().unwrap();
    assert!(warnings.contains(&json!("unknown_profile: no-such-profile")), "{warnings:?}");
}

#[test]
fn markdown_and_text_have_names_of_their_own() {
    let sandbox = Sandbox::new();
    sandbox.write("in/a.txt", ARTICLE);
    sandbox.run(&["clean", "in", "--out", "md", "--format", "md"]).exits(0);
    assert_eq!(sandbox.files("md"), ["a.txt.md"]);
    let page = sandbox.read("md/a.txt.md");
    let (head, body) = page.strip_prefix("---\n").unwrap().split_once("---\n\n").unwrap();
    assert!(head.lines().any(|line| line == "type: \"article\""), "{head}");
    assert!(head.lines().any(|line| line == "capture: \"a.txt\""), "{head}");
    assert_eq!(body.trim_end(), ARTICLE.trim_end());
    sandbox.run(&["clean", "in", "--out", "txt", "--format", "txt"]).exits(0);
    assert_eq!(sandbox.files("txt"), ["a.txt.txt"]);
    assert_eq!(sandbox.read("txt/a.txt.txt").trim_end(), ARTICLE.trim_end());
    // They are skipped like JSON Lines when they are done.
    for (out, format) in [("md", "md"), ("txt", "txt")] {
        let words = ["clean", "in", "--out", out, "--format", format, "--summary", "json"];
        assert_eq!(sandbox.run(&words).exits(0).summary()["unchanged"], 1, "{format}");
    }
}

#[test]
fn records_of_one_capture_stand_one_after_another() {
    let sandbox = Sandbox::new();
    let capture = format!("{}***\n\n{}", ARTICLE, article(2));
    sandbox.write("digest.txt", capture);
    let words = ["clean", "digest.txt", "--profile", "ccun", "--format", "md"];
    let answer = sandbox.run(&words).exits(0);
    let fronts = answer.out.lines().filter(|line| line.starts_with("type: ")).collect::<Vec<_>>();
    assert_eq!(fronts, ["type: \"thread\"", "type: \"article\"", "type: \"article\""]);
}

#[test]
fn more_output_never_changes_the_text() {
    let sandbox = Sandbox::new();
    let text = format!(
        "{ARTICLE}\nThe timetable is at https://harbour.example/times, the clerk said, and <b> is no tag.\n"
    );
    sandbox.write("a.txt", text);
    let bare = &sandbox.run(&["clean", "a.txt"]).exits(0).records()[0];
    let words = ["clean", "a.txt", "--with", "markdown,links", "--with", "html,images"];
    let full = &sandbox.run(&words).exits(0).records()[0];
    assert_eq!(bare["text"], full["text"]);
    assert_eq!(bare["id"], full["id"]);
    assert_eq!((bare.get("markdown"), bare.get("html")), (None, None));
    assert_eq!(bare["links"], json!([]));
    assert_eq!(full["links"], json!(["https://harbour.example/times"]));
    let html = full["html"].as_str().unwrap();
    assert!(html.contains("<p>The ferry") && html.contains("&lt;b&gt;"), "{html}");
    assert!(full["markdown"].as_str().unwrap().contains("\\<b\\>"), "{full}");
}

#[test]
fn who_favors_recall_keeps_more() {
    let sandbox = Sandbox::new();
    let capture = root().join("fixtures/woocommerce/html-product-tabs-reviews/capture.html");
    let capture = capture.to_str().unwrap();
    let words = |favor: &str| {
        let records = sandbox.run(&["clean", capture, "--favor", favor]).exits(0).records();
        let confidence = records[0]["quality"]["confidence"].as_f64().unwrap();
        assert!((0.0..=1.0).contains(&confidence), "{confidence}");
        records[0]["word_count"].as_u64().unwrap()
    };
    let (precision, balance, recall) = (words("precision"), words("balance"), words("recall"));
    assert!(precision <= balance && balance <= recall && precision < recall);
    let plain = sandbox.run(&["clean", capture]).exits(0).records();
    assert_eq!(plain[0]["word_count"], balance);
    sandbox.run(&["clean", capture, "--favor", "speed"]).exits(2);
}

#[test]
fn explain_adds_evidence() {
    let sandbox = Sandbox::new();
    sandbox.write("a.txt", ARTICLE);
    let bare = &sandbox.run(&["clean", "a.txt"]).exits(0).records()[0];
    let full = &sandbox.run(&["clean", "a.txt", "--explain"]).exits(0).records()[0];
    assert!(bare.get("evidence").is_none());
    assert!(full["evidence"].is_object());
}

#[test]
fn the_summary_is_the_last_line_of_standard_error() {
    let sandbox = Sandbox::new();
    sandbox.write("in/a.txt", article(1));
    sandbox.write("in/b.txt", PNG);
    sandbox.write("in/c.md", "skipped");
    let answer = sandbox.run(&["clean", "in", "--summary", "json", "--no-progress"]).exits(1);
    let expected = json!({"captures": 2, "ok": 1, "rejected": 1, "failed": 0, "unchanged": 0, "skipped": 1, "records": 1, "duplicates": 0});
    assert_eq!(answer.summary(), expected);
    let text = sandbox.run(&["clean", "in"]).exits(1);
    let last = text.err.lines().last().unwrap();
    assert!(last.starts_with("2 captures: 1 ok") && last.contains("1 rejected"), "{last}");
}

#[test]
fn what_is_rejected_costs_the_others_nothing() {
    let sandbox = Sandbox::new();
    sandbox.write("in/a.txt", article(1));
    sandbox.write("in/b.txt", PNG);
    sandbox.write("in/c.txt", "word ".repeat((1 << 20) / 5 + 1));
    sandbox.write("in/d.txt", article(2));
    sandbox.write("in/d.txt.meta.json", "not JSON");
    sandbox.write("in/e.txt", article(3));
    let words = ["clean", "in", "--out", "out", "--max-capture-mib", "1", "--summary", "json"];
    let answer = sandbox.run(&words).exits(1);
    assert_eq!(sandbox.files("out"), ["a.txt.jsonl", "e.txt.jsonl"]);
    let said: Vec<&str> = answer.err.lines().filter(|line| line.starts_with("rejected")).collect();
    for (name, reason) in [("b.txt", "not_text"), ("c.txt", "too_large"), ("d.txt", "bad_sidecar")]
    {
        let names = |line: &&&str| line.contains(name) && line.contains(reason);
        assert!(said.iter().any(|line| names(&line)), "{name} {reason}: {said:?}");
    }
    assert_eq!(answer.summary()["rejected"], 3);
    sandbox.run(&["clean", "in", "--out", "out"]).exits(1);
    assert!(sandbox.path("out/c.txt.jsonl").exists(), "within the usual limit");
}

#[test]
fn a_page_without_content_is_ok() {
    let sandbox = Sandbox::new();
    sandbox.write("empty.txt", "");
    sandbox.write("blank.txt", "\n \n\u{a0}\n\n");
    let records = sandbox.run(&["clean", "blank.txt", "empty.txt"]).exits(0).records();
    assert_eq!(records.len(), 2);
    for record in records {
        assert_eq!((&record["type"], &record["text"]), (&json!("page"), &json!("")));
        assert!(record["warnings"].as_array().unwrap().contains(&json!("no_content")), "{record}");
    }
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let sandbox = Sandbox::new();
    for number in 0..40 {
        sandbox.write(&format!("in/{number}.txt"), article(number).repeat(40));
    }
    let mut command = sandbox.command();
    command.args(["clean", "in"]);
    command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::null());
    let mut child = command.spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn records_have_every_key_in_the_promised_order() {
    const KEYS: &str = "schema id parent_id index count type url canonical_url host fetched_at title \
        description site section tags language language_score language_declared authors posted_by \
        published_at published_precision published_source modified_at agencies source source_url \
        reactions captions images attachments links rights comments text word_count quality warnings \
        duplicate_of related capture profile cleaner extra";
    let sandbox = Sandbox::new();
    sandbox.write("a.txt", ARTICLE);
    let record = &sandbox.run(&["clean", "a.txt"]).exits(0).records()[0];
    let found: Vec<&str> = record.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(found, KEYS.split_whitespace().collect::<Vec<_>>());
    assert_eq!(record["schema"], "copydesk/1");
    let id = record["id"].as_str().unwrap();
    assert!(id.len() == 32 && id.bytes().all(|byte| b"0123456789abcdef".contains(&byte)), "{id}");
    assert_eq!(record["cleaner"], concat!("copydesk/", env!("CARGO_PKG_VERSION")));
}

#[test]
fn numbers_that_are_too_large_are_no_limit_of_nothing() {
    let sandbox = Sandbox::new();
    sandbox.write("a.txt", ARTICLE);
    // 2^44 MiB: shifted to bytes it would wrap around to zero.
    sandbox.run(&["clean", "a.txt", "--max-capture-mib", "17592186044416"]).exits(0);
}
