//! The event loop: a closed set of events in, decisions of [`State`] out.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::mpsc;

use super::captures::take_again;
use super::control::{self, Reply};
use super::counters::Counters;
use super::events::{Event, Signal, asks, listen, listen_to_signals};
use super::reload::Reread;
use super::state::{Next, Phase, State};
use super::systemd::Systemd;
use super::work::{self, Snapshot};
use crate::config::Config;
use crate::inbox::known::Known;
use crate::inbox::take;
use crate::inbox::thread::{self as inbox, Inbox};
use crate::inbox::watch::Cause;
use crate::profile::set::ProfileSet;
use crate::spool::book::Unfinished;
use crate::spool::error::{Pause, SpoolError};
use crate::spool::layout::Layout;
use crate::spool::protocol::Stop;
use crate::spool::writer::{self, Order, Writer};

/// Events that wait for the loop.
const EVENTS: usize = 4096;

/// Time between two looks at what only time changes.
const TICK: Duration = Duration::from_millis(250);

/// Time between two tries to end a pause.
const RETRY: Duration = Duration::from_secs(1);

/// Time between two goes at what is long done with: 500 jobs a go are 720,000 a day.
const TIDY: Duration = Duration::from_mins(1);

/// Pauses by other failures of the disk, in a row, after which the service gives up.
const MAX_FAILURES: u32 = 3;

/// Why the service ended.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// The spool.
    #[error(transparent)]
    Spool(#[from] SpoolError),
    /// The system: a thread, a signal, a socket.
    #[error("the service cannot start: {0}")]
    Start(#[from] std::io::Error),
    /// The inbox is no folder.
    #[error("the inbox `{}` is no folder that can be read", .0.display())]
    NoInbox(std::path::PathBuf),
}

/// A service that hears signals and holds its spool, and does nothing yet.
pub struct Prepared {
    runtime: tokio::runtime::Runtime,
    layout: Layout,
    sender: mpsc::Sender<Event>,
    events: mpsc::Receiver<Event>,
}

/// Takes the lock of the spool, and hears signals from here on: one that comes while profiles are
/// read ends the service as it should.
///
/// # Errors
/// Another instance, no inbox, or a failing disk.
pub fn prepare(config: &Config) -> Result<Prepared, ServiceError> {
    if !config.inbox.is_dir() {
        return Err(ServiceError::NoInbox(config.inbox.clone()));
    }
    let layout = Layout::lock(&config.spool)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(threads(config) + 2)
        .build()?;
    let (sender, events) = mpsc::channel(EVENTS);
    let entered = runtime.enter();
    listen_to_signals(&sender)?;
    drop(entered);
    Ok(Prepared { runtime, layout, sender, events })
}

impl Prepared {
    /// Runs the service until it is told to stop.
    ///
    /// # Errors
    /// A damaged ledger, a failing disk, or a system without threads.
    pub fn run(self, config: Config, set: ProfileSet, reread: Reread) -> Result<(), ServiceError> {
        let Self { runtime, layout, sender, events } = self;
        let ended = runtime.block_on(async {
            Service::start(config, set, reread, layout, (sender, events))?.run().await
        });
        // A capture that hangs must not hold up the end.
        runtime.shutdown_background();
        ended
    }
}

fn threads(config: &Config) -> usize {
    if config.jobs > 0 {
        return config.jobs;
    }
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

pub(super) struct Service {
    pub(super) config: Arc<Config>,
    pub(super) snapshot: Arc<Snapshot>,
    pub(super) arrival: Arc<crate::inbox::arrival::Arrival>,
    pub(super) known: Arc<Known>,
    pub(super) inbox: Inbox,
    pub(super) writer: Writer,
    pub(super) state: State,
    pub(super) sender: mpsc::Sender<Event>,
    events: mpsc::Receiver<Event>,
    /// How the spool is opened next.
    stop: Stop,
    opening: bool,
    retry_at: Instant,
    failures: u32,
    tidy_at: Instant,
    /// Captures that were in flight at an unclean stop and are not where they were.
    pub(super) lost: Vec<Unfinished>,
    pub(super) scanned_at: Option<Instant>,
    drain_until: Option<Instant>,
    ended: Option<Result<(), ServiceError>>,
    /// Whether the control socket is there: on a full or read-only spool it cannot be made.
    controlled: bool,
    pub(super) started: Instant,
    pub(super) counters: Counters,
    pub(super) report: Option<inbox::Report>,
    pub(super) systemd: Systemd,
    /// When something was finished last.
    progress: Instant,
    pub(super) reread: Reread,
    /// Who waits for the reload that runs, if one does.
    pub(super) reloading: Option<Vec<Reply>>,
    pub(super) reload_again: bool,
    /// What was wrong with the last reload.
    pub(super) reload_failed: Option<String>,
}

impl Service {
    fn start(
        config: Config,
        set: ProfileSet,
        reread: Reread,
        layout: Layout,
        (sender, events): (mpsc::Sender<Event>, mpsc::Receiver<Event>),
    ) -> Result<Self, ServiceError> {
        let known = Arc::new(Known::default());
        let arrival = work::arrival(&config);
        let to_loop = sender.clone();
        // The loop may have ended: then nobody is left to tell.
        let tell = move |told| to_loop.blocking_send(Event::Inbox(told)).unwrap_or_default();
        let inbox = Inbox::start(config.inbox.clone(), arrival.clone(), Arc::clone(&known), tell)?;
        let to_loop = sender.clone();
        let tell = move |told| to_loop.blocking_send(Event::Writer(told)).unwrap_or_default();
        let writer = Writer::start(layout, work::rules(&config), tell)?;
        let snapshot = Arc::new(Snapshot::new(&config, Arc::new(set)));
        listen(&config, &sender)?;
        Ok(Self {
            state: State::new(threads(&config), config.queue_bytes),
            config: Arc::new(config),
            snapshot,
            arrival: Arc::new(arrival),
            known,
            inbox,
            writer,
            sender,
            events,
            stop: Stop::Unclean,
            opening: false,
            retry_at: Instant::now(),
            failures: 0,
            tidy_at: Instant::now() + TIDY,
            lost: Vec::new(),
            scanned_at: None,
            drain_until: None,
            ended: None,
            controlled: false,
            started: Instant::now(),
            counters: Counters::default(),
            report: None,
            systemd: Systemd::new(),
            progress: Instant::now(),
            reread,
            reloading: None,
            reload_again: false,
            reload_failed: None,
        })
    }

    async fn run(mut self) -> Result<(), ServiceError> {
        tracing::info!(
            inbox = %self.config.inbox.display(),
            spool = %self.config.spool.display(),
            "Service starts."
        );
        let mut tick = tokio::time::interval(TICK);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let ended = loop {
            tokio::select! {
                event = self.events.recv() => match event {
                    Some(event) => self.heed(event),
                    // This holds a sender itself.
                    None => break Ok(()),
                },
                _ = tick.tick() => self.tick(Instant::now()),
            }
            while let Ok(event) = self.events.try_recv() {
                self.heed(event);
            }
            while let Some(next) = self.state.decide() {
                self.act(next);
            }
            if let Some(ended) = self.ended.take() {
                break ended;
            }
        };
        // Threads that wait to be heard must not wait for ever.
        drop(self.events);
        self.systemd.stopping();
        self.inbox.stop();
        self.writer.join();
        tracing::info!("Service has ended.");
        ended
    }

    fn heed(&mut self, event: Event) {
        if matches!(event, Event::Taken { .. } | Event::Cleaned { .. } | Event::Writer(_)) {
            self.progress = Instant::now();
        }
        match event {
            Event::Inbox(inbox::Told::Ready(candidate)) => self.state.ready(candidate),
            Event::Inbox(inbox::Told::Scanned(report)) => self.scanned(&report),
            Event::Taken { epoch, path, taken } => {
                self.state.thread_ended();
                if epoch == self.state.epoch {
                    self.taken(&path, taken);
                }
            }
            Event::TakenAlone { epoch, suspect, taken } => {
                self.state.thread_ended();
                if epoch == self.state.epoch {
                    self.taken_alone(suspect, taken);
                }
            }
            Event::Cleaned { epoch, finished } => {
                self.state.thread_ended();
                if epoch == self.state.epoch {
                    self.state.finished(*finished);
                }
            }
            Event::Writer(told) => self.told(told),
            Event::Signal(Signal::Rescan) => self.inbox.rescan(Cause::Asked),
            Event::Signal(Signal::Reload) => self.reload(None),
            Event::Asked(request, reply) => self.asked(request, reply),
            Event::Reread(result) => self.reread(*result),
            Event::Signal(Signal::Stop) => self.stop(),
        }
    }

    fn stop(&mut self) {
        let grace = match self.drain_until {
            // Asked twice: now.
            Some(_) => Duration::ZERO,
            None => self.config.grace,
        };
        self.systemd.stopping();
        tracing::info!(?grace, "Service stops: nothing new is begun.");
        self.drain_until = Some(Instant::now() + grace);
        self.state.drain();
    }

    fn tick(&mut self, now: Instant) {
        if !self.controlled {
            let served = control::serve(&self.config.spool, asks(&self.sender));
            self.controlled = served.is_ok();
            if let Err(error) = served {
                tracing::debug!(%error, "The control socket cannot be made yet.");
            }
        }
        let waits = self.state.phase == Phase::Starting || self.state.paused.is_some();
        if waits && !self.opening && now >= self.retry_at && self.state.phase != Phase::Closing {
            self.opening = self.writer.order(Order::Open(self.stop)).is_ok();
        }
        if self.drain_until.is_some_and(|until| until <= now) && self.state.phase != Phase::Closing
        {
            let next = self.state.close();
            self.act(next);
        }
        self.give_up_lost(now);
        if now >= self.tidy_at && self.state.phase == Phase::Running {
            self.tidy_at = now + TIDY;
            // Refused where too many orders wait: next time, then.
            drop(self.writer.order(Order::Tidy));
        }
        // A capture that hangs ends the service after the watchdog's time: it is charged then.
        let stuck = !self.state.is_idle() && now > self.progress + self.systemd.patience();
        self.systemd.ping(!stuck || self.state.paused.is_some(), now);
    }

    fn scanned(&mut self, report: &inbox::Report) {
        self.scanned_at.get_or_insert_with(Instant::now);
        *self.counters.scans.entry(report.cause.as_str()).or_default() += 1;
        self.report = Some(report.clone());
        self.systemd.ready();
        tracing::debug!(?report, "Inbox was scanned.");
    }

    fn told(&mut self, told: writer::Told) {
        match told {
            writer::Told::Opened { recovered, settled } => {
                self.opening = false;
                self.known.add(settled);
                if self.stop == Stop::Unclean {
                    // Recovery goes before intake.
                    self.inbox.rescan(Cause::Start);
                }
                self.stop = Stop::Pause;
                tracing::info!(
                    concluded = recovered.concluded.len(),
                    alone = recovered.suspects.len(),
                    given_up = recovered.exhausted.len(),
                    "Spool is open."
                );
                self.state.opened(recovered.suspects);
            }
            writer::Told::Turned { settled, verdicts } => {
                self.state.turned();
                self.failures = 0;
                for one in settled {
                    self.settled(&one);
                }
                for (claim, verdict) in verdicts {
                    self.judged(&claim, verdict);
                }
            }
            writer::Told::Paused(pause, error) => self.pause(pause, error),
            writer::Told::Fatal(error) => self.ended = Some(Err(error.into())),
            writer::Told::Closed => {
                self.ended.get_or_insert(Ok(()));
            }
        }
    }

    fn pause(&mut self, pause: Pause, error: SpoolError) {
        self.opening = false;
        self.retry_at = Instant::now() + RETRY;
        if self.state.paused != Some(pause) {
            tracing::error!(reason = pause.as_str(), %error, "Service pauses, and tries again.");
        }
        if pause == Pause::Io {
            self.failures += 1;
            if self.failures >= MAX_FAILURES {
                self.ended = Some(Err(error.into()));
            }
        }
        self.systemd.status(&format!("paused: {}", pause.as_str()));
        // A full disk at the start is no reason to be started again and again.
        self.systemd.ready();
        if self.state.paused != Some(pause) {
            *self.counters.pauses.entry(pause.as_str()).or_default() += 1;
        }
        self.state.pause(pause);
        self.inbox.order(inbox::Order::PutAllBack);
    }

    fn act(&mut self, next: Next) {
        let epoch = self.state.epoch;
        let (root, rules) = (self.config.inbox.clone(), Arc::clone(&self.arrival));
        match next {
            Next::Read(candidate) => self.spawn(move || {
                let taken = take::take(&root, &candidate, &rules);
                Event::Taken { epoch, path: candidate.path, taken }
            }),
            Next::ReadAlone(suspect) => self.spawn(move || {
                let taken = take_again(&root, &suspect.path, &rules);
                Event::TakenAlone { epoch, suspect, taken }
            }),
            Next::Clean(job, read) => {
                let snapshot = Arc::clone(&self.snapshot);
                self.spawn(move || {
                    let finished = Box::new(work::work(job, *read, &snapshot));
                    Event::Cleaned { epoch, finished }
                });
            }
            Next::Turn(finished, claims) => self.order(Order::Turn { finished, claims }),
            Next::Close => self.order(Order::Close),
        }
    }

    pub(super) fn order(&mut self, order: Order) {
        if self.writer.order(order).is_err() {
            // Questions are refused before they fill the line, so the thread has died.
            let gone = std::io::Error::other("the writer of the spool is gone");
            self.ended = Some(Err(ServiceError::Start(gone)));
        }
    }

    pub(super) fn spawn(&self, work: impl FnOnce() -> Event + Send + 'static) {
        let sender = self.sender.clone();
        // Its end is told as an event.
        drop(tokio::task::spawn_blocking(move || {
            sender.blocking_send(work()).unwrap_or_default();
        }));
    }
}
