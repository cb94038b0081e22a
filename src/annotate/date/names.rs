//! The words of date expressions, in all languages at once.
//!
//! Responsible for saying what a single word can mean in a date. It must never see two words: what a word
//! means beside others is the matter of `parts` and `relative`. Takes a word folded by [`fold`], gives a
//! [`Word`].
//!
//! The tables are written as people write the words. They are folded once, at first use, by the same
//! [`fold`] that the text goes through, so `août`, `AOÛT` and `aout` meet in one key.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::annotate::date::tables::entries;

/// What a word can mean in a date expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// A Gregorian month, 1 to 12.
    Month(i8),
    /// A month of the Iranian solar calendar, 1 to 12.
    Solar(i8),
    /// The first word of a Levantine month of two words: `تشرين` (10, 11), `كانون` (12, 1).
    TwoWordMonth(i8, i8),
    /// The second word of such a month: false for `الأول`, true for `الثاني`.
    Second(bool),
    /// `mar`: March, or Tuesday in French, Spanish and Italian.
    Mar,
    /// `ago`: "before now", or August in Spanish, Portuguese and Italian.
    Ago,
    /// `an`: the English article, or the French year.
    An,
    /// `a`: the English article, or a preposition with its accent lost.
    A,
    /// The number one in words.
    One,
    /// A day of the week, 1 is Monday.
    Weekday(i8),
    /// Morning or afternoon; true is the afternoon.
    Afternoon(bool),
    /// A unit of time; the flag says that the form is singular, so that a missing number means one.
    Unit(Unit, bool),
    /// An Arabic dual: two of the unit.
    Pair(Unit),
    /// Stands after the hour and can be a unit too: `h`, `Uhr`, `uur`, `時`.
    Oclock,
    /// Makes the expression one about the past: `vor`, `hace`, `назад`.
    Past,
    /// A day counted back from the day of the fetch: 0 is today.
    DaysBack(i8),
    /// `last`, as in "last month".
    Last,
    /// `just`, of "just now".
    Just,
    /// `now`, of "just now".
    Now,
    /// `moment` and `moments`, of "a moment ago".
    Moment,
    /// A zone by its abbreviation.
    Zone(Zone),
    /// Ending of an ordinal number: `th`, `er`, `º`.
    Ordinal,
    /// Announces a time of day, so that `16.30` after it is one: `um`, `kl`, `alle`.
    TimeCue,
    /// The `T` of ISO 8601.
    Stamp,
    /// `年` and its like: which part of the date the number before it was.
    Part(Part),
    /// `of`, which stands after a day: "11th of May", not "out of 5" (`out` is October in Portuguese).
    Of,
    /// A word without a meaning of its own: `de`, `the`, `at`.
    Joiner,
}

/// What is known of a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Zone {
    /// Minutes east of UTC.
    Minutes(i32),
    /// A zone whose offset depends on the day, as `ET`.
    Unknown,
}

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// Seconds.
    Second,
    /// Minutes.
    Minute,
    /// Hours.
    Hour,
    /// Days.
    Day,
    /// Weeks.
    Week,
    /// Months.
    Month,
    /// Years.
    Year,
}

/// The part of a date that an East Asian marker names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// `年`, `년`.
    Year,
    /// `月`, `월`.
    Month,
    /// `日`, `일`, `号`.
    Day,
}

/// Meaning of a folded word, if it can stand in a date.
pub(super) fn meaning(folded: &str) -> Option<Word> {
    WORDS.get(folded).copied()
}

/// Folds one lower-case character for comparison; `None` drops it.
///
/// Accents go, because sites lose them and because they arrive in two encodings (`é` and `e` + U+0301).
/// Arabic letters that Persian and Arabic keyboards write differently become one (`ی`/`ي`, `ک`/`ك`,
/// `ة`/`ه`, and alef with and without hamza). Direction marks, vowel marks and joiners carry no meaning here.
pub(super) fn fold(c: char) -> Option<char> {
    if c.is_ascii() {
        return Some(c);
    }
    Some(match c {
        '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{640}' => return None,
        c if is_invisible(c) => return None,
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ą' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'è' | 'é' | 'ê' | 'ë' | 'ę' => 'e',
        'ğ' => 'g',
        'ì' | 'í' | 'î' | 'ï' | 'ı' => 'i',
        'ł' => 'l',
        'ñ' | 'ń' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' => 'o',
        'ś' | 'ş' | 'š' | 'ș' => 's',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        'ź' | 'ż' | 'ž' => 'z',
        'ё' => 'е',
        'й' => 'и',
        'ї' => 'і',
        'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
        'ی' | 'ى' | 'ئ' => 'ي',
        'ؤ' => 'و',
        'ک' => 'ك',
        'ة' | 'ۀ' => 'ه',
        other => other,
    })
}

/// Whether a character is a joiner, a direction mark or another sign that no reader sees.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

static WORDS: LazyLock<HashMap<String, Word>> = LazyLock::new(|| {
    let mut words = HashMap::with_capacity(1_024);
    for (word, meaning) in entries() {
        // The first row to claim a word keeps it; a test lists the words that are claimed twice.
        words.entry(folded(word)).or_insert(meaning);
    }
    words
});

/// A whole word in lower case, folded.
pub(super) fn folded(word: &str) -> String {
    word.chars().flat_map(char::to_lowercase).filter_map(fold).collect()
}
