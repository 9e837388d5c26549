//! Everybody's days of some weeks, person by person: for passes that need all of somebody's days at once.
//!
//! Days lie in the store by day. Each of them is in the order of persons' keys, so that pages of keys, each of all days, put them
//! together by person in little memory.

use std::collections::HashSet;

use model::codec::CodecError;
use model::day::{Day, Month};
use model::identity::{ChannelKey, PersonKey};
use model::presence::ViewerDay;

use crate::block::entries;
use crate::error::Result;
use crate::month;
use crate::values::Columns;

/// Keys of a page: of four weeks of which half of them are in each day, some 10 MB.
pub(crate) const PAGE_KEYS: u32 = 16_384;

/// Some people's days, of ascending keys, as they lie in the store.
#[derive(Debug, Default)]
pub struct PeoplePage {
    pub(crate) place: String,
    pub(crate) parts: Vec<Part>,
    pub(crate) wanted: Wanted,
    pub(crate) hidden_people: HashSet<PersonKey>,
    pub(crate) hidden_channels: HashSet<ChannelKey>,
    pub(crate) next: Option<PersonKey>,
}

/// Which people's which days.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Wanted {
    pub(crate) days: Option<(Day, Day)>,
    pub(crate) keys: (u32, u32),
}

/// A person's key, a day, and the bytes of it.
type PersonDay<'a> = (u32, Day, &'a [u8]);

/// Bytes of the store.
#[derive(Debug)]
pub(crate) enum Part {
    /// A block of a day.
    Block {
        /// The day.
        day: Day,
        /// Its first key.
        first: u32,
        /// What is in it.
        bytes: Vec<u8>,
    },
    /// A person's row of a closed month.
    Row {
        /// The month.
        month: Month,
        /// The person's key.
        person: u32,
        /// Their days.
        bytes: Vec<u8>,
    },
}

impl PeoplePage {
    /// Where the next page begins; nothing on the last. A page may be empty and not the last.
    pub fn next(&self) -> Option<PersonKey> {
        self.next
    }

    /// Reads the page, person by person in ascending order, each with their days, ascending. Whoever opted out is left out, and so are
    /// channels that did, and days that hold no other. It takes milliseconds: not for a thread that serves pages.
    ///
    /// Errors: what is stored does not decode.
    pub fn each(&self, mut each: impl FnMut(PersonKey, &[(Day, ViewerDay)])) -> Result<()> {
        Columns { place: &self.place }.decoded(self.read(&mut each))
    }

    fn read(&self, each: &mut impl FnMut(PersonKey, &[(Day, ViewerDay)])) -> std::result::Result<(), CodecError> {
        let mut rows = self.rows()?;
        rows.sort_unstable_by_key(|(key, day, _)| (*key, *day));
        let mut days = Vec::new();
        for person in rows.chunk_by(|a, b| a.0 == b.0) {
            let key = PersonKey(person[0].0);
            if self.hidden_people.contains(&key) {
                continue;
            }
            days.clear();
            for (_, day, bytes) in person {
                let mut data = ViewerDay::decode(bytes)?;
                if !self.hidden_channels.is_empty() {
                    data.channels.retain(|presence| !self.hidden_channels.contains(&presence.channel));
                }
                if !data.channels.is_empty() {
                    days.push((*day, data));
                }
            }
            if !days.is_empty() {
                each(key, &days);
            }
        }
        Ok(())
    }

    /// (person, day, bytes) of all that is wanted.
    fn rows(&self) -> std::result::Result<Vec<PersonDay<'_>>, CodecError> {
        let Wanted { days: Some((from, until)), keys: (first_key, end_key) } = self.wanted else {
            return Ok(Vec::new());
        };
        let mut rows = Vec::new();
        for part in &self.parts {
            match part {
                Part::Block { day, first, bytes } => {
                    for entry in entries(*first, bytes) {
                        let (key, bytes) = entry?;
                        if key >= end_key {
                            break;
                        }
                        if key >= first_key {
                            rows.push((key, *day, bytes));
                        }
                    }
                }
                Part::Row { month, person, bytes } => {
                    let of_month = month::days(bytes)?.into_iter();
                    let of_month = of_month.map(|(place, bytes)| (month.first_day().plus(i32::from(place)), bytes));
                    let held = of_month.filter(|(day, _)| (from..until).contains(day));
                    rows.extend(held.map(|(day, bytes)| (*person, day, bytes)));
                }
            }
        }
        Ok(rows)
    }
}

/// The keys of the page that begins with this one: the first, the one after the last, and where the next begins, of `end` keys that
/// were ever given.
pub(crate) fn stretch(from: PersonKey, end: u32) -> ((u32, u32), Option<PersonKey>) {
    let until = from.0.saturating_add(PAGE_KEYS).min(1 << PersonKey::BITS);
    ((from.0, until), (until < end).then_some(PersonKey(until)))
}
