//! Sorts the tokens of a date expression into its parts.
//!
//! Responsible for which parts may stand in one expression, and for the words among them. It must never decide what a day or a year is among bare numbers, nor whether the
//! date exists. Takes tokens, gives [`Parts`].

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

use crate::annotate::date::names::{Part, Unit, Word, Zone};
use crate::annotate::date::shapes::{
    Clock, Numeral, read_clock, read_offset, read_triple, read_year_month,
};
use crate::annotate::date::token::{Kind, Token};

/// The calendar and number of a named month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NamedMonth {
    /// Gregorian, 1 to 12.
    Gregorian(i8),
    /// Iranian solar, 1 to 12.
    Solar(i8),
}

/// What the tokens of one expression say.
#[derive(Debug, Default)]
pub(super) struct Parts {
    /// First bare number.
    pub(super) first: Option<Numeral>,
    /// Second bare number; a third refuses the expression.
    pub(super) second: Option<Numeral>,
    /// Month by its name.
    pub(super) month: Option<NamedMonth>,
    /// `mar` was met: a month if no other is there.
    pub(super) mar: bool,
    /// Three numbers between equal marks: `09/25/2020`.
    pub(super) triple: Option<[Numeral; 3]>,
    /// Year and month: `2020-05`.
    pub(super) year_month: Option<(u32, u32)>,
    /// Year, month and day by East Asian markers.
    pub(super) marked: [Option<u32>; 3],
    /// Time of day.
    pub(super) clock: Option<Clock>,
    /// Morning or afternoon.
    pub(super) afternoon: Option<bool>,
    /// Zone.
    pub(super) zone: Option<Zone>,
    /// Day of the week, 1 is Monday.
    pub(super) weekday: Option<i8>,
    /// `today`, `yesterday`.
    pub(super) days_back: Option<i8>,
    /// A `T` stands between date and time.
    stamp: bool,
}

/// Sorts tokens; `None` when they cannot be one date.
pub(super) fn collect(tokens: &[Token]) -> Option<Parts> {
    let mut parts = Parts::default();
    let mut rest = tokens;
    let mut cued = false;
    while let Some((first, tail)) = rest.split_first() {
        rest = match first.kind {
            Kind::Number { value, width } => {
                let numeral = Numeral { value, width };
                parts.number(numeral, rest, tail, std::mem::take(&mut cued))?
            }
            Kind::Word(word) => {
                cued = word == Word::TimeCue;
                parts.word(word, tail)?
            }
            Kind::Mark(mark) => parts.mark(mark, first.glued, tail)?,
        };
    }
    Some(parts)
}

impl Parts {
    /// Whether nothing but the named parts were found: no date in numbers or names.
    pub(super) fn has_no_date(&self) -> bool {
        self.first.is_none()
            && self.month.is_none()
            && !self.mar
            && self.triple.is_none()
            && self.year_month.is_none()
            && self.marked == [None; 3]
    }

    fn number<'t>(
        &mut self,
        numeral: Numeral,
        rest: &'t [Token],
        tail: &'t [Token],
        cued: bool,
    ) -> Option<&'t [Token]> {
        if let Some((triple, tail)) = read_triple(rest) {
            return set(&mut self.triple, triple).map(|()| skip_common_era(tail));
        }
        if let Some((pair, tail)) = read_year_month(rest) {
            return set(&mut self.year_month, pair).map(|()| tail);
        }
        if let Some((clock, tail)) = read_clock(rest, cued) {
            return set(&mut self.clock, clock).map(|()| tail);
        }
        if let [Token { kind: Kind::Word(Word::Part(part)), .. }, tail @ ..] = tail {
            let [year, month, day] = &mut self.marked;
            let slot = match part {
                Part::Year => year,
                Part::Month => month,
                Part::Day => day,
            };
            return set(slot, numeral.value).map(|()| tail);
        }
        if self.first.is_none() {
            self.first = Some(numeral);
        } else {
            set(&mut self.second, numeral)?;
        }
        Some(match tail {
            [Token { kind: Kind::Word(Word::Ordinal), .. }, after @ ..] => after,
            _ if numeral.width == 4 => skip_common_era(tail),
            _ => tail,
        })
    }

    fn word<'t>(&mut self, word: Word, tail: &'t [Token]) -> Option<&'t [Token]> {
        match word {
            Word::Month(month) => self.named(NamedMonth::Gregorian(month))?,
            Word::Solar(month) => self.named(NamedMonth::Solar(month))?,
            Word::Ago => self.named(NamedMonth::Gregorian(8))?,
            Word::Mar => self.mar = true,
            Word::TwoWordMonth(first, second) => {
                let [Token { kind: Kind::Word(Word::Second(is_second)), .. }, after @ ..] = tail
                else {
                    return None;
                };
                self.named(NamedMonth::Gregorian(if *is_second { second } else { first }))?;
                return Some(after);
            }
            Word::Weekday(day) => self.weekday = Some(day),
            Word::Afternoon(afternoon) => set(&mut self.afternoon, afternoon)?,
            Word::DaysBack(days) => set(&mut self.days_back, days)?,
            Word::Zone(offset) => set(&mut self.zone, offset)?,
            Word::Unit(unit, _) => self.unit(unit, tail)?,
            Word::Oclock => self.clock.map(|_| ())?,
            Word::Stamp => {
                self.triple?;
                self.stamp = true;
            }
            Word::Of => self.first.filter(|_| self.month.is_none()).map(|_| ())?,
            Word::A | Word::Joiner | Word::TimeCue => {}
            Word::An
            | Word::One
            | Word::Pair(_)
            | Word::Past
            | Word::Last
            | Word::Just
            | Word::Now
            | Word::Moment
            | Word::Ordinal
            | Word::Part(_)
            | Word::Second(_) => return None,
        }
        Some(tail)
    }

    /// Iraqi pages name the month twice ("كانون الثاني/يناير"), so the same month again is no fault.
    fn named(&mut self, month: NamedMonth) -> Option<()> {
        if self.month == Some(month) {
            return Some(());
        }
        set(&mut self.month, month)
    }

    /// Units that are mere company of a date: `saat 16:30`, `dnia 5 maja`, `5 мая 2020 года`, `عام 2020`.
    fn unit(&self, unit: Unit, tail: &[Token]) -> Option<()> {
        let next_width = match tail {
            [Token { kind: Kind::Number { width, .. }, .. }, ..] => *width,
            _ => 0,
        };
        let fits = match unit {
            Unit::Hour => next_width > 0,
            Unit::Day => self.has_no_date(),
            Unit::Year => {
                let year = |numeral: Option<Numeral>| numeral.is_some_and(|n| n.width == 4);
                next_width == 4 || self.triple.is_some() || year(self.first) || year(self.second)
            }
            Unit::Second | Unit::Minute | Unit::Week | Unit::Month => false,
        };
        fits.then_some(())
    }

    /// A plus or minus sign opens an offset after a time; a hyphen may also just join date and time.
    fn mark<'t>(&mut self, mark: char, glued: bool, tail: &'t [Token]) -> Option<&'t [Token]> {
        if !matches!(mark, '+' | '-' | '−') {
            return Some(tail);
        }
        let after_zone = self.zone == Some(Zone::Minutes(0));
        // `10:00-12:00` is a range, `10:00:00-05:00`, `T10:00-05:00` and `10:00 -0500` are offsets.
        let is_offset = match self.clock {
            _ if after_zone => true,
            Some(clock) => mark != '-' || !glued || self.stamp || clock.second.is_some(),
            None => false,
        };
        if is_offset && let Some((minutes, after)) = read_offset(tail) {
            if self.zone.is_some() && !after_zone {
                return None;
            }
            self.zone = Some(Zone::Minutes(if mark == '+' { minutes } else { -minutes }));
            return Some(after);
        }
        (mark == '-').then_some(tail)
    }
}

/// Fills an empty slot; `None` when it is taken.
pub(super) fn set<T>(slot: &mut Option<T>, value: T) -> Option<()> {
    if slot.is_some() {
        return None;
    }
    *slot = Some(value);
    Some(())
}

/// Arabic writes `2020م` for the common era; elsewhere `م` is the afternoon.
fn skip_common_era(tail: &[Token]) -> &[Token] {
    match tail {
        [Token { kind: Kind::Word(Word::Afternoon(true)), glued: true }, after @ ..] => after,
        _ => tail,
    }
}
