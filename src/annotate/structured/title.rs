//! The page's title: what the reader sees as its headline, where another source confirms it.
//!
//! A page's `<title>` and `og:title` are written for search results and shares, and often differ
//! from the headline; the `h1` is the headline, but on many pages it is the site's name, a label
//! or a slogan. So an `h1` counts where it shares words with another source. It must never cut a
//! part off a title that no other source knows as the site's name. Takes the sources, gives a
//! value.

use super::plain::{folded, plain, shared, squeeze, words};
use super::{Sources, Value};

/// Share of the words of an `h1`, in thousandths, that another source must hold.
const CONFIRMED: usize = 500;

/// Most `h1` elements that are looked at.
const MAX_HEADINGS: usize = 24;

/// Longest headline, in characters; the longest of the benchmark has 203.
const MAX_CHARS: usize = 300;

/// What stands between a title and the site's name.
const SEPARATORS: [&str; 13] =
    [" | ", " - ", " – ", " — ", " · ", " • ", " :: ", " » ", " « ", " / ", " ~ ", " ‹ ", " › "];

/// Keys of `<meta>` that hold a title, after `og:title`.
const METAS: [&str; 9] = [
    "twitter:title",
    "citation_title",
    "dc.title",
    "dcterms.title",
    "parsely-title",
    "sailthru.title",
    "twitter:text:title",
    "title",
    "headline",
];

/// Decides on the title.
pub(super) fn title(sources: &Sources<'_>, site: Option<&Value>) -> Option<Value> {
    let head = sources.page.head;
    let written = sources.main.filter(|node| node.kind.is_written());
    let headline = written.and_then(|_| sources.main_text(&["headline", "name"]));
    let og = sources.metas.value(&["og:title"]);
    let tag = head.title.as_deref().map(plain);
    let tag = tag.map(|text| text.trim_matches(is_mark).to_owned()).filter(|text| !text.is_empty());
    let tag = tag.map(|text| Value::new(text, "title", "title", 0));
    let metas = sources.metas.value(&METAS);
    let named = sources
        .main_text(&["name", "headline"])
        .or_else(|| sources.whole_text(&["name", "headline"]));
    let house = House::new(sources, site);
    let mut others: Vec<Value> = Vec::new();
    for value in [headline, og, tag, metas] {
        others.extend(value.filter(|value| !house.is_name(&value.text) || house.is_front));
    }
    let headings = headings(sources, &house, &others);
    let confirmed = headings.iter().max_by_key(|(score, _)| *score);
    if let Some((score, _)) = confirmed
        && *score >= CONFIRMED
        && let Some((_, heading)) = headings.iter().find(|(other, _)| other == score)
    {
        return Some(heading.clone());
    }
    let alone = headings.into_iter().map(|(_, heading)| heading).next();
    let mut found = others.into_iter().chain(alone).chain(named);
    let first = found.next()?;
    let others: Vec<String> = found.map(|value| folded(&value.text)).collect();
    // A front page is the site: its name belongs to its title.
    let whole = || first.text.as_str();
    let text = if house.is_front { whole() } else { house.without_name(&first.text, &others) };
    let text = text.to_owned();
    Some(Value { text, ..first })
}

/// The headings that could be the title, each with the share of its words that another source
/// holds.
fn headings(sources: &Sources<'_>, house: &House, others: &[Value]) -> Vec<(usize, Value)> {
    let mut found: Vec<(usize, Value)> = Vec::new();
    for heading in sources.page.head.headings.iter().take(MAX_HEADINGS) {
        let text = squeeze(&heading.text);
        // Marks that documentation puts behind a heading, to link to it.
        let text = text.trim_matches([' ', '¶', '#', '§', '🔗', '\u{fffc}']);
        let count = words(text).len();
        if count == 0 || text.chars().count() > MAX_CHARS || house.is_heading(text, others) {
            continue;
        }
        let score = others.iter().map(|other| shared(text, &other.text)).max().unwrap_or(0);
        found.push((score, Value::new(text, "h1", "h1", heading.line)));
    }
    found
}

/// The site, as far as its name is known.
struct House {
    /// Its name in words, folded.
    names: Vec<String>,
    /// The longest label of its host: `example` of `www.example.org`.
    label: String,
    /// Whether the page is the site's front page.
    is_front: bool,
}

impl House {
    fn new(sources: &Sources<'_>, site: Option<&Value>) -> Self {
        let url = sources.page.url.or_else(|| {
            sources.metas.text(&["og:url"]).or_else(|| {
                let link = sources.page.head.links.iter().find(|link| link.rel == "canonical");
                link.map(|link| link.href.as_str())
            })
        });
        let url = url.filter(|url| url.contains("://")).and_then(|url| url::Url::parse(url).ok());
        let host = url.as_ref().and_then(url::Url::host_str).unwrap_or_default();
        let labels: Vec<&str> = host.split('.').filter(|label| *label != "www").collect();
        let labels = labels.get(..labels.len().saturating_sub(1)).unwrap_or_default();
        let label =
            labels.iter().rev().max_by_key(|label| label.len()).copied().unwrap_or_default();
        let graph = sources.graph.site().map(|value| value.text);
        let names = site.map(|value| value.text.clone()).into_iter().chain(graph);
        let names = names.map(|name| folded(&name)).filter(|name| !name.is_empty()).collect();
        let is_front = sources.is_front;
        Self { names, label: label.replace('-', "").to_lowercase(), is_front }
    }

    /// Whether a text is the site's name, or its host's.
    fn is_name(&self, text: &str) -> bool {
        let text = folded(text);
        self.names.contains(&text) || self.is_host(&text)
    }

    fn is_host(&self, folded: &str) -> bool {
        let run: String = folded.split(' ').collect();
        let stem = run.strip_prefix("the").unwrap_or(&run);
        let bare = stem.strip_prefix("www").unwrap_or(stem);
        let end = bare.strip_prefix(self.label.as_str());
        !self.label.is_empty()
            && end.is_some_and(|end| {
                ["", "com", "org", "net", "io", "co", "couk", "de"].contains(&end)
            })
    }

    /// Whether a part of a title speaks of the site: its name, or a few words with it in them.
    fn is_part(&self, part: &str) -> bool {
        let text = folded(part);
        let count = words(&text).len();
        let run: String = text.split(' ').collect();
        self.is_name(part)
            || (count <= 5
                && (self.names.iter().any(|name| {
                    let few = words(name).len();
                    (few > 1 || name.len() > 3)
                        && (text.starts_with(&format!("{name} "))
                            || text.ends_with(&format!(" {name}")))
                        || (count >= 2 && name.starts_with(&format!("{text} ")))
                }) || (self.label.len() >= 4 && run.contains(&self.label))
                    || (run.len() >= 4 && self.label.contains(&run))))
    }

    /// Whether a heading is the site's name: what the site is called, or the last part of a
    /// title that has a part of its own before it.
    fn is_heading(&self, heading: &str, others: &[Value]) -> bool {
        if self.is_front {
            return false;
        }
        if self.is_name(heading) {
            return true;
        }
        let folded_heading = folded(heading);
        others.iter().any(|other| {
            cut_last(&other.text).is_some_and(|(before, last)| {
                folded(last) == folded_heading && !self.is_part(before)
            })
        })
    }

    /// A title without the site's name, where another source confirms that it is one.
    fn without_name<'t>(&self, title: &'t str, others: &[String]) -> &'t str {
        let mut text = title;
        // A section may stand between the title and the name.
        for _ in 0..3 {
            let known = |part: &str| others.contains(&folded(part));
            if let Some((before, last)) = cut_last(text)
                && (self.is_part(last) || known(before))
                && !before.is_empty()
            {
                text = before;
            } else if let Some((first, after)) = cut_first(text)
                && (self.is_name(first) || known(after))
                && !after.is_empty()
            {
                text = after;
            } else {
                break;
            }
        }
        text
    }
}

/// Whether a letter stands between titles and names.
fn is_mark(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '|' | '-' | '–' | '—' | '·' | '•' | '»' | '«' | '/')
}

/// A text at its last separator.
fn cut_last(text: &str) -> Option<(&str, &str)> {
    let cuts = SEPARATORS.iter().filter_map(|mark| Some((text.rfind(mark)?, mark.len())));
    let (at, length) = cuts.max_by_key(|(at, _)| *at)?;
    Some((text.get(..at)?.trim(), text.get(at + length..)?.trim()))
}

/// A text at its first separator.
fn cut_first(text: &str) -> Option<(&str, &str)> {
    let cuts = SEPARATORS.iter().filter_map(|mark| Some((text.find(mark)?, mark.len())));
    let (at, length) = cuts.min_by_key(|(at, _)| *at)?;
    Some((text.get(..at)?.trim(), text.get(at + length..)?.trim()))
}
