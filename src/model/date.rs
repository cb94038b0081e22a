//! Dates as records hold them, and how ambiguous ones are to be read.

/// Order of day, month and year in dates of figures alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateOrder {
    /// 9/27/2020 is the 27th of September.
    Mdy,
    /// 27/9/2020 is the 27th of September.
    Dmy,
    /// 20/9/27 is the 27th of September 2020.
    Ymd,
}

/// How a site writes its dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DateOptions {
    /// Order of dates of figures alone; without it they are read only where they are unambiguous.
    pub order: Option<DateOrder>,
    /// The site's zone, minutes east of UTC, for times that name none.
    pub zone_minutes: Option<i32>,
}

/// How much of a date was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Precision {
    /// `2020`.
    Year,
    /// `2020-05`.
    Month,
    /// `2020-05-11`.
    Day,
    /// `2020-05-11T09:18`.
    Minute,
    /// `2020-05-11T09:18:30`.
    Second,
}

impl Precision {
    /// The name in records.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Month => "month",
            Self::Day => "day",
            Self::Minute => "minute",
            Self::Second => "second",
        }
    }
}
