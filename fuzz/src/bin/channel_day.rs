//! Any bytes as a channel's day: an error, or a day that is encoded and decoded without a change.
// seeds: hex 01009f020000
// seeds: hex 010263030002b80100000000000000
// seeds: hex 0102630300024fc801c80164016801610162016301640101640000010203feffffffffffffffff01
#![no_main]

use libfuzzer_sys::fuzz_target;
use model::channel_day::ChannelDay;

fuzz_target!(|bytes: &[u8]| {
    let Ok(day) = ChannelDay::decode(bytes) else { return };
    let mut once = Vec::new();
    day.encode(&mut once);
    let again = ChannelDay::decode(&once).expect("a day that we encoded");
    assert_eq!(again, day);
    let mut twice = Vec::new();
    again.encode(&mut twice);
    assert_eq!(twice, once);
    assert_eq!(day.live().union(&day.listed_observed()).union(&day.stream_observed()), day.stream_observed());
});
