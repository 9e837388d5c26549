//! No room on the disk of an archive, or of the spool before a bucket: a sweep is tried with none and ever more, until it is
//! enough.
//!
//! The disk is a small one of our own. Where the system lets this user mount none, nothing else gives what a full disk gives.

use std::path::Path;

use archive::Archive;
use model::slot::SlotTime;

use crate::bucket::Buckets;
use crate::clock::evening;
use crate::disk::Disk;
use crate::faked::Faked;
use crate::kill::sweeps;
use crate::{TempDir, fs, place, program};

/// A disk gives pages: there is no room in between.
const PAGE: u64 = 4 << 10;

const MEND: &str = "a disk of our own needs `unshare --user --mount`: allow it (sysctl kernel.unprivileged_userns_clone=1, \
     kernel.apparmor_restrict_unprivileged_userns=0), or run outside of a container";

/// Sweeps the slot that it is by this clock; its code, and what it said of it.
fn once(folder: &TempDir, clock: &Faked, buckets: Option<&Buckets>) -> (Option<i32>, String) {
    let mut command = program(folder, &["collect", "--once"]);
    clock.give(&mut command);
    command.envs(buckets.iter().flat_map(|buckets| buckets.environment()));
    let output = command.output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

/// What a sweep of two slots leaves: the first with ever more room, the next with enough.
async fn until_enough(disk: &Disk, buckets: Option<&Buckets>) {
    let (folder, _twitch) = place("");
    let config = folder.path().join("vigie.toml");
    let text = fs::read_to_string(&config).unwrap();
    let (first, next) = (evening(), evening() + 1);
    let clock = Faked::new(folder.path().join("clock"), first.unix());
    for (failed, room) in (0..).step_by(PAGE as usize).enumerate() {
        let path = disk.path().join(format!("with-{room}"));
        let urls = match buckets {
            None => format!("url = \"{}\"", path.display()),
            Some(_) => format!("url = \"s3://vigie/with-{room}\"\nspool = \"{}\"", path.display()),
        };
        fs::write(&config, text.replace("url = \"archive\"", &urls)).unwrap();
        clock.set(first.unix());
        disk.leave(room);
        let (code, told) = once(&folder, &clock, buckets);
        disk.clear();
        let how = format!("with {room} bytes of room, which said {told:?}");
        if code == Some(0) {
            assert!(failed > 1, "{how}: there never was too little room");
            return;
        }
        let is_one_sentence = told.lines().count() == 1 && told.starts_with("vigie: ") && told.contains("cannot ");
        assert!(code == Some(1) && is_one_sentence && told.contains("free some space"), "{how}");
        let mut swept = held(&path).await;
        assert!(swept.is_empty() || swept == [first], "{how}: {swept:?}");

        // With room it says truly what became of the slot.
        if swept.is_empty() {
            let (code, told) = once(&folder, &clock, buckets);
            let is_swept = told.contains(" channels live with ");
            let is_told = is_swept != told.contains("was not swept to its end before");
            assert!(code == Some(0) && is_told, "{how}, and then {told:?}");
            swept.extend(is_swept.then_some(first));
        }
        clock.set(next.unix());
        let (code, told) = once(&folder, &clock, buckets);
        assert_eq!(code, Some(0), "{how}, and then {told:?}");
        swept.push(next);
        match buckets {
            None => assert_eq!(held(&path).await, swept, "{how}"),
            Some(buckets) => {
                let objects = buckets.objects(&format!("with-{room}/streams")).await;
                assert_eq!(objects.len(), swept.len(), "{how}: {objects:?}");
                assert_eq!(held(&path).await, [], "{how}");
            }
        }
        fs::remove_dir_all(&path).unwrap();
    }
}

/// The sweeps below a folder, each whole. No file there is a part of one.
async fn held(folder: &Path) -> Vec<SlotTime> {
    for entry in walkdir::WalkDir::new(folder).into_iter().filter_map(Result::ok) {
        let is_object = entry.path().extension().is_some_and(|ending| ending == "gz" || ending == "json");
        assert!(entry.file_type().is_dir() || is_object, "{}", entry.path().display());
    }
    match Archive::open(folder.to_str().unwrap()).await {
        Ok(archive) => sweeps(&archive).await,
        // It was not even made.
        Err(_) => Vec::new(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_under_an_archive_is_told_and_leaves_no_half_sweep() {
    match Disk::here() {
        Some(disk) => until_enough(&disk, None).await,
        None if Disk::is_allowed() => {
            Disk::again("full::a_full_disk_under_an_archive_is_told_and_leaves_no_half_sweep");
        }
        None => eprintln!("not tried, no namespaces for this user: {MEND}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_under_a_spool_is_told_and_leaves_no_half_sweep() {
    match Disk::here() {
        Some(disk) => until_enough(&disk, Some(&Buckets::start().await)).await,
        None if Disk::is_allowed() => {
            Disk::again("full::a_full_disk_under_a_spool_is_told_and_leaves_no_half_sweep");
        }
        None => eprintln!("not tried, no namespaces for this user: {MEND}"),
    }
}
