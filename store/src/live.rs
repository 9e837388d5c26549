//! What is on air, as both databases hold it, and the compact form of a live channel's trail of viewers.

use model::codec::{CodecError, Reader, Writer};
use model::sweep::LiveStream;

use crate::values::Columns;

/// All rows, the most watched first.
pub(crate) const SELECT_LIVE: &str = "SELECT slot, login, channel_id, display_name, title, game, viewers, started_at, trail FROM live_stream \
     ORDER BY viewers DESC, login";

/// A row of [`SELECT_LIVE`]; SQLite has no shorter integers than those of 64 bits.
pub(crate) type LiveRow<N> = (N, String, Option<i64>, String, String, String, i64, Option<i64>, Vec<u8>);

/// What a row says. Errors: damage.
pub(crate) fn live_stream<N: TryInto<i32>>(columns: Columns<'_>, row: LiveRow<N>) -> crate::error::Result<LiveStream> {
    let (slot, login, id, display_name, title, game, viewers, started_at, trail) = row;
    Ok(LiveStream {
        at: columns.slot_time(slot)?,
        login: columns.login(&login)?,
        id: id.map(|id| columns.id(id)).transpose()?,
        display_name,
        title,
        game,
        viewers: columns.number("viewers", viewers)?,
        started_at,
        trail: columns.decoded(decode_trail(&trail))?,
    })
}

/// LEB128 numbers, oldest first: 0 for nothing, else viewers + 1.
pub(crate) fn encode_trail(trail: &[Option<u32>]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(trail.len() * 2);
    let mut writer = Writer(&mut bytes);
    for viewers in trail {
        writer.number(viewers.map_or(0, |n| u64::from(n) + 1));
    }
    bytes
}

/// The inverse of [`encode_trail`].
pub(crate) fn decode_trail(bytes: &[u8]) -> Result<Vec<Option<u32>>, CodecError> {
    let mut reader = Reader::new(bytes);
    let mut trail = Vec::new();
    while !reader.is_empty() {
        let number = reader.number_below(u64::from(u32::MAX) + 2)?;
        trail.push(number.checked_sub(1).map(|viewers| viewers as u32));
    }
    Ok(trail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn trails_round_trip(trail in proptest::collection::vec(any::<Option<u32>>(), 0..40)) {
            prop_assert_eq!(decode_trail(&encode_trail(&trail)).unwrap(), trail);
        }
    }
}
