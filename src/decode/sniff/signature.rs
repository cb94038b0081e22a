//! The first bytes of formats that are no text.
//!
//! Data, with one rule: a signature that prose could begin with (`MZ`, `BM`, `ID3`) counts only where a NUL
//! follows soon. Takes the first bytes, gives the name of the format.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

/// A NUL within so many bytes confirms a signature made of letters: `MZ` is followed by one within its
/// header of 64 bytes.
const NUL_WITHIN: usize = 64;

/// Signatures that no text begins with.
const CERTAIN: &[(&[u8], &str)] = &[
    (b"%PDF-", "PDF"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"PK\x03\x04", "ZIP"),
    (b"PK\x05\x06", "ZIP"),
    (b"\x1f\x8b\x08", "GZIP"),
    (b"\x28\xb5\x2f\xfd", "Zstandard"),
    (b"\xfd7zXZ\x00", "XZ"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "RAR"),
    (b"\x7fELF", "ELF"),
    (b"\xcf\xfa\xed\xfe", "Mach-O"),
    (b"\xce\xfa\xed\xfe", "Mach-O"),
    (b"\xca\xfe\xba\xbe", "Java class"),
    (b"\x00asm", "WebAssembly"),
    (b"wOFF\x00", "WOFF"),
    (b"wOF2\x00", "WOFF2"),
    (b"wOFFOTTO", "WOFF"),
    (b"wOF2OTTO", "WOFF2"),
    (b"OTTO\x00", "OpenType"),
    (b"\x00\x01\x00\x00\x00", "TrueType"),
    (b"SQLite format 3\x00", "SQLite"),
    (b"OggS\x00", "Ogg"),
    (b"fLaC\x00", "FLAC"),
    (b"\x1aE\xdf\xa3", "Matroska"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"\x00\x00\x01\x00", "ICO"),
    (b"8BPS\x00", "PSD"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "OLE2"),
    (b"{\\rtf", "RTF"),
    (b"%!PS-Adobe", "PostScript"),
];

/// Signatures of letters, which need a NUL.
const WITH_NUL: &[(&[u8], &str)] =
    &[(b"MZ", "PE"), (b"BM", "BMP"), (b"ID3", "MP3"), (b"PAR1", "Parquet"), (b"BZh", "bzip2")];

/// Name of the format that bytes begin like.
pub(super) fn of(head: &[u8]) -> Option<&'static str> {
    let begins = |&&(signature, _): &&(&[u8], &str)| head.starts_with(signature);
    if let Some((_, name)) = CERTAIN.iter().find(begins) {
        return Some(name);
    }
    match head {
        [b'R', b'I', b'F', b'F', _, _, _, _, rest @ ..] => {
            let forms: [(&[u8], _); 3] = [(b"WEBP", "WebP"), (b"WAVE", "WAV"), (b"AVI ", "AVI")];
            return forms
                .into_iter()
                .find(|(form, _)| rest.starts_with(form))
                .map(|(_, name)| name);
        }
        // The box of the file type follows its length, which is below 64 KiB.
        [0, 0, _, _, b'f', b't', b'y', b'p', brand @ ..] => {
            return Some(if brand.starts_with(b"avif") { "AVIF" } else { "MP4" });
        }
        _ => {}
    }
    let soon = head.get(..NUL_WITHIN).unwrap_or(head);
    let (_, name) = WITH_NUL.iter().find(begins)?;
    soon.contains(&0).then_some(name)
}
