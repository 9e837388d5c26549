//! A validation as tables for people.

use std::fmt::{self, Display, Formatter};

use model::validation::score::{GroupScore, Measure, QuantityScore};
use model::validation::share::Share;

use super::report::{Facts, FamilyReport, InferenceReport, Report};

/// Groups told of a quantity: those of whom it fails most often.
const WORST: usize = 4;
/// A group of fewer readings is not told here; JSON has all.
const GROUP_LEAST: u32 = 10;

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Report { seed, people, channels, from, until, level, families, .. } = self;
        writeln!(
            f,
            "{people} people and {channels} channels of seed {seed}, {from} to {}; intervals promise {:.0} %",
            until.plus(-1),
            level * 100.0
        )?;
        families.iter().try_for_each(|family| write!(f, "\n{family}"))
    }
}

impl Display for FamilyReport {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Facts { accounts, seen, observations, zones, known, active_days, .. } = &self.facts;
        writeln!(
            f,
            "FAMILY {:?}: {accounts} accounts in {zones} zones, {seen} seen; {observations} observations",
            self.family
        )?;
        if let (Some(known), Some(active)) = (known, active_days) {
            writeln!(
                f,
                "half of them are known for {:.0} % of their time or more, and were there on {:.0} days or more",
                known.median * 100.0,
                active.median
            )?;
        }
        self.inferences.iter().try_for_each(|inference| write!(f, "\n{inference}"))
    }
}

impl Display for InferenceReport {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let score = &self.score;
        write!(f, "{}: asked about {}, no answer {}", self.id, score.asked, Percent(score.refused))?;
        let reasons: Vec<String> =
            score.reasons.iter().map(|reason| format!("{} {}", reason.reason, reason.count)).collect();
        writeln!(f, "{}", if reasons.is_empty() { String::new() } else { format!(": {}", reasons.join(", ")) })?;
        if let Some(others) = score.answered_without_truth {
            writeln!(f, "  answered about {} of {} that have no truth for it", others.count, others.of)?;
        }
        score.quantities.iter().try_for_each(|quantity| write!(f, "{}", Line(quantity)))
    }
}

struct Line<'a>(&'a QuantityScore);

impl Display for Line<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let QuantityScore { quantity, measure, groups } = self.0;
        write!(f, "  {:<14}", quantity.id)?;
        let unit = quantity.unit;
        match measure {
            Measure::Number { errors, intervals } => {
                write!(
                    f,
                    " n {:>5}  error median {:>5.2} mean {:>5.2} 90 % {:>5.2} {unit}, bias {:>+5.2}",
                    errors.count, errors.median, errors.mean, errors.p90, errors.bias
                )?;
                if let Some(intervals) = intervals {
                    write!(
                        f,
                        "; intervals hold {}, {:.2} {unit} wide",
                        Percent(Some(intervals.coverage)),
                        intervals.mean_width
                    )?;
                }
            }
            Measure::Detection(found) => {
                let auc = found.auc.map_or("–".to_owned(), |auc| format!("{auc:.3}"));
                write!(f, " precision {}, recall {}, area {auc}", Percent(found.precision), Percent(found.recall))?;
            }
            Measure::Right { right } => write!(f, " right {}", Percent(Some(*right)))?,
            Measure::Reliability(found) => {
                write!(f, " Brier {:.3}, off by {:.3} in the mean:", found.brier, found.calibration_error)?;
                for bin in &found.bins {
                    write!(f, " {:.2}→{:.2} ({})", bin.claimed, bin.held.share, bin.held.of)?;
                }
            }
            Measure::Ranks { recall } => {
                for found in recall {
                    write!(
                        f,
                        " of {}: first {}, of ten {};",
                        found.among,
                        Percent(Some(found.at_1)),
                        Percent(Some(found.at_10))
                    )?;
                }
            }
            Measure::Spread(found) => write!(
                f,
                " n {:>5}  10 % {:.3}, median {:.3}, 90 % {:.3} {unit}",
                found.count, found.p10, found.median, found.p90
            )?,
        }
        writeln!(f)?;
        let failing = |group: &&GroupScore| group.failed.count > 0 && group.failed.of >= GROUP_LEAST;
        let worst: Vec<String> = groups
            .iter()
            .filter(failing)
            .take(WORST)
            .map(|group| format!("{} {} of {}", group.group, group.failed.count, group.failed.of))
            .collect();
        if !worst.is_empty() {
            writeln!(f, "    fails most of: {}", worst.join(", "))?;
        }
        Ok(())
    }
}

/// `81.2 % (79.9–82.4)`: a share and its 95 % interval.
struct Percent(Option<Share>);

impl Display for Percent {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Some(Share { share, from, to, .. }) = self.0 else { return f.write_str("–") };
        write!(f, "{:.1} % ({:.1}–{:.1})", share * 100.0, from * 100.0, to * 100.0)
    }
}
