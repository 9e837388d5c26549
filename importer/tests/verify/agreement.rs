//! Whatever an archive holds, an import of it agrees with it.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;
use std::path::Path;

use importer::bots::BotRules;
use importer::options::ImportOptions;
use importer::verify::options::{BotLimits, VerifyOptions};
use model::identity::TwitchId;
use model::slot::SlotTime;
use proptest::prelude::*;
use store::suppression::{Secret, Suppression, suppress};

use crate::world::{World, day, job, put};
use crate::{sample, verify};

/// A row of chatters: channel, person, id, whether they spoke.
type Chatter = (u8, u8, u8, bool);

/// One sweep as somebody wrote it: states and ids of channels, then people, in any order and with repetitions.
#[derive(Clone, Debug)]
struct Sweep {
    channels: Vec<(u8, u8)>,
    rows: Vec<Chatter>,
}

/// What a day is made of, and who opted out.
#[derive(Clone, Debug)]
struct Made {
    sweeps: BTreeMap<u16, Sweep>,
    opted_out: Vec<String>,
    ids: Vec<u64>,
    /// By slot what was learnt: an account, who it was and who it is, 8 for nobody.
    learnt: BTreeMap<u16, Vec<(u64, u8, u8)>>,
}

const CHANNELS: u8 = 5;

fn sweep() -> impl Strategy<Value = Sweep> {
    let rows = proptest::collection::vec((0..CHANNELS, 0u8..8, 0u8..5, proptest::bool::weighted(0.3)), 0..25);
    let channels = proptest::collection::vec((0u8..9, 0u8..4), usize::from(CHANNELS));
    (channels, rows).prop_map(|(channels, rows)| Sweep { channels, rows })
}

/// Slots near each other. Ids are few and change hands, so that accounts bear several logins and logins several ids.
fn made() -> impl Strategy<Value = Made> {
    let near = proptest::collection::btree_map(100u16..112, sweep(), 1..12);
    let far = proptest::collection::btree_map(prop_oneof![Just(0u16), Just(287)], sweep(), 0..3);
    let opted_out =
        proptest::collection::vec(prop_oneof![(0u8..8).prop_map(|n| format!("_p{n}")), Just("_c1".to_owned())], 0..3);
    let ids = proptest::collection::vec(prop_oneof![1u64..5, Just(102)], 0..2);
    let learnt = proptest::collection::vec((1u64..7, 0u8..8, 0u8..9), 0..3);
    let learnt = proptest::collection::btree_map(0u16..288, learnt, 0..3);
    (near, far, opted_out, ids, learnt, any::<bool>()).prop_map(|(mut sweeps, far, opted_out, ids, learnt, calm)| {
        sweeps.extend(far);
        if calm {
            // Lists that hardly change, as real ones do.
            let first = sweeps.values().next().unwrap().clone();
            for (slot, sweep) in &mut sweeps {
                let few = sweep.rows.iter().take(usize::from(slot % 3)).copied().collect::<Vec<_>>();
                sweep.rows = first.rows.iter().copied().chain(few).collect();
            }
        }
        Made { sweeps, opted_out, ids, learnt }
    })
}

/// Writes what a stranger would: one gzip member, no index, no manifest.
fn write(folder: &Path, sweeps: &BTreeMap<u16, Sweep>) {
    for (slot, sweep) in sweeps {
        let at = SlotTime::at(day(), *slot);
        let name = at.slot().hhmm();
        let mut streams = String::from(
            "channel,sampled_at,channel_id,display_name,status,title,started_at,viewer_count,list_status,chatter_count,chatters_source\n",
        );
        let mut followed = HashSet::new();
        for (channel, (state, id)) in (0u8..).zip(&sweep.channels) {
            let (status, list, count) = [
                ("off_air", "missing", ""),
                ("unknown", "", ""),
                ("live", "complete", "7"),
                ("live", "partial", "0"),
                ("live", "missing", "3"),
                ("live", "complete", "0"),
                ("live", "complete", "0"),
                ("live", "complete", ""),
                ("", "", ""),
            ][usize::from(*state)];
            if status.is_empty() {
                continue;
            }
            // The first two channels have an id each, the next two share one now and then.
            let id = match (channel, id) {
                (0 | 1, _) => format!("{}", 100 + channel),
                (2 | 3, 1..) => "102".to_owned(),
                _ => String::new(),
            };
            let viewers = if *state == 6 { "4" } else { "5" };
            let title = format!("\"part {}, \"\"again\"\"\"", slot / 3 + u16::from(*state % 2));
            writeln!(streams, "_c{channel},{at},{id},C{state},{status},{title},{at},{viewers},{list},{count},tmi")
                .unwrap();
            followed.insert(channel);
        }
        let mut chatters = String::from("evidence,sampled_at,chatter,channel,chatter_id\n");
        for (channel, person, id, spoke) in sweep.rows.iter().filter(|(channel, ..)| followed.contains(channel)) {
            let evidence = if *spoke { "spoke" } else { "listed" };
            let id = if *id == 0 { String::new() } else { id.to_string() };
            writeln!(chatters, "{evidence},{at},_p{person},_c{channel},{id}").unwrap();
        }
        put(folder, &format!("streams/date={}/{name}.csv.gz", day()), &streams);
        put(folder, &format!("chatters/date={}/{name}.csv.gz", day()), &chatters);
    }
}

fn write_learnt(folder: &Path, learnt: &BTreeMap<u16, Vec<(u64, u8, u8)>>) {
    for (slot, learnt) in learnt {
        let at = SlotTime::at(day(), *slot);
        let mut text = String::from("login,chatter_id,sampled_at,was\n");
        for (id, was, now) in learnt {
            let now = if *now == 8 { String::new() } else { format!("_p{now}") };
            let was = if *was == *id as u8 && !now.is_empty() { String::new() } else { format!("_p{was}") };
            writeln!(text, "{now},{id},{at},{was}").unwrap();
        }
        put(folder, &archive::path::renamed(at), &text);
    }
}

async fn compare(made: Made) -> Result<(), TestCaseError> {
    let world = World::new().await;
    write(&world.folder.path().join("archive"), &made.sweeps);
    write_learnt(&world.folder.path().join("archive"), &made.learnt);
    let secret = Secret::new(b"0123456789abcdef").unwrap();
    let logins: Vec<&str> = made.opted_out.iter().map(String::as_str).collect();
    let ids: Vec<TwitchId> = made.ids.iter().filter_map(|id| TwitchId::new(*id)).collect();
    suppress(&world.store, &job(), &secret, &logins, &ids, 1).await.unwrap();
    let suppression = Suppression::load(&world.store, Some(&secret)).await.unwrap();
    let logins = HashSet::from(["_p5".parse().unwrap()]);
    let bots = BotRules { channels: 3, slots: 2, logins: logins.clone() };
    let options = ImportOptions { bots, suppression: suppression.clone(), ..ImportOptions::default() };
    let report = world.import_with(day(), false, &options).await.unwrap();
    for size in [0, 2, 1_000] {
        let bots = BotLimits { channels: 3, slots: 2, logins: logins.clone() };
        let options = VerifyOptions { bots, suppression: suppression.clone(), seed: 7, ..sample(size) };
        let verified = verify(&world, &options).await;
        prop_assert!(verified.is_ok(), "{:?}", verified.differences);
        prop_assert_eq!(verified.observations, report.observations);
        if size == 1_000 {
            prop_assert_eq!((verified.viewers, verified.channels), (report.viewers, report.channels));
        } else {
            prop_assert!(verified.viewers <= size as u64 + 8 && verified.channels <= size as u64);
        }
    }
    world.store.close().await;
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn any_import_agrees_with_its_archive(made in made()) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(compare(made))?;
    }
}
