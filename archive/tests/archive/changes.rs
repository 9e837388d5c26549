//! A day read as changes from sweep to sweep says what its sweeps say.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::Path;

use archive::Archive;
use archive::changes::Change;
use archive::columns::CHATTERS;
use archive::day_chatters::DayChatters;
use archive::index::{INDEX_FORMAT, Index, Member};
use archive::path::Kind;
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

/// Everybody of every sweep, put together from what changed.
fn replay(day: &DayChatters, parts: usize) -> Vec<BTreeSet<String>> {
    let sweeps = day.slots().len();
    let mut all = vec![BTreeSet::new(); sweeps];
    for part in day.parts(parts) {
        let mut reader = day.read(&part).unwrap();
        while let Some(channel) = reader.next_channel() {
            let mut list: Vec<(String, Evidence, Option<TwitchId>)> = Vec::new();
            for (sweep, all) in all.iter_mut().enumerate() {
                let was: BTreeSet<(String, Evidence)> = list.iter().map(|row| (row.0.clone(), row.1)).collect();
                let mut before = std::mem::take(&mut list).into_iter();
                let rows = reader
                    .changes(sweep, |change| match change {
                        Change::Stay(rows) => list.extend(before.by_ref().take(rows)),
                        Change::Alter(id) => {
                            let (login, evidence, _) = before.next().unwrap();
                            list.push((login, evidence, id));
                        }
                        Change::Go(login) => assert_eq!(before.next().unwrap().0.as_bytes(), login),
                        Change::Come(row) => {
                            let login = String::from_utf8(row.login.to_vec()).unwrap();
                            assert!(!was.contains(&(login.clone(), row.evidence)), "whoever stays does not come");
                            list.push((login, row.evidence, row.id));
                        }
                    })
                    .unwrap();
                assert!(before.next().is_none(), "a change says nothing of somebody");
                assert_eq!(rows, list.len());
                for (login, evidence, id) in &list {
                    assert!(all.insert(told(channel.as_str(), login, *evidence, *id)));
                }
            }
            let mut gone = 0;
            reader.leave(|change| gone += usize::from(matches!(change, Change::Go(_))));
            assert_eq!(gone, list.len());
        }
    }
    all
}

fn told(channel: &str, login: &str, evidence: Evidence, id: Option<TwitchId>) -> String {
    format!("{channel} {login} {evidence} {id:?}")
}

proptest! {
    #[test]
    fn changes_add_up_to_the_sweeps(day in day(), parts in 1usize..4) {
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
        let row = |row: &ChatterSample| told(row.channel.as_str(), row.chatter.as_str(), row.evidence, row.chatter_id);
        let wanted: Vec<BTreeSet<String>> = day.iter().map(|sweep| sweep.rows.iter().map(row).collect()).collect();
        prop_assert_eq!(replay(&chatters, parts), wanted);
    }
}
