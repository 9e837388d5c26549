//! One virtual clock for sweeps, closes, jobs and pages.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use model::day::Day;
use model::slot::SlotTime;

/// The longest real sleep: the wall's clock may jump meanwhile, so it is read again.
const SLEEP_MAX: Duration = Duration::from_secs(30);
/// The shortest: a virtual second may be less than a timer's tick.
const SLEEP_MIN: Duration = Duration::from_millis(1);

/// Tells Unix time: the wall's, or an invented one that starts anywhere and runs at any speed, or stands still.
#[derive(Clone, Copy, Debug)]
pub struct Clock(Kind);

#[derive(Clone, Copy, Debug)]
enum Kind {
    Wall,
    Virtual { started: Instant, start_ms: i64, speed: f64 },
}

impl Clock {
    /// The wall's clock.
    pub fn wall() -> Clock {
        Clock(Kind::Wall)
    }

    /// Begins now at `start_ms` (Unix time in milliseconds) and runs `speed` times faster than the wall's; 0 stands still.
    pub fn virtual_from(start_ms: i64, speed: f64) -> Clock {
        Clock(Kind::Virtual { started: Instant::now(), start_ms, speed: speed.max(0.0) })
    }

    /// Unix time in milliseconds.
    pub fn now_ms(&self) -> i64 {
        match self.0 {
            Kind::Wall => SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64),
            Kind::Virtual { started, start_ms, speed } => {
                start_ms + (started.elapsed().as_secs_f64() * 1_000.0 * speed) as i64
            }
        }
    }

    /// Unix time in seconds.
    pub fn now(&self) -> i64 {
        self.now_ms().div_euclid(1_000)
    }

    /// The slot that it is; the nearest one outside the range of days.
    pub fn slot(&self) -> SlotTime {
        SlotTime::from_unix(self.now()).unwrap_or(SlotTime::at(if self.now() < 0 { Day::MIN } else { Day::MAX }, 0))
    }

    /// How long `ms` of its milliseconds last on the wall; nothing when it stands still.
    pub fn real(&self, ms: i64) -> Option<Duration> {
        let speed = match self.0 {
            Kind::Wall => 1.0,
            Kind::Virtual { speed, .. } => speed,
        };
        (speed > 0.0).then(|| Duration::from_secs_f64((ms.max(0) as f64 / 1_000.0 / speed).min(1e9)))
    }

    /// How many of its milliseconds a while on the wall lasts.
    pub fn lasting(&self, real: Duration) -> i64 {
        let speed = match self.0 {
            Kind::Wall => 1.0,
            Kind::Virtual { speed, .. } => speed,
        };
        (real.as_secs_f64() * 1_000.0 * speed) as i64
    }

    /// Waits for `ms` of its milliseconds; for ever when it stands still.
    pub async fn pass(&self, ms: i64) {
        match self.real(ms) {
            Some(time) => tokio::time::sleep(time).await,
            None => std::future::pending().await,
        }
    }

    /// Waits until it shows `unix` seconds or later; for ever when it stands still before that.
    pub async fn sleep_until(&self, unix: i64) {
        while self.now_ms() < unix * 1_000 {
            match self.real(unix * 1_000 - self.now_ms()) {
                Some(left) => tokio::time::sleep(left.clamp(SLEEP_MIN, SLEEP_MAX)).await,
                None => std::future::pending().await,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_virtual_clock_starts_where_it_is_told() {
        let still = Clock::virtual_from(1_795_348_800_500, 0.0);
        assert_eq!((still.now_ms(), still.now(), still.real(5)), (1_795_348_800_500, 1_795_348_800, None));
        assert_eq!(still.slot().to_string(), "2026-11-22T12:00:00Z");
    }

    #[tokio::test]
    async fn waiting_is_scaled_by_the_speed() {
        let fast = Clock::virtual_from(0, 1_000_000.0);
        fast.sleep_until(3_600).await;
        assert!(fast.now() >= 3_600);
        assert_eq!(Clock::virtual_from(0, 10.0).real(1_000), Some(Duration::from_millis(100)));
        assert!(Clock::wall().now() > 1_700_000_000);
    }
}
