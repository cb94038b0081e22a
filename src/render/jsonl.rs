//! JSON Lines.

use crate::model::record::Record;

/// One JSON object per record, each with a line feed behind.
pub fn render(records: &[Record]) -> String {
    let mut bytes =
        Vec::with_capacity(records.iter().map(|record| record.text.len() + 1_500).sum());
    for record in records {
        // A record holds strings, numbers and maps with string keys: it cannot fail to serialise.
        if serde_json::to_writer(&mut bytes, record).is_ok() {
            bytes.push(b'\n');
        }
    }
    String::from_utf8(bytes).unwrap_or_default()
}
