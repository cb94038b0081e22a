//! Makes a day and a time of the parts of an expression.
//!
//! Responsible for what bare numbers mean and for whether the date exists. It must never guess: where two
//! readings are possible the answer is [`Refusal::Ambiguous`]. Takes [`Parts`], gives a [`Found`].

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

use std::fmt::Write as _;
use std::ops::RangeInclusive;

use jiff::civil::{Date, Time};

use crate::annotate::date::names::Zone;
use crate::annotate::date::parts::{NamedMonth, Parts};
use crate::annotate::date::shapes::Numeral;
use crate::annotate::date::{DateSource, FoundDate, solar};
use crate::model::date::{DateOptions, DateOrder, Precision};

/// Years that a capture from the web can speak of.
const YEARS: RangeInclusive<i16> = 1900..=2100;

/// A date that was read.
#[derive(Clone, Copy, Debug)]
pub(super) enum Found {
    /// A day, with or without a time.
    Moment(Moment),
    /// A month of a year.
    Month(i16, i8),
}

/// A day, with or without a time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    /// The day.
    pub(super) date: Date,
    /// The time of day.
    pub(super) time: Option<TimeOfDay>,
}

/// A time of day.
#[derive(Clone, Copy, Debug)]
pub(super) struct TimeOfDay {
    /// The time; its seconds count only when `to_second` is set.
    pub(super) time: Time,
    /// Seconds were written.
    pub(super) to_second: bool,
    /// Minutes east of UTC, when known.
    pub(super) offset: Option<i32>,
}

/// Why no date was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It is a date, but which one cannot be told.
    Ambiguous,
    /// It is no date.
    NotADate,
}

/// Reads the parts as an absolute date.
pub(super) fn assemble(parts: &Parts, options: &DateOptions) -> Result<Found, Refusal> {
    if parts.days_back.is_some() {
        return Err(Refusal::NotADate);
    }
    let time = time_of_day(parts, options)?;
    let found = day(parts, options.order)?;
    match (found, time) {
        (Found::Moment(moment), time) => Ok(Found::Moment(Moment { time, ..moment })),
        (Found::Month(..), None) => Ok(found),
        (Found::Month(..), Some(_)) => Err(Refusal::NotADate),
    }
}

/// The time of day, with the offset of the text or else of the options.
pub(super) fn time_of_day(
    parts: &Parts,
    options: &DateOptions,
) -> Result<Option<TimeOfDay>, Refusal> {
    let Some(clock) = parts.clock else {
        // A zone without a time is no date that people write.
        return if parts.zone.is_some() { Err(Refusal::NotADate) } else { Ok(None) };
    };
    let hour = match (parts.afternoon, clock.hour) {
        (Some(false), 12) => 0,
        (Some(false), 13..) => return Err(Refusal::NotADate),
        // `16:30 PM` is written by templates that add the word to a 24-hour clock.
        (Some(true), hour @ 0..12) => hour + 12,
        (_, hour) => hour,
    };
    let time = Time::new(small(hour)?, small(clock.minute)?, small(clock.second.unwrap_or(0))?, 0)
        .map_err(|_| Refusal::NotADate)?;
    let offset = match parts.zone {
        Some(Zone::Minutes(minutes)) => Some(minutes),
        Some(Zone::Unknown) => None,
        None => options.zone_minutes,
    };
    Ok(Some(TimeOfDay { time, to_second: clock.second.is_some(), offset }))
}

/// The day; exactly one way of writing it must be there.
fn day(parts: &Parts, order: Option<DateOrder>) -> Result<Found, Refusal> {
    let month = parts.month.or(parts.mar.then_some(NamedMonth::Gregorian(3)));
    let numbers = (parts.first, parts.second);
    match (month, parts.triple, parts.year_month, parts.marked) {
        (Some(month), None, None, [None, None, None]) => named(month, numbers, order),
        (None, Some(triple), None, [None, None, None]) if numbers == (None, None) => {
            numeric(triple, order).map(moment)
        }
        (None, None, Some((year, month)), [None, None, None]) if numbers == (None, None) => {
            year_month(year, month)
        }
        (None, None, None, [year, month, day]) if numbers == (None, None) => {
            marked(year, month, day)
        }
        _ => Err(Refusal::NotADate),
    }
}

/// `May 11, 2020`, `11 May 2020`, `2020 May 11`, `May 2020`, `May 11`, `11 May 20`.
fn named(
    month: NamedMonth,
    numbers: (Option<Numeral>, Option<Numeral>),
    order: Option<DateOrder>,
) -> Result<Found, Refusal> {
    let (Some(first), second) = numbers else {
        return Err(Refusal::NotADate);
    };
    let (year, day) = match (first, second) {
        (year @ Numeral { width: 4, .. }, None) => return month_only(month, year.value),
        // A day and a month without a year is a date of some year.
        (Numeral { width: 1 | 2, value: 1..=31 }, None) => return Err(Refusal::Ambiguous),
        (year @ Numeral { width: 4, .. }, Some(day @ Numeral { width: 1 | 2, .. }))
        | (day @ Numeral { width: 1 | 2, .. }, Some(year @ Numeral { width: 4, .. })) => {
            (year.value, day.value)
        }
        (first @ Numeral { width: 1 | 2, .. }, Some(last @ Numeral { width: 1 | 2, .. })) => {
            let (day, year) = match order {
                Some(DateOrder::Ymd) => (last, first),
                Some(DateOrder::Mdy | DateOrder::Dmy) => (first, last),
                None if day_like(first) || day_like(last) => return Err(Refusal::Ambiguous),
                None => return Err(Refusal::NotADate),
            };
            (two_digit_year(year)?, day.value)
        }
        _ => return Err(Refusal::NotADate),
    };
    match month {
        NamedMonth::Gregorian(month) => date(year, i64::from(month), i64::from(day)).map(moment),
        NamedMonth::Solar(month) => {
            let year = i16::try_from(year).map_err(|_| Refusal::NotADate)?;
            solar::to_gregorian(year, month, small(day)?)
                .filter(|date| YEARS.contains(&date.year()))
                .map(moment)
                .ok_or(Refusal::NotADate)
        }
    }
}

/// A solar month lies in two Gregorian ones, so it has no value of month precision.
fn month_only(month: NamedMonth, year: u32) -> Result<Found, Refusal> {
    match month {
        NamedMonth::Gregorian(month) => year_month(year, month.unsigned_abs().into()),
        NamedMonth::Solar(_) => match i16::try_from(year) {
            Ok(year) if solar::YEARS.contains(&year) => Err(Refusal::Ambiguous),
            Ok(_) | Err(_) => Err(Refusal::NotADate),
        },
    }
}

fn year_month(year: u32, month: u32) -> Result<Found, Refusal> {
    let first = date(year, i64::from(month), 1)?;
    Ok(Found::Month(first.year(), first.month()))
}

/// `2020年5月11日`, `2020年5月`, `5月11日`.
fn marked(year: Option<u32>, month: Option<u32>, day: Option<u32>) -> Result<Found, Refusal> {
    match (year, month, day) {
        (Some(year), Some(month), Some(day)) => {
            date(year, i64::from(month), i64::from(day)).map(moment)
        }
        (Some(year), Some(month), None) => year_month(year, month),
        (None, Some(1..=12), Some(1..=31)) => Err(Refusal::Ambiguous),
        _ => Err(Refusal::NotADate),
    }
}

/// A date in three numbers. The order of the options decides where more than one order gives a day; where
/// only one does, the text decides, even against the options.
fn numeric(triple: [Numeral; 3], order: Option<DateOrder>) -> Result<Date, Refusal> {
    let [a, b, c] = triple;
    let at = |year: u32, month: Numeral, day: Numeral| {
        date(year, i64::from(month.value), i64::from(day.value))
    };
    if a.width == 4 {
        return at(a.value, b, c);
    }
    if c.width == 4 {
        let (mdy, dmy) = (at(c.value, a, b), at(c.value, b, a));
        return match (mdy, dmy, order) {
            (Ok(mdy), Ok(dmy), _) if mdy == dmy => Ok(mdy),
            (Ok(mdy), Ok(_), Some(DateOrder::Mdy)) => Ok(mdy),
            (Ok(_), Ok(dmy), Some(DateOrder::Dmy)) => Ok(dmy),
            (Ok(_), Ok(_), Some(DateOrder::Ymd) | None) => Err(Refusal::Ambiguous),
            (Ok(only), Err(_), _) | (Err(_), Ok(only), _) => Ok(only),
            (Err(refusal), Err(_), _) => Err(refusal),
        };
    }
    let mdy = two_digit_year(c).and_then(|year| at(year, a, b));
    let dmy = two_digit_year(c).and_then(|year| at(year, b, a));
    let ymd = two_digit_year(a).and_then(|year| at(year, b, c));
    let wanted = order.map(|order| match order {
        DateOrder::Mdy => mdy,
        DateOrder::Dmy => dmy,
        DateOrder::Ymd => ymd,
    });
    match wanted {
        Some(Ok(date)) => Ok(date),
        // Any reading at all makes it a date; which one, only the order can say.
        Some(Err(_)) | None if mdy.or(dmy).or(ymd).is_ok() => Err(Refusal::Ambiguous),
        Some(Err(_)) | None => Err(Refusal::NotADate),
    }
}

/// 00 to 68 are 2000 to 2068, 69 to 99 are 1969 to 1999, as POSIX `strptime` has it.
fn two_digit_year(numeral: Numeral) -> Result<u32, Refusal> {
    match (numeral.width, numeral.value) {
        (2, value @ 0..=68) => Ok(2000 + value),
        (2, value) => Ok(1900 + value),
        _ => Err(Refusal::NotADate),
    }
}

fn day_like(numeral: Numeral) -> bool {
    (1..=31).contains(&numeral.value)
}

fn date(year: u32, month: i64, day: i64) -> Result<Date, Refusal> {
    let year = i16::try_from(year).ok().filter(|year| YEARS.contains(year));
    let (Some(year), Ok(month), Ok(day)) = (year, i8::try_from(month), i8::try_from(day)) else {
        return Err(Refusal::NotADate);
    };
    Date::new(year, month, day).map_err(|_| Refusal::NotADate)
}

fn small(value: u32) -> Result<i8, Refusal> {
    i8::try_from(value).map_err(|_| Refusal::NotADate)
}

fn moment(date: Date) -> Found {
    Found::Moment(Moment { date, time: None })
}

impl Found {
    /// The date as it leaves this module; `None` when relative arithmetic left the years that are read.
    pub(super) fn into_date(self) -> Option<FoundDate> {
        match self {
            Self::Moment(moment) => moment.into_date(),
            Self::Month(year, month) => YEARS.contains(&year).then(|| FoundDate {
                value: format!("{year:04}-{month:02}"),
                precision: Precision::Month,
                source: DateSource::Text,
            }),
        }
    }
}

impl Moment {
    fn into_date(self) -> Option<FoundDate> {
        if !YEARS.contains(&self.date.year()) {
            return None;
        }
        let (year, month, day) = (self.date.year(), self.date.month(), self.date.day());
        // Longest: `2020-09-25T09:18:00+03:00`.
        let mut value = String::with_capacity(25);
        // Writing to a `String` cannot fail.
        write!(value, "{year:04}-{month:02}-{day:02}").ok()?;
        let Some(TimeOfDay { time, to_second, offset }) = self.time else {
            return Some(FoundDate { value, precision: Precision::Day, source: DateSource::Text });
        };
        write!(value, "T{:02}:{:02}", time.hour(), time.minute()).ok()?;
        if to_second {
            write!(value, ":{:02}", time.second()).ok()?;
        }
        match offset {
            Some(0) => value.push('Z'),
            Some(minutes) => {
                let sign = if minutes < 0 { '-' } else { '+' };
                let minutes = minutes.unsigned_abs();
                write!(value, "{sign}{:02}:{:02}", minutes / 60, minutes % 60).ok()?;
            }
            None => {}
        }
        let precision = if to_second { Precision::Second } else { Precision::Minute };
        Some(FoundDate { value, precision, source: DateSource::Text })
    }
}
