//! What was learnt on a day of accounts by asking for them: what they are called now.

use std::collections::HashMap;

use archive::Archive;
use archive::error::ArchiveError;
use model::day::Day;
use model::identity::TwitchId;
use model::sample::Renaming;
use model::slot::{Slot, SlotTime};
use store::suppression::Suppression;

use crate::name::Name;

/// Renamed accounts, and whose a login was on the day.
#[derive(Debug, Default)]
pub(crate) struct Learnt {
    pub(crate) renamings: Vec<Renaming>,
    ids: HashMap<Name, TwitchId>,
}

impl Learnt {
    /// Reads what was learnt on a day, of an open one `before` the slot of its last sweep: what that one brings may still be
    /// on its way. Of those who opted out nothing is taken, and with `skip_bad` nothing of what cannot be understood.
    /// Errors: the archive's.
    pub(crate) async fn read(
        archive: &Archive,
        day: Day,
        before: Option<Slot>,
        suppression: &Suppression,
        skip_bad: bool,
    ) -> Result<Learnt, ArchiveError> {
        let mut renamings = Vec::new();
        for slot in archive.renamed_slots(day).await? {
            if before.is_some_and(|before| slot >= before) {
                break;
            }
            match archive.renamings(SlotTime::new(day, slot)).await {
                Ok(more) => renamings.extend(more),
                Err(error) if skip_bad && error.is_of_object() => {
                    tracing::warn!(import.day = %day, %error, "what accounts are called now is left out");
                }
                Err(error) => return Err(error),
            }
        }
        renamings.retain(|renaming| !renaming.is_of(|login, id| suppression.holds(login, id)));
        Ok(Learnt::of(renamings))
    }

    fn of(renamings: Vec<Renaming>) -> Learnt {
        // A login that two accounts had on the day is of neither, as far as is known.
        let mut ids: HashMap<Name, Option<TwitchId>> = HashMap::new();
        for Renaming { id, was, now } in &renamings {
            // Of an account that is gone the login is another's.
            for login in was.iter().filter(|_| now.is_some()).chain(now) {
                let known = ids.entry(Name::new(login.as_str().as_bytes())).or_insert(Some(*id));
                *known = known.filter(|known| known == id);
            }
        }
        Learnt { renamings, ids: ids.into_iter().filter_map(|(name, id)| Some((name, id?))).collect() }
    }

    /// Whose a login was, where the day's rows do not tell.
    pub(crate) fn id(&self, name: Name) -> Option<TwitchId> {
        // Nearly always there is nothing, for each of a million people.
        if self.ids.is_empty() { None } else { self.ids.get(&name).copied() }
    }

    /// Whether nothing was learnt.
    pub(crate) fn is_empty(&self) -> bool {
        self.renamings.is_empty()
    }
}
