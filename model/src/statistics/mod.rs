//! What many samples say of a channel, and of everything that is followed.
//!
//! Two kinds of input: channels' days, which are nobody's personal data, and in [`overlap`], [`retention`] and [`distinct`] who was where,
//! of which only counts come out. What a night keeps of both is in [`night`]. `docs/analysis.md` has definitions, formulae and sources.

pub mod broadcasts;
pub mod channel;
pub mod concentration;
pub mod curve;
pub mod distinct;
pub mod games;
pub mod hyperloglog;
pub mod listed;
pub mod night;
mod night_codec;
pub mod overlap;
pub mod ranking;
pub mod retention;
pub mod swept;
pub mod titles;
pub mod week;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Windows that trends and rankings are told of, in days.
pub const TREND_DAYS: [u16; 3] = [7, 30, 90];

/// Why there is no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
pub enum Refused {
    /// Less was broadcast than the method needs.
    #[error("{have} broadcasts are known well enough, and {need} are needed")]
    FewBroadcasts {
        /// Broadcasts that can be used.
        have: u32,
        /// Broadcasts that the method needs.
        need: u32,
    },
    /// No two broadcasts differ in what is asked.
    #[error("no word is in some titles and not in others at the same time of the week")]
    NothingToCompare,
}
