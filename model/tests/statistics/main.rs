//! Distributions beside those of numpy: `make_golden.py` made them.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use model::statistics::concentration::concentration;
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    amounts: Vec<f64>,
    median: f64,
    percentiles: Vec<f64>,
    gini: f64,
    lorenz: Vec<f64>,
}

#[test]
fn distributions_are_those_of_numpy() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("golden.json")).unwrap();
    assert_eq!(cases.len(), 5);
    for case in cases {
        let found = concentration(&case.amounts).unwrap();
        let close = |ours: f64, theirs: f64| (ours - theirs).abs() <= 1e-9 * theirs.abs().max(1.0);
        assert!(close(found.median, case.median) && close(found.gini, case.gini), "{found:?}");
        assert!(
            found.percentiles.iter().zip(&case.percentiles).all(|(ours, theirs)| close(*ours, *theirs)),
            "{found:?}"
        );
        assert_eq!(found.lorenz.len(), case.lorenz.len());
        assert!(
            found.lorenz.iter().zip(&case.lorenz).all(|(ours, theirs)| close(*ours, *theirs)),
            "{:?}",
            found.lorenz
        );
    }
}
