//! Reads one date expression, in the languages of the `tables`.
//!
//! Responsible for turning a text that is a date and nothing else into ISO 8601. It must never find a date
//! inside a longer text (callers give the exact words), never guess an order of day and month, and never read
//! a clock: "2 hours ago" needs the moment of the fetch. Takes a `&str`, gives a [`Reading`].
//!
//! Persian solar months (`اردیبهشت`) are converted to the Gregorian calendar. Numeric solar and lunar dates
//! are not read: their digits do not say which calendar they are of.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod absolute;
mod names;
pub mod order;
mod parts;
mod relative;
mod shapes;
mod solar;
mod tables;
mod token;

#[cfg(test)]
mod tests;

use crate::annotate::date::absolute::{Found, Moment};
use crate::model::date::{DateOptions, Precision};

/// Longest text that is tried, in characters; `Wednesday, September 30th, 2020 at 10:11:12 PM (GMT+03:00)`
/// has 57.
const MAX_CHARS: usize = 60;

/// Longest text without a digit that is tried, in characters: "il y a une semaine", "moments ago".
const MAX_CHARS_WITHOUT_DIGIT: usize = 24;

/// A date that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundDate {
    /// ISO 8601 to the precision found, with `Z` or an offset only where one is known.
    pub value: String,
    /// How fine the value is.
    pub precision: Precision,
    /// Where it comes from.
    pub source: DateSource,
}

/// Where a date comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateSource {
    /// The text names it.
    Text,
    /// The text is relative to the moment of the fetch.
    Relative,
}

impl DateSource {
    /// The name in records.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Relative => "relative",
        }
    }
}

/// What a text is, read as a date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// A date.
    Date(FoundDate),
    /// A relative date that needs a moment of fetch (with a time, for minutes and hours) to be resolved.
    Relative,
    /// A date that can be read in several ways: `03/04/2020` and `3/4/20` without an order, `May 11`
    /// without a year, "last week", a solar month without a day.
    Ambiguous,
    /// Anything else.
    NotADate,
}

/// Reads a text that is one date expression as a whole.
///
/// White space and the punctuation that stands around dates (`, . · • | - ( )`) may surround it; any word
/// that is not of a date makes it [`Reading::NotADate`]. `fetched_at` is ISO 8601; hours and minutes ago keep
/// its offset (or take the zone of the options), days are counted on its calendar day (in the zone of the
/// options, if both have one). An unreadable `fetched_at` counts as none.
///
/// The weekday of a full date is not checked: pages get it wrong, and the date is what they print from data.
pub fn read(text: &str, options: &DateOptions, fetched_at: Option<&str>) -> Reading {
    if !is_worth_reading(text) {
        return Reading::NotADate;
    }
    let Some(tokens) = token::tokens(text) else {
        return Reading::NotADate;
    };
    let fetched = || fetched_at.and_then(moment_of_fetch);
    if let Some(reading) = relative::ago(&tokens, options, fetched) {
        return from_fetch(reading);
    }
    let Some(parts) = parts::collect(&tokens) else {
        return Reading::NotADate;
    };
    if let Some(reading) = relative::by_day(&parts, options, fetched) {
        return from_fetch(reading);
    }
    match absolute::assemble(&parts, options) {
        Ok(found) => found.into_date().map_or(Reading::NotADate, Reading::Date),
        Err(refusal) => relative::refused(refusal),
    }
}

/// A reading that hangs on the moment of the fetch.
fn from_fetch(reading: Reading) -> Reading {
    match reading {
        Reading::Date(found) => Reading::Date(FoundDate { source: DateSource::Relative, ..found }),
        other => other,
    }
}

/// Length and digits, without an allocation: most lines of a page end here.
fn is_worth_reading(text: &str) -> bool {
    let text = text.trim();
    // A character has four bytes at most.
    if text.len() > 4 * MAX_CHARS {
        return false;
    }
    let length = text.chars().count();
    let has_digit = || {
        text.bytes().any(|byte| byte.is_ascii_digit())
            || (!text.is_ascii() && text.chars().any(|c| token::digit(c).is_some()))
    };
    (2..=MAX_CHARS_WITHOUT_DIGIT).contains(&length) || (length <= MAX_CHARS && has_digit())
}

fn moment_of_fetch(text: &str) -> Option<Moment> {
    let parts = parts::collect(&token::tokens(text)?)?;
    match absolute::assemble(&parts, &DateOptions::default()) {
        Ok(Found::Moment(moment)) => Some(moment),
        Ok(Found::Month(..)) | Err(_) => None,
    }
}
