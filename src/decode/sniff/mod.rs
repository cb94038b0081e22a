//! Tells pages and texts from everything else.
//!
//! Responsible for the first look at a capture: HTML, text, or neither. It must never decide the encoding
//! (that is `charset`), and a doubt is answered with text: nothing is lost then. Takes the first bytes (or
//! decoded text as bytes) and the file extension, gives a [`Kind`].

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod markup;
mod signature;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use crate::decode::charset::utf16::{self, Order};

/// Bytes that are looked at; more may be given.
pub const HEAD_BYTES: usize = 4_096;

/// One control byte in so many, and at least four, make bytes binary. Random bytes have one in ten, text none
/// but a stray NUL.
const CONTROL_SHARE: usize = 25;

/// What a capture is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An HTML page or a fragment of one.
    Html,
    /// Plain text. An empty file is text: the pipeline answers it as a page without content.
    Text,
}

/// Why bytes are neither a page nor a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotText {
    /// They begin like a known format.
    Binary {
        /// Name of the format: `PDF`, `PNG`.
        signature: &'static str,
    },
    /// They are full of control bytes, of no known format.
    ControlBytes,
}

/// Looks at the first bytes of a capture. `name_hint` is the file extension, without the dot, in any case.
///
/// # Errors
///
/// [`NotText`] when the bytes are no text; such a capture is rejected, the same way every time.
pub fn sniff(head: &[u8], name_hint: Option<&str>) -> Result<Kind, NotText> {
    let head = head.get(..HEAD_BYTES).unwrap_or(head);
    let marked = order_of_mark(head);
    if marked.is_none()
        && let Some(signature) = signature::of(head)
    {
        return Err(NotText::Binary { signature });
    }
    let narrow = match marked.or_else(|| utf16::guess(head)) {
        Some(order) => Cow::Owned(narrowed(head, order)),
        None => Cow::Borrowed(head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head)),
    };
    if has_control_bytes(&narrow) {
        return Err(NotText::ControlBytes);
    }
    Ok(if markup::is_html(&narrow, name_hint) { Kind::Html } else { Kind::Text })
}

/// Byte order of UTF-16, by its mark.
fn order_of_mark(head: &[u8]) -> Option<Order> {
    match head {
        [0xff, 0xfe, ..] => Some(Order::Little),
        [0xfe, 0xff, ..] => Some(Order::Big),
        _ => None,
    }
}

/// UTF-16 with one byte for each unit: ASCII as it is, all else as a byte that is neither ASCII nor control.
fn narrowed(head: &[u8], order: Order) -> Vec<u8> {
    let (pairs, _) = head.as_chunks::<2>();
    let units = pairs.iter().map(|&pair| order.unit(pair)).skip_while(|&unit| unit == 0xfeff);
    units.map(|unit| u8::try_from(unit).ok().filter(u8::is_ascii).unwrap_or(0xff)).collect()
}

/// ESC is not counted: ISO-2022-JP and terminal logs are text.
fn has_control_bytes(head: &[u8]) -> bool {
    let is_control = |byte: &u8| matches!(byte, 0..=8 | 0x0e..=0x1a | 0x1c..=0x1f | 0x7f);
    // Counted in bytes, so that many are compared at once.
    let count = |part: &[u8]| part.iter().map(|byte| u8::from(is_control(byte))).sum::<u8>();
    let controls: usize = head.chunks(255).map(|part| usize::from(count(part))).sum();
    controls >= 4 && controls * CONTROL_SHARE > head.len()
}
