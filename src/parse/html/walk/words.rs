//! Words and lines of the walk: where white space stands between words, and where a block ends.

use super::{State, Walker};
use crate::model::document::{Block, BlockKind, Glue, Traits, words};
use crate::parse::plain::words_if_plain;
use crate::parse::text::nfc;

/// Longest `alt` that stands for a character of the text.
const MAX_EMOJI_BYTES: usize = 16;

impl Walker<'_> {
    /// Adds text to the block at hand: words that stand apart by one space.
    pub(super) fn text(&mut self, text: &str, state: State) {
        if state.kind == Some(BlockKind::Preformatted) {
            return self.preformatted(text, state);
        }
        let solid = text.trim_matches(is_space);
        // Nearly all text is in its final form already, but for the white space at its ends.
        if words_if_plain(solid.as_bytes()).is_some() && !solid.is_empty() {
            if text.starts_with(is_space) {
                self.space();
            }
            self.word(solid, state);
            if text.ends_with(is_space) {
                self.space();
            }
            return;
        }
        let mut rest = text;
        loop {
            let trimmed = rest.trim_start_matches(is_space);
            if trimmed.len() < rest.len() {
                self.space();
            }
            if trimmed.is_empty() {
                break;
            }
            let end = trimmed.find(is_space).unwrap_or(trimmed.len());
            let (word, behind) = trimmed.split_at(end);
            self.word(word, state);
            rest = behind;
        }
    }

    /// Adds a word, or several that stand apart by one space already.
    fn word(&mut self, word: &str, state: State) {
        let from = self.document.text.len();
        if from == self.start {
            self.traits = Traits {
                places: state.places,
                link_bytes: 0,
                depth: state.depth,
                quotes: state.quotes,
                container: state.container,
            };
            self.kind = state.kind.unwrap_or(BlockKind::Paragraph);
        } else {
            // A block stands where all of its words stand.
            self.traits.places &= state.places;
            if self.space {
                self.document.text.push(' ');
            }
        }
        self.space = false;
        self.outline_word(state.element);
        self.document.text.push_str(word);
        if state.in_link {
            let bytes = u32::try_from(self.document.text.len() - from).unwrap_or(u32::MAX);
            self.traits.link_bytes = self.traits.link_bytes.saturating_add(bytes);
        }
    }

    fn preformatted(&mut self, text: &str, state: State) {
        for (number, line) in text.split('\n').enumerate() {
            if number > 0 {
                self.line_break();
            }
            if self.document.text.len() == self.start {
                let trimmed = line.trim_start_matches([' ', '\t']);
                let columns = line.len() - trimmed.len();
                self.indent = u8::try_from(columns).unwrap_or(u8::MAX);
            }
            self.text(line, State { kind: None, ..state });
            if self.document.text.len() > self.start {
                self.kind = BlockKind::Preformatted;
            }
        }
    }

    /// White space between two words.
    pub(super) fn space(&mut self) {
        if self.document.text.len() > self.start {
            self.space = true;
        } else if self.glue == Glue::Tight {
            self.glue = Glue::Space;
        }
    }

    /// One break ends a line; two in a row end a paragraph.
    pub(super) fn line_break(&mut self) {
        if self.document.text.len() == self.start && self.glue == Glue::Line {
            self.glue = Glue::Paragraph;
        } else {
            self.separate(Glue::Line);
        }
    }

    /// A picture that stands for a character of the text.
    pub(super) fn image(&mut self, element: &scraper::node::Element, state: State) {
        let is_emoji = |name: &str, value: &str| {
            (name == "class" && (value.contains("emoji") || value.contains("smil")))
                || name == "data-smilie"
                || name == "data-emoji"
        };
        let emoji = element.attrs.iter().any(|(name, value)| is_emoji(&name.local, value));
        let alt = element.attr("alt").map(str::trim).filter(|alt| !alt.is_empty());
        if let Some(alt) = alt.filter(|alt| emoji && alt.len() <= MAX_EMOJI_BYTES) {
            self.text(alt, state);
        }
    }

    /// Ends the block at hand, and keeps it that far from the next.
    pub(super) fn separate(&mut self, glue: Glue) {
        let text = self.document.text.get(self.start..).unwrap_or_default();
        if text.is_empty() {
            self.glue = self.glue.max(glue);
            return;
        }
        let spaced = std::mem::take(&mut self.space);
        if !text.is_ascii()
            && let std::borrow::Cow::Owned(composed) = nfc(text)
        {
            self.document.text.truncate(self.start);
            self.document.text.push_str(&composed);
            self.outline_moved();
        }
        let text = self.document.text.get(self.start..).unwrap_or_default();
        let count = u32::try_from(words(text)).unwrap_or(u32::MAX);
        let number = u32::try_from(self.document.blocks.len() + 1).unwrap_or(u32::MAX);
        let own = std::mem::replace(&mut self.glue, glue);
        if spaced && self.glue == Glue::Tight {
            self.glue = Glue::Space;
        }
        self.document.blocks.push(Block {
            start: u32::try_from(self.start).unwrap_or(u32::MAX),
            end: u32::try_from(self.document.text.len()).unwrap_or(u32::MAX),
            line: number,
            lines: 1,
            blanks: u16::from(own == Glue::Paragraph),
            spacers: 0,
            words: count,
            indent: std::mem::take(&mut self.indent),
            kind: self.kind,
            glue: own,
        });
        self.markup.traits.push(self.traits);
        self.document.text.push('\n');
        self.start = self.document.text.len();
    }
}

fn is_space(letter: char) -> bool {
    letter.is_whitespace()
}
