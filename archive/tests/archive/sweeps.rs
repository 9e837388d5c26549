//! Sweeps appear whole, once, with their origin, and come back as they were.

use std::fs;

use crate::samples::{at, chatter, first_sweep, second_sweep, small_archive, stream, timings, writer};
use archive::Archive;
use archive::day_writer::DayWriter;
use archive::error::ArchiveError;
use model::sample::ChatterSample;
use model::slot::Slot;
use model::words::{Evidence, Origin, Role};
use tempfile::tempdir;

fn slots(indices: &[u16]) -> Vec<Slot> {
    indices.iter().map(|slot| Slot::new(*slot).unwrap()).collect()
}

async fn read(archive: &Archive, slot: u16) -> Vec<ChatterSample> {
    archive.read_chatters(at(slot)).await.unwrap().iter().map(|row| row.to_sample().unwrap()).collect()
}

#[tokio::test]
async fn sweeps_come_back_as_they_were() {
    let folder = tempdir().unwrap();
    small_archive(folder.path()).await;
    let archive = Archive::open(folder.path().to_str().unwrap()).await.unwrap();
    assert_eq!(archive.days().await.unwrap(), [at(1).day()]);
    assert_eq!(archive.sweeps(at(1).day()).await.unwrap(), slots(&[1, 2]));
    assert_eq!(archive.sweeps(at(1).day().plus(1)).await.unwrap(), []);
    for (slot, (streams, chatters)) in [(1, first_sweep()), (2, second_sweep())] {
        assert_eq!(archive.read_streams(at(slot)).await.unwrap(), streams);
        assert_eq!(read(&archive, slot).await, chatters);
        assert!(archive.read_chatters(at(slot)).await.unwrap().is_sorted());
    }
    let manifest = archive.manifest(at(1).day()).await.unwrap().unwrap();
    assert_eq!(manifest.origin, Origin::Simulated);
    let second = manifest.sweep(Slot::new(2).unwrap()).unwrap();
    assert_eq!((second.chatters.rows, second.sweep_ms()), (Some(3_201), Some(28_500)));
    assert_eq!(second.summary.unwrap().live, 3);
    let bytes = fs::read(folder.path().join(&second.chatters.path)).unwrap();
    assert_eq!(second.chatters.bytes, bytes.len() as u64);
}

#[tokio::test]
async fn a_sweep_of_nothing_is_a_sweep() {
    let folder = tempdir().unwrap();
    let archive = Archive::create(folder.path().to_str().unwrap(), Origin::Real).await.unwrap();
    let empty = archive::sweep_writer::SweepWriter::new(at(0));
    archive.commit(empty, timings(at(0))).await.unwrap();
    assert_eq!(archive.sweeps(at(0).day()).await.unwrap(), slots(&[0]));
    assert_eq!(archive.read_streams(at(0)).await.unwrap(), []);
    assert_eq!(read(&archive, 0).await, []);
}

#[tokio::test]
async fn a_slot_is_taken_once() {
    let folder = tempdir().unwrap();
    let archive = small_archive(folder.path()).await;
    let before = fs::read(folder.path().join("chatters/date=2026-11-22/0005.csv.gz")).unwrap();
    let refused = archive.commit(writer(&(vec![stream(at(1), "_x")], vec![])), timings(at(1))).await;
    assert!(matches!(refused, Err(ArchiveError::SlotTaken { at: slot, .. }) if slot == at(1)));
    assert_eq!(fs::read(folder.path().join("chatters/date=2026-11-22/0005.csv.gz")).unwrap(), before);
    assert_eq!(archive.read_streams(at(1)).await.unwrap(), first_sweep().0);
}

#[tokio::test]
async fn chatters_alone_are_no_sweep_and_the_manifest_is_mended() {
    let folder = tempdir().unwrap();
    let archive = small_archive(folder.path()).await;
    // Killed before the streams of 00:05, and before the manifest of 00:10.
    fs::remove_file(folder.path().join("streams/date=2026-11-22/0005.csv.gz")).unwrap();
    fs::remove_file(folder.path().join("manifest/date=2026-11-22.json")).unwrap();
    fs::write(folder.path().join("streams/date=2026-11-22/0005.csv.gz#1"), b"half").unwrap();
    assert_eq!(archive.sweeps(at(1).day()).await.unwrap(), slots(&[2]));
    archive.commit(writer(&(vec![stream(at(3), "_x")], vec![])), timings(at(3))).await.unwrap();
    let manifest = archive.manifest(at(1).day()).await.unwrap().unwrap();
    assert_eq!(manifest.sweeps.iter().map(|entry| entry.slot.0).collect::<Vec<_>>(), slots(&[2, 3]));
    let mended = &manifest.sweeps[0];
    assert_eq!((mended.chatters.rows, mended.sweep_ms(), mended.summary), (Some(3_201), None, None));
    assert!(manifest.sweeps[1].summary.is_some());
}

#[tokio::test]
async fn origins_never_mix() {
    let folder = tempdir().unwrap();
    let place = folder.path().to_str().unwrap();
    assert!(matches!(Archive::open(place).await, Err(ArchiveError::NoArchive(_))));
    assert!(matches!(Archive::open("ftp://bucket").await, Err(ArchiveError::Place(_))));
    let archive = Archive::create(place, Origin::Simulated).await.unwrap();
    let refused = Archive::create(place, Origin::Real).await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "manifest/archive.json holds simulated data, and real data was meant: the two are never mixed"
    );
    let real = writer(&(vec![stream(at(1), "lunafox")], vec![]));
    assert!(matches!(archive.commit(real, timings(at(1))).await, Err(ArchiveError::NotSimulated(_))));
    assert_eq!(archive.sweeps(at(1).day()).await.unwrap(), []);
    // Without its description, a day's manifest still says whose it is.
    small_archive(folder.path()).await;
    fs::remove_file(folder.path().join("manifest/archive.json")).unwrap();
    assert!(matches!(Archive::create(place, Origin::Real).await, Err(ArchiveError::Origin { .. })));
    assert_eq!(Archive::open(place).await.unwrap().origin(), Origin::Simulated);
}

#[tokio::test]
async fn a_whole_day_is_written_at_once_and_once() {
    let folder = tempdir().unwrap();
    let archive = Archive::create(folder.path().to_str().unwrap(), Origin::Simulated).await.unwrap();
    let day = at(1).day();
    // A killed run left some of it.
    let killed = DayWriter::new(&archive, day).await.unwrap();
    killed.commit(writer(&(vec![stream(at(1), "_old")], vec![])), timings(at(1))).await.unwrap();
    drop(killed);
    let whole = DayWriter::new(&archive, day).await.unwrap();
    for sweep in [second_sweep(), first_sweep()] {
        let writer = writer(&sweep);
        let at = writer.at();
        whole.commit(writer, timings(at)).await.unwrap();
    }
    let tomorrow = writer(&(vec![stream(at(290), "_x")], vec![]));
    assert!(whole.commit(tomorrow, timings(at(290))).await.is_err());
    whole.close().await.unwrap();
    assert!(matches!(DayWriter::new(&archive, day).await, Err(ArchiveError::DayTaken(_))));
    // The same bytes as sweeps that came one by one.
    let other = tempdir().unwrap();
    small_archive(other.path()).await;
    for file in [
        "streams/date=2026-11-22/0005.csv.gz",
        "index/chatters/date=2026-11-22/0010.json",
        "manifest/date=2026-11-22.json",
    ] {
        assert_eq!(fs::read(folder.path().join(file)).unwrap(), fs::read(other.path().join(file)).unwrap(), "{file}");
    }
}

#[test]
fn rows_out_of_order_are_refused() {
    let listed = |channel: &str, name: &str| chatter(channel, name, 0, Role::Viewer, Evidence::Listed);
    let mut writer = writer(&(vec![stream(at(1), "_b")], vec![listed("_b", "_y")]));
    for (channel, name) in [("_a", "_z"), ("_b", "_x"), ("_b", "_y")] {
        let refused = writer.push_chatter(&listed(channel, name)).unwrap_err();
        assert!(
            refused.to_string().starts_with("chatters/date=2026-11-22/0005.csv.gz, row 2: rows must come"),
            "{refused}"
        );
    }
    writer.push_chatter(&chatter("_b", "_y", 0, Role::Viewer, Evidence::Spoke)).unwrap();
    writer.push_chatter(&listed("_c", "_a")).unwrap();
    assert!(writer.push_stream(&stream(at(1), "_b")).is_err());
    assert!(writer.push_stream(&stream(at(2), "_c")).is_err());
}
