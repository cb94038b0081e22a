//! T18, T27 and the verbs: reloads under load, the same bytes as `clean`, answers to operators.

use std::time::Duration;

use serde_json::Value;

use super::rig::{Rig, say, slow, text, token, wait_for};

const LONG: Duration = Duration::from_mins(1);

const PROFILE: &str = "schema = 1\nkind = \"site\"\nsummary = \"an invented site\"\n\
    extends = \"news\"\n[[match]]\ntext = ['^Harbour Gazette$']\n[strip.line]\n\
    masthead = { is = '^Harbour Gazette$', sample = [\"Harbour Gazette\"] }\n";

#[test]
fn t18_reloads_under_load_are_whole_or_not_at_all() {
    let rounds = if slow() { 500 } else { 16 };
    let mut rig = Rig::new();
    let profiles = rig.root.join("profiles");
    std::fs::create_dir(&profiles).unwrap();
    rig.set.push(format!("clean.profiles=[{:?}]", profiles.to_str().unwrap()));
    let file = profiles.join("gazette.toml");
    std::fs::write(&file, PROFILE).unwrap();
    let mut service = rig.start();
    wait_for("running", LONG, || rig.status()["phase"] == "running");
    let mut hashes = std::collections::BTreeSet::new();
    for round in 0..rounds {
        rig.arrive_token(round);
        let write = |text: &str| {
            let draft = profiles.join("draft");
            std::fs::write(&draft, text).unwrap();
            std::fs::rename(&draft, &file).unwrap();
        };
        if round % 2 == 0 {
            write(&PROFILE.replace("an invented site", &format!("an invented site, {round}")));
            let (code, said) = rig.ask(&["reload", "--wait"]);
            assert_eq!(code, 0, "{said}");
            hashes.insert(rig.status()["profiles_hash"].as_str().unwrap().to_owned());
        } else {
            write("schema = 1\nkind = \"site\"\nsumary = \"?\"\n[strip.line]\nx = { is = '(' }\n");
            let before = rig.status()["profiles_hash"].clone();
            let (code, said) = rig.ask(&["reload", "--wait"]);
            assert_eq!(code, 78, "{said}");
            assert!(said.contains("gazette.toml:3:1"), "{said}");
            let status = rig.status();
            assert_eq!(status["profiles_hash"], before);
            assert_eq!(status["healthy"], false);
        }
    }
    rig.wait_for_results(rounds, LONG * 3);
    assert_eq!(service.stop(), Some(0));
    rig.check(rounds);
    assert!(hashes.len() >= rounds / 2, "{hashes:?}");
    say(&format!("T18: {rounds} reloads, half of them refused"));
}

#[test]
fn profiles_are_read_again_by_themselves_and_on_sighup() {
    let mut rig = Rig::new();
    let profiles = rig.root.join("profiles");
    std::fs::create_dir(&profiles).unwrap();
    rig.set.push(format!("clean.profiles=[{:?}]", profiles.to_str().unwrap()));
    let mut service = rig.start();
    wait_for("running", LONG, || rig.status()["phase"] == "running");
    let before = rig.status()["profiles_hash"].clone();
    std::fs::write(profiles.join("gazette.toml"), PROFILE).unwrap();
    wait_for("another hash", LONG, || rig.status()["profiles_hash"] != before);
    rig.arrive("a.txt", format!("Harbour Gazette\n\n{}", text("gazette")));
    rig.wait_for_results(1, LONG);
    let record: Value = serde_json::from_str(&rig.taken.lock().unwrap()[0].1).unwrap();
    assert_eq!(record["profile"]["id"], "gazette");
    service.signal("-HUP");
    service.signal("-USR1");
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(service.stop(), Some(0));
    assert!(rig.log().contains("Reloaded."), "{}", rig.log());
}

#[test]
fn t27_the_service_and_clean_give_the_same_records() {
    let rig = Rig::new();
    for number in 0..8 {
        rig.arrive_token(number);
    }
    let out = rig.root.join("out");
    let cleaned = rig.program().arg("clean").arg(&rig.inbox).arg("--out").arg(&out).status();
    assert!(cleaned.unwrap().success());
    let mut service = rig.start();
    rig.wait_for_results(8, LONG);
    assert_eq!(service.stop(), Some(0));
    let plain = |line: &str| {
        let mut record: Value = serde_json::from_str(line).unwrap();
        // Which of two copies came first differs: the service takes captures as they come.
        for key in ["duplicate_of", "related"] {
            record.as_object_mut().unwrap().remove(key);
        }
        record.to_string()
    };
    for (_, found) in rig.taken.lock().unwrap().iter() {
        let record: Value = serde_json::from_str(found.lines().next().unwrap()).unwrap();
        let path = record["capture"]["path"].as_str().unwrap();
        let expected = std::fs::read_to_string(out.join(format!("{path}.jsonl"))).unwrap();
        let lines = |text: &str| text.lines().map(plain).collect::<Vec<_>>();
        assert_eq!(lines(found), lines(&expected));
    }
}

#[test]
fn near_copies_are_found_across_restarts() {
    let rig = Rig::new();
    let words: Vec<String> = (0..80).map(|number| format!("word{number}")).collect();
    let article = format!("The clerk wrote down {} and went home.\n", words.join(" "));
    rig.arrive("one.txt", &article);
    let mut service = rig.start();
    rig.wait_for_results(1, LONG);
    assert_eq!(service.stop(), Some(0));
    rig.arrive("two.txt", format!("{article}\nA line more.\n"));
    let mut service = rig.start();
    rig.wait_for_results(2, LONG);
    assert_eq!(service.stop(), Some(0));
    let taken = rig.taken.lock().unwrap();
    let record: Value = serde_json::from_str(taken[1].1.lines().last().unwrap()).unwrap();
    assert_eq!(record["duplicate_of"]["capture"], "one.txt", "{record}");
}

#[test]
fn operators_get_answers() {
    let rig = Rig::new();
    rig.arrive_token(0);
    rig.arrive("x.png", b"\x89PNG\r\n\x1a\n\0\0");
    let (code, said) = rig.ask(&["status"]);
    assert_eq!(code, 74, "no spool yet: {said}");
    let mut service = rig.start();
    rig.wait_for_results(2, LONG);
    let why = |key: &str| -> Value {
        let (_, said) = rig.ask(&["why", key]);
        serde_json::from_str(&said).unwrap()
    };
    let found = why("t000000.txt");
    assert_eq!(found["jobs"][0]["state"], "committed", "{found}");
    let job = found["jobs"][0]["job"].as_str().unwrap().to_owned();
    for key in [
        job.clone(),
        format!("new/{job}.jsonl"),
        rig.inbox.join("t000000.txt").to_str().unwrap().to_owned(),
    ] {
        assert_eq!(why(&key)["jobs"][0]["job"], job.as_str(), "{key}");
    }
    assert_eq!(rig.ask(&["why", "nothing.txt"]).0, 1);
    let (code, listed) = rig.ask(&["quarantine", "list"]);
    assert_eq!((code, listed.lines().count()), (0, 1), "{listed}");
    let entry: Value = serde_json::from_str(listed.trim()).unwrap();
    let bad = entry["job"].as_str().unwrap();
    let (code, shown) = rig.ask(&["quarantine", "show", bad]);
    assert!(code == 0 && shown.contains("\"not_text\""), "{shown}");
    assert_eq!(rig.ask(&["quarantine", "redrive"]).0, 2);
    assert_eq!(rig.ask(&["quarantine", "redrive", bad]).0, 0);
    wait_for("its second revision", LONG, || rig.names("quarantine") == [format!("{bad}-r2")]);
    wait_for("its second end", LONG, || why("x.png")["jobs"][0]["state"] == "quarantined");
    assert_eq!(rig.ask(&["quarantine", "drop", "--reason", "not_text"]).0, 0);
    assert_eq!(rig.names("quarantine"), Vec::<String>::new());
    assert_eq!(rig.ask(&["rescan"]).0, 0);
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(rig.names("quarantine"), Vec::<String>::new(), "what is dropped stays so");
    assert_eq!(rig.ask(&["status"]).0, 0);
    assert_eq!(service.stop(), Some(0));
    assert_eq!(rig.ask(&["status"]).0, 69);
    assert_eq!(why("x.png")["jobs"][0]["state"], "dropped");
    assert_eq!(rig.ask(&["rescan"]).0, 69);
    assert_eq!(rig.number("SELECT COUNT(*) FROM job"), 2);
    assert_eq!(token(0), "t000000");
}

#[test]
fn metrics_and_health_are_served_where_asked_for() {
    use std::io::{Read as _, Write as _};
    let mut rig = Rig::new();
    let socket = rig.root.join("metrics");
    rig.set.push(format!("metrics.listen=unix:{}", socket.display()));
    rig.arrive_token(0);
    let mut service = rig.start();
    rig.wait_for_results(1, LONG);
    let get = |path: &str| {
        let mut stream = std::os::unix::net::UnixStream::connect(&socket).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    let metrics = get("/metrics");
    assert!(metrics.starts_with("HTTP/1.1 200 OK"), "{metrics}");
    assert!(metrics.contains("\ncopydesk_captures_committed_total 1\n"), "{metrics}");
    assert!(get("/health").contains("\"healthy\":true"));
    assert!(get("/else").starts_with("HTTP/1.1 404"));
    assert_eq!(service.stop(), Some(0));
}

#[test]
fn bad_configuration_is_78_with_a_caret() {
    let rig = Rig::new();
    let config = rig.root.join("copydesk.toml");
    std::fs::write(&config, "inbox = \"/in\"\nspool = \"/out\"\nretentoin = \"keep\"\n").unwrap();
    for verb in ["check", "run"] {
        let output = rig.program().args([verb, "--config"]).arg(&config).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(78), "{said}");
        assert!(said.contains("did you mean `retention`?") && said.contains('^'), "{said}");
    }
    let printed = rig.program().args(["check", "--print-config"]).output().unwrap();
    assert!(String::from_utf8_lossy(&printed.stdout).contains("settle_ms = 2000"));
}

#[test]
fn profiles_of_the_flag_are_read() {
    let rig = Rig::new();
    std::fs::create_dir(rig.root.join("profiles")).unwrap();
    std::fs::write(rig.root.join("profiles/quay.toml"), "schema = 1\nextendz = \"news\"\n")
        .unwrap();
    let mut command = rig.command();
    assert_eq!(command.args(["--profiles", "profiles"]).status().unwrap().code(), Some(78));
    assert!(rig.log().contains("did you mean `extends`?"), "{}", rig.log());
}

#[test]
fn the_example_configuration_holds_every_default() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let shipped = std::fs::read_to_string(root.join("systemd/copydesk.toml")).unwrap();
    let rig = Rig::new();
    let printed = rig.program().args(["check", "--print-config"]).output().unwrap();
    let printed = String::from_utf8(printed.stdout).unwrap();
    for line in
        printed.lines().filter(|line| !line.starts_with("inbox") && !line.starts_with("spool ="))
    {
        assert!(shipped.lines().any(|known| known == line), "{line}");
    }
}

#[test]
fn the_unit_is_understood_and_hardened() {
    use std::process::Command;
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let rig = Rig::new();
    // The check wants the program where the unit names it.
    let unit = std::fs::read_to_string(root.join("systemd/copydesk.service")).unwrap();
    let unit = unit.replace("/usr/bin/copydesk", env!("CARGO_BIN_EXE_copydesk"));
    let path = rig.root.join("copydesk.service");
    std::fs::write(&path, unit).unwrap();
    let Ok(verify) = Command::new("systemd-analyze").arg("verify").arg(&path).output() else {
        say("skipped: the unit: no systemd-analyze");
        return;
    };
    let said = String::from_utf8_lossy(&verify.stderr).into_owned();
    assert!(verify.status.success() && said.is_empty(), "{said}");
    // 1.5, on systemd's scale times ten.
    let security = Command::new("systemd-analyze")
        .args(["security", "--offline=yes", "--threshold=15", "--no-pager"])
        .arg(&path)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&security.stdout).into_owned();
    assert!(security.status.success(), "{said}");
}

/// What was cleaned of late against what the cases promise: a masthead that is written otherwise,
/// and articles that are cut short.
#[test]
fn a_layout_that_changed_shows_in_the_ledger() {
    let mut rig = Rig::new();
    let profiles = rig.root.join("profiles");
    let case = profiles.join("fixtures/gazette/with-masthead");
    std::fs::create_dir_all(&case).unwrap();
    rig.set.push(format!("clean.profiles=[{:?}]", profiles.to_str().unwrap()));
    let profile = PROFILE
        .replace("[strip.line]", "[strip.line]\nshare = { is = '^Share$', sample = [\"Share\"] }");
    std::fs::write(profiles.join("gazette.toml"), profile).unwrap();
    let article = format!("Harbour Gazette\n\n{}\n\n{}\n\nShare\n", text("one"), text("two"));
    std::fs::write(case.join("capture.txt"), article).unwrap();
    let test = |more: &[&str]| {
        let mut command = rig.program();
        command.args(["profile", "test", "--profiles"]).arg(&profiles).args(more);
        let out = command.current_dir(&rig.root).output().unwrap();
        (out.status.code(), String::from_utf8(out.stdout).unwrap())
    };
    assert_eq!(test(&["--bless"]).0, Some(0));
    let spool = rig.root.join("spool");
    let spool = spool.to_str().unwrap();
    let mut service = rig.start();
    for number in 0..200 {
        rig.arrive(
            &format!("{number}.txt"),
            format!("Harbour Gazette\n\nWords, {number} of them.\n"),
        );
    }
    rig.wait_for_results(200, LONG * 3);
    // Beside the running service.
    let (code, said) = test(&["--spool", spool]);
    assert_eq!(service.stop(), Some(0));
    assert_eq!(code, Some(0), "{said}");
    for wanted in [
        "warning: profile `gazette`: the last 200 texts gave ",
        "warning: `gazette/strip.line.share` acts in a case and in none of the last 200 texts of `gazette`",
    ] {
        assert!(said.contains(wanted), "{wanted}\n{said}");
    }
    assert!(!said.contains("strip.line.masthead"), "{said}");
    assert_eq!(test(&["--spool", spool]), (code, said), "and without it");
    let rows = rig.number("SELECT COUNT(*) FROM yield");
    assert_eq!(rows, 200);
    assert_eq!(test(&[]), (Some(0), "1 passed, 0 failed\n".to_owned()));
}
