//! A store, its backup, and the store that is made of it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use model::channel_day::ChannelSlot;
use model::day::Day;
use model::slot::Slot;
use store::Store;
use store::dump::dump_day;
use store::error::StoreError;
use store::suppression::{Secret, suppress};
use store::upkeep::backup::{Backup, BackupError, MANIFEST};
use store::upkeep::{self, Depth};
use tempfile::TempDir;

use crate::fixtures::{Person, by_login, day, import, job, prepared};
use crate::subject::Subject;
use crate::upkeep::{crowd, filled};

/// Backups made while imports go on.
const BACKUPS: usize = 4;

async fn back_up(s: &Subject, to: &Path) -> Backup {
    upkeep::back_up(&job(), &s.url, to, 1_795_000_000).await.unwrap()
}

/// A store of the backup, in a place of its own.
async fn restored(s: &Subject, from: &Path) -> Subject {
    let (url, folder) = s.maker.place().await;
    upkeep::restore(&job(), from, &url).await.unwrap();
    s.maker.subject(url, folder, None).await
}

fn place() -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let to = folder.path().join("backup");
    (folder, to)
}

/// Everything in a folder, by name.
fn names(folder: &Path) -> BTreeSet<String> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

pub(crate) async fn a_restored_store_is_the_same_row_by_row(s: Subject) {
    filled(&s).await;
    let secret = Secret::new(b"0123456789abcdef").unwrap();
    suppress(&s.store, &job(), &secret, &["_room"], &[], 7).await.unwrap();
    let (folder, to) = place();
    let backup = back_up(&s, &to).await;
    let told: Backup = serde_json::from_slice(&fs::read(to.join(MANIFEST)).unwrap()).unwrap();
    assert_eq!(told, backup);
    assert_eq!(names(folder.path()), ["backup".to_owned()].into());
    let files: BTreeSet<String> = backup.files.iter().map(|file| file.name.clone()).chain([MANIFEST.into()]).collect();
    assert_eq!(names(&to), files);
    let twin = restored(&s, &to).await;
    let (rows, twins) = (s.rows().await, twin.rows().await);
    assert!(rows.values().map(Vec::len).sum::<usize>() > 1_000);
    assert_eq!(rows.keys().collect::<Vec<_>>(), twins.keys().collect::<Vec<_>>());
    for (table, rows) in &rows {
        assert_eq!(rows, &twins[table], "{table}");
    }
    for record in s.store.days().await.unwrap() {
        let of = async |s: &Subject| dump_day(&s.store, &job(), record.day).await.unwrap();
        assert_eq!(of(&s).await, of(&twin).await);
    }
    assert_eq!(s.store.months().await.unwrap(), twin.store.months().await.unwrap());
    assert_eq!(s.store.origin(), twin.store.origin());
    // The twin has a life of its own: it goes on, and the first store does not follow.
    import(&twin.store, day(0), &[by_login("_new", &[("_room", 0, 9)])]).await;
    assert_eq!(s.rows().await, rows);
    assert_eq!(upkeep::check(&job(), &twin.url, Depth::Full).await.unwrap().findings, []);
}

pub(crate) async fn a_backup_has_its_place_when_it_is_told_and_not_before(s: Subject) {
    import(&s.store, day(0), &crowd(40)).await;
    let (_folder, to) = place();
    let job = job();
    let mut backup = std::pin::pin!(upkeep::back_up(&job, &s.url, &to, 0));
    loop {
        let polled = futures::poll!(backup.as_mut());
        // Whoever is stopped here says that there is none.
        assert_eq!(polled.is_ready(), to.exists());
        if let std::task::Poll::Ready(made) = polled {
            made.unwrap();
            break;
        }
        tokio::task::yield_now().await;
    }
}

/// A day on which everything says which version it is.
async fn import_version(s: &Subject, day: Day, version: u16) {
    let slot = version % 200;
    let mut people: Vec<Person> = crowd(150);
    for person in &mut people {
        person.stays = vec![("_room", slot, slot + 1)];
    }
    let import = prepared(&s.store, day, &people, u32::from(slot)).await;
    s.store.import_day(&job(), import).await.unwrap();
}

/// The version that everything of a day is of.
async fn version(s: &Subject, day: Day) -> u32 {
    let dump = dump_day(&s.store, &job(), day).await.unwrap();
    assert_eq!(dump.len(), 150);
    let room = s.store.channel(&"_room".parse().unwrap()).await.unwrap().unwrap();
    let of_channel = s.store.channel_days(&[room.key], day, day.plus(1)).await.unwrap();
    let ChannelSlot::Live(live) = of_channel[0].data.slot(Slot::new(0).unwrap()) else { panic!("it was live") };
    let of_people: BTreeSet<u32> = dump.iter().map(|person| u32::from(person.channels[0].listed[0].from())).collect();
    assert_eq!(of_people, live.viewers.into_iter().collect(), "{day} is of two versions");
    live.viewers.unwrap()
}

pub(crate) async fn backups_beside_imports_are_whole(s: Subject) {
    filled(&s).await;
    let days = [day(1), day(13), day(14)];
    for day in days {
        import_version(&s, day, 0).await;
    }
    let quiet = dump_day(&s.store, &job(), day(-22)).await.unwrap();
    let done = AtomicBool::new(false);
    let (folder, _) = place();
    let write = async {
        let mut n = 0;
        while !done.load(Ordering::Relaxed) {
            n += 1;
            import_version(&s, days[usize::from(n) % 3], n).await;
            if n % 7 == 0 {
                s.store.close_month(&job(), day(1).month()).await.unwrap();
            }
            if n % 14 == 0 {
                s.store.drop_open(&job(), day(1).month()).await.unwrap();
            }
            // A month that was not there before: a few, each has a file or a table.
            if n % 5 == 0 && n < 30 {
                import(&s.store, day(40 + 31 * i32::from(n / 5)), &crowd(20)).await;
            }
        }
        n
    };
    let read = async {
        for n in 0..BACKUPS {
            back_up(&s, &folder.path().join(n.to_string())).await;
            // Checks beside imports see no imports under way.
            assert_eq!(upkeep::check(&job(), &s.url, Depth::Quick).await.unwrap().findings, []);
            upkeep::stats(&s.url).await.unwrap();
        }
        done.store(true, Ordering::Relaxed);
    };
    let (imports, ()) = tokio::join!(write, read);
    assert!(imports > 3, "nobody imported meanwhile");
    let mut last = 0;
    for n in 0..BACKUPS {
        let twin = restored(&s, &folder.path().join(n.to_string())).await;
        let mut newest = 0;
        for day in days {
            newest = newest.max(version(&twin, day).await);
        }
        // Later backups hold no older days; versions count round after 200.
        assert!(newest >= last || imports >= 200, "{newest} after {last}");
        last = newest;
        assert_eq!(dump_day(&twin.store, &job(), day(-22)).await.unwrap(), quiet);
        assert_eq!(upkeep::check(&job(), &twin.url, Depth::Full).await.unwrap().findings, []);
        twin.store.close().await;
    }
}

pub(crate) async fn an_altered_backup_is_refused(s: Subject) {
    filled(&s).await;
    let (folder, to) = place();
    let backup = back_up(&s, &to).await;
    // Of each kind one: names, a closed month, an open one.
    let some = ["main.db", "month-2026-10.db", "open-2026-12.db", "person.copy", "viewer_month_2026_10.copy"];
    let some: Vec<_> = backup.files.iter().filter(|file| some.contains(&file.name.as_str())).collect();
    assert!(some.len() > 1);
    for file in some {
        let path = to.join(&file.name);
        let whole = fs::read(&path).unwrap();
        let mut other = whole.clone();
        other[whole.len() / 2] ^= 1;
        for altered in [Some(&other[..]), Some(&whole[..whole.len() - 1]), None] {
            // Never written into: a closed month's file has a second name in the store.
            fs::remove_file(&path).unwrap();
            if let Some(bytes) = altered {
                fs::write(&path, bytes).unwrap();
            }
            let (url, _place) = s.maker.place().await;
            let refused = upkeep::restore(&job(), &to, &url).await.unwrap_err();
            assert!(
                matches!(&refused, StoreError::Backup(BackupError::Altered { path: told }) if *told == path),
                "{refused:?}"
            );
            assert!(refused.to_string().contains(&file.name), "{refused}");
            let untouched = upkeep::stats(&url).await.unwrap_err();
            assert!(matches!(untouched, StoreError::Absent { .. }), "{untouched:?}");
            if altered.is_some() {
                fs::remove_file(&path).unwrap();
            }
            fs::write(&path, &whole).unwrap();
        }
    }
    let manifest = to.join(MANIFEST);
    let text = fs::read_to_string(&manifest).unwrap();
    for (from, to_text) in [("\"format\": 1", "\"format\": 2"), ("\"name\": \"m", "\"name\": \"../m"), ("{", "")] {
        fs::write(&manifest, text.replacen(from, to_text, 1)).unwrap();
        let (url, _place) = s.maker.place().await;
        let refused = upkeep::restore(&job(), &to, &url).await.unwrap_err();
        assert!(refused.to_string().contains(MANIFEST), "{refused}");
    }
    fs::remove_file(&manifest).unwrap();
    let (url, _place) = s.maker.place().await;
    let refused = upkeep::restore(&job(), &to, &url).await.unwrap_err();
    assert!(matches!(refused, StoreError::Backup(BackupError::NoBackup { .. })), "{refused:?}");
    drop(folder);
}

pub(crate) async fn nothing_is_written_over(s: Subject) {
    filled(&s).await;
    let (_folder, to) = place();
    back_up(&s, &to).await;
    let refused = upkeep::back_up(&job(), &s.url, &to, 0).await.unwrap_err();
    assert!(matches!(refused, StoreError::Backup(BackupError::Exists { .. })), "{refused:?}");
    let rows = s.rows().await;
    let refused = upkeep::restore(&job(), &to, &s.url).await.unwrap_err();
    assert!(matches!(refused, StoreError::Backup(BackupError::NotEmpty { .. })), "{refused:?}");
    assert_eq!(s.rows().await, rows);
}

pub(crate) async fn what_is_no_store_is_not_backed_up(s: Subject) {
    let (url, _place) = s.maker.place().await;
    let (folder, to) = place();
    for refused in [
        upkeep::back_up(&job(), &url, &to, 0).await.map(drop),
        upkeep::check(&job(), &url, Depth::Quick).await.map(drop),
        upkeep::stats(&url).await.map(drop),
        upkeep::vacuum(&job(), &url).await.map(drop),
    ] {
        assert!(matches!(refused, Err(StoreError::Absent { .. })), "{refused:?}");
    }
    s.execute("DELETE FROM _sqlx_migrations WHERE version = (SELECT max(version) FROM _sqlx_migrations)").await;
    let refused = upkeep::back_up(&job(), &s.url, &to, 0).await;
    assert!(matches!(refused, Err(StoreError::Older { .. })), "{refused:?}");
    assert_eq!(names(folder.path()), BTreeSet::new());
}
