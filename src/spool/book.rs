//! What the protocol asks of the ledger.

use super::error::SpoolError;
use super::files::Place;
use crate::model::job::{CapturePath, Job, JobId};

/// A job that is about to be published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intent {
    /// The job.
    pub job: Job,
    /// Where its result goes.
    pub place: Place,
    /// SHA-256 of the result: in quarantine that of `reason.json`.
    pub sha256: [u8; 32],
    /// The stable reason, in quarantine.
    pub reason: Option<String>,
}

/// A job that was being cleaned when the service stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfinished {
    /// The job.
    pub job: Job,
    /// Where its capture was.
    pub path: CapturePath,
    /// How often it was alone in flight at an unclean stop.
    pub charges: u32,
}

/// The ledger, as the protocol sees it. Each call is one transaction, durable when it returns.
pub trait Book {
    /// Writes the jobs down as `intent`, with all that was written since the last call.
    ///
    /// # Errors
    /// A full or failing disk.
    fn intend(&mut self, intents: &[Intent]) -> Result<(), SpoolError>;

    /// Jobs that are `intent`.
    ///
    /// # Errors
    /// A failing disk.
    fn intents(&mut self) -> Result<Vec<Intent>, SpoolError>;

    /// Writes jobs down as `committed` or `quarantined`.
    ///
    /// # Errors
    /// A full or failing disk.
    fn conclude(&mut self, intents: &[Intent]) -> Result<(), SpoolError>;

    /// Writes a job down as `conflict`: something else stands under its name.
    ///
    /// # Errors
    /// A full or failing disk.
    fn retract(&mut self, job: &JobId) -> Result<(), SpoolError>;

    /// Jobs that are `conflict`.
    ///
    /// # Errors
    /// A failing disk.
    fn conflicts(&mut self) -> Result<Vec<Job>, SpoolError>;

    /// Jobs that are `working`, by age.
    ///
    /// # Errors
    /// A failing disk.
    fn working(&mut self) -> Result<Vec<Unfinished>, SpoolError>;

    /// Sets all `working` jobs aside as `suspect`, and charges one of them, if any.
    ///
    /// # Errors
    /// A full or failing disk.
    fn suspect(&mut self, charged: Option<&JobId>) -> Result<(), SpoolError>;

    /// Sets all `working` jobs free as `waiting`, without a charge.
    ///
    /// # Errors
    /// A full or failing disk.
    fn release(&mut self) -> Result<(), SpoolError>;

    /// Jobs that are `suspect`, those with the fewest charges first, then by age.
    ///
    /// # Errors
    /// A failing disk.
    fn suspects(&mut self) -> Result<Vec<Unfinished>, SpoolError>;
}
