//! Selectors beyond CSS: text predicates, places among matches, and steps in any direction.
//!
//! A [`Chain`] is a selector as steps from left to right: `read` makes it, `run` goes over a tree.

use scraper::Selector;

/// A selector as steps from left to right.
#[derive(Debug, Clone)]
pub(super) struct Chain {
    pub(super) steps: Vec<Step>,
}

/// One step: where it leads from each node, and which nodes there count.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) by: By,
    /// Whether it leads to text nodes in place of elements.
    pub(super) texts: bool,
    /// All must hold, in this order.
    pub(super) tests: Vec<Test>,
}

/// Where a step leads.
#[derive(Debug, Clone)]
pub(super) enum By {
    /// Nowhere: from the node that the selector is asked of.
    Scope,
    /// All inside.
    Inside,
    /// What stands directly inside.
    Child,
    /// The next sibling.
    Next,
    /// All siblings below.
    Later,
    /// `:ancestor(p, 1)`: along an axis, to what a list matches; with a range, to those of these
    /// numbers, counted from the node.
    Axis(Axis, List, Option<Range>),
    /// `:nth-match(2)`: to those of all that were reached so far.
    Pick(Range),
}

/// The directions of `XPath`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Axis {
    Parent,
    Ancestor,
    AncestorOrSelf,
    Child,
    Descendant,
    DescendantOrSelf,
    Following,
    FollowingSibling,
    Preceding,
    PrecedingSibling,
}

/// What a node must be.
#[derive(Debug, Clone)]
pub(super) enum Test {
    /// A compound selector of CSS.
    Plain(Box<Selector>),
    /// Its text.
    Says { how: How, words: String, any_case: bool },
    /// A word of its id or of one of its classes.
    Named(String),
    /// The value of one of its attributes.
    AnyAttribute(String),
    /// Its place among the siblings for which the tests before hold.
    Nth(Range),
    /// `:has(…)`: something that a selector of the list reaches from it.
    Has(List),
    /// `:is(…)`.
    Is(List),
    /// `:not(…)`.
    Not(List),
}

/// How a text is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    Contains,
    Starts,
    Ends,
    Equals,
}

/// Alternatives. Each list has a number of its own, under which its answers are remembered.
#[derive(Debug, Clone)]
pub(super) struct List {
    pub(super) number: usize,
    pub(super) chains: Vec<Chain>,
}

/// Places from 1, or from the end: -1 is the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Range {
    from: i32,
    to: i32,
}

impl Range {
    /// Whether place `at` of `count`, from 1, lies in it.
    pub(super) fn holds(self, at: usize, count: usize) -> bool {
        let count = i32::try_from(count).unwrap_or(i32::MAX);
        let at = i32::try_from(at).unwrap_or(i32::MAX);
        let place = |bound: i32| if bound < 0 { count.saturating_add(bound + 1) } else { bound };
        (place(self.from)..=place(self.to)).contains(&at)
    }

    /// Whether it ends, counted from the start, at so many.
    pub(super) fn is_behind(self, count: usize) -> bool {
        self.from > 0 && usize::try_from(self.to).is_ok_and(|to| count >= to)
    }

    /// `3`, `-1`, `2..4`, `2..`, `..-2`.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let error = || format!("`{text}` is no place such as 2, -1, 2..4 or 2..");
        let number = |text: &str, open: i32| match text.trim() {
            "" => Ok(open),
            text => text.parse::<i32>().ok().filter(|n| *n != 0).ok_or_else(error),
        };
        match text.split_once("..") {
            Some((from, to)) => Ok(Self { from: number(from, 1)?, to: number(to, -1)? }),
            None if text.trim().is_empty() => Err(error()),
            None => number(text, 1).map(|at| Self { from: at, to: at }),
        }
    }
}
