//! One sweep: who is live, who is in their chats, one pair of objects.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::future::Future;

use archive::Archive;
use archive::error::ArchiveError;
use archive::manifest::Timings;
use archive::path::Kind;
use archive::sweep_writer::SweepWriter;
use futures::StreamExt as _;
use model::login::Login;
use model::slot::SlotTime;
use model::sweep::SweepSummary;
use model::words::{ChattersSource, SpeechStatus, StreamStatus};
use tokio::sync::Semaphore;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::chatters::{Chatter, Chatters, List};
use crate::clock::Clock;
use crate::door::Door;
use crate::error::{SweepError, chain};
use crate::figures::{self, Phase};
use crate::followed::FollowedSet;
use crate::helix::Helix;
use crate::rows::{Row, Writing, row};
use crate::spool::{Spool, take_out};
use crate::targets::{Memory, State, Target, streams};
use crate::tracked::TrackedList;

/// Lists asked for at once: 2,000 of them at 50 ms take 2 s with it.
const CONCURRENCY: usize = 64;
/// Lists that are asked for, or here and waiting for a slower one before them: with no more than are asked for, each that
/// takes long would hold the others up.
const AHEAD: usize = 8 * CONCURRENCY;

/// What to sweep.
#[derive(Clone, Debug)]
pub struct Plan {
    /// How many of the most watched live channels.
    pub top: usize,
    /// Of which language, ISO 639-1; nothing is all.
    pub language: Option<String>,
    /// Followed whatever their rank.
    pub tracked: TrackedList,
}

/// Makes sweeps, and remembers between them who is followed.
#[derive(Debug)]
pub struct Collector {
    helix: Helix,
    chatters: Chatters,
    plan: Plan,
    door: Door,
    archive: Archive,
    spool: Option<Spool>,
    memory: Memory,
    /// Archived sweeps that somebody could not be taken out of who opted out while they were made.
    left_in: BTreeSet<SlotTime>,
}

/// A sweep whose channels and lists were asked for.
#[derive(Debug)]
pub struct Asked {
    at: SlotTime,
    rows: Rows,
    timings: Timings,
}

/// What a sweep saw.
#[derive(Debug)]
enum Rows {
    /// Written as it came.
    Written(Box<SweepWriter>),
    /// Waiting for what is said until its slot ends.
    Waiting(Vec<Row>),
}

/// A sweep that is not in the archive yet.
#[derive(Debug)]
pub struct Swept {
    writer: SweepWriter,
    timings: Timings,
}

impl Collector {
    /// A collector into `archive`, which tells who was followed up to `now`.
    pub async fn resume(
        helix: Helix,
        chatters: Chatters,
        plan: Plan,
        door: Door,
        archive: Archive,
        now: SlotTime,
    ) -> Result<Collector, SweepError> {
        let resumed = FollowedSet::resume(&archive, now).await;
        let (followed, listed) = resumed.map_err(|source| SweepError::Archive { at: now, source })?;
        let memory = Memory { followed, listed, tracked: HashMap::new(), left_out: HashSet::new() };
        Ok(Collector { helix, chatters, plan, door, archive, spool: None, memory, left_in: BTreeSet::new() })
    }

    /// The same one, whose sweeps wait in a spool until the archive takes them; those that wait tell who was followed up to
    /// `now` too. Errors: the spool cannot be listed.
    pub async fn through(self, spool: Spool, now: SlotTime) -> Result<Collector, SweepError> {
        let resumed = FollowedSet::resume(spool.waiting(), now).await;
        let (followed, listed) = resumed.map_err(|source| SweepError::Archive { at: now, source })?;
        let mut memory = self.memory;
        memory.followed.join(followed);
        // They are later than all that is in the archive.
        if !listed.is_empty() {
            memory.listed = listed;
        }
        Ok(Collector { spool: Some(spool), memory, ..self })
    }

    /// The archive that its sweeps appear in first: the spool's, where it has one.
    pub fn archive(&self) -> &Archive {
        self.spool.as_ref().map_or(&self.archive, Spool::waiting)
    }

    /// Whether a slot has a sweep: in its own archive, or behind the spool. Errors: neither can be asked.
    pub async fn is_swept(&self, at: SlotTime) -> Result<bool, ArchiveError> {
        let there = async |archive: &Archive| Ok(archive.sweeps(at.day()).await?.contains(&at.slot()));
        Ok(there(self.archive()).await? || (self.spool.is_some() && there(&self.archive).await?))
    }

    /// Listens from now on to the chats of the last sweep, so that a restart in the middle of a slot loses no more than it
    /// has to: joining thousands takes its time.
    pub(crate) fn listen_on(&self, at: SlotTime) {
        let Some(irc) = self.chatters.irc() else { return };
        let others = self.memory.followed.others(&HashSet::new());
        let listed = others.into_iter().filter(|(id, _)| self.memory.listed.contains_key(id));
        let rooms = listed.map(|(_, followed)| followed.login.clone());
        irc.follow(rooms.filter(|login| self.chatters.of(login).irc().is_some()).collect(), &HashSet::new(), at);
    }

    /// Whether a chat is listened to, so that a sweep lasts until its slot ends.
    pub fn listens(&self) -> bool {
        self.chatters.irc().is_some()
    }

    /// Ships what waits in the spool until cancelled; at once where there is none.
    pub(crate) fn ship_on(&self, cancel: CancellationToken) -> impl Future<Output = ()> + Send + 'static {
        let (spool, archive, door) = (self.spool.clone(), self.archive.clone(), self.door.clone());
        async move {
            if let Some(spool) = spool {
                spool.ship_on(&archive, door, &cancel).await;
            }
        }
    }

    /// Sweeps the slot `at`; what is not asked by the deadline is written down as unknown or missing.
    ///
    /// Errors: those of [`Collector::ask`], [`Collector::listen`] and [`Collector::commit`].
    pub async fn sweep(&mut self, at: SlotTime, clock: &Clock, deadline: Instant) -> Result<SweepSummary, SweepError> {
        let asked = self.ask(at, clock, deadline).await?;
        let swept = self.listen(asked, &CancellationToken::new()).await?;
        self.commit(swept).await
    }

    /// Asks everybody; nothing is written yet. Dropped half-way it leaves nothing. Memory is the lists in flight and the
    /// compressed rows; with a chat that is listened to, all lists. Errors: nothing at all was seen and nobody is followed, or
    /// nobody can tell who opted out.
    pub async fn ask(&mut self, at: SlotTime, clock: &Clock, deadline: Instant) -> Result<Asked, SweepError> {
        let started_ms = clock.now_ms();
        self.door.look().await.map_err(|source| SweepError::Door { at, source })?;
        if let Some(spool) = &self.spool
            && let Some(bytes) = spool.full().await.map_err(|source| SweepError::Archive { at, source })?
        {
            return Err(SweepError::Full { at, bytes });
        }
        // Before a restart, or by another collector: where the archive can be asked.
        if self.spool.is_some() && self.archive.sweeps(at.day()).await.is_ok_and(|slots| slots.contains(&at.slot())) {
            let source = ArchiveError::SlotTaken { at, object: Kind::Streams.object(at) };
            return Err(SweepError::Archive { at, source });
        }
        self.plan.tracked.refresh();
        let began = Instant::now();
        let mut streams = streams(&self.helix, &self.plan, &mut self.memory, deadline).await;
        if let Some(source) = streams.error.take() {
            if streams.targets.is_empty() {
                return Err(SweepError::Blind { at, source });
            }
            tracing::warn!(sweep.slot = %at, error = %chain(&source), "some channels could not be asked");
        }
        figures::took(Phase::Streams, began.elapsed());
        // Whatever becomes of this sweep, it was true.
        self.memory.advance(&streams, at.day());
        streams.targets.retain(|login, target| !self.door.is_shut(login.as_str(), target.id));
        for status in StreamStatus::ALL {
            let count = streams.targets.values().filter(|target| target.state.status() == *status).count();
            figures::channels(*status, count);
        }
        let began = Instant::now();
        let irc = self.chatters.irc();
        if let Some(irc) = irc {
            let is_unknown = |(_, target): &(&Login, &Target)| matches!(target.state, State::Unknown);
            let unknown = streams.targets.iter().filter(is_unknown).map(|(login, _)| login).collect();
            irc.follow(rooms(&streams.targets, &self.chatters), &unknown, at);
        }
        let mut waiting = Vec::new();
        let writing = irc.is_none().then(|| Writing::start(at, self.door.list()));
        let mut failures: BTreeMap<String, u32> = BTreeMap::new();
        let (chatters, in_flight) = (&self.chatters, &Semaphore::new(CONCURRENCY));
        // In order of login, as the archive wants them.
        let mut asked = futures::stream::iter(streams.targets)
            .map(|(login, target)| async move {
                let list = match target.state {
                    State::Live { ask_chatters: true, ref facts } => {
                        let source = chatters.of(&login);
                        // A chat that is listened to is asked nothing. It is never closed; were it, more at once would
                        // still be right.
                        let _permit = if source.irc().is_some() { None } else { in_flight.acquire().await.ok() };
                        Some(source.list(&login, target.id, facts.viewer_count, deadline).await)
                    }
                    _ => None,
                };
                (login, target, list)
            })
            .buffered(AHEAD);
        while let Some((login, target, list)) = asked.next().await {
            let list = list
                .and_then(|list| list.inspect_err(|error| *failures.entry(error.to_string()).or_default() += 1).ok());
            let source = chatters.of(&login).word();
            let row = row(at, login, target, list, source);
            figures::listed(&row.0);
            match &writing {
                None => waiting.push(row),
                // The thread refused a row, and says below why.
                Some(writing) if !writing.push(row).await => break,
                Some(_) => {}
            }
        }
        drop(asked);
        for (error, channels) in failures {
            tracing::warn!(sweep.slot = %at, channels, error, "lists are missing");
        }
        let rows = match writing {
            Some(writing) => Rows::Written(Box::new(writing.end().await?)),
            None => Rows::Waiting(waiting),
        };
        figures::took(Phase::Chatters, began.elapsed());
        Ok(Asked { at, rows, timings: Timings { started_ms, finished_ms: clock.now_ms() } })
    }

    /// Waits for the end of the sweep's slot where a chat is listened to, so that all that was said in it is in it; returns
    /// at once where none is. Cancelled, it ends before: then not all was heard, and that is written down.
    ///
    /// Errors: a row cannot be written.
    pub async fn listen(&mut self, asked: Asked, cancel: &CancellationToken) -> Result<Swept, SweepError> {
        let Asked { at, rows, timings } = asked;
        let mut rows = match rows {
            Rows::Written(writer) => return Ok(Swept { writer: *writer, timings }),
            Rows::Waiting(rows) => rows,
        };
        if let Some(irc) = self.chatters.irc() {
            let is_proved = tokio::select! {
                is_proved = irc.prove(at) => is_proved,
                () = cancel.cancelled() => false,
            };
            for (stream, list) in &mut rows {
                if stream.chatters_source == Some(ChattersSource::Irc) {
                    let (speech, speakers) = irc.speech(&stream.channel, at);
                    stream.speech_status = if is_proved { speech } else { SpeechStatus::Missing };
                    list.get_or_insert_with(List::missing).speakers = speakers;
                }
            }
            self.leave_out_by_id(&mut rows);
        }
        let writing = Writing::start(at, self.door.list());
        for row in rows {
            if !writing.push(row).await {
                break;
            }
        }
        Ok(Swept { writer: writing.end().await?, timings })
    }

    /// Leaves whoever opted out by an id out of lists without ids, by the logins that they are known to bear now.
    fn leave_out_by_id(&mut self, rows: &mut [Row]) {
        let lists = || rows.iter().filter_map(|(_, list)| list.as_ref());
        let by_id = |person: &&Chatter| self.door.is_shut_by_id(person.id);
        let found: Vec<Login> =
            lists().flat_map(|list| &list.speakers).filter(by_id).map(|person| person.login.clone()).collect();
        self.memory.left_out.extend(found);
        if !self.memory.left_out.is_empty() {
            for list in rows.iter_mut().filter_map(|(_, list)| list.as_mut()) {
                list.people.retain(|person| !self.memory.left_out.contains(&person.login));
            }
        }
    }

    /// Puts a sweep into the archive, or the spool before it, without those who opted out while it was made. Errors: it was
    /// refused there, or nobody can tell who opted out.
    pub async fn commit(&mut self, swept: Swept) -> Result<SweepSummary, SweepError> {
        let began = Instant::now();
        let Swept { mut writer, timings } = swept;
        let at = writer.at();
        while self.door.look().await.map_err(|source| SweepError::Door { at, source })? {
            let left_out = self.door.list();
            let without = move || writer.without(|login, id| left_out.holds(login, id));
            let without = tokio::task::spawn_blocking(without).await;
            let without = without.map_err(|source| SweepError::Stopped { at, source })?;
            writer = without.map_err(|source| SweepError::Archive { at, source })?;
        }
        let archived = |source| SweepError::Archive { at, source };
        let summary = match &self.spool {
            Some(spool) => spool.put(writer, timings, &self.door.list()).await,
            None => self.archive.commit(writer, timings).await,
        };
        let summary = summary.map_err(archived)?;
        figures::took(Phase::Archive, began.elapsed());
        figures::swept(&summary);
        // What failed before.
        self.take_out().await;
        // An erasure may have gone through the archive while this was on its way into it.
        while self.door.look().await.map_err(|source| SweepError::Door { at, source })? {
            self.left_in.insert(at);
            // And through this one, while it is written anew: looked again after it.
            self.take_out().await;
        }
        Ok(summary)
    }

    /// Takes whoever opted out while sweeps were made out of them; again after the next sweep where that fails.
    async fn take_out(&mut self) {
        let left_out = self.door.list();
        for at in std::mem::take(&mut self.left_in) {
            let taken_out = match &self.spool {
                Some(spool) => spool.leave_out(at, &left_out).await,
                None => take_out(&self.archive, at, &left_out).await,
            };
            if let Err(error) = taken_out {
                tracing::error!(
                    sweep.slot = %at, error = %chain(&error),
                    "somebody who opted out is in the sweep of {at} until it can be written anew"
                );
                self.left_in.insert(at);
            }
        }
    }
}

/// The chats to listen to, the most watched first.
fn rooms(targets: &BTreeMap<Login, Target>, chatters: &Chatters) -> Vec<Login> {
    let mut rooms: Vec<(u32, &Login)> = targets
        .iter()
        .filter(|(login, _)| chatters.of(login).irc().is_some())
        .filter_map(|(login, target)| match &target.state {
            State::Live { facts, ask_chatters: true } => Some((facts.viewer_count.unwrap_or_default(), login)),
            _ => None,
        })
        .collect();
    rooms.sort_by_key(|(viewers, _)| std::cmp::Reverse(*viewers));
    rooms.into_iter().map(|(_, login)| login.clone()).collect()
}
