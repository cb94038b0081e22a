//! Invented pages and what is read from them.

use std::borrow::Cow;

use super::{Known, Line, Page, Value, read};
use crate::model::date::DateOptions;
use crate::model::head::{
    Byline, BylineHow, Head, Item, Link, Meta, Noted, Saved, Script, ScriptKind, Time,
};

const URL: &str = "https://www.harbour-post.example/news/ferry";

#[derive(Default)]
struct Case {
    head: Head,
    lines: Vec<&'static str>,
    fetched_at: Option<&'static str>,
    is_thread: bool,
}

impl Case {
    fn meta(mut self, key: &str, content: &str) -> Self {
        self.head.metas.push(Meta { key: key.into(), content: content.into(), line: 3 });
        self
    }

    fn json(mut self, text: &str) -> Self {
        let kind = ScriptKind::JsonLd;
        self.head.scripts.push(Script { kind, text: text.into(), line: 7 });
        self
    }

    fn title(mut self, text: &str) -> Self {
        self.head.title = Some(text.into());
        self
    }

    fn h1(mut self, text: &str) -> Self {
        self.head.headings.push(Noted { text: text.into(), line: 0, class: String::new() });
        self
    }

    fn byline(mut self, how: BylineHow, text: &str, class: &str, aside: bool) -> Self {
        self.head.bylines.push(Byline {
            how,
            text: text.into(),
            href: None,
            class: class.into(),
            line: 20,
            in_article: !aside,
            aside,
        });
        self
    }

    fn time(mut self, datetime: Option<&str>, text: &str, class: &str) -> Self {
        self.head.times.push(Time {
            datetime: datetime.map(str::to_owned),
            text: text.into(),
            class: class.into(),
            ..Time::default()
        });
        self
    }

    fn lines(mut self, lines: &[&'static str]) -> Self {
        self.lines = lines.to_vec();
        self
    }

    fn read(&self) -> Known {
        let lines = self.lines.iter().zip(1..);
        let lines: Vec<Line<'_>> =
            lines.map(|(text, line)| Line { text: Cow::Borrowed(text), line }).collect();
        read(Page {
            head: &self.head,
            lines: &lines,
            url: Some(URL),
            fetched_at: self.fetched_at,
            dates: DateOptions::default(),
            title: None,
            is_thread: self.is_thread,
        })
    }
}

fn shown(value: Option<&Value>) -> String {
    value.map_or("-".to_owned(), |value| format!("{} [{}]", value.text, value.key))
}

fn names(known: &Known) -> String {
    known.authors.iter().map(|author| author.name.as_str()).collect::<Vec<_>>().join("|")
}

fn published(known: &Known) -> &str {
    known.published.as_ref().map_or("-", |dated| dated.date.value.as_str())
}

fn modified(known: &Known) -> &str {
    known.modified.as_ref().map_or("-", |dated| dated.date.value.as_str())
}

fn codes(known: &Known) -> Vec<&'static str> {
    known.warnings.iter().map(|warning| warning.code).collect()
}

#[test]
fn an_empty_page_says_nothing() {
    assert_eq!(Case::default().read(), Known::default());
}

#[test]
fn a_full_article_is_read_from_its_json() {
    let known = Case::default()
        .json(
            r#"{"@context":"https://schema.org","@graph":[
            {"@type":"WebSite","name":"Harbour Post"},
            {"@type":["WebPage","NewsArticle"],"@id":"https://harbour-post.example/news/ferry",
             "headline":"Ferry &amp; bridge closed","datePublished":"2024-05-03T08:15:00+02:00",
             "dateModified":"2024-05-04","description":"Both <b>stay</b> shut.",
             "articleSection":["Transport"],"keywords":"ferry, bridge, Ferry","inLanguage":"en_GB",
             "articleBody":"First.\n\nSecond.",
             "author":[{"@id":"p:mira"},"Jan de Wit"]},
            {"@type":"Person","@id":"p:mira","name":"Mira Oduya","url":"https://harbour-post.example/mira"}]}"#,
        )
        .read();
    assert_eq!(shown(known.title.as_ref()), "Ferry & bridge closed [NewsArticle.headline]");
    assert_eq!(names(&known), "Mira Oduya|Jan de Wit");
    assert_eq!(known.authors[0].url.as_deref(), Some("https://harbour-post.example/mira"));
    assert_eq!(known.authors[0].evidence.line, 7);
    assert_eq!(published(&known), "2024-05-03T08:15:00+02:00");
    assert_eq!(modified(&known), "2024-05-04");
    assert_eq!(shown(known.description.as_ref()), "Both stay shut. [NewsArticle.description]");
    assert_eq!(shown(known.site.as_ref()), "Harbour Post [WebSite.name]");
    assert_eq!(shown(known.section.as_ref()), "Transport [NewsArticle.articleSection]");
    assert_eq!(known.tags.len(), 2);
    assert_eq!(shown(known.language.as_ref()), "en-GB [NewsArticle.inLanguage]");
    assert_eq!(known.body.unwrap().text, "First.\n\nSecond.");
    assert_eq!(known.kind.unwrap().as_str(), "article");
    assert!(known.warnings.is_empty());
}

#[test]
fn listed_articles_are_not_the_page() {
    let list = r#"[{"@type":"NewsArticle","headline":"One boat","author":"Ada Berg"},
        {"@type":"NewsArticle","headline":"Two boats","datePublished":"2024-01-01"}]"#;
    let known = Case::default().json(list).title("All news").read();
    assert_eq!(
        (shown(known.title.as_ref()).as_str(), names(&known).as_str()),
        ("All news [title]", "")
    );
    assert_eq!(published(&known), "-");
    // The one whose headline the page prints is.
    let known = Case::default().json(list).h1("Two boats").read();
    assert_eq!(published(&known), "2024-01-01");
    let items = r#"{"@type":"ItemList","itemListElement":[{"@type":"ListItem","position":1,
        "item":{"@type":"Article","headline":"One boat","author":"Ada Berg",
        "url":"http://harbour-post.example/news/ferry/"}}]}"#;
    assert_eq!(names(&Case::default().json(items).read()), "Ada Berg");
    let items = items.replace("ferry", "other");
    assert_eq!(names(&Case::default().json(&items).read()), "");
    let faq = r#"{"@type":"FAQPage","mainEntity":[{"@type":"Question","name":"Where?","author":"Bo Ek"}]}"#;
    assert_eq!(names(&Case::default().json(faq).read()), "");
}

#[test]
fn questions_and_postings_have_starters() {
    let known = Case::default()
        .json(
            r#"{"@type":"QAPage","mainEntity":{"@type":"Question","name":"Which rope?",
            "text":"Mine broke.","author":{"@type":"Person","name":"knot42"},
            "dateCreated":"2023-02-01"}}"#,
        )
        .read();
    assert_eq!((names(&known).as_str(), published(&known)), ("knot42", "2023-02-01"));
    assert_eq!(known.body.unwrap().key, "Question.text");
}

#[test]
fn broken_json_is_reported() {
    let known = Case::default().json("{\"@type\":\"Article\",\"author\":\"Ada\nBerg\",}").read();
    assert_eq!((names(&known).as_str(), codes(&known)), ("Ada Berg", vec!["json_ld_mended"]));
    let known = Case::default().json("window.x = 1").read();
    assert_eq!(codes(&known), ["json_ld_unreadable"]);
    let deep = format!("{}1{}", "[".repeat(9_000), "]".repeat(9_000));
    assert_eq!(codes(&Case::default().json(&deep).read()), ["json_ld_unreadable"]);
}

#[test]
fn the_headline_that_readers_see_wins_where_it_is_confirmed() {
    let title = |case: Case| shown(case.read().title.as_ref());
    let case =
        || Case::default().title("Ferry stops | Harbour Post").meta("og:title", "Ferry stops");
    assert_eq!(title(case().h1("Night ferry stops")), "Night ferry stops [h1]");
    assert_eq!(title(case().h1("Our newsletter")), "Ferry stops [og:title]");
    assert_eq!(title(case().h1("Harbour Post").h1("The ferry stops ¶")), "The ferry stops [h1]");
    assert_eq!(title(Case::default().h1("Ferry stops")), "Ferry stops [h1]");
}

#[test]
fn the_site_is_cut_off_where_it_is_confirmed() {
    let title = |case: Case| case.read().title.unwrap().text;
    let of = |text: &str| Case::default().title(text);
    // By the host, by `og:site_name`, by another title; else not.
    assert_eq!(title(of("Ferry stops - Harbour Post")), "Ferry stops");
    assert_eq!(
        title(of("Ferry stops - Daily News").meta("og:site_name", "Daily News")),
        "Ferry stops"
    );
    assert_eq!(
        title(of("Daily News: x | Ferry").meta("og:site_name", "y")),
        "Daily News: x | Ferry"
    );
    assert_eq!(title(of("Ferry stops – a report")), "Ferry stops – a report");
    assert_eq!(
        title(of("Ferry stops – a report").meta("twitter:title", "Ferry stops")),
        "Ferry stops"
    );
    assert_eq!(title(of("Harbour Post | Ferry stops")), "Ferry stops");
}

#[test]
fn names_come_from_where_they_are_data_first() {
    let byline = |case: Case| case.byline(BylineHow::Class, "By Ada Berg", "post-author", false);
    let known = byline(Case::default().json(r#"{"@type":"Article","author":"Luis Prado"}"#)).read();
    assert_eq!((names(&known).as_str(), codes(&known)), ("Luis Prado", vec!["authors_differ"]));
    // An account of the program, and the site itself.
    assert_eq!(names(&byline(Case::default().meta("author", "admin")).read()), "Ada Berg");
    let known =
        byline(Case::default().meta("author", "Harbour Post").meta("og:site_name", "Harbour Post"));
    assert_eq!(names(&known.read()), "Ada Berg");
    let known = Case::default().meta("author", "Harbour Post").meta("og:site_name", "Harbour Post");
    assert_eq!(names(&known.read()), "Harbour Post");
    let known = Case::default()
        .meta("citation_author", "Berg, Ada")
        .meta("citation_author", "Prado, Luis")
        .read();
    assert_eq!(names(&known), "Ada Berg|Luis Prado");
    let known = Case::default()
        .meta("twitter:label1", "Written by")
        .meta("twitter:data1", "Ada Berg")
        .meta("article:author", "https://social.example/ada")
        .read();
    assert_eq!(names(&known), "Ada Berg");
}

#[test]
fn bylines_of_others_are_left_alone() {
    let class =
        |text: &str, class: &str| Case::default().byline(BylineHow::Class, text, class, false);
    assert_eq!(names(&class("Ada Berg", "author-name").read()), "Ada Berg");
    assert_eq!(names(&class("Ada Berg", "review-author").read()), "");
    assert_eq!(names(&class("Ada has sailed all seas.", "author-bio").read()), "");
    let listed =
        ["Ada Berg", "Luis Prado", "Mira Oduya"].iter().fold(Case::default(), |case, name| {
            case.byline(BylineHow::Class, name, "teaser-author", false)
        });
    assert_eq!(names(&listed.read()), "");
    // In the margins only where it is the only one, and somebody wrote the page.
    let margin = || Case::default().byline(BylineHow::Rel, "Ada Berg", "", true);
    assert_eq!(names(&margin().read()), "");
    assert_eq!(names(&margin().meta("og:type", "article").read()), "Ada Berg");
}

#[test]
fn the_name_of_a_person_is_taken_out_of_a_card() {
    let mut case = Case::default().byline(
        BylineHow::Itemprop,
        "knot42 Senior sailor 4,020 posts",
        "user",
        false,
    );
    let (prop, value, of) = ("name".into(), "knot42".into(), "Person".into());
    case.head.items.push(Item { prop, value, of, line: 2 });
    assert_eq!(names(&case.read()), "knot42");
}

#[test]
fn lines_near_the_title_are_read() {
    let near = |lines: &[&'static str]| Case::default().h1("Ferry stops").lines(lines).read();
    let known = near(&["Menu", "Ferry stops", "By Ada Berg", "Published 3 May 2021 | 4 min read"]);
    assert_eq!((names(&known).as_str(), published(&known)), ("Ada Berg", "2021-05-03"));
    assert_eq!(known.published.unwrap().evidence.line, 4);
    let known =
        near(&["Ferry stops", "Words by", "Ada Berg", "May 3, 2021 - Updated June 4, 2021"]);
    assert_eq!(
        (names(&known).as_str(), published(&known), modified(&known)),
        ("Ada Berg", "2021-05-03", "2021-06-04")
    );
    let known = near(&["Ferry stops", "Last updated: 4 June 2021"]);
    assert_eq!((published(&known), modified(&known)), ("-", "2021-06-04"));
    // A sentence, a term, a range, and days that can be read in two ways.
    for line in [
        "The ferry was built by Ada Berg.",
        "It stopped on the morning of 3 May 2021 and never came back",
        "Deadline to apply: March 1, 2026",
        "1 May 2021 – 9 June 2021",
        "03/04/2021",
        "2 hours ago",
    ] {
        let known = near(&["Ferry stops", line]);
        assert_eq!((names(&known).as_str(), published(&known)), ("", "-"), "{line}");
    }
    // "By" opens menus as well: without a date nobody wrote the page.
    assert_eq!(names(&near(&["Ferry stops", "Shop by", "By Colour"])), "");
    // A list of pages is dated line by line.
    let known = near(&["Ferry stops", "May 3, 2021", "One", "May 4, 2021", "Two", "May 5, 2021"]);
    assert_eq!(published(&known), "-");
}

#[test]
fn relative_dates_need_the_moment_of_the_fetch() {
    let case = Case::default().h1("Ferry stops").lines(&["Ferry stops", "2 days ago"]);
    assert_eq!(published(&case.read()), "-");
    let case = Case { fetched_at: Some("2024-05-03T10:00Z"), ..case };
    assert_eq!(published(&case.read()), "2024-05-01");
}

#[test]
fn the_printed_day_is_weighed_against_the_data() {
    let data =
        r#"{"@type":"Article","datePublished":"2019-02-03T10:00:00Z","dateModified":"2022-08-09"}"#;
    let of = |line: &'static str| {
        Case::default().json(data).h1("Ferry stops").lines(&["Ferry stops", line]).read()
    };
    assert_eq!(published(&of("3 February 2019")), "2019-02-03T10:00:00Z");
    let known = of("9 August 2022");
    assert_eq!(
        (published(&known), codes(&known)),
        ("2019-02-03T10:00:00Z", vec!["published_differs"])
    );
    let known = of("9 August 2021");
    assert_eq!((published(&known), codes(&known)), ("2021-08-09", vec!["published_differs"]));
    let known = of("2 February 2019");
    assert_eq!((published(&known), codes(&known)), ("2019-02-02", vec![]));
}

#[test]
fn dates_of_others_are_left_alone() {
    let time = |class: &str| Case::default().time(Some("2024-05-03"), "May 3", class).read();
    assert_eq!(published(&time("entry-date")), "2024-05-03");
    assert_eq!(published(&time("review-date")), "-");
    assert_eq!((published(&time("updated")), modified(&time("updated"))), ("-", "2024-05-03"));
    assert_eq!(published(&time("updated status-publish")), "-");
    let listed = ["2024-05-03", "2024-05-04", "2024-05-05"].iter();
    let listed = listed.fold(Case::default(), |case, day| case.time(Some(day), "", "date"));
    assert_eq!(published(&listed.read()), "-");
    // A time without words in it is no change.
    assert_eq!(
        published(&Case::default().time(Some("2024-05-03"), "", "date").read()),
        "2024-05-03"
    );
    // Programs date every page; those of posts name an author as well.
    let page = r#"{"@type":"WebPage","datePublished":"2024-05-03"}"#;
    assert_eq!(published(&Case::default().json(page).read()), "-");
}

#[test]
fn the_head_fills_the_rest() {
    let mut case = Case::default()
        .meta("og:url", "https://harbour-post.example/b")
        .meta("description", "Why it stops &amp; when.")
        .meta("article:tag", "ferry")
        .meta("article:tag", "sea")
        .meta("keywords", "a, b")
        .meta("content-language", "de")
        .meta("article:section", "Transport");
    let known = case.read();
    assert_eq!(shown(known.canonical.as_ref()), "https://harbour-post.example/b [og:url]");
    assert_eq!(shown(known.description.as_ref()), "Why it stops & when. [description]");
    assert_eq!(known.tags.len(), 2);
    assert_eq!(shown(known.language.as_ref()), "de [content-language]");
    assert_eq!(shown(known.section.as_ref()), "Transport [article:section]");
    let href = "https://harbour-post.example/a".to_owned();
    case.head.links.push(Link { rel: "canonical".into(), href });
    case.head.language = Some("pt_BR".into());
    case.head.saved = Some(Saved {
        by: "SingleFile",
        url: Some("https://harbour-post.example/c".into()),
        at: Some("Fri May 03 2024 10:11:12 GMT+0200 (Central European Summer Time)".into()),
    });
    let known = case.read();
    assert_eq!(shown(known.canonical.as_ref()), "https://harbour-post.example/a [canonical]");
    assert_eq!(shown(known.language.as_ref()), "pt-BR [lang]");
    assert_eq!(shown(known.saved_url.as_ref()), "https://harbour-post.example/c [SingleFile]");
    assert_eq!(known.saved_at.unwrap().date.value, "2024-05-03T10:11:12+02:00");
}

#[test]
fn the_day_in_the_address_is_the_last_resort() {
    let head = Head::default();
    let of = |url: &str| {
        let page = Page {
            head: &head,
            lines: &[],
            url: Some(url),
            fetched_at: None,
            dates: DateOptions::default(),
            title: None,
            is_thread: false,
        };
        read(page).published.map(|dated| dated.date.value)
    };
    assert_eq!(of("https://a.example/2024/05/03/ferry").as_deref(), Some("2024-05-03"));
    assert_eq!(of("https://a.example/ferry-2024-05-03").as_deref(), Some("2024-05-03"));
    assert_eq!(of("https://a.example/2024/05/ferry"), None);
    assert_eq!(of("https://a.example/2024/99/03"), None);
}

#[test]
fn the_lines_of_a_thread_speak_of_its_posts() {
    let case = || {
        Case::default()
            .h1("Which rope?")
            .lines(&["Which rope?", "knot42", "1 March 2019"])
            .time(Some("2023-02-01T10:00Z"), "", "reply-date")
            .time(Some("2023-02-02T10:00Z"), "", "reply-date")
            .time(Some("2023-02-03T10:00Z"), "", "reply-date")
            .time(Some("2023-02-04T10:00Z"), "Edited 4 February 2023", "edit-date")
    };
    assert_eq!(published(&case().read()), "2019-03-01");
    let known = Case { is_thread: true, ..case() }.read();
    assert_eq!(
        (published(&known), modified(&known), codes(&known)),
        ("2023-02-01T10:00Z", "-", vec![])
    );
}
