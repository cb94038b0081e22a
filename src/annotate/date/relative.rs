//! Resolves expressions that count from the moment of the fetch: `21 hours ago`, `yesterday at 5:12 PM`.
//!
//! Responsible for their arithmetic. It must never read a clock: the moment is a parameter. Takes tokens and
//! the moment of the fetch, gives a [`Reading`].

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

use jiff::SignedDuration;
use jiff::civil::{DateTime, Time};

use crate::annotate::date::absolute::{Found, Moment, Refusal, TimeOfDay, time_of_day};
use crate::annotate::date::names::{Unit, Word};
use crate::annotate::date::parts::{Parts, set};
use crate::annotate::date::token::{Kind, Token};
use crate::annotate::date::{DateSource, FoundDate, Reading};
use crate::model::date::{DateOptions, Precision};

/// "9999 days ago" is the longest count that is taken seriously.
const MAX_COUNT: u32 = 9_999;

/// How far back an expression points.
enum Back {
    /// So many units.
    Units(i64, Unit),
    /// "last week": a span, not a moment.
    Vague,
}

/// Reads `21 hours ago` and its like; `None` when the tokens are nothing of the kind.
pub(super) fn ago(
    tokens: &[Token],
    options: &DateOptions,
    fetched: impl FnOnce() -> Option<Moment>,
) -> Option<Reading> {
    let back = match distance(tokens)? {
        Back::Units(count, unit) => (count, unit),
        Back::Vague => return Some(Reading::Ambiguous),
    };
    let Some(fetched) = fetched() else {
        return Some(Reading::Relative);
    };
    Some(match minus(fetched, back, options) {
        Some(date) => Reading::Date(date),
        // The fetch has a day only, and the expression needs its time.
        None => Reading::Relative,
    })
}

/// Reads `yesterday`, `today at 9:00 AM`, `Monday at 5:12 PM`; `None` when the parts are nothing of the kind.
///
/// The time is on the clock of the site, so it takes the zone of the text or of the options, never that of
/// the fetch. A day of the week is the last one before the day of the fetch.
pub(super) fn by_day(
    parts: &Parts,
    options: &DateOptions,
    fetched: impl FnOnce() -> Option<Moment>,
) -> Option<Reading> {
    if !parts.has_no_date() {
        return None;
    }
    let time = time_of_day(parts, options).ok()?;
    let weekday = parts.weekday.filter(|_| time.is_some());
    if parts.days_back.is_none() && weekday.is_none() {
        return None;
    }
    let Some(fetched) = fetched() else {
        return Some(Reading::Relative);
    };
    let today = at_site(fetched, options).date;
    let days = match (parts.days_back, weekday) {
        (Some(days), _) => i64::from(days),
        (None, Some(weekday)) => {
            let days = (today.weekday().to_monday_one_offset() - weekday).rem_euclid(7);
            i64::from(if days == 0 { 7 } else { days })
        }
        (None, None) => return None,
    };
    let date = today.checked_sub(SignedDuration::from_hours(24 * days)).ok()?;
    Some(Found::Moment(Moment { date, time }).into_date().map_or(Reading::NotADate, Reading::Date))
}

/// The moment of a fetch that has no time of its own in the expression, on the clock of the site.
fn at_site(fetched: Moment, options: &DateOptions) -> Moment {
    let (Some(time), Some(zone)) = (fetched.time, options.zone_minutes) else {
        return fetched;
    };
    let Some(offset) = time.offset else {
        return fetched;
    };
    let shifted = fetched
        .date
        .to_datetime(time.time)
        .checked_add(SignedDuration::from_mins(i64::from(zone) - i64::from(offset)));
    let Ok(shifted) = shifted else { return fetched };
    let time = TimeOfDay { time: shifted.time(), offset: Some(zone), ..time };
    Moment { date: shifted.date(), time: Some(time) }
}

/// What the tokens count back; `None` when they are not such an expression.
fn distance(tokens: &[Token]) -> Option<Back> {
    let mut words = Words::default();
    for token in tokens {
        match token.kind {
            Kind::Number { value: value @ 1..=MAX_COUNT, .. } => {
                set(&mut words.count, i64::from(value))?;
            }
            Kind::Number { .. } | Kind::Mark(':' | '/' | '+' | '−') => return None,
            Kind::Mark(_) => {}
            Kind::Word(word) => words.add(word)?,
        }
    }
    words.distance()
}

/// The words of an expression that counts back.
#[derive(Default)]
struct Words {
    count: Option<i64>,
    /// The unit, and whether its form is singular.
    unit: Option<(Unit, bool)>,
    past: bool,
    article: bool,
    last: bool,
    just: bool,
    now: bool,
}

impl Words {
    /// Takes a word; `None` when it does not belong to such an expression.
    fn add(&mut self, word: Word) -> Option<()> {
        match word {
            Word::Past | Word::Ago => self.past = true,
            // `há um dia`: the Portuguese "one" is also the German "at".
            Word::A | Word::One | Word::TimeCue => self.article = true,
            // `an hour ago`, `il y a 1 an`, `il y a un an`.
            Word::An if self.count.is_none() && !self.article => self.article = true,
            Word::An => set(&mut self.unit, (Unit::Year, false))?,
            Word::Unit(unit, singular) => set(&mut self.unit, (unit, singular))?,
            Word::Oclock => set(&mut self.unit, (Unit::Hour, false))?,
            Word::Pair(unit) => {
                set(&mut self.unit, (unit, false))?;
                set(&mut self.count, 2)?;
            }
            Word::Last => self.last = true,
            Word::Just => self.just = true,
            Word::Now | Word::Moment => self.now = true,
            Word::Joiner => {}
            Word::Month(_)
            | Word::Solar(_)
            | Word::TwoWordMonth(..)
            | Word::Second(_)
            | Word::Mar
            | Word::Weekday(_)
            | Word::Afternoon(_)
            | Word::DaysBack(_)
            | Word::Zone(_)
            | Word::Ordinal
            | Word::Of
            | Word::Stamp
            | Word::Part(_) => return None,
        }
        Some(())
    }

    fn distance(self) -> Option<Back> {
        match (self.past, self.last, self.unit) {
            // "just now", "a moment ago".
            (past, false, None) if self.now && self.count.is_none() && past != self.just => {
                Some(Back::Units(0, Unit::Minute))
            }
            (true, false, Some((unit, singular))) if !self.just && !self.now => {
                let one = (self.article || singular).then_some(1);
                Some(Back::Units(self.count.or(one)?, unit))
            }
            (false, true, Some((unit, _))) if self.count.is_none() => match unit {
                Unit::Month | Unit::Year => Some(Back::Units(1, unit)),
                Unit::Week => Some(Back::Vague),
                Unit::Second | Unit::Minute | Unit::Hour | Unit::Day => None,
            },
            _ => None,
        }
    }
}

/// Counts back from the fetch, to the precision of the unit.
fn minus(fetched: Moment, (count, unit): (i64, Unit), options: &DateOptions) -> Option<FoundDate> {
    let seconds = match unit {
        Unit::Second => 1,
        Unit::Minute => 60,
        Unit::Hour => 3_600,
        Unit::Day => return days_before(at_site(fetched, options), count),
        Unit::Week => return days_before(at_site(fetched, options), 7 * count),
        Unit::Month => return months_before(at_site(fetched, options), count),
        Unit::Year => {
            let year = i64::from(at_site(fetched, options).date.year()) - count;
            return (1900..=2100).contains(&year).then(|| FoundDate {
                value: format!("{year:04}"),
                precision: Precision::Year,
                source: DateSource::Text,
            });
        }
    };
    let fetched = at_site(fetched, options);
    let time = fetched.time?;
    let back = SignedDuration::from_secs(seconds * count);
    let moment = fetched.date.to_datetime(time.time).checked_sub(back).ok()?;
    Found::Moment(at(moment, time.offset)).into_date()
}

fn at(moment: DateTime, offset: Option<i32>) -> Moment {
    let time: Time = moment.time();
    Moment { date: moment.date(), time: Some(TimeOfDay { time, to_second: false, offset }) }
}

fn days_before(from: Moment, days: i64) -> Option<FoundDate> {
    let date = from.date.checked_sub(SignedDuration::from_hours(24 * days)).ok()?;
    Found::Moment(Moment { date, time: None }).into_date()
}

fn months_before(from: Moment, months: i64) -> Option<FoundDate> {
    let total = i64::from(from.date.year()) * 12 + i64::from(from.date.month()) - 1 - months;
    let year = i16::try_from(total.div_euclid(12)).ok()?;
    let month = i8::try_from(total.rem_euclid(12) + 1).ok()?;
    Found::Month(year, month).into_date()
}

/// What a refusal of the absolute reading means for the caller.
pub(super) fn refused(refusal: Refusal) -> Reading {
    match refusal {
        Refusal::Ambiguous => Reading::Ambiguous,
        Refusal::NotADate => Reading::NotADate,
    }
}

#[cfg(test)]
mod tests;
