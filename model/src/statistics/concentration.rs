//! How unequally something is spread: viewers over streamers.

use serde::{Deserialize, Serialize};

use crate::analysis::Method;
use crate::analysis::bootstrap::quantile;
use crate::words::Tier;

/// What the spread is worked out by.
pub const METHOD: Method = Method::new("concentration", 1, Tier::Aggregates);

/// Percentiles that are told beside the median.
pub const PERCENTILES: [u8; 6] = [10, 25, 75, 90, 95, 99];
/// Equal steps of a Lorenz curve.
pub const LORENZ_STEPS: usize = 100;

/// A distribution of amounts over holders.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Concentration {
    /// Holders.
    pub count: u32,
    /// Σ amounts.
    pub total: f64,
    /// The amount that half of the holders have at most (type 7 of Hyndman and Fan 1996, as numpy).
    pub median: f64,
    /// The amounts at [`PERCENTILES`], in their order.
    pub percentiles: [f64; PERCENTILES.len()],
    /// Gini's coefficient, 0 (all alike) to 1 − 1/n (one has all): Σ (2i − n − 1) x_i / (n Σ x_i), x ascending, i from 1 (Gini 1912; in
    /// this form Sen 1973). Of all holders, not an estimate for a larger population.
    pub gini: f64,
    /// Lorenz curve (Lorenz 1905): the share of the total, 0–1, that the poorest 0, 1, … 100 % of the holders have together; linear between
    /// two holders. [`LORENZ_STEPS`] + 1 values.
    pub lorenz: Vec<f64>,
}

impl Concentration {
    /// The share of the total, 0–1, that the richest `percent` of the holders have.
    pub fn share_of_top(&self, percent: u8) -> f64 {
        let below = LORENZ_STEPS - usize::from(percent).min(LORENZ_STEPS);
        1.0 - self.lorenz.get(below).copied().unwrap_or(0.0)
    }
}

/// The distribution of these amounts; nothing of none, or where all are zero. What is negative or not finite is left out.
pub fn concentration(amounts: &[f64]) -> Option<Concentration> {
    let mut ascending: Vec<f64> =
        amounts.iter().copied().filter(|amount| amount.is_finite() && *amount >= 0.0).collect();
    ascending.sort_unstable_by(f64::total_cmp);
    let total: f64 = ascending.iter().sum();
    if total <= 0.0 || !total.is_finite() {
        return None;
    }
    let count = ascending.len();
    // Shares first: products of large amounts could overflow.
    let shares: Vec<f64> = ascending.iter().map(|amount| amount / total).collect();
    let ranked = |(place, share): (usize, &f64)| (2.0 * (place as f64 + 1.0) - count as f64 - 1.0) * share;
    let gini = (shares.iter().enumerate().map(ranked).sum::<f64>() / count as f64).clamp(0.0, 1.0);
    Some(Concentration {
        count: u32::try_from(count).unwrap_or(u32::MAX),
        total,
        median: quantile(&ascending, 0.5)?,
        percentiles: PERCENTILES.map(|percent| quantile(&ascending, f64::from(percent) / 100.0).unwrap_or(0.0)),
        gini,
        lorenz: lorenz(&shares),
    })
}

/// The curve of ascending shares.
fn lorenz(shares: &[f64]) -> Vec<f64> {
    let mut sums = Vec::with_capacity(shares.len() + 1);
    sums.push(0.0);
    let mut sum = 0.0;
    for share in shares {
        sum += share;
        sums.push(f64::min(sum, 1.0));
    }
    let at =
        |step: usize| if step == LORENZ_STEPS { Some(1.0) } else { quantile(&sums, step as f64 / LORENZ_STEPS as f64) };
    (0..=LORENZ_STEPS).map(|step| at(step).unwrap_or(0.0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn alike_and_one_has_all() {
        let alike = concentration(&[5.0; 40]).unwrap();
        assert!(alike.gini.abs() < 1e-12 && (alike.share_of_top(10) - 0.1).abs() < 1e-9);
        let mut one = [0.0; 50];
        one[7] = 9.0;
        let one = concentration(&one).unwrap();
        assert!((one.gini - 0.98).abs() < 1e-12 && (one.share_of_top(2) - 1.0).abs() < 1e-9, "{one:?}");
        assert_eq!(
            (concentration(&[]), concentration(&[0.0, 0.0]), concentration(&[f64::NAN, -3.0])),
            (None, None, None)
        );
        assert_eq!(concentration(&[f64::MAX, f64::MAX]), None);
    }

    proptest! {
        #[test]
        fn a_curve_rises_below_the_diagonal(amounts in proptest::collection::vec(0.0f64..1e9, 1..300)) {
            let Some(found) = concentration(&amounts) else { return Ok(()) };
            prop_assert!((0.0..=1.0).contains(&found.gini));
            prop_assert_eq!((found.lorenz.len(), found.lorenz[0], found.lorenz[100]), (101, 0.0, 1.0));
            prop_assert!(found.lorenz.windows(2).all(|pair| pair[0] <= pair[1] + 1e-12));
            prop_assert!(found.lorenz.iter().enumerate().all(|(step, share)| *share <= step as f64 / 100.0 + 1e-9));
            prop_assert!(found.percentiles[1] <= found.median && found.median <= found.percentiles[2]);
        }
    }
}
