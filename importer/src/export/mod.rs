//! Store to files that others read: days as hive partitions of Parquet or CSV.
//!
//! [`days::export_days`] writes what is nobody's personal data, and presence only where it was asked for. A day appears
//! when all of its tables are whole. Memory is bounded: pages of people and stretches of channels are read while a
//! blocking thread writes those before. The same content of a store gives the same bytes.

mod channels;
mod csv_part;
pub mod days;
pub mod erase;
pub mod error;
mod folder;
mod followed;
#[cfg(feature = "parquet")]
mod parquet_part;
#[cfg(feature = "parquet")]
mod parquet_read;
mod people;
pub mod table;
mod worker;
mod writer;

pub use writer::Format;
