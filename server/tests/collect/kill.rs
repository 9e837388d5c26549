//! Killed at any moment of a sweep, or of what a spool sends on: no half of anything is ever in the archive, and the next
//! start goes on.

use std::process::Stdio;
use std::time::{Duration, Instant};

use archive::Archive;
use archive::chatters::ChatterRow;
use model::slot::SlotTime;
use model::words::Evidence;

use crate::bucket::Buckets;
use crate::{TempDir, fs, place, program, run};

const ROUNDS: u64 = 5;
const SOAK_ROUNDS: u64 = 50;
/// The past day that waits in a spool.
const DAY: &str = "2025-03-02";

/// 0 to 1, the same in each run.
fn chance(seed: u64) -> f64 {
    let mixed = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    ((mixed ^ (mixed >> 31)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 11) as f64 / 9_007_199_254_740_992.0
}

const ONCE: [&str; 2] = ["collect", "--once"];

/// Sweeps once; whether it was killed before its end, after `when`.
fn sweep(folder: &TempDir, buckets: Option<&Buckets>, when: Option<Duration>) -> bool {
    let mut command = program(folder, &ONCE);
    command.envs(buckets.iter().flat_map(|buckets| buckets.environment()));
    let mut child = command.stderr(Stdio::null()).spawn().unwrap();
    let Some(when) = when else {
        assert!(child.wait().unwrap().success());
        return false;
    };
    let until = Instant::now() + when;
    while Instant::now() < until {
        if child.try_wait().unwrap().is_some() {
            return false;
        }
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap().code().is_none()
}

/// Reads all of an archive: what a sweep names is there and whole. Gives its sweeps.
async fn whole(archive: &Archive) -> usize {
    sweeps(archive).await.len()
}

/// The same; gives their slots.
pub(crate) async fn sweeps(archive: &Archive) -> Vec<SlotTime> {
    let mut sweeps = Vec::new();
    for day in archive.days().await.unwrap() {
        for slot in archive.sweeps(day).await.unwrap() {
            let at = SlotTime::new(day, slot);
            let streams = archive.read_streams(at).await.unwrap();
            let chatters = archive.read_chatters(at).await.unwrap();
            let counted: u32 = streams.iter().filter_map(|row| row.chatter_count).sum();
            // Lists that claim to be whole; who is in others is counted by nobody.
            let is_counted = |row: &ChatterRow<'_>| {
                let of = streams.iter().find(|stream| stream.channel == *row.channel);
                row.evidence == Evidence::Listed && of.is_some_and(|stream| stream.chatter_count.is_some())
            };
            assert_eq!(chatters.iter().filter(is_counted).count(), counted as usize, "{at}");
            sweeps.push(at);
        }
    }
    sweeps
}

async fn sweeps_are_killed(rounds: u64) {
    let (folder, _twitch) = place("");
    let config = folder.path().join("vigie.toml");
    let text = fs::read_to_string(&config).unwrap();
    let started = Instant::now();
    sweep(&folder, None, None);
    let usual = started.elapsed();
    let mut killed = 0;
    for round in 1..=rounds {
        // An archive of its own: a slot is swept once.
        let name = format!("archive-{round}");
        fs::write(&config, text.replace("url = \"archive\"", &format!("url = \"{name}\""))).unwrap();
        killed += u64::from(sweep(&folder, None, Some(usual.mul_f64(chance(round)))));
        let path = folder.path().join(&name);
        if path.join("manifest/archive.json").exists() {
            whole(&Archive::open(path.to_str().unwrap()).await.unwrap()).await;
        }
        // At most the slot that was in flight is missing: taken, and never swept.
        sweep(&folder, None, None);
        let archive = Archive::open(path.to_str().unwrap()).await.unwrap();
        let (sweeps, lists) = (whole(&archive).await, files(&path.join("chatters")));
        assert!(sweeps > 0 || lists == 1, "round {round}: {sweeps} sweeps, {lists} lists");
    }
    assert!(killed > 0, "no sweep was killed before its end");
}

fn files(folder: &std::path::Path) -> usize {
    let all = walkdir::WalkDir::new(folder).into_iter().filter_map(Result::ok);
    all.filter(|entry| entry.path().extension().is_some_and(|ending| ending == "gz")).count()
}

async fn a_spool_is_killed_while_it_sends(rounds: u64) {
    let buckets = Buckets::start().await;
    let (folder, _twitch) = place("");
    let config = folder.path().join("vigie.toml");
    let text = fs::read_to_string(&config).unwrap();
    let fill = |name: &str| {
        fs::write(&config, text.replace("url = \"archive\"", &format!("url = \"s3://vigie/{name}\""))).unwrap();
        let people = ["--viewers", "100", "--channels", "20", "--days", "1", "--until", DAY, "--out", "data/spool"];
        let (output, _, told) = run(&folder, &[&["simulate", "archive"], &people[..]].concat());
        assert!(output.status.success(), "{told}");
    };
    fill("calm");
    let started = Instant::now();
    sweep(&folder, Some(&buckets), None);
    let usual = started.elapsed();
    let of_the_day =
        |all: Vec<(String, String)>| all.into_iter().filter(|(name, _)| name.contains(DAY)).collect::<Vec<_>>();
    let calm = of_the_day(buckets.sums("calm").await);
    assert!(calm.len() > 1_000, "{}", calm.len());

    fill("killed");
    let (mut killed, mut round) = (0, 0);
    while killed < rounds {
        round += 1;
        // As many as are wanted before it is done: each a little later than the last one that went on.
        let when = usual.mul_f64((chance(round) / rounds as f64 * 2.0).min(0.9));
        if !sweep(&folder, Some(&buckets), Some(when)) {
            break;
        }
        killed += 1;
    }
    assert!(killed * 5 >= rounds * 4, "killed {killed} times");
    sweep(&folder, Some(&buckets), None);
    assert_eq!(of_the_day(buckets.sums("killed").await), calm);
    assert_eq!(files(&folder.path().join("data/spool")), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_sweep_leaves_nothing_or_all() {
    sweeps_are_killed(ROUNDS).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_spool_sends_on() {
    a_spool_is_killed_while_it_sends(ROUNDS).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "soak: some minutes"]
async fn soak_fifty_killed_sweeps_and_spools() {
    sweeps_are_killed(SOAK_ROUNDS).await;
    a_spool_is_killed_while_it_sends(SOAK_ROUNDS).await;
}
