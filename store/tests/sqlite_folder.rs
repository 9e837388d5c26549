//! A folder that is not as it should be: one clear sentence, and no harm done.
#![allow(clippy::unwrap_used, reason = "the setting that allows it in tests knows test functions only")]

use std::fs;
use std::path::{Path, PathBuf};

use futures::FutureExt;
use model::channel_day::ChannelDay;
use model::day::Day;
use model::hours::month_in_hours;
use model::words::Origin;
use sqlx::{Connection, SqliteConnection};
use store::access::{Job, JobKey};
use store::channel::ChannelIdentity;
use store::day::DayImport;
use store::error::{Result, StoreError};
use store::rows::{RowBatch, ViewerRows};
use store::upkeep::{self, Depth};
use store::{AnyStore, Store};
use tempfile::TempDir;

fn day() -> Day {
    "2026-11-22".parse().unwrap()
}

async fn open(folder: &Path) -> Result<AnyStore> {
    AnyStore::open(folder.to_str().unwrap(), Some(Origin::Simulated)).await
}

/// A folder with a day in it, closed.
async fn filled() -> (TempDir, PathBuf) {
    let parent = TempDir::new().unwrap();
    let folder = parent.path().join("store");
    let store = open(&folder).await.unwrap();
    import(&store).await;
    store.close().await;
    (parent, folder)
}

async fn import(store: &AnyStore) {
    let job = JobKey::grant(Job::Import);
    let channel = ChannelIdentity::of_login("_room".parse().unwrap());
    let key = store.channel_keys(&job, day(), &[channel], 0).await.unwrap()[0];
    let mut viewers = RowBatch::default();
    viewers.push(b"_ada", None, &[1]).unwrap();
    let channels = vec![(key, ChannelDay::default())];
    let import = DayImport::of(day(), channels, ViewerRows::of(&viewers).unwrap());
    store.import_day(&job, import).await.unwrap();
}

/// The text of a damaged store's error names the file and the mend.
fn is_damaged(refused: Result<AnyStore>, file: &str) {
    let error = refused.unwrap_err();
    assert!(matches!(error, StoreError::Damaged { .. }), "{error:?}");
    let text = error.to_string();
    assert!(text.contains(file) && text.contains("restore") && text.contains("import"), "{text}");
}

#[tokio::test]
async fn a_file_that_is_no_database_is_told() {
    for file in ["main.db", "open-2026-11.db"] {
        let (_parent, folder) = filled().await;
        fs::write(folder.join(file), vec![b'x'; 9_000]).unwrap();
        is_damaged(open(&folder).await, file);
    }
}

#[tokio::test]
async fn a_file_with_a_broken_page_is_told() {
    for file in ["main.db", "open-2026-11.db"] {
        let (_parent, folder) = filled().await;
        let path = folder.join(file);
        let mut bytes = fs::read(&path).unwrap();
        // All but the first page, which has the schema.
        bytes[4_096..].fill(0xa5);
        fs::write(&path, bytes).unwrap();
        is_damaged(open(&folder).await, file);
    }
}

#[tokio::test]
async fn a_lost_file_is_told_and_not_made_anew() {
    for file in ["main.db", "open-2026-11.db"] {
        let (_parent, folder) = filled().await;
        fs::remove_file(folder.join(file)).unwrap();
        is_damaged(open(&folder).await, file);
        fs::write(folder.join(file), []).unwrap();
        is_damaged(open(&folder).await, file);
    }
}

#[tokio::test]
async fn a_folder_in_use_is_left_alone() {
    let (_parent, folder) = filled().await;
    let store = open(&folder).await.unwrap();
    let error = open(&folder).await.unwrap_err();
    assert!(matches!(&error, StoreError::InUse { folder: named } if *named == folder), "{error:?}");
    drop(store);
    assert!(open(&folder).await.is_ok());
}

#[tokio::test]
async fn whoever_opens_a_folder_waits_for_a_check_to_look_at_it() {
    let (_parent, folder) = filled().await;
    // As a check holds it, for a moment.
    let looked_at = fs::File::open(folder.join("lock")).unwrap();
    looked_at.lock_shared().unwrap();
    let (opened, ()) = tokio::join!(open(&folder), async move { drop(looked_at) });
    opened.unwrap();
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_told() {
    let parent = TempDir::new().unwrap();
    let file = parent.path().join("file");
    fs::write(&file, "not a folder").unwrap();
    let error = open(&file.join("store")).await.unwrap_err();
    assert!(matches!(error, StoreError::NotWritable { .. }), "{error:?}");
    let error = open(&file).await.unwrap_err();
    assert!(matches!(error, StoreError::NotWritable { .. }), "{error:?}");
}

#[tokio::test]
async fn nothing_is_made_where_a_store_is_expected() {
    let parent = TempDir::new().unwrap();
    let folder = parent.path().join("store");
    let error = AnyStore::open(&format!("sqlite:{}", folder.display()), None).await.unwrap_err();
    assert!(matches!(error, StoreError::Absent { .. }), "{error:?}");
    assert!(!folder.exists());
}

#[tokio::test]
async fn addresses_are_understood_or_refused() {
    for wrong in ["mysql://somewhere/db", "sqlite:", "", "http://host"] {
        assert!(matches!(AnyStore::open(wrong, None).await, Err(StoreError::Address(_))), "{wrong:?}");
    }
    let error = AnyStore::open("postgres://user:secret@127.0.0.1:1/vigie", None).await.unwrap_err();
    let text = format!("{error} {error:?}");
    assert!(text.contains("vigie") && !text.contains("secret"), "{text}");
}

#[tokio::test]
async fn what_an_unfinished_import_left_is_not_seen_and_goes() {
    let (_parent, folder) = filled().await;
    let url = folder.join("main.db");
    let mut main = SqliteConnection::connect(url.to_str().unwrap()).await.unwrap();
    // As a crash leaves it between the two files.
    let day_number = day().days();
    for sql in [
        "INSERT INTO channel_day SELECT day, generation + 1, channel + 5, data FROM channel_day",
        "INSERT INTO day_record SELECT day, generation + 1, 1, 5, 9, 9, 9, 9, 9, 9, 9, 0, 0, NULL FROM day_record",
        "INSERT INTO day_record SELECT day + 1, 1, 1, 5, 9, 9, 9, 9, 9, 9, 9, 0, 0, NULL FROM day_record WHERE generation = 1",
        "INSERT INTO skipped_sweep SELECT day, generation + 1, 7, 'damaged' FROM day_record WHERE generation = 1",
        "INSERT INTO channel_day SELECT day + 1, 1, channel, data FROM channel_day WHERE generation = 1",
        // An earlier version kept it, where the day was replaced while it was compared.
        "INSERT INTO verification SELECT day, 7, 0, 0, 0, 0, 0, 0, 1, '' FROM day_record WHERE generation = 1",
    ] {
        sqlx::query(sql).execute(&mut main).await.unwrap();
    }
    main.close().await.unwrap();

    let store = open(&folder).await.unwrap();
    let days = store.days().await.unwrap();
    assert_eq!(days.iter().map(|record| (record.day, record.imported_at)).collect::<Vec<_>>(), [(day(), 0)]);
    store.close().await;
    let mut main = SqliteConnection::connect(url.to_str().unwrap()).await.unwrap();
    let left: Vec<(i32, i32)> = sqlx::query_as(
        "SELECT day, generation FROM channel_day UNION ALL SELECT day, generation FROM day_record \
             UNION ALL SELECT day, generation FROM skipped_sweep UNION ALL SELECT day, generation FROM verification",
    )
    .fetch_all(&mut main)
    .await
    .unwrap();
    assert_eq!(left, [(day_number, 1), (day_number, 1)]);
}

/// What a check says of a folder: what is wrong, and where.
async fn found(folder: &Path) -> Vec<(String, String)> {
    let job = JobKey::grant(Job::Upkeep);
    let report = upkeep::check(&job, folder.to_str().unwrap(), Depth::Quick).await.unwrap();
    report.findings.into_iter().map(|finding| (finding.what, finding.place)).collect()
}

#[tokio::test]
async fn a_check_finds_what_a_disk_lost() {
    for (file, lost) in [("main.db", 0), ("open-2026-11.db", 1)] {
        for damage in ["broken", "cut", "no database", "gone"] {
            let (_parent, folder) = filled().await;
            let path = folder.join(file);
            let mut bytes = fs::read(&path).unwrap();
            match damage {
                "broken" => bytes[4_096..].fill(0xa5),
                "cut" => bytes.truncate(8_192),
                _ => bytes = vec![b'x'; 9_000],
            }
            fs::write(&path, bytes).unwrap();
            if damage == "gone" {
                fs::remove_file(&path).unwrap();
            }
            let found = found(&folder).await;
            let named = |place: &String| place.ends_with(file) || (damage == "gone" && lost == 1);
            assert!(found.iter().any(|(_, place)| named(place)), "{file} {damage}: {found:?}");
            assert!(damage != "no database" || found.len() == 1, "{file} {damage}: {found:?}");
            let told =
                upkeep::back_up(&JobKey::grant(Job::Upkeep), folder.to_str().unwrap(), &folder.join("b"), 0).await;
            assert!(damage == "broken" || damage == "cut" || told.is_err(), "{file} {damage}: {told:?}");
        }
    }
}

#[tokio::test]
async fn a_check_finds_what_a_crash_left_when_nobody_imports() {
    let (_parent, folder) = filled().await;
    fs::write(folder.join("month-2026-11.new"), "half").unwrap();
    fs::write(folder.join("open-2026-10.db-wal"), "").unwrap();
    let url = folder.join("main.db");
    let mut main = SqliteConnection::connect(url.to_str().unwrap()).await.unwrap();
    for sql in [
        "INSERT INTO channel_day SELECT day, generation + 1, channel, data FROM channel_day",
        "INSERT INTO day_record SELECT day, generation + 1, 1, 5, 9, 9, 9, 9, 9, 9, 9, 0, 0, NULL FROM day_record",
        "INSERT INTO verification SELECT day, 7, 0, 0, 0, 0, 0, 0, 1, '' FROM day_record WHERE generation = 1",
    ] {
        sqlx::query(sql).execute(&mut main).await.unwrap();
    }
    main.close().await.unwrap();
    let found_there = found(&folder).await;
    assert!(found_there.iter().any(|(_, place)| place.ends_with(" verification")), "{found_there:?}");
    let what: Vec<String> = found_there.into_iter().map(|(what, _)| what).collect();
    for left in ["files that were being made", "journals of files that are gone", "rows of imports that never ended"] {
        assert!(what.iter().any(|what| what.contains(left)), "{left}: {what:?}");
    }
    // Opening clears it away, but for what may be anybody's; and whoever has it open may be importing.
    let store = open(&folder).await.unwrap();
    assert_eq!(found(&folder).await, []);
    store.close().await;
    drop(store);
    let what: Vec<String> = found(&folder).await.into_iter().map(|(what, _)| what).collect();
    assert_eq!(what, ["journals of files that are gone"]);
}

#[tokio::test]
async fn what_a_failed_try_left_is_in_nobodys_way() {
    let (_parent, folder) = filled().await;
    let store = open(&folder).await.unwrap();
    let (job, month) = (JobKey::grant(Job::Retention), day().month());
    let leave = |file: &str| {
        fs::write(folder.join(file), "half").unwrap();
        fs::write(folder.join(format!("{file}-journal")), "of it").unwrap();
    };
    leave("month-2026-11.new");
    store.close_month(&job, month).await.unwrap();
    store.drop_open(&job, month).await.unwrap();
    // A day of it is imported again: the blocks are made again first.
    leave("open-2026-11.new");
    import(&store).await;
    leave("month-2026-11.new");
    store.close_month(&job, month).await.unwrap();
    // One that was stopped in the middle, by a fault of ours.
    let stopped = store.age_month(&job, month, |_| panic!("stopped"));
    assert!(std::panic::AssertUnwindSafe(stopped).catch_unwind().await.is_err());
    assert!(folder.join("month-2026-11.new").exists());
    store.age_month(&job, month, |days| month_in_hours(days, |_, _| None)).await.unwrap();
    leave("month-2026-11.new");
    store.forget_month(&job, month).await.unwrap();
    store.close().await;
    let left = fs::read_dir(&folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    assert_eq!(left.filter(|name| name.contains(".new")).collect::<Vec<_>>(), [""; 0]);
}
