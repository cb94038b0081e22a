//! `copydesk check`: every fault of every profile at once, with file, line, column and a caret.
//!
//! `tests/it/broken/` holds one fault in each file but `sound.toml`; the report is golden.
//! `UPDATE_GOLDEN=1 cargo test --test it check` writes it anew: read the diff before you commit.

use super::program::{Sandbox, answer, root};

const BROKEN: &str = "tests/it/broken";
const GOLDEN: &str = "tests/it/broken.golden.txt";

/// The report, run from the root of the crate so that its paths are relative. The number of
/// profiles is left out: it grows with every built-in one.
fn report() -> String {
    let sandbox = Sandbox::new();
    let mut command = sandbox.command();
    command.current_dir(root()).args(["check", "--profiles", BROKEN]);
    let out = answer(command, b"").exits(78).out;
    let (faults, last) = out.trim_end().rsplit_once('\n').unwrap();
    let (count, rest) = last.split_once(' ').unwrap();
    assert!(count.parse::<usize>().is_ok(), "{last}");
    format!("{faults}\nN {rest}\n")
}

#[test]
fn the_report_on_broken_profiles_is_golden() {
    let found = report();
    let path = root().join(GOLDEN);
    if std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1") {
        std::fs::write(&path, &found).unwrap();
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        golden == found,
        "the report differs from {GOLDEN}; if it is what you meant, UPDATE_GOLDEN=1 writes it\n{found}"
    );
}

#[test]
fn each_broken_file_has_one_fault_that_names_its_place() {
    let report = report();
    let mut kinds = std::collections::BTreeSet::new();
    let entries = std::fs::read_dir(root().join(BROKEN)).unwrap();
    for entry in entries {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let place = format!("--> {BROKEN}/{name}:");
        let places: Vec<&str> = report.lines().filter(|line| line.contains(&place)).collect();
        assert_eq!(places.len(), usize::from(name != "sound.toml"), "{name}\n{report}");
        if let [found] = places[..] {
            let (_, at) = found.split_once(&place).unwrap();
            let (line, column) = at.trim().split_once(':').unwrap();
            assert!(line.parse::<u32>().is_ok() && column.parse::<u32>().is_ok(), "{found}");
            let above = report.lines().take_while(|line| *line != found).last().unwrap();
            kinds.insert(above.split(']').next().unwrap().to_owned());
        }
    }
    assert_eq!(kinds.len(), 21, "kinds of faults: {kinds:#?}");
}

#[test]
fn all_faults_of_one_file_are_found_at_once() {
    let sandbox = Sandbox::new();
    let text = "schema = 1\nkind = \"site\"\nsumary = \"x\"\nextends = \"xenforo\"\nchecked = \"soon\"\n\
        [[match]]\nhosts = [\"a.example\"]\nmin = 4\n[strip.line]\none = '^(a$'\ntwo = { is = '^[b$' }\n\
        three = 7\n[piece]\nauthro = [{ line = '^By (?<author>.+)$' }]\n[strip.region]\n\
        four = { from = '^x$', to = \"no-such-rule\", sample = [\"x\"] }\n[sprit.line]\n";
    sandbox.write("mine/a.toml", text);
    let out = sandbox.run(&["check", "--profiles", "mine"]).exits(78).out;
    for wanted in [
        "unknown key `sumary`",
        "`checked` has a value that cannot be used",
        "`min` has a value that cannot be used",
        "bad pattern",
        "`three` is a whole number",
        "unknown key `authro`",
        "`no-such-rule` is no rule",
        "unknown key `sprit`",
    ] {
        assert!(out.contains(wanted), "{wanted}\n{out}");
    }
    assert_eq!(out.matches("bad pattern").count(), 2, "{out}");
}

#[test]
fn a_file_that_is_not_toml_says_where() {
    let sandbox = Sandbox::new();
    sandbox.write("mine/a.toml", "schema = 1\nkind = \"site\nsummary = \"x\"\n");
    let out = sandbox.run(&["check", "--profiles", "mine"]).exits(78).out;
    assert!(out.contains("not TOML") && out.contains("mine/a.toml:2:"), "{out}");
}

#[test]
fn two_files_of_one_id_name_each_other() {
    let sandbox = Sandbox::new();
    let text = "schema = 1\nkind = \"site\"\nsummary = \"x\"\n[[match]]\nhosts = [\"a.example\"]\n";
    sandbox.write("mine/one/a.toml", text);
    sandbox.write("mine/two/a.toml", text);
    let out = sandbox.run(&["check", "--profiles", "mine"]).exits(78).out;
    assert!(out.contains("`a` is also defined in mine/one/a.toml"), "{out}");
    assert!(out.contains("--> mine/two/a.toml:1:1"), "{out}");
}

#[test]
fn without_fault_it_is_0() {
    let sandbox = Sandbox::new();
    let out = sandbox.run(&["check"]).exits(0).out;
    assert!(out.trim_end().ends_with("profiles, 0 errors, 0 warnings"), "{out}");
    assert_eq!(out.lines().count(), 1, "{out}");
}

#[test]
fn a_bad_pattern_is_shown_at_its_fault_whatever_its_letters() {
    let sandbox = Sandbox::new();
    for (pattern, column) in [("é(x", 14), ("^é(x$", 15), ("^Share (this$", 20), ("^[é-a]$", 15)]
    {
        let rule = format!("a = {{ is = '{pattern}', sample = [\"x\"] }}");
        let head =
            "schema = 1\nkind = \"site\"\nsummary = \"x\"\n[[match]]\nhosts = [\"a.example\"]";
        sandbox.write("mine/a.toml", format!("{head}\n[strip.line]\n{rule}\n"));
        let out = sandbox.run(&["check", "--profiles", "mine"]).exits(78).out;
        assert!(out.contains(&format!("mine/a.toml:7:{column}\n")), "{pattern}\n{out}");
    }
}
