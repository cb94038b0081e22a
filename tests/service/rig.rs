//! An inbox, a spool, a service that may die, a consumer, and the oracle over all of them.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use serde_json::Value;

/// Whether the whole campaign runs.
pub(crate) fn slow() -> bool {
    std::env::var_os("SLOW_TESTS").is_some_and(|value| value == "1")
}

/// A line that a test run does not swallow.
pub(crate) fn say(line: &str) {
    writeln!(std::io::stderr(), "{line}").unwrap();
}

/// Waits for something to become true.
#[track_caller]
pub(crate) fn wait_for(what: &str, most: Duration, mut is: impl FnMut() -> bool) {
    // A sabotaged service is not waited for that long.
    let patience = std::env::var("COPYDESK_TEST_PATIENCE_S").ok();
    let patience = patience.and_then(|text| text.parse().ok()).map(Duration::from_secs);
    let most = patience.map_or(most, |patience| patience.min(most));
    let until = Instant::now() + most;
    while !is() {
        assert!(Instant::now() < until, "not within {most:?}: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Numbers that look random and are the same on each run.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn roll(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        (self.0 >> 33) % below
    }
}

/// The text of a capture: its token stands at its beginning, in its middle and at its end.
pub(crate) fn text(token: &str) -> String {
    let paragraph = |place: &str, number: u32| {
        format!(
            "The clerk of the harbour wrote {token}{place} into the book on the {number}th day, \
             and the crew of the ferry waited an hour for a lorry with forty crates of pears.\n\n"
        )
    };
    format!("{}{}{}", paragraph("first", 3), paragraph("middle", 14), paragraph("last", 25))
}

/// A running service; it is killed when this is dropped.
pub(crate) struct Service {
    pub(crate) child: Child,
}

impl Drop for Service {
    fn drop(&mut self) {
        self.kill();
    }
}

impl Service {
    /// SIGKILL.
    pub(crate) fn kill(&mut self) {
        // It may have ended by itself.
        self.child.kill().unwrap_or_default();
        self.child.wait().unwrap();
    }

    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([name, &id]).status().unwrap().success());
    }

    /// SIGTERM, and the exit code.
    pub(crate) fn stop(&mut self) -> Option<i32> {
        wait_for("a handler of SIGTERM", Duration::from_secs(30), || self.hears_sigterm());
        self.signal("-TERM");
        let until = Instant::now() + Duration::from_secs(30);
        while Instant::now() < until {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        panic!("no end within 30 s of SIGTERM");
    }

    /// Whether it handles SIGTERM already, or has ended: before `main` nobody can.
    fn hears_sigterm(&mut self) -> bool {
        let path = format!("/proc/{}/status", self.child.id());
        let text = std::fs::read_to_string(path).unwrap_or_default();
        let caught = text.lines().find_map(|line| line.strip_prefix("SigCgt:"));
        let caught = caught.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
        caught.is_none_or(|mask| mask & (1 << 14) != 0) || self.child.try_wait().unwrap().is_some()
    }

    /// Waits until it ends by itself.
    pub(crate) fn ended(&mut self, most: Duration) -> Option<std::process::ExitStatus> {
        let until = Instant::now() + most;
        while Instant::now() < until {
            if let Some(status) = self.child.try_wait().unwrap() {
                return Some(status);
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        None
    }
}

/// Inbox, spool, and what a consumer took.
pub(crate) struct Rig {
    _folder: tempfile::TempDir,
    pub(crate) root: PathBuf,
    pub(crate) inbox: PathBuf,
    pub(crate) spool: PathBuf,
    /// Results that were taken out of `new/`: name and content.
    pub(crate) taken: Mutex<Vec<(String, String)>>,
    pub(crate) set: Vec<String>,
}

impl Rig {
    /// A rig in memory, where syncs cost nothing: kills need no disk.
    pub(crate) fn new() -> Self {
        let memory = Path::new("/dev/shm");
        let mut builder = tempfile::Builder::new();
        builder.prefix("copydesk-service-");
        let folder = if memory.is_dir() { builder.tempdir_in(memory) } else { builder.tempdir() };
        let folder = folder.unwrap();
        let root = folder.path().to_owned();
        Self::at(folder, root)
    }

    pub(crate) fn at(folder: tempfile::TempDir, root: PathBuf) -> Self {
        let (inbox, spool) = (root.join("inbox"), root.join("spool"));
        std::fs::create_dir_all(&inbox).unwrap();
        std::fs::create_dir_all(root.join("drafts")).unwrap();
        let set =
            ["arrival.settle_ms=60", "spool_space.min_free_mib=0", "spool_space.ballast_kib=256"];
        let set = set.map(str::to_owned).to_vec();
        Self { _folder: folder, root, inbox, spool, taken: Mutex::default(), set }
    }

    pub(crate) fn set(mut self, key: &str) -> Self {
        self.set.push(key.to_owned());
        self
    }

    /// The program, knowing nothing of the machine.
    pub(crate) fn program(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_copydesk"));
        command
            .env("HOME", &self.root)
            .env_remove("XDG_CONFIG_HOME")
            .env_remove("XDG_STATE_HOME")
            .current_dir(&self.root);
        command
    }

    /// The command of the service.
    pub(crate) fn command(&self) -> Command {
        let mut command = self.program();
        command.arg("run").arg("--inbox").arg(&self.inbox).arg("--spool").arg(&self.spool);
        for set in &self.set {
            command.args(["--set", set]);
        }
        let log = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.root.join("log"))
            .unwrap();
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        command
    }

    pub(crate) fn start(&self) -> Service {
        self.start_with(&[])
    }

    pub(crate) fn start_with(&self, environment: &[(&str, &str)]) -> Service {
        let mut command = self.command();
        command.envs(environment.iter().copied()).process_group(0);
        Service { child: command.spawn().unwrap() }
    }

    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.root.join("log")).unwrap_or_default()
    }

    /// An operator's question: exit code and answer.
    pub(crate) fn ask(&self, words: &[&str]) -> (i32, String) {
        let output = self.program().args(words).arg("--spool").arg(&self.spool).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        (output.status.code().unwrap(), text + &String::from_utf8_lossy(&output.stderr))
    }

    pub(crate) fn status(&self) -> Value {
        let (_, text) = self.ask(&["status", "--json"]);
        serde_json::from_str(text.lines().next().unwrap_or_default()).unwrap_or(Value::Null)
    }

    /// A capture by rename.
    pub(crate) fn arrive(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let draft = self.root.join("drafts").join(name.replace('/', "_"));
        std::fs::write(&draft, bytes).unwrap();
        let path = self.inbox.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::rename(draft, path).unwrap();
    }

    /// A capture `tN.txt` with its token.
    pub(crate) fn arrive_token(&self, number: usize) {
        let token = token(number);
        self.arrive(&format!("{token}.txt"), text(&token));
    }

    /// Names in a folder of the spool.
    pub(crate) fn names(&self, folder: &str) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(self.spool.join(folder)) else { return Vec::new() };
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// Takes all results, as a consumer does, and checks that each is whole.
    pub(crate) fn consume(&self, delete: bool) -> usize {
        let names = self.names("new");
        for name in &names {
            let path = self.spool.join("new").join(name);
            let text = std::fs::read_to_string(&path).unwrap();
            assert!(text.ends_with('\n'), "{name} is torn: {text:?}");
            for line in text.lines() {
                let record: Value = serde_json::from_str(line).expect(name);
                assert_eq!(record["schema"], "copydesk/1", "{name}");
            }
            if delete {
                std::fs::remove_file(&path).unwrap();
            } else {
                std::fs::rename(&path, self.spool.join("cur").join(name)).unwrap();
            }
            self.taken.lock().unwrap().push((name.clone(), text));
        }
        names.len()
    }

    /// Captures that have a result, by path: how many.
    pub(crate) fn results(&self) -> BTreeMap<String, usize> {
        let mut found: BTreeMap<String, usize> = BTreeMap::new();
        for (_, text) in self.taken.lock().unwrap().iter() {
            let first: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
            *found.entry(first["capture"]["path"].as_str().unwrap().to_owned()).or_default() += 1;
        }
        for (path, _) in self.quarantined() {
            *found.entry(path).or_default() += 1;
        }
        found
    }

    /// Entries in quarantine: path and reason.
    pub(crate) fn quarantined(&self) -> Vec<(String, String)> {
        let read = |name: String| {
            let path = self.spool.join("quarantine").join(name).join("reason.json");
            let text = std::fs::read_to_string(path).unwrap();
            let value: Value = serde_json::from_str(&text).unwrap();
            let field = |key: &str| value[key].as_str().unwrap().to_owned();
            (field("path"), field("reason"))
        };
        self.names("quarantine").into_iter().map(read).collect()
    }

    /// Waits until so many captures have a result.
    #[track_caller]
    pub(crate) fn wait_for_results(&self, count: usize, most: Duration) {
        wait_for(&format!("{count} results"), most, || {
            self.consume(true);
            self.results().len() >= count
        });
    }

    /// Each token once, whole; nothing left half done; the ledger sound.
    #[track_caller]
    pub(crate) fn check(&self, count: usize) {
        self.consume(true);
        let results = self.results();
        for number in 0..count {
            let path = format!("{}.txt", token(number));
            assert_eq!(results.get(&path), Some(&1), "{path} of {count}; log:\n{}", self.log());
        }
        assert_eq!(results.len(), count, "{:?}", results.keys());
        for (name, text) in self.taken.lock().unwrap().iter() {
            let first: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
            let path = first["capture"]["path"].as_str().unwrap();
            let token = path.rsplit('/').next().unwrap().trim_end_matches(".txt");
            if token.starts_with('t') {
                for place in ["first", "middle", "last"] {
                    assert!(text.contains(&format!("{token}{place}")), "{name}: {token}{place}");
                }
            }
        }
        self.check_ledger();
    }

    /// Nothing in flight, and pages in order; the service must have ended.
    #[track_caller]
    pub(crate) fn check_ledger(&self) {
        assert_eq!(self.names("tmp"), Vec::<String>::new());
        let db = rusqlite::Connection::open(self.spool.join("ledger.db")).unwrap();
        let found: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(found, "ok");
        let open: i64 = db
            .query_row(
                "SELECT COUNT(*) FROM job
                 WHERE state NOT IN ('committed', 'quarantined', 'dropped', 'moved')",
                [],
                |row| row.get(0),
            )
            .unwrap();
        assert_eq!(open, 0, "open jobs; log:\n{}", self.log());
    }

    /// A number from the ledger.
    pub(crate) fn number(&self, query: &str) -> i64 {
        let db = rusqlite::Connection::open(self.spool.join("ledger.db")).unwrap();
        db.query_row(query, [], |row| row.get(0)).unwrap()
    }
}

/// `t000042`.
pub(crate) fn token(number: usize) -> String {
    format!("t{number:06}")
}
