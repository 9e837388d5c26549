//! How forecasts of the next hour did, beside two that anybody could make: the same hour last week, and the favourite that is live.

use serde::{Deserialize, Serialize};

use super::bootstrap::{Drawings, Interval, interval, replicates};
use super::history::{History, is_online};
use super::next::TOP;
use crate::identity::ChannelKey;

/// Weeks back in which the same hour is looked up.
const WEEKS: usize = 4;
/// Chances closer to 0 or 1 count as this in the log loss, which would have no end else.
const LEAST: f64 = 0.01;

/// How the method and both others did in the known hours of the last 28 days that have a week before them.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    /// Known hours.
    pub hours: u32,
    /// Of them, those online.
    pub online: u32,
    /// Of the method.
    pub method: Scores,
    /// Of "as in the same hour last week".
    pub same_hour: Compared,
    /// Of "the favourite that is live".
    pub favourite: Compared,
}

/// How well hours were foretold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Scores {
    /// The share of hours online whose channel was the first that was told, 0–1; nothing without such hours.
    pub first: Option<f64>,
    /// The share whose channel was among the first three.
    pub three: Option<f64>,
    /// The Brier score of the chance to be online, 0–1, 0 the best (Brier 1950); nothing without known hours.
    pub brier: Option<f64>,
    /// Its log loss, nats an hour, 0 the best.
    pub log_loss: Option<f64>,
}

/// The scores of a simple forecast, and by how much the method is better: 80 % intervals over drawings of days. The method beats it
/// where both ends are over 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Compared {
    /// Its scores.
    pub scores: Scores,
    /// The method's share of first channels less its.
    pub first_better: Option<Interval>,
    /// Its Brier score less the method's.
    pub brier_better: Option<Interval>,
}

/// What was told of an hour before it was over.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Told {
    /// Which hour of the history.
    pub(super) hour: usize,
    /// The chance of being online.
    pub(super) online: f64,
    /// Whether one of the first favourites is live.
    pub(super) is_favourite_live: bool,
    /// Of the channel, if they were online.
    pub(super) channels: Option<ToldChannels>,
}

/// What was told of the channel of an hour, the likeliest first.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ToldChannels {
    /// By the method.
    pub(super) method: Vec<ChannelKey>,
    /// Favourites as of before the hour.
    pub(super) favourites: Vec<ChannelKey>,
    /// The same, those that are live first.
    pub(super) favourites_live: Vec<ChannelKey>,
}

/// How what was told of consecutive hours turned out.
pub(super) fn trial(history: &History<'_>, told: &[Told], drawings: Drawings) -> Trial {
    let (mut last_week, mut favourite) = ([Share::default(); 3], [Share::default(); 2]);
    let mut days: Vec<[Sums; 3]> = Vec::new();
    let mut day = None;
    for told in told {
        let state = history.states[told.hour];
        let Some(online) = is_online(state) else { continue };
        if day != Some(told.hour / 24) {
            day = Some(told.hour / 24);
            days.push([Sums::default(); 3]);
        }
        let ago = |weeks: usize| history.weeks_ago(told.hour, weeks);
        // Chances of both are the shares so far: to say all or nothing would make them worse than they are.
        let same = match ago(1).and_then(is_online) {
            None => &mut last_week[0],
            Some(false) => &mut last_week[1],
            Some(true) => &mut last_week[2],
        };
        let live = &mut favourite[usize::from(told.is_favourite_live)];
        let chances = [told.online, same.value(), live.value()];
        same.learn(online);
        live.learn(online);
        let Some(sums) = days.last_mut() else { continue };
        for (sums, chance) in sums.iter_mut().zip(chances) {
            sums.add(online, chance);
        }
        if let (Some(Some(channel)), Some(told)) = (state, &told.channels) {
            let before = (1..=WEEKS).filter_map(ago).filter_map(Option::flatten);
            let same_hour: Vec<ChannelKey> = before.chain(told.favourites.iter().copied()).collect();
            for (sums, told) in sums.iter_mut().zip([&told.method, &same_hour, &told.favourites_live]) {
                sums.add_channel(channel, told);
            }
        }
    }
    let all: [Sums; 3] = std::array::from_fn(|of| days.iter().fold(Sums::default(), |sum, day| sum.and(&day[of])));
    let [method, same_hour, favourite] = all;
    Trial {
        hours: method.hours,
        online: method.online,
        method: method.scores(),
        same_hour: compared(&days, 1, same_hour, drawings),
        favourite: compared(&days, 2, favourite, drawings),
    }
}

fn compared(days: &[[Sums; 3]], other: usize, sums: Sums, drawings: Drawings) -> Compared {
    let (mut firsts, mut briers) = (Vec::new(), Vec::new());
    replicates(days.len(), drawings, |places| {
        let of =
            |which: usize| places.iter().fold(Sums::default(), |sum, place| sum.and(&days[*place][which])).scores();
        let (method, other) = (of(0), of(other));
        firsts.extend(method.first.zip(other.first).map(|(method, other)| method - other));
        briers.extend(method.brier.zip(other.brier).map(|(method, other)| other - method));
    });
    Compared { scores: sums.scores(), first_better: interval(&mut firsts), brier_better: interval(&mut briers) }
}

/// A share learned as it goes, from even odds.
#[derive(Clone, Copy, Default)]
struct Share {
    online: u32,
    hours: u32,
}

impl Share {
    fn value(self) -> f64 {
        (f64::from(self.online) + 0.5) / (f64::from(self.hours) + 1.0)
    }

    fn learn(&mut self, is_online: bool) {
        self.online += u32::from(is_online);
        self.hours += 1;
    }
}

/// Hours added up.
#[derive(Clone, Copy, Default)]
struct Sums {
    hours: u32,
    online: u32,
    first: u32,
    three: u32,
    squares: f64,
    logs: f64,
}

impl Sums {
    fn add(&mut self, is_online: bool, chance: f64) {
        self.hours += 1;
        self.squares += (f64::from(u8::from(is_online)) - chance).powi(2);
        let of_what_was = if is_online { chance } else { 1.0 - chance };
        self.logs -= of_what_was.clamp(LEAST, 1.0).ln();
    }

    fn add_channel(&mut self, channel: ChannelKey, channels: &[ChannelKey]) {
        self.online += 1;
        // The first three that differ.
        let mut told: Vec<ChannelKey> = Vec::with_capacity(TOP);
        for key in channels {
            if told.len() < TOP && !told.contains(key) {
                told.push(*key);
            }
        }
        self.first += u32::from(told.first() == Some(&channel));
        self.three += u32::from(told.contains(&channel));
    }

    fn and(self, other: &Sums) -> Sums {
        Sums {
            hours: self.hours + other.hours,
            online: self.online + other.online,
            first: self.first + other.first,
            three: self.three + other.three,
            squares: self.squares + other.squares,
            logs: self.logs + other.logs,
        }
    }

    fn scores(self) -> Scores {
        let share = |sum: f64, of: u32| (of > 0).then(|| sum / f64::from(of));
        Scores {
            first: share(f64::from(self.first), self.online),
            three: share(f64::from(self.three), self.online),
            brier: share(self.squares, self.hours),
            log_loss: share(self.logs, self.hours),
        }
    }
}
