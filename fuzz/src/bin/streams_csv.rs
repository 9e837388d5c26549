//! Any text as a `streams/` object without an index: an error, or rows that can be written and read again.
// seeds: zcat archive/golden/*/archive/streams/*/*.csv.gz
#![no_main]

use archive::path::Kind;
use archive::time::{parse_rfc3339_ms, rfc3339};
use fuzz::{again, at, place, stored};
use libfuzzer_sys::fuzz_target;
use model::sample::StreamSample;

fuzz_target!(|text: &[u8]| {
    let place = place();
    place.clear(at());
    place.put(&Kind::Streams.object(at()), stored(text));
    let Ok(rows) = place.wait(place.archive.read_streams(at())) else { return };
    assert!(rows.windows(2).all(|two| two[0].channel < two[1].channel), "by channel, each once");
    place.commit(again(), rows.clone(), []);
    let back = place.wait(place.archive.read_streams(again())).expect("what was written is read");
    assert!(back.into_iter().eq(rows.into_iter().map(as_written)), "rows come back as they were");
});

/// Times before 2000 and after 2099 are written as the ends of that range.
fn as_written(row: StreamSample) -> StreamSample {
    let written = |unix| parse_rfc3339_ms(&rfc3339(unix)).expect("a time that we wrote") / 1000;
    let stream =
        row.stream.map(|facts| model::sample::StreamFacts { started_at: facts.started_at.map(written), ..facts });
    StreamSample { sampled_at: again(), stream, ..row }
}
