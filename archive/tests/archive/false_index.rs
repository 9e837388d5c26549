//! Indexes that say something else than their objects hold: whatever they say, no row is lost in silence.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use archive::Archive;
use archive::day_chatters::DayChatters;
use archive::error::ArchiveError;
use archive::index::Index;
use archive::path::Kind;
use model::login::Login;
use model::slot::SlotTime;
use model::words::{Evidence, Origin, Role};
use tempfile::tempdir;

use crate::samples::{at, chatter, gunzip, gzip, stream, timings, writer};

const CHANNELS: u16 = 12;

fn channel(number: u16) -> String {
    format!("_c{number:02}")
}

/// Two sweeps of the same channels, of which the first has them in few members and the second in many: parts of the day
/// end within members.
async fn two_sweeps(folder: &Path) -> (Archive, [SlotTime; 2]) {
    let archive = Archive::create(folder.to_str().unwrap(), Origin::Simulated).await.unwrap();
    let sweeps = [at(1), at(2)];
    for (sweep, people) in sweeps.iter().zip([600u16, 2_500]) {
        let streams = (0..CHANNELS).map(|number| stream(*sweep, &channel(number))).collect();
        let person =
            |number, person| chatter(&channel(number), &format!("_p{person:04}"), 0, Role::Viewer, Evidence::Listed);
        let chatters = (0..CHANNELS).flat_map(|number| (0..people).map(move |it| person(number, it))).collect();
        archive.commit(writer(&(streams, chatters)), timings(*sweep)).await.unwrap();
    }
    (archive, sweeps)
}

/// Reads all parts, as an import does: the rows of each sweep.
fn rows(day: &DayChatters, parts: usize) -> Result<Vec<u64>, ArchiveError> {
    let mut rows = vec![0; day.slots().len()];
    for part in day.parts(parts) {
        let mut reader = day.read(&part)?;
        while reader.next_channel().is_some() {
            for (sweep, rows) in (0u16..).zip(&mut rows) {
                *rows += reader.read(sweep, |_| {})? as u64;
            }
        }
    }
    Ok(rows)
}

/// The index of the first sweep, and how to put another in its place.
fn index(folder: &Path) -> (Index, impl Fn(&Index)) {
    let path = folder.join(Kind::Chatters.index(at(1)));
    let index = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    (index, move |index: &Index| fs::write(&path, serde_json::to_vec(index).unwrap()).unwrap())
}

#[tokio::test]
async fn a_member_that_ends_elsewhere_than_its_index_says_is_told() {
    let folder = tempdir().unwrap();
    let (archive, sweeps) = two_sweeps(folder.path()).await;
    let (truth, put) = index(folder.path());
    let all: BTreeSet<Login> = (0..CHANNELS).map(|number| channel(number).parse().unwrap()).collect();
    let whole = [u64::from(CHANNELS) * 600, u64::from(CHANNELS) * 2_500];
    assert!(truth.members.len() > 3);
    // Of those whose channels ascend nonetheless, the member is told.
    let mut within = 0;
    for number in 1..truth.members.len() {
        for lie in &all {
            for end in [true, false] {
                let mut index = truth.clone();
                let member = &mut index.members[number];
                *(if end { &mut member.last } else { &mut member.first }) = Some(lie.clone());
                put(&index);
                for parts in [1, 2, 3, 5, 8] {
                    let read = archive.open_chatters(&sweeps).await;
                    let read = read.and_then(|day| rows(&day, parts));
                    if index == truth {
                        assert_eq!(read.unwrap(), whole);
                        continue;
                    }
                    let error = read.expect_err("a false index").to_string();
                    let object = Kind::Chatters.object(at(1));
                    assert!(error.starts_with(&object) && error.contains("the index does not describe"), "{error}");
                    within += usize::from(error.contains(&format!("{object}, member {}, line ", number + 1)));
                }
            }
        }
    }
    assert!(within > 100, "{within}");
}

#[tokio::test]
async fn an_index_whose_channels_do_not_ascend_is_refused_by_whoever_follows_it() {
    let folder = tempdir().unwrap();
    let (archive, sweeps) = two_sweeps(folder.path()).await;
    let (truth, put) = index(folder.path());
    let lies: [fn(&mut Index); 6] = [
        |index| {
            let member = &mut index.members[1];
            std::mem::swap(&mut member.first, &mut member.last);
        },
        |index| index.members[2].first = "_a".parse().ok(),
        |index| index.members[1].last = "_z".parse().ok(),
        |index| index.members[1].first = None,
        |index| index.members[2].last = None,
        |index| (index.members[0].first, index.members[0].last) = ("_z".parse().ok(), "_a".parse().ok()),
    ];
    for (number, lie) in lies.iter().enumerate() {
        let mut index = truth.clone();
        lie(&mut index);
        put(&index);
        for read in [archive.open_chatters(&sweeps).await.err(), archive.read_chatters(at(1)).await.err()] {
            let error = read.map(|error| error.to_string()).unwrap_or_default();
            assert!(error.contains("its members' channels do not ascend"), "{number}: {error}");
        }
        // Who takes somebody out goes by channels too: an index that is none is not followed.
        let names = archive::erase::Names { logins: ["_nobody".parse().unwrap()].into(), ..Default::default() };
        let channels = BTreeSet::from(["_c03".parse().unwrap()]);
        archive.erase(at(1), Some(&channels), &names).await.unwrap();
    }
}

#[tokio::test]
async fn rows_that_nobody_read_are_told() {
    let folder = tempdir().unwrap();
    let (archive, sweeps) = two_sweeps(folder.path()).await;
    let day = archive.open_chatters(&sweeps).await.unwrap();
    let mut read = rows(&day, 3).unwrap();
    day.check_rows(&read).unwrap();
    read[1] -= 1;
    let error = day.check_rows(&read).unwrap_err().to_string();
    let wanted =
        format!("{}: the index does not describe the object (another number of rows)", Kind::Chatters.object(at(2)));
    assert_eq!(error, wanted);
}

/// What is done to the lines of a member.
type Damage = fn(&mut Vec<String>);

#[tokio::test]
async fn what_is_wrong_is_told_with_member_and_line() {
    let folder = tempdir().unwrap();
    let (archive, sweeps) = two_sweeps(folder.path()).await;
    let object = Kind::Chatters.object(at(1));
    let path = folder.path().join(&object);
    let (truth, put) = index(folder.path());
    let whole = fs::read(&path).unwrap();
    let before: u64 = truth.members[..2].iter().map(|member| member.rows).sum();
    let third = whole[truth.members[2].offset as usize..][..truth.members[2].length as usize].to_vec();
    let text = gunzip(&third);
    let lines: Vec<&str> = text.lines().collect();
    let written = |lines: &[String]| gzip((lines.join("\n") + "\n").as_bytes());
    let damages: [(&str, Damage, &str); 6] = [
        ("order within a channel", |lines| lines.swap(100, 101), "line 102: rows must come"),
        ("a row twice", |lines| lines[100] = lines[99].clone(), "line 101: rows must come"),
        (
            "quotes, and out of order",
            |lines| {
                lines.swap(100, 101);
                lines[0] = lines[0].replace("viewer", "\"viewer\"");
            },
            "line 102: rows must come",
        ),
        ("another channel's row", |lines| lines[100] = lines[100].replace(",_c", ",_b"), "line 101: rows must come"),
        ("no login", |lines| lines[100] = lines[100].replace("_p", "_P"), "line 101: chatter: "),
        ("a row less", |lines| drop(lines.pop()), "the index does not describe the object (a member"),
    ];
    for (what, damage, wanted) in damages {
        let mut lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        damage(&mut lines);
        let member = written(&lines);
        let mut index = truth.clone();
        let more = member.len() as i64 - third.len() as i64;
        (index.members[2].length, index.bytes) = (member.len() as u64, (index.bytes as i64 + more) as u64);
        index.members[2].text = gunzip(&member).len() as u64;
        for member in &mut index.members[3..] {
            member.offset = (member.offset as i64 + more) as u64;
        }
        put(&index);
        let (head, tail) = (truth.members[2].offset as usize, truth.members[3].offset as usize);
        fs::write(&path, [&whole[..head], &member, &whole[tail..]].concat()).unwrap();
        // The header, and the members before.
        let told = wanted.split_once(':').and_then(|(line, rest)| Some((line.strip_prefix("line ")?, rest)));
        let wanted = match told {
            Some((line, rest)) => format!("line {}:{rest}", line.parse::<u64>().unwrap() + 1 + before),
            None => wanted.to_owned(),
        };
        for parts in [1, 4] {
            let day = archive.open_chatters(&sweeps).await.unwrap();
            let error = rows(&day, parts).expect_err(what).to_string();
            assert!(
                error.starts_with(&format!("{object}, member 3, line ")) && error.contains(&wanted),
                "{what}: {error}"
            );
        }
    }
}

/// Two members, or one, that the index says to be another thing than they are.
#[tokio::test]
async fn rows_that_the_index_does_not_tell_of_are_found() {
    let folder = tempdir().unwrap();
    let (archive, sweeps) = two_sweeps(folder.path()).await;
    let object = Kind::Chatters.object(at(1));
    let path = folder.path().join(&object);
    let (truth, put) = index(folder.path());
    let whole = fs::read(&path).unwrap();

    // The second and the third member as one, with the text of the second.
    let mut index = truth.clone();
    let third = index.members.remove(2);
    index.members[1].length += third.length;
    index.rows -= third.rows;
    put(&index);
    let day = archive.open_chatters(&sweeps).await.unwrap();
    let error = rows(&day, 3).unwrap_err().to_string();
    assert!(error.starts_with(&format!("{object}, member 2, line ")) && error.contains("another length"), "{error}");
    let error = archive.read_chatters(at(1)).await.unwrap_err().to_string();
    assert!(error.contains("another length"), "{error}");

    // Rows behind the header line, in its member.
    let [head, second] = [0, 1].map(|number| {
        let member = &truth.members[number];
        gunzip(&whole[member.offset as usize..][..member.length as usize])
    });
    let row = second.lines().next().unwrap();
    let member = gzip(format!("{head}{row}\n").as_bytes());
    let more = member.len() as i64 - truth.members[0].length as i64;
    let mut index = truth.clone();
    (index.members[0].length, index.bytes) = (member.len() as u64, (index.bytes as i64 + more) as u64);
    for member in &mut index.members[1..] {
        member.offset = (member.offset as i64 + more) as u64;
    }
    put(&index);
    fs::write(&path, [&member, &whole[truth.members[1].offset as usize..]].concat()).unwrap();
    for read in [archive.open_chatters(&sweeps).await.err(), archive.read_chatters(at(1)).await.err()] {
        let error = read.map(|error| error.to_string()).unwrap_or_default();
        assert!(
            error.starts_with(&format!("{object}, member 1, line 2: ")) && error.contains("header line"),
            "{error}"
        );
    }
    // Whoever is in that row goes too.
    let name = row.split(',').nth(2).unwrap();
    let names = archive::erase::Names { logins: [name.parse().unwrap()].into(), ..Default::default() };
    let channels = u64::from(CHANNELS);
    assert_eq!(archive.erase(at(1), None, &names).await.unwrap().rows, channels + 1);
    assert!(!gunzip(&fs::read(&path).unwrap()).contains(name));
}

#[tokio::test]
async fn empty_lines_at_the_end_of_a_member_say_nothing() {
    let folder = tempdir().unwrap();
    let archive = Archive::create(folder.path().to_str().unwrap(), Origin::Simulated).await.unwrap();
    // Other columns have their rows rewritten first.
    for header in
        ["sampled_at,channel,chatter,chatter_id,role,evidence\n", "sampled_at,channel,chatter,chatter_id,role,mood\n"]
    {
        let row = |channel: &str| format!("{},{channel},_p,,viewer,\n", at(1));
        let members = [header.to_owned(), row("_a") + "\n\r\n", row("_b")];
        let (mut bytes, mut index) = (
            Vec::new(),
            Index {
                format: archive::index::INDEX_FORMAT,
                object: Kind::Chatters.object(at(1)),
                bytes: 0,
                rows: 2,
                members: Vec::new(),
            },
        );
        for (text, channel) in members.iter().zip([None, Some("_a"), Some("_b")]) {
            let (packed, channel) = (gzip(text.as_bytes()), channel.and_then(|login| login.parse::<Login>().ok()));
            index.members.push(archive::index::Member {
                offset: bytes.len() as u64,
                length: packed.len() as u64,
                text: text.len() as u64,
                rows: u64::from(channel.is_some()),
                first: channel.clone(),
                last: channel,
            });
            bytes.extend(packed);
        }
        index.bytes = bytes.len() as u64;
        for (path, bytes) in
            [(index.object.clone(), bytes), (Kind::Chatters.index(at(1)), serde_json::to_vec(&index).unwrap())]
        {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        let day = archive.open_chatters(&[at(1)]).await.unwrap();
        assert_eq!(rows(&day, 1).unwrap(), [2], "{header}");
    }
}
