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

#[test]
fn its_commands_on_shipped_captures_work() {
    let sandbox = Sandbox::new();
    for folder in ["fixtures", "profiles"] {
        for entry in walkdir::WalkDir::new(root().join(folder)) {
            let entry = entry.unwrap();
            if entry.file_type().is_file() {
                let name = entry.path().strip_prefix(root()).unwrap();
                sandbox.write(name.to_str().unwrap(), std::fs::read(entry.path()).unwrap());
            }
        }
    }
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
