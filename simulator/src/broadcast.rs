//! What a channel broadcasts: from when to when, which games, under which titles.

use model::day::{DAY_SECONDS, Day};
use model::slot::{SLOT_SECONDS, SlotTime, Span};

use crate::channel::{Channel, DAY_BEGINS};
use crate::dice::{Dice, Purpose, mix};
use crate::games::{ENGLISH_TITLES, Game, OPENING};
use crate::zone::Zones;

/// One broadcast.
#[derive(Debug)]
pub(crate) struct Broadcast {
    /// The slots at whose start it is on air; never empty.
    pub(crate) span: Span,
    /// Unix time in seconds, at most one slot before the span.
    pub(crate) started_at: i64,
    pub(crate) stream_id: u64,
    /// In order; the first begins with the span.
    pub(crate) programme: Vec<Programme>,
}

/// From here on, this game and title.
#[derive(Debug)]
pub(crate) struct Programme {
    pub(crate) from: SlotTime,
    pub(crate) game: &'static Game,
    pub(crate) title: String,
}

impl Broadcast {
    /// What is on in a slot of its span.
    pub(crate) fn programme_at(&self, at: SlotTime) -> &Programme {
        let next = self.programme.partition_point(|part| part.from <= at);
        &self.programme[next.max(1) - 1]
    }
}

/// Days of a half-year: in each a channel takes one holiday, and so do most people.
const HOLIDAY_PERIOD: i32 = 182;

/// Whether `day` is in the holiday that `key` takes: `least` to `least` + 7 days, once in a half-year.
pub(crate) fn on_holiday(key: u64, day: Day, least: i32) -> bool {
    let draw = mix(key, day.days().div_euclid(HOLIDAY_PERIOD) as u64);
    let length = least + (draw % 8) as i32;
    let start = ((draw >> 8) % (HOLIDAY_PERIOD - length) as u64) as i32;
    (start..start + length).contains(&day.days().rem_euclid(HOLIDAY_PERIOD))
}

/// The broadcasts that begin on a channel's broadcast day, in order. They never overlap each other or those of other
/// days: all end before the local [`DAY_BEGINS`] of the next day.
pub(crate) fn broadcasts(seed: u64, zones: &Zones, channel: &Channel, day: Day, out: &mut Vec<Broadcast>) {
    let never_ends = channel.habit.iter().any(|airing| airing.minutes > 1_400);
    // A channel of the demonstration is missed if it is away, so those rest less.
    let rest = if channel.weight > 0.05 { 1 } else { 5 };
    if !never_ends && on_holiday(seed ^ channel.key, day, rest) {
        return;
    }
    let mut dice = Dice::new(seed, Purpose::Broadcasts, channel.key, day.days());
    let latest = zones.instant(channel.zone, day.plus(1), i32::from(DAY_BEGINS)) - 600;
    let mut free_from = i64::MIN;
    for (number, airing) in channel.habit.iter().enumerate() {
        let (late, stretch, ill) = (dice.bell(480.0), 0.78 + 0.5 * dice.unit(), dice.chance(0.06));
        if airing.days >> day.weekday() & 1 == 0 || (ill && !never_ends) {
            continue;
        }
        let usual = zones.instant(channel.zone, day, i32::from(airing.start));
        let (started_at, end) = if never_ends {
            // Its own machine restarts it once a day.
            (usual + 60, latest + 300)
        } else {
            let began = usual + late as i64;
            (began.max(free_from), (began + (f64::from(airing.minutes) * 60.0 * stretch) as i64).min(latest))
        };
        let (Some(from), Some(to)) = (slot_from(started_at), slot_from(end)) else { continue };
        if from < to {
            let span = Span { from, to };
            let key = mix(channel.key, mix(day.days() as u64, number as u64));
            let programme = programme(seed, channel, span, key, day);
            // 11 digits, as Twitch's are.
            out.push(Broadcast { span, started_at, stream_id: 40_000_000_000 + key % 10_000_000_000, programme });
            free_from = end + 1_800;
        }
    }
}

fn programme(seed: u64, channel: &Channel, span: Span, key: u64, day: Day) -> Vec<Programme> {
    let mut dice = Dice::new(seed, Purpose::Programme, key, 0);
    let games = channel.games();
    let mut programme = Vec::new();
    let mut at = span.from;
    let mut part = 0;
    // Channels keep to one game for days: mostly their own, now and then another.
    let away = [0, 0, 0, 1, 2][mix(channel.key, (day.days() / 6) as u64) as usize % 5];
    let favourite = (usize::from(channel.home_game) + away) % games.len();
    while at < span.to {
        let opening = part == 0 && span.len() > 12 && dice.chance(0.4);
        let game = match () {
            () if opening => OPENING,
            () if dice.chance(0.68) => games[favourite],
            () => *dice.pick(games),
        };
        let titles = if channel.language == "en" { ENGLISH_TITLES } else { game.titles };
        let number = 3 + (day.days() as u64 + channel.key) % 97;
        let title = dice.pick(titles).replace('#', &number.to_string());
        let length = if opening { dice.range(3, 9) } else { dice.range(10, 48) };
        // What is left of less than half an hour belongs to what was on.
        programme.push(Programme { from: at, game, title });
        at = at + length;
        if span.to - at < 6 {
            break;
        }
        part += 1;
    }
    programme
}

/// The first slot that starts at `unix` or later; nothing outside the range of days.
fn slot_from(unix: i64) -> Option<SlotTime> {
    let within = (Day::MIN.start_unix()..Day::MAX.start_unix() + DAY_SECONDS).contains(&unix);
    within.then(|| SlotTime::from_unix(unix + SLOT_SECONDS - 1).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::channels;

    #[test]
    fn broadcasts_never_overlap_and_are_programmed_throughout() {
        let zones = Zones::load().unwrap();
        let first: Day = "2026-03-20".parse().unwrap();
        for channel in channels(3, 60) {
            let mut all = Vec::new();
            for day in first.until(first.plus(60)) {
                broadcasts(3, &zones, &channel, day, &mut all);
            }
            assert!(all.len() > 5, "{}: {} broadcasts", channel.login, all.len());
            assert!(all.windows(2).all(|pair| pair[0].span.to <= pair[1].span.from), "{}", channel.login);
            for broadcast in &all {
                let early = broadcast.span.from.unix() - broadcast.started_at;
                assert!((0..SLOT_SECONDS).contains(&early), "{early}");
                assert_eq!(broadcast.programme[0].from, broadcast.span.from);
                assert!(broadcast.programme.windows(2).all(|pair| pair[0].from < pair[1].from));
                assert!(broadcast.programme.iter().all(|part| part.from < broadcast.span.to));
            }
        }
    }

    #[test]
    fn holidays_come_once_in_a_half_year() {
        let first = Day::from_days(HOLIDAY_PERIOD * 110).unwrap();
        for key in 0..50 {
            let away = first.until(first.plus(HOLIDAY_PERIOD)).filter(|day| on_holiday(key, *day, 5)).count();
            assert!((5..=12).contains(&away), "{away}");
        }
    }
}
