//! `profile test`: cases of the user's own, what it says of one that differs, what it does not run.

use super::program::{ARTICLE, Sandbox};

const PROFILE: &str = "schema = 1\nkind = \"site\"\nsummary = \"Harbour Gazette, invented\"\nextends = \"paper\"\n\
    [[match]]\ntext = ['^Harbour Gazette \\| Your island daily$']\n[strip.line]\n\
    masthead = { is = '^Harbour Gazette \\|', sample = [\"Harbour Gazette | Your island daily\"] }\n\
    share = { is = '^Share this$', sample = [\"Share this\"] }\n";

const PARENT: &str = "schema = 1\nkind = \"platform\"\nsummary = \"Papers, invented\"\n[piece]\n\
    author = [{ line = '^By (?<author>.+)$', at = \"1..8\", drop = true }]\n\
    published = [{ date = true, at = \"1..8\", drop = true }]\n";

const FOLDER: &str = "mine/fixtures/gazette/with-masthead";

/// A profile of the user's with one case, blessed.
fn gazette() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("mine/gazette.toml", PROFILE);
    sandbox.write("mine/paper.toml", PARENT);
    let text = format!(
        "Harbour Gazette | Your island daily\n\nFerry Back in Service\n\nBy Mira Oduya\n\nJune 3, 2021\n\n{ARTICLE}\nShare this\n"
    );
    sandbox.write(&format!("{FOLDER}/capture.txt"), text);
    let out = test(&sandbox, &["--bless"], 0);
    assert_eq!(out, "blessed gazette/with-masthead, which is new\n0 passed, 0 failed, 1 blessed\n");
    sandbox
}

#[track_caller]
fn test(sandbox: &Sandbox, more: &[&str], code: i32) -> String {
    sandbox.run(&[&["profile", "test", "--profiles", "mine"], more].concat()).exits(code).out
}

#[test]
fn cases_of_the_user_s_own_folder_run() {
    let sandbox = gazette();
    assert_eq!(test(&sandbox, &[], 0), "1 passed, 0 failed\n");
    assert_eq!(test(&sandbox, &["gazette"], 0), "1 passed, 0 failed\n");
    assert_eq!(test(&sandbox, &["gazette/with-masthead"], 0), "1 passed, 0 failed\n");
    assert_eq!(test(&sandbox, &["--bless"], 0), "1 passed, 0 failed, 0 blessed\n");
    sandbox.run(&["profile", "test", "--profiles", "mine", "gazet"]).exits(2);
    // A folder of cases is no folder of profiles, and a case is no profile.
    let list = sandbox.run(&["profile", "list", "--profiles", "mine"]).exits(0).out;
    assert_eq!(list.lines().filter(|row| row.contains(" user ")).count(), 2, "{list}");
}

#[test]
fn a_case_that_is_broken_by_hand_says_what_to_look_at() {
    let sandbox = gazette();
    let path = format!("{FOLDER}/expected.jsonl");
    let right = sandbox.read(&path);
    assert!(right.contains("2021-06-03") && right.contains("the ropes were cast off"));
    let wrong = right
        .replace("\"published_at\":\"2021-06-03\"", "\"published_at\":\"2021-06-04\"")
        .replace("the ropes were cast off", "the ropes were cut");
    assert_ne!(right, wrong);
    sandbox.write(&path, wrong);
    let out = test(&sandbox, &[], 1);
    for wanted in [
        "FAILED gazette/with-masthead (- expected, + found)\n  1 article\n",
        "    published_at\n      - \"2021-06-04\"\n      + \"2021-06-03\"\n",
        "    text\n      - …or them until the ropes were cut.\n",
        "  look at: copydesk profile explain mine/fixtures/gazette/with-masthead/capture.txt --profiles mine\n",
        "  if it is what you meant: copydesk profile test --bless gazette/with-masthead --profiles mine\n",
        "0 passed, 1 failed\n",
    ] {
        assert!(out.contains(wanted), "{wanted}\n---\n{out}");
    }
    // Blessing says what it changed, and brings the file back.
    let out = test(&sandbox, &["--bless"], 0);
    assert!(
        out.starts_with("blessed gazette/with-masthead (- before, + now)\n  1 article\n"),
        "{out}"
    );
    assert_eq!(sandbox.read(&path), right);
    sandbox.write(&path, right.replacen('{', "", 1));
    assert!(test(&sandbox, &[], 1).contains("  line 1 is no JSON: "));
}

#[test]
fn a_rule_that_takes_another_line_is_named() {
    let sandbox = gazette();
    let wide = "\nby = { is = '^By .*$', sample = [\"By Mira\"] }\n";
    sandbox.write("mine/gazette.toml", PROFILE.replace("share = ", "# share = ") + wide);
    let out = test(&sandbox, &[], 1);
    for wanted in [
        "  lines of the capture\n       5 gazette/strip.line.by, was author <- paper/piece.author: By Mira Oduya\n",
        "is in the text now, was gazette/strip.line.share: Share this\n",
        "  rules that act otherwise: gazette/strip.line.by, gazette/strip.line.share, paper/piece.author\n",
    ] {
        assert!(out.contains(wanted), "{wanted}\n---\n{out}");
    }
    // Another profile takes the capture.
    sandbox.write("mine/gazette.toml", PROFILE.replace("Harbour Gazette", "Harbour Herald"));
    let out = test(&sandbox, &[], 1);
    assert!(out.contains("was chosen, not `gazette`") && out.contains("look at: "), "{out}");
}

#[test]
fn only_what_changed_runs_again() {
    let sandbox = gazette();
    let changed = |code| test(&sandbox, &["--changed"], code);
    let nothing = "0 passed, 0 failed, 1 unchanged and not run\n";
    assert_eq!(changed(0), nothing);
    sandbox.write("mine/gazette.toml", format!("{PROFILE}# A word more.\n"));
    assert_eq!(changed(0), "1 passed, 0 failed, 0 unchanged and not run\n");
    assert_eq!(changed(0), nothing);
    // A parent.
    sandbox.write("mine/paper.toml", format!("{PARENT}# A word more.\n"));
    assert!(changed(0).starts_with("1 passed"));
    assert_eq!(changed(0), nothing);
    // Another profile that might take the capture.
    sandbox.write(
        "mine/other.toml",
        "schema = 1\nkind = \"site\"\nsummary = \"Other\"\n[[match]]\nhosts = [\"a.example\"]\n",
    );
    assert!(changed(0).starts_with("1 passed"));
    // What is expected; and a failure runs until it is mended.
    let path = format!("{FOLDER}/removed.txt");
    let right = sandbox.read(&path);
    sandbox.write(&path, "");
    assert!(changed(1).contains("0 passed, 1 failed"));
    assert!(changed(1).contains("0 passed, 1 failed"));
    sandbox.write(&path, right);
    assert!(changed(0).starts_with("1 passed"));
    assert_eq!(changed(0), nothing);
    // What is remembered can be lost.
    let state = sandbox.path("").join("../home/state/copydesk/cases.json");
    assert!(std::fs::read_to_string(&state).unwrap().contains("with-masthead"));
    std::fs::write(&state, "no JSON").unwrap();
    assert!(changed(0).starts_with("1 passed"));
}
