//! A parsed capture: its blocks in reading order.
//!
//! All text of a document lies in one buffer in the form that patterns see (trimmed, white space
//! and no-break spaces collapsed to one space), so that a block costs no allocation of its own.

use std::ops::Range;

/// How a block stands in its surroundings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockKind {
    /// A paragraph, or a line of one.
    Paragraph,
    /// A line that begins with a bullet or a list number.
    ListItem,
}

/// One paragraph-sized unit of a document. In text a block is one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    /// Where the block's text begins in the document's buffer.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
    /// Number of the capture's line, from 1.
    pub line: u32,
    /// How many of the capture's lines it holds; more than one only where wrapped lines were joined.
    pub lines: u32,
    /// Blank lines directly above.
    pub blanks: u16,
    /// Of these, lines that hold white space or no-break spaces: the trace of an empty element.
    pub spacers: u16,
    /// Words: runs between single spaces.
    pub words: u32,
    /// Columns of white space before the text, at most 255.
    pub indent: u8,
    /// How it stands.
    pub kind: BlockKind,
}

/// A capture in blocks.
#[derive(Debug, Clone, Default)]
pub struct Document {
    /// The text of all blocks, one after another, with a line feed behind each.
    pub text: String,
    /// The blocks, in reading order.
    pub blocks: Vec<Block>,
    /// Blank lines below the last block.
    pub blanks_at_end: u16,
}

impl Document {
    /// The text of block `index`; empty where there is no such block.
    pub fn block_text(&self, index: usize) -> &str {
        self.blocks.get(index).and_then(|block| self.text.get(block.range())).unwrap_or_default()
    }

    /// Blank lines between block `index - 1` and block `index`; for the index behind the last
    /// block those at the end.
    pub fn blanks_before(&self, index: usize) -> u16 {
        self.blocks.get(index).map_or(self.blanks_at_end, |block| block.blanks)
    }

    /// The words of block `index`: runs between single spaces.
    pub fn words(&self, index: usize) -> usize {
        self.blocks.get(index).map_or(0, |block| block.words as usize)
    }
}

impl Block {
    /// The block's place in the document's buffer.
    pub fn range(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Number of words in a text whose white space is collapsed.
pub fn words(text: &str) -> usize {
    if text.is_empty() { 0 } else { memchr::memchr_iter(b' ', text.as_bytes()).count() + 1 }
}
