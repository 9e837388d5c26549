//! Whose logins were on the day of accounts that were asked for, by the objects that tell of those that were renamed.

use std::collections::{HashMap, HashSet};

use archive::Archive;
use model::day::Day;
use model::identity::TwitchId;
use model::slot::{Slot, SlotTime};
use store::suppression::Suppression;

use super::error::VerifyError;
use super::rows::Object;

/// Ids by login; one that two accounts bore is neither's.
pub(super) type Learnt = HashMap<Vec<u8>, TwitchId>;

/// Reads them; of an open day those of the slots `before` that of its last sweep. Errors: the archive's, or what is
/// wrong with an object.
pub(super) async fn learnt(
    archive: &Archive,
    day: Day,
    before: Option<Slot>,
    suppression: &Suppression,
) -> Result<Learnt, VerifyError> {
    let (mut learnt, mut twice) = (Learnt::new(), HashSet::new());
    for slot in archive.renamed_slots(day).await? {
        if before.is_some_and(|before| slot >= before) {
            break;
        }
        let at = SlotTime::new(day, slot);
        let Some(bytes) = archive.read_renamed(at).await? else { continue };
        let object = Object { name: archive::path::renamed(at), slot, bytes };
        let mut found: Vec<(Vec<u8>, TwitchId)> = Vec::new();
        object.each(["chatter_id", "was", "login"], |row| {
            let id: TwitchId = row.parsed(0)?.ok_or("nobody was asked for")?;
            let logins = [row.text(1)?, row.text(2)?];
            let is_out = logins.iter().any(|login| suppression.holds(login, Some(id)));
            // Without a login now, the account is gone.
            if !is_out && !logins[1].is_empty() {
                // Without one before, that is another's.
                let named = logins.iter().filter(|login| !login.is_empty());
                found.extend(named.map(|login| (login.as_bytes().to_vec(), id)));
            }
            Ok(())
        })?;
        for (login, id) in found {
            if *learnt.entry(login.clone()).or_insert(id) != id {
                twice.insert(login);
            }
        }
    }
    learnt.retain(|login, _| !twice.contains(login));
    Ok(learnt)
}
