//! `profile import-ftr`: every directive is a rule, a comment or a loss with its cause.

use copydesk::parse;
use copydesk::profile::fault::{Origin, SourceFile};
use copydesk::profile::set::{self, Lint};
use copydesk::tool::ftr::account::Account;
use copydesk::tool::ftr::{Import, Summary, import};
use proptest::prelude::*;

use super::program::{Sandbox, root};

/// The selectors of one directive.
fn selectors(directive: &str) -> Vec<String> {
    let import = import("a.example.txt", directive).unwrap();
    import.selections.iter().map(|one| one.css.clone()).collect()
}

/// What is wrong with the TOML of an import.
fn faults(import: &Import) -> String {
    // Its own rules do not depend on a parent.
    let text = import.toml.replace("\nextends = \"generic-text\"\n", "\n");
    let path = format!("imported/{}.toml", import.id);
    let files = vec![SourceFile { path, text, origin: Origin::Imported }];
    let (_, faults) = set::load(files, &[], Lint::All, parse::text::parse);
    let errors = faults.iter().filter(|fault| !fault.problem.is_warning());
    errors.map(|fault| fault.render(false)).collect()
}

#[test]
fn a_config_becomes_a_profile_with_each_line_beside_its_rule() {
    let name = "tests/it/ftr/harbour.example";
    let text = std::fs::read_to_string(root().join(format!("{name}.txt"))).unwrap();
    let import = import("harbour.example.txt", &text).unwrap();
    assert_eq!(faults(&import), "");
    let path = root().join(format!("{name}.toml"));
    if std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1") {
        std::fs::write(&path, &import.toml).unwrap();
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(golden == import.toml, "UPDATE_GOLDEN=1 writes it\n{}", import.toml);
    assert!(!import.is_complete() && import.is_core_complete());
}

#[test]
fn paths_become_selectors() {
    for (xpath, css) in [
        ("//div[@id='a']//p", "div[id='a'] p"),
        ("//p[contains(concat(' ', normalize-space(@class), ' '), ' by ')]", "p.by"),
        (
            "//p[contains(@class, 'a') or contains(@class, 'b') or @id='c']",
            "p:is([class*='a'], [class*='b'], [id='c'])",
        ),
        ("//p[not(@class) and @id]", "p:not([class])[id]"),
        ("//div[./p/a]/h2", "div:has(> p > a) > h2"),
        ("//div[.//p[@class]]", "div:has(p[class])"),
        ("//p[2]", "p:nth(2)"),
        ("//p[last()-1]", "p:nth(-2)"),
        ("//p[position()>2 and position()<5]", "p:nth(3..4)"),
        ("(//p)[last()]/b", "p:nth-match(-1) > b"),
        ("//a/parent::div", "a:parent(div)"),
        ("//a/..", "a:parent(*)"),
        ("//a/ancestor::div[@class='x'][2]", "a:ancestor(div[class='x'], 2)"),
        ("//hr/preceding::p[1]", "hr:preceding(p, 1)"),
        ("//hr/following-sibling::p[1]/i", "hr:following-sibling(p, 1) > i"),
        ("//hr/self::* | //hr/following-sibling::node()", "hr, hr ~ *, hr ~ ::text"),
        ("//p[ancestor::aside]", "p:is(aside *)"),
        ("//p[preceding-sibling::hr]", "p:is(hr ~ *)"),
        ("//p[starts-with(normalize-space(.), 'Foto')]", "p:starts('Foto')"),
        ("//p[text()='Foto']", "p:has(> ::text:says('Foto'))"),
        ("//p[contains(translate(., 'ABC', 'abc'), 'x')]", "p:contains('x' i)"),
        ("//td/text()[2]", "td > ::text:nth(2)"),
        ("/html/body/div[1]", "html > body > div:nth(1)"),
        ("//*[@*='x']", ":any-attribute('x')"),
        ("//p[count(a)=0]", "p:not(:has(> a))"),
        ("id('x')/p", "[id='x'] > p"),
        ("//p[@class=\"it's\"]", "p[class=\"it's\"]"),
        ("//figure[0]", "figure:not(*)"),
        ("//a[substring(@href, string-length(@href) - 3) = '.pdf']", "a[href$='.pdf']"),
    ] {
        assert_eq!(selectors(&format!("strip: {xpath}")), [css], "{xpath}");
    }
}

#[test]
fn what_cannot_be_said_has_a_cause() {
    for (line, kind) in [
        ("strip: ///p", "syntax"),
        ("strip: //p[contains(@class='a')]", "syntax"),
        ("strip: //p[@width > 3]", "no-selector"),
        ("strip: //p[. = //h1]", "no-selector"),
        ("strip: //svg:path", "no-selector"),
        ("strip: //p[has-class('a')]", "unknown-function"),
        ("date: concat(//i, ' ', //b)", "function"),
        ("body: //div/@class", "no-element"),
        ("body: substring-after(//div, 'x')", "function"),
        ("find_string: <b", "unpaired"),
        ("move_into(body): //p", "no-body"),
        ("titl: //h1", "unknown-key"),
        ("// remove it", "no-colon"),
        ("strip_id_or_class: --", "no-word"),
    ] {
        let import = import("a.example.txt", line).unwrap();
        let causes: Vec<&str> = import.untranslated().map(|(_, cause)| cause.kind()).collect();
        assert_eq!(causes, [kind], "{line}");
        assert!(import.toml.contains(line), "{}", import.toml);
    }
}

#[test]
fn names_of_files_are_hosts() {
    let of = |name: &str| import(name, "body: //article").map(|import| (import.id, import.host));
    let both = |id: &str, host: &str| Some((id.to_owned(), host.to_owned()));
    assert_eq!(of("news.example.txt"), both("news.example", "news.example"));
    assert_eq!(of("www.news.example.txt"), both("www.news.example", "news.example"));
    assert_eq!(of(".news.example.txt"), both("_.news.example", ".news.example"));
    assert_eq!(of("global.txt"), both("ftr-global", "ftr-global"));
    assert_eq!(of("fingerprint.soft.txt"), both("ftr-fingerprint.soft", "ftr-fingerprint.soft"));
    for name in ["LICENSE.txt", "a/b.example.txt", ".txt", "..txt", "a b.example.txt", "x.md"] {
        assert_eq!(of(name), None, "{name}");
    }
}

#[test]
fn an_import_is_repeated_in_peace_and_leaves_changed_files_alone() {
    let sandbox = Sandbox::new();
    sandbox.write("configs/news.example.txt", "body: //article\nstrip: //aside\n");
    sandbox.write("configs/.news.example.txt", "body: //main\n");
    sandbox.write("configs/LICENSE.txt", "All of it: is free\n");
    let run = |more: &[&str]| {
        let words = [&["profile", "import-ftr", "configs"], more].concat();
        sandbox.run(&words).exits(0).out
    };
    let out = run(&["--summary", "json"]);
    let last: serde_json::Value = serde_json::from_str(out.lines().last().unwrap()).unwrap();
    assert_eq!((&last["files"], &last["complete"]), (&2.into(), &2.into()), "{out}");
    assert!(out.contains("LICENSE.txt: no site config"), "{out}");
    let own = sandbox.config("copydesk/profiles/imported/news.example.toml");
    let written = std::fs::read_to_string(&own).unwrap();
    assert!(run(&[]).contains("0 profiles written, 2 stood there already, 0 changed by hand"));
    std::fs::write(&own, written.replace("aside", "nav")).unwrap();
    sandbox.write("configs/news.example.txt", "body: //article\n");
    let out = run(&[]);
    assert!(out.contains("news.example.toml: was changed by hand"), "{out}");
    assert_eq!(std::fs::read_to_string(&own).unwrap(), written.replace("aside", "nav"));
    let list = sandbox.run(&["profile", "list"]).exits(0).out;
    assert!(
        list.lines().any(|l| l.starts_with("news.example ") && l.contains("imported")),
        "{list}"
    );
    sandbox.run(&["check"]).exits(0);
}

const PAGE: &str = "<html><head><title>Ferry | Gazette</title></head><body><nav>Home</nav>\
    <article><p>The ferry to Ostrand left the old harbour an hour late on Monday.</p>\
    <p>It carried forty crates of pears, <a href=/x>Read more</a></p></article></body></html>";

#[test]
fn an_imported_profile_cleans_and_gives_way_where_its_body_is_missing() {
    let sandbox = Sandbox::new();
    let text = "title: substring-before(//title, ' |')\nbody: //article\n\
                strip: //a[contains(., 'Read more')]\n";
    sandbox.write("configs/news.example.txt", text);
    sandbox.write("configs/.news.example.txt", "body: //main\n");
    for (name, host) in
        [("a", "www.news.example"), ("b", "sea.news.example"), ("c", "else.example")]
    {
        sandbox.write(&format!("in/{name}.html"), PAGE);
        let hints = serde_json::json!({"url": format!("https://{host}/1")}).to_string();
        sandbox.write(&format!("in/{name}.meta.json"), hints);
    }
    let words = ["profile", "import-ftr", "configs", "--grade", "in"];
    let out = sandbox.run(&words).exits(0).out;
    assert!(out.contains("1      0  news.example\n"), "{out}");
    assert!(out.contains("0      1  _.news.example\n"), "{out}");
    assert!(out.contains("1      1  all; 1 captures"), "{out}");
    let clean = |name: &str| sandbox.run(&["clean", name]).exits(0).records().remove(0);
    let record = clean("in/a.html");
    assert_eq!(record["profile"]["id"], "news.example");
    assert_eq!(record["profile"]["chosen_by"], "host");
    assert_eq!(record["title"], "Ferry");
    let text = record["text"].as_str().unwrap();
    assert!(text.contains("ferry to Ostrand") && !text.contains("Read more"), "{text}");
    let record = clean("in/b.html");
    assert_eq!(record["profile"]["chosen_by"], "parent_domain");
    assert!(record["warnings"].to_string().contains("no_body: _.news.example"), "{record}");
    assert!(record["text"].as_str().unwrap().contains("ferry to Ostrand"));
}

#[test]
fn edits_are_made_before_the_page_is_parsed_and_explained() {
    let sandbox = Sandbox::new();
    let text = "body: //div[@id='text']\nfind_string: <x-story>\nreplace_string: <div id=text>\n\
                title: substring-before(substring-after(//script, '\"name\":\"'), '\"')\n\
                strip: //svg/parent::p\n";
    sandbox.write("configs/news.example.txt", text);
    let page = "<html><head><script>{\"name\":\"Pears\"}</script></head><body><p>Menu</p><x-story>\
        <p>The ferry left the old harbour an hour late.</p><p><svg></svg>Like</p></body></html>";
    sandbox.write("a.html", page);
    sandbox.write("a.meta.json", "{\"url\": \"https://news.example/\"}");
    sandbox.run(&["profile", "import-ftr", "configs"]).exits(0);
    let record = sandbox.run(&["clean", "a.html"]).exits(0).records().remove(0);
    assert_eq!(record["title"], "Pears", "{record}");
    assert_eq!(record["text"], "The ferry left the old harbour an hour late.");
    let out = sandbox.run(&["profile", "explain", "a.html"]).exits(0).out;
    assert!(out.contains("prepare  `<x-story>` replaced: 1 times"), "{out}");
}

/// Lines that are nearly site configs.
fn config() -> impl Strategy<Value = String> {
    let key = prop_oneof![
        Just("body"),
        Just("title"),
        Just("author"),
        Just("date"),
        Just("strip"),
        Just("strip_id_or_class"),
        Just("find_string"),
        Just("replace_string"),
        Just("move_into(body)"),
        Just("replace_string(a)"),
        Just("tidy"),
        Just("sprit"),
        Just("#"),
    ];
    let token = prop_oneof![
        Just("//"),
        Just("/"),
        Just("p"),
        Just("div"),
        Just("*"),
        Just("@class"),
        Just("text()"),
        Just("[1]"),
        Just("[last()]"),
        Just("[@id='a']"),
        Just("[contains(., \"é'x\")]"),
        Just("["),
        Just("]"),
        Just("("),
        Just(")"),
        Just(" | "),
        Just("/.."),
        Just("/parent::div"),
        Just("/following-sibling::p[2]"),
        Just("[not(a)]"),
        Just("[ancestor::b[1]]"),
        Just("and"),
        Just("substring-after("),
        Just(", ' - ')"),
        Just("/preceding::*"),
        Just("[position()<3]"),
        Just("[.//a or @b]"),
        Just("::"),
        Just("script"),
        Just("svg"),
        Just("node()"),
        Just("\\"),
    ];
    let value = prop_oneof![
        4 => prop::collection::vec(token, 0..9).prop_map(|tokens| tokens.concat()),
        1 => "\\PC{0,40}",
    ];
    let line = (key, value).prop_map(|(key, value)| format!("{key}: {value}"));
    let line = prop_oneof![6 => line, 1 => "[ -~\\n\\t]{0,60}"];
    prop::collection::vec(line, 0..8).prop_map(|lines| lines.join("\n"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn no_config_is_too_odd(text in config()) {
        let import = import("odd.example.txt", &text).unwrap();
        let directives = text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#'));
        prop_assert_eq!(import.accounts.len(), directives.count());
        let mut summary = Summary::default();
        summary.add(&import);
        let sum = summary.rules + summary.comments + summary.untranslated;
        prop_assert_eq!(sum, summary.directives);
        for (directive, account) in &import.accounts {
            // What is no rule stands in a comment; what is one stands beside it.
            let head: String = directive.raw.chars().take(200).collect();
            prop_assert!(import.toml.contains(head.trim()), "{:?} {:?}", account, import.toml);
            prop_assert!(!matches!(account, Account::Comment("")));
        }
        let faults = faults(&import);
        prop_assert!(faults.is_empty(), "{}\n{}", faults, import.toml);
    }
}
