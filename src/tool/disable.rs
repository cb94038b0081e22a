//! Switches an inherited rule off, in the user's own file of that profile.
//!
//! Takes the layers of all files; gives the text of the file to write. Loses nothing that the user
//! wrote: a rule that stands in the user's own file is left alone.

use toml_edit::{DocumentMut, Item, Table, value};

use super::resolve::{self, Part};
use crate::profile::fault::{Fault, Origin, nearest};
use crate::profile::schema::{Layer, ProfileKind, SCHEMA};
use crate::profile::stack::Stack;

/// Why a rule is not switched off.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "the message of each variant says what it means")]
pub enum DisableError {
    #[error("there is no profile `{id}`{}", hint(.nearest.as_deref()))]
    UnknownProfile { id: String, nearest: Option<String> },
    #[error("`{rule}` is no rule of `{id}` or its parents{}", hint(.nearest.as_deref()))]
    UnknownRule { rule: String, id: String, nearest: Option<String> },
    #[error("`{rule}` names several rules; say which: {}", .found.join(", "))]
    Ambiguous { rule: String, found: Vec<String> },
    #[error("`{rule}` stands in your own file, {place}; delete it there{}", in_place(.inherited.as_deref()))]
    OwnRule { rule: String, place: String, inherited: Option<String> },
    #[error("{path} cannot be changed: {message}")]
    Unwritable { path: String, message: String },
    #[error("the parents of `{id}` cannot be found")]
    Chain { id: String, fault: Box<Fault> },
}

fn hint(nearest: Option<&str>) -> String {
    nearest.map_or_else(
        || "; `copydesk profile show --resolved ID` shows all rules".to_owned(),
        |near| format!("; did you mean `{near}`?"),
    )
}

fn in_place(inherited: Option<&str>) -> String {
    inherited.map_or_else(String::new, |parent| {
        format!(", or write `false` in its place: without it the rule of {parent} acts")
    })
}

/// What is to be done.
#[derive(Debug, PartialEq, Eq)]
pub enum Plan {
    /// Nothing: it is off.
    Off {
        /// The rule.
        rule: String,
        /// Where that is written.
        place: String,
    },
    /// Write the user's file.
    Write {
        /// The rule.
        rule: String,
        /// Where it stands.
        place: String,
        /// The user's file; `None` where there is none yet.
        path: Option<String>,
        /// Its new text.
        text: String,
    },
}

/// Plans how to switch a rule off. It is named by its key (`strip.line.share`), with the profile in
/// front (`invision/strip.line.share`), or by as much of its end as tells it from all others.
///
/// # Errors
/// No such profile or rule, or a rule of the user's own.
pub fn plan(stack: &Stack, id: &str, rule: &str) -> Result<Plan, DisableError> {
    let same = stack.same(id);
    let Some(layer) = same.first().copied() else {
        let nearest = nearest(id, stack.ids());
        return Err(DisableError::UnknownProfile { id: id.to_owned(), nearest });
    };
    let chain = stack
        .chain(layer)
        .map_err(|fault| DisableError::Chain { id: id.to_owned(), fault: Box::new(fault) })?;
    let parts = resolve::resolve(&chain);
    let part = wanted(&parts, id, rule)?;
    let key = part.key();
    if let Some(off) = part.off {
        return Ok(Plan::Off { rule: key, place: resolve::line(&chain, off) });
    }
    let own = (layer.file.origin == Origin::User).then_some(layer);
    let place = resolve::line(&chain, part.place);
    if own.is_some() && part.place.depth == 0 {
        let inherited = part.replaces.map(|place| resolve::line(&chain, place));
        return Err(DisableError::OwnRule { rule: key, place, inherited });
    }
    let text = own.map_or_else(|| overlay(layer), |own| own.file.text.clone());
    let path = own.map(|own| own.file.path.clone());
    let text = switch_off(&text, part).map_err(|message| DisableError::Unwritable {
        path: path.clone().unwrap_or_else(|| format!("{id}.toml")),
        message,
    })?;
    Ok(Plan::Write { rule: key, place, path, text })
}

fn wanted<'p>(parts: &'p [Part], id: &str, rule: &str) -> Result<&'p Part, DisableError> {
    let name = rule.rsplit('/').next().unwrap_or(rule);
    let is = |part: &&Part| {
        let key = part.key();
        part.is_rule() && (key == name || key.ends_with(&format!(".{name}")))
    };
    // A rule that is off and has come back stands in the list twice.
    let mut found: Vec<&Part> = Vec::new();
    for part in parts.iter().filter(is) {
        match found.iter_mut().find(|other| other.key() == part.key()) {
            Some(other) if other.off.is_some() => *other = part,
            Some(_) => {}
            None => found.push(part),
        }
    }
    match found.as_slice() {
        [one] => Ok(one),
        [] => {
            let keys: Vec<String> = parts.iter().filter(|it| it.is_rule()).map(Part::key).collect();
            let short = |key: &String| {
                if name.contains('.') {
                    key.clone()
                } else {
                    key.rsplit('.').next().unwrap_or(key).to_owned()
                }
            };
            let known: Vec<String> = keys.iter().map(short).collect();
            let nearest = nearest(name, known.iter().map(String::as_str));
            Err(DisableError::UnknownRule { rule: rule.to_owned(), id: id.to_owned(), nearest })
        }
        several => Err(DisableError::Ambiguous {
            rule: rule.to_owned(),
            found: several.iter().map(|part| part.key()).collect(),
        }),
    }
}

/// The text of a file that extends the one that it hides. What is not inherited is carried over.
fn overlay(hidden: &Layer) -> String {
    let parts = resolve::resolve(&[hidden]);
    let own = |table: &'static str| parts.iter().filter(move |part| part.table == table);
    let kind = match hidden.kind {
        ProfileKind::Platform => "platform",
        ProfileKind::Site => "site",
    };
    let mut text = format!(
        "# Laid over {}: what is not said here is inherited.\nschema  = {SCHEMA}\nkind    = \"{kind}\"\n",
        hidden.file.path
    );
    for key in ["summary", "checked", "draft"] {
        for part in own("").filter(|part| part.name == key) {
            text.extend([key, " = ", &part.text, "\n"]);
        }
    }
    text.extend(["extends = \"", &hidden.id, "\"\n"]);
    let tables: Vec<&Part> = own("[match]").chain(own("[variant]")).collect();
    if !tables.is_empty() {
        text.push_str("\n# Not inherited, so repeated.\n");
    }
    for part in tables {
        text.extend(["[", &part.table, "]\n", &part.text]);
    }
    text
}

/// Adds `name = false` and leaves all else as it is.
fn switch_off(text: &str, part: &Part) -> Result<String, String> {
    let mut document: DocumentMut = text.parse().map_err(|error| format!("{error}"))?;
    let (verb, kind) = part.table.split_once('.').unwrap_or((&part.table, ""));
    let not_a_table = || format!("`{}` is no table there", part.table);
    let outer = document.entry(verb).or_insert_with(|| {
        let mut table = Table::new();
        table.set_implicit(true);
        Item::Table(table)
    });
    let outer = outer.as_table_like_mut().ok_or_else(not_a_table)?;
    if !outer.contains_key(kind) {
        outer.insert(kind, Item::Table(Table::new()));
    }
    let rules = outer.get_mut(kind).and_then(Item::as_table_like_mut).ok_or_else(not_a_table)?;
    rules.insert(part.name.trim_matches('"'), value(false));
    let text_after = document.to_string();
    // The writer ends lines with a line feed alone.
    let is_crlf = text.contains("\r\n") && !text_after.contains("\r\n");
    Ok(if is_crlf { text_after.replace('\n', "\r\n") } else { text_after })
}
