//! Bytes in and out of the store's compact forms.

use thiserror::Error;

/// Bytes that the encoder of the same format does not write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum CodecError {
    /// The first byte names no known format.
    #[error("unknown format, first byte {0:#04x}")]
    Format(u8),
    /// They end in the middle of a value.
    #[error("the bytes end in the middle of a value")]
    Truncated,
    /// A value outside its range, or spelled in more bytes than it needs.
    #[error("a value is out of range")]
    Range,
}

/// Appends values to a buffer.
pub struct Writer<'a>(pub &'a mut Vec<u8>);

impl Writer<'_> {
    /// One byte.
    pub fn byte(&mut self, byte: u8) {
        self.0.push(byte);
    }

    /// An unsigned number, LEB128: seven bits a byte, least first.
    pub fn number(&mut self, mut n: u64) {
        while n >= 0x80 {
            self.0.push(n as u8 | 0x80);
            n >>= 7;
        }
        self.0.push(n as u8);
    }

    /// A signed number, zigzag LEB128.
    pub fn signed(&mut self, n: i64) {
        self.number((n << 1 ^ n >> 63) as u64);
    }

    /// A text: its length in bytes, then UTF-8.
    pub fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.0.extend_from_slice(text.as_bytes());
    }
}

/// Takes values off the front of a slice.
pub struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// Reads from the start of `bytes`.
    pub fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader(bytes)
    }

    /// Whether everything was taken.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many bytes are left.
    pub fn remaining(&self) -> usize {
        self.0.len()
    }

    /// So many bytes as they are.
    pub fn bytes(&mut self, len: usize) -> Result<&'a [u8], CodecError> {
        let (bytes, rest) = self.0.split_at_checked(len).ok_or(CodecError::Truncated)?;
        self.0 = rest;
        Ok(bytes)
    }

    /// One byte.
    pub fn byte(&mut self) -> Result<u8, CodecError> {
        let (first, rest) = self.0.split_first().ok_or(CodecError::Truncated)?;
        self.0 = rest;
        Ok(*first)
    }

    /// An unsigned LEB128 number in its shortest spelling.
    pub fn number(&mut self) -> Result<u64, CodecError> {
        let mut n = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                return Err(CodecError::Range);
            }
            n |= bits << shift;
            if byte < 0x80 {
                // A last byte of zero means a longer spelling than needed: two spellings would be two sets of bytes.
                return if byte == 0 && shift > 0 { Err(CodecError::Range) } else { Ok(n) };
            }
        }
        Err(CodecError::Range)
    }

    /// An unsigned number below `limit`.
    pub fn number_below(&mut self, limit: u64) -> Result<u64, CodecError> {
        self.number().and_then(|n| if n < limit { Ok(n) } else { Err(CodecError::Range) })
    }

    /// A zigzag LEB128 number.
    pub fn signed(&mut self) -> Result<i64, CodecError> {
        self.number().map(|n| (n >> 1) as i64 ^ -((n & 1) as i64))
    }

    /// A text of at most `limit` bytes.
    pub fn text(&mut self, limit: usize) -> Result<&'a str, CodecError> {
        let len = self.number_below(limit as u64 + 1)? as usize;
        std::str::from_utf8(self.bytes(len)?).map_err(|_| CodecError::Range)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn values_round_trip(n in any::<u64>(), s in any::<i64>(), text in "\\PC{0,20}") {
            let mut bytes = Vec::new();
            let mut writer = Writer(&mut bytes);
            writer.number(n);
            writer.signed(s);
            writer.text(&text);
            let mut reader = Reader::new(&bytes);
            prop_assert_eq!(reader.number().unwrap(), n);
            prop_assert_eq!(reader.signed().unwrap(), s);
            prop_assert_eq!(reader.text(80).unwrap(), text);
            prop_assert!(reader.is_empty());
        }
    }

    #[test]
    fn a_number_has_one_spelling() {
        assert_eq!(Reader::new(&[0x80, 0x00]).number(), Err(CodecError::Range));
        assert_eq!(Reader::new(&[0x80]).number(), Err(CodecError::Truncated));
        assert_eq!(Reader::new(&[0xff; 11]).number(), Err(CodecError::Range));
        assert_eq!(Reader::new(&[3, b'a', b'b']).text(10), Err(CodecError::Truncated));
    }
}
