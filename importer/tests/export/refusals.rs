//! What is refused, and that nothing is visible of it.

use std::fs;

use importer::export::Format;
use importer::export::days::{ExportOrder, export_days};
use importer::export::error::ExportError;
use model::slot::SlotTime;
use model::words::{Evidence, Origin};
use store::AnyStore;
use store::access::{Job, JobKey};
use tokio::sync::mpsc::unbounded_channel;

use crate::files::{part, rows, visible};
use crate::order::{export, folder, order};
use crate::world::{World, day, live, row, sweep};

async fn small_day(world: &World, slots: std::ops::Range<u16>, people: u32) {
    for slot in slots {
        let at = SlotTime::at(day(), slot);
        let people = (0..people).map(|n| row("_room", &format!("_p{n}"), Evidence::Listed)).collect();
        sweep(&world.archive, at, vec![live(at, "_room")], people).await;
    }
    world.import(day(), false).await.unwrap();
}

#[tokio::test]
async fn a_day_that_is_there_is_replaced_only_when_asked() {
    let world = World::new().await;
    small_day(&world, 0..2, 12).await;
    let out = folder(&world, "out");
    let first = order(&world, "out", Format::Parquet);
    export(&world, &first).await.unwrap();
    let before: Vec<Vec<u8>> = visible(&out).into_iter().map(|file| fs::read(file).unwrap()).collect();
    small_day(&world, 5..6, 30).await;
    // One table is enough, and it does not matter as what it is there.
    for table in ["channel_slots", "channel_days", "days"] {
        fs::remove_file(part(&out, table, day(), Format::Parquet)).unwrap();
    }
    for format in [Format::Parquet, Format::Csv] {
        let error = export(&world, &ExportOrder { format, ..first.clone() }).await.unwrap_err();
        assert!(matches!(&error, ExportError::Occupied { .. }), "{error}");
        assert!(error.to_string().contains("date=2026-11-18/part-0.parquet is there already"), "{error}");
        assert!(error.to_string().contains("--overwrite"), "{error}");
    }
    assert_eq!(visible(&out).len(), 2);
    assert_eq!(before.last().unwrap(), &fs::read(part(&out, "presence", day(), Format::Parquet)).unwrap());
    // Aggregates alone are not there any more.
    export(&world, &ExportOrder { raw: false, ..first.clone() }).await.unwrap();
    assert_eq!(rows(&out, "presence", day(), Format::Parquet).len(), 12);

    let again = ExportOrder { overwrite: true, format: Format::Csv, ..first };
    export(&world, &again).await.unwrap();
    assert_eq!(rows(&out, "presence", day(), Format::Csv).len(), 42);
    // Nobody finds the day twice.
    assert_eq!(visible(&out).iter().filter(|file| file.extension().unwrap() == "parquet").count(), 0);
    assert_eq!(visible(&out).len(), 5);
}

#[tokio::test]
async fn days_that_are_not_held_whole_are_refused() {
    let world = World::new().await;
    let out = folder(&world, "out");
    let asked = order(&world, "out", Format::Parquet);
    let told = async |order: &ExportOrder| export(&world, order).await.unwrap_err().to_string();
    assert!(told(&asked).await.contains("2026-11-18 is not in the store: it holds no day yet"));
    small_day(&world, 0..2, 12).await;
    let later = ExportOrder { to: day().plus(2), ..asked.clone() };
    let error = told(&later).await;
    assert!(error.contains("2026-11-19 is not in the store"), "{error}");
    let backwards = ExportOrder { from: day().plus(1), ..asked.clone() };
    assert!(told(&backwards).await.contains("2026-11-18, is before the first, 2026-11-19"));
    world.import(day(), true).await.unwrap();
    assert!(told(&asked).await.contains("2026-11-18 was not over"));
    // What can be known beforehand is told before there is a folder.
    assert!(!out.exists());
}

#[tokio::test]
async fn presence_of_real_people_takes_a_word_and_never_meets_invented_ones() {
    let world = World::new().await;
    small_day(&world, 0..2, 12).await;
    let invented = order(&world, "out", Format::Csv);
    export(&world, &invented).await.unwrap();
    let place = folder(&world, "real");
    let real = AnyStore::open(place.to_str().unwrap(), Some(Origin::Real)).await.unwrap();
    let job = JobKey::grant(Job::Export);
    let export = async |order: &ExportOrder| export_days(&real, &job, order, |_| {}).await.unwrap_err();
    assert!(matches!(export(&invented).await, ExportError::Unconfirmed));
    // With the word, or without presence, it is a matter of the day alone.
    for order in
        [ExportOrder { personal_data: true, ..invented.clone() }, ExportOrder { raw: false, ..invented.clone() }]
    {
        assert!(matches!(export(&order).await, ExportError::NotHeld { .. }));
    }
    real.close().await;

    fs::write(folder(&world, "out/export.json"), r#"{"format":1,"origin":"real"}"#).unwrap();
    let error = crate::order::export(&world, &ExportOrder { overwrite: true, ..invented.clone() }).await.unwrap_err();
    assert!(matches!(error, ExportError::Origin { held: Origin::Real, store: Origin::Simulated, .. }), "{error}");
    for described in [r#"{"format":2,"origin":"simulated"}"#, "no JSON"] {
        fs::write(folder(&world, "out/export.json"), described).unwrap();
        let error = crate::order::export(&world, &invented).await.unwrap_err();
        assert!(matches!(error, ExportError::Foreign { .. }), "{error}");
    }
    // What cannot be read, whoever may write.
    fs::remove_file(folder(&world, "out/export.json")).unwrap();
    fs::create_dir(folder(&world, "out/export.json")).unwrap();
    let error = crate::order::export(&world, &invented).await.unwrap_err();
    assert!(matches!(error, ExportError::NotReadable { .. }), "{error}");
}

#[tokio::test]
async fn what_is_in_the_way_is_told_and_nothing_is_visible() {
    let world = World::new().await;
    small_day(&world, 0..2, 12).await;
    fs::write(folder(&world, "file"), "in the way").unwrap();
    for out in ["file", "file/below"] {
        let error = export(&world, &order(&world, out, Format::Parquet)).await.unwrap_err();
        assert!(matches!(error, ExportError::NotWritable { .. }), "{error}");
    }
    // The last table finds a file where its folder is to be: none of the others has appeared by then.
    for in_the_way in ["presence", "presence/date=2026-11-18"] {
        let out = folder(&world, &in_the_way.replace('/', "_"));
        let path = out.join(in_the_way);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, "in the way").unwrap();
        let order = ExportOrder { out: out.clone(), ..order(&world, "", Format::Parquet) };
        let error = export(&world, &order).await.unwrap_err();
        let told = error.to_string();
        assert!(matches!(error, ExportError::Write { .. }), "{told}");
        assert!(told.contains("presence/date=2026-11-18/part-0.parquet"), "{told}");
        assert_eq!(visible(&out), [out.join("export.json"), path]);
        assert!(!out.join("channel_slots/date=2026-11-18").exists());
        // Nothing is left hidden either.
        assert_eq!(fs::read_dir(&out).unwrap().filter(|entry| hidden(entry.as_ref().unwrap())).count(), 0);
    }
}

fn hidden(entry: &fs::DirEntry) -> bool {
    entry.file_name().to_str().unwrap().starts_with('.')
}

#[tokio::test]
async fn an_export_that_is_abandoned_half_way_is_not_visible() {
    let world = World::new().await;
    small_day(&world, 0..2, 12).await;
    let order = order(&world, "out", Format::Parquet);
    let (tell, mut told) = unbounded_channel();
    let job = JobKey::grant(Job::Export);
    {
        let half = export_days(&world.store, &job, &order, |progress| tell.send(progress).unwrap());
        tokio::select! {
            biased;
            progress = told.recv() => assert_eq!((progress.unwrap().done, world.folder.path().exists()), (12, true)),
            done = half => panic!("it was not half-way: {done:?}"),
        }
    }
    let out = folder(&world, "out");
    assert_eq!(visible(&out), [out.join("export.json")]);
    // And it is in nobody's way.
    export(&world, &order).await.unwrap();
    assert_eq!(visible(&out).len(), 5);
}
