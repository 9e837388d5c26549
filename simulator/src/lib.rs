//! A synthetic Twitch: a seeded population with known truth.
//!
//! [`world::World`] is the truth; [`mod@write`] puts past days of it straight into an archive, with their [`statistics`];
//! [`server`] speaks Twitch's protocols about any instant of it, [`irc`] its chat's; [`truth`] tells where somebody really
//! was. [`population`] has the people that inferences are held against. [`persona`] has the invented people that pages show; [`script`] plays written-down days for tests.
//!
//! Absent on purpose: a clock (instants are arguments), and any state that the order of questions could change.

mod account;
mod broadcast;
mod called;
mod cast;
mod channel;
mod crowd;
mod day_table;
mod dice;
pub mod error;
mod games;
pub mod irc;
pub mod life;
mod names;
pub mod outage;
pub mod persona;
pub mod population;
mod roster;
pub mod script;
pub mod server;
pub mod statistics;
#[cfg(test)]
mod tests;
pub mod truth;
pub mod twitch;
mod visit;
pub mod world;
pub mod write;
mod zone;
