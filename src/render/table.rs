//! Tables of data in columns.
//!
//! Takes records whose tables stand in their text as rows, cells apart by ` | `; sets those that
//! fit in columns, with a rule below the heads. The words and their order stay the same: a table
//! that does not fit stays in rows. `html2text` knows how cells over several rows and columns lie;
//! it sees nothing but the cells of one table, as markup of our own.

use std::fmt::Write as _;

use html2text::config::{self, Config};
use html2text::render::TrivialDecorator;

use crate::model::record::Record;
use crate::model::table::Table;

/// Widest table, in columns of a terminal. Wider ones would have to be folded, which puts the
/// words of neighbouring cells between one another.
const MAX_WIDTH: usize = 120;

/// Most markup of all tables of a capture that are set in columns, in bytes. It takes about 0.3 µs a
/// byte, many times as long as the page itself.
const MAX_MARKUP_BYTES: usize = 12 * 1024;

/// Most bytes of a cell without its words: tags, two spaces, `colspan`, `rowspan`.
const CELL_MARKUP_BYTES: usize = 16;

/// Letters of frames. A cell that holds one would be taken for a part of the frame.
const FRAME: [char; 11] = ['─', '│', '┬', '┴', '┼', '├', '┤', '┌', '┐', '└', '┘'];

/// Sets the tables of a capture's records in columns.
pub fn lay_out(records: &mut [Record]) {
    let mut left = MAX_MARKUP_BYTES;
    for record in records.iter_mut().filter(|record| !record.tables.is_empty()) {
        let mut text = String::with_capacity(record.text.len() * 9 / 8);
        let mut done = 0;
        for table in &mut record.tables {
            text.push_str(record.text.get(done..table.place.start).unwrap_or_default());
            done = table.place.end;
            let from = text.len();
            match columns(table, &mut left) {
                Some(set) => text.push_str(&set),
                None => text.push_str(record.text.get(table.place.clone()).unwrap_or_default()),
            }
            table.place = from..text.len();
        }
        text.push_str(record.text.get(done..).unwrap_or_default());
        record.text = text;
    }
}

/// A table in columns. `None` where it does not fit.
fn columns(table: &Table, left: &mut usize) -> Option<String> {
    let cells = || table.rows.iter().flatten();
    let bytes = cells().map(|cell| cell.text.len() + CELL_MARKUP_BYTES).sum();
    if width(table) > MAX_WIDTH || cells().any(|cell| cell.text.contains(FRAME)) {
        return None;
    }
    *left = left.checked_sub(bytes)?;
    let markup = markup(table, bytes);
    let config: Config<TrivialDecorator> = config::with_decorator(TrivialDecorator::new());
    // It indexes without looking: its faults must not become ours.
    let set = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        config.string_from_read(markup.as_bytes(), MAX_WIDTH)
    }));
    trimmed(table, &set.ok()?.ok()?)
}

/// The columns that a table takes at least, by its letters.
fn width(table: &Table) -> usize {
    let mut widths: Vec<usize> = Vec::new();
    for row in table.grid() {
        widths.resize(widths.len().max(row.len()), 0);
        for (width, cell) in widths.iter_mut().zip(row) {
            let own = cell.filter(|cell| cell.columns == 1);
            *width = (*width).max(own.map_or(0, |cell| cell.text.chars().count()));
        }
    }
    widths.iter().map(|width| width + 3).sum()
}

/// The table as markup. Cells have a no-break space on each side, so that no word touches the frame.
fn markup(table: &Table, bytes: usize) -> String {
    let mut markup = String::with_capacity(bytes * 2);
    markup.push_str("<table>");
    for (number, row) in table.grid().iter().enumerate() {
        markup.push_str("<tr>");
        for (place, cell) in row.iter().enumerate() {
            let Some(cell) = cell else { continue };
            markup.push_str("<td");
            if cell.columns > 1 {
                write!(markup, " colspan={}", cell.columns).unwrap_or_default();
            }
            // A cell reaches down no further than the table.
            let rows = usize::from(cell.rows).min(table.rows.len() - number);
            if rows > 1 {
                write!(markup, " rowspan={rows}").unwrap_or_default();
            }
            markup.push_str(if place > 0 { ">&nbsp;" } else { ">" });
            for letter in cell.text.chars() {
                match letter {
                    '&' => markup.push_str("&amp;"),
                    '<' => markup.push_str("&lt;"),
                    _ => markup.push(letter),
                }
            }
            markup.push_str("&nbsp;");
        }
    }
    markup.push_str("</table>");
    markup
}

/// The lines of a table without their frame, but for a rule below the heads. `None` where a row is
/// not one line, or words are missing.
fn trimmed(table: &Table, set: &str) -> Option<String> {
    let mut text = String::with_capacity(set.len());
    let mut rows = 0;
    for line in set.lines() {
        if line.chars().all(|letter| letter == ' ' || FRAME.contains(&letter)) {
            if rows == table.heads && rows > 0 {
                let rule = |letter| match letter {
                    '─' => '-',
                    ' ' => ' ',
                    _ => '|',
                };
                text.extend(line.chars().map(rule));
                text.push('\n');
            }
            continue;
        }
        let from = text.len();
        text.extend(line.chars().map(|letter| match letter {
            '│' => '|',
            '\u{a0}' => ' ',
            _ => letter,
        }));
        let end = text.trim_end().len().max(from);
        text.truncate(end);
        text.push('\n');
        rows += 1;
    }
    let letters = |text: &str| -> String {
        text.chars().filter(|c| !c.is_whitespace() && *c != '│' && *c != '\u{a0}').collect()
    };
    let words: String = table.rows.iter().flatten().map(|cell| letters(&cell.text)).collect();
    let shown: String = set
        .lines()
        .filter(|line| !line.chars().all(|c| c == ' ' || FRAME.contains(&c)))
        .map(|line| letters(&line.replace(FRAME, "")))
        .collect();
    text.truncate(text.trim_end().len());
    (rows == table.rows.len() && words == shown).then_some(text)
}

#[cfg(test)]
mod tests;
