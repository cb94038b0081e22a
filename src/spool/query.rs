//! What operators ask of a spool: counts, why a capture is where it is, and what is in quarantine.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, OptionalExtension as _, Row, params};
use serde_json::{Value, json};

use super::error::SpoolError;
use super::ledger::FILE;
use super::turn::Open;
use crate::model::job::{CapturePath, JobId};

/// Something to look up or, in quarantine, to change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// Counts of jobs by state.
    Counts,
    /// The jobs of a path or an id.
    Why(String),
    /// Captures in quarantine.
    Quarantined(Filter),
    /// Clean captures of the quarantine once more.
    Redrive(Filter),
    /// Forget captures of the quarantine; their files in the inbox stay and are not read again.
    Drop(Filter),
}

/// Which captures of the quarantine are meant; all of the conditions hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// The job.
    pub job: Option<String>,
    /// The reason.
    pub reason: Option<String>,
}

/// What is answered: JSON, and cache keys of captures that are to be read again.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answer {
    /// The answer; `{"error": …}` where there is none.
    pub value: Value,
    /// Keys that the inbox must forget.
    pub again: Vec<u128>,
}

/// Most captures that one answer names, and that one order changes.
const MOST: i64 = 10_000;

/// Opens the ledger of a spool for reading only: beside a running service, or without one.
///
/// # Errors
/// No ledger, or a failing disk.
pub fn open_for_reading(spool: &Path) -> Result<Connection, SpoolError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(spool.join(FILE), flags)?;
    db.busy_timeout(std::time::Duration::from_secs(5))?;
    Ok(db)
}

/// Answers a question that only looks.
///
/// # Errors
/// A failing disk.
pub fn look(db: &Connection, question: &Question) -> Result<Value, SpoolError> {
    match question {
        Question::Counts => counts(db),
        Question::Why(key) => why(db, key),
        Question::Quarantined(filter) | Question::Redrive(filter) | Question::Drop(filter) => {
            Ok(Value::Array(quarantined(db, filter)?.iter().map(Job::show).collect()))
        }
    }
}

pub(super) fn answer(open: Option<&mut Open>, root: &Path, question: &Question) -> Answer {
    let answered = match (open, question) {
        (Some(open), Question::Redrive(filter)) => redrive(open, filter),
        (Some(open), Question::Drop(filter)) => drop_all(open, filter),
        (None, Question::Redrive(_) | Question::Drop(_)) => {
            let value = json!({ "error": "the service is paused; try again when it is not" });
            Ok(Answer { value, again: Vec::new() })
        }
        (Some(open), _) => {
            look(&open.ledger.db, question).map(|value| Answer { value, again: Vec::new() })
        }
        (None, _) => open_for_reading(root)
            .and_then(|db| look(&db, question))
            .map(|value| Answer { value, again: Vec::new() }),
    };
    answered.unwrap_or_else(|error| Answer {
        value: json!({ "error": error.to_string() }),
        again: Vec::new(),
    })
}

fn counts(db: &Connection) -> Result<Value, SpoolError> {
    let mut query = db.prepare("SELECT state, COUNT(*) FROM job GROUP BY state ORDER BY state")?;
    let mut counts = serde_json::Map::new();
    let rows = query.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?)))?;
    for row in rows {
        let (state, count) = row?;
        counts.insert(state, Value::from(count));
    }
    Ok(Value::Object(counts))
}

/// One job as reports show it.
struct Job {
    id: String,
    revision: u32,
    path: CapturePath,
    bytes: i64,
    state: String,
    charges: u32,
    reason: Option<String>,
    detail: Option<String>,
    profile: Option<String>,
    records: Option<i64>,
    accepted_at: i64,
    finished_at: Option<i64>,
}

const COLUMNS: &str = "id, revision, path, bytes, state, charges, reason, detail, profile, \
                       records, accepted_at, finished_at";

impl Job {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            revision: row.get(1)?,
            path: CapturePath(row.get(2)?),
            bytes: row.get(3)?,
            state: row.get(4)?,
            charges: row.get(5)?,
            reason: row.get(6)?,
            detail: row.get(7)?,
            profile: row.get(8)?,
            records: row.get(9)?,
            accepted_at: row.get(10)?,
            finished_at: row.get(11)?,
        })
    }

    fn stem(&self) -> String {
        JobId::parse(&self.id).map_or_else(String::new, |id| {
            crate::model::job::Job { id, revision: self.revision }.stem()
        })
    }

    fn show(&self) -> Value {
        let result = match self.state.as_str() {
            "committed" => Some(format!("new/{}.jsonl", self.stem())),
            "quarantined" => Some(format!("quarantine/{}", self.stem())),
            _ => None,
        };
        json!({
            "job": self.id,
            "path": self.path.shown(),
            "state": self.state,
            "result": result,
            "reason": self.reason,
            "detail": self.detail,
            "revision": self.revision,
            "charges": self.charges,
            "bytes": self.bytes,
            "profile": self.profile,
            "records": self.records,
            "accepted_at_unix_ms": self.accepted_at,
            "finished_at_unix_ms": self.finished_at,
        })
    }
}

fn why(db: &Connection, key: &str) -> Result<Value, SpoolError> {
    // A result's name is as good as its job.
    let name = key.rsplit('/').next().unwrap_or(key);
    let stem = name.strip_suffix(".jsonl").unwrap_or(name);
    let id = stem.split("-r").next().unwrap_or(stem);
    let sql = format!(
        "SELECT {COLUMNS} FROM job WHERE id = ?1 OR path = ?2
         OR id = (SELECT job FROM seen WHERE path = ?2) ORDER BY accepted_at DESC LIMIT 20"
    );
    let mut query = db.prepare(&sql)?;
    let rows = query.query_map(params![id, key.as_bytes()], Job::read)?;
    let jobs: Vec<Job> = rows.collect::<rusqlite::Result<_>>()?;
    Ok(Value::Array(jobs.iter().map(Job::show).collect()))
}

fn quarantined(db: &Connection, filter: &Filter) -> Result<Vec<Job>, SpoolError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM job WHERE state = 'quarantined'
         AND (?1 IS NULL OR id = ?1) AND (?2 IS NULL OR reason = ?2)
         ORDER BY finished_at LIMIT ?3"
    );
    let mut query = db.prepare(&sql)?;
    let rows = query.query_map(params![filter.job, filter.reason, MOST], Job::read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn redrive(open: &mut Open, filter: &Filter) -> Result<Answer, SpoolError> {
    let jobs = quarantined(&open.ledger.db, filter)?;
    let mut again = Vec::with_capacity(jobs.len());
    open.ledger.step(|db, _| {
        for job in &jobs {
            db.execute(
                "UPDATE job SET state = 'waiting', revision = revision + 1, charges = 0,
                 reason = NULL, detail = NULL, finished_at = NULL WHERE id = ?1",
                [&job.id],
            )?;
        }
        Ok(())
    })?;
    for job in &jobs {
        if let Some(stamp) = open.ledger.stamp_of(&job.path)? {
            again.push(stamp.key(&job.path));
        }
    }
    remove_entries(open, &jobs)?;
    Ok(Answer { value: Value::Array(jobs.iter().map(Job::show).collect()), again })
}

impl Open {
    /// Forgets captures of the quarantine.
    pub(super) fn drop_all(&mut self, filter: &Filter) -> Result<Answer, SpoolError> {
        drop_all(self, filter)
    }
}

fn drop_all(open: &mut Open, filter: &Filter) -> Result<Answer, SpoolError> {
    let jobs = quarantined(&open.ledger.db, filter)?;
    open.ledger.step(|db, now| {
        for job in &jobs {
            db.execute(
                "UPDATE job SET state = 'dropped', finished_at = ?2 WHERE id = ?1",
                params![job.id, now],
            )?;
        }
        Ok(())
    })?;
    remove_entries(open, &jobs)?;
    let value = Value::Array(jobs.iter().map(Job::show).collect());
    Ok(Answer { value, again: Vec::new() })
}

fn remove_entries(open: &mut Open, jobs: &[Job]) -> Result<(), SpoolError> {
    for job in jobs {
        open.disk.remove_entry(&job.stem())?;
    }
    open.forget_quarantined(jobs.len() as u64);
    Ok(())
}

impl Open {
    /// Deletes entries of the quarantine whose job has left it: a stop came between the two.
    pub(super) fn sweep_quarantine(&mut self) -> Result<(), SpoolError> {
        for name in self.disk.entries()? {
            let Some(id) = name.get(..32).and_then(JobId::parse) else { continue };
            let state: Option<(String, u32)> = self
                .ledger
                .db
                .prepare_cached("SELECT state, revision FROM job WHERE id = ?1")?
                .query_row([id.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?;
            if let Some((state, revision)) = state {
                let stem = crate::model::job::Job { id, revision }.stem();
                if state != "quarantined" || stem != name {
                    self.disk.remove_entry(&name)?;
                }
            }
        }
        Ok(())
    }
}
