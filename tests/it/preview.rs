//! `copydesk profile preview`: the page holds each block once and nothing of the capture that acts,
//! and the lines that it proposes do what it says.

use std::collections::BTreeMap;
use std::path::PathBuf;

use copydesk::decode;
use copydesk::model::capture::{Capture, Hints};
use copydesk::model::ledger::Fate;
use copydesk::parse;
use copydesk::pipeline::{self, Options, Outcome};
use copydesk::profile::fault::{Origin, SourceFile};
use copydesk::profile::set::{self, Lint, ProfileSet};
use serde_json::Value;

use super::program::{Sandbox, root};

/// Markup that would act if any of it came through.
pub(crate) const HOSTILE: &str = r#"<!doctype html><html><head><title>Nasty &lt;b&gt;</title>
<script>alert("head")</script><base href="https://evil.example/"><meta http-equiv="refresh" content="0;url=https://evil.example/"></head>
<body onload="alert(1)"><h1 id="x&quot;&gt;&lt;script&gt;alert(2)&lt;/script&gt;" class="a&quot;b &lt;img">Harbour &lt;/script&gt;&lt;script&gt;alert(3)&lt;/script&gt; news</h1>
<p>The ferry <img src=x onerror=alert(4)> left the <a href="javascript:alert(5)" onclick="alert(6)" style="position:fixed">old harbour</a> an hour late on Monday, after the crew had waited for a lorry with forty crates of pears.</p>
<p>Passengers <b onmouseover="alert(7)" class="q">who had bought</b> their tickets at the counter were let on board first, and the <em style="background:url(https://evil.example/i)">band</em> of the harbour school played &lt;!-- until &lt;script&gt; the ropes --&gt; were cast off.</p>
<svg onload="alert(8)"><a xlink:href="javascript:alert(9)"><text>drawn</text></a><script>alert(10)</script></svg>
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(11)&gt;"></table></mtext></math>
<form action="javascript:alert(12)"><button formaction="javascript:alert(13)">Send &lt;/textarea&gt;</button><input autofocus onfocus=alert(14)></form>
<iframe srcdoc="&lt;script&gt;alert(15)&lt;/script&gt;"></iframe><object data="javascript:alert(16)">fallback</object>
<noscript><p title="</noscript><img src=x onerror=alert(17)>">Without scripts</p></noscript>
<template><p>In <b onclick=alert(18)>a template</b></p></template>
<div data-role="x]'&quot;; y" role="&lt;/script&gt;"><p>The harbour master said that the new lock would open in spring, and that until then every boat would have to wait for the tide as it had done for a hundred years. {"x":"</script><!--"} &amp;lt;script&amp;gt; {{ 7*7 }} {0}</p></div>
<p><code>&lt;img src=x onerror=alert(19)&gt;</code> <i>'); alert(20); //</i> </p>
</body></html>"#;

/// Cases whose previews are looked at closely: pages and texts, by rules and by classifiers.
const CASES: [(&str, &str, Option<&str>); 8] = [
    ("xenforo/html-quotes-and-signatures", "html", None),
    ("wordpress/html-classic-jetpack", "html", None),
    ("wordpress/html-block-theme-cookies-toc", "html", Some("generic-text")),
    ("phpbb/html-quotes-and-signatures", "html", None),
    ("xenforo/whole-page", "txt", None),
    ("invision/whole-page", "txt", None),
    ("generic-text/blog-page", "txt", None),
    ("generic-text/stream-nine-stories", "txt", None),
];

/// Blocks of each case whose proposals are tried where time is short.
const SOME: usize = 4;

fn builtin() -> ProfileSet {
    let (set, faults) = set::load(set::built_in(), &[], Lint::Own, parse::text::parse);
    set.unwrap_or_else(|| panic!("{faults:?}"))
}

fn capture(case: &str, ending: &str) -> Capture {
    let path: PathBuf = root().join("fixtures").join(case).join(format!("capture.{ending}"));
    let bytes = std::fs::read(&path).unwrap();
    decode::decode(case, bytes, Hints::default(), decode::MAX_CAPTURE_BYTES).unwrap()
}

fn clean(capture: &Capture, set: &ProfileSet, profile: Option<&str>) -> Outcome {
    let profile = profile.map(str::to_owned);
    let options = Options { profile, explain: true, ..Options::default() };
    pipeline::clean_outlined(capture, set, &options)
}

fn page(capture: &Capture, set: &ProfileSet, profile: Option<&str>) -> (Outcome, String) {
    let outcome = clean(capture, set, profile);
    let page = copydesk::tool::preview::page(capture, &outcome, set);
    (outcome, page)
}

/// The data of a preview's script.
fn facts(page: &str) -> Value {
    let (_, rest) = page.split_once("<script type=\"application/json\" id=\"facts\">").unwrap();
    let (json, _) = rest.split_once("</script>").unwrap();
    serde_json::from_str(json).unwrap()
}

/// The page without its own style and script, and without its data.
fn without_own(page: &str) -> String {
    let (head, rest) = page.split_once("<style>").unwrap();
    let (_, rest) = rest.split_once("</style>").unwrap();
    let (body, _) = rest.split_once("<script type=\"application/json\"").unwrap();
    format!("{head}{body}")
}

#[test]
fn nothing_of_a_hostile_page_acts() {
    let set = builtin();
    let bytes = HOSTILE.as_bytes().to_vec();
    let capture = decode::decode("nasty<\">&'.html", bytes, Hints::default(), 1 << 20).unwrap();
    for profile in [None, Some("xenforo"), Some("wordpress")] {
        let (_, page) = page(&capture, &set, profile);
        assert_eq!(page.matches("<script").count(), 2, "its data and its own script");
        assert_eq!(page.matches("</script").count(), 2);
        assert_eq!(page.matches("<!--").count(), 0);
        assert_eq!(page.matches("<style").count(), 1);
        let body = without_own(&page);
        // What is left of a handler is text: in markup it stands in no tag.
        for tag in body.split('<').skip(1).map(|rest| rest.split('>').next().unwrap()) {
            let name = tag.split([' ', '\n']).next().unwrap();
            let small = tag.to_lowercase();
            for bad in
                ["onerror", "onload", "onclick", "onmouse", "onfocus", "javascript:", "style="]
            {
                assert!(!small.contains(bad), "<{tag}>");
            }
            let never = ["img", "svg", "iframe", "object", "form", "base", "math", "template"];
            assert!(!never.contains(&name), "<{tag}>");
            assert!(name != "a" || !small.contains("evil"), "<{tag}>");
        }
        assert!(body.contains("default-src 'none'"), "{body}");
        assert!(body.contains("{{ 7*7 }} {0}"), "text is text");
        assert!(!body.contains("unsafe"), "no policy that lets anything through");
        facts(&page);
    }
}

#[test]
fn each_block_stands_once_and_says_what_became_of_it() {
    let set = builtin();
    for (case, ending, profile) in CASES {
        let capture = capture(case, ending);
        let (outcome, page) = page(&capture, &set, profile);
        let document = &outcome.trace.document;
        assert_eq!(page.matches("role=\"option\"").count(), document.blocks.len(), "{case}");
        let facts = facts(&page);
        for (index, fate) in outcome.trace.ledger.fates().iter().enumerate() {
            let mark = format!("id=\"b{index}\"");
            assert_eq!(page.matches(&mark).count(), 1, "{case}: {mark}");
            let (_, rest) = page.split_once(&mark).unwrap();
            let (_, rest) = rest.split_once("<span class=\"text\" dir=\"auto\">").unwrap();
            let shown = rest.split_once("</span>").unwrap().0;
            assert_eq!(plain(shown), document.block_text(index), "{case}: block {index}");
            let part = &facts["parts"][index];
            let (kind, rule) = match fate {
                Fate::Kept(_) | Fate::Open => ("kept", None),
                Fate::Field(_, rule) => ("field", Some(rule)),
                Fate::Removed(rule) => ("removed", Some(rule)),
            };
            assert_eq!(part[0], kind, "{case}: {part}");
            if let Some(rule) = rule {
                let own = &facts["rules"][usize::try_from(part[1].as_u64().unwrap()).unwrap()];
                assert_eq!(own["id"], **rule);
                let profiles = rule.contains("/strip.") || rule.contains("/split.");
                assert!(!profiles || own["line"].as_u64().is_some_and(|line| line > 0), "{own}");
            }
            // A page's block says where it stands, or can at least be named by its words.
            assert!(part[5].is_u64(), "{part}");
            assert!(ending == "txt" || part[4].is_u64(), "{part}");
        }
        let text = page.contains("class=\"record\"");
        assert!(text && page.matches("class=\"record\"").count() == outcome.records.len());
    }
}

/// Text of HTML that holds no more than inline elements and the five escapes.
fn plain(html: &str) -> String {
    let mut text = String::new();
    for (number, part) in html.split('<').enumerate() {
        let words = if number == 0 { part } else { part.split_once('>').unwrap().1 };
        text.push_str(words);
    }
    for (escape, letter) in
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&nbsp;", "\u{a0}")]
    {
        text = text.replace(escape, letter);
    }
    text.replace("&amp;", "&")
}

#[test]
fn the_same_capture_gives_the_same_bytes() {
    let set = builtin();
    for (case, ending, profile) in CASES {
        let capture = capture(case, ending);
        let (_, first) = page(&capture, &set, profile);
        assert!(first == page(&capture, &builtin(), profile).1, "{case}");
        assert!(!first.contains(root().to_str().unwrap()), "no path of the machine");
    }
}

/// How often each text is kept, and how often it is kept or becomes a field.
fn kept(outcome: &Outcome) -> BTreeMap<String, (usize, usize)> {
    let mut kept: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let document = &outcome.trace.document;
    for (index, fate) in outcome.trace.ledger.fates().iter().enumerate() {
        let count = kept.entry(document.block_text(index).to_owned()).or_default();
        count.0 += usize::from(matches!(fate, Fate::Kept(_)));
        count.1 += usize::from(matches!(fate, Fate::Kept(_) | Fate::Field(..)));
    }
    kept
}

#[test]
fn what_it_proposes_does_what_it_says() {
    let set = builtin();
    // Each try compiles profiles: all of them where there is time, else some of each case.
    let all = std::env::var_os("SLOW_TESTS").is_some_and(|value| value == "1");
    let (mut tried, mut without) = (0, 0);
    let mut wrong = Vec::new();
    for (case, ending, profile) in CASES {
        let capture = capture(case, ending);
        let (outcome, page) = page(&capture, &set, profile);
        let (facts, before) = (facts(&page), kept(&outcome));
        let base = facts["base"].as_str().unwrap();
        let mut done: BTreeMap<String, BTreeMap<String, (usize, usize)>> = BTreeMap::new();
        let parts = facts["parts"].as_array().unwrap();
        let (changing, fixed): (Vec<_>, Vec<_>) =
            parts.iter().enumerate().partition(|(_, part)| part[7].is_null());
        without += fixed.len();
        let every = if all { 1 } else { (changing.len() / SOME).max(1) };
        for (index, part) in changing.into_iter().step_by(every) {
            let is_kept = part[0] == "kept";
            let verb = if is_kept { "strip" } else { "keep" };
            // The one that fits best, and the one that goes by the words.
            for number in [&part[6], &part[5]] {
                let own = &facts["proposals"][usize::try_from(number.as_u64().unwrap()).unwrap()];
                let (table, line) = (own[0].as_str().unwrap(), own[1].as_str().unwrap());
                let lines = format!("[{verb}.{table}]\n{line}\n");
                let after = done.entry(lines.clone()).or_insert_with(|| {
                    let set = with(&set, base, &lines);
                    kept(&clean(&capture, &set, Some("draft")))
                });
                let text = outcome.trace.document.block_text(index);
                let count = |kept: &BTreeMap<String, _>| kept.get(text).copied().unwrap_or((0, 0));
                let (then, now) = (count(&before), count(after));
                tried += 1;
                // What a keep rule brings back may become the title, or a date.
                if is_kept && now.0 >= then.0 || !is_kept && now.1.max(now.0) <= then.0 {
                    wrong
                        .push(format!("{case} {index} {part}\n{lines}  {text:?} {then:?} {now:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {tried} wrong\n{}", wrong.len(), wrong.join("\n"));
    assert!(
        tried > SOME * CASES.len() && without > 0,
        "{tried} tried, {without} cannot be changed"
    );
}

/// A profile that extends `base` and holds these lines, with those that it needs; lint finds no
/// fault in it but that nothing chooses it.
fn with(set: &ProfileSet, base: &str, lines: &str) -> ProfileSet {
    let text = format!(
        "schema = 1\nkind = \"site\"\nsummary = \"A draft\"\nextends = \"{base}\"\n\n{lines}"
    );
    let file = SourceFile { path: "draft.toml".to_owned(), text, origin: Origin::User };
    let needed = |file: &SourceFile| {
        [base, set::GENERIC].into_iter().any(|id| {
            let profile = set.get(id).unwrap();
            let own = set::id_of(&file.path);
            own == id || profile.chain.iter().any(|parent| parent == own)
        })
    };
    let files = set::built_in().into_iter().filter(needed).chain([file]).collect();
    let (set, faults) = set::load(files, &[], Lint::Own, parse::text::parse);
    let codes: Vec<&str> = faults.iter().map(|fault| fault.problem.code()).collect();
    assert_eq!(codes, ["no-match"], "{}", faults[0].render(false));
    set.unwrap()
}

#[test]
fn the_page_is_written_whole_and_where_it_is_asked_for() {
    let sandbox = Sandbox::new();
    let case = root().join("fixtures/xenforo/whole-page/capture.txt");
    let case = case.to_str().unwrap();
    let answer = sandbox.run(&["profile", "preview", case]).exits(0);
    assert_eq!(answer.out, "capture.txt.preview.html\n");
    let page = sandbox.read("capture.txt.preview.html");
    assert!(page.starts_with("<!doctype html>") && page.ends_with("</html>\n"));
    sandbox.run(&["profile", "preview", case, "-o", "own.html"]).exits(0);
    assert!(sandbox.read("own.html") == page);
    let answer = sandbox.run(&["profile", "preview", case, "-o", "-"]).exits(0);
    assert!(answer.out == page);
    assert_eq!(sandbox.files(""), ["capture.txt.preview.html", "own.html"]);
    let answer = sandbox.run(&["profile", "preview", case, "--profile", "wordpress"]).exits(0);
    assert!(!answer.out.is_empty());
    assert!(sandbox.read("capture.txt.preview.html").contains("<b>wordpress</b>"));
    sandbox.run(&["profile", "preview", case, "--profile", "nobody"]).exits(2);
    sandbox.run(&["profile", "preview", case, "-o", "-", "--open"]).exits(2);
    sandbox.run(&["profile", "preview", "gone.html"]).exits(74);
    sandbox.run(&["profile", "preview", case, "-o", "no/such/folder.html"]).exits(74);
}

#[test]
fn where_no_browser_is_the_message_names_the_page() {
    let sandbox = Sandbox::new();
    let case = root().join("fixtures/xenforo/whole-page/capture.txt");
    let mut command = sandbox.command();
    command.args(["profile", "preview", case.to_str().unwrap(), "--open"]);
    // Nothing that could start a browser is within reach.
    command.env("PATH", sandbox.path("")).env("BROWSER", "/no/such/browser").env_remove("DISPLAY");
    let answer = command.output().unwrap();
    let message = String::from_utf8(answer.stderr).unwrap();
    assert_eq!(answer.status.code(), Some(74), "{message}");
    assert!(message.contains("capture.txt.preview.html"), "{message}");
    assert!(sandbox.read("capture.txt.preview.html").ends_with("</html>\n"));
}
