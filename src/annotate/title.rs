//! Headlines of pasted articles: a line of the right shape with something to show for it.
//!
//! A post may open with any short line. It is the headline of an article only where a byline, a
//! date, a source or a picture stands below it, or where it is written like one, and prose follows.

use crate::model::document::BlockKind;
use crate::model::ledger::Ledger;
use crate::model::piece::Field;
use crate::profile::matcher::PatternId;
use crate::profile::program::FindHow;
use crate::profile::schema::{Place, Scope};
use crate::split::{capitalised, ends_sentence};
use crate::strip::{Scene, field_of_group};

use super::date::{self, Reading};

/// How many lines below a headline the byline or date may stand.
const REACH: usize = 4;

/// Fewest and most words of a headline; the shortest of the seeds has 6, the longest 16.
const WORDS: std::ops::RangeInclusive<usize> = 3..=24;

/// Share of capitalised words, in thousandths, from which a line is written like a headline.
const TITLE_CASE: u32 = 700;

/// Whether block `index`, one of `lines`, is the headline of what follows.
pub(super) fn is_headline(
    scene: Scene<'_>,
    ledger: &Ledger,
    lines: &[usize],
    index: usize,
) -> bool {
    let text = scene.document.block_text(index);
    let Some(block) = scene.document.blocks.get(index) else { return false };
    if block.kind != BlockKind::Paragraph
        || text.len() > 250
        || !WORDS.contains(&(block.words as usize))
        || text.ends_with([',', ';', ':', '.', '…'])
        || (ends_sentence(text) && !text.ends_with(['?', '!', '’', '\'', '"', '”']))
        || !text.starts_with(|first: char| first.is_alphanumeric() || "\"'“‘«[".contains(first))
        || text.starts_with(char::is_lowercase)
        || text.ends_with(['↑', '→', '»'])
        || has_sentence_break(text)
        || is_credit(text)
    {
        return false;
    }
    // "Ada said:" and "Quote:" stand above somebody's words.
    let above = lines.iter().copied().rfind(|above| *above < index);
    if above.is_some_and(|above| scene.document.block_text(above).ends_with([':', '↑'])) {
        return false;
    }
    let below = lines.get(lines.partition_point(|line| *line <= index)..).unwrap_or_default();
    let prose = |at: &&usize| {
        let count = scene.document.words(**at);
        count >= 25 || (count >= 15 && ends_sentence(scene.document.block_text(**at)))
    };
    // More than three say no more than three.
    let paragraphs = below.iter().filter(prose).take(3).count();
    if paragraphs < 1
        || below.first().is_some_and(|next| continues(scene, index, *next))
        || is_byline(scene, index)
    {
        return false;
    }
    let near = below.get(..below.len().min(REACH)).unwrap_or_default();
    let first_prose = below.iter().find(prose).copied().unwrap_or(index);
    // A picture's file name, or furniture of another kind, between headline and text.
    let picture = (index + 1..first_prose).any(|at| !ledger.is_open(at));
    let byline = near.iter().take_while(|at| **at <= first_prose).any(|at| is_byline(scene, *at));
    byline || (picture && paragraphs >= 2) || (capitalised(text) >= TITLE_CASE && paragraphs >= 3)
}

/// Whether a sentence ends inside a line: "Look at this. What do you say?". Initials and
/// abbreviations ("U.S. Says", "Mr. Ode") are no sentences.
fn has_sentence_break(text: &str) -> bool {
    let words: Vec<&str> = text.split(' ').collect();
    words.windows(2).any(|pair| match pair {
        [one, next] => {
            let stem = one.trim_end_matches(['.', '!', '?', '"', '”']);
            stem.len() < one.len()
                && (one.contains(['!', '?']) || stem.chars().count() > 3)
                && !stem.contains('.')
                && next.starts_with(char::is_uppercase)
        }
        _ => false,
    })
}

/// Whether a line says who wrote something, or when by the clock: "By Ada Berg, RD", "Editor, 9:00 am".
fn is_credit(text: &str) -> bool {
    let clock = |pair: &[u8]| matches!(pair, [hour, b':', minute] if hour.is_ascii_digit() && minute.is_ascii_digit());
    text.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("by "))
        || text.as_bytes().windows(3).any(clock)
}

/// Whether a line goes on in the one below: then it is text.
fn continues(scene: Scene<'_>, index: usize, next: usize) -> bool {
    next == index + 1
        && scene.document.blanks_before(next) == 0
        && scene.document.block_text(next).starts_with(char::is_lowercase)
}

/// Whether a line says who, when or whence.
fn is_byline(scene: Scene<'_>, index: usize) -> bool {
    let text = scene.document.block_text(index);
    scene.rules.finds.iter().filter(|find| find.scope == Scope::Piece).any(|find| {
        let wanted =
            matches!(find.field, Field::Author | Field::Published | Field::Agency | Field::Source);
        wanted
            && match &find.how {
                FindHow::Line { line, at, drop, .. } => {
                    (*drop || find.field == Field::Agency)
                        && *at != Some(Place::Last)
                        && scene.matches.has(index, *line)
                        && dates_hold(scene, *line, text)
                }
                FindHow::Date { .. } => {
                    date::read(text, &scene.rules.dates, None) != Reading::NotADate
                }
                FindHow::Const(_)
                | FindHow::Headline { .. }
                | FindHow::Css { .. }
                | FindHow::Meta { .. } => false,
            }
    })
}

/// Whether what a pattern takes for a date is one.
fn dates_hold(scene: Scene<'_>, line: PatternId, text: &str) -> bool {
    scene.rules.patterns.groups(line, text).iter().all(|(name, value)| {
        let is_date = matches!(field_of_group(name), Some(Field::Published | Field::Modified));
        !is_date || date::read(value, &scene.rules.dates, None) != Reading::NotADate
    })
}
