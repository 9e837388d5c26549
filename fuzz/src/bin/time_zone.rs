//! Anybody's stays beside any usual day: an offset is told with weights, or refused, and every number is one.
// seeds: hex 0a0a0a0a0a0a0a0a0f0f0f14141414191e28323c46505a32000102ff10200001011c040004150064000400b428
// seeds: hex 0102030405060708090a0b0c0d0e0f10111213141516171801010101010100000028d000140000c81e0c00961405020c8c60
// seeds: hex 0a0a0a0a0a0a0a0a0f0f0f14141414191e28323c46505a32ffff010101010000023c0014001000dc1e010000e62808000a30
#![no_main]

use fuzz::person::{are_numbers, person};
use libfuzzer_sys::fuzz_target;
use model::analysis::bootstrap::Drawings;
use model::analysis::offset::{Offset, Prior};
use model::analysis::reference::Reference;
use model::analysis::summer_time::Clocks;
use model::analysis::time_zone::{SURE, TOP, distances, time_zone};

/// Bytes before those of the person: 24 of a usual day, 6 of where people are found, 3 of clocks.
const HEAD: usize = 33;

fuzz_target!(|bytes: &[u8]| {
    let Some((head, rest)) = bytes.split_at_checked(HEAD) else { return };
    let Some((record, _)) = person(rest) else { return };
    // From next to nothing to a lot.
    let value = |byte: u8| if byte == 0 { 0.0 } else { f64::from(byte).powi(7) };
    let found = std::array::from_fn(|place| value(head[24 + place % 6]));
    let moved = std::array::from_fn(|clocks| head[30 + clocks].cast_signed() % 13);
    let Ok(reference) = Reference::new(std::array::from_fn(|hour| value(head[hour])), found, moved) else { return };
    let prior = match head[30] % 3 {
        0 => Prior::french(),
        1 => Prior::around(Offset::of_hours(i32::from(head[31]) % 24 - 11)),
        _ => {
            let weights = Offset::all()
                .zip(head)
                .map(|(offset, byte)| (offset, Clocks::ALL[usize::from(byte % 3)], value(*byte)));
            let Ok(prior) = Prior::new(weights) else { return };
            prior
        }
    };
    let trace = record.trace();
    let (first, days) = (trace.fine(), trace.slots());
    for clocks in Clocks::ALL {
        if let Ok(apart) = distances(first, days, &reference, clocks) {
            assert!(apart.value.iter().all(|hours| (0.0..=12.0).contains(hours)), "{apart:?}");
        }
    }
    for count in [0, 20] {
        let found = time_zone(first, days, &reference, &prior, Drawings { seed: 1, count });
        are_numbers(&found);
        let Ok(found) = found else { continue };
        let found = found.value;
        let offsets = &found.offsets;
        assert!((1..=TOP).contains(&offsets.len()) && !found.support.is_empty(), "{found:?}");
        assert!(offsets.windows(2).all(|pair| pair[0].weight >= pair[1].weight), "{found:?}");
        assert!(offsets.iter().map(|weighed| weighed.weight).sum::<f64>() <= 1.0 + 1e-9, "{found:?}");
        for weighed in offsets {
            let sum: f64 = weighed.clocks.iter().sum();
            assert!(weighed.weight > 0.0 && (sum - weighed.weight).abs() < 1e-9, "{found:?}");
        }
        assert_eq!(found.is_sure, offsets[0].weight >= SURE);
        assert!((0.0..=12.0).contains(&found.evidence.distance), "{found:?}");
    }
});
