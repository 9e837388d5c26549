//! Days added up so that summer and winter lie on each other, by whichever clocks.

use std::collections::BTreeMap;

use super::Refused;
use super::circle::shares;
use super::grid::HOURS;
use super::offline::{DAYS_NEEDED, ExposedDay};
use super::reference::{HOURS_NEEDED, Profile, rates};
use super::summer_time::{Clocks, Hours, Phase, SummerTime, TOLD, add_ahead, is_enough, likelihood, phase};
use crate::day::Day;

/// Days that are drawn, each of a kind: days of a kind are added up, since all clocks are as far ahead on them.
pub(super) struct Cells {
    pub(super) days: Vec<(usize, [u8; 2 * HOURS])>,
    kinds: Vec<Kind>,
    active: u32,
    /// Changes that have enough active days: whether in autumn, and the kinds of days of each part.
    changes: Vec<(bool, Parts)>,
}

/// Kinds of the days before both changes of a season, between them, and after both.
type Parts = [Vec<usize>; 3];

/// Days on which all clocks are as far ahead, about the same change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Kind {
    ahead: [usize; 3],
    phase: Option<Phase>,
}

impl Cells {
    /// Of days on which they had somebody to watch.
    pub(super) fn of(first: Day, days: &[ExposedDay]) -> Cells {
        let mut cells =
            Cells { days: Vec::with_capacity(days.len()), kinds: Vec::new(), active: 0, changes: Vec::new() };
        let mut changes: BTreeMap<(i32, bool), ([u32; 3], Parts)> = BTreeMap::new();
        for (place, day) in days.iter().enumerate() {
            let coverage = day.while_exposed();
            let (present, known) = (coverage.present, coverage.known());
            if known.is_empty() {
                continue;
            }
            let date = first.plus(i32::try_from(place).unwrap_or(i32::MAX));
            let kind = Kind { ahead: Clocks::ALL.map(|clocks| clocks.ahead(date)), phase: phase(date) };
            let number = cells.kinds.iter().rposition(|other| *other == kind).unwrap_or(cells.kinds.len());
            if number == cells.kinds.len() {
                cells.kinds.push(kind);
            }
            let is_active = u32::from(!present.is_empty());
            cells.active += is_active;
            if let Some(Phase { change, part }) = kind.phase {
                let (active, kinds) = changes.entry(change).or_default();
                active[part] += is_active;
                if !kinds[part].contains(&number) {
                    kinds[part].push(number);
                }
            }
            let (present, known) = (present.by_hour(), known.by_hour());
            let counts = std::array::from_fn(|at| if at < HOURS { present[at] } else { known[at - HOURS] });
            cells.days.push((number, counts));
        }
        let enough = changes.into_iter().filter(|(_, (active, _))| is_enough(*active));
        cells.changes = enough.map(|((_, autumn), (_, kinds))| (autumn, kinds)).collect();
        cells
    }

    pub(super) fn refuse_few_days(&self) -> Result<(), Refused> {
        let few = Refused::FewDays { have: self.active, need: DAYS_NEEDED };
        if self.active < DAYS_NEEDED { Err(few) } else { Ok(()) }
    }

    /// Some days, added up by kind.
    pub(super) fn sums(&self, places: impl Iterator<Item = usize>) -> Vec<Hours> {
        let mut sums = vec![[0u32; 2 * HOURS]; self.kinds.len()];
        for place in places {
            let (kind, counts) = &self.days[place];
            sums[*kind].iter_mut().zip(counts).for_each(|(sum, count)| *sum += u32::from(*count));
        }
        sums.iter().map(|sums| std::array::from_fn(|hour| (sums[hour], sums[HOURS + hour]))).collect()
    }

    /// The profile by some clocks: by hour of UTC, and an hour later on days on which they are ahead. So winter and summer lie on each
    /// other. Refused: under 12 hours with somebody to watch, presence that is the same all day long.
    pub(super) fn profile(&self, sums: &[Hours], clocks: Clocks) -> Result<Profile, Refused> {
        let mut hours = Hours::default();
        for (kind, sum) in self.kinds.iter().zip(sums) {
            add_ahead(&mut hours, sum, kind.ahead[clocks.place()]);
        }
        let rates = rates(&hours);
        let known = rates.map(|rate| rate.is_some());
        let have = known.iter().filter(|known| **known).count() as u32;
        if have < HOURS_NEEDED {
            return Err(Refused::Gaps { hours: HOURS as u32 - have });
        }
        let (least, most) =
            rates.iter().flatten().fold((1.0f64, 0.0f64), |(least, most), rate| (least.min(*rate), most.max(*rate)));
        let shares = shares(&rates.map(Option::unwrap_or_default)).filter(|_| most > least).ok_or(Refused::Constant)?;
        Ok(Profile { shares, known })
    }

    /// The clocks by which days before and after changes are likeliest of one chance an hour; all of those that are as likely.
    pub(super) fn clocks(&self, sums: &[Hours]) -> Vec<Clocks> {
        let mut likelihoods = [0.0; 3];
        for (autumn, kinds) in &self.changes {
            let mut parts = [Hours::default(); 3];
            for (part, kinds) in parts.iter_mut().zip(kinds) {
                for kind in kinds {
                    add_ahead(part, &sums[*kind], 0);
                }
            }
            for clocks in Clocks::ALL {
                likelihoods[clocks.place()] += likelihood(*autumn, clocks, &parts);
            }
        }
        let best = likelihoods.iter().copied().fold(f64::MIN, f64::max);
        Clocks::ALL.into_iter().filter(|clocks| likelihoods[clocks.place()] >= best).collect()
    }

    /// What changes tell, from how often each clock is told.
    pub(super) fn summer_time(&self, told: &[f64; 3]) -> Option<SummerTime> {
        let drawings: f64 = told.iter().sum();
        let shares = told.map(|count| if drawings > 0.0 { count / drawings } else { 0.0 });
        let clocks = Clocks::ALL.into_iter().find(|clocks| shares[clocks.place()] >= TOLD);
        let changes = self.changes.len() as u32;
        (changes > 0).then_some(SummerTime { changes, shares, clocks })
    }
}
