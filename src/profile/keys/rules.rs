//! The tables of rules, and of the ways to find fields.

use super::Key;
use super::Kind::{
    Count, Edge, Field, Flag, Named, OneOrMore, Pattern, Place, Range, Selector, Share, Tables,
    Text, Texts, Word,
};
use super::list::key;

pub(super) const WAY: &[Key] = &[
    key(
        "line",
        Pattern,
        "a way: the group with the field's name, else all that the pattern matches",
        "'^By (?<author>.+)$'",
    ),
    key("date", Flag, "a way: a line that is one date as a whole", "true").default("false"),
    key(
        "headline",
        Flag,
        "a way: a line that reads like the headline of what follows; it leaves the text",
        "true",
    )
    .default("false"),
    key("css", Selector, "a way: an element of the page, its text or an attribute", "\"h1.topic\""),
    key(
        "meta",
        Text,
        "a way: the `content` of a `<meta>` with this `property`, `name`, `itemprop` or `http-equiv`",
        "\"og:site_name\"",
    ),
    key("const", Text, "a way: a fixed value", "\"Harbour Gazette\""),
    key("inherit", Flag, "a way: what the parent's ways yield", "true").default("false"),
    key("not", Pattern, "of `line`: lines that match this do not count", "'\\.$'"),
    key("at", Place, "of `line`, `date`, `headline`: the place; any line without it", "\"1..8\""),
    key(
        "drop",
        Flag,
        "of `line`, `date`, `css`: takes the whole line, or all of the element, out of the text",
        "true",
    )
    .default("false"),
    key("attr", Text, "of `css`: the attribute in place of the text", "\"datetime\""),
    key(
        "cut",
        OneOrMore("cut"),
        "of `css`, `meta`: the part of the text or attribute that counts, one cut after another; `is` looks at that part",
        "{ after = \"By \" }",
    ),
    key(
        "is",
        Pattern,
        "of `css`, `meta`: what the text or attribute matches: the group with the field's name, else all that matches",
        "'^Posted (?<date>.+)$'",
    ),
    key(
        "pick",
        Word(&["first", "last", "all"]),
        "of `css`: the first element that yields a value, the last, or all, for fields that add up",
        "\"last\"",
    )
    .default("\"first\""),
];

pub(super) const CUT: &[Key] = &[
    key(
        "after",
        Text,
        "what stands behind the first of these words; no value without them",
        "\"By \"",
    ),
    key(
        "before",
        Text,
        "what stands before the first of these words; no value without them",
        "\"|\"",
    ),
    key("chars", Text, "letters by number, from 1", "\"1..10\""),
    key("replace", Text, "all of these words go; `with` stands in their place", "\"|\""),
    key("with", Text, "of `replace`", "\"-\"").default("\"\""),
];

pub(super) const KINDS: &[Key] = &[
    key("select", Named("[strip.select]"), "elements of a page", ""),
    key("block", Named("[strip.block]"), "lines in a row", ""),
    key("line", Named("[strip.line]"), "one line", ""),
    key("region", Named("[strip.region]"), "from a line to a line", ""),
    key("repeat", Named("[strip.repeat]"), "the same line so often", ""),
    key("generic", Named("[strip.generic]"), "the classifier", ""),
];

pub(super) const KEEP_KINDS: &[Key] = &[
    key("select", Named("[keep.select]"), "elements of a page", ""),
    key("block", Named("[keep.block]"), "lines in a row", ""),
    key("line", Named("[keep.line]"), "one line", ""),
    key("region", Named("[keep.region]"), "from a line to a line", ""),
    key("repeat", Named("[keep.repeat]"), "the same line so often", ""),
    key("generic", Named("[keep.generic]"), "the classifier", ""),
];

pub(super) const RULE: &[Key] = &[key("html", Flag, "whether a rule for lines holds in pages too; `select` has no such key, `generic` does not need it", "true").default("false")];

pub(super) const KEPT: &[Key] = &[
    key(
        "sample",
        Texts,
        "texts that it must match; lint runs them; lines by `\\n`",
        "[\"Share\\n\\nRecommended Posts\"]",
    )
    .default("[]"),
    key("keep", Texts, "texts that it must not match", "[\"Thanks 2 everyone\"]").default("[]"),
];

pub(super) const MOVED: &[Key] = &[
    key(
        "into",
        Field,
        "the field that takes the removed lines; their text, unless a group gives the field",
        "\"rights\"",
    ),
    key(
        "at",
        Place,
        "the place at which a match begins; it has to end in the same piece",
        "\"1..8\"",
    ),
];

pub(super) const SELECT: &[Key] = &[
    key("css", Selector, "the elements", "\".likes\"").required(),
    key(
        "attr",
        Text,
        "what `is` and `into` look at: this attribute, in place of the text",
        "\"title\"",
    ),
    key(
        "is",
        Pattern,
        "only elements whose text or attribute matches this; its named groups are facts",
        "'^(?<count>\\d+) (?<name>like)s?$'",
    ),
];

pub(super) const LINE: &[Key] = &[
    key("is", Pattern, "what the line matches", "'^Back to top$'").required(),
    key("not", Pattern, "what it does not match", "'[.!?]$'"),
    key(
        "then",
        Pattern,
        "what the next line matches, blank lines passed over; it is taken too",
        "'^\\d+$'",
    ),
];

pub(super) const BLOCK: &[Key] = &[key(
    "lines",
    Tables("lines"),
    "the lines, from the first to the last",
    "[{ is = '^Joined$' }, { is = '^\\d{4}$' }]",
)
.required()];

pub(super) const ELEMENT: &[Key] = &[
    key("is", Pattern, "lines that match", "'^Joined$'"),
    key(
        "repeats",
        Field,
        "a line that begins with what this field's group holds, above or below it in the block; a bullet before it is passed over",
        "\"posted_by\"",
    ),
    key("blank", Range, "so many blank lines, before the next element", "\"0..3\""),
    key("not", Pattern, "of `is`: and do not match this", "'^Recommended Posts$'"),
    key(
        "then",
        Pattern,
        "of `is`: the line directly below each, which is taken too",
        "'^[\\d,]+$'",
    ),
    key("times", Range, "of `is`, `repeats`: so many lines", "\"1..5\"").default("1"),
    key("gap", Range, "of `is`, `repeats`: so many blank lines may stand above each", "\"0..2\"")
        .default("0"),
];

pub(super) const REGION: &[Key] = &[
    key("from", Edge, "the first line; `\"start\"` of the capture", "'^Fair Use Notice$'")
        .required(),
    key(
        "to",
        Edge,
        "the last line, looked for below the match of `from`; `\"end\"` of the capture",
        "\"end\"",
    )
    .required(),
    key(
        "max_words",
        Count,
        "nothing is removed where the region has more words; no limit without it",
        "40",
    ),
];

pub(super) const REPEAT: &[Key] = &[
    key("times", Count, "lines that stand so often", "4").default("3"),
    key("max_words", Count, "lines of at most so many words", "6").default("12"),
];

pub(super) const GENERIC: &[Key] = &[key("clean_above", Share, "of a text: where more than this share of the words stands in sentences already, it removes nothing", "0.85").default("1")];
