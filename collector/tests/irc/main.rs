//! A collector that listens to the simulated chat on a virtual clock, and is judged by what truly happened: whatever it calls
//! complete is so, whatever the server does.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "../common/mod.rs"]
mod common;
mod house;

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use collector::clock::Clock;
use collector::irc::{Irc, Trust};
use model::login::Login;
use model::words::{Evidence, ListStatus, SpeechStatus};
use simulator::irc::faults::IrcFaults;
use simulator::script::{Script, ScriptSlot};
use simulator::server::{Settings, SimulatedTwitch};
use simulator::twitch::Twitch;
use simulator::world::Population;
use tokio_util::sync::CancellationToken;

use house::{House, Judged, SPEED, evening};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_called_complete_is_true() {
    let mut house = House::new(Population { viewers: 400, channels: 60 }, simulator::irc::Irc::plain).await;
    let (mut last, mut spoke) = (Judged::default(), 0);
    for sweep in 0..6 {
        let summary = house.next().await;
        last = house.judge(summary.at).await;
        spoke += last.spoke;
        match sweep {
            // Rooms are joined during the first: nobody is in any long enough.
            0 => assert_eq!((last.lists, last.speech), (0, 0)),
            1 => assert_eq!(last.lists, 0),
            _ => {}
        }
    }
    assert!(last.asked > 8 && spoke > 20, "{last:?}, {spoke}");
    assert!(last.speech * 10 >= last.asked * 8 && last.lists * 10 >= last.asked * 8, "{last:?}");
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_tls_and_websocket_it_hears_the_same() {
    for address in [simulator::irc::Irc::tls, simulator::irc::Irc::websocket] {
        let mut house = House::new(Population { viewers: 200, channels: 30 }, address).await;
        let mut judged = Judged::default();
        for _ in 0..3 {
            let summary = house.next().await;
            judged = house.judge(summary.at).await;
        }
        assert!(judged.speech > 5 && judged.spoke > 0, "{judged:?}");
        house.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_called_complete_that_a_fault_made_wrong() {
    let mut house = House::new(Population { viewers: 400, channels: 60 }, simulator::irc::Irc::plain).await;
    for _ in 0..3 {
        house.next().await;
    }
    let faults = house.twitch.irc().faults().clone();
    // What a healthy slot has.
    let at = house.next().await.at;
    let healthy = house.judge(at).await.speech;
    assert!(healthy > 10, "{healthy}");

    // Connections are dropped without a word: that slot's speech is missing, the one after the next is whole again.
    faults.split(1.0);
    let at = house.next().await.at;
    assert_eq!(house.judge(at).await.speech, 0);
    house.next().await;
    let at = house.next().await.at;
    assert!(house.judge(at).await.speech * 2 > healthy);

    // Asked to reconnect, it takes over without a break, in rooms where nobody writes too.
    let before = house.speech(at).await;
    faults.reconnect();
    let at = house.next().await.at;
    house.judge(at).await;
    let after = house.speech(at).await;
    let lost = before.iter().filter(|(room, is_known)| **is_known && after.get(*room) == Some(&false));
    assert_eq!((before.len() > 8, lost.count()), (true, 0), "{before:?} {after:?}");

    // Half-open connections: nothing comes, and nobody says so.
    faults.freeze();
    let at = house.next().await.at;
    assert_eq!(house.judge(at).await.speech, 0);
    for _ in 0..2 {
        let at = house.next().await.at;
        house.judge(at).await;
    }

    // Nobody is let in for a while; who is in stays.
    faults.set(IrcFaults { refuse: true, lose_joins: 0.5, ..IrcFaults::default() });
    faults.split(0.6);
    let at = house.next().await.at;
    house.judge(at).await;
    faults.set(IrcFaults::default());
    house.next().await;
    house.next().await;
    let at = house.next().await.at;
    assert!(house.judge(at).await.speech * 2 > healthy);
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crowd_that_comes_and_goes_leaves_nobody_behind() {
    let channel = common::login("_raided");
    let mut script = Script::default();
    // A hundred, then two thousand others, then another hundred.
    for (slots, people) in [(0..4, 0..100), (4..7, 1_000..3_000), (7..14, 5_000..5_100)] {
        for slot in slots {
            let list: BTreeSet<Login> =
                people.clone().map(|n| common::login(&format!("_p{n}"))).chain([channel.clone()]).collect();
            script.slot(&channel, evening() + slot, ScriptSlot { viewers: list.len() as u32, list: Ok(list) });
        }
    }
    let mut house = House::of(Twitch::Script(Arc::new(script)), SPEED, simulator::irc::Irc::plain).await;
    let mut lists = Vec::new();
    for _ in 0..12 {
        let at = house.next().await.at;
        house.judge(at).await;
        lists.push(house.archive.read_streams(at).await.unwrap()[0].list_status);
    }
    assert_eq!(lists[3], ListStatus::Complete, "{lists:?}");
    // Nobody tells who leaves.
    assert_eq!(lists[5..7], [ListStatus::Missing; 2], "{lists:?}");
    // Joined anew, and ten minutes later.
    assert_eq!(lists[11], ListStatus::Complete, "{lists:?}");
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn through_renames_nothing_false_is_called_complete() {
    let [before, after, other] = ["_a", "_c", "_b"].map(common::login);
    let [old, new] = ["_v", "_v_of_now"].map(common::login);
    let mut script = Script::default();
    for viewer in [&old, &common::login("_w")] {
        for channel in [&before, &other] {
            script.pattern(channel, viewer, evening() + -1, &"P".repeat(60)).unwrap();
        }
    }
    (0..60).for_each(|n| script.says(&before, &old, evening() + n));
    let clock = Clock::virtual_from(evening().unix() * 1_000, SPEED);
    let twitch = Twitch::Script(Arc::new(script));
    let twitch = SimulatedTwitch::with(twitch, Settings::default(), move || clock.now(), 0).await.unwrap();
    let reader = Irc::start(twitch.irc().plain().parse().unwrap(), Trust::new("").unwrap(), clock);
    let truth = |room: &Login| twitch.irc().present(room, clock.now());
    // Until a list is complete and names somebody. Nobody comes or goes: whenever it is complete it is the truth, once the
    // name is told.
    let complete = async |room: &Login, who: &Login| loop {
        let list = reader.list(room, Some(40));
        let names: BTreeSet<Login> = list.people.iter().map(|person| person.login.clone()).collect();
        if list.status == ListStatus::Complete && names.contains(who) {
            return assert_eq!(names, truth(room), "{room}");
        }
        assert!(clock.slot() < evening() + 55, "{room} is never complete with {who}: {list:?}");
        clock.pass(2_000).await;
    };
    // A connection that does not answer after each slot is not believed.
    let (asking, to_ask) = (CancellationToken::new(), reader.clone());
    let asked = asking.clone().run_until_cancelled_owned(async move {
        loop {
            to_ask.prove(clock.slot()).await;
        }
    });
    let asked = tokio::spawn(asked);
    let everywhere = &HashSet::new();
    reader.follow(vec![before.clone(), other.clone()], everywhere, clock.slot());
    complete(&before, &old).await;
    complete(&other, &old).await;
    twitch.rename(&old, &new).unwrap();
    complete(&before, &new).await;
    complete(&other, &new).await;

    twitch.rename(&before, &after).unwrap();
    assert_eq!(reader.list(&after, Some(40)).status, ListStatus::Missing);
    reader.follow(vec![after.clone(), other.clone()], everywhere, clock.slot());
    complete(&after, &new).await;
    complete(&other, &new).await;
    asking.cancel();
    asked.await.unwrap();
    // It is heard again, and what is said in it.
    let at = clock.slot();
    assert!(reader.prove(at).await);
    let (status, speakers) = reader.speech(&after, at);
    let speakers: BTreeSet<Login> = speakers.into_iter().map(|speaker| speaker.login).collect();
    assert_eq!((status, &speakers), (SpeechStatus::Complete, &twitch.irc().said(&after, at)));
    assert!(speakers.contains(&new));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_of_another_chat_counts_where_chats_are_shared() {
    let mut house = House::new(Population { viewers: 400, channels: 60 }, simulator::irc::Irc::plain).await;
    house.next().await;
    let first = house.next().await.at;
    let rows = house.archive.read_streams(first).await.unwrap();
    let live: Vec<Login> =
        rows.into_iter().filter(|row| row.chatters_source.is_some()).map(|row| row.channel).collect();
    // Three chats, of which each hears all.
    let shared = &live[..3];
    house.twitch.irc().share(shared).unwrap();
    // The slot that goes on, half of it before.
    house.next().await;
    let (mut heard, mut speech) = (0, 0);
    for _ in 0..3 {
        let at = house.next().await.at;
        // Speech that is called complete is what was said in the channel itself, no more.
        speech += house.judge(at).await.speech;
        let said: Vec<BTreeSet<Login>> = shared.iter().map(|channel| house.twitch.irc().said(channel, at)).collect();
        heard += said.iter().enumerate().filter(|(n, own)| said.iter().skip(n + 1).any(|other| other != *own)).count();
    }
    assert!(speech > 20 && heard > 0, "{speech}, {heard}");
    house.twitch.irc().end_share(&shared[0]);
    house.next().await;
    let at = house.next().await.at;
    assert!(house.judge(at).await.speech > 5);
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stopped_in_the_middle_of_a_slot_it_writes_what_it_heard() {
    let mut house = House::new(Population { viewers: 400, channels: 60 }, simulator::irc::Irc::plain).await;
    for _ in 0..2 {
        house.next().await;
    }
    // The next sweep has asked, and listens.
    let at = house.clock.slot();
    house.clock.sleep_until(at.unix() + 110).await;
    house.stop().await;
    let stopped = house.clock.now() - at.unix();
    assert!(stopped < 250, "{stopped}");
    let rows = house.archive.read_streams(at).await.unwrap();
    assert!(rows.iter().any(|row| row.list_status != ListStatus::Missing));
    assert!(rows.iter().all(|row| row.speech_status == SpeechStatus::Missing));
    let people = house.archive.read_chatters(at).await.unwrap();
    assert!(people.iter().any(|person| person.evidence == Evidence::Spoke && person.id.is_some()));

    // Begun again, it listens at once to whom it listened to, though the slot is swept.
    house.twitch.irc().connected(0).await;
    house.begin(at).await;
    house.twitch.irc().connected(1).await;
    assert_eq!(house.clock.slot(), at, "the machine is too busy for this test");
    house.next().await;
    let next = house.next().await.at;
    assert!(house.judge(next).await.speech > 5);
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hundreds_of_rooms_are_joined_within_what_is_granted() {
    let mut house = House::new(Population { viewers: 3_000, channels: 1_000 }, simulator::irc::Irc::plain).await;
    let (mut at, mut judged) = (evening(), Judged::default());
    for _ in 0..4 {
        at = house.next().await.at;
        judged = house.judge(at).await;
    }
    assert!(judged.asked > 180, "{judged:?}");
    assert_eq!(house.twitch.irc().connections(), judged.asked.div_ceil(90), "{judged:?}");
    assert!(judged.speech * 10 > judged.asked * 8, "{judged:?} at {at}");
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "soak: twenty-five minutes of real time"]
async fn soak_two_thousand_rooms_in_real_time() {
    let mut house = House::at(1.0, Population { viewers: 40_000, channels: 8_500 }, simulator::irc::Irc::tls).await;
    let mut judged = Judged::default();
    for _ in 0..5 {
        let at = house.next().await.at;
        judged = house.judge(at).await;
    }
    // 17 minutes are over: all but those that went on air since are heard.
    assert!(judged.asked > 1_800, "{judged:?}");
    assert!(judged.speech * 100 > judged.asked * 93, "{judged:?}");
    house.stop().await;
}
