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
    /// The stretch of local days that is read, [from, until); empty before the first day is over.
    pub from: Day,
    /// See `from`.
    pub until: Day,
    /// The local days that could be: those of which all is held, [first, second).
    pub held: (Day, Day),
    /// Why another stretch than the one asked for is shown; empty if it is that one.
    pub refused: Vec<RangeRefused>,
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

/// Why a stretch of days cannot be read, or not all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RangeRefused {
    /// It ends before it begins.
    Reversed,
    /// It has more than [`MAX_DAYS`] days.
    TooLong {
        /// How many.
        days: u32,
    },
    /// Nothing is held of any of its days.
    NotHeld,
    /// It begins before anything is held: read from there on.
    BeginsBefore,
    /// It ends with days that are not over, or not imported to their end: read up to them.
    NotOver,
}

/// The stretch that is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// The first local day.
    pub from: Day,
    /// The day after the last.
    pub until: Day,
    /// Why it is not the one asked for.
    pub refused: Vec<RangeRefused>,
}

impl Chosen {
    /// Of a first and a last day asked for, those that are held, which are [first, until) and some. What cannot be read at all falls back
    /// on the last [`MAX_DAYS`] of them.
    pub fn of(from: Option<Day>, to: Option<Day>, (first, until): (Day, Day)) -> Chosen {
        let last = until.plus(-1);
        let to = to.unwrap_or_else(|| from.map_or(last, |from| from.max(last)));
        let from = from.unwrap_or_else(|| first.max(to.plus(1 - MAX_DAYS)).min(to));
        let is_held = from < until && to >= first;
        if let Some(refused) = RangeRefused::check(from, to).err().or((!is_held).then_some(RangeRefused::NotHeld)) {
            return Chosen { from: first.max(until.plus(-MAX_DAYS)), until, refused: vec![refused] };
        }
        let cut = [(from < first, RangeRefused::BeginsBefore), (to > last, RangeRefused::NotOver)];
        let refused = cut.into_iter().filter_map(|(is_cut, refused)| is_cut.then_some(refused)).collect();
        Chosen { from: from.max(first), until: to.min(last).plus(1), refused }
    }
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
    fn only_days_held_are_read_and_all_of_them_where_none_can_be() {
        let day = |text: &str| -> Day { text.parse().unwrap() };
        let held = (day("2026-09-01"), day("2026-11-21"));
        let choose = |from: Option<&str>, to: Option<&str>| {
            let chosen = Chosen::of(from.map(day), to.map(day), held);
            (chosen.from.to_string(), chosen.until.to_string(), chosen.refused)
        };
        let all = |refused: Vec<RangeRefused>| ("2026-09-01".to_owned(), "2026-11-21".to_owned(), refused);
        assert_eq!(choose(None, None), all(vec![]));
        assert_eq!(choose(Some("2026-10-01"), Some("2026-10-07")), ("2026-10-01".into(), "2026-10-08".into(), vec![]));
        assert_eq!(choose(None, Some("2026-10-07")), ("2026-09-01".into(), "2026-10-08".into(), vec![]));
        let both = vec![RangeRefused::BeginsBefore, RangeRefused::NotOver];
        assert_eq!(choose(Some("2026-08-01"), Some("2026-11-21")), all(both));
        // Days to come, today, and days before the first.
        for (from, to) in
            [(Some("2026-11-21"), None), (Some("2026-11-21"), Some("2026-11-21")), (None, Some("2026-08-31"))]
        {
            assert_eq!(choose(from, to), all(vec![RangeRefused::NotHeld]));
        }
        assert_eq!(choose(Some("2026-11-02"), Some("2026-11-01")), all(vec![RangeRefused::Reversed]));
        let long = Chosen::of(None, None, (day("2024-01-01"), day("2026-11-21")));
        assert_eq!((long.until.days() - long.from.days(), long.refused), (MAX_DAYS, vec![]));
    }

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
