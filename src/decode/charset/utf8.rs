//! UTF-8 that is not quite valid.
//!
//! Responsible for counting what is right and wrong in it and for decoding it all the same. Takes bytes,
//! gives counts or text.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

use encoding_rs::UTF_8;

use crate::decode::charset::Read;

/// Valid and broken parts of bytes read as UTF-8.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Census {
    /// Valid sequences of more than one byte.
    pub(super) sequences: usize,
    /// Broken sequences, each of which becomes one U+FFFD.
    pub(super) errors: usize,
    /// The last of the errors is a sequence that the end of the bytes cut off.
    pub(super) is_cut: bool,
}

impl Census {
    /// Counts.
    pub(super) fn of(bytes: &[u8]) -> Self {
        let mut census = Self::default();
        let mut last = [].as_slice();
        for chunk in bytes.utf8_chunks() {
            census.sequences += sequences(chunk.valid());
            census.errors += usize::from(!chunk.invalid().is_empty());
            last = chunk.invalid();
        }
        // Only a sequence that more bytes could have completed is reported without an error length.
        census.is_cut = std::str::from_utf8(last).is_err_and(|error| error.error_len().is_none());
        census
    }

    /// Whether the bytes are UTF-8 with damage: at least one valid sequence, and `ratio` of them for each
    /// error. A sequence that the end cut off is no error here.
    pub(super) fn is_utf8(self, ratio: usize) -> bool {
        let errors = self.errors - usize::from(self.is_cut);
        self.sequences > 0 && self.sequences >= ratio * errors
    }
}

/// Number of sequences of more than one byte.
pub(super) fn sequences(text: &str) -> usize {
    text.bytes().filter(|&byte| byte >= 0xc0).count()
}

/// Decodes with one U+FFFD for each broken sequence.
pub(super) fn lossy(bytes: &[u8]) -> Read {
    let mut text = String::with_capacity(bytes.len() + 16);
    let mut replaced = 0;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            text.push('\u{fffd}');
            replaced += 1;
        }
    }
    Read { text, encoding: UTF_8, replaced }
}
