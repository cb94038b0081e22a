//! What must hold of the tables of names.

use std::collections::BTreeMap;

use super::{entries, shapes};
use crate::annotate::date::names;

/// A table row must have a group for every month, weekday or unit, or words get the wrong number.
#[test]
fn tables_are_complete() {
    for (rows, groups) in shapes() {
        for row in rows {
            assert_eq!(row.split('|').count(), groups, "{row}");
        }
    }
}

/// Two meanings of one word are a decision: they are listed here.
#[test]
fn words_with_two_meanings_are_known() {
    let mut meanings: BTreeMap<String, Vec<names::Word>> = BTreeMap::new();
    for (word, meaning) in entries() {
        let known = meanings.entry(names::folded(word)).or_default();
        // Whether a unit is singular is no other meaning.
        let plain = |word| match word {
            names::Word::Unit(unit, _) => names::Word::Unit(unit, true),
            other => other,
        };
        if !known.iter().any(|&other| plain(other) == plain(meaning)) {
            known.push(meaning);
        }
    }
    let double: Vec<_> = meanings
        .iter()
        .filter(|(_, known)| known.len() > 1)
        .map(|(word, _)| word.as_str())
        .collect();
    assert_eq!(double, [""; 0]);
}
