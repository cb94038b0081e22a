//! T1, T4, T10, T17, T19, T28: stops at any point, from outside and from inside.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use super::rig::{Dice, Rig, say, slow, text, token, wait_for};

const LONG: Duration = Duration::from_mins(1);

/// Every named place of the protocol.
const POINTS: [&str; 8] = [
    "staged",
    "drafts_synced",
    "intended",
    "renamed",
    "places_synced",
    "concluded",
    "recovery_published",
    "recovered",
];

#[test]
fn t1_a_crash_at_each_step_loses_nothing_and_doubles_nothing() {
    for point in POINTS {
        crash(point, 1, true);
    }
    crash("renamed", 2, false);
    let mut passed = POINTS.len() + 1;
    if slow() {
        // Every point that is passed, in turn, until the service ends before the next.
        let mut times = 1;
        while crash("any", times, times % 2 == 0) {
            times += 1;
        }
        passed += times;
    }
    say(&format!("T1: {passed} crash points, each token once"));
}

/// Ends the service at a point, lets a consumer take what is there, and starts it again. Whether
/// it got to that point.
fn crash(point: &str, times: usize, consume: bool) -> bool {
    let rig = Rig::new();
    for number in 0..5 {
        rig.arrive_token(number);
    }
    // So that recovery has something to do.
    if point.starts_with("reco") {
        let mut service = rig.start_with(&[("COPYDESK_CRASH", "intended:1")]);
        assert!(service.ended(LONG).is_some(), "{}", rig.log());
    }
    let asked = format!("{point}:{times}");
    let mut service = rig.start_with(&[("COPYDESK_CRASH", &asked)]);
    let crashed = if point == "any" {
        let mut crashed = false;
        wait_for("an end or all results", LONG, || {
            crashed = service.child.try_wait().unwrap().is_some();
            crashed || rig.names("new").len() == 5
        });
        // The last points lie behind the last rename.
        crashed || service.ended(Duration::from_millis(500)).is_some()
    } else {
        service.ended(LONG).is_some()
    };
    assert!(crashed || point == "any", "{asked} was not passed; log:\n{}", rig.log());
    drop(service);
    if consume {
        rig.consume(true);
    }
    let mut service = rig.start();
    // The results may all be there before; the service that stops before it recovered leaves their
    // jobs open for the next one.
    wait_for("recovery", LONG, || rig.status()["phase"] == "running");
    rig.wait_for_results(5, LONG);
    assert_eq!(service.stop(), Some(0), "{}", rig.log());
    rig.check(5);
    assert_eq!(rig.quarantined(), [], "{asked}");
    crashed
}

#[test]
fn t4_random_kills_with_producer_and_consumer() {
    let rounds = if slow() { 200 } else { 14 };
    let rig = Rig::new();
    let (over, produced) = (AtomicBool::new(false), AtomicUsize::new(0));
    let mut between = 0;
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut dice = Dice(7);
            while !over.load(Ordering::Relaxed) {
                let number = produced.load(Ordering::Relaxed);
                if number % 3 == 0 {
                    // In place, in pieces.
                    let token = token(number);
                    let text = text(&token);
                    let path = rig.inbox.join(format!("{token}.txt"));
                    let mut file = std::fs::File::create(path).unwrap();
                    for piece in text.as_bytes().chunks(200) {
                        std::io::Write::write_all(&mut file, piece).unwrap();
                        std::thread::sleep(Duration::from_millis(dice.roll(4)));
                    }
                } else {
                    rig.arrive_token(number);
                }
                produced.store(number + 1, Ordering::Relaxed);
                std::thread::sleep(Duration::from_millis(10 + dice.roll(60)));
                // A steady flow: it waits for a service that is behind.
                let behind = || number > rig.taken.lock().unwrap().len() + 30;
                while behind() && !over.load(Ordering::Relaxed) {
                    std::thread::sleep(Duration::from_millis(10));
                }
            }
        });
        scope.spawn(|| {
            let mut dice = Dice(11);
            while !over.load(Ordering::Relaxed) {
                rig.consume(dice.roll(2) == 0);
            }
        });
        let mut dice = Dice(23);
        for round in 0..rounds {
            let starts = rig.log().matches("Spool is open.").count();
            let mut service = rig.start();
            // One life in four counts from the first instruction, so that the start is met, too;
            // the others from where the spool is open. From 20 ms to 4 s, short lives more often.
            if round % 4 != 0 {
                wait_for("an open spool", LONG, || {
                    rig.log().matches("Spool is open.").count() > starts
                });
            }
            let most = if round % 8 == 0 { 4000 } else { 1000 };
            std::thread::sleep(Duration::from_millis(20 + dice.roll(most)));
            service.kill();
        }
        over.store(true, Ordering::Relaxed);
    });
    let count = produced.load(Ordering::Relaxed);
    rig.consume(true);
    between += rig.results().len();
    let mut service = rig.start();
    rig.wait_for_results(count, LONG * 2);
    assert_eq!(service.stop(), Some(0));
    rig.check(count);
    let given_up = rig.quarantined().len();
    say(&format!(
        "T4: {rounds} kills, {count} captures, {between} with a result between the kills, \
         {given_up} given up, none lost, none twice, none torn"
    ));
    assert!(between * 2 >= count, "{between} of {count} between the kills");
    assert!(rig.quarantined().iter().all(|(_, reason)| reason == "poison_crash"));
    assert!(given_up * 50 <= count, "{given_up} of {count} were given up");
}

#[test]
fn t17_poison_is_given_up_and_the_others_are_not() {
    let rig = Rig::new();
    for number in 0..6 {
        rig.arrive_token(number);
    }
    rig.arrive("poison.txt", text("poison") + "PROVOKE-ABORT\n");
    let mut starts = 0;
    loop {
        starts += 1;
        assert!(starts < 12, "{}", rig.log());
        let mut service = rig.start_with(&[("COPYDESK_PROVOKE", "1")]);
        let mut done = false;
        wait_for("its end or all results", LONG, || {
            rig.consume(true);
            done = rig.results().len() == 7;
            done || service.child.try_wait().unwrap().is_some()
        });
        if done {
            assert_eq!(service.stop(), Some(0));
            break;
        }
    }
    assert_eq!(rig.quarantined(), [("poison.txt".to_owned(), "poison_crash".to_owned())]);
    let results = rig.results();
    assert!(results.values().all(|count| *count == 1) && results.len() == 7, "{results:?}");
    say(&format!("T17: {starts} starts until the poisonous capture was given up"));
    // Once with the others, three times alone, and the start that gives it up.
    assert!(starts <= 5, "{starts}");
}

#[test]
fn t17_a_panic_costs_one_capture() {
    let rig = Rig::new();
    for number in 0..4 {
        rig.arrive_token(number);
    }
    rig.arrive("panic.txt", text("panic") + "PROVOKE-PANIC\n");
    let mut service = rig.start_with(&[("COPYDESK_PROVOKE", "1")]);
    rig.wait_for_results(5, LONG);
    assert_eq!(service.stop(), Some(0));
    assert_eq!(rig.quarantined(), [("panic.txt".to_owned(), "panic".to_owned())]);
}

#[test]
fn t19_sigterm_under_load_drains_and_tells_systemd() {
    let rig = Rig::new();
    let socket = rig.root.join("notify");
    let systemd = std::os::unix::net::UnixDatagram::bind(&socket).unwrap();
    systemd.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let mut heard = String::new();
    for number in 0..60 {
        rig.arrive_token(number);
    }
    let environment = [("NOTIFY_SOCKET", socket.to_str().unwrap()), ("WATCHDOG_USEC", "400000")];
    let mut service = rig.start_with(&environment);
    wait_for("a first result", LONG, || rig.consume(true) > 0);
    assert_eq!(service.stop(), Some(0));
    systemd.set_nonblocking(true).unwrap();
    let mut buffer = [0; 4096];
    while let Ok(length) = systemd.recv(&mut buffer) {
        heard.push_str(std::str::from_utf8(&buffer[..length]).unwrap());
        heard.push('\n');
    }
    for word in ["READY=1", "STOPPING=1"] {
        assert!(heard.contains(word), "{word} in {heard}");
    }
    // What was begun is done: nothing is in flight, nobody was charged.
    assert_eq!(
        rig.number("SELECT COUNT(*) FROM job WHERE state IN ('working','suspect','intent')"),
        0
    );
    assert_eq!(rig.number("SELECT COALESCE(SUM(charges), 0) FROM job"), 0);
    let mut service = rig.start();
    rig.wait_for_results(60, LONG);
    assert_eq!(service.stop(), Some(0));
    rig.check(60);
}

#[test]
fn t19_sigterm_at_any_time_of_the_start_is_exit_0() {
    let rig = Rig::new();
    rig.arrive_token(0);
    for pause in [0, 20, 60, 200, 600] {
        let mut service = rig.start();
        std::thread::sleep(Duration::from_millis(pause));
        assert_eq!(service.stop(), Some(0), "{pause} ms; {}", rig.log());
    }
    let mut service = rig.start();
    rig.wait_for_results(1, LONG);
    assert_eq!(service.stop(), Some(0));
    rig.check(1);
}

#[test]
fn what_was_in_flight_and_moved_has_one_result_and_what_is_gone_says_so() {
    let rig = Rig::new();
    for number in 0..3 {
        rig.arrive_token(number);
    }
    let mut service = rig.start_with(&[("COPYDESK_CRASH", "staged:1")]);
    assert!(service.ended(LONG).is_some());
    let at = |name: &str| rig.inbox.join(name);
    std::fs::rename(at("t000000.txt"), at("moved.txt")).unwrap();
    std::fs::remove_file(at("t000001.txt")).unwrap();
    let mut service = rig.start();
    rig.wait_for_results(3, LONG);
    assert_eq!(service.stop(), Some(0));
    rig.consume(true);
    let results = rig.results();
    let names: Vec<&str> = results.keys().map(String::as_str).collect();
    assert_eq!(names, ["moved.txt", "t000001.txt", "t000002.txt"]);
    assert_eq!(rig.quarantined(), [("t000001.txt".to_owned(), "input_vanished".to_owned())]);
    rig.check_ledger();
}

#[test]
fn a_strangers_file_under_our_name_is_not_overwritten() {
    let rig = Rig::new();
    rig.arrive_token(0);
    let mut service = rig.start();
    wait_for("its result", LONG, || rig.names("new").len() == 1);
    assert_eq!(service.stop(), Some(0));
    let name = rig.names("new").remove(0);
    // As if nothing had ever run here, but for that file.
    for file in ["ledger.db", "ledger.db-wal", "ledger.db-shm"] {
        std::fs::remove_file(rig.spool.join(file)).unwrap_or_default();
    }
    std::fs::write(rig.spool.join("new").join(&name), "somebody's\n").unwrap();
    let mut service = rig.start();
    wait_for("an entry in quarantine", LONG, || rig.names("quarantine").len() == 1);
    assert_eq!(service.stop(), Some(0));
    let kept = std::fs::read_to_string(rig.spool.join("new").join(&name)).unwrap();
    assert_eq!(kept, "somebody's\n");
    assert_eq!(rig.quarantined()[0].1, "commit_conflict");
    rig.check_ledger();
}

#[test]
fn t28_a_second_instance_exits_75_and_a_dead_one_is_no_obstacle() {
    let rig = Rig::new();
    rig.arrive_token(0);
    let mut first = rig.start();
    wait_for("its control socket", LONG, || rig.status()["phase"] == "running");
    let mut second = rig.start();
    assert_eq!(second.ended(LONG).and_then(|status| status.code()), Some(75), "{}", rig.log());
    rig.wait_for_results(1, LONG);
    first.kill();
    let mut third = rig.start();
    wait_for("the third", LONG, || rig.status()["phase"] == "running");
    assert_eq!(third.stop(), Some(0));
    rig.check(1);
}
