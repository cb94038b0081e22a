//! Elements of a page that a selector matches.

use std::sync::Arc;

use super::{Hit, Scene, field_of_group, react};
use crate::model::piece::{Facts, Field, Found, Medium};
use crate::profile::matcher::PatternId;
use crate::profile::program::Rule;

/// The elements that a rule matches.
pub(super) fn find(
    scene: Scene<'_>,
    number: usize,
    rule: &Rule,
    (css, attr, is): (u32, bool, Option<PatternId>),
) -> Vec<Hit> {
    let mut hits = Vec::new();
    for spot in scene.document.spots(css) {
        let text = || scene.document.line_of(spot.blocks.clone());
        let value = match (attr, is.is_some() || rule.into.is_some()) {
            (true, _) => spot.value.clone().unwrap_or_default(),
            (false, true) => text(),
            (false, false) => String::new(),
        };
        let medium = if attr { Medium::Attribute } else { Medium::Text };
        let mut facts = Facts::default();
        let line = scene.document.blocks.get(spot.blocks.start).map_or(0, |block| block.line);
        if let Some(is) = is {
            if scene.rules.patterns.matched(is, &value).is_none() {
                continue;
            }
            let mut groups = scene.rules.patterns.groups(is, &value);
            let has = |name| groups.iter().any(|(group, _)| *group == name);
            // "3" beside an icon: the rule says which reaction that is.
            if rule.into == Some(Field::Reactions) && has("count") && !has("name") {
                groups.push(("name", rule.id.rsplit('.').next().unwrap_or_default()));
            }
            react(&groups, &mut facts);
            for (name, text) in groups {
                if let Some(field) = field_of_group(name) {
                    let found =
                        Found { text: text.to_owned(), rule: Arc::clone(&rule.id), line, medium };
                    facts.add(field, found);
                }
            }
        }
        if let Some(into) = rule.into
            && !value.is_empty()
            && !facts.has(into)
            && (into != Field::Reactions || facts.reactions.is_empty())
        {
            facts.add(into, Found { text: value, rule: Arc::clone(&rule.id), line, medium });
        }
        let (start, end) = (spot.blocks.start, spot.blocks.end);
        let element = Some((spot.enter, spot.exit));
        hits.push(Hit { rule: number, start, end, facts, element });
    }
    hits
}
