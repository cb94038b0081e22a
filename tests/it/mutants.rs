//! A sound profile, and 66 ways to break it: each is found, at its place, with a hint. What a JSON
//! Schema can say is said by `copydesk schema profile` too.
//!
//! `UPDATE_GOLDEN=1 cargo test --test it mutants` writes the table anew: read the diff.

use std::fmt::Write as _;

use copydesk::parse;
use copydesk::profile::fault::{Fault, Origin, SourceFile};
use copydesk::profile::keys::schema;
use copydesk::profile::set::{self, Lint};
use copydesk::profile::source;

use super::program::root;

const GOLDEN: &str = "tests/it/mutants.golden.txt";

/// Uses most of the language.
const SOUND: &str = include_str!("mutants/sound.toml");

const PARENT: &str = "schema = 1\nkind = \"platform\"\n[strip.line]\nshare = { is = '^Share$', sample = [\"Share\"] }\n";

/// Name, what is replaced, and by what.
const MUTANTS: [(&str, &str, &str); 66] = [
    // Typos in keys.
    ("schema-typo", "schema  = 1", "shema   = 1"),
    ("kind-typo", "kind    =", "knid    ="),
    ("summary-typo", "summary =", "sumary  ="),
    ("extends-typo", "extends =", "extend  ="),
    ("checked-typo", "checked =", "cheked  ="),
    ("match-typo", "[[match]]\nhosts", "[[macth]]\nhosts"),
    ("hosts-typo", "hosts = [", "host  = ["),
    ("selector-typo", "selector = ", "selecter = "),
    ("captured-typo", "captured_before", "captured_befor"),
    ("field-typo", "[field]", "[feild]"),
    ("title-typo", "title   = [", "titel   = ["),
    ("piece-typo", "[piece]", "[pieces]"),
    ("author-typo", "author  = [", "autor   = ["),
    ("css-typo", "{ css = \"h1.topic\"", "{ ccs = \"h1.topic\""),
    ("attr-typo", "attr = \"datetime\"", "attribute = \"datetime\""),
    ("drop-typo", "drop = true", "dorp = true"),
    ("strip-typo", "[strip.select]", "[stirp.select]"),
    ("kind-of-rule-typo", "[strip.region]", "[strip.regions]"),
    ("sample-typo", "sample = [\"Print\"]", "samples = [\"Print\"]"),
    ("into-typo", "into = \"rights\"", "int = \"rights\""),
    ("lines-typo", "lines = [", "line = ["),
    ("times-typo", "times = \"1..5\"", "time = \"1..5\""),
    ("post-typo", "post   =", "posts  ="),
    ("body-typo", "body   =", "bdoy   ="),
    ("quote-typo", "quote  =", "quotes ="),
    ("start-typo", "start = [", "strat = ["),
    ("order-typo", "order = \"dmy\"", "oder = \"dmy\""),
    ("guard-typo", "max_removed_words", "max_removed"),
    ("variant-name-typo", "name = \"old\"", "nam = \"old\""),
    // Wrong types.
    ("schema-as-text", "schema  = 1", "schema  = \"1\""),
    ("kind-as-number", "kind    = \"platform\"", "kind    = 1"),
    ("draft-as-text", "draft   = true", "draft   = \"yes\""),
    ("hosts-as-number", "hosts = [\"quay.example\"]", "hosts = 7"),
    ("hosts-of-numbers", "hosts = [\"quay.example\"]", "hosts = [7]"),
    ("guard-as-list", "[guard]", "[[guard]]"),
    ("min-as-text", "min  = 2", "min  = \"2\""),
    (
        "field-as-text",
        "section = [{ css = \".crumbs a\", pick = \"last\" }]",
        "section = \".crumbs a\"",
    ),
    (
        "ways-of-texts",
        "section = [{ css = \".crumbs a\", pick = \"last\" }]",
        "section = [\".crumbs a\"]",
    ),
    ("drop-as-text", "drop = true", "drop = \"yes\""),
    ("rule-as-number", "advert = ", "numb = 7\nadvert = "),
    ("rule-as-true", "advert = ", "on = true\nadvert = "),
    ("is-as-list", "is = '^Print$'", "is = ['^Print$']"),
    ("lines-as-text", "lines = [\n", "lines = \"x\"\nrest = [\n"),
    ("max-words-as-text", "max_words = 40", "max_words = \"40\""),
    ("share-of-more-than-all", "max_removed_words = 0.9", "max_removed_words = 90"),
    ("split-as-text", "[split.thread]\n", "[split]\nstream = \"yes\"\n[split.thread]\n"),
    ("variant-as-table", "[[variant]]", "[variant]"),
    // Values that cannot be used.
    ("kind-of-another-kind", "kind    = \"platform\"", "kind    = \"forum\""),
    ("day-that-is-none", "checked = 2026-11-21", "checked = \"last year\""),
    ("min-of-too-many", "min  = 2", "min  = 9"),
    ("pick-of-another-kind", "pick = \"last\"", "pick = \"second\""),
    ("place-that-is-none", "at = \"1..8\"", "at = \"above\""),
    ("range-backwards", "times = \"1..5\"", "times = \"5..1\""),
    ("order-of-another-kind", "order = \"dmy\"", "order = \"day first\""),
    ("zone-without-sign", "zone = \"+03:00\"", "zone = \"EAT\""),
    ("into-no-field", "into = \"rights\"", "into = \"right\""),
    ("pattern-not-closed", "is = '^Print$'", "is = '^(Print$'"),
    ("pattern-with-look-ahead", "is = '^Print$'", "is = '^(?!x)Print$'"),
    ("selector-not-closed", "\".sign\"", "\".sign[\""),
    ("group-no-field", "(?<author>", "(?<writer>"),
    ("no-such-parent", "extends = \"quay-parent\"", "extends = \"quay-parnet\""),
    // Wrong nesting, and what is missing.
    ("host-at-the-top", "[[match]]\nhosts = [\"quay.example\"]", "hosts = [\"quay.example\"]"),
    ("rule-without-kind", "[strip.line]", "[strip]"),
    ("data-without-body", "body      = \"html\"", "title     = \"html\""),
    ("not-inherited", "share = false", "sahre = false"),
    ("not-toml", "summary = \"Quayboard, invented\"", "summary = \"Quayboard, invented"),
];

fn load(text: &str) -> Vec<Fault> {
    let file = |path: &str, text: &str| SourceFile {
        path: path.to_owned(),
        text: text.to_owned(),
        origin: Origin::User,
    };
    let files = vec![file("quay.toml", text), file("quay-parent.toml", PARENT)];
    let (_, mut faults) = set::load(files, &[], Lint::All, parse::text::parse);
    faults.retain(|fault| !fault.problem.is_warning());
    faults
}

#[test]
fn each_broken_profile_says_where_and_what_to_do() {
    let schema = jsonschema::draft7::new(&schema::schema()).unwrap();
    let shown: String = load(SOUND).iter().map(|fault| fault.render(false)).collect();
    assert_eq!(shown, "", "the sound profile is sound");
    assert!(schema.is_valid(&source::document(SOUND).unwrap()));
    let mut table = String::new();
    for (name, from, to) in MUTANTS {
        assert_eq!(SOUND.matches(from).count(), 1, "{name}: {from}");
        let text = SOUND.replacen(from, to, 1);
        let first = SOUND.lines().zip(text.lines()).take_while(|(one, other)| one == other).count();
        let faults = load(&text);
        let near = |fault: &&Fault| {
            let line = fault.place().0;
            // A table that lacks a key is shown at its head.
            line > first.saturating_sub(4) && line <= first + 2 + to.matches('\n').count()
        };
        let fault = faults.iter().find(near).unwrap_or_else(|| panic!("{name}: {faults:#?}"));
        let (line, column) = fault.place();
        let message = fault.problem.to_string();
        let help = fault.problem.help();
        let useful =
            help.is_some() || message.contains(" expected ") || message.contains("not TOML");
        assert!(useful, "{name}: {message}");
        let by_schema = source::document(&text).is_some_and(|it| !schema.is_valid(&it));
        let code = fault.problem.code();
        let structural = ["unknown-key", "wrong-type", "missing-key", "excludes", "bad-schema"];
        assert!(by_schema || !structural.contains(&code), "{name}: the schema lets it through");
        let sign = if by_schema { "schema" } else { "" };
        let help = help.unwrap_or_default();
        writeln!(table, "{name:<24} {line:>2}:{column:<3} {code:<15} {sign:<7} {message}").unwrap();
        if !help.is_empty() {
            writeln!(table, "{:<24} {help}", "").unwrap();
        }
    }
    let path = root().join(GOLDEN);
    if std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1") {
        std::fs::write(&path, &table).unwrap();
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(golden == table, "the table differs from {GOLDEN}; UPDATE_GOLDEN=1 writes it\n{table}");
}
