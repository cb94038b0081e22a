//! A profile with all that it inherits, as text: each part with the file and line that it stands
//! at, and what was switched off on the way.
//!
//! Takes a chain of layers; gives [`Part`]s in the order in which rules are applied.

use std::fmt::Write as _;

use crate::profile::schema::{Layer, RuleKind};
use crate::profile::source::{self, Entry};

/// A place in a chain of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Number of the file in the chain; 0 is the profile itself.
    pub depth: usize,
    /// Byte of its text.
    pub byte: usize,
}

/// A part of a resolved profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// `strip.line`; `[match]` for a table in double brackets.
    pub table: String,
    /// Its key there.
    pub name: String,
    /// Its value as TOML.
    pub text: String,
    /// Where it stands.
    pub place: Place,
    /// Where the one that it replaces stands.
    pub replaces: Option<Place>,
    /// Where it is switched off.
    pub off: Option<Place>,
}

impl Part {
    /// `strip.line.share`.
    pub fn key(&self) -> String {
        if self.table.is_empty() {
            self.name.clone()
        } else {
            format!("{}.{}", self.table, self.name)
        }
    }

    /// Whether it is a rule, of whatever kind.
    pub fn is_rule(&self) -> bool {
        self.table.starts_with("strip.") || self.table.starts_with("keep.")
    }
}

/// What replaces what: parts of one group go together.
#[derive(PartialEq, Eq)]
enum Group {
    /// Holds for its own file alone.
    Own,
    TextSplit,
    PageSplit,
    /// By table and name.
    Name,
}

fn group(table: &str, name: &str) -> Group {
    let is = |prefix: &str| table == prefix || table.starts_with(&format!("{prefix}."));
    match table {
        "" if !matches!(name, "dates" | "split") => Group::Own,
        "[match]" | "[variant]" => Group::Own,
        _ if is("split.thread.text") || is("split.digest") || is("split.stream") => {
            Group::TextSplit
        }
        _ if is("split.thread") || is("split.article") => Group::PageSplit,
        _ => Group::Name,
    }
}

/// The parts of a profile and its parents, nearest file first in `chain`.
pub fn resolve(chain: &[&Layer]) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for (depth, layer) in chain.iter().enumerate().rev() {
        let entries = source::entries(&layer.file);
        for split in [Group::TextSplit, Group::PageSplit] {
            let is_off = |it: &Entry| it.table.is_empty() && it.name == "split";
            let is = |it: &Entry| group(&it.table, &it.name) == split || is_off(it);
            if let Some(by) = entries.iter().find(|it| is(it)) {
                let off = Place { depth, byte: by.span.start };
                for part in &mut parts {
                    if group(&part.table, &part.name) == split {
                        part.off.get_or_insert(off);
                    }
                }
            }
        }
        for entry in entries {
            lay(&mut parts, Place { depth, byte: entry.span.start }, entry);
        }
    }
    parts.sort_by_key(|part| (rank(part), part.place.depth, part.place.byte));
    parts
}

fn lay(parts: &mut Vec<Part>, place: Place, entry: Entry) {
    let Entry { table, name, mut text, ways, .. } = entry;
    let same = |part: &Part| part.off.is_none() && part.table == table && part.name == name;
    let group = group(&table, &name);
    if table.is_empty() && name == "split" {
        return;
    }
    if group == Group::Own {
        // Of a parent only what it is built on says anything, and that is the chain.
        if place.depth == 0 {
            parts.push(Part { table, name, text, place, replaces: None, off: None });
        }
        return;
    }
    let below = parts.iter().position(same);
    let is_rule = table.starts_with("strip.") || table.starts_with("keep.");
    if is_rule && text == "false" {
        if let Some(part) = below.and_then(|below| parts.get_mut(below)) {
            part.off = Some(place);
        }
        return;
    }
    let below = below.map(|below| parts.remove(below));
    if ways.iter().any(|way| is_inherit(way)) {
        let inherited = below.as_ref().map_or("", |part| inner(&part.text));
        let ways = ways.iter().map(|way| if is_inherit(way) { inherited } else { way.as_str() });
        let ways: Vec<&str> = ways.filter(|way| !way.is_empty()).collect();
        text = format!("[{}]", ways.join(", "));
    }
    let replaces = below.map(|part| part.place);
    parts.push(Part { table, name, text, place, replaces, off: None });
}

fn is_inherit(way: &str) -> bool {
    let plain: String = way.split_whitespace().collect();
    plain == "{inherit=true}" || plain == "{inherit=true,}"
}

/// What stands between the brackets of an array.
fn inner(text: &str) -> &str {
    let text = text.trim();
    let inner = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    inner.unwrap_or(text).trim().trim_end_matches(',')
}

/// The order of tables.
fn rank(part: &Part) -> (usize, usize) {
    let order = ["", "[match]", "field", "piece", "split", "guard", "keep", "strip"];
    let top = part.table.split('.').next().unwrap_or_default();
    let rank = order.iter().position(|name| *name == top);
    let kind = part.table.split('.').nth(1).unwrap_or_default();
    let of_split = ["thread", "article", "digest", "stream"];
    let kind = match top {
        // `post` and `body` stand above `[split.thread.text]`, or they would stand in it.
        "split" => of_split
            .iter()
            .position(|name| *name == kind)
            .map(|place| place * 3 + part.table.matches('.').count()),
        _ => RuleKind::ALL.iter().position(|known| known.name() == kind),
    };
    // Variants, and what is not known here, stand last.
    (rank.unwrap_or(order.len()), kind.unwrap_or(0))
}

/// The resolved profile as TOML, with the place of each part above it, and what is switched off as
/// comments.
pub fn show(chain: &[&Layer], parts: &[Part]) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    write_all(chain, parts, &mut out).unwrap_or_default();
    out
}

/// `file:line` of a place.
pub fn line(chain: &[&Layer], place: Place) -> String {
    chain.get(place.depth).map(|layer| layer.file.line(place.byte)).unwrap_or_default()
}

fn write_all(chain: &[&Layer], parts: &[Part], out: &mut String) -> std::fmt::Result {
    for (depth, layer) in chain.iter().enumerate() {
        let word = if depth == 0 { "is" } else { "extends" };
        writeln!(out, "# {word:<8}{} ({})", layer.file.path, layer.file.origin.name())?;
    }
    let mut table = "";
    for part in parts {
        if part.table.starts_with('[') {
            writeln!(out, "\n# {}\n[{}]", line(chain, part.place), part.table)?;
            out.push_str(&part.text);
            continue;
        }
        if part.table != table {
            writeln!(out, "\n[{}]", part.table)?;
            table = &part.table;
        }
        if table.is_empty() {
            if part.name != "extends" {
                writeln!(out, "{} = {}", part.name, part.text)?;
            }
            continue;
        }
        write!(out, "# {}", line(chain, part.place))?;
        if let Some(place) = part.replaces {
            write!(out, ", in place of {}", line(chain, place))?;
        }
        if let Some(place) = part.off {
            writeln!(out, ", off by {}", line(chain, place))?;
            for line in format!("{} = {}", part.name, part.text).lines() {
                writeln!(out, "#   {line}")?;
            }
            continue;
        }
        writeln!(out, "\n{} = {}", part.name, part.text)?;
    }
    Ok(())
}
