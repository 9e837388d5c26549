//! Whether chances that were claimed came true as often as claimed.

use serde::{Deserialize, Serialize};

use super::share::Share;

/// Bins of claimed chances, a tenth each.
pub const BINS: usize = 10;

/// Claims of about the same chance.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bin {
    /// The mean chance that was claimed, 0–1.
    pub claimed: f64,
    /// How often it was so.
    pub held: Share,
}

/// What claims are worth.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reliability {
    /// By claimed chance, the least first; empty bins are left out.
    pub bins: Vec<Bin>,
    /// The mean of (claimed − so)², 0–1 (Brier 1950): 0.25 where always a half is claimed.
    pub brier: f64,
    /// The mean distance of claimed and so over the bins, each counting by its claims.
    pub calibration_error: f64,
}

impl Reliability {
    /// Of claims and whether they held; those that are no chances are left out. Nothing of none.
    pub fn of(claims: impl IntoIterator<Item = (f64, bool)>) -> Option<Reliability> {
        let mut sums = [(0.0, 0u32, 0u32); BINS];
        let (mut brier, mut count) = (0.0, 0u32);
        for (chance, held) in claims.into_iter().filter(|(chance, _)| (0.0..=1.0).contains(chance)) {
            let bin = &mut sums[((chance * BINS as f64) as usize).min(BINS - 1)];
            *bin = (bin.0 + chance, bin.1 + u32::from(held), bin.2 + 1);
            brier += (chance - f64::from(u8::from(held))).powi(2);
            count += 1;
        }
        if count == 0 {
            return None;
        }
        let bin = |(claimed, held, of): &(f64, u32, u32)| {
            Some(Bin { claimed: claimed / f64::from(*of), held: Share::new(*held, *of)? })
        };
        let bins: Vec<Bin> = sums.iter().filter_map(bin).collect();
        let off = |bin: &Bin| (bin.claimed - bin.held.share).abs() * f64::from(bin.held.of);
        let calibration_error = bins.iter().map(off).sum::<f64>() / f64::from(count);
        Some(Reliability { bins, brier: brier / f64::from(count), calibration_error })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_are_held_against_what_came_true() {
        let claims = (0..10).map(|n| (0.85, n < 6)).chain([(1.0, true), (0.05, false), (f64::NAN, true), (1.5, true)]);
        let found = Reliability::of(claims).unwrap();
        let shares: Vec<f64> = found.bins.iter().map(|bin| bin.held.share).collect();
        assert_eq!((shares, found.bins.len()), (vec![0.0, 0.6, 1.0], 3));
        assert!((found.calibration_error - (0.05 + 10.0 * 0.25) / 12.0).abs() < 1e-9, "{found:?}");
        assert_eq!(Reliability::of([]), None);
    }
}
