//! Who broadcasts: a name, a circle, a weekly habit, a rank.

use model::identity::TwitchId;
use model::login::Login;

use crate::dice::{Dice, Purpose, name_key};
use crate::games::{COMMUNITIES, Community};
use crate::names::{channel_login, channel_name};
use crate::zone::Zone;

/// An invented channel.
#[derive(Debug)]
pub(crate) struct Channel {
    pub(crate) login: Login,
    pub(crate) display_name: String,
    pub(crate) id: TwitchId,
    /// `fr` or `en`, as Twitch says it.
    pub(crate) language: &'static str,
    pub(crate) community: u8,
    /// The game it comes back to, by its place in the circle.
    pub(crate) home_game: u8,
    pub(crate) zone: Zone,
    /// Attraction: 1 / (rank + 3), Zipf's law with a flattened head.
    pub(crate) weight: f64,
    pub(crate) habit: Vec<Airing>,
    /// Share of the viewers whom the list of chatters does not name.
    pub(crate) anonymous: f64,
    /// Share of half-hours in which nobody can read its list, beside what fails now and then: 0 but in
    /// [`crate::population`].
    pub(crate) unheard: f64,
    /// Stands for it in streams of chance.
    pub(crate) key: u64,
}

impl Channel {
    pub(crate) fn games(&self) -> Community {
        COMMUNITIES[usize::from(self.community)]
    }
}

/// A usual broadcast: on some days of the week, at about the same time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Airing {
    /// Bit 0 is Monday.
    pub(crate) days: u8,
    /// Local minutes after midnight, from [`DAY_BEGINS`] to 24 hours later.
    pub(crate) start: u16,
    /// How long, in minutes.
    pub(crate) minutes: u16,
}

/// Local minute at which a broadcast day begins: what starts before belongs to the evening before.
pub(crate) const DAY_BEGINS: u16 = 360;

const EVERY_DAY: u8 = 0b111_1111;
const WORKDAYS: u8 = 0b001_1111;
const WEEKEND: u8 = 0b110_0000;
const NOT_MONDAY: u8 = 0b111_1110;

/// `(days, start, minutes)`, as [`Airing`].
type Usual = (u8, u16, u16);

/// The channels that personas watch and pages show first, most attractive first: name, circle, the
/// game they come back to, usual broadcasts.
#[rustfmt::skip]
const KNOWN: [(&str, u8, u8, &[Usual]); 16] = [
    ("Radio Minuit",       0, 0, &[(NOT_MONDAY, 1_260, 330), (WEEKEND, 900, 180)]),
    ("Atelier Brume",      4, 0, &[(EVERY_DAY, 540, 210), (0b010_0100, 1_170, 150)]),
    ("La Meute du Sud",    3, 0, &[(EVERY_DAY, 1_020, 390)]),
    ("Tour de Guet",       5, 0, &[(EVERY_DAY, 780, 360)]),
    ("Échec et Café",      2, 0, &[(EVERY_DAY, 1_080, 195), (WEEKEND, 600, 150)]),
    ("Cabane Rétro",       1, 0, &[(EVERY_DAY, 705, 150), (0b011_0101, 1_230, 180)]),
    ("Bocage Express",     3, 2, &[(NOT_MONDAY, 1_215, 240)]),
    ("Phare Ouest",        6, 0, &[(EVERY_DAY, 1_290, 270)]),
    ("Nuit de Garde",      5, 0, &[(EVERY_DAY, 1_410, 375)]),
    ("Matin Calme",        5, 1, &[(EVERY_DAY, 365, 175)]),
    ("Veille Permanente",  4, 2, &[(EVERY_DAY, DAY_BEGINS, 1_435)]),
    ("Usine à Vapeur",     7, 0, &[(WORKDAYS, 845, 290), (WEEKEND, 820, 400)]),
    ("Donjon et Tisane",   8, 0, &[(EVERY_DAY, 1_245, 285)]),
    ("Cri du Grenier",     9, 0, &[(0b101_1100, 1_320, 240)]),
    ("Goûter Pixel",       1, 0, &[(EVERY_DAY, 960, 130)]),
    ("Cap Tropique",       6, 0, &[(EVERY_DAY, 900, 240)]),
];

/// Makes `count` channels, sorted by login. The first ids are given by rank: the same in worlds of any size.
pub(crate) fn channels(seed: u64, count: u32) -> Vec<Channel> {
    let mut taken = std::collections::HashSet::new();
    let known =
        KNOWN.iter().map(|(name, community, home, usual)| ((*name).to_owned(), Some((*community, *home, *usual))));
    let mut channels: Vec<Channel> = known
        .chain((0..).map(|n| (channel_name(n), None)))
        // Two long names may share their first 25 characters: the second one goes.
        .filter_map(|(name, known)| {
            let login: Login = channel_login(&name).parse().ok()?;
            taken.insert(login.clone()).then_some((name, login, known))
        })
        .take(count as usize)
        .enumerate()
        .map(|(rank, (display_name, login, known))| channel(seed, rank as u32, display_name, login, known))
        .collect();
    channels.sort_by(|a, b| a.login.cmp(&b.login));
    channels
}

fn channel(seed: u64, rank: u32, display_name: String, login: Login, known: Option<(u8, u8, &[Usual])>) -> Channel {
    let key = name_key(login.as_str());
    let mut dice = Dice::new(seed, Purpose::ChannelTraits, key, 0);
    let community = dice.below(COMMUNITIES.len() as u32) as u8;
    let usual = if dice.chance(0.15) { afternoons(&mut dice) } else { evenings(&mut dice) };
    let zone = ["Europe/Paris", "America/Toronto", "Indian/Reunion"][dice.weighted([0.94, 0.04, 0.02].into_iter())];
    let english = dice.chance(0.06);
    let anonymous = 0.12 + 0.26 * dice.unit();
    let airing = |(days, start, minutes): &Usual| Airing { days: *days, start: *start, minutes: *minutes };
    Channel {
        // About 9 digits, as Twitch's are; of the highest rank there is, 14: within what an id may have.
        id: TwitchId::new(400_000_003 + u64::from(rank) * 7_919).expect("neither 0 nor more than 18 digits"),
        language: if english && known.is_none() { "en" } else { "fr" },
        community: known.map_or(community, |(community, ..)| community),
        home_game: known.map_or((key % 3) as u8, |(_, home, _)| home),
        zone: if known.is_some() { Zone::PARIS } else { Zone::named(zone).unwrap_or(Zone::PARIS) },
        weight: 1.0 / f64::from(rank + 3),
        habit: known.map_or(usual, |(.., usual)| usual.iter().map(airing).collect()),
        anonymous,
        unheard: 0.0,
        key,
        display_name,
        login,
    }
}

fn evenings(dice: &mut Dice) -> Vec<Airing> {
    let mut habit = vec![Airing {
        days: days(dice, 0.62),
        start: dice.range(1_080, 1_380) as u16,
        minutes: dice.range(120, 330) as u16,
    }];
    if dice.chance(0.35) {
        habit.insert(
            0,
            Airing { days: WEEKEND, start: dice.range(780, 930) as u16, minutes: dice.range(90, 210) as u16 },
        );
    }
    habit
}

fn afternoons(dice: &mut Dice) -> Vec<Airing> {
    vec![Airing { days: days(dice, 0.7), start: dice.range(420, 930) as u16, minutes: dice.range(120, 300) as u16 }]
}

fn days(dice: &mut Dice, probability: f64) -> u8 {
    let days = (0..7).fold(0, |days, day| days | u8::from(dice.chance(probability)) << day);
    if days == 0 { WEEKEND } else { days }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_are_many_and_each_once() {
        let many = channels(1, 20_000);
        assert_eq!(many.len(), 20_000);
        assert!(many.windows(2).all(|pair| pair[0].login < pair[1].login));
        assert!(many.iter().all(|channel| channel.login.is_simulated()));
        let mut ids: Vec<TwitchId> = many.iter().map(|channel| channel.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), many.len());
        for (name, ..) in KNOWN {
            assert!(many.iter().any(|channel| channel.display_name == name), "{name}");
        }
    }

    #[test]
    fn habits_lie_within_a_broadcast_day() {
        for channel in channels(1, 1_000) {
            for airing in &channel.habit {
                assert!((DAY_BEGINS..DAY_BEGINS + 1_440).contains(&airing.start), "{}", channel.login);
            }
        }
    }
}
