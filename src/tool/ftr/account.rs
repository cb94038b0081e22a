//! What became of the directives of site configs: every one is a rule, a comment, or a loss.

use super::cause::Cause;
use super::config::Directive;
use crate::profile::cut::Cut;
use crate::profile::prepare::Prepare;

/// A site config as a profile.
#[derive(Debug, Clone)]
pub struct Import {
    /// The profile's id; the name of its file without `.toml`.
    pub id: String,
    /// The hosts that it is for: no two profiles can be for the same.
    pub host: String,
    /// The profile's TOML.
    pub toml: String,
    /// One for each directive, in the file's order.
    pub accounts: Vec<(Directive, Account)>,
    /// The selectors of its rules.
    pub selections: Vec<Selection>,
    /// What is done to a page before it is parsed.
    pub prepare: Prepare,
}

/// A selector of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    /// Line of the directive that it comes from.
    pub line: u32,
    /// The selector.
    pub css: String,
    /// The attribute that is its value.
    pub attr: Option<String>,
    /// What is cut out of the value.
    pub cut: Vec<Cut>,
}

/// What became of a directive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Account {
    /// It stands as a rule, or as a part of one.
    Rule,
    /// It stands as a comment; why it is no rule.
    Comment(&'static str),
    /// It is lost.
    Untranslated(Cause),
}

impl Import {
    /// The directives that were not translated.
    pub fn untranslated(&self) -> impl Iterator<Item = (&Directive, &Cause)> {
        self.accounts.iter().filter_map(|(directive, account)| match account {
            Account::Untranslated(cause) => Some((directive, cause)),
            Account::Rule | Account::Comment(_) => None,
        })
    }

    /// Whether nothing of the file was lost.
    pub fn is_complete(&self) -> bool {
        self.untranslated().next().is_none()
    }

    /// Whether nothing of its body, title, author and date was lost.
    pub fn is_core_complete(&self) -> bool {
        let core = |key: &str| matches!(key, "body" | "title" | "author" | "date");
        !self.untranslated().any(|(directive, _)| core(&directive.key))
    }
}

/// Counts over many files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Files.
    pub files: usize,
    /// Files of which nothing was lost.
    pub complete: usize,
    /// Files of whose body, title, author and date nothing was lost.
    pub core_complete: usize,
    /// Directives.
    pub directives: usize,
    /// Directives that are rules.
    pub rules: usize,
    /// Directives that are comments.
    pub comments: usize,
    /// Directives that are lost.
    pub untranslated: usize,
}

impl Summary {
    /// Adds a file.
    pub fn add(&mut self, import: &Import) {
        self.files += 1;
        self.complete += usize::from(import.is_complete());
        self.core_complete += usize::from(import.is_core_complete());
        for (_, account) in &import.accounts {
            self.directives += 1;
            match account {
                Account::Rule => self.rules += 1,
                Account::Comment(_) => self.comments += 1,
                Account::Untranslated(_) => self.untranslated += 1,
            }
        }
    }
}
