//! A whole virtual day of a collector whose Twitch fails in every way, held against what was true.
//!
//! Whatever it writes must be so; what it does not know must be no more than the faults took from it.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "../common/mod.rs"]
mod common;
mod judge;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use archive::Archive;
use collector::clock::Clock;
use collector::door::Door;
use collector::{Collector, Plan};
use common::{SEED, clients};
use model::day::Day;
use model::slot::{SLOT_SECONDS, SlotTime};
use model::words::Origin;
use simulator::server::faults::{Fault, HttpFaults};
use simulator::server::{Settings, SimulatedTwitch};
use simulator::twitch::Twitch;
use simulator::world::{Population, World};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::judge::{Witness, judge};

/// Slots in which a second collector writes into the same archive.
const TOGETHER: std::ops::Range<u16> = 60..100;

/// How large, and how fast.
struct Scale {
    population: Population,
    top: usize,
    speed: f64,
}

/// A collector, and a Twitch that fails it.
struct Party {
    twitch: SimulatedTwitch,
    cancel: CancellationToken,
    running: JoinHandle<()>,
    /// When each sweep was told of, in virtual Unix seconds.
    told: JoinHandle<BTreeMap<SlotTime, i64>>,
}

impl Party {
    /// Each has a Twitch of its own, of one world and one clock, so that its log is of one collector.
    async fn begin(world: &Arc<World>, scale: &Scale, clock: Clock, archive: &Archive, number: u64) -> Party {
        // To the collector the bucket is of real minutes, and a virtual day is over in one.
        let settings = Settings { calls_per_minute: 1_000_000, log_entries: 1 << 20, ..Settings::default() };
        let twitch = Twitch::World(Arc::clone(world));
        let twitch = SimulatedTwitch::with(twitch, settings, move || clock.now(), 0).await.unwrap();
        twitch.faults().set(HttpFaults { seed: SEED + number, slow_ms: 20, ..HttpFaults::each(0.05) });
        let (helix, chatters) = clients(twitch.base());
        let plan = Plan { top: scale.top, language: None, tracked: common::tracked(&["_radio_minuit"]) };
        let collector =
            Collector::resume(helix, chatters, plan, Door::default(), archive.clone(), clock.slot()).await.unwrap();
        let (tell, mut swept) = mpsc::channel(512);
        let cancel = CancellationToken::new();
        let running = tokio::spawn(collector::run(collector, clock, cancel.clone(), tell));
        let told = tokio::spawn(async move {
            let mut told = BTreeMap::new();
            while let Some(summary) = swept.recv().await {
                told.insert(summary.at, clock.now());
            }
            told
        });
        Party { twitch, cancel, running, told }
    }

    /// It must not have panicked.
    async fn end(self) -> Witness {
        self.cancel.cancel();
        self.running.await.unwrap();
        Witness { twitch: self.twitch, told: self.told.await.unwrap() }
    }
}

/// How late a task of this runtime woke in each slot, in virtual seconds: what the machine kept from everybody.
async fn metronome(clock: Clock, first: SlotTime, last: SlotTime) -> BTreeMap<SlotTime, i64> {
    let mut late = BTreeMap::new();
    let mut tick = first.unix();
    while tick <= last.unix() + SLOT_SECONDS {
        clock.sleep_until(tick).await;
        let now = clock.now();
        for at in [tick, now].into_iter().flat_map(SlotTime::from_unix) {
            let longest = late.entry(at).or_insert(0);
            *longest = (now - tick).max(*longest);
        }
        tick = now + 10;
    }
    late
}

/// Counts panics, of whatever thread.
fn panics() -> Arc<AtomicUsize> {
    let panics = Arc::new(AtomicUsize::new(0));
    let (counted, tell) = (Arc::clone(&panics), std::panic::take_hook());
    std::panic::set_hook(Box::new(move |panic| {
        counted.fetch_add(1, Ordering::Relaxed);
        tell(panic);
    }));
    panics
}

/// Plays a day and judges it.
async fn day(scale: Scale) {
    let panics = panics();
    let world = Arc::new(World::new(SEED, scale.population).unwrap());
    let day: Day = "2026-11-18".parse().unwrap();
    let (first, last) = (SlotTime::at(day, 0), SlotTime::at(day, 287));
    // The truth of the day is worked out before the clock runs.
    drop(Twitch::World(Arc::clone(&world)).on_air(first));
    let folder = tempfile::tempdir().unwrap();
    let archive = Archive::create(folder.path().to_str().unwrap(), Origin::Simulated).await.unwrap();

    let clock = Clock::virtual_from((first.unix() - 60) * 1_000, scale.speed);
    let beats = tokio::spawn(metronome(clock, first, last));
    let one = Party::begin(&world, &scale, clock, &archive, 0).await;
    clock.sleep_until(SlotTime::at(day, TOGETHER.start).unix()).await;
    let other = Party::begin(&world, &scale, clock, &archive, 1).await;
    clock.sleep_until(SlotTime::at(day, TOGETHER.end).unix()).await;
    let other = other.end().await;
    clock.sleep_until(last.unix() + SLOT_SECONDS).await;
    let mut counted = judge(&archive, day, &[one.end().await, other], &beats.await.unwrap()).await;
    let wrong = std::mem::take(&mut counted.wrong);
    assert!(wrong.is_empty(), "seed {SEED}: {counted:#?}\n{}", wrong.join("\n"));
    assert_eq!(panics.load(Ordering::Relaxed), 0);
    assert_eq!(counted.sweeps + counted.blind + counted.late, 288);
    // A judge who sees little is none: on a machine that is so busy nothing can be said.
    assert!(counted.sweeps >= 72 && counted.by_second > 0, "{counted:#?}");
    assert!(counted.live > 1_000 && counted.off_air > 1_000 && counted.partial > 0, "{counted:#?}");
    // The bound of what may be missing, from the log. A list is missing where no answer to it was true; where one was, it came
    // late, or its channel was told of late, but for one list in fifty that is left to the machine. In all, fewer are missing
    // than have a first answer that is not true: asking again is worth something.
    assert!(counted.puzzling * 50 <= counted.lists, "{counted:#?}");
    assert!(counted.missing - counted.excused < counted.first_untrue, "{counted:#?}");
    assert!(counted.calm < 216 || counted.complete * 4 >= counted.lists, "{counted:#?}");
    let rare = if scale.top > 500 { &[][..] } else { &[Fault::InvalidCursor, Fault::Duplicate, Fault::Gap] };
    for fault in Fault::ALL.iter().filter(|fault| !rare.contains(fault)) {
        assert!(counted.faults.contains_key(fault), "{fault:?} did not happen: {counted:#?}");
    }
    eprintln!("{counted:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_of_every_fault_writes_nothing_false() {
    day(Scale { population: Population { viewers: 1_500, channels: 200 }, top: 150, speed: 2_000.0 }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "soak: five minutes of two cores"]
async fn soak_a_day_of_every_fault_with_two_thousand_channels_writes_nothing_false() {
    day(Scale { population: Population { viewers: 20_000, channels: 2_000 }, top: 1_500, speed: 300.0 }).await;
}
