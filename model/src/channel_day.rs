//! A channel's day: what was observed of it in each slot, and what it broadcast.

use serde::{Deserialize, Serialize};

use crate::codec::{CodecError, Reader, Writer};
use crate::run::Run;
use crate::slot::{SLOTS_PER_DAY, Slot, SlotTime};
use crate::slot_set::SlotSet;
use crate::words::{ChattersSource, ListStatus, SpeechStatus};

/// One followed channel on one UTC day. Not personal data. Encoded by [`ChannelDay::encode`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelDay {
    slots: Vec<ChannelSlot>,
    /// Maximal stretches of live slots with one broadcast, title and game; sorted, never overlapping.
    pub segments: Vec<Segment>,
}

/// What is known of a channel in a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum ChannelSlot {
    /// No row: nothing is claimed.
    #[default]
    NotFollowed,
    /// Asking failed, or there was no sweep.
    Unknown,
    /// Asked, and not on air: observed, nobody there.
    OffAir,
    /// On air.
    Live(LiveSlot),
}

impl ChannelSlot {
    /// Whether who is not named was not there.
    pub fn list_observed(self) -> bool {
        match self {
            ChannelSlot::OffAir => true,
            ChannelSlot::Live(live) => live.list == ListStatus::Complete,
            ChannelSlot::NotFollowed | ChannelSlot::Unknown => false,
        }
    }

    /// Whether it is known if the channel was on air.
    pub fn stream_observed(self) -> bool {
        matches!(self, ChannelSlot::OffAir | ChannelSlot::Live(_))
    }
}

/// Whether who is not named in a channel's list at a moment was not there; `day` is the channel's day, nothing where it is
/// not held.
pub fn list_observed(day: Option<&ChannelDay>, at: SlotTime) -> bool {
    day.is_some_and(|day| day.slot(at.slot()).list_observed())
}

/// A channel on air in a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LiveSlot {
    /// Viewers, as Twitch counts them.
    pub viewers: Option<u32>,
    /// Chatters, by the list's own figure; nothing where the list is missing.
    pub chatters: Option<u32>,
    /// How far the list can be trusted.
    pub list: ListStatus,
    /// Whether everything said was heard.
    pub speech: SpeechStatus,
    /// Who was asked for the chatters.
    pub source: Option<ChattersSource>,
}

/// A stretch of one broadcast with one title and one game.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// The live slots of it.
    pub run: Run,
    /// Twitch's id of the broadcast; empty when unknown.
    pub stream_id: String,
    /// The title.
    pub title: String,
    /// Twitch's id of the game; empty when unknown.
    pub game_id: String,
    /// The game or category; empty when unknown.
    pub game: String,
    /// When the broadcast began, Unix time in seconds.
    pub started_at: Option<i64>,
}

impl Default for ChannelDay {
    fn default() -> ChannelDay {
        ChannelDay { slots: vec![ChannelSlot::NotFollowed; usize::from(SLOTS_PER_DAY)], segments: Vec::new() }
    }
}

/// Format 1 of the encoding.
const FORMAT: u8 = 1;
/// The longest text kept; Twitch's titles have at most 140 characters.
const TEXT_MAX: usize = 1_024;

impl ChannelDay {
    /// What is known of the slot.
    pub fn slot(&self, slot: Slot) -> ChannelSlot {
        self.slots[usize::from(slot.index())]
    }

    /// Sets what is known of the slot; segments are set apart.
    pub fn set(&mut self, slot: Slot, state: ChannelSlot) {
        self.slots[usize::from(slot.index())] = state;
    }

    /// Slots in which who is not named was not there: off air, or the list complete.
    pub fn listed_observed(&self) -> SlotSet {
        self.matching(ChannelSlot::list_observed)
    }

    /// Slots in which who was not heard did not write: off air, or speech complete.
    pub fn speech_observed(&self) -> SlotSet {
        self.matching(|state| match state {
            ChannelSlot::OffAir => true,
            ChannelSlot::Live(live) => live.speech == SpeechStatus::Complete,
            ChannelSlot::NotFollowed | ChannelSlot::Unknown => false,
        })
    }

    /// Slots in which it was on air.
    pub fn live(&self) -> SlotSet {
        self.matching(|state| matches!(state, ChannelSlot::Live(_)))
    }

    /// Slots in which it is known whether it was on air.
    pub fn stream_observed(&self) -> SlotSet {
        self.matching(ChannelSlot::stream_observed)
    }

    fn matching(&self, test: impl Fn(ChannelSlot) -> bool) -> SlotSet {
        Slot::all().filter(|slot| test(self.slot(*slot))).collect()
    }

    /// The compact form, documented in `docs/store-format.md`: states as (code, length), figures of live slots as
    /// steps, then the segments over a table of texts.
    pub fn encode(&self, out: &mut Vec<u8>) {
        let mut writer = Writer(out);
        writer.byte(FORMAT);
        let mut rest = self.slots.as_slice();
        while let Some(first) = rest.first() {
            let len = rest.iter().take_while(|state| state_code(**state) == state_code(*first)).count();
            writer.byte(state_code(*first));
            writer.number(len as u64 - 1);
            rest = &rest[len..];
        }
        let (mut viewers, mut chatters) = (0, 0);
        for state in &self.slots {
            if let ChannelSlot::Live(live) = state {
                write_step(&mut writer, &mut viewers, live.viewers);
                write_step(&mut writer, &mut chatters, live.chatters);
            }
        }
        let mut texts: Vec<&str> = Vec::new();
        for text in self.segments.iter().flat_map(Segment::texts) {
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        writer.number(texts.len() as u64);
        for text in &texts {
            writer.text(text);
        }
        writer.number(self.segments.len() as u64);
        for segment in &self.segments {
            writer.number(u64::from(segment.run.from()));
            writer.number(u64::from(segment.run.slots() - 1));
            for text in segment.texts() {
                // Every text was just put in the table.
                writer.number(texts.iter().position(|known| *known == text).unwrap_or_default() as u64);
            }
            writer.signed(segment.started_at.unwrap_or(i64::MIN));
        }
    }

    /// The inverse of [`ChannelDay::encode`] over the whole of `bytes`. Errors: anything that `encode` does not write.
    pub fn decode(bytes: &[u8]) -> Result<ChannelDay, CodecError> {
        let mut reader = Reader::new(bytes);
        let format = reader.byte()?;
        if format != FORMAT {
            return Err(CodecError::Format(format));
        }
        let mut slots = Vec::with_capacity(usize::from(SLOTS_PER_DAY));
        while slots.len() < usize::from(SLOTS_PER_DAY) {
            let state = state_of(reader.byte()?)?;
            let left = usize::from(SLOTS_PER_DAY) - slots.len();
            let len = reader.number_below(left as u64)? as usize + 1;
            slots.resize(slots.len() + len, state);
        }
        let (mut viewers, mut chatters) = (0, 0);
        for state in &mut slots {
            if let ChannelSlot::Live(live) = state {
                live.viewers = read_step(&mut reader, &mut viewers)?;
                live.chatters = read_step(&mut reader, &mut chatters)?;
            }
        }
        let count = reader.number_below(5 * u64::from(SLOTS_PER_DAY))?;
        let texts = (0..count).map(|_| reader.text(TEXT_MAX)).collect::<Result<Vec<_>, _>>()?;
        let count = reader.number_below(u64::from(SLOTS_PER_DAY) + 1)?;
        let mut segments = Vec::with_capacity(count as usize);
        for _ in 0..count {
            let from = reader.number_below(u64::from(SLOTS_PER_DAY))? as u16;
            let to = from + reader.number_below(u64::from(SLOTS_PER_DAY))? as u16 + 1;
            let run = Run::new(from, to).ok_or(CodecError::Range)?;
            let mut text = || -> Result<String, CodecError> {
                let index = reader.number()? as usize;
                texts.get(index).map(|text| (*text).to_owned()).ok_or(CodecError::Range)
            };
            let (stream_id, title, game_id, game) = (text()?, text()?, text()?, text()?);
            let started_at = Some(reader.signed()?).filter(|at| *at != i64::MIN);
            segments.push(Segment { run, stream_id, title, game_id, game, started_at });
        }
        if reader.is_empty() { Ok(ChannelDay { slots, segments }) } else { Err(CodecError::Range) }
    }
}

impl Segment {
    /// The segment of the slots `run` with these facts; texts are cut to 1,024 bytes, at a character.
    pub fn new(run: Run, facts: &crate::sample::StreamFacts) -> Segment {
        let cut = |text: &str| text[..text.floor_char_boundary(TEXT_MAX)].to_owned();
        Segment {
            run,
            stream_id: cut(&facts.stream_id),
            title: cut(&facts.title),
            game_id: cut(&facts.game_id),
            game: cut(&facts.game),
            started_at: facts.started_at,
        }
    }

    fn texts(&self) -> [&str; 4] {
        [&self.stream_id, &self.title, &self.game_id, &self.game]
    }
}

/// Bits 0–1 status, 2–3 list, 4 speech, 5–6 source.
fn state_code(state: ChannelSlot) -> u8 {
    match state {
        ChannelSlot::NotFollowed => 0,
        ChannelSlot::Unknown => 1,
        ChannelSlot::OffAir => 2,
        ChannelSlot::Live(live) => {
            let list = match live.list {
                ListStatus::Complete => 0,
                ListStatus::Partial => 1,
                ListStatus::Missing => 2,
            };
            let speech = u8::from(live.speech == SpeechStatus::Complete);
            let source = match live.source {
                None => 0,
                Some(ChattersSource::Tmi) => 1,
                Some(ChattersSource::Irc) => 2,
                Some(ChattersSource::Helix) => 3,
            };
            3 | list << 2 | speech << 4 | source << 5
        }
    }
}

fn state_of(code: u8) -> Result<ChannelSlot, CodecError> {
    match code {
        0 => Ok(ChannelSlot::NotFollowed),
        1 => Ok(ChannelSlot::Unknown),
        2 => Ok(ChannelSlot::OffAir),
        _ if code & 3 == 3 && code < 0x80 => Ok(ChannelSlot::Live(LiveSlot {
            viewers: None,
            chatters: None,
            list: match code >> 2 & 3 {
                0 => ListStatus::Complete,
                1 => ListStatus::Partial,
                2 => ListStatus::Missing,
                _ => return Err(CodecError::Range),
            },
            speech: if code >> 4 & 1 == 1 { SpeechStatus::Complete } else { SpeechStatus::Missing },
            source: [None, Some(ChattersSource::Tmi), Some(ChattersSource::Irc), Some(ChattersSource::Helix)]
                [usize::from(code >> 5)],
        })),
        _ => Err(CodecError::Range),
    }
}

/// A figure as its step from the last one; nothing counts as −1, so that it costs one byte too.
fn write_step(writer: &mut Writer<'_>, last: &mut i64, figure: Option<u32>) {
    let value = figure.map_or(-1, i64::from);
    writer.signed(value - *last);
    *last = value;
}

fn read_step(reader: &mut Reader<'_>, last: &mut i64) -> Result<Option<u32>, CodecError> {
    let value = last.checked_add(reader.signed()?).ok_or(CodecError::Range)?;
    *last = value;
    if value == -1 { Ok(None) } else { u32::try_from(value).map(Some).map_err(|_| CodecError::Range) }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    fn state() -> impl Strategy<Value = ChannelSlot> {
        let list = proptest::sample::select(ListStatus::ALL);
        let speech = proptest::sample::select(SpeechStatus::ALL);
        let source = proptest::option::of(proptest::sample::select(ChattersSource::ALL));
        prop_oneof![
            Just(ChannelSlot::NotFollowed),
            Just(ChannelSlot::Unknown),
            Just(ChannelSlot::OffAir),
            (any::<Option<u32>>(), any::<Option<u32>>(), list, speech, source).prop_map(
                |(viewers, chatters, list, speech, source)| ChannelSlot::Live(LiveSlot {
                    viewers,
                    chatters,
                    list,
                    speech,
                    source
                })
            ),
        ]
    }

    pub(crate) fn channel_day() -> impl Strategy<Value = ChannelDay> {
        let stretch = (state(), 1usize..80);
        (proptest::collection::vec(stretch, 0..12), crate::presence::tests::runs(), "\\PC{0,12}").prop_map(
            |(stretches, runs, text)| {
                let mut day = ChannelDay::default();
                let mut states = stretches.into_iter().flat_map(|(state, len)| std::iter::repeat_n(state, len));
                for slot in Slot::all() {
                    day.set(slot, states.next().unwrap_or_default());
                }
                let facts = crate::sample::StreamFacts { title: text.clone(), game: text, ..Default::default() };
                day.segments = runs.into_iter().map(|run| Segment::new(run, &facts)).collect();
                day
            },
        )
    }

    proptest! {
        #[test]
        fn encoding_round_trips(day in channel_day()) {
            let mut bytes = Vec::new();
            day.encode(&mut bytes);
            prop_assert_eq!(ChannelDay::decode(&bytes).unwrap(), day);
        }

        #[test]
        fn any_bytes_decode_or_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            let _ = ChannelDay::decode(&bytes);
        }

        #[test]
        fn live_and_off_air_are_what_is_observed_of_a_stream(day in channel_day()) {
            prop_assert_eq!(day.live().minus(&day.stream_observed()).len(), 0);
            prop_assert_eq!(day.listed_observed().minus(&day.stream_observed()).len(), 0);
        }
    }
}
