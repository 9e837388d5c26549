//! The study itself: sweeps of a day through every setting, in both orders.

use std::sync::Arc;
use std::time::Duration;

use archive::Archive;
use archive::manifest::Manifest;
use archive::path::Kind;
use model::day::Day;
use model::slot::SlotTime;

use crate::cpu::timed;
use crate::error::StudyError;
use crate::price::{LIST_PRICES, Price};
use crate::readers::READERS;
use crate::report::{Outcome, Report, Sample};
use crate::rows::{Order, Rows};
use crate::setting::Setting;

/// Sweeps that are taken of a day by default: one an hour.
pub const DEFAULT_SWEEPS: u16 = 24;

/// What to measure.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The UTC day.
    pub day: Day,
    /// How many of its sweeps, evenly spread; all where it has fewer.
    pub sweeps: u16,
    /// Compressions and levels.
    pub settings: Vec<Setting>,
    /// Determines the shuffled order.
    pub seed: u64,
    /// What a GB-month costs.
    pub price: Price,
}

impl Plan {
    /// How many times `step` is called in a day of that many sweeps.
    pub fn steps(&self, sweeps_of_day: usize) -> u64 {
        self.settings.len() as u64 * ORDERS.len() as u64 * u64::from(self.sweeps).min(sweeps_of_day as u64)
    }
}

const ORDERS: [Order; 2] = [Order::Sorted, Order::Shuffled];

/// An object and its text.
type Object = (String, Rows);

/// Measures. Memory is one sweep's text in both orders, one compressed object, and what is read back of it. `step` is
/// called after each setting on each sweep in each order. Errors: nothing to measure, an archive that cannot be read,
/// a compression that does not give back what it took.
pub async fn study(
    archive: &Archive,
    plan: &Plan,
    step: impl Fn() + Clone + Send + 'static,
) -> Result<Report, StudyError> {
    if plan.settings.is_empty() {
        return Err(StudyError::Nothing("setting"));
    }
    if plan.sweeps == 0 {
        return Err(StudyError::Nothing("sweep"));
    }
    let day = plan.day;
    let all = archive.sweeps(day).await?;
    if all.is_empty() {
        return Err(StudyError::NoDay { day, place: archive.place().to_owned() });
    }
    let taken: Vec<SlotTime> = spread(all.len(), plan.sweeps).map(|number| SlotTime::new(day, all[number])).collect();
    let settings: Arc<[Setting]> = plan.settings.as_slice().into();
    let mut samples: Vec<Vec<Sample>> = vec![Vec::with_capacity(taken.len()); settings.len() * ORDERS.len()];
    let (mut rows, mut text_bytes) = (0, 0);
    for at in &taken {
        let objects = [read(archive, Kind::Streams, *at).await?, read(archive, Kind::Chatters, *at).await?];
        rows += objects.iter().map(|(_, rows)| rows.count()).sum::<u64>();
        text_bytes += objects.iter().map(|(_, rows)| rows.text().len() as u64).sum::<u64>();
        let (settings, step) = (Arc::clone(&settings), step.clone());
        let seed = plan.seed.wrapping_add(at.index().unsigned_abs().into());
        let measured = tokio::task::spawn_blocking(move || sweep(objects, &settings, seed, step));
        for (kept, sample) in samples.iter_mut().zip(measured.await.map_err(StudyError::Stopped)??) {
            kept.push(sample);
        }
    }
    let whole = archive.manifest(day).await?.and_then(|manifest| of_day(&manifest, all.len()));
    let scale = match whole {
        // A day without rows has headers: there is always text.
        Some(whole) if whole.text_bytes > 0 => (whole.text_bytes, text_bytes.max(1)),
        _ => (all.len() as u64, taken.len() as u64),
    };
    let outcome = |(number, samples): (usize, Vec<Sample>)| {
        let (setting, order) = (settings[number / ORDERS.len()], ORDERS[number % ORDERS.len()]);
        Outcome::of(setting, order, &samples, scale, plan.price)
    };
    Ok(Report {
        day,
        origin: archive.origin(),
        sweeps_of_day: all.len() as u32,
        sweeps: taken.len() as u32,
        seed: plan.seed,
        rows,
        text_bytes,
        day_text_bytes: scaled(text_bytes, scale),
        archive_bytes: whole.map(|whole| whole.bytes),
        price_per_gb: plan.price,
        list_prices: &LIST_PRICES,
        readers: &READERS,
        outcomes: samples.into_iter().enumerate().map(outcome).collect(),
    })
}

/// `count` numbers below `all`, in the middles of as many equal parts.
fn spread(all: usize, count: u16) -> impl Iterator<Item = usize> {
    let count = usize::from(count).min(all);
    (0..count).map(move |number| (2 * number + 1) * all / (2 * count))
}

async fn read(archive: &Archive, kind: Kind, at: SlotTime) -> Result<Object, StudyError> {
    let object = kind.object(at);
    let text = archive.read_text(kind, at).await?;
    match Rows::cut(text).and_then(Rows::sorted) {
        Ok(rows) => Ok((object, rows)),
        Err(source) => Err(StudyError::Rows { object, source }),
    }
}

/// Both objects of a sweep through every setting, in both orders: samples by setting, then order.
fn sweep(objects: [Object; 2], settings: &[Setting], seed: u64, step: impl Fn()) -> Result<Vec<Sample>, StudyError> {
    let shuffled = objects.each_ref().map(|(object, rows)| (object.clone(), rows.shuffled(seed)));
    let (mut bytes, mut back) = (Vec::new(), Vec::new());
    let mut samples = Vec::with_capacity(settings.len() * ORDERS.len());
    for setting in settings {
        for order in [&objects, &shuffled] {
            let mut sample = Sample::default();
            for (object, rows) in order {
                let (written, read) = once(*setting, object, rows, &mut bytes, &mut back)?;
                sample.text_bytes += rows.text().len() as u64;
                sample.bytes += bytes.len() as u64;
                sample.write += written;
                sample.read += read;
            }
            samples.push(sample);
            step();
        }
    }
    Ok(samples)
}

/// Writes an object and reads it back.
fn once(
    setting: Setting,
    object: &str,
    rows: &Rows,
    bytes: &mut Vec<u8>,
    back: &mut Vec<u8>,
) -> Result<(Duration, Duration), StudyError> {
    let text = rows.text();
    bytes.clear();
    back.clear();
    // Touched before they are timed: the first use of memory is the system's work, not the library's.
    bytes.resize(text.len(), 0);
    bytes.clear();
    back.resize(text.len() + 1, 0);
    back.clear();
    let failed = |source| StudyError::Codec { setting, object: object.to_owned(), source };
    let (done, write) = timed(|| setting.write(rows, bytes));
    done.map_err(failed)?;
    let (done, read) = timed(|| setting.read(bytes, text.len() as u64 + 1, back));
    done.map_err(failed)?;
    if back == text { Ok((write, read)) } else { Err(StudyError::Differs { setting, object: object.to_owned() }) }
}

/// What a manifest says of a whole day.
#[derive(Clone, Copy)]
struct OfDay {
    text_bytes: u64,
    bytes: u64,
}

/// Nothing where the manifest lacks sweeps or lengths of text.
fn of_day(manifest: &Manifest, sweeps: usize) -> Option<OfDay> {
    let mut sum = OfDay { text_bytes: 0, bytes: 0 };
    for entry in manifest.sweeps.iter().flat_map(|sweep| [&sweep.streams, &sweep.chatters]) {
        sum.text_bytes += entry.text_bytes?;
        sum.bytes += entry.bytes;
    }
    (manifest.sweeps.len() == sweeps).then_some(sum)
}

/// From the sample to the day, in whole bytes.
pub(crate) fn scaled(bytes: u64, (day, sample): (u64, u64)) -> u64 {
    let day = u128::from(bytes) * u128::from(day) / u128::from(sample.max(1));
    u64::try_from(day).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sweeps_are_spread_over_the_day() {
        assert_eq!(spread(288, 24).take(3).collect::<Vec<_>>(), [6, 18, 30]);
        assert_eq!(spread(288, 24).last(), Some(282));
        assert_eq!(spread(3, 24).collect::<Vec<_>>(), [0, 1, 2]);
        assert_eq!(spread(7, 1).collect::<Vec<_>>(), [3]);
    }

    #[test]
    fn a_sample_scales_to_the_day() {
        assert_eq!(scaled(10, (288, 24)), 120);
        assert_eq!(scaled(u64::MAX, (2, 1)), u64::MAX);
    }
}
