//! The compact form of a live channel's trail of viewers.

use model::codec::{CodecError, Reader, Writer};

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
