//! Near-duplicates across captures, by containment of word 5-shingles; never by title.
//!
//! [`sign`] is pure and belongs to the pipeline. [`Index::observe`] is an ordered step over a run:
//! the first record of a text in run order is the original.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasherDefault, Hasher};

use crate::model::record::{Match, Record, RecordType};

/// Words of a shingle.
const SHINGLE: usize = 5;

/// Most shingles that a signature holds. Texts of more words are sampled by the low bits of the
/// hash, so that two samples of different depth can still be compared.
const MAX_SHINGLES: usize = 512;

/// Shingles under which a text enters the index whole; above, one in eight.
const INDEX_ALL: usize = 64;

/// Containment from which a record is a duplicate, in thousandths.
const DUPLICATE: usize = 900;

/// Containment from which a record is related, in thousandths.
const RELATED: usize = 500;

/// Fewest words of a text that can be a duplicate: below, stock phrases meet by chance.
const MIN_WORDS: usize = 20;

/// Most related records that a record names: the nearest.
const MAX_RELATED: usize = 5;

/// Records that an index gives for one shingle: the oldest ones stand for those that share a stock
/// phrase, so that what such a phrase costs does not grow with the index. Who repeats a text shares
/// its rare shingles too.
pub const MAX_PER_SHINGLE: usize = 32;

/// Records that an index holds before it forgets the oldest half.
const MAX_RECORDS: usize = 1 << 20;

/// Sampled shingles of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Signature {
    /// Hashes in ascending order, without repetition.
    shingles: Vec<u64>,
    /// How many low bits of each hash are zero by choice.
    depth: u32,
}

/// The signature of a text; empty where it is too short to compare.
pub fn sign(text: &str) -> Signature {
    let mut window = [0_u64; SHINGLE];
    // The words of the window as the digits of a number to the base `BASE`, so that the next
    // shingle costs one step, however long shingles are.
    let mut sum = 0_u64;
    let mut count = 0_usize;
    let mut signature = Signature::default();
    each_word(text, &mut |word| {
        let Some(slot) = window.get_mut(count % SHINGLE) else { return };
        sum = sum.wrapping_sub(slot.wrapping_mul(BASE_TO_THE_SHINGLE)).wrapping_mul(BASE);
        sum = sum.wrapping_add(word.wrapping_mul(BASE));
        *slot = word;
        count += 1;
        let shingle = mix(sum);
        if count >= SHINGLE && shingle.trailing_zeros() >= signature.depth {
            signature.shingles.push(shingle);
            // Twice the cap, since the same shingle may stand in the list more than once.
            if signature.shingles.len() >= 2 * MAX_SHINGLES {
                signature.tidy();
            }
        }
    });
    if count < MIN_WORDS {
        return Signature::default();
    }
    signature.tidy();
    signature
}

/// An odd multiplier without a pattern in its bits.
const BASE: u64 = 0x9e37_79b9_7f4a_7c15;

/// What the oldest word of a window has been multiplied by: once on entry, and once for each word
/// since.
const BASE_TO_THE_SHINGLE: u64 = {
    let mut power = 1_u64;
    let mut left = SHINGLE;
    while left > 0 {
        power = power.wrapping_mul(BASE);
        left -= 1;
    }
    power
};

/// Calls `word` with the hash of each word of a text: letters and figures, blind to case.
fn each_word(text: &str, word: &mut impl FnMut(u64)) {
    const START: u64 = 0xcbf2_9ce4_8422_2325;
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let mut hash = START;
    let mut rest = text;
    while let Some(byte) = rest.as_bytes().first().copied() {
        if byte.is_ascii_alphanumeric() {
            // One bit makes an ASCII letter small, and leaves figures as they are.
            hash = step(hash, byte | 0x20);
            rest = rest.get(1..).unwrap_or_default();
            continue;
        }
        let Some(character) = rest.chars().next() else { break };
        if character.is_alphanumeric() {
            let mut buffer = [0; 4];
            for lower in character.to_lowercase() {
                hash = lower.encode_utf8(&mut buffer).bytes().fold(hash, step);
            }
        } else if hash != START {
            word(hash);
            hash = START;
        }
        rest = rest.get(character.len_utf8()..).unwrap_or_default();
    }
    if hash != START {
        word(hash);
    }
}

impl Signature {
    /// Sorts, drops repetitions, and samples deeper while there are too many.
    fn tidy(&mut self) {
        self.shingles.sort_unstable();
        self.shingles.dedup();
        while self.shingles.len() > MAX_SHINGLES {
            self.depth += 1;
            let depth = self.depth;
            self.shingles.retain(|shingle| shingle.trailing_zeros() >= depth);
        }
    }

    /// Whether there is nothing to compare.
    pub fn is_empty(&self) -> bool {
        self.shingles.is_empty()
    }

    /// The shingles under which a text can be found in an index.
    pub fn indexed(&self) -> impl Iterator<Item = u64> {
        let all = self.shingles.len() <= INDEX_ALL;
        let depth = self.depth.max(3);
        self.shingles.iter().copied().filter(move |s| all || s.trailing_zeros() >= depth)
    }

    /// The shingles to look up in an index that is slow to ask: all of a short text, one in four
    /// of a longer one. A text of 20 words inside a long one is missed once in 300 times.
    pub fn probes(&self) -> impl Iterator<Item = u64> {
        let all = self.shingles.len() <= INDEX_ALL;
        self.shingles.iter().copied().filter(move |s| all || s.trailing_zeros() >= 2)
    }

    /// The depth and the shingles, for an index that outlives the run.
    pub fn to_parts(&self) -> (u32, Vec<u8>) {
        (self.depth, self.shingles.iter().flat_map(|shingle| shingle.to_be_bytes()).collect())
    }

    /// What [`to_parts`](Self::to_parts) gave.
    pub fn from_parts(depth: u32, bytes: &[u8]) -> Self {
        let (whole, _) = bytes.as_chunks::<8>();
        Self { shingles: whole.iter().map(|chunk| u64::from_be_bytes(*chunk)).collect(), depth }
    }

    /// Share of the smaller set that the other holds, in thousandths.
    pub fn containment(&self, other: &Self) -> usize {
        let depth = self.depth.max(other.depth);
        let count = |signature: &Self| {
            signature.shingles.iter().filter(|s| s.trailing_zeros() >= depth).count()
        };
        let smaller = count(self).min(count(other));
        let common = self
            .shingles
            .iter()
            .filter(|shingle| shingle.trailing_zeros() >= depth)
            .filter(|shingle| other.shingles.binary_search(shingle).is_ok())
            .count();
        (common * 1000).checked_div(smaller).unwrap_or(0)
    }
}

/// Spreads the bits of a hash: the finisher of splitmix64.
fn mix(mut hash: u64) -> u64 {
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

/// Shingles are hashes already.
#[derive(Debug, Default, Clone)]
struct Already(u64);

impl Hasher for Already {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = mix(self.0 ^ u64::from(*byte));
        }
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = value;
    }
}

/// The records of a run so far.
#[derive(Debug, Default)]
pub struct Index {
    seen: Vec<Seen>,
    by_shingle: HashMap<u64, Vec<u32>, BuildHasherDefault<Already>>,
}

#[derive(Debug)]
struct Seen {
    id: String,
    capture: String,
    number: u32,
    signature: Signature,
}

/// What an index says of a record.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Novelty {
    /// The record that it repeats.
    pub duplicate_of: Option<Match>,
    /// Records that share much with it, the nearest first.
    pub related: Vec<Match>,
}

/// A record that an index found to be like another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Near {
    /// Its age: lower is older.
    pub place: u64,
    /// Containment, in thousandths.
    pub similarity: usize,
    /// The record's id.
    pub id: String,
    /// Path of its capture.
    pub capture: String,
    /// Its number in that capture.
    pub number: u32,
}

/// What the records that an index found say: duplicates first, the oldest of them leading; then by
/// similarity, then by age.
pub fn novelty(mut found: Vec<Near>) -> Novelty {
    found.retain(|near| near.similarity >= RELATED);
    found.sort_by_key(|near| {
        let duplicate = near.similarity >= DUPLICATE;
        (
            !duplicate,
            if duplicate { 0 } else { 1000_usize.saturating_sub(near.similarity) },
            near.place,
        )
    });
    let mut novelty = Novelty::default();
    for near in found {
        #[expect(clippy::cast_precision_loss, reason = "at most 1000")]
        let similarity = near.similarity as f64 / 1000.0;
        let is_duplicate = near.similarity >= DUPLICATE;
        let found = Match { id: near.id, capture: near.capture, index: near.number, similarity };
        if is_duplicate && novelty.duplicate_of.is_none() {
            novelty.duplicate_of = Some(found);
        } else if novelty.related.len() < MAX_RELATED {
            novelty.related.push(found);
        }
    }
    novelty
}

/// Marks the records of one capture with the hash of the run and with what `observe`, the step
/// over an index, says of each. Gives the number of duplicates.
///
/// # Errors
/// What `observe` fails with.
pub fn mark<E>(
    records: &mut [Record],
    signatures: Vec<Signature>,
    run_key: &str,
    mut observe: impl FnMut(&Record, Signature) -> Result<Novelty, E>,
) -> Result<u64, E> {
    let mut duplicates = 0;
    for (record, signature) in records.iter_mut().zip(signatures) {
        run_key.clone_into(&mut record.profile.run);
        if record.kind != RecordType::Thread {
            let novelty = observe(record, signature)?;
            duplicates += u64::from(novelty.duplicate_of.is_some());
            record.duplicate_of = novelty.duplicate_of;
            record.related = novelty.related;
        }
    }
    Ok(duplicates)
}

impl Index {
    /// Compares a record with all before it, and remembers it unless it is a duplicate.
    pub fn observe(&mut self, record: &Record, signature: Signature) -> Novelty {
        if signature.is_empty() {
            return Novelty::default();
        }
        let novelty = novelty(self.similar(&signature));
        if novelty.duplicate_of.is_none() {
            self.remember(record, signature);
        }
        novelty
    }

    /// Records of at least `RELATED`.
    fn similar(&self, signature: &Signature) -> Vec<Near> {
        let mut shared: BTreeMap<u32, u32> = BTreeMap::new();
        for shingle in &signature.shingles {
            for place in self.by_shingle.get(shingle).into_iter().flatten() {
                *shared.entry(*place).or_default() += 1;
            }
        }
        shared
            .into_keys()
            .filter_map(|place| {
                let seen = self.seen.get(place as usize)?;
                let similarity = signature.containment(&seen.signature);
                (similarity >= RELATED).then(|| Near {
                    place: u64::from(place),
                    similarity,
                    id: seen.id.clone(),
                    capture: seen.capture.clone(),
                    number: seen.number,
                })
            })
            .collect()
    }

    fn remember(&mut self, record: &Record, signature: Signature) {
        if self.seen.len() >= MAX_RECORDS {
            self.forget();
        }
        let place = u32::try_from(self.seen.len()).unwrap_or(u32::MAX);
        self.enter(place, &signature);
        self.seen.push(Seen {
            id: record.id.clone(),
            capture: record.capture.path.clone(),
            number: record.index,
            signature,
        });
    }

    fn enter(&mut self, place: u32, signature: &Signature) {
        for shingle in signature.indexed() {
            let places = self.by_shingle.entry(shingle).or_default();
            if places.len() < MAX_PER_SHINGLE {
                places.push(place);
            }
        }
    }

    /// Drops the older half.
    fn forget(&mut self) {
        self.seen.drain(..MAX_RECORDS / 2);
        self.by_shingle.clear();
        let seen = std::mem::take(&mut self.seen);
        for (place, old) in (0_u32..).zip(&seen) {
            self.enter(place, &old.signature);
        }
        self.seen = seen;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbered(from: usize, to: usize) -> String {
        (from..to).map(|word| format!("word{word}")).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn containment_counts_shared_shingles_of_the_shorter_text() {
        let whole = sign(&numbered(0, 100));
        assert_eq!(whole.containment(&whole), 1000);
        assert_eq!(whole.containment(&sign(&numbered(0, 50))), 1000);
        assert_eq!(whole.containment(&sign(&numbered(200, 300))), 0);
        let half = whole.containment(&sign(&numbered(50, 150)));
        assert!((450..=500).contains(&half), "{half}");
    }

    #[test]
    fn case_and_marks_do_not_count() {
        let text = numbered(0, 40);
        assert_eq!(sign(&text), sign(&text.to_uppercase().replace(' ', ", ")));
    }

    #[test]
    fn long_texts_are_sampled_and_stay_comparable() {
        let long = sign(&numbered(0, 20_000));
        assert!(long.shingles.len() <= MAX_SHINGLES);
        assert_eq!(long.containment(&sign(&numbered(0, 20_000))), 1000);
        assert!(long.containment(&sign(&numbered(5_000, 6_000))) > 900);
    }

    #[test]
    fn a_stock_phrase_hides_no_duplicate_and_lists_few_records() {
        let mut index = Index::default();
        let text = |number: usize| {
            let own: Vec<String> = (0..60).map(|word| format!("own{number}x{word}")).collect();
            format!("{} {}", numbered(0, 40), own.join(" "))
        };
        let mut observe = |number: usize, text: &str| {
            let signature = sign(text);
            let near = index.similar(&signature);
            let novelty = novelty(near);
            if novelty.duplicate_of.is_none() {
                index.enter(u32::try_from(index.seen.len()).unwrap(), &signature);
                let (id, capture) = (number.to_string(), String::new());
                index.seen.push(Seen { id, capture, number: 1, signature });
            }
            novelty.duplicate_of.map(|found| found.id)
        };
        for number in 0..10 * MAX_PER_SHINGLE {
            assert_eq!(observe(number, &text(number)), None);
        }
        let repeated = 7 * MAX_PER_SHINGLE;
        assert_eq!(observe(0, &text(repeated)), Some(repeated.to_string()));
        assert!(index.by_shingle.values().all(|places| places.len() <= MAX_PER_SHINGLE));
    }

    #[test]
    fn short_texts_are_not_compared() {
        assert!(sign("Thanks for the answer, all is well.").is_empty());
    }
}
