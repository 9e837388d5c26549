//! Any bytes as a viewer's day: an error, or a day that has these bytes and no others.
// seeds: hex 01
// seeds: hex 010c04640100011b03f0012f01fa0100
// seeds: hex 110004000000010001
#![no_main]

use libfuzzer_sys::fuzz_target;
use model::presence::ViewerDay;

fuzz_target!(|bytes: &[u8]| {
    let Ok(day) = ViewerDay::decode(bytes) else { return };
    let mut again = Vec::new();
    day.encode(&mut again);
    assert_eq!(again, bytes);
    assert!(day.channels.windows(2).all(|two| two[0].channel < two[1].channel));
    for channel in &day.channels {
        for runs in [&channel.listed, &channel.spoke] {
            assert!(runs.windows(2).all(|two| two[0].to() < two[1].from()), "runs are maximal");
        }
        assert!(channel.present().runs().len() <= channel.listed.len() + channel.spoke.len());
    }
    assert!(day.online().runs().len() <= 144);
});
