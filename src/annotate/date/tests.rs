//! Cases of `read`: text and what it is. `?` is ambiguous, `~` relative, `-` not a date.

use std::collections::BTreeMap;

use crate::annotate::date::{DateSource, FoundDate, Reading, names, read, solar, tables};
use crate::model::date::{DateOptions, DateOrder, Precision};

const PLAIN: DateOptions = DateOptions { order: None, zone_minutes: None };

fn shown(reading: Reading) -> String {
    match reading {
        Reading::Date(FoundDate { value, .. }) => value,
        Reading::Relative => "~".to_owned(),
        Reading::Ambiguous => "?".to_owned(),
        Reading::NotADate => "-".to_owned(),
    }
}

fn check(options: &DateOptions, fetched_at: Option<&str>, cases: &[(&str, &str)]) {
    let wrong: Vec<_> = cases
        .iter()
        .filter_map(|&(text, expected)| {
            let got = shown(read(text, options, fetched_at));
            (got != expected).then(|| format!("{text:?}: expected {expected}, got {got}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn english_forms() {
    check(
        &PLAIN,
        None,
        &[
            ("May 11, 2020", "2020-05-11"),
            ("SEPTEMBER 27, 2020", "2020-09-27"),
            ("11 May 2020", "2020-05-11"),
            ("11th of May, 2020", "2020-05-11"),
            ("May 1st, 2020", "2020-05-01"),
            ("Nov 17, 2017", "2017-11-17"),
            ("Sept. 3, 2019", "2019-09-03"),
            ("Sep 3 2019", "2019-09-03"),
            ("2020 May 11", "2020-05-11"),
            ("11-May-2020", "2020-05-11"),
            ("11/May/2020", "2020-05-11"),
            ("May 2020", "2020-05"),
            ("May, 2020", "2020-05"),
            ("September 2020", "2020-09"),
            ("July 19, 2020 16:30 GMT", "2020-07-19T16:30Z"),
            ("Jul 5, 2024 at 5:39 PM", "2024-07-05T17:39"),
            ("Jul 5, 2024 at 5:39\u{202f}PM", "2024-07-05T17:39"),
            ("Jul 5, 2024, 12:05 a.m.", "2024-07-05T00:05"),
            ("Jul 5, 2024, 12:05 P.M.", "2024-07-05T12:05"),
            ("Jul 5, 2024 5pm", "2024-07-05T17:00"),
            ("Jul 5, 2024 5 p. m.", "2024-07-05T17:00"),
            ("Jul 5, 2024 16:30 PM", "2024-07-05T16:30"),
            ("Wed Feb 5, 2020 3:04 pm", "2020-02-05T15:04"),
            ("Wednesday, 5 February 2020", "2020-02-05"),
            ("Mon, 05 Feb 2020 10:11:12 +0100", "2020-02-05T10:11:12+01:00"),
            ("30th March 2025, 16:26", "2025-03-30T16:26"),
            ("16:26, 30 March 2025", "2025-03-30T16:26"),
            ("30 March 2025 – 16:26", "2025-03-30T16:26"),
            ("30 March 2025 - 16:26", "2025-03-30T16:26"),
            ("March 30, 2025 | 4:26 pm", "2025-03-30T16:26"),
            ("May 5, 2020 10:30 EST", "2020-05-05T10:30-05:00"),
            ("May 5, 2020 10:30 AM EDT", "2020-05-05T10:30-04:00"),
            ("May 5, 2020 10:30 PDT", "2020-05-05T10:30-07:00"),
            ("May 5, 2020 10:30 CEST", "2020-05-05T10:30+02:00"),
            ("May 5, 2020 10:30 BST", "2020-05-05T10:30+01:00"),
            ("May 5, 2020 10:30 IST", "2020-05-05T10:30+05:30"),
            ("May 5, 2020 10:30 (GMT+3)", "2020-05-05T10:30+03:00"),
            ("May 5, 2020 10:30 UTC+3", "2020-05-05T10:30+03:00"),
            ("May 5, 2020 10:30 UTC-03:30", "2020-05-05T10:30-03:30"),
            ("May 5, 2020 10:30 +03:00", "2020-05-05T10:30+03:00"),
            ("May 5, 2020 10:30 -0500", "2020-05-05T10:30-05:00"),
            ("May 5, 2020 10:30 AM ET", "2020-05-05T10:30"),
            ("» Fri Aug 30, 2019 1:55 am", "2019-08-30T01:55"),
            ("December 19, 2025 @11:39PM", "2025-12-19T23:39"),
            ("10:19am 19 December 2025", "2025-12-19T10:19"),
            ("\"2020-05-11\",", "2020-05-11"),
            ("10/Oct/2000:13:55:36 -0700", "2000-10-10T13:55:36-07:00"),
            (
                "Wednesday, September 30th, 2020 at 10:11:12 PM (GMT+03:00)",
                "2020-09-30T22:11:12+03:00",
            ),
        ],
    );
}

#[test]
fn numeric_forms() {
    check(
        &PLAIN,
        None,
        &[
            ("2020-09-26 05:22", "2020-09-26T05:22"),
            (" 2020-09-26 05:22", "2020-09-26T05:22"),
            ("2020-09-26", "2020-09-26"),
            ("2020/09/26", "2020-09-26"),
            ("2020/9/6", "2020-09-06"),
            ("2020.09.26", "2020-09-26"),
            ("2020-05", "2020-05"),
            ("2020-09-26T05:22", "2020-09-26T05:22"),
            ("2020-09-26T05:22:10", "2020-09-26T05:22:10"),
            ("2020-09-26T05:22Z", "2020-09-26T05:22Z"),
            ("2020-09-26T05:22:10Z", "2020-09-26T05:22:10Z"),
            ("2020-09-26t05:22:10.250z", "2020-09-26T05:22:10Z"),
            ("2020-09-26T05:22:10.123456789Z", "2020-09-26T05:22:10Z"),
            ("2020-09-26T05:22:10,250+02:00", "2020-09-26T05:22:10+02:00"),
            ("2020-09-26T05:22-05:00", "2020-09-26T05:22-05:00"),
            ("2020-09-26T05:22:10+0530", "2020-09-26T05:22:10+05:30"),
            ("2020-09-26T05:22:10\u{2212}03:00", "2020-09-26T05:22:10-03:00"),
            ("2020-09-26T05:22:10+00:00", "2020-09-26T05:22:10Z"),
            ("2020-09-26 05:22:10 UTC", "2020-09-26T05:22:10Z"),
            ("09-25-2020 09:18 AM", "2020-09-25T09:18"),
            ("09/25/2020", "2020-09-25"),
            ("25/09/2020", "2020-09-25"),
            ("25.09.2020", "2020-09-25"),
            ("25. 09. 2020", "2020-09-25"),
            ("25.09.2020, 16:30", "2020-09-25T16:30"),
            ("25 / 09 / 2020", "2020-09-25"),
            ("9/27/2020 9:37", "2020-09-27T09:37"),
            ("9/27/2020 9:37 \u{2022}", "2020-09-27T09:37"),
            ("(09/27/2020)", "2020-09-27"),
            ("- 09/27/2020 |", "2020-09-27"),
            ("05/05/2020", "2020-05-05"),
            ("09/10/2020", "?"),
            ("9-10-2020", "?"),
            ("09.10.2020", "?"),
            ("3/4/20", "?"),
            ("25/12/20", "?"),
            ("2020년 5월 11일", "2020-05-11"),
            ("2020年5月11日", "2020-05-11"),
            ("2020年5月11日 16:30", "2020-05-11T16:30"),
            ("2020年5月11日 下午5:39", "2020-05-11T17:39"),
            ("2020年5月11日16時30分", "2020-05-11T16:30"),
            ("2020年5月11日(月曜日)", "2020-05-11"),
            ("2020年5月11日 月曜日", "2020-05-11"),
            ("2020年5月", "2020-05"),
            ("5月11日", "?"),
            ("2020. 5. 11.", "2020-05-11"),
            ("2020. 5. 11. 오후 5:39", "2020-05-11T17:39"),
            ("２０２０年５月１１日", "2020-05-11"),
            ("٢٠٢٠/٠٥/١١", "2020-05-11"),
            ("۲۰۲۰-۰۵-۱۱", "2020-05-11"),
        ],
    );
}

#[test]
fn other_languages() {
    check(
        &PLAIN,
        None,
        &[
            ("11. Mai 2020", "2020-05-11"),
            ("4. Jul 2012, 16:09", "2012-07-04T16:09"),
            ("Mo., 5. März 2018 um 16:30 Uhr", "2018-03-05T16:30"),
            ("am 5. März 2018", "2018-03-05"),
            ("5. Maerz 2018", "-"),
            ("5. März 2018, 16.30 Uhr", "2018-03-05T16:30"),
            ("5. Dez. 2018 um 16 Uhr", "2018-12-05T16:00"),
            ("le 3 février 2021", "2021-02-03"),
            ("le 3 FÉVRIER 2021", "2021-02-03"),
            ("le 3 fe\u{301}vrier 2021", "2021-02-03"),
            ("mardi 1er août 2023 à 16h30", "2023-08-01T16:30"),
            ("mar. 3 févr. 2021", "2021-02-03"),
            ("3 déc. 2021, 9 h", "2021-12-03T09:00"),
            ("3 de marzo de 2021", "2021-03-03"),
            ("miércoles, 3 de marzo de 2021 a las 18:05", "2021-03-03T18:05"),
            ("5 ago 2020", "2020-08-05"),
            ("mar 3 mar 2020", "2020-03-03"),
            ("3 de março de 2021 às 18:05", "2021-03-03T18:05"),
            ("quarta-feira, 3 de março de 2021", "2021-03-03"),
            ("15 set 2020 18h05", "2020-09-15T18:05"),
            ("martedì 3 marzo 2020, ore 16:30", "2020-03-03T16:30"),
            ("1º gennaio 2020", "2020-01-01"),
            ("zaterdag 3 augustus 2019 om 16:30 uur", "2019-08-03T16:30"),
            ("3 mrt 2019", "2019-03-03"),
            ("5 мая 2020 г., 16:30 МСК", "2020-05-05T16:30+03:00"),
            ("5 мая 2020 года", "2020-05-05"),
            ("Май 2020", "2020-05"),
            ("вт, 15 сентября 2020 в 10:05", "2020-09-15T10:05"),
            ("15 вересня 2020, 10:05", "2020-09-15T10:05"),
            ("11 Mayıs 2020 Pazartesi", "2020-05-11"),
            ("11 KASIM 2020 saat 16:30", "2020-11-11T16:30"),
            ("3 AĞUSTOS 2020", "2020-08-03"),
            ("5 HAZİRAN 2021", "2021-06-05"),
            ("5 października 2020, godz. 16:30", "2020-10-05T16:30"),
            ("dnia 5 maja 2020 roku", "2020-05-05"),
            ("Senin, 11 Mei 2020 pukul 10.30 WIB", "2020-05-11T10:30+07:00"),
            ("11. maj 2020 kl. 16.30", "2020-05-11T16:30"),
            ("11 مايو 2020", "2020-05-11"),
            ("11 مايو، 2020", "2020-05-11"),
            ("الاثنين ١١ مايو ٢٠٢٠", "2020-05-11"),
            ("يوم الإثنين 11 أيار 2020", "2020-05-11"),
            ("11 مايو 2020م الساعة 9:30 مساءً", "2020-05-11T21:30"),
            ("11 مايو 2020م 9:30", "2020-05-11T09:30"),
            ("11 مايو 2020 9:30 ص", "2020-05-11T09:30"),
            ("3 كانون الثاني 2020", "2020-01-03"),
            ("3 كانون الثاني/يناير 2020", "2020-01-03"),
            ("3 كانون الأول 2020", "2020-12-03"),
            ("15 تشرين الأول 2019", "2019-10-15"),
            ("15 تشرين الثاني 2019", "2019-11-15"),
            ("15 تشرين 2019", "-"),
            ("5 جانفي 2020", "2020-01-05"),
            ("آب 2020", "2020-08"),
            ("۵ ژانویه ۲۰۲۰", "2020-01-05"),
            ("۲۲ اردیبهشت ۱۳۹۹", "2020-05-11"),
            ("دوشنبه ۲۲ اردیبهشت ۱۳۹۹ ساعت ۱۶:۳۰", "2020-05-11T16:30"),
            ("سه شنبه ۱ فروردین ۱۴۰۰", "2021-03-21"),
            ("22 Bahman 1357", "1979-02-11"),
            ("30 اسفند 1398", "-"),
            ("30 اسفند 1399", "2021-03-20"),
            ("اردیبهشت ۱۳۹۹", "?"),
            ("22 May 1399", "-"),
        ],
    );
}

#[test]
fn traps() {
    check(
        &PLAIN,
        None,
        &[
            ("", "-"),
            ("   ", "-"),
            ("May we go", "-"),
            ("March", "-"),
            ("May", "-"),
            ("Mar", "-"),
            ("ago", "-"),
            ("Monday", "-"),
            ("12", "-"),
            ("2020", "-"),
            ("12,324", "-"),
            ("24,463 1,293 0", "-"),
            ("1600x900", "-"),
            ("3/4", "-"),
            ("10-11", "-"),
            ("2010-11", "-"),
            ("2019-20", "-"),
            ("2020-21", "-"),
            ("Version 7.1.0", "-"),
            ("7.1.0", "-"),
            ("192.168.1.1", "-"),
            ("10.20.20.20", "-"),
            ("2020-13-40", "-"),
            ("2020-02-30", "-"),
            ("30/02/2020", "-"),
            ("02/29/2021", "-"),
            ("31 April 2020", "-"),
            ("May 32, 2020", "-"),
            ("May 0, 2020", "-"),
            ("11 May 1899", "-"),
            ("11 May 2101", "-"),
            ("99/99/9999", "-"),
            ("555-12-3456", "-"),
            ("12-34-5678", "-"),
            ("16:30", "-"),
            ("5:12 PM", "-"),
            ("2:1", "-"),
            ("2020 16:30", "-"),
            ("May 2020 16:30", "-"),
            ("May 5, 2020 25:00", "-"),
            ("May 5, 2020 16:60", "-"),
            ("May 5, 2020 13:05 AM", "-"),
            ("May 5, 2020 10:00-12:00", "-"),
            ("May 5, 2020 10:00 - 12:00", "-"),
            ("May 5-7, 2020", "-"),
            ("May 5 - June 7, 2020", "-"),
            ("May 2020 - June 2020", "-"),
            ("May 5, 2020 May 6, 2020", "-"),
            ("$20 May 2020", "-"),
            ("20% May 2020", "-"),
            ("+5 May 2020", "-"),
            ("Posted May 5, 2020", "-"),
            ("The 3 of us", "-"),
            ("out of 5", "-"),
            ("317.559.2041", "-"),
            ("816-741-2000", "-"),
            ("2024-2026", "-"),
            ("March 23-26, 2026", "-"),
            ("May 5", "?"),
            ("5 May", "?"),
            ("May 11 at 5:12 PM", "?"),
            ("5 May 20", "?"),
            ("May 5 '20", "?"),
            ("5 May 99 99", "-"),
            ("99 May 98", "-"),
            ("May 5, 2020 and then it was that we all went home again by train", "-"),
            ("5 hours", "-"),
            ("5 min read", "-"),
            ("in 3 hours", "-"),
            ("once", "-"),
            ("5 EST", "-"),
            ("a", "-"),
            ("Share", "-"),
            ("Read more", "-"),
            ("...", "-"),
            ("//", "-"),
            ("1234567890123", "-"),
            ("00/00/0000", "-"),
            ("0000-00-00 00:00:00", "-"),
        ],
    );
}

#[test]
fn order_and_zone_of_the_site() {
    let mdy = DateOptions { order: Some(DateOrder::Mdy), zone_minutes: Some(180) };
    check(
        &mdy,
        None,
        &[
            ("09/10/2020", "2020-09-10"),
            ("9/10/2020 9:37", "2020-09-10T09:37+03:00"),
            ("9/10/2020 9:37 GMT", "2020-09-10T09:37Z"),
            ("9/10/2020 9:37 AM ET", "2020-09-10T09:37"),
            ("25/09/2020", "2020-09-25"),
            ("9/10/20", "2020-09-10"),
            ("9/10/68", "2068-09-10"),
            ("9/10/69", "1969-09-10"),
            ("25/12/20", "?"),
            ("9/10/5", "-"),
            ("5 May 20", "2020-05-05"),
            ("2020-05-11", "2020-05-11"),
        ],
    );
    let dmy = DateOptions { order: Some(DateOrder::Dmy), zone_minutes: Some(-210) };
    check(
        &dmy,
        None,
        &[
            ("09/10/2020", "2020-10-09"),
            ("09.10.20 16:30", "2020-10-09T16:30-03:30"),
            ("09/25/2020", "2020-09-25"),
        ],
    );
    let ymd = DateOptions { order: Some(DateOrder::Ymd), zone_minutes: Some(0) };
    check(
        &ymd,
        None,
        &[
            ("20/09/10", "2020-09-10"),
            ("20-09-10 16:30", "2020-09-10T16:30Z"),
            ("09/10/2020", "?"),
            ("20 May 11", "2020-05-11"),
        ],
    );
}

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

#[test]
fn precision_follows_the_text() {
    let fetched = Some("2020-09-25T09:18:44Z");
    for (text, precision) in [
        ("2 years ago", Precision::Year),
        ("May 2020", Precision::Month),
        ("May 11, 2020", Precision::Day),
        ("May 11, 2020 5 PM", Precision::Minute),
        ("2020-05-11T17:00:00Z", Precision::Second),
    ] {
        match read(text, &PLAIN, fetched) {
            Reading::Date(date) => assert_eq!(date.precision, precision, "{text}"),
            other => panic!("{text}: {other:?}"),
        }
    }
    assert!(Precision::Year < Precision::Second);
}

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
        let date = solar::to_gregorian(year, 1, 1).map(|date| date.to_string());
        assert_eq!(date.as_deref(), Some(expected), "{year}");
    }
    for (year, leap) in
        [(1395, true), (1399, true), (1402, false), (1403, true), (1407, false), (1408, true)]
    {
        assert_eq!(solar::to_gregorian(year, 12, 30).is_some(), leap, "{year}");
    }
    assert_eq!(solar::to_gregorian(1399, 13, 1), None);
    assert_eq!(solar::to_gregorian(1399, 0, 1), None);
    assert_eq!(solar::to_gregorian(1399, 7, 31), None);
}

/// Every day of every year that is read follows the day before it.
#[test]
fn solar_days_follow_each_other() {
    let mut last = None;
    for year in solar::YEARS {
        for month in 1..=12 {
            for day in 1..=31 {
                let Some(date) = solar::to_gregorian(year, month, day) else {
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

/// A table row must have a group for every month, weekday or unit, or words get the wrong number.
#[test]
fn tables_are_complete() {
    for (rows, groups) in tables::shapes() {
        for row in rows {
            assert_eq!(row.split('|').count(), groups, "{row}");
        }
    }
}

/// Two meanings of one word are a decision: they are listed here.
#[test]
fn words_with_two_meanings_are_known() {
    let mut meanings: BTreeMap<String, Vec<names::Word>> = BTreeMap::new();
    for (word, meaning) in tables::entries() {
        let known = meanings.entry(names::folded(word)).or_default();
        // Whether a unit is singular is no other meaning.
        let plain = |word| match word {
            names::Word::Unit(unit, _) => names::Word::Unit(unit, true),
            other => other,
        };
        if !known.iter().any(|&other| plain(other) == plain(meaning)) {
            known.push(meaning);
        }
    }
    let double: Vec<_> = meanings
        .iter()
        .filter(|(_, known)| known.len() > 1)
        .map(|(word, _)| word.as_str())
        .collect();
    assert_eq!(double, [""; 0]);
}

/// Shuffled pieces of dates: no panic, and every value reads back as itself.
#[test]
fn shuffled_pieces_read_back() {
    const PIECES: &[&str] = &[
        "May",
        "mar",
        "ago",
        "11",
        "5",
        "2020",
        "99",
        "31",
        "0",
        "/",
        "-",
        ".",
        ":",
        "10:30",
        "T",
        "Z",
        " ",
        " ",
        " ",
        "+03:00",
        "-",
        "+",
        "(",
        ")",
        "PM",
        "a.m.",
        "يناير",
        "كانون",
        "الثاني",
        "م",
        "اردیبهشت",
        "۱۳۹۹",
        "年",
        "月",
        "日",
        "hours",
        "days",
        "yesterday",
        "an",
        "a",
        "vor",
        "last",
        "month",
        "Monday",
        "at",
        "um",
        "h",
        "Uhr",
        "GMT",
        "ET",
        "th",
        ",",
        "09/25/2020",
        "2020-05-11",
        "30",
        "12",
        "seconds",
        "999999999",
    ];
    let mut state = 7_u64;
    let mut next = |limit: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % limit
    };
    let mut dates = 0;
    for _ in 0..300_000 {
        let text: String = (0..=next(7)).map(|_| PIECES[next(PIECES.len())]).collect();
        let options = DateOptions {
            order: [None, Some(DateOrder::Dmy)][next(2)],
            zone_minutes: [None, Some(i32::MAX), Some(-210)][next(3)],
        };
        let fetched = [None, Some("2020-09-25T09:18:44+03:00"), Some("2020-09-25")][next(3)];
        let Reading::Date(date) = read(&text, &options, fetched) else {
            continue;
        };
        // A huge zone prints a value that is none, a year alone and "2010-11" are no dates in a text.
        if options.zone_minutes == Some(i32::MAX) || date.precision <= Precision::Month {
            continue;
        }
        dates += 1;
        assert_eq!(
            read(&date.value, &PLAIN, None),
            Reading::Date(FoundDate { source: DateSource::Text, ..date }),
            "{text}"
        );
    }
    assert!(dates > 1_000, "{dates}");
}
