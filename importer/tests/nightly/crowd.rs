//! What is known of everybody, against sums over people.

use std::collections::BTreeMap;
use std::path::PathBuf;

use importer::crowd::due::{due, is_outlived};
use importer::crowd::file::{CrowdFile, CrowdFileError, Seal};
use importer::crowd::pass::{CrowdError, MadeCrowd, make_crowd};
use importer::nightly::pass::make_nights;
use model::analysis::bootstrap::Drawings;
use model::analysis::tastes::tastes;
use model::channel_day::{ChannelDay, ChannelSlot, LiveSlot, Segment};
use model::crowd::calendar::Calendar;
use model::crowd::single_out::singling_out;
use model::day::Day;
use model::identity::ChannelKey;
use model::presence::{ChannelPresence, ViewerDay};
use model::run::Run;
use model::sample::StreamFacts;
use model::slot::Slot;
use model::words::{ListStatus, Origin, SpeechStatus, Tier};
use model::zone::ZoneTable;
use store::access::{ViewerPages, viewer};
use store::channel::ChannelIdentity;
use store::day::DayImport;
use store::error::StoreError;
use store::month::Game;
use store::record::record;
use store::rows::{RowBatch, ViewerRows};
use store::suppression::{Secret, suppress};
use store::{AnyStore, Store};
use tempfile::TempDir;

use crate::{day, job};

/// A channel that nine people know is the last.
const CHANNELS: u32 = 5;
const PEOPLE: u32 = 1_200;
/// The first of them are programs.
const BOTS: u32 = 7;
/// The last of 28 days.
const LAST: i32 = 27;

/// The channel of a person on a day, and the slots [from, to) there: in the evening, most often in one channel.
fn stay(person: u32, n: i32) -> (u32, u16, u16) {
    let channel = match person {
        20..29 => CHANNELS - 1,
        _ if n % 4 == 3 => (person + n as u32) % (CHANNELS - 1),
        _ => person % (CHANNELS - 1),
    };
    let from = 230 + (person % 11) as u16;
    (channel, from, from + 6 + ((person + n as u32) % 5) as u16)
}

/// On air all day; from slot 240 on with another game.
fn channel_day(channel: u32) -> ChannelDay {
    let mut data = ChannelDay::default();
    let (list, speech) = (ListStatus::Complete, SpeechStatus::Missing);
    let live = LiveSlot { viewers: Some(500), chatters: Some(400), list, speech, source: None };
    for slot in Slot::all() {
        data.set(slot, ChannelSlot::Live(live));
    }
    let segment = |from, to, n: u32| {
        let facts = StreamFacts { game_id: format!("{}", 7 + n), game: format!("game {n}"), ..StreamFacts::default() };
        Segment::new(Run::new(from, to).unwrap(), &facts)
    };
    data.segments = vec![segment(0, 240, channel % 2), segment(240, 288, 2)];
    data
}

struct Town {
    store: AnyStore,
    channels: Vec<ChannelKey>,
    file: CrowdFile,
    folder: TempDir,
}

impl Town {
    async fn new(days: i32) -> Town {
        let folder = tempfile::tempdir().unwrap();
        let store =
            AnyStore::open(folder.path().join("store").to_str().unwrap(), Some(Origin::Simulated)).await.unwrap();
        // So that keys are no numbers that begin with 0.
        let games = [Game { id: "9".into(), name: "game 2".into() }];
        store.game_keys(&job(), &[Game { id: "1".into(), name: "another".into() }]).await.unwrap();
        store.game_keys(&job(), &games).await.unwrap();
        let file = CrowdFile::new(folder.path().join("crowd-index"));
        let mut town = Town { store, channels: Vec::new(), file, folder };
        for n in 0..days {
            town.import(n, false).await;
        }
        town
    }

    async fn import(&mut self, n: i32, provisional: bool) {
        let names: Vec<ChannelIdentity> =
            (0..CHANNELS).map(|n| ChannelIdentity::of_login(format!("_channel_{n}").parse().unwrap())).collect();
        let withdrawals = self.store.suppressed().await.unwrap().withdrawals;
        self.channels = self.store.channel_keys(&job(), day(n), &names, withdrawals).await.unwrap();
        let mut rows = RowBatch::default();
        for person in 0..PEOPLE {
            let (channel, from, to) = stay(person, n);
            let (channel, listed) = (self.channels[channel as usize], vec![Run::new(from, to).unwrap()]);
            let channels = vec![ChannelPresence { channel, listed, spoke: vec![Run::new(from, from + 1).unwrap()] }];
            let mut bytes = Vec::new();
            ViewerDay { bot: person < BOTS, channels }.encode(&mut bytes);
            rows.push(format!("_viewer_{person:04}").as_bytes(), None, &bytes).unwrap();
        }
        let days = self.channels.iter().zip(0..).map(|(key, n)| (*key, channel_day(n))).collect();
        let of_day = DayImport::of(day(n), days, ViewerRows::of(&rows).unwrap());
        let import =
            DayImport { withdrawals, provisional, until: provisional.then(|| Slot::new(280).unwrap()), ..of_day };
        self.store.import_day(&job(), import).await.unwrap();
    }

    async fn night(&self, n: i32) {
        make_nights(&self.store, &job(), &[day(n)], 5).await.unwrap();
    }

    async fn is_due(&self, held: Option<&Calendar>) -> bool {
        due(&self.store, held, |_, _| zone()).await.unwrap().is_some()
    }

    async fn make(&self, now: i64) -> Result<MadeCrowd, CrowdError> {
        let due = due(&self.store, None, |_, _| zone()).await.unwrap().unwrap();
        make_crowd(&self.store, &job(), &due, &self.file, now).await
    }

    async fn seal(&self) -> Seal {
        let record = self.store.population_record().await.unwrap().unwrap();
        Seal { made_at: record.made_at, made_ms: record.made_ms }
    }
}

/// An hour before UTC, so that evenings are one later.
fn zone() -> ZoneTable {
    ZoneTable::new("Europe/Paris", 3_600, Vec::new())
}

fn real_people() -> impl Iterator<Item = u32> {
    BOTS..PEOPLE
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn index_and_population_are_sums_over_people() {
    let town = Town::new(LAST + 1).await;
    assert!(!town.is_due(None).await);
    town.night(LAST).await;
    let MadeCrowd { index, stamp, report } = town.make(1_000).await.unwrap();
    let people = PEOPLE - BOTS;
    assert_eq!((report.day, report.days, report.people, report.read), (day(LAST), 28, people, people));
    assert_eq!((index.week_people(), index.known_people(), index.days()), (people, people, (day(0), day(LAST))));
    let (held, held_stamp) = town.file.read(Origin::Simulated, town.seal().await).unwrap().unwrap();
    assert_eq!((held.as_bytes(), held_stamp), (index.as_bytes(), stamp));

    let population = town.store.population().await.unwrap().unwrap();
    assert_eq!((population.people, population.read, population.days), (people, people, 28));
    assert_eq!((population.zone.as_str(), population.time_zone_people), ("Europe/Paris", people));
    // All are there between 19:10 and 20:50 UTC, which is an hour later here.
    let clock = population.time_zone.unwrap();
    let evening: f64 = clock.shares()[20..22].iter().sum();
    assert!(evening > 0.99, "{clock:?}");
    let base = population.tastes.as_ref().unwrap();
    assert_eq!(base.people, people);
    let (mut channels, mut games) = (BTreeMap::new(), BTreeMap::new());
    for (person, n) in real_people().flat_map(|person| (0..=LAST).map(move |n| (person, n))) {
        let (channel, from, to) = stay(person, n);
        *channels.entry(channel).or_insert(0) += u64::from(to - from);
        *games.entry(format!("game {}", channel % 2)).or_insert(0) += u64::from(to.min(240).saturating_sub(from));
        *games.entry("game 2".to_owned()).or_insert(0) += u64::from(to.saturating_sub(from.max(240)));
    }
    assert_eq!(base.channels.slots, channels.values().sum::<u64>());
    // Of the last channel nine people know.
    assert_eq!(base.channels.entries.len(), CHANNELS as usize - 1);
    for entry in &base.channels.entries {
        let channel = town.channels.iter().position(|key| *key == entry.key).unwrap() as u32;
        assert_eq!(entry.slots, channels[&channel]);
    }
    let names: BTreeMap<_, _> = town.store.games().await.unwrap().into_iter().collect();
    assert_eq!(base.games.entries.len(), 3);
    for entry in &base.games.entries {
        assert_eq!(entry.slots, games[&names[&entry.key].name], "{entry:?}");
    }

    // Somebody's own record speaks of the same channels and games, and the index of the same person.
    let who = viewer(&town.store, &"_viewer_0101".parse().unwrap(), ViewerPages::Public, None).await.unwrap().unwrap();
    let named = record(&town.store, &who, day(0), day(LAST + 1)).await.unwrap();
    let trace = named.record.as_ref().unwrap().trace();
    let found = tastes(&trace, &population, Drawings::of_seed(1)).unwrap().value;
    let own = &found.channels.lifts[0];
    assert_eq!((own.key, own.is_more()), (town.channels[1], true), "{found:?}");
    assert!((own.usual - channels[&1] as f64 / base.channels.slots as f64).abs() < 1e-12);
    let told: Vec<&str> =
        found.games.lifts.iter().map(|lift| named.games.get(lift.key).unwrap().name.as_str()).collect();
    assert!(told.contains(&"game 1") && told.contains(&"game 2"), "{told:?}");
    let days = town.store.viewer_days(&who, day(0), day(LAST + 1)).await.unwrap();
    let alone = singling_out(&index, &days, Some(who.in_crowd()), 1).unwrap().value;
    assert_eq!(alone.people, people);
    let mut without = index;
    assert!(without.forget(who.in_crowd()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_due_once_a_day_and_of_complete_days_alone() {
    let mut town = Town::new(3).await;
    town.night(1).await;
    assert!(!town.is_due(None).await, "its youngest night comes first");
    town.night(2).await;
    let first = town.make(1_000).await.unwrap();
    assert_eq!((first.report.days, first.index.days()), (3, (day(-25), day(2))));
    // Of so few days nobody tells of their clock, and everybody of their tastes.
    let population = town.store.population().await.unwrap().unwrap();
    assert!(population.time_zone.is_none() && population.time_zone_people == 0 && population.tastes.is_some());
    let held = first.index.calendar().clone();
    assert!(town.is_due(None).await && !town.is_due(Some(&held)).await);
    assert!(town.is_due(Some(&Calendar::ending(day(2), &ZoneTable::utc()).unwrap())).await, "the site moved");
    town.import(3, true).await;
    assert!(!town.is_due(Some(&held)).await);
    town.import(1, false).await;
    assert!(!town.is_due(Some(&held)).await);
    for n in [2, 3] {
        town.import(n, false).await;
        assert!(!town.is_due(Some(&held)).await);
        town.night(n).await;
        // Of another import of the day that it is of, as of a younger one.
        assert!(town.is_due(Some(&held)).await, "{n}");
    }
    let second = town.make(2_000).await.unwrap();
    assert_eq!(second.report.day, day(3));
    // The file is the second one's, and not to be taken for another night's.
    assert!(town.file.read(Origin::Simulated, town.seal().await).is_ok());
    let other = Seal { made_at: 1_000, ..town.seal().await };
    assert!(matches!(town.file.read(Origin::Simulated, other), Err(CrowdFileError::Seal { .. })));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_goes_with_the_slots_that_it_is_made_of() {
    // The last five days are November's.
    let town = Town::new(17).await;
    town.night(16).await;
    let made = town.make(1_000).await.unwrap();
    assert!(!is_outlived(&town.store).await.unwrap());
    let month = day(0).month();
    town.store.close_month(&job(), month).await.unwrap();
    assert!(!town.is_due(Some(made.index.calendar())).await);
    town.store.age_month(&job(), month, |_| Vec::new()).await.unwrap();
    assert!(is_outlived(&town.store).await.unwrap() && town.is_due(Some(made.index.calendar())).await);
    let again = town.make(2_000).await.unwrap();
    assert_eq!((again.report.days, again.index.calendar()), (5, made.index.calendar()));
    assert!(!is_outlived(&town.store).await.unwrap());
    // Nothing is left to make it of.
    let month = day(16).month();
    town.store.close_month(&job(), month).await.unwrap();
    town.store.age_month(&job(), month, |_| Vec::new()).await.unwrap();
    assert!(is_outlived(&town.store).await.unwrap() && !town.is_due(None).await);
    assert_eq!(month.first_day().days() - day(12).days(), 0);
    assert_eq!(town.store.months().await.unwrap().iter().filter(|month| month.closed == Some(Tier::Hours)).count(), 2);
}

/// Whoever opts out while everybody is read is in nothing that is kept, the file neither.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_opts_out_meanwhile_is_in_nothing_that_is_kept() {
    let town = Town::new(8).await;
    town.night(7).await;
    let before = town.store.games().await.unwrap().len();
    // It waits for the file when all is read.
    let beside: PathBuf = town.folder.path().join("crowd-index.lock");
    let lock = std::fs::File::create(&beside).unwrap();
    lock.lock().unwrap();
    let meanwhile = async {
        while town.store.games().await.unwrap().len() == before {
            tokio::task::yield_now().await;
        }
        let secret = Secret::new(b"0123456789abcdef").unwrap();
        suppress(&town.store, &job(), &secret, &["_viewer_0101"], &[], 1_000).await.unwrap();
        lock.unlock().unwrap();
    };
    let (made, ()) = tokio::join!(town.make(1_000), meanwhile);
    assert!(matches!(made, Err(CrowdError::Store(StoreError::Busy))), "{made:?}");
    assert!(!town.file.path().exists() && town.store.population().await.unwrap().is_none());
    let again = town.make(2_000).await.unwrap();
    assert_eq!((again.report.people, again.index.week_people()), (PEOPLE - BOTS - 1, PEOPLE - BOTS - 1));
    let day: Day = again.report.day;
    assert_eq!(day, crate::day(7));
}
