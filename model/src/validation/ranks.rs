//! Places of the right one among others, against how many others there are.

use serde::{Deserialize, Serialize};

use super::share::Share;

/// How often the right one is in front, among so many.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recall {
    /// Among how many, at most.
    pub among: u32,
    /// First.
    pub at_1: Share,
    /// One of the first ten.
    pub at_10: Share,
}

/// By size of the crowd, the smallest first, of (rank, among).
pub fn recalls(ranks: &[(u32, u32)]) -> Vec<Recall> {
    let mut sizes: Vec<u32> = ranks.iter().map(|(_, among)| *among).collect();
    sizes.sort_unstable();
    sizes.dedup();
    let recall = |among: u32| {
        let within =
            |most: u32| Share::of(ranks.iter().filter(|(_, size)| *size == among).map(|(rank, _)| *rank <= most));
        Some(Recall { among, at_1: within(1)?, at_10: within(10)? })
    };
    sizes.into_iter().filter_map(recall).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recall_is_told_by_size() {
        let found = recalls(&[(1, 100), (4, 100), (30, 100), (2, 1_000)]);
        assert_eq!(found.iter().map(|recall| recall.among).collect::<Vec<_>>(), [100, 1_000]);
        assert_eq!((found[0].at_1.count, found[0].at_10.count, found[1].at_1.count), (1, 2, 0));
        assert!(recalls(&[]).is_empty());
    }
}
