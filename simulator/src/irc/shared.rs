//! Shared chats: sessions of channels of which each tells what is said in the others. Source: Twitch's chat guide.

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError, RwLock};

use crate::error::SimulatorError;

/// Sessions, each of two channels or more, by number. No channel is in two.
pub(super) type Sessions = Arc<Vec<BTreeSet<u32>>>;

/// The sessions of a running chat. Clones share them.
#[derive(Clone, Debug, Default)]
pub(super) struct Shared(Arc<RwLock<Sessions>>);

impl Shared {
    /// Those of this instant.
    pub(super) fn sessions(&self) -> Sessions {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Begins a session. Errors: there are fewer than two channels; one of them is in a session.
    pub(super) fn begin(&self, channels: BTreeSet<u32>) -> Result<(), SimulatorError> {
        if channels.len() < 2 {
            return Err(SimulatorError::Share("it takes two channels"));
        }
        let mut sessions = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if sessions.iter().any(|session| !session.is_disjoint(&channels)) {
            return Err(SimulatorError::Share("a channel shares its chat already"));
        }
        Arc::make_mut(&mut sessions).push(channels);
        Ok(())
    }

    /// Ends the session that a channel is in.
    pub(super) fn end(&self, channel: u32) {
        let mut sessions = self.0.write().unwrap_or_else(PoisonError::into_inner);
        Arc::make_mut(&mut sessions).retain(|session| !session.contains(&channel));
    }
}
