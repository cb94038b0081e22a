//! The language's reference and its JSON Schema, held against what the program reads.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use copydesk::profile::fault::{Origin, SourceFile};
use copydesk::profile::keys::{self, Key, Kind, Table};
use copydesk::profile::{read, set, source};

use super::program::{Sandbox, root};

const README: &str = "profiles/README.md";

/// The table of keys as `profiles/README.md` shows it.
fn shown(table: &Table) -> String {
    let mut out = "| key | type | default | | example |\n|---|---|---|---|---|\n".to_owned();
    for key in table.keys {
        let default = match (key.required, key.default) {
            (true, _) => "required".to_owned(),
            (false, "") => String::new(),
            (false, default) => format!("`{default}`"),
        };
        let example = match key.example {
            "" => String::new(),
            example => format!("`{}`", example.replace('|', "\\|")),
        };
        let Key { name, kind, about, .. } = key;
        writeln!(out, "| `{name}` | {} | {default} | {about} | {example} |", kind.name()).unwrap();
    }
    out
}

/// Tables of the README, between `<!-- keys: NAME -->` and `<!-- end -->`; written anew with
/// `UPDATE_GOLDEN=1`.
#[test]
fn the_readme_has_each_key_with_type_default_and_example() {
    let path = root().join(README);
    let mut text = std::fs::read_to_string(&path).unwrap();
    let before = text.clone();
    let mut missing = Vec::new();
    for table in keys::TABLES.iter().filter(|table| !table.keys.is_empty()) {
        // What is kept has the keys of what is removed.
        if table.name.starts_with("[keep") {
            continue;
        }
        let head = format!("<!-- keys: {} -->\n", table.name);
        let Some(from) = text.find(&head).map(|at| at + head.len()) else {
            missing.push(table.name);
            continue;
        };
        let rest = text.get(from..).unwrap();
        let end = from + rest.find("<!-- end -->").expect("a table ends");
        text.replace_range(from..end, &shown(table));
    }
    assert_eq!(missing, Vec::<&str>::new(), "tables that {README} has no place for");
    let heads = text.matches("<!-- keys: ").count();
    assert_eq!(heads, text.matches("<!-- end -->").count());
    let known = |line: &&str| {
        let name = line.trim_start_matches("<!-- keys: ").trim_end_matches(" -->");
        keys::table(name).is_none()
    };
    let unknown: Vec<&str> =
        text.lines().filter(|line| line.starts_with("<!-- keys: ")).filter(known).collect();
    assert_eq!(unknown, Vec::<&str>::new());
    if std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1") {
        std::fs::write(&path, &text).unwrap();
    } else {
        assert!(before == text, "{README} is not what the list says; UPDATE_GOLDEN=1 writes it");
    }
}

/// A profile in which a key stands with its example.
fn with_key(table: &Table, key: &Key) -> String {
    let line = format!("{} = {}\n", key.name, key.example);
    let pair = format!("{} = {}", key.name, key.example);
    let head = "schema = 1\nkind = \"site\"\n";
    let host = "[[match]]\nhosts = [\"a.example\"]\n";
    match table.name {
        "profile" | "body" if ["schema", "kind"].contains(&key.name) => head.to_owned(),
        "profile" | "body" => format!("{head}{line}{host}"),
        "conditions" if key.name == "hosts" => format!("{head}[[match]]\n{line}"),
        "conditions" if key.name == "min" => format!("{head}[[match]]\ntext = ['^x$']\n{line}"),
        "conditions" if ["text", "selector"].contains(&key.name) => {
            format!("{head}[[match]]\n{line}")
        }
        "conditions" => format!("{head}{host}{line}"),
        "[split.thread]" => {
            let other = ["post", "body"].into_iter().filter(|it| *it != key.name);
            let rest = other.map(|it| format!("{it} = \".x\"\n")).collect::<Vec<_>>().concat();
            format!("{head}[split.thread]\n{line}{rest}")
        }
        "[split.thread.data]" => {
            let other = ["posts", "body"].into_iter().filter(|it| *it != key.name);
            let rest = other.map(|it| format!("{it} = \"x\"\n")).collect::<Vec<_>>().concat();
            let outer = "[split.thread]\npost = \".a\"\nbody = \".b\"\n";
            format!("{head}{outer}[split.thread.data]\n{line}{rest}")
        }
        "[split.thread.text]" if key.name == "head" => {
            format!("{head}[split.thread.text]\n{line}end = ['^x$']\n")
        }
        "[split.digest]" if key.name == "head" => {
            format!("{head}[split.digest]\n{line}separator = '^x$'\n")
        }
        "way" => {
            let with = match key.name {
                "line" | "date" | "headline" | "css" | "meta" | "const" | "inherit" => "",
                "not" | "at" | "drop" => ", line = '^x$'",
                _ => ", css = \".x\"",
            };
            format!("{head}[piece]\ntitle = [{{ {pair}{with} }}]\n")
        }
        "edit" => {
            let with = if key.name == "find" { "" } else { ", find = \"x\"" };
            format!("{head}[prepare]\nreplace = [{{ {pair}{with} }}]\n")
        }
        "cut" => {
            let with = if key.name == "with" { ", replace = \"x\"" } else { "" };
            format!("{head}[piece]\ntitle = [{{ css = \".x\", cut = {{ {pair}{with} }} }}]\n")
        }
        "lines" => {
            let with = match key.name {
                "is" | "repeats" | "blank" => "",
                _ => ", is = '^x$'",
            };
            format!("{head}[strip.block]\na = {{ lines = [{{ {pair}{with} }}] }}\n")
        }
        "rule" | "kept" | "moved" => format!("{head}[strip.line]\na = {{ is = '^x$', {pair} }}\n"),
        "[strip.select]" if key.name != "css" => {
            format!("{head}[strip.select]\na = {{ css = \".x\", {pair} }}\n")
        }
        "[strip.line]" if key.name != "is" => {
            format!("{head}[strip.line]\na = {{ is = '^x$', {pair} }}\n")
        }
        "[strip.region]" => {
            let other = ["from", "to"].into_iter().filter(|it| *it != key.name);
            let rest = other.map(|it| format!(", {it} = '^x$'")).collect::<Vec<_>>().concat();
            format!("{head}[strip.region]\na = {{ {pair}{rest} }}\n")
        }
        "[[variant]]" => format!("{head}[[variant]]\n{line}captured_before = 2019-01-01\n"),
        "dates" => format!("{head}dates = {{ {pair} }}\n"),
        "[keep.line]" => format!("{head}[keep.line]\na = {{ is = '^x$', {pair} }}\n").replacen(
            "is = '^x$', is",
            "is",
            1,
        ),
        "[keep.select]" => format!("{head}[keep.select]\na = {{ css = \".x\", {pair} }}\n")
            .replacen("css = \".x\", css", "css", 1),
        "[keep.region]" => format!(
            "{head}[keep.region]\na = {{ from = '^x$', to = '^x$', {pair} }}\n"
        )
        .replacen(&format!("{} = '^x$', ", key.name), "", 1),
        name if name.starts_with("[strip.") || name.starts_with("[keep.") => {
            format!("{head}{name}\na = {{ {pair} }}\n")
        }
        name => format!("{head}{name}\n{line}"),
    }
}

#[test]
fn each_key_of_the_list_is_read_with_its_example() {
    let schema = jsonschema::draft7::new(&keys::schema::schema()).unwrap();
    let mut tried = 0;
    for table in keys::TABLES {
        for key in table.keys.iter().filter(|key| !key.example.is_empty()) {
            let text = with_key(table, key);
            let file = SourceFile { path: "a.toml".into(), text, origin: Origin::User };
            let mut faults = Vec::new();
            let file = Arc::new(file);
            read::read(&file, "a", &mut faults);
            let shown: String = faults.iter().map(|fault| fault.render(false)).collect();
            assert_eq!(shown, "", "{} of {}", key.name, table.name);
            let value = source::document(&file.text).unwrap();
            let errors: Vec<String> =
                schema.iter_errors(&value).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{}: {errors:?}\n{}", key.name, file.text);
            // Without it, or with another type, the schema says so.
            let wrong = file.text.replacen(
                &format!("{} = {}", key.name, key.example),
                &format!("{} = [[[7]]]", key.name),
                1,
            );
            let value = source::document(&wrong).unwrap();
            assert!(
                table.name == "profile" && key.name == "kind"
                    || !schema.is_valid(&value)
                    || wrong == file.text,
                "{wrong}"
            );
            tried += 1;
        }
    }
    assert!(tried > 70, "{tried}");
}

/// Words in quotes behind the calls that take keys, in the readers.
#[test]
fn each_key_that_the_readers_take_stands_in_the_list() {
    let known: BTreeSet<&str> =
        keys::TABLES.iter().flat_map(|table| table.keys).map(|key| key.name).collect();
    let mut taken = BTreeSet::new();
    for name in ["mod.rs", "prepare.rs", "rules.rs", "split.rs"] {
        let text = std::fs::read_to_string(root().join("src/profile/read").join(name)).unwrap();
        let calls = [
            ".take(\"",
            ".string(\"",
            ".strings(\"",
            ".bool(\"",
            ".integer(\"",
            ".share(\"",
            ".range(\"",
            "edge(table, \"",
            "count(table, \"",
            "day(&mut top, \"",
            "day(table, \"",
            "required(\"",
            ", \"thread\"",
            ", \"text\"",
            ", \"digest\"",
            ", \"stream\"",
            ", \"article\"",
            ", \"data\"",
        ];
        for call in calls {
            for rest in text.split(call).skip(1) {
                let word = match call.strip_prefix(", \"") {
                    Some(word) => word.trim_end_matches('"').to_owned(),
                    None => rest.split('"').next().unwrap().to_owned(),
                };
                taken.insert(word);
            }
        }
    }
    let missing: Vec<&String> = taken.iter().filter(|key| !known.contains(key.as_str())).collect();
    assert!(missing.is_empty(), "add to `profile::keys`: {missing:?}");
    assert!(taken.len() > 45, "{taken:?}");
}

#[test]
fn the_schema_takes_every_built_in_profile() {
    let schema = keys::schema::schema();
    assert!(jsonschema::draft7::meta::is_valid(&schema));
    let schema = jsonschema::draft7::new(&schema).unwrap();
    for file in set::built_in() {
        let value = source::document(&file.text).unwrap();
        let errors: Vec<String> = schema
            .iter_errors(&value)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", file.path);
    }
}

#[test]
fn the_schema_is_printed_with_words_for_each_key() {
    let out = Sandbox::new().run(&["schema", "profile"]).exits(0).out;
    let schema: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(schema, keys::schema::schema());
    let top = &schema["properties"];
    assert_eq!(top["draft"]["default"], false);
    assert_eq!(top["extends"]["examples"][0], "phpbb");
    let stream = &schema["definitions"]["split-stream"]["properties"]["words"];
    assert_eq!(stream["default"], "4..16");
    assert!(stream["description"].as_str().unwrap().contains("headline"));
    for table in keys::TABLES {
        for key in table.keys {
            assert!(!key.about.is_empty() && !key.about.ends_with('.'), "{}", key.name);
            let nested = matches!(
                key.kind,
                Kind::Table(_)
                    | Kind::TableOrOff(_)
                    | Kind::Tables(_)
                    | Kind::Named(_)
                    | Kind::Ways
            );
            assert!(nested || !key.example.is_empty(), "{} has no example", key.name);
        }
    }
}
