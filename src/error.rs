//! What can go wrong outside the pure stages, and what to do with the capture then.

/// What to do after a failure; code branches on this and on nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disposition {
    /// The same attempt may succeed later.
    Retry,
    /// The same attempt will fail the same way.
    Quarantine,
    /// The program cannot go on.
    Fatal,
}

/// Why `decode` did not make a capture of some bytes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Larger than the limit.
    #[error("capture of {bytes} bytes is over the limit of {limit}; raise `--max-capture-mib`")]
    TooLarge {
        /// Length of the capture.
        bytes: u64,
        /// The limit.
        limit: u64,
    },
    /// Not a page and not text.
    #[error("neither a page nor text: {signature}")]
    NotText {
        /// What it looks like.
        signature: &'static str,
    },
    /// The sidecar is not JSON.
    #[error("sidecar is not a JSON object: {message}")]
    Sidecar {
        /// What the parser said.
        message: String,
    },
}

impl DecodeError {
    /// The stable reason, for records and quarantine.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "too_large",
            Self::NotText { .. } => "not_text",
            Self::Sidecar { .. } => "bad_sidecar",
        }
    }

    /// Bytes do not change: none of these is worth another attempt.
    pub fn disposition(&self) -> Disposition {
        Disposition::Quarantine
    }
}
