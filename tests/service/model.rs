//! T25: the real protocol and the real recovery on a model of disk and ledger that forgets.
//!
//! A kill keeps all that was written; a power cut keeps any part of what was not synced. Stops come
//! before any single operation, also those of recovery. A consumer takes results as soon as they
//! are visible, in a power cut as soon as they are durable: a name that vanishes with the power may
//! come back, which `spool` says it may.

use std::collections::{BTreeMap, BTreeSet};

use copydesk::model::id;
use copydesk::model::job::{CapturePath, Job, JobId};
use copydesk::spool::book::{Book, Intent, Unfinished};
use copydesk::spool::error::SpoolError;
use copydesk::spool::files::{Draft, Files, Place, Published};
use copydesk::spool::protocol::{self, Delivery, Stop};
use proptest::prelude::*;

use super::rig::{Dice, say, slow};

/// A safety that is taken away, to see that the model notices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Without {
    Nothing,
    Intent,
    FileSync,
    FolderSync,
    NoReplace,
    AttemptFirst,
}

/// Bytes of a file, and whether they are durable.
#[derive(Debug, Clone)]
struct File {
    bytes: Vec<u8>,
    durable: bool,
}

/// The disk: folders as they are seen, and moves that are not durable yet.
#[derive(Debug, Clone, Default)]
struct Disk {
    tmp: BTreeMap<String, File>,
    /// Names in `tmp/` that are durable.
    durable_names: BTreeSet<String>,
    places: BTreeMap<String, File>,
    /// Moves that are not durable: name in `tmp/`, name in its place.
    moves: Vec<(String, String)>,
}

#[derive(Debug, Clone)]
struct Row {
    job: Job,
    state: &'static str,
    charges: u32,
    intent: Option<Intent>,
}

/// Disk and ledger, and when the next stop comes.
struct World {
    disk: Disk,
    rows: BTreeMap<JobId, Row>,
    /// Written and not yet durable.
    open_rows: BTreeMap<JobId, Row>,
    without: Without,
    /// Operations until the stop.
    left: Option<u32>,
    /// How often each result was seen by the consumer.
    taken: BTreeMap<String, u32>,
    torn: bool,
}

fn stopped() -> SpoolError {
    SpoolError::std("go on with", "model")(std::io::Error::other("stopped"))
}

impl World {
    fn new(without: Without) -> Self {
        Self {
            disk: Disk::default(),
            rows: BTreeMap::new(),
            open_rows: BTreeMap::new(),
            without,
            left: None,
            taken: BTreeMap::new(),
            torn: false,
        }
    }

    fn operation(&mut self) -> Result<(), SpoolError> {
        match &mut self.left {
            Some(0) => Err(stopped()),
            Some(left) => {
                *left -= 1;
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn commit(&mut self) {
        self.rows.append(&mut self.open_rows);
    }

    fn row(&self, job: &JobId) -> Option<Row> {
        self.open_rows.get(job).or_else(|| self.rows.get(job)).cloned()
    }

    fn set(&mut self, job: &JobId, change: impl Fn(&mut Row)) {
        if let Some(mut row) = self.row(job) {
            change(&mut row);
            self.open_rows.insert(job.clone(), row);
        }
    }

    fn of(&self, state: &str) -> Vec<Row> {
        self.rows.values().filter(|row| row.state == state).cloned().collect()
    }

    /// Step 1: attempts are durable before the attempt.
    fn begin(&mut self, jobs: &[Job]) -> Result<(), SpoolError> {
        self.operation()?;
        for job in jobs {
            let row = self.row(&job.id).unwrap_or(Row {
                job: job.clone(),
                state: "working",
                charges: 0,
                intent: None,
            });
            self.open_rows.insert(job.id.clone(), Row { state: "working", ..row });
        }
        if self.without != Without::AttemptFirst {
            self.commit();
        }
        Ok(())
    }

    /// A consumer looks at what is there, and takes it.
    fn consume(&mut self, only_durable: bool) {
        let moving: BTreeSet<String> =
            self.disk.moves.iter().map(|(_, name)| name.clone()).collect();
        let names: Vec<String> = self.disk.places.keys().cloned().collect();
        for name in names {
            if only_durable && moving.contains(&name) {
                continue;
            }
            let Some(file) = self.disk.places.remove(&name) else { continue };
            self.disk.moves.retain(|(_, moved)| *moved != name);
            self.torn |= file.bytes.is_empty();
            *self.taken.entry(name).or_default() += 1;
        }
    }

    /// A kill keeps everything; a power cut any part of what was not synced.
    fn stop(&mut self, power: bool, dice: &mut Dice) {
        self.left = None;
        self.open_rows.clear();
        if !power {
            let names = self.disk.tmp.keys().cloned().collect();
            self.disk.durable_names = names;
            self.disk.moves.clear();
            for file in self.disk.tmp.values_mut().chain(self.disk.places.values_mut()) {
                file.durable = true;
            }
            return;
        }
        for (draft, name) in std::mem::take(&mut self.disk.moves) {
            if dice.roll(2) == 0
                && let Some(file) = self.disk.places.remove(&name)
            {
                // Its name in `tmp/` was durable before the move, if it ever was.
                self.disk.tmp.insert(draft, file);
            }
        }
        let durable = &self.disk.durable_names;
        self.disk.tmp.retain(|name, _| durable.contains(name) || dice.roll(2) == 0);
        for file in self.disk.tmp.values_mut().chain(self.disk.places.values_mut()) {
            if !file.durable && dice.roll(2) == 0 {
                file.bytes.clear();
            }
            file.durable = true;
        }
        self.disk.durable_names = self.disk.tmp.keys().cloned().collect();
    }
}

impl Files for World {
    fn stage(&mut self, draft: &Draft) -> Result<(), SpoolError> {
        self.operation()?;
        let file = File { bytes: draft.bytes.clone(), durable: false };
        self.disk.tmp.insert(draft.place.draft(&draft.job), file);
        Ok(())
    }

    fn sync_drafts(&mut self) -> Result<(), SpoolError> {
        self.operation()?;
        if self.without != Without::FileSync {
            for file in self.disk.tmp.values_mut() {
                file.durable = true;
            }
        }
        self.disk.durable_names = self.disk.tmp.keys().cloned().collect();
        Ok(())
    }

    fn publish(&mut self, job: &Job, place: Place) -> Result<Published, SpoolError> {
        self.operation()?;
        let (draft, name) = (place.draft(job), place.name(job));
        if !self.disk.tmp.contains_key(&draft) {
            return Ok(Published::Before);
        }
        if self.disk.places.contains_key(&name) && self.without != Without::NoReplace {
            return Ok(Published::Occupied);
        }
        if let Some(file) = self.disk.tmp.remove(&draft) {
            if self.disk.places.insert(name.clone(), file).is_some() {
                // Somebody saw the one that is gone now.
                *self.taken.entry(name.clone()).or_default() += 1;
            }
            self.disk.moves.push((draft, name));
        }
        Ok(Published::Now)
    }

    fn sync_places(&mut self) -> Result<(), SpoolError> {
        self.operation()?;
        if self.without != Without::FolderSync {
            self.disk.moves.clear();
            self.disk.durable_names = self.disk.tmp.keys().cloned().collect();
        }
        Ok(())
    }

    fn digest(&mut self, job: &Job, place: Place) -> Result<Option<[u8; 32]>, SpoolError> {
        self.operation()?;
        Ok(self.disk.places.get(&place.name(job)).map(|file| id::sha256(&file.bytes)))
    }

    fn drafts(&mut self) -> Result<Vec<String>, SpoolError> {
        self.operation()?;
        Ok(self.disk.tmp.keys().cloned().collect())
    }

    fn discard(&mut self, draft: &str) -> Result<(), SpoolError> {
        self.operation()?;
        self.disk.tmp.remove(draft);
        Ok(())
    }
}

impl Book for World {
    fn intend(&mut self, intents: &[Intent]) -> Result<(), SpoolError> {
        self.operation()?;
        for intent in intents {
            self.set(&intent.job.id, |row| {
                row.state = "intent";
                row.intent = Some(intent.clone());
            });
        }
        if self.without != Without::Intent {
            self.commit();
        }
        Ok(())
    }

    fn intents(&mut self) -> Result<Vec<Intent>, SpoolError> {
        self.operation()?;
        Ok(self.of("intent").into_iter().filter_map(|row| row.intent).collect())
    }

    fn conclude(&mut self, intents: &[Intent]) -> Result<(), SpoolError> {
        self.operation()?;
        for intent in intents {
            let state = match intent.place {
                Place::New => "committed",
                Place::Quarantine => "quarantined",
            };
            self.set(&intent.job.id, |row| row.state = state);
        }
        self.commit();
        Ok(())
    }

    fn retract(&mut self, job: &JobId) -> Result<(), SpoolError> {
        self.operation()?;
        self.set(job, |row| row.state = "conflict");
        self.commit();
        Ok(())
    }

    fn conflicts(&mut self) -> Result<Vec<Job>, SpoolError> {
        self.operation()?;
        Ok(self.of("conflict").into_iter().map(|row| row.job).collect())
    }

    fn working(&mut self) -> Result<Vec<Unfinished>, SpoolError> {
        self.operation()?;
        Ok(self.of("working").iter().map(unfinished).collect())
    }

    fn suspect(&mut self, charged: Option<&JobId>) -> Result<(), SpoolError> {
        self.operation()?;
        for row in self.of("working") {
            let more = u32::from(charged == Some(&row.job.id));
            self.set(&row.job.id, |row| {
                row.state = "suspect";
                row.charges += more;
            });
        }
        self.commit();
        Ok(())
    }

    fn release(&mut self) -> Result<(), SpoolError> {
        self.operation()?;
        for row in self.of("working") {
            self.set(&row.job.id, |row| row.state = "waiting");
        }
        self.commit();
        Ok(())
    }

    fn suspects(&mut self) -> Result<Vec<Unfinished>, SpoolError> {
        self.operation()?;
        let mut found: Vec<Unfinished> = self.of("suspect").iter().map(unfinished).collect();
        found.sort_by_key(|suspect| suspect.charges);
        Ok(found)
    }
}

fn unfinished(row: &Row) -> Unfinished {
    let path = CapturePath(row.job.id.as_str().into());
    Unfinished { job: row.job.clone(), path, charges: row.charges }
}

fn job(number: usize) -> Job {
    let path = CapturePath(number.to_string().into_bytes());
    Job { id: JobId::of(&path, &[0; 32]), revision: 1 }
}

fn delivery(job: &Job, place: Place) -> Delivery {
    let bytes = format!("result of {}\n", job.id).into_bytes();
    let draft = Draft { job: job.clone(), place, bytes, capture: None };
    Delivery { draft, reason: (place == Place::Quarantine).then(|| "poison_crash".to_owned()) }
}

/// One life of the service: recovery, what must run alone, then the rest in groups. A capture that
/// is poison stops it whenever it is cleaned.
fn live(world: &mut World, jobs: usize, poison: Option<usize>) -> Result<(), SpoolError> {
    // Both roles are the world's; two names for it keep the borrows apart.
    let found = both(world, |files, book| protocol::recover(files, book, Stop::Unclean))?;
    let given_up: Vec<Delivery> =
        found.exhausted.iter().map(|one| delivery(&one.job, Place::Quarantine)).collect();
    both(world, |files, book| protocol::deliver(files, book, &given_up))?;
    let is_poison = |id: &JobId| poison.is_some_and(|number| job(number).id == *id);
    for suspect in &found.suspects {
        world.begin(std::slice::from_ref(&suspect.job))?;
        if is_poison(&suspect.job.id) {
            return Err(stopped());
        }
        let one = [delivery(&suspect.job, Place::New)];
        both(world, |files, book| protocol::deliver(files, book, &one))?;
    }
    let open = |world: &World, number: &usize| {
        world.rows.get(&job(*number).id).is_none_or(|row| row.state == "waiting")
    };
    let left: Vec<usize> = (0..jobs).filter(|number| open(world, number)).collect();
    for group in left.chunks(3) {
        let group: Vec<Job> = group.iter().map(|number| job(*number)).collect();
        world.begin(&group)?;
        if group.iter().any(|job| is_poison(&job.id)) {
            return Err(stopped());
        }
        let group: Vec<Delivery> = group.iter().map(|job| delivery(job, Place::New)).collect();
        both(world, |files, book| protocol::deliver(files, book, &group))?;
    }
    Ok(())
}

/// Hands the world out as disk and as ledger: two cells of one value.
fn both<R>(world: &mut World, run: impl FnOnce(&mut Shared<'_>, &mut Shared<'_>) -> R) -> R {
    let cell = std::cell::RefCell::new(world);
    run(&mut Shared(&cell), &mut Shared(&cell))
}

struct Shared<'w>(&'w std::cell::RefCell<&'w mut World>);

macro_rules! pass {
    ($name:ident ( $($argument:ident : $kind:ty),* ) -> $result:ty) => {
        fn $name(&mut self, $($argument: $kind),*) -> Result<$result, SpoolError> {
            self.0.borrow_mut().$name($($argument),*)
        }
    };
}

impl Files for Shared<'_> {
    pass!(stage(draft: &Draft) -> ());
    pass!(sync_drafts() -> ());
    pass!(publish(job: &Job, place: Place) -> Published);
    pass!(sync_places() -> ());
    pass!(digest(job: &Job, place: Place) -> Option<[u8; 32]>);
    pass!(drafts() -> Vec<String>);
    pass!(discard(draft: &str) -> ());
}

impl Book for Shared<'_> {
    pass!(intend(intents: &[Intent]) -> ());
    pass!(intents() -> Vec<Intent>);
    pass!(conclude(intents: &[Intent]) -> ());
    pass!(retract(job: &JobId) -> ());
    pass!(conflicts() -> Vec<Job>);
    pass!(working() -> Vec<Unfinished>);
    pass!(suspect(charged: Option<&JobId>) -> ());
    pass!(release() -> ());
    pass!(suspects() -> Vec<Unfinished>);
}

/// One life that ends before its time: after so many operations, by a kill or a power cut, with a
/// consumer at work or not.
#[derive(Debug, Clone)]
struct Life {
    operations: u32,
    power: bool,
    consume: bool,
    seed: u64,
}

/// Lives one after another, then one whole life; what is wrong at the end, if anything.
fn run(without: Without, jobs: usize, poison: Option<usize>, lives: &[Life]) -> Result<(), String> {
    let mut world = World::new(without);
    let power = lives.iter().any(|life| life.power);
    for life in lives {
        world.left = Some(life.operations);
        // Whether it was stopped, or got through all there is.
        let ended = live(&mut world, jobs, poison);
        if life.consume {
            world.consume(power);
        }
        drop(ended);
        world.stop(life.power, &mut Dice(life.seed));
    }
    let mut lives_left = 8;
    while live(&mut world, jobs, poison).is_err() {
        world.stop(false, &mut Dice(0));
        lives_left -= 1;
        if lives_left == 0 {
            return Err("it never gets through".to_owned());
        }
    }
    world.consume(false);
    if world.torn {
        return Err("a torn result".to_owned());
    }
    if !world.disk.tmp.is_empty() {
        return Err("drafts are left".to_owned());
    }
    for number in 0..jobs {
        let job = job(number);
        let count = |place: Place| world.taken.get(&place.name(&job)).copied().unwrap_or(0);
        let (new, given_up) = (count(Place::New), count(Place::Quarantine));
        if new + given_up != 1 {
            return Err(format!("job {number}: {new} results, {given_up} entries"));
        }
        let charges = world.rows.get(&job.id).map_or(0, |row| row.charges);
        if given_up > 0 && charges < protocol::MAX_CHARGES {
            return Err(format!("job {number} was given up after {charges} charges"));
        }
        if poison == Some(number) && new > 0 {
            return Err("poison was cleaned".to_owned());
        }
    }
    Ok(())
}

fn lives() -> impl Strategy<Value = Vec<Life>> {
    let life = (0..40_u32, any::<bool>(), any::<bool>(), any::<u64>())
        .prop_map(|(operations, power, consume, seed)| Life { operations, power, consume, seed });
    prop::collection::vec(life, 0..8)
}

fn cases() -> u32 {
    if slow() { 200_000 } else { 5_000 }
}

#[test]
fn t25_any_stops_leave_each_job_with_one_result() {
    let config =
        ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() };
    let mut runner = proptest::test_runner::TestRunner::new_with_rng(
        config,
        proptest::test_runner::TestRng::deterministic_rng(
            proptest::test_runner::RngAlgorithm::ChaCha,
        ),
    );
    let strategy = (1..8_usize, prop::option::of(0..8_usize), lives());
    runner
        .run(&strategy, |(jobs, poison, lives)| {
            run(Without::Nothing, jobs, poison.filter(|number| *number < jobs), &lives)
                .map_err(TestCaseError::fail)
        })
        .unwrap();
    say(&format!("T25: {} histories of stops on the model", cases()));
}

#[test]
fn t30_the_model_notices_each_safety_that_is_missing() {
    let safeties = [
        Without::Intent,
        Without::FileSync,
        Without::FolderSync,
        Without::NoReplace,
        Without::AttemptFirst,
    ];
    for without in safeties {
        let mut dice = Dice(1);
        let mut found = None;
        for case in 0..20_000 {
            let lives: Vec<Life> = (0..=dice.roll(6))
                .map(|_| Life {
                    operations: u32::try_from(dice.roll(40)).unwrap(),
                    power: dice.roll(2) == 0,
                    consume: dice.roll(2) == 0,
                    seed: dice.roll(1 << 30),
                })
                .collect();
            let poison = (dice.roll(3) == 0).then_some(0);
            if let Err(fault) = run(without, 1 + case % 6, poison, &lives) {
                found = Some((case, fault));
                break;
            }
        }
        match found {
            Some((case, fault)) => {
                say(&format!("T30 on the model: without {without:?}: {fault} (history {case})"));
            }
            // The protocol has the name checked twice: the ledger never publishes a name again.
            None if without == Without::NoReplace => {
                say("T30 on the model: without NoReplace: not noticed, the ledger comes before it");
            }
            None => panic!("without {without:?}: not noticed"),
        }
    }
}
