//! The facts of a preview as data for its script: JSON that no markup can break out of.

use serde_json::{Value, json};

use super::facts::{Facts, Stays};
use super::parts::COLOURS;
use crate::model::document::Document;
use crate::model::outline::{Element, NONE};

/// Longest label of an element, in letters.
const MAX_LABEL: usize = 90;

/// Attributes beside id and classes that a label shows.
const SHOWN: [&str; 6] = ["role", "itemprop", "data-role", "data-testid", "rel", "type"];

/// The reasons why no rule would change a block's fate, in the order of their numbers.
const STAYS: [Stays; 4] = [Stays::Outside, Stays::Split, Stays::Way, Stays::Protected];

/// All that the script shows of a part.
///
/// Lists in place of objects where there is one for each block or element: pages have many.
pub(super) fn json(document: &Document, facts: &Facts) -> String {
    let rules: Vec<Value> = facts
        .rules
        .iter()
        .enumerate()
        .map(|(number, rule)| {
            let written = rule.written.as_ref();
            json!({
                "id": rule.id,
                "file": written.map(|(path, _)| path),
                "line": written.map(|(_, line)| line),
                "off": off(&rule.id),
                "colour": number % COLOURS,
            })
        })
        .collect();
    let rows = facts.proposals.list.iter();
    let proposals: Vec<Value> =
        rows.map(|own| json!([own.table, own.toml, own.what, own.blocks, own.kept])).collect();
    let outline = document.markup.as_ref().and_then(|markup| markup.outline.as_deref());
    let mut elements: Vec<Value> = Vec::new();
    // Only elements on the way to some block are shown; the others leave their places empty.
    let mut shown = vec![NONE; outline.map_or(0, |outline| outline.elements.len())];
    let mut needed = vec![false; shown.len()];
    for place in outline.iter().flat_map(|outline| &outline.places) {
        for (number, _) in outline.iter().flat_map(|outline| outline.path(place.element)) {
            match needed.get_mut(number as usize) {
                Some(slot) if !*slot => *slot = true,
                _ => break,
            }
        }
    }
    let all = outline.map_or(&[][..], |outline| outline.elements.as_slice());
    for ((number, element), _) in all.iter().enumerate().zip(&needed).filter(|(_, needed)| **needed)
    {
        let parent = shown.get(element.parent as usize).copied();
        let proposal = facts.proposals.by_element.get(number).copied();
        let own = u32::try_from(elements.len()).unwrap_or(NONE);
        elements.push(json!([number_or_none(parent), label(element), number_or_none(proposal)]));
        if let Some(slot) = shown.get_mut(number) {
            *slot = own;
        }
    }
    let parts: Vec<Value> = facts
        .parts
        .iter()
        .enumerate()
        .map(|(index, part)| {
            let element = outline.and_then(|outline| outline.places.get(index));
            let element = element.and_then(|place| shown.get(place.element as usize)).copied();
            let stays = part.stays.and_then(|why| STAYS.iter().position(|own| *own == why));
            let because = part.opinion.map(|opinion| {
                let reasons = opinion.reasons.iter().flatten();
                let reasons = reasons.map(|it| json!([it.feature, it.value, it.points]));
                json!([opinion.chance, reasons.collect::<Vec<_>>()])
            });
            let words = facts.proposals.by_block.get(index).copied();
            let best = facts.proposals.best.get(index).copied();
            json!([
                part.kind.name(),
                part.rule,
                part.field,
                part.piece,
                number_or_none(element),
                number_or_none(words),
                number_or_none(best),
                stays,
                because,
            ])
        })
        .collect();
    let value = json!({
        "base": facts.base,
        "kept": facts.count(super::facts::Kind::Kept),
        "rules": rules,
        "stays": STAYS.map(Stays::words),
        "proposals": proposals,
        "elements": elements,
        "parts": parts,
    });
    harmless(&value.to_string())
}

fn number_or_none(number: Option<u32>) -> Option<u32> {
    number.filter(|number| *number != NONE)
}

/// The lines that switch a rule off; nothing where what acted is no rule.
fn off(id: &str) -> Option<String> {
    let (_, own) = id.split_once('/')?;
    let (table, name) =
        own.rsplit_once('.').filter(|(table, _)| table.matches('.').count() == 1)?;
    table.starts_with("strip.").then(|| format!("[{table}]\n{name} = false\n"))
}

/// JSON inside `<script>`: without a sign that could end it or begin a comment.
fn harmless(json: &str) -> String {
    // These signs stand in strings alone, where each may be written as an escape.
    json.replace('&', "\\u0026").replace('<', "\\u003c").replace('>', "\\u003e")
}

/// How an element is shown: `div#main.story[role=main]`.
fn label(element: &Element) -> String {
    let mut label = element.name.clone();
    if let Some(id) = element.attribute("id").map(str::trim).filter(|id| !id.is_empty()) {
        label.extend(["#", id]);
    }
    for class in element.attribute("class").unwrap_or_default().split_ascii_whitespace() {
        label.extend([".", class]);
    }
    for name in SHOWN {
        if let Some(value) = element.attribute(name).filter(|value| !value.is_empty()) {
            label.extend(["[", name, "=", value, "]"]);
        }
    }
    if label.chars().count() > MAX_LABEL {
        label = label.chars().take(MAX_LABEL).collect();
        label.push('…');
    }
    label
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_the_script() {
        let text = harmless(&json!(["</script><!--", "&lt;"]).to_string());
        assert!(!text.contains(['<', '>', '&']), "{text}");
        let back: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(back, json!(["</script><!--", "&lt;"]));
    }

    #[test]
    fn only_rules_can_be_switched_off() {
        assert_eq!(off("x/strip.line.share").as_deref(), Some("[strip.line]\nshare = false\n"));
        assert_eq!(off("x/strip.generic.lines.again"), None);
        assert_eq!(off("x/split.thread.outside"), None);
        assert_eq!(off("og og:title"), None);
    }
}
