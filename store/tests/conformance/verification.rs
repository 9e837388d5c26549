//! What comparisons of days with their archive found.

use store::Store;
use store::upkeep::{self, Depth};
use store::verification::{REASON_MAX, Verification};

use crate::fixtures::{by_login, day, import, job};
use crate::subject::{Maker, Subject};

fn found(n: i32, generation: u32, failures: u64) -> Verification {
    Verification {
        day: day(n),
        generation,
        at: 1_795_000_000,
        seed: u64::MAX - 6,
        viewers: 100,
        channels: 20,
        failures,
        observations: 38_000_000_000,
        ok: failures == 0,
        reason: if failures == 0 { String::new() } else { "_room: \"it\" differs".into() },
    }
}

pub(crate) async fn a_day_tells_its_channels_and_how_often_it_was_imported(s: Subject) {
    assert_eq!(
        (s.store.generation(day(0)).await.unwrap(), s.store.channels_of_day(day(0)).await.unwrap()),
        (None, vec![])
    );
    import(&s.store, day(0), &[by_login("_ada", &[("_room", 0, 2), ("_hall", 4, 5)])]).await;
    assert_eq!(s.store.generation(day(0)).await.unwrap(), Some(1));
    assert_eq!(s.store.channels_of_day(day(0)).await.unwrap().len(), 2);
    // An empty day is held too, without channels.
    import(&s.store, day(0), &[]).await;
    assert_eq!(s.store.generation(day(0)).await.unwrap(), Some(2));
    assert_eq!(s.store.channels_of_day(day(0)).await.unwrap(), []);
    import(&s.store, day(0), &[by_login("_ada", &[("_hall", 0, 2)])]).await;
    let hall = s.store.channel(&"_hall".parse().unwrap()).await.unwrap().unwrap();
    assert_eq!(s.store.channels_of_day(day(0)).await.unwrap(), [hall.key]);
    let s = s.reopened().await;
    assert_eq!(s.store.generation(day(0)).await.unwrap(), Some(3));
    assert_eq!(s.store.channels_of_day(day(1)).await.unwrap(), []);
}

pub(crate) async fn the_last_one_of_the_import_held_is_told(s: Subject) {
    assert_eq!(s.store.verifications().await.unwrap(), []);
    let people = [by_login("_ada", &[("_room", 0, 2)])];
    for n in [12, 0] {
        import(&s.store, day(n), &people).await;
    }
    // Of a day that is not held, and of an import that is not: neither is told.
    for told in [found(12, 1, 3), found(0, 1, 0), found(5, 1, 0), found(12, 7, 0)] {
        s.store.put_verification(&told).await.unwrap();
    }
    assert_eq!(s.store.verifications().await.unwrap(), [found(0, 1, 0), found(12, 1, 3)]);
    // Nor kept: a check would take it for what a stopped import left.
    let findings = upkeep::check(&job(), &s.url, Depth::Quick).await.unwrap().findings;
    assert_eq!(findings, []);
    let later = Verification { at: 1_795_000_900, ..found(12, 1, 1) };
    s.store.put_verification(&later).await.unwrap();
    let s = s.reopened().await;
    assert_eq!(s.store.verifications().await.unwrap(), [found(0, 1, 0), later]);
    import(&s.store, day(12), &people).await;
    assert_eq!(s.store.verifications().await.unwrap(), [found(0, 1, 0)]);
    if matches!(s.maker, Maker::Postgres(_)) {
        // What another program left; of SQLite nothing is told while somebody has the folder open.
        s.execute("INSERT INTO verification SELECT day, 9, at, seed, viewers, channels, failures, observations, ok, reason FROM verification").await;
        let findings = upkeep::check(&job(), &s.url, Depth::Quick).await.unwrap().findings;
        assert!(matches!(findings.as_slice(), [one] if one.place.ends_with(" verification")), "{findings:?}");
    }
    // Cut at a character.
    let long = Verification { reason: format!("x{}", "é".repeat(REASON_MAX)), ..found(12, 2, 1) };
    s.store.put_verification(&long).await.unwrap();
    let told = s.store.verifications().await.unwrap().remove(1);
    assert_eq!((told.reason.len(), told.reason.starts_with("xé")), (REASON_MAX - 1, true));
}
