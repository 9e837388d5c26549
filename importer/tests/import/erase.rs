//! Nothing of a person is left, and nothing of anybody else is lost.

use std::fs;
use std::io::Write;

use archive::path::Kind;
use importer::erase::{EraseError, Eraser};
use importer::export::Format;
use importer::export::days::{ExportOrder, export_days};
use importer::options::ImportOptions;
use model::day::Day;
use model::hours::month_in_hours;
use model::identity::TwitchId;
use model::login::Login;
use model::slot::{Slot, SlotTime};
use model::words::Evidence;
use store::Store;
use store::day::DayStats;
use store::dump::dump_day;
use store::jobs::JobState;
use store::suppression::{Suppression, suppress};

use crate::erasing::{
    GONE, ID, NOTHING, ask, crowded, export, exported_others, filled, heeding, others, run, scan, scanner, secret,
};
use crate::scanner::{Scanner, decoded, files};
use crate::world::{World, day, job, live, put, row, sweep};

#[tokio::test]
async fn nothing_is_left_of_them_and_all_of_the_others() {
    for thorough in [false, true] {
        let world = filled().await;
        // Of a day that is imported, and whose sweeps did not all arrive.
        crowded(&world.spool, SlotTime::at(day().plus(20), 151), GONE).await;
        let months = [day().month(), day().plus(20).month()];
        world.store.close_month(&job(), months[0]).await.unwrap();
        if thorough {
            world.store.drop_open(&job(), months[0]).await.unwrap();
        }
        export(&world).await;
        let subject = ask(&world, thorough).await;
        let key = subject.key.unwrap();
        let before = scan(&world, key).await;
        assert!(before.members >= 38 && before.spool >= 4 && before.database > 0 && before.journal > 0, "{before:?}");
        // By key and id on two days, and by each of two logins.
        assert_eq!((before.rows, before.json, before.receipts), (4, 0, 0));
        let formats = Format::ALL.len();
        assert!(before.csv >= 4 && (before.parquet >= 4) == (formats == 2), "{before:?}");
        assert_eq!(before.unfinished, formats);
        let (kept, exported) = (others(&world).await, exported_others(&world));

        let receipt = run(&world).await;
        assert_eq!(scan(&world, key).await, NOTHING);
        assert_eq!((others(&world).await, exported_others(&world)), (kept.clone(), exported.clone()));
        // Of two days in each: two channels, listed in two runs and spoken in two.
        let (parts, rows) = (receipt.export_parts, receipt.export_rows);
        assert_eq!((parts, rows), (2 * formats as u64, 16 * formats as u64));
        assert_eq!((receipt.export_folders, receipt.exports_missing), (formats as u64, 1));
        assert_eq!((receipt.observations, receipt.objects, receipt.archive_days), (42, 12, 3));
        let learnt = world.archive.renamed_slots(day().plus(20)).await.unwrap();
        assert_eq!(learnt.into_iter().map(Slot::index).collect::<Vec<_>>(), [8], "it names somebody else");
        // Two members of ten objects of several, and two that are one: the others stayed as they were.
        assert_eq!((receipt.members, receipt.store_days, receipt.thorough), (22, 2, thorough));
        let done = world.store.erase_jobs(&job()).await.unwrap().pop().unwrap();
        assert_eq!((done.state, &done.subject, done.done_at), (JobState::Done, &None, Some(9)));
        assert_eq!(scanner().text(format!("{done:?}").as_bytes()), 0);
        // The list of who opted out has their hashes, which are excepted: elsewhere the scanner would see them.
        let hashes = world.store.suppressed().await.unwrap().hashes;
        assert_eq!(hashes.iter().map(|hash| scanner().text(hash.as_bytes())).sum::<usize>(), 2);

        // The archive is whole: manifests and indexes are true again, and every day imports as it stands in the store.
        let stats: Vec<_> = world.store.days().await.unwrap().into_iter().map(|record| record.stats).collect();
        let suppression = Suppression::load(&world.store, Some(&secret())).await.unwrap();
        // A login that they gave up may be another's.
        assert!(suppression.holds(GONE, TwitchId::new(ID)) && !suppression.holds("_before_that", None));
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
        // But for the bytes that an import reads, of which there are fewer now.
        for (again, before) in again.into_iter().zip(stats) {
            assert!(again.archive_bytes.is_some() && again.archive_bytes < before.archive_bytes);
            assert_eq!(DayStats { archive_bytes: before.archive_bytes, ..again }, before);
        }
        assert_eq!(scan(&world, key).await, NOTHING);
    }
}

#[tokio::test]
async fn an_erasure_done_twice_is_done_once_and_a_stopped_one_is_gone_on_with() {
    let world = filled().await;
    let subject = ask(&world, false).await;
    // Stopped after a part of the archive: as a kill between two objects leaves it.
    let names = archive::erase::Names {
        logins: subject.logins_on(day()).into_iter().cloned().collect(),
        ids: subject.id.into_iter().collect(),
    };
    let first = SlotTime::at(day(), 100);
    let erased = world.archive.erase(first, None, &names).await.unwrap();
    assert_eq!((erased.objects, erased.members, erased.rows), (1, 2, 4));
    assert_eq!(world.archive.erase(first, None, &names).await.unwrap(), archive::erase::Erased::default());
    // Between an object and its index.
    let index = world.folder.path().join("archive").join(format!("index/chatters/date={}/0825.json", day()));
    fs::remove_file(&index).unwrap();

    let receipt = run(&world).await;
    // What names nobody any more stays as it is, and gets its index back.
    assert_eq!((receipt.observations, receipt.objects), (34, 10));
    assert!(index.exists());
    assert_eq!(world.archive.indexed_rows(Kind::Chatters, first).await, Some(9_000));
    let key = subject.key.unwrap();
    assert_eq!(scan(&world, key).await, NOTHING);
    let entry = world.archive.manifest(day()).await.unwrap().unwrap().sweep(first.slot()).unwrap().clone();
    assert_eq!(entry.chatters.rows, Some(9_000), "the manifest of what an earlier run rewrote is renewed too");
    // Asked again: nobody is found any more, and nothing changes.
    let subject = world.store.person(&job(), &GONE.parse().unwrap()).await.unwrap();
    assert_eq!(subject.key, None);
    world.store.ask_erase(&subject, true, 20).await.unwrap();
    let receipt = run(&world).await;
    assert_eq!((receipt.objects, receipt.rows, receipt.store_days), (0, 0, 0));
}

#[test]
fn the_scanner_sees_every_spelling() {
    let (folder, scanner) = (tempfile::tempdir().unwrap(), scanner());
    let planted = |name: &str, bytes: &[u8]| {
        fs::write(folder.path().join(name), bytes).unwrap();
        scanner.files(folder.path(), |path| path.ends_with(name))
    };
    let hash = secret().of_id(TwitchId::new(ID).unwrap());
    let hex: Vec<u8> = hash.as_bytes().iter().flat_map(|byte| format!("{byte:02x}").into_bytes()).collect();
    for (n, text) in
        [GONE.as_bytes(), b"_before_that", ID.to_string().as_bytes(), hash.as_bytes(), &hex].into_iter().enumerate()
    {
        let line = [b"erased ".as_slice(), text, b"; "].concat();
        assert_eq!(planted(&format!("{n}.log"), &line), 1);
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        gzip.write_all(&line).unwrap();
        assert_eq!(planted(&format!("{n}.csv.gz"), &gzip.finish().unwrap()), 1);
    }
    assert_eq!(planted("other.log", b"_gone_for_goo _before_tha 777000777776"), 0);
    assert_eq!(planted(&format!("{GONE}.txt"), b""), 1);
}

#[tokio::test]
async fn an_erasure_stopped_in_an_export_is_gone_on_with() {
    let world = filled().await;
    export(&world).await;
    let subject = ask(&world, false).await;
    // A part that is no gzip: nothing is guessed, and the job stays.
    let part = world.folder.path().join(format!("exports/csv.gz/presence/date={}/part-0.csv.gz", day()));
    let whole = fs::read(&part).unwrap();
    fs::write(&part, b"no gzip").unwrap();
    let asked = world.store.erase_jobs(&job()).await.unwrap().pop().unwrap();
    let (key, secret) = (job(), secret());
    let eraser = Eraser {
        archive: &world.archive,
        spool: Some(&world.spool),
        store: &world.store,
        job: &key,
        secret: &secret,
        crowd: None,
    };
    let stopped = eraser.erase(&asked, 9, |_, _| {}).await;
    assert!(matches!(stopped, Err(EraseError::Export { .. })), "{stopped:?}");
    let asked = world.store.erase_jobs(&job()).await.unwrap().pop().unwrap();
    assert_eq!((asked.state, asked.subject.as_ref()), (JobState::Archived, Some(&subject)));

    fs::write(&part, whole).unwrap();
    let receipt = run(&world).await;
    assert_eq!(scan(&world, subject.key.unwrap()).await, NOTHING);
    // What the stopped run removed is still told.
    assert_eq!((receipt.observations, receipt.store_days), (38, 2));
    assert_eq!(receipt.export_parts, 2 * Format::ALL.len() as u64);
}

#[tokio::test]
async fn a_person_who_is_a_channel_too_keeps_what_was_broadcast_and_nothing_new() {
    const BOTH: &str = "_both";
    let world = World::new().await;
    for date in [day(), day().plus(1)] {
        let at = SlotTime::at(date, 100);
        let mut streams = vec![live(at, "_a"), live(at, BOTH)];
        streams[1].channel_id = TwitchId::new(ID);
        let chatters = vec![
            row("_a", BOTH, Evidence::Listed),
            row("_a", "_p1", Evidence::Listed),
            row(BOTH, "_p1", Evidence::Listed),
        ];
        sweep(&world.archive, at, streams, chatters).await;
        world.import(date, false).await.unwrap();
    }
    let asked = world.store.person(&job(), &BOTH.parse().unwrap()).await.unwrap();
    world.store.ask_erase(&asked, false, 5).await.unwrap();
    let receipt = run(&world).await;
    assert_eq!((receipt.observations, receipt.store_days, receipt.channel_days), (2, 2, 2));
    // What was public stays: the channel, its days, who else was in its chat.
    let channel = world.store.any_channel(&job(), &BOTH.parse().unwrap()).await.unwrap().unwrap();
    let held = world.store.channel_days(&[channel.key], day(), day().plus(2)).await.unwrap();
    assert_eq!(held.len(), 2);
    let people = dump_day(&world.store, &job(), day()).await.unwrap();
    assert_eq!(people.iter().map(|person| person.login.as_str()).collect::<Vec<_>>(), ["_p1"]);
    assert_eq!(people[0].channels.len(), 2);
    let streams = world.archive.read_streams(SlotTime::at(day(), 100)).await.unwrap();
    assert!(streams.iter().any(|row| row.channel.as_str() == BOTH));
    // Nothing new: by login and by id the channel is out of imports, of exports, and of what is on air.
    let suppression = Suppression::load(&world.store, Some(&secret())).await.unwrap();
    assert!(suppression.holds(BOTH, None) && suppression.holds("_other_name", TwitchId::new(ID)));
    let order = ExportOrder {
        from: day(),
        to: day(),
        format: Format::Csv,
        out: world.folder.path().join("later"),
        raw: true,
        personal_data: false,
        overwrite: false,
        suppression: suppression.clone(),
    };
    export_days(&world.store, &job(), &order, |_| {}).await.unwrap();
    let both = Scanner::new(&[BOTH], TwitchId::new(ID), &secret());
    assert_eq!(both.files(&order.out, |_| true), 0);
    let options = ImportOptions { suppression, ..ImportOptions::default() };
    let report = world.import_with(day(), false, &options).await.unwrap();
    assert_eq!((report.channels, report.channels_suppressed, report.suppressed), (1, 1, 1));
    let held = world.store.channel_days(&[channel.key], day(), day().plus(2)).await.unwrap();
    assert_eq!(held.iter().map(|row| row.day).collect::<Vec<_>>(), [day().plus(1)]);
}

/// Who is named in the chatters of a sweep.
async fn named(world: &World, at: SlotTime) -> Vec<String> {
    let list = world.archive.read_chatters(at).await.unwrap();
    list.rows().iter().map(|row| list.name(row).to_owned()).collect()
}

#[tokio::test]
async fn days_that_the_store_does_not_tell_all_of_are_read_whole() {
    let world = World::new().await;
    let place = |name: &str| world.folder.path().join("archive").join(name);
    let one = async |date: Day, slot: u16, channel: &str| {
        let at = SlotTime::at(date, slot);
        let chatters = [(channel, GONE), ("_a", "_p1")].map(|(channel, name)| row(channel, name, Evidence::Listed));
        sweep(&world.archive, at, vec![live(at, "_a"), live(at, "_out")], chatters.to_vec()).await;
    };
    let [by_channel, skipped, late, by_person, unfinished] = [1, 2, 3, 4, 5].map(|n| day().plus(n));
    let aged = day().plus(-40);
    let dates = [aged, day(), by_channel, skipped, late, by_person, unfinished];
    one(aged, 100, "_a").await;
    one(day(), 100, "_a").await;
    for date in &dates[..2] {
        world.import(*date, false).await.unwrap();
    }
    // Coarser than slots: which objects name them is no longer told.
    world.store.close_month(&job(), aged.month()).await.unwrap();
    world.store.age_month(&job(), aged.month(), |days| month_in_hours(days, |_, _| None)).await.unwrap();
    // In the chat of a channel that opted out.
    suppress(&world.store, &job(), &secret(), &["_out"], &[], 3).await.unwrap();
    one(by_channel, 100, "_out").await;
    world.import_with(by_channel, false, &heeding(&world).await).await.unwrap();
    // In a sweep that was left out.
    sweep(&world.archive, SlotTime::at(skipped, 100), vec![live(SlotTime::at(skipped, 100), "_a")], vec![]).await;
    one(skipped, 101, "_a").await;
    fs::remove_file(place(&format!("index/streams/date={skipped}/0825.json"))).unwrap();
    put(&place(""), &format!("streams/date={skipped}/0825.csv.gz"), "no such columns\n");
    let options = ImportOptions { skip_bad: true, ..heeding(&world).await };
    assert_eq!(world.import_with(skipped, false, &options).await.unwrap().skipped.len(), 1);
    // In a sweep that came after the import.
    sweep(&world.archive, SlotTime::at(late, 100), vec![live(SlotTime::at(late, 100), "_a")], vec![]).await;
    world.import_with(late, false, &heeding(&world).await).await.unwrap();
    one(late, 101, "_a").await;
    // After they opted out themselves.
    suppress(&world.store, &job(), &secret(), &[GONE], &[], 3).await.unwrap();
    one(by_person, 100, "_a").await;
    world.import_with(by_person, false, &heeding(&world).await).await.unwrap();
    // In a sweep that a collector was stopped in.
    one(unfinished, 100, "_a").await;
    fs::remove_dir_all(place(&format!("streams/date={unfinished}"))).unwrap();

    let subject = world.store.person(&job(), &GONE.parse().unwrap()).await.unwrap();
    world.store.ask_erase(&subject, false, 5).await.unwrap();
    let scanner = Scanner::new(&[GONE], None, &secret());
    let named = || dates.map(|date| scanner.files(&place(&format!("chatters/date={date}")), |_| true));
    assert_eq!(named(), [1; 7]);
    let receipt = run(&world).await;
    assert_eq!(named(), [0; 7]);
    assert_eq!((receipt.archive_days, receipt.observations, receipt.store_days), (7, 7, 2));
}

#[tokio::test]
async fn who_took_a_login_over_keeps_their_rows() {
    const TAKEN: &str = "_taken_over";
    let world = World::new().await;
    // They were renamed, and somebody took the old login; sources that know no ids name both by login.
    let (first, second, third) = (day(), day().plus(20), day().plus(21));
    for date in [first, second, third] {
        for slot in [100, 101] {
            let at = SlotTime::at(date, slot);
            let known = |id: u64| TwitchId::new(id).filter(|_| slot == 100 && date != third);
            let mut rows = vec![row("_a", TAKEN, Evidence::Listed), row("_a", GONE, Evidence::Listed)];
            rows[0].chatter_id = known(if date == first { ID } else { ID + 1 });
            rows[1].chatter_id = known(ID);
            rows.truncate(if date == first { 1 } else { 2 });
            sweep(&world.archive, at, vec![live(at, "_a")], rows).await;
        }
    }
    for date in [first, second] {
        world.import(date, false).await.unwrap();
    }
    export(&world).await;
    let subject = world.store.person(&job(), &GONE.parse().unwrap()).await.unwrap();
    assert_eq!(subject.all_logins().into_iter().map(Login::as_str).collect::<Vec<_>>(), [GONE, TAKEN]);
    world.store.ask_erase(&subject, false, 5).await.unwrap();
    let receipt = run(&world).await;
    assert_eq!((receipt.observations, receipt.store_days), (6, 2));
    for slot in [100, 101] {
        let of = async |date| named(&world, SlotTime::at(date, slot)).await;
        assert_eq!(
            (of(first).await, of(second).await, of(third).await),
            (vec![], vec![TAKEN.into()], vec![TAKEN.into()])
        );
    }
    let parts = files(&world.folder.path().join("exports")).into_iter();
    for path in parts.filter(|path| path.to_str().unwrap().contains("/presence/date=")) {
        let text = String::from_utf8(decoded(&path)).unwrap();
        let is_theirs = path.to_str().unwrap().contains(&second.to_string());
        assert!(!text.contains(GONE) && text.contains(TAKEN) == is_theirs, "{}: {text}", path.display());
    }
    // Who took it is kept by imports to come; they are not, by either way of knowing them.
    let options = heeding(&world).await;
    let list = &options.suppression;
    assert!(list.holds(GONE, None) && list.holds("_any_other", TwitchId::new(ID)) && !list.holds(TAKEN, None));
    for date in [second, third] {
        let report = world.import_with(date, false, &options).await.unwrap();
        assert_eq!((report.viewers, report.observations, report.suppressed), (1, 2, 0));
    }
    let held = world.store.person(&job(), &TAKEN.parse().unwrap()).await.unwrap();
    assert_eq!(held.id, TwitchId::new(ID + 1));
}
