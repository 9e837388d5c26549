//! What is nobody's personal data.

use model::identity::{ChannelKey, TwitchId};
use model::slot::{Slot, SlotTime, Span};
use model::statistics::swept::{SweptHour, SweptWeek};
use model::sweep::{LiveStream, SweepSummary};
use store::Store;
use store::channel::ChannelIdentity;
use store::day::{DayRecord, DayStats, SkippedSweep};

use crate::fixtures::{by_login, channel_day, day, import, job, login, prepared, sweep};
use crate::subject::Subject;

pub(crate) async fn channels_are_found_by_login_and_key(s: Subject) {
    assert_eq!(s.store.channel(&login("_room")).await.unwrap(), None);
    let room = ChannelIdentity {
        login: login("_room"),
        id: TwitchId::new(70),
        display_name: Some("_Room".into()),
        others: Vec::new(),
    };
    let hall = ChannelIdentity::of_login(login("_hall"));
    let given = [room.clone(), hall.clone(), room];
    let keys = s.store.channel_keys(&job(), day(1), &given, 0).await.unwrap();
    assert_eq!((keys.len(), keys[0] == keys[2], keys[0] == keys[1]), (3, true, false));
    assert_eq!(s.store.channel_keys(&job(), day(1), &given, 0).await.unwrap(), keys);
    s.store.set_tracked(&[login("_hall")]).await.unwrap();
    import(&s.store, day(1), &[by_login("_ada", &[("_room", 0, 2)])]).await;
    import(&s.store, day(3), &[by_login("_ada", &[("_room", 0, 2), ("_hall", 1, 2)])]).await;

    let room = s.store.channel(&login("_room")).await.unwrap().unwrap();
    assert_eq!((room.key, room.id, room.display_name.as_str()), (keys[0], TwitchId::new(70), "_Room"));
    assert_eq!((room.tracked, room.first_day, room.last_day), (false, Some(day(1)), Some(day(3))));
    let unknown = ChannelKey(99);
    let both = s.store.channels(&[keys[1], unknown, keys[0], keys[0]]).await.unwrap();
    assert_eq!(
        both.iter().map(|channel| channel.key).collect::<Vec<_>>(),
        [keys[0].min(keys[1]), keys[0].max(keys[1])]
    );
    let hall = both.into_iter().find(|channel| channel.key == keys[1]).unwrap();
    assert_eq!((hall.display_name.as_str(), hall.tracked, hall.first_day), ("_hall", true, Some(day(3))));

    let rows = s.store.channel_days(&[keys[0], keys[1], unknown], day(0), day(3)).await.unwrap();
    assert_eq!(rows.iter().map(|row| (row.day, row.channel)).collect::<Vec<_>>(), [(day(1), keys[0])]);
    assert_eq!(rows[0].data, channel_day(1));
    let rows = s.store.channel_days(&[keys[0], keys[1]], day(3), day(4)).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.channel).collect::<Vec<_>>(), [keys[0].min(keys[1]), keys[0].max(keys[1])]);
    assert_eq!(s.store.channel_days(&[], day(0), day(9)).await.unwrap(), []);
    assert_eq!(s.store.channels_of_day(day(1)).await.unwrap(), [keys[0]]);
    assert_eq!(s.store.channels_of_day(day(3)).await.unwrap(), [keys[0].min(keys[1]), keys[0].max(keys[1])]);
    assert_eq!(s.store.channels_of_day(day(2)).await.unwrap(), []);
    import(&s.store, day(3), &[by_login("_ada", &[("_hall", 1, 2)])]).await;
    assert_eq!(s.store.channels_of_day(day(3)).await.unwrap(), [keys[1]]);
    assert_eq!(s.store.channel_days(&keys, day(4), day(2)).await.unwrap(), []);
    // The name told last holds, whatever the order of imports.
    let named =
        |name: &str| ChannelIdentity { display_name: Some(name.into()), ..ChannelIdentity::of_login(login("_room")) };
    s.store.channel_keys(&job(), day(9), &[named("New")], 0).await.unwrap();
    s.store.channel_keys(&job(), day(4), &[named("Old")], 0).await.unwrap();
    assert_eq!(s.store.channel(&login("_room")).await.unwrap().unwrap().display_name, "New");
}

pub(crate) async fn days_tell_what_was_imported(s: Subject) {
    assert_eq!(s.store.days().await.unwrap(), []);
    let people = [by_login("_ada", &[("_room", 0, 2)]), by_login("_bo", &[("_room", 4, 5)])];
    import(&s.store, day(12), &people).await;
    let mut open = prepared(&s.store, day(2), &people, 1).await;
    (open.provisional, open.until) = (true, Slot::new(100).ok());
    open.stats.archive_bytes = Some(123_456);
    s.store.import_day(&job(), open).await.unwrap();
    let record = DayRecord {
        day: day(2),
        provisional: true,
        until: Slot::new(100).ok(),
        imported_at: 1_795_000_000,
        import_ms: 12,
        stats: DayStats {
            viewers: 2,
            bots: 1,
            observations: 1_000,
            kept: 1_000,
            archive_bytes: Some(123_456),
            ..DayStats::default()
        },
        sweeps: 2,
    };
    // Of days imported before they were counted nothing is known of what the archive takes.
    let stats = DayStats { archive_bytes: None, ..record.stats };
    let closed = DayRecord { day: day(12), provisional: false, until: None, stats, ..record };
    assert!(s.store.bytes().await.unwrap() > 1_000);
    assert_eq!(s.store.days().await.unwrap(), [record, closed]);
    let skipped = SkippedSweep { slot: Slot::new(2).unwrap(), reason: "damaged".into() };
    assert_eq!(s.store.skipped_sweeps(day(12)).await.unwrap(), [skipped]);
    assert_eq!(s.store.skipped_sweeps(day(3)).await.unwrap(), []);
}

pub(crate) async fn sweeps_take_the_place_of_earlier_ones(s: Subject) {
    let all = Span { from: SlotTime::at(day(0), 0), to: SlotTime::at(day(9), 0) };
    s.store
        .put_sweeps(&[sweep(day(1), 5, 1), sweep(day(1), 0, 1), sweep(day(2), 0, 1), sweep(day(2), 0, 3)])
        .await
        .unwrap();
    s.store.put_sweeps(&[sweep(day(1), 0, 2)]).await.unwrap();
    s.store.put_sweeps(&[]).await.unwrap();
    assert_eq!(s.store.sweeps(all).await.unwrap(), [sweep(day(1), 0, 2), sweep(day(1), 5, 1), sweep(day(2), 0, 3)]);
    let one = Span { from: SlotTime::at(day(1), 5), to: SlotTime::at(day(2), 0) };
    assert_eq!(s.store.sweeps(one).await.unwrap(), [sweep(day(1), 5, 1)]);
    // By hour of the week, added up.
    let full = SweepSummary { live: 9, ..sweep(day(1), 1, 7) };
    s.store.put_sweeps(&[full]).await.unwrap();
    let sum = |sweeps: &[SweepSummary], full| SweptHour {
        sweeps: sweeps.len() as u32,
        viewers: sweeps.iter().map(|sweep| sweep.viewers).sum(),
        live: sweeps.iter().map(|sweep| u64::from(sweep.live)).sum(),
        full,
    };
    let told = |week: SweptWeek| -> Vec<(usize, SweptHour)> {
        week.into_iter().flatten().enumerate().filter(|(_, hour)| hour.sweeps > 0).collect()
    };
    let (monday, most) = (|day: model::day::Day| day.weekday() as usize * 24, full.live);
    let first = [sweep(day(1), 0, 2), full, sweep(day(1), 5, 1)];
    let wanted = vec![(monday(day(1)), sum(&first, 1)), (monday(day(2)), sum(&[sweep(day(2), 0, 3)], 0))];
    assert_eq!(told(s.store.swept_week(all, 0, most).await.unwrap()), wanted);
    assert_eq!(told(s.store.swept_week(one, 0, u32::MAX).await.unwrap()), [(monday(day(1)), sum(&first[2..], 0))]);
    // By a clock ahead of UTC, and by one behind.
    for (offset, later) in [(3_600, 1), (19_800, 5), (-12_600, -4)] {
        let later = |hour: usize| (hour as i32 + later).rem_euclid(168) as usize;
        let mut wanted: Vec<_> = wanted.iter().map(|(hour, sum)| (later(*hour), *sum)).collect();
        wanted.sort_by_key(|(hour, _)| *hour);
        assert_eq!(told(s.store.swept_week(all, offset, most).await.unwrap()), wanted, "{offset}");
    }
    // By 5:45 ahead the last of the three is in the hour after.
    assert_eq!(told(s.store.swept_week(all, 20_700, most).await.unwrap()).len(), 3);
}

pub(crate) async fn on_air_is_replaced_as_a_whole(s: Subject) {
    assert_eq!((s.store.live().await.unwrap(), s.store.live_at().await.unwrap()), (vec![], None));
    let stream = |name: &str, slot, viewers| LiveStream {
        at: SlotTime::at(day(0), slot),
        login: login(name),
        id: TwitchId::new(u64::from(viewers)),
        display_name: "É".into(),
        title: "a 'title'; with \"marks\"".into(),
        game: String::new(),
        viewers,
        started_at: (viewers > 5).then_some(1_795_000_000),
        trail: vec![None, Some(0), Some(u32::MAX), Some(viewers)],
    };
    s.store
        .replace_live(SlotTime::at(day(0), 1), &[stream("_a", 1, 5), stream("_z", 1, 9), stream("_b", 1, 5)], None)
        .await
        .unwrap();
    assert_eq!(s.store.live().await.unwrap(), [stream("_z", 1, 9), stream("_a", 1, 5), stream("_b", 1, 5)]);
    s.store.replace_live(SlotTime::at(day(0), 2), &[stream("_b", 2, 6)], None).await.unwrap();
    assert_eq!(s.store.live().await.unwrap(), [stream("_b", 2, 6)]);
    s.store.replace_live(SlotTime::at(day(0), 3), &[], None).await.unwrap();
    assert_eq!(
        (s.store.live().await.unwrap(), s.store.live_at().await.unwrap()),
        (vec![], Some(SlotTime::at(day(0), 3)))
    );
}

pub(crate) async fn tracked_channels_are_replaced_as_a_whole(s: Subject) {
    assert_eq!(s.store.tracked().await.unwrap(), []);
    s.store.set_tracked(&[login("_b"), login("_a"), login("_b")]).await.unwrap();
    assert_eq!(s.store.tracked().await.unwrap(), [login("_a"), login("_b")]);
    s.store.set_tracked(&[login("_c")]).await.unwrap();
    assert_eq!(s.store.tracked().await.unwrap(), [login("_c")]);
    s.store.set_tracked(&[]).await.unwrap();
    assert_eq!(s.store.tracked().await.unwrap(), []);
}
