//! Yes and no against the truth.

use serde::{Deserialize, Serialize};

use super::share::Share;

/// What a detection is worth.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Detection {
    /// Said and so.
    pub hits: u32,
    /// Said, and not so.
    pub false_alarms: u32,
    /// Not said, and so.
    pub misses: u32,
    /// Not said, and not so.
    pub rightly_not: u32,
    /// Of those it was said of, those of whom it is so.
    pub precision: Option<Share>,
    /// Of those of whom it is so, those it was said of.
    pub recall: Option<Share>,
    /// The chance that somebody of whom it is so has a higher score than somebody of whom it is not, ties half: the area under the curve of
    /// Hanley and McNeil 1982. Nothing where all are alike.
    pub auc: Option<f64>,
}

impl Detection {
    /// Of (score, said, truth); scores that are no numbers count as said or not, and in no area.
    pub fn of(all: &[(f64, bool, bool)]) -> Detection {
        let count = |said: bool, truth: bool| all.iter().filter(|(_, s, t)| (*s, *t) == (said, truth)).count() as u32;
        let (hits, false_alarms) = (count(true, true), count(true, false));
        let (misses, rightly_not) = (count(false, true), count(false, false));
        Detection {
            hits,
            false_alarms,
            misses,
            rightly_not,
            precision: Share::new(hits, hits + false_alarms),
            recall: Share::new(hits, hits + misses),
            auc: area(all.iter().filter(|(score, ..)| score.is_finite()).map(|(score, _, truth)| (*score, *truth))),
        }
    }
}

/// By ranks: Mann and Whitney's U over the number of pairs.
fn area(all: impl Iterator<Item = (f64, bool)>) -> Option<f64> {
    let mut all: Vec<(f64, bool)> = all.collect();
    all.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let (mut below, mut pairs) = (0.0, 0.0);
    for equals in all.chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq()) {
        let so = equals.iter().filter(|(_, truth)| *truth).count() as f64;
        let not = equals.len() as f64 - so;
        pairs += so * (below + not / 2.0);
        below += not;
    }
    let so = all.iter().filter(|(_, truth)| *truth).count() as f64;
    (so > 0.0 && below > 0.0).then(|| pairs / (so * below))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn detections_are_counted_and_ranked() {
        let all = [(0.9, true, true), (0.4, false, true), (0.4, false, false), (0.1, false, false), (0.8, true, false)];
        let found = Detection::of(&all);
        assert_eq!((found.hits, found.false_alarms, found.misses, found.rightly_not), (1, 1, 1, 2));
        assert_eq!((found.precision.unwrap().share, found.recall.unwrap().share), (0.5, 0.5));
        // 0.9 is above all three; 0.4 above one, and level with one: 4.5 of 6.
        assert_eq!(found.auc, Some(0.75));
        assert_eq!(Detection::of(&[(0.5, true, true)]).auc, None);
        assert_eq!(Detection::of(&[]).precision, None);
    }
}
