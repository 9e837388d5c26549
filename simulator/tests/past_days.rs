//! Past days in an archive are the truth, without the outages.

#![allow(clippy::unwrap_used)] // Its helpers are tests too.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use archive::Archive;
use model::day::Day;
use model::login::Login;
use model::slot::{Slot, SlotTime, Span};
use model::slot_set::SlotSet;
use model::words::{ListStatus, Origin, StreamStatus};
use simulator::persona::personas;
use simulator::world::{Population, World};
use simulator::write::{DayWritten, Follow, write_days};

const SEED: u64 = 4;

fn world() -> Arc<World> {
    Arc::new(World::new(SEED, Population { viewers: 300, channels: 40 }).unwrap())
}

async fn archive(folder: &Path) -> Archive {
    Archive::create(folder.to_str().unwrap(), Origin::Simulated).await.unwrap()
}

/// All files of a folder with their bytes.
fn files(folder: &Path, into: &mut BTreeMap<String, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, into);
        } else {
            drop(into.insert(path.display().to_string(), std::fs::read(&path).unwrap()));
        }
    }
}

/// The first day from `from` on which all kinds of outages happen.
fn bad_day(world: &World, from: Day) -> Day {
    let bad = |day: &Day| {
        let outages = world.outages(*day);
        ![outages.no_sweep, outages.helix_down, outages.ids_down].iter().any(SlotSet::is_empty)
    };
    from.until(from.plus(2_000)).find(bad).expect("in 2,000 days all kinds of outages meet on one")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_seed_gives_the_same_bytes() {
    let day: Day = "2026-11-18".parse().unwrap();
    let mut written = Vec::new();
    for _ in 0..2 {
        let folder = tempfile::tempdir().unwrap();
        let archive = archive(folder.path()).await;
        write_days(&world(), &archive, &Follow::default(), Span::of_day(day), |_| {}).await.unwrap();
        let mut bytes = BTreeMap::new();
        files(folder.path(), &mut bytes);
        let prefix = folder.path().display().to_string();
        written.push(
            bytes.into_iter().map(|(path, bytes)| (path[prefix.len()..].to_owned(), bytes)).collect::<BTreeMap<_, _>>(),
        );
    }
    assert!(written[0].len() > 4 * 280);
    assert!(written[0] == written[1], "seed {SEED}: the two archives differ");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_archive_holds_the_truth_without_the_outages() {
    let world = world();
    let day = bad_day(&world, "2026-01-01".parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let archive = archive(folder.path()).await;
    let tracked: Login = world.channels().nth(3).unwrap().clone();
    let follow = Follow { tracked: [tracked.clone()].into(), language: "*".to_owned() };
    write_days(&world, &archive, &follow, Span::of_day(day), |_| {}).await.unwrap();

    let mut listed: BTreeMap<(String, Login), SlotSet> = BTreeMap::new();
    let mut observed: BTreeMap<Login, SlotSet> = BTreeMap::new();
    let outages = world.outages(day);
    let swept = archive.sweeps(day).await.unwrap();
    assert_eq!(swept.len(), 288 - usize::from(outages.no_sweep.len()), "seed {SEED}");
    for slot in swept {
        let at = SlotTime::new(day, slot);
        let streams = archive.read_streams(at).await.unwrap();
        assert_eq!(streams.len(), world.channels().len());
        for row in &streams {
            assert_eq!(row.tracked, row.channel == tracked);
            match row.status {
                StreamStatus::Unknown => assert!(outages.helix_down.contains(slot) || outages.ids_down.contains(slot)),
                StreamStatus::Live => assert!(!outages.helix_down.contains(slot)),
                StreamStatus::OffAir => assert!(!outages.helix_down.contains(slot) && !outages.ids_down.contains(slot)),
            }
            if row.status == StreamStatus::OffAir || row.list_status == ListStatus::Complete {
                observed.entry(row.channel.clone()).or_default().insert(slot);
            }
        }
        let list = archive.read_chatters(at).await.unwrap();
        assert!(list.is_sorted());
        for row in list.iter() {
            listed.entry((row.chatter.to_owned(), row.channel.clone())).or_default().insert(slot);
        }
    }
    for login in personas().iter().map(|persona| persona.login).chain(world.channels().map(Login::as_str)) {
        let truth = world.day_truth(&login.parse().unwrap(), day).unwrap();
        let found = listed.keys().filter(|(chatter, _)| chatter == login).count();
        assert_eq!(
            truth.channels.iter().filter(|channel| !channel.listed.is_empty()).count(),
            found,
            "seed {SEED}: {login}"
        );
        for channel in truth.channels {
            let in_archive = listed.get(&(login.to_owned(), channel.channel.clone())).copied().unwrap_or_default();
            assert_eq!(SlotSet::from_runs(channel.listed), in_archive, "seed {SEED}: {login} in {}", channel.channel);
            assert_eq!(
                SlotSet::from_runs(channel.observed),
                observed[&channel.channel],
                "seed {SEED}: {}",
                channel.channel
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_days_statistics_are_those_of_its_archive() {
    let world = world();
    let day = bad_day(&world, "2026-01-01".parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let archive = archive(folder.path()).await;
    let mut told = Vec::new();
    write_days(&world, &archive, &Follow::default(), Span::of_day(day), |day| told.push(day)).await.unwrap();
    let [DayWritten { statistics, sweeps, .. }] = told[..] else { panic!("one day") };

    let (mut seen, mut lists) = (BTreeMap::<(String, Login), SlotSet>::new(), Vec::new());
    let (mut followed, mut observations, mut unchanged) = (0, 0, 0);
    let swept = archive.sweeps(day).await.unwrap();
    assert_eq!(swept.len(), sweeps as usize);
    for slot in swept {
        let streams = archive.read_streams(SlotTime::new(day, slot)).await.unwrap();
        followed = streams.len();
        let complete = streams.iter().filter(|row| row.list_status == ListStatus::Complete);
        lists.extend(complete.filter_map(|row| row.chatter_count));
        for row in archive.read_chatters(SlotTime::new(day, slot)).await.unwrap().iter() {
            let slots = seen.entry((row.chatter.to_owned(), row.channel.clone())).or_default();
            let before = slot.index().checked_sub(1).and_then(|slot| Slot::new(slot).ok());
            unchanged += u64::from(before.is_some_and(|before| slots.contains(before)));
            observations += 1;
            slots.insert(slot);
        }
    }
    lists.sort_unstable();
    let people: BTreeSet<&str> = seen.keys().map(|(chatter, _)| chatter.as_str()).collect();
    let visited: BTreeSet<&Login> = seen.keys().map(|(_, channel)| channel).collect();
    let mut sessions = 0;
    for login in &people {
        for channel in world.day_truth(&login.parse().unwrap(), day).unwrap().channels {
            if seen.contains_key(&((*login).to_owned(), channel.channel.clone())) {
                let listed: Vec<Span> = channel.listed.iter().map(|run| run.on(day)).collect();
                let observed = SlotSet::from_runs(channel.observed);
                sessions += model::session::sessions(&listed, &[], |at| observed.contains(at.slot())).len();
            }
        }
    }
    assert_eq!((statistics.observations, statistics.viewers), (observations, people.len() as u64), "seed {SEED}");
    assert_eq!((statistics.channels, statistics.visited), (followed as u64, visited.len() as u64), "seed {SEED}");
    let runs: usize = seen.values().map(|slots| slots.runs().len()).sum();
    assert_eq!((statistics.runs, statistics.sessions), (runs as u64, sessions as u64), "seed {SEED}");
    assert_eq!(statistics.runs, observations - unchanged, "seed {SEED}");
    assert_eq!(statistics.largest, u64::from(*lists.last().unwrap()), "seed {SEED}");
    assert_eq!(statistics.median, u64::from(lists[lists.len() / 2]), "seed {SEED}");
    let mut chatters = BTreeMap::new();
    files(&folder.path().join("chatters"), &mut chatters);
    assert_eq!(statistics.bytes, chatters.values().map(|bytes| bytes.len() as u64).sum::<u64>());
    assert!(statistics.text_bytes > 3 * statistics.bytes);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writing_goes_on_where_it_stopped() {
    let world = world();
    let day: Day = "2026-11-18".parse().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let archive = archive(folder.path()).await;
    // From 23:00 of one day to 01:00 of the day after the next.
    let span = Span { from: SlotTime::at(day, 276), to: SlotTime::at(day.plus(2), 12) };
    let mut told: Vec<DayWritten> = Vec::new();
    let observations = write_days(&world, &archive, &Follow::default(), span, |day| told.push(day)).await.unwrap();
    told.sort_by_key(|written| written.day);
    assert_eq!(told.iter().map(|written| written.day).collect::<Vec<_>>(), span.days().collect::<Vec<_>>());
    assert_eq!(told.iter().map(|written| written.statistics.observations).sum::<u64>(), observations);
    assert!(archive.sweeps(day).await.unwrap().iter().all(|slot| *slot >= Slot::new(276).unwrap()));
    assert!(archive.sweeps(day.plus(2)).await.unwrap().iter().all(|slot| *slot < Slot::new(12).unwrap()));
    let again = write_days(&world, &archive, &Follow::default(), span, |day| assert_eq!(day.sweeps, 0)).await.unwrap();
    assert_eq!(again, 0);
}
