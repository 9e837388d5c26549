//! How time and memory grow with the day.

use simulator::world::Population;

use crate::day::BenchmarkDay;
use crate::table::{Table, of};
use crate::watch::Run;
use crate::{Failure, number, ours};

/// Observations of one viewer of a crowd, about: what turns a size into a population.
const OBSERVATIONS_A_VIEWER: f64 = 25.2;

/// Days of the sizes in SIZES, each several times; each is removed before the next is written.
pub(crate) fn growth() -> Result<(), Failure> {
    let sizes = std::env::var("SIZES").unwrap_or_else(|_| "10,40,100,200".to_owned());
    let (rounds, channels) = (number("ROUNDS", 5)?, number("CHANNELS", 2_000)?);
    let (mut table, mut points) = (Table::default(), Vec::new());
    for size in sizes.split(',') {
        let millions: f64 = size.trim().parse()?;
        let viewers = (millions * 1e6 / OBSERVATIONS_A_VIEWER).round() as u32;
        let day = BenchmarkDay::of(Population { viewers, channels })?;
        let runs: Result<Vec<Run>, Failure> = (0..rounds).map(|_| ours::run(&day, None)).collect();
        std::fs::remove_dir_all(&day.folder)?;
        let runs = runs?;
        let point = Point {
            observations: day.statistics.observations as f64 / 1e6,
            cpu_seconds: of(&runs, |run| run.cpu_seconds),
            anonymous: of(&runs, |run| run.peak.anonymous as f64) / 1e6,
        };
        // All sizes take long: what is known is told.
        println!("medians of {rounds}: {:.2} s of CPU, {:.0} MB\n", point.cpu_seconds, point.anonymous);
        points.push(point);
        table.add(format!("{:.1} M observations", day.statistics.observations as f64 / 1e6), runs);
    }
    table.print();
    tell(&points);
    Ok(())
}

/// One size, as medians.
struct Point {
    /// Millions.
    observations: f64,
    cpu_seconds: f64,
    /// Megabytes.
    anonymous: f64,
}

fn tell(points: &[Point]) {
    for (what, unit, value) in [
        ("CPU", "s", (|point: &Point| point.cpu_seconds) as fn(&Point) -> f64),
        ("anonymous memory", "MB", |point| point.anonymous),
    ] {
        let line = Line::through(points, value);
        let off = points.iter().map(|point| (value(point) / line.at(point.observations) - 1.0).abs());
        let all: Vec<f64> = points.iter().map(value).collect();
        let (least, most) = (all.iter().copied().fold(f64::MAX, f64::min), all.iter().copied().fold(0.0, f64::max));
        println!(
            "{what}: {:.2} {unit} + {:.4} {unit} a million observations; off that line by {:.1} % at most; \
             {least:.1} to {most:.1} {unit}, a factor of {:.2}",
            line.base,
            line.slope,
            100.0 * off.fold(0.0, f64::max),
            most / least
        );
    }
}

/// A straight line over observations.
struct Line {
    base: f64,
    slope: f64,
}

impl Line {
    /// The least-squares line. Source: any textbook's linear regression.
    fn through(points: &[Point], value: fn(&Point) -> f64) -> Line {
        let n = points.len() as f64;
        let mean = |of: &dyn Fn(&Point) -> f64| points.iter().map(of).sum::<f64>() / n;
        let (x, y) = (mean(&|point| point.observations), mean(&value));
        let spread = mean(&|point| (point.observations - x).powi(2));
        let together = mean(&|point| (point.observations - x) * (value(point) - y));
        let slope = if spread > 0.0 { together / spread } else { 0.0 };
        Line { base: y - slope * x, slope }
    }

    fn at(&self, observations: f64) -> f64 {
        self.base + self.slope * observations
    }
}
