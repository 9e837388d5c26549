//! What a room knows of who is in it.

use super::*;
use model::words::Role;

const MINUTE: i64 = 60_000;

fn slot(n: i32) -> SlotTime {
    SlotTime::from_index(6_000_000 + n).unwrap()
}

/// When a slot begins, by the steady clock.
fn start_ms(at: SlotTime) -> i64 {
    moment(0).steady_at(at.unix() * 1_000)
}

/// What a clock that was never set shows, where the steady one began an hour before slot 0.
fn moment(steady_ms: i64) -> Moment {
    Moment { unix_ms: (slot(0).unix() - 3_600) * 1_000 + steady_ms, steady_ms }
}

fn login(text: &str) -> Login {
    text.parse().unwrap()
}

fn said(who: &str, sent_ms: i64) -> Said {
    let sent_ms = Some(moment(sent_ms).unix_ms);
    Said { login: login(who), id: "7".parse().ok(), role: Role::Viewer, sent_ms }
}

/// Joined at the start of slot 0 by connection 1, with these people named.
fn room(people: &[&str]) -> Room {
    let mut room = Room::default();
    room.joined(1, start_ms(slot(0)));
    for who in people {
        room.came(login(who));
    }
    room.named();
    room
}

fn status(room: &mut Room, minutes: i64) -> (ListStatus, usize) {
    let list = room.list(Some(40), start_ms(slot(0)) + minutes * MINUTE, |_| true);
    (list.status, list.people.len())
}

#[test]
fn a_list_is_complete_after_ten_minutes_without_a_break() {
    let mut room = room(&["_a", "_b"]);
    assert_eq!(status(&mut room, 9), (ListStatus::Partial, 2));
    assert_eq!(status(&mut room, 10), (ListStatus::Complete, 2));
    room.came(login("_c"));
    room.went(&login("_a"));
    assert_eq!(status(&mut room, 11), (ListStatus::Complete, 2));
    // Another connection takes over before the first is lost: no break.
    room.joined(2, start_ms(slot(2)));
    assert!(!room.left(1, start_ms(slot(2)) + 1));
    assert_eq!(status(&mut room, 12), (ListStatus::Complete, 2));
    // The last one is lost: nobody knows who is there.
    assert!(!room.left(2, start_ms(slot(2))));
    assert_eq!(status(&mut room, 13), (ListStatus::Missing, 0));
    room.joined(3, start_ms(slot(3)));
    assert_eq!(status(&mut room, 16), (ListStatus::Missing, 0));
    room.came(login("_d"));
    room.named();
    assert_eq!(status(&mut room, 24), (ListStatus::Partial, 1));
    assert_eq!(status(&mut room, 25), (ListStatus::Complete, 1));
    // A connection that is not heard from may have missed who came.
    assert_eq!(room.list(Some(40), start_ms(slot(5)), |_| false).status, ListStatus::Partial);
    // One takes over from another that was deaf by then: there was a break, and names are mixed.
    room.joined(4, start_ms(slot(6)));
    assert!(room.left(3, start_ms(slot(6)) - 1));
    assert_eq!(status(&mut room, 60), (ListStatus::Missing, 0));
}

#[test]
fn where_not_everybody_is_told_nobody_is_believed_to_stay() {
    let late_ms = start_ms(slot(4));
    let listed = |room: &mut Room, viewers| room.list(viewers, late_ms, |_| true).status;
    assert_eq!(listed(&mut room(&["_a"]), Some(999)), ListStatus::Complete);
    // By its viewers, or by nobody's word: whoever was named may have left, and is not told.
    assert_eq!(listed(&mut room(&["_mod"]), Some(4_000)), ListStatus::Missing);
    assert_eq!(listed(&mut room(&["_mod"]), None), ListStatus::Missing);
    // Named just now they are there.
    assert_eq!(room(&["_mod"]).list(Some(4_000), start_ms(slot(0)) + MINUTE, |_| true).status, ListStatus::Partial);
    // Not while nobody listens: what it was then is over.
    let mut lost = room(&["_a"]);
    lost.left(1, start_ms(slot(1)));
    assert_eq!(listed(&mut lost, Some(4_000)), ListStatus::Missing);
    lost.joined(2, start_ms(slot(2)));
    lost.named();
    assert_eq!(listed(&mut lost, Some(800)), ListStatus::Complete);
    // A crowd leaves doubts behind, until the room is joined anew.
    let mut raided = room(&["_a"]);
    assert!(!raided.is_stale(Some(40)));
    assert_eq!(listed(&mut raided, Some(1_500)), ListStatus::Missing);
    assert_eq!((listed(&mut raided, Some(40)), raided.is_stale(Some(800))), (ListStatus::Missing, false));
    assert!(raided.is_stale(Some(40)));
    // So do as many names as Twitch tells.
    let mut full = room(&[]);
    (0..2 * TOLD_MAX).for_each(|n| full.came(login(&format!("_n{n}"))));
    assert_eq!((listed(&mut full, Some(400)), full.members.len()), (ListStatus::Missing, TOLD_MAX));
}

#[test]
fn many_who_write_and_are_not_named_contradict_a_list() {
    let mut room = room(&["_mod"]);
    let late_ms = start_ms(slot(4));
    for minute in 0..4 {
        for n in 0..10 {
            let now_ms = late_ms + minute * MINUTE;
            room.said(said(&format!("_w{n}"), now_ms), moment(now_ms));
        }
    }
    let after = |room: &mut Room, minutes: i64| room.list(Some(400), late_ms + minutes * MINUTE, |_| true).status;
    assert_eq!(after(&mut room, 1), ListStatus::Complete);
    assert_eq!(after(&mut room, 4), ListStatus::Partial);
    // They were late.
    (0..9).for_each(|n| room.came(login(&format!("_w{n}"))));
    assert_eq!(after(&mut room, 4), ListStatus::Complete);
}

#[test]
fn speech_belongs_to_its_very_slot_and_is_whole_or_not() {
    let mut room = room(&["_a"]);
    let (first, second) = (slot(1), slot(2));
    room.said(said("_b", start_ms(first)), moment(start_ms(first)));
    room.said(said("_a", start_ms(second) - 1), moment(start_ms(second) + 40));
    room.said(said("_a", start_ms(second) - 2), moment(start_ms(second) + 40));
    room.said(said("_c", start_ms(second)), moment(start_ms(second) + 50));
    // A clock that is an hour off is not believed.
    room.said(said("_d", start_ms(second) + 60 * MINUTE), moment(start_ms(second) + 60));
    let spoke = |room: &Room, at, heard: bool| {
        let (status, people) = room.speech(at, start_ms(at), |by| by == 1 && heard);
        (status, people.iter().map(|person| person.login.to_string()).collect::<Vec<_>>().join(" "))
    };
    assert_eq!(spoke(&room, first, true), (SpeechStatus::Complete, "_a _b".to_owned()));
    assert_eq!(spoke(&room, second, true), (SpeechStatus::Complete, "_c _d".to_owned()));
    // Who is joined in the middle of a slot missed the first half; who is not heard from may have missed the end.
    assert_eq!(spoke(&room, slot(-1), true).0, SpeechStatus::Missing);
    assert_eq!(spoke(&room, first, false), (SpeechStatus::Missing, "_a _b".to_owned()));
    room.left(1, start_ms(second));
    assert_eq!(spoke(&room, second, true), (SpeechStatus::Missing, "_c _d".to_owned()));
    room.forget_before(slot(4));
    assert_eq!(spoke(&room, first, true).1, "");
    assert!(!room.is_empty());
    room.forget_before(slot(5));
    assert!(room.is_empty());
}

#[test]
fn whoever_takes_over_does_not_know_what_was_missed_before_it_came() {
    let mut room = room(&["_a"]);
    room.said(said("_a", start_ms(slot(2))), moment(start_ms(slot(2))));
    // It comes after the end of slot 2; the other one may be deaf by then.
    let came_ms = start_ms(slot(3)) + 5_000;
    room.joined(2, came_ms);
    let told = |room: &mut Room, answers: Connection| {
        let speech = room.speech(slot(2), start_ms(slot(2)), |by| by == answers).0;
        let known = room.is_heard_since(start_ms(slot(1)), |by| by == answers);
        (speech, room.list(Some(40), came_ms, |by| by == answers).status, known)
    };
    let (all, unsure) =
        ((SpeechStatus::Complete, ListStatus::Complete, true), (SpeechStatus::Missing, ListStatus::Partial, false));
    assert_eq!([1, 2].map(|by| told(&mut room, by)), [all, unsure]);
    // It was not: it heard all until the other one was in.
    assert!(!room.left(1, came_ms));
    assert_eq!(told(&mut room, 2), all);
}

#[test]
fn how_long_something_was_is_not_told_by_a_clock_that_was_set() {
    let mut room = room(&["_mod"]);
    let (now_ms, hour_ms) = (start_ms(slot(4)), 60 * MINUTE);
    let set = |steady_ms| Moment { unix_ms: moment(steady_ms).unix_ms + hour_ms, steady_ms };
    for n in 0..10 {
        room.said(said(&format!("_w{n}"), now_ms), moment(now_ms));
    }
    // They wrote an hour ago by that clock, and have not been told for one minute.
    room.said(said("_w0", now_ms + MINUTE + hour_ms), set(now_ms + MINUTE));
    assert_eq!(room.list(Some(400), now_ms + MINUTE, |_| true).status, ListStatus::Complete);
    assert_eq!(room.list(Some(400), now_ms + 4 * MINUTE, |_| true).status, ListStatus::Partial);
    // By the clock that was set, slots 15 and 16 began when it was not joined, and when it was.
    room.left(1, now_ms);
    room.joined(2, now_ms);
    let speech = |at: SlotTime| {
        let began_ms = set(now_ms + 7 * MINUTE).steady_at(at.unix() * 1_000);
        room.speech(at, began_ms, |_| true).0
    };
    assert_eq!(
        [15, 16, 17].map(|n| speech(slot(n))),
        [SpeechStatus::Missing, SpeechStatus::Missing, SpeechStatus::Complete]
    );
}

#[test]
fn nobody_fills_the_memory() {
    let mut room = room(&[]);
    let now_ms = start_ms(slot(1));
    for n in 0..=SPEAKERS_MAX {
        room.said(said(&format!("_s{n}"), now_ms), moment(now_ms));
    }
    let (status, people) = room.speech(slot(1), start_ms(slot(1)), |_| true);
    assert_eq!((status, people.len()), (SpeechStatus::Missing, SPEAKERS_MAX));
}
