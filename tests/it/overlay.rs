//! Profiles with all that they inherit, and a user's layer over a built-in one.

use std::sync::Arc;

use copydesk::parse;
use copydesk::profile::compile::{When, compile};
use copydesk::profile::fault::{Origin, SourceFile};
use copydesk::profile::read;
use copydesk::profile::set::{self, Lint};
use copydesk::profile::stack::Stack;
use copydesk::tool::resolve;

use super::program::{ARTICLE, Sandbox};

const PARENT: &str = "\
schema  = 1
kind    = \"platform\"
summary = \"Quayboard, an invented software\"   # stays in this file
checked = 2026-11-21

[[match]]
text = ['^Quayboard$', '^Jetty$']
min  = 1

[piece]
author = [{ line = '^By (?<author>.+)$', at = \"1..8\" }]

[strip.line]
share = { is = '^Share$', sample = [\"Share\"] }
print = '^Print$'

[strip.block.panel]
lines = [
  { is = '^Joined$' },   # the anchor
  { is = '^\\d{4}$' },
]
sample = [\"Joined\\n1999\"]

[split.thread.text]
start = [\"panel\"]
";

fn layers(files: &[(&str, &str, Origin)]) -> Stack {
    let file = |(path, text, origin): &(&str, &str, Origin)| SourceFile {
        path: (*path).to_owned(),
        text: (*text).to_owned(),
        origin: *origin,
    };
    let mut faults = Vec::new();
    let stack = Stack::read(files.iter().map(file).collect(), &mut faults);
    assert!(faults.is_empty(), "{faults:?}");
    stack
}

/// A sandbox whose own folder holds the parent under another name than any built-in profile.
fn quay() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("base/quayboard.toml", PARENT);
    sandbox
}

#[test]
fn a_resolved_profile_is_a_profile_and_does_the_same() {
    let mut faults = Vec::new();
    let stack = Stack::read(set::built_in(), &mut faults);
    for layer in stack.active() {
        let chain = stack.chain(layer).unwrap();
        let text = resolve::show(&chain, &resolve::resolve(&chain));
        let path = format!("{}.toml", layer.id);
        let file = Arc::new(SourceFile { path, text, origin: Origin::BuiltIn });
        let mut faults = Vec::new();
        let flat = read::read(&file, &layer.id, &mut faults);
        let shown: String = faults.iter().map(|fault| fault.render(false)).collect();
        let flat = flat.unwrap_or_else(|| panic!("{}: {shown}\n{}", layer.id, file.text));
        let one = compile(&stack.shared(&chain), When::Now, &mut faults).unwrap();
        let other = compile(&[Arc::new(flat)], When::Now, &mut faults).unwrap();
        let shown: String = faults.iter().map(|fault| fault.render(false)).collect();
        assert!(faults.is_empty(), "{}: {shown}", layer.id);
        let rules = |profile: &copydesk::profile::program::Profile| -> Vec<String> {
            let rules = profile.rules();
            let mut all: Vec<String> = rules
                .list
                .iter()
                .map(|it| format!("{} {:?} {:?} {:?} {}", it.key, it.what, it.into, it.at, it.html))
                .collect();
            all.extend(rules.finds.iter().map(|it| format!("{:?} {:?}", it.field, it.how)));
            all.extend(rules.split.iter().map(|split| format!("{:?}", split.how)));
            all.extend(
                rules.markup.iter().map(|split| format!("{:?} {:?}", split.how, split.data)),
            );
            all.push(format!(
                "{:?} {:?} {}",
                rules.dates,
                rules.max_removed,
                profile.variants().len()
            ));
            all
        };
        assert_eq!(rules(&one), rules(&other), "{}", layer.id);
        assert_eq!(one.matches.len(), other.matches.len(), "{}", layer.id);
    }
}

#[test]
fn show_resolved_names_the_place_of_each_part() {
    let sandbox = quay();
    let site = "schema = 1\nkind = \"site\"\nsummary = \"A site\"\nextends = \"quayboard\"\n\
        [[match]]\nhosts = [\"a.example\"]\n[strip.line]\nshare = false\nprint = '^Print this$'\n\
        [piece]\nauthor = [{ const = \"Mira\" }, { inherit = true }]\n[split.stream]\nwords = \"4..9\"\n";
    sandbox.write("base/harbour.toml", site);
    let out = sandbox
        .run(&["profile", "show", "--resolved", "harbour", "--profiles", "base"])
        .exits(0)
        .out;
    for wanted in [
        "# is      base/harbour.toml (user)\n# extends base/quayboard.toml (user)\n",
        "# base/harbour.toml:5\n[[match]]\nhosts = [\"a.example\"]\n",
        "# base/quayboard.toml:14, off by base/harbour.toml:8\n#   share = { is = '^Share$', sample = [\"Share\"] }\n",
        "# base/harbour.toml:9, in place of base/quayboard.toml:15\nprint = '^Print this$'\n",
        "author = [{ const = \"Mira\" }, { line = '^By (?<author>.+)$', at = \"1..8\" }]\n",
        "# base/quayboard.toml:17\npanel = { lines = [\n  { is = '^Joined$' },   # the anchor\n",
        "# base/quayboard.toml:25, off by base/harbour.toml:13\n#   start = [\"panel\"]\n",
        "[split.stream]\n# base/harbour.toml:13\nwords = \"4..9\"\n",
    ] {
        assert!(out.contains(wanted), "{wanted}\n---\n{out}");
    }
    let err = sandbox.run(&["profile", "show", "--resolved", "harbur"]).exits(2).err;
    assert!(err.contains("no profile `harbur`"), "{err}");
    let err = sandbox.run(&["profile", "show", "xenfor"]).exits(2).err;
    assert!(err.contains("did you mean `xenforo`?"), "{err}");
}

#[test]
fn list_says_what_hides_what() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "mine/phpbb.toml",
        "schema = 1\nkind = \"platform\"\nsummary = \"Mine\"\nextends = \"phpbb\"\n",
    );
    let list = sandbox.run(&["profile", "list", "--profiles", "mine"]).exits(0).out;
    let row = list.lines().find(|row| row.starts_with("phpbb ")).unwrap();
    let hides = "(mine/phpbb.toml hides built-in:platform/phpbb.toml)";
    assert!(row.contains(" user ") && row.ends_with(hides), "{row}");
    assert_eq!(list.matches(" hides ").count(), 1, "{list}");
}

#[test]
fn diff_goes_through_the_parts() {
    let sandbox = Sandbox::new();
    let mine = "schema = 1\nkind = \"platform\"\nsummary = \"Mine\"\nextends = \"fluxbb\"\n\
        [[match]]\nselector = \"#mine\"\n\
        [strip.line]\nadvert = { is = '^Buy pears$', sample = [\"Buy pears\"] }\n";
    sandbox.write("mine/fluxbb.toml", mine);
    let out = sandbox.run(&["profile", "diff", "fluxbb", "--profiles", "mine"]).exits(0).out;
    for wanted in [
        "- built-in:platform/fluxbb.toml (built-in)\n+ mine/fluxbb.toml (user), extends it\n",
        "\n~ summary  mine/fluxbb.toml:3, was built-in:platform/fluxbb.toml:",
        "  + \"Mine\"\n",
        "\n+ strip.line.advert  mine/fluxbb.toml:8\n  + { is = '^Buy pears$', sample = [\"Buy pears\"] }\n",
        "\n~ [match].0  mine/fluxbb.toml:5, was",
        "1 added, ",
    ] {
        assert!(out.contains(wanted), "{wanted}\n---\n{out}");
    }
    let err = sandbox.run(&["profile", "diff", "news"]).exits(2).err;
    assert!(err.contains("nothing to compare"), "{err}");
    sandbox.run(&["profile", "diff", "xenforo"]).exits(0);
}

#[test]
fn disable_makes_a_layer_that_does_all_else_as_before() {
    let sandbox = Sandbox::new();
    let text = format!("Buy it now\n\n{ARTICLE}");
    sandbox.write("page.txt", &text);
    let args = ["profile", "disable", "wordpress", "strip.line.nothing", "--profiles", "mine"];
    sandbox.write("mine/.keep", "");
    let err = sandbox.run(&args).exits(2).err;
    assert!(err.contains("`strip.line.nothing` is no rule of `wordpress`"), "{err}");
    assert_eq!(sandbox.files("mine"), [".keep"]);
    // Rules of several built-in profiles: off, or refused with the place that needs it.
    let mut faults = Vec::new();
    let stack = Stack::read(set::built_in(), &mut faults);
    let (mut off, mut refused) = (0, 0);
    for id in ["invision", "fluxbb", "world-defense"] {
        let layer = stack.same(id)[0];
        let chain = stack.chain(layer).unwrap();
        let before = compile(&stack.shared(&chain), When::Now, &mut Vec::new()).unwrap();
        let parts = resolve::resolve(&chain);
        for part in parts.iter().filter(|part| part.is_rule()).step_by(4) {
            let plan = copydesk::tool::disable::plan(&stack, id, &part.key()).unwrap();
            let copydesk::tool::disable::Plan::Write { text, path: None, .. } = plan else {
                panic!("{id} {}", part.key());
            };
            let path = format!("mine/{id}.toml");
            let mut files = set::built_in();
            files.retain(|file| chain.iter().any(|layer| layer.file.path == file.path));
            files.push(SourceFile { path, text, origin: Origin::User });
            let (found, faults) = set::load(files, &[], Lint::Own, parse::text::parse);
            let Some(found) = found else {
                let shown = faults.iter().map(|it| it.render(false)).collect::<Vec<_>>().concat();
                assert!(shown.contains("[unknown-rule]"), "{}: {shown}", part.key());
                refused += 1;
                continue;
            };
            let after = found.get(id).unwrap();
            let kept = |rules: &[copydesk::profile::program::Rule]| -> Vec<String> {
                let ids = rules.iter().map(|rule| rule.id.to_string());
                ids.filter(|rule| !rule.ends_with(&format!("/{}", part.key()))).collect()
            };
            assert_eq!(kept(&before.rules().list), kept(&after.rules().list));
            assert_eq!(before.rules().list.len(), after.rules().list.len() + 1);
            assert_eq!(before.matches.len(), after.matches.len());
            assert_eq!(before.summary, after.summary);
            off += 1;
        }
    }
    assert!(off > 8 && refused > 0, "{off} off, {refused} refused");
}

#[test]
fn disable_leaves_all_that_the_user_wrote() {
    let sandbox = quay();
    let mine = "# My notes.\nschema = 1\nkind    = 'site'\nsummary = \"A site\"\nextends = \"quayboard\"  # ours\n\n\
        [[match]]\nhosts = [\n  \"a.example\", # one\n]\n\n[strip.line]   # lines\n# An advertisement.\n\
        advert = { is = '^Buy$', sample = [\"Buy\"] }   # since June\n\n[guard]\nmax_removed_words = 0.9\n# The end.";
    sandbox.write("base/harbour.toml", mine);
    let run =
        |rule: &str| sandbox.run(&["profile", "disable", "harbour", rule, "--profiles", "base"]);
    let out = run("share").exits(0).out;
    assert_eq!(
        out,
        "base/harbour.toml: `strip.line.share = false`, for the rule of base/quayboard.toml:14\n"
    );
    let after = sandbox.read("base/harbour.toml");
    let rest: Vec<&str> = after.lines().filter(|line| *line != "share = false").collect();
    assert_eq!(rest, mine.lines().collect::<Vec<_>>(), "{after}");
    assert!(after.contains("# since June\nshare = false\n\n[guard]"), "{after}");
    // Again is nothing new.
    let out = run("quayboard/strip.line.share").exits(0).out;
    assert_eq!(out, "`strip.line.share` is off already, by base/harbour.toml:15\n");
    assert_eq!(sandbox.read("base/harbour.toml"), after);
    // Near misses, what is needed elsewhere, and what is the user's own.
    assert!(run("pritn").exits(2).err.contains("did you mean `print`?"));
    let err = run("panel").exits(78).err;
    assert!(err.contains("`panel` is no rule") && err.contains("quayboard.toml:25"), "{err}");
    assert!(err.contains("nothing was written"), "{err}");
    assert!(run("advert").exits(2).err.contains("your own file, base/harbour.toml:14; delete it"));
    assert_eq!(sandbox.read("base/harbour.toml"), after);
    // Line ends of another system stay.
    sandbox.write("base/harbour.toml", mine.replace('\n', "\r\n"));
    run("share").exits(0);
    let after = sandbox.read("base/harbour.toml");
    assert_eq!(after.matches('\n').count(), after.matches("\r\n").count());
    assert_eq!(after.replace("\r\n", "\n").replace("share = false\n", ""), mine);
    // A table that is not there yet.
    sandbox.write("base/harbour.toml", mine.replace("[strip.line]", "[keep.line]"));
    run("line.print").exits(0);
    assert!(sandbox.read("base/harbour.toml").contains("\n[strip.line]\nprint = false\n"));
    sandbox.run(&["check", "--profiles", "base"]).exits(0);
}

#[test]
fn disable_names_rules_that_share_a_name() {
    let sandbox = quay();
    let stack = layers(&[(
        "a.toml",
        "schema = 1\nkind = \"site\"\n[strip.line]\nshare = '^Share$'\n[strip.select]\nshare = \".share\"\n",
        Origin::BuiltIn,
    )]);
    let error = copydesk::tool::disable::plan(&stack, "a", "share").unwrap_err().to_string();
    assert!(error.ends_with("say which: strip.select.share, strip.line.share"), "{error}");
    let dir =
        ["profile", "disable", "quayboard", "share", "--profiles", "base", "--profiles", "top"];
    sandbox.write("top/.keep", "");
    // Both folders are the user's: the file that is there is changed.
    let err = sandbox.run(&dir).exits(2).err;
    assert!(err.contains("your own file, base/quayboard.toml:14"), "{err}");
}
