//! The nightly pass against sets of people, pair by pair.

#![allow(clippy::unwrap_used, reason = "the setting that allows it in tests knows test functions only")]

mod crowd;

use std::collections::{BTreeMap, BTreeSet};

use importer::nightly::due::due;
use importer::nightly::pass::make_nights;
use model::analysis::bootstrap::Chance;
use model::channel_day::{ChannelDay, ChannelSlot, LiveSlot, Segment};
use model::day::Day;
use model::identity::ChannelKey;
use model::presence::{ChannelPresence, ViewerDay};
use model::run::Run;
use model::sample::StreamFacts;
use model::slot::{Slot, SlotTime};
use model::statistics::night::{Audience, ChannelNight};
use model::statistics::retention::Still;
use model::words::{ListStatus, Origin, SpeechStatus};
use store::access::{Job, JobKey};
use store::channel::ChannelIdentity;
use store::day::DayImport;
use store::error::StoreError;
use store::rows::{RowBatch, ViewerRows};
use store::{AnyStore, Store};
use tempfile::TempDir;

const CHANNELS: u32 = 6;
const PEOPLE: u32 = 960;
const DAYS: i32 = 32;

fn job() -> JobKey {
    JobKey::grant(Job::Nightly)
}

/// The day `n` days after 2026-10-20: the weeks reach over a month's end.
fn day(n: i32) -> Day {
    "2026-10-20".parse::<Day>().unwrap().plus(n)
}

/// Who was where: by day and person, the channels with the slots [from, to) there; and who was a bot.
type Truth = BTreeMap<(i32, u32), (bool, BTreeMap<u32, (u16, u16)>)>;

fn invent() -> Truth {
    let mut chance = Chance::new(7);
    let mut truth = Truth::new();
    for n in 0..DAYS {
        for person in 0..PEOPLE {
            // Some come often, most seldom; some began late.
            let often = person % 3 == 0;
            if chance.below(if often { 2 } else { 9 }) > 0 || (person % 5 == 1 && n < 25) {
                continue;
            }
            let mut stays = BTreeMap::new();
            for _ in 0..=chance.below(3) {
                // Everybody has channels they like.
                let channel = (person * 5 + chance.below(3) as u32) % CHANNELS;
                let from = 200 + chance.below(80) as u16;
                stays.insert(channel, (from, (from + 1 + chance.below(20) as u16).min(288)));
            }
            truth.insert((n, person), (person % 50 == 3 && chance.below(3) > 0, stays));
        }
    }
    truth
}

/// Every channel is on air from slot 200 of one day to slot 2 of the next.
fn channel_day(channel: u32) -> ChannelDay {
    let mut data = ChannelDay::default();
    let (list, speech) = (ListStatus::Complete, SpeechStatus::Missing);
    let viewers = Some(100 * (channel + 1));
    let live = LiveSlot { viewers, chatters: viewers, list, speech, source: None };
    for slot in Slot::all() {
        let on_air = !(2..200).contains(&slot.index());
        data.set(slot, if on_air { ChannelSlot::Live(live) } else { ChannelSlot::OffAir });
    }
    let facts = StreamFacts { game: format!("game {}", channel % 2), ..StreamFacts::default() };
    data.segments = [(0, 2), (200, 288)].map(|(from, to)| Segment::new(Run::new(from, to).unwrap(), &facts)).into();
    data
}

struct World {
    store: AnyStore,
    channels: Vec<ChannelKey>,
    truth: Truth,
    _folder: TempDir,
}

impl World {
    async fn new() -> World {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("store");
        let store = AnyStore::open(place.to_str().unwrap(), Some(Origin::Simulated)).await.unwrap();
        let mut world = World { store, channels: Vec::new(), truth: invent(), _folder: folder };
        for n in 0..DAYS {
            world.import(n).await;
        }
        world
    }

    async fn import(&mut self, n: i32) {
        let names: Vec<ChannelIdentity> =
            (0..CHANNELS).map(|n| ChannelIdentity::of_login(format!("_channel_{n}").parse().unwrap())).collect();
        let withdrawals = self.store.suppressed().await.unwrap().withdrawals;
        self.channels = self.store.channel_keys(&job(), day(n), &names, withdrawals).await.unwrap();
        let mut rows = RowBatch::default();
        for ((_, person), (bot, stays)) in self.truth.range((n, 0)..(n + 1, 0)) {
            let mut channels: Vec<ChannelPresence> = stays
                .iter()
                .map(|(channel, (from, to))| ChannelPresence {
                    channel: self.channels[*channel as usize],
                    listed: vec![Run::new(*from, *to).unwrap()],
                    spoke: vec![Run::new(*from, from + 1).unwrap()],
                })
                .collect();
            channels.sort_by_key(|presence| presence.channel);
            let mut bytes = Vec::new();
            ViewerDay { bot: *bot, channels }.encode(&mut bytes);
            rows.push(format!("_viewer_{person:04}").as_bytes(), None, &bytes).unwrap();
        }
        let days = self.channels.iter().zip(0..).map(|(key, n)| (*key, channel_day(n))).collect();
        let import = DayImport { withdrawals, ..DayImport::of(day(n), days, ViewerRows::of(&rows).unwrap()) };
        self.store.import_day(&job(), import).await.unwrap();
    }

    /// The people of a channel on a day, bots left out.
    fn there(&self, n: i32, channel: u32) -> BTreeSet<u32> {
        let of_day = self.truth.range((n, 0)..(n + 1, 0));
        let there = of_day.filter(|(_, (bot, stays))| !bot && stays.contains_key(&channel));
        there.map(|((_, person), _)| *person).collect()
    }

    fn audience(n: i32, there: impl Fn(i32) -> BTreeSet<u32>) -> Audience {
        let before: BTreeSet<u32> = (n - 27..n).flat_map(&there).collect();
        let today = there(n);
        let returning = today.intersection(&before).count() as u32;
        Audience::of(today.len() as u32 - returning, returning)
    }

    /// The visitors of a channel in the four weeks up to a day.
    fn visitors(&self, n: i32, channel: u32) -> BTreeSet<u32> {
        let visits = |person: u32| -> Vec<(bool, u16)> {
            let days = (n - 27..=n).filter_map(|n| self.truth.get(&(n, person)));
            days.map(|(bot, stays)| (*bot, stays.get(&channel).map_or(0, |(from, to)| to - from))).collect()
        };
        let is_visitor = |person: &u32| {
            let visits = visits(*person);
            let bots = visits.iter().rev().take(7).filter(|(bot, _)| *bot).count();
            bots < 2 && visits.iter().filter(|(bot, _)| !bot).map(|(_, slots)| slots).sum::<u16>() >= 3
        };
        (0..PEOPLE).filter(is_visitor).collect()
    }

    async fn night(&self, n: i32, channel: u32) -> ChannelNight {
        let key = self.channels[channel as usize];
        self.store.channel_nights(&[key], day(n), day(n + 1)).await.unwrap().remove(0).night
    }
}

#[tokio::test]
async fn nights_tell_what_sets_of_people_tell() {
    let world = World::new().await;
    let nights = [31, 30, 12].map(day);
    let report = make_nights(&world.store, &job(), &nights, 1_000).await.unwrap();
    assert_eq!((report.nights, report.days, report.programs), (nights.to_vec(), 32, 0));
    let (mut told, mut hidden, mut ties) = (0, 0, 0);
    for n in [12, 30, 31] {
        let everybody =
            |n: i32| -> BTreeSet<u32> { (0..CHANNELS).flat_map(|channel| world.there(n, channel)).collect() };
        let record = world.store.nights(day(n), day(n + 1)).await.unwrap().remove(0);
        assert_eq!(record.night.people, World::audience(n, everybody));
        assert_eq!((record.night.days, record.made_at), ((n + 1).min(28) as u16, 1_000));
        let lists = world.store.night_lists(day(n)).await.unwrap().unwrap();
        for channel in 0..CHANNELS {
            let night = world.night(n, channel).await;
            assert_eq!(night.people, World::audience(n, |n| world.there(n, channel)), "{n} {channel}");
            told += u32::from(night.people.new_and_returning.is_some());
            hidden += u32::from(night.people.new_and_returning.is_none());
            let visitors = world.visitors(n, channel);
            assert_eq!(night.visitors, Some(visitors.len() as u32));
            for other in (0..CHANNELS).filter(|other| *other != channel) {
                let theirs = world.visitors(n, other);
                let shared = visitors.intersection(&theirs).count() as u32;
                let tie = night.neighbours.iter().find(|tie| tie.channel == world.channels[other as usize]);
                let wanted = (shared >= 10).then_some((shared, theirs.len() as u32));
                assert_eq!(tie.map(|tie| (tie.shared, tie.visitors)), wanted, "{n} {channel} {other}");
                ties += u32::from(tie.is_some());
            }
        }
        let ranked: Vec<ChannelKey> = lists.rankings[0].iter().map(|ranked| ranked.channel).collect();
        assert_eq!(ranked, world.channels.iter().rev().copied().collect::<Vec<_>>());
        // Odd channels have 200, 400 and 600 viewers, even ones 100, 300 and 500.
        let days = (n + 1).min(7) as u64;
        let games: Vec<(&str, u64)> =
            lists.games[0].iter().map(|game| (game.name.as_str(), game.viewer_slots)).collect();
        assert_eq!(games, [("game 1", days * 90 * 1_200), ("game 0", days * 90 * 900)]);
        let spread = lists.viewers_per_channel.unwrap();
        assert_eq!((spread.count, spread.median), (CHANNELS, 350.0));
        assert!(lists.ties.iter().all(|tie| tie.audience_a >= 100 && tie.audience_b >= 100));
    }
    assert!(told > 0 && hidden > 0 && ties > 20, "{told} {hidden} {ties}");
}

/// From 200 of the day before to 2: whoever came in the first hour, and who of them was still there.
#[tokio::test]
async fn retention_follows_who_came_first() {
    let world = World::new().await;
    make_nights(&world.store, &job(), &[day(20)], 0).await.unwrap();
    let mut followed = 0;
    for channel in 0..CHANNELS {
        let of_day = world.truth.range((19, 0)..(20, 0)).filter(|(_, (bot, _))| !bot);
        let stays: Vec<(u16, u16)> = of_day.filter_map(|(_, (_, stays))| stays.get(&channel).copied()).collect();
        let first: Vec<(u16, u16)> = stays.into_iter().filter(|(from, _)| *from < 212).collect();
        let night = world.night(20, channel).await;
        let [retention] = &night.retention[..] else {
            assert!(first.len() < 10);
            continue;
        };
        followed += 1;
        assert_eq!((retention.start, retention.slots), (SlotTime::at(day(19), 200), 90));
        assert_eq!(retention.cohort, first.len() as u32);
        for (step, still) in retention.still.iter().enumerate() {
            let (from, to) = (212 + 3 * step as u16, 215 + 3 * step as u16);
            let there = first.iter().filter(|stay| stay.0 < to && from < stay.1).count() as u32;
            assert_eq!(*still, if there < 10 { Still::Few } else { Still::People(there) }, "{channel} {step}");
        }
    }
    assert!(followed > 0);
}

#[tokio::test]
async fn nights_are_due_until_they_are_made_and_again_when_their_day_changes() {
    let mut world = World::new().await;
    let wanted: Vec<Day> = (0..DAYS).rev().map(day).collect();
    assert_eq!(due(&world.store).await.unwrap(), wanted);
    let mut passes = 0;
    loop {
        let due = due(&world.store).await.unwrap();
        if due.is_empty() {
            break;
        }
        make_nights(&world.store, &job(), &due, 5).await.unwrap();
        passes += 1;
    }
    assert_eq!(passes, 8);
    let held = async |world: &World| {
        let rows = world.store.channel_nights(&world.channels, day(0), day(DAYS)).await.unwrap();
        let lists = world.store.night_lists(day(9)).await.unwrap();
        let people = world.store.different_people(None, day(0), day(DAYS)).await.unwrap();
        (rows, lists, people)
    };
    let before = held(&world).await;
    // Alone they are what they were beside others.
    make_nights(&world.store, &job(), &[day(9)], 6).await.unwrap();
    assert_eq!(held(&world).await, before);
    let everybody: BTreeSet<u32> =
        world.truth.iter().filter(|(_, (bot, _))| !bot).map(|((_, person), _)| *person).collect();
    let count = before.2.count.unwrap();
    assert_eq!((count.people, count.exact, before.2.days), (everybody.len() as u64, true, DAYS as u32));

    world.import(9).await;
    assert_eq!(due(&world.store).await.unwrap(), [day(9)]);
    make_nights(&world.store, &job(), &[day(9)], 7).await.unwrap();
    assert_eq!((held(&world).await, due(&world.store).await.unwrap()), (before, vec![]));

    // What is kept by hour is not read, and not looked back at.
    let month = day(0).month();
    world.store.close_month(&job(), month).await.unwrap();
    world.store.age_month(&job(), month, |_| Vec::new()).await.unwrap();
    assert_eq!(due(&world.store).await.unwrap(), []);
    let report = make_nights(&world.store, &job(), &[day(13)], 8).await.unwrap();
    assert_eq!(report.days, 2);
    assert_eq!(world.store.nights(day(13), day(14)).await.unwrap()[0].night.days, 2);
    let coarse = make_nights(&world.store, &job(), &[day(3)], 8).await;
    assert!(matches!(coarse, Err(StoreError::Aged { .. })), "{coarse:?}");
    assert_eq!(make_nights(&world.store, &job(), &[], 8).await.unwrap().nights, []);
}
