//! A merged profile becomes one that can run: patterns compiled, names resolved.
//!
//! Takes a chain of layers; gives a [`Profile`] and every fault of its patterns and names.

use std::sync::{Arc, OnceLock};

use super::blame;
use super::data::Data;
use super::fault::{Fault, Origin, Problem, nearest};
use super::inherit::{self, From, Merged};
use super::matcher::{PatternId, PatternsBuilder, inspect, is_peculiar};
use super::program::{
    Edge, Element, Find, FindHow, Layouts, MarkupHow, MarkupSplit, Match, Profile, Rule, Rules,
    Sequence, Split, SplitHow,
};
use super::schema::{
    At, EdgeSpec, ElementSpec, FindSpec, Layer, MarkupSpec, MatchSpec, RuleKey, RuleKind, Scope,
    SplitSpec, What,
};
use super::selector::{SelectorsBuilder, Want};
use super::written;
use crate::model::id;
use crate::model::piece::Field;

/// Names of groups that are no field of their own: the date of `published`, and name, count and
/// people of a reaction.
pub const GROUP_ALIASES: [&str; 4] = ["date", "name", "count", "people"];

/// When the rules of a profile are compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// At once, so that all faults show.
    Now,
    /// When the profile is chosen.
    Late,
}

/// Compiles a chain of layers, the profile itself first.
pub fn compile(chain: &[Arc<Layer>], when: When, faults: &mut Vec<Fault>) -> Option<Profile> {
    let layers = chain.to_vec();
    let chain: Vec<&Layer> = chain.iter().map(|layer| &**layer).collect();
    let layer = *chain.first()?;
    let compiled = OnceLock::new();
    if when == When::Now {
        let before = errors(faults);
        let found = layouts(&chain, faults);
        if errors(faults) > before || compiled.set(found?).is_err() {
            return None;
        }
    }
    let mut files = String::new();
    for layer in &chain {
        files.push_str(&layer.file.text);
        files.push('\0');
    }
    Some(Profile {
        id: layer.id.clone(),
        kind: layer.kind,
        origin: layer.file.origin,
        path: layer.file.path.clone(),
        summary: layer.summary.clone(),
        draft: layer.draft,
        checked: layer.checked.clone(),
        chain: chain.iter().skip(1).map(|layer| layer.id.clone()).collect(),
        hash: id::hex(id::sha256(files.as_bytes()).get(..8).unwrap_or_default()),
        prepare: inherit::prepare(&chain),
        matches: layer.matches.clone(),
        layers,
        layouts: compiled,
    })
}

fn errors(faults: &[Fault]) -> usize {
    faults.iter().filter(|fault| !fault.problem.is_warning()).count()
}

/// Compiles a profile that was chosen. Files with faults have no rules, and their captures go to
/// the generic profile, with a warning: `copydesk check` shows what is wrong with them.
pub(super) fn late(chain: &[Arc<Layer>]) -> Layouts {
    let chain: Vec<&Layer> = chain.iter().map(|layer| &**layer).collect();
    let mut faults = Vec::new();
    let found = layouts(&chain, &mut faults);
    found.filter(|_| errors(&faults) == 0).unwrap_or_default()
}

fn layouts(chain: &[&Layer], faults: &mut Vec<Fault>) -> Option<Layouts> {
    let layer = *chain.first()?;
    let merged = inherit::merge(chain, None, faults);
    let prepare = inherit::prepare(chain);
    let kept = &prepare.keep;
    let rules = Compiler { chain, kept, faults }.rules(&merged);
    let mut variants = Vec::new();
    for variant in &layer.variants {
        let merged = inherit::merge(chain, Some(&variant.body), faults);
        let rules = Compiler { chain, kept, faults }.rules(&merged);
        check_texts(&variant.when, layer, faults);
        if let Some(rules) = rules {
            variants.push((variant.name.clone(), variant.when.clone(), rules));
        }
    }
    for spec in &layer.matches {
        check_texts(spec, layer, faults);
    }
    Some(Layouts { rules: rules?, variants })
}

/// Signature lines are patterns too, and fingerprints are selectors.
fn check_texts(spec: &MatchSpec, layer: &Layer, faults: &mut Vec<Fault>) {
    for css in &spec.selectors {
        if let Err(error) = SelectorsBuilder::default().add(&css.value, Want::Text) {
            faults.push(blame::selector(layer, css, &error));
        }
    }
    for text in &spec.text {
        if let Err(error) = inspect(&text.value) {
            faults.push(blame::pattern(layer, text, error.message, error.offset));
        }
    }
}

struct Compiler<'c, 'l> {
    chain: &'c [&'l Layer],
    kept: &'c [String],
    faults: &'c mut Vec<Fault>,
}

impl Compiler<'_, '_> {
    fn fault(&mut self, depth: usize, span: std::ops::Range<usize>, problem: Problem) {
        if let Some(layer) = self.chain.get(depth) {
            self.faults.push(Fault { problem, file: Arc::clone(&layer.file), span });
        }
    }

    fn owner(&self, depth: usize) -> &str {
        self.chain.get(depth).map_or("", |layer| &layer.id)
    }

    fn rules(&mut self, merged: &Merged) -> Option<Rules> {
        let mut builder = PatternsBuilder::default();
        let mut selectors = SelectorsBuilder::keeping(self.kept);
        // By kind, child before parent, then in the order of the file.
        let mut keys: Vec<(&RuleKey, &From<At<_>>)> = merged.rules.iter().collect();
        keys.sort_by_key(|(key, from)| (!key.keep, key.kind, from.depth, from.value.span.start));
        let names: Vec<&RuleKey> = keys.iter().map(|(key, _)| *key).collect();
        let mut list = Vec::new();
        for (key, from) in &keys {
            let spec = &from.value.value;
            let depth = from.depth;
            let what = match &spec.what {
                What::Select { css, attr, is } => Match::Select {
                    css: self.selector(&mut selectors, depth, css, attr.as_deref()),
                    attr: attr.is_some(),
                    is: self.maybe(&mut builder, depth, is.as_ref())?,
                },
                What::Line { is, not, then } => Match::Line {
                    not: self.maybe(&mut builder, depth, not.as_ref())?,
                    is: self.pattern(&mut builder, depth, is, spec.at.is_none())?,
                    then: self.maybe(&mut builder, depth, then.as_ref())?,
                },
                What::Block(elements) => {
                    Match::Block(self.sequence(&mut builder, depth, elements)?)
                }
                What::Region { from, to, max_words } => Match::Region {
                    max_words: *max_words,
                    from: self.edge(&mut builder, depth, from, &names)?,
                    to: self.edge(&mut builder, depth, to, &names)?,
                },
                What::Repeat { times, max_words } => {
                    Match::Repeat { times: *times, max_words: *max_words }
                }
                What::Generic { clean_above } => Match::Generic { clean_above: *clean_above },
            };
            list.push(Rule {
                id: format!("{}/{key}", self.owner(depth)).into(),
                key: (*key).clone(),
                what,
                into: spec.into,
                at: spec.at,
                html: spec.html,
                sample: spec.sample.iter().map(|at| at.value.clone()).collect(),
                keep: spec.keep.iter().map(|at| at.value.clone()).collect(),
                depth,
                span: from.value.span.clone(),
            });
        }
        let split = match &merged.split {
            Some(From { depth, value }) => Some(self.split(&mut builder, *depth, value, &names)?),
            None => None,
        };
        let markup = merged.markup.as_ref().map(|From { depth, value }| {
            let kept = self.kept;
            let mut number = |css| self.selector(&mut selectors, *depth, css, None);
            let (name, how, spec, posts) = match value {
                MarkupSpec::Thread { post, body, quote, header, data } => {
                    let mut alone = SelectorsBuilder::keeping(kept);
                    // A bad selector is reported where it is compiled with all others.
                    alone.add(&post.value, Want::Text).unwrap_or(0);
                    let (post, body) = (number(post), number(body));
                    let quote = quote.as_ref().map(&mut number);
                    let header = header.as_ref().map(&mut number);
                    let how = MarkupHow::Thread { post, body, quote, header };
                    ("thread", how, data.as_deref(), alone)
                }
                MarkupSpec::Article { body } => (
                    "article",
                    MarkupHow::Article { body: body.iter().map(&mut number).collect() },
                    None,
                    SelectorsBuilder::default(),
                ),
            };
            let data = spec.and_then(|spec| {
                Data::new(spec, |key, at| {
                    let expected = "a path such as `topic.posts.*`; `profiles/README.md` has more";
                    let problem = Problem::BadValue { key: key.to_owned(), expected };
                    self.fault(*depth, at.span.clone(), problem);
                })
            });
            let id = format!("{}/split.{name}", self.owner(*depth)).into();
            MarkupSplit { id, how, data, posts: posts.build() }
        });
        let finds = self.finds(&mut builder, &mut selectors, merged)?;
        let written = written::written(self.chain, merged, &list);
        let patterns = builder.build();
        // Patterns are compiled when they are used; a user's ones now, so that faults show at once.
        let own = self.chain.first().is_some_and(|layer| layer.file.origin == Origin::User);
        if own && let Err(error) = patterns.compile() {
            self.fault(0, 0..0, Problem::BadPattern { message: error.message });
            return None;
        }
        Some(Rules {
            patterns,
            list,
            selectors: selectors.build(),
            split,
            markup,
            finds,
            dates: merged.dates,
            max_removed: merged.max_removed,
            written,
        })
    }

    /// A pattern's number; a bad one is reported and stands as a pattern that never matches, so
    /// that all faults of a profile are found at once.
    fn pattern(
        &mut self,
        builder: &mut PatternsBuilder,
        depth: usize,
        at: &At<String>,
        eager: bool,
    ) -> Option<PatternId> {
        match inspect(&at.value) {
            Ok(facts) => {
                for group in facts.groups {
                    if Field::named(&group).is_none() && !GROUP_ALIASES.contains(&group.as_str()) {
                        let known = Field::ALL.map(Field::name).into_iter().chain(GROUP_ALIASES);
                        let nearest = nearest(&group, known);
                        let problem = Problem::UnknownGroup { group, nearest };
                        self.fault(depth, at.span.clone(), problem);
                    }
                }
                Some(builder.add(&at.value, eager))
            }
            Err(error) => {
                let layer = *self.chain.get(depth)?;
                self.faults.push(blame::pattern(layer, at, error.message, error.offset));
                Some(builder.add("[^\\s\\S]", false))
            }
        }
    }

    /// A selector's number; a bad one is reported and stands as one that never matches.
    fn selector(
        &mut self,
        selectors: &mut SelectorsBuilder,
        depth: usize,
        at: &At<String>,
        attr: Option<&str>,
    ) -> u32 {
        let want = attr.map_or(Want::Text, |name| Want::Attribute(name.to_owned()));
        selectors.add(&at.value, want).unwrap_or_else(|error| {
            let fault = self.chain.get(depth).map(|layer| blame::selector(layer, at, &error));
            self.faults.extend(fault);
            u32::MAX
        })
    }

    /// `Some(None)` where there is no pattern to read.
    #[expect(clippy::option_option, reason = "the outer one is for `?`")]
    fn maybe(
        &mut self,
        builder: &mut PatternsBuilder,
        depth: usize,
        at: Option<&At<String>>,
    ) -> Option<Option<PatternId>> {
        match at {
            Some(at) => self.pattern(builder, depth, at, false).map(Some),
            None => Some(None),
        }
    }

    fn sequence(
        &mut self,
        builder: &mut PatternsBuilder,
        depth: usize,
        elements: &[ElementSpec],
    ) -> Option<Sequence> {
        let mut found = Vec::new();
        let (mut anchor, mut above) = (None, 0);
        for element in elements {
            let (most, pairs) = match element {
                ElementSpec::Line { then, times, .. } => (times.1, then.is_some()),
                ElementSpec::Repeats { times, .. } => (times.1, false),
                ElementSpec::Blank(_) => (0, false),
            };
            let lines = most as usize * if pairs { 2 } else { 1 };
            found.push(match element {
                ElementSpec::Line { is, not, then, times, gap } => Element::Line {
                    is: self.pattern(builder, depth, is, times.0 > 0 && is_peculiar(&is.value))?,
                    not: self.maybe(builder, depth, not.as_ref())?,
                    then: self.maybe(builder, depth, then.as_ref())?,
                    times: *times,
                    gap: *gap,
                },
                ElementSpec::Repeats { group, times, gap } => {
                    if Field::named(&group.value).is_none() {
                        let nearest = nearest(&group.value, Field::ALL.map(Field::name));
                        let problem = Problem::UnknownGroup { group: group.value.clone(), nearest };
                        self.fault(depth, group.span.clone(), problem);
                    }
                    Element::Repeats { group: group.value.clone(), times: *times, gap: *gap }
                }
                ElementSpec::Blank(times) => Element::Blank(*times),
            });
            if let (
                None,
                Some(Element::Line { is, times: (1.., _), .. }),
                ElementSpec::Line { is: at, .. },
            ) = (anchor, found.last(), element)
                && is_peculiar(&at.value)
            {
                anchor = Some((*is, above));
            }
            above += lines;
        }
        Some(Sequence { elements: found, anchor })
    }

    fn rule_named(&mut self, depth: usize, at: &At<String>, names: &[&RuleKey]) -> usize {
        let found = names.iter().position(|key| !key.keep && key.name == at.value);
        found.unwrap_or_else(|| {
            let problem = Problem::UnknownRule {
                name: at.value.clone(),
                nearest: nearest(&at.value, names.iter().map(|key| key.name.as_str())),
            };
            self.fault(depth, at.span.clone(), problem);
            usize::MAX
        })
    }

    fn edge(
        &mut self,
        builder: &mut PatternsBuilder,
        depth: usize,
        edge: &EdgeSpec,
        names: &[&RuleKey],
    ) -> Option<Edge> {
        Some(match edge {
            EdgeSpec::Start => Edge::Start,
            EdgeSpec::End => Edge::End,
            EdgeSpec::Rule(at) => Edge::Rule(self.rule_named(depth, at, names)),
            EdgeSpec::Pattern(at) => Edge::Pattern(self.pattern(builder, depth, at, true)?),
        })
    }

    fn split(
        &mut self,
        builder: &mut PatternsBuilder,
        depth: usize,
        spec: &SplitSpec,
        names: &[&RuleKey],
    ) -> Option<Split> {
        let (name, how) = match spec {
            SplitSpec::Thread { head, start, end } => {
                let head = head.iter().map(|at| self.rule_named(depth, at, names)).collect();
                let start = start.iter().map(|at| self.rule_named(depth, at, names)).collect();
                let mut ends = Vec::new();
                for at in end {
                    ends.push(self.pattern(builder, depth, at, true)?);
                }
                ("thread", SplitHow::Thread { head, start, end: ends })
            }
            SplitSpec::Digest { head, separator } => {
                let head = head.iter().map(|at| self.rule_named(depth, at, names)).collect();
                let separator = self.pattern(builder, depth, separator, true)?;
                ("digest", SplitHow::Digest { head, separator })
            }
            SplitSpec::Stream { spec, marks } => {
                let marks = marks.iter().map(|at| self.rule_named(depth, at, names)).collect();
                ("stream", SplitHow::Stream { spec: *spec, marks })
            }
        };
        Some(Split { id: format!("{}/split.{name}", self.owner(depth)).into(), how })
    }

    fn finds(
        &mut self,
        builder: &mut PatternsBuilder,
        selectors: &mut SelectorsBuilder,
        merged: &Merged,
    ) -> Option<Vec<Find>> {
        let mut finds = Vec::new();
        for ((scope, field), ways) in &merged.finds {
            for From { depth, value } in ways {
                let how = match value {
                    FindSpec::Line { line, not, at, drop } => FindHow::Line {
                        not: self.maybe(builder, *depth, not.as_ref())?,
                        line: self.pattern(builder, *depth, line, at.is_none())?,
                        at: *at,
                        drop: *drop,
                    },
                    FindSpec::Css { css, attr, cut, is, pick, drop } => FindHow::Css {
                        css: self.selector(selectors, *depth, css, attr.as_deref()),
                        attr: attr.is_some(),
                        cut: cut.clone(),
                        is: self.maybe(builder, *depth, is.as_ref())?,
                        pick: *pick,
                        drop: *drop,
                    },
                    FindSpec::Meta { meta, cut, is } => FindHow::Meta {
                        cut: cut.clone(),
                        key: meta.value.to_lowercase(),
                        is: self.maybe(builder, *depth, is.as_ref())?,
                    },
                    FindSpec::Const(value) => FindHow::Const(value.value.clone()),
                    FindSpec::Headline { at } => FindHow::Headline { at: *at },
                    FindSpec::Date { at, drop } => FindHow::Date { at: *at, drop: *drop },
                    FindSpec::Inherit => continue,
                };
                let table = match scope {
                    Scope::Capture => "field",
                    Scope::Piece => "piece",
                };
                finds.push(Find {
                    id: format!("{}/{table}.{}", self.owner(*depth), field.name()).into(),
                    field: *field,
                    scope: *scope,
                    how,
                });
            }
        }
        Some(finds)
    }
}

impl RuleKind {
    /// Whether lint asks a rule of this kind for samples.
    pub fn wants_sample(self) -> bool {
        match self {
            Self::Block | Self::Line | Self::Region => true,
            Self::Select | Self::Repeat | Self::Generic => false,
        }
    }
}
