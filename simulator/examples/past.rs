use std::sync::Arc;
use model::slot::{SlotTime, Span};
use simulator::{world::*, write::*};
#[tokio::main]
async fn main() {
    let a: Vec<String> = std::env::args().collect();
    let days: i32 = a[1].parse().unwrap();
    let t = std::time::Instant::now();
    let world = Arc::new(World::new(1, Population::default()).unwrap());
    eprintln!("world {:?}", t.elapsed());
    let dir = a[2].clone();
    let archive = archive::Archive::create(&dir, model::words::Origin::Simulated).await.unwrap();
    let until: model::day::Day = "2026-11-23".parse().unwrap();
    let span = Span { from: SlotTime::at(until.plus(-days), 0), to: SlotTime::at(until, 0) };
    let t = std::time::Instant::now();
    let n = write_days(&world, &archive, &Follow::default(), span, |d| eprintln!("{d:?}")).await.unwrap();
    eprintln!("{n} in {:?}: {} /s", t.elapsed(), n as f64 / t.elapsed().as_secs_f64());
    for p in simulator::persona::personas() {
        let l: model::login::Login = p.login.parse().unwrap();
        let mut s = String::new();
        for d in until.plus(-14).until(until) {
            let tr = world.day_truth(&l, d).unwrap();
            s += &format!(" {}ch/{}m", tr.channels.len(), tr.channels.iter().map(|c| c.listed_minutes()).sum::<u32>());
        }
        eprintln!("{} {s}", p.login);
    }
}
