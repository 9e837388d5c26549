//! How people spend their days: when they sleep, when they are busy, when they might watch.

use model::day::Day;

use crate::zone::Zone;

/// A stretch of the day in which somebody may watch.
///
/// Times are local minutes after the midnight that begins the day, and may be of the day after (1,500 is 01:00).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// The earliest minute.
    pub from: u16,
    /// The latest minute.
    pub to: u16,
    /// How often it is used, 0–1.
    pub chance: f64,
}

/// One kind of day. Times as in [`Window`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DayPlan {
    /// When they get up.
    pub wake: u16,
    /// When they go to sleep, after `wake`.
    pub bed: u16,
    /// Work, school, the road there and back: [from, to).
    pub busy: &'static [(u16, u16)],
    /// When they may watch: never asleep, never busy.
    pub windows: &'static [Window],
}

/// The rhythm of a life.
#[derive(Clone, Copy, Debug)]
pub struct Life {
    /// The local minute at which one day of theirs ends and the next begins: while they sleep. 0–1,439.
    pub begins: u16,
    /// Bit 0 is Monday: the days they work or study.
    pub work_days: u8,
    /// Whether public and school holidays free them.
    pub holidays: Holidays,
    /// A day of work.
    pub work: DayPlan,
    /// A day of work in every second week, where shifts change.
    pub other_week: Option<DayPlan>,
    /// A free day.
    pub free: DayPlan,
}

/// Which holidays free somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holidays {
    /// Works on holidays too.
    None,
    /// French public holidays.
    Public,
    /// Public ones, and those of French schools (rounded: the same dates every year).
    School,
}

impl Life {
    /// Whether `day` is a day of work or school.
    pub fn works_on(&self, day: Day) -> bool {
        let off = match self.holidays {
            Holidays::None => false,
            Holidays::Public => is_public_holiday(day),
            Holidays::School => is_public_holiday(day) || is_school_holiday(day),
        };
        self.work_days >> day.weekday() & 1 == 1 && !off
    }

    /// The plan of a local day.
    pub fn plan(&self, day: Day) -> &DayPlan {
        // Weeks begin on Monday; 1970-01-05 was one.
        let odd_week = (day.days() - 4).div_euclid(7) % 2 == 1;
        match &self.other_week {
            _ if !self.works_on(day) => &self.free,
            Some(other) if odd_week => other,
            _ => &self.work,
        }
    }
}

fn is_public_holiday(day: Day) -> bool {
    let (_, month, day) = day.ymd();
    [(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)].contains(&(month, day))
}

/// Whether French schools are closed for holidays, rounded.
pub(crate) fn is_school_holiday(day: Day) -> bool {
    let (_, month, day) = day.ymd();
    let date = month * 100 + day;
    let within = |from, to| (from..=to).contains(&date);
    within(214, 301) || within(411, 426) || within(704, 831) || within(1018, 1102) || date >= 1220 || date <= 104
}

const fn w(from: u16, to: u16, chance: f64) -> Window {
    Window { from, to, chance }
}

/// What an ordinary viewer's days look like, and how many in a thousand live so.
pub(crate) struct Occupation {
    pub(crate) share: u32,
    pub(crate) life: Life,
}

const WORKDAYS: u8 = 0b001_1111;

const OFFICE_FREE: DayPlan = DayPlan {
    wake: 540,
    bed: 1_500,
    busy: &[],
    windows: &[w(570, 720, 0.22), w(840, 1_110, 0.38), w(1_200, 1_470, 0.72)],
};

pub(crate) const OCCUPATIONS: [Occupation; 6] = [
    // Office and shop hours.
    Occupation {
        share: 400,
        life: Life {
            begins: 300,
            work_days: WORKDAYS,
            holidays: Holidays::Public,
            work: DayPlan {
                wake: 420,
                bed: 1_420,
                busy: &[(510, 730), (805, 1_100)],
                windows: &[w(425, 490, 0.07), w(732, 803, 0.2), w(1_105, 1_200, 0.25), w(1_240, 1_415, 0.72)],
            },
            other_week: None,
            free: OFFICE_FREE,
        },
    },
    // Students.
    Occupation {
        share: 220,
        life: Life {
            begins: 360,
            work_days: WORKDAYS,
            holidays: Holidays::School,
            work: DayPlan {
                wake: 480,
                bed: 1_540,
                busy: &[(570, 740), (830, 1_040)],
                windows: &[w(745, 828, 0.25), w(1_050, 1_170, 0.4), w(1_230, 1_535, 0.8)],
            },
            other_week: None,
            free: DayPlan {
                wake: 640,
                bed: 1_610,
                busy: &[],
                windows: &[w(670, 820, 0.3), w(870, 1_140, 0.5), w(1_200, 1_600, 0.8)],
            },
        },
    },
    // Pupils.
    Occupation {
        share: 150,
        life: Life {
            begins: 240,
            work_days: WORKDAYS,
            holidays: Holidays::School,
            work: DayPlan {
                wake: 405,
                bed: 1_345,
                busy: &[(450, 1_010)],
                windows: &[w(1_020, 1_150, 0.5), w(1_215, 1_340, 0.5)],
            },
            other_week: None,
            free: DayPlan {
                wake: 540,
                bed: 1_400,
                busy: &[],
                windows: &[w(570, 730, 0.4), w(820, 1_130, 0.6), w(1_205, 1_390, 0.6)],
            },
        },
    },
    // Two shifts in turn.
    Occupation {
        share: 70,
        life: Life {
            begins: 225,
            work_days: WORKDAYS,
            holidays: Holidays::Public,
            work: DayPlan {
                wake: 255,
                bed: 1_270,
                busy: &[(285, 820)],
                windows: &[w(850, 1_040, 0.5), w(1_130, 1_265, 0.5)],
            },
            other_week: Some(DayPlan {
                wake: 500,
                bed: 1_540,
                busy: &[(730, 1_330)],
                windows: &[w(530, 700, 0.5), w(1_350, 1_535, 0.6)],
            }),
            free: OFFICE_FREE,
        },
    },
    // Nights.
    Occupation {
        share: 40,
        life: Life {
            begins: 720,
            work_days: WORKDAYS,
            holidays: Holidays::None,
            work: DayPlan {
                wake: 930,
                bed: 1_950,
                busy: &[(1_230, 1_860)],
                windows: &[w(960, 1_200, 0.6), w(1_870, 1_940, 0.4)],
            },
            other_week: None,
            free: DayPlan {
                wake: 840,
                bed: 1_800,
                busy: &[],
                windows: &[w(870, 1_140, 0.4), w(1_230, 1_560, 0.6), w(1_570, 1_790, 0.4)],
            },
        },
    },
    // At home: retired, looking for work, on leave.
    Occupation {
        share: 120,
        life: Life {
            begins: 270,
            work_days: 0,
            holidays: Holidays::None,
            work: OFFICE_FREE,
            other_week: None,
            free: DayPlan {
                wake: 450,
                bed: 1_440,
                busy: &[],
                windows: &[w(480, 710, 0.3), w(810, 1_100, 0.5), w(1_190, 1_430, 0.6)],
            },
        },
    },
];

/// A local day of somebody's life as minutes, moved by their own clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    pub(crate) zone: Zone,
    /// Minutes later than the plan, which is the same every day.
    pub(crate) shift: i16,
    /// Minutes that windows begin earlier or later from one day to the next: the standard deviation.
    pub(crate) jitter: f64,
    /// Days on which they watch at all, 0–1.
    pub(crate) active: f64,
    /// How often they use a window, against what the plan says: 1 as often.
    pub(crate) keen: f64,
    /// How much of a window they stay, 0–1, on average about its 0.6th part.
    pub(crate) stay: f64,
    /// How often a second channel runs beside the first, 0–1.
    pub(crate) second_screen: f64,
    /// How often the channel is one of their favourites, 0–1.
    pub(crate) loyal: f64,
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Windows lie within the waking hours and outside of work.
    pub(crate) fn check(life: &Life, who: &str) {
        let work = (life.work_days != 0).then_some(&life.work);
        for plan in [work, life.other_week.as_ref(), Some(&life.free)].into_iter().flatten() {
            assert!(plan.wake < plan.bed && plan.wake >= life.begins && plan.bed <= life.begins + 1_440, "{who}");
            for window in plan.windows {
                assert!(
                    plan.wake <= window.from && window.from < window.to && window.to <= plan.bed,
                    "{who}: {window:?}"
                );
                assert!(
                    plan.busy.iter().all(|(from, to)| window.to <= *from || *to <= window.from),
                    "{who}: {window:?}"
                );
            }
        }
    }

    #[test]
    fn nobody_watches_asleep_or_at_work() {
        assert_eq!(OCCUPATIONS.iter().map(|occupation| occupation.share).sum::<u32>(), 1_000);
        for (number, occupation) in OCCUPATIONS.iter().enumerate() {
            check(&occupation.life, &number.to_string());
        }
    }

    #[test]
    fn weeks_turn_and_holidays_free() {
        let shifts = &OCCUPATIONS[3].life;
        let monday: Day = "2026-11-16".parse().unwrap();
        assert_ne!(shifts.plan(monday), shifts.plan(monday.plus(7)));
        assert_eq!(shifts.plan(monday), shifts.plan(monday.plus(14)));
        assert_eq!(shifts.plan(monday.plus(5)), &shifts.free);
        let student = &OCCUPATIONS[1].life;
        assert!(student.works_on("2026-11-03".parse().unwrap()));
        assert!(!student.works_on("2026-10-20".parse().unwrap()));
        assert!(!student.works_on("2026-05-01".parse().unwrap()));
    }
}
