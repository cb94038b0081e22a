//! A parsed capture: its blocks in reading order.
//!
//! All text of a document lies in one buffer in the form that patterns see (trimmed, white space
//! and no-break spaces collapsed to one space), so that a block costs no allocation of its own.

use std::ops::Range;

use super::capture::Warning;
use super::head::Head;
use super::outline::Outline;
use super::piece::Field;

/// How a block stands in its surroundings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockKind {
    /// A paragraph, or a line of one.
    Paragraph,
    /// A line that begins with a bullet or a list number, or an item of a list in a page.
    ListItem,
    /// A heading of a page; its level is 1 to 6.
    Heading(u8),
    /// A line of preformatted text, whose white space counts.
    Preformatted,
}

/// What stands between a block and the one above, where both are kept. In text it is always a
/// paragraph's end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Glue {
    /// Nothing: the block goes on in the middle of a word.
    Tight,
    /// A space: the block goes on in the same line.
    Space,
    /// The next cell of a row.
    Cell,
    /// The next line of a paragraph.
    Line,
    /// The next paragraph.
    Paragraph,
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
    /// How it is joined to the block above.
    pub glue: Glue,
}

/// Where in a page a block stands: one bit each.
pub mod place {
    #![allow(missing_docs, reason = "each bit is the element of the same name")]
    pub const NAV: u32 = 1;
    pub const HEADER: u32 = 1 << 1;
    pub const FOOTER: u32 = 1 << 2;
    pub const ASIDE: u32 = 1 << 3;
    pub const MAIN: u32 = 1 << 4;
    pub const ARTICLE: u32 = 1 << 5;
    pub const FORM: u32 = 1 << 6;
    pub const TABLE: u32 = 1 << 7;
    pub const LIST: u32 = 1 << 8;
    pub const QUOTE: u32 = 1 << 9;
    pub const HIDDEN: u32 = 1 << 10;
    pub const NOSCRIPT: u32 = 1 << 11;
    pub const TEMPLATE: u32 = 1 << 12;
    pub const BUTTON: u32 = 1 << 13;
    pub const FIGURE: u32 = 1 << 14;
    pub const TIME: u32 = 1 << 15;
    pub const STRONG: u32 = 1 << 16;
    pub const SECTION: u32 = 1 << 17;
    pub const DIALOG: u32 = 1 << 18;
    pub const CELL: u32 = 1 << 19;
    pub const TERM: u32 = 1 << 20;
}

/// How a block stood in its page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Traits {
    /// Bits of [`place`].
    pub places: u32,
    /// Bytes of its text inside links.
    pub link_bytes: u32,
    /// Nesting of its element.
    pub depth: u16,
    /// Nesting of quotes around it.
    pub quotes: u8,
    /// Number of its innermost [`Container`].
    pub container: u32,
}

/// What an element is to a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartKind {
    /// The table.
    Table,
    /// The rows at its top.
    Head,
    /// A row.
    Row,
    /// A cell.
    Cell,
    /// A cell that is the head of a row or column.
    HeadCell,
}

/// A container that is a table, or belongs to one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Number of the container.
    pub container: u32,
    /// What it is.
    pub kind: PartKind,
    /// Columns that a cell covers, at least 1.
    pub columns: u16,
    /// Rows that a cell covers, at least 1.
    pub rows: u16,
}

/// An element that holds blocks. Containers stand in the page's order; the first one is the page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Container {
    /// Number of the container around it; its own for the page.
    pub parent: u32,
    /// The first number behind the containers inside it.
    pub end: u32,
    /// Nesting.
    pub depth: u16,
    /// Hash of its name.
    pub name: u32,
    /// Hash of names and classes from the page down to it, numbers in classes left out.
    pub path: u32,
    /// Its place in [`Markup::labels`].
    pub label: u32,
}

/// What an element is called, as it is written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Label {
    /// Its classes and its id.
    pub names: String,
    /// Its `role`.
    pub role: String,
    /// Its `itemprop`.
    pub property: String,
    /// Its `aria-label`, by which those know it who do not see it.
    pub spoken: String,
}

/// An element that a selector of the profile matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    /// Number of the selector.
    pub selector: u32,
    /// Number of the element in the page's order.
    pub enter: u32,
    /// The first number behind the elements inside it.
    pub exit: u32,
    /// The blocks inside it.
    pub blocks: Range<usize>,
    /// The value of the attribute that the selector asks for.
    pub value: Option<String>,
}

/// A thread out of a page's own data.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// Its title.
    pub title: Option<String>,
    /// Its posts, in the order of their blocks.
    pub posts: Vec<ToldPost>,
    /// The line of the script that holds them; 0 where it is not known.
    pub line: u32,
}

/// A post out of a page's own data. Its text was read like the page, behind all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldPost {
    /// What is known of it.
    pub facts: Vec<(Field, String)>,
    /// Its element, by its number and the first number behind what is inside it.
    pub element: (u32, u32),
    /// Its blocks.
    pub blocks: Range<usize>,
}

/// What a page has and a text has not.
#[derive(Debug, Clone, Default)]
pub struct Markup {
    /// One for each block.
    pub traits: Vec<Traits>,
    /// The elements that hold blocks.
    pub containers: Vec<Container>,
    /// What containers are called, each label once. The first one is empty.
    pub labels: Vec<Label>,
    /// The containers that tables are made of, in their order.
    pub parts: Vec<Part>,
    /// The posts that the page's own data hold, where they were read in place of shown ones.
    pub told: Option<Told>,
    /// Elements that selectors matched, by selector, then in the page's order.
    pub spots: Vec<Spot>,
    /// What the page says about itself.
    pub head: Head,
    /// What parsing noticed.
    pub warnings: Vec<Warning>,
    /// Where each block stands, where that was asked for.
    pub outline: Option<Box<Outline>>,
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
    /// What only a page has.
    pub markup: Option<Box<Markup>>,
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

    /// The elements that a selector matched, in the page's order.
    pub fn spots(&self, selector: u32) -> &[Spot] {
        let Some(markup) = &self.markup else { return &[] };
        let from = markup.spots.partition_point(|spot| spot.selector < selector);
        let to = markup.spots.partition_point(|spot| spot.selector <= selector);
        markup.spots.get(from..to).unwrap_or_default()
    }

    /// The text of some blocks as one line.
    pub fn line_of(&self, blocks: impl Iterator<Item = usize>) -> String {
        let mut line = String::new();
        for index in blocks {
            let glue = self.blocks.get(index).map_or(Glue::Paragraph, |block| block.glue);
            if !line.is_empty() && glue != Glue::Tight {
                line.push(' ');
            }
            line.push_str(self.block_text(index));
        }
        line
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
