//! What a level of compression costs and gains, and how fast a sweep is written and read:
//! `cargo run --release -p archive --example levels`. Figures are in `docs/archive-format.md`.

#![allow(clippy::print_stdout)]

use std::io::{Read, Write};
use std::time::Instant;

use archive::Archive;
use archive::chatters::ChatterRow;
use archive::gzip::MEMBER_TEXT_MAX;
use archive::manifest::Timings;
use archive::sweep_writer::SweepWriter;
use flate2::Compression;
use flate2::bufread::MultiGzDecoder;
use flate2::write::GzEncoder;
use model::login::Login;
use model::slot::SlotTime;
use model::words::{Evidence, Origin, Role};

/// 2,000 channels, 130,000 people: the whole of French Twitch in one slot.
fn people() -> Vec<(Login, Vec<String>)> {
    let mut state = 1u64;
    let mut chance = move |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut name = move || {
        let len = 4 + chance(12);
        let mut name: String =
            (0..len).map(|_| b"aaaeeeiioourstnlmdkbcgpvhxzy_0123"[chance(33) as usize] as char).collect();
        name.insert(0, '_');
        name
    };
    let mut channels: Vec<(Login, Vec<String>)> = (0..2_000u32)
        .map(|rank| {
            let mut chat: Vec<String> = (0..16_000 / (rank + 1)).map(|_| name()).collect();
            chat.sort_unstable();
            chat.dedup();
            // At most 25 letters of those that a login has.
            (name().parse().expect("a login by its letters"), chat)
        })
        .collect();
    channels.sort_unstable();
    channels.dedup_by(|a, b| a.0 == b.0);
    channels
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let channels = people();
    let at = SlotTime::at("2026-11-22".parse()?, 1);
    let text: Vec<u8> = (channels.iter())
        .flat_map(|(channel, chat)| chat.iter().map(move |name| format!("{at},{channel},{name},,viewer,listed\n")))
        .collect::<String>()
        .into();
    let mb = text.len() as f64 / 1e6;
    println!("{} rows, {mb:.1} MB of text", channels.iter().map(|(_, chat)| chat.len()).sum::<usize>());
    println!("level  bytes     ratio  write MB/s  read MB/s");
    for level in [1, 3, 4, 5, 6, 7, 9] {
        let start = Instant::now();
        let mut bytes = Vec::new();
        for member in text.chunks(MEMBER_TEXT_MAX) {
            let mut encoder = GzEncoder::new(&mut bytes, Compression::new(level));
            encoder.write_all(member)?;
            encoder.finish()?;
        }
        let write = mb / start.elapsed().as_secs_f64();
        let start = Instant::now();
        let mut back = Vec::with_capacity(text.len());
        MultiGzDecoder::new(bytes.as_slice()).read_to_end(&mut back)?;
        let read = mb / start.elapsed().as_secs_f64();
        println!(
            "{level:>5}  {:>8}  {:>5.2}  {write:>10.0}  {read:>9.0}",
            bytes.len(),
            text.len() as f64 / bytes.len() as f64
        );
    }
    let mut whole = Vec::new();
    let mut encoder = GzEncoder::new(&mut whole, Compression::new(6));
    encoder.write_all(&text)?;
    encoder.finish()?;
    println!("level 6 as one member: {} bytes", whole.len());

    let folder = tempfile::tempdir()?;
    let archive = Archive::create(&folder.path().to_string_lossy(), Origin::Simulated).await?;
    let start = Instant::now();
    let mut sweep = SweepWriter::new(at);
    for (channel, chat) in &channels {
        for chatter in chat {
            sweep.push_row(&ChatterRow {
                channel,
                chatter,
                id: None,
                role: Role::Viewer,
                evidence: Evidence::Listed,
            })?;
        }
    }
    println!("SweepWriter: {:.0} MB/s", mb / start.elapsed().as_secs_f64());
    archive.commit(sweep, Timings { started_ms: at.unix() * 1000, finished_ms: at.unix() * 1000 }).await?;
    archive.read_chatters(at).await?;
    let start = Instant::now();
    let rounds = 20;
    for _ in 0..rounds {
        archive.read_chatters(at).await?;
    }
    let each = start.elapsed() / rounds;
    println!("read_chatters: {:.1} ms, {:.0} MB/s", each.as_secs_f64() * 1e3, mb / each.as_secs_f64());
    Ok(())
}
