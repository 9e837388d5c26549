//! Whether the clock was set while a chat was listened to.

use super::room::GRACE_MS;
use crate::clock::Moment;

/// What is known of how the clock was set. What is written is put into slots by the clock, so around a jump it may be told in
/// another one than it was written in, and slots' speakers are forgotten too soon.
#[derive(Debug, Default)]
pub(super) struct Jumps {
    /// How far the clock was ahead of the steady one, when a slot was proved last.
    offset_ms: Option<i64>,
    /// When a slot was proved last, or the first look was.
    proved_ms: i64,
    last: Option<Jump>,
}

/// The clock was set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Jump {
    /// When that was noticed, by the steady clock.
    seen_ms: i64,
    /// By how much: forward, or back where it is negative.
    pub(super) by_ms: i64,
}

impl Jumps {
    /// Looks at the clock, as often as what it shows is used. What it is slowly drawn to the true time by is no jump.
    pub(super) fn look(&mut self, now: Moment) {
        let Some(offset_ms) = self.offset_ms else {
            (self.offset_ms, self.proved_ms) = (Some(now.offset_ms()), now.steady_ms);
            return;
        };
        let by_ms = now.offset_ms() - offset_ms;
        if by_ms.abs() > GRACE_MS {
            self.offset_ms = Some(now.offset_ms());
            self.last = Some(Jump { seen_ms: now.steady_ms, by_ms });
        }
    }

    /// The jump for which nothing can be said of a slot that ended and began at `began_ms` of the steady clock: one since then,
    /// or since the last slot was proved. The next look compares with this one.
    pub(super) fn prove(&mut self, began_ms: i64, now: Moment) -> Option<Jump> {
        self.look(now);
        let jump = self.last.filter(|jump| jump.seen_ms >= began_ms || jump.seen_ms > self.proved_ms);
        (self.offset_ms, self.proved_ms) = (Some(now.offset_ms()), now.steady_ms);
        jump
    }

    /// When the last one was noticed, by the steady clock.
    pub(super) fn last_ms(&self) -> Option<i64> {
        self.last.map(|jump| jump.seen_ms)
    }

    /// Whether there was none for so long.
    pub(super) fn none_for(&self, ms: i64, now: Moment) -> bool {
        self.last.is_none_or(|jump| now.steady_ms - jump.seen_ms >= ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000;
    const HOUR: i64 = 60 * MINUTE;
    /// Unix time when the steady clock began.
    const BEGAN: i64 = 1_795_348_800_000;

    fn at(minutes: i64, set_ms: i64) -> Moment {
        Moment { unix_ms: BEGAN + minutes * MINUTE + set_ms, steady_ms: minutes * MINUTE }
    }

    /// Looked at when it began, and proved after five minutes.
    fn jumps() -> Jumps {
        let mut jumps = Jumps::default();
        jumps.look(at(0, 0));
        assert_eq!(jumps.prove(0, at(5, 0)), None);
        jumps
    }

    #[test]
    fn a_clock_that_is_drawn_slowly_does_not_jump() {
        let mut jumps = jumps();
        for slot in 2..50 {
            jumps.look(at(5 * slot - 1, 3_000 * (slot - 1)));
            assert_eq!(jumps.prove(5 * MINUTE * (slot - 1), at(5 * slot, 3_000 * (slot - 1))), None);
        }
        assert!(jumps.none_for(i64::MAX, at(300, 0)));
    }

    #[test]
    fn a_slot_in_which_the_clock_was_set_is_not_proved() {
        for by_ms in [HOUR, -HOUR, GRACE_MS + 1, -GRACE_MS - 1] {
            let mut jumps = jumps();
            let jump = jumps.prove(5 * MINUTE, at(10, by_ms));
            assert_eq!(jump, Some(Jump { seen_ms: 10 * MINUTE, by_ms }));
            // Nor is the one that it is in by the clock that was set, which began before that.
            assert_eq!(jumps.prove(9 * MINUTE, at(14, by_ms)), jump);
            assert_eq!(jumps.prove(14 * MINUTE, at(19, by_ms)), None);
            assert!(!jumps.none_for(10 * MINUTE, at(19, by_ms)) && jumps.none_for(10 * MINUTE, at(20, by_ms)));
        }
    }

    #[test]
    fn a_clock_that_was_set_and_set_back_within_a_slot_was_set() {
        let mut jumps = jumps();
        jumps.look(at(6, HOUR));
        jumps.look(at(7, 0));
        assert_eq!(jumps.prove(5 * MINUTE, at(10, 0)), Some(Jump { seen_ms: 7 * MINUTE, by_ms: -HOUR }));
        assert_eq!(jumps.prove(10 * MINUTE, at(15, 0)), None);
    }

    #[test]
    fn a_slot_that_lasted_an_hour_more_is_not_proved() {
        // Set back in the middle of it; its end by that clock is an hour later.
        let mut jumps = jumps();
        jumps.look(at(6, -HOUR));
        assert!(jumps.prove(65 * MINUTE, at(70, -HOUR)).is_some());
        assert_eq!(jumps.prove(70 * MINUTE, at(75, -HOUR)), None);
    }
}
