//! Who is not let in: nobody who opted out is written down.

use std::sync::Arc;

use model::identity::TwitchId;
use store::error::StoreError;
use store::suppression::{Secret, Suppression};

use crate::error::chain;

/// The list of who opted out, read from a store before each sweep and again before it is archived.
#[derive(Clone, Debug, Default)]
pub struct Door {
    /// Nothing where nobody can opt out: of invented people who are only shown.
    list_in: Option<ListIn>,
    list: Arc<Suppression>,
}

#[derive(Clone, Debug)]
struct ListIn {
    store: Arc<str>,
    secret: Option<Secret>,
}

impl Door {
    /// The door of whoever keeps the list in a store, whose address is as a configuration has it. Another process may have
    /// that store open; where there is none yet, nobody has opted out.
    ///
    /// Errors: somebody is on the list, and there is no secret to tell whom, or another one; the store cannot be read.
    pub async fn of(store: &str, secret: Option<Secret>) -> Result<Door, StoreError> {
        let mut door = Door { list_in: Some(ListIn { store: store.into(), secret }), list: Arc::default() };
        if let Some(list) = door.read().await? {
            door.list = Arc::new(list);
        } else {
            tracing::warn!("there is no store at {store} yet: nobody is left out of the archive");
        }
        Ok(door)
    }

    /// Reads the list again; whether somebody withdrew since it was read last. A store that cannot be read keeps nobody
    /// from being left out: the list holds as it was read last.
    ///
    /// Errors: somebody is on the list whom the secret, or the lack of one, cannot tell.
    pub(crate) async fn look(&mut self) -> Result<bool, StoreError> {
        let list = match self.read().await {
            Ok(Some(list)) => list,
            Ok(None) => return Ok(false),
            Err(error @ StoreError::Secret { .. }) => return Err(error),
            Err(error) => {
                tracing::warn!(error = %chain(&error), "who opted out cannot be read: the list holds as it was");
                return Ok(false);
            }
        };
        let withdrew = list.withdrawals() != self.list.withdrawals();
        self.list = Arc::new(list);
        Ok(withdrew)
    }

    /// Who is left out, as was read last.
    pub(crate) fn list(&self) -> Arc<Suppression> {
        Arc::clone(&self.list)
    }

    /// Whether somebody of this login and id is left out.
    pub(crate) fn is_shut(&self, login: &str, id: Option<TwitchId>) -> bool {
        self.list.holds(login, id)
    }

    /// Whether somebody of this id is left out, whatever they call themselves.
    pub(crate) fn is_shut_by_id(&self, id: Option<TwitchId>) -> bool {
        // Nobody has an empty login.
        id.is_some() && self.list.holds("", id)
    }

    async fn read(&self) -> Result<Option<Suppression>, StoreError> {
        let Some(ListIn { store, secret }) = &self.list_in else { return Ok(None) };
        Suppression::beside(store, secret.as_ref()).await
    }
}
