//! What is known of everybody.

use std::collections::BTreeMap;

use model::analysis::population::{Base, POPULATION_VERSION, Part, Population};
use model::analysis::reference::Reference;
use model::identity::{ChannelKey, GameKey};
use store::Store;
use store::error::StoreError;
use store::population::{PopulationRecord, PopulationWrite};
use store::suppression::{Secret, suppress};

use crate::fixtures::{by_id, by_login, day, import, job, login};
use crate::subject::Subject;

async fn channel(s: &Subject, name: &str) -> ChannelKey {
    s.store.any_channel(&job(), &login(name)).await.unwrap().unwrap().key
}

async fn filled(s: &Subject) {
    for n in [0, 1, 2] {
        let people = [by_id("_ada", 42, &[("_room", 0, 9), ("_hall", 20, 22)]), by_login("_bo", &[("_hall", 3, 9)])];
        import(&s.store, day(n), &people).await;
    }
}

/// Of the days up to this one.
async fn write(s: &Subject, n: i32) -> PopulationWrite {
    let channels = BTreeMap::from([(channel(s, "_room").await, (70, 20)), (channel(s, "_hall").await, (30, 10))]);
    let games = BTreeMap::from([(GameKey(5), (90, 30))]);
    // Shares that sum to 1 in whole parts, so that their text is read to the bit.
    let profile: [f64; 24] = std::array::from_fn(|hour| if hour < 16 { 1.0 / 32.0 } else { 1.0 / 16.0 });
    let mut read = Vec::new();
    for day in [day(0), day(n)] {
        read.extend(s.store.generation(day).await.unwrap().map(|generation| (day, generation)));
    }
    let population = Population {
        version: POPULATION_VERSION,
        day: day(n),
        days: 2,
        people: 4_000_000_000,
        read: 1_234,
        zone: "Europe/Paris".into(),
        time_zone: Some(Reference::new(profile, profile, [0; 3]).unwrap()),
        time_zone_people: 1_100,
        listed: 1_200,
        tastes: Some(Base { people: 1_200, channels: Part::of(&channels, 9), games: Part::of(&games, 9) }),
    };
    let withdrawals = s.store.suppressed().await.unwrap().withdrawals;
    PopulationWrite { read, withdrawals, made_at: 1_795_000_000 + i64::from(n), made_ms: 70_000, population }
}

pub(crate) async fn the_population_is_the_last_one(s: Subject) {
    filled(&s).await;
    assert_eq!((s.store.population().await.unwrap(), s.store.population_record().await.unwrap()), (None, None));
    // Also an earlier day's, as when a later one is imported anew: what was put last counts.
    for n in [2, 2, 1] {
        let write = write(&s, n).await;
        s.store.put_population(&job(), write.clone()).await.unwrap();
        assert_eq!(s.store.population().await.unwrap(), Some(write.population));
    }
    let s = s.reopened().await;
    let record = PopulationRecord {
        day: day(1),
        generation: 1,
        version: POPULATION_VERSION,
        made_at: 1_795_000_001,
        made_ms: 70_000,
        days: 2,
    };
    assert_eq!(s.store.population_record().await.unwrap(), Some(record));
    assert_eq!(s.store.population().await.unwrap().unwrap(), write(&s, 1).await.population);
}

pub(crate) async fn a_population_of_another_version_is_nothing(s: Subject) {
    filled(&s).await;
    let mut old = write(&s, 1).await;
    old.population.version = POPULATION_VERSION - 1;
    s.store.put_population(&job(), old).await.unwrap();
    assert_eq!(s.store.population().await.unwrap(), None);
    // The record says so: by it the next night makes another.
    assert_eq!(s.store.population_record().await.unwrap().unwrap().version, POPULATION_VERSION - 1);
}

pub(crate) async fn a_population_of_days_that_changed_is_refused(s: Subject) {
    filled(&s).await;
    let stale = write(&s, 1).await;
    import(&s.store, day(0), &[by_login("_bo", &[("_hall", 3, 9)])]).await;
    assert!(matches!(s.store.put_population(&job(), stale).await, Err(StoreError::Busy)));
    // Its own day has to be among those read.
    let mut other = write(&s, 1).await;
    other.read.retain(|(read, _)| *read != day(1));
    assert!(matches!(s.store.put_population(&job(), other).await, Err(StoreError::Busy)));
    let before = write(&s, 1).await;
    let secret = Secret::new(b"0123456789abcdef").unwrap();
    suppress(&s.store, &job(), &secret, &["_ada"], &[], 1_000).await.unwrap();
    assert!(matches!(s.store.put_population(&job(), before).await, Err(StoreError::Busy)));
    assert_eq!(s.store.population().await.unwrap(), None);
    s.store.put_population(&job(), write(&s, 1).await).await.unwrap();
    assert_eq!(s.store.population_record().await.unwrap().unwrap().generation, 1);
}

pub(crate) async fn a_channel_that_opted_out_is_in_no_population(s: Subject) {
    filled(&s).await;
    let (room, hall) = (channel(&s, "_room").await, channel(&s, "_hall").await);
    s.store.put_population(&job(), write(&s, 1).await).await.unwrap();
    let secret = Secret::new(b"0123456789abcdef").unwrap();
    suppress(&s.store, &job(), &secret, &["_hall"], &[], 1_000).await.unwrap();
    let channels = s.store.population().await.unwrap().unwrap().tastes.unwrap().channels;
    assert_eq!((channels.share(room), channels.share(hall), channels.slots), (Some(0.7), None, 100));
}
