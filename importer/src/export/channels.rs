//! The rows about channels. Counts of people in them are told as aggregates may be: rounded, and not at all where few.

use std::sync::Arc;

use model::aggregate::told;
use model::channel_day::{ChannelDay, ChannelSlot, LiveSlot, Segment};
use model::channel_schedule::channel_figures;
use model::day::Day;
use model::identity::TwitchId;
use model::slot::{SLOT_MINUTES, Slot, SlotTime};
use model::words::{ChattersSource, StreamStatus};
use store::day::DayRecord;

use super::error::ExportError;
use super::followed::{Followed, FollowedChannel};
use super::people::Census;
use super::table::Cell;
use super::writer::PartWriter;

/// Writes channels' slots and days.
pub(crate) struct ChannelsWriter {
    pub(crate) day: Day,
    pub(crate) followed: Arc<Followed>,
    pub(crate) census: Arc<Census>,
    pub(crate) slots: PartWriter,
    pub(crate) days: PartWriter,
}

impl ChannelsWriter {
    /// Takes channels by place, with what was observed of them.
    pub(crate) fn channels(&mut self, channels: Vec<(usize, ChannelDay)>) -> Result<(), ExportError> {
        for (place, data) in channels {
            let channel = &self.followed.channels[place];
            let chatters = told(self.census.chatters[place]);
            write_slots(&mut self.slots, self.day, channel, &data, chatters.is_some())?;
            write_day(&mut self.days, self.day, channel, data, chatters)?;
        }
        Ok(())
    }
}

/// A row a slot in which the channel was followed. Where the day's number of people is not told, those of its slots are
/// not either: a total and its parts go together.
fn write_slots(
    part: &mut PartWriter,
    day: Day,
    channel: &FollowedChannel,
    data: &ChannelDay,
    count: bool,
) -> Result<(), ExportError> {
    let mut segments = data.segments.iter().peekable();
    for slot in Slot::all() {
        let (status, live) = match data.slot(slot) {
            ChannelSlot::NotFollowed => continue,
            ChannelSlot::Unknown => (StreamStatus::Unknown, None),
            ChannelSlot::OffAir => (StreamStatus::OffAir, None),
            ChannelSlot::Live(live) => (StreamStatus::Live, Some(live)),
        };
        while segments.next_if(|segment| segment.run.to() <= slot.index()).is_some() {}
        let scene = segments.peek().filter(|segment| live.is_some() && segment.run.from() <= slot.index());
        let scene = |text: fn(&Segment) -> &str| scene.map_or(Cell::Unknown, |segment| Cell::text(text(segment)));
        let word = |word: fn(LiveSlot) -> Option<&'static str>| live.and_then(word).map_or(Cell::Unknown, Cell::Text);
        let chatters = live.and_then(|live| live.chatters).filter(|_| count);
        part.row(&[
            Cell::Time(SlotTime::new(day, slot)),
            Cell::Text(channel.login.as_str()),
            Cell::number(channel.id.map(TwitchId::get)),
            Cell::Text(&channel.display_name),
            Cell::Text(status.as_str()),
            word(|live| Some(live.list.as_str())),
            word(|live| Some(live.speech.as_str())),
            word(|live| live.source.map(ChattersSource::as_str)),
            Cell::number(live.and_then(|live| live.viewers)),
            Cell::number(chatters.and_then(|chatters| told(u64::from(chatters)))),
            scene(|segment| &segment.title),
            scene(|segment| &segment.game),
            scene(|segment| &segment.game_id),
            scene(|segment| &segment.stream_id),
        ])?;
    }
    Ok(())
}

fn write_day(
    part: &mut PartWriter,
    day: Day,
    channel: &FollowedChannel,
    data: ChannelDay,
    chatters: Option<u64>,
) -> Result<(), ExportError> {
    let figures = channel_figures(&[(day, data)], 1);
    part.row(&[
        Cell::Text(channel.login.as_str()),
        Cell::number(channel.id.map(TwitchId::get)),
        Cell::Text(&channel.display_name),
        Cell::Real(figures.hours_watched()),
        Cell::Real(figures.coverage),
        Cell::Number(figures.live_slots * u64::from(SLOT_MINUTES)),
        figures.mean_viewers.map_or(Cell::Unknown, Cell::Real),
        Cell::number(figures.peak.map(|(_, viewers)| viewers)),
        Cell::number(chatters),
    ])
}

/// The one row of a day. Observations are of the people counted beside them, and go with them.
pub(crate) fn write_figures(part: &mut PartWriter, record: &DayRecord, census: &Census) -> Result<(), ExportError> {
    let viewers = told(census.viewers);
    part.row(&[
        Cell::number(viewers),
        Cell::number(told(census.bots)),
        Cell::number(viewers.and_then(|_| told(census.observations))),
        Cell::Number(u64::from(record.sweeps)),
    ])
}
