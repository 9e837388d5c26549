//! Any bytes as a block, its first key before it: people by ascending key, each day in its place, to an error or the end.
// seeds: hex 070000000005010c026401000111
// seeds: hex 000000000001010004010c0464
// seeds: hex f0ffff0f0001010e0101
#![no_main]

use fuzz::read_day;
use libfuzzer_sys::fuzz_target;
use model::codec::Writer;
use store::block::entries;

fuzz_target!(|bytes: &[u8]| {
    let Some((first, block)) = bytes.split_first_chunk::<4>() else { return };
    let first = u32::from_le_bytes(*first);
    let mut again = Vec::new();
    let (mut expected, mut failed) = (first, false);
    for entry in entries(first, block) {
        assert!(!failed, "the first error is the end");
        let Ok((key, day)) = entry else {
            failed = true;
            continue;
        };
        assert!(key >= expected && key < u32::MAX, "keys ascend");
        Writer(&mut again).number(u64::from(key - expected));
        Writer(&mut again).number(day.len() as u64);
        again.extend_from_slice(day);
        expected = key + 1;
        read_day(day);
    }
    assert!(block.starts_with(&again));
    assert!(failed || again == block, "a block has one spelling");
});
