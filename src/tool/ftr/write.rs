//! The parts of a profile become TOML, each rule beside the line that it comes from.

use std::fmt::Write as _;

use super::account::Account;
use super::config::Directive;
use super::profile::{Parts, Scope};
use super::value::{From, Way};
use crate::profile::cut::Cut;

/// Longest comment that repeats a line, in bytes.
const MAX_COMMENT_BYTES: usize = 1_000;

/// The TOML of a profile.
pub(super) fn toml(
    name: &str,
    scope: &Scope,
    parts: &Parts,
    accounts: &[(Directive, Account)],
) -> String {
    let mut out = Writer { text: String::new(), accounts };
    let summary = match scope {
        Scope::Host(host) => format!("{host}, imported from a site config"),
        Scope::Below(host) => format!("Hosts below {host}, imported from a site config"),
        Scope::Others => "Imported from a site config, for others to extend".to_owned(),
    };
    out.line(&format!("# From {}.", comment(name)));
    let kind = if *scope == Scope::Others { "platform" } else { "site" };
    out.line("schema  = 1");
    out.line(&format!("kind    = \"{kind}\""));
    out.line(&format!("summary = {}", string(&summary)));
    // Without a body of its own the classifier judges what the rules leave.
    if parts.body.is_empty() && *scope != Scope::Others {
        out.line("extends = \"generic-text\"");
    }
    out.notes();
    match scope {
        Scope::Host(host) => out.line(&format!("\n[[match]]\nhosts = [{}]", string(host))),
        Scope::Below(host) => {
            out.line(&format!("\n[[match]]\nhosts = [{}]\nsubdomains = \"only\"", string(host)));
        }
        Scope::Others => {}
    }
    prepare(&mut out, parts);
    body(&mut out, parts);
    fields(&mut out, parts);
    if !parts.strips.is_empty() {
        out.line("\n[strip.select]");
        for (css, at) in &parts.strips {
            let line = accounts.get(*at).map_or(0, |(directive, _)| directive.line);
            out.beside(&format!("line-{line} = {}", string(css)), *at);
        }
    }
    out.text
}

struct Writer<'a> {
    text: String,
    accounts: &'a [(Directive, Account)],
}

impl Writer<'_> {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// A line, and behind it the directive that it comes from.
    fn beside(&mut self, line: &str, at: usize) {
        let directive = self.accounts.get(at).map(|(directive, _)| comment(&directive.raw));
        self.line(&format!("{line}   # {}", directive.unwrap_or_default()));
    }

    /// The directives that are no rules.
    fn notes(&mut self) {
        let mut lost = Vec::new();
        let mut kept = Vec::new();
        for (directive, account) in self.accounts {
            let (number, raw) = (directive.line, comment(&directive.raw));
            match account {
                Account::Rule => {}
                Account::Comment(why) => kept.push(format!("#   line {number}: {raw}   ({why})")),
                Account::Untranslated(cause) => {
                    let cause = comment(&cause.to_string());
                    lost.push(format!("#   line {number}: {raw}   ({cause})"));
                }
            }
        }
        for (title, lines) in [("not translated", lost), ("without a meaning here", kept)] {
            if !lines.is_empty() {
                self.line(&format!("\n# {title}:"));
                for line in lines {
                    self.line(&line);
                }
            }
        }
    }
}

fn prepare(out: &mut Writer<'_>, parts: &Parts) {
    if parts.edits.is_empty() && parts.keep.is_empty() {
        return;
    }
    out.line("\n[prepare]");
    if !parts.keep.is_empty() {
        let names: Vec<String> = parts.keep.iter().map(|name| string(name)).collect();
        out.line(&format!("keep = [{}]", names.join(", ")));
    }
    if !parts.edits.is_empty() {
        out.line("replace = [");
        for (find, with, [one, other]) in &parts.edits {
            if one != other {
                out.beside(" ", *one);
            }
            let edit = format!("  {{ find = {}, with = {} }},", string(find), string(with));
            out.beside(&edit, *other);
        }
        out.line("]");
    }
}

fn body(out: &mut Writer<'_>, parts: &Parts) {
    if parts.body.is_empty() {
        return;
    }
    out.line("\n[split.article]\nbody = [");
    for (_, at) in &parts.moved {
        out.beside("  # in each of them:", *at);
    }
    for (css, at) in &parts.body {
        let moved = parts.moved.iter().map(|(css, _)| format!(", {css}"));
        let css = moved.fold(css.clone(), |all, one| all + &one);
        out.beside(&format!("  {},", string(&css)), *at);
    }
    out.line("]");
}

fn fields(out: &mut Writer<'_>, parts: &Parts) {
    if parts.fields.is_empty() {
        return;
    }
    out.line("\n[field]");
    for key in ["title", "author", "published"] {
        let own: Vec<_> = parts.fields.iter().filter(|(own, ..)| *own == key).collect();
        if own.is_empty() {
            continue;
        }
        out.line(&format!("{key} = ["));
        for (_, way, at) in own {
            out.beside(&format!("  {},", written(way)), *at);
        }
        out.line("]");
    }
}

fn written(way: &Way) -> String {
    let one = match &way.from {
        From::Const(text) => return format!("{{ const = {} }}", string(text)),
        From::Css(one) => one,
    };
    let attr = one.attr.as_ref().map(|name| format!(", attr = {}", string(name)));
    let steps: Vec<String> = way.cut.iter().map(step).collect();
    let cut = match steps.as_slice() {
        [] => String::new(),
        [one] => format!(", cut = {one}"),
        _ => format!(", cut = [{}]", steps.join(", ")),
    };
    format!("{{ css = {}{}{cut} }}", string(&one.css), attr.unwrap_or_default())
}

fn step(step: &Cut) -> String {
    match step {
        Cut::After(mark) => format!("{{ after = {} }}", string(mark)),
        Cut::Before(mark) => format!("{{ before = {} }}", string(mark)),
        Cut::Chars(from, to) => {
            let to = to.map(|to| to.to_string()).unwrap_or_default();
            format!("{{ chars = \"{from}..{to}\" }}")
        }
        Cut::Replace(what, with) => {
            format!("{{ replace = {}, with = {} }}", string(what), string(with))
        }
    }
}

/// A TOML string: as it is where it can be, else with escapes.
fn string(text: &str) -> String {
    let is_plain = |c: char| !c.is_control() && c != '\'';
    if text.contains(['"', '\\']) && text.chars().all(is_plain) {
        return format!("'{text}'");
    }
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            letter if letter.is_control() => {
                // Control characters lie below U+00A0.
                let code = u32::from(letter);
                write!(out, "\\u{code:04X}").unwrap_or_default();
            }
            letter => out.push(letter),
        }
    }
    out.push('"');
    out
}

/// Words that may stand in a comment.
fn comment(text: &str) -> String {
    let text = text.get(..text.floor_char_boundary(MAX_COMMENT_BYTES)).unwrap_or(text);
    text.replace(|c: char| c.is_control(), " ").trim().to_owned()
}
