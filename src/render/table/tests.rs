use super::*;
use crate::model::table::Cell;

fn cell(text: &str) -> Cell {
    let (text, spans) = text.split_once('@').unwrap_or((text, "1x1"));
    let (columns, rows) = spans.split_once('x').unwrap();
    let (columns, rows) = (columns.parse().unwrap(), rows.parse().unwrap());
    Cell { text: text.to_owned(), is_head: false, columns, rows }
}

fn table(heads: usize, rows: &[&[&str]]) -> Table {
    let rows = rows.iter().map(|row| row.iter().map(|text| cell(text)).collect()).collect();
    Table { rows, heads, place: 0..0 }
}

fn check(table: &Table, expected: Option<&str>) {
    let set = columns(table, &mut MAX_MARKUP_BYTES.clone());
    assert_eq!(set.as_deref(), expected.map(|text| text.trim_matches('\n')), "{table:?}");
}

#[test]
fn columns_stand_below_one_another() {
    check(
        &table(1, &[&["Berth", "Length"], &["North quay", "12 m"], &["South", "9 m & <b> *more*"]]),
        Some(
            "
Berth      | Length
-----------|------------------
North quay | 12 m
South      | 9 m & <b> *more*
",
        ),
    );
}

#[test]
fn empty_cells_keep_their_place_and_heads_are_not_made_up() {
    check(
        &table(0, &[&["Mon", "", "7 am"], &["Tue", "6 am", ""]]),
        Some(
            "
Mon |      | 7 am
Tue | 6 am |
",
        ),
    );
}

#[test]
fn cells_reach_over_columns_and_rows() {
    check(
        &table(1, &[&["Boat", "Days@2x1"], &["Tern@1x2", "Mon", "Tue"], &["Wed", "Thu"]]),
        Some(
            "
Boat | Days
-----|-----|-----
Tern | Mon | Tue
     | Wed | Thu
",
        ),
    );
}

#[test]
fn what_does_not_fit_stays_in_rows() {
    let long = "a word and another one ".repeat(6);
    check(&table(0, &[&["a", &long], &["b", "c"]]), None);
    check(&table(0, &[&["a", "b │ c"], &["b", "c"]]), None);
    // Wide letters take two columns each, so that the table has to be folded.
    check(&table(0, &[&["a", &"漁".repeat(70)], &["b", "c"]]), None);
    let big: Vec<Vec<String>> =
        (0..2_000).map(|row| (0..3).map(|column| format!("{row} {column}")).collect()).collect();
    let rows: Vec<Vec<&str>> =
        big.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
    let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
    check(&table(0, &rows), None);
}

#[test]
fn odd_spans_neither_panic_nor_lose_words() {
    for spans in ["1000x1", "1x1000", "1000x1000", "2x3", "3x2"] {
        for place in 0..4 {
            let mut texts = ["a", "b", "c", "d"].map(str::to_owned);
            texts[place].push('@');
            texts[place].push_str(spans);
            let table = table(0, &[&[&texts[0], &texts[1]], &[&texts[2], &texts[3]], &["e", "f"]]);
            if let Some(set) = columns(&table, &mut MAX_MARKUP_BYTES.clone()) {
                let letters: String = set.chars().filter(char::is_ascii_alphabetic).collect();
                assert_eq!(letters, "abcdef", "{spans} {place}");
            }
        }
    }
}
