//! People taken out of a sweep, by runs that are stopped.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use archive::erase::{Erased, Names};
use archive::path::Kind;
use model::identity::TwitchId;
use tempfile::tempdir;

use crate::samples::{at, small_archive};

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
