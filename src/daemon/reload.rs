//! Reading configuration and profiles again, and noticing that profiles changed.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::config::Config;
use crate::inbox::watch::{Mailbox, Watch};
use crate::profile::set::ProfileSet;

/// Reads both again, whole; the text says what is wrong.
pub type Reread = Arc<dyn Fn() -> Result<(Config, ProfileSet), String> + Send + Sync>;

/// Time without change after which changed profiles are read: editors write more than once.
const QUIET: Duration = Duration::from_millis(500);

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

/// Watches folders of profiles on a thread, for as long as `changed` says that it is heard.
///
/// # Errors
/// No thread can be started.
pub fn watch(
    folders: Vec<PathBuf>,
    changed: impl Fn() -> bool + Send + 'static,
) -> std::io::Result<()> {
    std::thread::Builder::new().name("profiles".to_owned()).spawn(move || {
        let mailbox: Arc<Mailbox<()>> = Arc::new(Mailbox::default());
        let mut watch = Watch::new(&mailbox);
        loop {
            for folder in &folders {
                add(&mut watch, folder);
            }
            let mail = mailbox.wait(Instant::now() + LOOK);
            if mail.folders.is_empty() && mail.rescan.is_none() {
                continue;
            }
            loop {
                let more = mailbox.wait(Instant::now() + QUIET);
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

/// Watches a folder and those in it; one that is watched already stays so.
fn add(watch: &mut Watch, folder: &Path) {
    watch.add(folder);
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            watch.add(&entry.path());
        }
    }
}
