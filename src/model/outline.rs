//! The elements of a page, with what names them and where their text stands: what rules are learnt
//! from. No stage that cleans needs it.

use std::ops::Range;

/// Attributes that an outline holds, beside `id` and `class`.
pub const ATTRIBUTES: [&str; 6] = ["datetime", "href", "itemprop", "property", "rel", "role"];

/// One element of a page. Elements stand in the page's order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Element {
    /// Place of the element around it; its own for the outermost ones.
    pub parent: usize,
    /// The first place behind the elements inside it.
    pub end: usize,
    /// Name of its tag, in lower case.
    pub name: String,
    /// Its `id`, where it has one.
    pub id: Option<String>,
    /// Its classes, as written.
    pub classes: Vec<String>,
    /// Those of [`ATTRIBUTES`] that it has, with their values.
    pub attributes: Vec<(&'static str, String)>,
    /// Where its text stands in the document's buffer.
    pub text: Range<usize>,
}

impl Element {
    /// The value of one of [`ATTRIBUTES`].
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(own, _)| *own == name).map(|(_, value)| value.as_str())
    }
}
