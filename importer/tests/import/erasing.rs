//! Somebody to be erased, beside others, and what is looked for afterwards.

use std::fs;

use archive::Archive;
use importer::erase::{Eraser, Receipt};
use importer::export::Format;
use importer::export::days::{ExportOrder, export_days};
use importer::options::ImportOptions;
use model::day::Day;
use model::identity::{PersonKey, TwitchId};
use model::login::Login;
use model::sample::Renaming;
use model::slot::SlotTime;
use model::words::Evidence;
use store::Store;
use store::dump::{ViewerDump, dump_day};
use store::jobs::PersonNames;
use store::suppression::{Secret, Suppression};

use crate::scanner::{Scanner, decoded, files, has_extension};
use crate::world::{World, day, job, live, row, sweep};

pub(crate) const GONE: &str = "_gone_for_good";
pub(crate) const ID: u64 = 777_000_777_777;

pub(crate) fn secret() -> Secret {
    Secret::new(b"0123456789abcdef").unwrap()
}

/// Two days in two months, and a third that nobody imports; thirty channels of three hundred people, so that an object has
/// several members. The person is in a few of them, under two names.
pub(crate) async fn filled() -> World {
    let world = World::new().await;
    for (n, date) in [day(), day().plus(20), day().plus(21)].into_iter().enumerate() {
        for slot in [100u16, 101, 150] {
            let name = if n == 0 { "_before_that" } else { GONE };
            crowded(&world.archive, SlotTime::at(date, slot), name).await;
        }
        if n < 2 {
            world.import(date, false).await.unwrap();
        }
    }
    let (was, now) = ("_before_that".parse().ok(), GONE.parse().ok());
    let renamed = Renaming { id: TwitchId::new(ID).unwrap(), was, now };
    let other = Renaming { id: TwitchId::new(5).unwrap(), was: "_aside".parse().ok(), now: "_beside".parse().ok() };
    let learnt = |slot| SlotTime::at(day().plus(20), slot);
    world.archive.put_renamings(learnt(7), std::slice::from_ref(&renamed)).await.unwrap();
    world.archive.put_renamings(learnt(8), &[other, renamed]).await.unwrap();
    world
}

/// A sweep of all channels, with the person in two of them.
pub(crate) async fn crowded(archive: &Archive, at: SlotTime, name: &str) {
    let channels: Vec<String> = (0..30).map(|n| format!("_c{n:02}")).collect();
    let mut chatters: Vec<_> = (channels.iter())
        .flat_map(|channel| (0..300).map(move |person| row(channel, &format!("_p{person:03}"), Evidence::Listed)))
        .collect();
    for channel in ["_c03", "_c21"] {
        chatters.push(row(channel, name, Evidence::Listed));
        chatters.push(row(channel, name, Evidence::Spoke));
    }
    for theirs in chatters.iter_mut().filter(|row| row.chatter.as_str() == name) {
        theirs.chatter_id = TwitchId::new(ID);
    }
    sweep(archive, at, channels.iter().map(|channel| live(at, channel)).collect(), chatters).await;
}

/// How often each kind of artefact names them.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Hits {
    /// Members of the archive's objects.
    pub(crate) members: usize,
    /// Its JSON, and the names of its files.
    pub(crate) json: usize,
    /// Sweeps that wait for the archive.
    pub(crate) spool: usize,
    /// The store's files byte for byte, without the list of who opted out.
    pub(crate) database: usize,
    /// Their journals.
    pub(crate) journal: usize,
    /// The store's rows read back, by key too.
    pub(crate) rows: usize,
    /// Parts of exports, in either format.
    pub(crate) csv: usize,
    pub(crate) parquet: usize,
    /// What an export left that was killed.
    pub(crate) unfinished: usize,
    /// The receipts.
    pub(crate) receipts: usize,
}

pub(crate) const NOTHING: Hits = Hits {
    members: 0,
    json: 0,
    spool: 0,
    database: 0,
    journal: 0,
    rows: 0,
    csv: 0,
    parquet: 0,
    unfinished: 0,
    receipts: 0,
};

pub(crate) fn scanner() -> Scanner {
    Scanner::new(&[GONE, "_before_that"], TwitchId::new(ID), &secret())
}

pub(crate) async fn scan(world: &World, key: PersonKey) -> Hits {
    let scanner = scanner();
    let place = |name: &str| world.folder.path().join(name);
    let (archive, store, exports) = (place("archive"), place("store"), place("exports"));
    let mut hits = Hits {
        members: scanner.files(&archive, |path| has_extension(path, "gz")),
        json: scanner.files(&archive, |path| !has_extension(path, "gz")),
        spool: scanner.files(&place("spool"), |_| true),
        database: scanner.database(&store).await,
        journal: scanner.files(&store, |path| !has_extension(path, "db")),
        rows: scanner.rows(&world.store, &job(), key).await,
        ..NOTHING
    };
    if exports.exists() {
        hits.csv = scanner.files(&exports, |path| has_extension(path, "gz"));
        hits.parquet = scanner.files(&exports, |path| has_extension(path, "parquet"));
        hits.unfinished =
            scanner.files(&exports, |path| path.file_name().unwrap().to_str().unwrap().starts_with(".vigie-"));
    }
    for job in world.store.erase_jobs(&job()).await.unwrap() {
        hits.receipts += scanner.text(job.receipt.unwrap_or_default().as_bytes());
    }
    hits
}

/// Exports the two days with presence in every format, and leaves a file as a kill does.
pub(crate) async fn export(world: &World) {
    export_of(world, &[day(), day().plus(20)]).await;
}

/// Presence of these days in every format, beside what a killed export left.
pub(crate) async fn export_of(world: &World, days: &[Day]) {
    for format in Format::ALL {
        let out = world.folder.path().join("exports").join(format.extension());
        for date in days.iter().copied() {
            let order = ExportOrder {
                from: date,
                to: date,
                format: *format,
                out: out.clone(),
                raw: true,
                personal_data: false,
                overwrite: false,
                suppression: Suppression::default(),
            };
            export_days(&world.store, &job(), &order, |_| {}).await.unwrap();
        }
        fs::write(out.join(".vigie-killed"), GONE).unwrap();
        world.store.note_export(out.to_str().unwrap(), 3).await.unwrap();
    }
    // One that the operator has removed since.
    world.store.note_export(world.folder.path().join("gone").to_str().unwrap(), 3).await.unwrap();
}

/// The rows of exports that name others.
pub(crate) fn exported_others(world: &World) -> Vec<String> {
    let mut rows = Vec::new();
    for path in files(&world.folder.path().join("exports")) {
        let text = String::from_utf8(decoded(&path)).unwrap();
        let others = text.lines().filter(|line| !line.contains(GONE) && !line.contains("_before_that"));
        rows.extend(others.map(|line| format!("{} {line}", path.display())));
    }
    rows
}

/// Everybody else of the days that are imported.
pub(crate) async fn others(world: &World) -> Vec<ViewerDump> {
    let mut all = Vec::new();
    for date in [day(), day().plus(20)] {
        all.extend(dump_day(&world.store, &job(), date).await.unwrap());
    }
    all.retain(|person| person.id != TwitchId::new(ID));
    all
}

pub(crate) async fn ask(world: &World, thorough: bool) -> PersonNames {
    let subject = world.store.person(&job(), &GONE.parse().unwrap()).await.unwrap();
    assert_eq!(subject.all_logins().into_iter().map(Login::as_str).collect::<Vec<_>>(), ["_before_that", GONE]);
    world.store.ask_erase(&subject, thorough, 5).await.unwrap();
    subject
}

pub(crate) async fn run(world: &World) -> Receipt {
    let asked = world.store.erase_jobs(&job()).await.unwrap().pop().unwrap();
    let (job, secret) = (job(), secret());
    let eraser = Eraser {
        archive: &world.archive,
        spool: Some(&world.spool),
        store: &world.store,
        job: &job,
        secret: &secret,
        crowd: None,
    };
    eraser.erase(&asked, 9, |_, _| {}).await.unwrap()
}

/// The options of an import that heeds who has opted out by now.
pub(crate) async fn heeding(world: &World) -> ImportOptions {
    let suppression = Suppression::load(&world.store, Some(&secret())).await.unwrap();
    ImportOptions { suppression, ..ImportOptions::default() }
}
