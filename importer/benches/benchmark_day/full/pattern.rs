//! A real day's rows, as the import makes them: what the days of a full store are cut out of.

use archive::Archive;
use importer::import::{ImportOrder, import_day};
use importer::options::ImportOptions;
use model::channel_day::ChannelDay;
use model::identity::ChannelKey;
use model::login::Login;
use model::slot::{SlotTime, Span};
use model::sweep::SweepSummary;
use model::words::Origin;
use store::access::{Job, JobKey};
use store::channel::ChannelIdentity;
use store::dump::each_page;
use store::{AnyStore, Store};

use crate::Failure;
use crate::day::{BenchmarkDay, folder};

/// A person's day.
#[derive(Clone, Copy, Debug)]
struct Row {
    /// Observations: slots with presence, over all channels.
    slots: u16,
    start: u32,
    bytes: u16,
}

/// The benchmark day in pieces.
#[derive(Debug)]
pub(super) struct Pattern {
    /// Everybody's, bots left out, sorted.
    pub(super) logins: Vec<Login>,
    /// By ascending key, which is their place.
    pub(super) channels: Vec<ChannelIdentity>,
    channel_days: Vec<(ChannelKey, ChannelDay)>,
    sweeps: Vec<SweepSummary>,
    encoded: Vec<u8>,
    /// From the shortest day to the longest.
    rows: Vec<Row>,
}

impl Pattern {
    /// Imports the day into a store of its own and reads it back. Bots are left out: as many of them are as a store has
    /// channels, not as it has people.
    pub(super) async fn read(day: &BenchmarkDay) -> Result<Pattern, Failure> {
        let place = tempfile::tempdir_in(folder())?;
        let archive = Archive::open(&day.folder.display().to_string()).await?;
        let store = AnyStore::open(&place.path().join("store").display().to_string(), Some(Origin::Simulated)).await?;
        let (job, order) = (JobKey::grant(Job::Import), ImportOrder { day: day.day, provisional: false, now: 0 });
        import_day(&archive, &store, &job, order, &ImportOptions::default(), |_| {}).await?;
        let keys = store.channels_of_day(day.day).await?;
        let named = store.channels(&keys).await?.into_iter();
        let channels = named
            .map(|channel| ChannelIdentity {
                login: channel.login,
                id: channel.id,
                display_name: Some(channel.display_name),
                others: Vec::new(),
            })
            .collect();
        let rows = store.channel_days(&keys, day.day, day.day.plus(1)).await?;
        let channel_days = rows.into_iter().map(|row| (row.channel, row.data)).collect();
        let sweeps = store.sweeps(Span::of_day(day.day)).await?;
        let mut pattern =
            Pattern { logins: Vec::new(), channels, channel_days, sweeps, encoded: Vec::new(), rows: Vec::new() };
        each_page(&store, &job, day.day, |page| {
            for viewer in page.into_iter().filter(|viewer| !viewer.day.bot) {
                let start = pattern.encoded.len();
                viewer.day.encode(&mut pattern.encoded);
                let slots: u32 = viewer.day.channels.iter().map(|channel| u32::from(channel.present().len())).sum();
                pattern.rows.push(Row {
                    slots: slots.min(u32::from(u16::MAX)) as u16,
                    start: start as u32,
                    bytes: (pattern.encoded.len() - start) as u16,
                });
                pattern.logins.push(viewer.login);
            }
            Ok(())
        })
        .await?;
        store.close().await;
        pattern.rows.sort_by_key(|row| row.slots);
        pattern.logins.sort_unstable();
        Ok(pattern)
    }

    /// A person's day at a place from 0, the shortest, to 1, the longest: its bytes, and its observations.
    pub(super) fn row(&self, place: f64) -> (&[u8], u64) {
        let number = (place * self.rows.len() as f64) as usize;
        let row = self.rows[number.min(self.rows.len() - 1)];
        let start = row.start as usize;
        (&self.encoded[start..start + usize::from(row.bytes)], u64::from(row.slots))
    }

    /// The mean bytes of a person's day, encoded.
    pub(super) fn mean_bytes(&self) -> f64 {
        self.encoded.len() as f64 / self.rows.len() as f64
    }

    /// The channels' day, the same on every day.
    pub(super) fn channel_days(&self) -> Vec<(ChannelKey, ChannelDay)> {
        self.channel_days.clone()
    }

    /// The sweeps, moved to another day.
    pub(super) fn sweeps(&self, day: model::day::Day) -> Vec<SweepSummary> {
        self.sweeps.iter().map(|sweep| SweepSummary { at: SlotTime::new(day, sweep.at.slot()), ..*sweep }).collect()
    }
}
