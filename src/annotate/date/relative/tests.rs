//! Cases of relative dates, with and without the moment of the fetch.

use crate::annotate::date::tests::{PLAIN, check};
use crate::model::date::DateOptions;

const RELATIVE: &[(&str, &str)] = &[
    ("21 hours ago", "2020-09-24T12:18+03:00"),
    ("5 minutes ago", "2020-09-25T09:13+03:00"),
    ("30 seconds ago", "2020-09-25T09:18+03:00"),
    ("an hour ago", "2020-09-25T08:18+03:00"),
    ("a minute ago", "2020-09-25T09:17+03:00"),
    ("one hour ago", "2020-09-25T08:18+03:00"),
    ("2h ago", "2020-09-25T07:18+03:00"),
    ("3d ago", "2020-09-22"),
    ("\u{b7} 3 days ago", "2020-09-22"),
    ("3 Days Ago", "2020-09-22"),
    ("a week ago", "2020-09-18"),
    ("2 weeks ago", "2020-09-11"),
    ("9 months ago", "2019-12"),
    ("last month", "2020-08"),
    ("2 years ago", "2018"),
    ("last year", "2019"),
    ("just now", "2020-09-25T09:18+03:00"),
    ("a moment ago", "2020-09-25T09:18+03:00"),
    ("yesterday", "2020-09-24"),
    ("Yesterday at 5:12 PM", "2020-09-24T17:12"),
    ("Yesterday, 17:12", "2020-09-24T17:12"),
    ("today at 9:00 AM", "2020-09-25T09:00"),
    ("Today 09:00 GMT", "2020-09-25T09:00Z"),
    // The fetch was on a Friday.
    ("Thursday at 5:12 PM", "2020-09-24T17:12"),
    ("Friday at 5:12 PM", "2020-09-18T17:12"),
    ("Saturday at 5:12 PM", "2020-09-19T17:12"),
    ("il y a 3 heures", "2020-09-25T06:18+03:00"),
    ("il y a une heure", "2020-09-25T08:18+03:00"),
    ("il y a 2 ans", "2018"),
    ("il y a un an", "2019"),
    ("Il y a 1 an", "2019"),
    ("hier à 17:12", "2020-09-24T17:12"),
    ("Aujourd\u{2019}hui à 9h05", "2020-09-25T09:05"),
    ("vor 2 Stunden", "2020-09-25T07:18+03:00"),
    ("vor einer Stunde", "2020-09-25T08:18+03:00"),
    ("vor 3 Tagen", "2020-09-22"),
    ("gestern um 17:12 Uhr", "2020-09-24T17:12"),
    ("vorgestern", "2020-09-23"),
    ("hace 3 días", "2020-09-22"),
    ("hace 1 hora", "2020-09-25T08:18+03:00"),
    ("ayer a las 17:12", "2020-09-24T17:12"),
    ("há 2 horas", "2020-09-25T07:18+03:00"),
    ("há um dia", "2020-09-24"),
    ("3 dias atrás", "2020-09-22"),
    ("3 часа назад", "2020-09-25T06:18+03:00"),
    ("час назад", "2020-09-25T08:18+03:00"),
    ("5 дней назад", "2020-09-20"),
    ("вчера в 17:12", "2020-09-24T17:12"),
    ("3 години тому", "2020-09-25T06:18+03:00"),
    ("3 saat önce", "2020-09-25T06:18+03:00"),
    ("dün 17:12", "2020-09-24T17:12"),
    ("منذ 3 ساعات", "2020-09-25T06:18+03:00"),
    ("منذ ٣ ساعات", "2020-09-25T06:18+03:00"),
    ("منذ ساعة", "2020-09-25T08:18+03:00"),
    ("منذ ساعتين", "2020-09-25T07:18+03:00"),
    ("قبل يومين", "2020-09-23"),
    ("أمس", "2020-09-24"),
    ("۳ ساعت پیش", "2020-09-25T06:18+03:00"),
    ("3 ore fa", "2020-09-25T06:18+03:00"),
    ("3 uur geleden", "2020-09-25T06:18+03:00"),
    ("3 godziny temu", "2020-09-25T06:18+03:00"),
    ("3 jam yang lalu", "2020-09-25T06:18+03:00"),
];

#[test]
fn relative_to_a_fetch() {
    check(&PLAIN, Some("2020-09-25T09:18:44+03:00"), RELATIVE);
    check(
        &PLAIN,
        Some("2020-09-25T09:18:44+03:00"),
        &[
            ("last week", "?"),
            ("days ago", "-"),
            ("3 5 days ago", "-"),
            ("0 days ago", "-"),
            ("9999 years ago", "~"),
            ("99999 days ago", "-"),
            ("last day", "-"),
            ("just", "-"),
            ("now", "-"),
            ("vor", "-"),
            ("5 ago", "?"),
        ],
    );
}

#[test]
fn relative_without_a_fetch_is_relative() {
    let unresolved: Vec<_> = RELATIVE.iter().map(|&(text, _)| (text, "~")).collect();
    check(&PLAIN, None, &unresolved);
    check(&PLAIN, Some("some day"), &unresolved);
    // A fetch of which only the day is known.
    let day = Some("2020-09-25");
    check(&PLAIN, day, &[("3 hours ago", "~"), ("3 days ago", "2020-09-22")]);
}

#[test]
fn relative_in_the_zone_of_the_site() {
    let options = DateOptions { order: None, zone_minutes: Some(180) };
    check(
        &options,
        Some("2020-09-25T22:30:00Z"),
        &[
            ("1 hour ago", "2020-09-26T00:30+03:00"),
            ("yesterday", "2020-09-25"),
            ("today at 0:30", "2020-09-26T00:30+03:00"),
        ],
    );
}
