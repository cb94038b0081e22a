//! Names of what the service works on: where a capture was seen, and the job that it becomes.

use std::fmt;

use crate::model::id;

/// Bytes of a path relative to the inbox, with `/` between; not always UTF-8.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CapturePath(pub Vec<u8>);

impl CapturePath {
    /// The path as records and reports show it: bytes that are no UTF-8 as `\xHH`.
    pub fn shown(&self) -> String {
        let mut shown = String::with_capacity(self.0.len());
        for chunk in self.0.utf8_chunks() {
            shown.push_str(chunk.valid());
            for byte in chunk.invalid() {
                shown.push_str("\\x");
                shown.push_str(&id::hex(&[*byte]));
            }
        }
        shown
    }

    /// The last part.
    pub fn name(&self) -> &[u8] {
        self.0.rsplit(|byte| *byte == b'/').next().unwrap_or(&self.0)
    }
}

/// For logs: control and direction characters escaped, at most 256 characters.
impl fmt::Display for CapturePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&escaped(&self.shown()))
    }
}

/// Longest string of a capture that a log shows, in characters.
const MAX_SHOWN: usize = 256;

/// A string that came from outside, fit for a terminal and a log: control characters, line
/// separators and marks that turn the direction of writing are escaped, and it is cut at 256.
pub fn escaped(text: &str) -> String {
    let mut shown = String::new();
    for character in text.chars().take(MAX_SHOWN) {
        let turns = matches!(character, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{2028}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}' | '\u{feff}');
        if character.is_control() || turns {
            shown.extend(character.escape_unicode());
        } else {
            shown.push(character);
        }
    }
    if text.chars().nth(MAX_SHOWN).is_some() {
        shown.push('…');
    }
    shown
}

/// What the file system says of a file: another stamp may be another content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Stamp {
    /// Device.
    pub device: u64,
    /// Inode.
    pub inode: u64,
    /// Length in bytes.
    pub bytes: u64,
    /// Last change of the content, nanoseconds since 1970.
    pub modified_ns: i64,
    /// Last change of the inode, nanoseconds since 1970.
    pub changed_ns: i64,
}

impl Stamp {
    /// A key of a path with its stamp, for caches.
    pub fn key(&self, path: &CapturePath) -> u128 {
        let text = format!("{self:?}");
        let parts = [path.0.as_slice(), &[0], text.as_bytes()].concat();
        let mut key = [0; 16];
        for (to, from) in key.iter_mut().zip(id::sha256(&parts)) {
            *to = from;
        }
        u128::from_be_bytes(key)
    }
}

/// One capture to clean: the content at a path. 32 hex digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobId(String);

impl JobId {
    /// The job of some content at a path.
    pub fn of(path: &CapturePath, sha256: &[u8; 32]) -> Self {
        Self::hash(&[b"copydesk/job/1", &path.0, sha256])
    }

    /// The job of a file that is not read: too large, or unreadable.
    pub fn unread(path: &CapturePath, stamp: &Stamp) -> Self {
        let stamp = format!("{} {}", stamp.bytes, stamp.modified_ns);
        Self::hash(&[b"copydesk/unread/1", &path.0, stamp.as_bytes()])
    }

    fn hash(parts: &[&[u8]]) -> Self {
        let bytes: Vec<u8> = parts.join(&[0_u8][..]);
        Self(id::hex(id::sha256(&bytes).get(..16).unwrap_or_default()))
    }

    /// Reads what [`as_str`](Self::as_str) gives.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        (text.len() == 32 && digits).then(|| Self(text.to_owned()))
    }

    /// The 32 hex digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for JobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A job at one of its revisions: the name of its one result.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Job {
    /// The job.
    pub id: JobId,
    /// 1, and one more for each redrive.
    pub revision: u32,
}

impl Job {
    /// `<job>`, or `<job>-r2`.
    pub fn stem(&self) -> String {
        if self.revision <= 1 {
            self.id.0.clone()
        } else {
            format!("{}-r{}", self.id, self.revision)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_from_outside_are_tamed() {
        assert_eq!(escaped("a\u{1b}[31m\n\u{202e}b"), "a\\u{1b}[31m\\u{a}\\u{202e}b");
        assert_eq!(escaped(&"x".repeat(300)).chars().count(), 257);
        assert_eq!(CapturePath(b"a\xff\xfe/b".to_vec()).shown(), "a\\xff\\xfe/b");
    }

    #[test]
    fn a_job_is_a_path_and_a_content() {
        let path = |name: &[u8]| CapturePath(name.to_vec());
        let one = JobId::of(&path(b"a"), &[1; 32]);
        assert_eq!(one, JobId::of(&path(b"a"), &[1; 32]));
        assert_ne!(one, JobId::of(&path(b"b"), &[1; 32]));
        assert_ne!(one, JobId::of(&path(b"a"), &[2; 32]));
        assert_eq!(JobId::parse(one.as_str()), Some(one.clone()));
        let job = Job { id: one.clone(), revision: 2 };
        assert_eq!(job.stem(), format!("{one}-r2"));
    }
}
