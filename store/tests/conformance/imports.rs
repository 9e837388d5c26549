//! Days are put in the place of what was held of them.

use model::identity::ChannelKey;
use model::presence::{ChannelPresence, ViewerDay};
use model::run::Run;
use model::slot::{Slot, SlotTime, Span};
use store::Store;
use store::day::DayImport;
use store::dump::dump_day;
use store::error::StoreError;
use store::rows::{RowBatch, ViewerRows};

use crate::fixtures::{by_login, channel_day, day, days, import, job, key, known_days, login, prepared, stays, sweep};
use crate::subject::Subject;

pub(crate) async fn import_twice_is_once(s: Subject) {
    let people = [by_login("_ada", &[("_room", 0, 9), ("_hall", 3, 4)]), by_login("_mybot", &[("_hall", 0, 288)])];
    let first = import(&s.store, day(0), &people).await;
    assert_eq!((first.generation, first.new_people, first.people, first.blocks), (1, 2, 2, 1));
    import(&s.store, day(1), &people[..1]).await;
    let tables = async || {
        let channel_days: Vec<_> =
            s.channel_days().await.into_iter().map(|(day, _, channel, bytes)| (day, channel, bytes)).collect();
        (
            s.blocks(day(0)).await,
            s.blocks(day(1)).await,
            channel_days,
            dump_day(&s.store, &job(), day(0)).await.unwrap(),
        )
    };
    let before = tables().await;
    assert_eq!((before.0.len(), before.1.len(), before.2.len()), (1, 1, 4));
    let again = DayImport { imported_at: 1_795_000_999, ..prepared(&s.store, day(0), &people, 1).await };
    let again = s.store.import_day(&job(), again).await.unwrap();
    assert_eq!((again.generation, again.new_people, again.block_bytes), (2, 0, first.block_bytes));
    assert_eq!(tables().await, before);
    let mut records = s.store.days().await.unwrap();
    assert_eq!((records[0].imported_at, records.len()), (1_795_000_999, 2));
    records[0].imported_at = 1_795_000_000;
    assert_eq!(records[0].stats.viewers, 2);
}

pub(crate) async fn a_day_is_replaced_as_a_whole(s: Subject) {
    import(&s.store, day(0), &[by_login("_ada", &[("_room", 0, 9)]), by_login("_bo", &[("_room", 0, 9)])]).await;
    import(&s.store, day(0), &[by_login("_bo", &[("_hall", 3, 4)]), by_login("_cy", &[("_hall", 3, 4)])]).await;
    assert_eq!(stays(&s.store, "_ada").await, []);
    assert_eq!(stays(&s.store, "_bo").await, [(day(0), vec![("_hall".into(), 3, 4)])]);
    let names: Vec<_> = dump_day(&s.store, &job(), day(0)).await.unwrap().into_iter().map(|row| row.login).collect();
    assert_eq!(names, [login("_bo"), login("_cy")]);
    let room = s.store.channel(&login("_room")).await.unwrap().unwrap();
    assert_eq!((s.store.channel_days(&[room.key], day(0), day(1)).await.unwrap(), room.last_day), (vec![], None));
    // To nothing, too.
    import(&s.store, day(0), &[]).await;
    assert_eq!((days(&s.store, "_bo").await, s.store.days().await.unwrap()[0].stats.viewers), (vec![], 0));
}

pub(crate) async fn a_closed_day_takes_the_place_of_a_provisional_one(s: Subject) {
    let people = [by_login("_ada", &[("_room", 0, 9)])];
    let span = Span::of_day(day(0));
    s.store.put_sweeps(&[sweep(day(0), 200, 5)]).await.unwrap();
    let mut open = prepared(&s.store, day(0), &people, 1).await;
    (open.provisional, open.until) = (true, Slot::new(100).ok());
    s.store.import_day(&job(), open).await.unwrap();
    // A later sweep that the provisional import has not seen stays.
    assert_eq!(s.store.sweeps(span).await.unwrap().len(), 3);
    assert_eq!(s.store.days().await.unwrap()[0].until, Slot::new(100).ok());
    import(&s.store, day(0), &people).await;
    assert_eq!(s.store.sweeps(span).await.unwrap(), [sweep(day(0), 0, 1), sweep(day(0), 1, 1)]);
    assert_eq!((s.store.days().await.unwrap()[0].provisional, s.store.days().await.unwrap().len()), (false, 1));
}

pub(crate) async fn months_are_read_in_order(s: Subject) {
    for n in [45, 11, 10, 0] {
        import(&s.store, day(n), &[by_login("_ada", &[("_room", n as u16, 60)]), by_login("_bo", &[("_room", 1, 2)])])
            .await;
    }
    import(&s.store, day(20), &[by_login("_bo", &[("_room", 1, 2)])]).await;
    let held = [day(0), day(10), day(11), day(45)];
    assert_eq!(days(&s.store, "_ada").await, held);
    let ada = key(&s.store, "_ada").await.unwrap();
    assert_eq!(known_days(&s.store, &ada).await, held);
    let some = s.store.viewer_days(&ada, day(10), day(45)).await.unwrap();
    assert_eq!(some.iter().map(|(day, _)| *day).collect::<Vec<_>>(), held[1..3]);
    assert_eq!(some[1].1.channels[0].listed, [Run::new(11, 60).unwrap()]);
    assert_eq!(s.store.viewer_days(&ada, day(45), day(45)).await.unwrap(), []);
    assert_eq!(s.store.viewer_days(&ada, day(46), day(3)).await.unwrap(), []);
    assert_eq!(s.store.days().await.unwrap().len(), 5);
}

pub(crate) async fn a_person_larger_than_a_block_is_read_whole(s: Subject) {
    let presence = |channel| ChannelPresence {
        channel: ChannelKey(channel),
        listed: (0..48).map(|n| Run::new(n * 6, n * 6 + 3).unwrap()).collect(),
        spoke: vec![],
    };
    let large = ViewerDay { bot: true, channels: (0..100).map(presence).collect() };
    let mut rows = RowBatch::default();
    for (name, presence) in [("_a", &ViewerDay::default()), ("_large", &large), ("_z", &ViewerDay::default())] {
        let mut bytes = Vec::new();
        presence.encode(&mut bytes);
        rows.push(name.as_bytes(), None, &bytes).unwrap();
    }
    let import = DayImport { viewers: ViewerRows::of(&rows).unwrap(), ..prepared(&s.store, day(0), &[], 1).await };
    assert_eq!(s.store.import_day(&job(), import).await.unwrap().blocks, 3);
    let key = key(&s.store, "_large").await.unwrap();
    assert_eq!(s.store.viewer_days(&key, day(0), day(1)).await.unwrap(), [(day(0), large)]);
}

pub(crate) async fn everybody_of_a_large_day_is_found(s: Subject) {
    const PEOPLE: u32 = 3_000;
    let name = |n: u32| format!("_viewer_{n:05}");
    let presence = |n: u32| ViewerDay {
        bot: false,
        channels: vec![ChannelPresence {
            channel: ChannelKey(n),
            listed: vec![Run::new(3, 7).unwrap()],
            spoke: vec![],
        }],
    };
    let mut rows = RowBatch::default();
    for n in 0..PEOPLE {
        let mut bytes = Vec::new();
        presence(n).encode(&mut bytes);
        rows.push(name(n).as_bytes(), None, &bytes).unwrap();
    }
    let import = DayImport { viewers: ViewerRows::of(&rows).unwrap(), ..prepared(&s.store, day(0), &[], 1).await };
    let outcome = s.store.import_day(&job(), import).await.unwrap();
    assert_eq!((outcome.people, outcome.new_people), (u64::from(PEOPLE), u64::from(PEOPLE)));
    assert!(outcome.blocks > 10);
    assert_eq!(s.blocks(day(0)).await.len() as u64, outcome.blocks);
    for n in (0..PEOPLE).step_by(97).chain([PEOPLE - 1]) {
        let key = key(&s.store, &name(n)).await.unwrap();
        assert_eq!(s.store.viewer_days(&key, day(0), day(1)).await.unwrap(), [(day(0), presence(n))]);
    }
}

pub(crate) async fn what_contradicts_itself_is_refused(s: Subject) {
    let people = [by_login("_ada", &[("_room", 0, 9)])];
    import(&s.store, day(0), &people).await;
    let (channel, data) = prepared(&s.store, day(0), &people, 2).await.channels[0].clone();
    let sound = || prepared(&s.store, day(0), &people, 2);
    let twice = DayImport { channels: vec![(channel, data), (channel, channel_day(9))], ..sound().await };
    let elsewhere = DayImport { sweeps: vec![sweep(day(1), 0, 1)], ..sound().await };
    let cut = DayImport { until: Slot::new(5).ok(), ..sound().await };
    for wrong in [twice, elsewhere, cut] {
        assert!(matches!(s.store.import_day(&job(), wrong).await, Err(StoreError::Import { .. })));
    }
    // The day is as it was.
    let rows = s.store.channel_days(&[channel], day(0), day(1)).await.unwrap();
    assert_eq!(rows[0].data, channel_day(1));
    assert_eq!(s.store.sweeps(Span { from: SlotTime::at(day(1), 0), to: SlotTime::at(day(2), 0) }).await.unwrap(), []);
}
