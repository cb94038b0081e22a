//! The language of a text: detected by its letters and their sequences.

use crate::model::document::Document;
use crate::model::ledger::{Fate, Ledger};

/// Bytes of text that are looked at: more do not make the answer better.
const SAMPLE: usize = 1_024;

/// Fewest letters that say anything.
const MIN_LETTERS: usize = 40;

/// Least score, in thousandths, with which an answer is given.
const MIN_SCORE: u32 = 500;

/// A detected language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Language {
    /// BCP 47: the two-letter code where there is one.
    pub code: &'static str,
    /// How sure the detector is, in thousandths.
    pub score: u32,
}

/// The language of what is kept of a document.
pub fn of(document: &Document, ledger: &Ledger) -> Option<Language> {
    let mut sample = String::with_capacity(SAMPLE + 256);
    // Long blocks first: they are in the language of the text, menus may be in another.
    for least in [120, 0] {
        for (index, fate) in ledger.fates().iter().enumerate() {
            let text = document.block_text(index);
            let long = if least > 0 { text.len() >= least } else { text.len() < 120 };
            if sample.len() >= SAMPLE {
                break;
            }
            if long && matches!(fate, Fate::Kept(_)) {
                let end = text.floor_char_boundary(SAMPLE);
                sample.push_str(text.get(..end).unwrap_or_default());
                sample.push(' ');
            }
        }
    }
    let letters = sample.chars().filter(|letter| letter.is_alphabetic());
    if letters.take(MIN_LETTERS).count() < MIN_LETTERS {
        return None;
    }
    if is_english(&sample) {
        return Some(Language { code: "en", score: 1_000 });
    }
    let info = whatlang::detect(&sample)?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share between 0 and 1"
    )]
    let score = (info.confidence().clamp(0.0, 1.0) * 1000.0).round() as u32;
    (score >= MIN_SCORE).then(|| Language { code: short(info.lang().code()), score })
}

/// Words that stand in nearly every English sentence, and in no other language together; packed,
/// as words are compared.
const ENGLISH: [u32; 16] = [
    packed(b"the"),
    packed(b"and"),
    packed(b"of"),
    packed(b"to"),
    packed(b"that"),
    packed(b"with"),
    packed(b"was"),
    packed(b"this"),
    packed(b"from"),
    packed(b"have"),
    packed(b"is"),
    packed(b"are"),
    packed(b"not"),
    packed(b"they"),
    packed(b"be"),
    packed(b"can"),
];

/// The bytes of a word of at most four as one number.
const fn packed(word: &[u8]) -> u32 {
    let (mut packed, mut rest) = (0, word);
    while let [first, behind @ ..] = rest {
        packed = packed << 8 | *first as u32;
        rest = behind;
    }
    packed
}

/// Whether every tenth word is one of [`ENGLISH`]; in English text every fifth is. Most captures
/// are, and the detector takes as long for one as all other stages together. For the WCXB pages that
/// pass, as HTML and flattened, the detector gives English with the highest score.
fn is_english(sample: &str) -> bool {
    let (mut all, mut common) = (0_usize, 0_usize);
    for word in sample.split_ascii_whitespace() {
        all += 1;
        common += usize::from(word.len() <= 4 && ENGLISH.contains(&packed(word.as_bytes())));
    }
    all >= 12 && common * 10 >= all
}

/// The two-letter code of a language, where ISO 639-1 has one.
fn short(code: &'static str) -> &'static str {
    const CODES: &[(&str, &str)] = &[
        ("afr", "af"),
        ("aka", "ak"),
        ("amh", "am"),
        ("ara", "ar"),
        ("aze", "az"),
        ("bel", "be"),
        ("ben", "bn"),
        ("bul", "bg"),
        ("cat", "ca"),
        ("ces", "cs"),
        ("cmn", "zh"),
        ("cym", "cy"),
        ("dan", "da"),
        ("deu", "de"),
        ("ell", "el"),
        ("eng", "en"),
        ("epo", "eo"),
        ("est", "et"),
        ("fin", "fi"),
        ("fra", "fr"),
        ("guj", "gu"),
        ("heb", "he"),
        ("hin", "hi"),
        ("hrv", "hr"),
        ("hun", "hu"),
        ("hye", "hy"),
        ("ind", "id"),
        ("ita", "it"),
        ("jav", "jv"),
        ("jpn", "ja"),
        ("kan", "kn"),
        ("kat", "ka"),
        ("khm", "km"),
        ("kor", "ko"),
        ("lat", "la"),
        ("lav", "lv"),
        ("lit", "lt"),
        ("mal", "ml"),
        ("mar", "mr"),
        ("mkd", "mk"),
        ("mya", "my"),
        ("nep", "ne"),
        ("nld", "nl"),
        ("nob", "nb"),
        ("ori", "or"),
        ("pan", "pa"),
        ("pes", "fa"),
        ("pol", "pl"),
        ("por", "pt"),
        ("ron", "ro"),
        ("rus", "ru"),
        ("sin", "si"),
        ("slk", "sk"),
        ("slv", "sl"),
        ("sna", "sn"),
        ("spa", "es"),
        ("srp", "sr"),
        ("swe", "sv"),
        ("tam", "ta"),
        ("tel", "te"),
        ("tgl", "tl"),
        ("tha", "th"),
        ("tuk", "tk"),
        ("tur", "tr"),
        ("ukr", "uk"),
        ("urd", "ur"),
        ("uzb", "uz"),
        ("vie", "vi"),
        ("yid", "yi"),
        ("zul", "zu"),
    ];
    CODES.iter().find(|(long, _)| *long == code).map_or(code, |(_, short)| short)
}

#[cfg(test)]
mod tests {
    use super::{is_english, short};

    #[test]
    fn plain_english_is_told_without_the_detector() {
        assert!(is_english(
            "and of the ferry that was to leave with the tide the master said that"
        ));
        assert!(!is_english(
            "die Fähre, die mit der Flut auslaufen sollte, lag am Kai und wartete"
        ));
        assert!(!is_english("the the the"));
    }

    #[test]
    fn codes_are_bcp_47() {
        assert_eq!(short("eng"), "en");
        assert_eq!(short("nob"), "nb");
        for lang in whatlang::Lang::all() {
            assert_eq!(short(lang.code()).len(), 2, "{lang}");
        }
    }
}
