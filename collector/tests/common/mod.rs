//! A simulated Twitch on a loopback port, an archive in a temporary folder, and a collector between them.

#![allow(dead_code)] // Each test file uses a part of it.

pub(crate) mod hooked;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use archive::Archive;
use collector::Collector;
pub(crate) use collector::Plan;
use collector::chatters::tmi::Tmi;
use collector::chatters::{Chatters, Source};
use collector::clock::Clock;
use collector::door::Door;
use collector::error::SweepError;
use collector::helix::{Helix, HelixConfig};
use collector::tracked::TrackedList;
use model::login::Login;
use model::slot::SlotTime;
use model::sweep::SweepSummary;
use model::words::Origin;
use simulator::server::{Settings, SimulatedTwitch};
use simulator::twitch::Twitch;
use simulator::world::{Population, World};
use tokio::time::Instant;

pub(crate) const SEED: u64 = 21;

pub(crate) fn world() -> Arc<World> {
    Arc::new(World::new(SEED, Population { viewers: 400, channels: 60 }).unwrap())
}

pub(crate) fn login(text: &str) -> Login {
    text.parse().unwrap()
}

pub(crate) fn plan(top: usize) -> Plan {
    Plan { top, language: Some("fr".to_owned()), tracked: TrackedList::default() }
}

pub(crate) fn tracked(logins: &[&str]) -> TrackedList {
    TrackedList::new(logins.iter().map(|text| login(text)).collect(), None).unwrap()
}

/// Longer than any test asks.
pub(crate) fn soon() -> Instant {
    Instant::now() + Duration::from_secs(30)
}

/// Clients of a server at this address.
pub(crate) fn clients(base: &str) -> (Helix, Chatters) {
    let http = collector::http::client().unwrap();
    let config = HelixConfig {
        base: format!("{base}/helix"),
        oauth: format!("{base}/oauth2"),
        client_id: "test".to_owned(),
        client_secret: "secret".to_owned(),
    };
    (Helix::new(http.clone(), config), Source::Tmi(Tmi::new(http, base)).into())
}

/// All of it.
pub(crate) struct Stage {
    pub(crate) twitch: SimulatedTwitch,
    pub(crate) archive: Archive,
    /// Virtual Unix time in seconds, set by hand.
    now: Arc<AtomicI64>,
    folder: tempfile::TempDir,
}

impl Stage {
    /// The archive's.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) async fn new(twitch: Twitch, settings: Settings) -> Stage {
        let folder = tempfile::tempdir().unwrap();
        let archive = Archive::create(folder.path().to_str().unwrap(), Origin::Simulated).await.unwrap();
        let now = Arc::new(AtomicI64::new(0));
        let clock = Arc::clone(&now);
        let twitch = SimulatedTwitch::with(twitch, settings, move || clock.load(Ordering::Relaxed), 0).await.unwrap();
        Stage { twitch, archive, now, folder }
    }

    pub(crate) fn set(&self, unix: i64) {
        self.now.store(unix, Ordering::Relaxed);
    }

    pub(crate) async fn collector(&self, plan: Plan, at: SlotTime) -> Collector {
        self.collector_behind(Door::default(), plan, at).await
    }

    pub(crate) async fn collector_of(&self, chatters: Chatters, plan: Plan, at: SlotTime) -> Collector {
        let (helix, _) = clients(self.twitch.base());
        Collector::resume(helix, chatters, plan, Door::default(), self.archive.clone(), at).await.unwrap()
    }

    pub(crate) async fn collector_behind(&self, door: Door, plan: Plan, at: SlotTime) -> Collector {
        let (helix, chatters) = clients(self.twitch.base());
        Collector::resume(helix, chatters, plan, door, self.archive.clone(), at).await.unwrap()
    }

    /// Sweeps a slot two seconds after its start.
    pub(crate) async fn sweep(&self, collector: &mut Collector, at: SlotTime) -> Result<SweepSummary, SweepError> {
        self.set(at.unix() + 2);
        let clock = Clock::virtual_from((at.unix() + 2) * 1_000, 0.0);
        collector.sweep(at, &clock, Instant::now() + Duration::from_secs(30)).await
    }
}
