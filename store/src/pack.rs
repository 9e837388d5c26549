//! A day's rows and their keys, made into blocks.

use std::collections::BTreeMap;

use model::codec::CodecError;
use model::presence::{ChannelPresence, ViewerDay};
use model::slot_set::SlotSet;

use crate::block::{Block, BlockWriter};
use crate::rows::ViewerRows;

/// A day's people as blocks.
pub(crate) struct Packed {
    pub(crate) blocks: Vec<Block>,
    pub(crate) people: u64,
}

/// Sorts the rows by key and packs them. Rows of one key (an account that bore two logins that day) become one.
pub(crate) fn pack(viewers: &ViewerRows, keys: &[u32]) -> Result<Packed, CodecError> {
    let mut order: Vec<(u32, u32)> = keys.iter().copied().zip(0u32..).collect();
    order.sort_unstable();
    let mut writer = BlockWriter::default();
    let mut people = 0;
    for same in order.chunk_by(|a, b| a.0 == b.0) {
        people += 1;
        match same {
            [(key, row)] => writer.push(*key, viewers.row(*row as usize).encoded),
            [(key, _), ..] => {
                let days = same.iter().map(|(_, row)| viewers.row(*row as usize).encoded);
                writer.push(*key, &union(days)?);
            }
            [] => {}
        }
    }
    Ok(Packed { blocks: writer.finish(), people })
}

/// One day that holds the presence of several.
fn union<'a>(days: impl Iterator<Item = &'a [u8]>) -> Result<Vec<u8>, CodecError> {
    let mut bot = false;
    let mut channels: BTreeMap<_, (SlotSet, SlotSet)> = BTreeMap::new();
    for day in days {
        let day = ViewerDay::decode(day)?;
        bot |= day.bot;
        for presence in day.channels {
            let (listed, spoke) = channels.entry(presence.channel).or_default();
            *listed = listed.union(&SlotSet::from_runs(presence.listed));
            *spoke = spoke.union(&SlotSet::from_runs(presence.spoke));
        }
    }
    let presence = |(channel, (listed, spoke)): (_, (SlotSet, SlotSet))| ChannelPresence {
        channel,
        listed: listed.runs(),
        spoke: spoke.runs(),
    };
    let mut bytes = Vec::new();
    ViewerDay { bot, channels: channels.into_iter().map(presence).collect() }.encode(&mut bytes);
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block::entries;
    use model::identity::ChannelKey;
    use model::run::Run;

    fn day(channel: u32, from: u16, to: u16) -> Vec<u8> {
        let listed = vec![Run::new(from, to).unwrap()];
        let mut bytes = Vec::new();
        ViewerDay {
            bot: false,
            channels: vec![ChannelPresence { channel: ChannelKey(channel), listed, spoke: vec![] }],
        }
        .encode(&mut bytes);
        bytes
    }

    #[test]
    fn rows_of_one_account_become_one() {
        let mut rows = ViewerRows::new();
        rows.push(b"new_name", None, &day(3, 110, 120)).unwrap();
        rows.push(b"other", None, &day(1, 0, 5)).unwrap();
        rows.push(b"_old_name", None, &day(3, 100, 112)).unwrap_err();
        rows.push(b"over", None, &day(3, 100, 112)).unwrap();
        let packed = pack(&rows, &[9, 4, 9]).unwrap();
        let all: Vec<_> = packed
            .blocks
            .iter()
            .flat_map(|block| entries(block.first, &block.bytes))
            .map(|entry| entry.unwrap())
            .collect();
        assert_eq!(all, [(4, day(1, 0, 5).as_slice()), (9, day(3, 100, 120).as_slice())]);
        assert_eq!(packed.people, 2);
    }
}
