//! Statistics over bytes of an unknown legacy encoding.
//!
//! Responsible for picking the bytes that the detector sees. Over a whole body detection took 60 % of all CPU
//! time of a trial, and the first 15 kB of a page are markup in ASCII that says nothing; so the sample is
//! [`SAMPLE_BYTES`] of the places that hold other than ASCII, spread over the body. It must never cut a
//! character: one broken character strikes an encoding from the detector's list. Takes bytes, gives an
//! encoding.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

use std::ops::Range;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, ISO_2022_JP};

/// Most bytes that the detector sees.
const SAMPLE_BYTES: usize = 16 * 1_024;

/// Pieces are about so long, so that a long body gives some thirty places.
const PIECE_BYTES: usize = 512;

/// A piece without any ASCII is no longer. Even, for in the two-byte encodings that cuts no character.
const LONGEST_PIECE_BYTES: usize = SAMPLE_BYTES / 4;

/// So much ASCII in a row ends a piece: longer stretches are markup.
const GAP_BYTES: usize = 32;

/// The encoding that the bytes look like; windows-1252 when the detector has no opinion.
pub(super) fn detect(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    for (index, piece) in sample(bytes).into_iter().enumerate() {
        // Pieces must not run into each other. After the last one nothing is fed, and `last` is not said: the
        // body may be cut inside a character.
        if index > 0 {
            detector.feed(b"\n", false);
        }
        detector.feed(bytes.get(piece).unwrap_or_default(), false);
    }
    detector.guess(None, Utf8Detection::Deny)
}

/// ISO-2022-JP, which is ASCII with escapes: `ESC $ B` opens two-byte text.
pub(super) fn escaped(text: &str) -> Option<&'static Encoding> {
    memchr::memchr(0x1b, text.as_bytes())?;
    let opens = text.contains("\u{1b}$B") || text.contains("\u{1b}$@");
    (opens && text.contains("\u{1b}(") && text.is_ascii()).then_some(ISO_2022_JP)
}

/// Pieces with other than ASCII, spread evenly over the body, [`SAMPLE_BYTES`] in all.
fn sample(bytes: &[u8]) -> Vec<Range<usize>> {
    let pieces = pieces(bytes);
    let total: usize = pieces.iter().map(Range::len).sum();
    if total <= SAMPLE_BYTES {
        return pieces;
    }
    let mut sample = Vec::new();
    let (mut seen, mut taken) = (0, 0);
    for piece in pieces {
        seen += piece.len();
        // Takes a piece whenever the sample lags behind its share of what was seen.
        let share = u64_of(seen) * u64_of(SAMPLE_BYTES) / u64_of(total).max(1);
        if u64_of(taken) < share && taken + piece.len() <= SAMPLE_BYTES {
            taken += piece.len();
            sample.push(piece);
        }
    }
    sample
}

fn u64_of(count: usize) -> u64 {
    count.try_into().unwrap_or(u64::MAX)
}

/// Cuts all places with other than ASCII into pieces.
fn pieces(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let mut from = 0;
    while let Some(start) = next_wide(bytes, from) {
        // The detector looks at the letter before, as in "n.º".
        let begin = back_to_boundary(bytes, start).max(from);
        let end = end_of_piece(bytes, start);
        pieces.push(begin..end);
        from = end;
    }
    pieces
}

/// Place of the next byte that is not ASCII.
fn next_wide(bytes: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    let ascii = Encoding::ascii_valid_up_to(rest);
    (ascii < rest.len()).then_some(from + ascii)
}

/// At most two ASCII bytes before the place.
fn back_to_boundary(bytes: &[u8], start: usize) -> usize {
    let before = bytes.get(start.saturating_sub(2)..start).unwrap_or_default();
    start - before.iter().rev().take_while(|byte| byte.is_ascii()).count()
}

/// End of the piece: after [`GAP_BYTES`] of ASCII, or after the first ASCII byte past [`PIECE_BYTES`].
///
/// The byte after an ASCII byte always begins a character: in the multi-byte encodings that are detected an
/// ASCII byte is a character or the last byte of one. (The second byte of four in gb18030 is the exception;
/// such characters are rare.) Without any ASCII the piece ends at [`LONGEST_PIECE_BYTES`].
fn end_of_piece(bytes: &[u8], start: usize) -> usize {
    let rest = bytes.get(start..).unwrap_or_default();
    let mut ascii = 0;
    for (length, byte) in (1..=LONGEST_PIECE_BYTES).zip(rest) {
        ascii = if byte.is_ascii() { ascii + 1 } else { 0 };
        if ascii == GAP_BYTES || (ascii > 0 && length >= PIECE_BYTES) {
            return start + length;
        }
    }
    start + rest.len().min(LONGEST_PIECE_BYTES)
}
