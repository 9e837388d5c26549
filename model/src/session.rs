//! Sessions: runs joined when read, across what was not seen.

use serde::{Deserialize, Serialize};

use crate::slot::{SlotTime, Span};

/// At most one slot in which the person was seen absent is bridged: a list may drop somebody for one sample.
pub const BRIDGE_ABSENT_SLOTS: u32 = 1;
/// At most three slots, absent or not observed, are bridged.
pub const BRIDGE_SLOTS: u32 = 3;

/// One visit of one person to one channel. It may cross midnight.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Slots with presence (listed or spoke): maximal, sorted, never empty. What lies between them was bridged.
    pub present: Vec<Span>,
    /// Whether the list named them in any slot of it. Without, it is activity: speech alone, no watch time.
    pub listed: bool,
}

impl Session {
    /// From the first slot with presence to the end of the last.
    pub fn span(&self) -> Span {
        // A session has at least one stretch of presence: `sessions` starts it with one.
        Span { from: self.present[0].from, to: self.present[self.present.len() - 1].to }
    }

    /// The stretches without presence that it was joined across.
    pub fn bridges(&self) -> Vec<Span> {
        self.present.windows(2).map(|pair| Span { from: pair[0].to, to: pair[1].from }).collect()
    }

    /// Slots with presence within `window`.
    pub fn present_slots(&self, window: Span) -> u32 {
        self.present.iter().filter_map(|span| span.intersect(window)).map(Span::len).sum()
    }

    /// Slots that count as watch time within `window`: all with presence, or none where the list never named them.
    pub fn watch_slots(&self, window: Span) -> u32 {
        if self.listed { self.present_slots(window) } else { 0 }
    }
}

/// Joins one person's runs in one channel into sessions.
///
/// `listed` and `spoke` are stretches of slots in any order; `observed` says whether a slot would have shown the person
/// absent: the channel was off air, or its list complete. Sessions come in order and never overlap.
pub fn sessions(listed: &[Span], spoke: &[Span], observed: impl Fn(SlotTime) -> bool) -> Vec<Session> {
    let mut sessions: Vec<Session> = Vec::new();
    for stretch in stretches([listed, spoke].concat()) {
        let is_listed = listed.iter().any(|span| span.intersect(stretch).is_some());
        match sessions.last_mut() {
            Some(last) if bridged(Span { from: last.span().to, to: stretch.from }, &observed) => {
                last.present.push(stretch);
                last.listed |= is_listed;
            }
            _ => sessions.push(Session { present: vec![stretch], listed: is_listed }),
        }
    }
    sessions
}

/// The union of some stretches, as maximal ones in order.
pub fn stretches(mut spans: Vec<Span>) -> Vec<Span> {
    spans.retain(|span| !span.is_empty());
    spans.sort_unstable();
    let mut union: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match union.last_mut() {
            Some(last) if span.from <= last.to => last.to = last.to.max(span.to),
            _ => union.push(span),
        }
    }
    union
}

fn bridged(gap: Span, observed: impl Fn(SlotTime) -> bool) -> bool {
    gap.len() <= BRIDGE_SLOTS && gap.slots().filter(|at| observed(*at)).count() as u32 <= BRIDGE_ABSENT_SLOTS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::day::Day;
    use crate::slot_set::SlotSet;
    use proptest::prelude::*;

    fn spans(set: &SlotSet) -> Vec<Span> {
        set.runs().into_iter().map(|run| run.on(Day::MIN)).collect()
    }

    fn set() -> impl Strategy<Value = SlotSet> {
        proptest::collection::vec(0u16..60, 0..40)
            .prop_map(|slots| slots.into_iter().map(|s| crate::slot::Slot::new(s).unwrap()).collect())
    }

    proptest! {
        #[test]
        fn sessions_never_overlap_and_lose_nothing(listed in set(), spoke in set(), observed in set()) {
            let found = sessions(&spans(&listed), &spans(&spoke), |at| observed.contains(at.slot()));
            prop_assert!(found.windows(2).all(|pair| pair[0].span().to < pair[1].span().from));
            let kept: u32 = found.iter().map(|session| session.present_slots(Span::of_day(Day::MIN))).sum();
            prop_assert_eq!(kept, u32::from(listed.union(&spoke).len()));
            for session in &found {
                prop_assert!(session.bridges().iter().all(|gap| !gap.is_empty() && gap.len() <= BRIDGE_SLOTS));
            }
        }

        #[test]
        fn watch_time_is_listed_slots_and_speech_beside_them(listed in set(), spoke in set()) {
            let found = sessions(&spans(&listed), &spans(&spoke), |_| true);
            let day = Span::of_day(Day::MIN);
            let watched: u32 = found.iter().map(|session| session.watch_slots(day)).sum();
            prop_assert!(watched >= u32::from(listed.len()));
            prop_assert!(watched <= u32::from(listed.union(&spoke).len()));
        }

        #[test]
        fn hiding_a_slot_never_splits_a_session(listed in set(), observed in set(), hidden in set()) {
            let before = sessions(&spans(&listed), &[], |at| observed.contains(at.slot()));
            let after = sessions(&spans(&listed), &[], |at| observed.minus(&hidden).contains(at.slot()));
            prop_assert!(after.len() <= before.len());
        }
    }
}
