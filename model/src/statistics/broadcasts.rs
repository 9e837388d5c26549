//! A channel's broadcasts, one by one: when, under what title, with how many viewers.

use super::channel::{is_begun, on_air, slot_of};
use crate::channel_day::{ChannelDay, ChannelSlot};
use crate::channel_schedule::scenes;
use crate::day::{DAY_SECONDS, Day};
use crate::slot::Span;
use crate::zone::ZoneTable;

/// A broadcast counts once the viewers of so many slots are known, half an hour: a stream that was started by mistake does not.
pub const COUNTED_SLOTS: u32 = 6;

/// One time on air.
#[derive(Clone, Debug, PartialEq)]
pub struct Broadcast {
    /// From the first to the last live slot.
    pub span: Span,
    /// The title that stood longest, of equals the earlier.
    pub title: String,
    /// The weekday of its start on the local clock, 0 is Monday.
    pub weekday: u8,
    /// The hour of its start on the local clock, 0–23.
    pub hour: u8,
    /// Mean of ln(1 + viewers) over the slots whose viewers are known.
    pub mean_log_viewers: f64,
}

/// The broadcasts of a channel's days, ascending, in order; those with fewer than [`COUNTED_SLOTS`] counts are left out, and those whose start was
/// not seen.
pub fn broadcasts_of(days: &[(Day, ChannelDay)], zone: &ZoneTable) -> Vec<Broadcast> {
    let held = |day: Day| days.binary_search_by_key(&day, |(day, _)| *day).ok().map(|place| &days[place].1);
    let broadcast = |span: Span| {
        let (mut counted, mut sum) = (0u32, 0.0);
        for at in span.slots() {
            if let ChannelSlot::Live(live) = slot_of(days, at)
                && let Some(viewers) = live.viewers
            {
                counted += 1;
                sum += f64::from(viewers).ln_1p();
            }
        }
        let clock = span.from.unix() + i64::from(zone.offset_at(span.from.unix()));
        (counted >= COUNTED_SLOTS).then(|| Broadcast {
            span,
            title: longest_title(span, held),
            weekday: (clock.div_euclid(DAY_SECONDS) + 3).rem_euclid(7) as u8,
            hour: (clock.rem_euclid(DAY_SECONDS) / 3_600) as u8,
            mean_log_viewers: sum / f64::from(counted),
        })
    };
    on_air(days).into_iter().filter(|span| is_begun(days, *span)).filter_map(broadcast).collect()
}

fn longest_title<'a>(span: Span, held: impl Fn(Day) -> Option<&'a ChannelDay>) -> String {
    let mut titles: Vec<(String, u32)> = Vec::new();
    for scene in scenes(span, held) {
        match titles.iter_mut().find(|(title, _)| *title == scene.title) {
            Some((_, slots)) => *slots += scene.span.len(),
            None => titles.push((scene.title, scene.span.len())),
        }
    }
    let most = titles.iter().map(|(_, slots)| *slots).max().unwrap_or(0);
    titles.into_iter().find(|(_, slots)| *slots == most).map(|(title, _)| title).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::channel::tests::{aired, day};
    use crate::zone::tests::paris;

    #[test]
    fn a_broadcast_has_the_title_that_stood_longest() {
        let first = day("2026-11-20");
        let days = [
            (
                first,
                aired(&[
                    (10, 15, 9, "short", ""),
                    (200, 210, 9, "a", ""),
                    (210, 230, 99, "b", ""),
                    (230, 245, 9, "a", ""),
                    (280, 288, 5, "c", ""),
                ]),
            ),
            (first.plus(1), aired(&[(0, 5, 5, "c", "")])),
        ];
        let found = broadcasts_of(&days, &paris());
        let told = |one: &Broadcast| (one.title.clone(), one.span.len(), one.weekday, one.hour);
        // 16:40 UTC is 17:40 in Paris; 2026-11-20 was a Friday; at 23:20 UTC it is Saturday there.
        assert_eq!(found.iter().map(told).collect::<Vec<_>>(), [("a".into(), 45, 4, 17), ("c".into(), 13, 5, 0)]);
        assert!((found[1].mean_log_viewers - 6f64.ln()).abs() < 1e-12);
    }
}
