//! `[prepare]`: edits of the markup, and elements that are kept.

use super::tables;
use crate::profile::fault::Problem;
use crate::profile::prepare::{MAX_EDITS, Prepare};
use crate::profile::reader::{At, Faults, Table, wrong};
use crate::profile::selector::DROPPED;

/// Reads the table; nothing to do without it.
pub(super) fn prepare(top: &mut Table<'_, '_>, faults: &mut Faults<'_>) -> At<Prepare> {
    let mut found = At { value: Prepare::default(), span: 0..0 };
    let Some(value) = top.take("prepare") else { return found };
    found.span = value.span();
    let Some(table) = value.get_ref().as_table() else {
        wrong::<()>(value, "prepare", "a table", faults);
        return found;
    };
    let mut table = Table::new(table, "[prepare]", value.span());
    for at in table.strings("keep", faults) {
        if DROPPED.contains(&at.value.as_str()) {
            found.value.keep.push(at.value);
        } else {
            let expected = "\"script\", \"style\" or \"svg\"";
            faults.add(at.span, Problem::BadValue { key: "keep".to_owned(), expected });
        }
    }
    for (item, span) in tables(table.take("replace"), "replace", faults) {
        let mut item = Table::new(item, "`replace`", span.clone());
        let find = item.string("find", faults);
        let with = item.string("with", faults).map(|at| at.value).unwrap_or_default();
        match find {
            Some(find) if !find.value.is_empty() => found.value.replace.push((find.value, with)),
            _ => item.missing("find", faults),
        }
        item.finish(faults);
    }
    if found.value.replace.len() > MAX_EDITS {
        let expected = "at most 256 edits";
        faults.add(value.span(), Problem::BadValue { key: "replace".to_owned(), expected });
    }
    table.finish(faults);
    found
}
