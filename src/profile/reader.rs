//! Walks a TOML tree with places, collecting faults in place of stopping at the first.

use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::fault::{Fault, Problem, SourceFile, nearest};

/// A value with its place in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At<T> {
    /// The value.
    pub value: T,
    /// Bytes of the file.
    pub span: Range<usize>,
}

/// Where faults go while one file is read.
pub(crate) struct Faults<'f> {
    pub(crate) file: &'f Arc<SourceFile>,
    pub(crate) list: &'f mut Vec<Fault>,
}

impl Faults<'_> {
    pub(crate) fn add(&mut self, span: Range<usize>, problem: Problem) {
        self.list.push(Fault { problem, file: Arc::clone(self.file), span });
    }
}

/// One table while its keys are taken out; what is left at the end is unknown.
pub(crate) struct Table<'t, 'i> {
    entries: Vec<(&'t Spanned<std::borrow::Cow<'i, str>>, &'t Spanned<DeValue<'i>>)>,
    known: Vec<&'static str>,
    /// Keys that were there, whatever their values.
    present: Vec<&'static str>,
    name: String,
    span: Range<usize>,
}

impl<'t, 'i> Table<'t, 'i> {
    pub(crate) fn new(table: &'t DeTable<'i>, name: impl Into<String>, span: Range<usize>) -> Self {
        let entries = table.iter().collect();
        Self { entries, known: Vec::new(), present: Vec::new(), name: name.into(), span }
    }

    pub(crate) fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Reports a fault of the table as a whole.
    pub(super) fn add(&self, problem: Problem, faults: &mut Faults<'_>) {
        faults.add(self.span(), problem);
    }

    /// Whether a key is there and not taken yet.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|(name, _)| name.get_ref() == key)
    }

    /// Takes the value of a key out.
    pub(crate) fn take(&mut self, key: &'static str) -> Option<&'t Spanned<DeValue<'i>>> {
        self.known.push(key);
        let place = self.entries.iter().position(|(name, _)| name.get_ref() == key)?;
        self.present.push(key);
        Some(self.entries.swap_remove(place).1)
    }

    /// Takes all entries out: for tables whose keys are names.
    pub(crate) fn take_all(&mut self) -> Vec<(At<String>, &'t Spanned<DeValue<'i>>)> {
        let mut all: Vec<_> = self
            .entries
            .drain(..)
            .map(|(key, value)| {
                (At { value: key.get_ref().clone().into_owned(), span: key.span() }, value)
            })
            .collect();
        all.sort_by_key(|(key, _)| key.span.start);
        all
    }

    /// Reports every key that nobody took.
    pub(crate) fn finish(self, faults: &mut Faults<'_>) {
        for (key, _) in self.entries {
            let problem = Problem::UnknownKey {
                key: key.get_ref().clone().into_owned(),
                table: self.name.clone(),
                nearest: nearest(key.get_ref(), self.known.iter().copied()),
                known: self.known.clone(),
            };
            faults.add(key.span(), problem);
        }
    }

    /// Whether another fault says already why there is nothing under these keys: a value of another
    /// type, or a key that is nearly one of them.
    pub(crate) fn explains(&self, keys: &[&'static str]) -> bool {
        keys.iter().any(|key| self.present.contains(key))
            || self.entries.iter().any(|(name, _)| {
                nearest(name.get_ref(), self.known.iter().copied())
                    .is_some_and(|near| keys.contains(&near.as_str()))
            })
    }

    pub(crate) fn missing(&self, key: &'static str, faults: &mut Faults<'_>) {
        if self.explains(&[key]) {
            return;
        }
        faults.add(self.span(), Problem::MissingKey { table: self.name.clone(), key });
    }

    pub(crate) fn string(
        &mut self,
        key: &'static str,
        faults: &mut Faults<'_>,
    ) -> Option<At<String>> {
        let value = self.take(key)?;
        string(value, key, faults)
    }

    pub(crate) fn strings(
        &mut self,
        key: &'static str,
        faults: &mut Faults<'_>,
    ) -> Vec<At<String>> {
        let Some(value) = self.take(key) else { return Vec::new() };
        match value.get_ref() {
            DeValue::Array(items) => items
                .iter()
                .filter_map(|item: &Spanned<DeValue<'_>>| string(item, key, faults))
                .collect(),
            DeValue::String(_) => string(value, key, faults).into_iter().collect(),
            _ => {
                wrong::<()>(value, key, "an array of strings", faults);
                Vec::new()
            }
        }
    }

    pub(crate) fn bool(&mut self, key: &'static str, faults: &mut Faults<'_>) -> Option<bool> {
        let value = self.take(key)?;
        match value.get_ref() {
            DeValue::Boolean(is) => Some(*is),
            _ => wrong(value, key, "true or false", faults),
        }
    }

    pub(crate) fn integer(
        &mut self,
        key: &'static str,
        faults: &mut Faults<'_>,
    ) -> Option<At<i64>> {
        let value = self.take(key)?;
        match value.get_ref().as_integer() {
            Some(integer) => i64::from_str_radix(integer.as_str(), integer.radix())
                .ok()
                .map(|number| At { value: number, span: value.span() }),
            None => wrong(value, key, "a whole number", faults),
        }
    }

    /// A share between 0 and 1, in thousandths, so that no floating-point value decides anything.
    pub(crate) fn share(&mut self, key: &'static str, faults: &mut Faults<'_>) -> Option<u32> {
        let value = self.take(key)?;
        let number = match value.get_ref() {
            DeValue::Float(float) => float.as_str().parse::<f64>().ok(),
            DeValue::Integer(integer) => integer.as_str().parse::<f64>().ok(),
            _ => return wrong(value, key, "a number between 0 and 1", faults),
        };
        match number {
            Some(number) if (0.0..=1.0).contains(&number) => {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "the value lies between 0 and 1000"
                )]
                let thousandths = (number * 1000.0).round() as u32;
                Some(thousandths)
            }
            _ => {
                let expected = "a number between 0 and 1";
                faults.add(value.span(), Problem::BadValue { key: key.to_owned(), expected });
                None
            }
        }
    }

    /// A range `"2..6"`, `"1.."`, or one number.
    pub(crate) fn range(
        &mut self,
        key: &'static str,
        faults: &mut Faults<'_>,
    ) -> Option<(u32, u32)> {
        let value = self.take(key)?;
        let text = match value.get_ref() {
            DeValue::String(text) => text.clone().into_owned(),
            DeValue::Integer(integer) => integer.as_str().to_owned(),
            _ => return wrong(value, key, "a range such as \"1..3\"", faults),
        };
        let range = parse_range(&text);
        if range.is_none() {
            let expected = "a range such as \"1..3\" or \"1..\", at most 64 wide";
            faults.add(value.span(), Problem::BadValue { key: key.to_owned(), expected });
        }
        range
    }
}

/// Widest range of a block rule's element: keeps matching bounded.
pub(crate) const OPEN_END: u32 = 64;

/// Reads `"2..6"`, `"1.."` (up to [`OPEN_END`]) or `"3"`.
pub(crate) fn parse_range(text: &str) -> Option<(u32, u32)> {
    let (low, high) = match text.split_once("..") {
        Some((low, "")) => (low.parse().ok()?, OPEN_END),
        Some((low, high)) => (low.parse().ok()?, high.parse().ok()?),
        None => (text.parse().ok()?, text.parse().ok()?),
    };
    (low <= high && high <= OPEN_END).then_some((low, high))
}

/// The value as a string, or a fault.
pub(crate) fn string(
    value: &Spanned<DeValue<'_>>,
    key: &str,
    faults: &mut Faults<'_>,
) -> Option<At<String>> {
    match value.get_ref() {
        DeValue::String(text) => Some(At { value: text.clone().into_owned(), span: value.span() }),
        _ => wrong(value, key, "a string", faults),
    }
}

/// Reports a value of the wrong type.
pub(crate) fn wrong<T>(
    value: &Spanned<DeValue<'_>>,
    key: &str,
    expected: &'static str,
    faults: &mut Faults<'_>,
) -> Option<T> {
    let found = match value.get_ref() {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "an array",
        DeValue::Table(_) => "a table",
    };
    faults.add(value.span(), Problem::WrongType { key: key.to_owned(), expected, found });
    None
}
