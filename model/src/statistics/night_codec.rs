//! The compact form of a channel's night; `docs/store-format.md` describes it.

use super::night::{Audience, ChannelNight, NEIGHBOURS, Neighbour};
use super::retention::{Retention, STEPS_MAX, Still};
use crate::aggregate::FEW;
use crate::codec::{CodecError, Reader, Writer};
use crate::identity::ChannelKey;
use crate::slot::SlotTime;

/// Format 1.
const FORMAT: u8 = 1;
/// Broadcasts that can end on one day: each took two hours, and the first may have begun before.
const BROADCASTS_MAX: u64 = 12;
/// Counts of people and slots have 32 bits.
const COUNT_END: u64 = 1 << 32;

impl ChannelNight {
    /// The compact form. Of more than [`NEIGHBOURS`] neighbours or twelve broadcasts the first are kept.
    pub fn encode(&self, out: &mut Vec<u8>) {
        let mut writer = Writer(out);
        writer.byte(FORMAT);
        writer.number(count(self.people.people));
        let (new, returning) = self.people.new_and_returning.unzip();
        writer.number(count(new));
        if new.is_some() {
            writer.number(count(returning));
        }
        writer.number(count(self.visitors));
        let neighbours = &self.neighbours[..self.neighbours.len().min(NEIGHBOURS)];
        writer.number(neighbours.len() as u64);
        for Neighbour { channel, shared, visitors } in neighbours {
            writer.number(u64::from(channel.0));
            writer.number(u64::from(*shared));
            writer.number(u64::from(*visitors));
        }
        for Retention { start, slots, cohort, still } in self.retention.iter().take(BROADCASTS_MAX as usize) {
            writer.number(start.index().max(0) as u64);
            writer.number(u64::from(*slots));
            writer.number(u64::from(*cohort));
            let still = &still[..still.len().min(STEPS_MAX as usize)];
            writer.number(still.len() as u64);
            for step in still {
                writer.number(match step {
                    Still::Unknown => 0,
                    Still::Few => 1,
                    Still::People(people) => u64::from(*people).saturating_sub(FEW) + 2,
                });
            }
        }
    }

    /// The inverse of [`ChannelNight::encode`] over the whole of `bytes`. Errors: anything that `encode` does not write.
    pub fn decode(bytes: &[u8]) -> Result<ChannelNight, CodecError> {
        let mut reader = Reader::new(bytes);
        let format = reader.byte()?;
        if format != FORMAT {
            return Err(CodecError::Format(format));
        }
        let people = read_count(&mut reader)?;
        let new = read_count(&mut reader)?;
        let returning = if new.is_some() { Some(read_count(&mut reader)?.ok_or(CodecError::Range)?) } else { None };
        let visitors = read_count(&mut reader)?;
        let mut night = ChannelNight {
            people: Audience { people, new_and_returning: new.zip(returning) },
            visitors,
            ..ChannelNight::default()
        };
        for _ in 0..reader.number_below(NEIGHBOURS as u64 + 1)? {
            let mut number = || reader.number_below(COUNT_END).map(|n| n as u32);
            let (channel, shared, visitors) = (ChannelKey(number()?), number()?, number()?);
            night.neighbours.push(Neighbour { channel, shared, visitors });
        }
        while !reader.is_empty() {
            if night.retention.len() as u64 == BROADCASTS_MAX {
                return Err(CodecError::Range);
            }
            let start = reader.number_below(1 << 31)? as i32;
            let start = SlotTime::from_index(start).map_err(|_| CodecError::Range)?;
            let (slots, cohort) = (reader.number_below(COUNT_END)? as u32, reader.number_below(COUNT_END)? as u32);
            let steps = reader.number_below(u64::from(STEPS_MAX) + 1)?;
            let still = (0..steps).map(|_| read_still(&mut reader)).collect::<Result<Vec<Still>, CodecError>>()?;
            night.retention.push(Retention { start, slots, cohort, still });
        }
        Ok(night)
    }
}

/// 0 for nothing, else the count + 1 − 10: less is never kept.
fn count(people: Option<u32>) -> u64 {
    people.map_or(0, |people| (u64::from(people) + 1).saturating_sub(FEW).max(1))
}

fn read_count(reader: &mut Reader<'_>) -> Result<Option<u32>, CodecError> {
    let number = reader.number_below(COUNT_END + 1 - FEW)?;
    Ok((number > 0).then(|| (number - 1 + FEW) as u32))
}

fn read_still(reader: &mut Reader<'_>) -> Result<Still, CodecError> {
    Ok(match reader.number_below(COUNT_END + 2 - FEW)? {
        0 => Still::Unknown,
        1 => Still::Few,
        people => Still::People((people - 2 + FEW) as u32),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::channel::tests::day;
    use proptest::prelude::*;

    fn audience() -> impl Strategy<Value = Audience> {
        (0u32..1 << 30, 0u32..1 << 30).prop_map(|(new, returning)| Audience::of(new >> (returning % 30), returning))
    }

    fn retention() -> impl Strategy<Value = Retention> {
        let still = prop_oneof![Just(Still::Unknown), Just(Still::Few), (10u32..=u32::MAX).prop_map(Still::People)];
        let still = proptest::collection::vec(still, 0..=48);
        (0u16..288, 24u32..600, 10u32..=u32::MAX, still).prop_map(|(slot, slots, cohort, still)| Retention {
            start: SlotTime::at(day("2026-11-22"), slot),
            slots,
            cohort,
            still,
        })
    }

    prop_compose! {
        fn night()(
            people in audience(),
            visitors in proptest::option::of(10u32..=u32::MAX),
            neighbours in proptest::collection::vec((any::<u32>(), 10u32.., 10u32..), 0..=20),
            retention in proptest::collection::vec(retention(), 0..4),
        ) -> ChannelNight {
            let neighbour = |(channel, shared, visitors)| Neighbour { channel: ChannelKey(channel), shared, visitors };
            ChannelNight { people, visitors, neighbours: neighbours.into_iter().map(neighbour).collect(), retention }
        }
    }

    proptest! {
        #[test]
        fn nights_round_trip(night in night()) {
            let mut bytes = Vec::new();
            night.encode(&mut bytes);
            prop_assert_eq!(ChannelNight::decode(&bytes), Ok(night));
        }

        #[test]
        fn any_bytes_are_a_night_in_its_one_spelling_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            let bytes: Vec<u8> = [&[FORMAT][..], &bytes].concat();
            if let Ok(night) = ChannelNight::decode(&bytes) {
                let mut again = Vec::new();
                night.encode(&mut again);
                prop_assert_eq!(again, bytes);
            }
        }
    }

    #[test]
    fn the_bytes_of_a_night_never_change() {
        let night = ChannelNight {
            people: Audience::of(12, 30),
            visitors: Some(140),
            neighbours: vec![Neighbour { channel: ChannelKey(300), shared: 11, visitors: 90 }],
            retention: vec![Retention {
                start: SlotTime::at(day("2026-11-22"), 1),
                slots: 24,
                cohort: 20,
                still: vec![Still::People(19), Still::Unknown, Still::Few, Still::People(10)],
            }],
        };
        let mut bytes = Vec::new();
        night.encode(&mut bytes);
        assert_eq!(bytes, [1, 33, 3, 21, 131, 1, 1, 172, 2, 11, 90, 225, 160, 237, 2, 24, 20, 4, 11, 0, 1, 2]);
    }
}
