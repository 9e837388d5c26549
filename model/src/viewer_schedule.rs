//! A viewer's local day: a ribbon per channel, with what was broadcast, what was bridged and what was not seen.

use serde::{Deserialize, Serialize};

use crate::channel_schedule::Scene;
use crate::day::Day;
use crate::identity::ChannelKey;
use crate::login::Login;
use crate::presence::ViewerDay;
use crate::session::{Session, sessions, stretches};
use crate::slot::{SlotTime, Span};

/// What one person's samples say of a stretch of time, usually a local day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewerSchedule {
    /// The stretch shown.
    pub window: Span,
    /// The first slot that is not swept yet; `window.to` once it is over. Nothing is drawn from here on.
    pub until: SlotTime,
    /// A ribbon per channel with presence, most present first.
    pub ribbons: Vec<Ribbon>,
    /// Slots in any chat, counted once.
    pub online_slots: u32,
    /// Σ watch time over channels, in slots.
    pub watch_slots: u32,
}

/// A channel as pages name it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ChannelName {
    /// Its login.
    pub login: Login,
    /// Its name as displayed.
    pub display_name: String,
}

/// One channel in a viewer's day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ribbon {
    /// The channel.
    pub key: ChannelKey,
    /// What it is called.
    pub channel: ChannelName,
    /// Watch time within the window, in slots.
    pub watch_slots: u32,
    /// Visits, in order.
    pub visits: Vec<Visit>,
    /// Where the person was not seen and the list would not have shown them: drawn hatched.
    pub unobserved: Vec<Span>,
}

/// A session, cut to the window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// From the first to the last slot within the window.
    pub span: Span,
    /// Slots with presence, as maximal stretches.
    pub present: Vec<Span>,
    /// Slots it was joined across: drawn hatched.
    pub bridges: Vec<Span>,
    /// Whether a list named them; without, it is activity (speech alone).
    pub listed: bool,
    /// Watch time within the window, in slots.
    pub watch_slots: u32,
    /// Whether the session began before the window.
    pub from_before: bool,
    /// Whether the session goes on after the window.
    pub goes_on: bool,
    /// What was broadcast meanwhile, in order.
    pub scenes: Vec<Scene>,
}

/// Reads a person's days as a schedule.
///
/// `days` are the UTC days that the window touches and one before and after, so that sessions are whole; `observed`
/// says whether a channel's list would have shown the person in a slot, `scenes` what the channel broadcast meanwhile;
/// `until` is the first slot that is not swept yet.
pub fn viewer_schedule(
    window: Span,
    until: SlotTime,
    days: &[(Day, ViewerDay)],
    observed: impl Fn(ChannelKey, SlotTime) -> bool,
    scenes: impl Fn(ChannelKey, Span) -> Vec<Scene>,
    name: impl Fn(ChannelKey) -> ChannelName,
) -> ViewerSchedule {
    let until = until.clamp(window.from, window.to);
    let seen = Span { from: window.from, to: until };
    let mut ribbons = Vec::new();
    let mut online = Vec::new();
    for (key, visits) in channel_sessions(days, &observed) {
        online.extend(visits.iter().flat_map(|session| &session.present).filter_map(|span| span.intersect(window)));
        let visits: Vec<Visit> =
            visits.iter().filter_map(|session| visit(session, window, |span| scenes(key, span))).collect();
        if visits.is_empty() {
            continue;
        }
        let present: Vec<Span> = visits.iter().flat_map(|visit| visit.present.iter().copied()).collect();
        ribbons.push(Ribbon {
            key,
            channel: name(key),
            watch_slots: visits.iter().map(|visit| visit.watch_slots).sum(),
            unobserved: unobserved(seen, |at| present.iter().any(|span| span.contains(at)) || observed(key, at)),
            visits,
        });
    }
    let presence = |ribbon: &Ribbon| ribbon.visits.iter().flat_map(|v| &v.present).map(|span| span.len()).sum::<u32>();
    ribbons.sort_by(|a, b| presence(b).cmp(&presence(a)).then_with(|| a.channel.login.cmp(&b.channel.login)));
    ViewerSchedule {
        window,
        until,
        online_slots: stretches(online).into_iter().map(Span::len).sum(),
        watch_slots: ribbons.iter().map(|ribbon| ribbon.watch_slots).sum(),
        ribbons,
    }
}

/// All sessions of a person, by ascending channel; `observed` as for [`viewer_schedule`].
pub fn channel_sessions(
    days: &[(Day, ViewerDay)],
    observed: impl Fn(ChannelKey, SlotTime) -> bool,
) -> Vec<(ChannelKey, Vec<Session>)> {
    let mut keys: Vec<ChannelKey> = Vec::new();
    for presence in days.iter().flat_map(|(_, presence)| &presence.channels) {
        if let Err(place) = keys.binary_search(&presence.channel) {
            keys.insert(place, presence.channel);
        }
    }
    let of = |key| {
        let (mut listed, mut spoke) = (Vec::new(), Vec::new());
        for (day, presence) in days {
            let Some(presence) = presence.channel(key) else { continue };
            listed.extend(presence.listed.iter().map(|run| run.on(*day)));
            spoke.extend(presence.spoke.iter().map(|run| run.on(*day)));
        }
        (key, sessions(&listed, &spoke, |at| observed(key, at)))
    };
    keys.into_iter().map(of).collect()
}

/// The maximal stretches of `span` that are not observed.
pub(crate) fn unobserved(span: Span, observed: impl Fn(SlotTime) -> bool) -> Vec<Span> {
    stretches(span.slots().filter(|at| !observed(*at)).map(|at| Span { from: at, to: at + 1 }).collect())
}

fn visit(session: &Session, window: Span, scenes: impl Fn(Span) -> Vec<Scene>) -> Option<Visit> {
    let present: Vec<Span> = session.present.iter().filter_map(|span| span.intersect(window)).collect();
    let whole = session.span();
    let span = Span { from: present.first()?.from, to: present.last()?.to };
    Some(Visit {
        span,
        bridges: present.windows(2).map(|pair| Span { from: pair[0].to, to: pair[1].from }).collect(),
        listed: session.listed,
        watch_slots: session.watch_slots(window),
        from_before: whole.from < window.from,
        goes_on: whole.to > window.to,
        scenes: scenes(span),
        present,
    })
}
