//! What an erasure has to know at its own time, since it was otherwise at the import or when it was asked for.

use std::fs;

use importer::erase::{EraseError, Eraser};
use model::identity::TwitchId;
use model::slot::SlotTime;
use model::words::Evidence;
use store::Store;
use store::access::{ViewerPages, viewer};
use store::jobs::PersonNames;

use crate::erasing::{GONE, ID, export_of, heeding, run, secret};
use crate::scanner::Scanner;
use crate::world::{World, day, job, live, row, sweep};

/// A sweep of slot `slot` with these people, who may have ids.
async fn swept(world: &World, slot: u16, people: &[(&str, Option<u64>)]) {
    let at = SlotTime::at(day(), slot);
    let person = |(name, id): &(&str, Option<u64>)| {
        let mut row = row("_a", name, Evidence::Listed);
        row.chatter_id = id.and_then(TwitchId::new);
        row
    };
    sweep(&world.archive, at, vec![live(at, "_a")], people.iter().map(person).collect()).await;
}

async fn ask(world: &World) -> PersonNames {
    let subject = world.store.person(&job(), &GONE.parse().unwrap()).await.unwrap();
    world.store.ask_erase(&subject, false, 5).await.unwrap();
    subject
}

#[tokio::test]
async fn as_many_lists_as_the_day_had_are_not_the_same_lists() {
    for is_swept in [false, true] {
        let world = World::new().await;
        let place = |name: &str| world.folder.path().join("archive").join(name);
        for slot in [100, 101] {
            swept(&world, slot, &[("_p1", None)]).await;
        }
        world.import(day(), false).await.unwrap();
        // One that was never finished, or that came after the import.
        swept(&world, 102, &[(GONE, None), ("_p1", None)]).await;
        let streams = place(&format!("streams/date={}/0830.csv.gz", day()));
        if !is_swept {
            fs::remove_file(&streams).unwrap();
        }
        // And one that could not be read is removed, as the erasure says.
        for kind in ["chatters", "streams"] {
            fs::remove_file(place(&format!("{kind}/date={}/0820.csv.gz", day()))).unwrap();
        }
        ask(&world).await;
        let receipt = run(&world).await;
        let scanner = Scanner::new(&[GONE], None, &secret());
        assert_eq!(scanner.files(&place("chatters"), |_| true), 0);
        assert_eq!((receipt.observations, receipt.archive_days), (1, 1));
    }
}

#[tokio::test]
async fn whoever_is_known_since_they_asked_is_kept_out_by_all_that_is_known() {
    // Never seen when they asked, or seen without an id.
    for seen in [false, true] {
        let world = World::new().await;
        if seen {
            swept(&world, 100, &[(GONE, None), ("_p1", None)]).await;
            world.import(day(), true).await.unwrap();
        }
        let asked = ask(&world).await;
        assert_eq!((asked.key.is_some(), asked.id), (seen, None));
        swept(&world, 101, &[(GONE, Some(ID)), ("_p1", None)]).await;
        world.import(day(), false).await.unwrap();
        // Stopped when their rows are gone, and nobody could find it out again.
        export_of(&world, &[day()]).await;
        let part = world.folder.path().join(format!("exports/csv.gz/presence/date={}/part-0.csv.gz", day()));
        let whole = fs::read(&part).unwrap();
        fs::write(&part, b"no gzip").unwrap();
        let (key, secret) = (job(), secret());
        let eraser = Eraser {
            archive: &world.archive,
            spool: None,
            store: &world.store,
            job: &key,
            secret: &secret,
            crowd: None,
        };
        let jobs = world.store.erase_jobs(&key).await.unwrap();
        let stopped = eraser.erase(&jobs[0], 9, |_, _| {}).await;
        assert!(matches!(stopped, Err(EraseError::Export { .. })), "{stopped:?}");
        let known = world.store.erase_jobs(&key).await.unwrap().remove(0).subject.unwrap();
        assert_eq!((known.key.is_some(), known.id), (true, TwitchId::new(ID)));
        fs::write(part, whole).unwrap();
        let receipt = run(&world).await;
        assert_eq!(receipt.store_days, 1);
        let list = heeding(&world).await.suppression;
        assert!(list.holds(GONE, None) && list.holds("_any_other", TwitchId::new(ID)));
    }
}

#[tokio::test]
async fn whoever_waits_for_their_erasure_is_shown_no_longer() {
    let world = World::new().await;
    swept(&world, 100, &[(GONE, None), ("_p1", None)]).await;
    world.import(day(), false).await.unwrap();
    ask(&world).await;
    let (key, secret) = (job(), secret());
    let eraser =
        Eraser { archive: &world.archive, spool: None, store: &world.store, job: &key, secret: &secret, crowd: None };
    let asked = world.store.erase_jobs(&key).await.unwrap().remove(0);
    for _ in 0..2 {
        eraser.withdraw(&asked, 7).await.unwrap();
    }
    assert_eq!(world.store.suppressed().await.unwrap().withdrawals, 1);
    let shown = viewer(&world.store, &GONE.parse().unwrap(), ViewerPages::Public, None).await.unwrap();
    assert!(shown.is_none());
    assert_eq!(run(&world).await.observations, 1);
}

#[tokio::test]
async fn a_login_of_the_day_of_a_rename_alone_is_theirs() {
    const OLD: &str = "_old_for_a_day";
    let world = World::new().await;
    // Rows without an id are told of by their login, the day's first and one in between.
    for (slot, name, id) in [(100, OLD, Some(ID)), (101, OLD, None), (102, "_in_between", Some(ID))] {
        swept(&world, slot, &[(name, id), ("_p1", None)]).await;
    }
    for (slot, name, id) in [(103, "_in_between", None), (104, GONE, Some(ID)), (105, GONE, None)] {
        swept(&world, slot, &[(name, id), ("_p1", None)]).await;
    }
    for _ in 0..2 {
        world.import(day(), false).await.unwrap();
    }
    let asked = ask(&world).await;
    assert_eq!((asked.logins_on(day()).len(), asked.logins_now().len()), (3, 1));
    let receipt = run(&world).await;
    assert_eq!((receipt.observations, receipt.objects), (6, 6));
    let scanner = Scanner::new(&[OLD, "_in_between", GONE], TwitchId::new(ID), &secret());
    assert_eq!(scanner.files(&world.folder.path().join("archive"), |_| true), 0);
    let again = world.import_with(day(), false, &heeding(&world).await).await.unwrap();
    assert_eq!((again.viewers, again.new_people, again.suppressed), (1, 0, 0));
    // They gave it up: whoever bears it next is another.
    assert!(!heeding(&world).await.suppression.holds(OLD, None));
}

#[tokio::test]
async fn a_channel_is_found_under_each_name_of_the_day_it_changed_them() {
    let world = World::new().await;
    for (slot, channel) in [(100, "_first"), (101, "_second"), (102, "_third")] {
        let at = SlotTime::at(day(), slot);
        let mut stream = live(at, channel);
        stream.channel_id = TwitchId::new(70);
        let people = [GONE, "_p1"].map(|name| row(channel, name, Evidence::Listed));
        sweep(&world.archive, at, vec![stream], people.to_vec()).await;
    }
    // Known since that day: what it was called before is of that day alone.
    world.import(day(), false).await.unwrap();
    ask(&world).await;
    assert_eq!(run(&world).await.observations, 3);
    let scanner = Scanner::new(&[GONE], None, &secret());
    assert_eq!(scanner.files(&world.folder.path().join("archive"), |_| true), 0);
}
