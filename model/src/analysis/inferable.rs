//! Of whom anything is inferred at all: of people whose habits show, and of nobody who was hardly seen.

use super::Refused;
use super::offline::always_on;
use super::record::Trace;
use crate::coverage::{PersonCoverage, Proof};
use crate::words::Tier;

/// Days with presence that every result needs that says what somebody is like: on fewer, one week tells more than a habit does.
pub const ACTIVE_DAYS: u32 = 14;

/// Whether it can be told what somebody is like by a method that needs days kept by `needs`.
///
/// Refused: a program; people who were never in a list; fewer than [`ACTIVE_DAYS`] days with presence, or as many of which too
/// few are as fine as that; an account that is always on.
pub fn inferable(trace: &Trace, needs: Tier) -> Result<(), Refused> {
    if trace.is_bot() {
        return Err(Refused::Bot);
    }
    if trace.proof() == Proof::Speech && trace.active_days() > 0 {
        return Err(Refused::SpeechOnly);
    }
    let have = if needs == Tier::Slots { trace.active_slot_days() } else { trace.active_days() };
    if have < ACTIVE_DAYS {
        let enough = trace.active_days() >= ACTIVE_DAYS;
        return Err(if enough { Refused::Coarse { needs } } else { Refused::FewDays { have, need: ACTIVE_DAYS } });
    }
    let seen: Vec<PersonCoverage> = trace.slots().iter().map(|day| day.coverage).collect();
    always_on(&seen)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::record::Record;
    use crate::analysis::record::tests::first;
    use crate::hours::{SlotCounts, ViewerHours};
    use crate::identity::ChannelKey;
    use crate::presence::{ChannelPresence, ViewerDay};
    use crate::run::Run;

    /// So many days kept by hour, and after them so many kept by slot, of which `day` says what was seen.
    fn trace(coarse: i32, fine: i32, day: impl Fn(i32) -> ViewerDay) -> Trace {
        let counts = SlotCounts { listed: 12, ..SlotCounts::default() };
        let hours = ViewerHours { channels: vec![(ChannelKey(1), counts)], ..ViewerHours::default() };
        let held = |n: i32| (first().plus(n), hours.clone());
        let until = first().plus(coarse + fine);
        let record = Record {
            hours: (0..coarse).map(held).collect(),
            days: (0..fine).map(|n| (first().plus(coarse + n), day(n))).collect(),
            ..Record::empty(first(), first().plus(coarse), until)
        };
        record.trace()
    }

    fn seen(bot: bool, listed: &[Run], spoke: &[Run]) -> ViewerDay {
        let there = ChannelPresence { channel: ChannelKey(1), listed: listed.to_vec(), spoke: spoke.to_vec() };
        ViewerDay { bot, channels: vec![there] }
    }

    fn run(from: u16, to: u16) -> Run {
        Run::new(from, to).unwrap()
    }

    #[test]
    fn of_whom_too_little_is_known_nothing_is_inferred() {
        let evening = |_| seen(false, &[run(200, 230)], &[]);
        let few = |have| Err(Refused::FewDays { have, need: ACTIVE_DAYS });
        assert_eq!(inferable(&trace(0, 0, evening), Tier::Slots), few(0));
        assert_eq!(inferable(&trace(0, 13, evening), Tier::Slots), few(13));
        assert_eq!(inferable(&trace(0, 14, evening), Tier::Slots), Ok(()));
        // One evening, and one sighting.
        assert_eq!(inferable(&trace(0, 1, |_| seen(false, &[run(7, 8)], &[])), Tier::Hours), few(1));
        // By hour there are enough, by slot there are not.
        let mixed = trace(10, 5, evening);
        assert_eq!(inferable(&mixed, Tier::Hours), Ok(()));
        assert_eq!(inferable(&mixed, Tier::Slots), Err(Refused::Coarse { needs: Tier::Slots }));
        assert_eq!(inferable(&trace(20, 0, evening), Tier::Hours), Ok(()));
    }

    #[test]
    fn programs_and_screens_have_no_habits() {
        let evening = |bot| seen(bot, &[run(200, 230)], &[]);
        assert_eq!(inferable(&trace(0, 20, |n| evening(n == 14 || n == 19)), Tier::Hours), Err(Refused::Bot));
        assert_eq!(inferable(&trace(0, 20, |n| evening(n < 10)), Tier::Hours), Ok(()));
        let heard = trace(0, 20, |_| seen(false, &[], &[run(200, 201)]));
        assert_eq!(inferable(&heard, Tier::Hours), Err(Refused::SpeechOnly));
        let always = trace(0, 20, |_| seen(false, &[run(0, 150), run(160, 288)], &[]));
        assert_eq!(inferable(&always, Tier::Hours), Err(Refused::AlwaysOn { minutes: 50 }));
    }
}
