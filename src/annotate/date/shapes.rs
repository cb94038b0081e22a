//! Shapes that numbers and marks make together: a numeric date, a time of day, an offset.
//!
//! Responsible for telling `2020.05.11` from `192.168.1.10` and `10:00-05:00` from a range. It must never
//! decide what is day and what is month. Each `read_` takes the tokens from a place on, gives the shape and
//! the tokens after it.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

use crate::annotate::date::names::Word;
use crate::annotate::date::token::{Kind, Token};

/// Largest offset in use, UTC+14, in hours.
const MAX_OFFSET_HOURS: u32 = 14;

/// A number with its number of digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Numeral {
    /// The value.
    pub(super) value: u32,
    /// Number of digits.
    pub(super) width: u8,
}

/// A time of day as written, before morning and afternoon are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Clock {
    /// Hour.
    pub(super) hour: u32,
    /// Minute.
    pub(super) minute: u32,
    /// Second, when written; a fraction is dropped.
    pub(super) second: Option<u32>,
}

/// `2020-09-26`, `09/25/2020`, `25.09.2020`, `2020. 5. 11.`, `25 / 09 / 2020`, `5/9/20`.
pub(super) fn read_triple(rest: &[Token]) -> Option<([Numeral; 3], &[Token])> {
    let [a, mark, b, second_mark, c, tail @ ..] = rest else {
        return None;
    };
    let (Kind::Mark(sign), Kind::Mark(second_sign)) = (mark.kind, second_mark.kind) else {
        return None;
    };
    let triple = [numeral(a)?, numeral(b)?, numeral(c)?];
    let all_glued = mark.glued && b.glued && second_mark.glued && c.glued;
    let joined = match sign {
        '-' => all_glued,
        '.' => mark.glued && second_mark.glued,
        '/' => true,
        _ => false,
    };
    let widths = triple.map(|numeral| numeral.width);
    let shaped = matches!(widths, [4, 1..=2, 1..=2] | [1..=2, 1..=2, 4 | 2]);
    // A fourth number makes it an address or a version: `192.168.1.10`.
    let longer = matches!(tail, [Token { kind: Kind::Mark(third), glued: true },
        Token { kind: Kind::Number { .. }, glued: true }, ..] if *third == sign);
    (sign == second_sign && joined && shaped && !longer).then_some((triple, tail))
}

/// `2020-05`, but not `2010-11`, which is as often a season.
pub(super) fn read_year_month(rest: &[Token]) -> Option<((u32, u32), &[Token])> {
    let [year, Token { kind: Kind::Mark('-'), glued: true }, month, tail @ ..] = rest else {
        return None;
    };
    let (year, month) = (numeral(year)?, numeral(month).filter(|_| month.glued)?);
    let fits = year.width == 4 && month.width == 2 && (year.value + 1) % 100 != month.value;
    (fits && !goes_on(tail, '-')).then_some(((year.value, month.value), tail))
}

/// A time of day. `cued`: a word before says that one follows, so that `16.30` is read.
pub(super) fn read_clock(rest: &[Token], cued: bool) -> Option<(Clock, &[Token])> {
    let (first, tail) = rest.split_first()?;
    let hour = numeral(first).filter(|hour| hour.width <= 2)?.value;
    let (next, after) = tail.split_first()?;
    match next.kind {
        Kind::Mark(':') if next.glued => read_minutes(hour, after),
        // `kl. 16.30`, `16.30 Uhr`.
        Kind::Mark('.') if next.glued => {
            let (minute, after) = after.split_first()?;
            let minute = two_digits(minute)?;
            let is_time = cued || after.first().is_some_and(|token| is_word(token, Word::Oclock));
            (is_time && !goes_on(after, '.')).then_some((clock(hour, minute), after))
        }
        Kind::Word(Word::Oclock) => Some(read_after_oclock(hour, after)),
        // `5 PM`; the word itself is read next.
        Kind::Word(Word::Afternoon(_)) => Some((clock(hour, 0), tail)),
        Kind::Mark(_) | Kind::Word(_) | Kind::Number { .. } => None,
    }
}

/// `16:30`, `16:30:05`, `16:30:05.250`, after the first colon.
fn read_minutes(hour: u32, tail: &[Token]) -> Option<(Clock, &[Token])> {
    let (minute, tail) = tail.split_first()?;
    let minute = two_digits(minute)?;
    if !goes_on(tail, ':') {
        return Some((clock(hour, minute), tail));
    }
    let [_, second, tail @ ..] = tail else {
        return None;
    };
    let second = Some(two_digits(second)?);
    (!goes_on(tail, ':')).then_some((Clock { hour, minute, second }, skip_fraction(tail)))
}

/// `16h30`, `16時30分`, `16 h 30`, `16 h`, after the word.
fn read_after_oclock(hour: u32, tail: &[Token]) -> (Clock, &[Token]) {
    // A number apart may be the day: `16 h 30 mai 2020`.
    if let Some((minute, after)) = tail.split_first()
        && (minute.glued || after.is_empty())
        && let Some(minute) = two_digits_of(minute)
    {
        return (clock(hour, minute), after);
    }
    (clock(hour, 0), tail)
}

fn clock(hour: u32, minute: u32) -> Clock {
    Clock { hour, minute, second: None }
}

fn is_word(token: &Token, word: Word) -> bool {
    token.kind == Kind::Word(word)
}

/// `+03:00`, `+0300`, `+3`, after the sign; minutes.
pub(super) fn read_offset(tail: &[Token]) -> Option<(i32, &[Token])> {
    let [first, tail @ ..] = tail else {
        return None;
    };
    let first_numeral = numeral(first).filter(|_| first.glued)?;
    let (hours, minutes, tail) = match (first_numeral.width, tail) {
        (1 | 2, [Token { kind: Kind::Mark(':'), glued: true }, minute, tail @ ..]) => {
            (first_numeral.value, two_digits(minute)?, tail)
        }
        (1 | 2, _) => (first_numeral.value, 0, tail),
        (4, _) => (first_numeral.value / 100, first_numeral.value % 100, tail),
        _ => return None,
    };
    let total = i32::try_from(hours * 60 + minutes).ok()?;
    (hours <= MAX_OFFSET_HOURS && minutes < 60).then_some((total, tail))
}

/// Whether one more of the same mark and number follow.
fn goes_on(tail: &[Token], mark: char) -> bool {
    matches!(tail, [Token { kind: Kind::Mark(next), glued: true },
        Token { kind: Kind::Number { .. }, glued: true }, ..] if *next == mark)
}

/// Drops `.250` and `,250`.
fn skip_fraction(tail: &[Token]) -> &[Token] {
    match tail {
        [
            Token { kind: Kind::Mark('.' | ','), glued: true },
            Token { kind: Kind::Number { width, .. }, glued: true },
            after @ ..,
        ] if *width != 4 => after,
        _ => tail,
    }
}

fn numeral(token: &Token) -> Option<Numeral> {
    match token.kind {
        Kind::Number { value, width } => Some(Numeral { value, width }),
        Kind::Word(_) | Kind::Mark(_) => None,
    }
}

/// A number of two digits right after the mark before it.
fn two_digits(token: &Token) -> Option<u32> {
    token.glued.then(|| two_digits_of(token)).flatten()
}

fn two_digits_of(token: &Token) -> Option<u32> {
    numeral(token).filter(|numeral| numeral.width == 2).map(|numeral| numeral.value)
}
