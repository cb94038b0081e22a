//! README.md says nothing that the program does not do: its commands are looked up, and those that
//! need nothing but the repository are run.

use super::program::{Sandbox, answer, root};

/// Commands of the program in the shell blocks of the README, as words, without what starts it.
fn commands() -> Vec<Vec<String>> {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let mut found = Vec::new();
    let mut inside = false;
    let mut joined = String::new();
    for line in readme.lines() {
        if line.trim_start().starts_with("```") {
            inside = !inside && line.trim() == "```sh";
            continue;
        }
        if !inside {
            continue;
        }
        // A backslash goes on in the next line, a hash ends what the shell reads.
        let line = line.trim().split(" #").next().unwrap_or_default();
        if let Some(start) = line.strip_suffix('\\') {
            joined.push_str(start);
            joined.push(' ');
            continue;
        }
        joined.push_str(line);
        let whole = std::mem::take(&mut joined);
        for part in whole.split([';', '|']).flat_map(|part| part.split("&&")) {
            let words: Vec<&str> =
                part.split_whitespace().skip_while(|word| *word == "$").collect();
            let ours = match words.as_slice() {
                ["cargo", "run", rest @ ..] => {
                    rest.iter().position(|word| *word == "--").map(|at| &rest[at + 1..])
                }
                [first, rest @ ..] if first.rsplit('/').next() == Some("copydesk") => Some(rest),
                _ => None,
            };
            found.extend(ours.map(|words| words.iter().map(|word| (*word).to_owned()).collect()));
        }
    }
    found
}

#[test]
fn its_commands_and_flags_exist() {
    let sandbox = Sandbox::new();
    for words in commands() {
        let is_verb =
            |word: &&String| word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        let verbs = words.iter().take_while(is_verb).take_while(|word| !word.starts_with('-'));
        let mut verbs: Vec<&str> = verbs.map(String::as_str).collect();
        // Only these have verbs of their own; `clean seeds` is a verb and a folder.
        let has_verbs = matches!(verbs.first(), Some(&"profile" | &"quarantine"));
        verbs.truncate(if has_verbs { 2 } else { 1 });
        let help = sandbox.run(&[&verbs[..], &["--help"]].concat()).exits(0).out;
        for flag in words.iter().filter(|word| word.starts_with("--") && word.len() > 2) {
            let name = flag.split('=').next().unwrap();
            let known = help
                .split(|letter: char| letter.is_whitespace() || ",=[]".contains(letter))
                .any(|word| word == name);
            assert!(known, "README: `{}` has no {name}", words.join(" "));
        }
    }
}

/// Copies a folder of the repository into the sandbox.
fn copy(folder: &str, sandbox: &Sandbox) {
    for entry in walkdir::WalkDir::new(root().join(folder)) {
        let entry = entry.unwrap();
        if entry.file_type().is_file() {
            let name = entry.path().strip_prefix(root()).unwrap();
            sandbox.write(name.to_str().unwrap(), std::fs::read(entry.path()).unwrap());
        }
    }
}

#[test]
fn a_profile_is_learnt_as_the_tutorial_says() {
    let sandbox = Sandbox::new();
    copy("fixtures/new-source", &sandbox);
    std::fs::create_dir(sandbox.path("bin")).unwrap();
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_copydesk"), sandbox.path("bin/copydesk"))
        .unwrap();
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let (_, section) = readme.split_once("\n### Learning one from captures\n").unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    let mut script = String::from("set -e\n");
    for block in section.split("```sh\n").skip(1) {
        script.push_str(block.split("```").next().unwrap());
    }
    assert!(script.matches("copydesk ").count() >= 4, "{script}");
    let mut command = std::process::Command::new("sh");
    let path = format!("{}:/usr/bin:/bin", sandbox.path("bin").display());
    let environment = ["HOME", "XDG_CONFIG_HOME"].map(|name| (name, sandbox.config("")));
    command.current_dir(sandbox.path("")).env("PATH", path).envs(environment);
    command.args(["-c", &script]);
    let answer = answer(command, b"").exits(0);
    let shown = answer.out.lines().find(|line| line.starts_with("# 5/5 captures, 11.9 %"));
    assert!(shown.is_some(), "the README quotes this line of the draft: {}", answer.out);
    assert!(answer.out.contains("0 failed, 3 blessed"), "{}", answer.out);
    assert!(answer.out.contains("courier-example/strip.select."), "{}", answer.out);
}

#[test]
fn its_commands_on_shipped_captures_work() {
    let sandbox = Sandbox::new();
    copy("fixtures", &sandbox);
    copy("profiles", &sandbox);
    for words in commands() {
        // What needs other files, a shell or a reader's own choice is not run.
        let plain =
            words.iter().all(|word| !word.contains(['$', '<', '>', '*', '…', '"', '\'', '{', '~']));
        let shipped = words.iter().any(|word| word.starts_with("fixtures/"));
        let alone = words.iter().all(|word| !word.starts_with("..") && !word.starts_with('/'));
        if plain
            && shipped
            && alone
            && words.first().is_some_and(|verb| verb == "clean" || verb == "profile")
        {
            let mut command = sandbox.command();
            command.args(&words);
            answer(command, b"").exits(0);
        }
    }
}
