//! Whoever is connected, and which chats they are in. One task owns it all: lines go out in the order in which things happened.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use model::login::Login;
use model::slot::SLOT_SECONDS;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, MissedTickBehavior};

use crate::called::Changes;
use crate::dice::{fraction, mix};
use crate::irc::called::{Called, Whose};
use crate::irc::chapter::{Chapter, Event, What};
use crate::irc::connection::Report;
use crate::irc::faults::{Faults, IrcFaults};
use crate::irc::folk::Folk;
use crate::irc::hub::join_limit::JoinLimit;
use crate::irc::hub::member::Member;
use crate::irc::hub::room::Room;
use crate::irc::line::{self, Place};
use crate::irc::shared::{Sessions, Shared};
use crate::irc::truth::{Truth, clamped, slot};
use crate::server::Clock;

mod answer;
mod join_limit;
mod member;
mod rename;
mod room;
mod share;

/// How often the clock is looked at, in real time.
const TICK: Duration = Duration::from_millis(25);
/// Virtual seconds told at once: when the clock leaps, whoever reads gets its lines in portions.
const STEP_SECONDS: i64 = 10;
/// Real time that a leap of the clock waits for one who reads slowly.
const PATIENCE: Duration = Duration::from_secs(5);
/// Connections at once. A client of 2,000 channels has 23.
const CONNECTIONS_MAX: usize = 4_096;

/// What draws are about.
const SPLIT: u64 = 0x7370_6c69;
const LOST_MOVE: u64 = 0x6c6f_7374;

/// How far the hub is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Progress {
    pub(super) connections: usize,
    /// Unix seconds.
    pub(super) told_until: i64,
}

pub(super) struct Hub {
    truth: Arc<Truth>,
    clock: Clock,
    faults: Faults,
    progress: watch::Sender<Progress>,
    members: BTreeMap<u64, Member>,
    /// By login; those that somebody is in, or that are told in such a one.
    rooms: BTreeMap<Login, Room>,
    /// What people and channels are called, as far as it is told.
    names: Arc<Changes>,
    shared: Shared,
    /// Those that are told.
    sessions: Sessions,
    /// Everything up to here is told, in Unix seconds. It goes back only while nobody is connected.
    told_until: i64,
    joins: JoinLimit,
    /// JOINs that came, and splits: chance differs from one to the next.
    joins_asked: u64,
    splits: u64,
}

impl Hub {
    pub(super) fn new(
        truth: Arc<Truth>,
        clock: Clock,
        faults: Faults,
        shared: Shared,
        progress: watch::Sender<Progress>,
    ) -> Hub {
        let (joins, names) = (JoinLimit::new(truth.settings.joins_per_window), truth.folk.changes());
        Hub {
            truth,
            clock,
            faults,
            progress,
            members: BTreeMap::new(),
            rooms: BTreeMap::new(),
            names,
            shared,
            sessions: Sessions::default(),
            told_until: 0,
            joins,
            joins_asked: 0,
            splits: 0,
        }
    }

    /// Serves until it is dropped.
    pub(super) async fn run(mut self, mut reports: mpsc::Receiver<Report>) {
        let faults = self.faults.clone();
        let mut tick = tokio::time::interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            self.learn_names();
            self.attend().await;
            let more = self.step().await;
            tokio::select! {
                report = reports.recv() => {
                    // Connections hold senders, and so do the listeners.
                    let Some(report) = report else { return };
                    self.act();
                    self.learn_names();
                    self.hear(report).await;
                }
                () = faults.called() => self.act(),
                () = tokio::task::yield_now(), if more => {}
                _ = tick.tick(), if !more && !self.members.is_empty() => {}
            }
        }
    }

    /// Tells what is due, a few virtual seconds of it; whether more can be told at once.
    async fn step(&mut self) -> bool {
        let now = self.now();
        if self.members.is_empty() || (self.rooms.is_empty() && now > self.told_until) {
            self.told_until = now;
        } else if now <= self.told_until || (now - self.told_until > STEP_SECONDS && self.waits_for_somebody()) {
            return false;
        } else {
            let page_ends = slot(self.told_until).unix() + SLOT_SECONDS;
            self.told_until = now.min(self.told_until + STEP_SECONDS).min(page_ends);
            self.tell();
            if self.told_until == page_ends {
                self.turn_pages().await;
            }
        }
        let settings = &self.truth.settings;
        self.members.values_mut().for_each(|member| member.look_after(settings, self.told_until));
        self.publish();
        self.told_until < now
    }

    fn now(&self) -> i64 {
        clamped((self.clock)())
    }

    fn publish(&self) {
        let now = Progress { connections: self.members.len(), told_until: self.told_until };
        self.progress.send_if_modified(|progress| std::mem::replace(progress, now) != now);
    }

    /// Whether somebody should read first. Nobody is waited for long.
    fn waits_for_somebody(&mut self) -> bool {
        let (crowded, now) = (self.truth.settings.waiting_bytes / 4, Instant::now());
        // Of all of them: patience with one is spent while another is waited for.
        let crowded = self.members.values_mut().map(|member| member.is_crowded(crowded, now, PATIENCE));
        crowded.filter(|crowded| *crowded).count() > 0
    }

    /// Tells the events up to `told_until`.
    fn tell(&mut self) {
        let until_ms = self.told_until * 1_000;
        let faults = self.faults.get();
        let called = Called { folk: &self.truth.folk, changes: &self.names };
        let echoes = self.echoes();
        for (login, room) in &mut self.rooms {
            let Whose::Channel(channel) = room.whose else { continue };
            let session = self.sessions.iter().find(|session| session.contains(&channel));
            let source = session.map(|_| channel);
            let from = room.next;
            let events = &room.chapter.events;
            room.next += events[from..].partition_point(|event| event.at_ms <= until_ms);
            for event in &events[from..room.next] {
                if is_lost(&faults, called.folk, event) {
                    continue;
                }
                deliver(called, &self.members, &room.members, Place { room: login, channel, source }, event);
                let others = session.into_iter().flatten().filter(|other| **other != channel);
                // Who comes and goes is told in their own chat alone.
                for echo in others.filter(|_| event.is_said()).filter_map(|other| echoes.get(other)) {
                    let place = Place { room: &echo.login, channel: echo.channel, source };
                    deliver(called, &self.members, &echo.listeners, place, event);
                }
            }
        }
    }

    /// Goes on to the slot of `told_until`.
    async fn turn_pages(&mut self) {
        let rooms = self.rooms.iter().map(|(login, room)| (login.clone(), room.whose)).collect();
        for (login, _, chapter) in self.chapters(rooms).await {
            if let Some(room) = self.rooms.get_mut(&login) {
                (room.chapter, room.next) = (chapter, 0);
            }
        }
    }

    /// The chapters of `told_until` of rooms, worked out where it may take its time.
    async fn chapters(&self, rooms: Vec<(Login, Whose)>) -> Vec<(Login, Whose, Chapter)> {
        if rooms.is_empty() {
            return Vec::new();
        }
        let (truth, at) = (Arc::clone(&self.truth), slot(self.told_until));
        let chapter = move |whose| match whose {
            Whose::Channel(channel) => truth.chapter(channel, at),
            Whose::Made(_) => Chapter::empty(at),
        };
        let chapters = move || rooms.into_iter().map(|(login, whose)| (login, whose, chapter(whose))).collect();
        // A panic there is a bug that the runtime tells; silence is what is then heard.
        tokio::task::spawn_blocking(chapters).await.unwrap_or_default()
    }

    /// Does what is to happen once.
    fn act(&mut self) {
        let actions = self.faults.actions();
        if actions.reconnect {
            self.members.values_mut().for_each(|member| member.send_away(self.told_until));
        }
        if actions.freeze {
            self.members.values_mut().for_each(Member::freeze);
        }
        if actions.split > 0.0 {
            self.splits += 1;
            let draw = mix(self.truth.folk.seed() ^ SPLIT, self.splits);
            let mut numbers: Vec<u64> = self.members.keys().copied().collect();
            numbers.sort_unstable_by_key(|number| mix(draw, *number));
            let dropped = (numbers.len() as f64 * actions.split).ceil() as usize;
            for number in numbers.iter().take(dropped) {
                if let Some(member) = self.members.get(number) {
                    member.outbox.cut();
                }
            }
        }
    }
}

/// Whether a line is lost that tells of an event.
fn is_lost(faults: &IrcFaults, folk: &Folk, event: &Event) -> bool {
    let lost = match event.what {
        What::Came => faults.lose_arrivals,
        What::Left => faults.lose_parts,
        What::Said { .. } => 0.0,
    };
    let draw = || mix(mix(folk.seed() ^ LOST_MOVE, u64::from(event.who)), event.at_ms as u64);
    lost > 0.0 && fraction(draw()) < lost
}

/// Sends an event to those in a room who want it. A line is made once for all of a kind.
fn deliver(
    called: Called<'_>,
    members: &BTreeMap<u64, Member>,
    listeners: &BTreeSet<u64>,
    place: Place<'_>,
    event: &Event,
) {
    let said = event.is_said();
    let mut lines: [Option<String>; 2] = [None, None];
    for member in listeners.iter().filter_map(|number| members.get(number)) {
        if said || member.wants.membership {
            let tags = said && member.wants.tags;
            let line = lines[usize::from(tags)].get_or_insert_with(|| line::event(called, place, event, tags));
            member.send(line);
        }
    }
}
