//! Whatever somebody did to an object: it is understood, or named with its member and line while the day stays as it was.

use std::fs;
use std::path::PathBuf;

use archive::index::{Index, Member};
use importer::options::ImportOptions;
use model::slot::SlotTime;
use model::words::Evidence;
use store::Store;
use store::day::DayRecord;
use store::dump::{ViewerDump, dump_day};

use crate::damages::{BAD_JSON, DAMAGES, MISWRITTEN, OTHER_JSON, OTHER_WORDS, unzip, zip};
use crate::told::told;
use crate::world::{World, day, job, live, row, sweep};

/// What is tampered with: all that is of the second of three sweeps.
const NAME: &str = "0825";
/// The sweep after it, which has other people.
const NEXT: &str = "0830";

/// The sweeps of these slots; those of 101 have three channels, and three people in one of them.
async fn sweeps(slots: &[u16]) -> World {
    let world = World::new().await;
    for slot in slots {
        let at = SlotTime::at(day(), *slot);
        let names: &[&str] = if *slot == 102 { &["_ada", "_bo", "_cy", "_dee"] } else { &["_ada", "_bo", "_cy"] };
        let people = names.iter().map(|person| row("_room", person, Evidence::Listed)).collect();
        let streams = ["_attic", "_room", "_sofa"].map(|channel| live(at, channel)).to_vec();
        sweep(&world.archive, at, streams, people).await;
    }
    world.import(day(), false).await.unwrap();
    world
}

/// An archive and its imported day, and how it was before anybody touched it.
struct Sound {
    world: World,
    before: (Vec<ViewerDump>, Vec<DayRecord>),
    /// What is left without the sweep.
    rest: Vec<ViewerDump>,
}

impl Sound {
    async fn new() -> Sound {
        let (world, rest) = (sweeps(&[100, 101, 102]).await, sweeps(&[100, 102]).await);
        let before = held(&world).await;
        Sound { world, before, rest: held(&rest).await.0 }
    }

    fn path(&self, file: &str) -> PathBuf {
        self.world.folder.path().join("archive").join(file)
    }

    /// Puts a file in its place, or removes it.
    fn put(&self, file: &str, bytes: Option<Vec<u8>>) {
        match bytes {
            Some(bytes) => fs::write(self.path(file), bytes).unwrap(),
            None => drop(fs::remove_file(self.path(file))),
        }
    }

    /// Changes files, and has the import say the same as before; then they are as they were.
    async fn understood(&self, what: &str, files: &[(&str, Option<Vec<u8>>)]) {
        let whole = self.change(files);
        let report = self.world.import(day(), false).await.unwrap_or_else(|error| panic!("{what}: {}", told(&error)));
        assert_eq!(report.observations, 10, "{what}");
        assert_eq!(held(&self.world).await.0, self.before.0, "{what}");
        self.restore(whole);
    }

    /// Changes files, and has the import refuse the day: it names `object` and says what is wanted. Where `skips`, it goes
    /// without the sweep when asked to, and says so; otherwise it refuses the day all the same.
    async fn refused(&self, what: &str, files: &[(&str, Option<Vec<u8>>)], object: &str, wanted: &str, skips: bool) {
        self.world.import(day(), false).await.unwrap();
        let whole = self.change(files);
        let skip = ImportOptions { skip_bad: true, ..ImportOptions::default() };
        for options in [ImportOptions::default(), skip.clone()].iter().take(if skips { 1 } else { 2 }) {
            let error = self.world.import_with(day(), false, options).await.expect_err(what);
            let text = told(&error);
            assert!(text.contains(object) && text.contains(wanted), "{what}: {text}");
            assert!(!names_anybody(&text), "{what}: {text}");
            assert_eq!(held(&self.world).await, self.before, "{what}");
        }
        if skips {
            let report = self.world.import_with(day(), false, &skip).await;
            let report = report.unwrap_or_else(|error| panic!("{what}: {}", told(&error)));
            assert_eq!((report.observations, report.sweeps), (7, 2), "{what}");
            let skipped = self.world.store.skipped_sweeps(day()).await.unwrap();
            assert_eq!(skipped, report.skipped, "{what}");
            let [one] = &skipped[..] else { panic!("{what}: {skipped:?}") };
            assert_eq!(one.slot.hhmm(), NAME, "{what}");
            assert!(one.reason.contains(object) && one.reason.contains(wanted), "{what}: {}", one.reason);
            assert!(!names_anybody(&one.reason), "{what}: {}", one.reason);
            assert_eq!(held(&self.world).await.0, self.rest, "{what}");
        }
        self.restore(whole);
    }

    fn change(&self, files: &[(&str, Option<Vec<u8>>)]) -> Vec<(String, Vec<u8>)> {
        let whole = files.iter().map(|(file, _)| ((*file).to_owned(), fs::read(self.path(file)).unwrap())).collect();
        for (file, bytes) in files {
            self.put(file, bytes.clone());
        }
        whole
    }

    fn restore(&self, whole: Vec<(String, Vec<u8>)>) {
        for (file, bytes) in whole {
            self.put(&file, Some(bytes));
        }
    }
}

async fn held(world: &World) -> (Vec<ViewerDump>, Vec<DayRecord>) {
    let days = world.store.days().await.unwrap();
    // How long an import takes is its own affair.
    let days = days.into_iter().map(|day| DayRecord { import_ms: 0, ..day }).collect();
    (dump_day(&world.store, &job(), day()).await.unwrap(), days)
}

/// Whether a text has a viewer's name.
fn names_anybody(text: &str) -> bool {
    ["_ada", "_bo", "_cy", "_dee"].iter().any(|name| text.contains(name))
}

/// The object and the index of a sweep, of chatters, then of streams.
fn files(name: &str) -> [(String, String); 2] {
    let of = |kind| {
        let date = format!("date={}", day());
        (format!("{kind}/{date}/{name}.csv.gz"), format!("index/{kind}/{date}/{name}.json"))
    };
    ["chatters", "streams"].map(of)
}

#[tokio::test]
async fn other_words_say_the_same() {
    let sound = Sound::new().await;
    for (object, index) in files(NAME) {
        let text = unzip(&fs::read(sound.path(&object)).unwrap());
        for (what, rewrite) in OTHER_WORDS {
            let what = format!("{object}: {what}");
            sound.understood(&what, &[(&object, Some(zip(&rewrite(&text)))), (&index, None)]).await;
        }
    }
}

#[tokio::test]
async fn objects_that_cannot_be_understood_are_named_and_the_day_stays() {
    let sound = Sound::new().await;
    for (kind, (object, index)) in files(NAME).into_iter().enumerate() {
        let whole = fs::read(sound.path(&object)).unwrap();
        for (what, rewrite, wanted) in MISWRITTEN {
            let what = format!("{object}: {what}");
            let files = [(&*object, Some(zip(&rewrite(&unzip(&whole))))), (&*index, None)];
            sound.refused(&what, &files, &object, wanted[kind], true).await;
        }
        for (what, tamper, wanted) in DAMAGES {
            let what = format!("{object}: {what}");
            sound.refused(&what, &[(&object, tamper(whole.clone()))], &object, wanted[kind], true).await;
        }
    }
}

#[tokio::test]
async fn another_sweeps_object_is_told_whatever_index_it_has() {
    let sound = Sound::new().await;
    for ((object, index), (other, others)) in files(NAME).into_iter().zip(files(NEXT)) {
        let [bytes, of_it] = [&other, &others].map(|file| Some(fs::read(sound.path(file)).unwrap()));
        let wanted = "line 2: sampled_at is not within the slot 2026-11-18T08:25:00Z";
        for its_index in [of_it, None] {
            let files = [(&*object, bytes.clone()), (&*index, its_index)];
            sound.refused(&format!("{object}: another's"), &files, &object, wanted, true).await;
        }
    }
}

#[tokio::test]
async fn rows_that_an_index_promised_in_order_are_refused_by_both_readings() {
    let sound = Sound::new().await;
    let [(object, index), _] = files(NAME);
    let text = unzip(&fs::read(sound.path(&object)).unwrap());
    let (head, rows) = text.split_at(text.find('\n').unwrap() + 1);
    let lines: Vec<&str> = rows.split_inclusive('\n').collect();
    let truth: Index = serde_json::from_slice(&fs::read(sound.path(&index)).unwrap()).unwrap();
    let room = truth.members[1].first.clone();
    let cases = [
        ("a row twice", [lines[0], lines[1], lines[1], lines[2]].concat(), room.clone(), "member 2, line 4: rows must"),
        ("out of order", [lines[1], lines[0], lines[2]].concat(), room.clone(), "member 2, line 3: rows must"),
        ("another first channel", rows.to_owned(), "_attic".parse().ok(), "member 2, line 2: the index does not"),
    ];
    for (what, rows, first, wanted) in cases {
        let (head_member, member) = (zip(head.as_bytes()), zip(rows.as_bytes()));
        let (length, count) = (head_member.len() as u64, rows.lines().count() as u64);
        let header = Member { length, ..truth.members[0].clone() };
        let second = Member {
            offset: length,
            length: member.len() as u64,
            text: rows.len() as u64,
            rows: count,
            first,
            last: room.clone(),
        };
        let bytes = length + second.length;
        let lie = Index { bytes, rows: count, members: vec![header, second], ..truth.clone() };
        let files =
            [(&*object, Some([head_member, member].concat())), (&*index, Some(serde_json::to_vec(&lie).unwrap()))];
        sound.refused(what, &files, &object, wanted, true).await;
    }
}

#[tokio::test]
async fn indexes_and_manifests_are_understood_or_named() {
    let sound = Sound::new().await;
    let [(_, chatters), (_, streams)] = files(NAME);
    let manifest = format!("manifest/date={}.json", day());
    for file in [&chatters, &streams, &manifest] {
        let whole = fs::read(sound.path(file)).unwrap();
        let is_index = file != &manifest;
        for (what, tamper) in OTHER_JSON {
            sound.understood(&format!("{file}: {what}"), &[(file, tamper(whole.clone()))]).await;
        }
        for (what, tamper, wanted) in BAD_JSON {
            // An index that can be read is a word about its object.
            let object = if is_index && !wanted.contains("JSON") { &format!("{NAME}.csv.gz") } else { file };
            let what = format!("{file}: {what}");
            sound.refused(&what, &[(file, tamper(whole.clone()))], object, wanted, is_index).await;
        }
    }
    for ((object, index), (_, other)) in files(NAME).into_iter().zip(files(NEXT)) {
        let others = fs::read(sound.path(&other)).unwrap();
        if object.starts_with("chatters") {
            let wanted = "the index does not describe the object";
            sound.refused("another's index", &[(&index, Some(others))], &object, wanted, true).await;
        }
        let index_text = fs::read_to_string(sound.path(&index)).unwrap();
        let more = index_text.replacen("\"rows\": 3,", "\"rows\": 4,", 1);
        let wanted = "the index does not describe the object (its members do not add up)";
        sound.refused("a row more", &[(&index, Some(more.into_bytes()))], &object, wanted, true).await;
    }
    let another = fs::read_to_string(sound.path(&manifest)).unwrap().replacen("\"2026-11-18\"", "\"2026-11-19\"", 1);
    let files = [(&*manifest, Some(another.into_bytes()))];
    sound.refused("another day's manifest", &files, &manifest, "it is of another day, 2026-11-19", false).await;
}

#[tokio::test]
async fn a_day_of_which_the_manifest_knows_more_is_refused_while_it_is_open_too() {
    let sound = Sound::new().await;
    let [(chatters, _), (streams, _)] = files(NEXT);
    let whole = sound.change(&[(&streams, None), (&chatters, None)]);
    let error = sound.world.import(day(), true).await.unwrap_err();
    let lost = format!("{streams} is not there, and manifest/date={}.json lists it", day());
    assert!(told(&error).ends_with(&lost), "{}", told(&error));
    assert_eq!(held(&sound.world).await, sound.before);
    // Without a manifest nobody promised the sweep.
    let manifest = format!("manifest/date={}.json", day());
    sound.put(&manifest, None);
    assert_eq!(sound.world.import(day(), true).await.unwrap().sweeps, 2);
    sound.restore(whole);
}
