//! Every chart as it is written: look at a change in a browser before accepting it.

use crate::fixtures;
use crate::xml::assert_within;

#[test]
fn every_chart_is_written_as_reviewed() {
    for (name, svg) in fixtures::all() {
        assert_within(&svg);
        insta::assert_snapshot!(name, svg);
    }
}

#[test]
fn the_same_data_makes_the_same_bytes() {
    assert_eq!(fixtures::all(), fixtures::all());
}

#[test]
fn a_chart_of_288_points_is_at_most_4_kb() {
    for (name, svg) in fixtures::all() {
        if matches!(name, "audience" | "audience_marathon" | "over_day" | "broadcasts" | "ribbons" | "ribbons_25_hours")
        {
            assert!(svg.len() <= 4_096, "{name}: {} bytes", svg.len());
        }
    }
}
