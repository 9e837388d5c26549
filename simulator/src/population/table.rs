//! The parameters of both families, in one place. Figures of a pair are those of A and of B.

use super::{Family, PersonKind};

/// Any whole number from the first to the last, all alike.
pub type Range = (i32, i32);

/// When people of a kind sleep: local minutes, and minutes.
#[derive(Clone, Copy, Debug)]
pub struct Nights {
    /// When they have to get up for work or school, minutes after midnight.
    pub alarm: Range,
    /// When they usually go to bed before such a day, minutes after the midnight that begins the day (1,500 is 01:00).
    pub bed: Range,
    /// How much later before free days.
    pub late: Range,
    /// How long they would sleep.
    pub need: Range,
    /// From one night to another: the standard deviation of bed.
    pub spread: Range,
}

/// One kind of people: who, how many in a thousand in A and in B, and their nights in A and in B.
#[derive(Clone, Copy, Debug)]
pub struct KindRow {
    /// Who.
    pub kind: PersonKind,
    /// Shares in thousandths.
    pub share: [u32; 2],
    /// Their nights.
    pub nights: [Nights; 2],
}

const fn n(alarm: Range, bed: Range, late: Range, need: Range, spread: Range) -> Nights {
    Nights { alarm, bed, late, need, spread }
}

const NEVER: Nights = n((0, 0), (0, 0), (0, 0), (0, 0), (0, 0));

/// Kinds of people. Of night workers `bed` counts from the end of the shift, and on free nights from midnight.
#[rustfmt::skip]
pub const KINDS: [KindRow; 8] = [
    KindRow { kind: PersonKind::Worker, share: [390, 340], nights: [
        n((375, 465), (1_340, 1_430), (30, 110), (440, 500), (12, 28)),
        n((330, 500), (1_290, 1_480), (0, 170), (410, 530), (12, 60)),
    ] },
    KindRow { kind: PersonKind::NightWorker, share: [90, 90], nights: [
        n((0, 0), (60, 130), (180, 300), (410, 470), (15, 30)),
        n((0, 0), (30, 180), (60, 330), (380, 500), (15, 60)),
    ] },
    KindRow { kind: PersonKind::Student, share: [210, 190], nights: [
        n((420, 510), (1_400, 1_510), (40, 140), (470, 530), (20, 40)),
        n((400, 570), (1_370, 1_590), (0, 200), (440, 590), (20, 75)),
    ] },
    KindRow { kind: PersonKind::Parent, share: [150, 150], nights: [
        n((360, 420), (1_310, 1_390), (0, 40), (430, 480), (10, 25)),
        n((330, 440), (1_270, 1_420), (0, 80), (400, 500), (10, 50)),
    ] },
    KindRow { kind: PersonKind::Home, share: [110, 130], nights: [
        n((0, 0), (1_320, 1_500), (0, 30), (470, 560), (15, 35)),
        n((0, 0), (1_260, 1_620), (0, 60), (420, 620), (15, 75)),
    ] },
    KindRow { kind: PersonKind::Irregular, share: [20, 60], nights: [
        n((0, 0), (1_440, 1_560), (0, 0), (440, 520), (70, 100)),
        n((0, 0), (1_380, 1_620), (0, 0), (400, 560), (80, 130)),
    ] },
    KindRow { kind: PersonKind::AlwaysOn, share: [25, 30], nights: [NEVER, NEVER] },
    KindRow { kind: PersonKind::Bot, share: [5, 10], nights: [NEVER, NEVER] },
];

/// What sets the families apart beside nights. Shares are 0–1, times minutes unless said.
#[derive(Clone, Copy, Debug)]
pub struct Habits {
    /// Days on which somebody watches at all: least and most, in hundredths.
    pub active: Range,
    /// How often they begin to watch in a free hour, in hundredths, before what the time of their day makes of it.
    pub appetite: Range,
    /// How long they usually sit.
    pub sitting: Range,
    /// Between the last watching and bed, as somebody's habit; and how much that differs from night to night.
    pub lead: Range,
    /// The standard deviation of it.
    pub lead_spread: Range,
    /// Who now and then falls asleep in front of it, and on how many of their nights.
    pub dozers: f64,
    /// Of their nights.
    pub dozing_nights: f64,
    /// How long it then plays on.
    pub dozing: Range,
    /// Who takes naps, and on how many of their days.
    pub nappers: f64,
    /// Of their days.
    pub nap_days: f64,
    /// How often a second channel runs beside the first, in hundredths.
    pub second_screen: Range,
    /// Who goes away once in a half-year, for how many days at least (up to seven more).
    pub travellers: f64,
    /// Days.
    pub away_days: i32,
    /// Of the days away those on which they watch nothing.
    pub away_silent: f64,
    /// Chance of an illness of 2 to 4 days at home in two weeks.
    pub illness: f64,
    /// Who moves to another zone.
    pub movers: f64,
    /// Who works on Saturdays instead of one other day.
    pub saturdays: f64,
    /// Who has a second account.
    pub two_accounts: f64,
    /// Of the six favourites of the second those of the first.
    pub shared_favourites: usize,
    /// How often they sit with the second, in hundredths.
    pub second_share: Range,
    /// Channels whose list is often unheard, and how much of it.
    pub unheard_channels: f64,
    /// Of their half-hours.
    pub unheard: f64,
    /// How much of what is on a screen that is always on shows, in hundredths.
    pub always_on: Range,
}

const A: Habits = Habits {
    active: (35, 97),
    appetite: (25, 90),
    sitting: (50, 120),
    lead: (10, 50),
    lead_spread: (5, 20),
    dozers: 0.0,
    dozing_nights: 0.0,
    dozing: (0, 0),
    nappers: 0.0,
    nap_days: 0.0,
    second_screen: (0, 8),
    travellers: 0.5,
    away_days: 5,
    away_silent: 1.0,
    illness: 0.0,
    movers: 0.0,
    saturdays: 0.0,
    two_accounts: 0.05,
    shared_favourites: 4,
    second_share: (30, 50),
    unheard_channels: 0.2,
    unheard: 0.3,
    always_on: (90, 100),
};

const B: Habits = Habits {
    active: (15, 97),
    appetite: (12, 100),
    sitting: (30, 160),
    lead: (5, 200),
    lead_spread: (10, 70),
    dozers: 0.2,
    dozing_nights: 0.3,
    dozing: (45, 240),
    nappers: 0.2,
    nap_days: 0.3,
    second_screen: (0, 45),
    travellers: 0.8,
    away_days: 7,
    away_silent: 0.7,
    illness: 0.12,
    movers: 0.06,
    saturdays: 0.2,
    two_accounts: 0.08,
    shared_favourites: 2,
    second_share: (15, 50),
    unheard_channels: 0.3,
    unheard: 0.3,
    always_on: (70, 100),
};

/// Where people live, and channels broadcast: thousandths in A and in B. Montréal keeps Toronto's time.
pub const ZONE_SHARES: [(&str, [u32; 2]); 14] = [
    ("Europe/Paris", [560, 440]),
    ("Europe/Brussels", [60, 40]),
    ("Europe/Zurich", [20, 20]),
    ("Europe/London", [60, 80]),
    ("America/Toronto", [100, 110]),
    ("America/Los_Angeles", [40, 60]),
    ("America/Martinique", [20, 30]),
    ("America/Sao_Paulo", [40, 50]),
    ("Africa/Dakar", [20, 30]),
    ("Indian/Reunion", [40, 40]),
    ("Asia/Kolkata", [10, 30]),
    ("Asia/Tokyo", [20, 40]),
    ("Australia/Sydney", [0, 20]),
    ("Pacific/Noumea", [10, 10]),
];

impl Family {
    /// Its place in pairs.
    pub(crate) fn place(self) -> usize {
        self as usize
    }

    /// What its people do beside sleeping.
    pub fn habits(self) -> &'static Habits {
        match self {
            Family::A => &A,
            Family::B => &B,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::zone::Zone;

    #[test]
    fn shares_are_thousandths_of_zones_that_there_are() {
        for family in [Family::A, Family::B] {
            assert_eq!(KINDS.iter().map(|row| row.share[family.place()]).sum::<u32>(), 1_000);
            assert_eq!(ZONE_SHARES.iter().map(|(_, share)| share[family.place()]).sum::<u32>(), 1_000);
        }
        assert!(ZONE_SHARES.iter().all(|(name, _)| Zone::named(name).is_some()));
    }
}
