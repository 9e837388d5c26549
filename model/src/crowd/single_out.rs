//! How few sightings single somebody out: of the last seven days, seen by five minutes, by hour, by six hours, by day.
//!
//! A sighting is a channel and a bin of time in which the person was there. p of theirs are drawn at random, and everybody counted
//! whom all p fit; de Montjoye et al. 2013, "Unique in the Crowd".

use serde::{Deserialize, Serialize};

use super::Refused;
use super::draws::Draws;
use super::fitting::{Effort, Others, others};
use super::index::Index;
use super::trace::{active, active_in_last_week, fold};
use crate::analysis::bootstrap::{Chance, Interval};
use crate::analysis::{Found, Method};
use crate::day::Day;
use crate::identity::{ChannelKey, PersonKey};
use crate::presence::ViewerDay;
use crate::slot::SLOT_MINUTES;

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
const METHOD: Method = Method { id: "singling-out", version: 1 };

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
pub fn singling_out<B: AsRef<[u8]>>(
    index: &Index<B>,
    days: &[(Day, ViewerDay)],
    own: Option<PersonKey>,
    seed: u64,
) -> Result<Found<SinglingOut>, Refused> {
    single_out(index, days, own, seed, Effort::PAGE)
}

fn single_out<B: AsRef<[u8]>>(
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
