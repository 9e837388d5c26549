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

/// A run of columns two units wide, through their middles; a single one across its column, or it would not show.
pub(crate) fn centred(run: &[(u32, u64)]) -> Vec<(u32, u64)> {
    match run {
        [(at, value)] => vec![(at * 2, *value), (at * 2 + 2, *value)],
        run => run.iter().map(|(at, value)| (at * 2 + 1, *value)).collect(),
    }
}

/// A run held to the end of its last slot: a sample stands for its slot, and a single one would not show.
pub(crate) fn held(run: &[(u32, u64)]) -> Vec<(u32, u64)> {
    let mut points = run.to_vec();
    points.extend(run.last().map(|(at, value)| (at + 1, *value)));
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_never_crosses_what_is_not_known() {
        let runs = present(&[Some(1), None, Some(3), Some(4), Some(5)], 4);
        assert_eq!(runs, [vec![(0, 1)], vec![(2, 3), (3, 4)]]);
        assert_eq!(held(&runs[0]), [(0, 1), (1, 1)]);
        assert_eq!(centred(&runs[0]), [(0, 1), (2, 1)]);
        assert_eq!(centred(&runs[1]), [(5, 3), (7, 4)]);
    }
}
