//! The list.

use super::Kind::{
    Count, Day, Flag, FlagOr, Id, Path, Paths, Pattern, Patterns, Range, Rules, Selector,
    Selectors, Share, Tables, Text, Texts, Version, Ways, Word, Zone,
};
use super::rules::{
    BLOCK, CUT, ELEMENT, GENERIC, KEEP_KINDS, KEPT, KINDS, LINE, MOVED, REGION, REPEAT, RULE,
    SELECT, WAY,
};
use super::{Key, Kind, Table};

pub(super) const fn key(
    name: &'static str,
    kind: Kind,
    about: &'static str,
    example: &'static str,
) -> Key {
    Key { name, kind, required: false, default: "", about, example }
}

impl Key {
    pub(super) const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    pub(super) const fn default(mut self, default: &'static str) -> Self {
        self.default = default;
        self
    }
}

const fn table(name: &'static str, about: &'static str, keys: &'static [Key]) -> Table {
    Table { name, written: name, about, keys, with: &[] }
}

impl Table {
    /// Shares the keys of other tables.
    const fn with(mut self, with: &'static [&'static str]) -> Self {
        self.with = with;
        self
    }

    /// Is written otherwise than it is named; empty where it is only a part of others.
    const fn written(mut self, written: &'static str) -> Self {
        self.written = written;
        self
    }
}

/// All tables, in the order in which a profile has them.
pub const TABLES: &[Table] = &[
    table("profile", "A profile: rules for one site or one forum platform.", TOP)
        .with(&["body"])
        .written("the top"),
    table("[[match]]", "When the profile is chosen. All conditions must hold.", &[])
        .with(&["conditions"]),
    table("conditions", "", CONDITIONS).written(""),
    table("body", "", BODY).written(""),
    table("[prepare]", "What is done to a page before it is parsed.", PREPARE),
    table("edit", "Letters of the markup, and what stands in their place.", EDIT)
        .written("`replace` of [prepare]"),
    table("[split]", "How texts and pages become pieces.", SPLIT),
    table("[split.thread]", "Posts of a page.", THREAD),
    table("[split.thread.data]", "Posts in the page's own data.", DATA),
    table("[split.article]", "The article of a page.", ARTICLE),
    table("[split.thread.text]", "Posts of a text.", THREAD_TEXT),
    table("[split.digest]", "Articles between separators.", DIGEST),
    table("[split.stream]", "Articles under headlines.", STREAM),
    table("way", "A way to find a field.", WAY).written("[field] and [piece], in a way"),
    table("cut", "The part of a text that counts.", CUT).written("`cut`"),
    table("[strip]", "Rules that remove, by kind.", KINDS),
    table("[keep]", "Rules that keep, by kind.", KEEP_KINDS),
    table("rule", "", RULE).written(""),
    table("kept", "", KEPT).written(""),
    table("[strip.select]", "Elements of a page.", SELECT).with(&["kept", "moved"]),
    table("[strip.line]", "One line.", LINE).with(&["rule", "kept", "moved"]),
    table("[strip.block]", "Lines in a row.", BLOCK).with(&["rule", "kept", "moved"]),
    table("[strip.region]", "From a line to a line, both included.", REGION)
        .with(&["rule", "kept", "moved"]),
    table("[strip.repeat]", "The same line so often in one capture.", REPEAT)
        .with(&["rule", "kept", "moved"]),
    table("[strip.generic]", "The classifier.", GENERIC).with(&["rule", "kept", "moved"]),
    table("[keep.select]", "Elements of a page that stay.", SELECT).with(&["kept"]).written(""),
    table("[keep.line]", "Lines that stay.", LINE).with(&["rule", "kept"]).written(""),
    table("[keep.block]", "Lines in a row that stay.", BLOCK).with(&["rule", "kept"]).written(""),
    table("[keep.region]", "Regions that stay.", REGION).with(&["rule", "kept"]).written(""),
    table("[keep.repeat]", "Repeated lines that stay.", REPEAT).with(&["rule", "kept"]).written(""),
    table("[keep.generic]", "The classifier.", GENERIC).with(&["rule", "kept"]).written(""),
    table("moved", "", MOVED).written(""),
    table("lines", "One element of a block.", ELEMENT).written("an element of `lines`"),
    table("[[variant]]", "Another layout of the same site.", VARIANT).with(&["conditions", "body"]),
    table("dates", "How dates of figures are read.", DATES),
    table("[guard]", "When the profile gives way.", GUARD),
];

const TOP: &[Key] = &[
    key("schema", Version, "version of the language", "1").required(),
    key(
        "kind",
        Word(&["platform", "site"]),
        "what it is for, and its rank in the choice",
        "\"site\"",
    )
    .required(),
    key("summary", Text, "one line for `profile list`", "\"phpBB 3 topics, flattened\"")
        .default("\"\""),
    key("checked", Day, "day of the last comparison with a live capture", "2026-11-21"),
    key(
        "draft",
        Flag,
        "written after too few pages to be trusted; a note for readers, shown by `profile list`",
        "true",
    )
    .default("false"),
    key("extends", Id, "the profile that it builds on", "\"phpbb\""),
    key("match", Tables("[[match]]"), "when it is chosen", ""),
    key("prepare", Kind::Table("[prepare]"), "what is done to a page before it is parsed", ""),
    key("variant", Tables("[[variant]]"), "another layout of the same site", ""),
];

const BODY: &[Key] = &[
    key(
        "split",
        Kind::TableOrOff("[split]"),
        "how a text and how a page is split; `false` takes away what is inherited",
        "false",
    ),
    key("field", Ways, "how facts of the page are found", ""),
    key("piece", Ways, "how facts of each article or post are found", ""),
    key("strip", Kind::Table("[strip]"), "rules that remove", ""),
    key("keep", Kind::Table("[keep]"), "rules that keep", ""),
    key(
        "dates",
        Kind::Table("dates"),
        "how dates of figures are read",
        "{ order = \"dmy\", zone = \"+03:00\" }",
    ),
    key(
        "guard",
        Kind::Table("[guard]"),
        "when the profile gives way",
        "{ max_removed_words = 0.97 }",
    ),
];

const CONDITIONS: &[Key] = &[
    key(
        "hosts",
        Texts,
        "the address has one of these hosts; `www.` is ignored",
        "[\"gazette.example\"]",
    ),
    key(
        "subdomains",
        FlagOr(&["only"]),
        "hosts below them do too, or they alone (`\"only\"`)",
        "true",
    )
    .default("false"),
    key("path", Text, "the address's path begins so", "\"/forum/\""),
    key(
        "selector",
        Selectors,
        "the page has an element for each of these; never in a text",
        "[\"body.quayboard\", \".entry-text\"]",
    ),
    key(
        "text",
        Patterns,
        "the text has these lines, of at most 200 bytes; never in a page",
        "['^Joined$', '^Messages$']",
    ),
    key("min", Count, "at least so many of them do; all without it", "1"),
    key("captured_before", Day, "it was fetched before this day", "2019-01-01"),
    key("captured_after", Day, "it was fetched on this day or later", "\"2019-01-01\""),
];

const PREPARE: &[Key] = &[
    key(
        "replace",
        Tables("edit"),
        "letters of the markup, as they are; one edit after another, at most 256",
        "[{ find = \"<amp-img\", with = \"<img\" }]",
    ),
    key(
        "keep",
        Texts,
        "elements that are dropped otherwise: `script`, `style`, `svg`",
        "[\"script\"]",
    ),
];

const EDIT: &[Key] = &[
    key("find", Text, "what is looked for", "\"<amp-img\"").required(),
    key("with", Text, "what stands there then", "\"<img\"").default("\"\""),
];

const SPLIT: &[Key] = &[
    key("thread", Kind::Table("[split.thread]"), "posts", ""),
    key("article", Kind::Table("[split.article]"), "the article of a page", ""),
    key("digest", Kind::Table("[split.digest]"), "articles between separators", ""),
    key("stream", Kind::Table("[split.stream]"), "articles under headlines", ""),
];

const THREAD: &[Key] = &[
    key(
        "post",
        Selector,
        "one element for each post, with all that belongs to it; needed where the page is split",
        "\"li.entry\"",
    ),
    key(
        "body",
        Selector,
        "its text, inside it; several bodies are read one after another; needed with `post`",
        "\".entry-text\"",
    ),
    key("quote", Selector, "what a post quotes; `blockquote` and `q` without it", "\".quote\""),
    key(
        "header",
        Selector,
        "an element above the post, and below the one before, that belongs to it: its fields are looked for there too",
        "\".entry-head\"",
    ),
    key("data", Kind::Table("[split.thread.data]"), "posts in the page's own data", ""),
    key("text", Kind::Table("[split.thread.text]"), "posts of a text", ""),
];

const DATA: &[Key] = &[
    key("posts", Path, "from the root to each post", "\"topic_*.stream.posts.*\"").required(),
    key("body", Path, "from a post to its text; what has none is no post", "\"text_html\"")
        .required(),
    key(
        "title",
        Path,
        "from the root to the thread's title; data without it hold no thread",
        "\"topic_*.title\"",
    ),
    key("number", Path, "from a post to its number, by which posts are put in order", "\"number\""),
    key(
        "posted_by",
        Paths,
        "from a post to this field: one way or several, the first that yields a value wins",
        "[\"author.name\", \"relationships.user.data.@.attributes.name\"]",
    ),
    key("published", Paths, "from a post to this field, as `posted_by`", "\"created\""),
    key("modified", Paths, "from a post to this field, as `posted_by`", "\"edited\""),
    key(
        "permalink",
        Paths,
        "from a post to this field, as `posted_by`",
        "[\"{url}\", \"/t/{/topic.id}/{number}\"]",
    ),
];

const ARTICLE: &[Key] = &[key(
    "body",
    Selectors,
    "the article; of several selectors the first that holds some text",
    "\"article .story\"",
)
.required()];

const THREAD_TEXT: &[Key] = &[
    key(
        "head",
        Rules,
        "above the end of the first match of any of these rules all is page, not post",
        "[\"starter\"]",
    ),
    key(
        "start",
        Rules,
        "each match of one of these rules begins a post, which reaches to the next one",
        "[\"post-panel\"]",
    ),
    key(
        "end",
        Patterns,
        "lines in a row; they are removed. Where no `start` rule matches, they end the posts",
        "['^Link to comment$', '^Share$']",
    ),
];

const DIGEST: &[Key] = &[
    key("separator", Pattern, "the lines between; they are removed", "'^(?:\\*+ ?)+$'").required(),
    key(
        "head",
        Rules,
        "above the end of the first match of any of these rules all is page, not article",
        "[\"page-head\"]",
    ),
];

const STREAM: &[Key] = &[
    key("words", Range, "a headline has so many words", "\"4..22\"").default("\"4..16\""),
    key(
        "capitalised",
        Share,
        "a headline has at least this share of words with a capital or a figure; small words are free",
        "0.8",
    )
    .default("0.7"),
    key("after_blank", Flag, "a headline has a blank line above", "false").default("true"),
    key("before_blank", Flag, "a headline has a blank line below", "false").default("true"),
    key(
        "end_punctuation",
        Flag,
        "a headline may end like a sentence or in `, ; : - #` or a bar; `?`, `!` and `…` are always allowed",
        "true",
    )
    .default("false"),
    key("evidence", Flag, "headlines count only where the capture shows that it is a stream", "true")
        .default("false"),
    key(
        "marks",
        Rules,
        "each line that these rules remove is evidence, such as a link to another story",
        "[\"read-also\"]",
    ),
];

const VARIANT: &[Key] =
    &[key("name", Text, "the name that `explain` prints", "\"before-2019\"").default("\"\"")];

const DATES: &[Key] = &[
    key(
        "order",
        Word(&["mdy", "dmy", "ymd"]),
        "order of day, month and year; without it `03/04/2020` is ambiguous and stays null",
        "\"dmy\"",
    ),
    key("zone", Zone, "for times that name none", "\"+03:00\""),
];

const GUARD: &[Key] = &[key(
    "max_removed_words",
    Share,
    "where rules and split remove a larger share of the capture's words, `generic-text` cleans the capture in their place",
    "0.97",
)];
