//! Lines that are in their final form already.
//!
//! Takes a trimmed line; says whether patterns would see it as it is, and counts its words in the
//! same pass. A doubt is answered with no: the long way gives the same line.

use crate::model::sixteen;

/// The words of a trimmed line that is in its final form.
pub(super) fn words_if_plain(line: &[u8]) -> Option<u32> {
    words(line).ok()
}

/// The words of a trimmed line that is in its final form: single plain spaces, and no characters but
/// ASCII without controls and those of [`length`]. True for nearly every line of English text.
///
/// # Errors
/// Where the first byte of doubt stands.
pub(super) fn words(line: &[u8]) -> Result<u32, usize> {
    let mut words = 1;
    let (mut rest, mut done) = (line, 0);
    // Whether a space ended the block before, and how many bytes of a character reach out of it.
    let (mut before, mut overhang) = (0, 0);
    while !rest.is_empty() {
        let (block, behind) = rest.split_at_checked(64).unwrap_or((rest, &[]));
        let (mut spaces, mut odd) = (0, 0);
        sixteen::each(block, b'.', |done, bytes| {
            spaces |= bytes.is(b' ') << done;
            odd |= bytes.is_wide_or_below(b' ') << done;
        });
        let doubled = spaces & (spaces << 1 | before);
        // With a doubled space, only what stands before it is still to be looked at.
        odd &= u64::MAX << overhang & (doubled & doubled.wrapping_neg()).wrapping_sub(1);
        overhang = 0;
        while odd != 0 {
            let at = odd.trailing_zeros();
            let length = length(rest.get(at as usize..).unwrap_or_default());
            let end = at + length.ok_or(done + at as usize)?;
            overhang = end.saturating_sub(64);
            odd &= u64::MAX.checked_shl(end).unwrap_or(0);
        }
        if doubled != 0 {
            return Err(done + doubled.trailing_zeros() as usize);
        }
        words += spaces.count_ones();
        before = spaces >> 63;
        (rest, done) = (behind, done + 64);
    }
    Ok(words)
}

/// The length of the character that some bytes begin with, where it is one of those beyond ASCII that
/// are no white space and that normal form C never changes or joins: Latin and Cyrillic letters below
/// the combining marks, Han, dashes, quotes, ellipses, signs of currencies, and geometric marks.
fn length(bytes: &[u8]) -> Option<u32> {
    match bytes {
        [0xC2, 0xA1..=0xBF, ..] | [0xC3..=0xCB | 0xD0 | 0xD1, 0x80..=0xBF, ..] => Some(2),
        [0xE2, 0x80, 0x90..=0xA7, ..]
        | [0xE2, 0x82, 0xA0..=0xBF, ..]
        | [0xE2, 0x96..=0x9C, 0x80..=0xBF, ..]
        | [0xE4..=0xE9, 0x80..=0xBF, 0x80..=0xBF, ..] => Some(3),
        _ => None,
    }
}

/// Whether neither end of a line can be white space, or a mark of width zero.
pub(super) fn has_solid_ends(line: &[u8]) -> bool {
    let solid_start = matches!(
        line,
        [b'!'..=b'~' | 0xC3..=0xCB | 0xD0 | 0xD1, ..] | [0xE2, 0x80, 0x90..=0xA7, ..]
    );
    let solid_end = matches!(
        line,
        [.., b'!'..=b'~']
            | [.., 0xC3..=0xCB | 0xD0 | 0xD1, 0x80..=0xBF]
            | [.., 0xE2, 0x80, 0x90..=0xA7]
    );
    solid_start && solid_end
}

#[cfg(test)]
mod tests {
    use unicode_normalization::{IsNormalized, is_nfc_quick};

    use super::*;

    #[test]
    fn plain_characters_stay_as_they_are() {
        let mut plain = 0;
        for character in '\u{80}'..='\u{FFFF}' {
            let text = character.to_string();
            if length(text.as_bytes()).is_some() {
                assert_eq!(is_nfc_quick(text.chars()), IsNormalized::Yes, "{text}");
                assert_eq!(unicode_normalization::char::canonical_combining_class(character), 0);
                assert!(!character.is_whitespace(), "{text}");
                assert_eq!(length(text.as_bytes()), Some(u32::try_from(text.len()).unwrap()));
                plain += 1;
            }
            let ends = has_solid_ends(text.as_bytes());
            let is_mark = matches!(character, '\u{200B}' | '\u{FEFF}' | '\u{2060}');
            assert!(!ends || !(character.is_whitespace() || is_mark), "{text}");
        }
        assert_eq!(plain, 31 + 9 * 64 + 2 * 64 + 24 + 32 + 7 * 64 + 6 * 64 * 64);
    }

    #[test]
    fn words_of_plain_lines_are_counted_at_every_seam() {
        let text = "“Élan” – the OLD harbour’s « Жук » 100 ° and so on, ".repeat(4);
        for start in (0..70).filter(|start| text.is_char_boundary(*start)) {
            for end in (start..text.len()).filter(|end| text.is_char_boundary(*end)) {
                let line = text.get(start..end).unwrap();
                let spaces = line.matches(' ').count();
                assert_eq!(words(line.as_bytes()).unwrap() as usize, spaces + 1);
            }
        }
        for end in 0..140 {
            for odd in ["\u{a0}", "\u{301}", "\t", "가", "\u{200b}", "\u{2028}"] {
                for behind in ["", "\u{301}", " x", "  x"] {
                    let line = format!("{}{odd}{behind}", "x".repeat(end));
                    assert_eq!(words(line.as_bytes()), Err(end), "{line}");
                }
            }
            for behind in ["", "x", " x", "\u{301}"] {
                let line = format!("{}  {behind}", "x".repeat(end));
                assert_eq!(words(line.as_bytes()), Err(end + 1), "{line}");
            }
        }
    }
}
