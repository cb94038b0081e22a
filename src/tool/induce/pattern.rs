//! Patterns out of lines: words as they stand, figures as `\d+`.

/// A text as a pattern that matches nothing else.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        match letter {
            '\'' => out.push_str(r"\x27"),
            '\\' | '.' | '+' | '*' | '?' | '(' | ')' | '|' | '[' | ']' | '{' | '}' | '^' | '$' => {
                out.push('\\');
                out.push(letter);
            }
            letter => out.push(letter),
        }
    }
    out
}

/// The same with any figures in place of those that it has.
pub(super) fn masked(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut rest = text;
    while let Some(at) = rest.find(|letter: char| letter.is_numeric()) {
        let (before, from) = rest.split_at(at);
        out.push_str(&escaped(before));
        let end = from.find(|letter: char| !letter.is_numeric()).unwrap_or(from.len());
        let (figures, behind) = from.split_at(end);
        out.push_str(if figures.is_ascii() { r"\d+" } else { r"\p{N}+" });
        rest = behind;
    }
    out.push_str(&escaped(rest));
    out
}

/// A pattern for one line as it stands, whatever its figures and with or without a bullet.
pub(super) fn of_line(line: &str) -> String {
    match line.strip_prefix("• ") {
        Some(body) => format!("^(?:• )?{}$", masked(body)),
        None => format!("^{}$", masked(line)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_masked_and_signs_escaped() {
        assert_eq!(of_line("Page 2 of 13 (new)"), r"^Page \d+ of \d+ \(new\)$");
        assert_eq!(of_line("• Don't"), r"^(?:• )?Don\x27t$");
    }
}
