//! Runs of known values: a line is drawn through each, never across what lies between.

use crate::stretch::stretches;

/// The maximal runs of known values before `end`, as points.
pub(crate) fn present(values: &[Option<u64>], end: u32) -> Vec<Vec<(u32, u64)>> {
    let values = &values[..values.len().min(end as usize)];
    stretches(values, Option::is_some)
        .into_iter()
        .map(|run| (run.from..run.to).filter_map(|at| Some((at, values[at as usize]?))).collect())
        .collect()
}

/// A run held to the end of its last slot: a sample stands for its slot, and a single one would not show.
pub(crate) fn held(run: &[(u32, u64)]) -> Vec<(u32, u64)> {
    let mut points = run.to_vec();
    points.extend(run.last().map(|(at, value)| (at + 1, *value)));
    points
}
