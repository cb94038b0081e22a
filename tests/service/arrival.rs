//! T7–T9, T11, T12, T15, T16, T20, T21: what can happen in an inbox.

use std::io::{Seek as _, Write as _};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::CommandExt as _;
use std::time::Duration;

use super::rig::{Dice, Rig, say, slow, text, token, wait_for};

const LONG: Duration = Duration::from_mins(2);

#[test]
fn t8_trees_that_are_moved_in_and_folders_that_appear_at_once() {
    let rig = Rig::new();
    let mut service = rig.start();
    wait_for("a first scan", LONG, || rig.status()["scanned"] == true);
    let mut number = 0;
    // Ready-made trees.
    for tree in 0..20 {
        let draft = rig.root.join("drafts").join(format!("tree{tree}"));
        std::fs::create_dir_all(draft.join("a/b")).unwrap();
        for below in ["", "a", "a/b"] {
            let token = token(number);
            std::fs::write(draft.join(below).join(format!("{token}.txt")), text(&token)).unwrap();
            number += 1;
        }
        std::fs::rename(&draft, rig.inbox.join(format!("tree{tree}"))).unwrap();
    }
    // Folders that are made and written to at once.
    for folder in 0..40 {
        let token = token(number);
        let folder = rig.inbox.join(format!("d{folder}/s1/s2"));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(format!("{token}.txt")), text(&token)).unwrap();
        number += 1;
    }
    wait_for("all results", LONG, || {
        rig.consume(true);
        rig.results().len() == number
    });
    // Found by hints, not by the next full scan.
    assert!(rig.status()["uptime_s"].as_u64().unwrap() < 120);
    // Moved inside the inbox: the same captures.
    for tree in 0..20 {
        let from = rig.inbox.join(format!("tree{tree}"));
        std::fs::rename(from, rig.inbox.join(format!("moved{tree}"))).unwrap();
    }
    std::thread::sleep(Duration::from_millis(600));
    // The inbox itself is replaced.
    std::fs::rename(&rig.inbox, rig.root.join("old-inbox")).unwrap();
    // Gone for longer than the service looks away.
    std::thread::sleep(Duration::from_millis(1_200));
    std::fs::create_dir(&rig.inbox).unwrap();
    let token = token(number);
    std::fs::write(rig.inbox.join(format!("{token}.txt")), text(&token)).unwrap();
    number += 1;
    wait_for("the result of the new inbox", LONG, || {
        rig.consume(true);
        rig.results().len() == number
    });
    assert_eq!(service.stop(), Some(0));
    let results = rig.results();
    assert!(results.values().all(|count| *count == 1), "{results:?}");
    rig.check_ledger();
    say(&format!("T8: {number} captures in trees, new folders and a replaced inbox"));
}

#[test]
fn t8_a_burst_is_taken_whole() {
    let count = if slow() { 100_000 } else { 1_500 };
    let rig = Rig::new().set("near_duplicates.max_records=1000");
    let mut service = rig.start();
    wait_for("a first scan", LONG, || rig.status()["scanned"] == true);
    let before = memory(&service);
    for number in 0..count {
        // Small: what is measured is the way, not the cleaning.
        let token = token(number);
        let text = format!("The clerk wrote {token}first, {token}middle and {token}last.\n");
        std::fs::write(rig.inbox.join(format!("{token}.txt")), text).unwrap();
    }
    wait_for("all results", LONG * 5, || {
        rig.consume(true);
        rig.taken.lock().unwrap().len() >= count
    });
    let after = memory(&service);
    assert_eq!(service.stop(), Some(0));
    rig.check(count);
    say(&format!("T8: {count} captures at once; memory {before} KiB before, {after} KiB after"));
    assert!(after < before + 64 * 1024, "{before} KiB before, {after} KiB after");
}

/// Resident memory in KiB.
fn memory(service: &super::rig::Service) -> u64 {
    let path = format!("/proc/{}/status", service.child.id());
    let text = std::fs::read_to_string(path).unwrap();
    let line = text.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[test]
fn t7_lost_events_are_made_up_for() {
    let count = if slow() { 20_000 } else { 300 };
    let rig = Rig::new();
    // Many folders: of the later ones no event is left.
    let folders = 200;
    let folder = |number: usize| rig.inbox.join(format!("d{:03}", number * folders / count));
    for number in 0..count {
        std::fs::create_dir_all(folder(number)).unwrap();
    }
    let mut service = rig.start();
    wait_for("a first scan", LONG, || rig.status()["scanned"] == true);
    service.signal("-STOP");
    for number in 0..count {
        let token = token(number);
        let text = format!("The clerk wrote {token}first, {token}middle and {token}last.\n");
        std::fs::write(folder(number).join(format!("{token}.txt")), text).unwrap();
    }
    service.signal("-CONT");
    wait_for("all results", LONG * 3, || {
        rig.consume(true);
        rig.taken.lock().unwrap().len() >= count
    });
    assert_eq!(service.stop(), Some(0));
    let results = rig.results();
    assert!(results.len() == count && results.values().all(|count| *count == 1));
    rig.check_ledger();
    say(&format!("T7: {count} captures while the service stood still"));
}

#[test]
fn t11_the_inbox_is_not_touched() {
    let rig = Rig::new();
    for number in 0..10 {
        rig.arrive_token(number);
    }
    rig.arrive("page.png", b"\x89PNG\r\n\x1a\n\0\0");
    let look = || {
        let mut seen = Vec::new();
        for entry in walkdir::WalkDir::new(&rig.inbox).sort_by_file_name() {
            let entry = entry.unwrap();
            let meta = std::fs::symlink_metadata(entry.path()).unwrap();
            let bytes = if meta.is_file() { std::fs::read(entry.path()).unwrap() } else { vec![] };
            seen.push((
                entry.path().to_owned(),
                meta.ino(),
                meta.mode(),
                (meta.mtime(), meta.mtime_nsec(), meta.ctime(), meta.ctime_nsec()),
                bytes,
            ));
        }
        seen
    };
    let before = look();
    let mut service = rig.start();
    rig.wait_for_results(11, LONG);
    assert_eq!(service.stop(), Some(0));
    assert_eq!(before, look());
    assert_eq!(rig.quarantined(), [("page.png".to_owned(), "not_text".to_owned())]);
}

#[test]
fn t12_slow_writers_are_waited_for() {
    let count = if slow() { 50 } else { 16 };
    let rig = Rig::new();
    let mut service = rig.start();
    wait_for("a first scan", LONG, || rig.status()["scanned"] == true);
    std::thread::scope(|scope| {
        for number in 0..count {
            let rig = &rig;
            scope.spawn(move || write_slowly(rig, number));
        }
    });
    rig.wait_for_results(count, LONG);
    // Long enough for a second result, if there were one to come.
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(service.stop(), Some(0));
    rig.check(count);
    say(&format!("T12: {count} slow writers"));
}

/// Writes one capture in one of several bad manners. Pauses are longer than the time to settle
/// where the file stays open, and shorter where it does not.
fn write_slowly(rig: &Rig, number: usize) {
    let mut dice = Dice(number as u64 + 1);
    let token = token(number);
    let text = text(&token);
    let path = rig.inbox.join(format!("{token}.txt"));
    match number % 4 {
        // One handle, pieces of all sizes.
        0 => {
            let mut file = std::fs::File::create(&path).unwrap();
            let mut left = text.as_bytes();
            while !left.is_empty() {
                let length = usize::try_from(1 + dice.roll(120)).unwrap().min(left.len());
                file.write_all(&left[..length]).unwrap();
                left = &left[length..];
                std::thread::sleep(Duration::from_millis(dice.roll(200)));
            }
        }
        // Opened, appended, closed, again and again.
        1 => {
            for piece in text.as_bytes().chunks(150) {
                let mut options = std::fs::OpenOptions::new();
                options.create(true).append(true).open(&path).unwrap().write_all(piece).unwrap();
                std::thread::sleep(Duration::from_millis(dice.roll(20)));
            }
        }
        // Made at its full length first, then filled in, with an old time set at the end.
        2 => {
            let mut file = std::fs::File::create(&path).unwrap();
            file.set_len(text.len() as u64).unwrap();
            std::thread::sleep(Duration::from_millis(250));
            file.rewind().unwrap();
            for piece in text.as_bytes().chunks(100) {
                file.write_all(piece).unwrap();
                std::thread::sleep(Duration::from_millis(dice.roll(90)));
            }
            let old = std::time::SystemTime::UNIX_EPOCH + Duration::from_hours(24);
            file.set_times(std::fs::FileTimes::new().set_modified(old)).unwrap();
        }
        // Half a draft, cut and written anew.
        _ => {
            let mut file = std::fs::File::create(&path).unwrap();
            file.write_all(&text.as_bytes()[..100]).unwrap();
            std::thread::sleep(Duration::from_millis(300));
            file.set_len(0).unwrap();
            file.rewind().unwrap();
            std::thread::sleep(Duration::from_millis(200));
            file.write_all(text.as_bytes()).unwrap();
        }
    }
}

#[test]
fn t15_names_of_all_kinds() {
    let rig = Rig::new();
    let mut names: Vec<Vec<u8>> = vec![
        b"line\nfeed.txt".to_vec(),
        b"esc\x1b[31mred.txt".to_vec(),
        b"\xff\xfe.txt".to_vec(),
        "emoji \u{1f40c}.txt".into(),
        "turned \u{202e}txt.exe".into(),
        b"..dots.. .txt".to_vec(),
        b"C:\\con.txt".to_vec(),
        [&[b'x'; 251][..], b".txt"].concat(),
    ];
    names.sort();
    for name in &names {
        let path = rig.inbox.join(std::ffi::OsStr::from_bytes(name));
        std::fs::write(path, text("named")).unwrap();
    }
    let hidden = names.iter().filter(|name| name.starts_with(b".")).count();
    let mut service = rig.start_with(&[]);
    rig.wait_for_results(names.len() - hidden, LONG);
    assert_eq!(service.stop(), Some(0));
    assert!(rig.results().values().all(|count| *count == 1));
    for (name, _) in rig.taken.lock().unwrap().iter() {
        let stem = name.strip_suffix(".jsonl").unwrap();
        assert!(stem.len() == 32 && stem.bytes().all(|byte| byte.is_ascii_hexdigit()), "{name}");
    }
    let bad = |character: char| character.is_control() && character != '\n';
    assert!(!rig.log().contains(bad), "{}", rig.log());
    rig.check_ledger();
}

#[test]
fn t16_what_is_no_file_is_left_alone() {
    let rig = Rig::new();
    let outside = rig.root.join("outside");
    std::fs::create_dir(&outside).unwrap();
    std::fs::write(outside.join("secret.txt"), text("secret")).unwrap();
    let link = |to: &std::path::Path, name: &str| {
        std::os::unix::fs::symlink(to, rig.inbox.join(name)).unwrap();
    };
    link(&outside, "folder");
    link(&outside.join("secret.txt"), "file.txt");
    link(std::path::Path::new("loop.txt"), "loop.txt");
    let fifo = rig.inbox.join("fifo.txt");
    assert!(std::process::Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    let _socket = std::os::unix::net::UnixListener::bind(rig.inbox.join("socket.txt")).unwrap();
    std::fs::create_dir(rig.inbox.join("page.html")).unwrap();
    let sparse = std::fs::File::create(rig.inbox.join("sparse.txt")).unwrap();
    sparse.set_len(1 << 40).unwrap();
    drop(sparse);
    rig.arrive_token(0);
    rig.arrive("empty.txt", "");
    std::fs::hard_link(rig.inbox.join("t000000.txt"), rig.inbox.join("twin.txt")).unwrap();
    let mut service = rig.start();
    rig.wait_for_results(4, LONG);
    std::thread::sleep(Duration::from_millis(300));
    assert!(rig.status()["special_names"].as_u64().unwrap() >= 5);
    assert_eq!(service.stop(), Some(0));
    rig.consume(true);
    let results = rig.results();
    let names: Vec<&str> = results.keys().map(String::as_str).collect();
    assert_eq!(names, ["empty.txt", "sparse.txt", "t000000.txt", "twin.txt"]);
    assert_eq!(rig.quarantined(), [("sparse.txt".to_owned(), "too_large".to_owned())]);
    assert!(!rig.taken.lock().unwrap().iter().any(|(_, text)| text.contains("secretfirst")));
}

#[test]
fn t20_times_of_other_centuries() {
    let rig = Rig::new();
    let epoch = std::time::SystemTime::UNIX_EPOCH;
    let year = Duration::from_secs(31_556_952);
    for (number, time) in [epoch, epoch + year * 136, epoch + year * 80].into_iter().enumerate() {
        rig.arrive_token(number);
        let path = rig.inbox.join(format!("{}.txt", token(number)));
        let file = std::fs::File::options().write(true).open(path).unwrap();
        file.set_times(std::fs::FileTimes::new().set_modified(time)).unwrap();
    }
    let mut service = rig.start();
    rig.wait_for_results(3, LONG);
    assert_eq!(service.stop(), Some(0));
    rig.check(3);
}

#[test]
fn sidecars_travel_with_their_capture_and_drafts_are_ignored() {
    let rig = Rig::new();
    let url = "https://gazette.example/ferry";
    rig.arrive("page.txt.meta.json", format!("{{\"url\":\"{url}\",\"depth\":3}}"));
    rig.arrive("bad.txt.meta.json", "[1]");
    rig.arrive("page.txt", text("page"));
    rig.arrive("bad.txt", text("bad"));
    for name in ["x.txt.part", "y.tmp", ".hidden.txt", "z.txt~", "lone.txt.done"] {
        rig.arrive(name, text("draft"));
    }
    let mut service = rig.start();
    rig.wait_for_results(2, LONG);
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(service.stop(), Some(0));
    rig.consume(true);
    assert_eq!(rig.results().len(), 2, "{:?}", rig.results());
    let taken = rig.taken.lock().unwrap();
    let record: serde_json::Value = serde_json::from_str(&taken[0].1).unwrap();
    assert_eq!((&record["url"], &record["extra"]["depth"]), (&url.into(), &3.into()));
    assert_eq!(rig.quarantined(), [("bad.txt".to_owned(), "bad_sidecar".to_owned())]);
}

#[test]
fn a_marker_makes_a_capture_complete() {
    let rig = Rig::new().set("arrival.complete=marker");
    rig.arrive_token(0);
    rig.arrive_token(1);
    rig.arrive("t000001.txt.done", "");
    let mut service = rig.start();
    rig.wait_for_results(1, LONG);
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(rig.results().keys().collect::<Vec<_>>(), ["t000001.txt"]);
    rig.arrive("t000000.txt.done", "");
    rig.wait_for_results(2, LONG);
    assert_eq!(service.stop(), Some(0));
    rig.check(2);
}

#[test]
fn archive_and_delete_do_so_after_the_commit() {
    for (how, left) in [("archive", 3), ("delete", 0)] {
        let rig = Rig::new().set(&format!("retention={how}"));
        rig.arrive("t000000.txt.meta.json", "{\"depth\":1}");
        rig.arrive_token(0);
        rig.arrive_token(1);
        rig.arrive("x.png", b"\x89PNG\r\n\x1a\n\0\0");
        let mut service = rig.start();
        rig.wait_for_results(3, LONG);
        wait_for("an empty inbox", LONG, || std::fs::read_dir(&rig.inbox).unwrap().count() == 1);
        assert!(rig.inbox.join("x.png").exists(), "what is in quarantine stays");
        assert_eq!(rig.names("archive").len(), left, "{how}");
        // The same bytes again: done already, and done with.
        rig.arrive_token(1);
        wait_for("an empty inbox", LONG, || std::fs::read_dir(&rig.inbox).unwrap().count() == 1);
        assert_eq!(service.stop(), Some(0));
        rig.consume(true);
        assert!(rig.results().values().all(|count| *count == 1), "{:?}", rig.results());
    }
}

#[test]
fn t9_without_watches_folders_are_scanned() {
    // In a user namespace of its own the limit touches nobody else.
    let limit = "echo 3 > /proc/sys/user/max_inotify_watches && exec \"$@\"";
    let can = std::process::Command::new("unshare")
        .args(["-Ur", "sh", "-c", limit, "sh", "true"])
        .status();
    if !can.is_ok_and(|status| status.success()) {
        say("skipped: T9: no user namespace with a limit of its own");
        return;
    }
    let rig = Rig::new().set("arrival.degraded_rescan_s=1");
    for folder in 0..6 {
        std::fs::create_dir_all(rig.inbox.join(format!("d{folder}"))).unwrap();
    }
    let inner = rig.command();
    let mut command = std::process::Command::new("unshare");
    command.args(["-Ur", "sh", "-c", limit, "sh"]).arg(inner.get_program()).args(inner.get_args());
    command
        .env("HOME", &rig.root)
        .env_remove("XDG_CONFIG_HOME")
        .stderr(std::process::Stdio::null());
    let mut service = super::rig::Service { child: command.spawn().unwrap() };
    wait_for("degraded", LONG, || rig.status()["unwatched_folders"].as_u64() > Some(0));
    for number in 0..12 {
        let token = token(number);
        let path = rig.inbox.join(format!("d{}/{token}.txt", number % 6));
        std::fs::write(path, text(&token)).unwrap();
    }
    rig.wait_for_results(12, LONG);
    assert_eq!(service.stop(), Some(0));
    assert!(rig.results().values().all(|count| *count == 1));
    say("T9: 12 captures in folders of which most are not watched");
}

#[test]
fn t21_what_may_not_be_read_is_tried_again() {
    use std::os::unix::fs::PermissionsExt as _;
    let rig = Rig::new();
    let chmod = |name: &str, mode: u32| {
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(rig.inbox.join(name), permissions).unwrap();
    };
    rig.arrive_token(0);
    rig.arrive("shut/t000001.txt", text("t000001"));
    rig.arrive_token(2);
    chmod("t000000.txt", 0o000);
    chmod("shut", 0o000);
    // Root reads everything: as somebody else.
    let mut inner = rig.command();
    let nobody = 65_534;
    let root = std::process::Command::new("id").arg("-u").output().unwrap().stdout == b"0\n";
    if !root {
        say("skipped: T21: only root can run the service as somebody else");
        chmod("shut", 0o755);
        return;
    }
    std::fs::create_dir_all(&rig.spool).unwrap();
    for folder in [&rig.root, &rig.inbox, &rig.spool] {
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o777)).unwrap();
    }
    inner.uid(nobody).gid(nobody);
    let mut service = super::rig::Service { child: inner.spawn().unwrap() };
    rig.wait_for_results(1, LONG);
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(rig.results().len(), 1);
    chmod("t000000.txt", 0o644);
    chmod("shut", 0o755);
    rig.wait_for_results(3, LONG);
    assert_eq!(service.stop(), Some(0));
    assert!(rig.results().values().all(|count| *count == 1));
}

#[test]
fn t12_a_capture_that_is_rewritten_while_it_is_read_is_read_again() {
    let rig = Rig::new().set("arrival.complete=rename").set("near_duplicates.max_records=0");
    let mut service = rig.start();
    wait_for("a first scan", LONG, || rig.status()["scanned"] == true);
    let path = rig.inbox.join("page.txt");
    let whole = |version: usize| {
        format!("The clerk wrote version{version:04} into the book of the harbour.\n").repeat(8_000)
    };
    let last = 59;
    for version in 0..=last {
        let text = whole(version);
        let mut file = std::fs::File::create(&path).unwrap();
        for piece in text.as_bytes().chunks(text.len() / 8 + 1) {
            file.write_all(piece).unwrap();
            std::thread::sleep(Duration::from_millis(2));
        }
        drop(file);
        std::thread::sleep(Duration::from_millis(12));
    }
    wait_for("the last version", Duration::from_secs(20), || {
        rig.consume(true);
        rig.taken
            .lock()
            .unwrap()
            .iter()
            .any(|(_, text)| text.contains(&format!("version{last:04}")))
    });
    assert_eq!(service.stop(), Some(0));
    for (name, text) in rig.taken.lock().unwrap().iter() {
        let mut versions: Vec<&str> =
            text.match_indices("version0").filter_map(|(at, _)| text.get(at..at + 11)).collect();
        assert!(!versions.is_empty(), "{name}");
        let lines = versions.len();
        versions.dedup();
        assert_eq!((versions.len(), lines), (1, 8_000), "{name} holds {versions:?}");
    }
}
