//! Words as selectors write them.

/// A text in quotes.
pub(in crate::tool::ftr) fn quoted(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut out = String::with_capacity(text.len() + 2);
    out.push(quote);
    for letter in text.chars() {
        match letter {
            '\\' => out.push_str("\\\\"),
            '\n' | '\r' | '\u{c}' => out.push(' '),
            letter if letter == quote => out.extend(['\\', letter]),
            letter => out.push(letter),
        }
    }
    out.push(quote);
    out
}

/// A name as it may stand in a selector.
pub(in crate::tool::ftr) fn ident(name: &str) -> String {
    name.chars().fold(String::new(), |mut out, letter| {
        if !(letter.is_alphanumeric() || matches!(letter, '-' | '_')) {
            out.push('\\');
        }
        out.push(letter);
        out
    })
}

/// Words of a class attribute as class selectors; `None` where one cannot be written as such.
pub(in crate::tool::ftr) fn words(text: &str) -> Option<String> {
    let is_plain = |word: &str| {
        let mut letters = word.chars();
        let first = letters.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
        first && letters.all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
    };
    let mut found = String::new();
    for word in text.split_whitespace() {
        if is_plain(word) {
            found.push('.');
            found.push_str(word);
        } else {
            found.extend(["[class~=", &quoted(word), "]"]);
        }
    }
    (!found.is_empty()).then_some(found)
}
