//! What the server holds while it runs.

use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use model::day::Day;
use model::slot::SlotTime;
use tokio_util::sync::CancellationToken;

use crate::called::Names;
use crate::outage::ListFailure;
use crate::server::faults::Faults;
use crate::server::limit::Bucket;
use crate::server::log::Log;
use crate::server::tokens::Tokens;
use crate::server::{Clock, Settings};
use crate::twitch::{List, OnAir};

pub(crate) struct State {
    /// Its address.
    pub(super) base: String,
    pub(super) twitch: Arc<Names>,
    pub(super) settings: Settings,
    pub(super) clock: Clock,
    pub(super) stop: CancellationToken,
    pub(super) faults: Faults,
    pub(super) log: Log,
    pub(super) tokens: Mutex<Tokens>,
    pub(super) bucket: Mutex<Bucket>,
    /// Requests that came.
    pub(super) requests: AtomicU64,
    /// What was asked for last.
    pub(super) on_air: tokio::sync::Mutex<Option<Asked>>,
}

/// Everybody on air in a slot, as they are called after so many changes of names.
pub(super) struct Asked {
    pub(super) of: (SlotTime, u64),
    pub(super) on_air: Arc<Vec<OnAir>>,
}

impl State {
    /// The slot of this instant; the clock keeps within the range of days.
    pub(super) fn slot(&self) -> SlotTime {
        SlotTime::from_unix((self.clock)()).unwrap_or(SlotTime::at(Day::MIN, 0))
    }

    /// Who is in a chat in a slot.
    pub(super) async fn list(self: &Arc<State>, channel: &str, at: SlotTime) -> List {
        let (state, channel) = (Arc::clone(self), channel.to_owned());
        // A new day takes a tenth of a second to work out. A panic there is a bug that the runtime tells.
        let list = tokio::task::spawn_blocking(move || state.twitch.list(&channel, at)).await;
        list.unwrap_or(List::Fails(ListFailure::BadGateway))
    }

    /// Everybody on air. One request works a new slot out, the others wait for it.
    pub(super) async fn on_air(self: &Arc<State>, at: SlotTime) -> Arc<Vec<OnAir>> {
        let of = (at, self.twitch.changes());
        let mut kept = self.on_air.lock().await;
        if let Some(asked) = kept.as_ref().filter(|asked| asked.of == of) {
            return Arc::clone(&asked.on_air);
        }
        let state = Arc::clone(self);
        // A panic there is a bug that the runtime tells; nobody on air is what is then known.
        let on_air = Arc::new(tokio::task::spawn_blocking(move || state.twitch.on_air(at)).await.unwrap_or_default());
        *kept = Some(Asked { of, on_air: Arc::clone(&on_air) });
        on_air
    }

    pub(super) fn tokens(&self) -> MutexGuard<'_, Tokens> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
