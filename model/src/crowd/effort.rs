//! How many of the people in an index are counted for a question, in which order, and by whom.

use std::num::NonZero;
use std::panic::resume_unwind;

/// Chunks of a sample at least.
const LEAST_CHUNKS: usize = 4;

/// How much is counted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Effort {
    /// One chunk of so many is the first sample.
    pub(super) every: usize,
    /// People counted from which on their number is taken for that of all.
    pub(super) enough: u32,
}

impl Effort {
    /// For a question of a page. Of 32 people counted the number of all is 18 % off, one standard deviation: a quarter of a bit.
    pub(super) const PAGE: Effort = Effort { every: 32, enough: 32 };

    /// How many chunks are the first sample. One of very few chunks would be one of a few months' newcomers.
    pub(super) fn sample(self, chunks: usize) -> usize {
        if chunks < 4 * LEAST_CHUNKS { chunks } else { (chunks / self.every).max(LEAST_CHUNKS) }
    }

    /// The places of chunks in the order of counting. People lie by first sight: neighbours follow each other nowhere in it.
    pub(super) fn order(chunks: usize) -> Vec<usize> {
        // Among so many numbers in a row there is one that shares no factor with how many there are.
        let golden = chunks * 618 / 1_000 + 1;
        let step = (golden..=golden + chunks).find(|step| common_factor(*step, chunks) == 1).unwrap_or(1);
        (0..chunks).map(|place| place * step % chunks).collect()
    }
}

/// Gives each core a part of some places; what each made of its own. A browser has one.
pub(super) fn on_all_cores<R: Send>(places: &[usize], work: impl Fn(&[usize]) -> R + Sync) -> Vec<R> {
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    let mut parts = places.chunks(places.len().div_ceil(cores).max(1));
    let Some(own) = parts.next() else { return Vec::new() };
    std::thread::scope(|scope| {
        let others: Vec<_> = parts.map(|part| scope.spawn(|| work(part))).collect();
        let mut made = vec![work(own)];
        made.extend(others.into_iter().map(|other| other.join().unwrap_or_else(|panic| resume_unwind(panic))));
        made
    })
}

/// The greatest common factor (Euclid).
fn common_factor(a: usize, b: usize) -> usize {
    if b == 0 { a } else { common_factor(b, a % b) }
}
