//! What invented people watch next.

use model::analysis::Refused;
use model::analysis::bootstrap::{Chance, Drawings};
use model::analysis::history::History;
use model::analysis::next::{AHEAD, Next, next};
use model::analysis::record::HourState;
use model::day::Day;
use model::identity::ChannelKey;
use model::zone::ZoneTable;
use proptest::prelude::*;

const MONDAY: &str = "2026-01-05";

fn of(hours: &[HourState], live: impl Fn(usize, ChannelKey) -> Option<bool>) -> Result<Next, Refused> {
    later(hours, 0, live)
}

fn later(hours: &[HourState], over: usize, live: impl Fn(usize, ChannelKey) -> Option<bool>) -> Result<Next, Refused> {
    let history = History { first: MONDAY.parse::<Day>().unwrap(), states: hours, zone: &ZoneTable::utc(), over };
    next(&history, live, Drawings::of_seed(3)).map(|found| found.value)
}

#[allow(clippy::unnecessary_wraps, reason = "a state of several kinds")]
fn watching(channel: u32) -> HourState {
    Some(Some(ChannelKey(channel)))
}

/// From 20 to 23 o'clock each evening, on each weekday another channel.
fn weekly(days: usize) -> Vec<HourState> {
    let hour = |at: usize| if (20..23).contains(&(at % 24)) { watching(at as u32 / 24 % 7) } else { Some(None) };
    (0..24 * days).map(hour).collect()
}

#[test]
fn a_habit_of_weekdays_is_foretold() {
    // Up to a Wednesday's 18 o'clock: two hours later it is Wednesday's channel.
    let hours = &weekly(70)[..24 * 65 + 18];
    let found = of(hours, |_, _| None).unwrap();
    assert_eq!((found.hours[0], found.channels[0].0), (2, ChannelKey(2)), "{found:?}");
    assert!(found.first_online[2] > 0.9 && found.channels[0].1 > 0.7, "{found:?}");
    let trial = found.trial;
    assert_eq!((trial.hours, trial.online), (24 * 28, 28 * 3));
    assert!(trial.method.first.unwrap() > 0.95 && trial.method.brier.unwrap() < 0.01, "{trial:?}");
    // The same hour last week is as good; favourites know nothing of weekdays.
    assert_eq!((trial.same_hour.scores.first, trial.same_hour.scores.three), (Some(1.0), Some(1.0)));
    assert!(trial.same_hour.first_better.unwrap().from <= 0.0);
    assert!(trial.favourite.first_better.unwrap().from > 0.5, "{trial:?}");
    assert!(trial.favourite.brier_better.unwrap().from > 0.05, "{trial:?}");
}

#[test]
fn what_is_over_does_not_come_next() {
    // Known up to a Wednesday's 18 o'clock, asked on Thursday at noon: in eight hours.
    let hours = &weekly(70)[..24 * 65 + 18];
    let found = later(hours, 18, |_, _| None).unwrap();
    assert_eq!(found.hours[0], 8, "{found:?}");
    assert!(found.first_online[8] > 0.85 && found.first_online[7] < 0.02, "{found:?}");
    assert_eq!(found.trial, of(hours, |_, _| None).unwrap().trial);
}

#[test]
fn who_watches_whatever_favourite_is_live_is_foretold_by_that() {
    // Each evening one of four channels is live, by chance.
    let mut chance = Chance::new(4);
    let on_air: Vec<u32> = (0..=90).map(|_| chance.below(4) as u32).collect();
    let evening = |at: usize| (20..23).contains(&(at % 24));
    let live = |at: usize, key: ChannelKey| Some(evening(at) && on_air[at / 24] == key.0);
    let hours: Vec<HourState> =
        (0..24 * 90 + 20).map(|at| if evening(at) { watching(on_air[at / 24]) } else { Some(None) }).collect();
    let found = of(&hours, live).unwrap();
    assert_eq!((found.hours[0], found.channels[0].0), (0, ChannelKey(on_air[90])), "{found:?}");
    let trial = found.trial;
    assert!(trial.method.first.unwrap() > 0.95 && trial.favourite.scores.first.unwrap() > 0.95, "{trial:?}");
    assert!(trial.same_hour.first_better.unwrap().from > 0.3, "{trial:?}");
}

#[test]
fn dice_cannot_be_foretold_and_the_trial_says_so() {
    let mut chance = Chance::new(8);
    let hours: Vec<HourState> = (0..24 * 100)
        .map(|_| if chance.below(4) == 0 { watching(chance.below(5) as u32) } else { Some(None) })
        .collect();
    let trial = of(&hours, |_, _| None).unwrap().trial;
    // Nothing is better than the share itself: p (1 − p) = 0.1875; one channel of five.
    assert!((0.17..0.21).contains(&trial.method.brier.unwrap()), "{trial:?}");
    assert!((0.1..0.3).contains(&trial.method.first.unwrap()), "{trial:?}");
    for other in [trial.same_hour, trial.favourite] {
        assert!(other.brier_better.unwrap().from < 0.005 && other.first_better.unwrap().from < 0.05, "{trial:?}");
    }
}

#[test]
fn what_cannot_be_told_is_refused() {
    let refused = |hours: &[HourState]| of(hours, |_, _| None).map(|_| ());
    assert_eq!(refused(&weekly(27)), Err(Refused::FewDays { have: 27, need: 28 }));
    assert_eq!(refused(&[]), Err(Refused::FewDays { have: 0, need: 28 }));
    assert_eq!(refused(&[None; 2_000]), Err(Refused::FewDays { have: 0, need: 28 }));
    assert_eq!(refused(&[Some(None); 2_000]), Err(Refused::Constant));
    assert_eq!(refused(&[watching(1); 2_000]), Err(Refused::Constant));
    assert_eq!(refused(&weekly(28)), Ok(()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_history_gives_chances_or_a_reason(
        seed in any::<u64>(), days in 0usize..80, unknown in 0usize..20, online in 0usize..20, channels in 1usize..200, more in 0usize..24,
    ) {
        let mut chance = Chance::new(seed);
        let hours: Vec<HourState> = (0..24 * days + more).map(|_| match chance.below(20) {
            dice if dice < unknown => None,
            _ if chance.below(20) < online => watching(chance.below(channels) as u32),
            _ => Some(None),
        }).collect();
        let live = |hour: usize, key: ChannelKey| (!hour.is_multiple_of(5)).then_some((hour + key.0 as usize).is_multiple_of(3));
        let Ok(found) = of(&hours, live) else { return Ok(()) };
        let is_chance = |chance: f64| (0.0..=1.0).contains(&chance);
        prop_assert!(found.first_online.len() == AHEAD && found.first_online.iter().all(|chance| is_chance(*chance)));
        prop_assert!(found.first_online.iter().sum::<f64>() < 1.0 + 1e-9);
        prop_assert!(found.channels.iter().map(|(_, chance)| chance).sum::<f64>() + found.new_channel < 1.0 + 1e-9);
        prop_assert!(!found.channels.is_empty() && found.channels.iter().all(|(_, chance)| is_chance(*chance)));
        prop_assert_eq!(of(&hours, live).unwrap(), found.clone());
        // What is no number would be null.
        let text = serde_json::to_string(&found.trial).unwrap();
        prop_assert!(!text.contains("null") || found.trial.online == 0, "{}", text);
        // Other keys of the same channels in the same order give the same.
        let others: Vec<HourState> = hours.iter().map(|state| match state {
            Some(Some(key)) => watching(2 * key.0 + 7),
            other => *other,
        }).collect();
        let other = of(&others, |hour, key| live(hour, ChannelKey((key.0 - 7) / 2))).unwrap();
        prop_assert_eq!(other.trial, found.trial);
        prop_assert_eq!(other.first_online, found.first_online);
    }
}
