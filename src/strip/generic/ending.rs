//! How a line ends, and whether it shows a date or a time of day.
//!
//! Takes the body of a normalised line; gives small numbers. Reads no more than the last few
//! bytes for the ending, and never looks for dates in running text.

/// How a line ends, behind one closing mark. The numbers are values of a feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Ending {
    /// Any other mark.
    #[default]
    Mark = 0,
    FullStop,
    /// `!` and `?`.
    Outcry,
    Ellipsis,
    Colon,
    Comma,
    Letter,
    Digit,
    /// A closing bracket or quotation mark, with no end of a sentence before it.
    Closing,
    /// Marks of menus and trails: `›`, `→`, `|`, `>`.
    Arrow,
}

/// Stands for "there is no such line".
pub(super) const NO_LINE: u8 = 10;

impl Ending {
    /// How a line ends.
    pub(super) fn of(body: &str) -> Self {
        // Most lines.
        if body.as_bytes().last().is_some_and(u8::is_ascii_alphabetic) {
            return Self::Letter;
        }
        let inner = body.strip_suffix(['"', '\'', ')', ']', '”', '’', '»', '“']);
        let (text, closed) = inner.map_or((body, false), |inner| (inner, true));
        match text.chars().next_back() {
            None => Self::Closing,
            Some('…') => Self::Ellipsis,
            Some('.') if text.ends_with("...") => Self::Ellipsis,
            Some('.' | '。') => Self::FullStop,
            Some('!' | '?' | '！' | '？') => Self::Outcry,
            Some(_) if closed => Self::Closing,
            Some(':') => Self::Colon,
            Some(',' | ';') => Self::Comma,
            Some('0'..='9') => Self::Digit,
            Some('|' | '>' | '+' | '-' | '/' | '*' | '=' | '#' | '›' | '→' | '»' | '▾' | '▼') => {
                Self::Arrow
            }
            Some(other) if other.is_ascii() && !other.is_ascii_alphabetic() => Self::Mark,
            Some(_) => Self::Letter,
        }
    }

    /// Whether a sentence ends here.
    pub(super) fn is_sentence(self) -> bool {
        matches!(self, Self::FullStop | Self::Outcry | Self::Ellipsis)
    }
}

/// Whether a line shows a year of 1900 to 2099 (`May 2021`) or a time of day (`9:41`).
pub(super) fn is_dated(body: &[u8]) -> bool {
    let mut rest = body;
    // Digits of a run that is an hour (`9` of `9:41`) once its colon was read.
    let mut after_hour = false;
    while !rest.is_empty() {
        let length = rest.iter().take_while(|byte| is_word(**byte)).count();
        let (run, behind) = rest.split_at_checked(length).unwrap_or((rest, &[]));
        let digits = run.iter().all(u8::is_ascii_digit);
        match run {
            [b'1', b'9', _, _] | [b'2', b'0', _, _] if digits => return true,
            [_, _] if digits && after_hour => return true,
            _ => {}
        }
        after_hour = digits && matches!(run, [_] | [_, _]) && behind.first() == Some(&b':');
        rest = behind.get(1..).unwrap_or_default();
    }
    false
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings() {
        for (body, expected) in [
            ("The ferry left.", Ending::FullStop),
            ("渡し船は出た。", Ending::FullStop),
            ("“The ferry left!”", Ending::Outcry),
            ("(really?)", Ending::Outcry),
            ("Read on...", Ending::Ellipsis),
            ("Read on…", Ending::Ellipsis),
            ("Ferries (old)", Ending::Closing),
            ("»", Ending::Closing),
            ("Next »»", Ending::Closing),
            ("Next ›", Ending::Arrow),
            ("Next ▼", Ending::Arrow),
            ("Home |", Ending::Arrow),
            ("Ferries:", Ending::Colon),
            ("ferries,", Ending::Comma),
            ("Page 2", Ending::Digit),
            ("Ferries", Ending::Letter),
            ("Café", Ending::Letter),
            ("100 €", Ending::Letter),
            ("100 %", Ending::Mark),
        ] {
            assert_eq!(Ending::of(body), expected, "{body}");
        }
    }

    #[test]
    fn dates() {
        for body in ["May 2021", "(1999)", "at 9:41", "12:00:15", "2024-05-01"] {
            assert!(is_dated(body.as_bytes()), "{body}");
        }
        for body in ["", "May 1821", "x2021", "2021_a", "123:45", "9:413", "20210", "a:41", "9: 41"]
        {
            assert!(!is_dated(body.as_bytes()), "{body}");
        }
    }
}
