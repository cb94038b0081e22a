//! The built program, run in a folder of its own, and what it answered.
//!
//! Nothing of the machine reaches it: home and configuration are folders of the sandbox.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

/// An article that every profile keeps as it is: prose, invented, no furniture.
pub(crate) const ARTICLE: &str = "\
The ferry to Ostrand left the old harbour an hour late on Monday, after the crew had waited for \
a lorry with forty crates of pears.

Passengers who had bought their tickets at the counter were let on board first, and the band of \
the harbour school played for them until the ropes were cast off.

The harbour master said that the new lock would open in spring, and that until then every boat \
would have to wait for the tide as it had done for a hundred years.
";

/// The folder of the crate.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A line on the terminal that a test run does not swallow: for what was not tested, and why.
pub(crate) fn say(line: &str) {
    writeln!(std::io::stderr(), "{line}").unwrap();
}

/// A folder that is gone when the test ends.
pub(crate) struct Sandbox {
    folder: tempfile::TempDir,
}

impl Sandbox {
    /// An empty one.
    pub(crate) fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("copydesk-it-").tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("home")).unwrap();
        std::fs::create_dir_all(folder.path().join("work")).unwrap();
        Self { folder }
    }

    /// A path in the folder that commands run in.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("work").join(name)
    }

    /// A path in the folder that stands for `$XDG_CONFIG_HOME`.
    pub(crate) fn config(&self, name: &str) -> PathBuf {
        self.folder.path().join("home/config").join(name)
    }

    /// Writes a file and the folders above it.
    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        write(&self.path(name), bytes.as_ref());
    }

    /// Writes a file below `$XDG_CONFIG_HOME`.
    pub(crate) fn write_config(&self, name: &str, bytes: impl AsRef<[u8]>) {
        write(&self.config(name), bytes.as_ref());
    }

    /// Reads a file.
    #[track_caller]
    pub(crate) fn read(&self, name: &str) -> String {
        let path = self.path(name);
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// The records in an output file.
    #[track_caller]
    pub(crate) fn records(&self, name: &str) -> Vec<Value> {
        lines(&self.read(name))
    }

    /// All files below a folder, hidden ones too, by relative path in bytewise order.
    pub(crate) fn files(&self, below: &str) -> Vec<String> {
        let top = self.path(below);
        let mut found: Vec<String> = walkdir::WalkDir::new(&top)
            .into_iter()
            .map(|entry| entry.unwrap())
            .filter(|entry| !entry.file_type().is_dir())
            .map(|entry| entry.path().strip_prefix(&top).unwrap().to_string_lossy().into_owned())
            .collect();
        found.sort();
        found
    }

    /// The program, with this folder for all that it knows of the machine.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_copydesk"));
        command
            .current_dir(self.path(""))
            .env("HOME", self.folder.path().join("home"))
            .env("XDG_CONFIG_HOME", self.folder.path().join("home/config"))
            .env("XDG_STATE_HOME", self.folder.path().join("home/state"))
            .env_remove("RUST_LOG");
        command
    }

    /// Runs the program without input.
    #[track_caller]
    pub(crate) fn run(&self, arguments: &[&str]) -> Answer {
        self.run_with(arguments, b"")
    }

    /// Runs the program and gives it bytes to read.
    #[track_caller]
    pub(crate) fn run_with(&self, arguments: &[&str], input: &[u8]) -> Answer {
        let mut command = self.command();
        command.args(arguments);
        answer(command, input)
    }
}

fn write(path: &Path, bytes: &[u8]) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}

/// Runs a command to its end.
#[track_caller]
pub(crate) fn answer(mut command: Command, input: &[u8]) -> Answer {
    let shown = format!("{command:?}");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{shown}: {error}"));
    let mut stdin = child.stdin.take().unwrap();
    let output = std::thread::scope(|scope| {
        scope.spawn(move || {
            // A program that ends without reading its input is judged by its answer.
            stdin.write_all(input).unwrap_or_default();
        });
        child.wait_with_output().unwrap()
    });
    Answer {
        shown,
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).expect("standard output is UTF-8"),
        err: String::from_utf8(output.stderr).expect("standard error is UTF-8"),
    }
}

/// What a run of the program gave.
pub(crate) struct Answer {
    shown: String,
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Answer {
    /// The answer, if it ended with this code.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(
            self.code, code,
            "exit code of {}\nstdout: {}\nstderr: {}",
            self.shown, self.out, self.err
        );
        self
    }

    /// The JSON lines of its standard output.
    #[track_caller]
    pub(crate) fn records(&self) -> Vec<Value> {
        lines(&self.out)
    }

    /// The last line of its standard error, as JSON.
    #[track_caller]
    pub(crate) fn summary(&self) -> Value {
        let last = self.err.lines().last().unwrap_or_default();
        serde_json::from_str(last).unwrap_or_else(|error| panic!("{error} in summary {last:?}"))
    }
}

#[track_caller]
fn lines(text: &str) -> Vec<Value> {
    text.split_terminator('\n')
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error} in {line}")))
        .collect()
}

/// One line of input to the stream.
pub(crate) fn line(value: &Value) -> String {
    format!("{value}\n")
}

/// Runs lines through the stream.
#[track_caller]
pub(crate) fn stream(sandbox: &Sandbox, more: &[&str], input: &[u8]) -> Vec<Value> {
    let mut arguments = vec!["clean", "--stdin", "jsonl", "--stdout"];
    arguments.extend(more);
    sandbox.run_with(&arguments, input).exits(0).records()
}
