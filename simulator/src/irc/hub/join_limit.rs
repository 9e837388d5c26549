//! How many JOINs are heard.

use std::collections::VecDeque;

/// Seconds that a JOIN counts for.
const WINDOW_SECONDS: i64 = 10;

/// The JOINs of the last seconds, of everybody: who is anonymous is told apart by their address, and here all have one.
pub(super) struct JoinLimit {
    limit: usize,
    heard: VecDeque<i64>,
}

impl JoinLimit {
    pub(super) fn new(limit: usize) -> JoinLimit {
        JoinLimit { limit, heard: VecDeque::new() }
    }

    /// Whether one more is heard at this instant. Those that are not do not count.
    pub(super) fn take(&mut self, now: i64) -> bool {
        // A clock that was set back forgets all: nothing may count for ever.
        let over = |at: &i64| now - at >= WINDOW_SECONDS || now < *at;
        while self.heard.front().is_some_and(over) {
            self.heard.pop_front();
        }
        let heard = self.heard.len() < self.limit;
        if heard {
            self.heard.push_back(now);
        }
        heard
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_above_waits_for_the_window() {
        let mut limit = JoinLimit::new(2);
        assert_eq!([5, 6, 6, 14, 15, 15, 16].map(|now| limit.take(now)), [true, true, false, false, true, false, true]);
        assert!(limit.take(0));
    }
}
