//! What a viewer's samples say of their habits, and of them.

use model::analysis::portrait::Portrait;
use model::day::Day;
use model::login::Login;
use model::viewer_schedule::ChannelName;
use model::zone::ZoneTable;
use serde::{Deserialize, Serialize};

/// The longest stretch that is read at once, in days: as long as anything is kept.
pub const MAX_DAYS: i32 = 400;

/// The answer of `/api/viewer_habits`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Habits {
    /// Of whom.
    pub login: Login,
    /// The zone that all hours and days are local to.
    pub zone: ZoneTable,
    /// Another was asked for, and there is no such zone.
    pub unknown_zone: bool,
    /// The stretch of UTC days, [from, until).
    pub from: Day,
    /// See `from`.
    pub until: Day,
    /// Why another stretch than the one asked for is shown; nothing if it is that one.
    pub refused: Option<RangeRefused>,
    /// Whether public holidays count as weekends.
    pub holidays: bool,
    /// Whether they are known for the zone's country.
    pub has_holidays: bool,
    /// What the samples say; nothing where none of them is in the stretch. Keys are places in `channels` and `games`: the store's own
    /// never leave the server.
    pub portrait: Option<Portrait>,
    /// Channels named in it.
    pub channels: Vec<ChannelName>,
    /// Games named in it.
    pub games: Vec<String>,
}

/// Why a stretch of days cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RangeRefused {
    /// It ends before it begins.
    Reversed,
    /// It has more than [`MAX_DAYS`] days.
    TooLong {
        /// How many.
        days: u32,
    },
}

impl RangeRefused {
    /// Checks a stretch whose last day is `last`.
    pub fn check(first: Day, last: Day) -> Result<(), RangeRefused> {
        let days = i64::from(last.days()) - i64::from(first.days()) + 1;
        match days {
            ..=0 => Err(RangeRefused::Reversed),
            days if days > i64::from(MAX_DAYS) => Err(RangeRefused::TooLong { days: days as u32 }),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_is_some_days_in_order() {
        let check = |first: &str, last: &str| RangeRefused::check(first.parse().unwrap(), last.parse().unwrap());
        assert_eq!(check("2026-11-22", "2026-11-22"), Ok(()));
        assert_eq!(check("2026-11-22", "2026-11-21"), Err(RangeRefused::Reversed));
        assert_eq!(check("2025-11-22", "2026-12-26"), Ok(()));
        assert_eq!(check("2025-11-22", "2026-12-27"), Err(RangeRefused::TooLong { days: 401 }));
        assert_eq!(
            RangeRefused::check(Day::MIN, Day::MAX).map_err(|e| matches!(e, RangeRefused::TooLong { .. })),
            Err(true)
        );
    }
}
