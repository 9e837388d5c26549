//! What the nightly pass keeps of a day: of everything, and of each channel.
//!
//! Counts of people are of ten or more, or are not there. Both forms are made again from the days they say; no row of a person is in them.

use serde::{Deserialize, Serialize};

use super::concentration::Concentration;
use super::games::GameFigures;
use super::overlap::Overlap;
use super::ranking::Ranked;
use super::retention::Retention;
use crate::aggregate::FEW;
use crate::identity::ChannelKey;

/// Raised when a night's figures would come out otherwise of the same days: nights of an earlier version are made again.
pub const NIGHT_VERSION: u16 = 2;
/// Days that people are looked back at, the day itself included.
pub const NIGHT_DAYS: u16 = 28;
/// Channels of a ranking.
pub const RANKED: usize = 100;
/// Games of a list.
pub const GAMES: usize = 50;
/// Ties of the graph of channels.
pub const TIES: usize = 500;
/// Channels beside a channel.
pub const NEIGHBOURS: usize = 20;

/// A day of everything that is followed, in few figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Night {
    /// [`NIGHT_VERSION`] when it was made.
    pub version: u16,
    /// Days held of the [`NIGHT_DAYS`] up to the day: of fewer, more people look new.
    pub days: u16,
    /// Different people of the day, bots left out, and how many of them are new.
    pub people: Audience,
    /// Different people of all [`NIGHT_DAYS`] days, whoever is a bot over them left out; exact. Ten or more, or nothing.
    pub people_of_days: Option<u32>,
}

/// What a day tells of channels side by side.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct NightLists {
    /// Mean viewers of the day's channels while on air, over channels.
    pub viewers_per_channel: Option<Concentration>,
    /// Most watched channels over 7, 30 and 90 days.
    pub rankings: [Vec<Ranked>; 3],
    /// Most watched games over 7, 30 and 90 days.
    pub games: [Vec<GameFigures>; 3],
    /// The strongest ties between channels, over [`NIGHT_DAYS`] days.
    pub ties: Vec<Overlap>,
}

impl NightLists {
    /// Without what tells of these channels by themselves.
    pub fn leave_out(&mut self, hidden: impl Fn(ChannelKey) -> bool) {
        self.rankings.iter_mut().for_each(|ranking| ranking.retain(|ranked| !hidden(ranked.channel)));
        self.ties.retain(|tie| !hidden(tie.a) && !hidden(tie.b));
    }
}

/// A channel's day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChannelNight {
    /// Different people of the day, bots left out.
    pub people: Audience,
    /// Visitors of the [`NIGHT_DAYS`] days, among the channels whose overlap is counted. Ten or more, or nothing.
    pub visitors: Option<u32>,
    /// The channels that share most visitors with it.
    pub neighbours: Vec<Neighbour>,
    /// The broadcasts that ended on the day.
    pub retention: Vec<Retention>,
}

/// Different people of a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audience {
    /// How many; nothing under ten.
    pub people: Option<u32>,
    /// Of them those not seen there in the days looked back at, and those who were; nothing where one of both is under ten, since the
    /// other would tell it.
    pub new_and_returning: Option<(u32, u32)>,
}

/// A channel beside another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Neighbour {
    /// The channel.
    pub channel: ChannelKey,
    /// Visitors of both, ten or more.
    pub shared: u32,
    /// Visitors of that channel.
    pub visitors: u32,
}

impl Audience {
    /// What may be kept of these counts.
    pub fn of(new: u32, returning: u32) -> Audience {
        let enough = |people: u32| u64::from(people) >= FEW;
        let people = new.saturating_add(returning);
        Audience {
            people: enough(people).then_some(people),
            new_and_returning: (enough(new) && enough(returning)).then_some((new, returning)),
        }
    }
}

impl ChannelNight {
    /// The ties to its neighbours, with the shares that they are told by; nothing where its own visitors are not known.
    pub fn overlaps(&self, channel: ChannelKey) -> Vec<Overlap> {
        let Some(visitors) = self.visitors else { return Vec::new() };
        let tie = |other: &Neighbour| Overlap {
            a: channel,
            b: other.channel,
            shared: other.shared,
            audience_a: visitors,
            audience_b: other.visitors,
        };
        self.neighbours.iter().map(tie).collect()
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        *self == ChannelNight::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_parts_are_not_told_by_their_rest() {
        assert_eq!(Audience::of(4, 5), Audience::default());
        assert_eq!(Audience::of(4, 50), Audience { people: Some(54), new_and_returning: None });
        assert_eq!(Audience::of(10, 50), Audience { people: Some(60), new_and_returning: Some((10, 50)) });
    }

    #[test]
    fn neighbours_are_ties_with_shares() {
        let neighbour = Neighbour { channel: ChannelKey(2), shared: 30, visitors: 40 };
        let mut night = ChannelNight { visitors: Some(90), neighbours: vec![neighbour], ..ChannelNight::default() };
        let [tie] = night.overlaps(ChannelKey(7))[..] else { panic!() };
        assert_eq!((tie.overlap(), tie.jaccard()), (0.75, 0.3));
        night.visitors = None;
        assert_eq!(night.overlaps(ChannelKey(7)), []);
    }
}
