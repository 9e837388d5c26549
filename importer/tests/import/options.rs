//! Whatever the options, what is kept is what was there, less what was asked to be left out.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;

use archive::index::Index;
use importer::error::ImportError;
use importer::import::{ImportOrder, ImportReport, import_day};
use importer::options::ImportOptions;
use model::identity::TwitchId;
use model::slot::{Slot, SlotTime};
use model::words::{Evidence, Origin};
use store::day::SkippedSweep;
use store::dump::dump_day;
use store::suppression::{Secret, Suppression, suppress};
use store::{AnyStore, Store};

use crate::tables::tables;
use crate::told::told;
use crate::world::{World, day, job, live, row, sweep};

/// Sweeps of forty channels with three hundred people each, who come and go: several members an object.
async fn large_day(world: &World) {
    for slot in (90..96u16).chain(200..204) {
        let at = SlotTime::at(day(), slot);
        let channels: Vec<String> = (0..40).map(|n| format!("_c{n:02}")).collect();
        let mut chatters = Vec::new();
        for (n, channel) in channels.iter().enumerate() {
            let here = (0..300).filter(|person| (person * 7 + n + usize::from(slot) / 2) % 5 != 0);
            let mut people: Vec<_> =
                here.map(|person| row(channel, &format!("_p{person:03}_{}", n / 3), Evidence::Listed)).collect();
            people.iter_mut().step_by(9).for_each(|row| row.chatter_id = TwitchId::new(1 + fnv(row.chatter.as_str())));
            people.push(row(channel, "_everywhere", Evidence::Spoke));
            chatters.extend(people);
        }
        sweep(&world.archive, at, channels.iter().map(|channel| live(at, channel)).collect(), chatters).await;
    }
}

fn fnv(text: &str) -> u64 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0193) & 0xffff_ffff)
}

fn threads(threads: usize) -> ImportOptions {
    ImportOptions { threads: NonZeroUsize::new(threads).unwrap(), ..ImportOptions::default() }
}

/// Imports the day into a new store, with so many threads: all that its tables hold then.
async fn stored(world: &World, count: usize) -> (ImportReport, BTreeMap<String, Vec<String>>) {
    let folder = tempfile::tempdir().unwrap();
    let store = AnyStore::open(folder.path().to_str().unwrap(), Some(Origin::Simulated)).await.unwrap();
    let order = ImportOrder { day: day(), provisional: false, now: day().start_unix() + 90_000 };
    let report = import_day(&world.archive, &store, &job(), order, &threads(count), |_| {}).await.unwrap();
    store.close().await;
    (report, tables(folder.path()).await)
}

/// Bytes of all files in a folder of the archive.
fn bytes_in(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let bytes = |entry: fs::DirEntry| {
        let metadata = entry.metadata().unwrap();
        if metadata.is_dir() { bytes_in(&entry.path()) } else { metadata.len() }
    };
    entries.map(bytes).sum()
}

#[tokio::test]
async fn what_a_day_takes_in_the_archive_is_remembered() {
    let world = World::new().await;
    large_day(&world).await;
    world.import(day(), false).await.unwrap();
    let archive = world.folder.path().join("archive");
    let held: u64 = ["streams", "chatters"].map(|kind| bytes_in(&archive.join(kind))).iter().sum();
    let days = world.store.days().await.unwrap();
    assert_eq!(days.iter().map(|record| record.stats.archive_bytes).collect::<Vec<_>>(), [Some(held)]);
}

#[tokio::test]
async fn the_number_of_threads_changes_no_byte() {
    let world = World::new().await;
    large_day(&world).await;
    let (first, alone) = stored(&world, 1).await;
    assert!(first.observations > 90_000 && first.runs > 20_000);
    for table in ["open-2026-11.db: block", "main.db: channel_day", "main.db: person", "main.db: login_span"] {
        assert!(!alone[table].is_empty(), "{table}");
    }
    for count in [2, 3, 7] {
        let (report, tables) = stored(&world, count).await;
        assert_eq!((report.observations, report.runs, report.viewers), (first.observations, first.runs, first.viewers));
        assert_eq!(tables.keys().collect::<Vec<_>>(), alone.keys().collect::<Vec<_>>());
        for (table, rows) in tables {
            assert!(rows == alone[&table], "{table} with {count} threads");
        }
    }
}

#[tokio::test]
async fn an_index_hides_no_row_whatever_part_of_the_day_ends_within_a_member() {
    let world = World::new().await;
    large_day(&world).await;
    let whole = world.import(day(), false).await.unwrap();
    let name = format!("chatters/date={}/0735.csv.gz", day());
    let path = world.folder.path().join(format!("archive/index/chatters/date={}/0735.json", day()));
    let truth: Index = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    assert!(truth.members.len() > 4);
    let mut lies = 0;
    for number in 1..truth.members.len() {
        let mut lie = truth.clone();
        // All but the first of its channels go unnamed.
        let member = &mut lie.members[number];
        member.last = member.first.clone();
        if lie == truth {
            continue;
        }
        lies += 1;
        fs::write(&path, serde_json::to_vec(&lie).unwrap()).unwrap();
        for count in [1, 2, 7] {
            let error = told(&world.import_with(day(), false, &threads(count)).await.unwrap_err());
            assert!(error.contains(&name) && error.contains("the index does not describe the object"), "{error}");
        }
        let options = ImportOptions { skip_bad: true, ..threads(7) };
        let report = world.import_with(day(), false, &options).await.unwrap();
        assert_eq!((report.observations + truth.rows, report.skipped.len()), (whole.observations, 1));
    }
    assert!(lies > 2);
}

#[tokio::test]
async fn bad_sweeps_are_left_out_when_asked_and_noted() {
    let world = World::new().await;
    large_day(&world).await;
    let whole = world.import(day(), false).await.unwrap();
    let archive = world.folder.path().join("archive");
    let object = |kind: &str, name: &str| archive.join(format!("{kind}/date={}/{name}.csv.gz", day()));
    let cut = object("chatters", "0735");
    let bytes = fs::read(&cut).unwrap();
    fs::write(&cut, &bytes[..bytes.len() / 2]).unwrap();
    let flipped = object("streams", "1640");
    let mut bytes = fs::read(&flipped).unwrap();
    let middle = bytes.len() - 20;
    bytes[middle] ^= 1;
    fs::write(&flipped, bytes).unwrap();
    fs::remove_file(object("chatters", "1655")).unwrap();

    let before = dump_day(&world.store, &job(), day()).await.unwrap();
    assert!(matches!(world.import(day(), false).await, Err(ImportError::Archive { .. })));
    assert_eq!(dump_day(&world.store, &job(), day()).await.unwrap(), before);
    let options = ImportOptions { skip_bad: true, ..ImportOptions::default() };
    let report = world.import_with(day(), false, &options).await.unwrap();
    assert_eq!((report.sweeps, report.skipped.len()), (7, 3));
    assert!(report.observations < whole.observations);
    let skipped = world.store.skipped_sweeps(day()).await.unwrap();
    let told: Vec<(u16, bool)> =
        skipped.iter().map(|SkippedSweep { slot, reason }| (slot.index(), reason.contains(&slot.hhmm()))).collect();
    assert_eq!(told, [(91, true), (200, true), (203, true)]);
    assert!(skipped.iter().all(|sweep| !sweep.reason.contains("_p")), "{skipped:?}");
    // What was left out is unknown, not absent.
    let channel = world.store.channel(&"_c00".parse().unwrap()).await.unwrap().unwrap();
    let held = world.store.channel_days(&[channel.key], day(), day().plus(1)).await.unwrap();
    assert!(!held[0].data.slot(Slot::new(91).unwrap()).stream_observed());
    assert!(held[0].data.slot(Slot::new(92).unwrap()).stream_observed());
}

#[tokio::test]
async fn whoever_opted_out_is_not_kept_and_all_is_accounted_for() {
    let world = World::new().await;
    large_day(&world).await;
    let secret = Secret::new(b"0123456789abcdef").unwrap();
    let id = TwitchId::new(1 + fnv("_p000_3")).unwrap();
    let whole = world.import(day(), false).await.unwrap();
    suppress(&world.store, &job(), &secret, &["_everywhere", "_c07"], &[id], 1).await.unwrap();
    let suppression = Suppression::load(&world.store, Some(&secret)).await.unwrap();
    let all: BTreeSet<String> =
        dump_day(&world.store, &job(), day()).await.unwrap().into_iter().map(|row| row.login.to_string()).collect();
    assert!(all.contains("_everywhere") && all.contains("_p000_3"));

    let options = ImportOptions { suppression, ..ImportOptions::default() };
    let report = world.import_with(day(), false, &options).await.unwrap();
    assert_eq!((report.observations, report.channels, report.channels_suppressed), (whole.observations, 39, 1));
    assert!(report.suppressed > 0);
    let stats = world.store.days().await.unwrap()[0].stats;
    assert_eq!(stats.kept + stats.suppressed + stats.joined, stats.observations);
    assert_eq!((stats.suppressed, stats.joined), (report.suppressed, 0));
    let dump = dump_day(&world.store, &job(), day()).await.unwrap();
    let held: BTreeSet<String> = dump.iter().map(|row| row.login.to_string()).collect();
    assert!(!held.contains("_everywhere") && !held.contains("_p000_3"));
    assert!(dump.iter().flat_map(|row| &row.channels).all(|presence| presence.channel.as_str() != "_c07"));
}

#[tokio::test]
async fn who_opted_out_by_the_login_they_gave_up_that_day_is_not_kept_under_the_next() {
    let world = World::new().await;
    for slot in [100u16, 101] {
        let at = SlotTime::at(day(), slot);
        let (person, channel) = if slot == 100 { ("_was", "_old") } else { ("_is", "_new") };
        let mut streams = vec![live(at, "_a"), live(at, channel)];
        streams[1].channel_id = TwitchId::new(72);
        let mut chatters = vec![
            row("_a", "_stays", Evidence::Listed),
            row(channel, "_stays", Evidence::Listed),
            row("_a", person, Evidence::Listed),
        ];
        chatters[2].chatter_id = TwitchId::new(550);
        sweep(&world.archive, at, streams, chatters).await;
    }
    let secret = Secret::new(b"0123456789abcdef").unwrap();
    suppress(&world.store, &job(), &secret, &["_was", "_old"], &[], 1).await.unwrap();
    let suppression = Suppression::load(&world.store, Some(&secret)).await.unwrap();
    let options = ImportOptions { suppression, ..ImportOptions::default() };
    let report = world.import_with(day(), false, &options).await.unwrap();
    assert_eq!((report.observations, report.suppressed, report.viewers), (6, 4, 1));
    assert_eq!((report.channels, report.channels_suppressed), (1, 1));
    let held = dump_day(&world.store, &job(), day()).await.unwrap();
    assert_eq!(held.iter().map(|row| row.login.as_str()).collect::<Vec<_>>(), ["_stays"]);
    for channel in ["_old", "_new"] {
        assert_eq!(world.store.channel(&channel.parse().unwrap()).await.unwrap(), None);
    }
}
