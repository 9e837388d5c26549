//! Closed months: another form, the same days.

use model::day::Month;
use model::words::Tier;
use store::Store;
use store::dump::dump_day;
use store::error::StoreError;
use store::month::MonthRecord;

use crate::fixtures::{Person, by_login, day, days, import, job, stays};
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
    let key = crate::fixtures::key(&s.store, "_ada").await.unwrap();
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
