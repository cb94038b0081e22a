//! JSON Lines.

use crate::model::record::Record;
use crate::model::{id, sixteen};

/// What the text is written in place of. No string before it can hold this: quotation marks inside
/// strings have a backslash before them.
const NO_TEXT: &str = "\"text\":\"\"";

/// One JSON object per record, each with a line feed behind. The records are as before when it is
/// done.
pub fn render(records: &mut [Record]) -> String {
    let mut lines = String::with_capacity(
        records.iter().map(|record| record.text.len() * 33 / 32 + 1_500).sum(),
    );
    for record in records {
        // Nearly all bytes of a record are its text: it is written on its own, in long runs.
        let text = std::mem::take(&mut record.text);
        let shell = serde_json::to_string(record);
        record.text = text;
        // A record holds strings, numbers and maps with string keys: it cannot fail to serialise.
        let Ok(shell) = shell else { continue };
        if let Some((before, behind)) = shell.split_once(NO_TEXT) {
            lines.push_str(before);
            lines.push_str("\"text\":\"");
            push_escaped(&mut lines, &record.text);
            lines.push('"');
            lines.push_str(behind);
        } else {
            lines.push_str(&shell);
        }
        lines.push('\n');
    }
    lines
}

/// Appends the inside of a JSON string, escaped as `serde_json` does.
fn push_escaped(into: &mut String, text: &str) {
    // All before this is appended.
    let mut done = 0;
    for (block, start) in text.as_bytes().chunks(64).zip((0..).step_by(64)) {
        let mut special = 0;
        sixteen::each(block, b'.', |before, bytes| {
            let controls = bytes.is_wide_or_below(b' ') & !bytes.is_wide();
            special |= (controls | bytes.is(b'"') | bytes.is(b'\\')) << before;
        });
        while special != 0 {
            let at = start + special.trailing_zeros() as usize;
            into.push_str(text.get(done..at).unwrap_or_default());
            push_escape(into, text.as_bytes().get(at).copied().unwrap_or_default());
            done = at + 1;
            special &= special - 1;
        }
    }
    into.push_str(text.get(done..).unwrap_or_default());
}

/// Appends one byte of ASCII that may not stand in a JSON string as it is.
fn push_escape(into: &mut String, byte: u8) {
    let short = match byte {
        b'\n' => "\\n",
        b'"' => "\\\"",
        b'\\' => "\\\\",
        b'\t' => "\\t",
        b'\r' => "\\r",
        0x08 => "\\b",
        0x0C => "\\f",
        _ => {
            into.push_str("\\u00");
            into.push_str(&id::hex(&[byte]));
            return;
        }
    };
    into.push_str(short);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_escaped_as_serde_json_does() {
        let all: String = (0..0x250_u32).filter_map(char::from_u32).collect();
        for text in ["", "\"", "a \"quote\" – and \\ more\n\n• “x”", &all, &all.repeat(3)] {
            for start in (0..text.len().min(70)).filter(|at| text.is_char_boundary(*at)) {
                let text = text.get(start..).unwrap();
                let mut found = String::from("\"");
                push_escaped(&mut found, text);
                found.push('"');
                assert_eq!(found, serde_json::to_string(text).unwrap());
            }
        }
    }
}
