//! Facts: each piece's title, authors, dates and sources, each with the line that says so.
//!
//! Takes pieces and the ways of the profile to find fields; fills the pieces' facts and settles
//! the ledger. What the capture does not hold stays unknown: nothing is guessed.

pub mod compose;
mod css;
pub mod date;
mod known;
pub mod language;
pub mod names;
mod place;
pub mod structured;
mod tables;
mod text;
mod title;
mod told;

use std::sync::Arc;

use crate::model::capture::{Hints, Warning};
use crate::model::ledger::Ledger;
use crate::model::piece::{Field, Found, Medium, Piece, PieceKind};
use crate::profile::matcher::PatternId;
use crate::profile::program::{Find, FindHow, Match, Rule};
use crate::profile::schema::{Place, Scope};
use crate::split::Pieces;
use crate::strip::{Scene, Stripped, field_of_group, strip_placed};
use date::Reading;
use structured::Known;

/// Most rounds over the last lines of a piece: a permalink below a sign-off below a credit.
const LAST_ROUNDS: usize = 4;

/// Finds the facts of a page and its pieces, and decides every block that is still open.
pub fn annotate(
    scene: Scene<'_>,
    hints: &Hints,
    ledger: &mut Ledger,
    stripped: &mut Stripped,
    pieces: &mut Pieces,
) -> Option<Known> {
    let mut warnings = Vec::new();
    let all: Vec<usize> = match &pieces.page {
        Some(page) => page.blocks.clone(),
        None => (0..scene.document.blocks.len()).collect(),
    };
    let mut page = pieces.page.take();
    let judged = false;
    let mut finder = Finder { scene, hints, ledger, warnings: &mut warnings, judged };
    if let Some(page) = &mut page {
        finder.all(page, Scope::Capture, &all);
    } else if let [piece] = pieces.pieces.as_mut_slice() {
        finder.all(piece, Scope::Capture, &all);
    } else {
        // No line of a stream speaks for all of its stories, but constants do.
        for piece in &mut pieces.pieces {
            finder.all(piece, Scope::Capture, &[]);
        }
    }
    let known = known::read(scene, hints, page.is_some());
    if let Some(known) = &known {
        if let Some(page) = &mut page {
            known::add(page, known, true);
        } else if let [piece] = pieces.pieces.as_mut_slice() {
            finder.elements(piece);
            known::add(piece, known, false);
            known::take_title(scene, finder.ledger, piece);
        }
        finder.warnings.extend(known.warnings.iter().cloned());
    }
    let judged = page.is_none() && pieces.pieces.len() == 1 && stripped.read_lines();
    for piece in &mut pieces.pieces {
        // Places are counted over the lines that no rule of the whole capture took.
        let lines: Vec<usize> =
            piece.blocks.iter().copied().filter(|index| ledger.is_open(*index)).collect();
        let covers = |rule: &Rule| match rule.at {
            Some(at @ (Place::First | Place::Lines(..))) => {
                place::runs(place::covered(Some(at), &lines, None))
            }
            _ => Vec::new(),
        };
        strip_placed(scene, ledger, stripped, piece, &covers);
        let mut finder = Finder { scene, hints, ledger, warnings: &mut warnings, judged };
        for find in scene.rules.finds.iter().filter(|find| find.field == Field::Title) {
            finder.one(piece, Scope::Piece, find, &lines);
        }
        if judged
            && !piece.facts.has(Field::Title)
            && let Some((index, rule)) = stripped.headline(scene.document, ledger)
        {
            known::take_headline(scene, ledger, piece, (index, rule));
        }
        let title = place::title_line(scene, piece);
        let covers = |rule: &Rule| match rule.at {
            Some(at @ (Place::AfterTitle | Place::BeforeTitle)) => {
                place::runs(place::covered(Some(at), &lines, title))
            }
            _ => Vec::new(),
        };
        strip_placed(scene, ledger, stripped, piece, &covers);
        let mut finder = Finder { scene, hints, ledger, warnings: &mut warnings, judged };
        finder.all(piece, Scope::Piece, &lines);
        for _ in 0..LAST_ROUNDS {
            let mut open = lines.iter().copied().filter(|index| ledger.is_open(*index));
            let Some(last) = open.next_back() else { break };
            // What stands alone is what the piece says, be it a link.
            if open.next().is_none() {
                break;
            }
            let covers = |rule: &Rule| {
                let line = matches!(rule.what, Match::Line { .. });
                if rule.at == Some(Place::Last) && line { place::runs(&[last]) } else { Vec::new() }
            };
            strip_placed(scene, ledger, stripped, piece, &covers);
            let mut finder = Finder { scene, hints, ledger, warnings: &mut warnings, judged };
            finder.last(piece, last);
            if ledger.is_open(last) {
                break;
            }
        }
        if judged {
            known::add(piece, &known::of_text(scene, hints, piece), false);
        }
    }
    if page.is_some() {
        told::fill(scene, &mut pieces.pieces);
    }
    if let (Some(page), Some(first)) = (&page, pieces.pieces.first_mut()) {
        first_post(page, first);
    }
    settle(scene, ledger, page.as_ref(), &pieces.outside, &pieces.pieces);
    if scene.document.markup.is_some() && page.is_some() {
        warnings.extend(counts_differ(&pieces.pieces));
    }
    pieces.page = page;
    pieces.warnings.append(&mut warnings);
    known
}

/// A warning where some posts of a page name who wrote them, or when, and others do not.
fn counts_differ(posts: &[Piece]) -> Option<Warning> {
    let count = |field| posts.iter().filter(|post| post.facts.has(field)).count();
    let (authors, dates) = (count(Field::PostedBy), count(Field::Published));
    let all = posts.len();
    (authors != all || dates != all).then(|| {
        let detail = format!("{all} posts, {authors} authors, {dates} dates");
        Warning::new("counts_differ", detail)
    })
}

/// Who began a thread wrote its first post: so on the first page, where the head names the one
/// and the post names nobody, the first post is theirs.
fn first_post(page: &Piece, first: &mut Piece) {
    let on_first_page = page.facts.first(Field::Page).is_none_or(|number| number.text == "1");
    if let Some(starter) = page.facts.first(Field::Starter)
        && on_first_page
        && first.kind == PieceKind::Post
        && !first.facts.has(Field::PostedBy)
    {
        first.facts.add(Field::PostedBy, starter.clone());
    }
}

/// Keeps what is open in a piece, and removes what is open outside all pieces.
fn settle(
    scene: Scene<'_>,
    ledger: &mut Ledger,
    page: Option<&Piece>,
    outside: &[usize],
    pieces: &[Piece],
) {
    for (number, piece) in pieces.iter().enumerate() {
        let number = u32::try_from(number + 1).unwrap_or(u32::MAX);
        for index in &piece.blocks {
            ledger.keep(*index, number);
        }
    }
    let text = scene.rules.split.as_ref().map(|split| &split.id);
    let markup = scene.rules.markup.as_ref().map(|split| &split.id);
    let id = if scene.document.markup.is_some() { markup.or(text) } else { text };
    let rule: Arc<str> = format!("{}.outside", id.map_or("generic-text/split", |id| id)).into();
    for index in page.map_or(outside, |page| &page.blocks) {
        ledger.remove(*index, &rule);
    }
}

/// Finds fields of one piece.
struct Finder<'a, 'l> {
    scene: Scene<'a>,
    hints: &'a Hints,
    ledger: &'l mut Ledger,
    warnings: &'l mut Vec<Warning>,
    /// Whether the classifier finds the headline: it sees lines that were removed too, and knows
    /// better than any shape.
    judged: bool,
}

impl Finder<'_, '_> {
    /// Tries all ways but those that look at the last line of a piece.
    fn all(&mut self, piece: &mut Piece, scope: Scope, lines: &[usize]) {
        let finds = &self.scene.rules.finds;
        for find in finds.iter().filter(|find| find.scope == scope) {
            self.one(piece, scope, find, lines);
        }
    }

    /// Tries the ways that look at a page's elements.
    fn elements(&mut self, piece: &mut Piece) {
        for find in &self.scene.rules.finds {
            if matches!(find.how, FindHow::Css { .. } | FindHow::Meta { .. }) {
                self.one(piece, Scope::Piece, find, &[]);
            }
        }
    }

    /// Tries the ways that look at the last line of a piece.
    fn last(&mut self, piece: &mut Piece, last: usize) {
        if self.is_plain_post(piece) {
            return;
        }
        for find in &self.scene.rules.finds {
            if let FindHow::Line { line, not, at: Some(Place::Last), drop } = find.how
                && find.scope == Scope::Piece
                && !not.is_some_and(|not| self.scene.matches.has(last, not))
                && self.take(piece, find, line, last, drop)
            {
                return;
            }
        }
    }

    /// Whether a piece is a post of a page without a headline in it: then no line of it speaks of
    /// an article's author, date or source.
    fn is_plain_post(&self, piece: &Piece) -> bool {
        self.scene.document.markup.is_some()
            && piece.kind == PieceKind::Post
            && !piece.facts.has(Field::Title)
    }

    fn one(&mut self, piece: &mut Piece, scope: Scope, find: &Find, lines: &[usize]) {
        if find.scope != scope || (piece.facts.has(find.field) && !find.field.adds_up()) {
            return;
        }
        let of_lines = matches!(find.how, FindHow::Line { .. } | FindHow::Date { .. });
        if of_lines
            && find.field != Field::Title
            && scope == Scope::Piece
            && self.is_plain_post(piece)
        {
            return;
        }
        let at = match &find.how {
            FindHow::Line { at, .. } | FindHow::Headline { at } | FindHow::Date { at, .. } => *at,
            FindHow::Css { .. } | FindHow::Meta { .. } => return self.markup(piece, find),
            FindHow::Const(value) => {
                let found = Found {
                    text: value.clone(),
                    rule: Arc::clone(&find.id),
                    line: 0,
                    medium: Medium::Text,
                };
                piece.facts.add(find.field, found);
                return;
            }
        };
        if at == Some(Place::Last) {
            return;
        }
        let title = match at {
            Some(Place::AfterTitle | Place::BeforeTitle) => place::title_line(self.scene, piece),
            _ => None,
        };
        for &index in place::covered(at, lines, title) {
            if !self.ledger.is_open(index) {
                continue;
            }
            let found = match &find.how {
                FindHow::Line { line, not, drop, .. } => {
                    !not.is_some_and(|not| self.scene.matches.has(index, not))
                        && self.take(piece, find, *line, index, *drop)
                }
                FindHow::Headline { .. } => {
                    !self.judged
                        && title::is_headline(self.scene, self.ledger, lines, index)
                        && self.take_whole(piece, find, index)
                }
                FindHow::Date { drop, .. } => self.take_date(piece, find, index, *drop),
                FindHow::Const(_) | FindHow::Css { .. } | FindHow::Meta { .. } => false,
            };
            if found && !find.field.adds_up() {
                return;
            }
        }
    }

    /// Takes a field's value, and those of other groups, from a line that matches.
    fn take(
        &mut self,
        piece: &mut Piece,
        find: &Find,
        pattern: PatternId,
        index: usize,
        drop: bool,
    ) -> bool {
        if !self.scene.matches.has(index, pattern) {
            return false;
        }
        let text = self.scene.document.block_text(index);
        let groups = self.scene.rules.patterns.groups(pattern, text);
        let mut values: Vec<(Field, &str)> = groups
            .iter()
            .filter_map(|(name, value)| field_of_group(name).map(|field| (field, value.trim())))
            .collect();
        if !values.iter().any(|(field, _)| *field == find.field) {
            let whole = self.scene.rules.patterns.matched(pattern, text).unwrap_or(text);
            values.push((find.field, whole));
        }
        for (field, value) in &values {
            let is_date = matches!(field, Field::Published | Field::Modified);
            if is_date && !self.reads_as_date(value) {
                return false;
            }
        }
        let mut taken = false;
        for (field, value) in values {
            taken |= self.add(piece, field, value, find, index) && field == find.field;
        }
        if taken && drop {
            self.ledger.into_field(index, find.field.name(), &find.id);
        }
        taken
    }

    fn take_whole(&mut self, piece: &mut Piece, find: &Find, index: usize) -> bool {
        let text = self.scene.document.block_text(index);
        let taken = self.add(piece, find.field, text, find, index);
        if taken {
            self.ledger.into_field(index, find.field.name(), &find.id);
        }
        taken
    }

    fn take_date(&mut self, piece: &mut Piece, find: &Find, index: usize, drop: bool) -> bool {
        let text = self.scene.document.block_text(index);
        if !self.reads_as_date(text) {
            return false;
        }
        let taken = self.add(piece, find.field, text, find, index);
        if taken && drop {
            self.ledger.into_field(index, find.field.name(), &find.id);
        }
        taken
    }

    fn reads_as_date(&self, text: &str) -> bool {
        let fetched_at = self.hints.fetched_at.as_deref();
        !matches!(date::read(text, &self.scene.rules.dates, fetched_at), Reading::NotADate)
    }

    fn add(
        &mut self,
        piece: &mut Piece,
        field: Field,
        value: &str,
        find: &Find,
        index: usize,
    ) -> bool {
        if value.is_empty() {
            return false;
        }
        let line = self.scene.document.blocks.get(index).map_or(0, |block| block.line);
        let found = Found {
            text: value.to_owned(),
            rule: Arc::clone(&find.id),
            line,
            medium: Medium::Text,
        };
        let taken = piece.facts.add(field, found);
        if taken && field == Field::Published {
            let fetched_at = self.hints.fetched_at.as_deref();
            match date::read(value, &self.scene.rules.dates, fetched_at) {
                Reading::Relative => {
                    self.warnings
                        .push(Warning::new("relative_date", format!("line {line}: {value}")));
                }
                Reading::Ambiguous => {
                    self.warnings
                        .push(Warning::new("ambiguous_date", format!("line {line}: {value}")));
                }
                Reading::Date(_) | Reading::NotADate => {}
            }
        }
        taken
    }
}
