//! Properties of pages of arbitrary markup: nested, broken, of any profile. Nothing panics, each
//! block has one fate, no word is lost on the way to the blocks, and texts hold what was kept.

use std::fmt::Write as _;

use copydesk::decode;
use copydesk::model::capture::Hints;
use copydesk::model::ledger::Fate;
use copydesk::pipeline::{self, Options, Outcome};
use copydesk::render::{self, Format};
use proptest::prelude::*;

use super::props::{config, profiles};

/// Elements whose text a reader sees, and which are not dropped before.
const TAGS: [&str; 44] = [
    "div",
    "p",
    "span",
    "a",
    "b",
    "i",
    "em",
    "code",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "table",
    "thead",
    "tbody",
    "tr",
    "td",
    "th",
    "caption",
    "blockquote",
    "q",
    "pre",
    "article",
    "section",
    "main",
    "nav",
    "aside",
    "header",
    "footer",
    "h1",
    "h2",
    "h3",
    "br",
    "hr",
    "form",
    "button",
    "noscript",
    "template",
    "figure",
    "font",
    "x-card",
    "time",
];

/// Attributes that profiles and the walk look at.
const ATTRIBUTES: [&str; 21] = [
    "",
    "",
    "",
    "class=\"message js-post\"",
    "class=message-userContent",
    "class=bbWrapper",
    "class=\"post postbody\"",
    "class=content",
    "class=crawler-post",
    "class=Post-body",
    "class=\"entry-content hentry\"",
    "class=signature",
    "id=p17",
    "data-role=commentContent",
    "itemprop=author",
    "datetime=2024-05-01T10:00:00Z",
    "hidden",
    "role=navigation",
    "colspan=3",
    "rowspan=2",
    "style=\"display:none\"",
];

/// Attributes that nobody looks at, some among others.
const IDLE: [&str; 12] = [
    "data-x=\"a > b\"",
    "onclick='go(\"a\")'",
    "srcset=a.png/",
    "disabled",
    "data-y=1 class=content data-z",
    "data-y='1'class=signature",
    "data-y=1/class=post",
    "class=content data-y=\"1\"/",
    "DATA-Y = 1",
    "data-y='",
    "data-\"y=1",
    "data-y=a'b id=p17",
];

/// What may break a page and hides no word.
const BREAKS: [&str; 10] =
    ["< ", ">", "&", "&amp;", "&#0;", "<!-- x -->", "<!>", "</p>", "</table></x>", "\u{0}"];

/// What hides words: the end of a tag, a quote or a comment is yet to come.
const HIDES: [&str; 8] =
    ["<", "</", "<a href=\"", "<p class='", "<!--", "<script>", "<textarea>", "<svg><title>"];

/// Profiles for pages, and none.
const PROFILES: [Option<&str>; 8] = [
    None,
    None,
    Some("xenforo"),
    Some("phpbb"),
    Some("discourse"),
    Some("flarum"),
    Some("wordpress"),
    Some("generic-text"),
];

/// A part of a page; `#` stands for a word of its own.
fn part() -> impl Strategy<Value = String> {
    let tag = || prop::sample::select(&TAGS[..]);
    let attribute = prop::sample::select(&ATTRIBUTES[..]);
    prop_oneof![
        4 => (tag(), attribute).prop_map(|(tag, attribute)| format!("<{tag} {attribute}>")),
        3 => tag().prop_map(|tag| format!("</{tag}>")),
        4 => Just(" # ".to_owned()),
        2 => Just("#".to_owned()),
        1 => Just("# of the ferry to # left at ten, and nobody was on it but #.".to_owned()),
        1 => prop::sample::select(&BREAKS[..]).prop_map(str::to_owned),
    ]
}

/// A table with rows and cells, which the parts alone seldom are.
fn table() -> impl Strategy<Value = String> {
    let cell = (prop::sample::select(&ATTRIBUTES[..]), prop::sample::select(&["#", "", "# #"][..]));
    let cell = cell.prop_map(|(attribute, text)| format!("<td {attribute}>{text}"));
    let row = prop::collection::vec(cell, 1..5).prop_map(|cells| cells.concat());
    prop::collection::vec(row, 1..6)
        .prop_map(|rows| format!("<table><tr>{}</table>", rows.join("<tr>")))
}

/// A page of some parts, with a number in place of each `#`; and how many there are.
fn page(part: impl Strategy<Value = String>) -> impl Strategy<Value = (String, usize)> {
    prop::collection::vec(part, 0..120).prop_map(|parts| {
        let mut page = String::from("<!doctype html><title>Ostrand</title><body>");
        let mut count = 0;
        for letter in parts.concat().chars() {
            if letter == '#' {
                write!(page, "zorn{count:04}").unwrap();
                count += 1;
            } else {
                page.push(letter);
            }
        }
        (page, count)
    })
}

fn clean(markup: String, profile: Option<&str>) -> Outcome {
    let limit = decode::MAX_CAPTURE_BYTES;
    let capture =
        decode::decode("page.html", markup.into_bytes(), Hints::default(), limit).unwrap();
    let options = Options { profile: profile.map(str::to_owned), ..Options::default() };
    pipeline::clean(&capture, profiles(), &options, &mut |_| {})
}

fn render(mut outcome: Outcome) -> String {
    render::render(&mut outcome.records, Format::Jsonl)
}

/// A text without what stands between its words, or between the cells of its tables.
fn letters(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).collect()
}

/// Each block has one fate, and texts hold what was kept, once.
fn holds(outcome: &Outcome) -> Result<(), TestCaseError> {
    let document = &outcome.trace.document;
    let fates = outcome.trace.ledger.fates();
    prop_assert_eq!(fates.len(), document.blocks.len());
    prop_assert!(!fates.contains(&Fate::Open));
    prop_assert!(!outcome.records.is_empty());
    for record in outcome.records.iter().filter(|record| record.index > 0) {
        let is_kept = |at: &usize| fates.get(*at) == Some(&Fate::Kept(record.index));
        let kept: String =
            (0..fates.len()).filter(is_kept).map(|at| letters(document.block_text(at))).collect();
        prop_assert_eq!(letters(&record.text), kept, "{:?}", record.text);
    }
    Ok(())
}

proptest! {
    #![proptest_config(config(41))]

    #[test]
    fn pages_of_any_markup_lose_no_word(
        (markup, count) in page(prop_oneof![6 => part(), 1 => table()]),
        profile in prop::sample::select(&PROFILES[..]),
    ) {
        let outcome = clean(markup, profile);
        let text = &outcome.trace.document.text;
        for number in 0..count {
            let word = format!("zorn{number:04}");
            prop_assert_eq!(text.matches(&word).count(), 1, "{} in {:?}", word, text);
        }
        holds(&outcome)?;
    }

    #[test]
    fn broken_pages_keep_their_books(
        (markup, _) in page(prop_oneof![
            8 => part(),
            1 => table(),
            1 => prop::sample::select(&HIDES[..]).prop_map(str::to_owned),
        ]),
        profile in prop::sample::select(&PROFILES[..]),
    ) {
        holds(&clean(markup, profile))?;
    }

    /// Whoever looks at a page's markup gets all attributes; the others get what is asked for.
    #[test]
    fn attributes_that_nobody_asks_for_are_not_missed(
        (markup, _) in page(prop_oneof![
            8 => part(),
            6 => (prop::sample::select(&TAGS[..]), prop::sample::select(&IDLE[..]))
                .prop_map(|(tag, attribute)| format!("<{tag} {attribute}>")),
            1 => table(),
        ]),
        profile in prop::sample::select(&PROFILES[..]),
    ) {
        let limit = decode::MAX_CAPTURE_BYTES;
        let bytes = markup.clone().into_bytes();
        let capture = decode::decode("page.html", bytes, Hints::default(), limit).unwrap();
        let options = Options { profile: profile.map(str::to_owned), ..Options::default() };
        let whole = pipeline::clean_outlined(&capture, profiles(), &options);
        let outcome = clean(markup, profile);
        prop_assert_eq!(&outcome.trace.document.text, &whole.trace.document.text);
        prop_assert_eq!(outcome.trace.ledger.fates(), whole.trace.ledger.fates());
        prop_assert_eq!(render(outcome), render(whole));
    }
}
