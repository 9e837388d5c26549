//! Any bytes as the indexes of good objects: what an index says is checked before it is followed.
// seeds: cat archive/golden/*/archive/index/chatters/*/0005.json
// seeds: cat archive/golden/*/archive/index/streams/*/0005.json
#![no_main]

use std::sync::OnceLock;

use archive::Archive;
use archive::error::ArchiveError;
use archive::index::Index;
use archive::path::Kind;
use fuzz::{at, place};
use libfuzzer_sys::fuzz_target;
use model::sample::{ChatterSample, StreamSample};

const CHATTERS: &[u8] = include_bytes!("../../../archive/golden/v1/archive/chatters/date=2026-11-22/0005.csv.gz");
const STREAMS: &[u8] = include_bytes!("../../../archive/golden/v1/archive/streams/date=2026-11-22/0005.csv.gz");

/// What the objects hold, read without an index.
fn truth() -> &'static (Vec<StreamSample>, Vec<ChatterSample>) {
    static TRUTH: OnceLock<(Vec<StreamSample>, Vec<ChatterSample>)> = OnceLock::new();
    TRUTH.get_or_init(|| {
        let place = place();
        place.put(&Kind::Chatters.object(at()), CHATTERS.to_vec());
        place.put(&Kind::Streams.object(at()), STREAMS.to_vec());
        let streams = place.wait(place.archive.read_streams(at())).expect("golden streams");
        let chatters = place.wait(place.archive.read_chatters(at())).expect("golden chatters");
        (streams, chatters.iter().filter_map(|row| row.to_sample()).collect())
    })
}

/// How many rows the parts of the sweep hold together.
async fn by_parts(archive: &Archive) -> Result<usize, ArchiveError> {
    let day = archive.open_chatters(&[at()]).await?;
    let mut rows = 0;
    for part in day.parts(3) {
        let mut reader = day.read(&part)?;
        while reader.next_channel().is_some() {
            rows += reader.read(0, |_| {})?;
        }
    }
    day.check_rows(&[rows as u64])?;
    Ok(rows)
}

fuzz_target!(|bytes: &[u8]| {
    let (streams, chatters) = truth();
    if let Ok(index) = serde_json::from_slice::<Index>(bytes) {
        let json = serde_json::to_vec(&index).expect("an index is JSON");
        assert_eq!(serde_json::from_slice::<Index>(&json).expect("an index that we wrote"), index);
    }
    let place = place();
    for kind in [Kind::Streams, Kind::Chatters] {
        place.put(&kind.index(at()), bytes.to_vec());
    }
    if let Ok(found) = place.wait(place.archive.read_streams(at())) {
        assert!(found == *streams, "an index changes what is read");
    }
    if let Ok(found) = place.wait(place.archive.read_chatters(at())) {
        assert!(found.iter().filter_map(|row| row.to_sample()).eq(chatters.iter().cloned()));
    }
    // As an import reads it, part by part: a false index is told, it hides no row and invents none.
    if let Ok(found) = place.wait(by_parts(&place.archive)) {
        assert_eq!(found, chatters.len());
    }
});
