//! What cannot be done, or looked into, keeps nothing else from being done and told; and who comes back after an erasure.

use std::fs;
use std::process::Output;

use model::identity::TwitchId;

use crate::place::{DAYS, ID, ID_DAY, NOTHING, Place};

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_erasure_that_is_stuck_keeps_no_other_from_its_turn() {
    const OTHER: &str = "_nobody_else";
    let place = Place::new(None).await;
    for day in [ID_DAY, DAYS[0]] {
        place.run(&["import", "--day", day]);
    }
    assert!(place.scan().await.members > 0);
    place.ask_thoroughly().await;
    // Of a day that tells nothing of the other.
    let chatters = place.path("archive/chatters").join(format!("date={}", DAYS[0]));
    let object = fs::read_dir(chatters).unwrap().next().unwrap().unwrap().path();
    let whole = fs::read(&object).unwrap();
    fs::write(&object, b"no gzip").unwrap();

    let done = place.output(&["erase", "--login", OTHER, "--json"]);
    let told = stderr(&done);
    assert_eq!(done.status.code(), Some(1));
    let left = "erasure 1 is not done: cannot erase a person from the archive's objects of";
    assert!(told.contains(&format!("{left} {}", DAYS[0])) && !told.contains("erasure 2"), "{told}");
    assert!(told.contains(object.file_name().unwrap().to_str().unwrap()), "{told}");
    let receipt: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!((&receipt["observations"], &receipt["store_days"]), (&1.into(), &1.into()));
    // Whoever waits is kept out, and the website starts and does not show them.
    for login in [OTHER, &place.login] {
        assert!(place.is_suppressed(login, None).await);
    }
    assert!(!place.serve_their_page().await.contains(&place.login));

    fs::write(&object, whole).unwrap();
    place.run(&["erase", "--login", OTHER]);
    assert_eq!(place.scan().await, NOTHING);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_stuck_behind_another_is_kept_out_too() {
    let place = Place::new(None).await;
    place.run(&["import", "--day", DAYS[0]]);
    // An archive that gives nothing of a day: every erasure that reads it is stuck.
    let chatters = place.path("archive/chatters").join(format!("date={}", DAYS[1]));
    for object in fs::read_dir(chatters).unwrap() {
        fs::write(object.unwrap().path(), b"no gzip").unwrap();
    }
    for (login, left) in [("_nobody_else", 1), (place.login.as_str(), 2)] {
        let done = place.output(&["erase", "--login", login]);
        assert_eq!((done.status.code(), stderr(&done).matches(" is not done: ").count()), (Some(1), left));
        assert!(place.is_suppressed(login, None).await && done.stdout.is_empty());
    }
    assert!(!place.serve_their_page().await.contains(&place.login));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_was_erased_comes_back_by_their_id_too() {
    let place = Place::new(None).await;
    let id = ID.to_string();
    place.run(&["import", "--day", ID_DAY]);
    place.run(&["erase", "--login", &place.login]);
    let undo = ["opt-out", "--undo", "--login", &place.login];
    let told = stderr(&place.output(&undo));
    assert!(told.contains("whoever was erased is on the list by Twitch's id too") && told.contains("--id"), "{told}");
    assert!(!place.is_suppressed(&place.login, None).await);
    assert!(place.is_suppressed("_any_other", TwitchId::new(ID)).await);
    let told = stderr(&place.output(&[&undo[..], &["--id", &id]].concat()));
    assert!(told.contains("off the list") && !told.contains("--id"), "{told}");
    assert!(!place.is_suppressed(&place.login, TwitchId::new(ID)).await);
    // Of somebody whom nobody has seen yet.
    assert!(stderr(&place.output(&["opt-out", "--login", "_not_yet"])).contains("--id"));
    place.run(&["opt-out", "--login", "_not_yet", "--id", &id]);
    assert!(place.is_suppressed("_any_other", TwitchId::new(ID)).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_that_cannot_be_looked_into_hides_no_other() {
    let place = Place::new(None).await;
    place.run(&["import", "--day", DAYS[0]]);
    for out in ["exports/csv", "exports/other"] {
        place.run(&["export", "csv", "--from", DAYS[0], "--to", DAYS[0], "--raw", "--out", out]);
    }
    place.rename("exports/csv", "moved");
    place.link("csv", "exports/csv");
    let listed = place.output(&["export", "folders"]);
    let told = String::from_utf8(listed.stdout.clone()).unwrap();
    assert_eq!((listed.status.code(), told.lines().count()), (Some(1), 2), "{told}");
    assert!(told.ends_with("exports/other\n") && !told.contains("any more"), "{told}");
    assert!(stderr(&listed).contains("cannot look for an export in") && stderr(&listed).contains("exports/csv"));
    let json = place.output(&["export", "folders", "--json"]);
    let first: serde_json::Value =
        serde_json::from_slice(json.stdout.split(|byte| *byte == b'\n').next().unwrap()).unwrap();
    assert_eq!(first["export"], serde_json::Value::Null);
}
