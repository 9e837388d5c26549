//! What the program itself leaves of somebody: imported, exported, served and erased by `vigie`, every kind of artefact is
//! scanned before and after, the most talkative log with them.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "../../../store/tests/conformance/cluster.rs"]
#[allow(dead_code, unreachable_pub, reason = "other tests use the rest of it")]
mod cluster;
mod crowd;
mod place;
#[path = "../../../importer/tests/import/scanner.rs"]
#[allow(dead_code, unreachable_pub, reason = "other tests use the rest of it")]
mod scanner;
mod stuck;
#[path = "../../../importer/tests/import/world.rs"]
#[allow(dead_code, unreachable_pub, reason = "other tests use the rest of it")]
mod world;

use place::{Hits, NOTHING, Place};

async fn an_erasure_leaves_nothing(cluster: Option<&cluster::Cluster>) {
    let place = Place::new(cluster).await;
    for day in [place::ID_DAY, place::DAYS[0], place::DAYS[1]] {
        place.run(&["import", "--day", day]);
    }
    for format in place::FORMATS {
        let out = format!("exports/{format}");
        place.run(&["export", format, "--from", place::ID_DAY, "--to", place::DAYS[1], "--raw", "--out", &out]);
    }
    place.run(&["import", "--nights"]);
    let page = place.serve_their_page().await;
    assert!(page.contains(&place.login), "{page}");

    let before = place.scan().await;
    let Hits { members, rows, database, exports, .. } = before;
    assert!(members > 0 && rows > 0 && database > 0 && exports.iter().all(|hits| *hits > 0), "{before:?}");
    // Each kind of artefact tells their id too.
    let Hits { members, rows, database, exports, .. } = place.scan_for_id().await;
    assert!(members > 0 && rows > 0 && database > 0 && exports.iter().all(|hits| *hits > 0), "{before:?}");
    // What has to be silent is so before there is anything to erase.
    assert_eq!(Hits { members: 0, rows: 0, database: 0, exports: NOTHING.exports, ..before }, NOTHING);

    assert!(place.is_in_crowd().await);

    let receipt = place.run(&["erase", "--login", &place.login, "--json"]);
    let said: serde_json::Value = serde_json::from_slice(&receipt).unwrap();
    assert!(!place.is_in_crowd().await);
    for figure in ["observations", "store_days", "crowd_files", "export_parts", "export_rows"] {
        assert!(said[figure].as_u64().unwrap() > 0, "{figure}: {said}");
    }
    assert_eq!(place.scan().await, NOTHING);
    assert!(!place.serve_their_page().await.contains(&place.login));
    // Asked again, and thoroughly: nobody is found, and nothing is told.
    place.run(&["erase", "--login", &place.login, "--thorough"]);
    assert_eq!(place.scan().await, NOTHING);
    place.prove_the_scanner().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite() {
    an_erasure_leaves_nothing(None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres() {
    an_erasure_leaves_nothing(Some(&cluster::Cluster::start(&[]))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_goes_on_with_an_erasure_is_as_thorough() {
    let place = Place::new(None).await;
    place.run(&["import", "--day", place::DAYS[0]]);
    assert!(place.scan().await.members > 0);
    place.ask_thoroughly().await;
    place.run(&["erase", "--login", "_nobody_at_all"]);
    let receipts = place.receipts().await;
    assert_eq!(receipts.iter().map(|receipt| receipt.thorough).collect::<Vec<_>>(), [true, false]);
    assert_eq!(place.scan().await, NOTHING);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_erasure_cannot_reach_is_told() {
    let place = Place::new(None).await;
    place.run(&["import", "--day", place::DAYS[0]]);
    place.run(&["export", "csv", "--from", place::DAYS[0], "--to", place::DAYS[0], "--raw", "--out", "exports/csv"]);
    assert!(place.scan().await.exports[0] > 0);
    // Moved away.
    place.rename("exports/csv", "moved");
    let refused = place.output(&["erase", "--login", &place.login, "--exports", "archive"]);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("archive holds no export"), "{refused:?}");
    // What cannot be looked into is not taken for gone.
    place.link("csv", "exports/csv");
    let refused = place.output(&["erase", "--login", &place.login]);
    let told = String::from_utf8_lossy(&refused.stderr);
    assert!(refused.status.code() == Some(1) && told.contains("cannot erase a person from the exports in"), "{told}");
    place.remove("exports/csv");
    // What to do is said whatever form the receipt has.
    for form in [&[][..], &["--json"]] {
        let done = place.output(&[&["erase", "--login", &place.login], form].concat());
        let told = String::from_utf8(done.stderr).unwrap();
        assert!(done.status.success() && told.contains("exports/csv any more"), "{told}");
        assert!(told.contains("vigie erase --exports") && told.contains("vigie export forget"), "{told}");
    }
    assert!(place.scan().await.moved > 0);
    let told = String::from_utf8(place.run(&["erase", "--login", &place.login, "--exports", "moved"])).unwrap();
    assert!(told.contains("removed from 1 parts in 1 folders"), "{told}");
    assert_eq!(place.scan().await, NOTHING);
}

async fn a_folder_is_forgotten_once_its_export_is_gone(cluster: Option<&cluster::Cluster>) {
    let place = Place::new(cluster).await;
    place.run(&["import", "--day", place::DAYS[0]]);
    for out in ["exports/csv", "exports/other"] {
        place.run(&["export", "csv", "--from", place::DAYS[0], "--to", place::DAYS[0], "--raw", "--out", out]);
    }
    let listed = || String::from_utf8(place.run(&["export", "folders"])).unwrap();
    let refused = |words: &[&str], why: &str| {
        let done = place.output(words);
        let told = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.code() == Some(1) && told.contains(why), "{told}");
    };
    assert!(listed().lines().count() == 2 && !listed().contains("any more"), "{}", listed());
    refused(&["export", "forget", "exports/csv"], "no erasure would reach it any more: delete it first");
    refused(&["export", "forget", "archive"], "presence was never exported to");
    place.rename("exports/csv", "moved");
    let said: Vec<serde_json::Value> = String::from_utf8(place.run(&["export", "folders", "--json"]))
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!((&said[0]["export"], &said[1]["export"]), (&false.into(), &true.into()));
    assert!(listed().contains("exports/csv any more: if it was moved"), "{}", listed());
    // As it is listed, whatever folder the next command is started in.
    place.run(&["export", "forget", said[0]["folder"].as_str().unwrap()]);
    assert_eq!(listed().lines().count(), 1);
    let done = place.output(&["erase", "--login", &place.login]);
    let told = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success() && !told.contains("any more"), "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn folders_are_forgotten_sqlite() {
    a_folder_is_forgotten_once_its_export_is_gone(None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn folders_are_forgotten_postgres() {
    a_folder_is_forgotten_once_its_export_is_gone(Some(&cluster::Cluster::start(&[]))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_channel_opts_out_under_all_its_names() {
    let place = Place::new(None).await;
    place.run(&["import", "--day", place::DAYS[0]]);
    let channel = place.some_channel().await;
    assert!(channel.id.is_some());
    place.run(&["opt-out", "--login", channel.login.as_str()]);
    assert!(place.is_suppressed("_any_other_name", channel.id).await);
    assert!(!place.is_shown(&channel.login).await);
    // As a version left it that marked nobody: the next import does, and so does the next start of the site.
    place.forget_marks().await;
    assert!(place.is_shown(&channel.login).await);
    place.run(&["import"]);
    assert!(!place.is_shown(&channel.login).await);
    // A person of that name too: nothing of the channel goes, and it is said.
    let told = String::from_utf8(place.run(&["erase", "--login", channel.login.as_str()])).unwrap();
    assert!(told.contains("they are a channel too: 1 days of what it broadcast stay"), "{told}");
    place.run(&["opt-out", "--undo", "--login", channel.login.as_str()]);
    assert!(!place.is_suppressed(channel.login.as_str(), channel.id).await);
    assert!(place.is_shown(&channel.login).await);
}
