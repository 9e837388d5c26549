//! Figures, checks, space given back.

use model::words::Tier;
use store::Store;
use store::dump::dump_day;
use store::upkeep::findings::CheckReport;
use store::upkeep::{self, Depth};

use crate::fixtures::{Person, by_id, by_login, day, import, job};
use crate::subject::{Maker, Subject};

/// Three months: one closed for good, one in both forms, one open. The last has people who were renamed.
pub(crate) async fn filled(s: &Subject) {
    let crowd = crowd(300);
    import(&s.store, day(-30), &crowd[..200]).await;
    import(&s.store, day(-22), &crowd).await;
    s.store.close_month(&job(), day(-30).month()).await.unwrap();
    s.store.drop_open(&job(), day(-30).month()).await.unwrap();
    import(&s.store, day(0), &[by_id("_ada", 7, &[("_room", 0, 9)]), by_login("_bo", &[("_hall", 3, 9)])]).await;
    import(&s.store, day(3), &crowd[100..]).await;
    s.store.close_month(&job(), day(0).month()).await.unwrap();
    import(&s.store, day(12), &[by_id("_ada_new", 7, &[("_room", 0, 9)]), by_login("_ada", &[("_attic", 1, 2)])]).await;
    import(&s.store, day(14), &crowd).await;
    s.store.set_tracked(&["_room".parse().unwrap()]).await.unwrap();
}

pub(crate) fn crowd(people: usize) -> Vec<Person> {
    let login = |n| &*format!("_crowd_{n:04}").leak();
    (0..people).map(|n| by_login(login(n), &[("_room", 1, 4), ("_hall", 8, 9)])).collect()
}

async fn check(s: &Subject) -> CheckReport {
    upkeep::check(&job(), &s.url, Depth::Full).await.unwrap()
}

pub(crate) async fn a_sound_store_has_no_findings(s: Subject) {
    assert_eq!(check(&s).await.findings, []);
    filled(&s).await;
    let report = check(&s).await;
    assert_eq!(report.findings, []);
    // 200 + 300 closed, 202 in both forms, 2 + 300 open.
    assert_eq!((report.viewer_days, report.closed_rows, report.people), (500 + 2 * 202 + 302, 502, 303));
    assert_eq!(report.channel_days, 12);
    let s = s.reopened().await;
    assert_eq!(check(&s).await.findings, []);
}

pub(crate) async fn figures_tell_what_is_held(s: Subject) {
    filled(&s).await;
    let stats = upkeep::stats(&s.url).await.unwrap();
    let months: Vec<_> = stats.months.iter().map(|month| (month.days, month.viewer_days, month.closed)).collect();
    // The fixtures' imports count one bot more than there are people.
    assert_eq!(months, [(2, 502, Some(Tier::Slots)), (2, 204, Some(Tier::Slots)), (2, 304, None)]);
    let forms: Vec<_> =
        stats.months.iter().map(|month| (month.open_bytes.is_some(), month.closed_bytes.is_some())).collect();
    assert_eq!(forms, [(false, true), (true, true), (true, false)]);
    assert_eq!((stats.days, stats.viewer_days, stats.people), (6, 1_010, 303));
    assert_eq!((stats.channels, stats.channel_days, stats.sweeps), (3, 12, 12));
    let of_months: u64 = stats.months.iter().flat_map(|month| [month.open_bytes, month.closed_bytes]).flatten().sum();
    assert!(stats.bytes > of_months && of_months > 0, "{stats:?}");
    assert!(stats.people_bytes.is_some_and(|bytes| bytes > 303 && bytes < stats.bytes), "{stats:?}");
    assert!(stats.bytes_per_viewer_day.is_some_and(|bytes| bytes > 1.0), "{stats:?}");
}

pub(crate) async fn giving_space_back_changes_no_day(s: Subject) {
    import(&s.store, day(0), &crowd(4_000)).await;
    import(&s.store, day(1), &crowd(40)).await;
    import(&s.store, day(0), &crowd(40)).await;
    let before = (s.rows().await, s.store.days().await.unwrap());
    s.store.close().await;
    let Subject { store, url, maker, folder } = s;
    drop(store);
    let free = upkeep::stats(&url).await.unwrap().free_bytes;
    let vacuumed = upkeep::vacuum(&job(), &url).await.unwrap();
    let after = upkeep::stats(&url).await.unwrap().free_bytes;
    if let (Some(free), Some(after)) = (free, after) {
        assert!(free > 20_000 && after == 0, "{free} {after}");
        assert!(vacuumed.given_back() >= free, "{vacuumed:?}");
    }
    assert!(vacuumed.parts.iter().any(|part| part.name.contains("2026")), "{vacuumed:?}");
    let s = maker.subject(url, folder, None).await;
    assert_eq!((s.rows().await, s.store.days().await.unwrap()), before);
    assert_eq!(dump_day(&s.store, &job(), day(0)).await.unwrap().len(), 40);
    assert_eq!(check(&s).await.findings, []);
}

/// What is done behind the store's back, in SQLite's file and in Postgres, and what the check says of it.
type Fault = (&'static str, &'static str, &'static str, &'static [&'static str]);

const MAIN: &str = "main.db";
const OPEN: &str = "open-2026-11.db";
const CLOSED: &str = "month-2026-11.db";

/// Of the day's people, key 0 is `_ada`; the first block has everybody.
const FAULTS: &[Fault] = &[
    (
        MAIN,
        "INSERT INTO login_span (login, from_day, until_day, key) VALUES ('_ada', 20900, NULL, 1)",
        "",
        &[
            "logins that several hold at once",
            "people that hold several logins at once",
            "people whose name is not the login that they hold",
        ],
    ),
    (MAIN, "DELETE FROM person WHERE key = 0", "", &["spans of no person", "days of people who have no name"]),
    (
        MAIN,
        "UPDATE person SET login = '_elsewhere' WHERE key = 0",
        "",
        &["people whose name leads to no span of theirs"],
    ),
    (MAIN, "UPDATE person SET login = NULL WHERE key = 1", "", &["people whose name leads to no span of theirs"]),
    (MAIN, "UPDATE login_span SET until_day = from_day - 1 WHERE key = 0", "", &["spans that end before they begin"]),
    (MAIN, "UPDATE login_span SET login = 'É' WHERE key = 0", "", &["logins that are none"]),
    (
        MAIN,
        "DELETE FROM next_key",
        "",
        &["people whose key the next newcomer would get too", "channels whose key the next newcomer would get too"],
    ),
    (MAIN, "INSERT INTO person (key) VALUES (268435456)", "", &["keys that are out of range"]),
    (MAIN, "UPDATE channel_day SET data = ''", "", &["channels' days that do not decode"]),
    (
        MAIN,
        "DELETE FROM channel WHERE key = 0",
        "",
        &["people's days in channels that are unknown", "days of channels that are unknown", "spans of no channel"],
    ),
    (MAIN, "DELETE FROM day_record", "", &["days"]),
    (OPEN, "DELETE FROM day", "", &["blocks of days that are not held"]),
    (OPEN, "UPDATE block SET b = x'ff'", "UPDATE block SET b = '\\xff'", &["blocks that do not decode"]),
    (OPEN, "UPDATE block SET b = x''", "UPDATE block SET b = ''", &["blocks with nobody in them"]),
    (
        OPEN,
        "UPDATE block SET b = x'010111'",
        "UPDATE block SET b = '\\x010111'",
        &["blocks whose key is not that of their first person"],
    ),
    (OPEN, "UPDATE block SET b = x'000102'", "UPDATE block SET b = '\\x000102'", &["people's days that do not decode"]),
    (
        OPEN,
        "INSERT INTO block SELECT k + 1, b FROM block",
        "INSERT INTO block SELECT day, first + 1, b FROM block",
        &["blocks that begin before the one before them ends", "days whose two forms differ"],
    ),
    (
        CLOSED,
        "UPDATE viewer_month SET b = x'01' WHERE v = 0",
        "UPDATE viewer_month SET b = '\\x01' WHERE v = 0",
        &["rows that do not decode", "days whose two forms differ"],
    ),
    (
        CLOSED,
        "UPDATE viewer_month SET b = x'020000000111' WHERE v = 0",
        "UPDATE viewer_month SET b = '\\x020000000111' WHERE v = 0",
        &["rows with days that are not held"],
    ),
];

pub(crate) async fn what_is_wrong_is_found(s: Subject) {
    for (file, sqlite, postgres, found) in FAULTS {
        let s = s.maker.make(model::words::Origin::Simulated).await;
        import(&s.store, day(0), &[by_login("_ada", &[("_room", 0, 9)]), by_login("_bo", &[("_room", 3, 9)])]).await;
        s.store.close_month(&job(), day(0).month()).await.unwrap();
        s.execute_in(file, sqlite, if postgres.is_empty() { sqlite } else { postgres }).await;
        let report = check(&s).await;
        for what in *found {
            let finding = report.findings.iter().find(|finding| finding.what.contains(what));
            assert!(finding.is_some_and(|finding| finding.count > 0), "{sqlite}: {what} is not in {report:#?}");
        }
        // The operator's terminal and mails are no place for names.
        assert!(!format!("{report:?}").contains("_ada"), "{report:?}");
    }
}

/// A connection that was closed is seen for some milliseconds.
const LOOKS: u32 = 300;

pub(crate) async fn what_a_stopped_closing_left_is_found(s: Subject) {
    filled(&s).await;
    let sqlite = matches!(s.maker, Maker::Sqlite);
    if sqlite {
        std::fs::write(format!("{}/month-2026-12.new", s.url.strip_prefix("sqlite:").unwrap()), "half").unwrap();
    } else {
        s.execute("CREATE TABLE viewer_month_2026_12_new (LIKE viewer_month INCLUDING ALL)").await;
    }
    // Whoever is connected may be closing a month.
    assert_eq!(check(&s).await.findings, []);
    s.store.close().await;
    let Subject { store, url, folder: _folder, .. } = s;
    drop(store);
    for _ in 0..LOOKS {
        let findings = upkeep::check(&job(), &url, Depth::Quick).await.unwrap().findings;
        if let [finding] = findings.as_slice() {
            let what = if sqlite { "files that were being made" } else { "tables that the closing of a month left" };
            assert!(finding.what.starts_with(what), "{finding:?}");
            return;
        }
    }
    panic!("what was left is not found");
}
