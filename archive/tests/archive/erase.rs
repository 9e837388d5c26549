//! People taken out of a sweep, by runs that are stopped.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use archive::Archive;
use archive::erase::{Erased, Names};
use archive::index::Index;
use archive::path::Kind;
use model::identity::TwitchId;
use tempfile::tempdir;

use crate::samples::{at, gunzip, small_archive};

/// Every file of an archive.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            found.extend(files(&path).into_iter().map(|(inner, bytes)| (format!("{name}/{inner}"), bytes)));
        } else {
            found.insert(name, fs::read(&path).unwrap());
        }
    }
    found
}

#[tokio::test]
async fn a_run_stopped_between_an_object_and_its_index_is_gone_on_with() {
    let (at, name) = (at(2), "_p000037");
    let names = Names { logins: [name.parse().unwrap()].into(), ..Names::default() };
    let (object, index) = (Kind::Chatters.object(at), Kind::Chatters.index(at));
    let whole = tempdir().unwrap();
    let archive = small_archive(whole.path()).await;
    let erased = archive.erase(at, None, &names).await.unwrap();
    assert_eq!((erased.objects, erased.members, erased.rows), (1, 2, 2));
    archive.renew_manifest(at.day(), &BTreeSet::from([at.slot()])).await.unwrap();
    let wanted = files(whole.path());

    // Stopped before the object is replaced, and after: the index is gone, and the manifest is the old one.
    for replaced in [false, true] {
        let folder = tempdir().unwrap();
        let archive = small_archive(folder.path()).await;
        fs::remove_file(folder.path().join(&index)).unwrap();
        if replaced {
            fs::write(folder.path().join(&object), &wanted[&object]).unwrap();
        }
        let left = if replaced { Erased::default() } else { erased };
        assert_eq!(archive.erase(at, None, &names).await.unwrap(), left);
        archive.renew_manifest(at.day(), &BTreeSet::from([at.slot()])).await.unwrap();
        let found = files(folder.path());
        assert!(found == wanted, "after the object: {replaced}");
    }
}

#[test]
fn an_id_tells_more_than_a_login() {
    let (theirs, others) = (TwitchId::new(1), TwitchId::new(2));
    let names = Names { logins: ["_a".parse().unwrap()].into(), ids: theirs.into_iter().collect() };
    assert!(names.hold("_a", None) && names.hold("_a", theirs) && names.hold("_b", theirs));
    assert!(!names.hold("_b", None) && !names.hold("_a", others) && !names.hold("_b", others));
    // Of somebody without a known id it tells nothing.
    let names = Names { ids: [].into(), ..names };
    assert!(names.hold("_a", None) && names.hold("_a", others) && !names.hold("_b", others));
}

/// The index of the second sweep, which a lie is told in.
fn false_index(folder: &Path, lie: impl FnOnce(&mut Index)) -> Vec<u8> {
    let path = folder.join(Kind::Chatters.index(at(2)));
    let mut index: Index = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    lie(&mut index);
    let bytes = serde_json::to_vec(&index).unwrap();
    fs::write(path, &bytes).unwrap();
    bytes
}

/// Takes somebody out of the second sweep, then makes the manifest true.
async fn erase(archive: &Archive, name: &str) -> Erased {
    let names = Names { logins: [name.parse().unwrap()].into(), ..Names::default() };
    let erased = archive.erase(at(2), None, &names).await.unwrap();
    archive.renew_manifest(at(2).day(), &BTreeSet::from([at(2).slot()])).await.unwrap();
    erased
}

#[tokio::test]
async fn an_object_that_lost_rows_is_still_told_after_an_erasure() {
    let folder = tempdir().unwrap();
    let archive = small_archive(folder.path()).await;
    let (object, index) = (Kind::Chatters.object(at(2)), Kind::Chatters.index(at(2)));
    // Cut off where a member ends, as by a copy that was stopped: a whole gzip file still.
    let whole = fs::read(folder.path().join(&object)).unwrap();
    let held: Index = serde_json::from_slice(&fs::read(folder.path().join(&index)).unwrap()).unwrap();
    let cut = held.members.last().unwrap().offset as usize;
    fs::write(folder.path().join(&object), &whole[..cut]).unwrap();
    let before = files(folder.path());
    for (name, rows) in [("_nobody", 0), ("_p000037", 1)] {
        assert_eq!(erase(&archive, name).await.rows, rows, "{name}");
        let after = files(folder.path());
        let manifest = "manifest/date=2026-11-22.json";
        assert_eq!((&after[&index], &after[manifest]), (&before[&index], &before[manifest]), "{name}");
        let error = archive.read_chatters(at(2)).await.unwrap_err().to_string();
        assert!(error.contains("another length: cut short, or rewritten"), "{error}");
    }
    assert_eq!(erase(&archive, "_p000037").await, Erased::default());
}

#[tokio::test]
async fn an_index_that_counts_rows_elsewhere_hides_nobody_from_an_erasure() {
    for shift in [1, 5] {
        let folder = tempdir().unwrap();
        let archive = small_archive(folder.path()).await;
        // The last of the second member, and of the object.
        false_index(folder.path(), |index| {
            index.members[1].rows -= shift;
            index.members[2].rows += shift;
        });
        assert_eq!(erase(&archive, "_p000037").await.rows, 2);
        assert_eq!(erase(&archive, "_p000037").await, Erased::default());
        let text = gunzip(&fs::read(folder.path().join(Kind::Chatters.object(at(2)))).unwrap());
        assert!(!text.contains("_p000037") && text.contains("_p000074"));
    }
}

#[tokio::test]
async fn what_cannot_be_understood_ends_an_erasure_with_its_place() {
    let folder = tempdir().unwrap();
    let archive = small_archive(folder.path()).await;
    let object = Kind::Chatters.object(at(2));
    let mut bytes = fs::read(folder.path().join(&object)).unwrap();
    let index: Index =
        serde_json::from_slice(&fs::read(folder.path().join(Kind::Chatters.index(at(2)))).unwrap()).unwrap();
    let (third, rows) = (index.members[2].offset as usize, index.members[1].rows);
    bytes[third + 30] ^= 0x55;
    fs::write(folder.path().join(&object), &bytes).unwrap();
    let names = Names { logins: ["_p000037".parse().unwrap()].into(), ..Names::default() };
    for indexed in [true, false] {
        let error = archive.erase(at(2), None, &names).await.unwrap_err().to_string();
        let place = error.strip_prefix(&format!("{object}, member 3, line ")).expect(&error);
        let line: u64 = place.split(':').next().unwrap().parse().unwrap();
        assert!(line >= 2 + rows && place.contains("the gzip data is damaged"), "indexed {indexed}: {error}");
        if indexed {
            fs::remove_file(folder.path().join(Kind::Chatters.index(at(2)))).unwrap();
        }
    }
}

/// An object's index goes before it is written again: while the last of a folder is gone, another is written there.
#[tokio::test]
async fn sweeps_are_rewritten_side_by_side() {
    let folder = tempdir().unwrap();
    let archive = small_archive(folder.path()).await;
    let role = |round: u16| format!("_role{round}");
    for round in 0..4 {
        let next = |name: String| Names { logins: [name.parse().unwrap()].into(), ..Names::default() };
        let (first, second) = (next(role(round)), next(format!("_q{round:03}")));
        let (first, second) = tokio::join!(archive.erase(at(1), None, &first), archive.erase(at(2), None, &second));
        assert_eq!((first.unwrap().rows, second.unwrap().rows), (1, 1));
    }
}
