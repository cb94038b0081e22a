//! T2, T5, T6, T26: full disks, power cuts, damaged ledgers.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::rig::{Rig, say, slow, wait_for};

const LONG: Duration = Duration::from_mins(1);

/// A mount that is taken down at the end.
pub(crate) struct Mount(std::path::PathBuf);

impl Mount {
    /// Mounts something, or says why not.
    pub(crate) fn new(words: &[&str], at: &Path) -> Option<Self> {
        std::fs::create_dir_all(at).unwrap();
        let mounted = Command::new("mount").args(words).arg(at).output();
        match mounted {
            Ok(output) if output.status.success() => Some(Self(at.to_owned())),
            Ok(output) => {
                let why = String::from_utf8_lossy(&output.stderr).trim().to_owned();
                say(&format!("skipped: mount {words:?}: {why}"));
                None
            }
            Err(error) => {
                say(&format!("skipped: mount {words:?}: {error}"));
                None
            }
        }
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        Command::new("umount").arg("-l").arg(&self.0).status().unwrap();
    }
}

/// Runs a service on a small spool that is filled up by somebody else, and then freed.
fn full_disk(options: &str, fill: &dyn Fn(&Path), free: &dyn Fn(&Path)) {
    let rig = Rig::new();
    let Some(_mount) = Mount::new(&["-t", "tmpfs", "-o", options, "tmpfs"], &rig.spool) else {
        return;
    };
    for number in 0..3 {
        rig.arrive_token(number);
    }
    let mut service = rig.start();
    rig.wait_for_results(3, LONG);
    fill(&rig.spool);
    for number in 3..40 {
        rig.arrive_token(number);
    }
    wait_for("a pause", LONG, || rig.status()["paused"] == "no_space");
    let (code, _) = rig.ask(&["status"]);
    assert_eq!(code, 69, "a pause is not healthy");
    // Killed in the pause, and started into it.
    service.kill();
    let mut service = rig.start();
    wait_for("a pause at the start", LONG, || rig.status()["paused"] == "no_space");
    free(&rig.spool);
    rig.wait_for_results(40, LONG);
    assert!(rig.status()["paused"].is_null());
    assert_eq!(service.stop(), Some(0), "{}", rig.log());
    rig.check(40);
    assert_eq!(rig.quarantined(), []);
    assert_eq!(rig.number("SELECT COALESCE(SUM(charges), 0) FROM job"), 0, "attempts charged");
}

#[test]
fn t5_no_bytes_left_pauses_and_resumes() {
    let fill = |spool: &Path| {
        let mut file = std::fs::File::create(spool.join("filler")).unwrap();
        while std::io::Write::write_all(&mut file, &[1; 4096]).is_ok() {}
    };
    let free = |spool: &Path| std::fs::remove_file(spool.join("filler")).unwrap();
    full_disk("size=4m", &fill, &free);
    say("T5: bytes");
}

#[test]
fn t5_no_inodes_left_pauses_and_resumes() {
    let fill = |spool: &Path| {
        std::fs::create_dir(spool.join("filler")).unwrap();
        let mut number = 0;
        while std::fs::write(spool.join("filler").join(number.to_string()), "").is_ok() {
            number += 1;
        }
    };
    let free = |spool: &Path| std::fs::remove_dir_all(spool.join("filler")).unwrap();
    full_disk("size=64m,nr_inodes=200", &fill, &free);
    say("T5: inodes");
}

#[test]
fn t6_a_read_only_spool_pauses_and_resumes() {
    let rig = Rig::new();
    let Some(_mount) = Mount::new(&["-t", "tmpfs", "-o", "size=16m", "tmpfs"], &rig.spool) else {
        return;
    };
    rig.arrive_token(0);
    let mut service = rig.start();
    rig.wait_for_results(1, LONG);
    let remount = |how: &str| {
        let options = format!("remount,{how}");
        let done = Command::new("mount").args(["-o", &options]).arg(&rig.spool).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    };
    // A mount with files that are open for writing cannot be made read-only: the service stops.
    service.kill();
    remount("ro");
    rig.arrive_token(1);
    let mut service = rig.start();
    wait_for("a pause", LONG, || rig.log().contains("read_only"));
    assert!(service.child.try_wait().unwrap().is_none(), "it waits; log:\n{}", rig.log());
    remount("rw");
    rig.wait_for_results(2, LONG);
    assert_eq!(service.stop(), Some(0), "{}", rig.log());
    rig.check(2);
}

/// An ext4 image whose copy, taken at any time, is what a power cut leaves.
struct Image {
    folder: tempfile::TempDir,
}

impl Image {
    fn new() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("disk");
        std::fs::File::create(&path).unwrap().set_len(48 << 20).unwrap();
        let made = Command::new("mkfs.ext4").args(["-q", "-F"]).arg(&path).status();
        if !made.is_ok_and(|status| status.success()) {
            say("skipped: T2 power cut: no mkfs.ext4");
            return None;
        }
        Some(Self { folder })
    }
}

#[test]
fn t2_a_power_cut_leaves_nothing_torn_and_nothing_lost() {
    let cuts = if slow() { 40 } else { 4 };
    let Some(image) = Image::new() else { return };
    let (disk, fresh) = (image.folder.path().join("disk"), image.folder.path().join("fresh"));
    std::fs::copy(&disk, &fresh).unwrap();
    let mut visible = 0;
    for cut in 0..cuts {
        std::fs::copy(&fresh, &disk).unwrap();
        let rig = Rig::new();
        let Some(mount) = Mount::new(&["-o", "loop", disk.to_str().unwrap()], &rig.spool) else {
            return;
        };
        for number in 0..25 {
            rig.arrive_token(number);
        }
        let mut service = rig.start();
        // Cut at some point between the first result and the last.
        wait_for("some results", LONG, || rig.names("new").len() > (cut * 7) % 25);
        service.kill();
        let seen = rig.names("new");
        let copy = image.folder.path().join("copy");
        std::fs::copy(&disk, &copy).unwrap();
        drop(mount);
        visible += seen.len();
        let Some(mount) = Mount::new(&["-o", "loop", copy.to_str().unwrap()], &rig.spool) else {
            return;
        };
        let mut service = rig.start();
        wait_for("running", LONG, || rig.status()["phase"] == "running");
        rig.wait_for_results(25, LONG);
        assert_eq!(service.stop(), Some(0), "{}", rig.log());
        rig.check(25);
        assert_eq!(rig.quarantined(), []);
        drop(mount);
    }
    say(&format!(
        "T2: {cuts} power cuts, {visible} results visible before them, none torn or lost"
    ));
}

#[test]
fn t26_a_damaged_ledger_is_refused() {
    let rig = Rig::new();
    rig.arrive_token(0);
    let mut service = rig.start();
    wait_for("its result", LONG, || rig.names("new").len() == 1);
    assert_eq!(service.stop(), Some(0), "{}", rig.log());
    let ledger = rig.spool.join("ledger.db");
    let whole = std::fs::read(&ledger).unwrap();
    for (name, bytes) in [("no database", vec![7; 8192]), ("bad pages", damaged(&whole))] {
        std::fs::write(&ledger, bytes).unwrap();
        let mut service = rig.start();
        let code = service.ended(LONG).and_then(|status| status.code());
        assert_eq!(code, Some(74), "{name}: {}", rig.log());
        assert!(rig.log().contains("is damaged"), "{name}: {}", rig.log());
    }
    // A lost ledger: the results that are still there are known by their names and contents.
    for file in ["ledger.db", "ledger.db-wal", "ledger.db-shm"] {
        std::fs::remove_file(rig.spool.join(file)).unwrap_or_default();
    }
    let mut service = rig.start();
    wait_for("all in order", LONG, || rig.status()["jobs"]["committed"] == 1);
    assert_eq!(service.stop(), Some(0), "{}", rig.log());
    rig.check(1);
}

/// Every page but the first overwritten in its middle.
fn damaged(whole: &[u8]) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    for page in bytes.chunks_mut(4096).skip(1) {
        page[..64].fill(0x5a);
    }
    bytes
}
