//! What is wrong with a store is found: twenty and more ways to spoil a day, and which check sees each.

use std::collections::BTreeMap;

use importer::verify::options::VerifyOptions;
use importer::verify::report::{Difference, Fact, VerifyReport};
use importer::verify::verify_day;
use model::channel_day::{ChannelDay, ChannelSlot, LiveSlot};
use model::presence::ViewerDay;
use model::run::Run;
use model::slot::Slot;
use model::words::{ChattersSource, ListStatus, SpeechStatus};
use store::access::{Job, JobKey};
use store::{AnyStore, Store};

use crate::planted::{choices, imported, one_sweep, slots};
use crate::tables::Tables;
use crate::verify;
use crate::world::{World, day};

/// A day's people with their keys, and those of channels.
struct People {
    days: BTreeMap<u32, ViewerDay>,
    viewers: BTreeMap<String, u32>,
    channels: BTreeMap<String, u32>,
}

impl People {
    fn of(&mut self, login: &str) -> &mut ViewerDay {
        self.days.get_mut(&self.viewers[login]).unwrap()
    }

    fn listed(&mut self, login: &str) -> &mut Vec<Run> {
        &mut self.of(login).channels[0].listed
    }
}

/// How a day is spoiled.
enum Plant {
    People(fn(&mut People)),
    Channel(&'static str, fn(&mut ChannelDay)),
    Sql(&'static [&'static str]),
    /// A new name and a day of somebody.
    Somebody(&'static [&'static str], fn(&mut People)),
}

/// What has to see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seen {
    /// Only the comparison of viewers or channels bit by bit.
    Sample,
    /// Only the sums of the whole day, which need no sample.
    Sums,
    /// Either.
    Both,
}

fn run(from: u16, to: u16) -> Run {
    Run::new(from, to).unwrap()
}

fn live(day: &mut ChannelDay, slot: u16, change: impl FnOnce(&mut LiveSlot)) {
    let slot = Slot::new(slot).unwrap();
    let ChannelSlot::Live(mut live) = day.slot(slot) else { panic!("the channel is live") };
    change(&mut live);
    day.set(slot, ChannelSlot::Live(live));
}

/// By name: how the day is spoiled, and what sees it.
fn corruptions() -> Vec<(&'static str, Plant, Seen)> {
    use Plant::{Channel, People, Somebody, Sql};
    use Seen::{Both, Sample, Sums};
    vec![
        ("a dropped run", People(|p| p.listed("_p0").truncate(1)), Both),
        ("a run longer by a slot", People(|p| p.listed("_p1")[1] = run(106, 111)), Both),
        ("a run shorter by a slot", People(|p| p.listed("_p1")[0] = run(101, 105)), Both),
        ("a slot shifted", People(|p| p.listed("_p1")[0] = run(99, 104)), Both),
        ("two runs joined across a slot without a sweep", People(|p| *p.listed("_p0") = vec![run(100, 111)]), Both),
        (
            "listed instead of spoke",
            People(|p| {
                let talks = &mut p.of("_talks").channels[0];
                std::mem::swap(&mut talks.listed, &mut talks.spoke);
            }),
            Both,
        ),
        (
            "two viewers swapped",
            People(|p| {
                let (a, b) = (p.of("_p0").clone(), p.of("_p5").clone());
                (*p.of("_p0"), *p.of("_p5")) = (b, a);
            }),
            Both,
        ),
        ("a viewer missing", People(|p| drop(p.days.remove(&p.viewers["_p2"]))), Both),
        (
            "half of the viewers missing, as when a block is lost",
            People(|p| {
                let half = p.days.len() / 2;
                p.days = std::mem::take(&mut p.days).into_iter().take(half).collect();
            }),
            Both,
        ),
        ("everybody missing", People(|p| p.days.clear()), Both),
        (
            "presence under another channel's key",
            People(|p| {
                let other = p.channels["_b"];
                p.of("_p4").channels[0].channel.0 = other;
            }),
            Both,
        ),
        ("presence under a key that no channel has", People(|p| p.of("_p4").channels[0].channel.0 = 77), Both),
        ("a person taken for a bot", People(|p| p.of("_p0").bot = true), Both),
        ("a bot taken for a person", People(|p| p.of("_zaps").bot = false), Both),
        (
            "a bot of the list and a person, each taken for the other",
            People(|p| {
                p.of("_helper").bot = false;
                p.of("_p0").bot = true;
            }),
            Sample,
        ),
        (
            "an invented viewer",
            Somebody(
                &[
                    "INSERT INTO person (key, login) VALUES (900, '_nobody')",
                    "INSERT INTO login_span (login, from_day, key) VALUES ('_nobody', 0, 900)",
                ],
                |p| drop(p.days.insert(900, p.days[&p.viewers["_p0"]].clone())),
            ),
            Both,
        ),
        (
            "a person twice",
            Somebody(&["INSERT INTO person (key, login) VALUES (900, '_p0')"], |p| {
                drop(p.days.insert(900, p.days[&p.viewers["_p0"]].clone()));
            }),
            Both,
        ),
        (
            "somebody who opted out",
            Somebody(&["INSERT INTO person (key, login) VALUES (900, '_shy')"], |p| {
                drop(p.days.insert(900, p.days[&p.viewers["_p0"]].clone()));
            }),
            Both,
        ),
        ("a viewer's login changed", Sql(&["UPDATE person SET login = '_someone' WHERE login = '_p0'"]), Both),
        ("a viewer's id lost", Sql(&["UPDATE person SET twitch_id = NULL WHERE login = '_known'"]), Sample),
        ("a viewer's id changed", Sql(&["UPDATE person SET twitch_id = 502 WHERE login = '_known'"]), Sample),
        (
            "a channel missing",
            Sql(&["DELETE FROM channel_day WHERE channel = (SELECT key FROM channel WHERE login = '_c')"]),
            Both,
        ),
        (
            "a channel of which only the people are there",
            Sql(&[
                "UPDATE channel_day SET generation = 9 WHERE channel = (SELECT key FROM channel WHERE login = '_b')",
            ]),
            Both,
        ),
        (
            "an invented channel",
            Sql(&[
                "INSERT INTO channel (key, login) VALUES (90, '_nowhere')",
                "INSERT INTO channel_span (login, from_day, key) VALUES ('_nowhere', 0, 90)",
                "INSERT INTO channel_day SELECT day, generation, 90, data FROM channel_day LIMIT 1",
            ]),
            Both,
        ),
        (
            "a channel that opted out",
            Sql(&[
                "INSERT INTO channel (key, login) VALUES (90, '_quiet')",
                "INSERT INTO channel_span (login, from_day, key) VALUES ('_quiet', 0, 90)",
                "INSERT INTO channel_day SELECT day, generation, 90, data FROM channel_day LIMIT 1",
            ]),
            Both,
        ),
        ("a channel's login changed", Sql(&["UPDATE channel_span SET login = '_d' WHERE login = '_c'"]), Both),
        ("a channel's id lost", Sql(&["UPDATE channel SET twitch_id = NULL WHERE login = '_a'"]), Sample),
        (
            "a channel's displayed name changed",
            Sql(&["UPDATE channel SET display_name = 'B' WHERE login = '_a'"]),
            Sample,
        ),
        ("a title changed", Channel("_a", |day| day.segments[0].title.push('!')), Sample),
        ("a segment dropped", Channel("_a", |day| drop(day.segments.pop())), Sample),
        ("a segment shorter by a slot", Channel("_a", |day| day.segments[0].run = run(100, 103)), Sample),
        ("a broadcast that began later", Channel("_a", |day| day.segments[0].started_at = Some(0)), Sample),
        ("a viewer count changed", Channel("_a", |day| live(day, 101, |live| live.viewers = Some(1))), Sample),
        ("a chatter count unknown", Channel("_a", |day| live(day, 101, |live| live.chatters = None)), Sample),
        (
            "a partial list complete",
            Channel("_b", |day| live(day, 103, |live| live.list = ListStatus::Complete)),
            Sample,
        ),
        (
            "an empty list believed",
            Channel("_b", |day| {
                live(day, 106, |live| (live.list, live.chatters) = (ListStatus::Complete, Some(0)));
            }),
            Sample,
        ),
        (
            "speech heard that was not",
            Channel("_b", |day| live(day, 107, |live| live.speech = SpeechStatus::Complete)),
            Sample,
        ),
        ("another source", Channel("_b", |day| live(day, 107, |live| live.source = Some(ChattersSource::Irc))), Sample),
        (
            "unknown taken for off air",
            Channel("_b", |day| day.set(Slot::new(108).unwrap(), ChannelSlot::OffAir)),
            Sample,
        ),
        (
            "a slot without a sweep taken for off air",
            Channel("_b", |day| day.set(Slot::new(105).unwrap(), ChannelSlot::OffAir)),
            Sample,
        ),
        (
            "a slot that was not followed",
            Channel("_new", |day| day.set(Slot::new(102).unwrap(), ChannelSlot::NotFollowed)),
            Sample,
        ),
        ("the record's observations", Sql(&["UPDATE day_record SET observations = observations + 1"]), Sums),
        ("the record's kept and joined", Sql(&["UPDATE day_record SET kept = kept - 1, joined = joined + 1"]), Sums),
        ("the record's suppressed", Sql(&["UPDATE day_record SET suppressed = 0"]), Sums),
        ("the record's viewers", Sql(&["UPDATE day_record SET viewers = viewers + 1, bots = bots - 1"]), Sums),
        ("the record's sweeps", Sql(&["UPDATE day_record SET sweeps = 11"]), Sums),
    ]
}

async fn plant(tables: &Tables, plant: &Plant) {
    let change = match plant {
        Plant::Channel(login, change) => {
            return tables.change_channel(tables.keys("channel").await[*login], change).await;
        }
        Plant::People(change) => Some(change),
        Plant::Sql(statements) | Plant::Somebody(statements, _) => {
            for sql in *statements {
                tables.execute(sql).await;
            }
            if let Plant::Somebody(_, change) = plant { Some(change) } else { None }
        }
    };
    if let Some(change) = change {
        let viewers = tables.keys("person").await;
        let channels = tables.keys("channel").await;
        let mut people = People { days: tables.people().await, viewers, channels };
        let before = people.days.clone();
        change(&mut people);
        assert_ne!(people.days, before);
        tables.put_people(&people.days).await;
    }
}

async fn verify_folder(world: &World, tables: &Tables, options: &VerifyOptions) -> VerifyReport {
    let store = AnyStore::open(tables.folder().to_str().unwrap(), None).await.unwrap();
    let job = JobKey::grant(Job::Verification);
    let report = verify_day(&world.archive, &store, &job, day(), options).await.unwrap();
    store.close().await;
    report
}

/// Whether a viewer or a channel was found by comparing it.
fn by_sample(report: &VerifyReport) -> bool {
    let one = |it: &Difference| matches!(it, Difference::Viewer { .. } | Difference::Channel { .. });
    report.differences.iter().any(one)
}

#[tokio::test]
async fn every_planted_fault_is_caught() {
    let (world, all) = imported().await;
    let sound = verify(&world, &all).await;
    assert!(sound.is_ok(), "{:?}", sound.differences);
    assert_eq!((sound.viewers, sound.channels, sound.sweeps, sound.readings), (15, 4, 10, 2));
    world.store.close().await;
    let store = world.folder.path().join("store");
    let none = VerifyOptions { viewers: 0, channels: 0, ..all.clone() };
    let untouched = Tables::copy(&store, day());
    untouched.put_people(&untouched.people().await).await;
    for options in [&all, &none] {
        assert!(verify_folder(&world, &untouched, options).await.is_ok());
    }
    let corruptions = corruptions();
    // As many as docs/verification.md says.
    assert_eq!(corruptions.len(), 46);
    for (name, how, wanted) in corruptions {
        let tables = Tables::copy(&store, day());
        plant(&tables, &how).await;
        let (sampled, sums) = (verify_folder(&world, &tables, &all).await, verify_folder(&world, &tables, &none).await);
        let seen = match (by_sample(&sampled), !sums.is_ok()) {
            (true, true) => Seen::Both,
            (true, false) => Seen::Sample,
            (false, true) => Seen::Sums,
            (false, false) => panic!("{name}: nothing sees it"),
        };
        assert_eq!(seen, wanted, "{name}: {:?} and {:?}", sampled.differences, sums.differences);
        assert!(!sampled.is_ok() && sampled.failures == sampled.differences.len() as u64, "{name}");
        // What is kept in the store says what it is, and names no viewer.
        let kept = sampled.remembered(1);
        assert!(!kept.ok && !kept.reason.is_empty(), "{name}");
        for viewer in ["_p", "_shy", "_known", "_talks", "_zaps", "_helper", "_someone", "_nobody", "_fan", "_is"] {
            assert!(!kept.reason.contains(viewer), "{name}: {}", kept.reason);
        }
    }
}

#[tokio::test]
async fn any_flipped_bit_of_a_block_is_caught() {
    let (world, all) = imported().await;
    world.store.close().await;
    let store = world.folder.path().join("store");
    let whole = Tables::copy(&store, day()).blocks().await;
    let bits = whole.iter().map(|(_, bytes)| bytes.len() * 8).sum::<usize>();
    // A step without a common factor with 8: every place in a byte gets its turn.
    for bit in (0..bits).step_by(37) {
        let mut blocks = whole.clone();
        blocks[0].1[bit / 8] ^= 1 << (bit % 8);
        let tables = Tables::copy(&store, day());
        tables.put_blocks(&blocks).await;
        assert!(!verify_folder(&world, &tables, &all).await.is_ok(), "bit {bit}");
    }
    assert_eq!(whole.len(), 1);
}

#[tokio::test]
async fn a_sweep_that_was_never_read_is_told() {
    let (world, options) = imported().await;
    one_sweep(&world, 105).await;
    for options in [&options, &VerifyOptions { viewers: 0, channels: 0, ..options.clone() }] {
        let report = verify(&world, options).await;
        let wanted = Difference::Record { fact: Fact::Sweeps, held: 10, found: 11 };
        assert!(report.differences.contains(&wanted));
        assert!(report.differences.iter().any(|it| matches!(it, Difference::Sum { .. })));
    }
}

#[tokio::test]
async fn an_open_day_is_compared_up_to_its_last_sweep() {
    let world = World::new().await;
    for slot in slots().take(6) {
        one_sweep(&world, slot).await;
    }
    let (options, all) = choices(&world).await;
    world.import_with(day(), true, &options).await.unwrap();
    for slot in slots().skip(6) {
        one_sweep(&world, slot).await;
    }
    let report = verify(&world, &all).await;
    assert!(report.is_ok() && report.provisional, "{:?}", report.differences);
    assert_eq!(report.sweeps, 6);
    world.import_with(day(), false, &options).await.unwrap();
    let report = verify(&world, &all).await;
    assert_eq!((report.is_ok(), report.provisional, report.sweeps, report.generation), (true, false, 10, 2));
}

#[tokio::test]
async fn a_closed_month_is_compared_too() {
    let (world, all) = imported().await;
    let job = JobKey::grant(Job::Retention);
    world.store.close_month(&job, day().month()).await.unwrap();
    world.store.drop_open(&job, day().month()).await.unwrap();
    let report = verify(&world, &all).await;
    assert!(report.is_ok() && report.viewers == 15, "{:?}", report.differences);
}
