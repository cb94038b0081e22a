//! Tables of data in what a piece keeps.
//!
//! Takes a document and the blocks that are kept; gives the tables among them. A table holds data
//! where each cell is one line and each row has several: what lays out a page has paragraphs,
//! lists or tables in its cells, or one cell to a row.

use crate::model::document::{Block, BlockKind, Document, Glue, Markup, Part, PartKind, place};
use crate::model::table::{Cell, Table};

/// Most rows and cells of a table for each block of it that is kept: where next to nothing of a
/// table is kept, such as one post of a thread in a table, it is not looked at for each post.
const MAX_PARTS_PER_BLOCK: usize = 16;

/// Most columns of a table.
const MAX_COLUMNS: usize = 64;

/// How many elements may stand between the text of a cell and the cell: `<td><div><p>`.
const MAX_CLIMB: usize = 3;

/// Most words of a cell: what is longer is a text that a table lays out.
const MAX_CELL_WORDS: usize = 40;

/// A table and the blocks that it is made of.
#[derive(Debug)]
pub(super) struct Found {
    /// The first block.
    pub(super) first: usize,
    /// The last block.
    pub(super) last: usize,
    /// The table; its place is not known yet.
    pub(super) table: Table,
}

/// The tables among some kept blocks, which stand in order.
pub(super) fn find(document: &Document, kept: &[usize]) -> Vec<Found> {
    let Some(markup) = &document.markup else { return Vec::new() };
    let mut found = Vec::new();
    let mut seen: Vec<u32> = Vec::new();
    let mut rest = kept;
    while let Some((index, behind)) = rest.split_first() {
        rest = behind;
        let Some(number) = cell_of(markup, *index).and_then(|cell| table_of(markup, cell)) else {
            continue;
        };
        let Some(whole) = markup.containers.get(number as usize) else { continue };
        // A table that is left and come back to holds others: it was looked at before.
        if seen.last().is_some_and(|last| number <= *last) {
            continue;
        }
        seen.push(number);
        let inside = |at: &usize| {
            let own = markup.traits.get(*at).map_or(0, |traits| traits.container);
            number < own && own < whole.end
        };
        let length = 1 + behind.iter().take_while(|at| inside(at)).count();
        let from = kept.len() - behind.len() - 1;
        let blocks = kept.get(from..from + length).unwrap_or_default();
        if let Some(table) = read(document, markup, number, blocks) {
            rest = kept.get(from + length..).unwrap_or_default();
            let last = blocks.last().copied().unwrap_or(*index);
            found.push(Found { first: *index, last, table });
        }
    }
    found
}

/// What a container is to a table.
fn part(markup: &Markup, container: u32) -> Option<Part> {
    let place = markup.parts.binary_search_by_key(&container, |part| part.container).ok()?;
    markup.parts.get(place).copied()
}

/// The cell that a block stands in.
fn cell_of(markup: &Markup, index: usize) -> Option<u32> {
    let traits = markup.traits.get(index)?;
    if traits.places & (place::TABLE | place::CELL) != place::TABLE | place::CELL {
        return None;
    }
    let is_cell = |kind| matches!(kind, PartKind::Cell | PartKind::HeadCell);
    climb(markup, traits.container, MAX_CLIMB, is_cell)
}

/// The table that a cell stands in.
fn table_of(markup: &Markup, cell: u32) -> Option<u32> {
    let row = markup.containers.get(cell as usize)?.parent;
    // `<table><tbody><tr>`.
    climb(markup, row, 2, |kind| kind == PartKind::Table)
}

/// The nearest container that is such a part, from one outwards, so many steps at most.
fn climb(markup: &Markup, from: u32, steps: usize, is: impl Fn(PartKind) -> bool) -> Option<u32> {
    let mut at = from;
    for _ in 0..=steps {
        if part(markup, at).is_some_and(|part| is(part.kind)) {
            return Some(at);
        }
        at = markup.containers.get(at as usize)?.parent;
    }
    None
}

/// Reads a table. `None` where it is none of data.
fn read(document: &Document, markup: &Markup, number: u32, blocks: &[usize]) -> Option<Table> {
    let mut cells: Vec<(u32, Cell)> = Vec::new();
    // Where each row begins in the list of cells, and whether it stands in the table's head.
    let mut rows: Vec<(usize, bool)> = Vec::new();
    let (mut row, mut head_end) = (u32::MAX, 0);
    let end = markup.containers.get(number as usize)?.end;
    let first = markup.parts.partition_point(|part| part.container <= number);
    let behind = markup.parts.partition_point(|part| part.container < end);
    let parts = markup.parts.get(first..behind)?;
    if parts.len() > MAX_PARTS_PER_BLOCK * blocks.len() {
        return None;
    }
    for part in parts {
        let container = markup.containers.get(part.container as usize)?;
        match part.kind {
            PartKind::Table => return None,
            PartKind::Head => head_end = container.end,
            PartKind::Row => {
                row = part.container;
                rows.push((cells.len(), row < head_end));
            }
            PartKind::Cell | PartKind::HeadCell if container.parent != row => return None,
            PartKind::Cell | PartKind::HeadCell => {
                let is_head = part.kind == PartKind::HeadCell;
                let (columns, rows) = (part.columns, part.rows);
                let cell = Cell { text: String::new(), is_head, columns, rows };
                cells.push((part.container, cell));
            }
        }
    }
    for index in blocks {
        let block = document.blocks.get(*index)?;
        let cell = cell_of(markup, *index)?;
        let place = cells.binary_search_by_key(&cell, |(number, _)| *number).ok()?;
        let (_, cell) = cells.get_mut(place)?;
        put(cell, block, document.block_text(*index))?;
    }
    let mut list: Vec<Vec<Cell>> = Vec::new();
    let mut heads = 0;
    let mut cells = cells.into_iter().map(|(_, cell)| cell);
    for (at, (start, in_head)) in rows.iter().enumerate() {
        let length = rows.get(at + 1).map(|(next, _)| next - start);
        let row: Vec<Cell> = cells.by_ref().take(length.unwrap_or(usize::MAX)).collect();
        if row.iter().all(|cell| cell.text.is_empty()) {
            // A cell from above that reaches over this row reaches over one less.
            shorten(&mut list);
            continue;
        }
        let is_head = *in_head || row.iter().all(|cell| cell.is_head);
        if is_head && heads == list.len() {
            heads += 1;
        }
        list.push(row);
    }
    without_empty_columns(&mut list);
    let full = |row: &&Vec<Cell>| row.iter().filter(|cell| !cell.text.is_empty()).count() >= 2;
    let is_data =
        list.len() >= 2 && list.iter().filter(full).count() * 2 > list.len() && is_narrow(&list);
    is_data.then(|| Table { heads: heads.min(list.len() - 1), rows: list, place: 0..0 })
}

/// Adds a block to its cell. `None` where the cell is more than one line.
fn put(cell: &mut Cell, block: &Block, text: &str) -> Option<()> {
    if block.kind != BlockKind::Paragraph || block.words as usize > MAX_CELL_WORDS {
        return None;
    }
    if !cell.text.is_empty() {
        match block.glue {
            Glue::Tight => {}
            Glue::Space => cell.text.push(' '),
            Glue::Cell | Glue::Line | Glue::Paragraph => return None,
        }
    }
    cell.text.push_str(text);
    Some(())
}

/// Takes a row that is left out from the reach of the cells of the last row.
fn shorten(rows: &mut [Vec<Cell>]) {
    for cell in rows.last_mut().into_iter().flatten() {
        cell.rows = cell.rows.saturating_sub(1).max(1);
    }
}

/// Whether no row has more columns than a table may have, those covered from above counted.
fn is_narrow(rows: &[Vec<Cell>]) -> bool {
    // Cells from above that still reach down: so many rows, so many columns.
    let mut reaching: Vec<(u16, u16)> = Vec::new();
    for row in rows {
        let own: usize = row.iter().map(|cell| usize::from(cell.columns)).sum();
        let above: usize = reaching.iter().map(|(_, columns)| usize::from(*columns)).sum();
        if own + above > MAX_COLUMNS {
            return false;
        }
        for (rows, _) in &mut reaching {
            *rows -= 1;
        }
        reaching.extend(row.iter().map(|cell| (cell.rows.saturating_sub(1), cell.columns)));
        reaching.retain(|(rows, _)| *rows > 0);
    }
    true
}

/// Drops columns without a word, where each cell is in one row and column.
fn without_empty_columns(rows: &mut [Vec<Cell>]) {
    if rows.iter().flatten().any(|cell| cell.columns > 1 || cell.rows > 1) {
        return;
    }
    let most = rows.iter().map(Vec::len).max().unwrap_or(0);
    let mut used = vec![false; most];
    for row in rows.iter() {
        for (slot, cell) in used.iter_mut().zip(row) {
            *slot |= !cell.text.is_empty();
        }
    }
    for row in rows {
        let mut at = used.iter();
        row.retain(|_| at.next().is_some_and(|used| *used));
    }
}
