//! Twitch to archive: every five minutes, who is live and who is in their chats.
//!
//! [`Collector::sweep`] makes one sweep of one slot: the top N live channels of a language and everybody followed
//! ([`followed`]), asked of [`helix`]; their chatters, asked of a source in [`chatters`]; one pair of objects in the
//! archive. [`run`] does so on every slot of a [`clock::Clock`]. What could not be asked is written down as unknown.
//!
//! Lists name people by login: what accounts are called by now is asked for slowly, once a day ([`look_up`]).
//!
//! Whoever opted out is left out before anything is written ([`door`]). Before an archive that may be out of reach, sweeps
//! wait in a [`spool`].
//!
//! Absent on purpose: days, and any notion of a page. A library: the program composes it.

pub mod chatters;
pub mod clock;
pub mod door;
pub mod error;
pub mod figures;
pub mod followed;
pub mod helix;
pub mod http;
pub mod irc;
pub mod look_up;
mod rows;
mod run;
pub mod spool;
mod sweep;
mod targets;
mod top;
pub mod tracked;
mod upstream;
pub mod user_token;

pub use run::run;
pub use sweep::{Collector, Plan, Swept};
