//! What a page says about itself beside its text: its head, its structured data, its bylines.
//!
//! `parse::html` collects, `annotate::structured` decides what to believe. Everything is bounded
//! by the limits below; what is beyond them is left out, the first ones stay.

/// Most entries of each list of a [`Head`].
pub const MAX_ENTRIES: usize = 256;

/// Most bytes of a value that is not a script.
pub const MAX_VALUE_BYTES: usize = 4_096;

/// Most bytes of all scripts of a page together.
pub const MAX_SCRIPT_BYTES: usize = 8 << 20;

/// What a page says about itself. All texts are trimmed and their white space is collapsed, but
/// for scripts, which stand as in the page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Head {
    /// `lang` of the root element, or `xml:lang`.
    pub language: Option<String>,
    /// Text of the first `<title>` outside SVG.
    pub title: Option<String>,
    /// The address that relative ones resolve against: `<base href>`.
    pub base: Option<String>,
    /// `<meta>` elements, in the page's order.
    pub metas: Vec<Meta>,
    /// `<link>` elements with `rel` and `href`: `canonical`, `author`, `shortlink`, `amphtml`.
    pub links: Vec<Link>,
    /// Scripts that hold data.
    pub scripts: Vec<Script>,
    /// Headings of the first level.
    pub headings: Vec<Noted>,
    /// `<time>` elements and elements whose `itemprop` names a date.
    pub times: Vec<Time>,
    /// Elements that look as if they name who wrote the page.
    pub bylines: Vec<Byline>,
    /// Other microdata: elements with `itemprop`.
    pub items: Vec<Item>,
    /// The comment of a program that saved the page.
    pub saved: Option<Saved>,
}

/// A text of the page and where it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Noted {
    /// The text.
    pub text: String,
    /// The line of the capture, from 1; 0 where it is not known.
    pub line: u32,
    /// Class names and id of the element, as written, one space between.
    pub class: String,
}

/// A `<meta>` element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meta {
    /// `name`, `property`, `itemprop` or `http-equiv`, in lower case: `og:title`.
    pub key: String,
    /// `content`, never empty.
    pub content: String,
    /// The line of the capture; 0 where it is not known.
    pub line: u32,
}

/// A `<link>` element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// One word of `rel`, in lower case.
    pub rel: String,
    /// `href`, as written.
    pub href: String,
}

/// What a script holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ScriptKind {
    /// `type="application/ld+json"`.
    JsonLd,
    /// `id="__NEXT_DATA__"`.
    NextData,
    /// `data-preloaded` of Discourse, whose values are JSON in strings.
    Preloaded,
    /// `#flarum-json-payload` and other scripts of type `application/json`.
    Json,
}

/// A script that holds data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// What it holds.
    pub kind: ScriptKind,
    /// Its text, or the attribute's.
    pub text: String,
    /// The line of the capture; 0 where it is not known.
    pub line: u32,
}

/// A moment that the page marks as one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Time {
    /// `datetime`, `content` or `title`, the first that is there.
    pub datetime: Option<String>,
    /// The text of the element.
    pub text: String,
    /// `itemprop` of the element or, without one, of the element around it.
    pub prop: Option<String>,
    /// Class names and id of the element and of the element around it.
    pub class: String,
    /// The line of the capture; 0 where it is not known.
    pub line: u32,
    /// Whether an `<article>`, `<main>` or `[itemtype*=Article]` is around it.
    pub in_article: bool,
    /// Whether it stands inside `<nav>`, `<aside>`, `<footer>` or a list of other pages or comments.
    pub aside: bool,
}

/// How an element says that it names an author.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum BylineHow {
    /// `rel="author"`.
    Rel,
    /// `itemprop="author"` or `"creator"`.
    Itemprop,
    /// A class name or an id with `author` or `byline` in it.
    Class,
}

/// An element that names an author.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Byline {
    /// How it says so.
    pub how: BylineHow,
    /// Its text, at most 300 bytes.
    pub text: String,
    /// The address that it, or the first link inside, leads to.
    pub href: Option<String>,
    /// Class names and id of the element.
    pub class: String,
    /// The line of the capture; 0 where it is not known.
    pub line: u32,
    /// Whether an `<article>`, `<main>` or `[itemtype*=Article]` is around it.
    pub in_article: bool,
    /// Whether it stands inside `<nav>`, `<aside>`, `<footer>` or a list of other pages or comments.
    pub aside: bool,
}

/// A property of a microdata item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// `itemprop`, in lower case.
    pub prop: String,
    /// `content`, `datetime`, `href`, `src`, or the text.
    pub value: String,
    /// Last part of the nearest `itemtype` around it: `NewsArticle`; empty without one.
    pub of: String,
    /// The line of the capture; 0 where it is not known.
    pub line: u32,
}

/// What a program that saved the page wrote into a comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// `SingleFile`, `HTTrack` or `saved from`.
    pub by: &'static str,
    /// The page's address.
    pub url: Option<String>,
    /// When it was saved, as written.
    pub at: Option<String>,
}
