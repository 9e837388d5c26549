//! A day's rows and their keys, made into blocks.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io;
use std::ops::Range;

use model::codec::CodecError;
use model::day::Day;
use model::identity::PersonKey;
use model::presence::{ChannelPresence, ViewerDay};
use model::slot_set::SlotSet;
use thiserror::Error;
use tokio::sync::mpsc;

use crate::block::{Block, BlockWriter};
use crate::error::StoreError;
use crate::rows::ViewerRows;

/// Rows come by login and blocks go by key. Of a day larger than this, a stretch of keys at a time is picked from the
/// rows, so that memory is this much, whatever the day's size.
const SORTED_BYTES: u64 = 16 << 20;

/// Keys are counted in stretches of so many bits less.
const STRETCH_BITS: u32 = 14;

/// Blocks handed on together: some megabyte.
const BLOCKS_TOGETHER: usize = 256;

/// So many times handed on and not yet written.
const LOTS_WAITING: usize = 2;

/// Why a day is not packed.
#[derive(Debug, Error)]
pub(crate) enum PackError {
    #[error("a viewer's day is not as ViewerDay::encode writes it")]
    Codec(#[from] CodecError),
    #[error(transparent)]
    Rows(#[from] io::Error),
}

impl PackError {
    /// The error of the import that it stops.
    pub(crate) fn of(self, day: Day) -> StoreError {
        match self {
            PackError::Codec(_) => {
                StoreError::Import { day, reason: "a viewer's day is not as ViewerDay::encode writes it" }
            }
            PackError::Rows(source) => StoreError::Rows(source),
        }
    }
}

/// Blocks on their way out of the packer, and how many people are in them once all were taken.
pub(crate) struct Packing {
    blocks: mpsc::Receiver<Vec<Block>>,
    work: tokio::task::JoinHandle<Result<u64, PackError>>,
}

impl Packing {
    /// The next blocks, by ascending first key; nothing after the last, or when packing failed: see
    /// [`Packing::people`].
    pub(crate) async fn next(&mut self) -> Option<Vec<Block>> {
        self.blocks.recv().await
    }

    /// How many people were packed, two logins of one account being one.
    pub(crate) async fn people(self) -> Result<u64, PackError> {
        match self.work.await {
            Ok(people) => people,
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }
}

/// Packs on a thread of its own: sorting a million rows takes tenths of a second. Rows of one key (an account that bore
/// two logins that day) become one.
pub(crate) fn pack(viewers: ViewerRows, keys: Vec<u32>) -> Packing {
    let (sender, blocks) = mpsc::channel(LOTS_WAITING);
    let work = tokio::task::spawn_blocking(move || {
        let mut viewers = viewers;
        let stretches = viewers.encoded_bytes() / SORTED_BYTES + 1;
        let mut writer = BlockWriter::default();
        let mut people = 0;
        for stretch in stretches_of(&keys, stretches as usize) {
            for same in Stretch::read(&mut viewers, &keys, &stretch)?.people() {
                let (key, day) = same?;
                writer.push(key, &day);
                people += 1;
                // Nobody listens any more: the import has failed elsewhere, and says why.
                if writer.done() > BLOCKS_TOGETHER && sender.blocking_send(writer.take_done()).is_err() {
                    return Ok(people);
                }
            }
        }
        let _ = sender.blocking_send(writer.finish());
        Ok(people)
    });
    Packing { blocks, work }
}

/// Cuts the keys into about so many stretches of as many rows each.
fn stretches_of(keys: &[u32], stretches: usize) -> Vec<Range<u32>> {
    let mut counts = vec![0usize; 1 << (PersonKey::BITS - STRETCH_BITS)];
    for key in keys {
        counts[(*key >> STRETCH_BITS) as usize] += 1;
    }
    let each = keys.len().div_ceil(stretches).max(1);
    let mut cut = Vec::new();
    let (mut from, mut rows) = (0, 0);
    for (stretch, count) in (1u32..).zip(counts) {
        rows += count;
        if rows >= each {
            cut.push(from..stretch << STRETCH_BITS);
            (from, rows) = (stretch << STRETCH_BITS, 0);
        }
    }
    cut.push(from..1 << PersonKey::BITS);
    cut
}

/// The rows with some keys, by key.
struct Stretch {
    days: Vec<u8>,
    /// Key, and where its day lies in `days`.
    order: Vec<(u32, u32, u32)>,
}

impl Stretch {
    fn read(viewers: &mut ViewerRows, keys: &[u32], stretch: &Range<u32>) -> Result<Stretch, PackError> {
        // Lists that grow as they are filled take up to three times their size: some room over the average day's.
        let rows = keys.iter().filter(|key| stretch.contains(key)).count();
        let bytes = viewers.encoded_bytes() as usize / keys.len().max(1) * 17 / 16 * rows;
        let mut days: Vec<u8> = Vec::with_capacity(bytes + rows);
        let mut order = Vec::with_capacity(rows);
        let mut reader = viewers.read()?;
        for key in keys {
            let Some(row) = reader.next()? else { break };
            if stretch.contains(key) {
                order.push((*key, days.len() as u32, row.encoded.len() as u32));
                days.extend_from_slice(row.encoded);
            }
        }
        order.sort_unstable();
        Ok(Stretch { days, order })
    }

    /// Each key once with its day, by key.
    fn people(&self) -> impl Iterator<Item = Result<(u32, Cow<'_, [u8]>), PackError>> {
        let day = |&(_, from, len): &(u32, u32, u32)| &self.days[from as usize..from as usize + len as usize];
        self.order.chunk_by(|a, b| a.0 == b.0).map(move |same| match same {
            [one] => Ok((one.0, Cow::Borrowed(day(one)))),
            _ => Ok((same[0].0, Cow::Owned(union(same.iter().map(day))?))),
        })
    }
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
    use crate::rows::RowBatch;
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

    async fn packed(rows: ViewerRows, keys: Vec<u32>) -> (Vec<(u32, Vec<u8>)>, u64) {
        let mut packing = pack(rows, keys);
        let mut all = Vec::new();
        while let Some(blocks) = packing.next().await {
            for block in blocks {
                all.extend(
                    entries(block.first, &block.bytes)
                        .map(|entry| entry.unwrap())
                        .map(|(key, day)| (key, day.to_vec())),
                );
            }
        }
        (all, packing.people().await.unwrap())
    }

    #[tokio::test]
    async fn rows_of_one_account_become_one() {
        let mut batch = RowBatch::default();
        batch.push(b"new_name", None, &day(3, 110, 120)).unwrap();
        batch.push(b"other", None, &day(1, 0, 5)).unwrap();
        batch.push(b"over", None, &day(3, 100, 112)).unwrap();
        let mut rows = ViewerRows::new();
        rows.append(&batch).unwrap();
        let all = packed(rows, vec![9, 4, 9]).await;
        assert_eq!(all, (vec![(4, day(1, 0, 5)), (9, day(3, 100, 120))], 2));
    }

    #[test]
    fn stretches_hold_every_key_once() {
        let keys: Vec<u32> = (0..1_000_000u32).map(|n| n.wrapping_mul(2_654_435_761) >> 4).collect();
        for wanted in [1, 2, 7] {
            let cut = stretches_of(&keys, wanted);
            assert!(cut.len() <= wanted + 1);
            assert!(cut.windows(2).all(|pair| pair[0].end == pair[1].start));
            assert_eq!((cut[0].start, cut[cut.len() - 1].end), (0, 1 << PersonKey::BITS));
        }
    }

    #[tokio::test]
    async fn a_day_larger_than_memory_is_packed_by_stretches() {
        let mut batch = RowBatch::default();
        let long = vec![7; 1 << 16];
        let keys: Vec<u32> = (0..1_500u32).map(|n| n.wrapping_mul(2_654_435_761) >> 4).collect();
        for n in 0..keys.len() {
            batch.push(format!("p{n:04}").as_bytes(), None, &long).unwrap();
        }
        let mut rows = ViewerRows::new();
        rows.append(&batch).unwrap();
        let (all, people) = packed(rows, keys.clone()).await;
        let mut wanted = keys;
        wanted.sort_unstable();
        assert_eq!(all.iter().map(|(key, _)| *key).collect::<Vec<_>>(), wanted);
        assert_eq!(people as usize, wanted.len());
    }
}
