//! Ids and hashes: the same input gives the same id on any machine.

use sha2::{Digest, Sha256};

/// SHA-256 of some bytes.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Lower-case hexadecimal digits of some bytes.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let digit = |value: u8| DIGITS.get(usize::from(value)).copied().unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// The id of a record: 32 hex digits of SHA-256 over source key, raw bytes' SHA-256 and index,
/// with a zero byte between, so that no two different triples give the same bytes.
pub fn record_id(source_key: &str, sha256: &[u8; 32], index: u32) -> String {
    let mut hasher = Sha256::new();
    hasher.update(source_key.as_bytes());
    hasher.update([0]);
    hasher.update(sha256);
    hasher.update([0]);
    hasher.update(index.to_be_bytes());
    let digest: [u8; 32] = hasher.finalize().into();
    hex(digest.get(..16).unwrap_or_default())
}
