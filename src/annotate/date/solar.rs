//! The Iranian solar calendar (Solar Hijri, Jalali), to Gregorian only.
//!
//! Responsible for turning a solar date into a Gregorian day. It must never decide that a text is in that
//! calendar. Takes year, month and day, gives a civil date.
//!
//! The 33-year rule: year `y` has a leap day when `(8 * y + 29) mod 33 < 8`. It agrees with the calendar as
//! it is kept in Iran from 1178 to 1633 (1799 to 2254), apart from years far from now (ICU4X lists 1502 as
//! the first deviation); years outside [`YEARS`] are refused.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

use std::ops::RangeInclusive;

use jiff::SignedDuration;
use jiff::civil::Date;

/// Solar years that are read: 1279 begins in March 1900, 1479 ends in March 2101.
pub(super) const YEARS: RangeInclusive<i16> = 1279..=1479;

/// The Gregorian day of a solar date; `None` when there is no such day.
pub(super) fn to_gregorian(year: i16, month: i8, day: i8) -> Option<Date> {
    if !YEARS.contains(&year) || day < 1 || day > days_in_month(year, month)? {
        return None;
    }
    // 1 Farvardin 1399 was 20 March 2020.
    let anchor = Date::new(2020, 3, 20).ok()?;
    let days = new_year(year) - new_year(1399) + days_before_month(month) + i64::from(day) - 1;
    anchor.checked_add(SignedDuration::from_hours(24 * days)).ok()
}

/// Days from an arbitrary origin to the first day of a year: 8 leap days in every 33 years.
fn new_year(year: i16) -> i64 {
    let year = i64::from(year);
    365 * (year - 1) + (8 * year + 21).div_euclid(33)
}

fn is_leap(year: i16) -> bool {
    (8 * i32::from(year) + 29).rem_euclid(33) < 8
}

/// Six months of 31 days, five of 30, the last of 29 or 30.
fn days_in_month(year: i16, month: i8) -> Option<i8> {
    match month {
        1..=6 => Some(31),
        7..=11 => Some(30),
        12 => Some(if is_leap(year) { 30 } else { 29 }),
        _ => None,
    }
}

fn days_before_month(month: i8) -> i64 {
    let before = i64::from(month) - 1;
    30 * before + before.min(6)
}

#[cfg(test)]
mod tests;
