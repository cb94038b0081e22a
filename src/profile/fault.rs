//! Faults of profile files: what is wrong, where, and what to do.
//!
//! All faults of all files are collected and shown at once, with file, line, column and a caret.

use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::keys;

/// Where a profile file came from; later ones win over earlier ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// Compiled in.
    BuiltIn,
    /// Written by `profile import-ftr`.
    Imported,
    /// A user's folder.
    User,
}

impl Origin {
    /// The name in `profile list`.
    pub fn name(self) -> &'static str {
        match self {
            Self::BuiltIn => "built-in",
            Self::Imported => "imported",
            Self::User => "user",
        }
    }
}

/// One profile file as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Path as messages show it.
    pub path: String,
    /// The file's text.
    pub text: String,
    /// Where it came from.
    pub origin: Origin,
}

/// What is wrong with a profile.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "the message of each variant says what it means")]
pub enum Problem {
    #[error("not TOML: {message}")]
    Syntax { message: String },
    #[error("unknown key `{key}` in {table}")]
    UnknownKey { key: String, table: String, nearest: Option<String>, known: Vec<&'static str> },
    #[error("`{key}` is {found}, expected {expected}")]
    WrongType { key: String, expected: &'static str, found: &'static str },
    #[error("`{key}` has a value that cannot be used: expected {expected}")]
    BadValue { key: String, expected: &'static str },
    #[error("{table} needs the key `{key}`")]
    MissingKey { table: String, key: &'static str },
    #[error("`{one}` and `{other}` in {table} exclude each other")]
    Excludes { one: &'static str, other: &'static str, table: String },
    #[error("{table} says nothing of when it holds")]
    NoCondition { table: String },
    #[error("schema {found} is not one that this program reads")]
    BadSchema { found: i64 },
    #[error("bad pattern: {message}")]
    BadPattern { message: String },
    #[error("bad selector: {message}")]
    BadSelector { message: String },
    #[error("the pattern matches every line")]
    MatchesAll,
    #[error("pattern without `^` or `$`: it also matches inside longer lines")]
    Unanchored,
    #[error("named group `{group}` is no field")]
    UnknownGroup { group: String, nearest: Option<String> },
    #[error("extends `{parent}`, which is no profile")]
    UnknownParent { parent: String, nearest: Option<String> },
    #[error("`extends` runs in a circle: {chain}")]
    ExtendsCycle { chain: String },
    #[error("`extends` goes {depth} files deep; {limit} is the limit")]
    ExtendsTooDeep { depth: usize, limit: usize },
    #[error("`{id}` is also defined in {other}")]
    DuplicateId { id: String, other: String },
    #[error("same match as {other}: {condition}")]
    Tie { other: String, condition: String },
    #[error("a profile without [[match]] is never chosen")]
    NoMatch,
    #[error("block rule `{rule}` can begin at any line")]
    NoAnchor { rule: String },
    #[error("`:named('{word}')` has few letters: other names may hold the same word")]
    ShortName { word: String },
    #[error("rule `{rule}` has no sample")]
    NoSample { rule: String },
    #[error("rule `{rule}` does not match its sample")]
    SampleMissed { rule: String },
    #[error("rule `{rule}` matches what it must keep")]
    KeepMatched { rule: String },
    #[error("`{name}` is no rule of this profile or its parents")]
    UnknownRule { name: String, nearest: Option<String> },
    #[error("{what} can remove every line")]
    RemovesAll { what: String },
    #[error("`{text}` has {letters} letters; it is also part of other names")]
    ShortSubstring { text: String, letters: usize },
    #[error("{what} never acts: {why}")]
    Dead { what: String, why: String },
    #[error("profile `{id}` has no case")]
    NoCase { id: String, folder: String },
    #[error("no case uses rule `{rule}`")]
    UnusedRule { rule: String },
}

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Good to know; changes no exit code.
    Note,
    /// The profile works, and perhaps not as it is meant.
    Warning,
    /// The profile cannot be used.
    Error,
}

impl Severity {
    /// The name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl Problem {
    /// A stable name of the problem's kind.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Syntax { .. } => "syntax",
            Self::UnknownKey { .. } => "unknown-key",
            Self::WrongType { .. } => "wrong-type",
            Self::BadValue { .. } => "bad-value",
            Self::MissingKey { .. } => "missing-key",
            Self::Excludes { .. } => "excludes",
            Self::NoCondition { .. } => "no-condition",
            Self::BadSchema { .. } => "bad-schema",
            Self::BadPattern { .. } => "bad-pattern",
            Self::BadSelector { .. } => "bad-selector",
            Self::MatchesAll => "matches-all",
            Self::Unanchored => "unanchored",
            Self::UnknownGroup { .. } => "unknown-group",
            Self::UnknownParent { .. } => "unknown-parent",
            Self::ExtendsCycle { .. } => "extends-cycle",
            Self::ExtendsTooDeep { .. } => "extends-too-deep",
            Self::DuplicateId { .. } => "duplicate-id",
            Self::Tie { .. } => "tie",
            Self::NoMatch => "no-match",
            Self::NoAnchor { .. } => "no-anchor",
            Self::ShortName { .. } => "short-name",
            Self::NoSample { .. } => "no-sample",
            Self::SampleMissed { .. } => "sample-missed",
            Self::KeepMatched { .. } => "keep-matched",
            Self::UnknownRule { .. } => "unknown-rule",
            Self::RemovesAll { .. } => "removes-all",
            Self::ShortSubstring { .. } => "short-substring",
            Self::Dead { .. } => "dead-rule",
            Self::NoCase { .. } => "no-case",
            Self::UnusedRule { .. } => "unused-rule",
        }
    }

    /// How bad it is.
    pub fn severity(&self) -> Severity {
        match self {
            Self::NoCase { .. } | Self::UnusedRule { .. } => Severity::Note,
            Self::NoSample { .. }
            | Self::Unanchored
            | Self::NoMatch
            | Self::ShortName { .. }
            | Self::ShortSubstring { .. }
            | Self::Dead { .. } => Severity::Warning,
            _ => Severity::Error,
        }
    }

    /// Whether the profile works all the same.
    pub fn is_warning(&self) -> bool {
        self.severity() != Severity::Error
    }

    /// What to do about it.
    pub fn help(&self) -> Option<String> {
        let nearest = |near: &Option<String>, else_say: &str| {
            let near = near.as_ref().map(|near| format!("did you mean `{near}`?"));
            near.unwrap_or_else(|| else_say.to_owned())
        };
        Some(match self {
            Self::UnknownKey { key, nearest: near, known, .. } => {
                nearest(near, &belongs(key, known))
            }
            Self::UnknownGroup { nearest: near, .. } => {
                nearest(near, "`profiles/README.md` lists the fields")
            }
            Self::UnknownParent { nearest: near, .. } => {
                nearest(near, "`copydesk profile list` shows all")
            }
            Self::UnknownRule { nearest: near, .. } => {
                nearest(near, "`copydesk profile show --resolved ID` shows all rules")
            }
            Self::MissingKey { table, key } => {
                let example = keys::example(table, key);
                format!("add `{}`", example.unwrap_or_else(|| format!("{key} = …")))
            }
            Self::BadSelector { message } if !message.contains([';', '`']) => {
                "close brackets and quotes; `profiles/README.md` says what a selector may be".into()
            }
            Self::BadPattern { message } if message.contains("look-around") => {
                "use `not` beside `is`, or `keep`: patterns are those of Rust's `regex`".into()
            }
            Self::BadPattern { .. } => {
                "a sign that is meant as it is needs a backslash: `\\(`".into()
            }
            Self::ExtendsTooDeep { .. } => "let one of them extend the parent of its parent".into(),
            Self::Excludes { .. } => "keep one of the two".into(),
            Self::NoCondition { .. } => {
                "add `hosts`, `path`, `selector` or `text`; in a variant a day will do".into()
            }
            Self::BadSchema { .. } => "write `schema = 1`".into(),
            Self::MatchesAll => "say what the line begins or ends with".into(),
            Self::Unanchored => "write `^…$`, or `^…` where the line goes on".into(),
            Self::ExtendsCycle { .. } => "take one `extends` out".into(),
            Self::DuplicateId { .. } => "rename one of the two files".into(),
            Self::Tie { .. } => "add a `path` or another condition to one of the two".into(),
            Self::NoMatch => "add hosts or text lines, or `--profile` must name it".into(),
            Self::NoAnchor { .. } => {
                "make one of its lines a fixed text, such as `^Joined$`".into()
            }
            Self::ShortName { .. } => "name the element by a class or an id".into(),
            Self::NoSample { .. } => {
                "add `sample = [\"…\"]` with a line that it must remove".into()
            }
            Self::SampleMissed { .. } => "mend the pattern or the sample".into(),
            Self::KeepMatched { .. } => "make the pattern narrower".into(),
            Self::RemovesAll { .. } => "name what is to be removed more closely".into(),
            Self::ShortSubstring { .. } => {
                "write the whole class or id, or a longer part of it".into()
            }
            Self::Dead { .. } => "take it out".into(),
            Self::NoCase { id, folder } => format!(
                "put a capture into {folder}/{id}/what-it-shows/ as capture.txt or capture.html, \
                 then `copydesk profile test --bless {id}`"
            ),
            Self::UnusedRule { .. } => "add a case that it acts in, or take it out".into(),
            // Their messages say what is expected.
            Self::Syntax { .. }
            | Self::WrongType { .. }
            | Self::BadValue { .. }
            | Self::BadSelector { .. } => return None,
        })
    }
}

/// Where an unknown key belongs, or which keys there are.
fn belongs(key: &str, known: &[&'static str]) -> String {
    let homes = keys::homes(key);
    if homes.is_empty() || homes.len() > 4 {
        let list: Vec<String> = known.iter().map(|key| format!("`{key}`")).collect();
        return format!("known here are {}", list.join(", "));
    }
    format!("`{key}` belongs into {}", homes.join(" or "))
}

/// A problem at a place in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong.
    pub problem: Problem,
    /// The file.
    pub file: Arc<SourceFile>,
    /// Bytes of the file's text that it is about.
    pub span: Range<usize>,
}

impl SourceFile {
    /// Line and column of a byte, both from 1; columns are characters.
    pub fn place(&self, byte: usize) -> (usize, usize) {
        let above = self.text.get(..byte).unwrap_or(&self.text);
        let line = above.matches('\n').count() + 1;
        let column = above.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        (line, column)
    }

    /// `file:line` of a byte.
    pub fn line(&self, byte: usize) -> String {
        format!("{}:{}", self.path, self.place(byte).0)
    }
}

impl Fault {
    /// Line and column, both from 1.
    pub fn place(&self) -> (usize, usize) {
        self.file.place(self.span.start)
    }

    /// Line and column of its end, both from 1.
    pub fn end(&self) -> (usize, usize) {
        self.file.place(self.span.end)
    }

    /// The fault with the line it is about and a caret below.
    pub fn render(&self, colour: bool) -> String {
        let level = match self.problem.severity() {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
            Severity::Note => Level::NOTE,
        };
        let title = self.problem.to_string();
        let end = self.span.end.min(self.file.text.len());
        let mut group = Group::with_title(level.primary_title(title).id(self.problem.code()))
            .element(
                Snippet::source(&self.file.text)
                    .path(&self.file.path)
                    .annotation(AnnotationKind::Primary.span(self.span.start.min(end)..end)),
            );
        if let Some(help) = self.problem.help() {
            group = group.element(Level::HELP.message(help));
        }
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        renderer.render(&[group]).clone()
    }
}

/// Sorts faults by file and place, and drops repetitions.
pub fn sort(faults: &mut Vec<Fault>) {
    faults.sort_by(|one, other| {
        (&one.file.path, one.span.start, one.problem.code()).cmp(&(
            &other.file.path,
            other.span.start,
            other.problem.code(),
        ))
    });
    faults.dedup();
}

/// The known name nearest to a wrong one, where one is near enough to be meant.
pub fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    known
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(wrong, name), name))
        .filter(|(distance, name)| *distance <= (name.chars().count() / 3).max(1) + 1)
        .min()
        .map(|(_, name)| name.to_owned())
}
