//! Helix's token bucket.

/// Seconds in which an empty bucket fills.
const FILLS_IN: i64 = 60;

/// Points of one client.
pub(crate) struct Bucket {
    limit: u32,
    /// Points × 60, so that a second gives back `limit` of them.
    left: i64,
    filled_at: i64,
}

/// What the headers of an answer say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Points {
    pub(crate) limit: u32,
    pub(crate) remaining: u32,
    /// When the bucket is full again, Unix time in seconds.
    pub(crate) reset: i64,
    /// Whether this call may go on.
    pub(crate) granted: bool,
}

impl Bucket {
    pub(crate) fn new(limit: u32) -> Bucket {
        Bucket { limit, left: i64::from(limit) * FILLS_IN, filled_at: i64::MIN }
    }

    pub(crate) fn take(&mut self, now: i64) -> Points {
        let limit = i64::from(self.limit);
        let seconds = now.saturating_sub(self.filled_at).clamp(0, FILLS_IN);
        self.left = (self.left + seconds * limit).min(limit * FILLS_IN);
        self.filled_at = now;
        let granted = self.left >= FILLS_IN;
        if granted {
            self.left -= FILLS_IN;
        }
        let missing = limit * FILLS_IN - self.left;
        let reset = now + (missing + limit - 1) / limit.max(1);
        Points { limit: self.limit, remaining: (self.left / FILLS_IN) as u32, reset, granted }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_fills_it() {
        let mut bucket = Bucket::new(3);
        let granted: Vec<bool> = (0..4).map(|_| bucket.take(1_000).granted).collect();
        assert_eq!(granted, [true, true, true, false]);
        let empty = bucket.take(1_000);
        assert_eq!((empty.remaining, empty.reset, empty.granted), (0, 1_060, false));
        assert!(!bucket.take(1_019).granted && bucket.take(1_020).granted);
        assert_eq!(bucket.take(2_000), Points { limit: 3, remaining: 2, reset: 2_020, granted: true });
    }
}
