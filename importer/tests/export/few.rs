//! Few people are not told, whatever their number.

use std::collections::BTreeSet;

use importer::export::Format;
use importer::export::days::ExportOrder;
use model::sample::{ChatterSample, StreamSample};
use model::slot::SlotTime;
use model::words::Evidence;
use proptest::prelude::*;

use crate::files::rows;
use crate::order::{export, folder, order};
use crate::world::{World, day, live, row, sweep};

/// A channel: how many people are in it, from which one on, and how many its list says.
type Room = (usize, usize, u32);

fn rounded(count: usize) -> String {
    if count < 10 { String::new() } else { ((count + 5) / 10 * 10).to_string() }
}

async fn compare(rooms: Vec<Room>) -> Result<(), TestCaseError> {
    let world = World::new().await;
    let name = |n: usize| format!("_c{n:02}");
    let people = |(count, first, _): &Room| (*first..first + count).map(|person| format!("_p{person}"));
    for slot in [100, 101, 140] {
        let at = SlotTime::at(day(), slot);
        let room = |(n, (.., said)): (usize, &Room)| StreamSample { chatter_count: Some(*said), ..live(at, &name(n)) };
        let streams: Vec<StreamSample> = rooms.iter().enumerate().map(room).collect();
        let mut chatters: Vec<ChatterSample> = Vec::new();
        for (n, room) in rooms.iter().enumerate() {
            chatters.extend(people(room).map(|person| row(&name(n), &person, Evidence::Listed)));
            // In so many channels at once it is a bot, and counts nowhere.
            chatters.push(row(&name(n), "_somebot", Evidence::Listed));
        }
        sweep(&world.archive, at, streams, chatters).await;
    }
    world.import(day(), false).await.unwrap();
    export(&world, &ExportOrder { raw: false, ..order(&world, "out", Format::Csv) }).await.unwrap();
    let out = folder(&world, "out");

    // The usual rule: ten chats at once, three times.
    let is_bot = |person: &String| rooms.iter().filter(|room| people(room).any(|other| other == *person)).count() >= 10;
    let kept = |room: &Room| people(room).filter(|person| !is_bot(person)).count();
    let days = rows(&out, "channel_days", day(), Format::Csv);
    prop_assert_eq!(days.len(), rooms.len());
    for (n, room) in rooms.iter().enumerate() {
        prop_assert_eq!(&days[n]["channel"], &name(n));
        prop_assert_eq!(&days[n]["chatters"], &rounded(kept(room)));
    }
    for slot in rows(&out, "channel_slots", day(), Format::Csv) {
        let n: usize = slot["channel"][2..].parse().unwrap();
        // A list of nobody where there are viewers is no answer, and parts go with their total.
        let wanted = if slot["status"] == "live" && kept(&rooms[n]) >= 10 {
            rounded(rooms[n].2 as usize)
        } else {
            String::new()
        };
        prop_assert_eq!(&slot["chatter_count"], &wanted);
    }
    let (bots, viewers): (BTreeSet<String>, BTreeSet<String>) = rooms.iter().flat_map(people).partition(is_bot);
    let figures = rows(&out, "days", day(), Format::Csv).remove(0);
    prop_assert_eq!(&figures["viewers"], &rounded(viewers.len()));
    prop_assert_eq!(&figures["bots"], &rounded(bots.len() + 1));
    let observations = 3 * rooms.iter().map(|room| room.0 + 1).sum::<usize>();
    let wanted = if viewers.len() < 10 { String::new() } else { rounded(observations) };
    prop_assert_eq!(&figures["observations"], &wanted);
    world.store.close().await;
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10))]

    #[test]
    fn few_people_are_never_told(rooms in proptest::collection::vec((0usize..24, 0usize..30, 0u32..40), 11..16)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(compare(rooms))?;
    }

    #[test]
    fn nor_where_there_are_few_in_all(rooms in proptest::collection::vec((0usize..6, 0usize..6, 0u32..40), 11..13)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(compare(rooms))?;
    }
}
