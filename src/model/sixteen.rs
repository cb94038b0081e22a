//! Sixteen bytes of a text, classified at once.
//!
//! Takes bytes; gives masks with one bit per byte, the first byte lowest. Nothing here knows what
//! the classes are for.

use wide::i8x16;

/// Sixteen bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sixteen(i8x16);

impl Sixteen {
    /// Reads sixteen bytes.
    #[inline]
    pub(crate) fn new(bytes: [u8; 16]) -> Self {
        Self(i8x16::new(bytes.map(u8::cast_signed)))
    }

    /// Where this byte stands.
    #[inline]
    pub(crate) fn is(self, byte: u8) -> u64 {
        bits(self.0.simd_eq(splat(byte)))
    }

    /// Where either of these bytes stands.
    #[inline]
    pub(crate) fn is_either(self, one: u8, other: u8) -> u64 {
        bits(self.0.simd_eq(splat(one)) | self.0.simd_eq(splat(other)))
    }

    /// Where bytes stand that are no ASCII, or less than `byte`, which is.
    #[inline]
    pub(crate) fn is_wide_or_below(self, byte: u8) -> u64 {
        bits(self.0.simd_lt(splat(byte)))
    }

    /// Where bytes from `first` to `last` stand; both are ASCII, and neither 0 nor 127.
    #[inline]
    pub(crate) fn within(self, first: u8, last: u8) -> u64 {
        bits(self.within_lanes(first, last))
    }

    /// Where bytes of at least `byte` stand, which is beyond ASCII and not 128.
    #[inline]
    pub(crate) fn reaches(self, byte: u8) -> u64 {
        let is_wide = self.0.simd_lt(i8x16::splat(0));
        bits(self.0.simd_gt(splat(byte.wrapping_sub(1))) & is_wide)
    }

    /// Where ASCII letters stand.
    #[inline]
    pub(crate) fn is_letter(self) -> u64 {
        Self(self.0 | splat(0x20)).within(b'a', b'z')
    }

    /// Where bytes beyond ASCII stand.
    #[inline]
    pub(crate) fn is_wide(self) -> u64 {
        bits(self.0)
    }

    #[inline]
    fn within_lanes(self, first: u8, last: u8) -> i8x16 {
        let low = splat(first.wrapping_sub(1));
        let high = splat(last.wrapping_add(1));
        self.0.simd_gt(low) & self.0.simd_lt(high)
    }
}

#[inline]
fn splat(byte: u8) -> i8x16 {
    i8x16::splat(byte.cast_signed())
}

#[inline]
fn bits(lanes: i8x16) -> u64 {
    u64::from(lanes.to_bitmask())
}

/// The mask of a class over 64 bytes.
#[inline]
pub(crate) fn of_four(block: &[u8; 64], class: impl Fn(Sixteen) -> u64) -> u64 {
    let (chunks, _) = block.as_chunks::<16>();
    let masks = chunks.iter().map(|chunk| class(Sixteen::new(*chunk)));
    masks.zip([0, 16, 32, 48]).fold(0, |sum, (mask, shift)| sum | mask << shift)
}

/// Calls `each` with sixteen bytes after another of a block of a text, and the number of those before
/// them. What is missing from the last ones is filled up with `filler`.
#[inline]
pub(crate) fn each(block: &[u8], filler: u8, mut each: impl FnMut(u32, Sixteen)) {
    let (chunks, rest) = block.as_chunks::<16>();
    let mut done = 0;
    for chunk in chunks {
        each(done, Sixteen::new(*chunk));
        done += 16;
    }
    if !rest.is_empty() {
        each(done, Sixteen::new(filled(block, rest.len(), filler)));
    }
}

/// The last bytes of a block, 1 to 15, with a filler behind them.
#[inline]
fn filled(block: &[u8], count: usize, filler: u8) -> [u8; 16] {
    let fillers = u128::from_le_bytes([filler; 16]);
    // Overlapping reads of a fixed length, moved into place: no loop over bytes.
    let bytes = if let Some(last) = block.last_chunk::<16>() {
        u128::from_le_bytes(*last) >> (8 * (16 - count))
    } else if let (Some(first), Some(last)) = (block.first_chunk::<8>(), block.last_chunk::<8>()) {
        let behind = u128::from(u64::from_le_bytes(*last)) << (8 * (count - 8));
        u128::from(u64::from_le_bytes(*first)) | behind
    } else {
        u128::from(up_to_eight(block))
    };
    (bytes | fillers << (8 * count)).to_le_bytes()
}

/// Up to eight bytes, the first one lowest.
#[inline]
fn up_to_eight(bytes: &[u8]) -> u64 {
    let four = |bytes: &[u8; 4]| u64::from(u32::from_le_bytes(*bytes));
    match (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        (Some(first), Some(last)) => four(first) | four(last) << (8 * (bytes.len() - 4)),
        _ => bytes.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_those_of_single_bytes() {
        let all: Vec<u8> = (0..=255).collect();
        let mut at = 0;
        each(&all, 0, |done, sixteen| {
            for bit in 0..16 {
                let byte = all[done as usize + bit];
                let has = |mask: u64| mask >> bit & 1 == 1;
                assert_eq!(has(sixteen.is(b' ')), byte == b' ');
                assert_eq!(has(sixteen.is_either(9, 0xFF)), byte == 9 || byte == 0xFF);
                assert_eq!(has(sixteen.is_wide_or_below(b' ')), !(b' '..=0x7F).contains(&byte));
                assert_eq!(has(sixteen.within(b'0', b'9')), byte.is_ascii_digit());
                assert_eq!(has(sixteen.reaches(0xC3)), byte >= 0xC3);
                assert_eq!(has(sixteen.is_letter()), byte.is_ascii_alphabetic());
                assert_eq!(has(sixteen.is_wide()), byte > 0x7F);
                at += 1;
            }
        });
        assert_eq!(at, 256);
    }

    #[test]
    fn every_length_is_filled_up() {
        let text: Vec<u8> = (b'a'..=b'z').chain(b'a'..=b'z').collect();
        for length in 0..text.len() {
            let mut found = Vec::new();
            each(&text[..length], b'.', |done, sixteen| {
                assert_eq!(done as usize, found.len());
                found.extend(sixteen.0.to_array().map(i8::cast_unsigned));
            });
            let mut expected = text[..length].to_vec();
            expected.resize(length.next_multiple_of(16), b'.');
            assert_eq!(found, expected);
        }
    }
}
