//! Everybody of a day: each shard's runs to one row a person.

use std::io;
use std::sync::Arc;

use model::identity::{ChannelKey, TwitchId};
use model::presence::{ChannelPresence, ViewerDay};
use model::run::Run;
use store::rows::{RowBatch, RowError};
use store::suppression::Suppression;

use crate::bots::BotRules;
use crate::learnt::Learnt;
use crate::name::Name;
use crate::renamed::{Joined, Renamed};
use crate::spill::{FoundRun, NamedRun, Spill, runs};

/// The runs of a shard, by login. Filled with one shard after another: fresh memory would cost as much as the work.
#[derive(Default)]
pub(crate) struct Shard {
    bytes: Vec<u8>,
    runs: Vec<ShardRun>,
    learnt: Arc<Learnt>,
}

#[derive(Clone, Copy)]
struct ShardRun {
    name: Name,
    id: Option<TwitchId>,
    run: FoundRun,
}

/// Somebody of a shard: all runs under one login, in no order.
#[derive(Clone, Copy)]
pub(crate) struct Person<'a> {
    pub(crate) name: Name,
    runs: &'a [ShardRun],
    learnt: &'a Learnt,
}

impl Shard {
    /// One that is not filled, of people of whom something was learnt.
    pub(crate) fn with(learnt: Arc<Learnt>) -> Shard {
        Shard { learnt, ..Shard::default() }
    }

    /// Reads a shard in the place of what it holds. Errors: the spill does not give its bytes.
    pub(crate) fn fill(&mut self, spill: &Spill, shard: usize) -> io::Result<()> {
        spill.read(shard, &mut self.bytes)?;
        self.runs.clear();
        let run = |NamedRun { login, id, run }: NamedRun<'_>| ShardRun { name: Name::new(login), id, run };
        self.runs.extend(runs(&self.bytes).map(run));
        self.runs.sort_unstable_by_key(|run| run.name);
        Ok(())
    }

    pub(crate) fn people(&self) -> impl Iterator<Item = Person<'_>> {
        self.runs.chunk_by(|a, b| a.name == b.name).map(|runs| Person {
            name: runs[0].name,
            runs,
            learnt: &self.learnt,
        })
    }
}

impl<'a> Person<'a> {
    /// The earliest run's that has one, which holds for the day; the least of two at once, so that no order of threads
    /// decides. Where none has, what was learnt.
    pub(crate) fn id(&self) -> Option<TwitchId> {
        let told = self.runs.iter().filter_map(|run| Some((run.run.from, run.id?))).min();
        told.map(|(_, id)| id).or_else(|| self.learnt.id(self.name))
    }

    pub(crate) fn runs(&self) -> impl Iterator<Item = FoundRun> + Clone + use<'a> {
        self.runs.iter().map(|run| run.run)
    }
}

/// A shard's rows, by login, and where its observations went.
#[derive(Debug, Default)]
pub(crate) struct ShardRows {
    pub(crate) rows: RowBatch,
    pub(crate) tally: Tally,
}

/// Counts of what became of observations.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) bots: u64,
    /// Slots in runs of the rows.
    pub(crate) kept: u64,
    /// Of people or channels that opted out.
    pub(crate) suppressed: u64,
    /// Of two logins of one account or channel, slots that both show.
    pub(crate) joined: u64,
    /// All that came, by the channel's number.
    pub(crate) came: Vec<u64>,
}

impl Tally {
    pub(crate) fn add(&mut self, other: &Tally) {
        self.bots += other.bots;
        self.kept += other.kept;
        self.suppressed += other.suppressed;
        self.joined += other.joined;
        self.came.resize(self.came.len().max(other.came.len()), 0);
        self.came.iter_mut().zip(&other.came).for_each(|(sum, came)| *sum += came);
    }
}

/// What rows are made by.
pub(crate) struct Rules<'a> {
    pub(crate) renamed: &'a Renamed,
    /// Keys by the channels' numbers; nothing for a channel that opted out.
    pub(crate) keys: &'a [Option<ChannelKey>],
    pub(crate) bots: &'a BotRules,
    pub(crate) suppression: &'a Suppression,
}

/// Makes the rows of a shard of the spill, with `shard` to work in.
pub(crate) fn rows(spill: &Spill, number: usize, shard: &mut Shard, rules: &Rules<'_>) -> Result<ShardRows, RowError> {
    shard.fill(spill, number)?;
    let mut made = ShardRows::default();
    let tally = &mut made.tally;
    tally.came = vec![0; rules.keys.len()];
    let mut encoded = Vec::new();
    let mut keyed: Vec<(ChannelKey, bool, u16, u16)> = Vec::new();
    let (mut day, mut spare) = (ViewerDay::default(), Vec::new());
    for person in shard.people() {
        for run in person.runs() {
            tally.came[run.channel() as usize] += u64::from(run.to - run.from);
        }
        if rules.renamed.is_gone(person.name) {
            continue;
        }
        let more = rules.renamed.more(person.name);
        let runs = person.runs().chain(more.into_iter().flat_map(|joined| joined.runs().iter().copied()));
        let came: u64 = runs.clone().map(|run| u64::from(run.to - run.from)).sum();
        let (bytes, id) = (person.name.bytes(), person.id());
        let login = bytes.login();
        // Whoever opted out by the login that they gave up that day did so for their account.
        let mut other_logins = more.into_iter().flat_map(Joined::logins);
        if rules.suppression.holds(login, id)
            || other_logins.any(|login| rules.suppression.holds(login.bytes().login(), None))
        {
            tally.suppressed += came;
            continue;
        }
        keyed.clear();
        keyed.extend(runs.filter_map(|run| Some((rules.keys[run.channel() as usize]?, run.spoke(), run.from, run.to))));
        let taken: u64 = keyed.iter().map(|(.., from, to)| u64::from(to - from)).sum();
        tally.suppressed += came - taken;
        if keyed.is_empty() {
            continue;
        }
        keyed.sort_unstable();
        viewer_day(&keyed, &mut day, &mut spare);
        let runs = day.channels.iter().flat_map(|presence| presence.listed.iter().chain(&presence.spoke));
        let kept = runs.map(|run| u64::from(run.slots())).sum::<u64>();
        tally.kept += kept;
        tally.joined += taken - kept;
        day.bot = rules.bots.is_bot(login, &day);
        tally.bots += u64::from(day.bot);
        encoded.clear();
        day.encode(&mut encoded);
        made.rows.push(login.as_bytes(), id, &encoded)?;
        // Rows under those that are told without an id are known to be theirs by this alone.
        for other in more.into_iter().flat_map(Joined::logins) {
            if let (Ok(other), Some(id)) = (other.bytes().login().parse(), id) {
                made.rows.push_other(other, id);
            }
        }
    }
    Ok(made)
}

/// Makes a day from runs by channel, evidence and beginning. Whose it was before, its lists are used again: `spare` are
/// empty ones.
fn viewer_day(runs: &[(ChannelKey, bool, u16, u16)], day: &mut ViewerDay, spare: &mut Vec<ChannelPresence>) {
    spare.extend(day.channels.drain(..).map(|mut presence| {
        presence.listed.clear();
        presence.spoke.clear();
        presence
    }));
    for (channel, spoke, from, to) in runs.iter().copied() {
        if day.channels.last().is_none_or(|last| last.channel != channel) {
            let empty = || ChannelPresence { channel, listed: Vec::new(), spoke: Vec::new() };
            day.channels.push(ChannelPresence { channel, ..spare.pop().unwrap_or_else(empty) });
        }
        let Some(presence) = day.channels.last_mut() else { continue };
        let runs = if spoke { &mut presence.spoke } else { &mut presence.listed };
        // A channel or a person that changed their login has two: runs of both may meet.
        match runs.last_mut() {
            Some(last) if from <= last.to() => {
                if let Some(joined) = Run::new(last.from(), last.to().max(to)) {
                    *last = joined;
                }
            }
            _ => runs.extend(Run::new(from, to)),
        }
    }
}
