//! What can go wrong with answers over HTTP, switched while the server runs.
//!
//! `draw` says which request meets a fault, `act` does it, `file` reads the switches from a file. Faults of what an answer
//! says are done by whoever makes it; `pages` does those of pages.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tokio::sync::watch;

pub(super) mod act;
mod draw;
pub(super) mod file;
pub(super) mod pages;

pub(super) use self::draw::Call;

/// How often what goes wrong: probabilities from 0 to 1, each of the requests that the fault fits.
///
/// One request meets one fault at most, so the probabilities add up to no more than 1. Which one it meets depends on the seed
/// and on how many requests came before.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HttpFaults {
    /// What chance is drawn from.
    pub seed: u64,
    /// 502 with a page of HTML.
    pub bad_gateway: f64,
    /// 200, and the JSON breaks off.
    pub truncated: f64,
    /// 200, and nothing in it.
    pub empty: f64,
    /// The chatters endpoint tells of zero chatters where there are some; only of channels with so many viewers that it is seen.
    pub false_zero: f64,
    /// A list of chatters names fewer than it counts.
    pub cut_off: f64,
    /// The answer comes late.
    pub slow: f64,
    /// How late, in real milliseconds.
    pub slow_ms: u64,
    /// Headers come, and nothing after them.
    pub stuck: f64,
    /// The connection is reset in place of an answer.
    pub reset: f64,
    /// The connection is reset in the middle of an answer.
    pub reset_in_body: f64,
    /// 429 with `Retry-After`.
    pub retry_after: f64,
    /// 429 with `Ratelimit-*` alone.
    pub ratelimit: f64,
    /// How long these two ask to be left alone, in seconds.
    pub wait_seconds: u32,
    /// 429 that says nothing more.
    pub too_many: f64,
    /// 401: the token expires before its time.
    pub expired: f64,
    /// `400 Invalid cursor`.
    pub invalid_cursor: f64,
    /// A page half as long as it was asked for.
    pub short_page: f64,
    /// The next page begins with the last one of this page.
    pub duplicate: f64,
    /// The next page leaves out whoever comes after this page.
    pub gap: f64,
    /// The page's cursor leads back to it.
    pub cursor_loop: f64,
}

impl Default for HttpFaults {
    /// Nothing goes wrong.
    fn default() -> HttpFaults {
        HttpFaults::each(0.0)
    }
}

/// What goes wrong with one answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is told at the field of its name in `HttpFaults`")]
pub enum Fault {
    BadGateway,
    Truncated,
    Empty,
    FalseZero,
    CutOff,
    Slow,
    Stuck,
    Reset,
    ResetInBody,
    RetryAfter,
    Ratelimit,
    TooMany,
    Expired,
    InvalidCursor,
    ShortPage,
    Duplicate,
    Gap,
    CursorLoop,
}

impl Fault {
    /// All of them, in the order of [`HttpFaults`].
    pub const ALL: [Fault; 18] = [
        Fault::BadGateway,
        Fault::Truncated,
        Fault::Empty,
        Fault::FalseZero,
        Fault::CutOff,
        Fault::Slow,
        Fault::Stuck,
        Fault::Reset,
        Fault::ResetInBody,
        Fault::RetryAfter,
        Fault::Ratelimit,
        Fault::TooMany,
        Fault::Expired,
        Fault::InvalidCursor,
        Fault::ShortPage,
        Fault::Duplicate,
        Fault::Gap,
        Fault::CursorLoop,
    ];

    /// Whether it is a fault of what the answer says: whoever makes the answer does it, where it can be done.
    pub(super) fn is_of_contents(self) -> bool {
        use Fault::{CursorLoop, CutOff, Duplicate, FalseZero, Gap, ShortPage};
        matches!(self, FalseZero | CutOff | ShortPage | Duplicate | Gap | CursorLoop)
    }
}

impl HttpFaults {
    /// Every fault with the same probability.
    pub fn each(probability: f64) -> HttpFaults {
        HttpFaults {
            seed: 0,
            bad_gateway: probability,
            truncated: probability,
            empty: probability,
            false_zero: probability,
            cut_off: probability,
            slow: probability,
            slow_ms: 1_000,
            stuck: probability,
            reset: probability,
            reset_in_body: probability,
            retry_after: probability,
            ratelimit: probability,
            wait_seconds: 1,
            too_many: probability,
            expired: probability,
            invalid_cursor: probability,
            short_page: probability,
            duplicate: probability,
            gap: probability,
            cursor_loop: probability,
        }
    }

    /// How often a fault happens to requests that it fits.
    pub fn probability(&self, fault: Fault) -> f64 {
        match fault {
            Fault::BadGateway => self.bad_gateway,
            Fault::Truncated => self.truncated,
            Fault::Empty => self.empty,
            Fault::FalseZero => self.false_zero,
            Fault::CutOff => self.cut_off,
            Fault::Slow => self.slow,
            Fault::Stuck => self.stuck,
            Fault::Reset => self.reset,
            Fault::ResetInBody => self.reset_in_body,
            Fault::RetryAfter => self.retry_after,
            Fault::Ratelimit => self.ratelimit,
            Fault::TooMany => self.too_many,
            Fault::Expired => self.expired,
            Fault::InvalidCursor => self.invalid_cursor,
            Fault::ShortPage => self.short_page,
            Fault::Duplicate => self.duplicate,
            Fault::Gap => self.gap,
            Fault::CursorLoop => self.cursor_loop,
        }
    }

    /// Whether all are probabilities, and add up to no more than 1.
    pub fn is_possible(&self) -> bool {
        let all = Fault::ALL.map(|fault| self.probability(fault));
        // Eighteen times 0.05 and the like are a little more than they should be.
        all.iter().all(|probability| (0.0..=1.0).contains(probability)) && all.iter().sum::<f64>() <= 1.0 + 1e-9
    }
}

/// The switches of a running server. What was switched holds for requests that come afterwards.
#[derive(Clone, Debug)]
pub struct Faults(Arc<watch::Sender<HttpFaults>>);

impl Default for Faults {
    /// Nothing goes wrong.
    fn default() -> Faults {
        Faults(Arc::new(watch::Sender::new(HttpFaults::default())))
    }
}

impl Faults {
    /// Sets what goes wrong from now on. Of probabilities that add up to more than 1 the last ones happen less often.
    pub fn set(&self, faults: HttpFaults) {
        self.0.send_replace(faults);
    }

    /// What goes wrong now.
    pub fn get(&self) -> HttpFaults {
        *self.0.borrow()
    }

    /// Until this goes wrong and nothing else; a file that is read may take a while.
    pub async fn are(&self, faults: HttpFaults) {
        // It fails when the sender is gone, which is here.
        let _ = self.0.subscribe().wait_for(|now| *now == faults).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_names_every_fault_as_the_log_does() {
        let named = serde_json::to_value(HttpFaults::each(0.05)).unwrap();
        for fault in Fault::ALL {
            let name = serde_json::to_value(fault).unwrap();
            assert_eq!(named[name.as_str().unwrap()], 0.05, "{name}");
        }
        assert_eq!(named.as_object().unwrap().len(), Fault::ALL.len() + 3);
        assert!(HttpFaults::each(0.05).is_possible() && HttpFaults::each(1.0 / 18.0).is_possible());
        assert!(!HttpFaults::each(0.06).is_possible());
        assert!(!HttpFaults { gap: -0.1, ..HttpFaults::default() }.is_possible());
        assert!(!HttpFaults { gap: f64::NAN, ..HttpFaults::default() }.is_possible());
    }
}
