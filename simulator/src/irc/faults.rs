//! What can go wrong with the chat, switched while it runs.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// Faults that last until others are set.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct IrcFaults {
    /// Connections are closed as soon as they are there; those that are open stay.
    pub refuse: bool,
    /// The share of JOINs that are not answered.
    pub lose_joins: f64,
    /// The share of lines that never come about others who left.
    pub lose_parts: f64,
    /// The share of lines that never come about others who came.
    pub lose_arrivals: f64,
}

/// Switches of a running chat. What was switched holds for whatever clients send afterwards.
#[derive(Clone, Debug, Default)]
pub struct Faults(Arc<Switches>);

#[derive(Debug, Default)]
struct Switches {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct State {
    faults: IrcFaults,
    actions: Actions,
}

/// What is to happen once.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Actions {
    pub(super) reconnect: bool,
    pub(super) freeze: bool,
    /// The share of connections to drop.
    pub(super) split: f64,
}

impl Faults {
    /// Sets what goes wrong from now on.
    pub fn set(&self, faults: IrcFaults) {
        self.lock().faults = faults;
    }

    /// What goes wrong now.
    pub fn get(&self) -> IrcFaults {
        self.lock().faults
    }

    /// Asks all clients to connect anew, and closes their connections 30 virtual seconds later.
    pub fn reconnect(&self) {
        self.act(|actions| actions.reconnect = true);
    }

    /// Drops a share, 0 to 1, of the connections at once and without a word; rounded up.
    pub fn split(&self, share: f64) {
        self.act(|actions| actions.split = actions.split.max(share));
    }

    /// Leaves all connections half-open: nothing is sent on them or answered any more. New ones are fine.
    pub fn freeze(&self) {
        self.act(|actions| actions.freeze = true);
    }

    /// What is to happen once, told once.
    pub(super) fn actions(&self) -> Actions {
        std::mem::take(&mut self.lock().actions)
    }

    /// Until something is to happen.
    pub(super) async fn called(&self) {
        self.0.changed.notified().await;
    }

    fn act(&self, change: impl FnOnce(&mut Actions)) {
        change(&mut self.lock().actions);
        self.0.changed.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
