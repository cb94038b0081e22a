//! Notes what a page says about itself: `<meta>`, `<link>`, `<time>`, microdata, bylines.

use html5ever::{LocalName, local_name};
use scraper::ElementRef;
use scraper::node::Element;

use crate::model::document::place;
use crate::model::head::{
    Byline, BylineHow, Head, Item, Link, MAX_ENTRIES, MAX_VALUE_BYTES, Meta, Noted, Time,
};

/// Longest text that can be a byline or a date with words around it.
const MAX_BYLINE_BYTES: usize = 300;

/// How far up the element is looked for that says what an item is.
const MAX_STEPS_UP: usize = 24;

/// Collects a [`Head`] during the walk.
#[derive(Debug, Default)]
pub(super) struct Notes {
    head: Head,
    open: Vec<Open>,
}

/// An element whose text will be noted.
#[derive(Debug)]
enum Open {
    Heading(Noted),
    Time(Time),
    Byline(Byline),
    Item(Item),
    /// Several at once: a byline that is a property too.
    Both(Byline, Item),
}

impl Notes {
    /// Notes what stands in the head of a page.
    pub(super) fn head(&mut self, head: ElementRef<'_>) {
        for child in head.descendants().filter_map(ElementRef::wrap) {
            self.outside_text(child);
        }
    }

    /// Notes an element that has no text of the page in it.
    pub(super) fn outside_text(&mut self, element: ElementRef<'_>) {
        let value = element.value();
        match value.name.local {
            local_name!("meta") => self.meta(value),
            local_name!("link") => self.link(value),
            local_name!("base") if self.head.base.is_none() => {
                self.head.base = attribute(value, &local_name!("href"));
            }
            local_name!("title") if self.head.title.is_none() => {
                let mut text: String = element.text().collect();
                text.truncate(text.floor_char_boundary(MAX_VALUE_BYTES));
                self.head.title = Some(collapse(&text)).filter(|text| !text.is_empty());
            }
            _ => {}
        }
    }

    fn meta(&mut self, element: &Element) {
        let Some(content) = attribute(element, &local_name!("content")) else { return };
        let keys = [
            local_name!("property"),
            local_name!("name"),
            local_name!("itemprop"),
            local_name!("http-equiv"),
        ];
        let key = keys.iter().find_map(|name| attribute(element, name));
        if let Some(key) = key
            && self.head.metas.len() < MAX_ENTRIES
        {
            self.head.metas.push(Meta { key: key.to_lowercase(), content, line: 0 });
        }
    }

    fn link(&mut self, element: &Element) {
        let wanted = ["canonical", "author", "shortlink", "amphtml"];
        let rel = attribute(element, &local_name!("rel"));
        let href = attribute(element, &local_name!("href"));
        let (Some(rel), Some(href)) = (rel, href) else { return };
        for word in rel.split_ascii_whitespace() {
            let word = word.to_ascii_lowercase();
            if wanted.contains(&word.as_str()) && self.head.links.len() < MAX_ENTRIES {
                self.head.links.push(Link { rel: word, href: href.clone() });
            }
        }
    }

    /// Looks at an element with text. Says whether its text is asked for at its end.
    pub(super) fn open(&mut self, element: ElementRef<'_>, places: u32, line: u32) -> bool {
        let value = element.value();
        if value.name.local == local_name!("html") {
            let xml = || value.attrs.iter().find(|(name, _)| &*name.local == "xml:lang");
            self.head.language = attribute(value, &local_name!("lang"))
                .or_else(|| xml().map(|(_, value)| value.trim().to_owned()));
            return false;
        }
        if value.attrs.is_empty()
            && !matches!(value.name.local, local_name!("h1") | local_name!("time"))
        {
            return false;
        }
        if !may_be_noted(value) {
            return false;
        }
        let prop = attribute(value, &local_name!("itemprop")).map(|prop| prop.to_lowercase());
        let class = class_of(value);
        let in_article = places & (place::ARTICLE | place::MAIN) != 0;
        let aside = places & (place::NAV | place::ASIDE | place::FOOTER) != 0;
        let open = if value.name.local == local_name!("h1") {
            Open::Heading(Noted { text: String::new(), line, class })
        } else if value.name.local == local_name!("time")
            || prop.as_deref().is_some_and(|prop| prop.contains("date"))
            || has_word(&class, &["date", "published", "posted", "timestamp", "time"])
        {
            let names = [local_name!("datetime"), local_name!("content"), local_name!("title")];
            let around = element.parent().and_then(ElementRef::wrap);
            let outer = around.map(|parent| parent.value());
            let outer_prop = outer.and_then(|parent| attribute(parent, &local_name!("itemprop")));
            let outer_class = outer.map(class_of).unwrap_or_default();
            Open::Time(Time {
                datetime: names.iter().find_map(|name| attribute(value, name)),
                text: String::new(),
                prop: prop.or(outer_prop),
                class: format!("{class} {outer_class}").trim().to_owned(),
                line,
                in_article,
                aside,
            })
        } else {
            let how = byline_how(value, prop.as_deref(), &class);
            let byline = how.map(|how| Byline {
                how,
                text: String::new(),
                href: href_of(element),
                class,
                line,
                in_article,
                aside,
            });
            let item = prop.map(|prop| Item {
                prop,
                value: value_of(value).unwrap_or_default(),
                of: type_around(element),
                line,
            });
            match (byline, item) {
                (Some(byline), Some(item)) => Open::Both(byline, item),
                (Some(byline), None) => Open::Byline(byline),
                (None, Some(item)) => Open::Item(item),
                (None, None) => return false,
            }
        };
        self.open.push(open);
        true
    }

    /// Takes the text of the element that was opened last.
    pub(super) fn close(&mut self, text: &str) {
        let Some(open) = self.open.pop() else { return };
        let short = text.len() <= MAX_BYLINE_BYTES;
        let line = || collapse(text);
        let head = &mut self.head;
        match open {
            Open::Heading(mut noted) => {
                let fits = text.len() <= MAX_VALUE_BYTES;
                if fits {
                    noted.text = line();
                }
                put(&mut head.headings, noted, fits);
            }
            Open::Time(mut time) => {
                if short {
                    time.text = line();
                }
                put(&mut head.times, time, short);
            }
            Open::Byline(mut byline) => {
                byline.text = if short { line() } else { String::new() };
                let named = !byline.text.is_empty();
                put(&mut head.bylines, byline, named);
            }
            Open::Item(item) => item_with(head, item, text),
            Open::Both(mut byline, item) => {
                byline.text = if short { line() } else { String::new() };
                let named = !byline.text.is_empty();
                put(&mut head.bylines, byline, named);
                item_with(head, item, text);
            }
        }
    }

    pub(super) fn finish(self) -> Head {
        self.head
    }
}

/// Whether an element can be anything that is noted. Asked of every element with attributes, so in
/// one pass over them and without a copy; a doubt is answered with yes.
fn may_be_noted(element: &Element) -> bool {
    matches!(element.name.local, local_name!("h1") | local_name!("time"))
        || element.attrs.iter().any(|(name, value)| match name.local {
            local_name!("class") | local_name!("id") => names_fact(value.as_bytes()),
            local_name!("itemprop") | local_name!("rel") => true,
            _ => false,
        })
}

/// Whether class names hold one of the words that are looked for: `timestamp` holds `time`.
fn names_fact(class: &[u8]) -> bool {
    class.iter().enumerate().any(|(at, letter)| {
        let words: &[&str] = match letter | 0x20 {
            b'a' => &["author"],
            b'b' => &["byline"],
            b'd' => &["date"],
            b'p' => &["published", "posted"],
            b't' => &["time"],
            _ => return false,
        };
        words.iter().any(|word| {
            let own = class.get(at..at + word.len());
            own.is_some_and(|own| own.eq_ignore_ascii_case(word.as_bytes()))
        })
    })
}

fn item_with(head: &mut Head, mut item: Item, text: &str) {
    if item.value.is_empty() && text.len() <= MAX_BYLINE_BYTES {
        item.value = collapse(text);
    }
    let valued = !item.value.is_empty();
    put(&mut head.items, item, valued);
}

fn put<T>(list: &mut Vec<T>, entry: T, wanted: bool) {
    if wanted && list.len() < MAX_ENTRIES {
        list.push(entry);
    }
}

/// An attribute's value, trimmed; `None` where it is empty or too long.
fn attribute(element: &Element, name: &LocalName) -> Option<String> {
    let value = element.attrs.iter().find(|(own, _)| own.local == *name)?.1.trim();
    (!value.is_empty() && value.len() <= MAX_VALUE_BYTES).then(|| value.to_owned())
}

fn class_of(element: &Element) -> String {
    let value = |name: LocalName| {
        element.attrs.iter().find(|(own, _)| own.local == name).map_or("", |(_, value)| value)
    };
    let (class, id) = (value(local_name!("class")), value(local_name!("id")));
    let mut all: String = class.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
    if !id.trim().is_empty() {
        if !all.is_empty() {
            all.push(' ');
        }
        all.push_str(id.trim());
    }
    all.truncate(all.floor_char_boundary(MAX_BYLINE_BYTES));
    all
}

fn byline_how(element: &Element, prop: Option<&str>, class: &str) -> Option<BylineHow> {
    let rel = || attribute(element, &local_name!("rel")).unwrap_or_default();
    if rel().split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case("author")) {
        Some(BylineHow::Rel)
    } else if prop.is_some_and(|prop| matches!(prop, "author" | "creator")) {
        Some(BylineHow::Itemprop)
    } else if has_word(class, &["author", "byline"]) {
        Some(BylineHow::Class)
    } else {
        None
    }
}

/// Whether class names hold one of some words.
fn has_word(class: &str, words: &[&str]) -> bool {
    let bytes = class.as_bytes();
    words.iter().any(|word| {
        bytes.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word.as_bytes()))
    })
}

fn href_of(element: ElementRef<'_>) -> Option<String> {
    let own = attribute(element.value(), &local_name!("href"));
    own.or_else(|| {
        element
            .descendants()
            .take(MAX_STEPS_UP)
            .filter_map(ElementRef::wrap)
            .find_map(|inner| attribute(inner.value(), &local_name!("href")))
    })
}

fn value_of(element: &Element) -> Option<String> {
    let names =
        [local_name!("content"), local_name!("datetime"), local_name!("href"), local_name!("src")];
    names.iter().find_map(|name| attribute(element, name))
}

/// Last part of the nearest `itemtype` around an element.
fn type_around(element: ElementRef<'_>) -> String {
    element
        .ancestors()
        .take(MAX_STEPS_UP)
        .filter_map(ElementRef::wrap)
        .find_map(|outer| attribute(outer.value(), &local_name!("itemtype")))
        .and_then(|kind| kind.trim_end_matches('/').rsplit('/').next().map(str::to_owned))
        .unwrap_or_default()
}

/// White space as one space.
fn collapse(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
