//! Fields from a page's elements: their text, an attribute, or a `<meta>`.

use std::sync::Arc;

use super::Finder;
use super::date::{self, Reading};
use crate::model::document::Spot;
use crate::model::ledger::Fate;
use crate::model::piece::{Field, Found, Medium, Piece};
use crate::profile::cut::cut;
use crate::profile::matcher::PatternId;
use crate::profile::program::{Find, FindHow};
use crate::profile::schema::{Pick, Scope};
use crate::strip::field_of_group;

impl Finder<'_, '_> {
    /// Finds a field in the elements that belong to a piece.
    pub(super) fn markup(&mut self, piece: &mut Piece, find: &Find) {
        match &find.how {
            FindHow::Css { css, attr, cut: steps, is, pick, drop } => {
                let spots = self.scene.document.spots(*css);
                let whole = find.scope == Scope::Capture || piece.extent.is_none();
                let extent = piece.extent.clone().unwrap_or_default();
                let from =
                    if whole { 0 } else { spots.partition_point(|s| s.enter < extent.enter) };
                let to = if whole {
                    spots.len()
                } else {
                    spots.partition_point(|spot| spot.enter < extent.exit)
                };
                let own = spots.get(from..to).unwrap_or_default().iter();
                let own = own.filter(|spot| whole || extent.holds(spot.enter));
                let list: Vec<&Spot> = match pick {
                    Pick::Last => own.rev().collect(),
                    Pick::First | Pick::All => own.collect(),
                };
                for spot in list {
                    let text = if *attr {
                        spot.value.clone().unwrap_or_default()
                    } else {
                        self.words_of(spot)
                    };
                    let block = self.scene.document.blocks.get(spot.blocks.start);
                    let line = block.filter(|_| !spot.blocks.is_empty()).map_or(0, |b| b.line);
                    let Some(text) = cut(&text, steps) else { continue };
                    if !self.element(piece, find, &text, *is, line) {
                        continue;
                    }
                    if *drop {
                        for index in spot.blocks.clone() {
                            self.ledger.into_field(index, find.field.name(), &find.id);
                        }
                    }
                    if *pick != Pick::All || !find.field.adds_up() {
                        break;
                    }
                }
            }
            FindHow::Meta { key, cut: steps, is } => {
                let markup = self.scene.document.markup.as_ref();
                let metas = markup.map_or(&[][..], |markup| &markup.head.metas);
                for meta in metas.iter().filter(|meta| meta.key == *key) {
                    let Some(content) = cut(&meta.content, steps) else { continue };
                    if self.element(piece, find, &content, *is, meta.line) && !find.field.adds_up()
                    {
                        break;
                    }
                }
            }
            _ => {}
        }
    }

    /// The text of an element without what rules took out of it: a label, an icon.
    fn words_of(&self, spot: &Spot) -> String {
        let document = self.scene.document;
        if let (true, Some(said)) = (spot.blocks.is_empty(), &spot.value) {
            return said.clone();
        }
        let taken = |index| matches!(self.ledger.fate(index), Fate::Removed(_));
        let whole = spot.blocks.clone();
        if !whole.clone().any(taken) || whole.clone().all(taken) {
            return document.line_of(whole);
        }
        document.line_of(whole.filter(|index| !taken(*index)))
    }

    /// Takes a field's value out of the text of an element.
    fn element(
        &mut self,
        piece: &mut Piece,
        find: &Find,
        text: &str,
        is: Option<PatternId>,
        line: u32,
    ) -> bool {
        let mut values: Vec<(Field, String)> = Vec::new();
        if let Some(is) = is {
            let patterns = &self.scene.rules.patterns;
            let Some(whole) = patterns.matched(is, text) else { return false };
            for (name, value) in patterns.groups(is, text) {
                values.extend(field_of_group(name).map(|field| (field, value.trim().to_owned())));
            }
            if !values.iter().any(|(field, _)| *field == find.field) {
                values.push((find.field, whole.trim().to_owned()));
            }
        } else {
            values.push((find.field, text.trim().to_owned()));
        }
        let medium = match &find.how {
            FindHow::Css { attr: true, .. } => Medium::Attribute,
            FindHow::Meta { .. } => Medium::Meta,
            _ => Medium::Text,
        };
        let mut taken = false;
        for (field, value) in values {
            let is_date = matches!(field, Field::Published | Field::Modified);
            if value.is_empty() || (is_date && !self.reads_as_date(&value)) {
                continue;
            }
            let relative = || {
                let fetched_at = self.hints.fetched_at.as_deref();
                matches!(date::read(&value, &self.scene.rules.dates, fetched_at), Reading::Relative)
            };
            // "3 hours ago" without a clock says less than another element may.
            if is_date && relative() {
                continue;
            }
            let found = Found { text: value, rule: Arc::clone(&find.id), line, medium };
            taken |= piece.facts.add(field, found) && field == find.field;
        }
        taken
    }
}
