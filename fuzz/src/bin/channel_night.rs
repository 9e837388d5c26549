//! Any bytes as a channel's night: an error, or a night that has these bytes and no others.
// seeds: hex 0100000000
// seeds: hex 01210315830101ac020b5ae1a0ed021814040b000102
#![no_main]

use libfuzzer_sys::fuzz_target;
use model::identity::ChannelKey;
use model::statistics::night::ChannelNight;

fuzz_target!(|bytes: &[u8]| {
    let Ok(night) = ChannelNight::decode(bytes) else { return };
    let mut again = Vec::new();
    night.encode(&mut again);
    assert_eq!(again, bytes);
    for tie in night.overlaps(ChannelKey(0)) {
        assert!((0.0..=1.0).contains(&tie.overlap()) && (0.0..=1.0).contains(&tie.jaccard()));
    }
    for broadcast in &night.retention {
        for step in 0..=broadcast.still.len() {
            assert!(broadcast.share(step).is_none_or(f64::is_finite));
        }
    }
});
