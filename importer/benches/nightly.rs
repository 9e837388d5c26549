//! The nightly pass over four weeks of a crowd, and what pages then read.
//!
//! `VIEWERS=150000 PEOPLE=500000 CHANNELS=2000 DAYS=28 NIGHTS=1 cargo bench -p importer --bench nightly`. So many people on each day, of
//! so many who ever come, some of them often and most seldom; each has some channels they like, few of which are large. The pass runs in
//! a process of its own, whose memory is looked at. STORE=postgres://… measures a database instead of a folder.
//! Then the pages' questions, and the crowd's index and the population of the same weeks: a channel's figures over 90 days (of 180, with trends, week, games, words of titles), and everything's.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs, reason = "a program for the person at the terminal")]

use std::collections::BTreeSet;
use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use importer::crowd::due::due as due_crowd;
use importer::crowd::file::{CrowdFile, Seal};
use importer::crowd::pass::make_crowd;
use importer::nightly::due::due;
use importer::nightly::pass::make_nights;
use model::analysis::bootstrap::Chance;
use model::channel_day::{ChannelDay, ChannelSlot, LiveSlot, Segment};
use model::day::Day;
use model::identity::{ChannelKey, PersonKey};
use model::login::Login;
use model::presence::{ChannelPresence, ViewerDay};
use model::run::Run;
use model::sample::StreamFacts;
use model::slot::{Slot, SlotTime, Span};
use model::statistics::broadcasts::broadcasts_of;
use model::statistics::channel::trends;
use model::statistics::curve::curve;
use model::statistics::games::games_played;
use model::statistics::listed::listed;
use model::statistics::titles::title_words;
use model::statistics::week::usual_week;
use model::sweep::SweepSummary;
use model::words::{ListStatus, Origin, SpeechStatus};
use model::zone::ZoneTable;
use store::access::{Job, JobKey};
use store::channel::ChannelIdentity;
use store::day::DayImport;
use store::rows::{RowBatch, ViewerRows};
use store::{AnyStore, Store};

/// As in the program `vigie`.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// What makes a process of this program the one that is measured.
const CHILD: &str = "--pass";
/// Rows made at once.
const ROWS: u32 = 50_000;
/// Days that a channel's page reads: the 90 before those that are told too.
const CHANNEL_DAYS: i32 = 180;
/// Days whose sweeps the page of everything reads.
const SWEPT_DAYS: i32 = 28;
/// Channels of each ranking that it shows.
const CHANNELS_SHOWN: usize = 30;
/// Pairs of channels that it shows.
const TIES_SHOWN: usize = 20;

fn number(name: &str, default: u32) -> u32 {
    std::env::var(name).map_or(default, |text| text.parse().unwrap())
}

fn last() -> Day {
    "2026-11-22".parse().unwrap()
}

fn job() -> JobKey {
    JobKey::grant(Job::Nightly)
}

/// On air for six hours, under a title and a game of its own, with viewers as large channels and small ones have.
fn channel_day(channel: u32, day: Day) -> ChannelDay {
    let mut data = ChannelDay::default();
    let from = 150 + (channel % 60) as u16;
    let viewers = Some(60_000 / (channel + 1) + 5 + (day.days() as u32 * 7 + channel) % 13);
    let (list, speech) = (ListStatus::Complete, SpeechStatus::Missing);
    let live = LiveSlot { viewers, chatters: viewers, list, speech, source: None };
    for slot in Slot::all() {
        let on_air = (from..from + 72).contains(&slot.index());
        data.set(slot, if on_air { ChannelSlot::Live(live) } else { ChannelSlot::OffAir });
    }
    let words = ["horror", "ranked", "viewers", "marathon", "chill", "speedrun", "drops", "first"];
    let title: Vec<&str> = (0..5).map(|n| words[(day.days() as usize * (n + 1) + channel as usize) % 8]).collect();
    let facts = |part: u32| StreamFacts {
        title: title.join(" "),
        game_id: ((channel + part * 31) % 300).to_string(),
        game: format!("Game {}", (channel + part * 31) % 300),
        ..StreamFacts::default()
    };
    let run = |from, to| Run::new(from, to).unwrap();
    data.segments =
        vec![Segment::new(run(from, from + 30), &facts(0)), Segment::new(run(from + 30, from + 72), &facts(1))];
    data
}

/// Some channels that a person likes: large ones more often.
fn likes(person: u32, n: u32, channels: u32) -> u32 {
    let mut chance = Chance::new(u64::from(person) * 16 + u64::from(n));
    let share = chance.below(1 << 20) as f64 / f64::from(1 << 20);
    ((f64::from(channels).powf(share) - 1.0) as u32).min(channels - 1)
}

/// Where somebody was: one to three of six channels, for a quarter of an hour to hours.
fn presence(person: u32, keys: &[ChannelKey], chance: &mut Chance) -> ViewerDay {
    let mut channels: Vec<ChannelPresence> = Vec::new();
    for _ in 0..=chance.below(3) {
        let channel = likes(person, chance.below(6) as u32, keys.len() as u32);
        let from = 150 + (channel % 60) as u16 + chance.below(60) as u16;
        let to = (from + 2 + chance.below(40) as u16).min(287);
        let listed = vec![Run::new(from, to).unwrap()];
        channels.push(ChannelPresence { channel: keys[channel as usize], listed, spoke: vec![] });
    }
    channels.sort_by_key(|presence| presence.channel);
    channels.dedup_by_key(|presence| presence.channel);
    ViewerDay { bot: false, channels }
}

async fn fill(store: &AnyStore, day: Day, viewers: u32, people: u32, channels: u32) {
    let names: Vec<ChannelIdentity> =
        (0..channels).map(|n| ChannelIdentity::of_login(format!("_channel_{n:05}").parse().unwrap())).collect();
    let keys = store.channel_keys(&job(), day, &names, 0).await.unwrap();
    let mut rows = ViewerRows::new();
    let mut chance = Chance::new(day.days() as u64);
    let mut bytes = Vec::new();
    let mean = f64::from(viewers) / f64::from(people);
    for from in (0..people).step_by(ROWS as usize) {
        let mut batch = RowBatch::default();
        for person in from..people.min(from + ROWS) {
            // A third of the people make two thirds of the visits.
            let often = if person % 3 == 0 { 2.0 } else { 0.5 };
            if (chance.below(1 << 20) as f64) < mean * often * f64::from(1 << 20) {
                bytes.clear();
                presence(person, &keys, &mut chance).encode(&mut bytes);
                batch.push(format!("_p{person:08}").as_bytes(), None, &bytes).unwrap();
            }
        }
        rows.append(&batch).unwrap();
    }
    let channels = keys.iter().zip(0..).map(|(key, n)| (*key, channel_day(n, day))).collect();
    store.import_day(&job(), DayImport::of(day, channels, rows)).await.unwrap();
}

/// What the sweeps of a day say of all channels together.
async fn fill_sweeps(store: &AnyStore, day: Day, channels: u32) {
    let sweep = |slot: Slot| SweepSummary {
        at: SlotTime::new(day, slot),
        live: channels / 4 + u32::from(slot.index()),
        viewers: 100_000 + 700 * u64::from(slot.index()),
        chatters: 80_000 + 500 * u64::from(slot.index()),
        complete: channels / 4,
        partial: 0,
        missing: u32::from(slot.index()),
        unknown: 0,
        sweep_ms: 4_000,
    };
    store.put_sweeps(&Slot::all().map(sweep).collect::<Vec<_>>()).await.unwrap();
}

/// Days of which channels alone are held, so that trends have something to compare with.
async fn fill_channels(store: &AnyStore, first: Day, channels: u32) {
    for day in last().plus(1 - CHANNEL_DAYS).until(first) {
        fill(store, day, 0, 0, channels).await;
        fill_sweeps(store, day, channels).await;
    }
}

#[tokio::main]
async fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    if let [word, url] = &words[..]
        && word == CHILD
    {
        return measure(url).await;
    }
    let (viewers, people) = (number("VIEWERS", 150_000), number("PEOPLE", 500_000));
    let (channels, days) = (number("CHANNELS", 2_000), number("DAYS", 28));
    let folder = tempfile::tempdir().unwrap();
    let url = std::env::var("STORE").unwrap_or_else(|_| folder.path().join("store").display().to_string());
    let store = AnyStore::open(&url, Some(Origin::Simulated)).await.unwrap();
    let (start, first) = (Instant::now(), last().plus(1 - days as i32));
    fill_channels(&store, first, channels).await;
    for day in first.until(last().plus(1)) {
        fill(&store, day, viewers, people, channels).await;
        fill_sweeps(&store, day, channels).await;
    }
    store.close().await;
    // Its folder is this process' until then.
    drop(store);
    println!(
        "VIEWERS={viewers} PEOPLE={people} CHANNELS={channels} DAYS={days} NIGHTS={}: filled in {:.0} s",
        number("NIGHTS", 1),
        start.elapsed().as_secs_f64()
    );
    let status = Command::new(std::env::current_exe().unwrap()).args([CHILD, &url]).status().unwrap();
    assert!(status.success());
}

async fn measure(url: &str) {
    let store = AnyStore::open(url, None).await.unwrap();
    let due: Vec<Day> = due(&store).await.unwrap().into_iter().take(number("NIGHTS", 1) as usize).collect();
    let report = make_nights(&store, &job(), &due, 0).await.unwrap();
    println!("{}", serde_json::to_string(&report).unwrap());
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    let (user, system) = cpu_seconds();
    println!("{:.1} s; {peak}; CPU {user:.1} s and {system:.1} s of the system", f64::from(report.ms) / 1_000.0);
    println!(
        "{:.0} ns a viewer-day; held: {} kB of nights",
        f64::from(report.people_ms) * 1e6 / report.viewer_days as f64,
        night_bytes(&store).await / 1_000
    );
    reads(&store).await;
    crowd(&store, url).await;
    store.close().await;
}

/// Index and population, in the same process: its memory is the most of both.
async fn crowd(store: &AnyStore, url: &str) {
    let file = CrowdFile::new(Path::new(url).with_file_name("crowd-index"));
    // Of a database there is no folder.
    let folder = tempfile::tempdir().unwrap();
    let file = if url.contains("://") { CrowdFile::new(folder.path().join("crowd-index")) } else { file };
    let (user, _) = cpu_seconds();
    let due = due_crowd(store, None, |_, _| ZoneTable::utc()).await.unwrap().unwrap();
    let made = make_crowd(store, &job(), &due, &file, 0).await.unwrap();
    println!("{}", serde_json::to_string(&made.report).unwrap());
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    let cpu = cpu_seconds().0 - user;
    println!("the crowd: {:.1} s; {peak}; CPU {cpu:.1} s", f64::from(made.report.ms) / 1_000.0);
    drop(made);
    let record = store.population_record().await.unwrap().unwrap();
    let start = Instant::now();
    let seal = Seal { made_at: record.made_at, made_ms: record.made_ms };
    file.read(Origin::Simulated, seal).unwrap().unwrap();
    println!("read from its file: {:.2} s", start.elapsed().as_secs_f64());
    let start = Instant::now();
    let taken_out = file.take_out(Origin::Simulated, PersonKey(3)).unwrap();
    println!("one person {taken_out:?}: {:.2} s", start.elapsed().as_secs_f64());
    let times = async || {
        let start = Instant::now();
        assert!(store.population().await.unwrap().is_some());
        start.elapsed()
    };
    let mut all = Vec::new();
    for _ in 0..50 {
        all.push(times().await);
    }
    println!("the population: {}", told(all));
}

/// What the measured process used so far, in seconds.
fn cpu_seconds() -> (f64, f64) {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = text.rsplit(')').next().unwrap().split_whitespace().collect();
    let ticks = |place: usize| fields[place].parse::<f64>().unwrap() / 100.0;
    (ticks(11), ticks(12))
}

/// Bytes of the channels' nights, sets apart.
async fn night_bytes(store: &AnyStore) -> u64 {
    let keys = store.channels_of_day(last()).await.unwrap();
    let mut bytes = Vec::new();
    for row in store.channel_nights(&keys, last(), last().plus(1)).await.unwrap() {
        row.night.encode(&mut bytes);
    }
    bytes.len() as u64
}

/// All that is read and worked out for the page of a channel's figures, and for that of everything.
async fn reads(store: &AnyStore) {
    let keys = store.channels_of_day(last()).await.unwrap();
    let logins: Vec<Login> = store.channels(&keys).await.unwrap().into_iter().map(|channel| channel.login).collect();
    let (mut channel, mut global, mut people) = (Vec::new(), Vec::new(), Vec::new());
    for n in 0..200usize {
        let start = Instant::now();
        let key = read_channel(store, &logins[n * 37 % logins.len()]).await;
        channel.push(start.elapsed());
        let start = Instant::now();
        read_everything(store).await;
        global.push(start.elapsed());
        let start = Instant::now();
        store.different_people(Some(key), last().plus(-89), last().plus(1)).await.unwrap();
        people.push(start.elapsed());
    }
    for (what, times) in [("a channel over 90 days", channel), ("everything", global), ("different people", people)] {
        println!("{what}: {}", told(times));
    }
}

async fn read_channel(store: &AnyStore, login: &Login) -> ChannelKey {
    let (range, until) = (last().plus(-89), last().plus(1));
    let key = store.channel(login).await.unwrap().unwrap().key;
    assert!(!store.days().await.unwrap().is_empty() && !store.nights(range, until).await.unwrap().is_empty());
    let rows = store.channel_days(&[key], last().plus(1 - CHANNEL_DAYS), until).await.unwrap();
    let days: Vec<(Day, ChannelDay)> = rows.into_iter().map(|row| (row.day, row.data)).collect();
    let quarter = &days[days.len().saturating_sub(90)..];
    let figures = trends(&days, last());
    let week = usual_week(quarter, &ZoneTable::utc());
    let games = games_played(quarter.iter().map(|(_, data)| data));
    let titles = title_words(&broadcasts_of(quarter, &ZoneTable::utc()), 1);
    assert!(listed(quarter.iter().map(|(_, data)| data)).slots > 0);
    assert!(figures[2].now.live_slots > 0 && week[0][14].known_slots > 0 && !games.is_empty() && titles.is_ok());
    let nights = store.channel_nights(&[key], range, until).await.unwrap();
    black_box(curve(nights.iter().flat_map(|row| &row.night.retention)));
    let others: Vec<ChannelKey> = nights.last().unwrap().night.overlaps(key).iter().map(|tie| tie.b).collect();
    assert_eq!(store.channels(&others).await.unwrap().len(), others.len());
    store.different_people(Some(key), range, until).await.unwrap();
    key
}

async fn read_everything(store: &AnyStore) {
    let (range, until) = (last().plus(-89), last().plus(1));
    let weeks = Span { from: SlotTime::at(until.plus(-SWEPT_DAYS), 0), to: SlotTime::at(until, 0) };
    assert!(!store.days().await.unwrap().is_empty() && !store.nights(range, until).await.unwrap().is_empty());
    black_box(store.swept_week(weeks, 3_600, 2_000).await.unwrap());
    let lists = store.night_lists(last()).await.unwrap().unwrap();
    black_box(store.night_lists(range).await.unwrap());
    let ends = lists.ties.iter().take(TIES_SHOWN).flat_map(|tie| [tie.a, tie.b]);
    let ranked = lists.rankings.iter().flat_map(|ranking| ranking.iter().take(CHANNELS_SHOWN));
    let shown: BTreeSet<ChannelKey> = ends.chain(ranked.map(|ranked| ranked.channel)).collect();
    let shown: Vec<ChannelKey> = shown.into_iter().collect();
    assert_eq!(store.channels(&shown).await.unwrap().len(), shown.len());
    assert!(!store.months().await.unwrap().is_empty() && store.bytes().await.unwrap() > 0);
    store.different_people(None, range, until).await.unwrap();
}

fn told(mut times: Vec<Duration>) -> String {
    times.sort_unstable();
    let at = |share: usize| times[(times.len() - 1) * share / 100].as_secs_f64() * 1e3;
    format!("median {:.1} ms, p99 {:.1} ms", at(50), at(99))
}
