//! The letters of a selector that mean something: neither in quotes nor behind a backslash.
//!
//! Takes the text of a selector; gives signs with the brackets around them, and what stands between
//! some of these signs.

/// A letter outside quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sign {
    /// Its place, in bytes.
    pub(super) at: usize,
    pub(super) letter: char,
    /// Round brackets that are open around it, not counting itself.
    pub(super) round: u32,
    /// Square brackets, the same.
    pub(super) square: u32,
}

/// All signs of a text, in their order.
pub(super) fn signs(text: &str) -> impl Iterator<Item = Sign> {
    let (mut quote, mut escaped, mut round, mut square) = (None, false, 0_u32, 0_u32);
    text.char_indices().filter_map(move |(at, letter)| {
        if std::mem::take(&mut escaped) {
            return None;
        }
        match (letter, quote) {
            ('\\', _) => escaped = true,
            (_, Some(open)) => quote = Some(open).filter(|open| *open != letter),
            ('"' | '\'', None) => quote = Some(letter),
            _ => {
                match letter {
                    ')' => round = round.saturating_sub(1),
                    ']' => square = square.saturating_sub(1),
                    _ => {}
                }
                let sign = Sign { at, letter, round, square };
                match letter {
                    '(' => round += 1,
                    '[' => square += 1,
                    _ => {}
                }
                return Some(sign);
            }
        }
        None
    })
}

impl Sign {
    /// Whether no bracket is open around it.
    pub(super) fn is_top(self) -> bool {
        self.round == 0 && self.square == 0
    }
}

/// The parts between signs outside brackets, each with its place. Parts of nothing but white space
/// are left out.
pub(in crate::profile) fn parts(text: &str, at: fn(char) -> bool) -> Vec<(usize, &str)> {
    let (mut found, mut from) = (Vec::new(), 0);
    for sign in signs(text).filter(|sign| sign.is_top() && at(sign.letter)) {
        found.push((from, text.get(from..sign.at).unwrap_or_default()));
        from = sign.at + sign.letter.len_utf8();
    }
    found.push((from, text.get(from..).unwrap_or_default()));
    found.retain(|(_, part)| !part.trim().is_empty());
    found
}

/// The same without the places.
pub(super) fn split_top(text: &str, at: fn(char) -> bool) -> Vec<&str> {
    parts(text, at).into_iter().map(|(_, part)| part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_quoted_escaped_or_in_brackets_splits_nothing() {
        let css = r"a[title='x, y'], :is(b, c) , .d\,e ,, ";
        assert_eq!(
            split_top(css, |letter| letter == ','),
            ["a[title='x, y']", " :is(b, c) ", r" .d\,e "]
        );
    }

    #[test]
    fn brackets_do_not_count_themselves() {
        let shown: Vec<(char, u32, u32)> =
            signs(":a([b])").map(|sign| (sign.letter, sign.round, sign.square)).collect();
        assert_eq!(
            shown,
            [
                (':', 0, 0),
                ('a', 0, 0),
                ('(', 0, 0),
                ('[', 1, 0),
                ('b', 1, 1),
                (']', 1, 0),
                (')', 0, 0)
            ]
        );
    }
}
