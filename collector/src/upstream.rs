//! A server that many ask at once: what it still grants, and whether it answers at all.
//!
//! Everybody who asks one server shares its budget and its breaker. The budget is the token bucket that its
//! `Ratelimit-*` headers describe; a server without them has none. The breaker opens after failures in a row: then one
//! call at a time finds out whether the server is back, and the others wait for it, for a while.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use reqwest::header::HeaderMap;
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::error::AskError;
use crate::figures;

/// A bucket that is empty is full again after a minute. Source: Twitch's API guide.
const FILLS_IN: Duration = Duration::from_secs(60);
/// Failures in a row after which the breaker opens: more than one broken connection makes of calls in flight by chance,
/// fewer than the calls that a sweep has in flight.
const FAILURES: u32 = 16;
/// The first pause before a call tries an upstream that is down; doubled each time.
const PROBE: Duration = Duration::from_secs(1);
/// No pause is longer.
const PROBE_MAX: Duration = Duration::from_secs(30);
/// Calls wait for an upstream that went down this long ago at most. What is asked of it after that fails at once, so that
/// a sweep tells in time what it does know.
const PATIENCE: Duration = Duration::from_secs(60);

/// An upstream; clones share what is known of it.
#[derive(Clone, Debug)]
pub(crate) struct Upstream {
    /// What figures call it.
    name: &'static str,
    /// Whether it tells Twitch's token bucket in its headers; others' headers of these names may mean other things.
    has_bucket: bool,
    known: Arc<Mutex<Known>>,
    /// A probe has ended.
    probed: Arc<Notify>,
}

#[derive(Debug, Default)]
struct Known {
    budget: Option<Budget>,
    failures: u32,
    down: Option<Down>,
}

/// Points of a bucket that fills evenly.
#[derive(Clone, Copy, Debug)]
struct Budget {
    limit: f64,
    left: f64,
    at: Instant,
}

impl Budget {
    /// What is left `now`.
    fn refill(&mut self, now: Instant) {
        let filled = now.saturating_duration_since(self.at).as_secs_f64() / FILLS_IN.as_secs_f64();
        self.left = (self.left + filled * self.limit).min(self.limit);
        self.at = now;
    }

    /// When there is a point again.
    fn next_point(&self) -> Instant {
        let missing = (1.0 - self.left).max(0.0);
        self.at + FILLS_IN.mul_f64(missing / self.limit.max(1.0))
    }
}

#[derive(Clone, Copy, Debug)]
struct Down {
    since: Instant,
    next_probe: Instant,
    pause: Duration,
    /// A call is finding out.
    probing: bool,
}

/// What a call has to wait for.
enum Wait {
    Until(Instant),
    /// For the probe that is under way, or is due then.
    Probe(Instant),
}

impl Upstream {
    /// An upstream of which nothing is known yet.
    pub(crate) fn new(name: &'static str) -> Upstream {
        Upstream { name, has_bucket: false, known: Arc::default(), probed: Arc::default() }
    }

    /// One that grants calls by Twitch's token bucket.
    pub(crate) fn with_bucket(name: &'static str) -> Upstream {
        Upstream { has_bucket: true, ..Upstream::new(name) }
    }

    /// What figures call it.
    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    /// Waits until a call may go out. Errors: not before the deadline, or the upstream has been down for too long.
    pub(crate) async fn admit(&self, what: &'static str, deadline: Instant) -> Result<Admitted<'_>, AskError> {
        loop {
            let probed = self.probed.notified();
            let wait = match self.known().admit(what, Instant::now())? {
                Ok(probing) => return Ok(Admitted { upstream: self, probing }),
                Err(wait) => wait,
            };
            let until = match wait {
                Wait::Until(at) | Wait::Probe(at) => at,
            };
            if until >= deadline {
                return Err(AskError::Late { what });
            }
            match wait {
                Wait::Until(at) => tokio::time::sleep_until(at).await,
                Wait::Probe(at) => drop(tokio::time::timeout_at(at.min(deadline), probed).await),
            }
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    /// Whether a call goes out now, and as a probe.
    fn admit(&mut self, what: &'static str, now: Instant) -> Result<Result<bool, Wait>, AskError> {
        if let Some(budget) = &mut self.budget {
            budget.refill(now);
            if budget.left < 1.0 {
                return Ok(Err(Wait::Until(budget.next_point())));
            }
        }
        if let Some(down) = &mut self.down {
            if down.probing {
                // It ends in its own time; its caller may be dropped, which ends it too.
                return Ok(Err(Wait::Probe(now + PROBE)));
            }
            if now < down.next_probe {
                if now.saturating_duration_since(down.since) >= PATIENCE {
                    return Err(AskError::Down { what });
                }
                return Ok(Err(Wait::Probe(down.next_probe)));
            }
            down.probing = true;
        }
        if let Some(budget) = &mut self.budget {
            budget.left -= 1.0;
        }
        Ok(Ok(self.down.is_some()))
    }
}

/// A call that may go out. Dropped without an answer it says nothing of the upstream.
#[derive(Debug)]
pub(crate) struct Admitted<'a> {
    upstream: &'a Upstream,
    probing: bool,
}

impl Admitted<'_> {
    /// Notes what the headers of an answer grant. Answers overtake each other: the least of them counts.
    pub(crate) fn granted(&self, headers: &HeaderMap) {
        let number = |name: &str| headers.get(name)?.to_str().ok()?.parse::<u32>().ok();
        let (Some(limit), Some(left)) = (number("ratelimit-limit"), number("ratelimit-remaining")) else { return };
        // Of no calls at all nothing could ever be learned.
        if !self.upstream.has_bucket || limit == 0 {
            return;
        }
        let (now, limit, left) = (Instant::now(), f64::from(limit), f64::from(left));
        let mut known = self.upstream.known();
        let known_left = known.budget.as_mut().map(|budget| {
            budget.refill(now);
            budget.left
        });
        let left = known_left.map_or(left, |known| known.min(left));
        known.budget = Some(Budget { limit, left, at: now });
        figures::granted(self.upstream.name, left);
    }

    /// The upstream answered, whatever it said.
    pub(crate) fn answered(self) {
        let mut known = self.upstream.known();
        known.failures = 0;
        if let Some(down) = known.down.take() {
            let server = self.upstream.name;
            tracing::info!(server, seconds = down.since.elapsed().as_secs(), "a server answers again");
            figures::down(server, false);
        }
    }

    /// It did not, or not as a server that works.
    pub(crate) fn failed(self) {
        let now = Instant::now();
        let mut known = self.upstream.known();
        known.failures = known.failures.saturating_add(1);
        let failures = known.failures;
        match &mut known.down {
            Some(down) if self.probing => {
                down.pause = (down.pause * 2).min(PROBE_MAX);
                down.next_probe = now + down.pause;
            }
            None if failures >= FAILURES => {
                known.down = Some(Down { since: now, next_probe: now + PROBE, pause: PROBE, probing: false });
                let server = self.upstream.name;
                tracing::warn!(server, failures, "a server is down: one call at a time finds out whether it is back");
                figures::down(server, true);
            }
            _ => {}
        }
    }
}

impl Drop for Admitted<'_> {
    fn drop(&mut self) {
        if self.probing {
            if let Some(down) = &mut self.upstream.known().down {
                down.probing = false;
            }
            self.upstream.probed.notify_waiters();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHAT: &str = "a call";

    fn headers(limit: u32, left: u32) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert("ratelimit-limit", limit.into());
        headers.insert("ratelimit-remaining", left.into());
        headers
    }

    fn soon() -> Instant {
        Instant::now() + Duration::from_secs(3_600)
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_asks_for_more_than_is_granted() {
        let upstream = Upstream::with_bucket("test");
        let first = upstream.admit(WHAT, soon()).await.unwrap();
        first.granted(&headers(60, 3));
        // An answer that was overtaken tells more than there is.
        first.granted(&headers(60, 40));
        first.answered();
        let start = Instant::now();
        for second in [0, 0, 0, 1, 2] {
            upstream.admit(WHAT, soon()).await.unwrap().answered();
            assert_eq!(start.elapsed().as_secs_f64().round() as u64, second);
        }
        let late = upstream.admit(WHAT, Instant::now() + Duration::from_millis(500)).await;
        assert!(matches!(late, Err(AskError::Late { .. })));
        // A minute later all of it is there, and no more.
        tokio::time::sleep(Duration::from_secs(600)).await;
        let start = Instant::now();
        for _ in 0..60 {
            upstream.admit(WHAT, soon()).await.unwrap().answered();
        }
        assert_eq!(start.elapsed(), Duration::ZERO);
        upstream.admit(WHAT, soon()).await.unwrap().answered();
        assert!(start.elapsed() > Duration::from_millis(900));
    }

    #[tokio::test(start_paused = true)]
    async fn one_call_at_a_time_asks_whether_it_is_back_and_the_others_wait() {
        let upstream = Upstream::with_bucket("test");
        for _ in 0..FAILURES {
            upstream.admit(WHAT, soon()).await.unwrap().failed();
        }
        let start = Instant::now();
        // The first probe goes out after a second, and fails; the second after two more.
        let probe = upstream.admit(WHAT, soon()).await.unwrap();
        assert_eq!(start.elapsed(), PROBE);
        let waiting = upstream.clone();
        let other = tokio::spawn(async move {
            waiting.admit(WHAT, soon()).await.unwrap().answered();
            Instant::now()
        });
        tokio::time::sleep(Duration::from_millis(100)).await;
        probe.failed();
        let answered = other.await.unwrap();
        assert_eq!((answered - start).as_millis(), 3_100);
        // It answers: nobody waits.
        upstream.admit(WHAT, Instant::now() + Duration::from_millis(1)).await.unwrap().answered();
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_down_for_long_is_not_waited_for() {
        let upstream = Upstream::with_bucket("test");
        for _ in 0..FAILURES {
            upstream.admit(WHAT, soon()).await.unwrap().failed();
        }
        let (start, mut probes) = (Instant::now(), 0);
        let down = loop {
            match upstream.admit(WHAT, soon()).await {
                Ok(probe) => probe.failed(),
                Err(error) => break error,
            }
            probes += 1;
        };
        assert!(matches!(down, AskError::Down { .. }) && start.elapsed() >= PATIENCE, "{:?}", start.elapsed());
        assert!((5..8).contains(&probes), "{probes}");
        // But it is looked after, and heals: whoever comes while a call finds out waits for it.
        tokio::time::sleep(PROBE_MAX).await;
        let probe = upstream.admit(WHAT, soon()).await.unwrap();
        let others: Vec<_> = (0..100)
            .map(|_| {
                let upstream = upstream.clone();
                tokio::spawn(async move { upstream.admit(WHAT, soon()).await.map(Admitted::answered).is_ok() })
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(50)).await;
        probe.answered();
        for other in others {
            assert!(other.await.unwrap());
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_probe_that_is_given_up_keeps_nobody_from_the_next() {
        let upstream = Upstream::with_bucket("test");
        for _ in 0..FAILURES {
            upstream.admit(WHAT, soon()).await.unwrap().failed();
        }
        drop(upstream.admit(WHAT, soon()).await.unwrap());
        let start = Instant::now();
        upstream.admit(WHAT, soon()).await.unwrap().answered();
        assert!(start.elapsed() <= PROBE);
    }
}
