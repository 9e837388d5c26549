//! Closed months: another form, the same days.

use model::day::Month;
use model::hours::month_in_hours;
use model::identity::{GameKey, PersonKey};
use model::words::Tier;
use store::Store;
use store::dump::dump_day;
use store::error::StoreError;
use store::month::{Game, MonthRecord};

use crate::fixtures::{Person, by_login, day, days, import, job, key, known_days, prepared, stays};
use crate::subject::Subject;

fn month() -> Month {
    day(0).month()
}

/// Two days of one month and one of the next: Ada on all, Bo on the first, some hundred people on the second.
async fn filled(s: &Subject) {
    let crowd: Vec<String> = (0..700).map(|n| format!("_crowd_{n:03}")).collect();
    let first = [by_login("_ada", &[("_room", 0, 9)]), by_login("_bo", &[("_hall", 3, 9)])];
    import(&s.store, day(0), &first).await;
    let mut second: Vec<Person> =
        crowd.iter().map(|login| by_login(login.clone().leak(), &[("_room", 1, 4), ("_hall", 8, 9)])).collect();
    second.push(by_login("_ada", &[("_room", 20, 29)]));
    import(&s.store, day(3), &second).await;
    import(&s.store, day(14), &[by_login("_ada", &[("_hall", 5, 6)])]).await;
}

/// Everything that readers see of the days.
async fn seen(s: &Subject) -> impl PartialEq + std::fmt::Debug + use<> {
    let mut dumps = Vec::new();
    for n in [0, 3, 14] {
        dumps.push(dump_day(&s.store, &job(), day(n)).await.unwrap());
    }
    let people = ["_ada", "_bo", "_crowd_345"];
    let mut whereabouts = Vec::new();
    for login in people {
        whereabouts.push((days(&s.store, login).await, stays(&s.store, login).await));
    }
    (dumps, whereabouts, s.store.days().await.unwrap())
}

fn record(open: bool, closed: Option<Tier>) -> MonthRecord {
    MonthRecord { month: month(), open, closed }
}

pub(crate) async fn closing_a_month_changes_no_day(s: Subject) {
    filled(&s).await;
    let before = seen(&s).await;
    assert_eq!(s.store.months().await.unwrap()[0], record(true, None));
    let outcome = s.store.close_month(&job(), month()).await.unwrap();
    assert_eq!((outcome.people, outcome.viewer_days), (702, 703));
    assert_eq!(s.store.months().await.unwrap()[0], record(true, Some(Tier::Slots)));
    assert_eq!(seen(&s).await, before);
    // Ranges that begin and end within it.
    let key = key(&s.store, "_ada").await.unwrap();
    let some = s.store.viewer_days(&key, day(1), day(14)).await.unwrap();
    assert_eq!(some.iter().map(|(day, _)| *day).collect::<Vec<_>>(), [day(3)]);
    s.store.drop_open(&job(), month()).await.unwrap();
    s.store.drop_open(&job(), month()).await.unwrap();
    assert_eq!(s.store.months().await.unwrap()[0], record(false, Some(Tier::Slots)));
    assert_eq!(seen(&s).await, before);
    let s = s.reopened().await;
    assert_eq!(s.store.months().await.unwrap()[0], record(false, Some(Tier::Slots)));
    assert_eq!(seen(&s).await, before);
}

pub(crate) async fn a_day_of_a_closed_month_can_be_replaced(s: Subject) {
    for drop_open in [false, true] {
        filled(&s).await;
        s.store.close_month(&job(), month()).await.unwrap();
        if drop_open {
            s.store.drop_open(&job(), month()).await.unwrap();
        }
        import(&s.store, day(0), &[by_login("_ada", &[("_room", 100, 109)])]).await;
        assert_eq!(s.store.months().await.unwrap()[0], record(true, None));
        assert_eq!(days(&s.store, "_bo").await, []);
        assert_eq!(days(&s.store, "_ada").await, [day(0), day(3), day(14)]);
        assert_eq!(days(&s.store, "_crowd_699").await, [day(3)]);
        assert_eq!(stays(&s.store, "_ada").await[0].1, [("_room".to_owned(), 100, 109)]);
        // And it closes again.
        let outcome = s.store.close_month(&job(), month()).await.unwrap();
        assert_eq!((outcome.people, outcome.viewer_days), (701, 702));
        assert_eq!(days(&s.store, "_crowd_699").await, [day(3)]);
    }
}

pub(crate) async fn what_is_not_there_is_not_closed(s: Subject) {
    assert!(matches!(s.store.close_month(&job(), month()).await, Err(StoreError::NotOpen(_))));
    filled(&s).await;
    assert!(matches!(s.store.drop_open(&job(), month()).await, Err(StoreError::NotClosed(_))));
    s.store.close_month(&job(), month()).await.unwrap();
    s.store.drop_open(&job(), month()).await.unwrap();
    assert!(matches!(s.store.close_month(&job(), month()).await, Err(StoreError::NotOpen(_))));
    assert_eq!(days(&s.store, "_ada").await, [day(0), day(3), day(14)]);
}

pub(crate) async fn a_month_gets_coarser_and_its_slots_go(s: Subject) {
    filled(&s).await;
    let refused = s.store.age_month(&job(), month(), |days| month_in_hours(days, |_, _| None)).await;
    assert!(matches!(refused, Err(StoreError::NotClosed(_))), "{refused:?}");
    s.store.close_month(&job(), month()).await.unwrap();
    let ada = key(&s.store, "_ada").await.unwrap();
    let whole = s.store.viewer_days(&ada, day(0), day(10)).await.unwrap();
    let known = known_days(&s.store, &ada).await;
    let channel = s.store.channel(&"_room".parse().unwrap()).await.unwrap().unwrap().key;
    let channel_days = s.store.channel_days(&[channel], day(0), day(20)).await.unwrap();

    let outcome = s.store.age_month(&job(), month(), |days| month_in_hours(days, |_, _| None)).await.unwrap();
    assert_eq!((outcome.people, outcome.viewer_days), (702, 703));
    let s = s.reopened().await;
    assert_eq!(s.store.months().await.unwrap()[0], record(false, Some(Tier::Hours)));
    let ada = key(&s.store, "_ada").await.unwrap();
    assert_eq!(s.store.viewer_days(&ada, day(0), day(10)).await.unwrap(), []);
    let hours = s.store.viewer_hours(&ada, day(0), day(20)).await.unwrap();
    assert_eq!(hours, month_in_hours(&whole, |_, _| None));
    // What is younger is as fine as it was.
    assert_eq!(s.store.viewer_days(&ada, day(0), day(20)).await.unwrap().len(), 1);
    assert_eq!(known_days(&s.store, &ada).await, known);
    let page = s.store.day_page(&job(), day(0), PersonKey(0)).await;
    assert!(matches!(page, Err(StoreError::Aged { tier: Tier::Hours, .. })), "{page:?}");
    let again = prepared(&s.store, day(0), &[by_login("_ada", &[("_room", 0, 9)])], 1).await;
    let again = s.store.import_day(&job(), again).await;
    assert!(matches!(again, Err(StoreError::Aged { tier: Tier::Hours, .. })), "{again:?}");
    let again = s.store.age_month(&job(), month(), |_| Vec::new()).await;
    assert!(matches!(again, Err(StoreError::Aged { tier: Tier::Hours, .. })), "{again:?}");

    for _ in 0..2 {
        s.store.forget_month(&job(), month()).await.unwrap();
    }
    let s = s.reopened().await;
    assert_eq!(s.store.months().await.unwrap()[0], record(false, Some(Tier::Aggregates)));
    assert_eq!(s.store.viewer_hours(&ada, day(0), day(20)).await.unwrap(), []);
    assert_eq!(known_days(&s.store, &ada).await, [day(14)]);
    assert_eq!(s.store.channel_days(&[channel], day(0), day(20)).await.unwrap(), channel_days);
    assert_eq!(s.store.days().await.unwrap().len(), 3);
}

pub(crate) async fn an_open_month_can_be_forgotten(s: Subject) {
    filled(&s).await;
    s.store.forget_month(&job(), month()).await.unwrap();
    assert_eq!(s.store.months().await.unwrap()[0], record(false, Some(Tier::Aggregates)));
    assert_eq!(days(&s.store, "_ada").await, [day(14)]);
    assert_eq!(s.store.days().await.unwrap().len(), 3);
}

pub(crate) async fn games_keep_their_keys(s: Subject) {
    let game = |id: &str, name: &str| Game { id: id.into(), name: name.into() };
    let asked = [game("509658", "Just Chatting"), game("", "Chess"), game("509658", "Just Chatting")];
    let keys = s.store.game_keys(&job(), &asked).await.unwrap();
    assert_eq!(keys, [GameKey(0), GameKey(1), GameKey(0)]);
    // Known by name until a source tells its id; known by id whatever it is called.
    let later = [game("743", "Chess"), game("509658", "Discussions"), game("7", "Celeste")];
    assert_eq!(s.store.game_keys(&job(), &later).await.unwrap(), [GameKey(1), GameKey(0), GameKey(2)]);
    let s = s.reopened().await;
    let held = s.store.games().await.unwrap();
    assert_eq!(held[0], (GameKey(0), game("509658", "Just Chatting")));
    assert_eq!(held.len(), 3);
}

/// Enough for an import to end while a month is put together.
const CLOSINGS: u32 = 200;

pub(crate) async fn closing_that_was_in_vain_leaves_nothing(s: Subject) {
    filled(&s).await;
    let before: Vec<String> = s.rows().await.into_keys().collect();
    for _ in 0..CLOSINGS {
        let (job, replaced) = (job(), [by_login("_ada", &[("_room", 100, 109)])]);
        let (closed, _) = tokio::join!(s.store.close_month(&job, month()), import(&s.store, day(0), &replaced));
        match closed {
            Err(StoreError::Busy) => {
                let months = s.store.months().await.unwrap();
                assert_eq!(months[0], record(true, None));
                assert_eq!(s.rows().await.into_keys().collect::<Vec<_>>(), before);
                return;
            }
            closed => drop(closed.unwrap()),
        }
        // Whatever was closed is opened again by the next import.
        import(&s.store, day(0), &replaced).await;
    }
    panic!("no import ended while a month was put together");
}
