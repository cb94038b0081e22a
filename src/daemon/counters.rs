//! What the service counts, and its text for Prometheus. Labels have bounded values.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Counters since the start, and gauges of now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counters {
    /// Captures that were written down as attempts.
    pub accepted: u64,
    /// Results in `new/`.
    pub committed: u64,
    /// Records in them.
    pub records: u64,
    /// Records that repeat one of an earlier capture.
    pub duplicates: u64,
    /// Entries in quarantine, by reason.
    pub quarantined: BTreeMap<&'static str, u64>,
    /// Captures that were not complete yet, or could not be read.
    pub put_back: u64,
    /// Full scans, by cause.
    pub scans: BTreeMap<&'static str, u64>,
    /// Pauses, by cause.
    pub pauses: BTreeMap<&'static str, u64>,
    /// Reloads that took, and that did not.
    pub reloads: (u64, u64),
}

/// Gauges of now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gauges {
    /// Captures in memory.
    pub held: usize,
    /// Their bytes.
    pub held_bytes: u64,
    /// Captures that wait for a thread.
    pub queued: usize,
    /// Files that were found and have no result yet.
    pub waiting: usize,
    /// Folders that are not watched.
    pub unwatched: usize,
    /// Whether the service waits for the disk.
    pub paused: bool,
    /// Time of the last full scan, in microseconds.
    pub scan_micros: u128,
    /// Names in the inbox that are neither files nor folders.
    pub special: u64,
}

impl Counters {
    /// The text that Prometheus reads.
    pub fn text(&self, gauges: &Gauges) -> String {
        let mut out = String::new();
        let mut put = |name: &str, kind: &str, help: &str, values: &[(String, u128)]| {
            // Writing to a string cannot fail.
            writeln!(out, "# HELP copydesk_{name} {help}\n# TYPE copydesk_{name} {kind}")
                .unwrap_or_default();
            for (labels, value) in values {
                writeln!(out, "copydesk_{name}{labels} {value}").unwrap_or_default();
            }
        };
        let one = |value: u64| vec![(String::new(), u128::from(value))];
        let size = |value: usize| vec![(String::new(), value as u128)];
        let by = |label: &str, values: &BTreeMap<&'static str, u64>| -> Vec<(String, u128)> {
            let shown = |(name, value): (&&str, &u64)| {
                (format!("{{{label}=\"{name}\"}}"), u128::from(*value))
            };
            values.iter().map(shown).collect()
        };
        let counter = "counter";
        put("captures_accepted_total", counter, "Captures begun.", &one(self.accepted));
        put("captures_committed_total", counter, "Results in new/.", &one(self.committed));
        put(
            "captures_quarantined_total",
            counter,
            "Entries in quarantine/.",
            &by("reason", &self.quarantined),
        );
        put("captures_put_back_total", counter, "Captures not complete yet.", &one(self.put_back));
        put("records_committed_total", counter, "Records in results.", &one(self.records));
        put("records_duplicate_total", counter, "Near copies among them.", &one(self.duplicates));
        put("scans_total", counter, "Full scans of the inbox.", &by("cause", &self.scans));
        put("pauses_total", counter, "Pauses.", &by("cause", &self.pauses));
        let (took, failed) = self.reloads;
        let reloads = [
            ("{result=\"ok\"}".to_owned(), u128::from(took)),
            ("{result=\"failed\"}".to_owned(), u128::from(failed)),
        ];
        put("reloads_total", counter, "Reloads.", &reloads);
        let gauge = "gauge";
        put("captures_held", gauge, "Captures in memory.", &size(gauges.held));
        put("captures_held_bytes", gauge, "Their bytes.", &one(gauges.held_bytes));
        put("captures_queued", gauge, "Captures that wait for a thread.", &size(gauges.queued));
        put("inbox_waiting", gauge, "Files without a result.", &size(gauges.waiting));
        put("inbox_special", gauge, "Names that are no files.", &one(gauges.special));
        put("inbox_unwatched_folders", gauge, "Folders not watched.", &size(gauges.unwatched));
        put("paused", gauge, "1 in a pause.", &one(u64::from(gauges.paused)));
        put("scan_microseconds", gauge, "Last full scan.", &[(String::new(), gauges.scan_micros)]);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_are_text_that_prometheus_reads() {
        let mut counters = Counters { committed: 3, ..Counters::default() };
        counters.quarantined.insert("not_text", 2);
        let text = counters.text(&Gauges { paused: true, ..Gauges::default() });
        assert!(text.contains("\ncopydesk_captures_committed_total 3\n"), "{text}");
        assert!(text.contains("copydesk_captures_quarantined_total{reason=\"not_text\"} 2\n"));
        assert!(text.contains("copydesk_paused 1\n"));
    }
}
