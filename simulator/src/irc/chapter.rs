//! What happens in one chat in one slot, and what of it its members are told.
//!
//! A list names whoever is there at the start of a slot. Somebody whom the list of a slot names and the one before does not
//! came at some second between the two; whoever is missing from the next one left at some second before it. So a chapter
//! follows from the lists around it alone, and any chapter can be told without those before.

use model::slot::{SLOT_SECONDS, SlotTime};

use crate::dice::mix;
use crate::irc::folk::Folk;
use crate::irc::settings::IrcSettings;
use crate::irc::speech;

/// Membership is told this late at least, in seconds.
const TOLD_AFTER: i64 = 30;
/// Batches of membership in a slot.
const BATCHES: i64 = 3;
/// How far a batch may be from its place in the slot, in seconds. Two batches are 51 to 149 seconds apart: with
/// [`TOLD_AFTER`] everything is told in less than three minutes.
const BATCH_JITTER: u64 = 50;

/// What draws are about.
const MOVE: u64 = 0x6d6f_7665;
const BATCH: u64 = 0x6261_7463;
const SPEECH: u64 = 0x7370_6561;
const SCRIPTED: u64 = 0x7363_7269;

/// One chat in one slot.
#[derive(Debug)]
pub(super) struct Chapter {
    at: SlotTime,
    /// By number.
    stays: Vec<Stay>,
    /// By time.
    pub(super) events: Vec<Event>,
}

/// Somebody there in the seconds [from, to) of the slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stay {
    who: u32,
    from: u16,
    to: u16,
}

/// What members are told, and when: Unix time in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Event {
    pub(super) at_ms: i64,
    pub(super) who: u32,
    pub(super) what: What,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    Came,
    Left,
    Said {
        /// The number of the text.
        text: u8,
        /// Makes the message's id.
        draw: u64,
    },
}

impl Event {
    /// Whether it is a message.
    pub(super) fn is_said(&self) -> bool {
        matches!(self.what, What::Said { .. })
    }
}

impl Chapter {
    /// Works out a chapter; a tenth of a second more where it is the first of a day.
    pub(super) fn new(folk: &Folk, settings: &IrcSettings, channel: u32, at: SlotTime) -> Chapter {
        let [before, here, after] = [-1, 0, 1].map(|slots| folk.there(channel, at + slots));
        let room = folk.seed() ^ folk.channel_key(channel);
        let moment = |who: u32, at: SlotTime| {
            // Never at the very start of a slot: there the list is the truth.
            1 + (mix(mix(room, folk.key(who)), MOVE ^ at.index() as u64) % (SLOT_SECONDS as u64 - 1)) as u16
        };
        let stays = stays(&here, &after, |who| moment(who, at));
        let mut chapter = Chapter { at, stays, events: Vec::new() };
        let earlier = self::stays(&before, &here, |who| moment(who, at + -1));
        chapter.tell_moves(room, settings.told_up_to, &earlier, at + -1);
        chapter.tell_moves(room, settings.told_up_to, &chapter.stays.clone(), at);
        chapter.write(folk, room, settings.messages_per_minute);
        chapter.write_scripted(folk, room, channel);
        // Stable: whoever came and left within one batch came first.
        chapter.events.sort_by_key(|event| event.at_ms);
        chapter
    }

    /// Whoever is there at a second of the slot, sorted.
    pub(super) fn present(&self, unix: i64) -> impl Iterator<Item = u32> + Clone + '_ {
        let second = (unix - self.at.unix()).clamp(0, SLOT_SECONDS - 1) as u16;
        self.stays.iter().filter(move |stay| (stay.from..stay.to).contains(&second)).map(|stay| stay.who)
    }

    /// A chat in which nothing happens.
    pub(super) fn empty(at: SlotTime) -> Chapter {
        Chapter { at, stays: Vec::new(), events: Vec::new() }
    }

    /// Whether somebody is there at a second of the slot.
    pub(super) fn is_there(&self, who: u32, unix: i64) -> bool {
        let second = unix - self.at.unix();
        self.stay(who).is_some_and(|stay| (i64::from(stay.from)..i64::from(stay.to)).contains(&second))
    }

    /// Whether members may believe that somebody is there, when the events from `next` on are still to be told.
    pub(super) fn is_known(&self, who: u32, unix: i64, next: usize) -> bool {
        let moves = |events: &[Event], what| events.iter().any(|event| event.who == who && event.what == what);
        let (told, to_come) = self.events.split_at(next);
        let was_there = self.stay(who).is_some_and(|stay| stay.from == 0);
        self.is_there(who, unix) || moves(to_come, What::Left) || (was_there && !moves(told, What::Left))
    }

    fn stay(&self, who: u32) -> Option<Stay> {
        self.stays.binary_search_by_key(&who, |stay| stay.who).ok().map(|place| self.stays[place])
    }

    /// Whoever comes and goes in the slot `of`, told in the batches of this one.
    fn tell_moves(&mut self, room: u64, told_up_to: usize, stays: &[Stay], of: SlotTime) {
        let batches: Vec<i64> = [self.at + -1, self.at].into_iter().flat_map(|at| batches(room, at)).collect();
        // Nobody is told of a crowd.
        let small: Vec<bool> = batches
            .iter()
            .map(|batch| *batch >= self.at.unix() && self.present(*batch).count() <= told_up_to)
            .collect();
        for stay in stays {
            let (second, what) = match (stay.from, stay.to) {
                (0, to) if i64::from(to) < SLOT_SECONDS => (to, What::Left),
                (1.., _) => (stay.from, What::Came),
                _ => continue,
            };
            let told_from = of.unix() + i64::from(second) + TOLD_AFTER;
            let batch = batches.iter().zip(&small).find(|(batch, _)| **batch >= told_from);
            if let Some((batch, true)) = batch {
                self.events.push(Event { at_ms: batch * 1_000, who: stay.who, what });
            }
        }
    }

    fn write(&mut self, folk: &Folk, room: u64, per_minute: f64) {
        for stay in &self.stays {
            let key = folk.key(stay.who);
            let draws = mix(mix(room, key), SPEECH ^ self.at.index() as u64);
            let count = speech::messages(folk.seed(), key, draws, stay.to - stay.from, per_minute);
            let draws = (0..count).map(|n| mix(draws, 16 + u64::from(n)));
            self.events.extend(draws.map(|draw| message(self.at, *stay, draw)));
        }
    }

    fn write_scripted(&mut self, folk: &Folk, room: u64, channel: u32) {
        for (n, who) in (0..).zip(folk.told_to_write(channel, self.at)) {
            // Whoever no list names may have been there between two.
            let anywhere = Stay { who, from: 0, to: SLOT_SECONDS as u16 };
            let stay = self.stay(who).unwrap_or(anywhere);
            let draw = mix(mix(room, folk.key(who)), SCRIPTED ^ mix(self.at.index() as u64, n));
            self.events.push(message(self.at, stay, draw));
        }
    }
}

/// Merges the lists at both ends of a slot.
fn stays(here: &[u32], after: &[u32], moment: impl Fn(u32) -> u16) -> Vec<Stay> {
    let whole = SLOT_SECONDS as u16;
    let (mut here, mut after) = (here.iter().copied().peekable(), after.iter().copied().peekable());
    let mut stays = Vec::with_capacity(here.len());
    loop {
        let stay = match (here.peek().copied(), after.peek().copied()) {
            (None, None) => return stays,
            (Some(who), next) if next.is_none_or(|next| who < next) => {
                here.next();
                Stay { who, from: 0, to: moment(who) }
            }
            (now, Some(who)) if now.is_none_or(|now| who < now) => {
                after.next();
                Stay { who, from: moment(who), to: whole }
            }
            (_, who) => {
                here.next();
                after.next();
                let Some(who) = who else { continue };
                Stay { who, from: 0, to: whole }
            }
        };
        stays.push(stay);
    }
}

/// When membership is told in a slot, in Unix seconds.
fn batches(room: u64, at: SlotTime) -> impl Iterator<Item = i64> {
    (0..BATCHES).map(move |n| {
        let jitter = mix(room, BATCH ^ mix(at.index() as u64, n as u64)) % BATCH_JITTER;
        at.unix() + n * SLOT_SECONDS / BATCHES + jitter as i64
    })
}

fn message(at: SlotTime, stay: Stay, draw: u64) -> Event {
    let milliseconds = u64::from(stay.to - stay.from) * 1_000;
    let at_ms = at.unix() * 1_000 + i64::from(stay.from) * 1_000 + (draw % milliseconds.max(1)) as i64;
    Event { at_ms, who: stay.who, what: What::Said { text: speech::text_number(draw >> 40), draw } }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Arc;

    use super::*;
    use crate::called::Names;
    use crate::script::Script;
    use crate::twitch::Twitch;

    #[test]
    fn lists_at_both_ends_make_stays() {
        let stay = |who, from, to| Stay { who, from, to };
        let made = stays(&[1, 3, 5], &[2, 3, 6, 7], |who| who as u16);
        let expected = [(1, 0, 1), (2, 2, 300), (3, 0, 300), (5, 0, 5), (6, 6, 300), (7, 7, 300)];
        assert_eq!(made, expected.map(|(who, from, to)| stay(who, from, to)));
        assert_eq!((stays(&[], &[], |_| 1), stays(&[4], &[], |_| 9)), (vec![], vec![stay(4, 0, 9)]));
    }

    /// Somebody who comes and goes, by patterns of many shapes.
    fn folk(at: SlotTime, slots: i32) -> Folk {
        let mut script = Script::default();
        for who in 0..40u64 {
            let letter = |n| if mix(who, n) % 4 < 1 + who % 3 { 'P' } else { 'a' };
            let pattern: String = (0..slots as u64).map(letter).collect();
            let (channel, viewer) = ("_a".parse().unwrap(), format!("_v{who}").parse().unwrap());
            script.pattern(&channel, &viewer, at, &pattern).unwrap();
        }
        Folk::new(Arc::new(Names::new(Twitch::Script(Arc::new(script)))))
    }

    #[test]
    fn every_move_is_told_once_and_half_a_minute_to_three_late() {
        let (at, slots) = (SlotTime::at("2026-11-18".parse().unwrap(), 280), 16);
        let folk = folk(at, slots);
        let channel = folk.channel("_a").unwrap();
        let chapters: Vec<Chapter> =
            (-1..=slots).map(|n| Chapter::new(&folk, &IrcSettings::default(), channel, at + n)).collect();
        let (mut moves, mut before) = (Vec::new(), BTreeSet::new());
        for chapter in &chapters {
            for second in chapter.at.unix()..chapter.at.unix() + SLOT_SECONDS {
                let now: BTreeSet<u32> = chapter.present(second).collect();
                moves.extend(now.difference(&before).map(|who| (*who, What::Came, second)));
                moves.extend(before.difference(&now).map(|who| (*who, What::Left, second)));
                let there = || folk.there(channel, chapter.at).into_iter().collect();
                assert!(second > chapter.at.unix() || now == there());
                before = now;
            }
        }
        let told = chapters
            .iter()
            .flat_map(|chapter| &chapter.events)
            .filter(|event| !matches!(event.what, What::Said { .. }));
        for event in told {
            let late = |at: i64| event.at_ms / 1_000 - at;
            let found = moves.iter().position(|(who, what, at)| {
                (*who, *what) == (event.who, event.what) && (30..=180).contains(&late(*at))
            });
            moves.remove(found.expect("nothing happened"));
        }
        assert_eq!(moves, []);
    }

    #[test]
    fn nothing_is_told_later_than_three_minutes() {
        let at = SlotTime::at("2026-11-18".parse().unwrap(), 0);
        for room in 0..50 {
            let told: Vec<i64> = (0..100).flat_map(|n| batches(room, at + n)).collect();
            assert!(told.windows(2).all(|pair| (51..=149).contains(&(pair[1] - pair[0]))), "{told:?}");
        }
        assert!(100 + BATCH_JITTER as i64 - 1 + TOLD_AFTER <= 180);
    }
}
