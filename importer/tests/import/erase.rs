//! Nothing of a person is left, and nothing of anybody else is lost.

use std::fs;
use std::io::Read;
use std::path::Path;

use flate2::read::MultiGzDecoder;
use importer::erase::{Eraser, Receipt};
use importer::options::ImportOptions;
use model::identity::{PersonKey, TwitchId};
use model::login::Login;
use model::slot::SlotTime;
use model::words::Evidence;
use store::Store;
use store::dump::{ViewerDump, dump_day, each_page};
use store::jobs::{JobState, PersonNames};
use store::suppression::{Secret, Suppression};

use crate::world::{World, day, job, live, row, sweep};

const GONE: &str = "_gone_for_good";
const ID: u64 = 777_000_777;

fn secret() -> Secret {
    Secret::new(b"0123456789abcdef").unwrap()
}

/// Two days in two months, and a third that nobody imports; thirty channels of three hundred people, so that an object has
/// several members. The person is in a few of them, under two names.
async fn filled() -> World {
    let world = World::new().await;
    for (n, date) in [day(), day().plus(20), day().plus(21)].into_iter().enumerate() {
        for slot in [100u16, 101, 150] {
            let at = SlotTime::at(date, slot);
            let channels: Vec<String> = (0..30).map(|n| format!("_c{n:02}")).collect();
            let mut chatters: Vec<_> = (channels.iter())
                .flat_map(|channel| {
                    (0..300).map(move |person| row(channel, &format!("_p{person:03}"), Evidence::Listed))
                })
                .collect();
            let name = if n == 0 { "_before_that" } else { GONE };
            for channel in ["_c03", "_c21"] {
                chatters.push(row(channel, name, Evidence::Listed));
                chatters.push(row(channel, name, Evidence::Spoke));
            }
            for theirs in chatters.iter_mut().filter(|row| row.chatter.as_str() == name) {
                theirs.chatter_id = TwitchId::new(ID);
            }
            sweep(&world.archive, at, channels.iter().map(|channel| live(at, channel)).collect(), chatters).await;
        }
        if n < 2 {
            world.import(date, false).await.unwrap();
        }
    }
    world
}

/// How often each kind of artefact names them, by either login, id, or key: members of the archive, its JSON, the
/// store's files with their journals byte for byte, and the store's rows read back.
#[derive(Debug, PartialEq, Eq)]
struct Hits {
    members: usize,
    json: usize,
    files: usize,
    rows: usize,
}

fn count(bytes: &[u8]) -> usize {
    let id = ID.to_string();
    [GONE, "_before_that", id.as_str()]
        .iter()
        .map(|name| bytes.windows(name.len()).filter(|w| *w == name.as_bytes()).count())
        .sum()
}

fn walk(folder: &Path, each: &mut impl FnMut(&Path, Vec<u8>)) {
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            walk(&path, each);
        } else {
            let bytes = fs::read(&path).unwrap();
            each(&path, bytes);
        }
    }
}

async fn scan(world: &World, key: PersonKey) -> Hits {
    let mut hits = Hits { members: 0, json: 0, files: 0, rows: 0 };
    walk(&world.folder.path().join("archive"), &mut |path, bytes| {
        if path.extension().is_some_and(|extension| extension == "gz") {
            let mut text = Vec::new();
            MultiGzDecoder::new(bytes.as_slice()).read_to_end(&mut text).unwrap();
            hits.members += count(&text);
        } else {
            hits.json += count(&bytes);
        }
    });
    walk(&world.folder.path().join("store"), &mut |_, bytes| hits.files += count(&bytes));
    for record in world.store.days().await.unwrap() {
        let rows = &mut hits.rows;
        each_page(&world.store, &job(), record.day, |page| {
            *rows += page.iter().filter(|viewer| viewer.key == key || viewer.id == TwitchId::new(ID)).count();
            Ok(())
        })
        .await
        .unwrap();
    }
    hits.rows += usize::from(world.store.person(&job(), &GONE.parse().unwrap()).await.unwrap().key.is_some());
    hits
}

/// Everybody else of the days that are imported.
async fn others(world: &World) -> Vec<ViewerDump> {
    let mut all = Vec::new();
    for date in [day(), day().plus(20)] {
        all.extend(dump_day(&world.store, &job(), date).await.unwrap());
    }
    all.retain(|person| person.id != TwitchId::new(ID));
    all
}

async fn ask(world: &World) -> PersonNames {
    let subject = world.store.person(&job(), &GONE.parse().unwrap()).await.unwrap();
    assert_eq!(subject.logins.iter().map(Login::as_str).collect::<Vec<_>>(), ["_before_that", GONE]);
    world.store.ask_erase(&subject, 5).await.unwrap();
    subject
}

async fn run(world: &World, thorough: bool) -> Receipt {
    let asked = world.store.erase_jobs(&job()).await.unwrap().pop().unwrap();
    let (job, secret) = (job(), secret());
    let eraser = Eraser { archive: &world.archive, store: &world.store, job: &job, secret: &secret, thorough };
    eraser.erase(&asked, 9, |_, _| {}).await.unwrap()
}

#[tokio::test]
async fn nothing_is_left_of_them_and_all_of_the_others() {
    for thorough in [false, true] {
        let world = filled().await;
        let months = [day().month(), day().plus(20).month()];
        world.store.close_month(&job(), months[0]).await.unwrap();
        if thorough {
            world.store.drop_open(&job(), months[0]).await.unwrap();
        }
        let subject = ask(&world).await;
        let key = subject.key.unwrap();
        let before = scan(&world, key).await;
        assert!(before.members >= 36 && before.files > 0 && before.rows == 3, "{before:?}");
        let kept = others(&world).await;

        let receipt = run(&world, thorough).await;
        assert_eq!(scan(&world, key).await, Hits { members: 0, json: 0, files: 0, rows: 0 });
        assert_eq!(others(&world).await, kept);
        assert_eq!((receipt.observations, receipt.objects, receipt.archive_days), (36, 9, 3));
        // Two members of nine objects of several: the others stayed as they were.
        assert_eq!((receipt.members, receipt.store_days, receipt.thorough), (18, 2, thorough));
        let done = world.store.erase_jobs(&job()).await.unwrap().pop().unwrap();
        assert_eq!((done.state, done.subject, done.done_at), (JobState::Done, None, Some(9)));
        assert_eq!(count(done.receipt.unwrap().as_bytes()), 0);

        // The archive is whole: manifests and indexes are true again, and every day imports as it stands in the store.
        let stats: Vec<_> = world.store.days().await.unwrap().into_iter().map(|record| record.stats).collect();
        let suppression = Suppression::load(&world.store, Some(&secret())).await.unwrap();
        assert!(suppression.holds(GONE, None) && suppression.holds("_before_that", None));
        let options = ImportOptions { suppression, ..ImportOptions::default() };
        for date in [day(), day().plus(20), day().plus(21)] {
            for entry in world.archive.manifest(date).await.unwrap().unwrap().sweeps {
                let bytes = fs::read(world.folder.path().join("archive").join(&entry.chatters.path)).unwrap();
                assert_eq!((entry.chatters.bytes, entry.chatters.rows), (bytes.len() as u64, Some(9_000)));
            }
            let report = world.import_with(date, false, &options).await.unwrap();
            assert_eq!((report.observations, report.suppressed, report.viewers), (27_000, 0, 300));
        }
        assert_eq!(others(&world).await, kept);
        let again: Vec<_> = world.store.days().await.unwrap().into_iter().take(2).map(|record| record.stats).collect();
        assert_eq!(again, stats);
        assert_eq!(scan(&world, key).await, Hits { members: 0, json: 0, files: 0, rows: 0 });
    }
}

#[tokio::test]
async fn an_erasure_done_twice_is_done_once_and_a_stopped_one_is_gone_on_with() {
    let world = filled().await;
    let subject = ask(&world).await;
    // Stopped after a part of the archive: as a kill between two objects leaves it.
    let names = archive::erase::Names {
        logins: subject.logins.iter().cloned().collect(),
        ids: subject.id.into_iter().collect(),
    };
    let first = SlotTime::at(day(), 100);
    let erased = world.archive.erase(first, None, &names).await.unwrap();
    assert_eq!((erased.objects, erased.members, erased.rows), (1, 2, 4));
    assert_eq!(world.archive.erase(first, None, &names).await.unwrap(), archive::erase::Erased::default());
    // Between an object and its index: read as a foreign one.
    let index = format!("index/chatters/date={}/0825.json", day());
    fs::remove_file(world.folder.path().join("archive").join(index)).unwrap();

    let receipt = run(&world, false).await;
    assert_eq!((receipt.observations, receipt.objects), (32, 8));
    let key = subject.key.unwrap();
    assert_eq!(scan(&world, key).await, Hits { members: 0, json: 0, files: 0, rows: 0 });
    let entry = world.archive.manifest(day()).await.unwrap().unwrap().sweep(first.slot()).unwrap().clone();
    assert_eq!(entry.chatters.rows, Some(9_000), "the manifest of what an earlier run rewrote is renewed too");
    // Asked again: nobody is found any more, and nothing changes.
    let subject = world.store.person(&job(), &GONE.parse().unwrap()).await.unwrap();
    assert_eq!(subject.key, None);
    world.store.ask_erase(&subject, 20).await.unwrap();
    let receipt = run(&world, true).await;
    assert_eq!((receipt.objects, receipt.rows, receipt.store_days), (0, 0, 0));
}
