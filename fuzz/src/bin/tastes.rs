//! Anybody's stays beside any time of everybody: lifts are told or refused, every number is one, and shares are shares.
// seeds: hex 20ff0a30100a40200a80050a90300a05050a10051c040004150064000400b428
// seeds: hex 3f01010120100a40200a80050a90300a05050a10053c0000001000dc1e010000e62800000a30
// seeds: hex 1f01000010ffff40200a80050a90300a05050a10052800001400102cff1e0c00961405020c8c60
#![no_main]

use std::collections::BTreeMap;

use fuzz::person::{CHANNELS, GAMES, are_numbers, first, person};
use libfuzzer_sys::fuzz_target;
use model::analysis::bootstrap::Drawings;
use model::analysis::population::{Base, POPULATION_VERSION, Part, Population};
use model::analysis::tastes::{Beside, DAYS_NEEDED, tastes};
use model::identity::{ChannelKey, GameKey};

/// Bytes before those of the person: the last day of everybody's, and three for each channel and game.
const HEAD: usize = 1 + 3 * (CHANNELS as usize + GAMES as usize);

fuzz_target!(|bytes: &[u8]| {
    let Some((head, rest)) = bytes.split_at_checked(HEAD) else { return };
    let Some((record, _)) = person(rest) else { return };
    // Slots of everybody, from none to more than there can be, and people.
    let sums: Vec<(u64, u32)> =
        head[1..].chunks_exact(3).map(|sum| (u64::from(sum[0]) << (sum[1] % 57), u32::from(sum[2]))).collect();
    let (channels, games) = sums.split_at(CHANNELS.into());
    let channels: BTreeMap<ChannelKey, (u64, u32)> = (0..).map(ChannelKey).zip(channels.iter().copied()).collect();
    let games: BTreeMap<GameKey, (u64, u32)> = (0..).map(GameKey).zip(games.iter().copied()).collect();
    let population = Population {
        version: POPULATION_VERSION,
        day: first().plus(i32::from(head[0])),
        days: 28,
        people: 5_000,
        read: 5_000,
        zone: "UTC".into(),
        time_zone: None,
        time_zone_people: 0,
        listed: 5_000,
        tastes: Some(Base { people: 5_000, channels: Part::of(&channels, 9), games: Part::of(&games, 2) }),
    };
    let found = tastes(&record.trace(), &population, Drawings { seed: 1, count: 20 });
    are_numbers(&found);
    let Ok(found) = found else { return };
    assert!((DAYS_NEEDED..=28).contains(&found.days));
    check(&found.value.channels);
    check(&found.value.games);
});

fn check<K: Copy + std::fmt::Debug>(beside: &Beside<K>) {
    let mut sum = beside.apart;
    for lift in &beside.lifts {
        let interval = lift.lift.interval.expect("drawings of days that have it");
        assert!(lift.lift.value > 0.0 && 0.0 <= interval.from && interval.from <= interval.to, "{lift:?}");
        assert!(lift.share > 0.0 && lift.share <= 1.0 && lift.usual > 0.0 && lift.usual <= 1.0, "{lift:?}");
        sum += lift.share;
    }
    assert!((0.0..=1.0).contains(&beside.apart) && sum <= 1.0 + 1e-9, "{beside:?}");
}
