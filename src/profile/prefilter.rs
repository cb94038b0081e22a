//! What a pattern needs of a line before it is worth running: length, how the line begins and ends,
//! and texts of which one must stand in it.
//!
//! Takes a pattern's syntax tree; gives bounds that hold for every line it matches. Most lines fail
//! most patterns here, at the cost of three comparisons.

use regex_syntax::hir::literal::{ExtractKind, Extractor};
use regex_syntax::hir::{Class, Hir, HirKind, Look};

use super::edge_text::{self, EdgeText, closing, is_any, opening};
use super::needles::Needles;

/// A set of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ByteSet([u64; 4]);

impl ByteSet {
    /// Every byte.
    pub const ALL: Self = Self([u64::MAX; 4]);

    /// Whether a byte is in the set.
    pub fn has(&self, byte: u8) -> bool {
        self.0.get(usize::from(byte >> 6)).is_some_and(|word| word >> (byte & 63) & 1 == 1)
    }

    /// Whether so many bytes are in it that it rules out little.
    fn is_wide(&self) -> bool {
        self.0.iter().map(|word| word.count_ones()).sum::<u32>() >= 128
    }

    fn add(&mut self, byte: u8) {
        if let Some(word) = self.0.get_mut(usize::from(byte >> 6)) {
            *word |= 1 << (byte & 63);
        }
    }

    fn union(&mut self, other: &Self) {
        for (mine, theirs) in self.0.iter_mut().zip(other.0) {
            *mine |= theirs;
        }
    }
}

/// Bounds on the lines that a pattern matches.
#[derive(Debug, Clone)]
pub struct Prefilter {
    /// Bytes that a match can begin with.
    pub first: ByteSet,
    /// Bytes that the line can end with.
    pub last: ByteSet,
    /// Fewest bytes.
    pub min: usize,
    /// Most characters.
    pub max_chars: usize,
    /// The line begins with one of these; with anything where there are none.
    starts: Vec<EdgeText>,
    /// The line ends with one of these; with anything where there are none.
    ends: Vec<EdgeText>,
    /// Texts of which one must stand in the line.
    needles: Option<Needles>,
}

impl Prefilter {
    /// Admits no line.
    pub fn nothing() -> Self {
        let none = ByteSet::default();
        Self {
            first: none,
            last: none,
            min: usize::MAX,
            max_chars: 0,
            starts: Vec::new(),
            ends: Vec::new(),
            needles: None,
        }
    }

    /// The bounds of a pattern.
    pub fn of(hir: &Hir) -> Self {
        let looks = hir.properties();
        let starts = looks.look_set_prefix().contains(Look::Start);
        let ends = looks.look_set_suffix().contains(Look::End);
        let all = |edge: Edge| if edge.open { ByteSet::ALL } else { edge.bytes };
        let texts = |kind, anchored| if anchored { edge_text::of(hir, kind) } else { Vec::new() };
        Self {
            first: if starts { all(edge(hir, false)) } else { ByteSet::ALL },
            last: if ends { all(edge(hir, true)) } else { ByteSet::ALL },
            min: looks.minimum_len().unwrap_or(0),
            max_chars: if starts && ends { max_chars(hir) } else { usize::MAX },
            starts: texts(ExtractKind::Prefix, starts),
            ends: texts(ExtractKind::Suffix, ends),
            needles: Needles::of(hir),
        }
    }

    /// Whether a line may match.
    pub fn admits(&self, line: &[u8]) -> bool {
        let (Some(first), Some(last)) = (line.first(), line.last()) else { return true };
        line.len() >= self.min
            && self.last.has(*last)
            && self.first.has(*first)
            && self.fits(line)
            && (self.starts.is_empty() || is_any(&self.starts, opening(line)))
            && (self.ends.is_empty() || is_any(&self.ends, closing(line)))
            && self.needles.as_ref().is_none_or(|needles| needles.is_in(line))
    }

    /// Whether a match may begin and end with nearly anything, so that only a text in the line
    /// tells whether the pattern is worth running.
    pub fn is_open(&self) -> bool {
        let is_open = self.first.is_wide() && self.last.is_wide();
        is_open && self.needles.as_ref().is_some_and(Needles::are_anywhere)
    }

    /// The first place from byte `from` of a text on where a line may match an open pattern.
    pub fn find(&self, text: &[u8], from: usize) -> Option<usize> {
        self.needles.as_ref()?.find(text, from)
    }

    /// Bytes that may stand behind `mark`, of less than eight bytes, in a line that begins with it.
    /// A line of one byte counts as that byte twice.
    pub fn behind(&self, mark: &[u8]) -> ByteSet {
        let Some(first) = mark.first() else { return ByteSet::ALL };
        if !self.first.has(*first) {
            return ByteSet::default();
        }
        beside(&self.starts, |text| {
            let known: Vec<u8> = text.bytes().collect();
            match known.strip_prefix(mark) {
                Some(behind) => Some(behind.first().copied()),
                None => mark.starts_with(&known).then_some(None),
            }
        })
    }

    /// Bytes that may stand before the last one of a line. A line of one byte counts as that byte
    /// twice.
    pub fn before(&self, last: u8) -> ByteSet {
        if !self.last.has(last) {
            return ByteSet::default();
        }
        beside(&self.ends, |text| {
            let known: Vec<u8> = text.bytes().collect();
            match known.as_slice() {
                [.., before, end] if *end == last => Some(Some(*before)),
                [end] if *end == last => Some(None),
                _ => None,
            }
        })
    }

    fn fits(&self, line: &[u8]) -> bool {
        if line.len() <= self.max_chars {
            return true;
        }
        // Only continuation bytes (80 to BF) can bring a longer line down; four bytes at most.
        line.len() / 4 <= self.max_chars
            && line.iter().filter(|byte| **byte & 0xC0 != 0x80).count() <= self.max_chars
    }
}

/// The bytes beside an edge, from those beside each of its texts: `Some(None)` for any byte.
fn beside(texts: &[EdgeText], byte: impl Fn(&EdgeText) -> Option<Option<u8>>) -> ByteSet {
    let mut bytes = ByteSet::default();
    for found in texts.iter().filter_map(byte) {
        match found {
            Some(byte) => bytes.add(byte),
            None => return ByteSet::ALL,
        }
    }
    if texts.is_empty() { ByteSet::ALL } else { bytes }
}

/// Most lines that a pattern is spelled out as.
const MAX_WHOLE_LINES: usize = 120;

/// The lines that a pattern matches, where they can be listed: `^(?:Reply|Quote)$`.
pub fn whole_lines(hir: &Hir) -> Option<Vec<Vec<u8>>> {
    let looks = hir.properties();
    let anchored = looks.look_set_prefix().contains(Look::Start)
        && looks.look_set_suffix().contains(Look::End)
        && looks.look_set().len() == 2;
    let mut extractor = Extractor::new();
    extractor.limit_class(4).limit_repeat(4).limit_total(MAX_WHOLE_LINES);
    let sequence = extractor.extract(hir);
    let literals = sequence.literals().filter(|_| anchored && sequence.is_exact())?;
    Some(literals.iter().map(|literal| literal.as_bytes().to_vec()).collect())
}

/// Most characters that a pattern can match.
fn max_chars(hir: &Hir) -> usize {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => 0,
        HirKind::Literal(literal) => literal.0.iter().filter(|byte| **byte & 0xC0 != 0x80).count(),
        HirKind::Class(_) => 1,
        HirKind::Repetition(repetition) => repetition
            .max
            .map_or(usize::MAX, |most| max_chars(&repetition.sub).saturating_mul(most as usize)),
        HirKind::Capture(capture) => max_chars(&capture.sub),
        HirKind::Alternation(parts) => parts.iter().map(max_chars).max().unwrap_or(0),
        HirKind::Concat(parts) => {
            parts.iter().fold(0, |sum: usize, part| sum.saturating_add(max_chars(part)))
        }
    }
}

/// What stands at one edge of a match.
struct Edge {
    bytes: ByteSet,
    /// The part may match nothing, so that what lies further in is at the edge too.
    open: bool,
}

fn edge(hir: &Hir, last: bool) -> Edge {
    let empty = Edge { bytes: ByteSet::default(), open: true };
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => empty,
        HirKind::Literal(literal) => {
            let byte = if last { literal.0.last() } else { literal.0.first() };
            let mut bytes = ByteSet::default();
            if let Some(byte) = byte {
                bytes.add(*byte);
            }
            Edge { bytes, open: byte.is_none() }
        }
        HirKind::Class(class) => Edge { bytes: class_edge(class, last), open: false },
        HirKind::Repetition(repetition) => {
            let inner = edge(&repetition.sub, last);
            Edge { open: inner.open || repetition.min == 0, bytes: inner.bytes }
        }
        HirKind::Capture(capture) => edge(&capture.sub, last),
        HirKind::Alternation(parts) => {
            parts.iter().fold(Edge { bytes: ByteSet::default(), open: false }, |mut sum, part| {
                let part = edge(part, last);
                sum.bytes.union(&part.bytes);
                sum.open |= part.open;
                sum
            })
        }
        HirKind::Concat(parts) => {
            let mut sum = empty;
            let mut from_edge: Vec<&Hir> = parts.iter().collect();
            if last {
                from_edge.reverse();
            }
            for part in from_edge {
                let part = edge(part, last);
                sum.bytes.union(&part.bytes);
                if !part.open {
                    sum.open = false;
                    break;
                }
            }
            sum
        }
    }
}

/// First or last bytes of the characters of a class.
fn class_edge(class: &Class, last: bool) -> ByteSet {
    let mut bytes = ByteSet::default();
    match class {
        Class::Bytes(class) => {
            for range in class.ranges() {
                (range.start()..=range.end()).for_each(|byte| bytes.add(byte));
            }
        }
        Class::Unicode(class) => {
            for range in class.ranges() {
                let (low, high) = (u32::from(range.start()), u32::from(range.end()));
                (low..=high.min(0x7F)).for_each(|byte| bytes.add(u8::try_from(byte).unwrap_or(0)));
                if high > 0x7F {
                    if last {
                        // Any continuation byte: finer is not worth the code.
                        (0x80..=0xBF).for_each(|byte| bytes.add(byte));
                    } else {
                        let lead = |code: u32| {
                            let mut buffer = [0; 4];
                            let character = char::from_u32(code).unwrap_or(char::MAX);
                            *character.encode_utf8(&mut buffer).as_bytes().first().unwrap_or(&0xFF)
                        };
                        (lead(low.max(0x80))..=lead(high)).for_each(|byte| bytes.add(byte));
                    }
                }
            }
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admits(pattern: &str, line: &str) -> bool {
        let hir = regex_automata::util::syntax::parse(pattern).unwrap();
        Prefilter::of(&hir).admits(line.as_bytes())
    }

    #[test]
    fn a_line_that_matches_is_always_admitted() {
        for (pattern, line) in [
            ("^Joined:?$", "Joined"),
            ("^• (?<name>\\p{L}+) (?<count>\\d+)$", "• Like 1"),
            ("^(?i:by) .+$", "BY somebody"),
            ("^(?:\\d{1,2}\\.|•) .*$", "12. twelve"),
            ("^\\p{Lu}.*”?$", "Élan vital”"),
            ("posts$", "1,204 posts"),
            ("^x*y?z{0,2}$", "yzz"),
            ("^.{2,3}$", "日本語"),
            ("^(?i:by|from) .*(?:AP|dpa)\\)?$", "FROM the harbour, dpa)"),
            ("^[a-d]{1,3}[é-ü]$", "abcé"),
            ("^(?:x|.{4,}(?:Photo|/ ?AFP).*)$", "Adam/AFP, again"),
            ("^(?:x|.{4,}(?:Photo|/ ?AFP).*)$", "x"),
            ("(?i:photo)", "one PhOtO"),
            ("[/|]", "a|b"),
        ] {
            assert!(regex::Regex::new(pattern).unwrap().is_match(line), "{pattern}");
            assert!(admits(pattern, line), "{pattern}");
        }
    }

    #[test]
    fn lines_that_can_be_listed_are() {
        let lines = |pattern: &str| {
            let hir = regex_automata::util::syntax::parse(pattern).unwrap();
            whole_lines(&hir).map(|lines| {
                lines.into_iter().map(|line| String::from_utf8(line).unwrap()).collect::<Vec<_>>()
            })
        };
        assert_eq!(lines("^Joined:?$").unwrap(), ["Joined:", "Joined"]);
        assert_eq!(lines("^(?:• )?(?:Like|Save)$").unwrap().len(), 4);
        assert_eq!(lines("^Joined"), None);
        assert_eq!(lines("Joined$"), None);
        assert_eq!(lines("^Joined .*$"), None);
    }

    #[test]
    fn lines_that_cannot_match_are_refused() {
        assert!(!admits("^Joined:?$", "Yesterday"));
        assert!(!admits("^Joined:?$", "Joined the crew"));
        assert!(!admits("^\\p{Lu}.{0,5}$", "A much longer line"));
        assert!(!admits("^\\S.*\\d$", "no figure"));
        assert!(!admits("^.{2,3}$", "日本語です"));
        assert!(!admits("^(?i:by|from) .*$", "Bywords of the harbour"));
        assert!(!admits("^.* (?:AP|dpa)$", "a long AAP"));
        assert!(!admits("^.{4,}(?:Photo|/ ?AFP).*$", "one without a credit"));
    }
}
