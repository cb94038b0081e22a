//! What tells a capture of the site: its host, and where captures come without an address what
//! they say of themselves.

use std::collections::BTreeSet;

use super::pattern;
use super::sample::Sample;
use super::{chrome, write};

/// Fewest letters of the host's name that a line must hold to be its signature.
const LEAST_NAME: usize = 4;

/// Most bytes of a line that may be one; longer ones are not looked at when a profile is chosen.
const MOST_BYTES: usize = 120;

/// Separators between a page's title and the site's name.
const SEPARATORS: [&str; 5] = [" | ", " - ", " – ", " — ", " · "];

/// `[[match]]` tables, and what a person should know of them.
pub(super) fn find(host: &str, samples: &[&Sample]) -> (String, Vec<String>) {
    let mut tables = format!("[[match]]\nhosts = [{}]\n", write::quoted(host));
    let mut notes = Vec::new();
    let pages: Vec<&Sample> = samples.iter().copied().filter(|it| it.is_page()).collect();
    let texts: Vec<&Sample> = samples.iter().copied().filter(|it| !it.is_page()).collect();
    let has_no_address = |sample: &&Sample| host_of(sample).is_none();
    if pages.iter().any(has_no_address) {
        match site_name(&pages) {
            Some(name) if !name.contains(['\'', '"', '\\']) => {
                let css = format!("meta[property='og:site_name'][content='{name}']");
                tables.extend(["[[match]]\nselector = ", &write::quoted(&css), "\n"]);
            }
            _ => notes.push("pages without an address are not recognised".to_owned()),
        }
    }
    if texts.iter().any(has_no_address) {
        let lines = signature(host, &texts);
        if lines.is_empty() {
            notes.push(format!(
                "no line of the texts names {host}: those without an address are not recognised"
            ));
        } else {
            let quoted: Vec<String> = lines.iter().map(|line| write::quoted(line)).collect();
            tables.extend(["[[match]]\ntext = [", &quoted.join(", "), "]\nmin = 1\n"]);
        }
    }
    let others: BTreeSet<String> = samples
        .iter()
        .filter_map(|sample| host_of(sample))
        .filter(|own| own.strip_prefix("www.").unwrap_or(own) != host)
        .map(str::to_owned)
        .collect();
    if !others.is_empty() {
        let others: Vec<String> = others.iter().map(|own| write::shown(own)).collect();
        notes.push(format!(
            "some captures say that they are of {}, and the draft is for {host} alone: add hosts \
             to [[match]], or take these captures out",
            others.join(", ")
        ));
    }
    (tables, notes)
}

fn host_of(sample: &Sample) -> Option<&str> {
    sample.records.first().and_then(|record| record.host.as_deref())
}

/// The site's name, where all pages say the same.
fn site_name(pages: &[&Sample]) -> Option<String> {
    let mut names = pages.iter().map(|page| {
        let metas = page.document.markup.iter().flat_map(|markup| &markup.head.metas);
        metas.into_iter().find(|meta| meta.key == "og:site_name").map(|meta| meta.content.clone())
    });
    let first = names.next()??;
    names.all(|name| name.as_deref() == Some(&first)).then_some(first)
}

/// Letters and figures alone, small: `rope-and-tar.example` is in "… | Rope and Tar".
fn squeezed(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Patterns of lines that most texts have and that name the site, at most three.
fn signature(host: &str, texts: &[&Sample]) -> Vec<String> {
    let label = host.rsplit('.').nth(1).unwrap_or(host);
    let label = squeezed(label);
    if label.chars().count() < LEAST_NAME {
        return Vec::new();
    }
    let names_site = |line: &str| line.len() <= MOST_BYTES && squeezed(line).contains(&label);
    let mut counts: std::collections::BTreeMap<String, usize> = std::collections::BTreeMap::new();
    for text in texts {
        let mut own = BTreeSet::new();
        for index in 0..text.document.blocks.len() {
            let line = text.document.block_text(index);
            if !names_site(line) {
                continue;
            }
            own.insert(pattern::of_line(line));
            for separator in SEPARATORS {
                if let Some((_, name)) = line.rsplit_once(separator).filter(|it| names_site(it.1)) {
                    own.insert(format!(
                        "^.{{3,}}{}$",
                        pattern::escaped(&format!("{separator}{name}"))
                    ));
                }
            }
        }
        for pattern in own {
            *counts.entry(pattern).or_default() += 1;
        }
    }
    let mut found: Vec<(String, usize)> =
        counts.into_iter().filter(|(_, count)| *count >= chrome::most(texts.len())).collect();
    found.sort_by_key(|(pattern, count)| (std::cmp::Reverse(*count), pattern.clone()));
    found.into_iter().take(3).map(|(pattern, _)| pattern).collect()
}
