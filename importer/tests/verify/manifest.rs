//! Objects that are not those that the day's manifest lists.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::PathBuf;

use archive::erase::Names;
use archive::path::Kind;
use flate2::Compression;
use flate2::write::GzEncoder;
use importer::options::ImportOptions;
use importer::verify::options::VerifyOptions;
use importer::verify::report::{Difference, ObjectFault, VerifyReport};
use model::slot::SlotTime;
use model::words::Evidence;

use crate::world::{World, day, live, row, sweep};
use crate::{sample, verify};

/// Slots 100 to 104, imported, and how they are compared.
async fn imported(provisional: bool) -> (World, VerifyOptions) {
    let world = World::new().await;
    for slot in 100..105 {
        one_sweep(&world, slot).await;
    }
    world.import(day(), provisional).await.unwrap();
    (world, sample(100))
}

async fn one_sweep(world: &World, slot: u16) {
    let at = SlotTime::at(day(), slot);
    let people = ["_ada", "_bo"].map(|person| row("_room", person, Evidence::Listed)).to_vec();
    sweep(&world.archive, at, vec![live(at, "_room")], people).await;
}

fn path(world: &World, name: &str) -> PathBuf {
    world.folder.path().join("archive").join(name)
}

fn name(kind: Kind, slot: u16) -> String {
    kind.object(SlotTime::at(day(), slot))
}

/// The differences that are of objects.
fn objects(report: &VerifyReport) -> Vec<(&str, ObjectFault)> {
    let object = |difference| match difference {
        &Difference::Object { ref name, what } => Some((name.as_str(), what)),
        _ => None,
    };
    report.differences.iter().filter_map(object).collect()
}

#[tokio::test]
async fn other_bytes_that_say_the_same_are_told() {
    let (world, all) = imported(false).await;
    assert!(verify(&world, &all).await.is_ok());
    for kind in [Kind::Streams, Kind::Chatters] {
        let name = name(kind, 102);
        let whole = fs::read(path(&world, &name)).unwrap();
        // The time in a member's header says nothing of its rows.
        let mut other = whole.clone();
        other[4] ^= 1;
        fs::write(path(&world, &name), &other).unwrap();
        let report = verify(&world, &all).await;
        assert_eq!((objects(&report), report.failures), (vec![(&*name, ObjectFault::Checksum)], 1));
        assert_eq!(report.texts(), [format!("{name} has another checksum than the day's manifest says")]);
        // Nor does a member without text.
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(b"").unwrap();
        let longer = [whole.clone(), encoder.finish().unwrap()].concat();
        fs::write(path(&world, &name), &longer).unwrap();
        let report = verify(&world, &all).await;
        let size = ObjectFault::Size { bytes: longer.len() as u64, listed: whole.len() as u64 };
        assert_eq!((objects(&report), report.failures), (vec![(&*name, size)], 1));
        fs::write(path(&world, &name), &whole).unwrap();
    }
    assert!(verify(&world, &all).await.is_ok());
}

#[tokio::test]
async fn a_lost_sweep_is_told_unless_the_day_was_knowingly_made_without_it() {
    let (world, all) = imported(false).await;
    let lost = name(Kind::Streams, 102);
    fs::remove_file(path(&world, &lost)).unwrap();
    let report = verify(&world, &all).await;
    assert_eq!(objects(&report), [(&*lost, ObjectFault::Lost)]);
    assert!(report.reason().contains(&format!("{lost} is not there, and the day's manifest lists it")));
    let skip = ImportOptions { skip_bad: true, ..ImportOptions::default() };
    world.import_with(day(), false, &skip).await.unwrap();
    let report = verify(&world, &all).await;
    assert!(report.is_ok(), "{:?}", report.differences);
    let [skipped] = &report.skipped[..] else { panic!("{:?}", report.skipped) };
    assert_eq!(skipped.slot.index(), 102);
    assert!(skipped.reason.starts_with(&format!("{lost} is not there")), "{}", skipped.reason);
}

#[tokio::test]
async fn of_an_open_day_what_came_later_is_nobodys_loss() {
    let (world, all) = imported(true).await;
    one_sweep(&world, 106).await;
    fs::remove_file(path(&world, &name(Kind::Streams, 106))).unwrap();
    let report = verify(&world, &all).await;
    assert!(report.is_ok(), "{:?}", report.differences);
    fs::remove_file(path(&world, &name(Kind::Streams, 103))).unwrap();
    assert_eq!(objects(&verify(&world, &all).await).len(), 1);
}

#[tokio::test]
async fn without_a_manifest_nothing_is_listed() {
    let (world, all) = imported(false).await;
    let object = path(&world, &name(Kind::Chatters, 102));
    let mut bytes = fs::read(&object).unwrap();
    bytes[4] ^= 1;
    fs::write(&object, &bytes).unwrap();
    fs::remove_file(path(&world, &format!("manifest/date={}.json", day()))).unwrap();
    let report = verify(&world, &all).await;
    assert!(report.is_ok(), "{:?}", report.differences);
}

#[tokio::test]
async fn an_erasure_renews_what_is_listed() {
    let (world, all) = imported(false).await;
    let names = Names { logins: ["_bo".parse().unwrap()].into(), ..Names::default() };
    let at = SlotTime::at(day(), 102);
    world.archive.erase(at, None, &names).await.unwrap();
    let report = verify(&world, &all).await;
    let found: Vec<&str> = objects(&report).into_iter().map(|(name, _)| name).collect();
    assert_eq!(found, [name(Kind::Chatters, 102)]);
    world.archive.renew_manifest(day(), &BTreeSet::from([at.slot()])).await.unwrap();
    assert_eq!(objects(&verify(&world, &all).await), []);
    world.import(day(), false).await.unwrap();
    assert!(verify(&world, &all).await.is_ok());
}
