//! The steps from a draft to a result, and what to do after a stop at any of them.

use super::book::{Book, Intent, Unfinished};
use super::error::SpoolError;
use super::files::{Draft, Files, Place, Published};
use crate::fault::{crash_point, sabotaged};
use crate::model::id;
use crate::model::job::Job;

/// Times that a capture may be alone in flight at an unclean stop; at the last one it is given up.
pub const MAX_CHARGES: u32 = 3;

/// How the service stopped before a recovery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// By a crash, a kill, a power cut, or at an end that left work undone.
    Unclean,
    /// By a pause: the process lives on, and nobody is to blame.
    Pause,
}

/// What a recovery found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recovered {
    /// Jobs whose results are published now, or were already.
    pub concluded: Vec<Intent>,
    /// Jobs under whose name something else stands.
    pub conflicts: Vec<Job>,
    /// Jobs to run alone, one after another, before anything else.
    pub suspects: Vec<Unfinished>,
    /// Jobs to give up: charged too often.
    pub exhausted: Vec<Unfinished>,
}

/// A draft with the reason it stands in quarantine for, if it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// What to publish.
    pub draft: Draft,
    /// The stable reason, in quarantine.
    pub reason: Option<String>,
}

/// Publishes drafts: steps 2 to 5. Gives what is concluded; jobs under whose name something else
/// stands are [`Book::conflicts`] from then on.
///
/// # Errors
/// A full or failing disk. Nothing is lost then: [`recover`] goes on where this stopped.
pub fn deliver(
    files: &mut impl Files,
    book: &mut impl Book,
    deliveries: &[Delivery],
) -> Result<Vec<Intent>, SpoolError> {
    if deliveries.is_empty() {
        return Ok(Vec::new());
    }
    for delivery in deliveries {
        files.stage(&delivery.draft)?;
        crash_point("staged");
    }
    files.sync_drafts()?;
    crash_point("drafts_synced");
    let intents: Vec<Intent> = deliveries.iter().map(intent).collect();
    if !sabotaged("no_intent") {
        book.intend(&intents)?;
    }
    crash_point("intended");
    let conflicts = publish_all(files, &intents)?;
    conclude(book, intents, &conflicts)
}

fn intent(delivery: &Delivery) -> Intent {
    let draft = &delivery.draft;
    Intent {
        job: draft.job.clone(),
        place: draft.place,
        sha256: id::sha256(&draft.bytes),
        reason: delivery.reason.clone(),
    }
}

/// Step 4, which may be done again at any time.
fn publish_all(files: &mut impl Files, intents: &[Intent]) -> Result<Vec<Job>, SpoolError> {
    let mut conflicts = Vec::new();
    for intent in intents {
        let Intent { job, place, .. } = intent;
        match files.publish(job, *place)? {
            Published::Now | Published::Before => {}
            Published::Occupied => {
                // An entry in quarantine holds times, and is the job's whatever they are.
                let same = *place == Place::Quarantine
                    || files.digest(job, *place)? == Some(intent.sha256);
                if !same {
                    conflicts.push(job.clone());
                }
                files.discard(&place.draft(job))?;
            }
        }
        crash_point("renamed");
    }
    files.sync_places()?;
    crash_point("places_synced");
    Ok(conflicts)
}

fn conclude(
    book: &mut impl Book,
    mut intents: Vec<Intent>,
    conflicts: &[Job],
) -> Result<Vec<Intent>, SpoolError> {
    for job in conflicts {
        book.retract(&job.id)?;
    }
    intents.retain(|intent| !conflicts.contains(&intent.job));
    book.conclude(&intents)?;
    crash_point("concluded");
    Ok(intents)
}

/// Brings disk and ledger to one mind after a stop at any point. May itself be stopped at any
/// point and run again.
///
/// # Errors
/// A full or failing disk: run it again later.
pub fn recover(
    files: &mut impl Files,
    book: &mut impl Book,
    stop: Stop,
) -> Result<Recovered, SpoolError> {
    let intents = book.intents()?;
    let conflicts = publish_all(files, &intents)?;
    crash_point("recovery_published");
    let concluded =
        if intents.is_empty() { Vec::new() } else { conclude(book, intents, &conflicts)? };
    // What has an intent is published by now: the rest was never promised.
    for draft in files.drafts()? {
        files.discard(&draft)?;
    }
    let working = book.working()?;
    match (stop, working.as_slice()) {
        (_, []) => {}
        (Stop::Pause, _) => book.release()?,
        (Stop::Unclean, [alone]) => book.suspect(Some(&alone.job.id))?,
        (Stop::Unclean, _) => book.suspect(None)?,
    }
    crash_point("recovered");
    let conflicts = book.conflicts()?;
    let (exhausted, suspects) =
        book.suspects()?.into_iter().partition(|suspect| suspect.charges >= MAX_CHARGES);
    Ok(Recovered { concluded, conflicts, suspects, exhausted })
}
