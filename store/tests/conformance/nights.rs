//! What the nightly pass reads, and what it keeps.

use std::collections::BTreeMap;

use model::day::Day;
use model::hours::month_in_hours;
use model::identity::{ChannelKey, PersonKey};
use model::presence::{ChannelPresence, ViewerDay};
use model::run::Run;
use model::statistics::channel::Figures;
use model::statistics::distinct::{Count, Distinct};
use model::statistics::night::{Audience, ChannelNight, NIGHT_VERSION, Neighbour, Night, NightLists};
use model::statistics::overlap::Overlap;
use model::statistics::ranking::Ranked;
use store::Store;
use store::day::DayImport;
use store::error::StoreError;
use store::night::{ChannelNightWrite, DifferentPeople, NightWrite};
use store::rows::{RowBatch, ViewerRows};
use store::suppression::{Secret, suppress};

use crate::fixtures::{by_id, by_login, day, import, job, login, prepared};
use crate::subject::Subject;

type Everybody = BTreeMap<PersonKey, Vec<(Day, ViewerDay)>>;

/// All pages of [from, until).
async fn everybody(s: &Subject, from: Day, until: Day) -> Everybody {
    let (mut all, mut next) = (Everybody::new(), Some(PersonKey(0)));
    while let Some(first) = next {
        let page = s.store.people_page(&job(), from, until, first).await.unwrap();
        page.each(|person, days| {
            assert!(person >= first && all.last_key_value().is_none_or(|(last, _)| *last < person));
            all.insert(person, days.to_vec());
        })
        .unwrap();
        next = page.next();
    }
    all
}

/// The same, person by person.
async fn one_by_one(s: &Subject, people: u32, from: Day, until: Day) -> Everybody {
    let mut all = Everybody::new();
    for key in (0..people).map(PersonKey) {
        let mut days = s.store.person_days(&job(), key).await.unwrap();
        days.retain(|(day, _)| (from..until).contains(day));
        if !days.is_empty() {
            all.insert(key, days);
        }
    }
    all
}

/// Three days of November, two of December.
async fn filled(s: &Subject) {
    for n in [0, 1, 3, 11, 14] {
        let mut people = vec![
            by_id("_ada", 42, &[("_room", 0, 9), ("_hall", 20, 22)]),
            by_login("_bo", &[("_hall", 3, 9)]),
            by_login("_robot", &[("_hall", 0, 200), ("_room", 0, 200)]),
        ];
        people.truncate(if n == 3 { 1 } else { 3 });
        import(&s.store, day(n), &people).await;
    }
}

pub(crate) async fn everybody_comes_person_by_person_in_every_form(s: Subject) {
    assert_eq!(everybody(&s, day(0), day(20)).await, Everybody::new());
    filled(&s).await;
    let wanted = one_by_one(&s, 3, day(1), day(14)).await;
    assert_eq!(wanted.len(), 3);
    assert_eq!(everybody(&s, day(1), day(14)).await, wanted);
    assert_eq!(everybody(&s, day(4), day(11)).await, Everybody::new());
    let month = day(0).month();
    s.store.close_month(&job(), month).await.unwrap();
    assert_eq!(everybody(&s, day(1), day(14)).await, wanted);
    s.store.drop_open(&job(), month).await.unwrap();
    assert_eq!(everybody(&s, day(1), day(14)).await, wanted);
    s.store.age_month(&job(), month, |days| month_in_hours(days, |_, _| None)).await.unwrap();
    let coarse = s.store.people_page(&job(), day(1), day(14), PersonKey(0)).await;
    assert!(matches!(coarse, Err(StoreError::Aged { .. })), "{coarse:?}");
    assert_eq!(everybody(&s, day(11), day(14)).await, one_by_one(&s, 3, day(11), day(14)).await);
}

/// More than two pages of keys, and blocks that reach over their borders.
pub(crate) async fn pages_of_keys_leave_nobody_out(s: Subject) {
    const PEOPLE: u32 = 40_000;
    let presence = |n: u32| ViewerDay {
        bot: false,
        channels: vec![ChannelPresence {
            channel: ChannelKey(n % 7),
            listed: vec![Run::new(3, 7).unwrap()],
            spoke: vec![],
        }],
    };
    for (n, step) in [(0, 1), (1, 3)] {
        let mut rows = RowBatch::default();
        for person in (0..PEOPLE).step_by(step) {
            let mut bytes = Vec::new();
            presence(person).encode(&mut bytes);
            rows.push(format!("_viewer_{person:05}").as_bytes(), None, &bytes).unwrap();
        }
        let import = DayImport { viewers: ViewerRows::of(&rows).unwrap(), ..prepared(&s.store, day(n), &[], 1).await };
        s.store.import_day(&job(), import).await.unwrap();
    }
    let wanted: Everybody = (0..PEOPLE)
        .map(|n| {
            let days = (0..if n % 3 == 0 { 2 } else { 1 }).map(|at| (day(at), presence(n))).collect();
            (PersonKey(n), days)
        })
        .collect();
    let found = everybody(&s, day(0), day(2)).await;
    assert!(found.len() == wanted.len() && found.iter().eq(wanted.iter()));
}

async fn channel(s: &Subject, name: &str) -> ChannelKey {
    s.store.any_channel(&job(), &login(name)).await.unwrap().unwrap().key
}

fn people(keys: impl IntoIterator<Item = u32>) -> Distinct {
    let mut all = Distinct::default();
    keys.into_iter().for_each(|key| all.add(PersonKey(key)));
    all
}

/// A night of both channels.
async fn night(s: &Subject, n: i32) -> NightWrite {
    let (room, hall) = (channel(s, "_room").await, channel(s, "_hall").await);
    let mut read = Vec::new();
    for day in [day(0), day(n)] {
        read.extend(s.store.generation(day).await.unwrap().map(|generation| (day, generation)));
    }
    let ranked = |channel| Ranked { channel, figures: Figures { live_slots: 3, ..Figures::default() } };
    let of = |channel, other| ChannelNightWrite {
        channel,
        night: ChannelNight {
            people: Audience::of(20, 30),
            visitors: Some(70),
            neighbours: vec![Neighbour { channel: other, shared: 12, visitors: 90 }],
            ..ChannelNight::default()
        },
        people: (channel == room).then(|| people(0..40)),
    };
    let (a, b) = (room.min(hall), room.max(hall));
    NightWrite {
        day: day(n),
        read,
        withdrawals: s.store.suppressed().await.unwrap().withdrawals,
        made_at: 1_795_000_000,
        made_ms: 77,
        night: Night { version: NIGHT_VERSION, days: 2, people: Audience::of(10, 2_000_000_000), people_of_days: None },
        lists: NightLists {
            rankings: [vec![ranked(room), ranked(hall)], vec![ranked(hall)], vec![]],
            ties: vec![Overlap { a, b, shared: 12, audience_a: 70, audience_b: 90 }],
            ..NightLists::default()
        },
        people: people(0..1_500),
        channels: vec![of(room, hall), of(hall, room)],
    }
}

pub(crate) async fn a_night_is_replaced_as_a_whole(s: Subject) {
    filled(&s).await;
    let (room, hall) = (channel(&s, "_room").await, channel(&s, "_hall").await);
    let first = night(&s, 1).await;
    for _ in 0..2 {
        s.store.put_night(&job(), first.clone()).await.unwrap();
    }
    s.store.put_night(&job(), night(&s, 3).await).await.unwrap();
    let s = s.reopened().await;
    let held = s.store.nights(day(0), day(20)).await.unwrap();
    assert_eq!(
        held.iter().map(|record| (record.day, record.generation)).collect::<Vec<_>>(),
        [(day(1), 1), (day(3), 1)]
    );
    assert_eq!((held[0].night, held[0].made_at, held[0].made_ms), (first.night, first.made_at, first.made_ms));
    assert_eq!(s.store.nights(day(2), day(3)).await.unwrap(), []);
    assert_eq!(s.store.night_lists(day(1)).await.unwrap().unwrap(), first.lists);
    assert_eq!(s.store.night_lists(day(2)).await.unwrap(), None);
    let rows = s.store.channel_nights(&[room, hall], day(0), day(3)).await.unwrap();
    let mut wanted: Vec<_> = first.channels.iter().map(|write| (write.channel, day(1), write.night.clone())).collect();
    wanted.sort_by_key(|(channel, ..)| *channel);
    assert_eq!(rows.into_iter().map(|row| (row.channel, row.day, row.night)).collect::<Vec<_>>(), wanted);

    // Both days hold the same forty; of everything there are too many to be exact.
    let of = |channel| s.store.different_people(channel, day(0), day(20));
    let forty = Some(Count { people: 40, exact: true });
    assert_eq!(of(Some(room)).await.unwrap(), DifferentPeople { count: forty, days: 2 });
    assert_eq!(of(Some(hall)).await.unwrap(), DifferentPeople { count: None, days: 0 });
    let all = of(None).await.unwrap();
    assert!(
        all.days == 2 && all.count.is_some_and(|count| !count.exact && count.people.abs_diff(1_500) < 90),
        "{all:?}"
    );

    // Without a channel that was there before, and with few people.
    let mut less = night(&s, 1).await;
    less.channels.truncate(1);
    less.channels[0].people = Some(people(0..9));
    s.store.put_night(&job(), less).await.unwrap();
    assert_eq!(s.store.channel_nights(&[hall], day(0), day(3)).await.unwrap(), []);
    let few = s.store.different_people(Some(room), day(1), day(2)).await.unwrap();
    assert_eq!(few, DifferentPeople { count: None, days: 1 });
}

pub(crate) async fn a_night_of_days_that_changed_is_refused(s: Subject) {
    filled(&s).await;
    let stale = night(&s, 1).await;
    import(&s.store, day(0), &[by_login("_bo", &[("_hall", 3, 9)])]).await;
    let refused = s.store.put_night(&job(), stale).await;
    assert!(matches!(refused, Err(StoreError::Busy)), "{refused:?}");
    let other = NightWrite { read: vec![(day(1), 1)], day: day(3), ..night(&s, 1).await };
    assert!(matches!(s.store.put_night(&job(), other).await, Err(StoreError::Busy)));
    let before = night(&s, 1).await;
    let secret = Secret::new(b"0123456789abcdef").unwrap();
    suppress(&s.store, &job(), &secret, &["_bo"], &[], 7).await.unwrap();
    assert!(matches!(s.store.put_night(&job(), before).await, Err(StoreError::Busy)));
    assert_eq!(s.store.nights(day(0), day(20)).await.unwrap(), []);
    s.store.put_night(&job(), night(&s, 1).await).await.unwrap();
    // A day that is replaced keeps its night until it is made again; what it was made of is told.
    import(&s.store, day(1), &[]).await;
    assert_eq!(s.store.nights(day(0), day(20)).await.unwrap()[0].generation, 1);
    assert_eq!(s.store.generation(day(1)).await.unwrap(), Some(2));
}

pub(crate) async fn who_opted_out_is_in_no_night(s: Subject) {
    filled(&s).await;
    let (room, hall) = (channel(&s, "_room").await, channel(&s, "_hall").await);
    let secret = Secret::new(b"0123456789abcdef").unwrap();
    s.store.put_night(&job(), night(&s, 1).await).await.unwrap();
    suppress(&s.store, &job(), &secret, &["_hall", "_ada"], &[], 7).await.unwrap();
    // Of Ada nothing is read, of the others only where they were else.
    let seen = everybody(&s, day(0), day(2)).await;
    let channels: Vec<_> = seen.values().flatten().map(|(_, presence)| presence.channels.len()).collect();
    assert_eq!((seen.len(), channels), (1, vec![1, 1]));
    assert!(seen.values().flatten().all(|(_, presence)| presence.channels[0].channel == room));
    let lists = s.store.night_lists(day(1)).await.unwrap().unwrap();
    assert_eq!(lists.rankings.map(|ranking| ranking.len()), [1, 0, 0]);
    assert_eq!(lists.ties, []);
    let rows = s.store.channel_nights(&[room, hall], day(0), day(3)).await.unwrap();
    assert_eq!(rows.iter().map(|row| (row.channel, row.night.neighbours.len())).collect::<Vec<_>>(), [(room, 0)]);
    let both = [hall, room].map(|channel| s.store.different_people(Some(channel), day(0), day(3)));
    let [of_hall, of_room] = both;
    assert_eq!((of_hall.await.unwrap().days, of_room.await.unwrap().days), (0, 1));
}

pub(crate) async fn who_is_erased_is_in_no_set(s: Subject) {
    filled(&s).await;
    let room = channel(&s, "_room").await;
    let person = s.store.person(&job(), &login("_ada")).await.unwrap().key.unwrap();
    let mut made = night(&s, 1).await;
    made.people = people(0..900);
    s.store.put_night(&job(), made).await.unwrap();
    let count = async |channel| {
        s.store.different_people(channel, day(0), day(3)).await.unwrap().count.map(|count| count.people)
    };
    assert_eq!((count(Some(room)).await, count(None).await), (Some(40), Some(900)));
    s.store.erase_person(&job(), person).await.unwrap();
    assert_eq!((count(Some(room)).await, count(None).await), (Some(39), Some(899)));
    // What was counted stays: it is of ten people and more.
    assert_eq!(s.store.channel_nights(&[room], day(0), day(3)).await.unwrap()[0].night.people, Audience::of(20, 30));
}

pub(crate) async fn sets_go_with_the_slots_of_their_days(s: Subject) {
    filled(&s).await;
    let room = channel(&s, "_room").await;
    for n in [1, 11] {
        s.store.put_night(&job(), night(&s, n).await).await.unwrap();
    }
    let days = async |channel| s.store.different_people(channel, day(0), day(20)).await.unwrap().days;
    assert_eq!((days(Some(room)).await, days(None).await), (2, 2));
    s.store.close_month(&job(), day(0).month()).await.unwrap();
    assert_eq!((days(Some(room)).await, days(None).await), (2, 2));
    s.store.age_month(&job(), day(0).month(), |days| month_in_hours(days, |_, _| None)).await.unwrap();
    assert_eq!((days(Some(room)).await, days(None).await), (1, 1));
    assert_eq!(s.store.channel_nights(&[room], day(0), day(20)).await.unwrap().len(), 2);
    s.store.forget_month(&job(), day(11).month()).await.unwrap();
    assert_eq!((days(Some(room)).await, days(None).await), (0, 0));
    assert_eq!(s.store.nights(day(0), day(20)).await.unwrap().len(), 2);
}
