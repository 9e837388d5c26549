//! Everybody together, made once after the figures of the youngest day: the [index of the crowd](model::crowd), in a file, and the
//! [population](model::analysis::population), in the store.
//!
//! [`due::due`] says whether they are to be made, [`pass::make_crowd`] makes both in one reading of 28 days, person by person.
//! [`file::CrowdFile`] is where the index is, for whoever makes it, reads it, or takes somebody out.
//!
//! Absent on purpose: names of people, and a clock.

pub mod due;
mod everybody;
mod facts;
pub mod file;
pub mod pass;
