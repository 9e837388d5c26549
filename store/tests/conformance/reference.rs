//! Any imports in any order against the plainest store there is: a map.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use model::day::Day;
use model::hours::month_in_hours;
use model::words::Origin;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use store::Store;
use store::dump::dump_day;
use tokio::runtime::Handle;

use crate::fixtures::{Person, day, import, job, key, stays};
use crate::subject::{Maker, Subject};

const NAMES: [&str; 6] = ["_ada", "_bo", "_cy", "_dee", "_eve", "_fay"];
const CHANNELS: [&str; 4] = ["_hall", "_room", "_stage", "_yard"];
/// Each makes a store of its own, which takes Postgres a tenth of a second.
const SEQUENCES: u32 = 12;

/// A day imported, and what is done to its month after.
type Import = (i32, Vec<Person>, After);

#[derive(Clone, Copy, Debug)]
enum After {
    Nothing,
    Close,
    CloseForGood,
}

/// Some people of a day. Half of them always come with their id: without renames a person is a name.
fn people() -> impl Strategy<Value = Vec<Person>> {
    let stays = proptest::collection::btree_set((proptest::sample::select(CHANNELS.as_slice()), 0u16..28), 1..5);
    let person = (proptest::sample::select(NAMES.as_slice()), stays).prop_map(|(login, stays)| {
        let place = NAMES.iter().position(|name| *name == login).unwrap() as u64;
        // Slots ten apart: runs never meet.
        let stays = stays.into_iter().map(|(channel, n)| (channel, n * 10, n * 10 + 1 + n % 5)).collect();
        Person { login, id: place.is_multiple_of(2).then_some(place + 1), stays }
    });
    proptest::collection::vec(person, 0..6).prop_map(|people| {
        people.into_iter().map(|person| (person.login, person)).collect::<BTreeMap<_, _>>().into_values().collect()
    })
}

/// Days of two months' end.
fn imports() -> impl Strategy<Value = Vec<Import>> {
    let after = prop_oneof![2 => Just(After::Nothing), 1 => Just(After::Close), 1 => Just(After::CloseForGood)];
    proptest::collection::vec((8i32..14, people(), after), 1..10)
}

/// Whatever the strategy makes.
fn always<T: Debug>(strategy: &impl Strategy<Value = T>, holds: impl AsyncFn(T) -> Result<(), TestCaseError>) {
    let runtime = Handle::current();
    tokio::task::block_in_place(|| {
        let mut runner = TestRunner::new(Config { cases: SEQUENCES, failure_persistence: None, ..Config::default() });
        if let Err(error) = runner.run(strategy, |made| runtime.block_on(holds(made))) {
            panic!("{error}");
        }
    });
}

pub(crate) async fn any_imports_equal_the_reference(s: Subject) {
    always(&imports(), async |sequence| compare(&s.maker, sequence).await);
}

pub(crate) async fn any_month_gets_as_coarse_as_the_model_says(s: Subject) {
    let month = proptest::collection::btree_map(0i32..11, people(), 1..6);
    always(&month, async |held| coarser(&s.maker, held).await);
}

async fn coarser(maker: &Maker, held: BTreeMap<i32, Vec<Person>>) -> Result<(), TestCaseError> {
    let s = maker.make(Origin::Simulated).await;
    for (n, people) in &held {
        import(&s.store, day(*n), people).await;
    }
    let mut before = Vec::new();
    for name in NAMES {
        let Some(who) = key(&s.store, name).await else { continue };
        let days = s.store.viewer_days(&who, day(0), day(11)).await.unwrap();
        before.push((name, who, days));
    }
    let month = day(0).month();
    s.store.close_month(&job(), month).await.unwrap();
    for (_, who, days) in &before {
        prop_assert_eq!(&s.store.viewer_days(who, day(0), day(11)).await.unwrap(), days);
    }
    s.store.age_month(&job(), month, |days| month_in_hours(days, |_, _| None)).await.unwrap();
    for (name, who, days) in before {
        prop_assert_eq!(s.store.viewer_days(&who, day(0), day(11)).await.unwrap(), []);
        let hours = s.store.viewer_hours(&who, day(0), day(11)).await.unwrap();
        prop_assert_eq!(&hours, &month_in_hours(&days, |_, _| None));
        // And what was imported, counted hour by hour.
        let counted: Vec<(Day, Vec<usize>)> = held
            .iter()
            .filter_map(|(n, people)| Some((day(*n), by_hour(people.iter().find(|person| person.login == name)?))))
            .collect();
        let told: Vec<(Day, Vec<usize>)> =
            hours.iter().map(|(day, hours)| (*day, hours.present.iter().map(|n| usize::from(*n)).collect())).collect();
        prop_assert_eq!(told, counted);
    }
    s.store.close().await;
    Ok(())
}

/// In how many slots of each hour somebody was anywhere.
fn by_hour(person: &Person) -> Vec<usize> {
    let slots: BTreeSet<u16> = person.stays.iter().flat_map(|(_, from, to)| *from..*to).collect();
    (0..24).map(|hour| slots.range(hour * 12..(hour + 1) * 12).count()).collect()
}

async fn compare(maker: &Maker, sequence: Vec<Import>) -> Result<(), TestCaseError> {
    let s = maker.make(Origin::Simulated).await;
    let mut reference: BTreeMap<i32, Vec<Person>> = BTreeMap::new();
    for (n, people, after) in sequence {
        import(&s.store, day(n), &people).await;
        if !matches!(after, After::Nothing) {
            s.store.close_month(&job(), day(n).month()).await.unwrap();
        }
        if matches!(after, After::CloseForGood) {
            s.store.drop_open(&job(), day(n).month()).await.unwrap();
        }
        reference.insert(n, people);
        for name in NAMES {
            let expected: Vec<_> = reference
                .iter()
                .flat_map(|(n, people)| {
                    people.iter().filter(|person| person.login == name).map(move |person| (day(*n), sorted(person)))
                })
                .collect();
            prop_assert_eq!(stays(&s.store, name).await, expected);
        }
        let held: Vec<_> = s.store.days().await.unwrap().into_iter().map(|record| record.day).collect();
        prop_assert_eq!(held, reference.keys().map(|n| day(*n)).collect::<Vec<_>>());
        for (n, people) in &reference {
            let dump = dump_day(&s.store, &job(), day(*n)).await.unwrap();
            let names: Vec<String> = dump.iter().map(|row| row.login.to_string()).collect();
            prop_assert_eq!(names, people.iter().map(|person| person.login.to_owned()).collect::<Vec<_>>());
        }
    }
    s.store.close().await;
    Ok(())
}

fn sorted(person: &Person) -> Vec<(String, u16, u16)> {
    let mut stays: Vec<_> =
        person.stays.iter().map(|(channel, from, to)| ((*channel).to_owned(), *from, *to)).collect();
    stays.sort_unstable();
    stays
}
