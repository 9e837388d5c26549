//! Accounts that were asked for, and are called otherwise.

use model::day::Day;
use model::identity::TwitchId;
use model::sample::{ChatterSample, Renaming};
use model::slot::SlotTime;
use model::words::Evidence;
use store::Store;
use store::dump::dump_day;

use crate::world::{World, day, job, live, put, row, sweep};

fn renaming(id: u64, was: impl Into<Option<&'static str>>, now: Option<&str>) -> Renaming {
    let login = |text: &str| text.parse().unwrap();
    Renaming { id: TwitchId::new(id).unwrap(), was: was.into().map(login), now: now.map(login) }
}

fn spoke(name: &str, id: u64) -> ChatterSample {
    ChatterSample { chatter_id: TwitchId::new(id), ..row("_room", name, Evidence::Spoke) }
}

fn listed(name: &str) -> ChatterSample {
    row("_room", name, Evidence::Listed)
}

async fn chat(world: &World, at: SlotTime, chatters: Vec<ChatterSample>) {
    sweep(&world.archive, at, vec![live(at, "_room")], chatters).await;
}

/// Everybody of a day: login, id, slots.
async fn people(world: &World, date: Day) -> Vec<(String, Option<u64>, u32)> {
    let dump = dump_day(&world.store, &job(), date).await.unwrap();
    let slots = |person: &store::dump::ViewerDump| {
        person.channels.iter().flat_map(|presence| &presence.listed).map(|run| u32::from(run.slots())).sum()
    };
    dump.iter().map(|person| (person.login.to_string(), person.id.map(TwitchId::get), slots(person))).collect()
}

#[tokio::test]
async fn whoever_is_renamed_between_two_lists_is_one_person() {
    let world = World::new().await;
    let at = |n, slot| SlotTime::at(day().plus(n), slot);
    chat(&world, at(0, 100), vec![spoke("_old", 7), listed("_old"), spoke("_away", 8), spoke("_gone", 9)]).await;
    // Lists alone, which tell no ids; on the day after another bears the old login.
    chat(&world, at(1, 100), vec![listed("_old")]).await;
    chat(&world, at(1, 101), vec![listed("_new"), listed("_other")]).await;
    chat(&world, at(2, 100), vec![listed("_old"), listed("_new"), listed("_back"), listed("_gone")]).await;
    let learnt = [renaming(7, "_old", Some("_new")), renaming(8, "_away", Some("_back")), renaming(9, "_gone", None)];
    world.archive.put_renamings(at(1, 7), &learnt).await.unwrap();
    for n in 0..3 {
        world.import(day().plus(n), false).await.unwrap();
    }
    let of = |login: &str, id: u64, slots| (login.to_owned(), Some(id), slots);
    let by_login = |login: &str, slots| (login.to_owned(), None, slots);
    assert_eq!(people(&world, day().plus(1)).await, [of("_new", 7, 2), by_login("_other", 1)]);
    let third = [of("_back", 8, 1), by_login("_gone", 1), of("_new", 7, 1), by_login("_old", 1)];
    assert_eq!(people(&world, day().plus(2)).await, third);
    let names = world.store.person(&job(), &"_back".parse().unwrap()).await.unwrap();
    assert_eq!(world.store.person_days(&job(), names.key.unwrap()).await.unwrap().len(), 2);
    // The same again changes nothing.
    world.import(day().plus(1), false).await.unwrap();
    assert_eq!(people(&world, day().plus(2)).await, third);
}

#[tokio::test]
async fn whoever_got_a_login_that_was_given_up_is_somebody_else() {
    let world = World::new().await;
    let at = |n, slot| SlotTime::at(day().plus(n), slot);
    chat(&world, at(0, 100), vec![spoke("_old", 7), spoke("_up", 8), spoke("_down", 9)]).await;
    // The old login is another's, who is there to the last and never writes; and two who changed theirs with each other.
    chat(&world, at(1, 100), vec![listed("_new"), listed("_up"), listed("_down")]).await;
    chat(&world, at(1, 101), vec![listed("_old")]).await;
    let learnt = [renaming(7, None, Some("_new")), renaming(8, None, Some("_down")), renaming(9, None, Some("_up"))];
    world.archive.put_renamings(at(1, 7), &learnt).await.unwrap();
    for n in 0..2 {
        world.import(day().plus(n), false).await.unwrap();
    }
    let of = |login: &str, id: Option<u64>| (login.to_owned(), id, 1);
    let wanted = [of("_down", Some(8)), of("_new", Some(7)), of("_old", None), of("_up", Some(9))];
    assert_eq!(people(&world, day().plus(1)).await, wanted);
    let days = async |login: &str| {
        let names = world.store.person(&job(), &login.parse().unwrap()).await.unwrap();
        world.store.person_days(&job(), names.key.unwrap()).await.unwrap().len()
    };
    assert_eq!((days("_new").await, days("_old").await, days("_up").await, days("_down").await), (2, 1, 2, 2));
}

#[tokio::test]
async fn of_an_open_day_the_last_slot_may_still_bring_more() {
    let world = World::new().await;
    chat(&world, SlotTime::at(day(), 100), vec![spoke("_old", 7)]).await;
    chat(&world, SlotTime::at(day(), 101), vec![listed("_new")]).await;
    world.archive.put_renamings(SlotTime::at(day(), 101), &[renaming(7, "_old", Some("_new"))]).await.unwrap();
    world.import(day(), true).await.unwrap();
    assert_eq!(people(&world, day()).await.len(), 2);
    world.import(day(), false).await.unwrap();
    assert_eq!(people(&world, day()).await, [("_new".to_owned(), Some(7), 1)]);
}

#[tokio::test]
async fn what_cannot_be_understood_stops_the_day_unless_it_is_to_be_left_out() {
    let world = World::new().await;
    chat(&world, SlotTime::at(day(), 100), vec![listed("_ada")]).await;
    let at = SlotTime::at(day(), 3);
    let object = archive::path::renamed(at);
    put(&world.folder.path().join("archive"), &object, &format!("sampled_at,chatter_id,was,login\n{at},x,_a,_b\n"));
    let error = world.import(day(), false).await.unwrap_err();
    let told = format!("{error}: {}", std::error::Error::source(&error).unwrap());
    assert!(told.contains(&object) && told.contains("line 2") && told.contains("chatter_id"), "{told}");
    let options = importer::options::ImportOptions { skip_bad: true, ..Default::default() };
    assert_eq!(world.import_with(day(), false, &options).await.unwrap().viewers, 1);
}
