//! Plain text: title and text of each record.

use crate::model::record::{Record, RecordType};

/// Titles and texts, an empty line between records. Threads show their title only.
pub fn render(records: &[Record]) -> String {
    let mut out = String::new();
    for record in records {
        let title = record.title.as_deref().filter(|title| !title.is_empty());
        let parts = title.into_iter().chain(Some(record.text.as_str()));
        for part in parts.filter(|part| !part.is_empty()) {
            if !out.is_empty() {
                out.push('\n');
            }
            out.push_str(part);
            out.push('\n');
        }
        debug_assert!(
            record.kind != RecordType::Thread || record.text.is_empty(),
            "threads have no text"
        );
    }
    out
}
