//! Where the parts of a profile are written: file and line of what can decide on a block.
//!
//! Takes a merged profile; gives ids and places, for people alone.

use std::sync::Arc;

use super::fault::SourceFile;
use super::inherit::{From, Merged};
use super::program::{Rule, Rules};
use super::schema::{FindSpec, Layer, MarkupSpec, Scope, SplitSpec};

/// Where in a file something of a profile is written.
#[derive(Debug, Clone)]
pub struct Written {
    /// `invision/strip.line.reaction`, `invision/split.thread`, `invision/piece.published`.
    pub id: Arc<str>,
    /// The file.
    pub file: Arc<SourceFile>,
    /// The byte that it begins at.
    pub at: usize,
}

impl Written {
    /// The line, from 1.
    pub fn line(&self) -> usize {
        self.file.place(self.at).0
    }
}

impl Rules {
    /// Where that is written which has such an id, or whose id such a one begins with:
    /// `invision/split.thread.outside` is the doing of `invision/split.thread`. A profile may have
    /// two splits of one name: that for pages stands behind that for texts.
    pub fn written(&self, id: &str, is_page: bool) -> Option<&Written> {
        let begins = |own: &&Written| {
            id.strip_prefix(&*own.id).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        let longest = self.written.iter().filter(begins).map(|own| own.id.len()).max()?;
        let mut all = self.written.iter().filter(begins).filter(|own| own.id.len() == longest);
        if is_page { all.next_back() } else { all.next() }
    }
}

/// Where everything is written that can decide on a block.
pub(super) fn written(chain: &[&Layer], merged: &Merged, list: &[Rule]) -> Vec<Written> {
    let mut found = Vec::new();
    let mut note = |id: Arc<str>, depth: usize, at: Option<usize>, table: &str| {
        let Some(layer) = chain.get(depth) else { return };
        let at = at.or_else(|| layer.file.text.find(table)).unwrap_or(0);
        found.push(Written { id, file: Arc::clone(&layer.file), at });
    };
    for rule in list {
        note(Arc::clone(&rule.id), rule.depth, Some(rule.span.start), "");
    }
    let owner = |depth: usize| chain.get(depth).map_or("", |layer| layer.id.as_str());
    let id = |depth: usize, name: &str| Arc::from(format!("{}/{name}", owner(depth)));
    if let Some(From { depth, value }) = &merged.split {
        let (name, at) = match value {
            SplitSpec::Thread { head, start, end } => {
                let first = start.iter().chain(end).chain(head).next();
                ("split.thread", first.map(|at| at.span.start))
            }
            SplitSpec::Digest { separator, .. } => ("split.digest", Some(separator.span.start)),
            SplitSpec::Stream { .. } => ("split.stream", None),
        };
        note(id(*depth, name), *depth, at, &format!("[{name}"));
    }
    if let Some(From { depth, value }) = &merged.markup {
        let (name, at) = match value {
            MarkupSpec::Thread { post, .. } => ("split.thread", post.span.start),
            MarkupSpec::Article { body } => {
                ("split.article", body.first().map_or(0, |css| css.span.start))
            }
        };
        note(id(*depth, name), *depth, Some(at), "");
    }
    for ((scope, field), ways) in &merged.finds {
        let table = match scope {
            Scope::Capture => "field",
            Scope::Piece => "piece",
        };
        // Which of several ways found a value is not told; the first one is shown.
        let own = ways.iter().find(|way| !matches!(way.value, FindSpec::Inherit));
        if let Some(From { depth, value }) = own {
            let at = match value {
                FindSpec::Line { line: at, .. }
                | FindSpec::Css { css: at, .. }
                | FindSpec::Meta { meta: at, .. }
                | FindSpec::Const(at) => Some(at.span.start),
                FindSpec::Headline { .. } | FindSpec::Date { .. } | FindSpec::Inherit => None,
            };
            let name = format!("{table}.{}", field.name());
            note(id(*depth, &name), *depth, at, &format!("[{table}]"));
        }
    }
    found
}
