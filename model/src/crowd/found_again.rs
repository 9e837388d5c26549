//! Would somebody be found again under another name, by their habits alone?
//!
//! Every other week is hidden. All accounts are ranked by how much their known weeks are like the hidden ones of the person:
//! where their own stands is the answer. Scores by rare places after Narayanan and Shmatikov 2008, of histograms after Naini et
//! al. 2016.

use serde::{Deserialize, Serialize};

use super::Refused;
use super::calendar::{Calendar, Half};
use super::effort::Effort;
use super::index::Index;
use super::scoring::{Asked, ONE};
use super::trace::{active, fold};
use crate::analysis::grid::HOURS;
use crate::analysis::{Found, Method};
use crate::day::Day;
use crate::identity::PersonKey;
use crate::presence::ViewerDay;
use crate::words::Tier;

/// Active days that the result needs, of 28.
pub const DAYS_NEEDED: u32 = 14;
/// And of them in each half.
pub const HALF_DAYS_NEEDED: u32 = 2;
const METHOD: Method = Method::new("found-again", 3, Tier::Slots);

/// Whether somebody would be found again.
///
/// A rank among those that the index holds is counted, so that it has no interval; what other weeks would give is not in it. How sure a finder would
/// be is told by the margin.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct FoundAgain {
    /// Accounts that were ranked: everybody of the known weeks, bots left out, the person among them.
    pub accounts: u32,
    /// Where the person's own known weeks stand, from 1; behind all that are as much like the hidden ones.
    pub rank: u32,
    /// Whether the rank is counted; else it is estimated of a sample, to a fifth of it or better, one standard deviation.
    pub is_exact: bool,
    /// How much they are like them, from 0; at most 1.44, where all is one channel with one viewer.
    pub score: f64,
    /// How far that is above the best of all others, which is how sure a finder would be; below 0 where they are not first; nothing where the
    /// rank is estimated, or nothing is alike.
    pub margin: Option<f64>,
    /// The same in standard deviations of all scores, or of those of the first sample, the eccentricity of Narayanan and Shmatikov.
    pub eccentricity: Option<f64>,
    /// Channels of the hidden weeks that were compared.
    pub channels: u32,
    /// What each hour of the local day adds to the score.
    pub by_hour: [f64; HOURS],
}

/// Asks the index where the known weeks of somebody stand, by their hidden weeks.
///
/// `known` and `asked` are their days: of the first only the known weeks are read, of the second only the hidden ones. They
/// are the same, unless one asks whether a second account would be found by the first. Both may be altered ones. `own` is whose days they
/// are, so that they do not stand beside themselves; nothing where they are not in the store.
///
/// Refused: fewer than [`DAYS_NEEDED`] active days, or fewer than [`HALF_DAYS_NEEDED`] of them in one half.
pub fn found_again<B: AsRef<[u8]> + Sync>(
    index: &Index<B>,
    known: &[(Day, ViewerDay)],
    asked: &[(Day, ViewerDay)],
    own: Option<PersonKey>,
) -> Result<Found<FoundAgain>, Refused> {
    find(index, known, asked, own, Effort::PAGE)
}

/// As [`found_again`].
pub(super) fn find<B: AsRef<[u8]> + Sync>(
    index: &Index<B>,
    known: &[(Day, ViewerDay)],
    asked: &[(Day, ViewerDay)],
    own: Option<PersonKey>,
    effort: Effort,
) -> Result<Found<FoundAgain>, Refused> {
    let calendar = index.calendar();
    let of_half =
        |days, half| active(calendar, days).into_iter().filter(|place| Calendar::half(*place) == half).count();
    let (known_days, asked_days) = (of_half(known, Half::Known) as u32, of_half(asked, Half::Asked) as u32);
    let have = known_days + asked_days;
    if have < DAYS_NEEDED {
        return Err(Refused::FewDays { have, need: DAYS_NEEDED });
    }
    if known_days.min(asked_days) < HALF_DAYS_NEEDED {
        return Err(Refused::EmptyHalf { known: known_days, asked: asked_days, need: HALF_DAYS_NEEDED });
    }
    let own = own.and_then(|key| index.ordinal(key));
    let asked = Asked::of(index, &fold(calendar, asked));
    let known = fold(calendar, known);
    let score = asked.score_of(&known);
    let is_counted = own.is_some_and(|own| index.known().get(own as usize).is_some_and(|slots| *slots > 0));
    let accounts = index.known_people() + u32::from(!is_counted);
    let others = asked.rank(index, own, score, effort);
    let best = others.best as f64 / ONE;
    let mine = score as f64 / ONE;
    let all = f64::from(accounts);
    let mean = (others.sum + mine) / all;
    let deviation = ((others.squares + mine * mine) / all - mean * mean).max(0.0).sqrt();
    // More than there are may be estimated of a sample. Whoever shares no hour with the hidden weeks has a score of nothing, and is as good where the person's own is none.
    let above = if score == 0 { accounts - 1 } else { others.above.min(accounts - 1) };
    let is_exact = others.is_exact || score == 0;
    let margin = (others.is_exact && score > 0).then_some(mine - best);
    let value = FoundAgain {
        accounts,
        rank: above + 1,
        is_exact,
        score: mine,
        margin,
        eccentricity: margin.filter(|_| deviation > 0.0).map(|margin| margin / deviation),
        channels: asked.channels.len() as u32,
        by_hour: asked.by_hour_of(&known),
    };
    Ok(Found { value, days: have, method: METHOD })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crowd::askable;
    use crate::crowd::naive::{Days, calendar, index};
    use crate::identity::ChannelKey;
    use crate::presence::ChannelPresence;
    use crate::run::Run;

    /// At 20:00 in Paris on these days for an hour of a channel; from 25 October on that is 19:00 UTC.
    fn evenings(channel: u32, places: impl Iterator<Item = i32>) -> Days {
        let of = |place: i32| {
            let from = if place < 20 { 216 } else { 228 };
            let listed = vec![Run::new(from, from + 12).unwrap()];
            let there = ChannelPresence { channel: ChannelKey(channel), listed, spoke: vec![] };
            (calendar().first().plus(place), ViewerDay { bot: false, channels: vec![there] })
        };
        places.map(of).collect()
    }

    #[test]
    fn habits_are_found_again_and_equals_come_first() {
        let me = evenings(5, 0..28);
        let crowd = vec![
            (PersonKey(1), me.clone()),
            (PersonKey(2), evenings(5, (0..28).filter(|place| place % 7 < 3))),
            (PersonKey(3), evenings(6, 0..28)),
        ];
        let found = found_again(&index(&crowd, 2), &me, &me, Some(PersonKey(1))).unwrap();
        // Two in the channel: the weight is 1 / ln 3. The other is there in three of the seven hours, whose shares are 1/7 and 1/3.
        let weight = 1.0 / 3f64.ln();
        let FoundAgain { accounts, rank, is_exact, score, margin, eccentricity, channels, by_hour } = found.value;
        assert_eq!((accounts, rank, is_exact, channels, found.days), (3, 1, true, 1, 28));
        assert!((score - weight).abs() < 1e-9 && (margin.unwrap() - weight * 4.0 / 7.0).abs() < 1e-9, "{found:?}");
        // All of it comes of the one hour.
        assert!((by_hour[20] - weight).abs() < 1e-9 && (by_hour.iter().sum::<f64>() - weight).abs() < 1e-9);
        // Of 1, 3/7 and 0 the standard deviation is 0.4096.
        assert!((eccentricity.unwrap() - 4.0 / 7.0 / 0.409_6).abs() < 0.001, "{eccentricity:?}");
        // Somebody who does the same stands before them, and so does everybody where nothing is alike.
        let twin = [&crowd[..], &[(PersonKey(4), me.clone())]].concat();
        assert_eq!(found_again(&index(&twin, 2), &me, &me, Some(PersonKey(1))).unwrap().value.rank, 2);
        // Nobody else was told of: they stand beside the one that is them.
        assert_eq!(found_again(&index(&crowd, 2), &me, &me, None).unwrap().value.rank, 2);
        let other = found_again(&index(&crowd, 2), &me, &evenings(9, 0..28), Some(PersonKey(1))).unwrap().value;
        assert_eq!((other.rank, other.score), (3, 0.0));
    }

    #[test]
    fn too_few_days_are_refused() {
        let index = index(&[], 2);
        let ask = |days: Days| found_again(&index, &days, &days, None).map(|found| found.value.rank);
        assert_eq!(ask(evenings(1, 7..20)), Err(Refused::FewDays { have: 13, need: 14 }));
        let half = Refused::EmptyHalf { known: 1, asked: 14, need: HALF_DAYS_NEEDED };
        assert_eq!(ask(evenings(1, (6..14).chain(21..28))), Err(half));
        // Of an empty index they are the only one.
        assert_eq!(ask(evenings(1, 0..28)), Ok(1));
    }

    #[test]
    fn a_crowd_is_not_asked_about_programs_and_has_a_thousand_people() {
        let days = evenings(1, 0..28);
        let of = |people: u32| index(&(0..people).map(|n| (PersonKey(n), days.clone())).collect::<Vec<_>>(), 2);
        assert_eq!(askable(&of(999), &days), Err(Refused::FewPeople { have: 999, need: 1_000 }));
        let crowd = of(1_000);
        assert_eq!(askable(&crowd, &days), Ok(()));
        let flagged = |from: usize| {
            let mut days = days.clone();
            days[from..from + 2].iter_mut().for_each(|(_, day)| day.bot = true);
            days
        };
        assert_eq!((askable(&crowd, &flagged(26)), askable(&crowd, &flagged(10))), (Err(Refused::Bot), Ok(())));
    }
}
