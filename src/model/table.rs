//! A table of data in the text of a record.

use std::ops::Range;

/// A table: rows of cells, in reading order. Rows without a word are left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
    /// How many rows at the top are heads of columns.
    pub heads: usize,
    /// Where it stands in the record's text, in bytes.
    pub place: Range<usize>,
}

/// A cell of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cell {
    /// Its words; empty where it has none.
    pub text: String,
    /// Whether it is the head of a column or row.
    pub is_head: bool,
    /// Columns that it covers, at least 1.
    pub columns: u16,
    /// Rows that it covers, at least 1.
    pub rows: u16,
}

impl Table {
    /// The cell that begins at each place of the grid, row by row; `None` where another one reaches
    /// over it, or where there is none. All rows have the same length.
    pub fn grid(&self) -> Vec<Vec<Option<&Cell>>> {
        let mut grid: Vec<Vec<Option<&Cell>>> = Vec::with_capacity(self.rows.len());
        // How many rows below are still covered from above, by column.
        let mut covered: Vec<u16> = Vec::new();
        for row in &self.rows {
            let mut line: Vec<Option<&Cell>> = Vec::new();
            let mut cells = row.iter();
            loop {
                if let Some(rows) = covered.get_mut(line.len()).filter(|rows| **rows > 0) {
                    *rows -= 1;
                    line.push(None);
                    continue;
                }
                let Some(cell) = cells.next() else {
                    if line.len() >= covered.len() {
                        break;
                    }
                    line.push(None);
                    continue;
                };
                for column in 0..cell.columns.max(1) {
                    let at = line.len();
                    if covered.len() <= at {
                        covered.resize(at + 1, 0);
                    }
                    if let Some(rows) = covered.get_mut(at) {
                        *rows = (*rows).max(cell.rows.saturating_sub(1));
                    }
                    line.push((column == 0).then_some(cell));
                }
            }
            grid.push(line);
        }
        for line in &mut grid {
            line.resize(covered.len(), None);
        }
        grid
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(text: &str, columns: u16, rows: u16) -> Cell {
        Cell { text: text.to_owned(), is_head: false, columns, rows }
    }

    #[test]
    fn cells_that_reach_over_others_leave_no_cell_there() {
        let rows = vec![
            vec![cell("a", 1, 2), cell("b", 2, 1)],
            vec![cell("c", 1, 1)],
            vec![cell("d", 1, 1), cell("e", 1, 1), cell("f", 1, 1), cell("g", 1, 1)],
        ];
        let table = Table { rows, ..Table::default() };
        let shown: Vec<String> = table
            .grid()
            .iter()
            .map(|row| row.iter().map(|cell| cell.map_or("-", |cell| &cell.text)).collect())
            .collect();
        assert_eq!(shown, ["ab--", "-c--", "defg"]);
    }
}
