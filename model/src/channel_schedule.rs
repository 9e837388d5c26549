//! A channel's day and its figures: broadcasts, titles and games, viewers and chatters.

use serde::{Deserialize, Serialize};

use crate::channel_day::{ChannelDay, ChannelSlot};
use crate::day::Day;
use crate::session::BRIDGE_SLOTS;
use crate::slot::{SLOT_MINUTES, SLOTS_PER_DAY, SlotTime, Span};
use crate::viewer_schedule::unobserved;
use crate::words::ListStatus;

/// Under this share of slots known, in percent, hours watched read "at least".
pub const ENOUGH_COVERAGE_PERCENT: u64 = 90;

/// What was observed of a channel over a stretch of time, usually a local day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelSchedule {
    /// The stretch shown.
    pub window: Span,
    /// The first slot that is not swept yet; `window.to` once it is over.
    pub until: SlotTime,
    /// Broadcasts, in order.
    pub broadcasts: Vec<Broadcast>,
    /// Where it is not known whether it was on air.
    pub unobserved: Vec<Span>,
    /// Viewers per slot of the window, as Twitch counts them; nothing unless live and told.
    pub viewers: Vec<Option<u32>>,
    /// Chatters per slot of the window, only where the list is complete.
    pub chatters: Vec<Option<u32>>,
}

/// A time on air.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Broadcast {
    /// From the first to the last live slot within the window.
    pub span: Span,
    /// Titles and games, in order.
    pub scenes: Vec<Scene>,
}

/// A stretch with one title and one game.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scene {
    /// When.
    pub span: Span,
    /// The title; empty when unknown.
    pub title: String,
    /// The game or category; empty when unknown.
    pub game: String,
}

/// Figures of a channel over some days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ChannelFigures {
    /// Slots seen live.
    pub live_slots: u64,
    /// Times on air.
    pub broadcasts: u32,
    /// Σ viewers over live slots: hours watched = this × 5 / 60.
    pub viewer_slots: u64,
    /// Most viewers, and when.
    pub peak: Option<(SlotTime, u32)>,
    /// Mean viewers over live slots whose count is known.
    pub mean_viewers: Option<f64>,
    /// Σ chatters ÷ Σ viewers where the list is complete, 0–1.
    pub listed_share: Option<f64>,
    /// Share of the slots of which it is known whether it was on air, 0–1.
    pub coverage: f64,
}

impl ChannelFigures {
    /// Hours watched: Σ viewers × 5 / 60 over the live slots that were seen.
    pub fn hours_watched(&self) -> f64 {
        self.viewer_slots as f64 * f64::from(SLOT_MINUTES) / 60.0
    }

    /// Whether so little was seen that hours watched are a lower bound.
    pub fn is_lower_bound(&self) -> bool {
        self.coverage * 100.0 < ENOUGH_COVERAGE_PERCENT as f64
    }
}

/// Reads a channel's days as a schedule. `channel_day` gives a day, nothing where it is not held.
pub fn channel_schedule<'a>(
    window: Span,
    until: SlotTime,
    channel_day: impl Fn(Day) -> Option<&'a ChannelDay>,
) -> ChannelSchedule {
    let until = until.clamp(window.from, window.to);
    let slot = |at: SlotTime| channel_day(at.day()).map_or(ChannelSlot::NotFollowed, |day| day.slot(at.slot()));
    let live = |at: SlotTime| match slot(at) {
        ChannelSlot::Live(live) => Some(live),
        _ => None,
    };
    ChannelSchedule {
        window,
        until,
        broadcasts: broadcasts(window, slot)
            .into_iter()
            .map(|span| Broadcast { span, scenes: scenes(span, &channel_day) })
            .collect(),
        unobserved: unobserved(Span { from: window.from, to: until }, |at| slot(at).stream_observed()),
        viewers: window.slots().map(|at| live(at)?.viewers).collect(),
        chatters: window
            .slots()
            .map(|at| live(at).filter(|live| live.list == ListStatus::Complete)?.chatters)
            .collect(),
    }
}

/// Figures over `stretch` whole UTC days: those of them that are held, and of the others nothing is known.
pub fn channel_figures(days: &[(Day, ChannelDay)], stretch: u32) -> ChannelFigures {
    let mut figures = ChannelFigures::default();
    let (mut known, mut counted, mut listed, mut listed_viewers) = (0u64, 0u64, 0u64, 0u64);
    let total = u64::from(stretch) * u64::from(SLOTS_PER_DAY);
    for (day, data) in days {
        for at in Span::of_day(*day).slots() {
            let slot = data.slot(at.slot());
            known += u64::from(slot.stream_observed());
            let ChannelSlot::Live(live) = slot else { continue };
            figures.live_slots += 1;
            let Some(viewers) = live.viewers else { continue };
            counted += 1;
            figures.viewer_slots += u64::from(viewers);
            if figures.peak.is_none_or(|(_, most)| viewers > most) {
                figures.peak = Some((at, viewers));
            }
            if let (ListStatus::Complete, Some(chatters)) = (live.list, live.chatters) {
                listed += u64::from(chatters);
                listed_viewers += u64::from(viewers);
            }
        }
    }
    let at = |at: SlotTime| {
        days.binary_search_by_key(&at.day(), |(day, _)| *day)
            .map_or(ChannelSlot::NotFollowed, |index| days[index].1.slot(at.slot()))
    };
    if let (Some((first, _)), Some((last, _))) = (days.first(), days.last()) {
        let all = Span { from: SlotTime::at(*first, 0), to: SlotTime::at(last.plus(1), 0) };
        figures.broadcasts = broadcasts(all, at).len() as u32;
    }
    figures.mean_viewers = (counted > 0).then(|| figures.viewer_slots as f64 / counted as f64);
    figures.listed_share = (listed_viewers > 0).then(|| (listed as f64 / listed_viewers as f64).min(1.0));
    figures.coverage = if total > 0 { known as f64 / total as f64 } else { 0.0 };
    figures
}

/// Times on air: live slots, joined across at most [`BRIDGE_SLOTS`] slots of which nothing is known.
pub(crate) fn broadcasts(window: Span, slot: impl Fn(SlotTime) -> ChannelSlot) -> Vec<Span> {
    let mut found: Vec<Span> = Vec::new();
    for at in window.slots().filter(|at| matches!(slot(*at), ChannelSlot::Live(_))) {
        match found.last_mut() {
            Some(last) => {
                let gap = Span { from: last.to, to: at };
                if gap.len() <= BRIDGE_SLOTS && gap.slots().all(|at| !slot(at).stream_observed()) {
                    last.to = at + 1;
                } else {
                    found.push(Span { from: at, to: at + 1 });
                }
            }
            None => found.push(Span { from: at, to: at + 1 }),
        }
    }
    found
}

/// Titles and games within a stretch, neighbours with the same ones joined. `channel_day` gives a day of the channel,
/// nothing where it is not held.
pub fn scenes<'a>(span: Span, channel_day: impl Fn(Day) -> Option<&'a ChannelDay>) -> Vec<Scene> {
    let mut scenes: Vec<Scene> = Vec::new();
    for day in span.days() {
        for segment in channel_day(day).map_or(&[][..], |data| &data.segments) {
            let Some(part) = segment.run.on(day).intersect(span) else { continue };
            match scenes.last_mut() {
                Some(last) if last.title == segment.title && last.game == segment.game => last.span.to = part.to,
                _ => scenes.push(Scene { span: part, title: segment.title.clone(), game: segment.game.clone() }),
            }
        }
    }
    scenes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel_day::tests::channel_day;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_schedule_covers_what_is_live_once(day in channel_day()) {
            let window = Span::of_day(Day::MIN);
            let schedule = channel_schedule(window, window.to, |_| Some(&day));
            let live: Vec<SlotTime> = window.slots().filter(|at| day.live().contains(at.slot())).collect();
            for at in &live {
                prop_assert_eq!(schedule.broadcasts.iter().filter(|b| b.span.contains(*at)).count(), 1);
            }
            prop_assert!(schedule.broadcasts.windows(2).all(|pair| pair[0].span.to <= pair[1].span.from));
            prop_assert_eq!(schedule.viewers.len(), 288);
            let figures = channel_figures(&[(Day::MIN, day.clone())], 1);
            prop_assert_eq!(figures.live_slots, live.len() as u64);
            prop_assert_eq!(figures.broadcasts, schedule.broadcasts.len() as u32);
            prop_assert!((0.0..=1.0).contains(&figures.coverage));
        }
    }
}
