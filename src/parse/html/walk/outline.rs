//! Where each block stands in the markup: noted only where somebody wants to look at the page.

use scraper::ElementRef;

use super::{State, Walker};
use crate::model::outline::{Element, NONE, Place};

/// Longest value of an attribute that is noted, in bytes: styles and data addresses are longer.
const MAX_VALUE_BYTES: usize = 512;

/// The element around those that stand in the page's data: it has no markup of its own.
const POST: &str = "data";

/// What stands for the name of a text.
const TEXT: &str = "#text";

impl Walker<'_> {
    /// Notes an element that opens.
    pub(super) fn outline_element(&mut self, element: ElementRef<'_>, state: State) {
        let Some(outline) = &mut self.markup.outline else { return };
        let number = u32::try_from(outline.elements.len()).unwrap_or(NONE);
        let value = element.value();
        let attributes = value.attrs().filter(|(_, value)| value.len() <= MAX_VALUE_BYTES);
        outline.elements.push(Element {
            parent: if number == 0 { NONE } else { state.element },
            end: number.saturating_add(1),
            is_top: element.parent().and_then(ElementRef::wrap).is_none(),
            name: value.name().to_owned(),
            attributes: attributes.map(|(n, v)| (n.to_owned(), v.to_owned())).collect(),
        });
    }

    /// Notes a text that a selector matched: it has a number like an element.
    pub(super) fn outline_text(&mut self, state: State) {
        let Some(outline) = &mut self.markup.outline else { return };
        let number = u32::try_from(outline.elements.len()).unwrap_or(NONE);
        outline.elements.push(Element {
            parent: state.element,
            end: number.saturating_add(1),
            is_top: false,
            name: TEXT.to_owned(),
            attributes: Vec::new(),
        });
    }

    /// Notes a post that stands in the page's data.
    pub(super) fn outline_post(&mut self, number: u32) {
        let Some(outline) = &mut self.markup.outline else { return };
        outline.elements.push(Element {
            parent: NONE,
            end: number.saturating_add(1),
            is_top: true,
            name: POST.to_owned(),
            attributes: Vec::new(),
        });
    }

    /// Notes that an element ends.
    pub(super) fn outline_end(&mut self, number: u32) {
        if let Some(outline) = &mut self.markup.outline
            && let Some(element) = outline.elements.get_mut(number as usize)
        {
            element.end = self.number;
        }
    }

    /// Notes that words of the block at hand stand in an element.
    pub(super) fn outline_word(&mut self, element: u32) {
        let Some(outline) = &mut self.markup.outline else { return };
        let at = u32::try_from(self.document.text.len()).unwrap_or(u32::MAX);
        let block = self.document.blocks.len();
        if outline.places.len() <= block {
            outline.places.resize_with(block + 1, Place::default);
            if let Some(place) = outline.places.last_mut() {
                place.element = element;
            }
        }
        let Some(mut place) = outline.places.pop() else { return };
        place.element = outline.around(place.element, element);
        if place.runs.last().is_none_or(|(_, last)| *last != element) {
            place.runs.push((at, element));
        }
        outline.places.push(place);
    }

    /// Notes that the words of the block at hand do not stand any more where they were put.
    pub(super) fn outline_moved(&mut self) {
        if let Some(place) = self.markup.outline.as_mut().and_then(|own| own.places.last_mut()) {
            place.runs.clear();
        }
    }
}
