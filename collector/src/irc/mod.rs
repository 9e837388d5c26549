//! Twitch's chat, listened to as anybody may: anonymously, reading alone.
//!
//! [`Irc`] keeps connections to the chat server (`connection`), joins the rooms that are wanted within what the server
//! grants (`pool`) and remembers of each who is in it and who wrote in which slot (`room`). Facts of the protocol:
//! Twitch's chat guide and what is seen of it; `docs/sources.md` says what its lists are worth.

mod address;
mod connection;
mod jumps;
pub mod line;
mod pool;
mod probe;
mod room;
mod rooms;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use model::login::Login;
use model::slot::SlotTime;
use model::words::SpeechStatus;
use tokio::sync::{mpsc, watch};
use tokio_util::sync::{CancellationToken, DropGuard};

pub use self::address::{Address, AddressError, Trust, TrustError};
use self::connection::Line;
use self::jumps::Jump;
use self::pool::{Pool, Wanted};
pub use self::probe::probe;
use self::room::GRACE_MS;
use self::rooms::Rooms;
use crate::chatters::{Chatter, List};
use crate::clock::Clock;
use crate::run::wait_for;

/// A room is left when it was not wanted for so many slots: a broadcast that breaks off and comes back is heard on.
const LINGER_SLOTS: i32 = 3;
/// After a slot nobody waits longer for a connection to prove that it is up; clock's milliseconds.
const PROOF_MS: i64 = 10_000;
/// A message takes no longer from Twitch to here, of real time.
const WAY: Duration = Duration::from_millis(400);
/// But so long on any clock: an answer takes its time.
const PROOF_MIN: Duration = Duration::from_secs(1);

/// A reader of Twitch's chat. Clones are the same one; it ends with the last of them.
#[derive(Clone, Debug)]
pub struct Irc(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    clock: Clock,
    rooms: Rooms,
    wanted: watch::Sender<Wanted>,
    ask: watch::Sender<Option<SlotTime>>,
    last_wanted: Mutex<HashMap<Login, SlotTime>>,
    /// Ends connections when nobody has this any more.
    _end: DropGuard,
}

impl Irc {
    /// A reader that connects once rooms are wanted. Needs a runtime.
    pub fn start(address: Address, trust: Trust, clock: Clock) -> Irc {
        let (wanted, wants) = watch::channel::<Wanted>(Arc::from([]));
        let (ask, asks) = watch::channel(None);
        let (news, learns) = mpsc::unbounded_channel();
        let (rooms, cancel) = (Rooms::default(), CancellationToken::new());
        rooms.look(clock.moment());
        let line = Line { turn: Arc::new(Mutex::new(i64::MIN)), address, trust, clock, rooms: rooms.clone(), news };
        tokio::spawn(Pool::new(line, learns, wants, asks).run(cancel.clone()));
        Irc(Arc::new(Inner { clock, rooms, wanted, ask, last_wanted: Mutex::default(), _end: cancel.drop_guard() }))
    }

    /// Listens to these rooms from a slot on, the most wanted first, and a while longer to those that were wanted before; for
    /// as long as it takes to those of which it is `unknown` whether they are wanted.
    pub fn follow(&self, rooms: Vec<Login>, unknown: &HashSet<&Login>, at: SlotTime) {
        let mut last = self.0.last_wanted.lock().unwrap_or_else(PoisonError::into_inner);
        for (_, wanted) in last.iter_mut().filter(|(room, _)| unknown.contains(room)) {
            *wanted = at + -1;
        }
        last.retain(|_, wanted| at - *wanted < LINGER_SLOTS);
        let mut wanted = rooms;
        last.extend(wanted.iter().map(|room| (room.clone(), at)));
        let mut lingering: Vec<Login> =
            last.iter().filter(|(_, wanted)| **wanted < at).map(|(room, _)| room.clone()).collect();
        lingering.sort_unstable();
        wanted.extend(lingering);
        self.0.rooms.forget_before(at);
        self.0.wanted.send_replace(wanted.into());
    }

    /// Who is in a room now; a missing list while it is not joined, or nobody was named yet. `viewers` are as Twitch counts
    /// them.
    pub fn list(&self, room: &Login, viewers: Option<u32>) -> List {
        self.0.rooms.list(room, viewers, self.0.clock.moment())
    }

    /// Waits, after the end of the slot `at`, for what is still on its way, and until each connection answers, so that all
    /// that was said before was heard; not for long for those that do not answer: of their rooms it is not known.
    ///
    /// Whether what was said in the slot can be told: this machine's clock was not set since it began, nor did the machine sleep,
    /// and it is near Twitch's.
    pub async fn prove(&self, at: SlotTime) -> bool {
        wait_for(at + 1, &self.0.clock).await;
        self.0.clock.pass(GRACE_MS).await;
        // What answers now was heard from after a jump.
        self.0.rooms.look(self.0.clock.moment());
        self.0.ask.send_replace(Some(at));
        let patience = self.0.clock.real(PROOF_MS).unwrap_or(PROOF_MIN).max(PROOF_MIN);
        // Who has not answered until then is known by that.
        let _ = tokio::time::timeout(patience, self.0.rooms.all_answered(at)).await;
        // On a clock that runs fast the way of a message takes longer.
        let apart_ms = GRACE_MS.max(self.0.clock.lasting(WAY));
        let behind_ms = self.0.rooms.behind_ms().unwrap_or_default();
        let is_near = (-apart_ms..=apart_ms).contains(&behind_ms);
        if !is_near {
            tracing::warn!(
                sweep.slot = %at, behind_ms,
                "this machine's clock and Twitch's are too far apart to tell in which slot something was written: set it by NTP"
            );
        }
        let jump = self.0.rooms.jump(at, self.0.clock.moment());
        if let Some(Jump { by_ms, .. }) = jump {
            tracing::warn!(
                sweep.slot = %at, by_ms,
                "this machine's clock was set, or it slept: who wrote in {at} is not all known, and lists are not complete for ten \
                 minutes"
            );
        }
        is_near && jump.is_none()
    }

    /// Who wrote in a room in a slot, by login, and whether all who did were heard: only after [`Irc::prove`].
    pub fn speech(&self, room: &Login, at: SlotTime) -> (SpeechStatus, Vec<Chatter>) {
        self.0.rooms.speech(room, at, self.0.clock.moment())
    }
}
