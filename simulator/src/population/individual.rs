//! Who somebody is: traits that do not change from one day to another.

use model::day::Day;

use super::table::{KINDS, Nights, Range, ZONE_SHARES};
use super::{Family, PersonKind};
use crate::account::{Circles, FAVOURITES};
use crate::channel::Channel;
use crate::dice::{Dice, Purpose, fraction, mix};
use crate::zone::{Zone, Zones};

/// Somebody, or something.
#[derive(Clone, Debug)]
pub(crate) struct Individual {
    pub(crate) family: Family,
    pub(crate) kind: PersonKind,
    /// Stands for them in streams of chance.
    pub(crate) key: u64,
    pub(crate) zone: Zone,
    /// From this local day on they live elsewhere.
    pub(crate) moves: Option<(Day, Zone)>,
    /// As [`Nights`]: theirs.
    pub(crate) alarm: i32,
    pub(crate) bed: i32,
    pub(crate) late: i32,
    pub(crate) need: i32,
    pub(crate) spread: f64,
    pub(crate) work: Option<Work>,
    /// Share of days on which they watch at all; of a screen, of broadcasts.
    pub(crate) active: f64,
    /// How often they begin to watch in a free hour.
    pub(crate) appetite: f64,
    pub(crate) sitting: f64,
    pub(crate) lead: f64,
    pub(crate) lead_spread: f64,
    pub(crate) dozes: bool,
    pub(crate) naps: bool,
    pub(crate) second_screen: f64,
    pub(crate) travels: bool,
    /// How often the channel is one of their favourites.
    pub(crate) loyal: f64,
    /// How often they sit with the second account.
    pub(crate) second_share: f64,
    /// Their accounts, one or two.
    pub(crate) faces: Vec<Face>,
}

/// An account of somebody.
#[derive(Clone, Debug)]
pub(crate) struct Face {
    /// Its number in the world's table.
    pub(crate) account: u32,
    /// Channels, dearest first.
    pub(crate) favourites: Vec<u16>,
}

/// Usual work or lessons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Work {
    /// Bit 0 is Monday: the days on which it begins.
    pub(crate) days: u8,
    /// Local minutes after the midnight that begins the day; a night shift ends past 1,440.
    pub(crate) from: i32,
    pub(crate) to: i32,
}

/// What individuals are made from.
pub(crate) struct Maker<'a> {
    pub(crate) seed: u64,
    pub(crate) family: Family,
    pub(crate) zones: &'a Zones,
    pub(crate) channels: &'a [Channel],
    pub(crate) circles: &'a Circles,
    pub(crate) from: Day,
    pub(crate) until: Day,
}

const WORKDAYS: u8 = 0b001_1111;
/// A channel is no favourite of who could see less of it than this, minutes of a usual day.
const SEEN_MINUTES: i32 = 60;

impl Maker<'_> {
    /// The individual of this number.
    pub(crate) fn individual(&self, number: u32) -> Individual {
        let (family, habits) = (self.family, self.family.habits());
        let key = mix(mix(0x666f_6c6b, u64::from(number)), family.place() as u64);
        let mut dice = Dice::new(self.seed, Purpose::FolkTraits, key, 0);
        let row = KINDS[dice.weighted(KINDS.iter().map(|row| f64::from(row.share[family.place()])))];
        let (kind, nights) = (row.kind, row.nights[family.place()]);
        let zone = self.zone(&mut dice);
        let moves = dice.chance(habits.movers).then(|| self.move_from(zone, &mut dice)).filter(|_| kind.is_person());
        let active = match kind {
            PersonKind::AlwaysOn => hundredths(&mut dice, habits.always_on),
            _ => hundredths(&mut dice, habits.active),
        };
        let Nights { alarm, bed, late, need, spread } = nights;
        let [alarm, bed, late, need] = [alarm, bed, late, need].map(|range| draw(&mut dice, range));
        let mut work = work(kind, alarm, &mut dice);
        if let Some(work) = work.as_mut().filter(|work| work.days == WORKDAYS && dice.chance(habits.saturdays)) {
            work.days = work.days & !(1 << dice.below(5)) | 1 << 5;
        }
        let mut individual = Individual {
            family,
            kind,
            key,
            zone,
            moves,
            alarm,
            bed,
            late,
            need,
            spread: f64::from(draw(&mut dice, spread)),
            work,
            active,
            appetite: hundredths(&mut dice, habits.appetite),
            sitting: f64::from(draw(&mut dice, habits.sitting)),
            lead: f64::from(draw(&mut dice, habits.lead)),
            lead_spread: f64::from(draw(&mut dice, habits.lead_spread)),
            dozes: dice.chance(habits.dozers),
            naps: dice.chance(habits.nappers),
            second_screen: hundredths(&mut dice, habits.second_screen),
            travels: dice.chance(habits.travellers),
            loyal: 0.7 + 0.3 * dice.unit(),
            second_share: hundredths(&mut dice, habits.second_share),
            faces: Vec::new(),
        };
        let two = kind.is_person() && dice.chance(habits.two_accounts);
        let first = self.favourites(&individual, Vec::new(), &mut dice);
        let shared: Vec<u16> = first.iter().copied().take(habits.shared_favourites).collect();
        individual.faces.push(Face { account: 0, favourites: first });
        if two {
            let favourites = self.favourites(&individual, shared, &mut dice);
            individual.faces.push(Face { account: 0, favourites });
        }
        individual
    }

    fn zone(&self, dice: &mut Dice) -> Zone {
        let place = dice.weighted(ZONE_SHARES.iter().map(|(_, share)| f64::from(share[self.family.place()])));
        Zone::named(ZONE_SHARES[place].0).unwrap_or(Zone::PARIS)
    }

    /// To another time, in the middle half of the days that are asked about.
    fn move_from(&self, zone: Zone, dice: &mut Dice) -> (Day, Zone) {
        let days = self.until.days() - self.from.days();
        let day = self.from.plus(days / 4 + dice.range(0, days / 2));
        let offset = |zone: Zone| self.zones.table(zone).offset_at(day.start_unix());
        let to = (0..20).map(|_| self.zone(dice)).find(|to| offset(*to) != offset(zone));
        (day, to.unwrap_or(Zone::PARIS))
    }

    /// Those given, and others, most of one circle, that are on air while they are awake; of a screen also such as never end.
    fn favourites(&self, individual: &Individual, mut favourites: Vec<u16>, dice: &mut Dice) -> Vec<u16> {
        let circle = dice.below(crate::games::COMMUNITIES.len() as u32) as usize + 1;
        if individual.kind == PersonKind::AlwaysOn {
            let mut never_end: Vec<u16> = (0u16..)
                .zip(self.channels)
                .filter(|(_, channel)| channel.habit.iter().any(|airing| airing.minutes > 1_400))
                .map(|(place, _)| place)
                .collect();
            never_end.sort_by_key(|place| mix(individual.key, u64::from(*place)));
            return never_end.into_iter().take(2).collect();
        }
        for n in 0..60 {
            if favourites.len() >= FAVOURITES {
                break;
            }
            // A third from anywhere: circles overlap.
            let place = self.circles.draw(if n % 3 == 2 { 0 } else { circle }, dice);
            // Who finds nothing of their circle to see in fifty tries takes what there is.
            let seen = n >= 50 || self.seen_minutes(individual, place) >= SEEN_MINUTES;
            if seen && !favourites.contains(&place) {
                favourites.push(place);
            }
        }
        favourites
    }

    /// Minutes of a usual day in which they are free and the channel is on air.
    fn seen_minutes(&self, individual: &Individual, place: u16) -> i32 {
        let channel = &self.channels[usize::from(place)];
        let offset = |zone: Zone| self.zones.table(zone).offset_at(self.from.start_unix()) / 60;
        let ahead = offset(individual.zone) - offset(channel.zone);
        let (wake, bed) = match (individual.kind, individual.work) {
            (PersonKind::NightWorker, Some(work)) => (work.to + individual.bed + individual.need - 1_440, work.from),
            (_, Some(work)) => (work.to, individual.bed),
            _ => (individual.bed - 1_440 + individual.need + 180, individual.bed),
        };
        let seen = |start: i32, minutes: i32| {
            // The same broadcast a day before and after: clocks of zones are up to 19 hours apart.
            let on_day = |day: i32| (bed.min(start + minutes + day * 1_440) - wake.max(start + day * 1_440)).max(0);
            (-2..=2).map(on_day).sum::<i32>()
        };
        channel
            .habit
            .iter()
            .map(|airing| {
                let days = (airing.days & 0b111_1111).count_ones() as i32;
                seen(i32::from(airing.start) + ahead, i32::from(airing.minutes)) * days / 7
            })
            .sum()
    }
}

fn work(kind: PersonKind, alarm: i32, dice: &mut Dice) -> Option<Work> {
    let (days, from, length) = match kind {
        PersonKind::Worker | PersonKind::Parent => (WORKDAYS, alarm + draw(dice, (65, 110)), draw(dice, (480, 560))),
        PersonKind::Student => (WORKDAYS, alarm + draw(dice, (60, 110)), draw(dice, (300, 460))),
        PersonKind::NightWorker => (shifts(dice), draw(dice, (1_230, 1_350)), draw(dice, (480, 600))),
        PersonKind::Home | PersonKind::Irregular | PersonKind::AlwaysOn | PersonKind::Bot => return None,
    };
    Some(Work { days, from, to: from + length })
}

/// Four or five nights in a row, from any day of the week on.
fn shifts(dice: &mut Dice) -> u8 {
    let (first, nights) = (dice.below(7), 4 + dice.below(2));
    (first..first + nights).fold(0, |days, day| days | 1 << (day % 7))
}

/// From the first to the last, both among them.
pub(crate) fn draw(dice: &mut Dice, (from, to): Range) -> i32 {
    dice.range(from, to + 1)
}

fn hundredths(dice: &mut Dice, range: Range) -> f64 {
    f64::from(draw(dice, range)) / 100.0
}

/// [0, 1) of somebody, for a thing and a number of it.
pub(crate) fn lot(individual: &Individual, seed: u64, thing: u64, number: i64) -> f64 {
    fraction(mix(mix(seed ^ individual.key, thing), number as u64))
}
