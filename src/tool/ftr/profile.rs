//! The directives of a file become the parts of a profile.

use super::account::{Account, Import, Selection};
use super::cause::Cause;
use super::config::{self, Directive};
use super::selector::{COMMENT, Selected, quoted, selected};
use super::value::{From, Way, ways};
use super::{write, xpath};
use crate::profile::fault::nearest;
use crate::profile::prepare::{MAX_EDITS, Prepare};
use crate::profile::selector::{DROPPED, SelectorsBuilder, Want};

/// What a comment says of a directive that has no meaning here.
mod why {
    pub(super) const FETCH: &str = "about fetching: captures are there already";
    pub(super) const TEST: &str = "a test of ftr's";
    pub(super) const FTR: &str = "a setting of ftr's own parser and clean-up";
    pub(super) const SHAPE: &str = "changes the markup, not the words";
    pub(super) const PICTURE: &str = "about pictures' addresses";
    pub(super) const ATTRIBUTE: &str = "removes attributes: the text has none";
    pub(super) const DROPPED: &str = "scripts, styles, drawings and comments are dropped anyway";
    pub(super) const AUTHORS: &str = "ftr asks for an advertisement: the rules hold all the same";
    pub(super) const EMPTY: &str = "has no value: ftr passes over it";
    pub(super) const ALWAYS: &str = "asked of pages that ftr has fetched";
    pub(super) const UNDESCRIBED: &str =
        "says what ftr's clean-up must leave: rules touch nothing else";
}

/// The parts of a profile.
#[derive(Debug, Default)]
pub(super) struct Parts {
    /// Alternatives, with their directives.
    pub(super) body: Vec<(String, usize)>,
    /// What is moved into the body.
    pub(super) moved: Vec<(String, usize)>,
    /// Key of the field, way and directive.
    pub(super) fields: Vec<(&'static str, Way, usize)>,
    /// Selector and directive.
    pub(super) strips: Vec<(String, usize)>,
    /// What is replaced by what, and its directives, which may be one.
    pub(super) edits: Vec<(String, String, [usize; 2])>,
    /// Elements that are kept for the selectors.
    pub(super) keep: Vec<&'static str>,
}

/// What a file is for, by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Scope {
    /// `x.com.txt`
    Host(String),
    /// `.x.com.txt`
    Below(String),
    /// `global.txt`, `fingerprint.….txt`: other profiles may extend it.
    Others,
}

/// Translates a site config. `None` where the name of the file is that of no host.
pub fn import(name: &str, text: &str) -> Option<Import> {
    let stem = name.strip_suffix(".txt")?;
    let (id, scope) = scope(stem)?;
    let directives = config::read(text);
    let mut parts = Parts::default();
    let mut accounts = Vec::new();
    for (at, directive) in directives.iter().enumerate() {
        accounts.push(parts.take(at, directive).unwrap_or_else(Account::Untranslated));
    }
    pair(&directives, &mut parts, &mut accounts);
    if parts.body.is_empty() {
        for (_, at) in std::mem::take(&mut parts.moved) {
            if let Some(account) = accounts.get_mut(at) {
                *account = Account::Untranslated(Cause::NoBody);
            }
        }
    }
    let accounts: Vec<_> = directives.into_iter().zip(accounts).collect();
    let toml = write::toml(name, &scope, &parts, &accounts);
    let host = match scope {
        Scope::Host(host) => host,
        Scope::Below(host) => format!(".{host}"),
        Scope::Others => id.clone(),
    };
    let selections = parts.selections(&accounts);
    let replace = parts.edits.into_iter().map(|(find, with, _)| (find, with)).collect();
    let keep = parts.keep.iter().map(|name| (*name).to_owned()).collect();
    let prepare = Prepare { replace, keep };
    Some(Import { id, host, toml, accounts, selections, prepare })
}

/// The id of a profile and what it is for.
fn scope(stem: &str) -> Option<(String, Scope)> {
    let host = stem.strip_prefix('.').unwrap_or(stem).to_lowercase();
    let in_host = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    // A licence or a note is no host.
    if !(host.contains('.') || host == "global") {
        return None;
    }
    if host.is_empty() || host.len() > 200 || !host.chars().all(in_host) || host.contains("..") {
        return None;
    }
    Some(if host == "global" || host.starts_with("fingerprint.") {
        (format!("ftr-{host}"), Scope::Others)
    } else if stem.starts_with('.') {
        (format!("_.{host}"), Scope::Below(host))
    } else {
        (host.clone(), Scope::Host(host.trim_start_matches("www.").to_owned()))
    })
}

impl Parts {
    fn selections(&self, accounts: &[(Directive, Account)]) -> Vec<Selection> {
        let line = |at: usize| accounts.get(at).map_or(0, |(directive, _)| directive.line);
        let of = |css: &String, at: usize| Selection {
            line: line(at),
            css: css.clone(),
            attr: None,
            cut: Vec::new(),
        };
        let elements = self.body.iter().chain(&self.moved).chain(&self.strips);
        let mut found: Vec<Selection> = elements.map(|(css, at)| of(css, *at)).collect();
        for (_, way, at) in &self.fields {
            if let From::Css(one) = &way.from {
                let (attr, cut) = (one.attr.clone(), way.cut.clone());
                found.push(Selection { attr, cut, ..of(&one.css, *at) });
            }
        }
        found
    }

    fn take(&mut self, at: usize, directive: &Directive) -> Result<Account, Cause> {
        let value = directive.value.as_str();
        let key = directive.key.as_str();
        if key.is_empty() {
            return Err(Cause::NoColon);
        }
        let comment = |why: &'static str| Ok(Account::Comment(why));
        if value.is_empty() && KEYS.contains(&key) && key != "replace_string" {
            return comment(why::EMPTY);
        }
        match key {
            "body" => {
                let list = selected(&xpath::parse(value)?)?;
                let list: Vec<Selected> = self.kept(list)?;
                if list.iter().any(|one| one.attr.is_some() || one.texts) {
                    return Err(Cause::NoElement);
                }
                self.body.push((join(&list), at));
                Ok(Account::Rule)
            }
            "title" => self.field("title", at, value),
            "author" => self.field("author", at, value),
            "date" => self.field("published", at, value),
            "strip" | "strip_attr" | "post_strip_attr" => self.strip(at, value),
            "strip_id_or_class" => {
                // As ftr does, which puts it in quotes itself.
                let word = value.replace(['\'', '"'], "");
                let css = format!(":named({})", quoted(&word));
                Self::accept(&css).map_err(|_| Cause::NoWord)?;
                self.strips.push((css, at));
                Ok(Account::Rule)
            }
            "strip_image_src" => {
                let css = format!("img[src*={}]", quoted(&value.replace(['\'', '"'], "")));
                Self::accept(&css)?;
                self.strips.push((css, at));
                Ok(Account::Rule)
            }
            // Both are dealt with in `pair`.
            "find_string" | "replace_string" => Ok(Account::Rule),
            "move_into" if directive.argument.as_deref().is_some_and(is_body) => {
                let list = self.kept(selected(&xpath::parse(value)?)?)?;
                if list.iter().any(|one| one.attr.is_some() || one.texts) {
                    return Err(Cause::NoElement);
                }
                self.moved.push((join(&list), at));
                Ok(Account::Rule)
            }
            "single_page_link"
            | "single_page_link_in_feed"
            | "next_page_link"
            | "http_header"
            | "login_uri"
            | "login_username_field"
            | "login_password_field"
            | "login_extra_fields"
            | "not_logged_in_xpath"
            | "requires_login"
            | "autodetect_next_page"
            | "skip_next_page_fetch" => comment(why::FETCH),
            "if_page_contains" => comment(why::ALWAYS),
            "test_url" | "test_contains" => comment(why::TEST),
            "tidy"
            | "prune"
            | "parser"
            | "autodetect_on_failure"
            | "skip_json_ld"
            | "strip_comments"
            | "footnotes" => comment(why::FTR),
            "skip_id_or_class" => comment(why::UNDESCRIBED),
            "dissolve" | "wrap_in" | "convert_double_br_tags" | "move_into" => comment(why::SHAPE),
            "insert_detected_image" | "src_lazy_load_attr" => comment(why::PICTURE),
            "native_ad_clue" => comment(why::AUTHORS),
            _ => Err(Cause::UnknownKey { near: nearest(key, KEYS) }),
        }
    }

    fn field(&mut self, key: &'static str, at: usize, value: &str) -> Result<Account, Cause> {
        let list = ways(&xpath::parse(value)?)?;
        for way in &list {
            if let From::Css(one) = &way.from {
                if one.css == COMMENT || one.attr.as_deref() == Some("*") {
                    return Err(Cause::NoElement);
                }
                self.keeping(one, true);
                Self::accept(&one.css)?;
            }
        }
        self.fields.extend(list.into_iter().map(|way| (key, way, at)));
        Ok(Account::Rule)
    }

    fn strip(&mut self, at: usize, value: &str) -> Result<Account, Cause> {
        let (mut attributes, mut dropped) = (false, false);
        let mut found = Vec::new();
        for one in selected(&xpath::parse(value)?)? {
            let is_dropped = one.name.as_deref().is_some_and(|name| DROPPED.contains(&name));
            if one.attr.is_some() {
                attributes = true;
            } else if is_dropped || one.css == COMMENT {
                dropped = true;
            } else {
                self.keeping(&one, false);
                Self::accept(&one.css)?;
                found.push(one);
            }
        }
        if found.is_empty() {
            let why = if attributes && !dropped { why::ATTRIBUTE } else { why::DROPPED };
            return Ok(Account::Comment(why));
        }
        self.strips.push((join(&found), at));
        Ok(Account::Rule)
    }

    /// Checks selectors of elements.
    fn kept(&mut self, list: Vec<Selected>) -> Result<Vec<Selected>, Cause> {
        for one in &list {
            if one.css == COMMENT {
                return Err(Cause::NoElement);
            }
            self.keeping(one, true);
            Self::accept(&one.css)?;
        }
        Ok(list)
    }

    /// Notes which elements a selector needs that pages do not have otherwise.
    fn keeping(&mut self, one: &Selected, own: bool) {
        let own = one.name.iter().filter(|_| own);
        let css = |name: &&&str| is_named_in(&one.css, name);
        let named = one.on_the_way.iter().chain(own).map(String::as_str);
        let mut wanted: Vec<&'static str> = Vec::new();
        for name in named {
            wanted.extend(DROPPED.iter().filter(|dropped| **dropped == name));
        }
        wanted.extend(DROPPED.iter().filter(css));
        for name in wanted {
            if !self.keep.contains(&name) {
                self.keep.push(name);
            }
        }
        self.keep.sort_unstable();
    }

    /// Whether the language takes a selector.
    fn accept(css: &str) -> Result<(), Cause> {
        let kept: Vec<String> = DROPPED.iter().map(|name| (*name).to_owned()).collect();
        SelectorsBuilder::keeping(&kept)
            .add(css, Want::Text)
            .map(|_| ())
            .map_err(|message| Cause::Refused { message })
    }
}

/// Whether a selector names an element anywhere, such as in a list.
fn is_named_in(css: &str, name: &str) -> bool {
    let in_word = |c: char| {
        c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '#' | '\'' | '"' | '=' | '\\')
    };
    css.match_indices(name).any(|(at, _)| {
        let before = css.get(..at).and_then(|before| before.chars().next_back());
        let behind = css.get(at + name.len()..).and_then(|behind| behind.chars().next());
        before.is_none_or(|c| !in_word(c) && c != '[')
            && behind.is_none_or(|c| !in_word(c) || matches!(c, '.' | '#'))
            && css.get(..at).is_some_and(|before| before.matches(['\'', '"']).count() % 2 == 0)
    })
}

fn is_body(argument: &str) -> bool {
    argument.trim() == "body"
}

fn join(list: &[Selected]) -> String {
    let all: Vec<&str> = list.iter().map(|one| one.css.as_str()).collect();
    all.join(", ")
}

/// Pairs `find_string` with `replace_string`: one after another where there are as many of both,
/// as ftr does, else those that stand below one another.
fn pair(directives: &[Directive], parts: &mut Parts, accounts: &mut [Account]) {
    let alone = |key: &str| -> Vec<usize> {
        let all = directives.iter().enumerate();
        all.filter(|(_, d)| d.key == key && d.argument.is_none()).map(|(at, _)| at).collect()
    };
    let (finds, replaces) = (alone("find_string"), alone("replace_string"));
    let pairs: Vec<(usize, usize)> = if finds.len() == replaces.len() {
        finds.iter().copied().zip(replaces.iter().copied()).collect()
    } else {
        finds.iter().filter(|at| replaces.contains(&(*at + 1))).map(|at| (*at, at + 1)).collect()
    };
    let value = |at: usize| directives.get(at).map(|d| d.value.clone()).unwrap_or_default();
    let mut edits: Vec<(String, String, usize, usize)> =
        pairs.iter().map(|(find, with)| (value(*find), value(*with), *find, *with)).collect();
    for (at, directive) in directives.iter().enumerate() {
        if let ("replace_string", Some(find)) = (directive.key.as_str(), &directive.argument) {
            edits.push((find.clone(), directive.value.clone(), at, at));
        }
    }
    edits.sort_by_key(|(.., at)| *at);
    let mut done = Vec::new();
    for (find, with, one, other) in edits {
        let account = if find.is_empty() {
            Account::Comment(why::EMPTY)
        } else if parts.edits.len() >= MAX_EDITS {
            Account::Untranslated(Cause::TooMany)
        } else {
            parts.edits.push((find, with, [one, other]));
            Account::Rule
        };
        for at in [one, other] {
            done.push(at);
            if let Some(slot) = accounts.get_mut(at) {
                *slot = account.clone();
            }
        }
    }
    for at in finds.into_iter().chain(replaces).filter(|at| !done.contains(at)) {
        if let Some(slot) = accounts.get_mut(at) {
            *slot = Account::Untranslated(Cause::Unpaired);
        }
    }
}

/// The directives of ftr.
const KEYS: [&str; 41] = [
    "body",
    "title",
    "author",
    "date",
    "strip",
    "strip_attr",
    "post_strip_attr",
    "strip_id_or_class",
    "strip_image_src",
    "find_string",
    "replace_string",
    "move_into",
    "single_page_link",
    "single_page_link_in_feed",
    "next_page_link",
    "http_header",
    "login_uri",
    "login_username_field",
    "login_password_field",
    "login_extra_fields",
    "not_logged_in_xpath",
    "requires_login",
    "autodetect_next_page",
    "skip_next_page_fetch",
    "if_page_contains",
    "test_url",
    "test_contains",
    "tidy",
    "prune",
    "parser",
    "autodetect_on_failure",
    "skip_json_ld",
    "strip_comments",
    "footnotes",
    "skip_id_or_class",
    "dissolve",
    "wrap_in",
    "convert_double_br_tags",
    "insert_detected_image",
    "src_lazy_load_attr",
    "native_ad_clue",
];
