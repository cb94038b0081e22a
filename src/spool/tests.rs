use super::disk::Disk;
use super::error::Pause;
use super::files::{Draft, Files as _, Place, Published};
use super::layout::Layout;
use super::ledger::Ledger;
use super::ledger::claims::{Claim, Verdict};
use super::ledger::yields::{self, MOST, Yield};
use super::near::Bounds;
use super::protocol::Stop;
use super::reason::Reason;
use super::retention::Retention;
use super::turn::{Finished, Open, Product, Rules};
use crate::model::job::{CapturePath, Job, JobId, Stamp};

fn rules(root: &std::path::Path) -> Rules {
    Rules {
        inbox: root.join("inbox"),
        durable: false,
        ballast_bytes: 0,
        min_free_bytes: 0,
        max_quarantined: 2,
        keep_bytes: 10,
        retention: Retention::Keep,
        near: Bounds { max_records: 10, max_age_ms: 1000 },
        forget_after_ms: Some(1000),
        quarantine_age_ms: Some(1000),
    }
}

fn claim(number: u8) -> Claim {
    let path = CapturePath(vec![number]);
    let job = JobId::of(&path, &[number; 32]);
    let stamp = Stamp { inode: u64::from(number), ..Stamp::default() };
    Claim { job, path, stamp, alone: false, bytes: 1 }
}

fn given_up(claim: &Claim) -> Finished {
    Finished {
        job: Job { id: claim.job.clone(), revision: 1 },
        path: claim.path.clone(),
        stamp: claim.stamp,
        result: Product::GivenUp {
            reason: Reason::Panic,
            detail: "why".to_owned(),
            capture: Some(b"bytes".to_vec()),
        },
    }
}

#[test]
fn what_is_long_done_with_is_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let spool = folder.path().join("spool");
    let layout = Layout::lock(&spool).unwrap();
    let rules = rules(folder.path());
    let (mut open, _) = Open::recover(&layout, &rules, Stop::Unclean, 0).unwrap();
    let claims = vec![claim(1), claim(2)];
    let (_, verdicts) = open.turn(&layout, &rules, Vec::new(), claims.clone()).unwrap();
    assert!(verdicts.iter().all(|(_, verdict)| matches!(verdict, Verdict::Go(_))));
    let finished = claims.iter().map(given_up).collect();
    let (settled, _) = open.turn(&layout, &rules, finished, Vec::new()).unwrap();
    assert_eq!(settled.len(), 2);
    let entry = spool.join("quarantine").join(claims[0].job.as_str());
    assert_eq!(std::fs::read(entry.join("capture")).unwrap(), b"bytes");
    // The quarantine is full: that pauses, and loses nothing.
    let third = claim(3);
    open.turn(&layout, &rules, Vec::new(), vec![third.clone()]).unwrap();
    let full = open.turn(&layout, &rules, vec![given_up(&third)], Vec::new()).unwrap_err();
    assert_eq!(full.pause(), Some(Pause::QuarantineFull));
    drop(open);
    let (mut open, found) = Open::recover(&layout, &rules, Stop::Pause, 500).unwrap();
    assert_eq!(found.suspects, []);
    // Too young to drop; old enough; long enough gone to forget.
    assert_eq!(open.ledger.number("SELECT COUNT(*) FROM job").unwrap(), 3);
    open.ledger.set_now(1_500);
    open.tidy(&rules, 0).unwrap();
    assert!(!entry.exists());
    open.ledger.set_now(5_000);
    let last = open.tidy(&rules, 0).unwrap();
    assert_eq!(open.tidy(&rules, last).unwrap(), 0, "begins anew");
    assert_eq!(open.ledger.number("SELECT COUNT(*) FROM job").unwrap(), 1, "the open one stays");
    assert_eq!(open.ledger.number("SELECT COUNT(*) FROM seen").unwrap(), 1);
}

#[test]
fn a_missing_folder_is_no_earlier_success() {
    let folder = tempfile::tempdir().unwrap();
    let layout = Layout::lock(folder.path()).unwrap();
    layout.prepare().unwrap();
    let mut disk = Disk::open(folder.path(), true).unwrap();
    let job = Job { id: claim(1).job, revision: 1 };
    let draft =
        Draft { job: job.clone(), place: Place::New, bytes: b"x\n".to_vec(), capture: None };
    disk.stage(&draft).unwrap();
    disk.sync_drafts().unwrap();
    std::fs::remove_dir(folder.path().join("new")).unwrap();
    assert!(disk.publish(&job, Place::New).is_err());
    std::fs::create_dir(folder.path().join("new")).unwrap();
    let mut disk = Disk::open(folder.path(), true).unwrap();
    assert_eq!(disk.publish(&job, Place::New).unwrap(), Published::Now);
    assert_eq!(disk.publish(&job, Place::New).unwrap(), Published::Before);
    disk.stage(&draft).unwrap();
    assert_eq!(disk.publish(&job, Place::New).unwrap(), Published::Occupied);
    disk.sync_places().unwrap();
}

#[test]
fn a_ledger_of_the_first_version_is_brought_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(super::ledger::FILE);
    let db = rusqlite::Connection::open(&path).unwrap();
    db.execute_batch(include_str!("ledger/schema.sql")).unwrap();
    db.pragma_update(None, "user_version", 1).unwrap();
    db.execute_batch(
        "INSERT INTO job (id, revision, path, bytes, state, accepted_at)
         VALUES ('00', 1, x'61', 1, 'committed', 7)",
    )
    .unwrap();
    drop(db);
    for _ in 0..2 {
        let ledger = Ledger::open(folder.path(), true).unwrap();
        assert_eq!(ledger.number("PRAGMA user_version").unwrap(), 2);
        assert_eq!(ledger.number("SELECT accepted_at FROM job").unwrap(), 7);
        assert_eq!(ledger.number("SELECT COUNT(*) FROM yield").unwrap(), 0);
    }
    let db = rusqlite::Connection::open(&path).unwrap();
    db.pragma_update(None, "user_version", 3).unwrap();
    drop(db);
    let error = Ledger::open(folder.path(), true).unwrap_err().to_string();
    assert!(error.contains('3'), "{error}");
}

#[test]
fn what_captures_gave_is_remembered_and_bounded() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = Ledger::open(folder.path(), false).unwrap();
    let found = |number: u64, page: bool| Yield {
        profile: "gazette".to_owned(),
        page,
        hash: "0".to_owned(),
        pieces: 1,
        words: number,
        rules: vec![format!("gazette/strip.line.r{number}")],
    };
    for number in 0..u64::from(MOST) + 30 {
        ledger.set_now(number.cast_signed());
        ledger.note_yield(&found(number, false)).unwrap();
        if number < 3 {
            ledger.note_yield(&found(number, true)).unwrap();
        }
    }
    ledger.close_transaction().unwrap();
    let all = yields::all(&ledger.db).unwrap();
    assert_eq!(all.len(), MOST as usize + 3, "of pages and of texts apart");
    assert_eq!(all[0], found(u64::from(MOST) + 29, false), "the newest first");
    assert_eq!(all[MOST as usize - 1], found(30, false), "the oldest that is left");
    assert_eq!(all[MOST as usize], found(2, true));
    let many = Yield { rules: vec!["x".repeat(1000); 100], ..found(1, true) };
    ledger.note_yield(&many).unwrap();
    assert_eq!(yields::all(&ledger.db).unwrap()[0].rules.len(), 16, "16 KiB of names");
    ledger.forget_yields(100).unwrap();
    assert_eq!(ledger.number("SELECT MIN(at) FROM yield").unwrap(), 100);
}
