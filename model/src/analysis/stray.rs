//! How far people's days are from the usual day of where they live.
//!
//! Some rise early and some work at night: found by their day alone, they look as if they lived elsewhere. How many do is seen of all
//! people, once it is taken away from where they are found that they do not all live in one place.

use super::grid::HOURS;
use super::offset::{Offset, Prior};
use super::reference::Reference;
use super::summer_time::Clocks;

/// Rounds of Richardson and Lucy: more of them make noise into peaks.
const ROUNDS: usize = 30;
/// Who strays as nobody else does is somebody all the same: this share of people strays by any hours alike.
const ANYHOW: f64 = 0.05;

/// By how many hours people are found ahead of where they live: a share of each of the 24.
#[derive(Clone, Debug)]
pub(super) struct Stray([f64; HOURS]);

impl Stray {
    /// Of where all people are found and where they live: the shares that, spread over homes, come nearest to what is found
    /// (Richardson 1972, Lucy 1974).
    pub(super) fn of(reference: &Reference, prior: &Prior) -> Stray {
        let found = reference.found();
        // Where they would be found if nobody strayed.
        let mut homes = [0.0; HOURS];
        for (home, clocks) in Offset::all().flat_map(|home| Clocks::ALL.map(|clocks| (home, clocks))) {
            let there = Offset::of_hours(i32::from(home.hours()) + i32::from(reference.moved()[clocks.place()]));
            homes[there.place()] += prior.weight(home, clocks);
        }
        let all: f64 = homes.iter().sum();
        let homes = homes.map(|share| share / all);
        let mut stray = [1.0 / HOURS as f64; HOURS];
        for _ in 0..ROUNDS {
            let expected: [f64; HOURS] =
                std::array::from_fn(|at| (0..HOURS).map(|home| homes[home] * stray[between(home, at)]).sum());
            let more = |by: usize| -> f64 {
                let at = |home: usize| (home + by) % HOURS;
                (0..HOURS).map(|home| homes[home] * found[at(home)] / expected[at(home)].max(f64::MIN_POSITIVE)).sum()
            };
            stray = std::array::from_fn(|by| stray[by] * more(by));
        }
        Stray(stray.map(|share| (1.0 - ANYHOW) * share + ANYHOW / HOURS as f64))
    }

    /// The chance that somebody who lives at an offset is found at another.
    pub(super) fn chance(&self, home: Offset, found: Offset) -> f64 {
        self.0[between(home.place(), found.place())]
    }
}

/// Hours from a place to another, 0–23.
fn between(home: usize, found: usize) -> usize {
    (found + HOURS - home) % HOURS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn habits_are_told_from_homes() {
        // Nine in ten live at one offset, and one in ten six hours west. Of each, half are found an hour further east.
        let (home, west) = (Offset::of_hours(1), Offset::of_hours(-5));
        let prior = Prior::new([(home, Clocks::Fixed, 0.9), (west, Clocks::Fixed, 0.1)]).unwrap();
        let mut found = [0.0; HOURS];
        for (offset, people) in [(1, 0.45), (2, 0.45), (-5, 0.05), (-4, 0.05)] {
            found[Offset::of_hours(offset).place()] = people;
        }
        let day = std::array::from_fn(|hour| if hour > 18 { 1.0 } else { 0.1 });
        let stray = Stray::of(&Reference::new(day, found, [0; 3]).unwrap(), &prior);
        for home in [home, west] {
            let chances = [0, 1, 2, -6].map(|by| stray.chance(home, Offset::of_hours(i32::from(home.hours()) + by)));
            assert!((chances[0] - 0.48).abs() < 0.03 && (chances[1] - 0.48).abs() < 0.03, "{chances:?}");
            assert!(chances[2] < 0.01 && chances[3] < 0.02, "{chances:?}");
        }
        // In summer, of people who are never ahead: all are found an hour behind where they are by standard time, and do not stray for it.
        found.rotate_left(1);
        let summer = Stray::of(&Reference::new(day, found, [-1, 0, 0]).unwrap(), &prior);
        assert!((summer.chance(home, home) - stray.chance(home, home)).abs() < 1e-9);
        let all: f64 = Offset::all().map(|found| stray.chance(home, found)).sum();
        assert!((all - 1.0).abs() < 0.01, "{all}");
    }
}
