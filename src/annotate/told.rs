//! What the page's own data say of the posts that it shows: dates and permalinks that stand
//! nowhere else.
//!
//! The data have numbers, shown posts often have none. Where the page shows as many posts as the
//! data hold, and no name contradicts, they are the same in the same order; else a post is known
//! by its words. What cannot be told stays unknown.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use super::structured::plain::plain;
use crate::model::piece::{Field, Found, Medium, Piece};
use crate::profile::data::{Post, Thread};
use crate::strip::Scene;

/// What is asked of the data.
const ASKED: [Field; 2] = [Field::Published, Field::Permalink];

/// Fills what posts lack from the page's data, where the profile says where it stands.
pub(super) fn fill(scene: Scene<'_>, posts: &mut [Piece]) {
    let Some(markup) = &scene.document.markup else { return };
    let Some(split) = &scene.rules.markup else { return };
    let lacks = |post: &Piece| ASKED.iter().any(|field| !post.facts.has(*field));
    if markup.told.is_some() || !posts.iter().any(lacks) {
        return;
    }
    let thread = split.data.as_ref().and_then(|data| data.thread(&markup.head.scripts));
    let Some(thread) = thread else { return };
    let rule: Arc<str> = format!("{}.data", split.id).into();
    let pairs = pairs(scene, posts, &thread);
    for (post, told) in posts.iter_mut().zip(pairs) {
        for (field, value) in told.iter().flat_map(|told| &told.facts) {
            if ASKED.contains(field) {
                let (text, rule) = (value.clone(), Arc::clone(&rule));
                post.facts
                    .add(*field, Found { text, rule, line: thread.line, medium: Medium::Json });
            }
        }
    }
}

/// For each post that is shown what the data tell of it.
fn pairs<'t>(scene: Scene<'_>, shown: &[Piece], thread: &'t Thread) -> Vec<Option<&'t Post>> {
    let agrees = |(shown, told): (&Piece, &Post)| {
        let name = told.facts.iter().find(|(field, _)| *field == Field::PostedBy);
        let own = shown.facts.first(Field::PostedBy);
        own.zip(name).is_none_or(|(own, (_, name))| own.text.trim() == name.trim())
    };
    if shown.len() == thread.posts.len() && shown.iter().zip(&thread.posts).all(agrees) {
        return thread.posts.iter().map(Some).collect();
    }
    let mut by_words: HashMap<String, VecDeque<&Post>> = HashMap::new();
    for post in &thread.posts {
        by_words.entry(letters(&plain(&post.body))).or_default().push_back(post);
    }
    let words = |post: &Piece| -> String {
        post.blocks.iter().map(|at| letters(scene.document.block_text(*at))).collect()
    };
    shown.iter().map(|post| by_words.get_mut(&words(post))?.pop_front()).collect()
}

fn letters(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).collect()
}
