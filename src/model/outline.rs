//! Where in a page's markup each block stands: for people who look at a page, never for a verdict.
//!
//! Made by `parse::html` where it is asked for; stages know nothing of it.

use std::ops::Range;

/// The number of no element.
pub const NONE: u32 = u32::MAX;

/// An element of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// Number of the element around it, [`NONE`] for the first.
    pub parent: u32,
    /// The first number behind the elements inside it.
    pub end: u32,
    /// Whether its tree begins with it: no selector reaches from outside into it.
    pub is_top: bool,
    /// Its tag, in small letters.
    pub name: String,
    /// Its attributes, in the order of the markup; those of long values are left out.
    pub attributes: Vec<(String, String)>,
}

impl Element {
    /// The value of an attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }
}

/// Where a block stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// Number of the innermost element that holds all of its words; [`NONE`] where it was read
    /// without structure.
    pub element: u32,
    /// Its text in runs: where each begins in the document's buffer, and the innermost element
    /// around it. Empty where that is not known.
    pub runs: Vec<(u32, u32)>,
}

/// The elements of a page and the places of its blocks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outline {
    /// The elements, by number: the order of the page.
    pub elements: Vec<Element>,
    /// One for each block.
    pub places: Vec<Place>,
}

impl Outline {
    /// The innermost element that holds both.
    pub fn around(&self, one: u32, other: u32) -> u32 {
        let (mut one, mut other) = (one, other);
        // What stands around an element has a smaller number.
        while one != other {
            let deeper = if one == NONE || other == NONE { return NONE } else { one.max(other) };
            let parent = self.parent(deeper);
            if one == deeper {
                one = parent;
            } else {
                other = parent;
            }
        }
        one
    }

    /// The element around an element.
    pub fn parent(&self, element: u32) -> u32 {
        self.elements.get(element as usize).map_or(NONE, |element| element.parent)
    }

    /// An element and those around it, innermost first.
    pub fn path(&self, element: u32) -> impl Iterator<Item = (u32, &Element)> {
        let at = |number: u32| self.elements.get(number as usize).map(|element| (number, element));
        std::iter::successors(at(element), move |(_, element)| at(element.parent))
    }

    /// The number of an element and the first number behind what is inside it.
    pub fn span(&self, element: u32) -> Range<u32> {
        element..self.elements.get(element as usize).map_or(element, |own| own.end)
    }
}
