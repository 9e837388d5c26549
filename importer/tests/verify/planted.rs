//! A small day that has everything a comparison looks at, imported.

use std::collections::HashSet;

use importer::bots::BotRules;
use importer::options::ImportOptions;
use importer::verify::options::{BotLimits, VerifyOptions};
use model::identity::TwitchId;
use model::sample::{ChatterSample, StreamFacts, StreamSample};
use model::slot::SlotTime;
use model::words::{Evidence, ListStatus, SpeechStatus, StreamStatus};
use store::suppression::{Secret, Suppression, suppress};

use crate::sample;
use crate::world::{World, day, job, live, row, sweep};

/// The slots that have a sweep.
pub(crate) fn slots() -> impl Iterator<Item = u16> {
    (100..=110).filter(|slot| *slot != 105)
}

/// A world with the day in its archive and in its store, and how both were made.
pub(crate) async fn imported() -> (World, VerifyOptions) {
    let world = World::new().await;
    for slot in slots() {
        one_sweep(&world, slot).await;
    }
    let (options, verify) = choices(&world).await;
    world.import_with(day(), false, &options).await.unwrap();
    (world, verify)
}

/// Who opted out, and who is a bot: three chats in two slots.
pub(crate) async fn choices(world: &World) -> (ImportOptions, VerifyOptions) {
    let secret = Secret::new(b"0123456789abcdef").unwrap();
    let id = TwitchId::new(599).unwrap();
    suppress(&world.store, &job(), &secret, &["_shy", "_quiet"], &[id], 1).await.unwrap();
    let suppression = Suppression::load(&world.store, Some(&secret)).await.unwrap();
    let bots = BotRules { channels: 3, slots: 2, logins: HashSet::from(["_helper".parse().unwrap()]) };
    let limits = BotLimits { channels: bots.channels, slots: bots.slots, logins: bots.logins.clone() };
    let options = ImportOptions { bots, suppression: suppression.clone(), ..ImportOptions::default() };
    (options, VerifyOptions { bots: limits, suppression, ..sample(1_000) })
}

/// What a sweep of the day saw.
pub(crate) async fn one_sweep(world: &World, slot: u16) {
    let at = SlotTime::at(day(), slot);
    sweep(&world.archive, at, streams(at, slot), chatters(slot)).await;
}

fn streams(at: SlotTime, slot: u16) -> Vec<StreamSample> {
    let named = |login: &str, id: u64| StreamSample {
        channel_id: TwitchId::new(id),
        display_name: Some(login.to_uppercase()),
        ..live(at, login)
    };
    let mut first = named("_a", 71);
    first.stream = Some(StreamFacts {
        stream_id: "9".into(),
        title: format!("Part {}, \"again\"", slot / 104),
        game: "Chess".into(),
        viewer_count: Some(90 + u32::from(slot)),
        started_at: Some(day().start_unix() + 3_600),
        ..StreamFacts::default()
    });
    let mut second = live(at, "_b");
    match slot {
        103 => second.list_status = ListStatus::Partial,
        106 => second.chatter_count = Some(0),
        107 => second.speech_status = SpeechStatus::Missing,
        108 => second.status = StreamStatus::Unknown,
        109 => second.status = StreamStatus::OffAir,
        _ => {}
    }
    let mut all = vec![first, second, live(at, "_c"), live(at, "_quiet")];
    if slot <= 103 {
        all.push(named("_old", 72));
    }
    if slot >= 103 {
        all.push(named("_new", 72));
    }
    all
}

fn chatters(slot: u16) -> Vec<ChatterSample> {
    let with_id = |mut row: ChatterSample, id| {
        row.chatter_id = TwitchId::new(id);
        row
    };
    let listed = |channel: &str, login: &str| row(channel, login, Evidence::Listed);
    let mut rows = vec![listed("_a", "_helper"), listed("_a", "_shy"), listed("_quiet", "_p9"), listed("_c", "_p9")];
    for person in 0..8u16 {
        if (100 + person / 3..=110 - person % 3).contains(&slot) {
            rows.push(listed("_a", &format!("_p{person}")));
        }
    }
    rows.push(with_id(listed("_c", "_known"), 501));
    rows.push(row("_c", "_talks", if slot.is_multiple_of(2) { Evidence::Listed } else { Evidence::Spoke }));
    if (104..=107).contains(&slot) {
        rows.extend(["_a", "_b", "_c"].map(|channel| listed(channel, "_zaps")));
    }
    // An account with two logins, both there in one slot.
    if slot <= 104 {
        rows.push(with_id(listed("_a", "_was"), 550));
    }
    if slot >= 104 {
        rows.push(with_id(listed("_a", "_is"), 550));
    }
    // Somebody in both chats of the channel that changed its login.
    if slot <= 103 {
        rows.push(listed("_old", "_fan"));
    }
    if slot >= 103 {
        rows.push(listed("_new", "_fan"));
    }
    // Whoever opted out by id, of whom the first rows have none.
    rows.push(if slot < 104 { listed("_a", "_hides") } else { with_id(listed("_a", "_hides"), 599) });
    rows
}
