//! Notes the elements that the walk passes, for those who learn rules from pages.

use scraper::node;

use crate::model::outline::{ATTRIBUTES, Element};

/// Collects elements while they are opened and closed.
#[derive(Debug, Default)]
pub(super) struct Outliner {
    elements: Vec<Element>,
    /// Places of the open ones.
    open: Vec<usize>,
}

impl Outliner {
    /// Takes an element that begins at that byte of the text.
    pub(super) fn enter(&mut self, element: &node::Element, at: usize) {
        let place = self.elements.len();
        let attributes = ATTRIBUTES
            .iter()
            .filter_map(|name| Some((*name, element.attr(name)?.trim().to_owned())))
            .collect();
        self.elements.push(Element {
            parent: self.open.last().copied().unwrap_or(place),
            end: place + 1,
            name: element.name().to_owned(),
            id: element.id().map(str::to_owned),
            classes: element.classes().map(str::to_owned).collect(),
            attributes,
            text: at..at,
        });
    }

    /// Goes inside the last one.
    pub(super) fn inside(&mut self) {
        self.open.extend(self.elements.len().checked_sub(1));
    }

    /// Leaves the innermost open one at that byte of the text.
    pub(super) fn leave(&mut self, at: usize) {
        let end = self.elements.len();
        if let Some(element) = self.open.pop().and_then(|place| self.elements.get_mut(place)) {
            element.end = end;
            element.text.end = at.max(element.text.start);
        }
    }

    pub(super) fn finish(self) -> Vec<Element> {
        self.elements
    }
}

#[cfg(test)]
mod tests {
    use crate::parse::html;

    #[test]
    fn each_element_knows_its_text_and_what_is_inside() {
        let page = "<body><div id=a class='b c'>One <i>two</i><p>three</p></div><br>\
                    <template><p>four</p></template><noscript><p id=n>five</p></noscript></body>";
        let (document, elements) = html::parse(page).outline();
        let text = |name: &str| -> Vec<String> {
            let found = elements.iter().filter(|element| element.name == name);
            let text = |at: &std::ops::Range<usize>| document.text.get(at.clone()).unwrap();
            found.map(|element| text(&element.text).trim().to_owned()).collect()
        };
        assert_eq!(text("i"), ["two"]);
        assert_eq!(text("p"), ["three", "four", "five"]);
        let at = elements.iter().position(|element| element.id.as_deref() == Some("a")).unwrap();
        let outer = &elements[at];
        assert_eq!(outer.classes, ["b", "c"]);
        assert_eq!(elements[at + 1..outer.end].len(), 2);
        assert!(elements[at + 1..outer.end].iter().all(|inner| inner.parent == at));
        // What stands in `<noscript>` is wrapped in a `<div>`.
        assert_eq!(text("div"), ["One two\nthree", "five"]);
        assert!(elements.iter().any(|element| element.id.as_deref() == Some("n")));
    }
}
