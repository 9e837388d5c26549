//! The observations of a day, read once: a few numbers a channel, and everything of the people who are kept.

use std::collections::HashSet;
use std::sync::Arc;

use archive::Archive;
use archive::path::Kind;
use futures::TryStreamExt;
use model::day::Day;
use model::identity::TwitchId;
use model::slot::Slot;
use tokio::task::spawn_blocking;

use super::channels::Channels;
use super::error::VerifyError;
use super::learnt::Learnt;
use super::listed::Listed;
use super::options::VerifyOptions;
use super::people::{Observation, People};
use super::report::Difference;
use super::rows::{Object, Row, objects};
use super::sample::{Numbers, mark};

/// What is read of a row of chatters.
const COLUMNS: [&str; 4] = ["channel", "chatter", "chatter_id", "evidence"];

/// What became of a channel's observations.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sum {
    /// Different ones: of a channel's login, a viewer's login, a kind of evidence and a slot.
    pub(super) observations: u64,
    /// Of people or channels that opted out.
    pub(super) suppressed: u64,
    /// Shown twice, since the viewer or the channel bore two logins.
    pub(super) joined: u64,
    /// The fingerprint of those that are in the store.
    pub(super) print: u64,
}

/// What the chatters of a day tell.
pub(super) struct Told {
    /// By account of the channels; those of special people are not yet shared out.
    pub(super) sums: Vec<Sum>,
    pub(super) people: People,
    /// How often the day was read.
    pub(super) readings: u32,
    /// Objects that are not those that were listed.
    pub(super) differences: Vec<Difference>,
}

/// Reads the chatters; a second time when the first found people whose earlier rows had to be kept.
pub(super) async fn read_observations(
    archive: &Archive,
    day: Day,
    sweeps: &[Slot],
    listed: &Arc<Listed>,
    channels: Arc<Channels>,
    learnt: Arc<Learnt>,
    options: &VerifyOptions,
) -> Result<Told, VerifyError> {
    let numbers = Numbers::new(options.seed, day);
    // Logins of one account, perhaps.
    let learnt_ids: Vec<(TwitchId, u64)> = learnt.iter().map(|(login, id)| (*id, numbers.of(login))).collect();
    let mut known: HashSet<u64> = learnt_ids.iter().map(|(_, number)| *number).collect();
    let mut readings = 0;
    let mut differences = Vec::new();
    loop {
        let mut reading = Reading {
            channels: Arc::clone(&channels),
            numbers,
            sums: vec![Sum::default(); channels.accounts.len()],
            people: People::new(options.viewers, known, &options.suppression, Arc::clone(&learnt), &learnt_ids),
            shown: HashSet::new(),
        };
        let mut chatters = std::pin::pin!(objects(archive, Kind::Chatters, day, sweeps));
        while let Some(object) = chatters.try_next().await? {
            // Once is enough: the first reading is of all objects.
            let listed = (readings == 0).then(|| Arc::clone(listed));
            let read = move || {
                reading.add(&object)?;
                Ok::<_, VerifyError>((reading, listed.and_then(|listed| listed.difference(&object))))
            };
            let (more, difference) = spawn_blocking(read).await??;
            reading = more;
            differences.extend(difference);
        }
        readings += 1;
        let Reading { sums, people, .. } = reading;
        match people.passed_over() {
            Some(more) => known = more,
            None => return Ok(Told { sums, people, readings, differences }),
        }
    }
}

/// The day, as far as it is read.
struct Reading {
    channels: Arc<Channels>,
    numbers: Numbers,
    sums: Vec<Sum>,
    people: People,
    /// Of channels with two logins, what the sweep that is read has shown: account, viewer, evidence.
    shown: HashSet<(u32, u64, bool)>,
}

impl Reading {
    /// Adds a sweep.
    fn add(&mut self, object: &Object) -> Result<(), VerifyError> {
        self.shown.clear();
        let mut distinct = Distinct::default();
        // Rows of a channel follow each other: it is looked up once.
        let mut here: (Vec<u8>, u32) = (Vec::new(), 0);
        object.each(COLUMNS, |row| {
            let (channel, login) = (row.bytes(0), row.bytes(1));
            if here.0 != channel || channel.is_empty() {
                let place = self.channels.place(channel).ok_or("a channel without a row in the day's streams")?;
                here = (channel.to_vec(), place);
            }
            let spoke = spoke(row)?;
            let number = self.numbers.of(login);
            let seen = Observation { login, number, id: row.parsed(2)?, channel: here.1, spoke, slot: object.slot };
            let special = self.people.see(&seen)?;
            if distinct.is_new(object, channel, login, spoke) {
                self.count(&seen, special);
            }
            Ok(())
        })
    }

    fn count(&mut self, seen: &Observation<'_>, special: bool) {
        let place = self.channels.account(seen.channel);
        let account = &self.channels.accounts[place as usize];
        let sum = &mut self.sums[place as usize];
        sum.observations += 1;
        if special {
            // Counted at the end, when it is known who they are.
        } else if account.suppressed {
            sum.suppressed += 1;
        } else if account.logins.len() > 1 && !self.shown.insert((place, seen.number, seen.spoke)) {
            sum.joined += 1;
        } else {
            sum.print = sum.print.wrapping_add(mark(seen.number, seen.slot.index(), seen.spoke));
        }
    }
}

fn spoke(row: &Row<'_, 4>) -> Result<bool, &'static str> {
    match row.bytes(3) {
        b"listed" | b"" => Ok(false),
        b"spoke" => Ok(true),
        _ => Err("an evidence is none"),
    }
}

/// Of a row, what it says: channel, viewer, whether they spoke.
type Key = (Vec<u8>, Vec<u8>, bool);

/// Whether rows of a sweep come for the first time. Our own ascend, so that the last one is enough to tell; a foreign
/// object may repeat rows anywhere, and then all that came are remembered.
#[derive(Default)]
struct Distinct {
    rows: u64,
    last: Key,
    unsorted: Option<HashSet<Key>>,
}

impl Distinct {
    fn is_new(&mut self, object: &Object, channel: &[u8], login: &[u8], spoke: bool) -> bool {
        let before = (self.last.0.as_slice(), self.last.1.as_slice(), self.last.2);
        if self.unsorted.is_none() && self.rows > 0 && before >= (channel, login, spoke) {
            self.unsorted = Some(first_rows(object, self.rows));
        }
        self.rows += 1;
        if let Some(came) = &mut self.unsorted {
            return came.insert((channel.to_vec(), login.to_vec(), spoke));
        }
        let (last_channel, last_login, last_spoke) = &mut self.last;
        if last_channel != channel {
            channel.clone_into(last_channel);
        }
        login.clone_into(last_login);
        *last_spoke = spoke;
        true
    }
}

/// The rows of an object up to where it is read, which can be read again.
fn first_rows(object: &Object, count: u64) -> HashSet<Key> {
    let mut rows = HashSet::new();
    let mut left = count;
    let ended = object.each(COLUMNS, |row| {
        if left == 0 {
            return Err("all that was asked for");
        }
        left -= 1;
        rows.insert((row.bytes(0).to_vec(), row.bytes(1).to_vec(), spoke(row)?));
        Ok(())
    });
    // Ends by the error above, or where the object does.
    drop(ended);
    rows
}
