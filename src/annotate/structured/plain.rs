//! Plain words out of attribute values and JSON strings: references decoded, tags taken out.
//!
//! Also says how alike two texts are. It must never drop a word that a reader would see. Takes
//! and gives strings.

use std::collections::BTreeSet;

/// Longest reference that is tried, `&` and `;` included: `&thetasym;`.
const MAX_REFERENCE: usize = 12;

/// Longest tag, in bytes: a link with its attributes.
const MAX_TAG: usize = 1_024;

/// Named references that titles and names hold. `parse` decoded those of the page; what is left
/// here was encoded twice, or stands in JSON.
const NAMED: [(&str, char); 52] = [
    ("amp", '&'),
    ("quot", '"'),
    ("apos", '\''),
    ("lt", '<'),
    ("gt", '>'),
    ("nbsp", ' '),
    ("shy", '\u{ad}'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("sbquo", '‚'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("bdquo", '„'),
    ("laquo", '«'),
    ("raquo", '»'),
    ("ndash", '–'),
    ("mdash", '—'),
    ("hellip", '…'),
    ("bull", '•'),
    ("middot", '·'),
    ("trade", '™'),
    ("reg", '®'),
    ("copy", '©'),
    ("deg", '°'),
    ("euro", '€'),
    ("pound", '£'),
    ("times", '×'),
    ("frac12", '½'),
    ("auml", 'ä'),
    ("ouml", 'ö'),
    ("uuml", 'ü'),
    ("Auml", 'Ä'),
    ("Ouml", 'Ö'),
    ("Uuml", 'Ü'),
    ("szlig", 'ß'),
    ("aacute", 'á'),
    ("eacute", 'é'),
    ("iacute", 'í'),
    ("oacute", 'ó'),
    ("uacute", 'ú'),
    ("agrave", 'à'),
    ("egrave", 'è'),
    ("ograve", 'ò'),
    ("acirc", 'â'),
    ("ecirc", 'ê'),
    ("ocirc", 'ô'),
    ("ccedil", 'ç'),
    ("ntilde", 'ñ'),
    ("atilde", 'ã'),
    ("aring", 'å'),
    ("oslash", 'ø'),
    ("aelig", 'æ'),
];

/// The words of a value: references decoded (twice, as some pages encode them), tags taken out,
/// white space collapsed, invisible marks dropped.
pub(in crate::annotate) fn plain(text: &str) -> String {
    if !text.contains(['&', '<', '\u{ad}', '\u{200b}', '\u{feff}']) {
        return squeeze(text);
    }
    squeeze(&untagged(&decoded(&decoded(text))))
}

/// White space collapsed and trimmed, marks without a width dropped.
pub(super) fn squeeze(text: &str) -> String {
    const INVISIBLE: [char; 5] = ['\u{ad}', '\u{200b}', '\u{2060}', '\u{feff}', '\u{200e}'];
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(word.chars().filter(|letter| !INVISIBLE.contains(letter)));
    }
    out
}

fn decoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let (letter, behind) = reference(after).unwrap_or(('&', after));
        out.push(letter);
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// The letter of a reference without its `&`, and what stands behind it.
fn reference(text: &str) -> Option<(char, &str)> {
    let end = text.bytes().take(MAX_REFERENCE).position(|byte| byte == b';')?;
    let (name, behind) = (text.get(..end)?, text.get(end + 1..)?);
    let letter = if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        char::from_u32(code).filter(|letter| !letter.is_control())?
    } else {
        NAMED.iter().find(|(known, _)| *known == name)?.1
    };
    Some((letter, behind))
}

/// Takes out `<b>`, `</p>`, `<br/>`; `a < b` stays.
fn untagged(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        out.push_str(before);
        let opens = after.starts_with(|first: char| first.is_ascii_alphabetic() || first == '/');
        match tag_of(after) {
            Some((tag, behind)) if opens && !tag.contains('<') => {
                // A block's tag parts words; `<b>` inside a word is not worth a second rule.
                let name = tag.trim_start_matches('/');
                let inline = ["b", "i", "em", "strong", "span", "a", "sup", "sub", "u", "mark"];
                let name = name.split([' ', '/']).next().unwrap_or_default();
                if !inline.iter().any(|tag| tag.eq_ignore_ascii_case(name)) {
                    out.push(' ');
                }
                rest = behind;
            }
            _ => {
                out.push('<');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// A tag without its opening bracket, and what stands behind it.
fn tag_of(text: &str) -> Option<(&str, &str)> {
    let end = text.bytes().take(MAX_TAG).position(|byte| byte == b'>')?;
    Some((text.get(..end)?, text.get(end + 1..)?))
}

/// The words of a text in lower case, without punctuation. A letter of a script that writes no
/// spaces is a word of its own.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut word = String::new();
    for letter in text.chars().filter(|letter| !is_apostrophe(*letter)) {
        let alone = ('\u{2e80}'..='\u{9fff}').contains(&letter)
            || ('\u{f900}'..='\u{faff}').contains(&letter)
            || ('\u{e00}'..='\u{eff}').contains(&letter);
        if alone || !letter.is_alphanumeric() {
            if !word.is_empty() {
                found.push(std::mem::take(&mut word));
            }
            if alone {
                found.push(letter.to_string());
            }
        } else {
            word.extend(letter.to_lowercase());
        }
    }
    if !word.is_empty() {
        found.push(word);
    }
    found
}

/// "don’t" and "don't" are one word, and the same one.
fn is_apostrophe(letter: char) -> bool {
    matches!(letter, '\'' | '’' | '‘' | 'ʼ')
}

/// The first letter of [`folded`]: texts that differ in it need not be folded.
pub(super) fn initial(text: &str) -> Option<char> {
    let first = text.chars().find(|letter| letter.is_alphanumeric() && !is_apostrophe(*letter));
    first.and_then(|first| first.to_lowercase().next())
}

/// A text for comparison: its words, one space between.
pub(super) fn folded(text: &str) -> String {
    words(text).join(" ")
}

/// How many of the words of `of` stand in `other`, in thousandths. A word that says little (one
/// or two letters, no figure) counts only where there are no others.
pub(super) fn shared(of: &str, other: &str) -> usize {
    let all: BTreeSet<String> = words(of).into_iter().collect();
    let says = |word: &&String| {
        !word.is_ascii() || word.len() > 2 || word.bytes().any(|byte| byte.is_ascii_digit())
    };
    let telling: Vec<&String> = all.iter().filter(says).collect();
    let telling = if telling.is_empty() { all.iter().collect() } else { telling };
    if telling.is_empty() {
        return 0;
    }
    let other: BTreeSet<String> = words(other).into_iter().collect();
    let common = telling.iter().filter(|word| other.contains(word.as_str())).count();
    common * 1_000 / telling.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_and_tags_are_read() {
        for (text, expected) in [
            ("Tea &amp; Cake", "Tea & Cake"),
            ("Ada&amp;#8217;s  tea", "Ada’s tea"),
            ("<p>Ferry&nbsp;late</p><p>again</p>", "Ferry late again"),
            ("So <em>very</em>late", "So verylate"),
            ("3 < 4 and A&B; R&D", "3 < 4 and A&B; R&D"),
            ("&#x41;&#0;&#55555555;", "A&#0;&#55555555;"),
            ("soft\u{ad}hyphen", "softhyphen"),
            ("&&&&;", "&&&&;"),
            ("2 <a", "2 <a"),
        ] {
            assert_eq!(plain(text), expected, "{text:?}");
        }
    }

    #[test]
    fn texts_are_compared_by_their_words() {
        assert_eq!(folded("“Don’t”  panic — it’s 9:30!"), "dont panic its 9 30");
        assert_eq!(words("渡船停"), ["渡", "船", "停"]);
        for text in ["“Don’t”  panic", "ʼt", "• Élan", "ǅ", "İ", " 9", "渡船", "?", ""]
        {
            assert_eq!(initial(text), folded(text).chars().next(), "{text}");
        }
        assert_eq!(shared("Ferry stops", "The ferry stops at nine | Site"), 1_000);
        assert_eq!(shared("Ferry stops", "A boat stops"), 500);
        assert_eq!(shared("", "A boat stops"), 0);
        assert_eq!(shared("???", "A boat stops"), 0);
    }
}
