//! Leaving out the points of a line that do not show.

/// How much of a line is kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Detail {
    /// How far a point may lie from the line that remains, in halves of a pixel.
    pub(crate) tolerance: i32,
    /// How many points at most; the tolerance grows until no more are left.
    pub(crate) points: usize,
}

/// Indices of the points to keep, in order. The x of the points must not shrink.
pub(crate) fn simplify(points: &[(i32, i32)], detail: Detail) -> Vec<usize> {
    let mut tolerance = detail.tolerance.max(0);
    loop {
        let kept = within(points, tolerance);
        // Two points are left at some tolerance, as heights are bounded.
        if kept.len() <= detail.points.max(2) || tolerance > i32::MAX / 2 {
            return kept;
        }
        tolerance += tolerance / 2 + 1;
    }
}

/// The points without which none lies more than half of `tolerance` px above or below the line that remains.
/// Source: Douglas and Peucker 1973, with vertical distances.
fn within(points: &[(i32, i32)], tolerance: i32) -> Vec<usize> {
    let Some(last) = points.len().checked_sub(1) else { return Vec::new() };
    let mut keep = vec![false; points.len()];
    keep[0] = true;
    keep[last] = true;
    let mut open = vec![(0, last)];
    while let Some((from, to)) = open.pop() {
        let (a, b) = (points[from], points[to]);
        let (dx, dy) = (i64::from(b.0 - a.0), i64::from(b.1 - a.1));
        // Twice the distance times dx, so that all stays whole. An upright piece keeps what lies off its ends.
        let off = |n: &usize| {
            let p = points[*n];
            (2 * (i64::from(p.1 - a.1) * dx.max(1) - i64::from(p.0 - a.0) * dy)).abs()
        };
        let farthest = (from + 1..to).max_by_key(|n| (off(n), std::cmp::Reverse(*n)));
        if let Some(farthest) = farthest.filter(|n| off(n) > i64::from(tolerance) * dx.max(1)) {
            keep[farthest] = true;
            open.push((from, farthest));
            open.push((farthest, to));
        }
    }
    (0..points.len()).filter(|n| keep[*n]).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn points_on_the_way_are_left_out() {
        assert_eq!(within(&[(0, 0), (1, 1), (2, 2), (3, 9)], 1), [0, 2, 3]);
        assert_eq!(within(&[], 1), Vec::<usize>::new());
        assert_eq!(within(&[(4, 4)], 1), [0]);
    }

    #[test]
    fn noise_is_thinned_to_the_bound() {
        let points: Vec<(i32, i32)> = (0..288).map(|x| (x, x * 7_919 % 211)).collect();
        let kept = simplify(&points, Detail { tolerance: 1, points: 80 });
        assert!((40..=80).contains(&kept.len()), "{}", kept.len());
        assert_eq!((kept[0], *kept.last().unwrap()), (0, 287));
    }

    proptest! {
        #[test]
        fn no_point_moves_more_than_half_the_tolerance(ys in prop::collection::vec(0..300i32, 2..200), tolerance in 0..4i32) {
            let points: Vec<(i32, i32)> = (0..).zip(ys).collect();
            let kept = within(&points, tolerance);
            for pair in kept.windows(2) {
                let (a, b) = (points[pair[0]], points[pair[1]]);
                for p in &points[pair[0]..=pair[1]] {
                    let on_line = f64::from(a.1) + f64::from(b.1 - a.1) * f64::from(p.0 - a.0) / f64::from(b.0 - a.0);
                    prop_assert!((f64::from(p.1) - on_line).abs() <= f64::from(tolerance) / 2.0 + 1e-9);
                }
            }
        }
    }
}
