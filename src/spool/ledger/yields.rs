//! What the last captures of each profile gave: how many pieces and words, and which rules acted.
//!
//! Written with the capture's result, in the same transaction; read by `profile test`, which
//! compares it with what the cases promise.

use rusqlite::{Connection, params};

use super::Ledger;
use crate::spool::error::SpoolError;

/// Rows that are kept of the pages of a profile, and of its texts.
pub const MOST: u32 = 200;

/// Most bytes of the names of rules in one row; the largest built-in profile has 6,000 in all.
const MAX_RULES_BYTES: usize = 16 << 10;

/// What one capture gave.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Yield {
    /// The profile that was chosen.
    pub profile: String,
    /// Whether it was a page, not a text.
    pub page: bool,
    /// Hash of the profile and its parents.
    pub hash: String,
    /// Its articles and posts.
    pub pieces: u64,
    /// Their words.
    pub words: u64,
    /// The rules that acted.
    pub rules: Vec<String>,
}

impl Ledger {
    /// Writes down what a capture gave, and forgets the oldest; part of the open transaction.
    ///
    /// # Errors
    /// A full or failing disk.
    pub fn note_yield(&mut self, found: &Yield) -> Result<(), SpoolError> {
        self.open_transaction()?;
        let mut rules = String::new();
        for rule in &found.rules {
            if rules.len() + rule.len() < MAX_RULES_BYTES {
                rules.push_str(rule);
                rules.push('\n');
            }
        }
        self.db
            .prepare_cached(
                "INSERT INTO yield (profile, page, hash, pieces, words, rules, at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                found.profile,
                found.page,
                found.hash,
                found.pieces.cast_signed(),
                found.words.cast_signed(),
                rules,
                self.now
            ])?;
        self.db
            .prepare_cached(
                "DELETE FROM yield WHERE profile = ?1 AND page = ?2 AND number <=
                 (SELECT number FROM yield WHERE profile = ?1 AND page = ?2
                  ORDER BY number DESC LIMIT 1 OFFSET ?3)",
            )?
            .execute(params![found.profile, found.page, MOST])?;
        Ok(())
    }

    /// Forgets what captures gave before a time, in milliseconds since 1970.
    ///
    /// # Errors
    /// A full or failing disk.
    pub fn forget_yields(&mut self, until: i64) -> Result<(), SpoolError> {
        self.step(|db, _| {
            db.prepare_cached("DELETE FROM yield WHERE at < ?1")?.execute([until])?;
            Ok(())
        })
    }
}

/// All that is remembered, the newest first.
///
/// # Errors
/// A failing disk, or a ledger that no service of this version has opened yet.
pub fn all(db: &Connection) -> Result<Vec<Yield>, SpoolError> {
    let mut query = db.prepare(
        "SELECT profile, page, hash, pieces, words, rules FROM yield ORDER BY number DESC",
    )?;
    let rows = query.query_map([], |row| {
        let rules: String = row.get(5)?;
        Ok(Yield {
            profile: row.get(0)?,
            page: row.get(1)?,
            hash: row.get(2)?,
            pieces: row.get::<_, i64>(3)?.cast_unsigned(),
            words: row.get::<_, i64>(4)?.cast_unsigned(),
            rules: rules.lines().map(str::to_owned).collect(),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
