//! The Iranian calendar against published New Year's days, and against itself.

use super::{YEARS, to_gregorian};

/// New Year's days of the Iranian calendar as published, and lengths of years around a five-year leap.
#[test]
fn solar_new_years() {
    for (year, expected) in [
        (1300, "1921-03-21"),
        (1357, "1978-03-21"),
        (1370, "1991-03-21"),
        (1375, "1996-03-20"),
        (1379, "2000-03-20"),
        (1391, "2012-03-20"),
        (1399, "2020-03-20"),
        (1400, "2021-03-21"),
        (1403, "2024-03-20"),
        (1404, "2025-03-21"),
        (1408, "2029-03-20"),
        (1409, "2030-03-21"),
    ] {
        let date = to_gregorian(year, 1, 1).map(|date| date.to_string());
        assert_eq!(date.as_deref(), Some(expected), "{year}");
    }
    for (year, leap) in
        [(1395, true), (1399, true), (1402, false), (1403, true), (1407, false), (1408, true)]
    {
        assert_eq!(to_gregorian(year, 12, 30).is_some(), leap, "{year}");
    }
    assert_eq!(to_gregorian(1399, 13, 1), None);
    assert_eq!(to_gregorian(1399, 0, 1), None);
    assert_eq!(to_gregorian(1399, 7, 31), None);
}

/// Every day of every year that is read follows the day before it.
#[test]
fn solar_days_follow_each_other() {
    let mut last = None;
    for year in YEARS {
        for month in 1..=12 {
            for day in 1..=31 {
                let Some(date) = to_gregorian(year, month, day) else {
                    continue;
                };
                assert!(
                    last.is_none_or(|last: jiff::civil::Date| last.tomorrow().unwrap() == date)
                );
                last = Some(date);
            }
        }
    }
}
