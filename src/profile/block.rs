//! Matches a block rule: lines in a row, with counted blank lines between.
//!
//! Takes the rule's elements and the table of matches; gives the blocks that it covers. Backtracks
//! over counts, within a budget of steps, so that no rule can be slow on any capture.

use super::matcher::{Matches, PatternId, Patterns};
use super::program::Element;
use super::schema::OPEN_END;
use crate::model::document::Document;

/// Most steps of one attempt. The largest built-in rule takes under 60 on its longest match.
const MAX_STEPS: u32 = 2_000;

/// What a block rule matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockMatch {
    /// The first block behind the match.
    pub end: usize,
    /// Each block of the match that a pattern matched.
    pub lines: Vec<(usize, PatternId)>,
}

/// Matches the elements from block `start` on.
pub fn run(
    elements: &[Element],
    start: usize,
    document: &Document,
    patterns: &Patterns,
    matches: &Matches<'_>,
) -> Option<BlockMatch> {
    // Most attempts end at the first line: look at it before anything is set up.
    if let Some(Element::Line { is, times: (1.., _), .. }) = elements.first()
        && !matches.has(start, *is)
    {
        return None;
    }
    let mut attempt = Attempt {
        start,
        document,
        patterns,
        matches,
        lines: Vec::new(),
        repeats: Vec::new(),
        steps: 0,
    };
    let end = attempt.step(elements, start, 0, false)?;
    (end > start).then_some(BlockMatch { end, lines: attempt.lines })
}

struct Attempt<'a> {
    start: usize,
    document: &'a Document,
    patterns: &'a Patterns,
    matches: &'a Matches<'a>,
    lines: Vec<(usize, PatternId)>,
    /// Lines that must begin with what a group holds; checked when all is matched.
    repeats: Vec<(usize, &'a str)>,
    steps: u32,
}

impl<'a> Attempt<'a> {
    /// Matches the rest of the elements at block `at`; `done` counts repetitions of the first of
    /// them, `blanks_seen` says that a blank element just took the blank lines above `at`.
    fn step(
        &mut self,
        elements: &'a [Element],
        at: usize,
        done: u32,
        blanks_seen: bool,
    ) -> Option<usize> {
        self.steps += 1;
        if self.steps > MAX_STEPS {
            return None;
        }
        let Some((first, rest)) = elements.split_first() else {
            return self.repeats_hold().then_some(at);
        };
        let (times, taken) = match first {
            Element::Blank(range) => {
                return if within(*range, self.document.blanks_before(at)) {
                    self.step(rest, at, 0, true)
                } else {
                    None
                };
            }
            Element::Line { is, not, then, times, gap } => {
                let mark = (self.lines.len(), self.repeats.len());
                let refused = not.is_some_and(|not| self.matches.has(at, not));
                let next =
                    if refused { None } else { self.line(*is, *then, at, blanks_seen, *gap) };
                (*times, next.map(|next| (next, mark)))
            }
            Element::Repeats { group, times, gap } => {
                let mark = (self.lines.len(), self.repeats.len());
                let next =
                    self.may_follow(at, blanks_seen, *gap) && at < self.document.blocks.len();
                if next {
                    self.repeats.push((at, group));
                }
                (*times, next.then_some((at + 1, mark)))
            }
        };
        if let Some((next, (lines, repeats))) = taken {
            // Greedy: one more line first, then the rest.
            if done < times.1
                && let Some(end) = self.step(elements, next, done + 1, false)
            {
                return Some(end);
            }
            self.lines.truncate(lines);
            self.repeats.truncate(repeats);
        }
        if done >= times.0 { self.step(rest, at, 0, blanks_seen && done == 0) } else { None }
    }

    /// Whether the blank lines above block `at` allow the next line of the match there.
    fn may_follow(&self, at: usize, blanks_seen: bool, gap: (u32, u32)) -> bool {
        at == self.start || blanks_seen || within(gap, self.document.blanks_before(at))
    }

    /// Takes one line, and its `then` line. Gives the next block.
    fn line(
        &mut self,
        is: PatternId,
        then: Option<PatternId>,
        at: usize,
        blanks_seen: bool,
        gap: (u32, u32),
    ) -> Option<usize> {
        if !self.matches.has(at, is) || !self.may_follow(at, blanks_seen, gap) {
            return None;
        }
        if let Some(then) = then {
            if self.document.blanks_before(at + 1) > 0 || !self.matches.has(at + 1, then) {
                return None;
            }
            self.lines.push((at, is));
            self.lines.push((at + 1, then));
            return Some(at + 2);
        }
        self.lines.push((at, is));
        Some(at + 1)
    }

    fn repeats_hold(&self) -> bool {
        self.repeats.iter().all(|(at, group)| {
            let repeated = self.document.block_text(*at).trim_start_matches("• ");
            self.lines.iter().any(|(index, pattern)| {
                self.patterns
                    .groups(*pattern, self.document.block_text(*index))
                    .iter()
                    .any(|(name, value)| name == group && repeated.starts_with(value))
            })
        })
    }
}

/// Whether so many blank lines are allowed; an open end allows any number.
fn within((low, high): (u32, u32), blanks: u16) -> bool {
    let blanks = u32::from(blanks);
    blanks >= low && (blanks <= high || high == OPEN_END)
}
