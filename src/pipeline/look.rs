//! How closely a page is looked at: for its records, or for people who look at the page itself.

use crate::model::document::Document;
use crate::parse::html::{Keep, Page};
use crate::profile::selector::Selectors;
use crate::profile::set::ProfileSet;

/// How closely a page is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// Its blocks.
    Blocks,
    /// Its blocks, and where in the markup each stands.
    Outline,
}

impl Look {
    /// What of a page is kept though it holds no text. Who looks at a page sees all attributes.
    pub(super) fn keep<'k>(self, set: &'k ProfileSet, elements: &'k [String]) -> Keep<'k> {
        let attributes = (self == Self::Blocks).then_some(&set.asked);
        Keep { elements, attributes }
    }

    pub(super) fn document(self, page: &Page, selectors: &Selectors) -> Document {
        match self {
            Self::Blocks => page.document(selectors),
            Self::Outline => page.outlined(selectors),
        }
    }
}
