//! A page into its posts, or into the article and what is around it: by elements.

use std::sync::Arc;

use super::Pieces;
use crate::model::capture::Warning;
use crate::model::document::{Spot, Told};
use crate::model::ledger::Ledger;
use crate::model::piece::{Extent, Field, Found, Medium, Piece, PieceKind};
use crate::strip::{Scene, Stripped, gather as gather_hit};

/// How many pieces above an element are looked at for the one that holds it.
const OWNERS_LOOKED_AT: usize = 512;

/// How many bodies of a post above one are compared with it; the copy of a body stands near.
const BODIES_LOOKED_AT: usize = 32;

/// Splits a thread: each post is what its bodies hold. No post found gives no pieces.
pub(super) fn thread(
    scene: Scene<'_>,
    ledger: &Ledger,
    stripped: &Stripped,
    (post, body, header): (u32, u32, Option<u32>),
) -> Pieces {
    let removed = Removed::new(stripped);
    let posts: Vec<&Spot> =
        scene.document.spots(post).iter().filter(|spot| !removed.holds(spot.enter)).collect();
    let mut owner: Vec<Option<usize>> = vec![None; scene.document.blocks.len()];
    let mut bodies: Vec<Vec<&Spot>> = vec![Vec::new(); posts.len()];
    let mut inner: Vec<Vec<(u32, u32)>> = vec![Vec::new(); posts.len()];
    // Posts and bodies in the order of the page: what comes later lies deeper.
    let mut open: Vec<usize> = Vec::new();
    let mut next = 0;
    for spot in scene.document.spots(body) {
        while let Some(begun) = posts.get(next).filter(|begun| begun.enter <= spot.enter) {
            enter(&posts, &mut open, &mut inner, next);
            for slot in owner.get_mut(begun.blocks.clone()).unwrap_or_default() {
                *slot = None;
            }
            next += 1;
        }
        let around =
            open.iter().rev().find(|at| posts.get(**at).is_some_and(|p| spot.enter < p.exit));
        let Some(&post) = around else { continue };
        let Some(own) = bodies.get_mut(post) else { continue };
        // Some skins hold a body twice, for narrow and for wide screens.
        let again = own.iter().rev().take(BODIES_LOOKED_AT).any(|other| {
            other.exit <= spot.enter && same_text(scene, other.blocks.clone(), spot.blocks.clone())
        });
        if again || removed.holds(spot.enter) {
            continue;
        }
        own.push(spot);
        for slot in owner.get_mut(spot.blocks.clone()).unwrap_or_default() {
            *slot = Some(post);
        }
    }
    while next < posts.len() {
        enter(&posts, &mut open, &mut inner, next);
        next += 1;
    }
    let mut blocks: Vec<Vec<usize>> = vec![Vec::new(); posts.len()];
    let mut outside = Vec::new();
    for (index, owner) in owner.iter().enumerate() {
        match owner.and_then(|owner| blocks.get_mut(owner)) {
            Some(own) => own.push(index),
            None => outside.push(index),
        }
    }
    let mut found = Pieces::default();
    let mut without_body = 0;
    let headers = header.map_or(&[][..], |header| scene.document.spots(header));
    let mut behind = 0;
    let all = posts.iter().zip(blocks).zip(bodies).zip(inner);
    for (((spot, blocks), bodies), inner) in all {
        if bodies.is_empty() {
            without_body += 1;
            continue;
        }
        // A body whose every block a rule took is no post: an advert in the manner of one.
        let taken = !blocks.is_empty() && blocks.iter().all(|index| !ledger.is_open(*index));
        if taken && !blocks.iter().any(|index| stripped.is_protected(*index)) {
            outside.extend(blocks);
            continue;
        }
        let mut piece = Piece::new(PieceKind::Post, blocks);
        // A header that stands above the post, and behind the one before, is part of it.
        let above = headers.partition_point(|header| header.exit <= spot.enter);
        let own = above.checked_sub(1).and_then(|at| headers.get(at));
        let enter = own.filter(|own| own.enter >= behind).map_or(spot.enter, |own| own.enter);
        behind = spot.exit;
        piece.extent = Some(Extent { enter, exit: spot.exit, inner });
        found.pieces.push(piece);
    }
    if found.pieces.is_empty() {
        return Pieces::default();
    }
    outside.sort_unstable();
    found.page = Some(Piece::new(PieceKind::Page, outside));
    if without_body > 0 {
        let detail = format!("{without_body} of {}", posts.len());
        found.warnings.push(Warning::new("posts_without_body", detail));
    }
    found
}

/// The posts that stand in the page's data. What the page shows besides is no post.
pub(super) fn told(scene: Scene<'_>, told: &Told, split: &str) -> Pieces {
    let rule: Arc<str> = format!("{split}.data").into();
    let found = |text: &String| Found {
        text: text.clone(),
        rule: Arc::clone(&rule),
        line: told.line,
        medium: Medium::Json,
    };
    let mut pieces = Pieces::default();
    let mut first = scene.document.blocks.len();
    for post in &told.posts {
        first = first.min(post.blocks.start);
        let mut piece = Piece::new(PieceKind::Post, post.blocks.clone().collect());
        let (enter, exit) = post.element;
        piece.extent = Some(Extent { enter, exit, inner: Vec::new() });
        for (field, value) in &post.facts {
            piece.facts.add(*field, found(value));
        }
        pieces.pieces.push(piece);
    }
    let behind = told.posts.last().map_or(first, |post| post.blocks.end);
    let outside = (0..first).chain(behind..scene.document.blocks.len()).collect();
    let mut page = Piece::new(PieceKind::Page, outside);
    if let Some(title) = &told.title {
        page.facts.add(Field::Title, found(title));
    }
    pieces.page = Some(page);
    pieces
}

/// Opens a post, inside those that are still open.
fn enter(posts: &[&Spot], open: &mut Vec<usize>, inner: &mut [Vec<(u32, u32)>], number: usize) {
    let Some(post) = posts.get(number) else { return };
    while open.last().is_some_and(|at| posts.get(*at).is_some_and(|p| p.exit <= post.enter)) {
        open.pop();
    }
    if let Some(around) = open.last().and_then(|at| inner.get_mut(*at)) {
        around.push((post.enter, post.exit));
    }
    open.push(number);
}

/// Whether two runs of blocks say the same.
fn same_text(scene: Scene<'_>, one: std::ops::Range<usize>, other: std::ops::Range<usize>) -> bool {
    !one.is_empty()
        && one.len() == other.len()
        && one.zip(other).all(|(a, b)| scene.document.block_text(a) == scene.document.block_text(b))
}

/// The article: what the body holds. What is outside becomes the page's.
pub(super) fn article(scene: Scene<'_>, ledger: &Ledger, stripped: &Stripped, body: u32) -> Pieces {
    let removed = Removed::new(stripped);
    let mut inside = vec![false; scene.document.blocks.len()];
    for spot in scene.document.spots(body) {
        if !removed.holds(spot.enter) {
            for slot in inside.get_mut(spot.blocks.clone()).unwrap_or_default() {
                *slot = true;
            }
        }
    }
    let (blocks, outside): (Vec<usize>, Vec<usize>) =
        (0..inside.len()).partition(|index| inside.get(*index) == Some(&true));
    if !blocks.iter().any(|index| ledger.is_open(*index)) {
        return Pieces::default();
    }
    Pieces {
        page: None,
        pieces: vec![Piece::new(PieceKind::Article, blocks)],
        outside,
        warnings: Vec::new(),
    }
}

/// Elements that rules removed as a whole.
struct Removed(Vec<(u32, u32)>);

impl Removed {
    fn new(stripped: &Stripped) -> Self {
        let mut all: Vec<(u32, u32)> = stripped.hits.iter().filter_map(|hit| hit.element).collect();
        all.sort_unstable();
        // What lies inside another one says nothing new.
        let mut behind = 0;
        all.retain(|(_, exit)| {
            let new = *exit > behind;
            behind = behind.max(*exit);
            new
        });
        Self(all)
    }

    fn holds(&self, element: u32) -> bool {
        let behind = self.0.partition_point(|(enter, _)| *enter <= element);
        behind.checked_sub(1).and_then(|at| self.0.get(at)).is_some_and(|(_, exit)| element < *exit)
    }
}

/// Gives each hit's facts to the piece that its element stands in, or to the page.
pub(super) fn gather(pieces: &mut Pieces, stripped: &Stripped) {
    if pieces.page.is_none() {
        if let [piece] = pieces.pieces.as_mut_slice() {
            stripped.hits.iter().for_each(|hit| gather_hit(piece, hit));
        }
        return;
    }
    for hit in &stripped.hits {
        let owner = hit.element.and_then(|(enter, _)| owner(&pieces.pieces, enter));
        let piece = match owner.and_then(|at| pieces.pieces.get_mut(at)) {
            Some(piece) => Some(piece),
            None => pieces.page.as_mut(),
        };
        if let Some(piece) = piece {
            gather_hit(piece, hit);
        }
    }
}

/// The innermost piece that an element stands in. Pieces stand in the order of the page, so it is
/// the last one that begins before the element and ends behind it.
fn owner(pieces: &[Piece], element: u32) -> Option<usize> {
    let extent = |piece: &Piece| piece.extent.as_ref().map_or((0, 0), |e| (e.enter, e.exit));
    let behind = pieces.partition_point(|piece| extent(piece).0 <= element);
    // Nesting is bounded by the parser's own limit.
    (0..behind)
        .rev()
        .take(OWNERS_LOOKED_AT)
        .find(|at| pieces.get(*at).is_some_and(|piece| element < extent(piece).1))
}
