//! `profile lint`: notes, the report for editors, and what no case uses. The faults themselves are
//! in `check` and `mutants`.

use serde_json::{Value, json};

use super::program::Sandbox;

const PROFILE: &str = "schema = 1\nkind = \"site\"\nsummary = \"Harbour Gazette, invented\"\n\
    [[match]]\ntext = ['^Harbour Gazette$']\n[strip.line]\n\
    masthead = { is = '^Harbour Gazette$', sample = [\"Harbour Gazette\"] }\n\
    share = { is = '^Share this$', sample = [\"Share this\"] }\n";

#[test]
fn a_profile_without_case_is_noted() {
    let sandbox = Sandbox::new();
    sandbox.write("mine/gazette.toml", PROFILE);
    let out = sandbox.run(&["profile", "lint", "mine"]).exits(0).out;
    assert!(
        out.starts_with(
            "note[no-case]: profile `gazette` has no case\n --> mine/gazette.toml:1:1\n"
        ),
        "{out}"
    );
    assert!(out.contains("mine/fixtures/gazette/what-it-shows/"), "{out}");
    assert!(out.ends_with("0 errors, 0 warnings, 1 notes\n"), "{out}");
    // A layer that only switches rules off needs none.
    let off = "schema = 1\nkind = \"platform\"\nsummary = \"x\"\nextends = \"gazette\"\n[strip.line]\nshare = false\n";
    sandbox.write("mine/herald.toml", off);
    assert_eq!(
        sandbox.run(&["profile", "lint", "mine"]).exits(0).out.matches("no-case").count(),
        1
    );
    let out =
        sandbox.run(&["profile", "lint", "mine/herald.toml", "--profiles", "mine"]).exits(0).out;
    assert_eq!(out, "0 errors, 0 warnings\n");
    // In any folder called `fixtures`.
    let case = "mine/papers/fixtures/gazette/with-masthead/capture.txt";
    sandbox.write(case, "Harbour Gazette\n\nWords.\n");
    let out = sandbox.run(&["profile", "lint", "mine"]).exits(0).out;
    assert_eq!(out, "0 errors, 0 warnings\n");
    let out = sandbox.run(&["profile", "lint", "mine", "--cases"]).exits(0).out;
    assert!(
        out.contains(
            "note[unused-rule]: no case uses rule `strip.line.share`\n --> mine/gazette.toml:8:1\n"
        ),
        "{out}"
    );
    assert_eq!(out.matches("unused-rule").count(), 1, "{out}");
}

#[test]
fn editors_get_one_document() {
    let sandbox = Sandbox::new();
    let text = PROFILE.replace("summary =", "sumary =");
    sandbox.write("mine/gazette.toml", text);
    let out = sandbox.run(&["profile", "lint", "mine", "--format", "json"]).exits(78).out;
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        report,
        json!({
            "errors": 1, "warnings": 0, "notes": 1,
            "faults": [
                {"file": "mine/gazette.toml", "line": 1, "column": 1, "end_line": 1, "end_column": 11,
                 "code": "no-case", "severity": "note", "message": "profile `gazette` has no case",
                 "help": "put a capture into mine/fixtures/gazette/what-it-shows/ as capture.txt or \
                          capture.html, then `copydesk profile test --bless gazette`"},
                {"file": "mine/gazette.toml", "line": 3, "column": 1, "end_line": 3, "end_column": 7,
                 "code": "unknown-key", "severity": "error",
                 "message": "unknown key `sumary` in the profile", "help": "did you mean `summary`?"},
            ],
        })
    );
    sandbox.write("mine/gazette.toml", "schema = \n");
    let out = sandbox.run(&["profile", "lint", "mine", "--format", "json"]).exits(78).out;
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(report["faults"][0]["code"], "syntax");
}
