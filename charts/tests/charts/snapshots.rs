//! Every chart as it is written: look at a change in a browser before accepting it.

use charts::ink::Ink;
use charts::picture::Caption;
use charts::{coverage_calendar, ribbons};

use crate::fixtures;
use crate::xml::{assert_within, elements, parse};

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

#[test]
fn a_picture_stands_alone() {
    let legend = [(Ink::Bar, "in the <chat> list".to_owned()), (Ink::Unknown, "not observed".to_owned())];
    let caption =
        Caption { finding: "Seen at night & at noon", sub: "Five-minute samples", legend: &legend, source: "Vigie" };
    for (name, scene) in [
        ("picture_ribbons", ribbons::ribbons("day", &fixtures::person::noctule())),
        ("picture_calendar", coverage_calendar::coverage_calendar("cov", &fixtures::site::half_year())),
    ] {
        let picture = scene.to_picture(&caption);
        let document = parse(&picture);
        for attribute in elements(&document).flat_map(|node| node.attributes()) {
            assert_ne!(attribute.name(), "class", "{name} needs a style sheet");
            assert!(!attribute.value().contains(['%']), "{name} needs a page: {}", attribute.value());
        }
        for text in ["Seen at night & at noon", "in the <chat> list", "Vigie"] {
            assert!(elements(&document).any(|node| node.text() == Some(text)), "{name} lacks {text}");
        }
        insta::assert_snapshot!(name, picture);
    }
}
