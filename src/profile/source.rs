//! A profile file as it is written: its entries, each with its text and its place.
//!
//! Takes a sound file; gives [`Entry`]s for those who show profiles to people. Means nothing by
//! them: what an entry does is for `read` and `compile` to say.

use std::ops::Range;

use serde_json::Value as Json;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::fault::SourceFile;

/// One entry: a key of the top, a field, a rule, a key of a split, or one table in double brackets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// `strip.line`; empty at the top; `[match]` and `[variant]` for tables in double brackets.
    pub table: String,
    /// Its key, as it is written there. Of a table in double brackets its number, from 0.
    pub name: String,
    /// Its value as TOML. Of a table in double brackets all that stands in it.
    pub text: String,
    /// The ways of a field, one by one; none for other entries.
    pub ways: Vec<String>,
    /// Place of the key in its file, in bytes.
    pub span: Range<usize>,
}

/// Tables whose entries are tables, not values.
const NESTED: [&str; 3] = ["split", "strip", "keep"];

/// The entries of a file, in its order. None where it is no TOML.
pub fn entries(file: &SourceFile) -> Vec<Entry> {
    let (root, errors) = DeTable::parse_recoverable(&file.text);
    let mut found = Vec::new();
    if errors.is_empty() {
        let reader = Reader { source: &file.text };
        for (key, value) in sorted(root.get_ref()) {
            reader.top(key, value, &mut found);
        }
    }
    found
}

/// Whether two texts are the same but for white space.
pub fn same(one: &str, other: &str) -> bool {
    one.split_whitespace().eq(other.split_whitespace())
}

/// A file as JSON, days as text, for what checks it by a schema. None where it is no TOML.
pub fn document(text: &str) -> Option<Json> {
    let (root, errors) = DeTable::parse_recoverable(text);
    errors.is_empty().then(|| object(root.get_ref()))
}

/// One value as JSON.
pub(super) fn json(text: &str) -> Option<Json> {
    document(&format!("value = {text}"))?.get("value").cloned()
}

fn object(table: &DeTable<'_>) -> Json {
    let pairs = sorted(table).into_iter();
    pairs.map(|(key, value)| (key.get_ref().to_string(), to_json(value.get_ref()))).collect()
}

fn to_json(value: &DeValue<'_>) -> Json {
    match value {
        DeValue::String(text) => Json::from(text.as_ref()),
        DeValue::Integer(number) => {
            i64::from_str_radix(number.as_str(), number.radix()).map_or(Json::Null, Json::from)
        }
        DeValue::Float(number) => number.as_str().parse::<f64>().unwrap_or(f64::NAN).into(),
        DeValue::Boolean(is) => Json::from(*is),
        DeValue::Datetime(day) => Json::from(day.to_string()),
        DeValue::Array(items) => items.iter().map(|item| to_json(item.get_ref())).collect(),
        DeValue::Table(table) => object(table),
    }
}

type Pair<'t, 'i> = (&'t Spanned<std::borrow::Cow<'i, str>>, &'t Spanned<DeValue<'i>>);

fn sorted<'t, 'i>(table: &'t DeTable<'i>) -> Vec<Pair<'t, 'i>> {
    let mut pairs: Vec<_> = table.iter().collect();
    pairs.sort_by_key(|(key, _)| key.span().start);
    pairs
}

struct Reader<'s> {
    source: &'s str,
}

impl Reader<'_> {
    fn top(&self, key: &Spanned<std::borrow::Cow<'_, str>>, value: &Item<'_>, to: &mut Vec<Entry>) {
        let name = key.get_ref().as_ref();
        match value.get_ref() {
            DeValue::Array(items) if items.iter().any(|item| self.is_spread(item)) => {
                for (number, item) in items.iter().enumerate() {
                    to.push(Entry {
                        table: format!("[{name}]"),
                        name: number.to_string(),
                        text: self.body(item, &format!("{name}.")),
                        ways: Vec::new(),
                        span: item.span(),
                    });
                }
            }
            DeValue::Table(table) if NESTED.contains(&name) => {
                for (kind, value) in sorted(table) {
                    self.table(&format!("{name}.{}", kind.get_ref()), kind, value, to);
                }
            }
            DeValue::Table(table) if self.is_spread(value) => {
                for (key, value) in sorted(table) {
                    to.push(self.entry(name, key, value));
                }
            }
            _ => to.push(self.entry("", key, value)),
        }
    }

    fn table(
        &self,
        name: &str,
        key: &Spanned<std::borrow::Cow<'_, str>>,
        value: &Item<'_>,
        to: &mut Vec<Entry>,
    ) {
        let Some(table) = value.get_ref().as_table() else {
            let (outer, _) = name.rsplit_once('.').unwrap_or((name, ""));
            to.push(self.entry(outer, key, value));
            return;
        };
        for (key, value) in sorted(table) {
            // `[split.thread.text]` and `[split.thread.data]`.
            if name.starts_with("split.") && value.get_ref().is_table() {
                self.table(&format!("{name}.{}", key.get_ref()), key, value, to);
            } else {
                to.push(self.entry(name, key, value));
            }
        }
    }

    fn entry(
        &self,
        table: &str,
        key: &Spanned<std::borrow::Cow<'_, str>>,
        value: &Item<'_>,
    ) -> Entry {
        let ways = match value.get_ref() {
            _ if table != "field" && table != "piece" => Vec::new(),
            DeValue::Array(items) => items.iter().map(|item| self.text(item)).collect(),
            _ => vec![self.text(value)],
        };
        Entry {
            table: table.to_owned(),
            name: bare(key.get_ref()),
            text: self.text(value),
            ways,
            span: key.span(),
        }
    }

    fn slice(&self, value: &Item<'_>) -> &str {
        self.source.get(value.span()).unwrap_or_default()
    }

    /// Whether a table is written under a header or with dotted keys: its place is not its text.
    fn is_spread(&self, value: &Item<'_>) -> bool {
        value.get_ref().is_table() && !self.slice(value).starts_with('{')
    }

    fn text(&self, value: &Item<'_>) -> String {
        match value.get_ref() {
            DeValue::Table(table) if self.is_spread(value) => {
                let pair = |(key, value): Pair<'_, '_>| {
                    format!("{} = {}", bare(key.get_ref()), self.text(value))
                };
                let pairs: Vec<String> = sorted(table).into_iter().map(pair).collect();
                format!("{{ {} }}", pairs.join(", "))
            }
            DeValue::Array(items) if items.iter().any(|item| self.is_spread(item)) => {
                let items: Vec<String> = items.iter().map(|item| self.text(item)).collect();
                format!("[{}]", items.join(", "))
            }
            _ => self.slice(value).to_owned(),
        }
    }

    /// The lines of a table in double brackets. Tables below it keep headers of their own, for
    /// they say more with the name in front: `[variant.strip.line]`.
    fn body(&self, value: &Item<'_>, prefix: &str) -> String {
        let Some(table) = value.get_ref().as_table() else { return self.text(value) };
        let (mut own, mut below) = (String::new(), String::new());
        for (key, value) in sorted(table) {
            if self.is_spread(value) {
                let name = format!("{prefix}{}", bare(key.get_ref()));
                let lines = self.body(value, &format!("{name}."));
                if lines.starts_with('[') {
                    below.push_str(&lines);
                } else {
                    below.extend(["[", &name, "]\n", &lines]);
                }
            } else {
                own.extend([&bare(key.get_ref()), " = ", &self.text(value), "\n"]);
            }
        }
        own + &below
    }
}

type Item<'i> = Spanned<DeValue<'i>>;

/// A key as TOML writes it.
fn bare(key: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if !key.is_empty() && key.bytes().all(plain) {
        return key.to_owned();
    }
    let escaped = key.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{escaped}\"")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::fault::Origin;

    fn shown(text: &str) -> Vec<String> {
        let file = SourceFile { path: "a.toml".into(), text: text.into(), origin: Origin::User };
        let show = |it: Entry| format!("{} {} {}", it.table, it.name, it.text.replace('\n', "|"));
        entries(&file).into_iter().map(show).collect()
    }

    #[test]
    fn each_way_to_write_a_rule_is_one_entry() {
        let text = "schema = 1\n[[match]]\nhosts = ['a']\n[strip]\nline.a = 'x'\n[strip.line]\nb = { is = 'y' }\n\
            [strip.block.panel]\nlines = [\n { is = 'z' },\n]\nsample = ['z']\n[keep]\nline = { q = 'x' }\n\
            [split.thread.text]\nend = ['x']\n[[variant]]\ncaptured_before = 2019-01-01\n[variant.strip.line]\nc = false\n";
        // TOML lets no table be opened by dotted keys and by a header.
        let text = text.replace("[strip]\nline.a = 'x'\n", "");
        assert_eq!(
            shown(&text),
            [
                " schema 1",
                "[match] 0 hosts = ['a']|",
                "strip.line b { is = 'y' }",
                "strip.block panel { lines = [| { is = 'z' },|], sample = ['z'] }",
                "keep.line q 'x'",
                "split.thread.text end ['x']",
                "[variant] 0 captured_before = 2019-01-01|[variant.strip.line]|c = false|",
            ]
        );
        assert_eq!(shown("strip.line.a = 'x'\n"), ["strip.line a 'x'"]);
        assert_eq!(shown("split = false\n"), [" split false"]);
    }
}
