//! Merge = naive: whatever an archive holds, the store has what a hash map over `gzip` and `csv` finds.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::world::{World, day, job, put};
use flate2::read::MultiGzDecoder;
use model::channel_day::{ChannelDay, ChannelSlot};
use model::run::Run;
use model::slot::{Slot, SlotTime};
use model::slot_set::SlotSet;
use proptest::prelude::*;
use store::Store;
use store::dump::dump_day;

/// One sweep as somebody wrote it: channel states, then (channel, person, spoke), in any order and with repetitions.
#[derive(Clone, Debug)]
struct Sweep {
    states: Vec<u8>,
    rows: Vec<(u8, u8, bool)>,
}

const CHANNELS: u8 = 5;

fn sweep() -> impl Strategy<Value = Sweep> {
    let rows = proptest::collection::vec((0..CHANNELS, 0u8..8, proptest::bool::weighted(0.3)), 0..25);
    (proptest::collection::vec(0u8..6, usize::from(CHANNELS)), rows).prop_map(|(states, rows)| Sweep { states, rows })
}

/// Slots near each other, so that runs are long and broken here and there.
fn sweeps() -> impl Strategy<Value = BTreeMap<u16, Sweep>> {
    let near = proptest::collection::btree_map(100u16..116, sweep(), 1..16);
    let far = proptest::collection::btree_map(prop_oneof![Just(0u16), Just(1), Just(286), Just(287)], sweep(), 0..4);
    (near, far, any::<bool>()).prop_map(|(mut all, far, calm)| {
        all.extend(far);
        if calm {
            // Lists that hardly change, as real ones do.
            let first = all.values().next().unwrap().clone();
            for (slot, sweep) in &mut all {
                let mut calm = first.clone();
                calm.rows.extend(sweep.rows.iter().take(usize::from(slot % 3)));
                calm.states.clone_from(&sweep.states);
                *sweep = calm;
            }
        }
        all
    })
}

/// Writes what a stranger would: one gzip member, no index, no manifest.
fn write(folder: &Path, sweeps: &BTreeMap<u16, Sweep>) {
    for (slot, sweep) in sweeps {
        let at = SlotTime::at(day(), *slot);
        let name = at.slot().hhmm();
        let mut streams = String::from("sampled_at,channel,status,list_status,title\n");
        let mut followed = BTreeSet::new();
        for (channel, state) in sweep.states.iter().enumerate() {
            let (status, list) = [
                ("", ""),
                ("off_air", "missing"),
                ("unknown", "missing"),
                ("live", "complete"),
                ("live", "partial"),
                ("live", "missing"),
            ][usize::from(*state)];
            if *state > 0 {
                writeln!(streams, "{at},_c{channel},{status},{list},t{}", state % 2).unwrap();
                followed.insert(channel as u8);
            }
        }
        let mut chatters = String::from("sampled_at,channel,chatter,role,evidence\n");
        for (channel, person, spoke) in sweep.rows.iter().filter(|(channel, ..)| followed.contains(channel)) {
            let evidence = if *spoke { "spoke" } else { "listed" };
            writeln!(chatters, "{at},_c{channel},_p{person},viewer,{evidence}").unwrap();
        }
        put(folder, &format!("streams/date={}/{name}.csv.gz", day()), &streams);
        put(folder, &format!("chatters/date={}/{name}.csv.gz", day()), &chatters);
    }
}

type Presence = BTreeMap<(String, String, String), Vec<Run>>;

fn records(folder: &Path, kind: &str) -> Vec<(Slot, BTreeMap<String, String>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder.join(kind).join(format!("date={}", day()))).unwrap() {
        let path = entry.unwrap().path();
        let slot = Slot::from_hhmm(&path.file_name().unwrap().to_str().unwrap()[..4]).unwrap();
        let mut reader = csv::Reader::from_reader(MultiGzDecoder::new(fs::File::open(path).unwrap()));
        found.extend(reader.deserialize().map(|record| (slot, record.unwrap())));
    }
    found
}

/// Presence by (person, channel, evidence), the slow way.
fn naive_presence(folder: &Path) -> Presence {
    let mut slots: BTreeMap<(String, String, String), SlotSet> = BTreeMap::new();
    for (slot, row) in records(folder, "chatters") {
        let key = (row["chatter"].clone(), row["channel"].clone(), row["evidence"].clone());
        slots.entry(key).or_default().insert(slot);
    }
    slots.into_iter().map(|(key, slots)| (key, slots.runs())).collect()
}

/// The status of every channel and slot, the slow way.
fn naive_channels(folder: &Path, swept: &SlotSet) -> BTreeMap<String, Vec<String>> {
    let rows: BTreeMap<(String, u16), String> = (records(folder, "streams").into_iter())
        .map(|(slot, row)| {
            let list = if row["status"] == "live" { row["list_status"].clone() + &row["title"] } else { String::new() };
            ((row["channel"].clone(), slot.index()), row["status"].clone() + &list)
        })
        .collect();
    let channels: BTreeSet<String> = rows.keys().map(|(channel, _)| channel.clone()).collect();
    let state = |channel: &String, slot: Slot| match rows.get(&(channel.clone(), slot.index())) {
        Some(state) => state.clone(),
        None if swept.contains(slot) => "not_followed".into(),
        None => "unknown".into(),
    };
    channels.iter().map(|channel| (channel.clone(), Slot::all().map(|slot| state(channel, slot)).collect())).collect()
}

fn told(day: &ChannelDay) -> Vec<String> {
    let title = |slot: Slot| {
        let of = day.segments.iter().filter(|segment| SlotSet::from_runs([segment.run]).contains(slot));
        let titles: Vec<&str> = of.map(|segment| segment.title.as_str()).collect();
        assert_eq!(titles.len(), 1, "one segment a live slot");
        titles[0].to_owned()
    };
    let state = |slot| match day.slot(slot) {
        ChannelSlot::NotFollowed => "not_followed".into(),
        ChannelSlot::Unknown => "unknown".into(),
        ChannelSlot::OffAir => "off_air".into(),
        ChannelSlot::Live(live) => format!("live{}{}", live.list, title(slot)),
    };
    for pair in day.segments.windows(2) {
        assert!(pair[0].run.to() <= pair[1].run.from());
        assert!(pair[0].run.to() < pair[1].run.from() || pair[0].title != pair[1].title, "segments are maximal");
    }
    Slot::all().map(state).collect()
}

async fn compare(sweeps: BTreeMap<u16, Sweep>) -> Result<(), TestCaseError> {
    let world = World::new().await;
    let folder = world.folder.path().join("archive");
    write(&folder, &sweeps);
    let report = world.import(day(), false).await.unwrap();
    let mut found = Presence::new();
    for person in dump_day(&world.store, &job(), day()).await.unwrap() {
        for presence in person.channels {
            for (evidence, runs) in [("listed", presence.listed), ("spoke", presence.spoke)] {
                if !runs.is_empty() {
                    found.insert((person.login.to_string(), presence.channel.to_string(), evidence.into()), runs);
                }
            }
        }
    }
    let wanted = naive_presence(&folder);
    prop_assert_eq!(&found, &wanted);
    prop_assert_eq!(report.runs, wanted.values().map(|runs| runs.len() as u64).sum::<u64>());
    let observations: u64 = wanted.values().flatten().map(|run| u64::from(run.slots())).sum();
    prop_assert_eq!(report.observations, observations);
    let swept: SlotSet = sweeps.keys().map(|slot| Slot::new(*slot).unwrap()).collect();
    let channels = naive_channels(&folder, &swept);
    prop_assert_eq!(report.channels as usize, channels.len());
    for (login, wanted) in channels {
        let channel = world.store.channel(&login.parse().unwrap()).await.unwrap().unwrap();
        let held = world.store.channel_days(&[channel.key], day(), day().plus(1)).await.unwrap();
        prop_assert_eq!(told(&held[0].data), wanted);
    }
    world.store.close().await;
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn the_merge_finds_what_a_hash_map_finds(sweeps in sweeps()) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(compare(sweeps))?;
    }
}
