//! What other compressions would make of an archive's days: sizes, times, costs.
//!
//! [`study::study`] takes sweeps of one day, writes and reads them back with every [`setting::Setting`], once sorted as
//! the archive keeps them and once shuffled as an API answers, and gives a [`report::Report`]. The same day and the same
//! order give the same sizes; times are of the machine. `docs/compression-study.md` has the results.
//!
//! The other compressions are measured here and used nowhere else: the archive itself is gzip.

mod cpu;
pub mod error;
mod members;
pub mod price;
pub mod readers;
pub mod report;
pub mod rows;
pub mod setting;
pub mod study;
pub mod table;
