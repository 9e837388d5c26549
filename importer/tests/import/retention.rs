//! From slots to hours to nothing, as time goes by.

use std::path::Path;

use importer::retention::{Retention, Step, apply, apply_all, plan};
use model::day::Day;
use model::hours::SlotCounts;
use model::slot::SlotTime;
use model::words::{Evidence, Tier};
use store::Store;
use store::access::{ViewerKey, ViewerPages, viewer};

use crate::world::{World, day, job, live, row, sweep};

/// Slots 100 to 109: Ada listed in all of them, and heard once after the stream had ended for a slot; playing from 105 on.
async fn an_evening(world: &World) {
    for slot in 100..112u16 {
        let at = SlotTime::at(day(), slot);
        let mut stream = live(at, "_room");
        if let Some(facts) = stream.stream.as_mut() {
            facts.game = String::from(if slot < 105 { "Just Chatting" } else { "Chess" });
        }
        let evidence = if slot < 110 { Evidence::Listed } else { Evidence::Spoke };
        let people = if slot == 110 { vec![] } else { vec![row("_room", "_ada", evidence)] };
        sweep(&world.archive, at, vec![stream], people).await;
    }
}

/// Everything that is due on that day, done.
async fn age(world: &World, today: &str) -> Vec<Step> {
    let today: Day = today.parse().unwrap();
    let archived = world.archive.days_with_objects().await.unwrap();
    let (months, days) = (world.store.months().await.unwrap(), world.store.days().await.unwrap());
    let steps = plan(today, Retention::default(), &months, &archived, &days);
    for step in &steps {
        apply(*step, &world.archive, &world.store, &job()).await.unwrap();
    }
    steps
}

async fn ada(world: &World) -> ViewerKey {
    viewer(&world.store, &"_ada".parse().unwrap(), ViewerPages::Public, None).await.unwrap().unwrap()
}

fn files(folder: &Path) -> usize {
    std::fs::read_dir(folder).map_or(0, |entries| {
        entries.map(|entry| entry.unwrap().path()).map(|path| if path.is_dir() { files(&path) } else { 1 }).sum()
    })
}

#[tokio::test]
async fn slots_become_hours_and_go() {
    let world = World::new().await;
    an_evening(&world).await;
    world.import(day(), false).await.unwrap();
    let month = day().month();
    let ada = ada(&world).await;
    let slots = world.store.viewer_days(&ada, day(), day().plus(1)).await.unwrap();
    assert_eq!(age(&world, "2026-11-30").await, []);
    assert_eq!(age(&world, "2026-12-08").await, [Step::Close(month), Step::DropOpen(month)]);
    assert_eq!(world.store.viewer_days(&ada, day(), day().plus(1)).await.unwrap(), slots);

    let archive = world.folder.path().join("archive");
    assert_eq!(age(&world, "2027-02-16").await, []);
    assert_eq!(files(&archive), 12 * 4 + 2);
    // Objects go by day, rows by month.
    assert_eq!(age(&world, "2027-02-17").await, [Step::DeleteObjects(day())]);
    assert_eq!(files(&archive), 1, "the description of the archive alone");
    assert_eq!(world.archive.days_with_objects().await.unwrap(), []);
    assert_eq!(age(&world, "2027-03-01").await, [Step::Age(month)]);
    assert_eq!(world.store.viewer_days(&ada, day(), day().plus(1)).await.unwrap(), []);
    let hours = world.store.viewer_hours(&ada, day(), day().plus(1)).await.unwrap();
    let (_, hours) = &hours[0];
    // One observed slot between: one session, in which her word counts as watching.
    let counts = SlotCounts { listed: 10, spoke: 1, watched: 11, active: 0 };
    assert_eq!(hours.channels.iter().map(|(_, counts)| *counts).collect::<Vec<_>>(), [counts]);
    assert_eq!((hours.present[8], hours.present[9], hours.online_slots()), (8, 3, 11));
    assert_eq!((hours.known[8], hours.known[9], hours.known[10]), (8, 4, 0));
    let games = world.store.games().await.unwrap();
    let of = |name: &str| {
        let key = games.iter().find(|(_, game)| game.name == name).unwrap().0;
        hours.games.iter().find(|(game, _)| *game == key).unwrap().1
    };
    assert_eq!(of("Just Chatting"), SlotCounts { listed: 5, spoke: 0, watched: 5, active: 0 });
    assert_eq!(of("Chess"), SlotCounts { listed: 5, spoke: 1, watched: 6, active: 0 });

    assert_eq!(age(&world, "2028-01-04").await, []);
    assert_eq!(age(&world, "2028-01-05").await, [Step::Forget(month)]);
    assert_eq!(world.store.viewer_days(&ada, Day::MIN, Day::MAX).await.unwrap(), []);
    assert_eq!(world.store.viewer_hours(&ada, Day::MIN, Day::MAX).await.unwrap(), []);
    assert_eq!(world.store.months().await.unwrap()[0].closed, Some(Tier::Aggregates));
    assert_eq!(world.store.channels_of_day(day()).await.unwrap().len(), 1);
    assert_eq!(age(&world, "2029-01-01").await, []);
}

#[tokio::test]
async fn a_step_that_fails_keeps_nothing_else_beyond_its_time() {
    let world = World::new().await;
    an_evening(&world).await;
    world.import(day(), false).await.unwrap();
    let (month, never_held) = (day().month(), day().month().next());
    // There is nothing to close, and nothing that was closed.
    let steps = [
        Step::Close(never_held),
        Step::Age(never_held),
        Step::Close(month),
        Step::DropOpen(month),
        Step::DeleteObjects(day()),
    ];
    let mut done = Vec::new();
    let failures = apply_all(&steps, &world.archive, &world.store, &job(), |step, _| done.push(step)).await;
    assert_eq!(done, steps[2..]);
    let told: Vec<String> = failures.iter().map(ToString::to_string).collect();
    assert_eq!(told, [format!("cannot close {never_held}")]);
    assert_eq!(world.archive.days_with_objects().await.unwrap(), []);
}
