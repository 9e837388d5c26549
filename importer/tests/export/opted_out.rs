//! Whoever opted out since the import is in no table.

use std::fs;
use std::io::Read as _;

use flate2::read::MultiGzDecoder;
use importer::export::Format;
use importer::export::days::ExportOrder;
use importer::export::error::ExportError;
use model::identity::TwitchId;
use model::slot::SlotTime;
use model::words::Evidence;
use store::Store;
use store::error::StoreError;
use store::suppression::{Secret, Suppression, suppress};

use crate::files::{rows, visible};
use crate::order::{export, folder, order};
use crate::world::{World, day, job, live, row, sweep};

/// Thirty people in each of two channels; in the second, ten of the first and twenty who are nowhere else.
async fn day_of_two_channels() -> World {
    let world = World::new().await;
    for slot in 10..14 {
        let at = SlotTime::at(day(), slot);
        let mut chatters = Vec::new();
        for (channel, people) in [("_hall", 0..30), ("_room", 20..50)] {
            chatters.extend(people.map(|person: u64| {
                let mut row = row(channel, &format!("_person{person:02}"), Evidence::Listed);
                row.chatter_id = TwitchId::new(500 + person);
                row
            }));
        }
        sweep(&world.archive, at, vec![live(at, "_hall"), live(at, "_room")], chatters).await;
    }
    world.import(day(), false).await.unwrap();
    world
}

/// All that the parts say, as text.
fn said(world: &World, out: &str) -> String {
    let parts = visible(&folder(world, out)).into_iter().filter(|file| file.extension().unwrap() == "gz");
    let mut all = String::new();
    for part in parts {
        MultiGzDecoder::new(fs::File::open(part).unwrap()).read_to_string(&mut all).unwrap();
    }
    all
}

#[tokio::test]
async fn whoever_opted_out_since_is_in_no_table() {
    let world = day_of_two_channels().await;
    export(&world, &order(&world, "before", Format::Csv)).await.unwrap();
    let before = said(&world, "before");
    assert!(["_person03", "_person40", "_room"].iter().all(|name| before.contains(name)));

    let secret = Secret::new(b"0123456789abcdef").unwrap();
    let id = TwitchId::new(504).unwrap();
    suppress(&world.store, &job(), &secret, &["_person03", "_room"], &[id], 1).await.unwrap();
    let suppression = Suppression::load(&world.store, Some(&secret)).await.unwrap();
    let after = ExportOrder { suppression, ..order(&world, "after", Format::Csv) };
    export(&world, &after).await.unwrap();
    let text = said(&world, "after");
    assert!(text.contains("_person05") && text.contains("_hall"));
    // By login, by id, by channel; and whoever was in that channel alone.
    for name in ["_person03", "_person04", "_room", "_person40"] {
        assert!(!text.contains(name), "{name}");
    }
    // Nor are they counted: 28 people are left, of 50.
    let out = folder(&world, "after");
    let figures = rows(&out, "days", day(), Format::Csv).remove(0);
    assert_eq!((figures["viewers"].as_str(), figures["observations"].as_str()), ("30", "110"));
    assert_eq!(rows(&out, "channel_days", day(), Format::Csv).len(), 1);
    assert_eq!(world.store.days().await.unwrap()[0].stats.viewers, 50);
}

#[tokio::test]
async fn whoever_opts_out_while_it_runs_is_in_no_part() {
    let world = day_of_two_channels().await;
    let secret = Secret::new(b"0123456789abcdef").unwrap();
    let begun = order(&world, "out", Format::Csv);
    suppress(&world.store, &job(), &secret, &["_person03"], &[], 1).await.unwrap();
    let refused = export(&world, &begun).await.unwrap_err();
    assert!(matches!(refused, ExportError::Store { source: StoreError::Busy, .. }), "{refused}");
    let parts = visible(&folder(&world, "out")).into_iter().filter(|file| file.extension().unwrap() == "gz");
    assert_eq!(parts.count(), 0);
    // By the list as it is now, it is done.
    let suppression = Suppression::load(&world.store, Some(&secret)).await.unwrap();
    export(&world, &ExportOrder { suppression, ..begun }).await.unwrap();
    let text = said(&world, "out");
    assert!(text.contains("_person05") && !text.contains("_person03"));
}
