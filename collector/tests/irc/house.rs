//! A Twitch of invented people, a collector that listens to it, and what is judged of that.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use archive::Archive;
use collector::Collector;
use collector::chatters::Source;
use collector::clock::Clock;
use collector::door::Door;
use collector::irc::{Irc, Trust};
use model::login::Login;
use model::slot::SlotTime;
use model::sweep::SweepSummary;
use model::words::{Evidence, ListStatus, Origin, SpeechStatus};
use simulator::irc::settings::IrcSettings;
use simulator::server::{Settings, SimulatedTwitch};
use simulator::twitch::Twitch;
use simulator::world::{Population, World};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::common::{self, clients, plan};

/// Five minutes are seven and a half seconds: what a busy machine is late by is not to become minutes.
pub(crate) const SPEED: f64 = 40.0;
/// Who comes or leaves is told three minutes late at most; a collector that is busy hears it a little later.
pub(crate) const LATE_SECONDS: i64 = 200;

/// Half past eight in the evening in Paris.
pub(crate) fn evening() -> SlotTime {
    SlotTime::at("2026-11-18".parse().unwrap(), 234)
}

/// A Twitch, and a collector that runs beside it into an archive.
pub(crate) struct House {
    pub(crate) twitch: Arc<SimulatedTwitch>,
    address: fn(&simulator::irc::Irc) -> &str,
    pub(crate) archive: Archive,
    pub(crate) clock: Clock,
    pub(crate) swept: mpsc::Receiver<SweepSummary>,
    pub(crate) cancel: CancellationToken,
    pub(crate) running: tokio::task::JoinHandle<()>,
    _folder: tempfile::TempDir,
}

impl House {
    pub(crate) async fn new(population: Population, address: fn(&simulator::irc::Irc) -> &str) -> House {
        House::at(SPEED, population, address).await
    }

    pub(crate) async fn at(speed: f64, population: Population, address: fn(&simulator::irc::Irc) -> &str) -> House {
        let world = Arc::new(World::new(common::SEED, population).unwrap());
        House::of(Twitch::World(world), speed, address).await
    }

    pub(crate) async fn of(twitch: Twitch, speed: f64, address: fn(&simulator::irc::Irc) -> &str) -> House {
        let first = evening();
        let clock = Clock::virtual_from((first.unix() - 20) * 1_000, speed);
        let irc = IrcSettings { messages_per_minute: 0.6, ..IrcSettings::default() };
        let settings = Settings { irc, ..Settings::default() };
        let twitch = SimulatedTwitch::with(twitch, settings, move || clock.now(), 0).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let archive = Archive::create(folder.path().to_str().unwrap(), Origin::Simulated).await.unwrap();
        let (_, swept) = mpsc::channel(1);
        let (cancel, running) = (CancellationToken::new(), tokio::spawn(async {}));
        let twitch = Arc::new(twitch);
        let mut house = House { twitch, address, archive, clock, swept, cancel, running, _folder: folder };
        house.begin(first).await;
        house
    }

    /// Starts a collector, in the place of one that was stopped.
    pub(crate) async fn begin(&mut self, at: SlotTime) {
        let trust = Trust::new(self.twitch.irc().certificate()).unwrap();
        let reader = Irc::start((self.address)(self.twitch.irc()).parse().unwrap(), trust, self.clock);
        let (helix, _) = clients(self.twitch.base());
        let (sources, archive) = (Source::Irc(reader).into(), self.archive.clone());
        let collector = Collector::resume(helix, sources, plan(2_000), Door::default(), archive, at).await.unwrap();
        let (tell, swept) = mpsc::channel(64);
        self.cancel = CancellationToken::new();
        self.swept = swept;
        self.running = tokio::spawn(collector::run(collector, self.clock, self.cancel.clone(), tell));
    }

    /// The next sweep that is archived.
    pub(crate) async fn next(&mut self) -> SweepSummary {
        self.swept.recv().await.unwrap()
    }

    /// Holds a sweep against the truth. Gives how many lists and how much speech it calls complete, and how many wrote.
    pub(crate) async fn judge(&self, at: SlotTime) -> Judged {
        let rows = self.archive.read_streams(at).await.unwrap();
        let people = self.archive.read_chatters(at).await.unwrap();
        let mut judged = Judged::default();
        for row in rows.into_iter().filter(|row| row.chatters_source.is_some()) {
            let (twitch, channel) = (self.twitch.clone(), row.channel.clone());
            let truth = tokio::task::spawn_blocking(move || Truth::of(&twitch, &channel, at)).await.unwrap();
            let of = |evidence: Evidence| -> BTreeSet<Login> {
                let own = people.iter().filter(|person| *person.channel == row.channel && person.evidence == evidence);
                own.map(|person| person.chatter.parse().unwrap()).collect()
            };
            let (listed, spoke) = (of(Evidence::Listed), of(Evidence::Spoke));
            judged.asked += 1;
            judged.spoke += spoke.len();
            assert!(spoke.is_subset(&truth.said), "{at} {}: {:?}", row.channel, spoke.difference(&truth.said));
            assert!(listed.is_subset(&truth.lately), "{at} {}: {:?}", row.channel, listed.difference(&truth.lately));
            if row.speech_status == SpeechStatus::Complete {
                judged.speech += 1;
                assert_eq!(spoke, truth.said, "{at} {}", row.channel);
            }
            if row.list_status == ListStatus::Complete {
                judged.lists += 1;
                assert!(
                    truth.throughout.is_subset(&listed),
                    "{at} {}: {:?} of {:?}",
                    row.channel,
                    truth.throughout.difference(&listed),
                    listed.len()
                );
                assert_eq!(row.chatter_count, Some(listed.len() as u32));
            }
        }
        judged
    }

    /// The channels whose speech a sweep asked for, and whether all of it is known.
    pub(crate) async fn speech(&self, at: SlotTime) -> BTreeMap<Login, bool> {
        let rows = self.archive.read_streams(at).await.unwrap().into_iter().filter(|row| row.chatters_source.is_some());
        rows.map(|row| (row.channel, row.speech_status == SpeechStatus::Complete)).collect()
    }

    /// Stops the collector.
    pub(crate) async fn stop(&mut self) {
        self.cancel.cancel();
        (&mut self.running).await.unwrap();
    }
}

#[derive(Debug, Default)]
pub(crate) struct Judged {
    pub(crate) asked: usize,
    pub(crate) lists: usize,
    pub(crate) speech: usize,
    pub(crate) spoke: usize,
}

pub(crate) struct Truth {
    pub(crate) said: BTreeSet<Login>,
    /// There at any instant that a late line may tell of.
    pub(crate) lately: BTreeSet<Login>,
    /// There all that time.
    pub(crate) throughout: BTreeSet<Login>,
}

impl Truth {
    pub(crate) fn of(twitch: &SimulatedTwitch, channel: &Login, at: SlotTime) -> Truth {
        let from = at.unix() - LATE_SECONDS;
        // The sweep takes its lists some seconds into its slot: with this clock a busy machine makes minutes of them.
        let instants: Vec<BTreeSet<Login>> =
            (from..=at.unix() + 60).step_by(4).map(|unix| twitch.irc().present(channel, unix)).collect();
        let lately = instants.iter().flatten().cloned().collect();
        let always = |login: &&Login| instants.iter().all(|there| there.contains(*login));
        Truth {
            said: twitch.irc().said(channel, at),
            throughout: instants[0].iter().filter(always).cloned().collect(),
            lately,
        }
    }
}
