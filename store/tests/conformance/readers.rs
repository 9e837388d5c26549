//! Days change under readers, who see one or the other.

use std::sync::atomic::{AtomicBool, Ordering};

use store::Store;
use store::channel::ChannelIdentity;
use store::dump::dump_day;

use crate::fixtures::{by_login, day, import, job, key, login, prepared};
use crate::subject::Subject;

/// Enough for readers to fall between any two statements of an import.
const IMPORTS: u32 = 30;

pub(crate) async fn nobody_sees_half_a_day(s: Subject) {
    let old = [by_login("_ada", &[("_a", 0, 10), ("_b", 0, 10)]), by_login("_bo", &[("_b", 0, 10)])];
    let new = [by_login("_ada", &[("_b", 20, 30), ("_c", 20, 30)]), by_login("_cy", &[("_c", 20, 30)])];
    let names = ["_a", "_b", "_c"].map(|name| ChannelIdentity { login: login(name), id: None, display_name: None });
    let channels = s.store.channel_keys(&job(), day(0), &names).await.unwrap();
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
