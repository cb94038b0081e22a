//! What systemd is told: ready, stopping, reloading, and that the loop still gets on.

use std::time::{Duration, Instant};

use sd_notify::NotifyState;

/// The way to systemd; silent where there is none.
#[derive(Debug)]
pub struct Systemd {
    ready: bool,
    /// Half of the time after which systemd ends a service that is silent.
    period: Option<Duration>,
    pinged: Instant,
}

impl Systemd {
    /// Reads what systemd expects.
    pub fn new() -> Self {
        let period = sd_notify::watchdog_enabled().map(|most| most / 2);
        Self { ready: false, period, pinged: Instant::now() }
    }

    /// The service works.
    pub fn ready(&mut self) {
        if !self.ready {
            self.ready = true;
            tell(&[NotifyState::Ready]);
        }
    }

    /// The service ends.
    pub fn stopping(&self) {
        tell(&[NotifyState::Stopping]);
    }

    /// Configuration is being read again.
    pub fn reloading(&self) {
        match NotifyState::monotonic_usec_now() {
            Ok(now) => tell(&[NotifyState::Reloading, now]),
            Err(_) => tell(&[NotifyState::Reloading]),
        }
    }

    /// Configuration was read again, or was refused.
    pub fn reloaded(&self) {
        tell(&[NotifyState::Ready]);
    }

    /// A line for `systemctl status`.
    pub fn status(&self, line: &str) {
        tell(&[NotifyState::Status(line)]);
    }

    /// Says that the service gets on, if it does and it is time. The loop calls this, and only the
    /// loop: a thread of its own would go on saying so when nothing else does.
    pub fn ping(&mut self, gets_on: bool, now: Instant) {
        if let Some(period) = self.period
            && gets_on
            && now.saturating_duration_since(self.pinged) >= period / 2
        {
            self.pinged = now;
            tell(&[NotifyState::Watchdog]);
        }
    }

    /// Longest time that one capture may take before the service counts as stuck.
    pub fn patience(&self) -> Duration {
        self.period.unwrap_or(Duration::from_mins(1))
    }
}

impl Default for Systemd {
    fn default() -> Self {
        Self::new()
    }
}

fn tell(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        tracing::debug!(%error, "systemd was not told.");
    }
}
