//! Words of titles that go with more viewers, or with fewer.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::Refused;
use super::broadcasts::Broadcast;
use crate::analysis::Method;
use crate::analysis::bootstrap::{self, Drawings, REPLICATES};
use crate::words::Tier;

/// Broadcasts that the method needs.
pub const BROADCASTS_NEEDED: u32 = 20;
/// A word needs so many broadcasts with it, and as many without it, at times of the week that have both.
pub const WORD_BROADCASTS: u32 = 5;
/// The words that are compared, those in most broadcasts: what is seldom said is not known well.
pub const WORDS_MAX: usize = 200;
/// Times of the week: seven days of six blocks of four hours.
const TIMES: usize = 42;

/// What the comparison is. Version 2 compares words that always stand together as one, version 3 leaves out broadcasts whose
/// start was not seen.
pub const METHOD: Method = Method::new("title-words", 3, Tier::Aggregates);

/// Words, and how viewers differ with them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TitleWords {
    /// The words whose interval leaves 1 out, most viewers first.
    pub words: Vec<TitleWord>,
    /// Words that were compared, those that always stand together as one: one in five would leave 1 out by chance.
    pub compared: u32,
    /// Broadcasts that went into it.
    pub broadcasts: u32,
}

/// A word.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TitleWord {
    /// As written in titles, in small letters; words that are in the very same broadcasts are one, in the order of the title.
    pub word: String,
    /// Broadcasts with it.
    pub broadcasts: u32,
    /// Viewers of broadcasts with it against those without it at the same time of the week: 1.2 is a fifth more.
    pub ratio: f64,
    /// The lower end of its 80 % interval.
    pub from: f64,
    /// The upper end.
    pub to: f64,
}

/// The words that go with more or fewer viewers, of a channel's broadcasts.
///
/// exp of the difference of mean log viewers with and without the word, within each time of the week (weekday and four hours of the
/// start), weighted n₁n₀ / (n₁ + n₀) (Cochran 1954); its interval by bootstrap over broadcasts. It says what goes together, not what makes
/// viewers come: whoever grows over the months has more viewers under the words of late.
/// Errors: fewer than [`BROADCASTS_NEEDED`], or no word that can be compared.
pub fn title_words(broadcasts: &[Broadcast], seed: u64) -> Result<TitleWords, Refused> {
    let have = u32::try_from(broadcasts.len()).unwrap_or(u32::MAX);
    if have < BROADCASTS_NEEDED {
        return Err(Refused::FewBroadcasts { have, need: BROADCASTS_NEEDED });
    }
    let samples: Vec<(usize, f64)> = broadcasts.iter().map(|one| (time_of(one), one.mean_log_viewers)).collect();
    let candidates = candidates(broadcasts, &samples);
    if candidates.is_empty() {
        return Err(Refused::NothingToCompare);
    }
    let compared = candidates.len() as u32;
    let mut drawn_ratios = vec![Vec::with_capacity(REPLICATES); candidates.len()];
    let mut weights = vec![0u32; samples.len()];
    bootstrap::replicates(samples.len(), Drawings::of_seed(seed), |drawn| {
        weights.fill(0);
        for place in drawn {
            weights[*place] += 1;
        }
        let all = Sums::of(&samples, &weights, 0..samples.len());
        for ((_, with), ratios) in candidates.iter().zip(&mut drawn_ratios) {
            ratios.extend(difference(&Sums::of(&samples, &weights, with.iter().copied()), &all));
        }
    });
    weights.fill(1);
    let all = Sums::of(&samples, &weights, 0..samples.len());
    let mut words: Vec<TitleWord> = Vec::new();
    for ((word, with), mut ratios) in candidates.into_iter().zip(drawn_ratios) {
        // Drawings without a broadcast to compare with say nothing; where most are, nothing is sure.
        if ratios.len() * 2 < REPLICATES {
            continue;
        }
        let found = difference(&Sums::of(&samples, &weights, with.iter().copied()), &all);
        let (Some(found), Some(interval)) = (found, bootstrap::interval(&mut ratios)) else { continue };
        if interval.from > 0.0 || interval.to < 0.0 {
            let (ratio, from, to) = (found.exp(), interval.from.exp(), interval.to.exp());
            words.push(TitleWord { word, broadcasts: with.len() as u32, ratio, from, to });
        }
    }
    words.retain(|word| word.ratio.is_finite() && word.to.is_finite());
    words.sort_by(|x, y| y.ratio.total_cmp(&x.ratio).then_with(|| x.word.cmp(&y.word)));
    Ok(TitleWords { words, compared, broadcasts: have })
}

/// The words to compare, each with the places of its broadcasts. A title of three words that is always the same says one thing, not
/// three: words with the same broadcasts are one.
fn candidates(broadcasts: &[Broadcast], samples: &[(usize, f64)]) -> Vec<(String, Vec<usize>)> {
    let mut places: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (place, broadcast) in broadcasts.iter().enumerate() {
        for word in words_of(&broadcast.title) {
            places.entry(word).or_default().push(place);
        }
    }
    let weights = vec![1; samples.len()];
    let all = Sums::of(samples, &weights, 0..samples.len());
    let enough = |(_, with): &(String, Vec<usize>)| {
        let (with, without) = Sums::of(samples, &weights, with.iter().copied()).shared(&all);
        with.min(without) >= WORD_BROADCASTS
    };
    let mut together: BTreeMap<Vec<usize>, BTreeSet<String>> = BTreeMap::new();
    for (word, with) in places.into_iter().filter(enough) {
        together.entry(with).or_default().insert(word);
    }
    let in_order = |(with, mut words): (Vec<usize>, BTreeSet<String>)| {
        // Each word takes its first place in the title.
        let title = with.first().map_or("", |place| &*broadcasts[*place].title);
        let words: Vec<String> = telling_words(title).filter(|word| words.remove(word)).collect();
        (words.join(" "), with)
    };
    let mut words: Vec<(String, Vec<usize>)> = together.into_iter().map(in_order).collect();
    words.sort_by(|x, y| y.1.len().cmp(&x.1.len()).then_with(|| x.0.cmp(&y.0)));
    words.truncate(WORDS_MAX);
    words
}

/// The time of the week in which it began.
fn time_of(broadcast: &Broadcast) -> usize {
    (usize::from(broadcast.weekday) * 6 + usize::from(broadcast.hour) / 4).min(TIMES - 1)
}

/// Broadcasts and Σ log viewers, by time of the week.
struct Sums([(u32, f64); TIMES]);

impl Sums {
    fn of(samples: &[(usize, f64)], weights: &[u32], places: impl Iterator<Item = usize>) -> Sums {
        let mut sums = [(0, 0.0); TIMES];
        for place in places {
            let ((time, log), weight) = (samples[place], weights[place]);
            sums[time].0 += weight;
            sums[time].1 += f64::from(weight) * log;
        }
        Sums(sums)
    }

    /// Broadcasts of these and of the others, at times that have both.
    fn shared(&self, all: &Sums) -> (u32, u32) {
        let both = self.0.iter().zip(&all.0).filter(|((with, _), (all, _))| *with > 0 && all > with);
        both.fold((0, 0), |(ours, others), ((with, _), (all, _))| (ours + with, others + all - with))
    }
}

/// The difference of mean log viewers of some broadcasts and all others; nothing where no time of the week has both.
fn difference(some: &Sums, all: &Sums) -> Option<f64> {
    let (mut sum, mut weight) = (0.0, 0.0);
    for ((with, with_sum), (all, all_sum)) in some.0.iter().zip(&all.0) {
        let without = all - with;
        if *with == 0 || without == 0 {
            continue;
        }
        let (n1, n0) = (f64::from(*with), f64::from(without));
        let share = n1 * n0 / (n1 + n0);
        sum += share * (with_sum / n1 - (all_sum - with_sum) / n0);
        weight += share;
    }
    (weight > 0.0).then(|| sum / weight).filter(|difference| difference.is_finite())
}

/// The words of a title, each once: in small letters, three or more, neither numbers nor addresses nor words that every sentence has.
/// `!commands` keep their mark.
pub fn words_of(title: &str) -> BTreeSet<String> {
    telling_words(title).collect()
}

/// The same, in the title's order and as often as it has them.
fn telling_words(title: &str) -> impl Iterator<Item = String> + '_ {
    let address = |text: &&str| {
        !text.contains("://") && !text.starts_with("www.") && !text.contains(".com") && !text.contains(".tv/")
    };
    let words = title.split_whitespace().filter(address).flat_map(|text| {
        let command = text.starts_with('!');
        let parts = text.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
        parts.enumerate().map(move |(place, part)| {
            let mark = if command && place == 0 { "!" } else { "" };
            format!("{mark}{}", part.to_lowercase())
        })
    });
    let telling = |word: &String| {
        let letters = word.trim_start_matches('!');
        letters.chars().count() >= 3
            && letters.chars().any(char::is_alphabetic)
            && STOP_WORDS.binary_search(&word.as_str()).is_err()
    };
    words.filter(telling)
}

/// French and English words of three letters or more that say nothing alone, sorted.
const STOP_WORDS: &[&str] = &[
    "after", "all", "alors", "and", "any", "are", "aujourd", "aussi", "autre", "aux", "avant", "avec", "avoir", "back",
    "been", "before", "but", "can", "car", "ces", "cette", "chez", "comme", "dans", "des", "did", "does", "don",
    "donc", "elle", "elles", "encore", "est", "etre", "for", "from", "get", "got", "had", "has", "have", "her", "here",
    "his", "how", "hui", "ici", "ils", "into", "its", "jusqu", "just", "les", "leur", "like", "live", "lui", "mais",
    "mes", "moi", "mon", "more", "nos", "not", "notre", "nous", "off", "one", "ont", "our", "out", "over", "par",
    "pas", "peu", "plus", "pour", "puis", "quand", "que", "qui", "quoi", "sans", "ses", "she", "son", "sont", "sous",
    "stream", "sur", "tes", "that", "the", "their", "them", "then", "there", "they", "this", "toi", "ton", "toujours",
    "tous", "tout", "toute", "toutes", "très", "une", "vers", "very", "vos", "votre", "vous", "was", "were", "what",
    "when", "who", "will", "with", "you", "your", "être",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::bootstrap::Chance;
    use crate::slot::{SlotTime, Span};
    use crate::statistics::channel::tests::day;

    fn broadcast(n: u8, title: &str, log: f64) -> Broadcast {
        let at = SlotTime::at(day("2026-11-22"), 0);
        let span = Span { from: at, to: at + 24 };
        Broadcast {
            span,
            title: title.into(),
            weekday: n % 7,
            hour: if n.is_multiple_of(2) { 20 } else { 9 },
            mean_log_viewers: log,
        }
    }

    #[test]
    fn stop_words_are_sorted() {
        let mut sorted = STOP_WORDS.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted, STOP_WORDS);
    }

    #[test]
    fn titles_are_cut_into_words() {
        let found =
            words_of("🔴 SOIRÉE Horreur avec l'équipe | DAY 3/30 | !Discord !vpn https://a.fr/horror the 2026 x");
        assert_eq!(found.into_iter().collect::<Vec<_>>(), ["!discord", "!vpn", "day", "horreur", "soirée", "équipe"]);
        assert_eq!(words_of("").len(), 0);
    }

    /// A word with half as many viewers more, one that is only said in the evening when there are four times as many, one that
    /// changes nothing.
    #[test]
    fn the_time_of_the_week_is_taken_out() {
        let mut chance = Chance::new(5);
        let broadcasts: Vec<Broadcast> = (0..168u8)
            .map(|n| {
                let evening = n.is_multiple_of(2);
                let (horror, noise) = (chance.below(3) == 0, chance.below(2_000) as f64 / 10_000.0 - 0.1);
                let mut title = String::from(if evening && chance.below(2) == 0 { "apéro " } else { "" });
                title += if horror { "horreur " } else { "" };
                title += if chance.below(2) == 0 { "papote" } else { "" };
                let log = 6.0 + if evening { 4f64.ln() } else { 0.0 } + if horror { 1.5f64.ln() } else { 0.0 } + noise;
                broadcast(n, &title, log)
            })
            .collect();
        let found = title_words(&broadcasts, 1).unwrap();
        assert_eq!((found.compared, found.broadcasts), (3, 168));
        let horror = &found.words[0];
        assert_eq!(horror.word, "horreur");
        assert!(
            (horror.ratio - 1.5).abs() < 0.1 && horror.from < horror.ratio && horror.ratio < horror.to,
            "{horror:?}"
        );
        for word in &found.words[1..] {
            assert!((0.85..1.15).contains(&word.ratio), "{word:?}");
        }
        assert_eq!(title_words(&broadcasts, 1), title_words(&broadcasts, 1));
    }

    #[test]
    fn words_that_always_stand_together_are_one() {
        let titles = ["Soirée horreur du vendredi", "papote", "Soirée horreur du vendredi soirée", "papote tranquille"];
        let broadcasts: Vec<Broadcast> = (0..56u8)
            .map(|n| {
                let title = titles[usize::from(n / 14) % titles.len()];
                broadcast(n, title, if title.contains("horreur") { 7.0 } else { 6.0 })
            })
            .collect();
        let found = title_words(&broadcasts, 1).unwrap();
        let words: Vec<&str> = found.words.iter().map(|word| &*word.word).collect();
        assert_eq!((words[0], words.last().copied(), found.compared), ("soirée horreur vendredi", Some("papote"), 3));
    }

    /// Of words that change nothing, about one in five leaves 1 out: what an 80 % interval says.
    #[test]
    fn intervals_hold_the_truth_about_as_often_as_they_say() {
        let mut chance = Chance::new(11);
        let (mut compared, mut told) = (0, 0);
        for round in 0..40 {
            let broadcasts: Vec<Broadcast> = (0..90u8)
                .map(|n| {
                    let words = ["un1 ", "deux ", "trois ", "quatre ", "cinq ", "sept "].into_iter();
                    let title: String = words.filter(|_| chance.below(3) == 0).collect();
                    let noise: f64 = (0..4).map(|_| chance.below(1_000) as f64 / 1_000.0 - 0.5).sum();
                    broadcast(n, &title, 5.0 + noise)
                })
                .collect();
            let found = title_words(&broadcasts, round).unwrap();
            compared += found.compared;
            told += found.words.len() as u32;
        }
        let share = f64::from(told) / f64::from(compared);
        assert!(compared == 240 && (0.12..0.34).contains(&share), "{told} of {compared}");
    }

    #[test]
    fn too_few_or_all_alike_is_refused() {
        let few: Vec<Broadcast> = (0..19).map(|n| broadcast(n, "horreur", 5.0)).collect();
        assert_eq!(title_words(&few, 0), Err(Refused::FewBroadcasts { have: 19, need: 20 }));
        let alike: Vec<Broadcast> = (0..60).map(|n| broadcast(n, "horreur", 5.0)).collect();
        assert_eq!(title_words(&alike, 0), Err(Refused::NothingToCompare));
    }
}
