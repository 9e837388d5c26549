//! What is on air now: the rows that the home page and channel pages read, replaced after each sweep.

use std::collections::HashMap;

use anyhow::Result;
use archive::Archive;
use model::login::Login;
use model::sample::StreamSample;
use model::slot::{SlotTime, Span};
use model::sweep::{LiveStream, SweepSummary, TRAIL_SLOTS};
use store::suppression::Secret;
use store::{AnyStore, Store as _};

use crate::report::chain;

/// The viewers of the last three hours of every channel seen live in them, to be drawn as sparklines.
#[derive(Debug)]
pub struct Live {
    trails: HashMap<Login, [Option<u32>; TRAIL_SLOTS]>,
    at: SlotTime,
    /// What channels that opted out are recognised by.
    secret: Option<Secret>,
}

impl Live {
    /// Reads the sweeps of the three hours up to `at` and shows the last of them that can be read. Of one that cannot,
    /// which is in the log, nothing is known: it keeps no website from starting. Errors: the archive's list of sweeps
    /// cannot be read; the store's.
    pub async fn resume(archive: &Archive, store: &AnyStore, secret: Option<Secret>, at: SlotTime) -> Result<Live> {
        let mut live = Live { trails: HashMap::new(), at: at + -(TRAIL_SLOTS as i32), secret };
        let window = Span { from: live.at + 1, to: at + 1 };
        let mut last = None;
        for day in window.days() {
            for slot in archive.sweeps(day).await? {
                let sweep = SlotTime::new(day, slot);
                if !window.contains(sweep) {
                    continue;
                }
                match archive.read_streams(sweep).await {
                    Ok(streams) => {
                        live.advance(sweep, &streams);
                        last = Some((sweep, streams));
                    }
                    Err(error) => {
                        tracing::error!(sweep.slot = %sweep, error = %chain(&error), "a sweep is not shown");
                    }
                }
            }
        }
        if let Some((sweep, streams)) = last {
            store.replace_live(sweep, &live.rows(&streams), live.secret.as_ref()).await?;
        }
        Ok(live)
    }

    /// Takes a sweep that was just archived: writes its summary and replaces the live rows.
    pub async fn show(&mut self, store: &AnyStore, summary: SweepSummary, streams: &[StreamSample]) -> Result<()> {
        self.advance(summary.at, streams);
        store.put_sweeps(&[summary]).await?;
        store.replace_live(summary.at, &self.rows(streams), self.secret.as_ref()).await?;
        Ok(())
    }

    fn advance(&mut self, at: SlotTime, streams: &[StreamSample]) {
        let steps = (at - self.at).clamp(0, TRAIL_SLOTS as i32) as usize;
        self.at = at;
        for trail in self.trails.values_mut() {
            trail.rotate_left(steps);
            trail[TRAIL_SLOTS - steps..].fill(None);
        }
        self.trails.retain(|_, trail| trail.iter().any(Option::is_some));
        for sample in streams {
            if let Some(viewers) = sample.stream.as_ref().and_then(|stream| stream.viewer_count) {
                self.trails.entry(sample.channel.clone()).or_insert([None; TRAIL_SLOTS])[TRAIL_SLOTS - 1] =
                    Some(viewers);
            }
        }
    }

    fn rows(&self, streams: &[StreamSample]) -> Vec<LiveStream> {
        streams
            .iter()
            .filter_map(|sample| {
                let stream = sample.stream.as_ref()?;
                Some(LiveStream {
                    at: sample.sampled_at,
                    login: sample.channel.clone(),
                    id: sample.channel_id,
                    display_name: sample.display_name.clone().unwrap_or_else(|| sample.channel.to_string()),
                    title: stream.title.clone(),
                    game: stream.game.clone(),
                    viewers: stream.viewer_count.unwrap_or_default(),
                    started_at: stream.started_at,
                    trail: self.trails.get(&sample.channel).map(|trail| trail.to_vec()).unwrap_or_default(),
                })
            })
            .collect()
    }
}
