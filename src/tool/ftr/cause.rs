//! Why a directive was not translated.

/// Why a directive was not translated. Counted by [`Cause::kind`] in the summary of an import.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "the message of each variant says what it means")]
pub enum Cause {
    #[error("no directive: a line without a colon")]
    NoColon,
    #[error("unknown directive{}", near.as_ref().map(|n| format!("; did you mean `{n}`?")).unwrap_or_default())]
    UnknownKey { near: Option<String> },
    #[error("the XPath is broken at letter {at}: {what}")]
    Syntax { at: usize, what: &'static str },
    #[error("no selector says this: {what}")]
    NoSelector { what: &'static str },
    #[error("unknown function `{name}()`")]
    UnknownFunction { name: String },
    #[error("no way to write the function `{name}()` here")]
    Function { name: String },
    #[error("a body is elements, not a text or an attribute")]
    NoElement,
    #[error("`find_string` and `replace_string` do not pair up")]
    Unpaired,
    #[error("there is no body that it could go into")]
    NoBody,
    #[error("the selector is not accepted: {message}")]
    Refused { message: String },
    #[error("nothing to match is left without signs")]
    NoWord,
    #[error("too many of them in one file")]
    TooMany,
}

impl Cause {
    /// A stable name for counts.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::NoColon => "no-colon",
            Self::UnknownKey { .. } => "unknown-key",
            Self::Syntax { .. } => "syntax",
            Self::NoSelector { .. } => "no-selector",
            Self::UnknownFunction { .. } => "unknown-function",
            Self::Function { .. } => "function",
            Self::NoElement => "no-element",
            Self::Unpaired => "unpaired",
            Self::NoBody => "no-body",
            Self::Refused { .. } => "refused",
            Self::NoWord => "no-word",
            Self::TooMany => "too-many",
        }
    }
}
