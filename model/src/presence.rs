//! A person's day: runs of presence per channel, by evidence.

use serde::{Deserialize, Serialize};

use crate::codec::{CodecError, Reader, Writer};
use crate::identity::ChannelKey;
use crate::run::Run;
use crate::slot_set::SlotSet;

/// One person on one UTC day, all channels. What the store keeps; encoded by [`ViewerDay::encode`], for serde too.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Vec<u8>", try_from = "Vec<u8>")]
pub struct ViewerDay {
    /// Flagged as a bot that day: kept, left out of figures about people.
    pub bot: bool,
    /// By ascending channel key, each once, none empty.
    pub channels: Vec<ChannelPresence>,
}

/// One person in one channel on one UTC day: maximal runs, never joined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelPresence {
    /// The channel.
    pub channel: ChannelKey,
    /// Runs in which the list named them.
    pub listed: Vec<Run>,
    /// Runs of slots in which they wrote.
    pub spoke: Vec<Run>,
}

impl ChannelPresence {
    /// Slots with presence of either kind.
    pub fn present(&self) -> SlotSet {
        SlotSet::from_runs(self.listed.iter().chain(&self.spoke).copied())
    }
}

/// Format 1. The low four bits of the first byte are the format, bit 4 the bot flag.
const FORMAT: u8 = 1;
const BOT: u8 = 0x10;

impl ViewerDay {
    /// Slots in which the person is in any followed chat, counted once.
    pub fn online(&self) -> SlotSet {
        self.channels.iter().fold(SlotSet::EMPTY, |all, channel| all.union(&channel.present()))
    }

    /// What is held of them in a channel.
    pub fn channel(&self, key: ChannelKey) -> Option<&ChannelPresence> {
        let place = self.channels.binary_search_by_key(&key, |presence| presence.channel).ok()?;
        Some(&self.channels[place])
    }

    /// The compact form, documented in `docs/store-format.md`: a byte of format and flags, then per channel the step
    /// of its key, `listed runs × 2 + whether any spoken`, and the runs as (gap, length − 1); all numbers LEB128.
    pub fn encode(&self, out: &mut Vec<u8>) {
        let mut writer = Writer(out);
        writer.byte(FORMAT | if self.bot { BOT } else { 0 });
        let mut next_key = 0;
        for presence in &self.channels {
            writer.number(u64::from(presence.channel.0 - next_key));
            next_key = presence.channel.0 + 1;
            writer.number((presence.listed.len() as u64) << 1 | u64::from(!presence.spoke.is_empty()));
            write_runs(&mut writer, &presence.listed);
            if !presence.spoke.is_empty() {
                writer.number(presence.spoke.len() as u64);
                write_runs(&mut writer, &presence.spoke);
            }
        }
    }

    /// The inverse of [`ViewerDay::encode`] over the whole of `bytes`. Errors: anything that `encode` does not write.
    pub fn decode(bytes: &[u8]) -> Result<ViewerDay, CodecError> {
        let mut reader = Reader::new(bytes);
        let head = reader.byte()?;
        if head & 0x0f != FORMAT || head & !(0x0f | BOT) != 0 {
            return Err(CodecError::Format(head));
        }
        let mut channels = Vec::new();
        let mut next_key = 0u32;
        while !reader.is_empty() {
            let step = reader.number_below(u64::from(u32::MAX))? as u32;
            let key = next_key.checked_add(step).filter(|key| *key < u32::MAX).ok_or(CodecError::Range)?;
            next_key = key + 1;
            let head = reader.number_below(289 * 2)?;
            let listed = read_runs(&mut reader, (head >> 1) as usize)?;
            let spoke = if head & 1 == 1 {
                let count = reader.number_below(289)? as usize;
                read_runs(&mut reader, count)?
            } else {
                Vec::new()
            };
            if (listed.is_empty() && spoke.is_empty()) || (head & 1 == 1) == spoke.is_empty() {
                return Err(CodecError::Range);
            }
            channels.push(ChannelPresence { channel: ChannelKey(key), listed, spoke });
        }
        Ok(ViewerDay { bot: head & BOT != 0, channels })
    }
}

impl From<ViewerDay> for Vec<u8> {
    fn from(day: ViewerDay) -> Vec<u8> {
        let mut bytes = Vec::new();
        day.encode(&mut bytes);
        bytes
    }
}

impl TryFrom<Vec<u8>> for ViewerDay {
    type Error = CodecError;
    fn try_from(bytes: Vec<u8>) -> Result<ViewerDay, CodecError> {
        ViewerDay::decode(&bytes)
    }
}

/// Runs as (gap since the last run − 1, the first from 0; length − 1): maximal runs are at least one slot apart.
fn write_runs(writer: &mut Writer<'_>, runs: &[Run]) {
    let mut next = 0;
    for run in runs {
        writer.number(u64::from(run.from() - next));
        writer.number(u64::from(run.slots() - 1));
        next = run.to() + 1;
    }
}

fn read_runs(reader: &mut Reader<'_>, count: usize) -> Result<Vec<Run>, CodecError> {
    let mut runs = Vec::with_capacity(count.min(144));
    let mut next = 0u16;
    for _ in 0..count {
        let from = next + reader.number_below(289)? as u16;
        let run = Run::new(from, from + reader.number_below(289)? as u16 + 1).ok_or(CodecError::Range)?;
        next = run.to() + 1;
        runs.push(run);
    }
    Ok(runs)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::slot::Slot;
    use proptest::prelude::*;

    pub(crate) fn runs() -> impl Strategy<Value = Vec<Run>> {
        proptest::collection::vec(0u16..288, 0..40)
            .prop_map(|slots| slots.into_iter().map(|s| Slot::new(s).unwrap()).collect::<SlotSet>().runs())
    }

    pub(crate) fn viewer_day() -> impl Strategy<Value = ViewerDay> {
        (any::<bool>(), proptest::collection::btree_map(0u32..5_000_000, (runs(), runs()), 0..6)).prop_map(
            |(bot, map)| ViewerDay {
                bot,
                channels: map
                    .into_iter()
                    .filter(|(_, (listed, spoke))| !listed.is_empty() || !spoke.is_empty())
                    .map(|(key, (listed, spoke))| ChannelPresence { channel: ChannelKey(key), listed, spoke })
                    .collect(),
            },
        )
    }

    proptest! {
        #[test]
        fn encoding_round_trips(day in viewer_day()) {
            let mut bytes = Vec::new();
            day.encode(&mut bytes);
            prop_assert_eq!(ViewerDay::decode(&bytes).unwrap(), day);
        }

        #[test]
        fn any_bytes_are_a_day_in_its_one_spelling_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            if let Ok(day) = ViewerDay::decode(&bytes) {
                let mut again = Vec::new();
                day.encode(&mut again);
                prop_assert_eq!(again, bytes);
            }
        }
    }

    #[test]
    fn an_ordinary_day_takes_a_few_bytes() {
        let run = |from, to| Run::new(from, to).unwrap();
        let day = ViewerDay {
            bot: false,
            channels: vec![
                ChannelPresence { channel: ChannelKey(12), listed: vec![run(100, 102), run(103, 105)], spoke: vec![] },
                ChannelPresence { channel: ChannelKey(40), listed: vec![run(240, 288)], spoke: vec![run(250, 251)] },
            ],
        };
        let mut bytes = Vec::new();
        day.encode(&mut bytes);
        // Format 1 for good: these bytes must never change.
        assert_eq!(bytes, [1, 12, 4, 100, 1, 0, 1, 27, 3, 240, 1, 47, 1, 250, 1, 0]);
    }
}
