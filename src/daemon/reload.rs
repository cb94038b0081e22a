//! Reading configuration and profiles again, and noticing that profiles changed.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::config::Config;
use crate::inbox::watch::{Mailbox, Watch};
use crate::profile::set::ProfileSet;

/// Reads both again, whole; the text says what is wrong.
pub type Reread = Arc<dyn Fn() -> Result<(Config, ProfileSet), String> + Send + Sync>;

/// Time without change after which changed profiles are read: editors write more than once.
pub const QUIET: Duration = Duration::from_millis(500);

/// Time between two looks at whether folders came or went.
const LOOK: Duration = Duration::from_mins(1);

/// What a running service cannot change.
pub fn needs_restart(old: &Config, new: &Config) -> Option<&'static str> {
    let fixed = [
        ("inbox", old.inbox == new.inbox),
        ("spool", old.spool == new.spool),
        ("durability", old.durability == new.durability),
        ("clean.profiles", old.profiles == new.profiles),
        ("log", (old.log_level, old.log_format) == (new.log_level, new.log_format)),
        ("metrics", old.metrics == new.metrics),
    ];
    fixed.into_iter().find(|(_, same)| !same).map(|(key, _)| key)
}

/// Most folders that are watched below one.
const MOST_FOLDERS: usize = 1_000;

/// Watches folders of profiles on a thread, for as long as `changed` says that it is heard. They are
/// watched when this returns. `quiet` is how long nothing must have changed.
///
/// # Errors
/// No thread can be started.
pub fn watch(
    folders: Vec<PathBuf>,
    quiet: Duration,
    changed: impl Fn() -> bool + Send + 'static,
) -> std::io::Result<()> {
    let mailbox: Arc<Mailbox<()>> = Arc::new(Mailbox::default());
    let mut watch = Watch::new(&mailbox);
    add_all(&mut watch, &folders);
    std::thread::Builder::new().name("profiles".to_owned()).spawn(move || {
        loop {
            let mail = mailbox.wait(Instant::now() + LOOK);
            add_all(&mut watch, &folders);
            if mail.folders.is_empty() && mail.rescan.is_none() {
                continue;
            }
            loop {
                let more = mailbox.wait(Instant::now() + quiet);
                if more.folders.is_empty() && more.rescan.is_none() {
                    break;
                }
            }
            if !changed() {
                return;
            }
        }
    })?;
    Ok(())
}

/// Calls `changed` at once and whenever something in the folders changed, until the program is
/// interrupted (SIGINT).
///
/// # Errors
/// No thread can be started, no signal can be heard, or what `changed` gives.
pub fn until_interrupted(
    folders: Vec<PathBuf>,
    quiet: Duration,
    mut changed: impl FnMut() -> std::io::Result<()>,
) -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut interrupted = signal(SignalKind::interrupt())?;
        let (sender, mut events) = tokio::sync::mpsc::channel(1);
        watch(folders, quiet, move || sender.blocking_send(()).is_ok())?;
        changed()?;
        loop {
            tokio::select! {
                _ = interrupted.recv() => return Ok(()),
                _ = events.recv() => changed()?,
            }
        }
    })
}

/// Watches folders and those in them, at any depth; what is watched already stays so.
fn add_all(watch: &mut Watch, folders: &[PathBuf]) {
    let mut open = folders.to_vec();
    let mut count = 0;
    while let Some(folder) = open.pop() {
        watch.add(&folder);
        count += 1;
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries.flatten() {
            if count + open.len() < MOST_FOLDERS
                && entry.file_type().is_ok_and(|kind| kind.is_dir())
            {
                open.push(entry.path());
            }
        }
    }
}
