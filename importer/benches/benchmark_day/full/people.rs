//! The people of a full store: their logins, and how often each of them comes.
//!
//! Chance depends on nothing but the number of a person and the day, and only + − × ÷ and √ are used on floating
//! numbers: the same parameters give the same store everywhere.

use model::login::{LOGIN_MAX, Login};

use crate::Failure;

/// Whoever comes most is away on one day of twenty.
const MOST: f64 = 0.95;
/// Of the benchmark day's people, one in so many was never seen before it.
const NEWCOMERS: u64 = 10;

/// What a number is drawn for: two questions never share one.
#[derive(Clone, Copy, Debug)]
pub(super) enum Purpose {
    Newcomer = 1,
    Name,
    Eagerness,
    SureDay,
    Comes,
    Place,
    Uniform,
    ByActivity,
}

/// A number spread evenly over all of `u64`. Source: Steele, Lea, Flood, "Fast splittable pseudorandom number
/// generators" (SplitMix64's finaliser).
pub(super) fn draw(purpose: Purpose, who: u64, day: u64) -> u64 {
    let mut z = who.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(day << 8 | purpose as u64);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// [0, 1) from a drawn number.
pub(super) fn fraction(drawn: u64) -> f64 {
    (drawn >> 11) as f64 / 9_007_199_254_740_992.0
}

/// How often people come. Somebody of eagerness x in (0, 1], of which all are as frequent and 0 is the most eager,
/// comes on a day with probability `MOST` up to a bend, and beyond it with `MOST` × (bend ÷ x) to the power of 1.25: some
/// thousands come nearly always, most a few times a year.
#[derive(Clone, Copy, Debug)]
pub(super) struct Activity {
    bend: f64,
}

/// x to the power of 0.25.
fn root(x: f64) -> f64 {
    x.sqrt().sqrt()
}

impl Activity {
    /// The one with this probability on average.
    fn of_mean(mean: f64) -> Activity {
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..60 {
            let bend = f64::midpoint(low, high);
            if (Activity { bend }).beyond(0.0) < mean { low = bend } else { high = bend }
        }
        Activity { bend: low }
    }

    fn probability(self, x: f64) -> f64 {
        if x <= self.bend { MOST } else { MOST * self.bend / x * root(self.bend / x) }
    }

    /// The integral of the probability over (x, 1].
    fn beyond(self, x: f64) -> f64 {
        let bend = self.bend;
        let tail = |x: f64| 4.0 * MOST * bend * root(bend) * (1.0 / root(x) - 1.0);
        if x < bend { MOST * (bend - x) + tail(bend) } else { tail(x) }
    }

    /// How eager, from 0 to 1: of the visits of a day, the share made by people who are less so.
    fn rank(self, x: f64) -> f64 {
        self.beyond(x) / self.beyond(0.0)
    }
}

/// Everybody, sorted bytewise by login.
#[derive(Debug)]
pub(super) struct People {
    /// Filled up with zeros, which come before all that a login may hold.
    logins: Vec<[u8; LOGIN_MAX]>,
    /// The probability of coming on a day, × 2³².
    chances: Vec<u32>,
    /// The day of the store on which each comes for certain, so that all are known at its end.
    sure_days: Vec<u16>,
    activity: Activity,
}

impl People {
    /// `count` people, of whom some `daily` come on each of `days` days; nine in ten of `known` are among them.
    ///
    /// Errors: so few come that the days do not suffice to see everybody once.
    pub(super) fn invent(known: &[Login], count: u32, daily: u32, days: u32) -> Result<People, Failure> {
        let mean = f64::from(daily) / f64::from(count) - 1.0 / f64::from(days);
        if mean <= 0.0 || mean >= MOST || days > u32::from(u16::MAX) {
            return Err(format!("{daily} people a day cannot be {count} in {days} days").into());
        }
        let is_known = |n: &usize| !draw(Purpose::Newcomer, *n as u64, 0).is_multiple_of(NEWCOMERS);
        let known = known.iter().enumerate().filter(|(n, _)| is_known(n)).map(|(_, login)| padded(login.as_str()));
        let mut logins: Vec<[u8; LOGIN_MAX]> = Vec::with_capacity(count as usize);
        logins.extend(known.take(count as usize));
        let mut n = 0;
        while logins.len() < count as usize {
            while logins.len() < count as usize {
                logins.push(padded(&login(n)));
                n += 1;
            }
            logins.sort_unstable();
            logins.dedup();
        }
        let activity = Activity::of_mean(mean);
        let all = 0..u64::from(count);
        let chance = |n| (activity.probability(eagerness(n)) * 4_294_967_296.0) as u32;
        let sure_day = |n| (draw(Purpose::SureDay, n, 0) % u64::from(days)) as u16;
        let (chances, sure_days) = (all.clone().map(chance).collect(), all.map(sure_day).collect());
        Ok(People { logins, chances, sure_days, activity })
    }

    /// Who comes on the `day`th day, by login.
    pub(super) fn of_day(&self, day: u32) -> impl Iterator<Item = usize> + '_ {
        let comes = move |n: usize| (draw(Purpose::Comes, n as u64, u64::from(day)) >> 32) as u32;
        let chances = self.chances.iter().zip(&self.sure_days).enumerate();
        chances.filter(move |(n, (chance, sure))| comes(*n) < **chance || u32::from(**sure) == day).map(|(n, _)| n)
    }

    /// How eager somebody is, from 0 to 1; evenly spread over the people of a day.
    pub(super) fn rank(&self, n: usize) -> f64 {
        self.activity.rank(eagerness(n as u64))
    }

    /// The login of somebody.
    pub(super) fn login(&self, n: usize) -> &[u8] {
        let padded = &self.logins[n];
        &padded[..padded.iter().position(|byte| *byte == 0).unwrap_or(LOGIN_MAX)]
    }

    /// The mean length of a login.
    pub(super) fn mean_login(&self) -> f64 {
        (0..self.logins.len()).map(|n| self.login(n).len()).sum::<usize>() as f64 / self.logins.len() as f64
    }

    /// `count` logins, everybody's as probable as any other.
    pub(super) fn uniformly(&self, count: usize) -> Vec<String> {
        let all = self.logins.len() as u64;
        (0..count as u64).map(|n| self.text((draw(Purpose::Uniform, n, 0) % all) as usize)).collect()
    }

    /// `count` logins, each as probable as its owner is to come.
    pub(super) fn by_activity(&self, count: usize) -> Vec<String> {
        let all = self.logins.len() as u64;
        let drawn = (0..).map(|n| (draw(Purpose::ByActivity, n, 0), draw(Purpose::ByActivity, n, 1)));
        let kept = drawn.map(|(who, chance)| ((who % all) as usize, (chance >> 32) as u32));
        kept.filter(|(who, chance)| *chance < self.chances[*who]).take(count).map(|(who, _)| self.text(who)).collect()
    }

    fn text(&self, n: usize) -> String {
        String::from_utf8_lossy(self.login(n)).into_owned()
    }
}

/// In (0, 1].
fn eagerness(n: u64) -> f64 {
    1.0 - fraction(draw(Purpose::Eagerness, n, 0))
}

fn padded(login: &str) -> [u8; LOGIN_MAX] {
    let mut padded = [0; LOGIN_MAX];
    padded[..login.len()].copy_from_slice(login.as_bytes());
    padded
}

/// The `n`th invented login, which another one may equal: `_` as all of invented people, syllables, digits.
fn login(n: u64) -> String {
    let mut left = draw(Purpose::Name, n, 0);
    let mut take = |of: usize| {
        let taken = left % of as u64;
        left /= of as u64;
        taken as usize
    };
    let mut login = String::from("_");
    for _ in 0..5 + take(3) {
        login.push(char::from(b"bcdfghjlmnprstvz"[take(16)]));
        login.push(char::from(b"aeio"[take(4)]));
    }
    for _ in 0..take(4) {
        login.push(char::from(b"0123456789"[take(10)]));
    }
    login
}
