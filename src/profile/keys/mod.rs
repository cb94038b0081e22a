//! All keys of the language, in one list: the tables of `profiles/README.md` and the JSON Schema
//! are made from it, and what a fault proposes.
//!
//! The readers in `profile::read` are held against it by tests: what they take stands here, and
//! what stands here they take.

mod list;
mod rules;
pub mod schema;

pub use list::TABLES;

/// One table of a profile, or one kind of table.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    /// Its name in the list and in the definitions of the JSON Schema.
    pub name: &'static str,
    /// How it is written in a profile, for readers.
    pub written: &'static str,
    /// What it is for.
    pub about: &'static str,
    /// Its keys, the ones that say most first.
    pub keys: &'static [Key],
    /// Names of tables whose keys it has too.
    pub with: &'static [&'static str],
}

/// One key.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// The key.
    pub name: &'static str,
    /// What its value may be.
    pub kind: Kind,
    /// Whether the table needs it.
    pub required: bool,
    /// The value that holds without it, as TOML; empty where there is none.
    pub default: &'static str,
    /// What it does, without a full stop.
    pub about: &'static str,
    /// A value, as TOML; empty where the value is a table.
    pub example: &'static str,
}

/// What a value may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The version of the language.
    Version,
    /// Any text.
    Text,
    /// One of these texts.
    Word(&'static [&'static str]),
    /// A text or a list of texts.
    Texts,
    /// A regular expression.
    Pattern,
    /// A regular expression or a list of them.
    Patterns,
    /// A CSS selector.
    Selector,
    /// A CSS selector or a list of them.
    Selectors,
    /// The id of a profile.
    Id,
    /// The name of a rule or a list of them.
    Rules,
    /// A pattern, `start`, `end` or the name of a rule.
    Edge,
    /// A path into a page's data.
    Path,
    /// A path into a page's data, a template, or a list of them.
    Paths,
    /// The name of a field.
    Field,
    /// A place in a piece.
    Place,
    /// `true` or `false`.
    Flag,
    /// `true`, `false` or one of these texts.
    FlagOr(&'static [&'static str]),
    /// A whole number above 0.
    Count,
    /// A number from 0 to 1.
    Share,
    /// A number, or a range as text.
    Range,
    /// A day.
    Day,
    /// An offset from UTC.
    Zone,
    /// A table.
    Table(&'static str),
    /// A table, or `false`.
    TableOrOff(&'static str),
    /// Tables in double brackets, or a list of inline ones.
    Tables(&'static str),
    /// A table, or a list of them.
    OneOrMore(&'static str),
    /// Names, and rules of that table.
    Named(&'static str),
    /// Fields, and ways to find them.
    Ways,
}

impl Kind {
    /// In words, for people.
    pub fn name(self) -> String {
        match self {
            Self::Version => "`1`".to_owned(),
            Self::Text => "text".to_owned(),
            Self::Word(words) => {
                let words: Vec<String> = words.iter().map(|word| format!("`\"{word}\"`")).collect();
                words.join(", ")
            }
            Self::Texts => "texts".to_owned(),
            Self::Pattern => "pattern".to_owned(),
            Self::Patterns => "patterns".to_owned(),
            Self::Selector => "selector".to_owned(),
            Self::Selectors => "selectors".to_owned(),
            Self::Id => "profile".to_owned(),
            Self::Rules => "rules".to_owned(),
            Self::Edge => "pattern, rule, `\"start\"`, `\"end\"`".to_owned(),
            Self::Path => "path".to_owned(),
            Self::Paths => "paths".to_owned(),
            Self::Field => "field".to_owned(),
            Self::Place => "place".to_owned(),
            Self::Flag => "`true`, `false`".to_owned(),
            Self::FlagOr(words) => format!("`true`, `false`, {}", Self::Word(words).name()),
            Self::Count => "number".to_owned(),
            Self::Share => "0 to 1".to_owned(),
            Self::Range => "range".to_owned(),
            Self::Day => "day".to_owned(),
            Self::Zone => "offset".to_owned(),
            Self::Table(_) => "table".to_owned(),
            Self::TableOrOff(_) => "tables, `false`".to_owned(),
            Self::Tables(_) => "tables".to_owned(),
            Self::OneOrMore(_) => "table, tables".to_owned(),
            Self::Named(_) => "rules by name".to_owned(),
            Self::Ways => "ways by field".to_owned(),
        }
    }
}

/// The table of that name.
pub fn table(name: &str) -> Option<&'static Table> {
    TABLES.iter().find(|table| table.name == name)
}

/// All keys of a table, those that it shares with others too.
pub fn all(table: &Table) -> Vec<&'static Key> {
    let mut keys: Vec<&Key> = table.keys.iter().collect();
    for name in table.with {
        keys.extend(self::table(name).map_or(&[][..], |shared| shared.keys));
    }
    keys
}

/// How the tables are written that have a key of that name.
pub fn homes(key: &str) -> Vec<&'static str> {
    let has = |table: &&Table| all(table).iter().any(|known| known.name == key);
    let shown = TABLES.iter().filter(|table| !table.written.is_empty());
    shown.filter(has).map(|table| table.written).collect()
}

/// How a key of a table is written: `post = "li.entry"`. The table is named as faults name it.
pub fn example(table: &str, key: &str) -> Option<String> {
    let name = table.trim_matches('`');
    let parts: Vec<&str> = name.split('.').collect();
    let name = match parts.as_slice() {
        [verb @ ("strip" | "keep"), kind, ..] => format!("[{verb}.{kind}]"),
        _ => name.to_owned(),
    };
    let own = self::table(&name).into_iter().flat_map(all);
    let other = TABLES.iter().flat_map(|table| table.keys);
    let mut keys = own.chain(other);
    let known = keys.find(|known| known.name == key && !known.example.is_empty())?;
    Some(format!("{} = {}", known.name, known.example))
}
