//! Shares, and how sure they are.

use serde::{Deserialize, Serialize};

/// How many of how many.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// How many.
    pub count: u32,
    /// Of how many; at least 1.
    pub of: u32,
    /// The share, 0–1.
    pub share: f64,
    /// The lower end of its 95 % interval (Wilson 1927).
    pub from: f64,
    /// The upper end.
    pub to: f64,
}

/// The 97.5 % quantile of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

impl Share {
    /// Of some yes and no; nothing of none. `count` is at most `of`.
    pub fn new(count: u32, of: u32) -> Option<Share> {
        if of == 0 {
            return None;
        }
        let (n, share) = (f64::from(of), f64::from(count.min(of)) / f64::from(of));
        let (middle, wide) =
            (share + Z * Z / (2.0 * n), Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt());
        let scale = 1.0 + Z * Z / n;
        let (from, to) = (((middle - wide) / scale).clamp(0.0, share), ((middle + wide) / scale).clamp(share, 1.0));
        Some(Share { count: count.min(of), of, share, from, to })
    }

    /// How many of them are so; nothing of none.
    pub fn of(all: impl IntoIterator<Item = bool>) -> Option<Share> {
        let (count, of) = all.into_iter().fold((0, 0), |(count, of), yes| (count + u32::from(yes), of + 1));
        Share::new(count, of)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn intervals_are_those_of_statsmodels() {
        // proportion_confint(8, 10, method="wilson"), and of 0 of 20.
        let found = Share::new(8, 10).unwrap();
        assert!((found.from - 0.490_162).abs() < 1e-5 && (found.to - 0.943_318).abs() < 1e-5, "{found:?}");
        let none = Share::new(0, 20).unwrap();
        assert!(none.from == 0.0 && (none.to - 0.161_125).abs() < 1e-5, "{none:?}");
        assert_eq!((Share::new(0, 0), Share::of([true, false, true]).unwrap().count), (None, 2));
    }

    proptest! {
        #[test]
        fn a_share_lies_in_its_interval(of in 1u32..100_000, count in 0u32..100_000) {
            let found = Share::new(count, of).unwrap();
            prop_assert!((0.0..=found.share).contains(&found.from) && (found.share..=1.0).contains(&found.to));
        }
    }
}
