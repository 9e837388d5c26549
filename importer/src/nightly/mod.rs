//! The nightly pass: what is asked of weeks of everybody is worked out once, after a day's import, and kept by day.
//!
//! [`due::due`] says which nights are to be made; [`pass::make_nights`] makes the youngest of them in one reading of the weeks up to
//! them, person by person in the order of keys, so that memory does not grow with people. What comes out are counts of ten people and
//! more, and sets that only tell how many they are ([`model::statistics`]). Made again of the same days, they are the same.
//!
//! Absent on purpose: names of people, which it never reads, and a clock.

mod channels;
pub mod due;
pub mod pass;
mod people;
