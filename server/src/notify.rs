//! What the service manager is told: that Vigie is ready, that it goes on, that it stops.
//!
//! A datagram a message to the socket that `NOTIFY_SOCKET` names; without it, nothing.
//! Source: sd_notify(3), sd_watchdog_enabled(3).

use std::env;
use std::io;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result};
use archive::Archive;
use collector::clock::Clock;
use model::slot::SlotTime;

use crate::http::STALE_SECONDS;
use crate::report::chain;

/// It is told this often within the time after which the manager takes the program for stuck. Source: sd_watchdog_enabled(3)
/// says twice; once of them may be lost.
const TOLD_WITHIN: u32 = 3;

/// The service manager, if there is one.
#[derive(Clone, Debug, Default)]
pub struct Manager {
    socket: Option<Arc<UnixDatagram>>,
    /// After so long without a word it ends the program.
    patience: Option<Duration>,
}

impl Manager {
    /// The one that the environment names. Errors: it names a socket that cannot be used.
    pub fn from_env() -> Result<Manager> {
        let Some(name) = env::var_os("NOTIFY_SOCKET").filter(|name| !name.is_empty()) else {
            return Ok(Manager::default());
        };
        let name = name.to_str().context("NOTIFY_SOCKET is no text")?;
        let variable = |name| env::var(name).ok()?.parse::<u64>().ok();
        // The time may be meant for the program that started this one.
        let is_ours = variable("WATCHDOG_PID").is_none_or(|pid| pid == u64::from(std::process::id()));
        let patience = variable("WATCHDOG_USEC").filter(|us| *us > 0 && is_ours).map(Duration::from_micros);
        Manager::at(name, patience).with_context(|| format!("cannot tell the service manager anything at {name}"))
    }

    /// The one that listens at a path, or at a name behind `@`; it wants to hear within `patience`.
    pub fn at(name: &str, patience: Option<Duration>) -> io::Result<Manager> {
        let address = match name.strip_prefix('@') {
            Some(name) => in_no_folder(name)?,
            None => SocketAddr::from_pathname(name)?,
        };
        let socket = UnixDatagram::unbound()?;
        socket.connect_addr(&address)?;
        // A manager that does not listen keeps nobody waiting.
        socket.set_nonblocking(true)?;
        Ok(Manager { socket: Some(Arc::new(socket)), patience })
    }

    /// Everything is in place.
    pub fn ready(&self) {
        self.tell("READY=1");
    }

    /// What was begun is being ended.
    pub fn stopping(&self) {
        self.tell("STOPPING=1");
    }

    fn tell(&self, what: &str) {
        if let Some(socket) = &self.socket
            && let Err(error) = socket.send(what.as_bytes())
        {
            tracing::warn!(%error, "the service manager was not told {what}");
        }
    }

    /// Tells that Vigie goes on for as long as it does, which the last sweep shows where there are any; for ever.
    pub async fn watch(self, sweeps: Option<Pulse>) {
        let Some(patience) = self.patience else { return };
        let mut told = false;
        loop {
            match &sweeps {
                Some(pulse) if !pulse.goes_on().await => {
                    if !told {
                        let age = pulse.age();
                        tracing::error!(age_seconds = age, "no sweep for {age} s: the service manager is told no more");
                        self.tell(&format!("STATUS=no sweep for {age} s"));
                    }
                    told = true;
                }
                _ => {
                    if told {
                        self.tell("STATUS=sweeps go on");
                    }
                    told = false;
                    self.tell("WATCHDOG=1");
                }
            }
            tokio::time::sleep(patience / TOLD_WITHIN).await;
        }
    }
}

/// A socket that has a name and no place in a folder.
#[cfg(target_os = "linux")]
fn in_no_folder(name: &str) -> io::Result<SocketAddr> {
    <SocketAddr as std::os::linux::net::SocketAddrExt>::from_abstract_name(name)
}

/// Other systems have none, and no such manager.
#[cfg(not(target_os = "linux"))]
fn in_no_folder(_: &str) -> io::Result<SocketAddr> {
    Err(io::ErrorKind::Unsupported.into())
}

/// The last sweep of a collector. Clones are the same one.
#[derive(Clone, Debug)]
pub struct Pulse {
    clock: Clock,
    archive: Archive,
    /// When it began, or the slot that was swept last: Unix time.
    last: Arc<AtomicI64>,
}

impl Pulse {
    /// Of a collector that begins now, for an archive.
    pub fn new(clock: Clock, archive: Archive) -> Pulse {
        Pulse { clock, archive, last: Arc::new(AtomicI64::new(clock.now())) }
    }

    /// A slot was swept.
    pub fn beat(&self, at: SlotTime) {
        self.last.fetch_max(at.unix(), Ordering::Relaxed);
    }

    /// Seconds since the last sweep.
    pub fn age(&self) -> i64 {
        self.clock.now() - self.last.load(Ordering::Relaxed)
    }

    /// Whether there was a sweep lately: of this collector, or of another one that was faster with every slot.
    async fn goes_on(&self) -> bool {
        if self.age() > STALE_SECONDS {
            match self.latest().await {
                Ok(Some(at)) => self.beat(at),
                Ok(None) => {}
                Err(error) => tracing::debug!(error = %chain(&*error), "nobody knows whether others sweep"),
            }
        }
        self.age() <= STALE_SECONDS
    }

    /// The last sweep of the archive's last day.
    async fn latest(&self) -> Result<Option<SlotTime>> {
        let Some(day) = self.archive.days().await?.pop() else { return Ok(None) };
        Ok(self.archive.sweeps(day).await?.pop().map(|slot| SlotTime::new(day, slot)))
    }
}
