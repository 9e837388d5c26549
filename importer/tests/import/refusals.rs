//! What an import refuses leaves the store as it was; what it takes, it takes once.

use std::fs;
use std::num::NonZeroUsize;

use archive::Archive;
use archive::index::Index;
use importer::error::ImportError;
use importer::import::{ImportOrder, Progress, import_day};
use importer::options::ImportOptions;
use model::channel_day::ChannelSlot;
use model::identity::TwitchId;
use model::slot::{Slot, SlotTime};
use model::words::{Evidence, Origin, StreamStatus};
use store::Store;
use store::dump::dump_day;

use crate::told::told;
use crate::world::{World, day, job, live, row, sweep};

/// Ten sweeps from slot 100 with two channels; a person a slot comes and stays for three.
async fn ten_sweeps(world: &World) {
    for slot in 100..110u16 {
        let at = SlotTime::at(day(), slot);
        let present = (100..=slot).rev().take(3).map(|n| row("_a", &format!("_p{n}"), Evidence::Listed));
        let mut chatters: Vec<_> = present.collect();
        chatters.push(row("_b", "_p0", Evidence::Spoke));
        sweep(&world.archive, at, vec![live(at, "_a"), live(at, "_b")], chatters).await;
    }
}

#[tokio::test]
async fn twice_is_once() {
    let world = World::new().await;
    ten_sweeps(&world).await;
    let first = world.import(day(), true).await.unwrap();
    let dump = dump_day(&world.store, &job(), day()).await.unwrap();
    let second = world.import(day(), false).await.unwrap();
    assert_eq!(dump_day(&world.store, &job(), day()).await.unwrap(), dump);
    assert_eq!((first.viewers, first.runs, first.observations, first.sweeps, first.channels), (11, 11, 37, 10, 2));
    assert_eq!((second.viewers, second.runs, second.observations, second.new_people), (11, 11, 37, 0));
    let record = world.store.days().await.unwrap()[0];
    assert_eq!(
        (record.provisional, record.until, record.stats.viewers, record.stats.observations),
        (false, None, 11, 37)
    );
    assert_eq!(record.imported_at, day().start_unix() + 90_000);
    let sweeps = world.store.sweeps(model::slot::Span::of_day(day())).await.unwrap();
    assert_eq!((sweeps.len(), sweeps[0].live, sweeps[0].viewers, sweeps[0].sweep_ms), (10, 2, 200, 1_500));
}

#[tokio::test]
async fn an_open_day_says_how_far_it_is() {
    let world = World::new().await;
    ten_sweeps(&world).await;
    world.import(day(), true).await.unwrap();
    let record = world.store.days().await.unwrap()[0];
    assert_eq!((record.provisional, record.until.map(Slot::index)), (true, Some(110)));
    let channel = world.store.channel(&"_a".parse().unwrap()).await.unwrap().unwrap();
    let held = world.store.channel_days(&[channel.key], day(), day().plus(1)).await.unwrap();
    assert_eq!(held[0].data.slot(Slot::new(110).unwrap()), ChannelSlot::Unknown);
    let last = SlotTime::at(day(), 287);
    sweep(&world.archive, last, vec![live(last, "_a")], vec![]).await;
    world.import(day(), true).await.unwrap();
    assert_eq!(world.store.days().await.unwrap()[0].until, None);
}

#[tokio::test]
async fn a_damaged_object_is_named_with_its_line_and_the_day_stays() {
    let world = World::new().await;
    ten_sweeps(&world).await;
    world.import(day(), false).await.unwrap();
    let dump = dump_day(&world.store, &job(), day()).await.unwrap();
    let record = world.store.days().await.unwrap();
    let object = "chatters/date=2026-11-18/0845.csv.gz";
    let path = world.folder.path().join("archive").join(object);
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() - 12]).unwrap();
    let error = world.import(day(), false).await.unwrap_err();
    let text = told(&error);
    assert!(
        text.starts_with(&format!("cannot import 2026-11-18: its archive cannot be read: {object}, member 2, line ")),
        "{text}"
    );
    assert!(!text.contains("_p10"), "no viewer's name in an error: {text}");
    assert_eq!(dump_day(&world.store, &job(), day()).await.unwrap(), dump);
    assert_eq!(world.store.days().await.unwrap(), record);
}

#[tokio::test]
async fn chatters_of_nobody_and_days_of_nothing_are_refused() {
    let world = World::new().await;
    assert!(matches!(world.import(day(), false).await, Err(ImportError::NoSweeps(none)) if none == day()));
    let at = SlotTime::at(day(), 100);
    sweep(&world.archive, at, vec![live(at, "_a")], vec![row("_b", "_p", Evidence::Listed)]).await;
    let error = world.import(day(), false).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot import 2026-11-18: chatters/date=2026-11-18/0820.csv.gz names the channel _b, which has no row in the sweep's streams"
    );
    assert_eq!(world.store.days().await.unwrap(), []);
}

#[tokio::test]
async fn origins_are_not_mixed() {
    let world = World::new().await;
    let real = world.folder.path().join("real");
    let archive = Archive::create(real.to_str().unwrap(), Origin::Real).await.unwrap();
    let order = ImportOrder { day: day(), provisional: false, now: 0 };
    let refused = import_day(&archive, &world.store, &job(), order, &ImportOptions::default(), |_| {}).await;
    assert!(matches!(refused, Err(ImportError::Origin { archive: Origin::Real, store: Origin::Simulated, .. })));
}

#[tokio::test]
async fn a_channel_and_a_person_that_change_their_names_stay_one() {
    let world = World::new().await;
    for slot in 100..106u16 {
        let at = SlotTime::at(day(), slot);
        let (channel, person) = if slot < 103 { ("_old", "_before") } else { ("_new", "_after") };
        let mut stream = live(at, channel);
        stream.channel_id = TwitchId::new(7);
        let mut chatter = row(channel, person, Evidence::Listed);
        chatter.chatter_id = TwitchId::new(8);
        let mut other = live(at, "_other");
        other.status = StreamStatus::OffAir;
        other.stream = None;
        sweep(&world.archive, at, vec![stream, other], vec![chatter]).await;
    }
    let report = world.import(day(), false).await.unwrap();
    assert_eq!(report.channels, 2);
    let dump = dump_day(&world.store, &job(), day()).await.unwrap();
    assert_eq!(dump.len(), 1);
    let runs: Vec<_> =
        dump[0].channels.iter().flat_map(|channel| &channel.listed).map(|run| (run.from(), run.to())).collect();
    assert_eq!(runs, [(100, 106)]);
    let channel = world.store.channel(&"_new".parse().unwrap()).await.unwrap().unwrap();
    let held = world.store.channel_days(&[channel.key], day(), day().plus(1)).await.unwrap();
    assert_eq!(held[0].data.live().len(), 6);
    let segments: Vec<_> = held[0].data.segments.iter().map(|segment| (segment.run.from(), segment.run.to())).collect();
    assert_eq!(segments, [(100, 106)]);
}

#[tokio::test]
async fn bots_are_flagged_and_left_out_of_the_people() {
    let world = World::new().await;
    for slot in 100..103u16 {
        let at = SlotTime::at(day(), slot);
        let channels: Vec<String> = (0..10).map(|n| format!("_c{n}")).collect();
        let mut chatters: Vec<_> = channels.iter().map(|channel| row(channel, "_bot", Evidence::Listed)).collect();
        chatters.extend(channels.iter().skip(1).map(|channel| row(channel, "_fan", Evidence::Listed)));
        sweep(&world.archive, at, channels.iter().map(|channel| live(at, channel)).collect(), chatters).await;
    }
    let report = world.import(day(), false).await.unwrap();
    assert_eq!((report.viewers, report.bots), (2, 1));
    let flags: Vec<_> = dump_day(&world.store, &job(), day())
        .await
        .unwrap()
        .into_iter()
        .map(|row| (row.login.to_string(), row.bot))
        .collect();
    assert_eq!(flags, [("_bot".to_owned(), true), ("_fan".to_owned(), false)]);
    let stats = world.store.days().await.unwrap()[0].stats;
    assert_eq!((stats.viewers, stats.bots), (1, 1));
}

#[tokio::test]
async fn progress_counts_every_row() {
    let world = World::new().await;
    ten_sweeps(&world).await;
    let told = std::sync::Mutex::new(Vec::new());
    let order = ImportOrder { day: day(), provisional: false, now: 0 };
    import_day(&world.archive, &world.store, &job(), order, &ImportOptions::default(), |step| {
        told.lock().unwrap().push(step);
    })
    .await
    .unwrap();
    let mut told = told.into_inner().unwrap();
    assert_eq!(told.pop(), Some(Progress::Writing));
    assert_eq!(told.pop(), Some(Progress::Merged { done: 37, total: 37 }));
    assert!(matches!(told[..], [Progress::Merged { done: 1..37, total: 37 }]));
}

#[tokio::test]
async fn of_two_damaged_sweeps_the_same_is_told_whatever_the_threads() {
    let world = World::new().await;
    let file =
        |kind: &str, name: &str| world.folder.path().join("archive").join(format!("{kind}/date={}/{name}", day()));
    // Four members a list, of which an import samples the second and the fourth before it reads any.
    let channels: Vec<String> = (0..8).map(|n| format!("_c{n}")).collect();
    for slot in 96..106u16 {
        let at = SlotTime::at(day(), slot);
        let people = |channel| (0..1_200).map(move |n| row(channel, &format!("_p{n:04}"), Evidence::Listed));
        let chatters = channels.iter().flat_map(|channel| people(channel)).collect();
        sweep(&world.archive, at, channels.iter().map(|channel| live(at, channel)).collect(), chatters).await;
    }
    // A sweep whose last channels cannot be read, and a later one whose first cannot.
    for (name, number) in [("0805", 3), ("0845", 1)] {
        let index: Index =
            serde_json::from_slice(&fs::read(file("index/chatters", &format!("{name}.json"))).unwrap()).unwrap();
        assert_eq!(index.members.len(), 5);
        let object = file("chatters", &format!("{name}.csv.gz"));
        let mut bytes = fs::read(&object).unwrap();
        let member = &index.members[number];
        bytes[(member.offset + member.length / 2) as usize] ^= 0xff;
        fs::write(&object, bytes).unwrap();
    }
    for threads in [1, 4, 1, 4, 4, 4] {
        let options = ImportOptions { threads: NonZeroUsize::new(threads).unwrap(), ..ImportOptions::default() };
        let text = told(&world.import_with(day(), false, &options).await.unwrap_err());
        assert!(text.contains("chatters/date=2026-11-18/0845.csv.gz, member 2, line "), "{threads} threads: {text}");
    }
}

#[tokio::test]
async fn a_number_that_everybody_has_is_no_id() {
    let world = World::new().await;
    let one_id = async |slot: u16, people: u32| {
        let at = SlotTime::at(day(), slot);
        let mut chatters: Vec<_> = (0..people).map(|n| row("_a", &format!("_p{n:02}"), Evidence::Listed)).collect();
        for row in &mut chatters {
            row.chatter_id = TwitchId::new(1);
        }
        sweep(&world.archive, at, vec![live(at, "_a")], chatters).await;
    };
    one_id(100, 16).await;
    assert_eq!(world.import(day(), true).await.unwrap().viewers, 1);
    one_id(101, 40).await;
    let error = world.import(day(), false).await.unwrap_err();
    assert!(matches!(error, ImportError::Logins { logins: 40, .. }), "{error}");
    let text = told(&error);
    assert!(text.contains("rows of 40 logins with one chatter_id") && !text.contains("_p"), "{text}");
    assert_eq!(world.store.days().await.unwrap()[0].stats.viewers, 1);
}
