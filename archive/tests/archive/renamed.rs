//! What accounts are called now.

use std::collections::HashSet;
use std::fs;

use archive::Archive;
use archive::erase::Names;
use archive::error::ArchiveError;
use archive::path::{Kind, renamed};
use model::identity::TwitchId;
use model::sample::Renaming;
use model::words::Origin;
use tempfile::{TempDir, tempdir};

use crate::samples::{at, gunzip};

fn renaming(id: u64, was: &str, now: Option<&str>) -> Renaming {
    let login = |text: &str| text.parse().unwrap();
    let was = (!was.is_empty()).then(|| login(was));
    Renaming { id: TwitchId::new(id).unwrap(), was, now: now.map(login) }
}

async fn filled() -> (TempDir, Archive, [Renaming; 3]) {
    let folder = tempdir().unwrap();
    let archive = Archive::create(folder.path().to_str().unwrap(), Origin::Simulated).await.unwrap();
    let learnt = [renaming(7, "_old", Some("_new")), renaming(8, "_gone", None), renaming(9, "", Some("_y"))];
    archive.put_renamings(at(2), &learnt).await.unwrap();
    (folder, archive, learnt)
}

#[tokio::test]
async fn what_is_written_is_read() {
    let (folder, archive, learnt) = filled().await;
    let text = gunzip(&fs::read(folder.path().join(renamed(at(2)))).unwrap());
    let time = at(2);
    let wanted = format!("sampled_at,chatter_id,was,login\n{time},7,_old,_new\n{time},8,_gone,\n{time},9,,_y\n");
    assert_eq!(text, wanted);
    assert_eq!(archive.renamed_slots(at(2).day()).await.unwrap(), [at(2).slot()]);
    assert_eq!(archive.renamings(at(2)).await.unwrap(), learnt);
    assert_eq!(archive.renamings(at(3)).await.unwrap(), []);
    // It is no sweep, and who comes second writes nothing.
    assert_eq!(archive.sweeps(at(2).day()).await.unwrap(), []);
    let taken = archive.put_renamings(at(2), &learnt[..1]).await;
    assert!(matches!(taken, Err(ArchiveError::SlotTaken { .. })), "{taken:?}");
    let mixed = archive.put_renamings(at(4), &[renaming(7, "_old", Some("real"))]).await;
    assert!(matches!(mixed, Err(ArchiveError::NotSimulated(_))), "{mixed:?}");
    // It goes with its day, and alone is a day that is to go.
    assert_eq!(archive.days_with_objects().await.unwrap(), [at(2).day()]);
    assert_eq!(archive.delete_day(at(2).day()).await.unwrap(), 1);
    assert_eq!(archive.days_with_objects().await.unwrap(), []);
}

/// The last object of a folder and the folder go one after the other, and between them whoever does it may be killed.
#[tokio::test]
async fn a_folder_that_a_stop_left_goes_too() {
    let (folder, archive, _) = filled().await;
    let left = folder.path().join(Kind::Streams.object(at(2))).parent().unwrap().to_owned();
    fs::create_dir_all(&left).unwrap();
    assert_eq!(archive.delete_day(at(2).day()).await.unwrap(), 1);
    assert!(!left.exists());
    fs::create_dir_all(&left).unwrap();
    assert_eq!(archive.days_with_objects().await.unwrap(), [at(2).day()]);
    assert_eq!(archive.delete_day(at(2).day()).await.unwrap(), 0);
    assert_eq!(archive.days_with_objects().await.unwrap(), []);
}

#[tokio::test]
async fn people_are_taken_out_of_it() {
    let (folder, archive, learnt) = filled().await;
    let by_id = Names { ids: HashSet::from([learnt[0].id]), ..Names::default() };
    let by_login = Names { logins: HashSet::from(["_y".parse().unwrap()]), ..Names::default() };
    for (names, left) in [(by_id, &learnt[1..]), (by_login, &learnt[1..2])] {
        let erased = archive.erase_renamings(at(2), |login, id| names.hold(login, id)).await.unwrap();
        assert_eq!((erased.objects, erased.members, erased.rows), (1, 1, 1));
        assert_eq!(archive.renamings(at(2)).await.unwrap(), left);
        assert_eq!(archive.erase_renamings(at(2), |login, id| names.hold(login, id)).await.unwrap().objects, 0);
    }
    let last = Names { logins: HashSet::from(["_gone".parse().unwrap()]), ..Names::default() };
    assert_eq!(archive.erase_renamings(at(2), |login, id| last.hold(login, id)).await.unwrap().rows, 1);
    assert!(!folder.path().join(renamed(at(2))).exists(), "it named nobody else");
}

#[tokio::test]
async fn what_is_wrong_is_told_with_its_line() {
    let (folder, archive, _) = filled().await;
    let path = folder.path().join(renamed(at(2)));
    let time = at(2);
    let rows = |rows: &str| format!("sampled_at,chatter_id,was,login\n{time},7,_a,_b\n{rows}\n");
    let cases = [
        ("sampled_at,chatter_id,was\n".to_owned(), "line 1: the header has no column login"),
        (rows(&format!("{time},,_a,_b")), "line 3: chatter_id: no number"),
        (rows(&format!("{time},8,A B,_b")), "line 3: was: "),
        (rows(&format!("{time},8,,")), "line 3: login: neither"),
        (rows(&format!("{time},8,_a")), "line 3: 3 fields where the header has 4"),
        (rows(&format!("{},8,_a,_b", at(3))), "line 3: sampled_at is not within the slot"),
        (rows(&format!("{time},8,_a,_b\n{time},9,\"_c")), "line 4: "),
    ];
    for (text, wanted) in cases {
        let mut bytes = Vec::new();
        let mut encoder = flate2::write::GzEncoder::new(&mut bytes, flate2::Compression::fast());
        std::io::Write::write_all(&mut encoder, text.as_bytes()).unwrap();
        encoder.finish().unwrap();
        fs::write(&path, &bytes).unwrap();
        let told = archive.renamings(at(2)).await.unwrap_err().to_string();
        assert!(told.contains(wanted) && told.starts_with(&renamed(at(2))), "{told}");
        fs::write(&path, &bytes[..bytes.len() - 9]).unwrap();
        assert!(archive.renamings(at(2)).await.is_err());
    }
}
