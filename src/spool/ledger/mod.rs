//! The ledger: one `SQLite` file, one writer, every step of the protocol one durable transaction.

pub mod claims;
pub mod yields;

use std::path::Path;

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::book::{Book, Intent, Unfinished};
use super::error::SpoolError;
use super::files::Place;
use crate::model::job::{CapturePath, Job, JobId};

/// Name of the file in the spool.
pub const FILE: &str = "ledger.db";

/// `PRAGMA user_version` of the schema.
const SCHEMA: i64 = 2;

/// Pages are checked at the start up to this size, in bytes: 64 MiB take under a second.
const CHECK_UP_TO: u64 = 64 << 20;

/// The one connection that writes.
#[derive(Debug)]
pub struct Ledger {
    pub(super) db: Connection,
    /// Milliseconds since 1970, set by the writer before each step.
    pub(super) now: i64,
    /// Whether conclusions wait for the claims that follow, to save a sync. A stop in between finds
    /// intents without drafts, which are conclusions.
    lazy: bool,
}

impl Ledger {
    /// Opens the ledger of a spool, and makes it where there is none.
    ///
    /// # Errors
    /// Damaged pages, or a full or failing disk.
    pub fn open(spool: &Path, durable: bool) -> Result<Self, SpoolError> {
        let path = spool.join(FILE);
        let fresh = !path.exists();
        let length = std::fs::metadata(&path).map_or(0, |meta| meta.len());
        let damaged = |error: &rusqlite::Error| {
            matches!(
                error.sqlite_error_code(),
                Some(rusqlite::ErrorCode::NotADatabase | rusqlite::ErrorCode::DatabaseCorrupt)
            )
        };
        let opened = Self::open_file(&path, durable, length).map_err(|error| match error {
            SpoolError::Ledger(error) if damaged(&error) => {
                SpoolError::Damaged { path: path.clone(), found: error.to_string() }
            }
            other => other,
        })?;
        if fresh {
            super::layout::sync_folder(spool)?;
        }
        Ok(opened)
    }

    fn open_file(path: &Path, durable: bool, length: u64) -> Result<Self, SpoolError> {
        let db = Connection::open(path)?;
        db.busy_timeout(std::time::Duration::from_secs(5))?;
        // The mode is answered with a row.
        db.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
        db.execute_batch(if durable {
            "PRAGMA synchronous = FULL"
        } else {
            "PRAGMA synchronous = NORMAL"
        })?;
        db.execute_batch("PRAGMA cache_size = -8192; PRAGMA temp_store = MEMORY;")?;
        db.query_row("PRAGMA journal_size_limit = 8388608", [], |_| Ok(()))?;
        let version: i64 = db.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        match version {
            SCHEMA if length <= CHECK_UP_TO => {
                let found: String = db.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
                if found != "ok" {
                    return Err(SpoolError::Damaged { path: path.to_owned(), found });
                }
            }
            SCHEMA => {}
            // A new ledger, or one of an earlier version: each step is laid over the one before.
            0 | 1 => {
                let transaction = db.unchecked_transaction()?;
                if version == 0 {
                    transaction.execute_batch(include_str!("schema.sql"))?;
                }
                transaction.execute_batch(include_str!("schema-2.sql"))?;
                transaction.pragma_update(None, "user_version", SCHEMA)?;
                transaction.commit()?;
            }
            other => {
                return Err(SpoolError::Version {
                    path: path.to_owned(),
                    found: other.to_string(),
                    expected: "1 or 2",
                });
            }
        }
        Ok(Self { db, now: 0, lazy: false })
    }

    /// The time of what follows, in milliseconds since 1970.
    pub fn set_now(&mut self, now: i64) {
        self.now = now;
    }

    /// Whether conclusions may wait for [`close_transaction`](Self::close_transaction).
    pub fn set_lazy(&mut self, lazy: bool) {
        self.lazy = lazy;
    }

    /// Starts a transaction unless one is open.
    ///
    /// # Errors
    /// A failing disk.
    pub fn open_transaction(&mut self) -> Result<(), SpoolError> {
        if self.db.is_autocommit() {
            self.db.execute_batch("BEGIN IMMEDIATE")?;
        }
        Ok(())
    }

    /// Makes what was written since durable.
    ///
    /// # Errors
    /// A full or failing disk.
    pub fn close_transaction(&mut self) -> Result<(), SpoolError> {
        if !self.db.is_autocommit() {
            self.db.execute_batch("COMMIT")?;
        }
        Ok(())
    }

    /// Takes back what was written since; where that fails the connection must be opened anew.
    pub fn roll_back(&mut self) {
        if !self.db.is_autocommit() {
            // A transaction that is lost already is what was wanted.
            self.db.execute_batch("ROLLBACK").unwrap_or_default();
        }
    }

    /// Runs one step in the open transaction or one of its own, and makes it durable.
    pub(super) fn step(
        &mut self,
        step: impl FnOnce(&Connection, i64) -> rusqlite::Result<()>,
    ) -> Result<(), SpoolError> {
        self.open_transaction()?;
        step(&self.db, self.now)?;
        self.close_transaction()
    }

    fn unfinished(&self, state: &str) -> Result<Vec<Unfinished>, SpoolError> {
        let mut query = self.db.prepare_cached(
            "SELECT id, revision, path, charges FROM job WHERE state = ?1
             ORDER BY charges, accepted_at, rowid",
        )?;
        let rows = query.query_map([state], |row| {
            Ok(Unfinished {
                job: job(row)?,
                path: CapturePath(row.get("path")?),
                charges: row.get("charges")?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

/// Columns `id` and `revision`.
pub(super) fn job(row: &Row<'_>) -> rusqlite::Result<Job> {
    let text: String = row.get("id")?;
    let bad = || rusqlite::Error::InvalidColumnName(text.clone());
    Ok(Job { id: JobId::parse(&text).ok_or_else(bad)?, revision: row.get("revision")? })
}

fn place(name: &str) -> Place {
    if name == "new" { Place::New } else { Place::Quarantine }
}

impl Book for Ledger {
    fn intend(&mut self, intents: &[Intent]) -> Result<(), SpoolError> {
        self.step(|db, _| {
            let mut update = db.prepare_cached(
                "UPDATE job SET state = 'intent', place = ?2, result = ?3, reason = ?4
                 WHERE id = ?1",
            )?;
            for intent in intents {
                let place = match intent.place {
                    Place::New => "new",
                    Place::Quarantine => "quarantine",
                };
                update.execute(params![
                    intent.job.id.as_str(),
                    place,
                    intent.sha256,
                    intent.reason
                ])?;
            }
            Ok(())
        })
    }

    fn intents(&mut self) -> Result<Vec<Intent>, SpoolError> {
        let mut query = self.db.prepare_cached(
            "SELECT id, revision, place, result, reason FROM job WHERE state = 'intent'
             ORDER BY rowid",
        )?;
        let rows = query.query_map([], |row| {
            let name: String = row.get("place")?;
            Ok(Intent {
                job: job(row)?,
                place: place(&name),
                sha256: row.get("result")?,
                reason: row.get("reason")?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn conclude(&mut self, intents: &[Intent]) -> Result<(), SpoolError> {
        self.open_transaction()?;
        for intent in intents {
            let state = match intent.place {
                Place::New => "committed",
                Place::Quarantine => "quarantined",
            };
            self.db
                .prepare_cached("UPDATE job SET state = ?2, finished_at = ?3 WHERE id = ?1")?
                .execute(params![intent.job.id.as_str(), state, self.now])?;
        }
        if self.lazy { Ok(()) } else { self.close_transaction() }
    }

    fn retract(&mut self, job: &JobId) -> Result<(), SpoolError> {
        self.step(|db, _| {
            db.execute("UPDATE job SET state = 'conflict' WHERE id = ?1", [job.as_str()])?;
            Ok(())
        })
    }

    fn conflicts(&mut self) -> Result<Vec<Job>, SpoolError> {
        Ok(self.unfinished("conflict")?.into_iter().map(|found| found.job).collect())
    }

    fn working(&mut self) -> Result<Vec<Unfinished>, SpoolError> {
        self.unfinished("working")
    }

    fn suspect(&mut self, charged: Option<&JobId>) -> Result<(), SpoolError> {
        self.step(|db, _| {
            if let Some(job) = charged {
                db.execute("UPDATE job SET charges = charges + 1 WHERE id = ?1", [job.as_str()])?;
            }
            db.execute("UPDATE job SET state = 'suspect' WHERE state = 'working'", [])?;
            Ok(())
        })
    }

    fn release(&mut self) -> Result<(), SpoolError> {
        self.step(|db, _| {
            db.execute("UPDATE job SET state = 'waiting' WHERE state = 'working'", [])?;
            Ok(())
        })
    }

    fn suspects(&mut self) -> Result<Vec<Unfinished>, SpoolError> {
        self.unfinished("suspect")
    }
}

impl Ledger {
    /// One value of a query, for tests and reports.
    ///
    /// # Errors
    /// A failing disk.
    pub fn number(&self, query: &str) -> Result<u64, SpoolError> {
        let found: Option<i64> = self.db.query_row(query, [], |row| row.get(0)).optional()?;
        Ok(found.and_then(|number| u64::try_from(number).ok()).unwrap_or(0))
    }
}
