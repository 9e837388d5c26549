//! What channels' days give to a night: rankings, games, how viewers spread, and which broadcasts ended.

use std::collections::BTreeMap;

use model::channel_day::ChannelDay;
use model::day::Day;
use model::identity::ChannelKey;
use model::statistics::TREND_DAYS;
use model::statistics::channel::figures;
use model::statistics::concentration::concentration;
use model::statistics::games::{Games, games_played};
use model::statistics::night::{GAMES, NIGHT_DAYS, NightLists, RANKED};
use model::statistics::overlap::CHANNELS_MAX;
use model::statistics::ranking::{Ranked, ranking};
use model::statistics::retention::{Cohort, ended_on};
use store::Store;
use store::error::Result;
use tokio::task::spawn_blocking;

/// Channels whose days are read at once: of a hundred days each some 40 MB.
const CHANNELS_AT_ONCE: usize = 64;

/// A night's channels.
#[derive(Debug)]
pub(super) struct NightChannels {
    pub(super) day: Day,
    ranked: [Vec<Ranked>; TREND_DAYS.len()],
    games: [Games; TREND_DAYS.len()],
    mean_viewers: Vec<f64>,
    /// Σ viewers over the weeks that people are looked back at.
    watched: Vec<(u64, ChannelKey)>,
    /// Broadcasts that ended on the day, by channel.
    pub(super) cohorts: BTreeMap<ChannelKey, Vec<Cohort>>,
}

/// Reads the channels' days up to these nights. `held` are the days held, ascending.
pub(super) async fn read(store: &impl Store, held: &[Day], nights: &[Day]) -> Result<Vec<NightChannels>> {
    let longest = i32::from(TREND_DAYS[TREND_DAYS.len() - 1]);
    let (Some(first), Some(last)) = (nights.iter().min(), nights.iter().max()) else { return Ok(Vec::new()) };
    let (from, until) = (first.plus(1 - longest), last.plus(1));
    let mut keys: Vec<ChannelKey> = Vec::new();
    for day in held.iter().filter(|day| (from..until).contains(day)) {
        keys.extend(store.channels_of_day(*day).await?);
        keys.sort_unstable();
        keys.dedup();
    }
    let mut found: Vec<NightChannels> = nights.iter().copied().map(NightChannels::of).collect();
    for keys in keys.chunks(CHANNELS_AT_ONCE) {
        let mut channels: BTreeMap<ChannelKey, Vec<(Day, ChannelDay)>> = BTreeMap::new();
        for row in store.channel_days(keys, from, until).await? {
            channels.entry(row.channel).or_default().push((row.day, row.data));
        }
        // Sums over hundreds of thousands of slots: not on a thread that serves pages.
        let added = spawn_blocking(move || {
            for (channel, days) in &channels {
                for night in &mut found {
                    night.add(*channel, days);
                }
            }
            found
        });
        found = added.await.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()));
    }
    Ok(found)
}

impl NightChannels {
    fn of(day: Day) -> NightChannels {
        NightChannels {
            day,
            ranked: Default::default(),
            games: Default::default(),
            mean_viewers: Vec::new(),
            watched: Vec::new(),
            cohorts: BTreeMap::new(),
        }
    }

    fn add(&mut self, channel: ChannelKey, days: &[(Day, ChannelDay)]) {
        let until = self.day.plus(1);
        for (place, window) in TREND_DAYS.into_iter().enumerate() {
            let from = until.plus(-i32::from(window));
            let ranked = Ranked { channel, figures: figures(days, from, until) };
            if ranked.figures.live_slots > 0 {
                self.ranked[place].push(ranked);
                let of_window = days.iter().filter(|(day, _)| (from..until).contains(day)).map(|(_, data)| data);
                self.games[place].add(&games_played(of_window));
            }
        }
        self.mean_viewers.extend(figures(days, self.day, until).mean_viewers());
        let watched = figures(days, until.plus(-i32::from(NIGHT_DAYS)), until).viewer_slots;
        if watched > 0 {
            self.watched.push((watched, channel));
        }
        let cohorts = ended_on(days, self.day);
        if !cohorts.is_empty() {
            self.cohorts.insert(channel, cohorts);
        }
    }

    /// The channels whose overlap is counted: those most watched over the weeks.
    pub(super) fn most_watched(&mut self) -> impl Iterator<Item = ChannelKey> + '_ {
        self.watched.sort_unstable_by_key(|(watched, channel)| (std::cmp::Reverse(*watched), *channel));
        self.watched.iter().take(CHANNELS_MAX).map(|(_, channel)| *channel)
    }

    /// What the night tells of channels side by side, ties apart.
    pub(super) fn into_lists(self) -> NightLists {
        NightLists {
            viewers_per_channel: concentration(&self.mean_viewers),
            rankings: self.ranked.map(|channels| ranking(channels, RANKED)),
            games: self.games.map(|games| games.most_watched(GAMES)),
            ties: Vec::new(),
        }
    }
}
