//! What elements are to a table. Which tables hold data, and which ones lay out a page, is for
//! `annotate` to say.

use html5ever::local_name;
use scraper::node::Element;

use crate::model::document::{Part, PartKind};

/// Most columns or rows of a cell; browsers stop at 1,000 columns.
const MAX_SPAN: u16 = 1_000;

/// What an element is to a table. A table that says that it lays out the page is none.
pub(super) fn part_of(element: &Element, container: u32) -> Option<Part> {
    let kind = match element.name.local {
        local_name!("td") => PartKind::Cell,
        local_name!("th") => PartKind::HeadCell,
        local_name!("tr") => PartKind::Row,
        local_name!("thead") => PartKind::Head,
        local_name!("table") => {
            let lays_out = matches!(element.attr("role"), Some("presentation" | "none"));
            return (!lays_out).then_some(whole(container, PartKind::Table));
        }
        _ => return None,
    };
    let mut part = whole(container, kind);
    for (name, value) in &element.attrs {
        let read = || value.trim().parse().unwrap_or(1).clamp(1, MAX_SPAN);
        match name.local {
            local_name!("colspan") => part.columns = read(),
            local_name!("rowspan") => part.rows = read(),
            _ => {}
        }
    }
    Some(part)
}

fn whole(container: u32, kind: PartKind) -> Part {
    Part { container, kind, columns: 1, rows: 1 }
}
