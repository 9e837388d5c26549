//! Whatever somebody did to an object: it is understood, or named with its line while the day stays as it was.

use std::fs;
use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use importer::options::ImportOptions;
use model::slot::SlotTime;
use model::words::Evidence;
use store::Store;
use store::dump::dump_day;

use crate::told::told;
use crate::world::{World, day, job, live, row, sweep};

/// The object that is tampered with: the second of three sweeps.
const OBJECT: &str = "0825.csv.gz";

async fn three_sweeps() -> World {
    let world = World::new().await;
    for slot in 100..103u16 {
        let at = SlotTime::at(day(), slot);
        let people = ["_ada", "_bo", "_cy"].map(|person| row("_room", person, Evidence::Listed)).to_vec();
        sweep(&world.archive, at, vec![live(at, "_room")], people).await;
    }
    world.import(day(), false).await.unwrap();
    world
}

fn unzip(bytes: &[u8]) -> String {
    let mut text = String::new();
    MultiGzDecoder::new(bytes).read_to_string(&mut text).unwrap();
    text
}

fn zip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

/// What is done to the bytes of an object; nothing removes it.
type Tamper = fn(Vec<u8>) -> Option<Vec<u8>>;

/// Objects that say the same in other words.
const UNDERSTOOD: &[(&str, Tamper)] = &[
    ("one member", |bytes| Some(zip(unzip(&bytes).as_bytes()))),
    ("CRLF", |bytes| Some(zip(unzip(&bytes).replace('\n', "\r\n").as_bytes()))),
    ("no last line end", |bytes| Some(zip(unzip(&bytes).trim_end().as_bytes()))),
    ("a byte order mark", |bytes| Some(zip(format!("\u{feff}{}", unzip(&bytes)).as_bytes()))),
    ("quotes", |bytes| {
        let quoted = |line: &str| line.split(',').map(|field| format!("\"{field}\"")).collect::<Vec<_>>().join(",");
        let text: Vec<String> = unzip(&bytes).lines().map(quoted).collect();
        Some(zip(text.join("\n").as_bytes()))
    }),
    ("every row twice, from the last to the first", |bytes| {
        let text = unzip(&bytes);
        let (head, rows) = text.split_once('\n').unwrap();
        let mut rows: Vec<&str> = rows.lines().chain(rows.lines()).collect();
        rows.reverse();
        Some(zip(format!("{head}\n{}\n", rows.join("\n")).as_bytes()))
    }),
    ("empty lines", |bytes| Some(zip(unzip(&bytes).replace('\n', "\n\n").as_bytes()))),
];

/// Objects that cannot be understood, and what is said of them.
const REFUSED: &[(&str, Tamper, &str)] = &[
    (
        "cut short",
        |mut bytes| {
            bytes.truncate(bytes.len() - 9);
            Some(bytes)
        },
        "line ",
    ),
    (
        "a flipped bit",
        |mut bytes| {
            let at = bytes.len() - 25;
            bytes[at] ^= 4;
            Some(bytes)
        },
        "line ",
    ),
    ("empty", |_| Some(Vec::new()), "gzip"),
    ("no gzip", |bytes| Some(unzip(&bytes).into_bytes()), "gzip"),
    ("removed", |_| None, "cannot read"),
    (
        "without a header",
        |bytes| Some(zip(unzip(&bytes).split_once('\n').unwrap().1.as_bytes())),
        "no column sampled_at",
    ),
    (
        "a header with a column twice",
        |bytes| Some(zip(unzip(&bytes).replacen("role", "chatter", 1).as_bytes())),
        "twice",
    ),
    (
        "a line with too few fields",
        |bytes| Some(zip(unzip(&bytes).replacen(",viewer", "", 1).as_bytes())),
        "line 2: 5 fields",
    ),
    (
        "a line of ten megabytes",
        |bytes| Some(zip((unzip(&bytes) + &"x".repeat(10 << 20) + "\n").as_bytes())),
        "line 5: ",
    ),
    (
        "bytes that are no UTF-8",
        |bytes| Some(zip(&[unzip(&bytes).as_bytes(), b"\xff\xfe\n"].concat())),
        "line 5: not UTF-8",
    ),
    ("a quote that never ends", |bytes| Some(zip((unzip(&bytes) + "\"2026").as_bytes())), "line 5: "),
    (
        "a row of another slot",
        |bytes| Some(zip(unzip(&bytes).replacen("T08:25", "T08:30", 1).as_bytes())),
        "line 2: sampled_at",
    ),
    ("a login that is none", |bytes| Some(zip(unzip(&bytes).replacen("_bo", "_b o", 1).as_bytes())), "line 3: chatter"),
];

/// Puts an object in its place, or removes it. Whoever writes another one has no index of it; damage leaves it there.
fn put(world: &World, bytes: Option<Vec<u8>>, wanted: &str) {
    let archive = world.folder.path().join("archive");
    let path = archive.join(format!("chatters/date={}/{OBJECT}", day()));
    match bytes {
        Some(bytes) => fs::write(&path, bytes).unwrap(),
        None => drop(fs::remove_file(&path)),
    }
    if wanted != "line " {
        drop(fs::remove_file(archive.join(format!("index/chatters/date={}/0825.json", day()))));
    }
}

#[tokio::test]
async fn other_words_say_the_same() {
    let world = three_sweeps().await;
    let before = dump_day(&world.store, &job(), day()).await.unwrap();
    let path = world.folder.path().join(format!("archive/chatters/date={}/{OBJECT}", day()));
    let whole = fs::read(&path).unwrap();
    for (what, tamper) in UNDERSTOOD {
        put(&world, tamper(whole.clone()), what);
        let report = world.import(day(), false).await.unwrap_or_else(|error| panic!("{what}: {}", told(&error)));
        assert_eq!(report.observations, 9, "{what}");
        assert_eq!(dump_day(&world.store, &job(), day()).await.unwrap(), before, "{what}");
    }
}

#[tokio::test]
async fn what_cannot_be_understood_is_named_and_the_day_stays() {
    let world = three_sweeps().await;
    let before = (dump_day(&world.store, &job(), day()).await.unwrap(), world.store.days().await.unwrap());
    let path = world.folder.path().join(format!("archive/chatters/date={}/{OBJECT}", day()));
    let whole = fs::read(&path).unwrap();
    for (what, tamper, wanted) in REFUSED {
        put(&world, tamper(whole.clone()), wanted);
        let error = world.import(day(), false).await.expect_err(what);
        let text = told(&error);
        assert!(text.contains(OBJECT) && text.contains(wanted), "{what}: {text}");
        assert!(!text.contains("_ada") && !text.contains("_cy"), "no viewer's name in an error: {what}: {text}");
        let now = (dump_day(&world.store, &job(), day()).await.unwrap(), world.store.days().await.unwrap());
        assert_eq!(now, before, "{what}");
    }
    // Asked to, an import goes without the sweep, and says so.
    let options = ImportOptions { skip_bad: true, ..ImportOptions::default() };
    for (what, tamper, wanted) in REFUSED {
        put(&world, tamper(whole.clone()), wanted);
        let report =
            world.import_with(day(), false, &options).await.unwrap_or_else(|error| panic!("{what}: {}", told(&error)));
        assert_eq!((report.observations, report.sweeps, report.skipped), (6, 2, 1), "{what}");
        let skipped = world.store.skipped_sweeps(day()).await.unwrap();
        assert!(
            skipped[0].reason.contains(OBJECT) && skipped[0].reason.contains(wanted),
            "{what}: {}",
            skipped[0].reason
        );
    }
    fs::write(&path, whole).unwrap();
    world.import(day(), false).await.unwrap();
    assert_eq!(dump_day(&world.store, &job(), day()).await.unwrap(), before.0);
    assert_eq!(world.store.skipped_sweeps(day()).await.unwrap(), []);
}
