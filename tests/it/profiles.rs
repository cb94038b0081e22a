//! Which profiles a run uses: built-in ones, `--profiles`, the user's own folder.

use std::collections::BTreeSet;

use copydesk::parse;
use copydesk::profile::set::{self, Lint};
use serde_json::{Value, json};

use super::program::{ARTICLE, Sandbox};

/// A profile of a site, with one rule.
fn site(host: &str, rule: &str) -> String {
    format!(
        "schema = 1\nkind = \"site\"\nsummary = \"A site\"\n\n[[match]]\nhosts = [\"{host}\"]\n\n\
         [strip.line]\n{rule}\n"
    )
}

/// Cleans one capture and gives its record.
#[track_caller]
fn clean(sandbox: &Sandbox, text: &str, url: &str, more: &[&str]) -> Value {
    sandbox.write("page.txt", text);
    sandbox.write("page.meta.json", json!({"url": url}).to_string());
    sandbox.run(&[&["clean", "page.txt"], more].concat()).exits(0).records().remove(0)
}

#[test]
fn built_in_profiles_are_without_fault() {
    let (found, faults) = set::load(set::built_in(), &[], Lint::All, parse::text::parse);
    let shown: String = faults.iter().map(|fault| fault.render(false)).collect();
    assert_eq!(faults.len(), 0, "{shown}");
    let found = found.unwrap();
    assert!(found.profiles().len() >= 10);
    for profile in found.profiles() {
        let layouts = profile.variants().iter().map(|(_, _, rules)| rules);
        for rules in std::iter::once(profile.rules()).chain(layouts) {
            assert_eq!(rules.patterns.compile(), Ok(()), "patterns of {}", profile.id);
        }
    }
    for id in ["xenforo", "invision", "phpbb", "vbulletin", "discourse", "wordpress", set::GENERIC]
    {
        assert!(found.get(id).is_some(), "{id}");
    }
}

#[test]
fn every_built_in_file_is_in_the_program() {
    let mut files: Vec<String> = walkdir::WalkDir::new(super::program::root().join("profiles"))
        .into_iter()
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect();
    let mut built_in: Vec<String> = set::built_in().into_iter().map(|file| file.text).collect();
    files.sort();
    built_in.sort();
    assert_eq!(files, built_in);
}

#[test]
fn a_folder_of_profiles_is_used() {
    let sandbox = Sandbox::new();
    let rule = r#"advert = { is = '^Buy pears at the harbour now$', sample = ["Buy pears at the harbour now"] }"#;
    sandbox.write("mine/sub/ostrand.toml", site("ostrand.example", rule));
    sandbox.write("mine/notes.txt", "no profile");
    let text = format!("Buy pears at the harbour now\n\n{ARTICLE}");
    let url = "https://www.ostrand.example/a";
    let record = clean(&sandbox, &text, url, &["--profiles", "mine"]);
    assert_eq!(record["profile"]["id"], "ostrand");
    assert_eq!(record["profile"]["chosen_by"], "host");
    assert_eq!(record["text"], ARTICLE.trim_end());
    let record = clean(&sandbox, ARTICLE, url, &[]);
    assert_eq!(record["profile"]["id"], set::GENERIC);
}

#[test]
fn a_file_of_the_same_id_hides_the_built_in_one_and_may_extend_it() {
    let sandbox = Sandbox::new();
    let built_in = sandbox.run(&["profile", "show", "phpbb"]).exits(0).out;
    assert!(built_in.contains("[[match]]"));
    let mine = "schema = 1\nkind = \"platform\"\nsummary = \"Mine\"\nextends = \"phpbb\"\n\n[strip.line]\n\
        advert = { is = '^Buy pears at the harbour now$', sample = [\"Buy pears at the harbour now\"] }\n";
    sandbox.write("mine/phpbb.toml", mine);
    let text = format!("Buy pears at the harbour now\n\n{ARTICLE}");
    let more = ["--profiles", "mine", "--profile", "phpbb"];
    let record = clean(&sandbox, &text, "https://a.example/", &more);
    assert_eq!(record["profile"]["id"], "phpbb");
    assert_eq!(record["profile"]["chain"][0], "phpbb", "it extends the one that it hides");
    assert!(!record["text"].as_str().unwrap().contains("Buy pears"));
    let show = sandbox.run(&["profile", "show", "phpbb", "--profiles", "mine"]).exits(0).out;
    assert!(show.contains("Mine"), "{show}");
    let list = sandbox.run(&["profile", "list", "--profiles", "mine"]).exits(0).out;
    let rows: Vec<&str> = list.lines().filter(|row| row.contains("phpbb")).collect();
    assert!(rows.len() == 1 && rows[0].contains("Mine"), "{rows:?}");
}

#[test]
fn sites_build_on_the_file_that_hides_their_platform() {
    let sandbox = Sandbox::new();
    let mine = "schema = 1\nkind = \"platform\"\nsummary = \"Mine\"\nextends = \"xenforo\"\n\n[strip.line]\n\
        advert = { is = '^Buy pears at the harbour now$', sample = [\"Buy pears at the harbour now\"] }\n";
    sandbox.write("mine/xenforo.toml", mine);
    let text = format!("Buy pears at the harbour now\n\n{ARTICLE}");
    let more = ["--profiles", "mine", "--profile", "world-defense"];
    let record = clean(&sandbox, &text, "https://a.example/", &more);
    let chain = record["profile"]["chain"].as_array().unwrap();
    assert_eq!(&chain[..2], [json!("xenforo"), json!("xenforo")], "{chain:?}");
}

#[test]
fn the_user_s_own_folder_is_read() {
    let sandbox = Sandbox::new();
    let rule = r#"advert = { is = '^Buy pears now$', sample = ["Buy pears now"] }"#;
    sandbox.write_config("copydesk/profiles/ostrand.toml", site("ostrand.example", rule));
    let url = "https://ostrand.example/a";
    assert_eq!(clean(&sandbox, ARTICLE, url, &[])["profile"]["id"], "ostrand");
    let list = sandbox.run(&["profile", "list"]).exits(0).out;
    assert!(list.lines().any(|row| row.starts_with("ostrand")), "{list}");
    // Without the variable it is ~/.config.
    let mut command = sandbox.command();
    command.env_remove("XDG_CONFIG_HOME").env("HOME", sandbox.path("home"));
    sandbox.write("home/.config/copydesk/profiles/harbour.toml", site("harbour.example", rule));
    let answer = super::program::answer(
        {
            command.args(["profile", "list"]);
            command
        },
        b"",
    );
    assert!(answer.exits(0).out.lines().any(|row| row.starts_with("harbour")));
}

#[test]
fn a_profile_can_be_switched_off() {
    let sandbox = Sandbox::new();
    let rule = r#"advert = { is = '^Buy pears now$', sample = ["Buy pears now"] }"#;
    sandbox.write("mine/ostrand.toml", site("ostrand.example", rule));
    let url = "https://ostrand.example/a";
    let more = ["--profiles", "mine", "--without-profile", "ostrand"];
    let record = clean(&sandbox, ARTICLE, url, &more);
    assert_eq!(record["profile"]["id"], set::GENERIC);
    // It may still be asked for, and extended.
    let more = [&more[..], &["--profile", "ostrand"]].concat();
    assert_eq!(clean(&sandbox, ARTICLE, url, &more)["profile"]["id"], "ostrand");
}

#[test]
fn an_unknown_id_is_2() {
    let sandbox = Sandbox::new();
    sandbox.write("page.txt", ARTICLE);
    for words in [
        &["clean", "page.txt", "--profile", "no-such"][..],
        &["clean", "page.txt", "--without-profile", "no-such"],
        &["clean", "--stdin", "jsonl", "--stdout", "--profile", "no-such"],
        &["profile", "show", "no-such"],
        &["profile", "explain", "page.txt", "--profile", "no-such"],
    ] {
        let answer = sandbox.run(words).exits(2);
        assert!(answer.err.contains("no-such"), "{words:?}: {}", answer.err);
    }
}

#[test]
fn lint_says_0_1_or_78() {
    let sandbox = Sandbox::new();
    let sampled = r#"advert = { is = '^Buy pears now$', sample = ["Buy pears now"] }"#;
    sandbox.write("good/a.toml", site("a.example", sampled));
    sandbox.write("warned/b.toml", site("b.example", "advert = '^Buy pears now$'"));
    sandbox.write("bad/c.toml", site("c.example", "advert = '^Buy (pears now$'"));
    sandbox.run(&["profile", "lint"]).exits(0);
    sandbox.run(&["profile", "lint", "good"]).exits(0);
    sandbox.run(&["profile", "lint", "good/a.toml"]).exits(0);
    let warned = sandbox.run(&["profile", "lint", "warned"]).exits(1);
    assert!(warned.out.contains("no-sample") && warned.out.contains("b.toml:"), "{}", warned.out);
    sandbox.run(&["profile", "lint", "bad", "good"]).exits(78);
    // A warning does not keep a profile from work.
    sandbox.run(&["check", "--profiles", "warned"]).exits(0);
    let record = clean(&sandbox, ARTICLE, "https://b.example/", &["--profiles", "warned"]);
    assert_eq!(record["profile"]["id"], "b");
}

#[test]
fn the_order_of_choice_is_total() {
    let sandbox = Sandbox::new();
    let head = "schema = 1\nkind = \"site\"\nsummary = \"A site\"\n[[match]]\n";
    for (name, conditions) in [
        ("by-host", "hosts = [\"ostrand.example\"]"),
        ("by-path", "hosts = [\"ostrand.example\"]\npath = \"/news/\""),
        ("by-longer-path", "hosts = [\"ostrand.example\"]\npath = \"/news/old/\""),
        ("by-parent", "hosts = [\"example\"]\nsubdomains = true"),
        ("by-text", "text = ['^Ostrand Evening Echo$']"),
    ] {
        sandbox.write(&format!("mine/{name}.toml"), format!("{head}{conditions}\n"));
    }
    let text = format!("Ostrand Evening Echo\n\n{ARTICLE}");
    let mut chosen = BTreeSet::new();
    for (url, profile, by) in [
        ("https://ostrand.example/news/old/1", "by-longer-path", "host_path"),
        ("https://ostrand.example/news/1", "by-path", "host_path"),
        ("https://ostrand.example/", "by-host", "host"),
        ("https://www.harbour.example/", "by-parent", "parent_domain"),
        ("https://harbour.test/", "by-text", "text_signature"),
    ] {
        let record = clean(&sandbox, &text, url, &["--profiles", "mine"]);
        assert_eq!(record["profile"]["id"], profile, "{url}");
        assert_eq!(record["profile"]["chosen_by"], by, "{url}");
        chosen.insert(record["profile"]["hash"].to_string());
    }
    assert_eq!(chosen.len(), 5, "each profile has a hash of its own");
}

#[test]
fn a_variant_holds_at_its_host_and_path() {
    let sandbox = Sandbox::new();
    let rule = "share = { is = '^Share this$', sample = [\"Share this\"] }";
    let mut profile = site("quay.example\", \"old.quay.example", rule);
    profile.push_str(
        "\n[[variant]]\nname = \"old\"\nhosts = [\"old.quay.example\"]\npath = \"/a/\"\n\
         [variant.strip.line]\ncrumbs = { is = '^You are here:', sample = [\"You are here: x\"] }\n",
    );
    sandbox.write("profiles/quay.toml", &profile);
    let text = format!("You are here: Home\n\n{ARTICLE}");
    for (url, is_old) in [
        ("https://old.quay.example/a/1", true),
        ("https://old.quay.example/b/1", false),
        ("https://quay.example/a/1", false),
    ] {
        let record = clean(&sandbox, &text, url, &["--profiles", "profiles"]);
        let has_crumbs = record["text"].as_str().unwrap().contains("You are here");
        assert_eq!(has_crumbs, !is_old, "{url}: {record}");
        assert_eq!(record["profile"]["id"], "quay");
    }
}
