//! What was seen of a viewer around the day shown, as it travels: their presence in the store's own encoding
//! ([`Presence::encode`]), and what of each channel it takes to read it. The server's page and the browser's read it by
//! the same code.

use std::ops::Deref;

use model::channel_schedule;
use model::day::Day;
use model::identity::ChannelKey;
use model::presence::{ChannelPresence, ViewerDay as Presence};
use model::session::stretches;
use model::slot::{SlotTime, Span};
use model::viewer_schedule::{self, ChannelName, ViewerSchedule, viewer_schedule};
use serde::{Deserialize, Serialize};

use super::viewer::{MAX_RIBBONS, Ribbon, Visit};
use super::{Scene, Stretch};

/// The ribbons of a day, most present first: what was seen, read. Made by [`Ribbons::new`], or from [`Seen`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Seen", from = "Seen")]
pub struct Ribbons {
    seen: Seen,
    ribbons: Vec<Ribbon>,
}

/// A person's days as held, and their channels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// The day shown.
    window: Span,
    /// The first slot not imported yet.
    until: SlotTime,
    /// UTC days with presence, from the one before the day shown to the one after, so that sessions are whole.
    days: Vec<(Day, Presence)>,
    /// A key in `days` is a place among them: the store's keys never leave the server.
    channels: Vec<SeenChannel>,
}

/// What reading somebody's presence in a channel takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct SeenChannel {
    name: ChannelName,
    /// Slots in which its list would have shown them, counted from the start of the first of the days [`around`].
    observed: Vec<Stretch>,
    /// What it broadcast while they were there, counted from the start of the day shown.
    scenes: Vec<Scene>,
}

impl Ribbons {
    /// The first [`MAX_RIBBONS`] ribbons of a schedule, from what it was read from.
    #[must_use]
    pub fn new(
        schedule: &ViewerSchedule,
        days: &[(Day, Presence)],
        observed: impl Fn(ChannelKey, SlotTime) -> bool,
    ) -> Ribbons {
        let around = around(schedule.window);
        let observed = |key| {
            let slots = around.slots().filter(|at| observed(key, *at));
            stretches(slots.map(|at| Span { from: at, to: at + 1 }).collect())
                .into_iter()
                .map(|span| Stretch::within(around, span))
                .collect()
        };
        let mut shown: Vec<&viewer_schedule::Ribbon> = schedule.ribbons.iter().take(MAX_RIBBONS).collect();
        // Places in the order of keys leave days sorted.
        shown.sort_unstable_by_key(|ribbon| ribbon.key);
        let presence = |presence: &ChannelPresence| {
            let place = shown.binary_search_by_key(&presence.channel, |ribbon| ribbon.key).ok()?;
            Some(ChannelPresence { channel: ChannelKey(place as u32), ..presence.clone() })
        };
        let day = |(day, data): &(Day, Presence)| {
            (*day, Presence { bot: data.bot, channels: data.channels.iter().filter_map(presence).collect() })
        };
        let channel = |ribbon: &&viewer_schedule::Ribbon| {
            let (name, observed) = (ribbon.channel.clone(), observed(ribbon.key));
            SeenChannel { name, observed, scenes: scenes(schedule.window, ribbon) }
        };
        let (days, channels) = (days.iter().map(day).collect(), shown.iter().map(channel).collect());
        Seen { window: schedule.window, until: schedule.until, days, channels }.into()
    }
}

impl Deref for Ribbons {
    type Target = [Ribbon];
    fn deref(&self) -> &[Ribbon] {
        &self.ribbons
    }
}

impl From<Ribbons> for Seen {
    fn from(ribbons: Ribbons) -> Seen {
        ribbons.seen
    }
}

impl From<Seen> for Ribbons {
    fn from(mut seen: Seen) -> Ribbons {
        let Seen { window, until, days, channels } = &mut seen;
        for (_, day) in days.iter_mut() {
            day.channels.retain(|presence| (presence.channel.0 as usize) < channels.len());
        }
        // Only keys that are places are left.
        let channel = |key: ChannelKey| &channels[key.0 as usize];
        let around = around(*window);
        let observed = |key, at: SlotTime| {
            let slot = (at - around.from) as u32;
            channel(key).observed.iter().any(|stretch| stretch.0 <= slot && slot < stretch.1)
        };
        let scenes = |key, span: Span| {
            let scene = |scene: &Scene| {
                let (title, game) = (scene.title.clone(), scene.game.clone());
                Some(channel_schedule::Scene { span: scene.at.of(*window).intersect(span)?, title, game })
            };
            channel(key).scenes.iter().filter_map(scene).collect()
        };
        let schedule = viewer_schedule(*window, *until, days, observed, scenes, |key| channel(key).name.clone());
        let ribbons = schedule.ribbons.iter().map(|one| ribbon(*window, one)).collect();
        Ribbons { seen, ribbons }
    }
}

/// The UTC days that a window touches, and one before and after.
#[must_use]
pub fn around(window: Span) -> Span {
    let (from, to) = (window.from.day().plus(-1), (window.to + -1).day().plus(2));
    Span { from: SlotTime::at(from, 0), to: SlotTime::at(to, 0) }
}

/// What was broadcast while somebody was there; what goes on from one visit to the next, once.
fn scenes(window: Span, ribbon: &viewer_schedule::Ribbon) -> Vec<Scene> {
    let mut scenes: Vec<Scene> = Vec::new();
    for scene in ribbon.visits.iter().flat_map(|visit| &visit.scenes) {
        let scene = Scene::within(window, scene);
        match scenes.last_mut() {
            Some(last) if last.title == scene.title && last.game == scene.game => last.at.1 = scene.at.1,
            _ => scenes.push(scene),
        }
    }
    scenes
}

fn ribbon(window: Span, ribbon: &viewer_schedule::Ribbon) -> Ribbon {
    let visit = |visit: &viewer_schedule::Visit| Visit {
        present: visit.present.iter().map(|span| Stretch::within(window, *span)).collect(),
        listed: visit.listed,
        watch_slots: visit.watch_slots,
        from_before: visit.from_before,
        goes_on: visit.goes_on,
        scenes: visit.scenes.iter().map(|scene| Scene::within(window, scene)).collect(),
    };
    Ribbon {
        login: ribbon.channel.login.clone(),
        name: ribbon.channel.display_name.clone(),
        watch_slots: ribbon.watch_slots,
        visits: ribbon.visits.iter().map(visit).collect(),
        unobserved: ribbon.unobserved.iter().map(|span| Stretch::within(window, *span)).collect(),
    }
}
