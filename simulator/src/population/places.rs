//! Channels of a family: all over the world, some always on air, some often unheard.

use super::Family;
use super::table::ZONE_SHARES;
use crate::channel::{Airing, Channel, DAY_BEGINS};
use crate::dice::{Dice, Purpose, fraction, mix};
use crate::zone::Zone;

/// Of channels that are not the known ones those that never end.
const NEVER_ENDS: f64 = 0.04;
/// Chance's day for what a family makes of a channel: another than the traits that all worlds give it.
const SETTLED: i32 = 1;

/// Gives channels the zones of the family's people, lets some never end, and some be unheard.
pub(super) fn settle(seed: u64, family: Family, channels: &mut [Channel]) {
    let habits = family.habits();
    for channel in channels {
        let mut dice = Dice::new(seed, Purpose::ChannelTraits, channel.key, SETTLED);
        let zone = dice.weighted(ZONE_SHARES.iter().map(|(_, share)| f64::from(share[family.place()])));
        channel.zone = Zone::named(ZONE_SHARES[zone].0).unwrap_or(Zone::PARIS);
        if dice.chance(NEVER_ENDS) {
            channel.habit = vec![Airing { days: 0b111_1111, start: DAY_BEGINS, minutes: 1_435 }];
        }
        if fraction(mix(seed ^ channel.key, 0x756e_6865)) < habits.unheard_channels {
            channel.unheard = habits.unheard;
        }
    }
}
