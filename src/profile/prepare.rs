//! `[prepare]`: what is done to the markup of a page before it is parsed.
//!
//! Takes markup; gives the edited one and how often each edit was made. Bounded: edits that would
//! make a page much longer are not made.

use memchr::memmem;

/// Most edits of a profile and its parents.
pub const MAX_EDITS: usize = 256;

/// A page may grow to twice its length and so many bytes more.
const MAX_GROWTH: usize = 64 << 10;

/// What a profile asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prepare {
    /// Words of the markup and what stands for them, one edit after another.
    pub replace: Vec<(String, String)>,
    /// Names of elements that are kept, though they are dropped otherwise.
    pub keep: Vec<String>,
}

/// An edited page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    /// The markup.
    pub text: String,
    /// How often each edit was made, in their order; none for one that was left out.
    pub made: Vec<Option<usize>>,
}

impl Prepare {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.replace.is_empty() && self.keep.is_empty()
    }

    /// Makes the edits.
    pub fn apply(&self, markup: &str) -> Prepared {
        let most = markup.len().saturating_mul(2).saturating_add(MAX_GROWTH);
        let mut text = markup.to_owned();
        let mut made = Vec::new();
        for (find, with) in self.replace.iter().take(MAX_EDITS) {
            if find.is_empty() {
                made.push(None);
                continue;
            }
            let count = memmem::find_iter(text.as_bytes(), find.as_bytes()).count();
            let grown = text.len().saturating_add(count.saturating_mul(with.len()));
            if grown.saturating_sub(count.saturating_mul(find.len())) > most {
                made.push(None);
                continue;
            }
            if count > 0 {
                text = text.replace(find.as_str(), with);
            }
            made.push(Some(count));
        }
        Prepared { text, made }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_made_in_order_and_bounded() {
        let edit = |find: &str, with: &str| (find.to_owned(), with.to_owned());
        let prepare = Prepare {
            replace: vec![
                edit("<x-img", "<img"),
                edit("<img", "<b><img"),
                edit("a", &"a".repeat(1 << 20)),
            ],
            keep: Vec::new(),
        };
        let prepared = prepare.apply("<x-img src=a><x-img>");
        assert_eq!(prepared.text, "<b><img src=a><b><img>");
        assert_eq!(prepared.made, [Some(2), Some(2), None]);
    }
}
