//! A stream of stories into articles: at headlines, told by their shape and where they stand.
//!
//! Some sites leave an empty element between headline and text, where a picture was: a line of
//! white space. Where that gap is usual in a capture, it tells headlines from sub-headings, and
//! what stands between a headline and its gap is a caption or a promo, not text.

use std::sync::Arc;

use super::{Pieces, ends_sentence, is_prose};
use crate::model::document::BlockKind;
use crate::model::ledger::Ledger;
use crate::model::piece::{Field, Found, Medium, Piece, PieceKind};
use crate::profile::matcher::PatternId;
use crate::profile::program::{FindHow, Match};
use crate::profile::schema::{Place, StreamSpec};
use crate::strip::Scene;

/// Most blocks between a headline and its gap: a caption and its credit, or a promo.
const MAX_IN_GAP: usize = 3;

/// Most words of a headline above a gap; the longest seen has 21.
const GAP_HEADLINE_WORDS: u32 = 24;

/// Fewest words of text that make an article of what follows a headline.
const MIN_ARTICLE_WORDS: usize = 20;

/// Share of prose among the words, in hundredths, from which a capture can be a stream when the
/// profile asks for evidence: whole pages with their menus lie below.
const MIN_PROSE: usize = 80;

/// Splits a stream. Fewer than two headlines, or no evidence where it is asked for, gives none.
pub(super) fn split(
    scene: Scene<'_>,
    ledger: &mut Ledger,
    id: &Arc<str>,
    spec: &StreamSpec,
    links: usize,
) -> Pieces {
    let open: Vec<usize> =
        (0..scene.document.blocks.len()).filter(|index| ledger.is_open(*index)).collect();
    let view = View { scene, open: &open, spec };
    if spec.evidence && !(view.may_be_stream() && view.is_prose_capture()) {
        return Pieces::default();
    }
    let shaped: Vec<usize> =
        (0..open.len()).filter(|at| view.is_headline(*at, spec.words)).collect();
    let with_gap = shaped.iter().filter(|at| view.gap(**at).is_some()).count();
    let usual_gap = with_gap >= 2 && with_gap * 2 >= shaped.len();
    let mut heads: Vec<usize> = Vec::new();
    for at in 0..open.len() {
        let is_head = if usual_gap && view.gap(at).is_some() {
            view.is_gap_headline(at)
        } else if usual_gap {
            // Without the usual gap only what no sub-heading looks like.
            view.is_headline(at, (spec.words.0.max(6), spec.words.1))
                && view.capitalised(at) >= spec.capitalised + 100
        } else {
            view.is_headline(at, spec.words)
        };
        // Right under a headline stands no second one: it is a promo, or part of the story.
        let under_headline = heads.last().is_some_and(|head| !view.has_prose(head + 1..at));
        if is_head && !under_headline {
            heads.push(at);
        }
    }
    heads.retain(|head| view.words_below(*head) >= MIN_ARTICLE_WORDS / 4);
    if heads.len() < 2
        || (spec.evidence && links + view.sign_offs(&heads) < if usual_gap { 1 } else { 2 })
    {
        return Pieces::default();
    }
    let block = |at: usize| open.get(at).copied().unwrap_or(scene.document.blocks.len());
    let mut pieces = Vec::new();
    let mut verdicts: Vec<(usize, Verdict)> = Vec::new();
    let first = block(heads.first().copied().unwrap_or(0));
    if (0..first).any(|index| ledger.is_open(index)) {
        pieces.push(Piece::new(PieceKind::Article, (0..first).collect()));
    }
    for (number, head) in heads.iter().enumerate() {
        let next = heads.get(number + 1).copied().unwrap_or(open.len());
        let begin = if pieces.is_empty() { 0 } else { block(*head) };
        let mut piece = Piece::new(PieceKind::Article, (begin..block(next)).collect());
        piece.facts.add(Field::Title, view.found(*head, id));
        verdicts.push((block(*head), Verdict::Title));
        let gap = if usual_gap { view.gap(*head) } else { None };
        // Without a gap, at least a headline right below is no text of this story.
        let below = gap.map_or_else(
            || {
                let promo = view.is_headline(head + 1, spec.words) && head + 2 < next;
                *head + 1..*head + 1 + usize::from(promo)
            },
            |gap| *head + 1..gap,
        );
        for at in below {
            if view.is_headline(at, spec.words) && !view.is_caption(at) {
                verdicts.push((block(at), Verdict::Promo));
            } else {
                piece.facts.add(Field::Captions, view.found(at, id));
                verdicts.push((block(at), Verdict::Caption));
            }
        }
        pieces.push(piece);
    }
    let promo: Arc<str> = format!("{id}.promo").into();
    for (index, verdict) in verdicts {
        match verdict {
            Verdict::Title => ledger.into_field(index, Field::Title.name(), id),
            Verdict::Caption => ledger.into_field(index, Field::Captions.name(), id),
            Verdict::Promo => ledger.remove(index, &promo),
        };
    }
    Pieces { pieces, ..Pieces::default() }
}

enum Verdict {
    Title,
    Caption,
    Promo,
}

struct View<'a> {
    scene: Scene<'a>,
    /// The open blocks; places below are places in this list.
    open: &'a [usize],
    spec: &'a StreamSpec,
}

impl View<'_> {
    fn index(&self, at: usize) -> usize {
        self.open.get(at).copied().unwrap_or(usize::MAX)
    }

    fn text(&self, at: usize) -> &str {
        self.scene.document.block_text(self.index(at))
    }

    fn found(&self, at: usize, id: &Arc<str>) -> Found {
        let line = self.scene.document.blocks.get(self.index(at)).map_or(0, |block| block.line);
        Found { text: self.text(at).to_owned(), rule: Arc::clone(id), line, medium: Medium::Text }
    }

    /// A look at what costs nothing: gaps or lines that could be sign-offs, and blank lines
    /// between nearly all lines. The menus of whole pages are lines in a row.
    fn may_be_stream(&self) -> bool {
        let blocks = &self.scene.document.blocks;
        let gaps = blocks.iter().filter(|block| block.spacers > 0).count();
        let short = || blocks.iter().filter(|block| block.words == 1).count();
        let in_row = blocks.iter().filter(|block| block.blanks == 0).count();
        (gaps >= 2 || short() >= 2) && in_row * 5 <= blocks.len()
    }

    fn is_prose_capture(&self) -> bool {
        let (mut prose, mut all) = (0, 0);
        for at in 0..self.open.len() {
            let count = self.scene.document.words(self.index(at));
            all += count;
            if count >= 8 && is_prose(self.text(at)) {
                prose += count;
            }
        }
        if prose * 100 >= all * MIN_PROSE {
            return all > 0;
        }
        // Headlines are no prose, and no menu either.
        let heads = (0..self.open.len()).filter(|at| self.is_headline(*at, self.spec.words));
        let heads: usize = heads.map(|at| self.scene.document.words(self.index(at))).sum();
        prose * 100 >= (all - heads) * MIN_PROSE
    }

    /// Whether a line has the shape of a headline.
    fn is_headline(&self, at: usize, (low, high): (u32, u32)) -> bool {
        let index = self.index(at);
        let Some(block) = self.scene.document.blocks.get(index) else { return false };
        let count = block.words as usize;
        if !(low as usize..=high as usize).contains(&count) {
            return false;
        }
        let text = self.text(at);
        let above = index == 0 || block.blanks > 0 || !self.spec.after_blank;
        let below = self.scene.document.blanks_before(index + 1) > 0 || !self.spec.before_blank;
        above
            && below
            && block.kind == BlockKind::Paragraph
            && (self.spec.end_punctuation || !ends_like_text(text))
            && !text.starts_with(['–', '—', '-', '('])
            && capitalised(text) >= self.spec.capitalised
    }

    /// Whether a line above a gap can be a headline: there any case will do, and any length.
    fn is_gap_headline(&self, at: usize) -> bool {
        let index = self.index(at);
        let Some(block) = self.scene.document.blocks.get(index) else { return false };
        let text = self.text(at);
        let blank_above = index == 0 || block.blanks > 0;
        let first_below = self.scene.document.blanks_before(index + 1) > 0;
        blank_above
            && first_below
            && block.kind == BlockKind::Paragraph
            && (2..=GAP_HEADLINE_WORDS).contains(&block.words)
            && !text.ends_with(['.', ',', ';', ':', '#'])
            && !has_address(text)
            && !self.is_caption(at)
            && !text.starts_with(['–', '—', '-', '('])
            && !text.starts_with(char::is_lowercase)
    }

    /// Whether a rule of the profile would take a line for a caption.
    fn is_caption(&self, at: usize) -> bool {
        let index = self.index(at);
        self.scene.rules.list.iter().any(|rule| match rule.what {
            Match::Line { is, .. } => {
                rule.into == Some(Field::Captions) && self.scene.matches.has(index, is)
            }
            _ => false,
        })
    }

    fn capitalised(&self, at: usize) -> u32 {
        capitalised(self.text(at))
    }

    /// The place of the block that the gap below a headline stands above.
    fn gap(&self, at: usize) -> Option<usize> {
        let gap = (at + 1..=at + 1 + MAX_IN_GAP).find(|below| {
            let here = self.scene.document.blocks.get(self.index(*below));
            here.is_some_and(|block| block.spacers > 0)
        })?;
        // A headline further down stands nearer to the gap: then it is that one's.
        let other = (at + 2..gap)
            .any(|below| self.is_headline(below, self.spec.words) && !self.is_caption(below));
        (!other).then_some(gap)
    }

    fn has_prose(&self, mut among: std::ops::Range<usize>) -> bool {
        // Captions are long lines too; where a gap is, prose begins behind it.
        let from =
            among.start.checked_sub(1).and_then(|head| self.gap(head)).unwrap_or(among.start);
        among.start = from;
        among.into_iter().any(|at| is_prose(self.text(at)))
    }

    fn words_below(&self, head: usize) -> usize {
        (head + 1..(head + 12).min(self.open.len()))
            .map(|at| self.scene.document.words(self.index(at)))
            .sum()
    }

    /// How many stories end in an agency's name.
    fn sign_offs(&self, heads: &[usize]) -> usize {
        let rules = self.scene.rules;
        let agencies: Vec<PatternId> = rules
            .finds
            .iter()
            .filter_map(|find| match find.how {
                FindHow::Line { line, at: Some(Place::Last), .. }
                    if find.field == Field::Agency =>
                {
                    Some(line)
                }
                _ => None,
            })
            .collect();
        let signs = |at: &usize| {
            at.checked_sub(1).is_some_and(|above| {
                agencies.iter().any(|line| self.scene.matches.has(self.index(above), *line))
            })
        };
        heads.iter().chain([&self.open.len()]).filter(|at| signs(at)).count()
    }
}

/// Whether a line ends in a mark that headlines do not end in.
fn ends_like_text(text: &str) -> bool {
    text.ends_with([',', ';', ':', '-', '–', '—', '|', '#'])
        || (ends_sentence(text) && !text.ends_with(['?', '!', '…']))
}

/// Whether a word of a line is the address of a page, with or without its scheme.
fn has_address(text: &str) -> bool {
    text.split(' ').any(|word| {
        word.contains("://") || word.split_once('/').is_some_and(|(host, _)| host.contains('.'))
    })
}

/// Small words that headlines write small.
const SMALL: [&str; 34] = [
    "a", "an", "and", "as", "at", "but", "by", "for", "from", "in", "into", "is", "nor", "of",
    "off", "on", "onto", "or", "out", "over", "per", "so", "than", "the", "to", "up", "via", "vs",
    "vs.", "with", "yet", "after", "no", "–",
];

/// Share of words that begin with a capital or a figure, in thousandths; small words are free.
pub(crate) fn capitalised(text: &str) -> u32 {
    let (mut capital, mut counted) = (0_u32, 0_u32);
    for word in text.split(' ') {
        let word = word.trim_start_matches(['"', '“', '‘', '\'', '(', '[', '«', '’']);
        if word.is_empty() || SMALL.contains(&word) {
            continue;
        }
        let Some(first) = word.chars().next() else { continue };
        if !first.is_alphanumeric() {
            continue;
        }
        counted += 1;
        capital += u32::from(first.is_uppercase() || first.is_numeric());
    }
    (capital * 1000).checked_div(counted).unwrap_or(0)
}
