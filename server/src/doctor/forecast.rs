//! How many bytes the planned retention takes, from what is held already, else from figures that were measured.

/// Days whose objects and rows tell how large a day is: a week, whose days differ.
pub(super) const DAYS: usize = 7;
/// A day with fewer sweeps tells nothing: half a day is not half of it.
pub(super) const SWEEPS_MIN: usize = 144;
/// Sweeps of a whole day.
const SWEEPS: f64 = 288.0;

/// Indexes and manifests are a seventh of the objects that they are of; measured of eight weeks of `vigie demo`.
const WITH_INDEX: f64 = 1.15;

/// The benchmark day of docs/figures.md: channels, the people seen in them, compressed bytes.
const CHANNELS: f64 = 2_000.0;
const VIEWERS: f64 = 1_410_000.0;
const ARCHIVE_BYTES: f64 = 246e6;
/// What a store takes of a person's day, everything in it; docs/figures.md, a year of 10 M people.
const VIEWER_DAY_BYTES: f64 = 24.1;
/// Hours take more than the slots that they are made of: 28.7 against 15.4 bytes a viewer-day of a month of `vigie demo`.
const HOURS_MORE_BYTES: f64 = 13.3;
/// A store of fewer days tells nothing: the last one is open, and the first one may have begun in the evening.
const STORE_DAYS_MIN: u64 = 3;
/// A store with fewer people's days has mostly the least that a file takes.
const VIEWER_DAYS_MIN: u64 = 100_000;
/// A month goes as a whole.
const MONTH_DAYS: f64 = 31.0;

/// What the crowd's index takes of each person of a day; docs/figures.md, 4 M people of whom 1.5 M come on a day.
const CROWD_BYTES: f64 = 193.0;

/// Bytes that a place takes: each day, and when it holds all that it is to keep.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Forecast {
    pub(super) day_bytes: f64,
    pub(super) all_bytes: f64,
    /// Whether it is from days that are held, or from figures of others.
    pub(super) is_measured: bool,
}

/// What the most watched channels have of the people of the 2,000, since people crowd: of a simulated evening 250, 500 and
/// 1,000 have 56, 64 and 77 %, by this 54, 66 and 81 %.
fn share(channels: usize) -> f64 {
    (channels as f64 / CHANNELS).powf(0.3)
}

/// Of an archive of so many channels; `held` has the bytes and sweeps of some of its days.
pub(super) fn archive(channels: usize, raw_days: u16, held: &[(u64, usize)]) -> Forecast {
    let whole = |(bytes, sweeps): &(u64, usize)| *bytes as f64 * SWEEPS / *sweeps as f64 * WITH_INDEX;
    let days: Vec<f64> = held.iter().filter(|(_, sweeps)| *sweeps >= SWEEPS_MIN).map(whole).collect();
    let is_measured = !days.is_empty();
    let day_bytes =
        if is_measured { days.iter().sum::<f64>() / days.len() as f64 } else { ARCHIVE_BYTES * share(channels) };
    Forecast { day_bytes, all_bytes: day_bytes * f64::from(raw_days), is_measured }
}

/// What a store holds.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Held {
    pub(super) days: u64,
    pub(super) viewer_days: u64,
    pub(super) bytes: u64,
}

/// Of the crowd's index of so many channels: two of them, since the next one is whole before it takes the place of the last.
pub(super) fn crowd(channels: usize, held: Held) -> Forecast {
    let is_measured = held.days >= STORE_DAYS_MIN;
    let viewers = if is_measured { held.viewer_days as f64 / held.days as f64 } else { VIEWERS * share(channels) };
    Forecast { day_bytes: 0.0, all_bytes: 2.0 * viewers * CROWD_BYTES, is_measured }
}

/// Of a store of so many channels, that keeps slots and then hours.
pub(super) fn store(channels: usize, raw_days: u16, hour_days: u16, held: Held) -> Forecast {
    let is_measured = held.days >= STORE_DAYS_MIN;
    let viewers = if is_measured { held.viewer_days as f64 / held.days as f64 } else { VIEWERS * share(channels) };
    let each = if held.viewer_days >= VIEWER_DAYS_MIN {
        held.bytes as f64 / held.viewer_days as f64
    } else {
        VIEWER_DAY_BYTES
    };
    let (raw_days, hour_days) = (f64::from(raw_days), f64::from(hour_days));
    let hours_bytes = viewers * HOURS_MORE_BYTES * (hour_days - raw_days).max(0.0);
    let day_bytes = viewers * each;
    Forecast { day_bytes, all_bytes: day_bytes * (hour_days + MONTH_DAYS) + hours_bytes, is_measured }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_goes_before_figures() {
        let guess = archive(2_000, 90, &[(1_000, 12)]);
        assert_eq!(guess, Forecast { day_bytes: 246e6, all_bytes: 246e6 * 90.0, is_measured: false });
        let measured = archive(2_000, 10, &[(1_000, 144), (4_000, 288), (9, 1)]);
        assert!((measured.day_bytes - 3_450.0).abs() < 1e-6 && (measured.all_bytes - 34_500.0).abs() < 1e-6);
        assert!(measured.is_measured);
        let half = archive(500, 1, &[(1_000, SWEEPS_MIN - 1)]);
        assert!((half.day_bytes - 162.3e6).abs() < 0.1e6, "{half:?}");
    }

    #[test]
    fn the_index_grows_with_who_comes_on_a_day_and_not_with_days() {
        let guess = crowd(2_000, Held::default());
        assert!(!guess.is_measured && (guess.all_bytes - 544e6).abs() < 1e6, "{guess:?}");
        let measured = crowd(2_000, Held { days: 10, viewer_days: 10_000, bytes: 9 });
        assert_eq!(measured, Forecast { day_bytes: 0.0, all_bytes: 386_000.0, is_measured: true });
    }

    #[test]
    fn a_small_store_tells_how_many_come_and_not_what_a_day_takes() {
        let small = store(2_000, 69, 69, Held { days: 4, viewer_days: 4_000, bytes: 10_000_000 });
        assert!(small.is_measured && (small.day_bytes - 24_100.0).abs() < 1e-6);
        assert!((small.all_bytes - 2_410_000.0).abs() < 1e-3);
        let large = store(2_000, 69, 69, Held { days: 4, viewer_days: 2_000_000, bytes: 30_000_000 });
        assert!((large.day_bytes - 7_500_000.0).abs() < 1e-3);
        let guess = store(2_000, 90, 400, Held::default());
        assert!(!guess.is_measured && (20.4e9..20.6e9).contains(&guess.all_bytes), "{guess:?}");
    }
}
