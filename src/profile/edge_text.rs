//! Texts that a line begins or ends with, compared eight bytes at a time.
//!
//! Takes a pattern's syntax tree; gives what its matches begin or end with, where that can be
//! listed.

use regex_syntax::hir::Hir;
use regex_syntax::hir::literal::{ExtractKind, Extractor};

/// Most texts that a line is compared with at one edge.
const MAX_TEXTS: usize = 64;

/// How many bytes of each are compared: as many as one comparison takes.
const EDGE_BYTES: usize = 8;

/// Up to eight bytes at the edge of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct EdgeText {
    bytes: u64,
    mask: u64,
}

impl EdgeText {
    fn first_of(text: &[u8]) -> Self {
        let length = text.len().min(EDGE_BYTES);
        Self { bytes: opening(text), mask: mask(length) }
    }

    fn last_of(text: &[u8]) -> Self {
        let length = text.len().min(EDGE_BYTES);
        Self { bytes: closing(text), mask: mask(length).swap_bytes() }
    }

    /// The bytes, in order.
    pub(super) fn bytes(self) -> impl Iterator<Item = u8> {
        let pairs = self.bytes.to_le_bytes().into_iter().zip(self.mask.to_le_bytes());
        pairs.filter(|(_, mask)| *mask != 0).map(|(byte, _)| byte)
    }
}

/// A mask of so many bytes, the lowest ones.
fn mask(bytes: usize) -> u64 {
    u64::MAX.checked_shr(64 - 8 * u32::try_from(bytes).unwrap_or(8)).unwrap_or(0)
}

/// The first eight bytes of a line, the first one lowest; what is missing is zero.
pub(super) fn opening(line: &[u8]) -> u64 {
    let short = || line.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
    line.first_chunk().map_or_else(short, |bytes| u64::from_le_bytes(*bytes))
}

/// The last eight bytes of a line, the last one highest; what is missing is zero.
pub(super) fn closing(line: &[u8]) -> u64 {
    let short = || opening(line) << (64 - 8 * line.len()).min(63);
    line.last_chunk().map_or_else(short, |bytes| u64::from_le_bytes(*bytes))
}

/// Whether one of some texts stands at the edge with these bytes.
pub(super) fn is_any(texts: &[EdgeText], edge: u64) -> bool {
    texts.iter().any(|text| (edge ^ text.bytes) & text.mask == 0)
}

/// The edges of the texts that matches begin or end with, where they can be listed; none where they
/// cannot.
pub(super) fn of(hir: &Hir, kind: ExtractKind) -> Vec<EdgeText> {
    let edge = match kind {
        ExtractKind::Suffix => EdgeText::last_of,
        _ => EdgeText::first_of,
    };
    let mut texts: Vec<EdgeText> = list(hir, kind).iter().map(|text| edge(text)).collect();
    texts.sort();
    texts.dedup();
    texts
}

/// The texts that matches begin or end with, where they can be listed; none where they cannot, and
/// where one of them is empty, which lets everything through.
pub(super) fn list(hir: &Hir, kind: ExtractKind) -> Vec<Vec<u8>> {
    let mut extractor = Extractor::new();
    extractor.kind(kind).limit_class(10).limit_repeat(4).limit_total(MAX_TEXTS);
    let sequence = extractor.extract(hir);
    let texts = sequence.literals().unwrap_or_default().iter();
    let texts: Vec<Vec<u8>> = texts.map(|text| text.as_bytes().to_vec()).collect();
    if texts.iter().any(Vec::is_empty) { Vec::new() } else { texts }
}
