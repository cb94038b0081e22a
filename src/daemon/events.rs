//! Everything that the loop hears of, and the ways by which it hears from outside.

use tokio::sync::mpsc;

use super::control::{self, Reply, Request};
use super::reload;
use crate::config::Config;
use crate::config::profiles::own_folder;
use crate::inbox::take::Taken;
use crate::inbox::thread as inbox;
use crate::model::job::CapturePath;
use crate::profile::set::ProfileSet;
use crate::spool::book::Unfinished;
use crate::spool::turn::Finished;
use crate::spool::writer;

/// Everything that the loop hears of.
pub(super) enum Event {
    Inbox(inbox::Told),
    Writer(writer::Told),
    Taken { epoch: u64, path: CapturePath, taken: Taken },
    TakenAlone { epoch: u64, suspect: Unfinished, taken: Taken },
    Cleaned { epoch: u64, finished: Box<Finished> },
    Signal(Signal),
    Asked(Request, Reply),
    Reread(Box<Result<(Config, ProfileSet), String>>),
}

/// What is asked from outside, without an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Signal {
    Stop,
    Rescan,
    Reload,
}

/// What a socket does with a request.
pub(super) fn asks(sender: &mpsc::Sender<Event>) -> impl Fn(Request, Reply) + Send + Sync + use<> {
    let sender = sender.clone();
    move |request, reply| {
        // A loop that is behind by this much cannot answer; the reply is dropped, which says so.
        drop(sender.try_send(Event::Asked(request, reply)));
    }
}

/// Opens the ways by which the loop hears from outside, but signals and the control socket.
pub(super) fn listen(config: &Config, sender: &mpsc::Sender<Event>) -> std::io::Result<()> {
    if !config.metrics.is_empty() {
        control::serve_metrics(&config.metrics, asks(sender))?;
    }
    let mut folders = config.profiles.clone();
    folders.extend(own_folder().filter(|folder| folder.is_dir()));
    if folders.is_empty() {
        return Ok(());
    }
    let sender = sender.clone();
    let changed = move || sender.blocking_send(Event::Signal(Signal::Reload)).is_ok();
    reload::watch(folders, reload::QUIET, changed)
}

/// Hears signals from here on.
pub(super) fn listen_to_signals(sender: &mpsc::Sender<Event>) -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    // A lease that is broken raises it; its default would end the process.
    let mut ignored = signal(SignalKind::io())?;
    tokio::spawn(async move { while ignored.recv().await.is_some() {} });
    let kinds = [
        (SignalKind::terminate(), Signal::Stop),
        (SignalKind::interrupt(), Signal::Stop),
        (SignalKind::user_defined1(), Signal::Rescan),
        (SignalKind::hangup(), Signal::Reload),
    ];
    for (kind, what) in kinds {
        let mut stream = signal(kind)?;
        let sender = sender.clone();
        tokio::spawn(async move {
            while stream.recv().await.is_some() {
                if sender.send(Event::Signal(what)).await.is_err() {
                    break;
                }
            }
        });
    }
    Ok(())
}
