//! What the protocol asks of the disk.

use super::error::SpoolError;
use crate::model::job::Job;

/// The folder that a result goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// `new/`: cleaned.
    New,
    /// `quarantine/`: given up.
    Quarantine,
}

impl Place {
    /// The name of a job's result there.
    pub fn name(self, job: &Job) -> String {
        match self {
            Self::New => format!("{}.jsonl", job.stem()),
            Self::Quarantine => job.stem(),
        }
    }

    /// The name of its draft in `tmp/`.
    pub fn draft(self, job: &Job) -> String {
        match self {
            Self::New => format!("n-{}", self.name(job)),
            Self::Quarantine => format!("q-{}", self.name(job)),
        }
    }
}

/// A result before it is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Whose result it is.
    pub job: Job,
    /// Where it goes.
    pub place: Place,
    /// In `new/` the file; in quarantine `reason.json`.
    pub bytes: Vec<u8>,
    /// The capture itself, kept in quarantine where the configuration asks for it.
    pub capture: Option<Vec<u8>>,
}

/// What became of a rename.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Published {
    /// It is there now.
    Now,
    /// There is no draft: an earlier attempt published it.
    Before,
    /// There is something under that name already.
    Occupied,
}

/// The disk, as the protocol sees it. What is written is volatile until it is synced.
pub trait Files {
    /// Writes a draft into `tmp/`, in place of any of that name.
    ///
    /// # Errors
    /// A full or failing disk.
    fn stage(&mut self, draft: &Draft) -> Result<(), SpoolError>;

    /// Makes all drafts since the last call durable, names included.
    ///
    /// # Errors
    /// A full or failing disk; what was staged must be thrown away then.
    fn sync_drafts(&mut self) -> Result<(), SpoolError>;

    /// Moves a draft to its place, never over something else.
    ///
    /// # Errors
    /// A full or failing disk.
    fn publish(&mut self, job: &Job, place: Place) -> Result<Published, SpoolError>;

    /// Makes moves since the last call durable.
    ///
    /// # Errors
    /// A failing disk.
    fn sync_places(&mut self) -> Result<(), SpoolError>;

    /// SHA-256 of what stands in a job's place; `None` where nothing does.
    ///
    /// # Errors
    /// A failing disk.
    fn digest(&mut self, job: &Job, place: Place) -> Result<Option<[u8; 32]>, SpoolError>;

    /// Names in `tmp/`.
    ///
    /// # Errors
    /// A failing disk.
    fn drafts(&mut self) -> Result<Vec<String>, SpoolError>;

    /// Deletes a draft by its name.
    ///
    /// # Errors
    /// A failing or read-only disk.
    fn discard(&mut self, draft: &str) -> Result<(), SpoolError>;
}
