//! Objects that others wrote, and objects that something damaged.

use std::fs;
use std::path::Path;

use crate::samples::{at, gzip, second_sweep, small_archive};
use archive::Archive;
use archive::error::ArchiveError;
use model::words::{Evidence, Origin, Role, StreamStatus};
use proptest::prelude::*;
use tempfile::tempdir;

const STREAMS: &str = "streams/date=2026-11-22/0010.csv.gz";
const CHATTERS: &str = "chatters/date=2026-11-22/0010.csv.gz";

fn put(folder: &Path, object: &str, bytes: &[u8]) {
    let path = folder.join(object);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

async fn foreign(folder: &Path, streams: &str, chatters: &str) -> Archive {
    put(folder, STREAMS, &gzip(streams.as_bytes()));
    put(folder, CHATTERS, &gzip(chatters.as_bytes()));
    Archive::create(folder.to_str().unwrap(), Origin::Real).await.unwrap()
}

#[tokio::test]
async fn one_member_no_index_unsorted_and_twice() {
    let folder = tempdir().unwrap();
    let archive = foreign(
        folder.path(),
        "status,channel,sampled_at\nlive,b,2026-11-22T00:10:04Z\r\noff_air,\"a\",2026-11-22T01:10:04+01:00\n",
        "sampled_at,channel,chatter,role\n2026-11-22T00:10:00Z,b,y,\n2026-11-22T00:10:00Z,a,x,vip\n2026-11-22T00:10:00Z,b,y,\n2026-11-22T00:10:00Z,b,x,\n",
    )
    .await;
    let streams = archive.read_streams(at(2)).await.unwrap();
    assert_eq!(streams.iter().map(|row| row.channel.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!((streams[0].status, streams[1].status), (StreamStatus::OffAir, StreamStatus::Live));
    let mut list = archive.read_chatters(at(2)).await.unwrap();
    assert!(!list.is_sorted());
    assert_eq!(list.rows().len(), 4);
    list.sort();
    let rows: Vec<_> = list.iter().map(|row| (row.channel.to_string(), row.chatter.to_owned(), row.role)).collect();
    let row = |channel: &str, name: &str, role| (channel.to_owned(), name.to_owned(), role);
    assert_eq!(rows, [row("a", "x", Role::Vip), row("b", "x", Role::Unknown), row("b", "y", Role::Unknown)]);
    assert!(list.iter().all(|row| row.evidence == Evidence::Listed));
    assert_eq!(archive.manifest(at(2).day()).await.unwrap(), None);
}

async fn error_of(archive: &Archive) -> String {
    let streams = archive.read_streams(at(2)).await.err();
    let chatters = archive.read_chatters(at(2)).await.err();
    streams.or(chatters).map(|error| error.to_string()).unwrap_or_default()
}

#[tokio::test]
async fn what_is_wrong_is_told_with_object_and_line() {
    let good_streams = "sampled_at,channel,status\n2026-11-22T00:10:00Z,a,live\n";
    let good_chatters = "sampled_at,channel,chatter\n2026-11-22T00:10:00Z,a,x\n";
    for (streams, chatters, wanted) in [
        (
            good_streams.replace("live", "online"),
            good_chatters.to_owned(),
            "streams/date=2026-11-22/0010.csv.gz, line 2: status: no stream status (there are live, off_air, unknown)",
        ),
        (
            good_streams.replace("00:10:00Z", "00:15:00Z"),
            good_chatters.to_owned(),
            "streams/date=2026-11-22/0010.csv.gz, line 2: sampled_at is not within the slot 2026-11-22T00:10:00Z",
        ),
        (
            good_streams.replace(",status", ""),
            good_chatters.to_owned(),
            "streams/date=2026-11-22/0010.csv.gz, line 1: the header has no column status",
        ),
        (
            good_streams.replace(",live", ",live,"),
            good_chatters.to_owned(),
            "streams/date=2026-11-22/0010.csv.gz, line 2: 4 fields where the header has 3",
        ),
        (String::new(), good_chatters.to_owned(), "streams/date=2026-11-22/0010.csv.gz, line 1: no header line"),
        (
            good_streams.to_owned(),
            good_chatters.replace("chatter\n", "user\n"),
            "chatters/date=2026-11-22/0010.csv.gz, line 1: the header has no column chatter",
        ),
        (
            good_streams.to_owned(),
            good_chatters.replace(",x\n", ",x\n2026-11-22T00:10:00Z,a,\n"),
            "chatters/date=2026-11-22/0010.csv.gz, line 3: chatter: a login is needed",
        ),
    ] {
        let folder = tempdir().unwrap();
        let archive = foreign(folder.path(), &streams, &chatters).await;
        assert_eq!(error_of(&archive).await, wanted);
    }
}

#[tokio::test]
async fn a_truncated_object_is_told_with_its_line_indexed_or_not() {
    let folder = tempdir().unwrap();
    let archive = small_archive(folder.path()).await;
    let whole = fs::read(folder.path().join(CHATTERS)).unwrap();
    let rows = second_sweep().1.len() as u64;
    for index in [true, false] {
        if !index {
            fs::remove_file(folder.path().join("index/chatters/date=2026-11-22/0010.json")).unwrap();
        }
        for cut in [1, 9, whole.len() / 3, whole.len() - 20, whole.len()] {
            put(folder.path(), CHATTERS, &whole[..whole.len() - cut]);
            let Err(ArchiveError::Line { object, line, .. }) = archive.read_chatters(at(2)).await else {
                panic!("{cut} bytes missed by nobody");
            };
            assert_eq!(object, CHATTERS);
            assert!((1..=rows + 2).contains(&line), "line {line}");
        }
    }
}

#[tokio::test]
async fn an_object_rewritten_behind_its_index_is_told() {
    let folder = tempdir().unwrap();
    let archive = small_archive(folder.path()).await;
    // A member fewer: still good gzip, but not what the index describes.
    let whole = fs::read(folder.path().join(CHATTERS)).unwrap();
    let index: archive::index::Index =
        serde_json::from_slice(&fs::read(folder.path().join("index/chatters/date=2026-11-22/0010.json")).unwrap())
            .unwrap();
    put(folder.path(), CHATTERS, &whole[..index.members.last().unwrap().offset as usize]);
    let error = archive.read_chatters(at(2)).await.unwrap_err();
    assert!(error.to_string().contains("the index does not describe the object"), "{error}");
    // An index that lies about lengths.
    put(folder.path(), CHATTERS, &whole);
    let mut lie = index.clone();
    lie.members[1].text -= 1;
    put(folder.path(), "index/chatters/date=2026-11-22/0010.json", &serde_json::to_vec(&lie).unwrap());
    assert!(matches!(archive.read_chatters(at(2)).await, Err(ArchiveError::Line { .. })));
    put(folder.path(), "index/chatters/date=2026-11-22/0010.json", b"{}");
    let error = archive.read_chatters(at(2)).await.unwrap_err();
    assert!(error.to_string().starts_with("index/chatters/date=2026-11-22/0010.json: not the JSON"), "{error}");
}

#[tokio::test]
async fn an_index_that_asks_for_more_than_there_is_is_told() {
    let folder = tempdir().unwrap();
    let archive = small_archive(folder.path()).await;
    let place = "index/chatters/date=2026-11-22/0010.json";
    let index: archive::index::Index = serde_json::from_slice(&fs::read(folder.path().join(place)).unwrap()).unwrap();
    let with = |lie: fn(&mut archive::index::Index)| {
        let mut index = index.clone();
        lie(&mut index);
        put(folder.path(), place, &serde_json::to_vec(&index).unwrap());
    };
    // More bytes than any memory, more text than any sweep, sums beyond 64 bits.
    with(|index| {
        let last = index.members.last_mut().unwrap();
        index.bytes += (1 << 60) - last.length;
        last.length = 1 << 60;
    });
    assert!(archive.read_chatters(at(2)).await.is_err());
    with(|index| index.members.iter_mut().for_each(|member| member.text = u64::MAX));
    assert!(archive.read_chatters(at(2)).await.unwrap_err().to_string().contains("more than 1073741824 bytes of text"));
    with(|index| {
        index.members.iter_mut().skip(1).for_each(|member| member.rows = u64::MAX);
        index.rows = u64::MAX;
    });
    assert!(archive.read_chatters(at(2)).await.is_err());
    with(|index| {
        index.members.last_mut().unwrap().length = u64::MAX;
        index.bytes = u64::MAX;
    });
    assert!(archive.read_chatters(at(2)).await.is_err());
}

#[tokio::test]
async fn a_sweep_that_a_killed_program_left_is_noted_whatever_its_index_says() {
    let folder = tempdir().unwrap();
    let archive = small_archive(folder.path()).await;
    let day = at(2).day();
    let place = "index/chatters/date=2026-11-22/0010.json";
    let mut lie: archive::index::Index = serde_json::from_slice(&fs::read(folder.path().join(place)).unwrap()).unwrap();
    lie.members.iter_mut().for_each(|member| member.text = u64::MAX);
    put(folder.path(), place, &serde_json::to_vec(&lie).unwrap());
    fs::remove_file(folder.path().join("manifest/date=2026-11-22.json")).unwrap();
    let sweep = archive::sweep_writer::SweepWriter::new(at(9));
    archive.commit(sweep, crate::samples::timings(at(9))).await.unwrap();
    let manifest = archive.manifest(day).await.unwrap().unwrap();
    let entry = manifest.sweep(at(2).slot()).unwrap();
    assert_eq!((entry.chatters.rows, entry.chatters.text_bytes), (None, None));
    assert!(entry.streams.rows.is_some());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever bytes lie there, reading answers, and blames the object.
    #[test]
    fn random_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400), wrap in any::<bool>()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let folder = tempdir().unwrap();
            let bytes = if wrap { gzip(&bytes) } else { bytes };
            put(folder.path(), STREAMS, &bytes);
            put(folder.path(), CHATTERS, &bytes);
            let archive = Archive::create(folder.path().to_str().unwrap(), Origin::Real).await.unwrap();
            let streams = archive.read_streams(at(2)).await.unwrap_err().to_string();
            let chatters = archive.read_chatters(at(2)).await.unwrap_err().to_string();
            prop_assert!(streams.starts_with(STREAMS) && chatters.starts_with(CHATTERS), "{} {}", streams, chatters);
            Ok(())
        })?;
    }

    /// Text that nearly is an archive's, in any order of damage.
    #[test]
    fn nearly_good_text_never_panics(at_byte in 0usize..4_000, with in any::<u8>(), cut in 0usize..4_000) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let row = "2026-11-22T00:10:00Z,a,x,7,viewer,listed\n";
            let mut text = format!("sampled_at,channel,chatter,chatter_id,role,evidence\n{}", row.repeat(100)).into_bytes();
            let place = at_byte % text.len();
            text[place] = with;
            text.truncate(text.len() - cut % text.len());
            let folder = tempdir().unwrap();
            put(folder.path(), CHATTERS, &gzip(&text));
            let archive = Archive::create(folder.path().to_str().unwrap(), Origin::Real).await.unwrap();
            if let Err(error) = archive.read_chatters(at(2)).await {
                prop_assert!(error.to_string().starts_with(CHATTERS), "{}", error);
            }
            Ok(())
        })?;
    }

    /// A flipped byte of a real object, or of its index, is an error or the same rows: never other rows.
    #[test]
    fn a_flipped_byte_is_never_believed(place in any::<prop::sample::Index>(), bit in 0u8..8, index in any::<bool>()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let folder = tempdir().unwrap();
            let archive = small_archive(folder.path()).await;
            let object = if index { "index/chatters/date=2026-11-22/0010.json" } else { CHATTERS };
            let mut bytes = fs::read(folder.path().join(object)).unwrap();
            let place = place.index(bytes.len());
            bytes[place] ^= 1 << bit;
            put(folder.path(), object, &bytes);
            if let Ok(list) = archive.read_chatters(at(2)).await {
                let rows: Vec<_> = list.iter().map(|row| row.to_sample().unwrap()).collect();
                prop_assert_eq!(rows, second_sweep().1);
            }
            Ok(())
        })?;
    }
}
