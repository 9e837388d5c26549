//! What analysis reads of a person, in one piece.

use model::hours::month_in_hours;
use model::slot::Slot;
use store::Store;
use store::record::{NamedRecord, altered, record};

use crate::fixtures::{by_login, day, import, job, key};
use crate::subject::Subject;

async fn read(s: &Subject, name: &str, from: i32, until: i32) -> NamedRecord {
    record(&s.store, &key(&s.store, name).await.unwrap(), day(from), day(until)).await.unwrap()
}

pub(crate) async fn a_record_goes_by_what_is_kept(s: Subject) {
    import(&s.store, day(0), &[by_login("_bo", &[("_hall", 3, 9)])]).await;
    import(&s.store, day(2), &[by_login("_ada", &[("_room", 0, 240)])]).await;
    import(&s.store, day(4), &[by_login("_ada", &[("_room", 20, 29), ("_hall", 30, 31)])]).await;
    import(&s.store, day(12), &[by_login("_ada", &[("_room", 7, 8)])]).await;
    // From the day before the first with presence to the last day held.
    let found = read(&s, "_ada", -99, 99).await.record.unwrap();
    assert_eq!((found.first, found.fine, found.until), (day(1), day(1), day(13)));
    assert_eq!(found.days.len(), 3);
    // Of the usual channel every day, of the other that with presence in it.
    let room = s.store.channel(&"_room".parse().unwrap()).await.unwrap().unwrap().key;
    assert_eq!(found.usual(), [room]);
    let mut known: Vec<_> = found.channels.keys().map(|(key, day)| (*key == room, *day)).collect();
    known.sort_unstable();
    assert_eq!(known, [(false, day(4)), (true, day(2)), (true, day(4)), (true, day(12))]);
    let trace = found.trace();
    let absent: Vec<u16> = trace.slots().iter().map(|day| day.coverage.absent().len()).collect();
    // Days of which no channel is held prove nothing.
    assert_eq!(absent, [0, 48, 0, 278, 0, 0, 0, 0, 0, 0, 0, 287]);
    assert!(trace.slots()[1].exposed.contains(Slot::new(0).unwrap()) && trace.slots()[1].exposed.len() == 1);
    // A part of it; what is usual is told by the days around it too, on which one of the two channels is nearly all.
    let part = read(&s, "_ada", 3, 5).await.record.unwrap();
    assert_eq!((part.first, part.until, part.days.len()), (day(3), day(5), 1));
    let around: Vec<_> = part.around.iter().map(|(day, _)| *day).collect();
    assert_eq!((around, part.usual()), (vec![day(2), day(12)], vec![room]));

    // November gets coarser: its days are of hours then, and say the same.
    let month = day(0).month();
    s.store.close_month(&job(), month).await.unwrap();
    let facts = found.channels.clone();
    let hours = move |days: &[_]| month_in_hours(days, |key, day| facts.get(&(key, day)));
    s.store.age_month(&job(), month, hours).await.unwrap();
    let coarse = read(&s, "_ada", -99, 99).await.record.unwrap();
    assert_eq!((coarse.first, coarse.fine, coarse.until), (day(1), day(11), day(13)));
    assert_eq!((coarse.hours.len(), coarse.days.len()), (2, 1));
    let hours = coarse.trace().hours().to_vec();
    assert_eq!((&hours[1], &hours[3]), (&trace.hours()[1], &trace.hours()[3]));
    assert_eq!((&hours[0], &hours[2]), (&None, &None));
    let early = read(&s, "_ada", -99, 5).await.record.unwrap();
    assert_eq!((early.first, early.fine, early.until, early.days.len()), (day(1), day(5), day(5), 0));
}

pub(crate) async fn who_had_done_otherwise_would_be_missed_elsewhere(s: Subject) {
    import(&s.store, day(0), &[by_login("_ada", &[("_room", 0, 240), ("_hall", 250, 252)])]).await;
    import(&s.store, day(1), &[by_login("_bo", &[("_hall", 3, 9)])]).await;
    import(&s.store, day(2), &[by_login("_ada", &[("_room", 7, 99)])]).await;
    let NamedRecord { record, mut games } = read(&s, "_ada", -99, 99).await;
    let record = record.unwrap();
    let hall = s.store.channel(&"_hall".parse().unwrap()).await.unwrap().unwrap().key;
    assert!(record.usual() != [hall] && !record.channels.contains_key(&(hall, day(1))));
    let mut days = record.days.clone();
    for (_, day) in &mut days {
        day.channels.retain(|there| there.channel == hall);
    }
    let altered = altered(&s.store, &record, days, &mut games).await.unwrap();
    assert_eq!(altered.usual(), [hall]);
    // Of the hall all that is held is known, so that on the day between they are missed in it.
    assert_eq!(altered.channels.get(&(hall, day(1))).map(|facts| facts.live.len()), Some(1));
    assert!(record.channels.iter().all(|held| altered.channels.get(held.0) == Some(held.1)));
    let between = altered.trace().slots()[1].coverage;
    assert_eq!((between.present.len(), between.observed.len()), (0, 288));
}

pub(crate) async fn nobody_has_no_record(s: Subject) {
    import(&s.store, day(0), &[by_login("_ada", &[("_room", 0, 9)])]).await;
    assert_eq!(read(&s, "_ada", 1, 99).await.record, None);
    assert_eq!(read(&s, "_ada", 9, 1).await.record, None);
    assert!(read(&s, "_ada", 0, 1).await.record.is_some());
}
