//! How long work takes, in the time of its thread: what others do on the machine does not count.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// Does the work and tells the CPU time that this thread spent on it.
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = now();
    let done = work();
    (done, now().saturating_sub(start))
}

fn now() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    // A clock that counts up from 0 is never negative.
    Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec.unsigned_abs() as u32)
}
