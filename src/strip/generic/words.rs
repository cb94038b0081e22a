//! The words of site chrome, found without allocation: one multiplication and one comparison.
//!
//! Takes one word of a short line as packed letters; gives its class. Never sees long lines: in
//! running text the same words say nothing.

/// What kind of site furniture a line speaks of. The numbers are values of a feature; where a line
/// has words of several kinds, the smallest counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Chrome {
    Legal = 1,
    Account,
    Sharing,
    Navigation,
    Comments,
    Related,
    Shop,
}

/// The words, in lower case. They were chosen on the WCXB development pages as those whose short
/// lines are main content least often; most are English because most of those pages are.
const WORDS: [(Chrome, &[&str]); 7] = [
    (
        Chrome::Legal,
        &[
            "cookie",
            "cookies",
            "privacy",
            "copyright",
            "terms",
            "rights",
            "reserved",
            "impressum",
            "datenschutz",
            "privacidad",
        ],
    ),
    (
        Chrome::Account,
        &["login", "sign", "log", "register", "subscribe", "newsletter", "account", "anmelden"],
    ),
    (
        Chrome::Sharing,
        &[
            "share",
            "facebook",
            "twitter",
            "instagram",
            "linkedin",
            "pinterest",
            "youtube",
            "email",
            "print",
        ],
    ),
    (Chrome::Navigation, &["menu", "search", "skip", "home", "contact", "careers", "faq"]),
    (
        Chrome::Comments,
        &["comment", "comments", "reply", "replies", "posted", "likes", "votes", "views", "ago"],
    ),
    (
        Chrome::Related,
        &["related", "recommended", "popular", "trending", "latest", "similar", "more"],
    ),
    (Chrome::Shop, &["cart", "basket", "wishlist", "checkout", "shipping", "stock"]),
];

/// Bits of a packed letter: `a` is 1, `z` is 26.
const LETTER_BITS: u32 = 5;

/// Bits that twelve letters fill. The longest word of the list has eleven (`recommended`), so a
/// word that is cut off after twelve equals none.
const FULL_BITS: u32 = 11 * LETTER_BITS;

/// Letters of the longest word of the list, `recommended`.
const LONGEST: usize = 11;

/// Found by trying random odd numbers until every word of [`WORDS`] had a slot of its own; the
/// table below does not compile otherwise.
const MULTIPLIER: u64 = 0x382a_1bd2_e5f8_4261;

/// Slots of the hash table: as many as its eight bits can name.
const SLOTS: usize = 256;

/// Packed word and class by hash; a word of 0 is an empty slot.
#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler, which checks each index")]
static TABLE: [(u64, u8); SLOTS] = const {
    let mut table = [(0, 0); SLOTS];
    let mut class = 0;
    while class < WORDS.len() {
        let (chrome, words) = WORDS[class];
        let mut number = 0;
        while number < words.len() {
            let packed = pack(words[number].as_bytes());
            let slot = slot_of(packed) as usize;
            assert!(table[slot].0 == 0, "two words in one slot: look for another multiplier");
            table[slot] = (packed, chrome as u8);
            number += 1;
        }
        class += 1;
    }
    table
};

/// For each number of letters, up to [`LONGEST`], the letters that words of the list begin with:
/// `a` is bit 1, `z` is bit 26.
#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler, which checks each index")]
static INITIALS: [u32; LONGEST + 1] = const {
    let mut initials = [0; LONGEST + 1];
    let mut class = 0;
    while class < WORDS.len() {
        let (_, words) = WORDS[class];
        let mut number = 0;
        while number < words.len() {
            let word = words[number].as_bytes();
            initials[word.len()] |= 1 << (word[0] & 0x1F);
            number += 1;
        }
        class += 1;
    }
    initials
};

/// Whether a word of the list may have so many letters and begin with this one.
#[inline]
pub(super) fn may_be(letters: u32, initial: u8) -> bool {
    let initials = INITIALS.get(letters as usize).copied().unwrap_or(0);
    initials >> (initial & 0x1F) & 1 == 1
}

/// Adds a byte to a packed word: letters only, in lower case, the first twelve.
pub(super) const fn push(packed: u64, byte: u8) -> u64 {
    if byte.is_ascii_alphabetic() && packed >> FULL_BITS == 0 {
        packed << LETTER_BITS | (byte & 0x1F) as u64
    } else {
        packed
    }
}

/// Packs a word: its letters, in lower case, the first twelve.
pub(super) fn packed(word: &[u8]) -> u64 {
    word.iter().fold(0, |packed, byte| push(packed, *byte))
}

/// Packs the word of so many bytes, all of them letters, that begins at `start`. Eight letters are
/// moved together at once; a word of more than eleven becomes 0, which is no word of the list either.
#[inline]
pub(super) fn packed_letters(body: &[u8], start: usize, length: usize) -> u64 {
    let bytes = body.get(start..).unwrap_or_default();
    let eight = match (bytes.first_chunk::<8>(), body.last_chunk::<8>()) {
        (Some(first), _) => u64::from_be_bytes(*first),
        // Near the end of the body its last eight bytes are moved into place.
        (None, Some(last)) => u64::from_be_bytes(*last) << (8 * (8 - bytes.len().min(8))).min(63),
        (None, None) => return packed(bytes.get(..length).unwrap_or_default()),
    };
    if length > LONGEST {
        return 0;
    }
    // The first letter highest; bytes behind the word fall off the lower end.
    let letters = (eight & 0x1F1F_1F1F_1F1F_1F1F) >> (8 * 8_usize.saturating_sub(length)).min(63);
    let pairs = letters & 0x001F_001F_001F_001F | (letters & 0x1F00_1F00_1F00_1F00) >> 3;
    let fours = pairs & 0x0000_03FF_0000_03FF | (pairs & 0x03FF_0000_03FF_0000) >> 6;
    let all = fours & 0xF_FFFF | fours >> 12 & 0xF_FFFF << 20;
    if length <= 8 {
        return all;
    }
    let behind = bytes.get(8..length).unwrap_or_default();
    behind.iter().fold(all, |packed, byte| push(packed, *byte))
}

/// The class of a packed word: a number of [`Chrome`], 0 for a word that is not in the list.
pub(super) fn class(packed: u64) -> u8 {
    match TABLE.get(usize::from(slot_of(packed))) {
        Some((word, class)) if *word == packed => *class,
        _ => 0,
    }
}

const fn slot_of(packed: u64) -> u8 {
    packed.wrapping_mul(MULTIPLIER).to_be_bytes()[0]
}

const fn pack(word: &[u8]) -> u64 {
    let (mut packed, mut rest) = (0, word);
    while let [first, behind @ ..] = rest {
        packed = push(packed, *first);
        rest = behind;
    }
    packed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_the_list_has_its_class_and_others_have_none() {
        for (chrome, words) in WORDS {
            for word in words {
                assert_eq!(class(pack(word.as_bytes())), chrome as u8, "{word}");
                assert!(may_be(u32::try_from(word.len()).unwrap(), word.as_bytes()[0] & !0x20));
                assert_eq!(class(pack(word.to_uppercase().as_bytes())), chrome as u8, "{word}");
                assert_eq!(class(pack(format!("x{word}").as_bytes())), 0, "{word}");
            }
        }
        for text in ["a", "log", "Register", "newslette", "RECOMMENDED", "recommendeda"] {
            for (before, behind) in [("", ""), ("", " and so on, "), ("a ", ""), ("so many ", " x")]
            {
                let body = format!("{before}{text}{behind}");
                let found = packed_letters(body.as_bytes(), before.len(), text.len());
                let all = pack(text.as_bytes());
                assert_eq!(packed(text.as_bytes()), all);
                assert!(found == all || (found == 0 && text.len() > LONGEST), "{body}");
            }
        }
        assert_eq!(class(pack(b"log-in:")), Chrome::Account as u8);
        assert_eq!(class(pack(b"xxxxxxxxxxxxprecommended")), 0);
        assert_eq!(class(0), 0);
    }
}
