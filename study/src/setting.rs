//! Compressions and their levels, written `gzip-6`.

use std::fmt;
use std::io::{self, Read, Write as _};
use std::ops::RangeInclusive;
use std::str::FromStr;

use flate2::bufread::MultiGzDecoder;
use serde::{Serialize, Serializer};
use thiserror::Error;

use crate::members;
use crate::rows::Rows;

/// A compression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codec {
    /// Gzip in many members of at most 128 KiB of text, as the archive is (zlib-rs).
    Members,
    /// Gzip in one member (zlib-rs).
    Gzip,
    /// bzip2 (libbz2-rs).
    Bzip2,
    /// xz, which is LZMA2 with a checksum (liblzma).
    Xz,
    /// Zstandard (libzstd).
    Zstd,
    /// Zstandard with matches over 128 MiB: `zstd --long`.
    ZstdLong,
    /// Brotli (the Rust port).
    Brotli,
}

/// A compression at a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    codec: Codec,
    level: u8,
}

/// A text that names no setting.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SettingError {
    /// No such compression.
    #[error(
        "{0:?} is no compression: members-1 to 9, gzip-1 to 9, bzip2-1 to 9, xz-0 to 9, zstd-1 to 22, zstd-long-1 to 22, brotli-0 to 11"
    )]
    Codec(String),
    /// The compression has no such level.
    #[error("{codec} has the levels {} to {}, and {text:?} names none of them", codec.levels().start(), codec.levels().end())]
    Level {
        /// The compression.
        codec: Codec,
        /// What was given.
        text: String,
    },
}

/// The level at which the archive writes, and what is measured beside it by default. Brotli 11 and zstd beyond 19 take
/// minutes a day for a few per cent: they are measured when asked for.
const DEFAULT: [(Codec, &[u8]); 7] = [
    (Codec::Members, &[1, 3, 5, 6, 9]),
    (Codec::Gzip, &[1, 3, 6, 9]),
    (Codec::Bzip2, &[9]),
    (Codec::Xz, &[6, 9]),
    (Codec::Zstd, &[1, 3, 9, 19]),
    (Codec::ZstdLong, &[19]),
    (Codec::Brotli, &[4, 9]),
];

/// `zstd --long`: 128 MiB, what its command line takes without a word about memory.
const LONG_WINDOW_LOG: u32 = 27;
/// The window of `brotli`'s command line.
const BROTLI_WINDOW_LOG: u32 = 22;
/// Buffers of the streaming libraries, in bytes.
const BUFFER: usize = 1 << 16;

impl Codec {
    const ALL: [Codec; 7] =
        [Codec::Members, Codec::Gzip, Codec::Bzip2, Codec::Xz, Codec::Zstd, Codec::ZstdLong, Codec::Brotli];

    /// As it is written before the level.
    pub fn name(self) -> &'static str {
        match self {
            Codec::Members => "members",
            Codec::Gzip => "gzip",
            Codec::Bzip2 => "bzip2",
            Codec::Xz => "xz",
            Codec::Zstd => "zstd",
            Codec::ZstdLong => "zstd-long",
            Codec::Brotli => "brotli",
        }
    }

    /// The levels it has.
    pub fn levels(self) -> RangeInclusive<u8> {
        match self {
            Codec::Members | Codec::Gzip | Codec::Bzip2 => 1..=9,
            Codec::Xz => 0..=9,
            Codec::Zstd | Codec::ZstdLong => 1..=22,
            Codec::Brotli => 0..=11,
        }
    }
}

impl Setting {
    /// The archive's own: a test holds it to the bytes that the archive writes.
    pub const OURS: Setting = Setting { codec: Codec::Members, level: 5 };

    /// What is measured when nothing is asked for.
    pub fn default_list() -> Vec<Setting> {
        let of = |(codec, levels): (Codec, &[u8])| {
            levels.iter().map(move |level| Setting { codec, level: *level }).collect::<Vec<_>>()
        };
        DEFAULT.into_iter().flat_map(of).collect()
    }

    /// The compression.
    pub fn codec(self) -> Codec {
        self.codec
    }

    /// Appends the compressed rows to `out`; the same rows give the same bytes. Errors: the library's.
    pub fn write(self, rows: &Rows, out: &mut Vec<u8>) -> io::Result<()> {
        let (text, level) = (rows.text(), u32::from(self.level));
        match self.codec {
            Codec::Members => members::write(rows, level, out),
            Codec::Gzip => members::member(text, level, out),
            Codec::Bzip2 => {
                let mut encoder = bzip2::write::BzEncoder::new(out, bzip2::Compression::new(level));
                encoder.write_all(text)?;
                encoder.try_finish()
            }
            Codec::Xz => {
                let mut encoder = liblzma::write::XzEncoder::new(out, level);
                encoder.write_all(text)?;
                encoder.try_finish()
            }
            Codec::Zstd | Codec::ZstdLong => {
                let mut encoder = zstd::stream::write::Encoder::new(out, level as i32)?;
                encoder.set_pledged_src_size(Some(text.len() as u64))?;
                if self.codec == Codec::ZstdLong {
                    encoder.long_distance_matching(true)?;
                    encoder.window_log(LONG_WINDOW_LOG)?;
                }
                encoder.include_checksum(true)?;
                encoder.write_all(text)?;
                encoder.finish().map(|_| ())
            }
            Codec::Brotli => {
                let mut encoder = brotli::CompressorWriter::new(out, BUFFER, level, BROTLI_WINDOW_LOG);
                encoder.write_all(text)?;
                // Ends the stream; what it wraps is a vector, which takes everything.
                encoder.into_inner();
                Ok(())
            }
        }
    }

    /// Appends the text of what [`Setting::write`] wrote to `text`, at most `limit` bytes of it. Errors: the library's.
    pub fn read(self, bytes: &[u8], limit: u64, text: &mut Vec<u8>) -> io::Result<()> {
        let done = match self.codec {
            Codec::Members | Codec::Gzip => MultiGzDecoder::new(bytes).take(limit).read_to_end(text),
            Codec::Bzip2 => bzip2::bufread::MultiBzDecoder::new(bytes).take(limit).read_to_end(text),
            Codec::Xz => liblzma::bufread::XzDecoder::new(bytes).take(limit).read_to_end(text),
            Codec::Zstd | Codec::ZstdLong => {
                let mut decoder = zstd::stream::read::Decoder::with_buffer(bytes)?;
                decoder.window_log_max(LONG_WINDOW_LOG)?;
                decoder.take(limit).read_to_end(text)
            }
            Codec::Brotli => brotli::Decompressor::new(bytes, BUFFER).take(limit).read_to_end(text),
        };
        done.map(|_| ())
    }
}

impl fmt::Display for Codec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}-{}", self.codec, self.level))
    }
}

impl FromStr for Setting {
    type Err = SettingError;
    fn from_str(text: &str) -> Result<Setting, SettingError> {
        let short = || text.chars().take(40).collect::<String>();
        let (name, level) = text.rsplit_once('-').ok_or_else(|| SettingError::Codec(short()))?;
        let codec =
            Codec::ALL.into_iter().find(|codec| codec.name() == name).ok_or_else(|| SettingError::Codec(short()))?;
        match level.parse() {
            Ok(level) if codec.levels().contains(&level) => Ok(Setting { codec, level }),
            _ => Err(SettingError::Level { codec, text: short() }),
        }
    }
}

impl Serialize for Setting {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
