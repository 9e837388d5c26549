//! A day's lists of chatters, packed for whoever reads them slot by slot.
//!
//! Accounts of a list lie far apart in the world's table, and a large list costs a wait for memory a row; here what a row
//! needs lies in the order in which it is read.

use model::login::LOGIN_MAX;
use model::slot::{SlotTime, Span};
use model::words::Role;
use rayon::prelude::*;

use crate::day_table::DayTable;
use crate::world::World;

/// The lists of all channels on one UTC day.
#[derive(Debug)]
pub(crate) struct Roster(Vec<Guests>);

/// Whoever visits one channel.
#[derive(Debug, Default)]
struct Guests {
    /// Their logins end to end.
    names: String,
    stays: Vec<Stay>,
}

/// One visit; its login is a part of [`Guests::names`].
#[derive(Debug)]
struct Stay {
    name: u32,
    from: u16,
    to: u16,
    len: u8,
    role: Role,
}

const _: () = assert!(LOGIN_MAX <= u8::MAX as usize);

impl Roster {
    /// Packs a day.
    pub(crate) fn new(world: &World, table: &DayTable) -> Roster {
        let today = Span::of_day(table.day);
        let guests = |place: usize| {
            let mut guests = Guests::default();
            for stays in table.visits(place).chunk_by(|a, b| a.account == b.account) {
                let account = stays[0].account;
                let (login, role) = (world.accounts.login(account), world.role(account, place));
                let (name, len) = (guests.names.len() as u32, login.len() as u8);
                guests.names.push_str(login);
                guests.stays.extend(stays.iter().map(|visit| Stay {
                    name,
                    from: (visit.from - today.from) as u16,
                    to: (visit.to - today.from) as u16,
                    len,
                    role,
                }));
            }
            guests
        };
        Roster((0..world.channels.len()).into_par_iter().map(guests).collect())
    }

    /// Who is in a chat in a slot of the day, by login, and what they are there.
    pub(crate) fn chatters(&self, channel: usize, at: SlotTime) -> impl Iterator<Item = (&str, Role)> + '_ {
        let Guests { names, stays } = &self.0[channel];
        let slot = at.slot().index();
        stays
            .iter()
            .filter(move |stay| (stay.from..stay.to).contains(&slot))
            .map(|stay| (&names[stay.name as usize..stay.name as usize + usize::from(stay.len)], stay.role))
    }
}
