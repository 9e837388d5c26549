//! What somebody's true nights come to: the usual night, and their chronotype.

use crate::analysis::bootstrap::{around, quantile};

/// The hours of the clock.
const ROUND: f64 = 24.0;
/// Nights of a kind by which that kind has a usual one.
const NIGHTS_NEEDED: usize = 5;

/// One true night, in hours of the clock on the wall.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Night {
    /// When they fell asleep, 0–24.
    pub from: f64,
    /// How long they slept.
    pub hours: f64,
    /// Whether the day after it was free.
    pub before_free: bool,
}

/// The usual night: medians, on the clock those around the mean direction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Usual {
    /// When they fall asleep, 0–24.
    pub from: f64,
    /// When they get up, 0–24.
    pub to: f64,
    /// The middle of their sleep, 0–24.
    pub middle: f64,
    /// How long they sleep.
    pub hours: f64,
}

/// The true chronotype, as the questionnaire works it out (Roenneberg et al. 2003, 2019).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrueChronotype {
    /// The middle of sleep before days of work, 0–24.
    pub workdays: f64,
    /// Before free days.
    pub free_days: f64,
    /// Of free days, without what they make up for.
    pub corrected: f64,
    /// How far both are apart, 0–12.
    pub social_jetlag: f64,
}

/// The usual night of some; nothing of fewer than five.
pub fn usual(nights: &[Night]) -> Option<Usual> {
    if nights.len() < NIGHTS_NEEDED {
        return None;
    }
    let clock = |of: fn(&Night) -> f64| circular_median(nights.iter().map(of), ROUND);
    let mut hours: Vec<f64> = nights.iter().map(|night| night.hours).collect();
    hours.sort_unstable_by(f64::total_cmp);
    Some(Usual {
        from: clock(|night| night.from)?,
        to: clock(|night| night.from + night.hours)?,
        middle: clock(|night| night.from + night.hours / 2.0)?,
        hours: quantile(&hours, 0.5)?,
    })
}

/// The true chronotype of some nights, of a week with `work_days` days of work; nothing of fewer than five nights of either kind.
pub fn chronotype(nights: &[Night], work_days: u32) -> Option<TrueChronotype> {
    let (free, work): (Vec<Night>, Vec<Night>) = nights.iter().partition(|night| night.before_free);
    let (work, free) = (usual(&work)?, usual(&free)?);
    let share = f64::from(work_days.min(7)) / 7.0;
    let week = share * work.hours + (1.0 - share) * free.hours;
    let makes_up = if free.hours > work.hours { (free.hours - week) / 2.0 } else { 0.0 };
    Some(TrueChronotype {
        workdays: work.middle,
        free_days: free.middle,
        corrected: (free.middle - makes_up).rem_euclid(ROUND),
        social_jetlag: around(free.middle - work.middle, ROUND).abs(),
    })
}

/// The median of values on a circle, of how far they are from their mean direction; nothing of none.
pub fn circular_median(values: impl Iterator<Item = f64> + Clone, round: f64) -> Option<f64> {
    let turn = std::f64::consts::TAU / round;
    let (sin, cos) =
        values.clone().fold((0.0, 0.0), |(sin, cos), value| (sin + (value * turn).sin(), cos + (value * turn).cos()));
    let mean = f64::atan2(sin, cos) / turn;
    let mut off: Vec<f64> = values.map(|value| around(value - mean, round)).collect();
    off.sort_unstable_by(f64::total_cmp);
    Some((mean + quantile(&off, 0.5)?).rem_euclid(round)).filter(|median| median.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nights_over_midnight_have_a_usual_one() {
        let night = |from, hours, before_free| Night { from, hours, before_free };
        let work = [23.0, 23.5, 0.0, 0.5, 23.25].map(|from| night(from, 7.0, false));
        let free = [1.0, 1.5, 2.0, 1.5, 1.25].map(|from| night(from, 9.0, true));
        let found = usual(&work).unwrap();
        assert!((found.from - 23.5).abs() < 1e-9 && (found.to - 6.5).abs() < 1e-9, "{found:?}");
        assert!((found.middle - 3.0).abs() < 1e-9 && (found.hours - 7.0).abs() < 1e-9, "{found:?}");
        let all = [work, free].concat();
        let TrueChronotype { workdays, free_days, corrected, social_jetlag } = chronotype(&all, 5).unwrap();
        assert!((workdays - 3.0).abs() < 1e-9 && (free_days - 6.0).abs() < 1e-9 && (social_jetlag - 3.0).abs() < 1e-9);
        assert!((corrected - (6.0 - (9.0 - 53.0 / 7.0) / 2.0)).abs() < 1e-9, "{corrected}");
        assert_eq!((usual(&work[..4]), chronotype(&work, 5)), (None, None));
    }

    #[test]
    fn medians_go_round() {
        assert!((circular_median([23.0, 0.0, 2.0].into_iter(), 24.0).unwrap() - 0.0).abs() < 1e-9);
        assert_eq!(circular_median(std::iter::empty(), 24.0), None);
    }
}
