//! Everybody who can be in a chat, sorted by login, so that an account's number is its place in the order of archives.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use rayon::prelude::*;

use crate::channel::Channel;
use crate::crowd::{BOTS_MAX, COMMUNITY_MAX, Rhythm, rhythm};
use crate::dice::{Dice, Purpose, name_key};
use crate::life::{Life, OCCUPATIONS, Pace};
use crate::names::viewer_login;
use crate::persona::{PersonaKind, personas};
use crate::population::individual::Individual;
use crate::zone::{ZONES, Zone};

/// Favourite channels of an ordinary viewer, at most.
pub(crate) const FAVOURITES: usize = 6;
/// In place of a favourite that there is not.
const NO_CHANNEL: u16 = u16::MAX;
/// One viewer in so many is a bot, as long as there are not too many, and one a screen that nobody turns off.
const VIEWERS_PER_BOT: u32 = 650;

/// What is behind a login.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Person,
    /// A screen that nobody turns off.
    AlwaysOn,
    /// Sits in many chats at once.
    Bot,
    /// By its place in [`personas`].
    Persona(u8),
    /// The account of a channel's owner, by the channel's place.
    Owner(u16),
    /// Somebody of [`crate::population`], by their place in [`Accounts::folk`], and which of their accounts.
    Folk {
        person: u32,
        face: u8,
    },
}

/// One account, without its login.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(crate) kind: Kind,
    /// Stands for it in streams of chance.
    pub(crate) key: u64,
    zone: Zone,
    occupation: u8,
    shift: i16,
    active: f32,
    keen: f32,
    stay: f32,
    favourites: [u16; FAVOURITES],
}

impl Account {
    /// The rhythm of an ordinary person or a persona.
    pub(crate) fn life(&self) -> (&'static Life, Pace) {
        if let Kind::Persona(number) = self.kind {
            let persona = &personas()[usize::from(number)];
            let (active, second_screen) = (persona.active, persona.second_screen);
            let pace = Pace {
                zone: self.zone,
                shift: 0,
                jitter: 6.0,
                active,
                keen: 1.0,
                stay: 0.95,
                second_screen,
                loyal: 1.0,
            };
            return (&persona.life, pace);
        }
        let pace = Pace {
            zone: self.zone,
            shift: self.shift,
            jitter: 16.0,
            active: f64::from(self.active),
            keen: f64::from(self.keen),
            stay: f64::from(self.stay),
            second_screen: 0.04,
            loyal: 0.8,
        };
        (&OCCUPATIONS[usize::from(self.occupation)].life, pace)
    }

    /// Its favourite channels, dearest first.
    pub(crate) fn favourites(&self) -> impl Iterator<Item = usize> + Clone + '_ {
        self.favourites.iter().filter(|channel| **channel != NO_CHANNEL).map(|channel| usize::from(*channel))
    }

    /// The other account of the same person. Both draw from one stream of chance: what one does, the other does not.
    pub(crate) fn other_face(&self) -> Option<&'static str> {
        let Kind::Persona(number) = self.kind else { return None };
        match personas()[usize::from(number)].kind {
            PersonaKind::SecondFace(other) => Some(other),
            _ => None,
        }
    }
}

/// All accounts, by login.
#[derive(Debug)]
pub(crate) struct Accounts {
    names: String,
    ends: Vec<u32>,
    /// Whether they are a crowd, as [`crate::crowd`] tells.
    pub(crate) crowd: bool,
    pub(crate) all: Vec<Account>,
    /// Of a world of [`crate::population`] the people; of others nobody.
    pub(crate) folk: Vec<Individual>,
}

impl Accounts {
    /// Personas, owners of the channels, and ordinary viewers up to `viewers` people without the owners.
    pub(crate) fn new(seed: u64, viewers: u32, channels: &[Channel]) -> Accounts {
        let mut named: HashMap<String, Kind> = HashMap::with_capacity(viewers as usize + channels.len());
        for (place, channel) in channels.iter().enumerate() {
            named.insert(channel.login.to_string(), Kind::Owner(place as u16));
        }
        for (number, persona) in personas().iter().enumerate() {
            named.insert(persona.login.to_owned(), Kind::Persona(number as u8));
        }
        for n in 0..viewers.saturating_sub(personas().len() as u32) {
            let kind = match n % VIEWERS_PER_BOT {
                0 if n / VIEWERS_PER_BOT < BOTS_MAX => Kind::Bot,
                1 => Kind::AlwaysOn,
                _ => Kind::Person,
            };
            name(&mut named, seed, n, kind);
        }
        let mut named: Vec<(String, Kind)> = named.into_iter().collect();
        named.par_sort_unstable_by(|a, b| a.0.cmp(&b.0));
        let (circles, crowd) = (Circles::new(channels), viewers > COMMUNITY_MAX);
        let all = named.par_iter().map(|(login, kind)| match *kind {
            Kind::Owner(place) => special(login, *kind, channels[usize::from(place)].zone),
            Kind::Persona(number) => {
                let persona = &personas()[usize::from(number)];
                let mut account = special(login, *kind, Zone::named(persona.zone).unwrap_or(Zone::PARIS));
                let places = persona.favourites.iter().filter_map(|login| circles.place(channels, login));
                account.favourites.iter_mut().zip(places).for_each(|(slot, place)| *slot = place);
                account
            }
            // Nobody of them is in `named`: they have their own way here.
            Kind::Folk { .. } => special(login, *kind, Zone::PARIS),
            Kind::Person | Kind::AlwaysOn | Kind::Bot => ordinary(seed, login, *kind, &circles, crowd),
        });
        Accounts { crowd, all: all.collect(), ..Accounts::named(&named) }
    }

    /// Owners of the channels, and each of `folk` with as many accounts as they have. Their numbers are told to them.
    pub(crate) fn of_folk(seed: u64, mut folk: Vec<Individual>, channels: &[Channel]) -> Accounts {
        let mut named: HashMap<String, Kind> = HashMap::with_capacity(folk.len() + channels.len());
        for (place, channel) in channels.iter().enumerate() {
            named.insert(channel.login.to_string(), Kind::Owner(place as u16));
        }
        let faces = folk.iter().enumerate().flat_map(|(person, individual)| {
            (0..individual.faces.len()).map(move |face| Kind::Folk { person: person as u32, face: face as u8 })
        });
        for (n, kind) in faces.enumerate() {
            name(&mut named, seed, n as u32, kind);
        }
        let mut named: Vec<(String, Kind)> = named.into_iter().collect();
        named.par_sort_unstable_by(|a, b| a.0.cmp(&b.0));
        let mut all = Vec::with_capacity(named.len());
        for (number, (login, kind)) in named.iter().enumerate() {
            let mut account = special(login, *kind, Zone::PARIS);
            match *kind {
                Kind::Folk { person, face } => {
                    let individual = &mut folk[person as usize];
                    let face = &mut individual.faces[usize::from(face)];
                    face.account = number as u32;
                    account.favourites.iter_mut().zip(&face.favourites).for_each(|(slot, place)| *slot = *place);
                }
                Kind::Owner(place) => account.zone = channels[usize::from(place)].zone,
                _ => {}
            }
            all.push(account);
        }
        Accounts { all, folk, ..Accounts::named(&named) }
    }

    fn named(named: &[(String, Kind)]) -> Accounts {
        let mut accounts =
            Accounts { names: String::new(), ends: Vec::new(), all: Vec::new(), crowd: false, folk: Vec::new() };
        for (login, _) in named {
            accounts.names.push_str(login);
            accounts.ends.push(accounts.names.len() as u32);
        }
        accounts
    }

    pub(crate) fn login(&self, account: u32) -> &str {
        let place = account as usize;
        let from = if place == 0 { 0 } else { self.ends[place - 1] };
        &self.names[from as usize..self.ends[place] as usize]
    }

    /// The account with this login.
    pub(crate) fn find(&self, login: &str) -> Option<u32> {
        let (mut from, mut to) = (0, self.ends.len() as u32);
        while from < to {
            let middle = u32::midpoint(from, to);
            match self.login(middle).cmp(login) {
                std::cmp::Ordering::Less => from = middle + 1,
                std::cmp::Ordering::Equal => return Some(middle),
                std::cmp::Ordering::Greater => to = middle,
            }
        }
        None
    }
}

/// Gives an account a name that nobody has.
fn name(named: &mut HashMap<String, Kind>, seed: u64, n: u32, kind: Kind) {
    let mut again = 0;
    loop {
        if let Entry::Vacant(free) = named.entry(viewer_login(seed, n, again)) {
            free.insert(kind);
            return;
        }
        again += 1;
    }
}

fn special(login: &str, kind: Kind, zone: Zone) -> Account {
    let favourites = [NO_CHANNEL; FAVOURITES];
    Account { kind, key: name_key(login), zone, occupation: 0, shift: 0, active: 0.0, keen: 1.0, stay: 0.0, favourites }
}

fn ordinary(seed: u64, login: &str, kind: Kind, circles: &Circles, crowd: bool) -> Account {
    let key = name_key(login);
    let mut dice = Dice::new(seed, Purpose::ViewerTraits, key, 0);
    let zone = dice.weighted(ZONES.iter().map(|(_, share)| f64::from(*share)));
    let occupation = dice.weighted(OCCUPATIONS.iter().map(|occupation| f64::from(occupation.share)));
    let shift = dice.bell(42.0) as i16;
    let eager = dice.unit();
    let stay = 0.25 + 0.75 * dice.unit();
    let circle = dice.below(circles.0.len() as u32 - 1) as usize + 1;
    let mut favourites = [NO_CHANNEL; FAVOURITES];
    for n in 0..FAVOURITES {
        // Two of six from anywhere: circles overlap.
        let place = circles.draw(if n % 3 == 2 { 0 } else { circle }, &mut dice);
        if !favourites.contains(&place) {
            favourites[n] = place;
        }
    }
    // Of regulars most come now and then, a few every day.
    let regular = Rhythm { active: 0.04 + 0.92 * eager * eager, keen: 1.0, stay };
    let Rhythm { active, keen, stay } = if crowd { rhythm(eager) } else { regular };
    Account {
        kind,
        key,
        zone: Zone(zone as u8),
        occupation: occupation as u8,
        shift,
        active: active as f32,
        keen: keen as f32,
        stay: stay as f32,
        favourites,
    }
}

/// Channels to draw from by attraction: all of them first, then each circle; with sums of weights.
#[derive(Debug)]
pub(crate) struct Circles(Vec<Vec<(f64, u16)>>);

impl Circles {
    pub(crate) fn new(channels: &[Channel]) -> Circles {
        let mut circles = vec![Vec::new(); crate::games::COMMUNITIES.len() + 1];
        for (place, channel) in channels.iter().enumerate() {
            for circle in [0, usize::from(channel.community) + 1] {
                let sum = circles[circle].last().map_or(0.0, |(sum, _)| *sum);
                circles[circle].push((sum + channel.weight, place as u16));
            }
        }
        Circles(circles)
    }

    /// A channel of a circle; of all channels where the circle is empty.
    pub(crate) fn draw(&self, circle: usize, dice: &mut Dice) -> u16 {
        let choices = if self.0[circle].is_empty() { &self.0[0] } else { &self.0[circle] };
        let Some((sum, _)) = choices.last() else { return NO_CHANNEL };
        let at = dice.unit() * sum;
        let place = choices.partition_point(|(sum, _)| *sum <= at);
        choices[place.min(choices.len() - 1)].1
    }

    fn place(&self, channels: &[Channel], login: &str) -> Option<u16> {
        debug_assert_eq!(self.0[0].len(), channels.len());
        channels.binary_search_by(|channel| channel.login.as_str().cmp(login)).ok().map(|place| place as u16)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::channels;

    #[test]
    fn accounts_are_sorted_and_found() {
        let channels = channels(5, 40);
        let accounts = Accounts::new(5, 3_000, &channels);
        assert_eq!(accounts.all.len(), 3_040);
        for account in 0..3_040 {
            let login = accounts.login(account);
            assert!(account == 0 || accounts.login(account - 1) < login);
            assert_eq!(accounts.find(login), Some(account));
        }
        assert_eq!((accounts.find("_nobody_of_this_name"), accounts.find("")), (None, None));
        let noctule = &accounts.all[accounts.find("_noctule").unwrap() as usize];
        assert_eq!(noctule.favourites().count(), 5);
        assert_eq!(accounts.all.iter().filter(|account| account.kind == Kind::Bot).count(), 5);
    }
}
