//! Who may read rows about people. The keys are made here and nowhere else.

use model::identity::{PersonKey, TwitchId};
use model::login::Login;
use model::words::Origin;

use crate::error::{Result, StoreError};
use crate::{AnyStore, Store};

/// The right to read one person's rows; only [`viewer`] makes it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ViewerKey {
    person: PersonKey,
}

impl ViewerKey {
    pub(crate) fn person(&self) -> PersonKey {
        self.person
    }

    /// What they are in the crowd's index, which has nothing else of them: for asking it, and never to be told.
    pub fn in_crowd(&self) -> PersonKey {
        self.person
    }
}

/// Who may open a viewer's page: the operator's explicit choice. It has no default on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ViewerPages {
    /// Anybody.
    Public,
    /// Only the person, signed in with that Twitch account.
    Owner,
}

impl ViewerPages {
    /// The choice that holds for a store of this origin: invented people are public, real ones take a choice.
    ///
    /// Errors: [`StoreError::ViewerPagesUnchosen`] for real data without a choice; a server must not start then.
    pub fn resolve(origin: Origin, choice: Option<ViewerPages>) -> Result<ViewerPages> {
        match (origin, choice) {
            (Origin::Simulated, _) => Ok(ViewerPages::Public),
            (Origin::Real, Some(choice)) => Ok(choice),
            (Origin::Real, None) => Err(StoreError::ViewerPagesUnchosen),
        }
    }
}

/// The key to the person who holds this login now, if `visitor` (the account signed in) may see them.
///
/// "Never seen", "opted out" and "not yours" are all nothing, after the same single query.
pub async fn viewer(
    store: &AnyStore,
    login: &Login,
    pages: ViewerPages,
    visitor: Option<TwitchId>,
) -> Result<Option<ViewerKey>> {
    let holder = store.holder(login).await?;
    let open = store.origin() == Origin::Simulated || pages == ViewerPages::Public;
    Ok(holder
        .filter(|holder| open || (visitor.is_some() && holder.id == visitor))
        .map(|holder| ViewerKey { person: holder.person }))
}

/// Who holds a login now.
pub(crate) struct Holder {
    pub(crate) person: PersonKey,
    pub(crate) id: Option<TwitchId>,
}

/// The right to read and write people in bulk. For jobs that no visitor can start: `app` forbids the type
/// (`clippy.toml`, `disallowed-types`).
#[derive(Debug)]
pub struct JobKey(());

/// Work that needs everybody's rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Job {
    /// Archive to store.
    Import,
    /// Removing a person who asked for it.
    Erasure,
    /// Closing months, and making them coarser with time.
    Retention,
    /// Opt-out and its end.
    Suppression,
    /// Copies for others.
    Export,
    /// Figures of audiences.
    Nightly,
    /// Comparing what is stored with what was archived or with another store.
    Verification,
    /// Checks, backups, giving space back.
    Upkeep,
    /// Asking what accounts are called now.
    LookUp,
}

impl JobKey {
    /// The key for a job; it is named in the log.
    pub fn grant(reason: Job) -> JobKey {
        tracing::debug!(job = ?reason, "granted access to everybody's rows");
        JobKey(())
    }
}
