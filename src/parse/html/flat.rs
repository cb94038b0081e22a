//! What lies beyond the limits of the tree is read without structure: tags end lines, no more.

use std::cell::RefCell;

use html5ever::buffer_queue::BufferQueue;
use html5ever::local_name;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};

use super::element::{Display, display};

/// The text of some markup, a line feed where a block ends.
pub(super) fn text(markup: &str) -> String {
    let tokenizer = Tokenizer::new(Lines::default(), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(markup));
    while let html5ever::TokenizerResult::Script(()) = tokenizer.feed(&input) {}
    tokenizer.end();
    tokenizer.sink.text.into_inner()
}

#[derive(Default)]
struct Lines {
    text: RefCell<String>,
}

impl TokenSink for Lines {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        match token {
            Token::CharacterTokens(text) => self.text.borrow_mut().push_str(&text),
            Token::TagToken(tag) => {
                if !matches!(display(&tag.name), Display::Inline) {
                    self.text.borrow_mut().push('\n');
                }
                if tag.kind == TagKind::StartTag {
                    return match tag.name {
                        local_name!("script") | local_name!("style") => {
                            TokenSinkResult::RawData(RawKind::Rawtext)
                        }
                        _ => TokenSinkResult::Continue,
                    };
                }
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}
