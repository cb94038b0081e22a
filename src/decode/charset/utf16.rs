//! UTF-16 without a byte order mark.
//!
//! Responsible for seeing it in the pattern of NUL bytes: line ends, spaces, digits and markup are a NUL and
//! an ASCII byte each. It must never take binary data or text with stray NULs for UTF-16. Takes the first
//! bytes, gives the [`Order`].

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

/// So many bytes are looked at. Arabic prose has a NUL in every tenth byte, so 4 KiB hold hundreds.
const HEAD_BYTES: usize = 4_096;

/// Which byte of a unit comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::decode) enum Order {
    /// The low byte, as on most machines.
    Little,
    /// The high byte.
    Big,
}

impl Order {
    /// The encoding of that order.
    pub(super) fn encoding(self) -> &'static Encoding {
        match self {
            Self::Little => UTF_16LE,
            Self::Big => UTF_16BE,
        }
    }

    /// The unit of two bytes.
    pub(in crate::decode) fn unit(self, pair: [u8; 2]) -> u16 {
        match self {
            Self::Little => u16::from_le_bytes(pair),
            Self::Big => u16::from_be_bytes(pair),
        }
    }
}

/// Says in which order bytes without a mark are UTF-16, if they are.
pub(in crate::decode) fn guess(bytes: &[u8]) -> Option<Order> {
    let head = bytes.get(..HEAD_BYTES).unwrap_or(bytes);
    memchr::memchr(0, head)?;
    let (pairs, _) = head.as_chunks::<2>();
    let (mut first, mut second) = (0_usize, 0_usize);
    for pair in pairs {
        first += usize::from(pair[0] == 0);
        second += usize::from(pair[1] == 0);
    }
    let (order, zeros, others) = match first.cmp(&second) {
        std::cmp::Ordering::Less => (Order::Little, second, first),
        std::cmp::Ordering::Greater => (Order::Big, first, second),
        std::cmp::Ordering::Equal => return None,
    };
    // The low byte is NUL too in a few letters (U+4E00 "一", U+0600), never in most. One unit in twenty with
    // a high NUL is less than any prose has that holds spaces or line ends.
    let shares_fit = zeros >= 2 && zeros * 20 >= pairs.len() && others * 4 <= zeros;
    (shares_fit && is_text(pairs, order, zeros)).then_some(order)
}

/// Whether the units are those of a text.
fn is_text(pairs: &[[u8; 2]], order: Order, zeros: usize) -> bool {
    let mut odd = 0_usize;
    for &pair in pairs {
        odd += usize::from(match order.unit(pair) {
            // Control characters but tab, line feed, form feed and carriage return; noncharacters.
            0..=8 | 0x0b | 0x0e..=0x1f | 0x7f..=0x9f | 0xfffe | 0xffff => true,
            _ => false,
        });
    }
    if odd * 100 > pairs.len() {
        return false;
    }
    // Where most units have no NUL, they must be letters of another script, whose bytes are spread over all
    // values: 8-bit text with stray NULs has none above 0x7f or below a space.
    let spread =
        pairs.as_flattened().iter().filter(|&&byte| byte >= 0x80 || (1..0x09).contains(&byte));
    zeros * 2 >= pairs.len() || spread.count() * 10 >= pairs.len()
}
