//! Pieces: one capture becomes its articles or posts.
//!
//! Takes a document, its ledger and the rules' hits; gives pieces that together cover every block
//! that is open, and the page's own piece where the capture is a thread or a digest.

mod digest;
mod markup;
mod quotes;
mod stream;
mod thread;

pub(crate) use stream::capitalised;

use std::collections::HashSet;

use crate::model::capture::Warning;
use crate::model::document::{Document, words};
use crate::model::ledger::Ledger;
use crate::model::piece::{Piece, PieceKind};
use crate::profile::program::{MarkupHow, SplitHow};
use crate::strip::{Scene, Stripped, gather};

/// A capture in pieces.
#[derive(Debug, Clone, Default)]
pub struct Pieces {
    /// Facts of the page as a whole, and the blocks outside all pieces.
    pub page: Option<Piece>,
    /// The articles or posts, in the order of the capture.
    pub pieces: Vec<Piece>,
    /// Blocks outside all pieces, where the page has no piece of its own.
    pub outside: Vec<usize>,
    /// What a reader should know.
    pub warnings: Vec<Warning>,
}

/// Splits a capture as its profile says.
pub fn split(scene: Scene<'_>, ledger: &mut Ledger, stripped: &Stripped) -> Pieces {
    if scene.document.markup.is_some() {
        return page(scene, ledger, stripped);
    }
    let mut pieces = match &scene.rules.split {
        Some(split) => match &split.how {
            SplitHow::Thread { head, start, end } => {
                let pieces = thread::split(scene, ledger, stripped, &split.id, head, start, end);
                quotes::unrepeat(scene, ledger, &split.id, &pieces.pieces);
                pieces
            }
            SplitHow::Digest { head, separator } => {
                digest::split(scene, ledger, stripped, &split.id, head, *separator)
            }
            SplitHow::Stream { spec, marks } => {
                let marks = marks.iter().map(|rule| stripped.hits_of(*rule).count()).sum();
                stream::split(scene, ledger, &split.id, spec, marks)
            }
        },
        None => Pieces::default(),
    };
    if pieces.pieces.is_empty() {
        pieces.pieces.push(whole(scene.document));
        pieces.page = None;
    }
    gather_all(&mut pieces, stripped);
    pieces
}

/// Splits a page.
fn page(scene: Scene<'_>, ledger: &mut Ledger, stripped: &Stripped) -> Pieces {
    let mut pieces = match scene.rules.markup.as_ref().map(|split| (&split.how, &split.id)) {
        Some((&MarkupHow::Thread { post, body, quote, header }, id)) => {
            let told = scene.document.markup.as_ref().and_then(|markup| markup.told.as_ref());
            let pieces = match told {
                Some(told) => markup::told(scene, told, id),
                None => markup::thread(scene, ledger, stripped, (post, body, header)),
            };
            quotes::undouble(scene, ledger, id, quote, &pieces.pieces);
            pieces
        }
        Some((MarkupHow::Article { body }, _)) => body
            .iter()
            .map(|body| markup::article(scene, ledger, stripped, *body))
            .find(|pieces| !pieces.pieces.is_empty())
            .unwrap_or_default(),
        None => Pieces::default(),
    };
    if pieces.pieces.is_empty() {
        pieces.pieces.push(whole(scene.document));
        pieces.page = None;
    }
    markup::gather(&mut pieces, stripped);
    pieces
}

/// Gives each hit's facts to the piece that it stands in, or to the page.
pub fn gather_all(pieces: &mut Pieces, stripped: &Stripped) {
    for hit in &stripped.hits {
        // Pieces stand in the order of their blocks.
        let behind = pieces
            .pieces
            .partition_point(|piece| piece.blocks.first().is_some_and(|at| *at <= hit.start));
        let owner = behind
            .checked_sub(1)
            .and_then(|at| pieces.pieces.get_mut(at))
            .filter(|piece| piece.blocks.binary_search(&hit.start).is_ok())
            .or(pieces.page.as_mut());
        if let Some(piece) = owner {
            gather(piece, hit);
        }
    }
}

/// Where the page's head ends: behind the first match of any of its rules.
fn head_end(stripped: &Stripped, head: &[usize]) -> usize {
    head.iter().flat_map(|rule| stripped.hits_of(*rule)).map(|hit| hit.end).min().unwrap_or(0)
}

/// The whole capture as one article.
pub fn whole(document: &Document) -> Piece {
    Piece::new(PieceKind::Article, (0..document.blocks.len()).collect())
}

/// Whether a line reads like prose: long, or of some length and ended like a sentence.
pub fn is_prose(text: &str) -> bool {
    let count = words(text);
    count >= 20 || (count >= 8 && ends_sentence(text))
}

/// Whether a line ends like a sentence, closing quotes and brackets aside.
pub fn ends_sentence(text: &str) -> bool {
    let inner = text.trim_end_matches(['"', '”', '’', '\'', ')', ']', '»', '“']);
    inner.ends_with(['.', '!', '?', '…', '。', '！', '？', '۔', '؟'])
}

/// Whether the open blocks among some are mostly prose: then they are a piece that was cut off,
/// not page furniture.
fn is_cut_off_piece(scene: Scene<'_>, ledger: &Ledger, among: std::ops::Range<usize>) -> bool {
    let (mut prose, mut all) = (0, 0);
    let later: HashSet<&str> = (among.end..scene.document.blocks.len())
        .map(|index| scene.document.block_text(index))
        .collect();
    for index in among.filter(|index| ledger.is_open(*index)) {
        let text = scene.document.block_text(index);
        all += scene.document.words(index);
        // Some skins print the first post above the title too.
        let again = later.contains(text);
        if is_prose(text) && !again {
            prose += scene.document.words(index);
        }
    }
    prose >= 40 && prose * 10 >= all * 7
}
