//! A day read as stays says what its sweeps say.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;

use archive::Archive;
use archive::columns::CHATTERS;
use archive::day_chatters::DayChatters;
use archive::index::{INDEX_FORMAT, Index, Member};
use archive::path::Kind;
use archive::stays::Stay;
use flate2::Compression;
use flate2::write::GzEncoder;
use model::identity::TwitchId;
use model::sample::ChatterSample;
use model::slot::SlotTime;
use model::words::{Evidence, Origin, Role};
use proptest::prelude::*;
use tempfile::tempdir;

use crate::samples::at;

/// Somebody in a channel, and how: login, evidence, id, role.
type Seen = (u8, u8, bool, Option<u64>, bool);

/// A sweep's rows, after how many a member ends, and how its lines are spelled.
#[derive(Clone, Debug)]
struct Sweep {
    rows: Vec<ChatterSample>,
    member_rows: usize,
    spelling: Vec<u8>,
}

/// Names that are prefixes of one another and of both lengths that are compared in other ways.
const NAMES: [&str; 8] = ["_a", "_a_", "_ab", "_abcdefghijklmnopqrstuvwx", "_b", "_c0", "_c00", "_d"];

fn sweep() -> impl Strategy<Value = Sweep> {
    let seen = (0u8..3, 0u8..8, any::<bool>(), prop::option::weighted(0.3, 1u64..4), any::<bool>());
    (prop::collection::vec(seen, 0..24), 1usize..9, prop::collection::vec(0u8..40, 1..30))
        .prop_map(|(seen, member_rows, spelling)| Sweep { rows: rows(seen), member_rows, spelling })
}

fn rows(seen: Vec<Seen>) -> Vec<ChatterSample> {
    let row = |(channel, chatter, spoke, id, moderates): Seen| ChatterSample {
        channel: NAMES[usize::from(channel)].parse().unwrap(),
        chatter: NAMES[usize::from(chatter)].parse().unwrap(),
        evidence: if spoke { Evidence::Spoke } else { Evidence::Listed },
        chatter_id: id.and_then(TwitchId::new),
        role: if moderates { Role::Moderator } else { Role::Viewer },
    };
    let mut rows: Vec<ChatterSample> = seen.into_iter().map(row).collect();
    rows.sort();
    rows.dedup_by(|a, b| (&a.channel, &a.chatter, a.evidence) == (&b.channel, &b.chatter, b.evidence));
    rows
}

/// A day in which half of the sweeps are as the one before but for a row.
fn day() -> impl Strategy<Value = Vec<Sweep>> {
    prop::collection::vec((sweep(), any::<bool>(), any::<prop::sample::Index>()), 1..6).prop_map(|drawn| {
        let mut sweeps: Vec<Sweep> = Vec::new();
        for (mut sweep, alike, place) in drawn {
            if let (true, Some(before)) = (alike, sweeps.last()) {
                sweep.rows.clone_from(&before.rows);
                if !sweep.rows.is_empty() {
                    sweep.rows.remove(place.index(sweep.rows.len()));
                }
            }
            sweeps.push(sweep);
        }
        sweeps
    })
}

/// Another way to write the same line.
fn respell(line: &str, how: u8) -> String {
    let fields: Vec<&str> = line.split(',').collect();
    match how {
        0 => format!("{line}\r\n"),
        1 => format!("\n{line}\n"),
        2 => format!("{}\n", fields.iter().map(|field| format!("\"{field}\"")).collect::<Vec<_>>().join(",")),
        3 => format!("{}\n", line.replacen('Z', "+00:00", 1)),
        4 => format!("{}\n", line.replacen(",viewer,listed", ",viewer,", 1)),
        _ => format!("{line}\n"),
    }
}

/// Writes a sweep's chatters and their index.
fn write(folder: &Path, at: SlotTime, sweep: &Sweep) {
    let object = Kind::Chatters.object(at);
    let line = |row: &ChatterSample| {
        let id = row.chatter_id.map(|id| id.to_string()).unwrap_or_default();
        format!("{at},{},{},{id},{},{}", row.channel, row.chatter, row.role, row.evidence)
    };
    let lines: Vec<String> = sweep.rows.iter().map(line).collect();
    let mut bytes = Vec::new();
    let mut members = Vec::new();
    let mut spelling = sweep.spelling.iter().cycle();
    let mut member = |lines: &[String], text: &str, rows: u64| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text.as_bytes()).unwrap();
        let packed = encoder.finish().unwrap();
        let channel = |line: Option<&String>| line.map(|line| line.split(',').nth(1).unwrap().parse().unwrap());
        members.push(Member {
            offset: bytes.len() as u64,
            length: packed.len() as u64,
            text: text.len() as u64,
            rows,
            first: channel(lines.first()),
            last: channel(lines.last()),
        });
        bytes.extend(packed);
    };
    member(&[], &(CHATTERS.join(",") + "\n"), 0);
    for lines in lines.chunks(sweep.member_rows) {
        let text: String = lines.iter().zip(&mut spelling).map(|(line, how)| respell(line, *how)).collect();
        member(lines, &text, lines.len() as u64);
    }
    let rows = lines.len() as u64;
    let index = Index { format: INDEX_FORMAT, object: object.clone(), bytes: bytes.len() as u64, rows, members };
    for (path, bytes) in [(object, bytes), (Kind::Chatters.index(at), serde_json::to_vec(&index).unwrap())] {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

/// Channel, login, evidence; and the id.
type Told = (String, String, Evidence);

/// Everybody of every sweep, put together from who stayed how long; with the id of their stay.
fn replay(day: &DayChatters, parts: usize) -> Vec<BTreeMap<Told, Option<TwitchId>>> {
    let sweeps = day.slots().len();
    let mut all = vec![BTreeMap::new(); sweeps];
    for part in day.parts(parts) {
        let mut reader = day.read(&part).unwrap();
        while let Some(channel) = reader.next_channel() {
            let mut counts = Vec::new();
            let mut put = |stay: Stay<'_>, until: usize| {
                let told = (channel.to_string(), String::from_utf8(stay.login.to_vec()).unwrap(), stay.evidence);
                let since = usize::from(stay.since);
                assert!(since < until && (since == 0 || !all[since - 1].contains_key(&told)), "a stay is whole");
                for sweep in &mut all[since..until] {
                    assert!(sweep.insert(told.clone(), stay.id).is_none(), "nobody stays twice");
                }
            };
            for sweep in 0..sweeps {
                counts.push(reader.read(sweep as u16, |stay| put(stay, sweep)).unwrap());
            }
            reader.leave(|stay| put(stay, sweeps));
            reader.leave(|_| panic!("everybody left"));
            let there = |sweep: &BTreeMap<Told, _>| sweep.keys().filter(|told| told.0 == channel.as_str()).count();
            assert_eq!(counts, all.iter().map(there).collect::<Vec<_>>());
        }
    }
    all
}

/// What the sweeps themselves say: the id is the first of the stay.
fn wanted(day: &[Sweep]) -> Vec<BTreeMap<Told, Option<TwitchId>>> {
    let mut all: Vec<BTreeMap<Told, Option<TwitchId>>> = vec![BTreeMap::new(); day.len()];
    let told = |row: &ChatterSample| (row.channel.to_string(), row.chatter.to_string(), row.evidence);
    for (number, sweep) in day.iter().enumerate() {
        for row in &sweep.rows {
            all[number].insert(told(row), row.chatter_id);
        }
    }
    for number in 1..all.len() {
        for (told, id) in all[number - 1].clone() {
            if let Some(here) = all[number].get_mut(&told) {
                *here = id.or(*here);
            }
        }
    }
    // An id that comes late is of the whole stay.
    for number in (1..all.len()).rev() {
        for (told, id) in all[number].clone() {
            if let Some(before) = all[number - 1].get_mut(&told) {
                *before = before.or(id);
            }
        }
    }
    all
}

proptest! {
    #[test]
    fn stays_add_up_to_the_sweeps(day in day(), parts in 1usize..4) {
        let folder = tempdir().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let sweeps: Vec<SlotTime> = (0..day.len() as u16).map(at).collect();
        for (sweep, at) in day.iter().zip(&sweeps) {
            write(folder.path(), *at, sweep);
        }
        let chatters = runtime.block_on(async {
            let archive = Archive::create(folder.path().to_str().unwrap(), Origin::Simulated).await.unwrap();
            archive.open_chatters(&sweeps).await.unwrap()
        });
        prop_assert_eq!(replay(&chatters, parts), wanted(&day));
    }
}
