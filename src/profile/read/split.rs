//! `[split.…]`: how texts and pages become pieces.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::super::fault::Problem;
use super::super::reader::{Faults, Table, wrong};
use super::super::schema::{DataSpec, MarkupSpec, SplitSpec, StreamSpec};
use crate::model::piece::Field;

/// How texts and pages are split; the inner `None` is `split = false`.
pub(super) type Splits = (Option<Option<SplitSpec>>, Option<Option<MarkupSpec>>);

pub(super) fn split(value: &Spanned<DeValue<'_>>, faults: &mut Faults<'_>) -> Splits {
    if value.get_ref().as_bool() == Some(false) {
        return (Some(None), Some(None));
    }
    let Some(table) = value.get_ref().as_table() else {
        wrong::<()>(value, "split", "a table or false", faults);
        return (None, None);
    };
    let mut outer = Table::new(table, "[split]", value.span());
    exclusive(table, faults);
    let mut found = None;
    let mut markup = None;
    if let Some(mut table) = sub_table(&mut outer, "thread", "[split.thread]", faults) {
        let post = table.string("post", faults);
        let body = table.string("body", faults);
        let quote = table.string("quote", faults);
        let header = table.string("header", faults);
        let data = data(&mut table, faults);
        match (post, body) {
            (Some(post), Some(body)) => {
                markup = Some(MarkupSpec::Thread {
                    post,
                    body,
                    quote,
                    header,
                    data: data.map(Box::new),
                });
            }
            (None, None) if data.is_none() => {}
            (post, _) => {
                let key = if post.is_some() { "body" } else { "post" };
                table.missing(key, faults);
            }
        }
        if let Some(mut text) = sub_table(&mut table, "text", "[split.thread.text]", faults) {
            let head = text.strings("head", faults);
            let start = text.strings("start", faults);
            let end = text.strings("end", faults);
            if start.is_empty() && end.is_empty() && !text.explains(&["end"]) {
                text.missing("start", faults);
            }
            text.finish(faults);
            found = Some(SplitSpec::Thread { head, start, end });
        }
        table.finish(faults);
    }
    if let Some(mut table) = sub_table(&mut outer, "digest", "[split.digest]", faults) {
        let head = table.strings("head", faults);
        if let Some(separator) = table.string("separator", faults) {
            found = Some(SplitSpec::Digest { head, separator });
        } else {
            table.missing("separator", faults);
        }
        table.finish(faults);
    }
    if let Some(mut table) = sub_table(&mut outer, "stream", "[split.stream]", faults) {
        let marks = table.strings("marks", faults);
        let spec = StreamSpec {
            words: table.range("words", faults).unwrap_or((4, 16)),
            capitalised: table.share("capitalised", faults).unwrap_or(700),
            after_blank: table.bool("after_blank", faults).unwrap_or(true),
            before_blank: table.bool("before_blank", faults).unwrap_or(true),
            end_punctuation: table.bool("end_punctuation", faults).unwrap_or(false),
            evidence: table.bool("evidence", faults).unwrap_or(false),
        };
        found = Some(SplitSpec::Stream { spec, marks });
        table.finish(faults);
    }
    if let Some(mut table) = sub_table(&mut outer, "article", "[split.article]", faults) {
        let body = table.strings("body", faults);
        if body.is_empty() {
            table.missing("body", faults);
        } else {
            markup = Some(MarkupSpec::Article { body });
        }
        table.finish(faults);
    }
    outer.finish(faults);
    (found.map(Some), markup.map(Some))
}

/// A text is split in one way, and a page in one way.
fn exclusive(table: &DeTable<'_>, faults: &mut Faults<'_>) {
    let text = |key: &'static str| match key {
        "thread" => table.get("thread")?.get_ref().as_table()?.get("text"),
        _ => table.get(key),
    };
    let page = |key: &'static str| match key {
        "thread" => table.get("thread")?.get_ref().as_table()?.get("post"),
        _ => table.get(key),
    };
    let ways = ["thread", "digest", "stream"].map(|key| (key, text(key)));
    let texts = ways.into_iter().filter_map(|(key, value)| Some((key, value?)));
    let ways = ["thread", "article"].map(|key| (key, page(key)));
    let pages = ways.into_iter().filter_map(|(key, value)| Some((key, value?)));
    for list in [texts.collect::<Vec<_>>(), pages.collect()] {
        for pair in list.windows(2) {
            if let [(one, _), (other, value)] = pair {
                let table = "[split]".to_owned();
                faults.add(value.span(), Problem::Excludes { one, other, table });
            }
        }
    }
}

/// `[split.thread.data]`: where the page's own data hold the posts.
fn data(outer: &mut Table<'_, '_>, faults: &mut Faults<'_>) -> Option<DataSpec> {
    const FIELDS: [Field; 4] =
        [Field::PostedBy, Field::Published, Field::Modified, Field::Permalink];
    let mut table = sub_table(outer, "data", "[split.thread.data]", faults)?;
    let mut required = |key: &'static str| {
        let found = table.string(key, faults);
        if found.is_none() {
            table.missing(key, faults);
        }
        found
    };
    let (posts, body) = (required("posts"), required("body"));
    let number = table.string("number", faults);
    let title = table.string("title", faults);
    let fields =
        FIELDS.into_iter().map(|field| (field, table.strings(field.name(), faults))).collect();
    table.finish(faults);
    Some(DataSpec { posts: posts?, title, body: body?, number, fields })
}

/// The table under a key of another table.
fn sub_table<'t, 'i>(
    outer: &mut Table<'t, 'i>,
    key: &'static str,
    name: &'static str,
    faults: &mut Faults<'_>,
) -> Option<Table<'t, 'i>> {
    let value = outer.take(key)?;
    match value.get_ref().as_table() {
        Some(table) => Some(Table::new(table, name, value.span())),
        None => wrong(value, key, "a table", faults),
    }
}
