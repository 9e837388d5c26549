//! Any bytes as a viewer's day by hour: an error, or hours that have these bytes and no others.
// seeds: hex 020c1800
// seeds: hex 020c14cc017c010c02010c2603260001020002
// seeds: hex 120018010003
#![no_main]

use libfuzzer_sys::fuzz_target;
use model::hours::ViewerHours;

fuzz_target!(|bytes: &[u8]| {
    let Ok(hours) = ViewerHours::decode(bytes) else { return };
    let mut again = Vec::new();
    hours.encode(&mut again);
    assert_eq!(again, bytes);
    assert!(hours.present.iter().zip(hours.known).all(|(present, known)| *present <= known && known <= 12));
    assert!(hours.channels.windows(2).all(|two| two[0].0 < two[1].0));
    assert!(hours.games.windows(2).all(|two| two[0].0 < two[1].0));
    assert!(hours.online_slots() <= 288);
});
