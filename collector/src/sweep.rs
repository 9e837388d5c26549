//! One sweep: who is live, who is in their chats, one pair of objects.

use std::collections::{BTreeMap, HashMap, HashSet};

use archive::Archive;
use archive::chatters::ChatterRow;
use archive::manifest::Timings;
use archive::sweep_writer::SweepWriter;
use futures::StreamExt as _;
use model::identity::TwitchId;
use model::login::Login;
use model::sample::{StreamFacts, StreamSample, trusted_list};
use model::slot::SlotTime;
use model::sweep::SweepSummary;
use model::words::{Evidence, ListStatus, SpeechStatus, StreamStatus};
use tokio::time::Instant;

use crate::chatters::{Chatters, List};
use crate::clock::Clock;
use crate::error::{AskError, SweepError};
use crate::followed::FollowedSet;
use crate::helix::{Helix, LiveChannel, PER_CALL};
use crate::top::top;

/// Calls in flight to one upstream: 2,000 lists at 50 ms take 4 s with it, and no server minds.
const CONCURRENCY: usize = 32;
/// Channels whose chatters are asked for though they dropped out of the top: a quarter of N.
const DROPOUT_SHARE: usize = 4;

/// What to sweep.
#[derive(Clone, Debug)]
pub struct Plan {
    /// How many of the most watched live channels.
    pub top: usize,
    /// Of which language, ISO 639-1; nothing is all.
    pub language: Option<String>,
    /// Followed whatever their rank.
    pub tracked: Vec<Login>,
}

/// Makes sweeps, and remembers between them who is followed.
#[derive(Debug)]
pub struct Collector {
    helix: Helix,
    chatters: Chatters,
    plan: Plan,
    archive: Archive,
    followed: FollowedSet,
    /// Channels whose chatters the last sweep asked for, and in which broadcast.
    listed: HashMap<TwitchId, String>,
}

/// A followed channel on its way into the archive.
struct Target {
    id: Option<TwitchId>,
    display_name: Option<String>,
    tracked: bool,
    state: State,
}

enum State {
    Live { facts: StreamFacts, ask_chatters: bool },
    OffAir,
    Unknown,
}

/// What is known of the streams before anybody's chatters are asked for.
struct Streams {
    targets: BTreeMap<Login, Target>,
    error: Option<AskError>,
}

impl Collector {
    /// A collector into `archive`, which tells who was followed up to `now`.
    pub async fn resume(
        helix: Helix,
        chatters: Chatters,
        plan: Plan,
        archive: Archive,
        now: SlotTime,
    ) -> Result<Collector, SweepError> {
        let followed = FollowedSet::resume(&archive, now, plan.top)
            .await
            .map_err(|source| SweepError::Archive { at: now, source })?;
        Ok(Collector { helix, chatters, plan, archive, followed, listed: HashMap::new() })
    }

    /// The archive it writes.
    pub fn archive(&self) -> &Archive {
        &self.archive
    }

    /// Sweeps the slot `at`; what is not asked by the deadline is written down as unknown or missing.
    ///
    /// Errors: nothing at all was seen and nobody is followed, or the archive refused the pair of objects.
    pub async fn sweep(&mut self, at: SlotTime, clock: &Clock, deadline: Instant) -> Result<SweepSummary, SweepError> {
        let started_ms = clock.now_ms();
        let Streams { targets, error } = self.streams(at, deadline).await;
        if let Some(source) = error {
            if targets.is_empty() {
                return Err(SweepError::Blind { at, source });
            }
            tracing::warn!(sweep.slot = %at, error = %chain(&source), "some channels could not be asked");
        }
        self.listed = targets
            .values()
            .filter_map(|target| match &target.state {
                State::Live { facts, ask_chatters: true } => Some((target.id?, facts.stream_id.clone())),
                _ => None,
            })
            .collect();
        let mut writer = SweepWriter::new(at);
        let mut failures: BTreeMap<String, u32> = BTreeMap::new();
        let chatters = &self.chatters;
        // In order of login, as the archive wants them; memory is the lists in flight.
        let mut asked = futures::stream::iter(targets)
            .map(|(login, target)| async move {
                let list = match target.state {
                    State::Live { ask_chatters: true, .. } => Some(chatters.list(&login, deadline).await),
                    _ => None,
                };
                (login, target, list)
            })
            .buffered(CONCURRENCY);
        while let Some((login, target, list)) = asked.next().await {
            let list = list.and_then(|list| list.inspect_err(|error| *failures.entry(error.to_string()).or_default() += 1).ok());
            write(&mut writer, at, login, target, list, chatters).map_err(|source| SweepError::Archive { at, source })?;
        }
        drop(asked);
        for (error, channels) in failures {
            tracing::warn!(sweep.slot = %at, channels, error, "lists are missing");
        }
        let timings = Timings { started_ms, finished_ms: clock.now_ms() };
        self.archive.commit(writer, timings).await.map_err(|source| SweepError::Archive { at, source })
    }

    /// The state of every followed channel.
    async fn streams(&mut self, at: SlotTime, deadline: Instant) -> Streams {
        let top = top(&self.helix, self.plan.top, self.plan.language.as_deref(), deadline).await;
        let mut error = top.error;
        let seen: HashSet<TwitchId> = top.channels.iter().map(|channel| channel.id).collect();
        let mut targets = BTreeMap::new();
        let others: Vec<(TwitchId, Login, String)> = self
            .followed
            .others(&seen)
            .into_iter()
            .map(|(id, followed)| (id, followed.login.clone(), followed.display_name.clone()))
            .collect();
        let by_id = self.ask_among("user_id", others.iter().map(|(id, ..)| id.to_string()).collect(), deadline).await;
        let tracked = self.plan.tracked.iter().map(Login::to_string).collect();
        let by_login = self.ask_among("user_login", tracked, deadline).await;

        let mut live: HashMap<TwitchId, LiveChannel> = HashMap::new();
        for channel in by_id.live.iter().chain(&by_login.live) {
            live.entry(channel.id).or_insert_with(|| channel.clone());
        }
        for (id, login, display_name) in others {
            // Still live under another name: the new row below carries it.
            if !live.contains_key(&id) {
                let state = if by_id.failed.contains(&id.to_string()) { State::Unknown } else { State::OffAir };
                targets.insert(login, Target { id: Some(id), display_name: Some(display_name), tracked: false, state });
            }
        }
        for login in &self.plan.tracked {
            let state = if by_login.failed.contains(login.as_str()) { State::Unknown } else { State::OffAir };
            let known = targets.remove(login);
            let (id, display_name) = known.map_or((None, None), |target| (target.id, target.display_name));
            targets.insert(login.clone(), Target { id, display_name, tracked: true, state });
        }
        let mut dropouts_left = self.plan.top.div_ceil(DROPOUT_SHARE);
        let below: Vec<LiveChannel> = {
            let mut below: Vec<_> = live.into_values().filter(|channel| !seen.contains(&channel.id)).collect();
            below.sort_by_key(|channel| (std::cmp::Reverse(channel.facts.viewer_count), channel.id));
            below
        };
        for (in_top, channel) in top.channels.iter().map(|c| (true, c)).chain(below.iter().map(|c| (false, c))) {
            let tracked = self.plan.tracked.contains(&channel.login);
            let still_on = self.listed.get(&channel.id) == Some(&channel.facts.stream_id);
            let dropout = !in_top && !tracked && still_on && dropouts_left > 0;
            dropouts_left -= usize::from(dropout);
            targets.insert(channel.login.clone(), Target {
                id: Some(channel.id),
                display_name: Some(channel.display_name.clone()),
                tracked,
                state: State::Live { facts: channel.facts.clone(), ask_chatters: in_top || tracked || dropout },
            });
        }
        self.followed.advance(&top.channels, at.day());
        error = error.or(by_id.error).or(by_login.error);
        Streams { targets, error }
    }

    async fn ask_among(&self, key: &'static str, values: Vec<String>, deadline: Instant) -> Among {
        let mut among = Among::default();
        let calls: Vec<Vec<String>> = values.chunks(PER_CALL).map(<[String]>::to_vec).collect();
        let mut answers = futures::stream::iter(calls)
            .map(|call| async move { (self.helix.live_among(key, &call, deadline).await, call) })
            .buffered(CONCURRENCY);
        while let Some((answer, call)) = answers.next().await {
            match answer {
                Ok(live) => among.live.extend(live),
                Err(error) => {
                    among.failed.extend(call);
                    among.error = Some(error);
                }
            }
        }
        among
    }
}

/// Which of the named channels are live, and of which asking failed.
#[derive(Default)]
struct Among {
    live: Vec<LiveChannel>,
    failed: HashSet<String>,
    error: Option<AskError>,
}

fn write(
    writer: &mut SweepWriter,
    at: SlotTime,
    login: Login,
    target: Target,
    list: Option<List>,
    source: &Chatters,
) -> Result<(), archive::error::ArchiveError> {
    let (status, stream, asked) = match target.state {
        State::Live { facts, ask_chatters } => (StreamStatus::Live, Some(facts), ask_chatters),
        State::OffAir => (StreamStatus::OffAir, None, false),
        State::Unknown => (StreamStatus::Unknown, None, false),
    };
    let viewers = stream.as_ref().and_then(|facts| facts.viewer_count);
    let list = list.filter(|list| trusted_list(list.status, list.count, viewers) != ListStatus::Missing);
    for person in list.iter().flat_map(|list| &list.people) {
        let (chatter, id, role) = (person.login.as_str(), person.id, person.role);
        writer.push_row(&ChatterRow { channel: &login, chatter, id, role, evidence: Evidence::Listed })?;
    }
    writer.push_stream(&StreamSample {
        sampled_at: at,
        channel_id: target.id,
        channel: login,
        display_name: target.display_name,
        status,
        stream,
        tracked: target.tracked,
        chatters_source: asked.then(|| source.source()),
        list_status: list.as_ref().map_or(ListStatus::Missing, |list| list.status),
        speech_status: list.as_ref().map_or(SpeechStatus::Missing, |list| list.speech),
        chatter_count: list.and_then(|list| list.count),
    })
}

/// An error with all its causes, in one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
