//! `clean --watch-profiles`: what an edit of a profile changes, and how it ends.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use super::program::{ARTICLE, Sandbox};

const PROFILE: &str = "schema = 1\nkind = \"site\"\nsummary = \"Harbour Gazette, invented\"\n\
    [[match]]\ntext = ['^Harbour Gazette$']\n[strip.line]\n\
    masthead = { is = '^Harbour Gazette$', sample = [\"Harbour Gazette\"] }\n";

/// Longest wait for a line.
const PATIENCE: Duration = Duration::from_mins(1);

struct Watching {
    child: Child,
    lines: Receiver<String>,
}

impl Watching {
    fn start(sandbox: &Sandbox, words: &[&str]) -> Self {
        let mut command = sandbox.command();
        command.args(words).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let err = BufReader::new(child.stderr.take().unwrap());
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in err.lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Self { child, lines }
    }

    /// The lines up to one that holds a word, the line itself included.
    #[track_caller]
    fn until(&self, word: &str) -> String {
        let deadline = Instant::now() + PATIENCE;
        let mut seen = String::new();
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let Ok(line) = self.lines.recv_timeout(left) else { panic!("no `{word}` in\n{seen}") };
            seen.push_str(&line);
            seen.push('\n');
            if line.contains(word) {
                return seen;
            }
        }
    }

    fn interrupt(mut self) -> Option<i32> {
        let id = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(id, rustix::process::Signal::INT).unwrap();
        self.child.wait().unwrap().code()
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        // It may have ended by itself.
        self.child.kill().unwrap_or_default();
        self.child.wait().map(drop).unwrap_or_default();
    }
}

#[test]
fn an_edit_shows_what_it_changes() {
    let sandbox = Sandbox::new();
    sandbox.write("mine/sites/gazette.toml", PROFILE);
    sandbox.write("in/a.txt", "Nothing.\n");
    sandbox.write("in/b.txt", format!("Harbour Gazette\n\n{ARTICLE}\nShare this\n"));
    let words = ["clean", "in", "--profiles", "mine", "--out", "out", "--watch-profiles"];
    let watching = Watching::start(&sandbox, &words);
    let first = watching.until("watching");
    assert!(first.contains("2 captures: 2 ok") && first.contains("for `b.txt`"), "{first}");
    let written = sandbox.read("out/b.txt.jsonl");
    // As editors do: beside the file, then renamed over it.
    let share = format!("{PROFILE}share = {{ is = '^Share this$', sample = [\"Share this\"] }}\n");
    sandbox.write("mine/sites/.gazette.toml.new", &share);
    std::fs::rename(
        sandbox.path("mine/sites/.gazette.toml.new"),
        sandbox.path("mine/sites/gazette.toml"),
    )
    .unwrap();
    let seen = watching.until("is taken now by gazette/strip.line.share: Share this");
    assert!(seen.starts_with("`b.txt` (- before, + now)\n  1 article\n"), "{seen}");
    assert!(seen.contains("    text\n") && seen.contains("- Share this\n"), "{seen}");
    // A fault: the last good set stays.
    sandbox.write("mine/sites/gazette.toml", share.replace("is = '^Share", "is = '^(Share"));
    let seen = watching.until("the last good ones stay");
    assert!(seen.contains("error[bad-pattern]") && seen.contains("gazette.toml:8:"), "{seen}");
    sandbox.write("mine/sites/gazette.toml", format!("{share}# Mended.\n"));
    watching.until("`b.txt`: no difference");
    // A folder that is new.
    sandbox.write("mine/more/deep/other.toml", PROFILE.replace("Harbour Gazette", "Quay"));
    watching.until("`b.txt`: no difference");
    assert_eq!(sandbox.read("out/b.txt.jsonl"), written, "outputs stay as they are");
    assert_eq!(watching.interrupt(), Some(130));
}

#[test]
fn the_capture_can_be_named() {
    let sandbox = Sandbox::new();
    sandbox.write("mine/gazette.toml", PROFILE);
    sandbox.write("in/a.txt", format!("Harbour Gazette\n\n{ARTICLE}"));
    sandbox.write("in/b.txt", "Nothing.\n");
    let words = ["clean", "in", "--profiles", "mine", "--watch-profiles=in/a.txt"];
    let watching = Watching::start(&sandbox, &words);
    watching.until("for `a.txt`");
    sandbox.write("mine/gazette.toml", PROFILE.replace("[strip.line]", "[keep.line]"));
    watching.until("is in the text now, was gazette/strip.line.masthead: Harbour Gazette");
    assert_eq!(watching.interrupt(), Some(130));
    let run = |more: &[&str]| sandbox.run(&[&["clean", "in"], more].concat()).exits(2).err;
    assert!(
        run(&["--watch-profiles=c.txt", "--profiles", "mine"]).contains("none of the captures")
    );
    assert!(run(&["--watch-profiles"]).contains("no folder of profiles"));
}
