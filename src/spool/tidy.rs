//! Keeping the ledger and the quarantine small: what is long done with is forgotten, a little at a
//! time.

use rusqlite::params;

use super::error::SpoolError;
use super::query::Filter;
use super::retention;
use super::turn::{Open, Rules};
use crate::model::job::{CapturePath, JobId};

/// Jobs that are looked at in one go.
const AT_ONCE: u32 = 500;

impl Open {
    /// Looks at some jobs more: forgets those that ended long ago and whose capture is no longer
    /// in the inbox, and drops entries that were in quarantine for too long. Gives where to go on.
    ///
    /// # Errors
    /// A full or failing disk.
    pub fn tidy(&mut self, rules: &Rules, from: i64) -> Result<i64, SpoolError> {
        self.drop_old(rules)?;
        let Some(forget_ms) = rules.forget_after_ms else { return Ok(0) };
        let until = self.ledger.now.saturating_sub(forget_ms);
        self.ledger.forget_yields(until)?;
        let mut query = self.ledger.db.prepare_cached(
            "SELECT rowid, id, path, state IN ('committed', 'dropped', 'moved')
                    AND finished_at < ?2 AND retention IS NULL
             FROM job WHERE rowid > ?1 ORDER BY rowid LIMIT ?3",
        )?;
        let rows = query.query_map(params![from, until, AT_ONCE], |row| {
            let path: Vec<u8> = row.get(2)?;
            let old: Option<bool> = row.get(3)?;
            Ok((row.get(0)?, row.get(1)?, CapturePath(path), old.unwrap_or(false)))
        })?;
        let rows: Vec<(i64, String, CapturePath, bool)> = rows.collect::<rusqlite::Result<_>>()?;
        drop(query);
        let Some((last, ..)) = rows.last() else { return Ok(0) };
        let last = *last;
        self.ledger.open_transaction()?;
        for (_, id, path, old) in rows {
            if !old {
                continue;
            }
            let seen = self.ledger.stamp_of(&path)?;
            if seen.is_none_or(|stamp| retention::is_gone(&rules.inbox, &path, &stamp)) {
                self.ledger.db.execute(
                    "DELETE FROM seen WHERE job = ?1 AND path = ?2",
                    params![id, path.0],
                )?;
                self.ledger.db.execute("DELETE FROM job WHERE id = ?1", [&id])?;
            }
        }
        self.ledger.close_transaction()?;
        Ok(last)
    }

    fn drop_old(&mut self, rules: &Rules) -> Result<(), SpoolError> {
        let Some(most_ms) = rules.quarantine_age_ms else { return Ok(()) };
        let until = self.ledger.now.saturating_sub(most_ms);
        let mut query = self.ledger.db.prepare_cached(
            "SELECT id FROM job WHERE state = 'quarantined' AND finished_at < ?1
             ORDER BY finished_at LIMIT ?2",
        )?;
        let rows = query.query_map(params![until, AT_ONCE], |row| row.get::<_, String>(0))?;
        let old: Vec<String> = rows.collect::<rusqlite::Result<_>>()?;
        drop(query);
        for job in old.iter().filter_map(|id| JobId::parse(id)) {
            tracing::info!(%job, "Entry of the quarantine has reached its age and is dropped.");
            self.drop_all(&Filter { job: Some(job.as_str().to_owned()), reason: None })?;
        }
        Ok(())
    }
}
