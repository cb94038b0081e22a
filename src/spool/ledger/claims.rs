//! Step 1 of the protocol: which captures are new, and that they are being worked on.

use rusqlite::{OptionalExtension as _, params};

use super::Ledger;
use crate::model::job::{CapturePath, Job, JobId, Stamp};
use crate::spool::error::SpoolError;

/// A capture that was read and is to be cleaned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// What it is.
    pub job: JobId,
    /// Where it is.
    pub path: CapturePath,
    /// What the file system said while it was read.
    pub stamp: Stamp,
    /// Whether nothing else is in flight.
    pub alone: bool,
    /// Length of the capture.
    pub bytes: u64,
}

/// What to do with a claimed capture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Clean it: the attempt is written down.
    Go(Job),
    /// It has its result.
    Done,
    /// It must run alone, later.
    Alone,
}

impl Ledger {
    /// Writes attempts down; the caller makes them durable before it answers.
    ///
    /// # Errors
    /// A full or failing disk.
    pub fn claim(
        &mut self,
        claim: &Claim,
        is_gone: &dyn Fn(&CapturePath, &Stamp) -> bool,
    ) -> Result<Verdict, SpoolError> {
        self.open_transaction()?;
        let known: Option<(String, u32)> = self
            .db
            .prepare_cached("SELECT state, revision FROM job WHERE id = ?1")?
            .query_row([claim.job.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let verdict = match &known {
            None if self.moved_from(claim, is_gone)? => return Ok(Verdict::Done),
            None => {
                self.db
                    .prepare_cached(
                        "INSERT INTO job (id, revision, path, bytes, state, accepted_at)
                         VALUES (?1, 1, ?2, ?3, 'working', ?4)",
                    )?
                    .execute(params![
                        claim.job.as_str(),
                        claim.path.0,
                        claim.bytes.cast_signed(),
                        self.now
                    ])?;
                Verdict::Go(Job { id: claim.job.clone(), revision: 1 })
            }
            Some((state, revision)) => match state.as_str() {
                "waiting" => self.work(claim, *revision)?,
                "suspect" if claim.alone => self.work(claim, *revision)?,
                "suspect" | "working" | "intent" | "conflict" => Verdict::Alone,
                _ => Verdict::Done,
            },
        };
        if verdict != Verdict::Alone {
            self.see(claim, &claim.job)?;
        }
        Ok(verdict)
    }

    fn work(&mut self, claim: &Claim, revision: u32) -> Result<Verdict, SpoolError> {
        self.db
            .prepare_cached("UPDATE job SET state = 'working' WHERE id = ?1")?
            .execute([claim.job.as_str()])?;
        Ok(Verdict::Go(Job { id: claim.job.clone(), revision }))
    }

    fn see(&mut self, claim: &Claim, job: &JobId) -> Result<(), SpoolError> {
        let Stamp { device, inode, bytes, modified_ns, changed_ns } = claim.stamp;
        self.db
            .prepare_cached("INSERT OR REPLACE INTO seen VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?
            .execute(params![
                claim.path.0,
                device.cast_signed(),
                inode.cast_signed(),
                bytes.cast_signed(),
                modified_ns,
                changed_ns,
                job.as_str()
            ])?;
        Ok(())
    }

    /// Whether this capture was seen at another path and moved since: the same inode with the same
    /// length and time, the same content, and the old path no longer holds it. Then it keeps the
    /// result that it has; one that has none yet gets it under the new path.
    fn moved_from(
        &mut self,
        claim: &Claim,
        is_gone: &dyn Fn(&CapturePath, &Stamp) -> bool,
    ) -> Result<bool, SpoolError> {
        let Stamp { device, inode, bytes, modified_ns, .. } = claim.stamp;
        let mut query = self.db.prepare_cached(
            "SELECT seen.path, seen.changed_ns, job.id, job.state, job.bytes FROM seen
             JOIN job ON job.id = seen.job
             WHERE seen.inode = ?1 AND seen.device = ?2 AND seen.bytes = ?3
               AND seen.modified_ns = ?4 AND seen.path <> ?5 AND job.retention IS NULL",
        )?;
        let rows = query.query_map(
            params![
                inode.cast_signed(),
                device.cast_signed(),
                bytes.cast_signed(),
                modified_ns,
                claim.path.0
            ],
            |row| {
                let path: Vec<u8> = row.get(0)?;
                Ok((CapturePath(path), row.get(1)?, row.get(2)?, row.get(3)?))
            },
        )?;
        let rows: Vec<(CapturePath, i64, String, String)> =
            rows.collect::<rusqlite::Result<_>>()?;
        drop(query);
        for (path, changed_ns, old, state) in rows {
            let Some(old) = JobId::parse(&old) else { continue };
            let stamp = Stamp { changed_ns, ..claim.stamp };
            if !is_gone(&path, &stamp) {
                continue;
            }
            match state.as_str() {
                "committed" | "quarantined" | "dropped" => {
                    self.see(claim, &old)?;
                    return Ok(true);
                }
                "waiting" | "suspect" => {
                    self.db.execute(
                        "UPDATE job SET state = 'moved', finished_at = ?2 WHERE id = ?1",
                        params![old.as_str(), self.now],
                    )?;
                }
                _ => {}
            }
        }
        Ok(false)
    }

    /// Writes down what is known of a job once it is cleaned; part of the open transaction. Gives
    /// whether the job is still open: one that moved or has its result gets no other.
    ///
    /// # Errors
    /// A full or failing disk.
    pub fn describe(
        &mut self,
        job: &JobId,
        profile: Option<&str>,
        records: usize,
        detail: Option<&str>,
        retention: Option<&str>,
    ) -> Result<bool, SpoolError> {
        self.open_transaction()?;
        let changed = self
            .db
            .prepare_cached(
                "UPDATE job SET profile = ?2, records = ?3, detail = ?4, retention = ?5
                 WHERE id = ?1 AND state IN ('working', 'suspect', 'waiting', 'conflict')",
            )?
            .execute(params![
                job.as_str(),
                profile,
                i64::try_from(records).unwrap_or(i64::MAX),
                detail,
                retention
            ])?;
        Ok(changed == 1)
    }

    /// Stamps of captures that have their result, for the cache of the inbox.
    ///
    /// # Errors
    /// A failing disk.
    pub fn each_settled(&self, mut each: impl FnMut(u128)) -> Result<(), SpoolError> {
        let mut query = self.db.prepare(
            "SELECT seen.path, device, inode, seen.bytes, modified_ns, changed_ns FROM seen
             JOIN job ON job.id = seen.job
             WHERE job.state IN ('committed', 'quarantined', 'dropped', 'moved')",
        )?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let number = |at: usize| row.get::<_, i64>(at).map(i64::cast_unsigned);
            let stamp = Stamp {
                device: number(1)?,
                inode: number(2)?,
                bytes: number(3)?,
                modified_ns: row.get(4)?,
                changed_ns: row.get(5)?,
            };
            each(stamp.key(&CapturePath(row.get(0)?)));
        }
        Ok(())
    }
}
