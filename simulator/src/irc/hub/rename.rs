//! What members are told when people and channels are called otherwise: as if who is renamed left and came back.

use std::mem;
use std::sync::Arc;

use crate::irc::called::{Called, Whose};
use crate::irc::chapter::{Event, What};
use crate::irc::hub::{Hub, deliver, is_lost};
use crate::irc::line::Place;

impl Hub {
    /// Goes by the names of this instant from now on.
    pub(super) fn learn_names(&mut self) {
        let now = self.truth.folk.changes();
        if now.count() == self.names.count() {
            return;
        }
        let before = mem::replace(&mut self.names, now);
        let after = Arc::clone(&self.names);
        let folk = &self.truth.folk;
        let [before, after] = [&before, &after].map(|changes| Called { folk, changes });
        // A room is of a login. That of another account, or of nobody, is not the one that its members came into: they
        // hear nothing more of it, until they come again.
        self.rooms.retain(|login, room| after.whose(login) == Some(room.whose));
        let renamed: Vec<u32> =
            after.changes.renamed_since(before.changes).filter_map(|truly| folk.number(truly)).collect();
        // All leave before any comes: one may have the name that another had.
        for (called, what) in [(before, What::Left), (after, What::Came)] {
            for who in &renamed {
                self.tell_renamed(called, Event { at_ms: self.told_until * 1_000, who: *who, what });
            }
        }
    }

    /// Tells of somebody in the rooms whose members may know them.
    fn tell_renamed(&self, called: Called<'_>, event: Event) {
        if is_lost(&self.faults.get(), &self.truth.folk, &event) {
            return;
        }
        for (login, room) in &self.rooms {
            let Whose::Channel(channel) = room.whose else { continue };
            let concerns = match event.what {
                What::Left => room.chapter.is_known(event.who, self.told_until, room.next),
                _ => room.chapter.is_there(event.who, self.told_until),
            };
            // Nobody is told of a crowd.
            if concerns && room.chapter.present(self.told_until).count() <= self.truth.settings.told_up_to {
                let place = Place { room: login, channel, source: None };
                deliver(called, &self.members, &room.members, place, &event);
            }
        }
    }
}
