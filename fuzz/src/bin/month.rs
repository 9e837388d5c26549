//! Any bytes as a closed month's row: an error, or days in order that have these bytes and no others.
// seeds: hex 0100004002010c0111
// seeds: hex 0300000001010b020c1800020100
// seeds: hex ffffff7f0000000000000000000000000000000000000000000000000000000000
#![no_main]

use fuzz::read_day;
use libfuzzer_sys::fuzz_target;
use model::codec::Writer;
use store::month::days;

fuzz_target!(|bytes: &[u8]| {
    let Ok(days) = days(bytes) else { return };
    assert!(
        !days.is_empty() && days.windows(2).all(|two| two[0].0 < two[1].0) && days.iter().all(|(place, _)| *place < 31)
    );
    let mask = days.iter().fold(0u32, |mask, (place, _)| mask | 1 << place);
    let mut again = mask.to_le_bytes().to_vec();
    for (_, day) in days {
        Writer(&mut again).number(day.len() as u64);
        again.extend_from_slice(day);
        read_day(day);
    }
    assert_eq!(again, bytes);
});
