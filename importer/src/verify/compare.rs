//! What the store holds, beside what it has to hold.

use std::collections::HashMap;

use model::channel_day::ChannelDay;
use model::day::Day;
use model::identity::ChannelKey;
use model::login::Login;
use model::run::Run;
use model::slot::Slot;
use store::Store;
use store::access::JobKey;
use store::channel::Channel;
use store::day::DayRecord;
use store::dump::{ViewerOfDay, each_page};

use super::channels::Channels;
use super::error::VerifyError;
use super::options::BotLimits;
use super::report::{ChannelFault, Difference, Fact, VerifyReport, ViewerFault};
use super::resolve::{Expected, ExpectedViewer};
use super::sample::{Numbers, mark};

/// Channels asked of the store at once: some hundred kilobytes.
const CHANNELS_AT_ONCE: usize = 256;

/// A comparison under way.
pub(super) struct Comparison<'a, S> {
    pub(super) store: &'a S,
    pub(super) job: &'a JobKey,
    pub(super) day: Day,
    pub(super) channels: &'a Channels,
    pub(super) numbers: Numbers,
    pub(super) bots: &'a BotLimits,
    pub(super) report: VerifyReport,
}

/// What the store holds of a channel's people.
#[derive(Clone, Copy, Debug, Default)]
struct Held {
    slots: u64,
    print: u64,
}

/// What the store holds of all people.
#[derive(Debug, Default)]
struct Walked {
    channels: HashMap<ChannelKey, Held>,
    viewers: u64,
    bots: u64,
}

impl<S: Store> Comparison<'_, S> {
    /// Compares everything. Errors: the store's, after which the report is not complete.
    pub(super) async fn everything(
        &mut self,
        record: &DayRecord,
        days: Vec<(u32, ChannelDay)>,
        expected: Expected,
    ) -> Result<(), VerifyError> {
        let keys = self.keys().await?;
        let held: Vec<(u32, ChannelKey, ChannelDay)> =
            days.into_iter().filter_map(|(account, wanted)| Some((account, *keys.get(&account)?, wanted))).collect();
        for some in held.chunks(CHANNELS_AT_ONCE) {
            self.sampled_channels(some).await?;
        }
        let Expected { sums, viewers, limit } = expected;
        let mut sample = viewers;
        let mut walked = Walked::default();
        each_page(self.store, self.job, self.day, |page| {
            for viewer in page {
                let number = self.numbers.of(viewer.login.as_str().as_bytes());
                walked.add(&viewer, number);
                if limit.holds(number) {
                    self.viewer(&viewer, sample.remove(&number).as_ref(), &keys);
                }
            }
            Ok(())
        })
        .await?;
        for missing in sample.into_values() {
            self.report.add(Difference::Viewer { login: missing.login, what: ViewerFault::Missing });
        }

        let (mut kept, mut suppressed, mut joined) = (0, 0, 0);
        for ((account, sum), place) in self.channels.accounts.iter().zip(&sums).zip(0u32..) {
            let held = keys.get(&place).and_then(|key| walked.channels.remove(key)).unwrap_or_default();
            kept += sum.observations - sum.suppressed - sum.joined;
            suppressed += sum.suppressed;
            joined += sum.joined;
            let login = account.login.clone();
            if sum.observations != held.slots + sum.suppressed + sum.joined {
                self.report.add(Difference::Sum {
                    login,
                    observations: sum.observations,
                    kept: held.slots,
                    suppressed: sum.suppressed,
                    joined: sum.joined,
                });
            } else if sum.print != held.print {
                self.report.add(Difference::Fingerprint { login });
            }
        }
        let stray: u64 = walked.channels.values().map(|held| held.slots).sum();
        if stray > 0 {
            self.report.add(Difference::Stray { observations: stray });
        }
        self.fact(Fact::Observations, record.stats.observations, self.report.observations);
        self.fact(Fact::Kept, record.stats.kept, kept);
        self.fact(Fact::Suppressed, record.stats.suppressed, suppressed);
        self.fact(Fact::Joined, record.stats.joined, joined);
        self.fact(Fact::Viewers, record.stats.viewers, walked.viewers);
        self.fact(Fact::Bots, record.stats.bots, walked.bots);
        Ok(())
    }

    /// A figure of the record, beside what was found.
    pub(super) fn fact(&mut self, fact: Fact, held: u64, found: u64) {
        if held != found {
            self.report.add(Difference::Record { fact, held, found });
        }
    }

    /// The keys of the accounts that have a day in the store; the others, and days that nobody of the archive has, are
    /// told.
    async fn keys(&mut self) -> Result<HashMap<u32, ChannelKey>, VerifyError> {
        let held = self.store.channels_of_day(self.day).await?;
        let logins = self.store.channel_logins(&held, self.day).await?;
        let mut by_login: HashMap<&Login, ChannelKey> = HashMap::new();
        let mut invented = Vec::new();
        for key in &held {
            match logins.get(key) {
                Some(login) if !by_login.contains_key(login) => drop(by_login.insert(login, *key)),
                Some(login) => invented.push(login.clone()),
                // A channel that bears no name cannot be told by one.
                None => self.report.add(Difference::Damaged("a channel of the day bears no login".to_owned())),
            }
        }
        let mut keys = HashMap::new();
        for (account, place) in self.channels.accounts.iter().zip(0u32..) {
            match (by_login.remove(&account.login), account.suppressed) {
                (Some(key), false) => drop(keys.insert(place, key)),
                (Some(_), true) => invented.push(account.login.clone()),
                (None, false) => {
                    let what = ChannelFault::Missing;
                    self.report.add(Difference::Channel { login: account.login.clone(), what });
                }
                (None, true) => {}
            }
        }
        invented.extend(by_login.into_keys().cloned());
        invented.sort_unstable();
        for login in invented {
            self.report.add(Difference::Channel { login, what: ChannelFault::Invented });
        }
        Ok(keys)
    }

    /// Some channels of the sample: accounts, keys, and what their days have to be.
    async fn sampled_channels(&mut self, some: &[(u32, ChannelKey, ChannelDay)]) -> Result<(), VerifyError> {
        let keys: Vec<ChannelKey> = some.iter().map(|(_, key, _)| *key).collect();
        let rows = self.store.channel_days(&keys, self.day, self.day.plus(1)).await?;
        let days: HashMap<ChannelKey, ChannelDay> = rows.into_iter().map(|row| (row.channel, row.data)).collect();
        let names = self.store.channels(&keys).await?;
        let names: HashMap<ChannelKey, Channel> = names.into_iter().map(|channel| (channel.key, channel)).collect();
        for (account, key, wanted) in some {
            self.channel(*account, days.get(key), names.get(key), wanted);
        }
        Ok(())
    }

    /// A channel of the sample.
    fn channel(&mut self, account: u32, held: Option<&ChannelDay>, named: Option<&Channel>, wanted: &ChannelDay) {
        let account = &self.channels.accounts[account as usize];
        let mut add = |what| self.report.add(Difference::Channel { login: account.login.clone(), what });
        match held {
            None => add(ChannelFault::Missing),
            Some(held) if bytes(|out| held.encode(out)) != bytes(|out| wanted.encode(out)) => {
                let differs = Slot::all().find(|slot| held.slot(*slot) != wanted.slot(*slot));
                add(differs.map_or(ChannelFault::Segments, |slot| ChannelFault::Slot(slot.index())));
            }
            Some(_) => {}
        }
        let Some(named) = named else { return };
        if account.id.is_some() && named.id != account.id {
            add(ChannelFault::Id);
        }
        // A later day may have told another name.
        let told_last = named.last_day == Some(self.day);
        if account.display_name.as_ref().is_some_and(|name| told_last && *name != named.display_name) {
            add(ChannelFault::DisplayName);
        }
    }

    /// A viewer of the store whose number is in the sample.
    fn viewer(&mut self, held: &ViewerOfDay, wanted: Option<&ExpectedViewer>, keys: &HashMap<u32, ChannelKey>) {
        let mut add = |what| self.report.add(Difference::Viewer { login: held.login.clone(), what });
        let Some(wanted) = wanted else { return add(ViewerFault::Invented) };
        match wanted.day(keys, self.bots) {
            Some(day) if bytes(|out| day.encode(out)) == bytes(|out| held.day.encode(out)) => {}
            Some(day) if day.channels == held.day.channels => add(ViewerFault::Bot),
            _ => add(ViewerFault::Presence),
        }
        if wanted.id.is_some() && wanted.id != held.id {
            add(ViewerFault::Id);
        }
    }
}

impl Walked {
    fn add(&mut self, viewer: &ViewerOfDay, number: u64) {
        let count = if viewer.day.bot { &mut self.bots } else { &mut self.viewers };
        *count += 1;
        for presence in &viewer.day.channels {
            let held = self.channels.entry(presence.channel).or_default();
            for (runs, spoke) in [(&presence.listed, false), (&presence.spoke, true)] {
                for run in runs {
                    held.add(*run, number, spoke);
                }
            }
        }
    }
}

impl Held {
    fn add(&mut self, run: Run, number: u64, spoke: bool) {
        self.slots += u64::from(run.slots());
        let marks = (run.from()..run.to()).map(|slot| mark(number, slot, spoke));
        self.print = marks.fold(self.print, u64::wrapping_add);
    }
}

fn bytes(encode: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut bytes = Vec::new();
    encode(&mut bytes);
    bytes
}
