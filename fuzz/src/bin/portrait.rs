//! Anybody's stays, and any gaps in what is known of them: each result is told or refused, and every number is one.
// seeds: hex 1c040004150064000400b428
// seeds: hex 3c0014001000dc1e010000e62808000a30
// seeds: hex 28d000140000c81e0c00961405020c8c60
#![no_main]

use fuzz::person::{are_numbers, person};
use libfuzzer_sys::fuzz_target;
use model::analysis::bootstrap::{Drawings, Estimate, Interval};
use model::analysis::holidays::Country;
use model::analysis::history::History;
use model::analysis::next::next;
use model::analysis::portrait::{Portrait, Reading, portrait};

fuzz_target!(|bytes: &[u8]| {
    let Some((record, zone)) = person(bytes) else { return };
    let trace = record.trace();
    let drawings = Drawings { seed: 1, count: 20 };
    let found = portrait(&trace, &Reading { zone: &zone, holidays: Some(Country::France), drawings });
    are_numbers(&found);
    let history =
        History { first: trace.fine(), states: trace.states(), zone: &zone, over: usize::from(bytes[2] % 50) };
    are_numbers(&next(&history, record.live(), drawings));
    // What is no number does not come back.
    let text = serde_json::to_string(&found).expect("a portrait has a text");
    serde_json::from_str::<Portrait>(&text).expect("what was told can be read");
    if let Ok(found) = &found.circadian {
        holds(&found.value.stability);
        [found.value.least_from, found.value.most_from].iter().for_each(is_of_the_clock);
    }
    if let Ok(found) = &found.chronotype {
        [found.value.workdays, found.value.free_days, found.value.corrected].iter().for_each(is_of_the_clock);
    }
    if let Ok(found) = &found.rhythm {
        holds(&found.value.divergence);
        assert!((0.0..=1.0).contains(&found.value.divergence.value));
    }
    if let Ok(found) = &found.favourites {
        let channels = &found.value.channels;
        assert!(channels.iter().all(|channel| (0.0..1_440.001).contains(&channel.recent)), "{channels:?}");
    }
});

/// A value is in its own interval.
fn holds(estimate: &Estimate) {
    let Some(interval) = estimate.interval else { return };
    // But for what rounding leaves.
    assert!(interval.from <= estimate.value + 1e-9 && estimate.value <= interval.to + 1e-9, "{estimate:?}");
}

/// A value and its interval are hours of the clock.
fn is_of_the_clock(estimate: &Estimate) {
    let ends = estimate.interval.map(|Interval { from, to }| [from, to]);
    let hours = ends.into_iter().flatten().chain([estimate.value]);
    assert!(hours.into_iter().all(|hour| (0.0..=24.0).contains(&hour)), "{estimate:?}");
}
