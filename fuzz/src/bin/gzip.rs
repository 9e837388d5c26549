//! Any bytes as both objects of a sweep: an error, or a text that is no larger than deflate can make of them.
// seeds: cat archive/golden/*/archive/chatters/*/*.csv.gz
// seeds: cat archive/golden/*/archive/streams/*/*.csv.gz
#![no_main]

use archive::path::Kind;
use fuzz::{at, place};
use libfuzzer_sys::fuzz_target;

/// Two bits may stand for 258 bytes: deflate makes at most 1,032 bytes of one.
const MOST_OF_A_BYTE: usize = 1_032;

fuzz_target!(|bytes: &[u8]| {
    let place = place();
    place.clear(at());
    for kind in [Kind::Streams, Kind::Chatters] {
        place.put(&kind.object(at()), bytes.to_vec());
    }
    let text = place.wait(place.archive.read_text(Kind::Chatters, at()));
    let whole = text.as_ref().is_ok_and(|text| text.len() <= bytes.len() * MOST_OF_A_BYTE);
    assert!(whole || text.is_err(), "more text than there can be");
    let rows = place.wait(place.archive.read_chatters(at()));
    let streams = place.wait(place.archive.read_streams(at()));
    assert!(text.is_ok() || (rows.is_err() && streams.is_err()), "rows of what is damaged");
});
