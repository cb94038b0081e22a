//! The near-duplicate index of `dedupe`, kept in the ledger: bounded in number and age.
//!
//! Part of the transaction that writes the intents down, so that a record is in the index exactly
//! when its result will be published.

use std::collections::BTreeMap;

use rusqlite::params;

use super::error::SpoolError;
use super::ledger::Ledger;
use crate::dedupe::{self, Near, Novelty, Signature};
use crate::model::record::Record;

/// How much the index remembers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Most records.
    pub max_records: u64,
    /// Longest time, in milliseconds.
    pub max_age_ms: i64,
}

/// Old records that are forgotten for each new one: the index shrinks after its bounds do.
const FORGET: u32 = 4;

impl Ledger {
    /// Compares a record with those of earlier captures, and remembers it unless it is a
    /// duplicate.
    ///
    /// # Errors
    /// A full or failing disk.
    pub fn observe(
        &mut self,
        record: &Record,
        signature: &Signature,
        bounds: Bounds,
    ) -> Result<Novelty, SpoolError> {
        if signature.is_empty() || bounds.max_records == 0 {
            return Ok(Novelty::default());
        }
        self.open_transaction()?;
        let novelty = dedupe::novelty(self.similar(signature, record, bounds)?);
        if novelty.duplicate_of.is_none() {
            self.remember(record, signature)?;
            self.forget(bounds)?;
        }
        Ok(novelty)
    }

    fn similar(
        &self,
        signature: &Signature,
        record: &Record,
        bounds: Bounds,
    ) -> Result<Vec<Near>, SpoolError> {
        let mut places: BTreeMap<i64, u32> = BTreeMap::new();
        let mut lookup = self
            .db
            .prepare_cached("SELECT place FROM shingle WHERE hash = ?1 ORDER BY place LIMIT ?2")?;
        let most = i64::try_from(dedupe::MAX_PER_SHINGLE).unwrap_or(i64::MAX);
        for shingle in signature.probes() {
            for place in lookup.query_map([shingle.cast_signed(), most], |row| row.get(0))? {
                *places.entry(place?).or_default() += 1;
            }
        }
        let mut load = self.db.prepare_cached(
            "SELECT record, capture, number, depth, shingles FROM near
             WHERE place = ?1 AND at >= ?2 AND record <> ?3",
        )?;
        let since = self.now.saturating_sub(bounds.max_age_ms);
        let mut found = Vec::new();
        for place in places.into_keys() {
            let rows = load.query_map(params![place, since, record.id], |row| {
                let shingles: Vec<u8> = row.get(4)?;
                let other = Signature::from_parts(row.get(3)?, &shingles);
                Ok(Near {
                    place: place.cast_unsigned(),
                    similarity: signature.containment(&other),
                    id: row.get(0)?,
                    capture: row.get(1)?,
                    number: row.get(2)?,
                })
            })?;
            for near in rows {
                found.push(near?);
            }
        }
        Ok(found)
    }

    fn remember(&mut self, record: &Record, signature: &Signature) -> Result<(), SpoolError> {
        let (depth, shingles) = signature.to_parts();
        self.db
            .prepare_cached(
                "INSERT INTO near (record, capture, number, depth, shingles, at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![
                record.id,
                record.capture.path,
                record.index,
                depth,
                shingles,
                self.now
            ])?;
        let place = self.db.last_insert_rowid();
        let mut insert = self.db.prepare_cached("INSERT OR IGNORE INTO shingle VALUES (?1, ?2)")?;
        for shingle in signature.indexed() {
            insert.execute([shingle.cast_signed(), place])?;
        }
        Ok(())
    }

    /// Drops a few of the oldest records while there are too many, or they are too old.
    fn forget(&mut self, bounds: Bounds) -> Result<(), SpoolError> {
        // Places grow with time: the oldest are the first.
        let mut oldest = self.db.prepare_cached(
            "SELECT place, depth, shingles, at, (SELECT MAX(place) FROM near) FROM near
             ORDER BY place LIMIT ?1",
        )?;
        let most = i64::try_from(bounds.max_records).unwrap_or(i64::MAX);
        let since = self.now.saturating_sub(bounds.max_age_ms);
        let rows = oldest.query_map([FORGET], |row| {
            let shingles: Vec<u8> = row.get(2)?;
            let (place, at, newest): (i64, i64, i64) = (row.get(0)?, row.get(3)?, row.get(4)?);
            let is_old = at < since || place <= newest.saturating_sub(most);
            Ok(is_old.then_some((place, Signature::from_parts(row.get(1)?, &shingles))))
        })?;
        let old: Vec<_> = rows.collect::<rusqlite::Result<_>>()?;
        drop(oldest);
        let old: Vec<(i64, Signature)> = old.into_iter().flatten().collect();
        let mut delete =
            self.db.prepare_cached("DELETE FROM shingle WHERE hash = ?1 AND place = ?2")?;
        for (place, signature) in &old {
            for shingle in signature.indexed() {
                delete.execute([shingle.cast_signed(), *place])?;
            }
            self.db.execute("DELETE FROM near WHERE place = ?1", [place])?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode;
    use crate::model::capture::Hints;
    use crate::pipeline::{self, Options};
    use crate::profile::set::{self, Lint};

    const BOUNDS: Bounds = Bounds { max_records: 1000, max_age_ms: 1000 };

    /// Texts that share a long phrase.
    fn text(number: usize) -> String {
        let words = |name: &str, count| {
            let words: Vec<String> = (0..count).map(|at| format!("{name}{at}")).collect();
            words.join(" ")
        };
        format!("{} {}.\n", words("stock", 40), words(&format!("own{number}x"), 60))
    }

    #[test]
    fn a_stock_phrase_hides_no_duplicate_and_lists_few_records() {
        let folder = tempfile::tempdir().unwrap();
        let mut ledger = Ledger::open(folder.path(), false).unwrap();
        let (set, _) = set::load(set::built_in(), &[], Lint::Own, crate::parse::text::parse);
        let (set, options) = (set.unwrap(), Options { sign: true, ..Options::default() });
        let clean = |path: &str, number: usize| {
            let (bytes, limit) = (text(number).into_bytes(), decode::MAX_CAPTURE_BYTES);
            let capture = decode::decode(path, bytes, Hints::default(), limit).unwrap();
            let mut outcome = pipeline::clean(&capture, &set, &options, &mut |_| {});
            (outcome.records.remove(0), outcome.signatures.remove(0))
        };
        let many = 4 * dedupe::MAX_PER_SHINGLE;
        for number in 0..many {
            let (record, signature) = clean(&format!("{number}.txt"), number);
            let novelty = ledger.observe(&record, &signature, BOUNDS).unwrap();
            assert_eq!(novelty.duplicate_of, None);
        }
        let (record, signature) = clean("new.txt", many);
        let similar = ledger.similar(&signature, &record, BOUNDS).unwrap();
        assert_eq!(similar.len(), dedupe::MAX_PER_SHINGLE);
        let (record, signature) = clean("again.txt", many - 1);
        let novelty = ledger.observe(&record, &signature, BOUNDS).unwrap();
        assert_eq!(novelty.duplicate_of.unwrap().capture, format!("{}.txt", many - 1));
    }
}
