//! How far two profiles of the day are apart, round the clock.

use super::grid::HOURS;

/// The most that two profiles can be apart, in hours: half of the clock.
pub const FARTHEST: f64 = HOURS as f64 / 2.0;

/// The circular earth mover's distance of two profiles over the hours of the day, in hours, 0–12: how far presence has to be moved on
/// the clock, on average, to make one of the other. Both count as shares of their sums. Nothing where a profile is empty, or
/// holds what is no finite number or less than nothing.
///
/// Σ |D_h − median D| of the cumulated differences D. Source: Werman, Peleg, Melter, Kong 1986; Rabin, Delon, Gousseau 2009.
pub fn distance(one: &[f64; HOURS], other: &[f64; HOURS]) -> Option<f64> {
    Some(moved(&shares(one)?, &shares(other)?))
}

/// A profile that sums to 1; nothing where it is none.
pub(super) fn shares(profile: &[f64; HOURS]) -> Option<[f64; HOURS]> {
    let largest = profile.iter().copied().fold(0.0, f64::max);
    if profile.iter().any(|value| !value.is_finite() || *value < 0.0) || largest <= 0.0 {
        return None;
    }
    // Of the largest, so that neither the largest of numbers nor the smallest leave a sum that is none.
    let scaled = profile.map(|value| value / largest);
    let sum: f64 = scaled.iter().sum();
    Some(scaled.map(|value| value / sum))
}

/// As [`distance`], of two that sum to 1.
pub(super) fn moved(one: &[f64; HOURS], other: &[f64; HOURS]) -> f64 {
    let mut sum = 0.0;
    let mut cumulated = [0.0; HOURS];
    for (place, (a, b)) in cumulated.iter_mut().zip(one.iter().zip(other)) {
        sum += a - b;
        *place = sum;
    }
    // Between the two middle ones all are as good.
    let median = *cumulated.select_nth_unstable_by(HOURS / 2, f64::total_cmp).1;
    cumulated.iter().map(|place| (place - median).abs()).sum::<f64>().min(FARTHEST)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn profile() -> impl Strategy<Value = [f64; HOURS]> {
        proptest::array::uniform24(0.0..1.0f64)
    }

    fn turned(profile: &[f64; HOURS], by: usize) -> [f64; HOURS] {
        std::array::from_fn(|hour| profile[(hour + by) % HOURS])
    }

    #[test]
    fn one_hour_is_moved_the_shorter_way() {
        let at = |hour: usize| std::array::from_fn(|place| f64::from(u8::from(place == hour)));
        let found = [(20, 23), (23, 2), (6, 18), (5, 5)].map(|(a, b)| distance(&at(a), &at(b)).unwrap());
        assert_eq!(found, [3.0, 3.0, 12.0, 0.0]);
        let nothing = [0.0; HOURS];
        assert_eq!(distance(&at(3), &nothing), None);
        assert_eq!(distance(&[f64::NAN; HOURS], &at(3)), None);
        assert_eq!(distance(&[-1.0; HOURS], &at(3)), None);
        // The sums of both are no numbers.
        assert!(distance(&[f64::MAX; HOURS], &[f64::MIN_POSITIVE; HOURS]).unwrap() < 1e-9);
    }

    proptest! {
        #[test]
        fn it_is_a_distance(a in profile(), b in profile(), c in profile(), factor in 0.01..100.0f64, by in 0usize..24) {
            let of = |a: &[f64; HOURS], b: &[f64; HOURS]| distance(a, b).unwrap();
            prop_assert!((of(&a, &b) - of(&b, &a)).abs() < 1e-9);
            prop_assert!(of(&a, &c) <= of(&a, &b) + of(&b, &c) + 1e-9);
            // Nothing is moved exactly where both are the same shares.
            prop_assert!(of(&a, &a.map(|value| value * factor)) < 1e-9);
            let apart = shares(&a).unwrap().iter().zip(shares(&b).unwrap()).any(|(a, b)| (a - b).abs() > 1e-6);
            prop_assert!(!apart || of(&a, &b) > 1e-7);
            // Wherever the day is said to begin.
            prop_assert!((of(&a, &b) - of(&turned(&a, by), &turned(&b, by))).abs() < 1e-9);
            prop_assert!(of(&a, &turned(&a, by)) <= by.min(HOURS - by) as f64 + 1e-9);
        }
    }
}
