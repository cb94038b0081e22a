//! Flattened text → [`Document`]: one line, one block.
//!
//! Takes decoded text; gives blocks whose text is trimmed, with white space and no-break spaces
//! collapsed to one space, in NFC. Lines of white space are counted, not kept. A capture whose
//! paragraphs are wrapped at a constant width is unwrapped.

use std::borrow::Cow;

use memchr::memchr;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::plain;
use crate::model::document::{Block, BlockKind, Document, Glue, words};

/// Narrowest and widest column at which paragraphs are taken to be wrapped: mail and Usenet wrap
/// at 65 to 80, terminals at up to 132; below 40 it is a column of short lines, not a wrap.
const WRAP_COLUMNS: std::ops::RangeInclusive<usize> = 40..=132;

/// Fewest pairs of adjacent lines from which a wrap can be told.
const WRAP_MIN_PAIRS: usize = 6;

/// Reads flattened text into blocks.
pub fn parse(text: &str) -> Document {
    let mut document =
        Document { text: String::with_capacity(text.len() + 16), ..Document::default() };
    document.blocks.reserve(text.len() / 40 + 8);
    let bytes = text.as_bytes();
    // Old Macintosh files end lines in a carriage return alone.
    let feed = if memchr(b'\n', bytes).is_none() { b'\r' } else { b'\n' };
    let (mut rest, mut number) = (text, 0_u32);
    let (mut blanks, mut spacers) = (0_u16, 0_u16);
    loop {
        let (line, behind) = match memchr(feed, rest.as_bytes()) {
            Some(end) => (rest.get(..end).unwrap_or_default(), rest.get(end + 1..)),
            None => (rest, None),
        };
        number = number.saturating_add(1);
        let start = document.text.len();
        let Pushed { indent, words } = push_line(&mut document.text, line);
        if words == 0 {
            // The last line feed of a file ends a line; it does not begin a blank one.
            if behind.is_some() || !line.is_empty() {
                blanks = blanks.saturating_add(1);
                spacers = spacers.saturating_add(u16::from(is_spacer(line)));
            }
        } else {
            let end = document.text.len();
            let text = document.text.get(start..end).unwrap_or_default();
            let kind = kind_of(text);
            document.text.push('\n');
            document.blocks.push(Block {
                start: u32::try_from(start).unwrap_or(u32::MAX),
                end: u32::try_from(end).unwrap_or(u32::MAX),
                line: number,
                lines: 1,
                blanks,
                spacers,
                words,
                indent,
                kind,
                glue: Glue::Paragraph,
            });
            (blanks, spacers) = (0, 0);
        }
        match behind {
            Some(behind) => rest = behind,
            None => break,
        }
    }
    document.blanks_at_end = blanks;
    match wrap_column(&document) {
        Some(column) => unwrap_lines(&document, column),
        None => document,
    }
}

/// A line of white space that is more than an empty line: the trace of an empty element.
fn is_spacer(line: &str) -> bool {
    !line.is_empty() && line != "\r"
}

/// White space in the sense of patterns: Unicode's, and the marks of width zero.
fn is_space(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{200B}' | '\u{FEFF}' | '\u{2060}')
}

/// A line that was appended.
#[derive(Debug, Clone, Copy, Default)]
struct Pushed {
    /// Columns of white space before it.
    indent: u8,
    /// Its words; none where it was blank.
    words: u32,
}

/// Appends a line in the form that patterns see.
fn push_line(into: &mut String, line: &str) -> Pushed {
    if line.is_empty() {
        return Pushed::default();
    }
    let from_text = line.trim_ascii_start();
    let trimmed = from_text.trim_ascii_end();
    // Outside ASCII, white space may still stand at the edges.
    let (trimmed, indent) = if plain::has_solid_ends(trimmed.as_bytes()) {
        (trimmed, line.len() - from_text.len())
    } else {
        let indent = line.chars().take_while(|character| is_space(*character)).count();
        (line.trim_matches(is_space), indent)
    };
    if trimmed.is_empty() {
        return Pushed::default();
    }
    let start = into.len();
    let words = match plain::words(trimmed.as_bytes()) {
        Ok(words) => {
            into.push_str(trimmed);
            words
        }
        Err(doubt) => {
            push_spaced(into, trimmed, doubt);
            let words = words(into.get(start..).unwrap_or_default());
            u32::try_from(words).unwrap_or(u32::MAX)
        }
    };
    Pushed { indent: u8::try_from(indent).unwrap_or(u8::MAX), words }
}

/// Appends a line that is plain but for its white space, up to what is in doubt at byte `doubt`.
/// Falls back on the long way for all else.
fn push_spaced(into: &mut String, line: &str, mut doubt: usize) {
    let start = into.len();
    let mut rest = line;
    while let Some((before, behind)) = rest.split_at_checked(doubt) {
        let next = behind.trim_start_matches([' ', '\t', '\u{A0}']);
        if next.len() == behind.len() {
            break;
        }
        into.push_str(before.trim_end_matches(' '));
        into.push(' ');
        rest = next;
        match plain::words(rest.as_bytes()) {
            Ok(_) => return into.push_str(rest),
            Err(next) => doubt = next,
        }
    }
    into.truncate(start);
    push_words(into, &nfc(line));
}

fn push_words(into: &mut String, line: &str) {
    let mut words = line.split(char::is_whitespace).filter(|word| !word.is_empty());
    into.push_str(words.next().unwrap_or_default());
    for word in words {
        into.push(' ');
        into.push_str(word);
    }
}

/// The line in Unicode's normal form C; borrowed where it is so already.
pub(super) fn nfc(line: &str) -> Cow<'_, str> {
    if is_nfc_quick(line.chars()) == IsNormalized::Yes {
        Cow::Borrowed(line)
    } else {
        Cow::Owned(line.nfc().collect())
    }
}

/// Bullet and list number: `• one`, `- one`, `2. two`, `3) three`. A dash that also ends the line
/// is a sub-heading, and a long dash begins speech in many languages.
fn kind_of(line: &str) -> BlockKind {
    let mut characters = line.chars();
    let item = match characters.next() {
        Some('•' | '◦' | '▪' | '▫' | '‣' | '●' | '○' | '■' | '□' | '*' | '-' | '+') => {
            matches!(characters.next(), Some(' ') | None) && !line.ends_with(" -")
        }
        Some('0'..='9') => {
            let rest = line.trim_start_matches(|digit: char| digit.is_ascii_digit());
            line.len() - rest.len() <= 3 && (rest.starts_with(". ") || rest.starts_with(") "))
        }
        _ => false,
    };
    if item { BlockKind::ListItem } else { BlockKind::Paragraph }
}

/// Whether block `index` can be the continuation of the block before it.
fn continues(document: &Document, index: usize) -> bool {
    let Some(above) = index.checked_sub(1).and_then(|above| document.blocks.get(above)) else {
        return false;
    };
    document.blocks.get(index).is_some_and(|block| {
        block.blanks == 0
            && block.kind == BlockKind::Paragraph
            && (above.kind == BlockKind::ListItem || above.indent == block.indent)
    })
}

/// Whether the first word of block `index` had no room at the end of the line above.
fn did_not_fit(document: &Document, index: usize, column: usize) -> bool {
    let above = document.block_text(index.saturating_sub(1)).chars().count();
    let word = document.block_text(index).split(' ').next().unwrap_or_default().chars().count();
    above + 1 + word > column
}

/// The column at which the capture's paragraphs were wrapped, if they were: in at least 8 of 10
/// pairs of adjacent lines the next word had no room, and such pairs are half of all lines.
fn wrap_column(document: &Document) -> Option<usize> {
    let longest = document.blocks.iter().map(|block| block.end - block.start).max()?;
    // In bytes, so at least as long as in characters, at most four times as long.
    if longest as usize > 4 * WRAP_COLUMNS.end() {
        return None;
    }
    let pairs: Vec<usize> =
        (1..document.blocks.len()).filter(|index| continues(document, *index)).collect();
    if pairs.len() < WRAP_MIN_PAIRS || pairs.len() * 2 < document.blocks.len() {
        return None;
    }
    let column = document.text.lines().map(|line| line.chars().count()).max()?;
    let full = pairs.iter().filter(|index| did_not_fit(document, **index, column)).count();
    (WRAP_COLUMNS.contains(&column) && full * 10 >= pairs.len() * 8).then_some(column)
}

/// Joins the lines of wrapped paragraphs with a space.
fn unwrap_lines(wrapped: &Document, column: usize) -> Document {
    let mut document = Document {
        text: String::with_capacity(wrapped.text.len()),
        blanks_at_end: wrapped.blanks_at_end,
        markup: None,
        blocks: Vec::with_capacity(wrapped.blocks.len()),
    };
    for (index, block) in wrapped.blocks.iter().enumerate() {
        let joins = continues(wrapped, index) && did_not_fit(wrapped, index, column);
        match document.blocks.last_mut() {
            Some(above) if joins => {
                document.text.pop();
                document.text.push(' ');
                document.text.push_str(wrapped.block_text(index));
                above.end = u32::try_from(document.text.len()).unwrap_or(u32::MAX);
                above.lines += 1;
                above.words += block.words;
            }
            _ => {
                let start = u32::try_from(document.text.len()).unwrap_or(u32::MAX);
                document.text.push_str(wrapped.block_text(index));
                let end = u32::try_from(document.text.len()).unwrap_or(u32::MAX);
                document.blocks.push(Block { start, end, ..*block });
            }
        }
        document.text.push('\n');
    }
    document
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(&str, u32, u16, u16)]) {
        let document = parse(text);
        let found: Vec<_> = document
            .blocks
            .iter()
            .enumerate()
            .map(|(index, block)| {
                (document.block_text(index), block.line, block.blanks, block.spacers)
            })
            .collect();
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn lines_are_trimmed_collapsed_and_counted() {
        check("", &[]);
        check("one\n", &[("one", 1, 0, 0)]);
        check(
            "  one\u{a0}\u{a0}two \n\n\u{a0}\nthree",
            &[("one two", 1, 0, 0), ("three", 4, 2, 1)],
        );
        check("a\r\n\r\nb\r\n", &[("a", 1, 0, 0), ("b", 3, 1, 0)]);
        check("a\rb", &[("a", 1, 0, 0), ("b", 2, 0, 0)]);
        check("tab\there\u{3000}wide", &[("tab here wide", 1, 0, 0)]);
        check("e\u{301}t\u{e9}", &[("\u{e9}t\u{e9}", 1, 0, 0)]);
        check("\u{200b}zero", &[("zero", 1, 0, 0)]);
        check("a \u{a0} b\u{a0}\t\u{a0}c", &[("a b c", 1, 0, 0)]);
        check("one\ttwo\u{a0}\u{2003}e\u{301}", &[("one two \u{e9}", 1, 0, 0)]);
        check("\u{b}\u{feff}mark", &[("mark", 1, 0, 0)]);
    }

    #[test]
    fn blank_lines_at_the_end_are_counted_without_the_last_line_feed() {
        assert_eq!(parse("a\n").blanks_at_end, 0);
        assert_eq!(parse("a\n\n \n").blanks_at_end, 2);
        assert_eq!(parse("a\n ").blanks_at_end, 1);
    }

    #[test]
    fn bullets_and_numbers_are_list_items() {
        for line in ["• one", "- one", "2. two", "3) three", "•"] {
            assert_eq!(kind_of(line), BlockKind::ListItem, "{line}");
        }
        for line in ["– dashes –", "2020. a year", "1.5 litres", "-5 degrees", "- head -"] {
            assert_eq!(kind_of(line), BlockKind::Paragraph, "{line}");
        }
    }

    #[test]
    fn wrapped_paragraphs_are_unwrapped() {
        let words =
            "the ferry left the old harbour at noon with forty crates of pears and a brass band ";
        let long = words.repeat(12);
        let mut wrapped = String::new();
        let mut width = 0;
        for word in long.split_whitespace() {
            if width + word.len() + 1 > 72 {
                wrapped.push('\n');
                width = 0;
            } else if width > 0 {
                wrapped.push(' ');
                width += 1;
            }
            wrapped.push_str(word);
            width += word.len();
        }
        let document = parse(&format!("{wrapped}\n\nShort end.\n"));
        assert_eq!(document.blocks.len(), 2);
        assert_eq!(document.block_text(0), long.trim());
        assert_eq!(document.block_text(1), "Short end.");
    }

    #[test]
    fn menus_are_not_unwrapped() {
        let menu = "Home\nNews and weather for today\nSports\nContact\nAbout the harbour office\nMaps\nShop\nLogin\n";
        assert_eq!(parse(menu).blocks.len(), 8);
    }
}
