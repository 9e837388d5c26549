//! The likeliest window of a day in which somebody is hardly ever there, among all of them.

use std::borrow::Borrow;

use super::Refused;
use super::grid::Cell;
use super::offline::{DAY_HOURS, PARTS};

/// Days on which a quarter of an hour must have been exposed to count.
const EXPOSED_DAYS: u32 = 5;
/// Exposed quarters that the result needs: half of the day.
const EXPOSED_PARTS: u32 = 48;
/// The shortest window: 4 hours.
const SHORTEST: usize = 16;
/// The longest: 12 hours.
const LONGEST: usize = 48;
/// Quarters of the least active part of a day, L5: 5 hours.
const LEAST: usize = 20;

/// What is known of a quarter of an hour of one night, or of many added up: how many slots with presence, how many known, and on how many nights any
/// was known. All three in one word of 21 bits each, which hundreds of thousands of nights fit in, so that nights are added up at a third of the cost.
#[derive(Clone, Copy, Debug, Default)]
struct Quarter(u64);

impl Quarter {
    const BITS: u32 = 21;

    fn of(cell: Cell) -> Quarter {
        let [present, known] = [cell.present, cell.known].map(u64::from);
        Quarter(present | known << Quarter::BITS | u64::from(known > 0) << (2 * Quarter::BITS))
    }

    fn count(self, place: u32) -> u32 {
        (self.0 >> (place * Quarter::BITS)) as u32 & ((1 << Quarter::BITS) - 1)
    }

    fn present(self) -> u32 {
        self.count(0)
    }

    fn known(self) -> u32 {
        self.count(1)
    }

    fn nights(self) -> u32 {
        self.count(2)
    }
}

/// A night by quarters of an hour, from noon on.
#[derive(Clone, Debug)]
pub(super) struct Night([Quarter; PARTS]);

impl Night {
    pub(super) fn of(cells: &[Cell; PARTS]) -> Night {
        Night(cells.map(Quarter::of))
    }

    /// Nights added up.
    fn sum(nights: impl Iterator<Item = impl Borrow<Night>>) -> [Quarter; PARTS] {
        let mut sums = [Quarter::default(); PARTS];
        for night in nights {
            for (sum, quarter) in sums.iter_mut().zip(&night.borrow().0) {
                sum.0 += quarter.0;
            }
        }
        sums
    }

    /// Whether they were there.
    pub(super) fn is_active(&self) -> bool {
        self.0.iter().any(|quarter| quarter.present() > 0)
    }

    /// Slots known.
    pub(super) fn known(&self) -> usize {
        self.0.iter().map(|quarter| quarter.known() as usize).sum()
    }
}

/// n ln n: looked up where it is wanted for many drawings.
pub(super) struct Logs(Vec<f64>);

impl Logs {
    pub(super) fn up_to(most: usize) -> Logs {
        Logs((0..=most as u32).map(Logs::of).collect())
    }

    fn of(n: u32) -> f64 {
        if n == 0 { 0.0 } else { f64::from(n) * f64::from(n).ln() }
    }

    /// The log-likelihood of k of n at the share that makes it largest.
    fn likelihood(&self, k: u32, n: u32) -> f64 {
        let log = |n: u32| self.0.get(n as usize).copied().unwrap_or_else(|| Logs::of(n));
        log(k) + log(n - k) - log(n)
    }
}

/// Days together, as sums up to each quarter of two days, so that a window is two look-ups.
pub(super) struct Summed {
    present: [u32; 2 * PARTS + 1],
    known: [u32; 2 * PARTS + 1],
    exposed_parts: u32,
}

/// A window, by its first quarter after noon and how many it has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    start: usize,
    parts: usize,
    pub(super) shares: (f64, f64),
}

/// Of the windows of so many quarters, by the first of them, what they sum to, of sums up to each quarter of two days.
fn of_all(sums: &[u32; 2 * PARTS + 1], parts: usize) -> [u32; PARTS] {
    let mut all = [0; PARTS];
    for ((all, before), up_to) in all.iter_mut().zip(sums).zip(&sums[parts..]) {
        *all = up_to - before;
    }
    all
}

impl Summed {
    pub(super) fn of<'a>(nights: impl Iterator<Item = &'a Night>) -> Summed {
        let sums = Night::sum(nights);
        let (mut present, mut known, mut exposed_parts) = ([0; 2 * PARTS + 1], [0; 2 * PARTS + 1], 0);
        for place in 0..2 * PARTS {
            let part = place % PARTS;
            let counts = sums[part].nights() >= EXPOSED_DAYS;
            present[place + 1] = present[place] + if counts { sums[part].present() } else { 0 };
            known[place + 1] = known[place] + if counts { sums[part].known() } else { 0 };
            exposed_parts += u32::from(counts && place < PARTS);
        }
        Summed { present, known, exposed_parts }
    }

    /// The share of known slots with presence, by quarter after midnight; nothing of those that do not count.
    pub(super) fn profile(&self) -> Vec<Option<f64>> {
        let share = |part: usize| {
            // Nights begin at noon.
            let place = (part + PARTS / 2) % PARTS;
            let known = self.known[place + 1] - self.known[place];
            (known > 0).then(|| f64::from(self.present[place + 1] - self.present[place]) / f64::from(known))
        };
        (0..PARTS).map(share).collect()
    }

    /// The likeliest window, the longer of two. Refused: half of the day without anybody to watch; no window has less presence than the rest.
    pub(super) fn window(&self, logs: &Logs) -> Result<Window, Refused> {
        if self.exposed_parts < EXPOSED_PARTS {
            return Err(Refused::Gaps { hours: (PARTS as u32 - self.exposed_parts).div_ceil(4) });
        }
        let (all_present, all_known) = (self.present[PARTS], self.known[PARTS]);
        let mut best: Option<(f64, Window)> = None;
        for parts in SHORTEST..=LONGEST {
            let (presents, knowns) = (of_all(&self.present, parts), of_all(&self.known, parts));
            // Where they were there least, of what is known most, and the last of those. Of more presence in less that is known it need not be
            // worked out how likely it is: less than this.
            let (mut fewest, mut most, mut least) = (u32::MAX, 0, 0);
            for start in 0..PARTS {
                let (present, known) = (presents[start], knowns[start]);
                if known < all_known && (present < fewest || present == fewest && known >= most) {
                    (fewest, most, least) = (present, known, start);
                }
            }
            for start in 0..PARTS {
                let (present, known) = (presents[start], knowns[start]);
                if present >= fewest && known <= most && start != least {
                    continue;
                }
                let (other, other_known) = (all_present - present, all_known - known);
                // Nothing known of one of the two; or it is no window offline.
                if known == 0
                    || other_known == 0
                    || u64::from(present) * u64::from(other_known) >= u64::from(other) * u64::from(known)
                {
                    continue;
                }
                let likelihood = logs.likelihood(present, known) + logs.likelihood(other, other_known);
                if best.is_none_or(|(found, _)| likelihood >= found) {
                    let share = |present, known| f64::from(present) / f64::from(known);
                    let shares = (share(present, known), share(other, other_known));
                    best = Some((likelihood, Window { start, parts, shares }));
                }
            }
        }
        best.map(|(_, window)| window).ok_or(Refused::Constant)
    }

    fn is_exposed(&self, part: usize) -> bool {
        self.known[part % PARTS + 1] > self.known[part % PARTS]
    }

    /// The earliest and the latest window that is as likely: over quarters at its ends in which nobody was on air.
    pub(super) fn loosened(&self, window: &Window) -> [Window; 2] {
        let steps = |next: &dyn Fn(usize) -> usize| (0..PARTS).take_while(|step| !self.is_exposed(next(*step))).count();
        let (start, end) = (window.start + PARTS, window.start + window.parts + PARTS);
        let (early_start, late_start) = (steps(&|step| start - 1 - step), steps(&|step| start + step));
        let (early_end, late_end) = (steps(&|step| end - 1 - step), steps(&|step| end + step));
        let of = |start, end| Window::between(start, end, window.shares);
        [of(start - early_start, end - early_end), of(start + late_start, end + late_end)]
    }

    /// The hour of the clock at which five hours begin in which nobody was on air for half of them or more, apart from the window, and in which
    /// they are there as little as in it: then it cannot be told which is their night. `nights` are of all slots.
    pub(super) fn elsewhere<N: Iterator<Item = Night>>(
        &self,
        window: &Window,
        nights: impl FnOnce() -> N,
    ) -> Option<u8> {
        let is_dark = |from: &usize| (*from..from + LEAST).filter(|part| !self.is_exposed(*part)).count() * 2 >= LEAST;
        let is_apart = |from: &usize| (*from..from + LEAST).filter(|part| window.has(part % PARTS)).count() * 2 < LEAST;
        let dark: Vec<usize> = (0..PARTS).filter(|from| is_dark(from) && is_apart(from)).collect();
        if dark.is_empty() {
            return None;
        }
        let all = Night::sum(nights());
        let share = |from: usize, parts: usize| {
            let sum = |of: fn(Quarter) -> u32| (from..from + parts).map(|part| of(all[part % PARTS])).sum::<u32>();
            let (present, known) = (sum(Quarter::present), sum(Quarter::known));
            (known > 0).then(|| f64::from(present) / f64::from(known))
        };
        let inside = share(window.start, window.parts)?;
        let least =
            dark.into_iter().filter_map(|from| Some((from, share(from, LEAST)?))).min_by(|a, b| a.1.total_cmp(&b.1));
        // Nights begin at noon.
        least.filter(|(_, share)| *share <= inside).map(|(from, _)| ((from + PARTS / 2) % PARTS / 4) as u8)
    }
}

impl Window {
    /// From one quarter after noon to another, which may be of the next day, with the shares inside and outside of it.
    pub(super) fn between(start: usize, end: usize, shares: (f64, f64)) -> Window {
        Window { start: start % PARTS, parts: end - start, shares }
    }

    fn has(&self, part: usize) -> bool {
        (part + PARTS - self.start) % PARTS < self.parts
    }

    pub(super) fn from(&self) -> f64 {
        ((self.start + PARTS / 2) % PARTS) as f64 / 4.0
    }

    pub(super) fn to(&self) -> f64 {
        (self.from() + self.hours()).rem_euclid(DAY_HOURS)
    }

    /// Hours from its beginning to its end, 4–12.
    pub(super) fn hours(&self) -> f64 {
        self.parts as f64 / 4.0
    }

    /// Its middle, an hour of the local clock, 0–24.
    pub(super) fn middle(&self) -> f64 {
        (self.from() + self.hours() / 2.0).rem_euclid(DAY_HOURS)
    }
}
