//! Days change under readers, who see one or the other.

use std::collections::BTreeSet;
use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use model::hours::month_in_hours;
use store::Store;
use store::access::ViewerKey;
use store::channel::ChannelIdentity;
use store::dump::dump_day;
use store::error::{Result, StoreError};

use crate::fixtures::{by_login, day, import, job, key, known_days, login, prepared};
use crate::subject::{LongReader, Subject};
use crate::upkeep::crowd;

/// Enough for readers to fall between any two statements of an import.
const IMPORTS: u32 = 30;

pub(crate) async fn nobody_sees_half_a_day(s: Subject) {
    let old = [by_login("_ada", &[("_a", 0, 10), ("_b", 0, 10)]), by_login("_bo", &[("_b", 0, 10)])];
    let new = [by_login("_ada", &[("_b", 20, 30), ("_c", 20, 30)]), by_login("_cy", &[("_c", 20, 30)])];
    let names = ["_a", "_b", "_c"].map(|name| ChannelIdentity::of_login(login(name)));
    let channels = s.store.channel_keys(&job(), day(0), &names, 0).await.unwrap();
    import(&s.store, day(0), &old).await;
    let ada = key(&s.store, "_ada").await.unwrap();
    let done = AtomicBool::new(false);
    let write = async {
        for n in 0..IMPORTS {
            let version = if n % 2 == 0 { &new } else { &old };
            let import = prepared(&s.store, day(0), version, n % 2 + 1).await;
            s.store.import_day(&job(), import).await.unwrap();
        }
        done.store(true, Ordering::Relaxed);
    };
    let read = async {
        let mut reads = 0;
        while !done.load(Ordering::Relaxed) {
            let days = s.store.viewer_days(&ada, day(0), day(1)).await.unwrap();
            let [(_, presence)] = days.as_slice() else { panic!("one day is held, {} were read", days.len()) };
            let runs: Vec<(_, u16)> =
                presence.channels.iter().map(|channel| (channel.channel, channel.listed[0].from())).collect();
            let wholes = [[(channels[0], 0), (channels[1], 0)], [(channels[1], 20), (channels[2], 20)]];
            assert!(wholes.iter().any(|whole| runs == whole), "{runs:?}");

            let rows = s.store.channel_days(&channels, day(0), day(1)).await.unwrap();
            let rows: Vec<_> = rows.iter().map(|row| row.channel).collect();
            assert!(rows == channels[..2] || rows == channels[1..], "{rows:?}");

            let days = s.store.days().await.unwrap();
            assert_eq!(days.iter().map(|record| (record.day, record.stats.viewers)).collect::<Vec<_>>(), [(day(0), 2)]);
            reads += 1;
        }
        reads
    };
    let ((), a, b) = tokio::join!(write, read, async {
        let mut dumps = 0;
        while !done.load(Ordering::Relaxed) {
            let dump = dump_day(&s.store, &job(), day(0)).await.unwrap();
            let names: Vec<&str> = dump.iter().map(|row| row.login.as_str()).collect();
            assert!(names == ["_ada", "_bo"] || names == ["_ada", "_cy"], "{names:?}");
            dumps += 1;
        }
        dumps
    });
    assert!(a > 0 && b > 0, "nobody read meanwhile");
}

/// A page that takes longer is one that waits. Machines under test are slow; who waits for the long reader waits for ever.
const ANSWERED: Duration = Duration::from_secs(5);

/// Pages asked for once somebody is seen to wait.
const PAGES: u32 = 40;

/// Asks for pages while a change goes on beside somebody who reads for long, and lets that one go: once pages were answered while the
/// change waited, or when it has ended;
/// what became of the change.
async fn beside<T>(
    s: &Subject,
    who: &ViewerKey,
    long: LongReader,
    change: impl Future<Output = Result<T>>,
    wait_for_end: bool,
) -> Result<T> {
    let ended = AtomicBool::new(false);
    let change = async {
        let done = change.await;
        ended.store(true, Ordering::Relaxed);
        done
    };
    let pages = async {
        let (mut waited, mut slowest) = (0, Duration::ZERO);
        while !ended.load(Ordering::Relaxed) && (wait_for_end || waited < PAGES) {
            waited += u32::from(waited > 0 || s.waits().await);
            let start = Instant::now();
            let page = tokio::time::timeout(ANSWERED, known_days(&s.store, who)).await;
            assert!(!page.expect("pages are answered meanwhile").is_empty());
            slowest = slowest.max(start.elapsed());
        }
        drop(long);
        slowest
    };
    let (done, slowest) = tokio::join!(change, pages);
    eprintln!("the slowest page took {slowest:?}");
    done
}

pub(crate) async fn nobody_waits_behind_who_reads_for_long(s: Subject) {
    let people = [by_login("_ada", &[("_room", 0, 9)])];
    for n in [0, 14, 50] {
        import(&s.store, day(n), &people).await;
    }
    let ada = key(&s.store, "_ada").await.unwrap();
    let (job, month) = (job(), day(0).month());
    let close = async || beside(&s, &ada, s.long_reader().await, s.store.close_month(&job, month), false).await;
    close().await.unwrap();
    // A day of a closed month, and the first day of a month: neither has to wait.
    for n in [0, 80] {
        let import = prepared(&s.store, day(n), &people, 1).await;
        beside(&s, &ada, s.long_reader().await, Box::pin(s.store.import_day(&job, import)), false).await.unwrap();
    }
    close().await.unwrap();
    beside(&s, &ada, s.long_reader().await, s.store.drop_open(&job, month), false).await.unwrap();
    let age = s.store.age_month(&job, month, |days| month_in_hours(days, |_, _| None));
    beside(&s, &ada, s.long_reader().await, age, false).await.unwrap();
    for month in [month, day(50).month()] {
        beside(&s, &ada, s.long_reader().await, s.store.forget_month(&job, month), false).await.unwrap();
    }
    assert_eq!(known_days(&s.store, &ada).await, [day(14), day(80)]);
}

/// Months that change their form, each once.
const MONTHS: i32 = 12;
/// Pages at once: more than were asked for before, so that each form is opened again while it goes.
const READERS: usize = 8;

pub(crate) async fn nobody_meets_a_form_that_a_month_no_longer_has(s: Subject) {
    let people = [by_login("_ada", &[("_room", 0, 9)])];
    import(&s.store, day(0), &people).await;
    let ada = key(&s.store, "_ada").await.unwrap();
    let done = AtomicBool::new(false);
    let write = async {
        for n in 0..MONTHS {
            let day = day(31 * n);
            import(&s.store, day, &people).await;
            s.store.close_month(&job(), day.month()).await.unwrap();
            // Opened again, and closed.
            import(&s.store, day, &people).await;
            s.store.close_month(&job(), day.month()).await.unwrap();
            s.store.age_month(&job(), day.month(), |days| month_in_hours(days, |_, _| None)).await.unwrap();
        }
        done.store(true, Ordering::Relaxed);
    };
    let read = async || {
        let mut most = 0;
        while !done.load(Ordering::Relaxed) {
            // A day is told both ways where its month changes between the two questions.
            let known = known_days(&s.store, &ada).await.into_iter().collect::<BTreeSet<_>>().len();
            assert!(known >= most, "{known} days are told, after {most}");
            most = known;
        }
        most
    };
    let ((), most) = tokio::join!(write, futures::future::join_all((0..READERS).map(|_| read())));
    assert!(most.into_iter().max() >= Some(MONTHS as usize - 2));
}

pub(crate) async fn who_reads_for_too_long_is_told_and_harms_nothing(s: Subject) {
    let people = [by_login("_ada", &[("_room", 0, 9)])];
    import(&s.store, day(0), &people).await;
    let ada = key(&s.store, "_ada").await.unwrap();
    let (job, month) = (job(), day(0).month());
    s.store.close_month(&job, month).await.unwrap();
    let (before, tables) = (s.store.months().await.unwrap(), s.rows().await);
    let age = || s.store.age_month(&job, month, |days| month_in_hours(days, |_, _| None));
    match beside(&s, &ada, s.long_reader().await, age(), true).await {
        // Of SQLite, files go while others read them.
        Ok(_) => return assert!(matches!(s.maker, crate::subject::Maker::Sqlite)),
        Err(error) => {
            assert!(matches!(error, StoreError::Occupied { .. }), "{error:?}");
            assert!(error.to_string().ends_with("what was held is still held: do it again once they are done"));
        }
    }
    // Not even a table that was made aside stays.
    assert_eq!((s.store.months().await.unwrap(), s.rows().await), (before, tables));
    age().await.unwrap();
}

pub(crate) async fn a_page_asks_for_its_own_people_alone(s: Subject) {
    let crowd = crowd(300);
    import(&s.store, day(0), &crowd).await;
    // The first and the last who ever came.
    import(&s.store, day(1), &[crowd[0].clone(), crowd[299].clone()]).await;
    // Whoever of the others has a row that cannot be read is not in the way.
    s.execute("UPDATE person SET twitch_id = -5 WHERE key = 150").await;
    let dump = dump_day(&s.store, &job(), day(1)).await.unwrap();
    assert_eq!(dump.iter().map(|row| row.login.as_str()).collect::<Vec<_>>(), ["_crowd_0000", "_crowd_0299"]);
    assert!(matches!(dump_day(&s.store, &job(), day(0)).await, Err(StoreError::Damaged { .. })));
}
