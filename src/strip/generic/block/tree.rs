//! What the containers of a block hold, how often their kind is repeated, and how far the block is
//! from the heart of the page.

use rustc_hash::FxHashMap;

use super::super::line::scaled;
use super::super::page::Page;
use super::super::vocabulary::{Likely, Vocabulary};
use super::labels::{self, Labels};
use super::{Own, Writer};
use crate::model::document::{Container, Document};

/// Features of the sums of a container, of a focus, of a kind of containers, and of what is around
/// one.
const SUMS: usize = 5;
const FOCUS: usize = 3;
const PATH: usize = 7;
const OUTER: usize = 5;

/// All features of the containers that a block stands in.
const COUNT: usize = 2 + 5 * SUMS + 1 + 2 * FOCUS + PATH + OUTER + 4 + labels::COUNT;

/// What some blocks add up to.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sums {
    pub(super) words: u32,
    pub(super) long: u32,
    pub(super) bytes: u32,
    pub(super) link_bytes: u32,
    pub(super) blocks: u32,
    /// The first block.
    pub(super) start: u32,
    pub(super) likely: Likely,
}

impl Sums {
    fn add(&mut self, other: &Sums) {
        if other.blocks == 0 {
            return;
        }
        if self.blocks == 0 || other.start < self.start {
            self.start = other.start;
        }
        self.words = self.words.saturating_add(other.words);
        self.long = self.long.saturating_add(other.long);
        self.bytes = self.bytes.saturating_add(other.bytes);
        self.link_bytes = self.link_bytes.saturating_add(other.link_bytes);
        self.blocks = self.blocks.saturating_add(other.blocks);
        self.likely.add(other.likely);
    }
}

/// The containers of a page with their sums.
pub(super) struct Tree {
    containers: Vec<Container>,
    sums: Vec<Sums>,
    /// The container of each block.
    of: Vec<u32>,
    /// For each container, how many of its siblings have its name and classes.
    twins: Vec<u32>,
    /// The most of these among it and all around it.
    most_twins: Vec<u32>,
    /// Whether the containers are elements; those of a text have nothing around them but the page.
    is_page: bool,
    /// For each container, the largest around it that holds less than half of the page.
    big: Vec<u32>,
    heart: Focus,
    top: Focus,
    paths: FxHashMap<u32, Sums>,
    labels: Labels,
}

/// A container, and for each other one how deep the nearest common one lies.
struct Focus {
    depth: u16,
    range: std::ops::Range<u32>,
    common: Vec<u16>,
}

impl Tree {
    pub(super) fn new(
        document: &Document,
        page: &Page,
        own: &[Own],
        vocabulary: &Vocabulary,
    ) -> Self {
        let (containers, of) = match &document.markup {
            Some(markup) => {
                let of = markup.traits.iter().map(|traits| traits.container).collect();
                (markup.containers.clone(), of)
            }
            None => runs(document, page),
        };
        let mut sums = vec![Sums::default(); containers.len()];
        let mut paths: FxHashMap<u32, Sums> = FxHashMap::default();
        for ((index, own), container) in (0_u32..).zip(own).zip(&of) {
            let one = Sums {
                words: own.words,
                long: own.long,
                bytes: own.bytes,
                link_bytes: own.link_bytes,
                blocks: 1,
                start: index,
                likely: own.likely,
            };
            if let Some(sum) = sums.get_mut(*container as usize) {
                sum.add(&one);
            }
            if let Some(container) = containers.get(*container as usize) {
                paths.entry(container.path).or_default().add(&one);
            }
        }
        // Children stand behind their parents.
        for index in (1..containers.len()).rev() {
            let parent = containers.get(index).map_or(0, |container| container.parent as usize);
            let sum = sums.get(index).copied().unwrap_or_default();
            if let Some(slot) = sums.get_mut(parent) {
                slot.add(&sum);
            }
        }
        let (twins, most_twins) = twins(&containers, &sums);
        let big = big(&containers, &sums);
        let heart = Focus::new(&containers, heart(&containers, &sums));
        let top = Focus::new(&containers, top(&containers, &of, own));
        let is_page = document.markup.is_some();
        let labels = Labels::new(document, vocabulary);
        Self { containers, sums, of, twins, most_twins, is_page, big, heart, top, paths, labels }
    }

    fn container(&self, number: u32) -> Container {
        self.containers.get(number as usize).copied().unwrap_or_default()
    }

    fn sum(&self, number: u32) -> Sums {
        self.sums.get(number as usize).copied().unwrap_or_default()
    }

    pub(super) fn write(&self, index: usize, put: &mut Writer<'_>) {
        let page = self.sum(0);
        let own = self.of.get(index).copied().unwrap_or(0);
        if index > 0 && self.of.get(index - 1) == Some(&own) {
            return put.same(COUNT);
        }
        let here = self.container(own);
        put.flag(here.name == P);
        put.flag(here.name == DIV);
        let mut chain = [own; 4];
        for level in 1..4 {
            let inner = chain.get(level - 1).copied().unwrap_or(0);
            if let Some(slot) = chain.get_mut(level) {
                *slot = self.container(inner).parent;
            }
        }
        put.sums(&self.sum(own), &page);
        for number in chain.into_iter().skip(1) {
            if self.is_page {
                put.sums(&self.sum(number), &page);
            } else {
                put.nothing(SUMS);
            }
        }
        let big = self.sum(self.big.get(own as usize).copied().unwrap_or(0));
        put.sums(&big, &page);
        put.one(scaled(1000, big.start, page.blocks));
        if self.is_page {
            self.heart.write(own, here.depth, put);
            self.top.write(own, here.depth, put);
        } else {
            put.nothing(2 * FOCUS);
        }
        let path = self.paths.get(&here.path).copied().unwrap_or_default();
        put.one(path.blocks);
        put.one(scaled(1000, path.words, page.words));
        put.one(scaled(1000, path.long, path.words));
        put.one(scaled(1000, path.link_bytes, path.bytes));
        put.one(scaled(10, path.words, path.blocks));
        put.likely(path.likely);
        put.one(scaled(1000, path.start, page.blocks));
        if self.is_page {
            let outer = self.container(here.parent).path;
            let outer = self.paths.get(&outer).copied().unwrap_or_default();
            put.one(outer.blocks);
            put.one(scaled(1000, outer.long, outer.words));
            put.one(scaled(1000, outer.link_bytes, outer.bytes));
            put.one(scaled(1000, outer.words, page.words));
            put.likely(outer.likely);
        } else {
            put.nothing(OUTER);
        }
        let twins = |number: u32| self.twins.get(number as usize).copied().unwrap_or(0);
        for number in chain.into_iter().take(3) {
            put.one(twins(number));
        }
        put.one(self.most_twins.get(own as usize).copied().unwrap_or(0));
        self.labels.write(chain, put);
    }
}

/// FNV-1a of `p` and of `div`, as in [`Container::name`].
const P: u32 = fnv(b"p");
const DIV: u32 = fnv(b"div");

const fn fnv(bytes: &[u8]) -> u32 {
    let mut hash = 0x811c_9dc5_u32;
    let mut rest = bytes;
    while let [byte, behind @ ..] = rest {
        hash = (hash ^ *byte as u32).wrapping_mul(0x0100_0193);
        rest = behind;
    }
    hash
}

/// The containers of a text: its runs of lines without a blank one between them.
fn runs(document: &Document, page: &Page) -> (Vec<Container>, Vec<u32>) {
    let mut containers = vec![Container::default()];
    let mut of = Vec::with_capacity(document.blocks.len());
    for (block, line) in document.blocks.iter().zip(&page.lines) {
        if block.blanks > 0 || containers.len() == 1 {
            let number = u32::try_from(containers.len()).unwrap_or(u32::MAX);
            containers.push(Container {
                parent: 0,
                end: number.saturating_add(1),
                depth: 1,
                name: u32::from(line.bullet),
                path: 1 + u32::from(line.bullet) * 256 + u32::from(block.indent),
                label: 0,
            });
        }
        of.push(u32::try_from(containers.len() - 1).unwrap_or(u32::MAX));
    }
    let all = u32::try_from(containers.len()).unwrap_or(u32::MAX);
    if let Some(page) = containers.first_mut() {
        page.end = all;
    }
    (containers, of)
}

fn twins(containers: &[Container], sums: &[Sums]) -> (Vec<u32>, Vec<u32>) {
    let mut counts: FxHashMap<(u32, u32), u32> = FxHashMap::default();
    let holds = |index: usize| sums.get(index).is_some_and(|sum| sum.blocks > 0);
    for (index, container) in containers.iter().enumerate().skip(1) {
        if holds(index) {
            *counts.entry((container.parent, container.path)).or_default() += 1;
        }
    }
    let mut most = vec![0_u32; containers.len()];
    let mut twins = vec![0_u32; containers.len()];
    for (index, container) in containers.iter().enumerate().skip(1) {
        let own = counts.get(&(container.parent, container.path)).copied().unwrap_or(0);
        let around = most.get(container.parent as usize).copied().unwrap_or(0);
        if let (Some(slot), Some(all)) = (twins.get_mut(index), most.get_mut(index)) {
            *slot = own;
            *all = own.max(around);
        }
    }
    (twins, most)
}

fn big(containers: &[Container], sums: &[Sums]) -> Vec<u32> {
    let words = |index: u32| sums.get(index as usize).map_or(0, |sum| sum.words);
    let all = words(0);
    let mut big = vec![0_u32; containers.len()];
    for (index, container) in (0_u32..).zip(containers).skip(1) {
        let around = big.get(container.parent as usize).copied().unwrap_or(0);
        let is_small = |number: u32| number > 0 && words(number).saturating_mul(2) < all;
        let found = if is_small(around) { around } else { index };
        if let Some(slot) = big.get_mut(index as usize) {
            *slot = found;
        }
    }
    big
}

/// The deepest container with 60 % of the words in long blocks, of all words where there is none.
fn heart(containers: &[Container], sums: &[Sums]) -> u32 {
    let of = |sum: &Sums, long: bool| if long { sum.long } else { sum.words };
    let long = sums.first().is_some_and(|page| page.long > 0);
    let all = sums.first().map_or(0, |page| of(page, long));
    let mut best = (0_u32, 0_u16);
    for (index, (container, sum)) in (0_u32..).zip(containers.iter().zip(sums)) {
        let enough = u64::from(of(sum, long)) * 10 >= u64::from(all) * 6;
        if enough && all > 0 && container.depth >= best.1 {
            best = (index, container.depth);
        }
    }
    best.0
}

/// The container with the most points: each long block gives its words to its container's parent,
/// and half of them to the one around that.
fn top(containers: &[Container], of: &[u32], own: &[Own]) -> u32 {
    let mut points = vec![0_u64; containers.len()];
    for (container, own) in of.iter().zip(own).filter(|(_, own)| own.long > 0) {
        let parent = containers.get(*container as usize).map_or(0, |c| c.parent);
        let outer = containers.get(parent as usize).map_or(0, |c| c.parent);
        let text = u64::from(own.long) * u64::from(own.bytes - own.link_bytes.min(own.bytes))
            / u64::from(own.bytes.max(1));
        for (number, share) in [(parent, 2), (outer, 1)] {
            if let Some(slot) = points.get_mut(number as usize) {
                *slot += text * share;
            }
        }
    }
    let mut best = (0_u64, 0_u32);
    for (index, points) in (0_u32..).zip(points) {
        if points > best.0 {
            best = (points, index);
        }
    }
    best.1
}

impl Focus {
    fn new(containers: &[Container], focus: u32) -> Self {
        let own = containers.get(focus as usize).copied().unwrap_or_default();
        let mut common = vec![0_u16; containers.len()];
        for (index, container) in (0_u32..).zip(containers) {
            let around = common.get(container.parent as usize).copied().unwrap_or(0);
            let holds = (index..container.end).contains(&focus);
            if let Some(slot) = common.get_mut(index as usize) {
                *slot = if holds { container.depth } else { around };
            }
        }
        Self { depth: own.depth, range: focus..own.end, common }
    }

    /// Whether a container lies inside, and the steps up and down from the focus to it.
    fn write(&self, container: u32, depth: u16, put: &mut Writer<'_>) {
        let common = self.common.get(container as usize).copied().unwrap_or(0);
        put.flag(self.range.contains(&container));
        put.one(u32::from(self.depth.saturating_sub(common)));
        put.one(u32::from(depth.saturating_sub(common)));
    }
}
