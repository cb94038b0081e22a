//! A thread into posts: by rules that begin a post, or by lines in a row that end one.

use std::ops::Range;
use std::sync::Arc;

use super::{Pieces, is_cut_off_piece};
use crate::model::ledger::Ledger;
use crate::model::piece::{Piece, PieceKind};
use crate::profile::matcher::PatternId;
use crate::strip::{Scene, Stripped};

/// Splits a thread. No post found gives no pieces.
pub(super) fn split(
    scene: Scene<'_>,
    ledger: &mut Ledger,
    stripped: &Stripped,
    id: &Arc<str>,
    head: &[usize],
    start: &[usize],
    end: &[PatternId],
) -> Pieces {
    let last = scene.document.blocks.len();
    let head_end = super::head_end(stripped, head);
    let mut starts: Vec<usize> = start
        .iter()
        .flat_map(|rule| stripped.hits_of(*rule))
        .map(|hit| hit.start)
        .filter(|at| *at >= head_end)
        .collect();
    starts.sort_unstable();
    starts.dedup();
    let mut posts: Vec<Range<usize>> = Vec::new();
    let (mut outside_head, mut outside_tail) = (0..0, last..last);
    if let Some(first) = starts.first() {
        if !end.is_empty() {
            ends(scene, ledger, id, end, head_end..last);
        }
        let ends = starts.iter().skip(1).copied().chain([last]);
        posts.extend(starts.iter().zip(ends).map(|(from, to)| *from..to));
        outside_head = 0..*first;
        // A post that lies above the first panel: the capture begins in its middle.
        if is_cut_off_piece(scene, ledger, head_end..*first) {
            posts.insert(0, head_end..*first);
            outside_head = 0..head_end;
        }
    } else if !end.is_empty() {
        let ends = ends(scene, ledger, id, end, head_end..last);
        if ends.is_empty() {
            return Pieces::default();
        }
        let mut from = head_end;
        for ended in &ends {
            posts.push(from..ended.start);
            from = ended.end;
        }
        outside_head = 0..head_end;
        if is_cut_off_piece(scene, ledger, from..last) {
            posts.push(from..last);
        } else {
            outside_tail = from..last;
        }
    }
    posts.retain(|post| {
        starts.binary_search(&post.start).is_ok() || post.clone().any(|index| ledger.is_open(index))
    });
    if posts.is_empty() {
        return Pieces::default();
    }
    let outside = outside_head.chain(outside_tail).collect();
    Pieces {
        page: Some(Piece::new(PieceKind::Page, outside)),
        pieces: posts.into_iter().map(|post| Piece::new(PieceKind::Post, post.collect())).collect(),
        ..Pieces::default()
    }
}

/// Where the ending lines stand in a row; they are removed under the split's own id.
fn ends(
    scene: Scene<'_>,
    ledger: &mut Ledger,
    id: &Arc<str>,
    end: &[PatternId],
    among: Range<usize>,
) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut at = among.start;
    while at < among.end {
        let here = at..at + end.len();
        let in_row = end
            .iter()
            .zip(here.clone())
            .all(|(pattern, index)| index < among.end && scene.matches.has(index, *pattern));
        if in_row {
            for index in here.clone() {
                ledger.remove(index, id);
            }
            at = here.end;
            found.push(here);
        } else {
            at += 1;
        }
    }
    found
}
