//! What an operator relies on who leaves Vigie alone: the doctor, refusals before anything starts, what systemd is told.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod doctor;
mod effective;
mod notified;
mod place;
mod refused;
