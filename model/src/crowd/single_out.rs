//! How few sightings single somebody out: of the last seven days, seen by five minutes, by hour, by six hours, by day.
//!
//! A sighting is a channel and a bin of time in which the person was there. p of theirs are drawn at random, and everybody counted
//! whom all p fit; de Montjoye et al. 2013, "Unique in the Crowd".

use serde::{Deserialize, Serialize};

use super::Refused;
use super::counting::Others;
use super::draws::Draws;
use super::effort::Effort;
use super::fitting::others;
use super::index::Index;
use super::trace::{active, active_in_last_week, fold};
use crate::analysis::bootstrap::{Chance, Interval};
use crate::analysis::{Found, Method};
use crate::day::Day;
use crate::identity::{ChannelKey, PersonKey};
use crate::presence::ViewerDay;
use crate::slot::SLOT_MINUTES;
use crate::words::Tier;

/// Drawings of sightings: as many as a processor has at hand at once. Of a share of 95 % they are two hundredths off, one standard
/// deviation.
pub const DRAWS: usize = 128;
/// Sightings of a drawing at most: an hour's, in five minutes.
pub const MOST_SIGHTINGS: usize = 12;
/// The share of drawings that fit nobody else from which on sightings single out.
pub const SINGLED_OUT: f64 = 0.95;
/// Five-minute sightings that the result needs: an hour of the week in some chat.
pub const SIGHTINGS_NEEDED: u32 = MOST_SIGHTINGS as u32;

/// Widths of bins in slots: five minutes, an hour, six hours, a day, all of UTC.
const WIDTHS: [u16; 4] = [1, 12, 72, 288];
/// The 90 % quantile of the normal distribution: 80 % lie between it and its negative.
const Z: f64 = 1.281_551_565_544_600_4;
const METHOD: Method = Method::new("singling-out", 1, Tier::Slots);

/// How few sightings single somebody out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SinglingOut {
    /// Everybody of the seven days, bots left out, the person among them.
    pub people: u32,
    /// By how finely times are known: five minutes, an hour, six hours, a day.
    pub widths: Vec<Width>,
}

/// The same of one width of bins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Width {
    /// Minutes of a bin.
    pub minutes: u32,
    /// Sightings the person has.
    pub sightings: u32,
    /// From one sighting on, up to [`MOST_SIGHTINGS`] or all there are.
    pub steps: Vec<Step>,
    /// The fewest that single out.
    pub needed: Needed,
}

/// What so many sightings tell.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// How many, from 1.
    pub sightings: u32,
    /// The share of drawings that fit nobody else, 0–1. It never falls with more sightings.
    pub only_one: f64,
    /// Its 80 % interval.
    pub only_one_interval: Interval,
    /// How much they tell in bits, the mean of log₂(people / people whom they fit): at log₂ people they tell all.
    pub bits: f64,
    /// Its 80 % interval.
    pub bits_interval: Interval,
}

/// How many sightings single out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Needed {
    /// So many: [`SINGLED_OUT`] of drawings fit nobody else.
    Within {
        /// The fewest.
        sightings: u32,
        /// As few as this may be enough: the upper ends of the intervals say so.
        from: u32,
        /// So many are enough by the lower ends; nothing where those never get there.
        to: Option<u32>,
    },
    /// Not within as many as were tried.
    NotWithin {
        /// How many were tried.
        sightings: u32,
    },
}

/// Asks the index how few sightings of `days`, which may be altered ones, fit nobody but the person.
///
/// `own` is whose days they are, so that they do not count as somebody else; nothing where they are not in the store. Of the
/// same seed the answer is the same. Refused: fewer than [`SIGHTINGS_NEEDED`] sightings by five minutes in the last week.
pub fn singling_out<B: AsRef<[u8]> + Sync>(
    index: &Index<B>,
    days: &[(Day, ViewerDay)],
    own: Option<PersonKey>,
    seed: u64,
) -> Result<Found<SinglingOut>, Refused> {
    single_out(index, days, own, seed, Effort::PAGE)
}

fn single_out<B: AsRef<[u8]> + Sync>(
    index: &Index<B>,
    days: &[(Day, ViewerDay)],
    own: Option<PersonKey>,
    seed: u64,
    effort: Effort,
) -> Result<Found<SinglingOut>, Refused> {
    let calendar = index.calendar();
    let week: Vec<(ChannelKey, Vec<(u16, u16)>)> =
        fold(calendar, days).into_iter().map(|there| (there.channel, there.week)).collect();
    let have: u32 = week.iter().flat_map(|(_, runs)| runs).map(|(from, to)| u32::from(to - from)).sum();
    if have < SIGHTINGS_NEEDED {
        return Err(Refused::FewSightings { have, need: SIGHTINGS_NEEDED });
    }
    let draws = WIDTHS.map(|width| Draws::of(&week, width, Chance::new(seed.wrapping_add(u64::from(width)))));
    let own = own.and_then(|key| index.ordinal(key));
    let is_counted = own.is_some_and(|own| index.is_in_week(own));
    let people = index.week_people() + u32::from(!is_counted);
    let others = others(index, &draws, own, effort);
    let width = |(draws, others): (&Draws, &Others)| Width::of(draws, others, people);
    let value = SinglingOut { people, widths: draws.iter().zip(&others).map(width).collect() };
    Ok(Found { value, days: active_in_last_week(&active(calendar, days)), method: METHOD })
}

impl Width {
    fn of(draws: &Draws, others: &Others, people: u32) -> Width {
        let steps: Vec<Step> = (0..draws.most()).map(|stage| Step::of(stage, others, people)).collect();
        let first =
            |is_enough: &dyn Fn(&Step) -> bool| steps.iter().find(|step| is_enough(step)).map(|step| step.sightings);
        let needed = match first(&|step| step.only_one >= SINGLED_OUT) {
            Some(sightings) => Needed::Within {
                sightings,
                from: first(&|step| step.only_one_interval.to >= SINGLED_OUT).unwrap_or(sightings),
                to: first(&|step| step.only_one_interval.from >= SINGLED_OUT),
            },
            None => Needed::NotWithin { sightings: steps.len() as u32 },
        };
        Width { minutes: u32::from(draws.width) * SLOT_MINUTES, sightings: draws.all as u32, steps, needed }
    }
}

impl Step {
    /// Of how many people other than the person fit each drawing up to a stage.
    fn of(stage: usize, others: &Others, people: u32) -> Step {
        let all = others.len() as f64;
        let only_one = others.iter().filter(|draw| draw[stage] == 0).count() as f64 / all;
        let most = f64::from(people).log2();
        // More than there are may be estimated of a sample.
        let bits: Vec<f64> =
            others.iter().map(|draw| most - (1.0 + f64::from(draw[stage])).min(f64::from(people)).log2()).collect();
        let mean = bits.iter().sum::<f64>() / all;
        let variance = bits.iter().map(|bits| (bits - mean) * (bits - mean)).sum::<f64>() / all;
        let half = Z * (variance / all).sqrt();
        Step {
            sightings: stage as u32 + 1,
            only_one,
            only_one_interval: share_interval(only_one, all),
            bits: mean,
            bits_interval: Interval { from: (mean - half).max(0.0), to: (mean + half).min(most) },
        }
    }
}

/// The 80 % interval of a share of so many drawings (Wilson 1927).
fn share_interval(share: f64, drawings: f64) -> Interval {
    let add = Z * Z / drawings;
    let middle = (share + add / 2.0) / (1.0 + add);
    let half = (add * (share * (1.0 - share) + add / 4.0)).sqrt() / (1.0 + add);
    Interval { from: (middle - half).max(0.0), to: (middle + half).min(1.0) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crowd::naive::{Days, calendar, index};
    use crate::presence::ChannelPresence;
    use crate::run::Run;

    /// In a channel on the last day of the index.
    fn there(channel: u32, from: u16, to: u16) -> Days {
        let listed = vec![Run::new(from, to).unwrap()];
        let there = ChannelPresence { channel: ChannelKey(channel), listed, spoke: vec![] };
        vec![(calendar().last(), ViewerDay { bot: false, channels: vec![there] })]
    }

    #[test]
    fn half_a_companion_is_shaken_off_by_four_sightings() {
        let me = there(4, 0, 12);
        let crowd = vec![
            (PersonKey(1), there(4, 6, 40)),
            (PersonKey(2), me.clone()),
            (PersonKey(3), there(5, 0, 288)),
            (PersonKey(9), there(4, 100, 120)),
        ];
        let found = singling_out(&index(&crowd, 3), &me, Some(PersonKey(2)), 7).unwrap();
        assert_eq!((found.value.people, found.days), (4, 1));
        let [minutes, hours, parts, days] = &found.value.widths[..] else { panic!("four widths") };
        assert_eq!((minutes.minutes, minutes.sightings, minutes.steps.len()), (5, 12, 12));
        // Of p from twelve slots none is one of their first six with chance C(6, p) / C(12, p).
        let exact = [0.5, 1.0 - 15.0 / 66.0, 1.0 - 20.0 / 220.0, 1.0 - 15.0 / 495.0];
        for (step, exact) in minutes.steps.iter().zip(exact) {
            assert!((step.only_one - exact).abs() < 0.1, "{step:?}");
            assert!(step.only_one_interval.from <= step.only_one && step.only_one <= step.only_one_interval.to);
            // One of two of four, or all of it.
            assert!((step.bits - (1.0 + step.only_one)).abs() < 1e-9, "{step:?}");
        }
        assert!(minutes.steps.windows(2).all(|two| two[0].only_one <= two[1].only_one));
        assert!(matches!(minutes.needed, Needed::Within { sightings: 3..=5, .. }), "{:?}", minutes.needed);
        let last = minutes.steps.last().unwrap();
        assert_eq!((last.only_one, last.bits), (1.0, 2.0));
        // By the hour they are always together, and by the day with a third.
        for (width, bits) in [(hours, 1.0), (parts, 4f64.log2() - 2f64.log2()), (days, 4f64.log2() - 3f64.log2())] {
            assert_eq!((width.sightings, width.needed), (1, Needed::NotWithin { sightings: 1 }));
            assert!((width.steps[0].bits - bits).abs() < 1e-9 && width.steps[0].only_one == 0.0, "{width:?}");
        }
        // Of the same seed the same.
        assert_eq!(singling_out(&index(&crowd, 3), &me, Some(PersonKey(2)), 7).unwrap(), found);
    }

    #[test]
    fn who_is_not_in_the_index_is_one_more() {
        let me = there(4, 0, 12);
        let with = |crowd: &[(PersonKey, Days)]| singling_out(&index(crowd, 3), &me, None, 7).unwrap().value;
        let alone = with(&[]);
        assert_eq!(alone.people, 1);
        assert_eq!(alone.widths[3].needed, Needed::Within { sightings: 1, from: 1, to: Some(1) });
        assert_eq!(alone.widths[0].steps[11].bits, 0.0, "of one person nothing is left to tell");
        let twin = with(&[(PersonKey(5), me.clone())]);
        assert_eq!((twin.people, twin.widths[0].needed), (2, Needed::NotWithin { sightings: 12 }));
    }

    #[test]
    fn less_than_an_hour_is_refused() {
        let few = singling_out(&index(&[], 3), &there(4, 0, 11), None, 7);
        assert_eq!(few, Err(Refused::FewSightings { have: 11, need: SIGHTINGS_NEEDED }));
    }
}
