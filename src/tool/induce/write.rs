//! A draft as TOML, with the evidence of each rule as a comment above it.

use std::fmt::Write as _;

use super::{Draft, Proposal};

/// Words of an example that a comment shows.
const EXAMPLE_WORDS: usize = 8;

/// Characters of it at most.
const EXAMPLE_CHARS: usize = 60;

/// A TOML string: literal where it can be, so that patterns stay readable.
pub(super) fn quoted(text: &str) -> String {
    if !text.contains(['\'', '\n', '\r', '\t']) && !text.chars().any(char::is_control) {
        // Patterns in single quotes, as everywhere.
        let plain = text.bytes().all(|b| b != b'"' && b != b'\\') && !text.starts_with('^');
        return if plain { format!("\"{text}\"") } else { format!("'{text}'") };
    }
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            letter if letter.is_control() => {
                // Writing to a string cannot fail.
                write!(out, "\\u{:04X}", u32::from(letter)).unwrap_or_default();
            }
            letter => out.push(letter),
        }
    }
    out.push('"');
    out
}

/// A share in per cent, with one place: `1.3 %`.
pub(super) fn percent(part: usize, whole: usize) -> String {
    let tenths = (part * 1000 + whole / 2).checked_div(whole).unwrap_or(0);
    format!("{}.{} %", tenths / 10, tenths % 10)
}

/// A name as messages and comments show it.
pub(super) fn shown(name: &str) -> String {
    let plain: String = name.chars().filter(|letter| !letter.is_control()).collect();
    format!("`{plain}`")
}

/// The first words of a text, for a comment.
pub(super) fn example(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().take(EXAMPLE_WORDS + 1).collect();
    let shown = words.get(..EXAMPLE_WORDS.min(words.len())).unwrap_or_default().join(" ");
    let mut short: String = shown.chars().filter(|c| !c.is_control()).take(EXAMPLE_CHARS).collect();
    if words.len() > EXAMPLE_WORDS || short.len() < shown.len() {
        short.push('…');
    }
    format!("\"{}\"", short.replace('"', "'"))
}

/// The file, and where in it each proposal stands.
pub(super) fn render(draft: &Draft) -> (String, Vec<std::ops::Range<usize>>) {
    let mut out = String::new();
    for line in &draft.about {
        writeln!(out, "# {line}").unwrap_or_default();
    }
    out.push_str(&draft.head);
    let mut places = vec![0..0; draft.proposals.len()];
    let mut tables: Vec<&str> = Vec::new();
    for proposal in &draft.proposals {
        if !tables.contains(&proposal.table) {
            tables.push(proposal.table);
        }
    }
    for table in tables {
        writeln!(out, "\n[{table}]").unwrap_or_default();
        for (proposal, place) in draft.proposals.iter().zip(&mut places) {
            if proposal.table == table {
                let from = out.len();
                one(proposal, &mut out).unwrap_or_default();
                *place = from..out.len();
            }
        }
    }
    (out, places)
}

fn one(proposal: &Proposal, out: &mut String) -> std::fmt::Result {
    if !proposal.note.is_empty() {
        writeln!(out, "# {}", proposal.note)?;
    }
    writeln!(out, "{} = {}", proposal.name, proposal.value)
}
