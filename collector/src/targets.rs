//! Who is on air, who is not, and of whom nobody knows.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};

use futures::StreamExt as _;
use model::identity::TwitchId;
use model::login::Login;
use model::sample::StreamFacts;
use model::words::StreamStatus;
use tokio::time::Instant;

use crate::error::AskError;
use crate::followed::{Broadcasts, FollowedSet};
use crate::helix::{Answered, Helix, LiveChannel, PER_CALL, User};
use crate::sweep::Plan;
use crate::top::top;
use crate::tracked::Tracked;

/// Calls in flight to Helix, besides the pages of the top: they come one after the other.
const CONCURRENCY: usize = 4;
/// Channels whose chatters are asked for though they dropped out of the top: a quarter of N.
const DROPOUT_SHARE: usize = 4;

/// A followed channel on its way into the archive.
pub(crate) struct Target {
    pub(crate) id: Option<TwitchId>,
    pub(crate) display_name: Option<String>,
    pub(crate) tracked: bool,
    pub(crate) state: State,
}

pub(crate) enum State {
    Live { facts: StreamFacts, ask_chatters: bool },
    OffAir,
    Unknown,
}

impl State {
    pub(crate) fn status(&self) -> StreamStatus {
        match self {
            State::Live { .. } => StreamStatus::Live,
            State::OffAir => StreamStatus::OffAir,
            State::Unknown => StreamStatus::Unknown,
        }
    }
}

/// What is known of the streams before anybody's chatters are asked for.
pub(crate) struct Streams {
    pub(crate) targets: BTreeMap<Login, Target>,
    /// The most watched.
    pub(crate) top: Vec<LiveChannel>,
    /// The last failure, where there was one.
    pub(crate) error: Option<AskError>,
}

/// What sweeps remember of each other.
#[derive(Debug)]
pub(crate) struct Memory {
    pub(crate) followed: FollowedSet,
    /// Channels whose chatters were asked for last, and in which broadcast.
    pub(crate) listed: Broadcasts,
    /// Tracked channels that were met or looked up.
    pub(crate) tracked: HashMap<Login, User>,
    /// Logins that somebody was seen to bear who opted out by their id.
    pub(crate) left_out: HashSet<Login>,
}

impl Memory {
    /// Remembers what a sweep saw.
    pub(crate) fn advance(&mut self, streams: &Streams, today: model::day::Day) {
        self.followed.advance(&streams.top, today);
        for target in streams.targets.values() {
            let Some(id) = target.id else { continue };
            match &target.state {
                State::Live { facts, ask_chatters: true } => drop(self.listed.insert(id, facts.stream_id.clone())),
                // Of whom nothing was heard may be on air still.
                State::Unknown => {}
                State::Live { .. } | State::OffAir => drop(self.listed.remove(&id)),
            }
        }
        // Neither followed nor asked about any more: a later broadcast begins afresh.
        let asked: HashSet<TwitchId> = streams.targets.values().filter_map(|target| target.id).collect();
        self.listed.retain(|id, _| asked.contains(id));
    }
}

/// The state of every followed channel: the top first, for half of the time to the sweep's `deadline` at most, then by id
/// whoever is not in it: calls that hang leave the last third to the lists.
pub(crate) async fn streams(helix: &Helix, plan: &Plan, memory: &mut Memory, deadline: Instant) -> Streams {
    let left = deadline.saturating_duration_since(Instant::now());
    let top = top(helix, plan.top, plan.language.as_deref(), deadline - left / 2).await;
    let deadline = deadline - left / 3;
    let seen: HashSet<TwitchId> = top.channels.iter().map(|channel| channel.id).collect();
    let (nameless, lookup_error) = look_up(helix, plan, &top.channels, memory, deadline).await;
    // Once met, a channel is tracked by id, whatever it calls itself.
    let met: HashSet<TwitchId> =
        (plan.tracked.channels().iter()).filter_map(|one| memory.tracked.get(&one.login)).map(|user| user.id).collect();
    let is_tracked = |login: &Login, id: TwitchId| met.contains(&id) || plan.tracked.holds(login, id);
    let mut others: BTreeMap<TwitchId, User> = (memory.followed.others(&seen).into_iter())
        .map(|(id, followed)| {
            (id, User { id, login: followed.login.clone(), display_name: followed.display_name.clone() })
        })
        .collect();
    for user in plan
        .tracked
        .channels()
        .iter()
        .filter_map(|one| memory.tracked.get(&one.login))
        .filter(|user| !seen.contains(&user.id))
    {
        others.entry(user.id).or_insert_with(|| user.clone());
    }
    let among = Among::ask(helix, others.keys().copied().collect(), deadline).await;
    let mut targets = nameless;
    for (id, user) in others {
        // Still live, perhaps under another name: the row below carries it.
        if !among.live.contains_key(&id) {
            let state = if among.unknown.contains(&id) { State::Unknown } else { State::OffAir };
            let tracked = is_tracked(&user.login, id);
            targets.insert(user.login, Target { id: Some(id), display_name: Some(user.display_name), tracked, state });
        }
    }
    let mut below: Vec<&LiveChannel> = among.live.values().collect();
    below.sort_by_key(|channel| (std::cmp::Reverse(channel.facts.viewer_count), channel.id));
    let mut dropouts_left = plan.top.div_ceil(DROPOUT_SHARE);
    for (in_top, channel) in top.channels.iter().map(|c| (true, c)).chain(below.into_iter().map(|c| (false, c))) {
        let tracked = is_tracked(&channel.login, channel.id);
        let still_on = memory.listed.get(&channel.id) == Some(&channel.facts.stream_id);
        let dropout = !in_top && !tracked && still_on && dropouts_left > 0;
        dropouts_left -= usize::from(dropout);
        let state = State::Live { facts: channel.facts.clone(), ask_chatters: in_top || tracked || dropout };
        let (id, display_name) = (Some(channel.id), Some(channel.display_name.clone()));
        targets.insert(channel.login.clone(), Target { id, display_name, tracked, state });
    }
    Streams { targets, top: top.channels, error: top.error.or(lookup_error).or(among.error) }
}

/// Looks up tracked channels that were never met, so that they have an id and a name even while off air. Gives rows of
/// those that cannot be asked by id: there is no such account, or the call failed.
async fn look_up(
    helix: &Helix,
    plan: &Plan,
    top: &[LiveChannel],
    memory: &mut Memory,
    deadline: Instant,
) -> (BTreeMap<Login, Target>, Option<AskError>) {
    let tracked = plan.tracked.channels();
    for channel in top.iter().filter(|channel| plan.tracked.holds(&channel.login, channel.id)) {
        for one in tracked.iter().filter(|one| one.is(&channel.login, channel.id)) {
            let (login, display_name) = (channel.login.clone(), channel.display_name.clone());
            memory.tracked.insert(one.login.clone(), User { id: channel.id, login, display_name });
        }
    }
    let mut unmet = Vec::new();
    for Tracked { login, id } in tracked {
        match (memory.tracked.entry(login.clone()), id) {
            (Entry::Occupied(_), None) => {}
            (Entry::Occupied(met), Some(id)) if met.get().id == *id => {}
            // Corrected on the list since.
            (Entry::Occupied(mut met), Some(id)) => {
                let display_name = login.to_string();
                met.insert(User { id: *id, login: login.clone(), display_name });
            }
            // Asked for by id from now on, whatever its login is.
            (Entry::Vacant(place), Some(id)) => {
                let display_name = login.to_string();
                place.insert_entry(User { id: *id, login: login.clone(), display_name });
            }
            (Entry::Vacant(_), None) => unmet.push(login.clone()),
        }
    }
    let (mut rows, mut error) = (BTreeMap::new(), None);
    for logins in unmet.chunks(PER_CALL) {
        let answer = helix.users(logins, deadline).await;
        let found = answer.is_ok();
        match answer {
            Ok(users) => memory.tracked.extend(users.into_iter().map(|user| (user.login.clone(), user))),
            Err(failure) => error = Some(failure),
        }
        for login in logins.iter().filter(|login| !memory.tracked.contains_key(*login)) {
            let state = if found { State::OffAir } else { State::Unknown };
            rows.insert(login.clone(), Target { id: None, display_name: None, tracked: true, state });
        }
    }
    (rows, error)
}

/// What Helix said of channels asked for by id.
#[derive(Default)]
struct Among {
    live: HashMap<TwitchId, LiveChannel>,
    unknown: HashSet<TwitchId>,
    error: Option<AskError>,
}

impl Among {
    async fn ask(helix: &Helix, ids: Vec<TwitchId>, deadline: Instant) -> Among {
        let mut among = Among::default();
        let calls: Vec<Vec<TwitchId>> = ids.chunks(PER_CALL).map(<[TwitchId]>::to_vec).collect();
        let mut answers = futures::stream::iter(calls)
            .map(|call| async move { (helix.live_among(&call, deadline).await, call) })
            .buffered(CONCURRENCY);
        while let Some((answer, call)) = answers.next().await {
            let (Answered { live, unclear }, error) = answer;
            among.live.extend(live.into_iter().filter(|c| call.contains(&c.id)).map(|c| (c.id, c)));
            among.unknown.extend(unclear);
            among.error = error.or(among.error);
        }
        among
    }
}
