//! One virtual clock for sweeps, closes, jobs and pages.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use model::day::Day;
use model::slot::SlotTime;

/// The longest real sleep: the wall's clock may be set meanwhile, or the machine sleep, so it is read again.
const SLEEP_MAX: Duration = Duration::from_secs(1);
/// The shortest: a virtual second may be less than a timer's tick.
const SLEEP_MIN: Duration = Duration::from_millis(1);

/// Tells Unix time: the wall's, or an invented one that starts anywhere and runs at any speed, or stands still. And how
/// long things last, which is another question: the wall's clock is set now and then.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    kind: Kind,
    made: Instant,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Wall,
    Virtual { start_ms: i64, speed: f64 },
}

/// An instant, told twice; in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Unix time, as the clock shows it: in which slot something is.
    pub unix_ms: i64,
    /// The same pace since the clock was made, which nobody sets: how long something lasts, and when it is due.
    pub steady_ms: i64,
}

impl Moment {
    /// When it was, or will be, this Unix time, on the steady clock: as far as the other one was not set in between.
    pub fn steady_at(&self, unix_ms: i64) -> i64 {
        self.steady_ms - (self.unix_ms - unix_ms)
    }

    /// How far the one clock is ahead of the other. It changes when the clock is set, and when the machine sleeps: the steady
    /// clock does too.
    pub fn offset_ms(&self) -> i64 {
        self.unix_ms - self.steady_ms
    }
}

impl Clock {
    /// The wall's clock.
    pub fn wall() -> Clock {
        Clock { kind: Kind::Wall, made: Instant::now() }
    }

    /// Begins now at `start_ms` (Unix time in milliseconds) and runs `speed` times faster than the wall's; 0 stands still.
    pub fn virtual_from(start_ms: i64, speed: f64) -> Clock {
        Clock { kind: Kind::Virtual { start_ms, speed: speed.max(0.0) }, made: Instant::now() }
    }

    /// What it shows, and the steady clock with it.
    pub fn moment(&self) -> Moment {
        let steady_ms = self.steady_ms();
        let unix_ms = match self.kind {
            Kind::Wall => SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64),
            Kind::Virtual { start_ms, .. } => start_ms + steady_ms,
        };
        Moment { unix_ms, steady_ms }
    }

    /// Unix time in milliseconds.
    pub fn now_ms(&self) -> i64 {
        self.moment().unix_ms
    }

    /// Milliseconds of the same pace since it was made: they go on whatever the wall's clock is set to, and stand still while
    /// the machine sleeps.
    pub fn steady_ms(&self) -> i64 {
        self.lasting(self.made.elapsed())
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
        let speed = self.speed();
        (speed > 0.0).then(|| Duration::from_secs_f64((ms.max(0) as f64 / 1_000.0 / speed).min(1e9)))
    }

    /// How many of its milliseconds a while on the wall lasts.
    pub fn lasting(&self, real: Duration) -> i64 {
        (real.as_secs_f64() * 1_000.0 * self.speed()) as i64
    }

    fn speed(&self) -> f64 {
        match self.kind {
            Kind::Wall => 1.0,
            Kind::Virtual { speed, .. } => speed,
        }
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
            self.sleep_towards(unix).await;
        }
    }

    /// Waits until it shows `unix` seconds, but no longer than until it is to be read again; for ever when it stands still.
    pub(crate) async fn sleep_towards(&self, unix: i64) {
        match self.real(unix * 1_000 - self.now_ms()) {
            Some(left) => tokio::time::sleep(left.clamp(SLEEP_MIN, SLEEP_MAX)).await,
            None => std::future::pending().await,
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
        assert_eq!(still.moment(), Moment { unix_ms: 1_795_348_800_500, steady_ms: 0 });
    }

    #[test]
    fn what_lasts_is_told_by_a_clock_that_nobody_sets() {
        let fast = Clock::virtual_from(5_000, 1_000_000.0);
        let (before, after) = (fast.moment(), fast.moment());
        assert!(before.steady_ms >= 0 && before.steady_ms <= after.steady_ms);
        assert_eq!([before, after].map(|moment| moment.offset_ms()), [5_000; 2]);
        let moment = Moment { unix_ms: 3_600_000, steady_ms: 1_000 };
        assert_eq!((moment.steady_at(3_600_400), moment.steady_at(3_500_000)), (1_400, -99_000));
        let wall = Clock::wall();
        assert!((0..60_000).contains(&wall.steady_ms()) && wall.moment().offset_ms() > 1_700_000_000_000);
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
