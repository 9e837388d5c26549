//! A full store, day by day, as production fills it: imports, and what is due at night.

use archive::Archive;
use model::day::Day;
use model::identity::ChannelKey;
use model::words::Origin;
use store::access::{Job, JobKey};
use store::day::{DayImport, DayStats};
use store::rows::{RowBatch, ViewerRows};
use store::{AnyStore, Store};

use super::Parameters;
use super::pattern::Pattern;
use super::people::{People, Purpose, draw, fraction};
use crate::Failure;
use crate::day::BenchmarkDay;
use crate::night::retain;

/// How far off their usual place people's days are, at most.
const STRAY: f64 = 0.1;
/// Lines on the way.
const TELL_DAYS: u32 = 30;

/// Fills the store at `url` with the days before the benchmark day. How many viewer-days there are.
pub(super) async fn fill(
    url: &str,
    asked: Parameters,
    day: &BenchmarkDay,
    pattern: &Pattern,
    people: &People,
) -> Result<u64, Failure> {
    let start = std::time::Instant::now();
    let store = AnyStore::open(url, Some(Origin::Simulated)).await?;
    // Retention asks for one. It has no day of the store, and loses none.
    let archive = Archive::open(&day.folder.display().to_string()).await?;
    let job = JobKey::grant(Job::Import);
    let mut viewer_days = 0;
    for number in 0..asked.days {
        let today = asked.first(day.day).plus(number as i32);
        let import = invented(number, today, pattern, people)?;
        viewer_days += import.viewers.len() as u64;
        let keys = store.channel_keys(&job, today, &pattern.channels, 0).await?;
        if keys.into_iter().ne((0..).map(ChannelKey).take(pattern.channels.len())) {
            return Err("channels have other keys than in the benchmark day's own store".into());
        }
        store.import_day(&job, import).await?;
        retain(&store, &archive, today.plus(1)).await?;
        if (number + 1).is_multiple_of(TELL_DAYS) {
            println!(
                "  {} days, {:.1} M viewer-days: {:.0} s",
                number + 1,
                viewer_days as f64 / 1e6,
                start.elapsed().as_secs_f64()
            );
        }
    }
    store.close().await;
    Ok(viewer_days)
}

/// A day of these people.
fn invented(number: u32, day: Day, pattern: &Pattern, people: &People) -> Result<DayImport, Failure> {
    let mut batch = RowBatch::default();
    let mut stats = DayStats::default();
    for who in people.of_day(number) {
        let (encoded, observations) = pattern.row(place(people, who, number));
        batch.push(people.login(who), None, encoded)?;
        stats.viewers += 1;
        stats.observations += observations;
    }
    stats.kept = stats.observations;
    Ok(DayImport {
        sweeps: pattern.sweeps(day),
        stats,
        imported_at: day.plus(1).start_unix(),
        ..DayImport::of(day, pattern.channel_days(), ViewerRows::of(&batch)?)
    })
}

/// How long somebody stays, from 0 to 1: on every other day about as long as they are eager, else any time. Over the
/// people of a day all places are as frequent, so a day is made of short and long rows as the benchmark day is.
fn place(people: &People, who: usize, day: u32) -> f64 {
    let drawn = draw(Purpose::Place, who as u64, u64::from(day));
    if drawn & 1 == 0 {
        return fraction(drawn);
    }
    let place = people.rank(who) + STRAY * (2.0 * fraction(drawn) - 1.0);
    // What would be beyond an end comes back from it.
    if place < 0.0 {
        -place
    } else if place > 1.0 {
        2.0 - place
    } else {
        place
    }
}
